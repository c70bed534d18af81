"""The text nearest to a quote that does not stand in it, by edit distance (RapidFuzz)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from .edges import is_edge
from .model import Difference
from .scan import Script

__all__ = ["Nearest", "Words", "compared", "nearest"]

LONGEST = 4000
"""Quotes are compared by their first part of this length."""

LIKE = 0.6
"""A text is near where this share of the quote's characters can stay as they are."""

_WORD = re.compile(r"\w+")
_ANCHORS, _OCCURRENCES, _WINDOWS = 12, 200, 3
_AROUND, _EDGES = 24, 4
_WHOLE = 200_000


@dataclass(frozen=True, slots=True)
class Nearest:
    """The place of a text nearest to a quote.

    :param text: what stands there
    :param difference: the first difference, harmless ones apart
    :param distance: how many characters have to be changed, harmless differences apart
    """

    start: int
    end: int
    text: str
    difference: Difference | None
    distance: int


class Words:
    """Where the words of a text stand in its skeleton."""

    def __init__(self, source: Script) -> None:
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        for match in _WORD.finditer(source.skeleton.lower()):
            self.places[match[0]].append(match.start())

    def windows(self, quote: str) -> list[int]:
        """Where the quote may begin, by how many of its rarest words say so."""
        width = max(16, len(quote) // 4)
        words = {match[0]: match.start() for match in _WORD.finditer(quote.lower()) if match[0] in self.places}
        rare = sorted(words, key=lambda word: (len(self.places[word]), words[word]))[:_ANCHORS]
        votes: Counter[int] = Counter()
        for word in rare:
            votes.update({(place - words[word]) // width for place in self.places[word][:_OCCURRENCES]})
        best = sorted(votes, key=lambda place: (-votes[place], place))[:_WINDOWS]
        return [place * width for place in best]


def _word_at(text: str, at: int) -> str:
    before = re.search(r"\S*$", text[max(0, at - 40) : at])
    after = re.match(r"\S*", text[at : at + 40])
    return (before[0] if before else "") + (after[0] if after else "")


def compared(source: Script, start: int, end: int, quote: str) -> Nearest:
    """Compare a stretch of a text with a quote."""
    from rapidfuzz.distance import Levenshtein

    theirs, ours = source.plain(start, end), Script(quote[:LONGEST]).plain()
    steps = [step for step in Levenshtein.opcodes(theirs, ours) if step.tag != "equal"]
    difference = None
    if steps:
        first = steps[0]
        words = _word_at(theirs, first.src_start), _word_at(ours, first.dest_start)
        difference = Difference(first.dest_start + 1, *words)
    return Nearest(start, end, source.text[start:end], difference, Levenshtein.distance(theirs, ours))


def _best(skeleton: str, wanted: str, starts: list[int]) -> tuple[int, int] | None:
    """The stretch of a skeleton most like another, in the windows given or else anywhere."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    room = max(16, len(wanted) // 2)
    windows = [(max(0, at - room), at + 2 * len(wanted) + room) for at in starts]
    if not windows and len(wanted) <= 64:
        windows = [(0, _WHOLE)]
    found = None
    for first, last in windows:
        part = skeleton[first:last]
        if len(part) < len(wanted):
            first = max(0, min(first, len(skeleton) - len(wanted)))
            part = skeleton[first:last]
        alignment = partial_ratio_alignment(wanted, part, score_cutoff=0) if part else None
        if alignment and (found is None or alignment.score > found[0]):
            found = (alignment.score, first + alignment.dest_start, first + alignment.dest_end)
    return found and (found[1], found[2])


def _edges(text: str, at: int, step: int) -> list[int]:
    """The word edges nearest to a place where words begin (1) or end (-1)."""
    around = range(max(0, at - _AROUND), min(len(text), at + _AROUND) + 1)
    beside = [place for place in around if text[place - (step < 0) : place + (step > 0)].strip()]
    return [place for place in sorted(beside, key=lambda place: abs(place - at)) if is_edge(text, place)][:_EDGES]


def _whole_words(source: Script, start: int, end: int, ours: str) -> tuple[int, int] | None:
    """The stretch about a place whose words are whole and most like a quote, harmless differences apart."""
    from rapidfuzz.distance import Levenshtein

    first, last = start, end
    for step in (1, -1):
        stretches = [
            (place, last) if step > 0 else (first, place)
            for place in _edges(source.text, start if step > 0 else end, step)
        ]
        rated = [
            (Levenshtein.distance(source.plain(*stretch), ours), stretch)
            for stretch in stretches
            if stretch[0] < stretch[1]
        ]
        if not rated:
            return None
        first, last = min(rated)[1]
    return first, last


def nearest(source: Script, words: Words, quote: str) -> Nearest | None:
    """Find the stretch of a text nearest to a quote, or None where nothing is like it."""
    script = Script(quote[:LONGEST])
    wanted = script.skeleton.strip()
    found = _best(source.skeleton, wanted, words.windows(wanted)) if wanted else None
    if found is None or found[0] >= found[1]:
        return None
    start, end, _, _ = source.raw(*found)
    stretch = _whole_words(source, start, end, script.plain())
    result = stretch and compared(source, *stretch, quote)
    return result if result and result.distance <= (1 - LIKE) * len(wanted) else None
