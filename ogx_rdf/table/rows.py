"""Rows from records: of a claim with its chain, and of what claims share (passages, entries, works …).

A row is a plain dictionary without what is absent, so that little is written; the files hold null, or an empty list.
This runs once for every claim of a graph, so it is written for speed: nothing here searches or abbreviates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from hashlib import blake2b
from itertools import chain as chained

from ..audit.chains import Chain, Citation, Link, carried_by, citations_of
from ..model import Iri
from ..namespaces import OGX, RDFS, SKOS
from ..records import CONTEXT, Claim, Document, Evidence, Records, Reference, StoredPassage, Tension, Work

__all__ = ["Row", "Rows", "all_rows", "merged", "orphan_rows", "relation_rows", "rows_of", "shared_rows"]

Row = dict[str, object]
Rows = dict[str, list[Row]]
Own = Callable[[str], bool]

_NAMES = tuple(CONTEXT)
_MOST = 2**31


def _told(row: Row) -> Row:
    """A row without what is absent."""
    return {name: value for name, value in row.items() if value is not None and value != ()}


def _number(value: int | None) -> int | None:
    """A place in a text, or None for one beyond any text: a fault that validation tells, and no column could hold."""
    return value if value is not None and -_MOST < value < _MOST else None


def _digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _proposition(claim: Claim) -> Row:
    around = claim.context
    context = _digest(*(around.get(name, "") for name in _NAMES)) if around else None
    return {
        "label": claim.label,
        "subject": claim.subject or None,
        "predicate": claim.predicate or None,
        "object": claim.object or None,
        "polarity": claim.polarity or None,
        "kind": claim.kind or None,
        **around,
        "context": context,
        "key": _digest(claim.subject, claim.predicate, claim.object, claim.polarity, context or ""),
    }


def rows_of(chain: Chain, records: Records) -> Rows:
    """The rows of one claim: its own, and one for each piece of evidence.

    :param records: the records that the chain was followed in: of the whole corpus, or of the claim's bundle
    """
    proposition = _proposition(chain.claim)
    return {
        "claims": [_claim(chain, proposition, records)],
        "evidence": [_evidence(link, proposition, records) for link in chain.links],
    }


def _claim(chain: Chain, proposition: Row, records: Records) -> Row:
    claim, support, citations = chain.claim, chain.support, chain.citations
    sources = tuple(dict.fromkeys(c.source for c in citations))
    supporting, disputing = support.supporting_studies, support.disputing_studies
    entries = dict.fromkeys(c.reference.iri if c.reference else "" for c in citations)
    prefer = records.nodes.text
    named = ((name, prefer(iri, SKOS.prefLabel)) for name, iri in claim.context.items())
    return _told(
        {
            "claim": claim.iri,
            **proposition,
            "subject_label": records.label(claim.subject) if claim.subject else None,
            "predicate_label": records.label(claim.predicate) if claim.predicate else None,
            "object_label": records.label(claim.object) if claim.object else None,
            "setting": tuple(sorted(f"{name}: {label}" for name, label in named if label is not None)),
            "comment": claim.comment,
            "certainty": claim.certainty,
            "pieces": len(chain.links),
            "places": len(chain.places),
            "state": chain.state,
            "carried": chain.carried,
            "sources_cited": len(sources),
            "sources": sources,
            "labels": tuple(dict.fromkeys(c.marker.label for c in citations)),
            "entries": tuple(entries),
            "stated_by": support.stated_by,
            "support": support.word,
            "studies_for": len(supporting),
            "studies_against": len(disputing),
            "supporting": tuple(line.name for line in supporting),
            "disputing": tuple(line.name for line in disputing),
            "exact": support.exact,
            "first_hand": support.first_hand,
        }
    )


def _citation(item: Citation) -> Row:
    work = item.work
    return _told(
        {
            "label": item.marker.label,
            "printed": item.marker.printed,
            "reference": item.reference.iri if item.reference else None,
            "resolution": item.resolution,
            "work": work.iri if work else None,
            "source_type": item.source_type,
            "standing": work.standing if work else None,
            "leads_to": item.leads_to,
            "carries": item.carries,
        }
    )


def _evidence(link: Link, proposition: Row, records: Records) -> Row:
    item = link.evidence
    return _told(
        {
            "evidence": item.iri,
            "claim": item.claim,
            "orphan": False,
            **proposition,
            **_said(item),
            "quote_verdict": link.quote,
            "passage_verdict": link.passage,
            "citation": link.citation,
            "citations": tuple(map(_citation, link.citations)),
            **_passage(item.passage),
            **_reported(item, records),
            **_measured(item),
        }
    )


def _said(item: Evidence) -> Row:
    return {
        "stance": item.stance or None,
        "directness": item.directness or None,
        "certainty": item.certainty or None,
        "hedges": item.hedges,
        "hedge_override": item.hedge_override,
        "manner": item.manner,
        "via": item.via,
        "not_stated": item.not_stated,
        "relies_on": item.relies_on,
        "types": item.types,
        "quote": item.quote,
        "start": _number(item.start),
        "end": _number(item.end),
    }


def _passage(passage: StoredPassage | None) -> Row:
    if passage is None:
        return {}
    return {
        "passage": passage.iri,
        "passage_kind": passage.kind,
        "document": passage.document,
        "section": passage.section,
        "text_line": _number(passage.line),
        "text_row": _number(passage.row),
    }


def _reported(item: Evidence, records: Records) -> Row:
    if item.quote is not None and item.source is None and item.primary_source is None:
        return {}

    def work(iri: Iri | None) -> Work | None:
        return records.works.get(iri) if iri else None

    read, primary, origin = work(item.source), work(item.primary_source), work(item.origin)
    return {
        "report": item.report,
        "source": item.source,
        "source_type": read.source_type if read else None,
        "source_standing": read.standing if read else None,
        "primary_source": item.primary_source,
        "primary_type": primary.source_type if primary else None,
        "primary_standing": primary.standing if primary else None,
        "studies": origin.lines if origin else (),
        "extent": item.extent,
        "read_at": item.read_at,
        "read_on": item.read_on,
        "read_by": item.read_by,
    }


def _measured(item: Evidence) -> Row:
    if item.measurement is None:
        return {}
    fields = {f"measured_{name}": value for name, value in item.measurement.fields.items()}
    return {"measurement": item.measurement.iri, "measured": item.measurement.measure, **fields}


def _every(_: str) -> bool:
    return True


def orphan_rows(records: Records, own: Own = _every) -> Rows:
    """The rows of evidence whose claim is not there: a fault, and still a piece of evidence.

    :param own: which nodes the rows are to be of, where records hold others beside them
    """
    found = []
    for item in records.evidence.values():
        if own(item.iri) and not (item.claim in records.claims and own(item.claim)):
            verdicts = {"quote_verdict": "not compared" if item.quoted else "reported"}
            head: Row = {"evidence": item.iri, "claim": item.claim, "orphan": True, **verdicts}
            found.append(_told({**head, **_said(item), **_passage(item.passage), **_reported(item, records)}))
    return {"evidence": found}


def shared_rows(records: Records, own: Own = _every) -> Rows:
    """The rows of what claims share: passages, markers, entries, works, tensions, documents.

    Rows may be written more than once, as bundles meet the same nodes: equal ones count once.

    :param own: which nodes the rows are to be of, where records hold others beside them
    """
    passages = [item for item in records.passages.values() if own(item.iri)]
    return {
        "passages": [_stored(item, records) for item in passages],
        "markers": [row for item in passages for row in _markers(item)],
        "references": [_reference(item, records) for item in records.references.values() if own(item.iri)],
        "works": [_told(_fields(item, "work")) for item in records.works.values() if own(item.iri)],
        "tensions": [_told(_fields(item, "tension")) for item in records.tensions.values() if own(item.iri)],
        "documents": [_document(item) for item in records.documents.values() if own(item.iri)],
    }


def _document(item: Document) -> Row:
    return _told({**_fields(item, "document"), "length": _number(item.length)})


def _markers(passage: StoredPassage) -> Iterator[Row]:
    seen: set[Iri | None] = {None}
    for item in passage.markers:
        row: Row = {"passage": passage.iri, "marker": item.iri, "label": item.label, "printed": item.printed}
        row["again"] = item.reference is not None and item.reference in seen
        seen.add(item.reference)
        yield _told({**row, "start": _number(item.start), "end": _number(item.end), "reference": item.reference})


def _fields(item: Reference | Work | Tension | Document, name: str) -> Row:
    """The fields of a record; its IRI goes by the name of the table's first column."""
    return {name if field.name == "iri" else field.name: getattr(item, field.name) for field in fields(item)}


def _stored(passage: StoredPassage, records: Records) -> Row:
    row: Row = {
        "passage": passage.iri,
        "document": passage.document,
        "kind": passage.kind,
        "section": passage.section,
        "start": _number(passage.start),
        "end": _number(passage.end),
        "sha256": passage.sha256,
        "text_line": _number(passage.line),
        "text_row": _number(passage.row),
        "skipped_as": passage.skipped_as,
        "labels": passage.labels,
        "marks": len(passage.markers),
        "unlisted": sum(marker.reference is None for marker in passage.markers),
        "carried": carried_by(citations_of(passage, records)),
    }
    return _told(row)


def _reference(item: Reference, records: Records) -> Row:
    """An entry with the source type that is recorded on the entry itself: that of its work is a column of works."""
    own = records.nodes.text(item.iri, OGX.sourceType)
    return _told({**_fields(item, "reference"), "source_type": records.word(own) or None})


def relation_rows(records: Records) -> Rows:
    """The rows of the relations; the records must hold the vocabulary, for what counts as one relation."""
    return {"relations": list(_relations(records))}


def _relations(records: Records) -> Iterator[Row]:
    nodes = records.nodes
    declared = nodes.members(OGX.Relation)
    like, against = (_both_ways(records, declared, how) for how in (OGX.synonymOf, OGX.opposes))
    known = set(declared)
    for relation in sorted({*declared, *like, *against}):
        group, rest = {relation}, [relation]
        while rest:
            new = like.get(rest.pop(), set()) - group
            group |= new
            rest += new
        yield _told(
            {
                "relation": relation,
                "label": nodes.text(relation, RDFS.label),
                "sign": records.sign(relation),
                "declared": relation in known,
                "synonyms": min(group),
                "opposes": tuple(sorted(against.get(relation, ()))),
            }
        )


def _both_ways(records: Records, declared: Iterable[Iri], predicate: Iri) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in declared:
        for other in records.nodes.iris(one, predicate):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found


def all_rows(chains: Iterable[Chain], records: Records) -> Iterator[Rows]:
    """Every row of a corpus: claim by claim, then what they share."""
    others = (orphan_rows, shared_rows, relation_rows)
    return chained((rows_of(chain, records) for chain in chains), (make(records) for make in others))


def merged(parts: Iterable[Mapping[str, list[Row]]]) -> Rows:
    """The rows of several claims as those of one."""
    found: Rows = {}
    for part in parts:
        for table, rows in part.items():
            found.setdefault(table, []).extend(rows)
    return found
