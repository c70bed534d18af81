"""Finding every place where a text says what a quote says, harmless differences apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .edges import is_edge
from .scan import Atom, Script, compare

__all__ = ["Place", "places"]

MOST = 50_000
"""No more places than this are looked at for one quote."""

WORK = 5_000_000
"""No more characters than this are compared for one quote: a text of one word repeated ends too."""

_LOOSE = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text says what a quote says.

    :param names: what was normalised
    :param begins: whether it begins at a word edge
    :param ends: whether it ends at one
    """

    start: int
    end: int
    names: frozenset[str]
    begins: bool = True
    ends: bool = True

    @property
    def whole(self) -> bool:
        """Whether no word is cut."""
        return self.begins and self.ends


def _alongside(source: Script, at: int, raw: str, atoms: list[Atom], step: int) -> tuple[int, frozenset[str]] | None:
    """How far the hyphens and marks at an end of a quote reach in the text, before (-1) or after (1) a place.

    Word for word if they can; the nearest stretch that says the same otherwise.
    """
    if not raw:
        return 0, frozenset()
    for length in [len(raw), *range(_LOOSE)]:
        start, end = (at - length, at) if step < 0 else (at, at + length)
        if start < 0 or end > len(source.text) or (length and re.search(r"[^\W_]{3}", source.text[start:end])):
            continue
        names = compare(source.atoms(start, end), atoms)
        if names is not None:
            return length, names
    return None


class _Quote:
    """A quote taken apart: its skeleton, and the hyphens and marks before and after it."""

    def __init__(self, quote: str) -> None:
        script = Script(quote)
        self.text = quote
        self.skeleton = script.skeleton.rstrip(" ")
        begin, finish, _, _ = script.raw(0, len(self.skeleton)) if self.skeleton else (0, 0, True, True)
        self.core = script.atoms(begin, finish)
        self.lead, self.trail = quote[:begin], quote[finish:]
        self.lead_atoms, self.trail_atoms = script.atoms(0, begin), script.atoms(finish)

    def at(self, source: Script, found: int) -> Place | None:
        """The place where the quote stands, if it does, for a place of its skeleton."""
        start, end, begins, ends = source.raw(found, found + len(self.skeleton))
        text = source.text
        first, last = start - len(self.lead), end + len(self.trail)
        if first >= 0 and text[first:last] == self.text:
            return Place(first, last, frozenset(), begins and is_edge(text, first), ends and is_edge(text, last))
        names = compare(source.atoms(start, end), self.core)
        if names is None:
            return None
        before = _alongside(source, start, self.lead, self.lead_atoms, -1)
        after = _alongside(source, end, self.trail, self.trail_atoms, 1)
        if before is None or after is None:
            return None
        first, last = start - before[0], end + after[0]
        names |= before[1] | after[1]
        return Place(first, last, names, begins and is_edge(text, first), ends and is_edge(text, last))


def _candidates(skeleton: str, wanted: str) -> Iterator[int]:
    at = skeleton.find(wanted)
    while at >= 0:
        yield at
        at = skeleton.find(wanted, at + 1)


def places(source: Script, quote: str) -> list[Place]:
    """Every place where a text says what a quote says, in order; those where a word is cut too.

    :param quote: without white space around it
    """
    asked = _Quote(quote)
    whole: list[Place] = []
    cut: list[Place] = []
    work = 0
    for at in _candidates(source.skeleton, asked.skeleton) if asked.skeleton else ():
        place = asked.at(source, at)
        work += len(asked.skeleton) + 1
        if place is not None:
            (whole if place.whole else cut).append(place)
        if len(whole) >= MOST or work > WORK:
            break
    return sorted([*whole, *cut[:MOST]], key=lambda place: (place.start, place.end))
