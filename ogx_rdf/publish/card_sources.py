"""The cards of what is read: documents and their passages, reference entries, works."""

from __future__ import annotations

from collections.abc import Iterable

from ..audit.chains import citations_of
from ..model import Iri
from ..namespaces import OGX
from ..records import Evidence, Reference, StoredPassage
from ..turtle import natural_key
from .cards import Card, Deck, claim_line, more

__all__ = ["document_card", "passage_card", "reference_card", "work_card"]


def passage_card(deck: Deck, iri: Iri) -> Card:
    """A passage with its text where that is at hand, its citations, and what was quoted from it."""
    passage, records = deck.records.passages[iri], deck.records
    here = records.quoted_from(iri)
    text = deck.texts.get(passage.document) if passage.document else None
    return {
        **deck.place(passage),
        "document": deck.named(passage.document) if passage.document else None,
        "start": passage.start,
        "end": passage.end,
        "sha256": passage.sha256,
        "text": None if text is None else text[passage.start : passage.end],
        "skipped_as": passage.skipped_as,
        "citations": [c.as_dict(records) for c in citations_of(passage, records)],
        "quotes": [
            {
                "evidence": deck.curie(e.iri),
                "quote": e.quote,
                "start": e.start,
                "end": e.end,
                "certainty": e.certainty,
            }
            for e in here
        ],
        "claims": deck.claim_lines(dict.fromkeys(e.claim for e in here)),
        "relied_on_by": [deck.curie(e.iri) for e in records.evidence_at(iri, OGX.reliesOn)],
        "tensions": deck.tensions([iri, *(e.iri for e in here)]),
    }


def _citing(deck: Deck, references: Iterable[Iri]) -> tuple[list[StoredPassage], list[Iri]]:
    """The passages that print one of the references, and the claims quoted from these."""
    passages = deck.records.printing(references)
    pieces = (item for passage in passages for item in deck.records.quoted_from(passage.iri))
    claims = (item.claim for item in sorted(pieces, key=lambda item: natural_key(item.iri)))
    return passages, list(dict.fromkeys(claims))


def reference_card(deck: Deck, iri: Iri) -> Card:
    """An entry of a reference list: what it denotes, where it is cited, and for what."""
    entry = deck.records.references[iri]
    passages, claims = _citing(deck, [iri])
    return {
        **_entry(deck, entry),
        "printed": sum(m.reference == iri for p in passages for m in p.markers),
        "passages": [deck.place(p) for p in passages],
        "claims": deck.claim_lines(claims),
        "tensions": deck.tensions([iri]),
    }


def _entry(deck: Deck, entry: Reference) -> Card:
    work = deck.records.works.get(entry.work) if entry.work else None
    return {
        "reference": deck.curie(entry.iri),
        "printed_label": entry.label,
        "content": entry.content,
        "document": deck.named(entry.document) if entry.document else None,
        "resolution": entry.resolution,
        "source_type": entry.source_type,
        "work": deck.work(work) if work else None,
        "candidates": [deck.named(c) for c in entry.candidates],
        "comment": entry.comment,
    }


def work_card(deck: Deck, iri: Iri) -> Card:
    """A work: its standing, the studies it reports, who cites it for what, and what was read in it."""
    records = deck.records
    entries, denoting = records.entries_of(iri)
    reports, reported = records.reports_of(iri)
    _, claims = _citing(deck, (r.iri for r in entries))
    return {
        **deck.work(records.works[iri]),
        "replaces": [deck.named(work) for work in records.replaced_by(iri)],
        "denoted_by": [deck.curie(r.iri) for r in entries],
        "candidate_for": [deck.curie(r.iri) for r in records.entries_for(iri)],
        "cited_for": deck.claim_lines(claims),
        "reported_in": [deck.curie(e.iri) for e in reports],
        "speaks_to": [_spoken(deck, e) for e in reports],
        "tensions": deck.tensions([iri, *(e.iri for e in reports), *(r.iri for r in entries)]),
        **more(entries=denoting, reports=reported),
    }


def _spoken(deck: Deck, item: Evidence) -> Card:
    """What a report says of a claim, and in which work it was read."""
    claim = deck.records.claims.get(item.claim)
    return {
        "evidence": deck.curie(item.iri),
        "stance": item.stance,
        "directness": item.directness,
        "certainty": item.certainty,
        "speaks_to": claim_line(claim, deck.records) if claim else None,
        "report": item.report,
        "read_in": deck.curie(item.source) if item.source else None,
    }


def document_card(deck: Deck, iri: Iri) -> Card:
    """A document as it was read, counted."""
    item, records = deck.records.documents[iri], deck.records
    passages, entries = records.passages_of(iri), records.entries_in(iri)
    quotes = [item for passage in passages for item in records.quoted_from(passage.iri)]
    quoted = {place for e in quotes if e.start is not None for place in range(e.start, e.end or 0)}
    return {
        "publisher": item.publisher,
        "date": item.date,
        "sha256": item.sha256,
        "length": item.length,
        "quoted_characters": len(quoted),
        "file_name": item.file_name,
        "obtain": item.obtain,
        "text_at_hand": iri in deck.texts,
        "passages": len(passages),
        "markers": sum(len(p.markers) for p in passages),
        "quotes": len(quotes),
        "claims": len({e.claim for e in quotes}),
        "references": [
            {"reference": deck.curie(r.iri), "printed_label": r.label, "content": r.content} for r in entries
        ],
        "tensions": deck.tensions([iri]),
    }
