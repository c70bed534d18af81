"""A document beside its claims: sections, passages in order with their quotes marked, and the claims of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...audit.chains import Citation, Link, citations_of, state_of
from ...model import Iri
from ...publish.cards import Deck
from ...records import Claim, Evidence, StoredPassage
from .marked import Piece, in_passage

__all__ = ["Place", "Section", "Stated", "beside"]


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as a passage states it: the claim and the evidence, each with its short name."""

    claim: Claim
    evidence: Evidence
    id: str
    evidence_id: str

    @property
    def disputed(self) -> bool:
        """Whether a place speaks against the claim."""
        return any(item.stance == "disputes" for item in self.claim.evidence)


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with its pieces, the claims that are quoted from it, and its citations.

    :param state: the citation state of what it states; it is that of the passage, since citations stand on passages
    """

    passage: StoredPassage
    id: str
    name: str
    pieces: list[Piece]
    stated: list[Stated]
    citations: tuple[Citation, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the document, and its passages in order."""

    title: str
    anchor: str
    places: list[Place]


def _place(deck: Deck, passage: StoredPassage, text: str | None) -> Place:
    records = deck.records
    items = sorted(
        (item for item in records.quoted_from(passage.iri) if item.claim in records.claims),
        key=lambda item: (item.start or 0, item.end or 0, item.iri),
    )
    cited = citations_of(passage, records)
    links = [Link(evidence=item, quote="", passage="", citations=cited) for item in items]
    curie = deck.curie
    return Place(
        passage=passage,
        id=curie(passage.iri),
        name=passage.iri.rpartition(".")[2],
        pieces=in_passage(passage, items, None if text is None else text[passage.start : passage.end]),
        stated=[Stated(records.claims[e.claim], e, curie(e.claim), curie(e.iri)) for e in items],
        citations=cited,
        state=state_of(links) if links else "",
    )


def _grouped(places: Iterable[Place]) -> list[Section]:
    found: list[Section] = []
    for place in places:
        title = place.passage.section or "Front matter"
        if not found or found[-1].title != title:
            found.append(Section(title, f"s{len(found) + 1}", []))
        found[-1].places.append(place)
    return found


def beside(deck: Deck, document: Iri) -> list[Section]:
    """The sections of a document, with whole passages where its text is at hand."""
    text = deck.texts.get(document)
    return _grouped(_place(deck, passage, text) for passage in deck.records.passages_of(document))
