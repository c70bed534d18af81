"""The dataset in exchange formats: one line per piece of evidence (jsonl, csv), its triples, its works, its links.

A line says who says what with which words, how surely, and what stands behind it; nothing is merged
into a label.  Formats that are not here are refused by name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from ..corpus import Corpus
from ..errors import InputError, UsageError
from ..linking.export import same_as, skos_links, sssom
from ..model import Triple
from ..oxi import jsonld
from ..queries.cells import number
from ..records import CONTEXT, MEASUREMENT, Claim, Evidence, Measurement, Records
from ..turtle import write
from .build import nquads
from .citations import bibtex, csl_json, ris

__all__ = ["COLUMNS", "FORMATS", "evidence_row", "evidence_rows", "export"]

COLUMNS = (
    "evidence",
    "claim",
    "label",
    "subject",
    "subject_label",
    "relation",
    "relation_label",
    "object",
    "object_label",
    "kind",
    "polarity",
    "sign",
    "certainty",
    "hedge",
    "stance",
    "directness",
    "manner",
    "via",
    "not_stated",
    "relies_on",
    "document",
    "section",
    "passage",
    "quote",
    "start",
    "end",
    "citations",
    "source_types",
    "context",
    "measurement",
    "report",
    "source",
    "primary_source",
    "read_at",
    "read_on",
    "read_by",
    "extent",
    "study_lines",
)
"""The fields of a line, in order; the columns of the table.  From ``report`` on they are of reported evidence only."""


def _measurement(item: Measurement | None, records: Records) -> dict[str, object] | None:
    if item is None:
        return None
    row: dict[str, object] = {"measure": item.measure}
    for name in MEASUREMENT:
        value = item.fields.get(name)
        row[name] = value if value is None or name not in ("value", "n") else number(value)
        if name == "unit":
            row[name] = None if value is None else records.corpus.curie(value)
    return row


def _place(item: Evidence, curie: Callable[[str], str]) -> dict[str, object]:
    """Where it was read: the passage with its printed citations, or the work that was reported."""
    passage = item.passage
    document = passage.document if passage else item.source
    return {
        "document": curie(document) if document else None,
        "section": passage.section if passage else None,
        "passage": curie(passage.iri) if passage else None,
        "quote": item.quote,
        "start": item.start,
        "end": item.end,
        "citations": list(passage.labels) if passage else [],
    }


def _source_types(item: Evidence, records: Records) -> list[str | None]:
    found = []
    for marker in item.passage.markers if item.passage else ():
        entry = records.references.get(marker.reference) if marker.reference else None
        found.append(entry.source_type if entry else None)
    return found


def _reported(item: Evidence, records: Records) -> dict[str, object]:
    """Which work was read, where, when, by whom and how far; whose result it is, and on which studies.

    ``study_lines`` are the studies of the work whose result it is, else that work: what counts as one line of evidence.
    """
    curie = records.corpus.curie
    origin = records.works.get(item.origin) if item.origin else None
    return {
        "report": item.report,
        "source": curie(item.source) if item.source else None,
        "primary_source": curie(item.primary_source) if item.primary_source else None,
        "read_at": item.read_at,
        "read_on": item.read_on,
        "read_by": item.read_by,
        "extent": item.extent,
        "study_lines": [curie(line) for line in origin.lines] if origin else [],
    }


def evidence_row(claim: Claim, item: Evidence, records: Records) -> dict[str, object]:
    """One piece of evidence as a flat object with the keys of :data:`COLUMNS`."""
    curie, label = records.corpus.curie, records.label
    context = {name: claim.context.get(name) for name in CONTEXT}
    row: dict[str, object] = {
        "evidence": curie(item.iri),
        "claim": curie(claim.iri),
        "label": claim.label,
        "subject": curie(claim.subject),
        "subject_label": label(claim.subject),
        "relation": curie(claim.predicate),
        "relation_label": label(claim.predicate),
        "object": curie(claim.object),
        "object_label": label(claim.object),
        "kind": claim.kind,
        "polarity": claim.polarity,
        "sign": records.sign(claim.predicate),
        "certainty": item.certainty,
        "hedge": "; ".join(item.hedges) or None,
        "stance": item.stance,
        "directness": item.directness,
        "manner": item.manner,
        "via": [curie(c) for c in item.via],
        "not_stated": list(item.not_stated),
        "relies_on": [curie(p) for p in item.relies_on],
        **_place(item, curie),
        "source_types": _source_types(item, records),
        "context": {name: None if value is None else curie(value) for name, value in context.items()},
        "measurement": _measurement(item.measurement, records),
        **_reported(item, records),
    }
    return {name: row[name] for name in COLUMNS}


def evidence_rows(records: Records) -> Iterator[dict[str, object]]:
    """Every piece of evidence as a row, in natural order of its id.

    :raises InputError: for evidence whose claim is not in the corpus
    """
    for item in records.evidence.values():
        if item.claim not in records.claims:
            file, line = records.corpus.index.place(item.iri)
            name = records.corpus.curie(item.iri)
            raise InputError(
                "E514",
                f"{name} is evidence for no claim",
                file=file,
                line=line,
                hint="Run ogx-rdf validate and mend it.",
            )
        yield evidence_row(records.claims[item.claim], item, records)


def _jsonl(corpus: Corpus) -> Iterator[str]:
    for row in evidence_rows(Records(corpus)):
        yield json.dumps(row, ensure_ascii=False) + "\n"


def safe_cell(value: object) -> str:
    """A value as a table cell: JSON text for lists and objects; nothing that a spreadsheet would run as a formula."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) or (text[:1] in "\t\r\n" and text) else text


def _csv(corpus: Corpus) -> Iterator[str]:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in evidence_rows(Records(corpus)):
        writer.writerow([safe_cell(row[name]) for name in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _turtle(corpus: Corpus) -> Iterator[str]:
    yield write({triple for triple, _ in corpus.quads()}, corpus.prefixes)


def _graphs(corpus: Corpus) -> Mapping[str, set[Triple]]:
    graphs: dict[str, set[Triple]] = defaultdict(set)
    for triple, graph in corpus.quads():
        graphs[graph].add(triple)
    return {name: graphs[name] for name in sorted(graphs)}


def _trig(corpus: Corpus) -> Iterator[str]:
    prefixes = corpus.prefixes
    head = write([], prefixes)
    yield head
    for name, triples in _graphs(corpus).items():
        yield f"\nGRAPH <{name}> {{\n{write(triples, prefixes)[len(head) :]}}}\n"


def _jsonld(corpus: Corpus) -> Iterator[str]:
    """JSON-LD with full IRIs and no context, so that nothing has to be fetched to read it."""
    yield jsonld(nquads(corpus)) + "\n"


FORMATS: Mapping[str, Callable[[Corpus], Iterator[str]]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "ttl": _turtle,
    "trig": _trig,
    "nq": lambda corpus: iter([nquads(corpus)]),
    "jsonld": _jsonld,
    "bibtex": bibtex,
    "ris": ris,
    "csl-json": csl_json,
    "sssom": sssom,
    "links": skos_links,
    "sameas": same_as,
}
"""The formats and what writes each."""


def export(corpus: Corpus, format: str) -> Iterator[str]:
    """The corpus in an exchange format, in pieces to be written one after the other.

    :param format: ``jsonl`` or ``csv`` (a line per piece of evidence), ``ttl``, ``trig``, ``nq``, ``jsonld`` (triples),
        ``bibtex``, ``ris``, ``csl-json`` (works), ``sssom``, ``links``, ``sameas`` (links)
    :raises UsageError: for any other format, and while it is written for ``sssom`` without a mapping set
    :raises InputError: while it is written, for ``bibtex`` and ``ris`` without the extra ``citations``
    """
    if format not in FORMATS:
        if format == "parquet":
            hint = "In Python: graph.table(folder); on the command line: ogx-rdf export --format parquet --out DIR"
            raise UsageError("E543", "the format parquet is a folder of files, and comes in no pieces", hint=hint)
        raise UsageError(
            "E513",
            f"no export format {format!r}",
            why="What a format cannot say would be lost silently, so only formats that were tried are offered.",
            hint=f"Available: {', '.join([*FORMATS, 'parquet'])}.",
        )
    return FORMATS[format](corpus)
