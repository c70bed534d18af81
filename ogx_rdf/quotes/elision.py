"""Quotes with an ellipsis: fragments in order, each whole, with nothing left out that turns the sense.

An ellipsis is … or three dots, alone or in brackets.  It may leave out up to ``max_gap`` code points, and never a
negation that turns what is quoted:

- "did … improve" from "did not improve": the negation reads on into the next fragment, and little else is left out
  (six words at most: a longer stretch with a "not" of its own is what an ellipsis is for);
- "improved survival … at" from "improved survival in no subgroup at": it belongs to the fragment before;
- "(p … 0.05)" from "(p < 0.05)": the sign stands at the number;
- "did not … improve" from "did not fail.  Later it did improve": the one that is quoted ends before the next fragment.

A negation that is over before the gap ends may be left out: with its sentence, its clause before a conjunction, its
brackets, its relative clause, or where the next fragment begins with a bracket or a mark of punctuation.  A quote whose
fragments are all function words ("the … not") says nothing and is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .places import Place, places
from .scan import Script

__all__ = ["Elided", "elided", "fragments", "has_ellipsis"]

_DOTS = r"(?:…|\.\s?\.\s?\.)"
_ELLIPSIS = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|…|(?<!\.)\.{{3,4}}(?!\.)|(?<!\S)\. \. \.(?!\S)")
_WORD = re.compile(r"[^\W_]+(?:['’‐‑-][^\W_]+)*")
_FUNCTION = re.compile(
    r"all?|also|an[dy]?|are|as|at|be(?:en)?|both|but|by|can(?:not)?|could|did|do(?:es)?|few|for|from|ha[ds]|have|he|her|"
    r"his|i[fnst]|into|its|less|many|may|might|more|most|must|neither|never|no(?:[rt]|ne)?|o[fn]|only|or|our|shall|she|"
    r"should|so|some|such|than|that|the(?:irs?|m|n|re|se|y)?|this|those|to|too|under|was|we(?:re)?|which|who|will|"
    r"with(?:out)?|would|a",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:[Cc]annot|[Nn]either|[Nn]ever|[Nn]o|[Nn]one|[Nn]or|[Nn]ot(?! only\b|-for-)|[Ww]ithout|fail(?:s|ed|ing)? to|"
    r"unable to)\b|n['’]t\b"
)
_LITTLE = 6
_LAST_NEGATION = re.compile(r"\b(?:cannot|never|no|nor|not|without)\Z")
_SCOPE_ENDS = re.compile(
    r"(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)(?<!\bet al)[.;:!?](?=\s|$)|—|\b(?:but|whereas|although)\b"
    r"|,\s*(?:and|so|though|which|while|who|yet)\b",
    re.IGNORECASE,
)
_SIGN_BEFORE = re.compile(r"([<>≤≥≠±−+~∼≈-])\s*\Z")
_NUMBER = re.compile(r"[.·]?\d")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|,\s*(?:which|who|whose)\b[^,;.]*,", re.IGNORECASE)
_BELONGS_BEFORE = re.compile(
    r"\W*(?:(?:at|among|by|for|in|of|on|under|with)\s+)?(?:no|neither|none)\b|\s*(?:not|never)\b", re.IGNORECASE
)
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Elided:
    """What was found of a quote with an ellipsis.

    :param chains: the places of the fragments, for each way in which they follow one another; the first in order
    :param reason: without any, why
    :param missing: the fragment that stands nowhere, if it is one
    :param near: the places that would do, were it not for the reason
    """

    chains: tuple[tuple[Place, ...], ...] = ()
    reason: str | None = None
    missing: str | None = None
    near: tuple[Place, ...] = ()


def has_ellipsis(quote: str) -> bool:
    """Whether a quote leaves something out."""
    return _ELLIPSIS.search(quote) is not None


def fragments(quote: str) -> list[str]:
    """The parts of a quote between its ellipses, those without a word left out."""
    return [part.strip() for part in _ELLIPSIS.split(quote) if _WORD.search(part)]


def _hidden(gap: str, following: str) -> str | None:
    """The negation in a gap that turns what is quoted before or after it."""
    shown = _ASIDE.sub(lambda aside: " " * len(aside[0]), gap)
    if len(_WORD.findall(shown)) > _LITTLE:
        return None
    for found in _NEGATION.finditer(shown):
        if following.isalnum() and not _SCOPE_ENDS.search(shown, found.end()):
            return found[0]
    before = _BELONGS_BEFORE.match(shown)
    return before[0].split()[-1] if before else None


def _turns(text: str, place: Place, then: Place) -> str | None:
    """Why a gap between two places may not be left out, if it may not."""
    comma = text[place.end - 1] == ","
    gap = text[place.end - comma : then.start]
    negation = _hidden(gap, text[then.start])
    if negation is not None:
        return f'the ellipsis leaves out "{negation}", which turns the sense'
    sign = _SIGN_BEFORE.search(gap)
    if sign and _NUMBER.match(text, then.start):
        return f'the ellipsis leaves out "{sign[1]}", which stands at the number behind it'
    last = _LAST_NEGATION.search(text, max(place.start, place.end - 12), place.end)
    if last and _SCOPE_ENDS.search(_ASIDE.sub("", gap)):
        return f'"{last[0]}" is said of something else than what follows the ellipsis'
    return None


class _Chains:
    """The ways in which fragments follow one another within the gap."""

    def __init__(self, text: str, stands: Sequence[Sequence[Place]], max_gap: int) -> None:
        self.text, self.max_gap = text, max_gap
        self.stands = stands
        self.hiding: tuple[Place, Place, str] | None = None

    def _next(self, place: Place, later: Sequence[Place]) -> Place | None:
        """The first place after another that a gap that turns nothing leads to."""
        starts = [other.start for other in later]
        first = bisect_left(starts, place.end)
        for other in later[first : min(bisect_right(starts, place.end + self.max_gap), first + _TRIES)]:
            reason = _turns(self.text, place, other)
            if reason is None:
                return other
            self.hiding = self.hiding or (place, other, reason)
        return None

    def find(self) -> list[tuple[Place, ...]]:
        """Every way, by the place of its first fragment; of two that end alike the shorter."""
        chains: dict[Place, tuple[Place, ...]] = {place: (place,) for place in self.stands[-1]}
        for earlier in reversed(self.stands[:-1]):
            reachable = sorted(chains, key=lambda place: place.start)
            following = {place: self._next(place, reachable) for place in earlier}
            chains = {place: (place, *chains[then]) for place, then in following.items() if then is not None}
        ordered = sorted(chains.values(), key=lambda chain: chain[0].start)
        return [chain for chain, then in pairwise([*ordered, ()]) if not then or then[-1] != chain[-1]]


def _says_nothing(parts: Sequence[str]) -> bool:
    return all(_FUNCTION.fullmatch(word) for part in parts for word in _WORD.findall(part))


def elided(source: Script, quote: str, max_gap: int) -> Elided:
    """Find the fragments of a quote with an ellipsis, in order.

    :param max_gap: how many code points of the text may lie between two fragments
    """
    parts = fragments(quote)
    if not parts:
        return Elided(reason="the quote holds nothing but an ellipsis")
    if len(parts) > 1 and _says_nothing(parts):
        return Elided(reason="the fragments are function words only, which could stand anywhere")
    stands = []
    for part in parts:
        found = places(source, part)
        if not any(place.whole for place in found):
            how = "stands in the text only inside a word or number" if found else "does not stand in the text"
            return Elided(reason=f'the fragment "{part}" {how}', missing=part, near=tuple(found[:1]))
        stands.append([place for place in found if place.whole])
    ways = _Chains(source.text, stands, max_gap)
    chains = tuple(ways.find())
    if chains:
        return Elided(chains)
    if ways.hiding:
        before, after, reason = ways.hiding
        return Elided(reason=reason, near=(before, after))
    reason = f"the fragments do not follow one another in this order within {max_gap} characters"
    return Elided(reason=reason, near=(stands[0][0],))
