"""A passage cut into pieces: words that are quoted, words that are not, and, without the text, what lies between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...records import CERTAINTIES, Evidence, StoredPassage

__all__ = ["Piece", "in_passage"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of a passage.

    :param text: its words; None where they are not at hand, and then ``length`` says how many characters there are
    :param quotes: the evidence that quotes it
    :param ends: the evidence whose quote ends here
    :param certainty: the least sure certainty with which it is said, so that no hedge is lost; None where unquoted
    """

    text: str | None
    length: int
    quotes: tuple[Evidence, ...] = ()
    ends: tuple[Evidence, ...] = ()
    certainty: str | None = None


def _placed(items: Iterable[Evidence], passage: StoredPassage) -> Iterator[tuple[int, int, Evidence]]:
    """The quotes that stand in the passage, from and to where in it."""
    for item in items:
        if item.quote is None or item.start is None or item.end is None:
            continue
        if passage.start <= item.start < item.end <= passage.end:
            yield item.start - passage.start, item.end - passage.start, item


def _words(start: int, end: int, text: str | None, covering: Sequence[tuple[int, Evidence]]) -> str | None:
    """The characters of a piece: of the text where it is at hand, else of a quote that covers them."""
    if text is not None:
        return text[start:end]
    for begin, item in covering:
        return (item.quote or "")[start - begin : end - begin]
    return None


def in_passage(passage: StoredPassage, items: Iterable[Evidence], text: str | None) -> list[Piece]:
    """A passage in pieces, from its start to its end.

    :param items: evidence quoted from it; quotes may overlap
    :param text: the text of the passage, where it is at hand
    """
    quotes = list(_placed(items, passage))
    length = passage.end - passage.start
    cuts = sorted({0, length, *(edge for start, end, _ in quotes for edge in (start, end))})
    found = []
    for start, end in pairwise(cuts):
        covering = [(begin, item) for begin, stop, item in quotes if begin <= start and end <= stop]
        over = tuple(item for _, item in covering)
        words = [word for word in CERTAINTIES if any(item.certainty == word for item in over)]
        found.append(
            Piece(
                text=_words(start, end, text, covering),
                length=end - start,
                quotes=over,
                ends=tuple(item for _, stop, item in quotes if stop == end),
                certainty=words[-1] if words else None,
            )
        )
    return found
