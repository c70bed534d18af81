"""The links of a corpus for other tools: one SSSOM set, SKOS matches for loaders, and ``owl:sameAs`` where it is true.

``owl:sameAs`` says that two IRIs stand for one thing, so that all that is said of either holds for both.  An exact
match says less, and mostly not that: a term of an ontology is a class, a heading of a thesaurus is a concept, and an
entry of a registry or of UniProt is a record with a version and a date.  So it is written only for an exact match with
an IRI that stands for the thing itself (:data:`THINGS`), of a category that such an IRI can have, and only where the
two have no other partner: else two things of ours, or two of theirs, would become one.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from ..corpus import Corpus
from ..errors import InputError, UsageError
from ..namespaces import OGX, OWL, RDF, SKOS, SSSOM
from .sssom import FOR_READERS, OPTIONAL, REQUIRED, read_mappings, read_metadata
from .sssom import Mapping as Row

__all__ = ["THINGS", "same_as", "skos_links", "sssom"]

THINGS: Mapping[str, tuple[str, ...]] = {
    "http://rdf.ebi.ac.uk/resource/chembl/molecule/": ("Drug",),
    "http://www.wikidata.org/entity/": ("Entity", "Trial"),
}
"""The namespaces whose IRIs stand for the thing itself, with the categories of ours that they can be."""

_COLUMNS = (
    "record_id",
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_id",
    "mapping_date",
    "confidence",
    "comment",
)
"""The columns in the order of the format's own documentation."""

_CURIES = ("record_id", "subject_id", "predicate_id", "object_id", "mapping_justification", "author_id")

_LINKS = f"""SELECT DISTINCT ?entity ?match ?term WHERE {{
  ?mapping <{OWL.annotatedSource}> ?entity ; <{OWL.annotatedProperty}> ?match ; <{OWL.annotatedTarget}> ?term
  FILTER(?term != <{SSSOM.NoTermFound}>)
}}"""

Link = tuple[str, str, str]


def _links(corpus: Corpus) -> list[Link]:
    rows = corpus.dataset.select(_LINKS, shown="links").texts()
    return sorted((row["entity"], row["match"], row["term"]) for row in rows)


def skos_links(corpus: Corpus) -> Iterator[str]:
    """Every match as an N-Triples line, sorted; rows that record that there is no term give none."""
    for entity, match, term in _links(corpus):
        yield f"<{entity}> <{match}> <{term}> .\n"


def same_as(corpus: Corpus) -> Iterator[str]:
    """``owl:sameAs`` as N-Triples, for the exact matches that license it; what was left out is said in comments."""
    exact = [link for link in _links(corpus) if link[1] == SKOS.exactMatch]
    classes: dict[str, set[str]] = defaultdict(set)
    asked = f"SELECT ?entity ?class WHERE {{ ?mapping <{OWL.annotatedSource}> ?entity . ?entity <{RDF.type}> ?class }}"
    for row in corpus.dataset.select(asked, shown="links").texts():
        classes[row["entity"]].add(row["class"])
    kept, why = _licensed(exact, classes)
    yield "# owl:sameAs for the exact matches in which both IRIs stand for one thing.\n"
    yield f"# {len(kept)} of {len(exact)} exact matches; left out: {why['record']} with a class, concept or record, "
    yield f"{why['category']} of another category, {why['partner']} with another partner.\n"
    for entity, _, term in kept:
        yield f"<{entity}> <{OWL.sameAs}> <{term}> .\n"


def _licensed(exact: list[Link], classes: Mapping[str, set[str]]) -> tuple[list[Link], Counter[str]]:
    why: Counter[str] = Counter()
    fit = []
    for link in exact:
        space = next((space for space in THINGS if link[2].startswith(space)), None)
        if space is None:
            why["record"] += 1
        elif classes[link[0]].isdisjoint(OGX[name] for name in THINGS[space]):
            why["category"] += 1
        else:
            fit.append((link, space))
    here = Counter((link[0], space) for link, space in fit)
    there = Counter(link[2] for link, _ in fit)
    kept = [link for link, space in fit if here[link[0], space] == 1 and there[link[2]] == 1]
    why["partner"] += len(fit) - len(kept)
    return kept, why


def sssom(corpus: Corpus) -> Iterator[str]:
    """All mapping sets as one, in SSSOM's TSV form: metadata, columns and rows in a fixed order.

    :raises UsageError: for a corpus without mapping sets
    :raises InputError: for sets that use one prefix for two namespaces, give two licences, or say one thing twice
    """
    files = corpus.mapping_files()
    if not files:
        raise UsageError("E645", "this corpus has no mapping sets", hint="They stand in mappings/*.sssom.tsv.")
    spaces: dict[str, str] = {}
    licences: dict[str, str] = {}
    sources: list[str] = []
    rows: dict[Link, tuple[Row, str]] = {}
    for path in files:
        shown = corpus.shown(path)
        meta, own = read_metadata(path, shown)
        for prefix, space in own.items():
            if spaces.setdefault(prefix, space) != space:
                raise _unlike(f"the prefix {prefix} stands for another namespace in another set", shown)
        licences.setdefault(str(meta.get("license") or ""), shown)
        sources.append(str(meta.get("mapping_set_id") or ""))
        for row in read_mappings(path, shown):
            if (earlier := rows.setdefault((row.subject, row.predicate, row.object), (row, shown))) != (row, shown):
                raise _unlike(f"the same mapping stands in {earlier[1]}:{earlier[0].line}", shown, row.line)
    if len(licences) > 1:
        raise _unlike("another set has another licence, and one file can state one only", list(licences.values())[1])
    cells = sorted((_cells(row) for row, _ in rows.values()), key=lambda cells: [cells[name] for name in _COLUMNS])
    used = {cells_[name].partition(":")[0] for cells_ in cells for name in _CURIES}
    yield from _head(corpus, next(iter(licences)), sources, {p: s for p, s in spaces.items() if p in used})
    columns = [name for name in _COLUMNS if name in REQUIRED or any(cells_[name] for cells_ in cells)]
    yield _line(columns)
    for cells_ in cells:
        yield _line([cells_[name] for name in columns])


def _unlike(message: str, shown: str, line: int | None = None) -> InputError:
    why = "One file out of several must not say what none of them says."
    return InputError("E646", message, file=shown, line=line, why=why, hint="Make the sets agree.")


def _cells(row: Row) -> dict[str, str]:
    own = {
        "subject_id": row.subject_id,
        "predicate_id": row.predicate_id,
        "object_id": row.object_id,
        "object_label": row.object_label,
        "mapping_justification": row.justification,
        "confidence": row.confidence,
        "comment": row.comment,
    }
    return dict.fromkeys(("subject_label", *FOR_READERS, *OPTIONAL), "") | row.for_readers | own


def _head(corpus: Corpus, licence: str, sources: list[str], spaces: Mapping[str, str]) -> Iterator[str]:
    import yaml

    meta: dict[str, object] = {"mapping_set_id": f"{corpus.base}mappings/all.sssom.tsv"}
    meta["mapping_set_version"] = corpus.config.version
    meta["mapping_set_title"] = f"External identifiers: {corpus.config.title}"
    if any(sources):
        meta["mapping_set_source"] = sorted(source for source in sources if source)
    if licence:
        meta["license"] = licence
    meta["curie_map"] = dict(sorted(spaces.items()))
    for line in yaml.safe_dump(meta, sort_keys=False, allow_unicode=True, width=10**9).splitlines():
        yield f"#{line}\n"


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
