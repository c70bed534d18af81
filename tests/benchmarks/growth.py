"""How the time of cutting a text and of each stored query grows when the input grows fourfold.

About 4 is linear; towards 16 it is quadratic.  Prints a ratio a line, the worst first, and judges nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from ogx_rdf.corpus import open_corpus
from ogx_rdf.documents.segment import segment
from ogx_rdf.model import Iri, Term
from ogx_rdf.oxi import Dataset
from ogx_rdf.queries import catalogue
from ogx_rdf.queries.run import bind
from ogx_rdf.resources import resource

PIECES = ("It acts.[8] ", "[1]" * 5, "^{[1]", "a.b.", "([{", "| cell\t", "\n- 1. x", "e.g. ", "https://x.y/", "*a* ")
COPIES = (5, 20)


def seconds(work: Callable[[], object]) -> float:
    """The better of two runs."""
    best = float("inf")
    for _ in range(2):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def growth(small: Callable[[], object], large: Callable[[], object]) -> float:
    """Time of the large work over time of the small."""
    return seconds(large) / max(seconds(small), 1e-6)


def copies(lines: str, count: int) -> Dataset:
    """The shipped corpus several times over, each copy with claims and documents of its own."""
    dataset = Dataset()
    for number in range(count):
        dataset.bulk(re.sub(r"(/c/|/doc/)(?=\w)", rf"\g<1>x{number}-", lines).encode())
    return dataset


def copied(term: Term) -> Term:
    """The term in the first copy."""
    return Iri(re.sub(r"(/c/|/doc/)(?=\w)", r"\g<1>x0-", term)) if isinstance(term, Iri) else term


def main() -> None:
    """Print the table."""
    corpus = open_corpus(resource("ontology"))
    rows = []
    for piece in PIECES:
        text = piece * (20_000 // len(piece))
        rows.append((growth(lambda t=text: segment(t), lambda t=text * 4: segment(t)), f"cut {piece!r}"))  # type: ignore[misc]
    lines = corpus.dataset.nquads()
    small, large = (copies(lines, count) for count in COPIES)
    for query in catalogue(corpus).values():
        bound = {name: copied(term) for name, term in bind(corpus, query, query.example).items()}
        ask = [lambda d=d, q=query, b=bound: d.select(q.text, b, q.file) for d in (small, large)]
        rows.append((growth(*ask), f"query {query.id}"))
    print(f"{'work':48}{'fourfold input takes':>22}")
    for ratio, what in sorted(rows, reverse=True):
        print(f"{what:48}{ratio:20.1f} x")


if __name__ == "__main__":
    main()
