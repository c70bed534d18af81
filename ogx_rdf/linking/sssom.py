"""SSSOM mapping sets read strictly, and turned into SKOS matches without blank nodes.

Each row gives one node ``mapping:…`` (in SSSOM's own RDF terms) and, unless it records that no term was
found, the match itself (``entity:bax skos:exactMatch …``).  Lenient readers drop rows that they cannot
read; here every row is loaded or the file is refused with the line.  The columns of :data:`FOR_READERS`
and ``subject_label`` (the entity has its own) stay in the file and give no triples.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import InputError
from ..model import XSD_STRING, Iri, Literal, Triple
from ..namespaces import OWL, RDF, RDFS, SSSOM, XSD
from ..oxi import decode, is_iri

__all__ = [
    "FOR_READERS",
    "OPTIONAL",
    "REQUIRED",
    "Mapping",
    "load_mappings",
    "mapping_iri",
    "mapping_name",
    "read_mappings",
    "read_metadata",
]

NO_TERM = "sssom:NoTermFound"
REQUIRED = ("subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification")
OPTIONAL = ("comment", "confidence")
FOR_READERS = ("author_id", "mapping_date", "record_id")
PREDICATES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
_CONFIDENCE = re.compile(r"0\.[0-9]+|1\.0+|[01]")
JUSTIFICATIONS = ("semapv:ManualMappingCuration", "semapv:MappingReview", "semapv:UnspecifiedMatching")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row of a mapping set, with CURIEs as written and the IRIs that they stand for.

    :param for_readers: the cells that stay in the file, by column
    """

    line: int
    subject_id: str
    predicate_id: str
    object_id: str
    object_label: str
    justification: str
    comment: str
    confidence: str
    subject: str
    predicate: str
    object: str
    justification_iri: str
    for_readers: dict[str, str] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether the row names a term (and does not record that there is none)."""
        return self.object_id != NO_TERM


def _bad(message: str, shown: str, line: int | None, hint: str) -> InputError:
    return InputError(
        "E330",
        message,
        file=shown,
        line=line,
        why="A row that does not load is a link that silently goes missing.",
        hint=hint,
    )


def _metadata(lines: list[str], shown: str) -> tuple[dict[str, object], dict[str, str]]:
    import yaml

    try:
        meta = yaml.safe_load("\n".join(line[1:] for line in lines)) or {}
    except yaml.YAMLError as exc:
        raise _bad(f"the metadata block is not YAML: {exc}", shown, 1, "Mend the lines that start with #.") from exc
    curie_map = meta.get("curie_map") if isinstance(meta, dict) else None
    if not isinstance(curie_map, dict) or not curie_map:
        raise _bad("the metadata block has no curie_map", shown, 1, "Add #curie_map: with one prefix a line.")
    return meta, {str(k): str(v) for k, v in curie_map.items()}


def _split(path: Path, shown: str) -> tuple[list[str], int]:
    """The lines of a file, and how many of them are its metadata."""
    lines = decode(path, shown).splitlines()
    return lines, next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))


def read_metadata(path: Path, shown: str) -> tuple[dict[str, object], dict[str, str]]:
    """What the head of a mapping set says, and the namespaces by prefix.

    :raises InputError: for a head that is not YAML or gives no prefixes
    """
    lines, count = _split(path, shown)
    return _metadata(lines[:count], shown)


def _expand(curie: str, curie_map: dict[str, str], shown: str, line: int) -> str:
    prefix, colon, local = curie.partition(":")
    if not colon or not local or prefix not in curie_map:
        raise _bad(f"unknown prefix in {curie!r}", shown, line, "Declare the prefix in the curie_map, or mend the id.")
    iri = curie_map[prefix] + local
    if not is_iri(iri):
        raise _bad(f"{curie!r} does not give a valid IRI", shown, line, "Mend the id.")
    return iri


def read_mappings(path: Path, shown: str) -> list[Mapping]:
    """Read an SSSOM TSV file; every row is returned or the file is refused.

    :raises InputError: with the line of a missing column, unknown prefix, predicate or justification, or missing cell
    """
    lines, count = _split(path, shown)
    curie_map = _metadata(lines[:count], shown)[1]
    body = [(number, line) for number, line in enumerate(lines[count:], count + 1) if line.strip()]
    if not body:
        raise _bad("no column header", shown, count + 1, "Add the header row of SSSOM columns.")
    cells = [(number, next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE))) for number, line in body]
    header_line, header = cells[0]
    for name in REQUIRED:
        if name not in header:
            raise _bad(f"column {name} is missing", shown, header_line, "Add the column.")
    for name in header:
        if name not in REQUIRED + OPTIONAL + FOR_READERS:
            known = f"Known: {', '.join(REQUIRED + OPTIONAL)}; for readers of the file only: {', '.join(FOR_READERS)}."
            raise _bad(f"unknown column {name!r}", shown, header_line, known)
    result = [
        _mapping(number, dict(zip(header, row, strict=False)), row, header, curie_map, shown)
        for number, row in cells[1:]
    ]
    _refuse_twins(result, shown)
    return result


def _mapping(
    line: int, row: dict[str, str], cells: list[str], header: list[str], curie_map: dict[str, str], shown: str
) -> Mapping:
    if len(cells) != len(header):
        raise _bad(f"{len(cells)} cells under {len(header)} columns", shown, line, "Give each column one cell.")
    if row["predicate_id"] not in PREDICATES:
        raise _bad(f"unknown predicate {row['predicate_id']!r}", shown, line, f"Use one of {', '.join(PREDICATES)}.")
    if row["mapping_justification"] not in JUSTIFICATIONS:
        raise _bad(
            f"unknown justification {row['mapping_justification']!r}",
            shown,
            line,
            f"Use one of {', '.join(JUSTIFICATIONS)}.",
        )
    if row["object_id"] == NO_TERM and not row.get("comment"):
        raise _bad("no term found, and no reason given", shown, line, "Say in comment what was looked for, and where.")
    confidence = row.get("confidence", "")
    if confidence and not _CONFIDENCE.fullmatch(confidence):
        raise _bad(f"confidence {confidence!r} is no number from 0 to 1", shown, line, "Write it like 0.9.")
    return Mapping(
        line=line,
        subject_id=row["subject_id"],
        predicate_id=row["predicate_id"],
        object_id=row["object_id"],
        object_label=row["object_label"],
        justification=row["mapping_justification"],
        comment=row.get("comment", ""),
        confidence=confidence,
        subject=_expand(row["subject_id"], curie_map, shown, line),
        predicate=_expand(row["predicate_id"], curie_map, shown, line),
        object=_expand(row["object_id"], curie_map, shown, line),
        justification_iri=_expand(row["mapping_justification"], curie_map, shown, line),
        for_readers={name: row[name] for name in ("subject_label", *FOR_READERS) if row.get(name)},
    )


def _refuse_twins(rows: list[Mapping], shown: str) -> None:
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = (row.subject, row.predicate, row.object)
        if key in seen:
            raise _bad(f"the same mapping stands on line {seen[key]}", shown, row.line, "Keep one of the two.")
        seen[key] = row.line


def mapping_name(row: Mapping) -> str:
    """A stable local name for the node of a row, from what it maps."""
    parts = (row.subject_id.partition(":")[2], row.predicate_id.partition(":")[2], row.object_id)
    return ".".join(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts)


def mapping_iri(row: Mapping, base: str) -> Iri:
    """The node of a row."""
    return Iri(f"{base}mapping/{mapping_name(row)}")


def _triples(row: Mapping, base: str) -> Iterable[Triple]:
    node = mapping_iri(row, base)
    yield node, RDF.type, OWL.Axiom
    yield node, OWL.annotatedSource, Iri(row.subject)
    yield node, OWL.annotatedProperty, Iri(row.predicate)
    yield node, OWL.annotatedTarget, Iri(row.object)
    yield node, SSSOM.mapping_justification, Iri(row.justification_iri)
    yield node, SSSOM.object_label, Literal(row.object_label, XSD_STRING)
    if row.comment:
        yield node, RDFS.comment, Literal(row.comment, XSD_STRING)
    if row.confidence:
        yield node, SSSOM.confidence, Literal(row.confidence, XSD.double)
    if row.found:
        yield Iri(row.subject), Iri(row.predicate), Iri(row.object)


def load_mappings(path: Path, shown: str, base: str) -> list[Triple]:
    """The triples of a mapping set; the number of mapping nodes equals the number of rows.

    :raises InputError: where a row would be lost
    """
    rows = read_mappings(path, shown)
    triples = [t for row in rows for t in _triples(row, base)]
    nodes = {t[0] for t in triples if t[1] == RDF.type}
    if len(nodes) != len(rows):
        raise _bad(f"{len(rows)} rows give {len(nodes)} mappings", shown, None, "Two rows share one name; mend one.")
    return triples
