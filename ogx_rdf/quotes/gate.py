"""The verdict on a quote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..errors import UsageError
from .edges import word_around
from .elision import Elided, elided, has_ellipsis
from .model import Quote, Span, Verdict
from .near import Nearest, Words, compared, nearest
from .places import Place, places
from .scan import INVISIBLE, TAG, Script

__all__ = ["Source", "check_quotes"]

_MARKS = "*_`"
_AROUND = re.compile(rf"(?:[{INVISIBLE}{_MARKS}]|{TAG})*")
_ELLIPSIS = "ellipsis"
_TOLD = 1000


class _Stand(NamedTuple):
    """One way in which a quote stands in a text: where, what was normalised, the places of its fragments."""

    span: Span
    names: frozenset[str]
    fragments: tuple[Span, ...] = ()

    @classmethod
    def of(cls, chain: Sequence[Place], extra: Iterable[str] = ()) -> _Stand:
        """The stand of one place, or of the places of fragments."""
        names = frozenset(extra).union(*(place.names for place in chain))
        spans = tuple((place.start, place.end) for place in chain)
        return cls((chain[0].start, chain[-1].end), names, spans if len(spans) > 1 else ())


class Source:
    """A text against which quotes are checked; it is prepared once."""

    def __init__(self, text: str) -> None:
        self.script = Script(text)
        self.text = text

    @cached_property
    def _words(self) -> Words:
        return Words(self.script)

    def check(self, quote: Quote, *, unique: bool = False, nearby: bool = True) -> Verdict:
        """The verdict on a quote.

        :param unique: whether a quote that stands in several places, none of them given, is refused
        :param nearby: whether to look for the text nearest to a quote that is refused
        """
        asked = quote.quote.strip()
        if not any(character.isalnum() for character in asked):
            return Verdict(quote.id, "absent", False, reason="the quote holds no letter and no digit")
        found = places(self.script, asked)
        stands = [_Stand.of([place]) for place in found if place.whole]
        left_out = Elided()
        if not stands and has_ellipsis(asked):
            left_out = elided(self.script, asked, quote.max_gap)
            stands = [_Stand.of(chain, [_ELLIPSIS]) for chain in left_out.chains]
        if not stands:
            return self._refused(quote, asked, [place for place in found if not place.whole], left_out, nearby)
        if quote.start is None:
            return self._accepted(quote, stands, unique)
        there = [stand for stand in stands if self._is_at(stand.span, quote)]
        if there:
            return self._accepted(quote, there[:1], unique)
        cut = [place for place in found if self._is_at((place.start, place.end), quote)]
        return self._cut(quote, cut[0]) if cut else self._elsewhere(quote, stands)

    def _is_at(self, span: Span, quote: Quote) -> bool:
        """Whether a place is the one that is said; marks around the words may belong to it, quoted white space too."""
        if quote.start is None:
            return False
        lead = len(quote.quote) - len(quote.quote.lstrip())
        trail = len(quote.quote) - len(quote.quote.rstrip())
        ends = span[1] if quote.end is None else quote.end
        if not quote.start <= span[0] <= span[1] <= ends <= len(self.text):
            return False
        before, after = self.text[quote.start : span[0]], self.text[span[1] : ends]
        if quote.start and before[:1] in _MARKS and self.text[quote.start - 1] in _MARKS:
            before = before and "half a mark"
        return all(
            not around or (size and around.isspace()) or _AROUND.fullmatch(around)
            for around, size in ((before, lead), (after, trail))
        )

    def _accepted(self, quote: Quote, stands: Sequence[_Stand], unique: bool) -> Verdict:
        first = stands[0]
        (start, end), names = first.span, set(first.names)
        if not names and quote.quote != self.text[start:end]:
            # White space around the quote: the text has it too, or it is a difference.
            lead = len(quote.quote) - len(quote.quote.lstrip())
            if start >= lead and self.text.startswith(quote.quote, start - lead):
                start, end = start - lead, start - lead + len(quote.quote)
            else:
                names.add("white space")
        positions: tuple[Span, ...] = ()
        kind = "exact-normalized" if names else "exact"
        if len(stands) > 1:
            kind, positions = "ambiguous", tuple(stand.span for stand in stands[:_TOLD])
            names = set().union(*(stand.names for stand in stands))
        refused = unique and len(stands) > 1
        reason = f"it stands in {len(stands)} places, and none is given" if refused else None
        return Verdict(
            quote.id, kind, not refused, start, end, tuple(sorted(names)), positions, first.fragments, reason=reason
        )

    def _elsewhere(self, quote: Quote, stands: Sequence[_Stand]) -> Verdict:
        first = min(stands, key=lambda stand: abs(stand.span[0] - (quote.start or 0)))
        start, end = first.span
        given = f"{quote.start}" if quote.end is None else f"{quote.start}-{quote.end}"
        return Verdict(
            quote.id,
            "near",
            False,
            start,
            end,
            tuple(sorted(first.names)),
            tuple(stand.span for stand in stands[:_TOLD]),
            first.fragments,
            nearest=self.text[start:end],
            distance=0,
            reason=f"the words stand at {start}-{end}, not at {given}",
        )

    def _cut(self, quote: Quote, place: Place) -> Verdict:
        at, how = (place.start, "begins") if not place.begins else (place.end, "ends")
        word = word_around(self.text, at)
        return Verdict(
            quote.id,
            "cut",
            False,
            place.start,
            place.end,
            tuple(sorted(place.names)),
            nearest=word,
            reason=f'it {how} inside "{word}"',
        )

    def _refused(self, quote: Quote, asked: str, cut: Sequence[Place], left_out: Elided, nearby: bool) -> Verdict:
        if cut:
            at = [place for place in cut if self._is_at((place.start, place.end), quote)]
            return self._cut(quote, (at or cut)[0])
        found: Nearest | None
        if not nearby:
            found = None
        elif left_out.near:
            found = compared(self.script, left_out.near[0].start, left_out.near[-1].end, left_out.missing or asked)
        else:
            found = nearest(self.script, self._words, left_out.missing or asked)
        if found is None:
            return Verdict(quote.id, "absent", False, reason=left_out.reason or "nothing in the text is like it")
        kind = "cut" if left_out.missing and left_out.near else "near"
        return Verdict(
            quote.id,
            kind,
            False,
            found.start,
            found.end,
            nearest=found.text,
            difference=found.difference,
            distance=found.distance,
            reason=left_out.reason or "the text says something else",
        )


def check_quotes(
    text: str | Mapping[str, str], quotes: Iterable[Quote | str], *, unique: bool = False
) -> list[Verdict]:
    """Check quotes against a text, or each against the one of several that it names; the verdicts in their order.

    >>> [verdict.verdict for verdict in check_quotes("Survival did not improve.", ["did not improve", "did improve"])]
    ['exact', 'near']

    :param text: the text, or texts by the names that the quotes give
    :param quotes: each a :class:`Quote`, or just its words
    :param unique: whether a quote that stands in several places, none of them given, is refused
    :raises UsageError: for a quote that names no text where there are several, or one that is not among them
    """
    texts = {"": text} if isinstance(text, str) else dict(text)
    sources: dict[str, Source] = {}
    verdicts = []
    for given in quotes:
        quote = Quote(given) if isinstance(given, str) else given
        name = next(iter(texts)) if len(texts) == 1 and quote.text is None else quote.text
        if isinstance(text, str):
            name = ""
        if name is None or name not in texts:
            known = ", ".join(sorted(texts))
            what = "names no text" if name is None else f"names the text {name!r}, which was not given"
            raise UsageError("E590", f"quote {quote.id!r} {what}", hint=f"The texts given: {known}.")
        if name not in sources:
            sources[name] = Source(texts[name])
        verdicts.append(sources[name].check(quote, unique=unique))
    return verdicts
