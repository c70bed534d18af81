"""The text nearest to a quote that is not there, and the first character that differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Nearest", "likeness", "nearest", "short"]

WINDOW = 4000
"""Longer passages and quotes are compared by their first part: matching is quadratic."""

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\[[^\]\s]*\]|\w+(?:[-.,'\u2019/]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Nearest:
    """A place in a text like a quote.

    :param start: where it begins, in code points of the text
    :param text: as many characters as the quote has
    :param character: the first that differs, counted from 1
    :param theirs: the word of the text at that character
    :param ours: the word of the quote there
    """

    start: int
    text: str
    character: int
    theirs: str
    ours: str

    @property
    def difference(self) -> str:
        """The two words, the text's first, as messages show them."""
        return f'"{self.theirs}" / "{self.ours}"'


def short(text: str) -> str:
    """At most 60 characters of a text, as messages show it."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def _blocks(text: str, quote: str) -> list[tuple[int, int, int]]:
    matcher = SequenceMatcher(None, text[:WINDOW], quote[:WINDOW], autojunk=False)
    return [(a, b, size) for a, b, size in matcher.get_matching_blocks() if size]


def likeness(text: str, quote: str) -> float:
    """How much of a quote stands in a text in runs of at least four characters, from 0 to 1."""
    runs = sum(size for _, _, size in _blocks(text, quote) if size >= min(4, len(quote)))
    return runs / max(1, min(len(quote), WINDOW))


def _word_at(text: str, place: int) -> str:
    """The word, number or bracket in which a place lies, else the one that ends there."""
    start = max(0, place - 80)
    found = [(m.start() + start, m.end() + start, m.group()) for m in _TOKEN.finditer(text[start : place + 80])]
    around = [word for begin, end, word in found if begin <= place < end]
    return next(iter([*around, *(word for _, end, word in found if end == place)]), "")


def _compare(text: str, start: int, stop: int, quote: str) -> Nearest:
    found = text[start : min(stop, start + len(quote))]
    same = next((i for i, (a, b) in enumerate(zip(found, quote, strict=False)) if a != b), min(len(found), len(quote)))
    return Nearest(start, found, same + 1, _word_at(text[start:stop], same), _word_at(quote, same))


def _closest(text: str, quote: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The span that shares most words with the quote; for equal numbers the shorter, then the first."""
    wanted = set(_WORD.findall(quote.lower()))

    def shared(span: tuple[int, int]) -> tuple[int, int]:
        return len(wanted & set(_WORD.findall(text[span[0] : span[1]].lower()))), span[0] - span[1]

    return max(spans, key=shared)


def nearest(
    text: str, quote: str, spans: Sequence[tuple[int, int]], expected: tuple[int, int] | None = None
) -> Nearest | None:
    """Find the place nearest to a quote: in the expected span if that is at all like it, else in the closest span.

    :param spans: the passages of the text
    :param expected: the passage that the quote is said to come from
    """
    if expected is None or likeness(text[slice(*expected)], quote) < 0.5:
        expected = _closest(text, quote, [*([expected] if expected else []), *spans]) if spans or expected else None
    if expected is None:
        return None
    start, stop = expected
    largest = sorted(_blocks(text[start:stop], quote), key=lambda block: -block[2])[:8]
    starts = [start + max(0, a - b) for a, b, _ in largest] or [start]
    places = [_compare(text, place, stop, quote) for place in starts]
    alike = [likeness(text[place.start : min(stop, place.start + len(quote) + 8)], quote) for place in places]
    # A window one character off is as like the quote as the right one, but it differs from the first character on.
    good = [place for place, score in zip(places, alike, strict=True) if score > max(alike) - 0.1]
    return max(good, key=lambda place: place.character)
