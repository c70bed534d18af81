"""The graph as plain values: claims, evidence, passages, references, works, read from the files or from a store.

Everything that walks the graph (audit, show, export) walks these frozen records, so that one module
knows which predicate carries which field.  A record is made when it is asked for, and what points at a
thing is found by look-up, so that what is asked of one claim does not grow with their number.  Words of
closed lists (``positive``, ``hedged`` …) come as exports print them; everything else is an IRI, a number
or text as curated.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Iri
from ..namespaces import C4O, DCTERMS, OGX, PROV, RDF
from ..turtle import natural_key
from .holdings import CONTEXT, MEASUREMENT, ROLES, Holdings
from .nodes import Nodes
from .values import (
    CERTAINTIES,
    Brief,
    Claim,
    Document,
    Evidence,
    Measurement,
    Reference,
    StoredMarker,
    StoredPassage,
    Tension,
    Work,
    strongest,
)

__all__ = [
    "CERTAINTIES",
    "CONTEXT",
    "MEASUREMENT",
    "MOST",
    "ROLES",
    "Brief",
    "Claim",
    "Document",
    "Evidence",
    "Measurement",
    "Nodes",
    "Records",
    "Reference",
    "StoredMarker",
    "StoredPassage",
    "Tension",
    "Work",
]

MOST = 1_000
"""Of so many claims, entries or reports that point at one thing a card names each; of more, so many."""


class Records(Holdings):
    """The records of a corpus, each read when first asked for, and what points at what.

    :param corpus: an open corpus
    :param near: read of a store only what is asked for; what walks all records is better served by reading all at once
    """

    def passages_of(self, document: Iri) -> list[StoredPassage]:
        """The passages of a document, in natural order of their ids."""
        return [p for p in self._at(self.passages, document, DCTERMS.isPartOf) if p.document == document]

    def entries_in(self, document: Iri) -> list[Reference]:
        """The entries of the reference list of a document."""
        return [e for e in self._at(self.references, document, DCTERMS.isPartOf) if e.document == document]

    def quoted_from(self, passage: Iri) -> list[Evidence]:
        """The evidence quoted from a passage."""
        found = self.evidence_at(passage, PROV.wasQuotedFrom)
        return [item for item in found if item.passage and item.passage.iri == passage]

    def giving_way(self, claim: Iri) -> list[Evidence]:
        """The evidence that gives a claim as its way."""
        return self.evidence_at(claim, OGX.via)

    def reports_of(self, work: Iri) -> tuple[list[Evidence], int]:
        """The evidence that was read in a work, or tells of its result, and how much there is; of more so much.

        What does not support its claim is the last to be left out.
        """
        by = (DCTERMS.source, PROV.hadPrimarySource)
        found, total = self.nodes.few([work], by, MOST, (OGX.stance, OGX.supports))
        known = (self.evidence[iri] for iri in found if iri in self.evidence)
        return [item for item in known if work in (item.source, item.primary_source)], total

    def entries_of(self, work: Iri) -> tuple[list[Reference], int]:
        """The entries that denote a work, and how many there are; of more than :data:`MOST` so many."""
        found, total = self.nodes.few([work], [OGX.denotes], MOST)
        known = (self.references[iri] for iri in found if iri in self.references)
        return [entry for entry in known if entry.work == work], total

    def entries_for(self, work: Iri) -> list[Reference]:
        """The entries of which a work is a candidate."""
        return self._at(self.references, work, OGX.mayDenote)

    def printing(self, references: Iterable[Iri]) -> list[StoredPassage]:
        """The passages that print one of the entries, in natural order of their ids."""
        wanted = set(references)
        marks = {mark for entry in wanted for mark in self.nodes.subjects(entry, C4O.denotes)}
        places = {passage for mark in marks for passage in self.nodes.subjects(mark, OGX.marker)}
        known = (self.passages[iri] for iri in sorted(places, key=natural_key) if iri in self.passages)
        return [passage for passage in known if any(mark.reference in wanted for mark in passage.markers)]

    def claims_between(self, claim: Claim) -> list[Claim]:
        """The claims on the two things that a claim is on, itself among them."""
        ends = ((RDF.subject, claim.subject), (RDF.object, claim.object))
        known = (self.claims[iri] for iri in self.nodes.with_both(*ends) if iri in self.claims)
        return [other for other in known if (other.subject, other.object) == (claim.subject, claim.object)]

    def reporting(self, study: str) -> list[Work]:
        """The works that report a study."""
        return self._at(self.works, study, OGX.reportsStudy)

    def replaced_by(self, work: Iri) -> list[Iri]:
        """The works in whose place a work stands."""
        return [w.iri for w in self._at(self.works, work, DCTERMS.isReplacedBy) if w.replaced_by == work]

    def tensions_at(self, sides: Iterable[str]) -> list[Tension]:
        """The tensions that have one of these nodes on a side, in natural order of their ids."""
        found = {iri for side in sides for iri in self.nodes.subjects(side, OGX.said, OGX.setAgainst)}
        return [self.tensions[iri] for iri in sorted(found, key=natural_key) if iri in self.tensions]

    def brief(self, iri: Iri) -> Brief | None:
        """A claim in short, without its places; None where there is no such claim."""
        nodes = self.nodes
        if not nodes.is_a(iri, OGX.Claim):
            return None
        context = {name: nodes.iri(iri, predicate) for name, predicate in CONTEXT.items()}
        return Brief(
            iri=iri,
            label=self.label(iri),
            subject=nodes.iri(iri, RDF.subject) or Iri(""),
            object=nodes.iri(iri, RDF.object) or Iri(""),
            polarity=self.word(nodes.iri(iri, OGX.polarity)),
            context={name: value for name, value in context.items() if value is not None},
            certainty=strongest(self._supporting(iri)),
        )

    def _supporting(self, claim: Iri) -> list[str]:
        """The certainties with which the evidence for a claim supports it."""
        nodes = self.nodes
        said = (item for item in nodes.subjects(claim, OGX.evidenceFor) if nodes.is_a(item, OGX.Evidence))
        own = (item for item in said if nodes.iri(item, OGX.evidenceFor) == claim)
        return [
            self.word(nodes.iri(item, OGX.certainty))
            for item in own
            if self.word(nodes.iri(item, OGX.stance)) == "supports"
        ]

    def few_claims(self, things: Iterable[str], *predicates: Iri) -> tuple[list[Brief], int]:
        """The claims that point at one of the things, and how many there are; of more than :data:`MOST` so many.

        Those that are not positive are the last to be left out.
        """
        found, total = self.nodes.few(things, predicates, MOST, (OGX.polarity, OGX.positive))
        briefs = (self.brief(iri) for iri in found)
        return [claim for claim in briefs if claim is not None], total
