"""The records of a corpus by class: each read from its nodes when it is asked for, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TypeVar

from ..corpus import Corpus
from ..model import Iri
from ..namespaces import C4O, DCTERMS, FABIO, OGX, PROV, RDF, RDFS, SEPIO, SKOS
from ..turtle import natural_key
from .near import Known, NearNodes
from .nodes import Nodes
from .values import (
    Claim,
    Document,
    Evidence,
    Measurement,
    Reference,
    StoredMarker,
    StoredPassage,
    Tension,
    Work,
)

__all__ = ["CONTEXT", "MEASUREMENT", "ROLES", "Holdings"]

V = TypeVar("V")

CONTEXT = {
    "disease": OGX.inDisease,
    "model": OGX.inModel,
    "trial": OGX.inTrial,
    "line": OGX.atLine,
    "population": OGX.inPopulation,
    "background": OGX.onBackground,
    "comparator": OGX.against,
}
"""The restrictive context of a claim: the name used in exports, and the property."""

ROLES = (RDF.subject, RDF.object, *CONTEXT.values())
"""The properties by which a claim is about something."""

MEASUREMENT = {
    "value": OGX.value,
    "unit": OGX.unit,
    "statistic": OGX.statistic,
    "n": OGX.n,
    "denominator": OGX.denominator,
    "comparator": OGX.comparedWith,
    "interval": OGX.interval,
    "p": OGX.p,
    "time": OGX.time,
}
"""The fields of a measurement: the name used in exports, and the property."""


def _position(words: str, quote: str | None) -> int:
    """Where words stand in a quote, so that hedges come in the order in which they are read."""
    return (quote or "").lower().find(words.lower())


class Holdings:
    """The records of a corpus by class, each read when first asked for.

    :param corpus: an open corpus
    :param nodes: its triples, where they are read already
    """

    def __init__(self, corpus: Corpus, *, near: bool = False, nodes: Nodes | None = None) -> None:
        self.corpus = corpus
        self.near = near and corpus.stored
        self._given = nodes

    @cached_property
    def nodes(self) -> Nodes:
        """All triples of the files, each once, with literals as worded there (a store rewrites them).

        With ``near``, of a corpus in a store: each subject when it is asked for.
        """
        if self._given is not None:
            return self._given
        if self.near:
            return NearNodes(self.corpus)
        return Nodes(dict.fromkeys(triple for triple, _ in self.corpus.quads()))

    def label(self, iri: str) -> str:
        """The name of anything: its label, preferred label or title, else its CURIE."""
        for predicate in (RDFS.label, SKOS.prefLabel, DCTERMS.title):
            found = self.nodes.text(iri, predicate)
            if found is not None:
                return found
        return self.corpus.curie(iri)

    def word(self, iri: str | None) -> str:
        """The word of a member of a closed list as exports print it (its notation, else its local name)."""
        if iri is None:
            return ""
        return self.nodes.text(iri, SKOS.notation) or self.corpus.word(iri)

    def _word_of(self, subject: str, predicate: Iri) -> str | None:
        found = self.nodes.text(subject, predicate)
        return None if found is None else self.word(found)

    def sign(self, relation: str) -> str:
        """The sign of a relation: ``+1``, ``-1`` or ``unsigned``."""
        return self._word_of(relation, OGX.sign) or "unsigned"

    @cached_property
    def claims(self) -> Mapping[Iri, Claim]:
        """Every claim, in natural order of its id."""
        return Known(self.nodes, OGX.Claim, self._claim)

    def _claim(self, iri: Iri) -> Claim:
        nodes = self.nodes
        context = {name: nodes.iri(iri, predicate) for name, predicate in CONTEXT.items()}
        return Claim(
            iri=iri,
            label=self.label(iri),
            subject=nodes.iri(iri, RDF.subject) or Iri(""),
            predicate=nodes.iri(iri, RDF.predicate) or Iri(""),
            object=nodes.iri(iri, RDF.object) or Iri(""),
            polarity=self._word_of(iri, OGX.polarity) or "",
            kind=self._word_of(iri, OGX.kind) or "",
            context={name: value for name, value in context.items() if value is not None},
            comment=nodes.text(iri, RDFS.comment),
            evidence=tuple(item for item in self.evidence_at(iri, OGX.evidenceFor) if item.claim == iri),
        )

    @cached_property
    def evidence(self) -> Mapping[Iri, Evidence]:
        """Every piece of evidence, in natural order of its id."""
        return Known(self.nodes, OGX.Evidence, self._evidence)

    def _evidence(self, iri: Iri) -> Evidence:
        nodes = self.nodes
        measured = nodes.iri(iri, OGX.measurement)
        measurement = self._measurement(measured) if measured else None
        passage = nodes.iri(iri, PROV.wasQuotedFrom)
        missing = {self.word(f) for f in nodes.texts(iri, OGX.doesNotState)}
        return Evidence(
            iri=iri,
            claim=nodes.iri(iri, OGX.evidenceFor) or Iri(""),
            stance=self._word_of(iri, OGX.stance) or "",
            directness=self._word_of(iri, OGX.directness) or "",
            certainty=self._word_of(iri, OGX.certainty) or "",
            hedges=tuple(sorted(nodes.texts(iri, OGX.hedge), key=lambda h: _position(h, nodes.text(iri, OGX.quote)))),
            hedge_override=nodes.text(iri, OGX.hedgeOverride),
            manner=self._word_of(iri, OGX.manner),
            via=nodes.iris(iri, OGX.via),
            not_stated=tuple(sorted(missing.union(measurement.not_stated if measurement else ()))),
            relies_on=nodes.iris(iri, OGX.reliesOn),
            types=nodes.iris(iri, SEPIO["0000398"]),
            measurement=measurement,
            passage=self.passages.get(passage) if passage else None,
            quote=nodes.text(iri, OGX.quote),
            start=nodes.integer(iri, OGX.start),
            end=nodes.integer(iri, OGX.end),
            report=nodes.text(iri, OGX.report),
            source=nodes.iri(iri, DCTERMS.source),
            primary_source=nodes.iri(iri, PROV.hadPrimarySource),
            read_at=nodes.text(iri, OGX.readAt),
            read_on=nodes.text(iri, OGX.readOn),
            read_by=nodes.text(iri, OGX.readBy),
            extent=self._word_of(iri, OGX.extent),
        )

    def _measurement(self, iri: Iri) -> Measurement:
        given = {name: self.nodes.text(iri, predicate) for name, predicate in MEASUREMENT.items()}
        return Measurement(
            iri=iri,
            measure=self.nodes.text(iri, OGX.measure) or "",
            fields={name: value for name, value in given.items() if value is not None},
            not_stated=tuple(sorted({self.word(f) for f in self.nodes.texts(iri, OGX.doesNotState)})),
        )

    @cached_property
    def passages(self) -> Mapping[Iri, StoredPassage]:
        """Every passage, in natural order of its id."""
        return Known(self.nodes, OGX.Passage, self._passage)

    def _passage(self, iri: Iri) -> StoredPassage:
        nodes = self.nodes
        markers = [self._marker(marker) for marker in nodes.iris(iri, OGX.marker)]
        return StoredPassage(
            iri=iri,
            document=nodes.iri(iri, DCTERMS.isPartOf),
            kind=self._word_of(iri, OGX.passageKind) or "",
            section=nodes.text(iri, OGX.section),
            start=nodes.integer(iri, OGX.start) or 0,
            end=nodes.integer(iri, OGX["end"]) or 0,
            sha256=nodes.text(iri, OGX.sha256) or "",
            line=nodes.integer(iri, OGX.line),
            row=nodes.integer(iri, OGX.row),
            markers=tuple(sorted(markers, key=lambda m: (m.start, natural_key(m.iri)))),
            skipped_as=self._word_of(iri, OGX.skippedAs),
        )

    def _marker(self, iri: Iri) -> StoredMarker:
        nodes = self.nodes
        return StoredMarker(
            iri=iri,
            label=nodes.text(iri, SKOS.notation) or "",
            printed=nodes.text(iri, OGX.printed) or "",
            start=nodes.integer(iri, OGX.start) or 0,
            end=nodes.integer(iri, OGX["end"]) or 0,
            reference=nodes.iri(iri, C4O.denotes),
        )

    @cached_property
    def references(self) -> Mapping[Iri, Reference]:
        """Every entry of every reference list, in natural order of its id."""
        return Known(self.nodes, OGX.Reference, self._reference)

    def _reference(self, iri: Iri) -> Reference:
        nodes = self.nodes
        work = nodes.iri(iri, OGX.denotes)
        known = self.works.get(work) if work else None
        return Reference(
            iri=iri,
            label=nodes.text(iri, SKOS.notation) or "",
            content=nodes.text(iri, C4O.hasContent) or "",
            document=nodes.iri(iri, DCTERMS.isPartOf),
            passage=nodes.iri(iri, PROV.wasQuotedFrom),
            resolution=self._word_of(iri, OGX.resolution) or "unjudged",
            work=work,
            candidates=nodes.iris(iri, OGX.mayDenote),
            source_type=(known.source_type if known else None) or self._word_of(iri, OGX.sourceType),
            comment=nodes.text(iri, RDFS.comment),
        )

    @cached_property
    def works(self) -> Mapping[Iri, Work]:
        """Every work, in natural order of its id."""
        return Known(self.nodes, OGX.Work, self._work)

    def _work(self, iri: Iri) -> Work:
        nodes = self.nodes
        return Work(
            iri=iri,
            title=self.label(iri),
            creator=nodes.text(iri, DCTERMS.creator),
            date=nodes.text(iri, DCTERMS.date),
            venue=nodes.text(iri, DCTERMS.bibliographicCitation),
            identifiers=nodes.texts(iri, DCTERMS.identifier),
            url=nodes.text(iri, FABIO.hasURL),
            source_type=self._word_of(iri, OGX.sourceType),
            studies=nodes.iris(iri, OGX.reportsStudy),
            standing=self._word_of(iri, OGX.standing) or "unknown",
            standing_checked=nodes.text(iri, OGX.standingCheckedOn),
            standing_source=nodes.text(iri, OGX.standingSource),
            notices=nodes.texts(iri, OGX.notice),
            replaced_by=nodes.iri(iri, DCTERMS.isReplacedBy),
            comment=nodes.text(iri, RDFS.comment),
        )

    @cached_property
    def tensions(self) -> Mapping[Iri, Tension]:
        """Every tension that a curator named, in natural order of its id."""
        return Known(self.nodes, OGX.Tension, self._tension)

    def _tension(self, iri: Iri) -> Tension:
        nodes = self.nodes
        return Tension(
            iri=iri,
            label=self.label(iri),
            kinds=tuple(self.word(kind) for kind in nodes.iris(iri, OGX.tensionKind)),
            said=nodes.iris(iri, OGX.said),
            against=nodes.iris(iri, OGX.setAgainst),
            difference=nodes.text(iri, OGX.difference) or "",
            inferences=nodes.texts(iri, OGX.inference),
            sureness=self._word_of(iri, OGX.sureness) or "",
            curator=nodes.text(iri, DCTERMS.creator),
            date=nodes.text(iri, DCTERMS.created),
            comment=nodes.text(iri, RDFS.comment),
        )

    @cached_property
    def documents(self) -> Mapping[Iri, Document]:
        """Every document, in natural order of its id."""
        return Known(self.nodes, OGX.Document, self._document)

    def _document(self, iri: Iri) -> Document:
        nodes = self.nodes
        return Document(
            iri=iri,
            title=self.label(iri),
            publisher=nodes.text(iri, DCTERMS.publisher),
            date=nodes.text(iri, DCTERMS.date),
            sha256=nodes.text(iri, OGX.sha256),
            length=nodes.integer(iri, OGX.length),
            file_name=nodes.text(iri, OGX.fileName),
            obtain=nodes.text(iri, OGX.obtain),
        )

    def _at(self, records: Mapping[Iri, V], value: str, *predicates: Iri) -> list[V]:
        """The records that have the value under one of the predicates, in natural order of their ids."""
        return [records[iri] for iri in self.nodes.subjects(value, *predicates) if iri in records]

    def evidence_at(self, value: str, *predicates: Iri) -> list[Evidence]:
        """The evidence that points at something (its claim, a way, a passage, a work) by one of the predicates."""
        return self._at(self.evidence, value, *predicates)
