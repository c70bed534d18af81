"""How fast quotes are checked, and how the time grows with the text.  Prints rates and ratios, and judges nothing."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from ogx_rdf.quotes import Quote, check_quotes

REPORT = Path(__file__).resolve().parent.parent / "data" / "quotes" / "trial.md"
DOCUMENTS, QUOTES = 100, 100
HOSTILE: dict[str, Callable[[int], tuple[str, str]]] = {
    "one letter": lambda n: ("a" * n, "a" * (n // 50)),
    "one word": lambda n: ("ab " * n, "ab cd " * (n // 50)),
    "hyphens at line ends": lambda n: ("a-\n" * n, "a-\n" * (n // 50) + "b"),
    "marks": lambda n: ("*a" * n, "*a" * (n // 50)),
    "numbers cut": lambda n: ("1.5 " * n, "5"),
    "negations in a gap": lambda n: ("b " + "not " * n + "c", "b … c"),
    "ellipses": lambda n: ("a … " * (n // 10), "a … " * (n // 200) + "zz"),
}


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def documents() -> tuple[dict[str, str], list[Quote]]:
    """Documents of 60,000 characters that differ in the order of their paragraphs, and spans of each."""
    rng = random.Random(1)
    paragraphs = REPORT.read_text(encoding="utf-8").split("\n\n") * 3
    texts, quotes = {}, []
    for number in range(DOCUMENTS):
        rng.shuffle(paragraphs)
        text = "\n\n".join(paragraphs).replace("elorin", f"elorin{number}")[:60_000]
        spans = [match.span() for match in re.finditer(r"\S+", text)]
        texts[str(number)] = text
        for each in range(QUOTES):
            at = rng.randrange(len(spans) - 30)
            quote = text[spans[at][0] : spans[at + rng.randrange(4, 30)][1]]
            quotes.append(Quote(quote, f"{number}-{each}", text=str(number)))
    return texts, quotes


def hostile(made: Callable[[int], tuple[str, str]], size: int) -> float:
    """How long one quote takes that was made to take long."""
    text, quote = made(size)
    return seconds(lambda: check_quotes(text, [quote]))


def main() -> None:
    """Print the rates, then the growth."""
    texts, quotes = documents()
    false = [replace(quote, quote=quote.quote.replace(" ", " x ", 2)) for quote in quotes]
    print(f"{len(quotes)} quotes, {len(texts)} documents, {sum(map(len, texts.values())):,} characters")
    for name, asked in (("as they stand", quotes), ("each with two words too many", false)):
        taken = seconds(partial(check_quotes, texts, asked))
        print(f"{name:32} {taken:6.1f} s {len(asked) / taken:8.0f} quotes/s")
    print("\ntime of a text four times as long, over that of the shorter (4 is linear, 16 quadratic)")
    for name, made in HOSTILE.items():
        small, large = hostile(made, 20_000), hostile(made, 80_000)
        print(f"{name:32} {large / max(small, 1e-6):6.1f}   ({large:.2f} s)")


if __name__ == "__main__":
    main()
