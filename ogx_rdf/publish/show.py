"""Everything known of one node, as a card: a claim, evidence, a passage, a reference, a work, an entity, anything.

A card gives the exact words, where they stand, which citations the source printed on them, and what
kind of source each leads to.  No claim is named without its polarity and strongest certainty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..audit.chains import Chain, Link, citations_of, follow
from ..corpus import Corpus
from ..documents.coverage import coverage
from ..documents.places import locate
from ..errors import UsageError
from ..model import Iri
from ..namespaces import OGX, RDF, RDFS, SKOS
from ..records import CONTEXT, Claim, Evidence, Measurement, Records, Reference, StoredPassage, Work

__all__ = ["Card", "claim_line", "show"]

Card = dict[str, object]

WIDENING = (OGX.formOf, OGX.aspectOf, OGX.member, OGX.component, OGX.involves)
"""From a node to the things it is a form, an aspect or a whole of: claims on it are claims about them too."""
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


def claim_line(claim: Claim, records: Records) -> Card:
    """A claim in one line: id, label, polarity, strongest certainty."""
    return {
        "claim": records.corpus.curie(claim.iri),
        "label": claim.label,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
    }


class _Cards:
    """The cards of a corpus; each method takes the IRI of one kind of node."""

    def __init__(self, corpus: Corpus, sources: Sequence[str]) -> None:
        self.corpus = corpus
        self.records = Records(corpus)
        self.curie = corpus.curie
        self.texts = {iri: found.text for iri, found in locate(corpus, sources).items() if found.matches}

    def named(self, iri: str) -> Card:
        return {"id": self.curie(iri), "label": self.records.label(iri)}

    def claim_lines(self, claims: Iterable[str]) -> list[Card]:
        """Claims in one line each, the negative ones in front."""
        known = (self.records.claims.get(Iri(iri)) for iri in claims)
        found = sorted((c for c in known if c is not None), key=lambda c: c.polarity == "positive")
        return [claim_line(claim, self.records) for claim in found]

    def claim(self, iri: Iri) -> Card:
        claim, records = self.records.claims[iri], self.records
        chain = follow(claim, records, self.texts)
        triple = {"subject": claim.subject, "relation": claim.predicate, "object": claim.object}
        return {
            **{key: self.named(value) for key, value in triple.items()},
            "sign": records.sign(claim.predicate),
            "polarity": claim.polarity,
            "certainty": claim.certainty,
            "kind": claim.kind,
            "context": {name: self.named(claim.context[name]) for name in CONTEXT if name in claim.context},
            "comment": claim.comment,
            "citation_state": chain.state,
            "sources": len(chain.sources),
            "evidence": [self._evidence(link) for link in chain.links],
            "way_of": self.claim_lines(dict.fromkeys(e.claim for e in records.evidence.values() if iri in e.via)),
            "twins": self.claim_lines(self._twins(claim)),
        }

    def _twins(self, claim: Claim) -> list[Iri]:
        """Claims that say the same with another polarity."""

        def key(item: Claim) -> tuple[object, ...]:
            return item.subject, item.predicate, item.object, tuple(sorted(item.context.items()))

        others = (other for other in self.records.claims.values() if other.polarity != claim.polarity)
        return [other.iri for other in others if key(other) == key(claim)]

    def evidence(self, iri: Iri) -> Card:
        item = self.records.evidence[iri]
        claim = self.records.claims.get(item.claim)
        if claim is None:
            return {"claim": {"claim": self.curie(item.claim)}, "quote": item.quote, "report": item.report}
        chain: Chain = follow(claim, self.records, self.texts)
        link = next(link for link in chain.links if link.evidence.iri == iri)
        return {"claim": claim_line(claim, self.records), **self._evidence(link)}

    def _evidence(self, link: Link) -> Card:
        item, passage = link.evidence, link.evidence.passage
        document = self.records.documents.get(passage.document) if passage and passage.document else None
        return {
            "evidence": self.curie(item.iri),
            "stance": item.stance,
            "directness": item.directness,
            "certainty": item.certainty,
            "hedge": list(item.hedges),
            "hedge_override": item.hedge_override,
            "manner": item.manner,
            "quote": item.quote,
            "quote_verdict": link.quote,
            "start": item.start,
            "end": item.end,
            "passage": self._place(passage) if passage else None,
            "document": {**self.named(document.iri), "file_name": document.file_name} if document else None,
            "citations": [c.as_dict(self.records) for c in link.citations],
            "report": self._report(item),
            "via": self.claim_lines(item.via),
            "relies_on": [self._place(self.records.passages[p]) for p in item.relies_on if p in self.records.passages],
            "not_stated": list(item.not_stated),
            "measurement": self._measurement(item.measurement),
            "evidence_type": [self.curie(t) for t in item.types],
        }

    def _report(self, item: Evidence) -> Card | None:
        if item.quoted:
            return None
        primary = item.primary_source
        return {
            "words": item.report,
            "source": self.named(item.source) if item.source else None,
            "primary_source": self.named(primary) if primary else None,
            "read_at": item.read_at,
            "read_on": item.read_on,
            "extent": item.extent,
        }

    def _measurement(self, item: Measurement | None) -> Card | None:
        if item is None:
            return None
        fields = {name: self.curie(v) if name == "unit" else v for name, v in item.fields.items()}
        return {"measure": item.measure, **fields, "not_stated": list(item.not_stated)}

    def _place(self, passage: StoredPassage) -> Card:
        return {
            "passage": self.curie(passage.iri),
            "section": passage.section,
            "kind": passage.kind,
            "row": passage.row,
            "line": passage.line,
        }

    def passage(self, iri: Iri) -> Card:
        passage, records = self.records.passages[iri], self.records
        here = [e for e in records.evidence.values() if e.passage and e.passage.iri == iri]
        text = self.texts.get(passage.document) if passage.document else None
        return {
            **self._place(passage),
            "document": self.named(passage.document) if passage.document else None,
            "start": passage.start,
            "end": passage.end,
            "sha256": passage.sha256,
            "text": None if text is None else text[passage.start : passage.end],
            "skipped_as": passage.skipped_as,
            "citations": [c.as_dict(records) for c in citations_of(passage, records)],
            "quotes": [
                {
                    "evidence": self.curie(e.iri),
                    "quote": e.quote,
                    "start": e.start,
                    "end": e.end,
                    "certainty": e.certainty,
                }
                for e in here
            ],
            "claims": self.claim_lines(dict.fromkeys(e.claim for e in here)),
            "relied_on_by": [self.curie(e.iri) for e in records.evidence.values() if iri in e.relies_on],
        }

    def _citing(self, references: Iterable[Iri]) -> tuple[list[StoredPassage], list[Iri]]:
        """The passages that print one of the references, and the claims quoted from these."""
        wanted = set(references)
        passages = [p for p in self.records.passages.values() if any(m.reference in wanted for m in p.markers)]
        inside = {p.iri for p in passages}
        claims = (e.claim for e in self.records.evidence.values() if e.passage and e.passage.iri in inside)
        return passages, list(dict.fromkeys(claims))

    def reference(self, iri: Iri) -> Card:
        entry = self.records.references[iri]
        passages, claims = self._citing([iri])
        return {
            **self._entry(entry),
            "printed": sum(m.reference == iri for p in passages for m in p.markers),
            "passages": [self._place(p) for p in passages],
            "claims": self.claim_lines(claims),
        }

    def _entry(self, entry: Reference) -> Card:
        work = self.records.works.get(entry.work) if entry.work else None
        return {
            "reference": self.curie(entry.iri),
            "printed_label": entry.label,
            "content": entry.content,
            "document": self.named(entry.document) if entry.document else None,
            "resolution": entry.resolution,
            "source_type": entry.source_type,
            "work": self._work(work) if work else None,
            "candidates": [self.named(c) for c in entry.candidates],
            "comment": entry.comment,
        }

    def _work(self, work: Work) -> Card:
        return {
            **self.named(work.iri),
            "creator": work.creator,
            "date": work.date,
            "venue": work.venue,
            "identifiers": list(work.identifiers),
            "url": work.url,
            "source_type": work.source_type,
            "studies": [self.named(study) for study in work.studies],
            "comment": work.comment,
        }

    def work(self, iri: Iri) -> Card:
        entries = [r for r in self.records.references.values() if r.work == iri]
        maybe = [r for r in self.records.references.values() if iri in r.candidates]
        reports = [e for e in self.records.evidence.values() if iri in (e.source, e.primary_source)]
        _, claims = self._citing(r.iri for r in entries)
        return {
            **self._work(self.records.works[iri]),
            "denoted_by": [self.curie(r.iri) for r in entries],
            "candidate_for": [self.curie(r.iri) for r in maybe],
            "cited_for": self.claim_lines(claims),
            "reported_in": [self.curie(e.iri) for e in reports],
        }

    def document(self, iri: Iri) -> Card:
        item, records = self.records.documents[iri], self.records
        passages = [p for p in records.passages.values() if p.document == iri]
        entries = [r for r in records.references.values() if r.document == iri]
        quotes = [e for e in records.evidence.values() if e.passage and e.passage.document == iri]
        quoted = {place for e in quotes if e.start is not None for place in range(e.start, e.end or 0)}
        return {
            "publisher": item.publisher,
            "date": item.date,
            "sha256": item.sha256,
            "length": item.length,
            "quoted_characters": len(quoted),
            "file_name": item.file_name,
            "obtain": item.obtain,
            "text_at_hand": iri in self.texts,
            "passages": len(passages),
            "markers": sum(len(p.markers) for p in passages),
            "quotes": len(quotes),
            "claims": len({e.claim for e in quotes}),
            "references": [
                {"reference": self.curie(r.iri), "printed_label": r.label, "content": r.content} for r in entries
            ],
        }

    def entity(self, iri: Iri) -> Card:
        nodes = self.records.nodes
        links = {
            self.curie(p): [self.named(str(v)) for v in values if isinstance(v, Iri)]
            for p, values in nodes.predicates(iri).items()
            if p.startswith(OGX.iri)
        }
        return {
            "categories": [self.records.label(t) for t in nodes.texts(iri, RDF.type) if t != OGX.Entity],
            "also": list(nodes.texts(iri, SKOS.altLabel)),
            "comment": nodes.text(iri, RDFS.comment),
            "links": {name: values for name, values in links.items() if values},
            "external": [{"match": m, "id": self.curie(v)} for m in MATCHES for v in nodes.texts(iri, SKOS[m])],
            "claims": self._claims_about(iri),
        }

    def _claims_about(self, iri: Iri) -> list[Card]:
        """Claims on the entity, or on a form, aspect or whole of it, and what it is there; negative ones in front."""
        near = self._widened(iri)
        found = []
        for claim in self.records.claims.values():
            roles = {"subject": claim.subject, "object": claim.object, **claim.context}
            role = next((name for name, node in roles.items() if node in near), None)
            if role is not None:
                through = None if roles[role] == iri else self.records.label(roles[role])
                found.append({**claim_line(claim, self.records), "as": role, "through": through})
        return sorted(found, key=lambda line: line["polarity"] == "positive")

    def _widened(self, iri: Iri) -> set[str]:
        nodes, near, new = self.records.nodes, {str(iri)}, {str(iri)}
        entities = nodes.members(OGX.Entity)
        while new:
            new = {e for e in entities if e not in near and any(v in new for p in WIDENING for v in nodes.texts(e, p))}
            near |= new
        return near

    def relation(self, iri: Iri) -> Card:
        nodes = self.records.nodes
        return {
            "sign": self.records.sign(iri),
            "definition": nodes.text(iri, SKOS.definition),
            "example": nodes.text(iri, SKOS.example),
            "opposes": [self.named(v) for v in nodes.texts(iri, OGX.opposes)],
            "synonym_of": [self.named(v) for v in nodes.texts(iri, OGX.synonymOf)],
            "external": [{"match": m, "id": self.curie(v)} for m in MATCHES for v in nodes.texts(iri, SKOS[m])],
            "claims": self.claim_lines(c.iri for c in self.records.claims.values() if c.predicate == iri),
        }

    def other(self, iri: Iri) -> Card:
        """Any other node: its triples, and what points at it."""
        said = self.records.nodes.predicates(iri)
        pointing = sorted((self.curie(s), self.curie(p)) for s, p, _ in self.corpus.dataset.referrers(iri))
        return {
            "triples": [
                {"predicate": self.curie(p), "value": self.curie(str(v)) if isinstance(v, Iri) else str(v)}
                for p in sorted(said)
                for v in sorted(said[p], key=str)
            ],
            "pointed_at_by": [{"subject": s, "predicate": p} for s, p in pointing],
        }

    def of(self, iri: Iri) -> tuple[str, Card]:
        """What kind of node it is, and its card."""
        kinds: tuple[tuple[str, Iri, Callable[[Iri], Card]], ...] = (
            ("claim", OGX.Claim, self.claim),
            ("evidence", OGX.Evidence, self.evidence),
            ("passage", OGX.Passage, self.passage),
            ("reference", OGX.Reference, self.reference),
            ("work", OGX.Work, self.work),
            ("document", OGX.Document, self.document),
            ("trial", OGX.Trial, self.entity),
            ("entity", OGX.Entity, self.entity),
            ("relation", OGX.Relation, self.relation),
        )
        types = self.records.nodes.texts(iri, RDF.type)
        return next(((word, make(iri)) for word, kind, make in kinds if kind in types), ("node", self.other(iri)))


def show(corpus: Corpus, iri: str, *, sources: Sequence[str] = ()) -> Card:
    """Everything known of one node.

    :param iri: the IRI of any node; :func:`ogx_rdf.lookup.resolve` turns ids, CURIEs and names into one
    :param sources: places in which texts are looked for; the text of a passage is shown only where it is at hand
    :returns: an answer whose one row is the card; ``kind_of`` says what kind of node it describes
    :raises UsageError: where the graph says nothing of it
    """
    cards = _Cards(corpus, sources)
    node = Iri(iri)
    if node not in cards.records.nodes:
        raise UsageError("E501", f"nothing is known of {corpus.curie(iri)}", hint="Look it up with: ogx-rdf query list")
    kind, card = cards.of(node)
    file, line = corpus.index.place(node)
    return {
        "answer": "rows",
        "coverage": coverage(corpus).as_dict(),
        "kind_of": kind,
        "id": corpus.curie(iri),
        "iri": str(iri),
        "label": cards.records.label(iri),
        "file": file,
        "line": line,
        "rows": [card],
    }
