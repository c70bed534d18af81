"""Where the quotes of a document stand in another version of its text.

A quote has a new place only where its very words stand in the very passage, once.  Everything else is a proposal: a
person decides whether changed words still say what the claim says, and whether another passage cites the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..corpus import Corpus
from ..model import Iri, Passage
from .nearest import likeness, nearest, short
from .segment import line_of
from .stored import StoredDocument, StoredQuote

__all__ = ["Anchor", "Anchoring", "Proposal"]

ALIKE = 0.6
"""How much of a quote must stand in a passage for it to be proposed as the quote's new words."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quote that stands unchanged at a new place."""

    evidence: Iri
    old: tuple[int, int] | None
    new: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A quote that a person has to place.

    :param reason: ``changed`` (its passage has other words), ``elsewhere`` (it stands in another passage), ``several``
        (it stands in its passage more than once), ``gone``
    :param nearest: the nearest text, with its place, where there is any like it
    """

    evidence: Iri
    claim: Iri | None
    quote: str
    reason: str
    passage: Iri | None = None
    nearest: str | None = None
    place: tuple[int, int] | None = None
    line: int | None = None

    def text(self, corpus: Corpus) -> str:
        """The proposal in a line or two."""
        name = corpus.curie(self.evidence)
        if self.reason == "gone" or self.place is None:
            return f'{name}: "{short(self.quote)}" stands nowhere in the new text, nor anything like it'
        where = f"{self.place[0]}-{self.place[1]} (line {self.line}, {corpus.curie(self.passage or '')})"
        if self.reason == "several":
            return f'{name}: "{short(self.quote)}" stands more than once in its passage, first at {where}'
        if self.reason == "elsewhere":
            return f'{name}: "{short(self.quote)}" now stands in another passage, at {where}; its citations may differ'
        return f'{name}: "{short(self.quote)}" has changed; nearest, at {where}: "{short(self.nearest or "")}"'


def _place(
    quote: StoredQuote, new: Passage | None, old: tuple[int, int] | None, same_words: bool, text: str
) -> tuple[int, int] | int:
    """The one new place of a quote in its passage, else how often it stands there (0: not, or no passage)."""
    if new is None or not quote.text:
        return 0
    if same_words and old and quote.span:
        start = new.start + quote.span[0] - old[0]
        if text[start : start + len(quote.text)] == quote.text:
            return start, start + len(quote.text)
    starts = _starts(text[new.start : new.end], quote.text)
    if len(starts) != 1:
        return len(starts)
    return new.start + starts[0], new.start + starts[0] + len(quote.text)


def _starts(text: str, words: str) -> list[int]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


class Anchoring:
    """The quotes of a document in its new text: those that have a place, and those that a person has to place.

    :param found: the passages of the new text by name
    """

    def __init__(self, document: StoredDocument, found: Mapping[Iri, Passage], text: str) -> None:
        self.document, self.found, self.text = document, found, text
        self.passages = list(found.values())
        self.old = {passage.iri: passage for passage in document.passages}
        self.anchored: list[Anchor] = []
        self.proposals: list[Proposal] = []
        for quote in document.quotes:
            self._quote(quote)

    def _quote(self, quote: StoredQuote) -> None:
        old, new = self.old.get(quote.passage), self.found.get(quote.passage)
        same_words = bool(old and new and old.text == new.sha256)
        place = _place(quote, new, old.span if old else None, same_words, self.text)
        if isinstance(place, int):
            self.proposals.append(self._propose(quote, new, place))
        elif place != quote.span:
            self.anchored.append(Anchor(quote.iri, quote.span, place))

    def _propose(self, quote: StoredQuote, home: Passage | None, times: int) -> Proposal:
        base = Proposal(quote.iri, quote.claim, quote.text, "gone")
        if times and home:
            return self._at(base, "several", home.start + self.text[home.start : home.end].find(quote.text), quote.text)
        starts = _starts(self.text, quote.text) if quote.text else []
        if starts:
            return self._at(base, "elsewhere", starts[0], quote.text)
        spans = [(p.start, p.end) for p in self.passages]
        near = nearest(self.text, quote.text, spans, (home.start, home.end) if home else None) if quote.text else None
        if near and likeness(near.text, quote.text) >= ALIKE:
            return self._at(base, "changed", near.start, near.text)
        return base

    def _at(self, base: Proposal, reason: str, start: int, words: str) -> Proposal:
        home = next((p for p in self.passages if p.start <= start < p.end), None)
        iri = Iri(f"{self.document.iri}.p{home.number:03}") if home else None
        place = (start, start + len(words))
        line = line_of(self.text, start)
        return replace(base, reason=reason, passage=iri, nearest=words, place=place, line=line)
