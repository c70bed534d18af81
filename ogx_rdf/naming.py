"""The names of entities, and what else a name is chosen from, as a corpus of files or a store gives them.

A name that is typed exactly is found by look-up.  One in another case or with other blanks is looked for
among all: in a corpus of files here, in a store by its engine, which gives back those that match.  Only
where nothing bears the name are names listed, to propose the nearest, and never more than :data:`MOST`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .corpus import Corpus
from .model import Iri, Literal, Term
from .namespaces import OGX, RDF, SKOS

__all__ = ["MOST", "Name", "alike", "entity_names", "exact", "folded", "local_name", "members", "nodes", "same"]

MOST = 5_000
"""Of so many names the nearest are proposed; where a store has more, of those with the same first letter."""

_HOW = (SKOS.prefLabel, SKOS.altLabel)
_NAMES = f"VALUES ?how {{ <{SKOS.prefLabel}> <{SKOS.altLabel}> }} ?entity a <{OGX.Entity}> ; ?how ?name"
_SELECT = "SELECT ?entity ?how ?name ?text"
_MARKED = f"{_NAMES} BIND(EXISTS {{ ?entity a <{OGX.Text}> }} AS ?text)"


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an entity; ``rank`` 0 is a preferred label, 1 a surface form, 2 and 3 the same of a printed text."""

    text: str
    iri: Iri
    rank: int


def folded(text: str) -> str:
    """A name as it is compared: in one case, with single blanks."""
    return " ".join(text.casefold().split())


def _ordered(names: Iterable[Name]) -> list[Name]:
    return sorted(set(names), key=lambda name: (name.rank, name.text, name.iri))


def _read(corpus: Corpus, query: str, bindings: dict[str, Term] | None = None) -> list[Name]:
    found = corpus.dataset.select(query, bindings, "names of entities")
    return _ordered(
        Name(row["name"], Iri(row["entity"]), (row["how"] == SKOS.altLabel) + 2 * (row["text"] == "true"))
        for row in found.texts()
    )


def entity_names(corpus: Corpus) -> list[Name]:
    """Every name of every entity, preferred labels first, in a fixed order."""
    return _read(corpus, f"{_SELECT} WHERE {{ {_MARKED} }}")


def _entities(corpus: Corpus, rank: int, rows: Iterable[dict[str, str]]) -> Iterator[Name]:
    """The names among found labels that are those of entities."""
    for row in rows:
        said = corpus.dataset.describe(row["entity"])
        kinds = {value for _, predicate, value in said if predicate == RDF.type}
        if OGX.Entity in kinds:
            yield Name(row["name"], Iri(row["entity"]), rank + 2 * (OGX.Text in kinds))


def exact(corpus: Corpus, text: str) -> list[Name]:
    """The entities that bear a name, written so."""
    found: list[Name] = []
    for rank, how in enumerate(_HOW):
        query = f"SELECT DISTINCT ?entity ?name WHERE {{ ?entity <{how}> ?name }}"
        found += _entities(corpus, rank, corpus.dataset.select(query, {"name": Literal(text)}, "lookup").texts())
    return _ordered(found)


def same(corpus: Corpus, text: str) -> list[Name]:
    """The names that differ from a text in nothing but case and blanks."""
    if not corpus.stored:
        return [name for name in entity_names(corpus) if folded(name.text) == folded(text)]
    key = " ".join(text.lower().split())
    spelt = {"key": key, "before": f" {key}", "after": f"{key} ", "around": f" {key} "}
    bound: dict[str, Term] = {variable: Literal(value) for variable, value in spelt.items()}
    found: list[Name] = []
    for rank, how in enumerate(_HOW if key else ()):
        query = (
            f"SELECT DISTINCT ?entity ?name ?{' ?'.join(spelt)} WHERE {{ ?entity <{how}> ?name "
            "BIND(LCASE(REPLACE(STR(?name), '\\\\s+', ' ')) AS ?folded) "
            "FILTER(?folded = ?key || ?folded = ?before || ?folded = ?after || ?folded = ?around) }"
        )
        found += _entities(corpus, rank, corpus.dataset.select(query, bound, "lookup").texts())
    return [name for name in _ordered(found) if folded(name.text) == folded(text)]


def local_name(corpus: Corpus, text: str) -> list[Name]:
    """The names of the entities whose IRI ends in a text after a namespace of the corpus, the preferred first."""
    from .oxi import is_iri

    spaces = {space + text for space in corpus.prefixes.values() if space.endswith(("/", "#"))}
    known = [iri for iri in sorted(spaces) if "/" not in text and "#" not in text and is_iri(iri)]
    found = []
    for iri in known:
        said = corpus.dataset.describe(iri)
        kinds = {value for _, predicate, value in said if predicate == RDF.type}
        for _, predicate, value in said if OGX.Entity in kinds else ():
            if predicate in _HOW:
                found.append(Name(str(value), Iri(iri), _HOW.index(predicate) + 2 * (OGX.Text in kinds)))
    return _ordered(found)


def alike(corpus: Corpus, text: str) -> list[Name]:
    """Names to choose the nearest from: all, or where a store has too many, some with the same first letter."""
    if not corpus.stored:
        return entity_names(corpus)
    names = _read(corpus, f"{_SELECT} WHERE {{ {_MARKED} }} LIMIT {MOST + 1}")
    if len(names) <= MOST:
        return names
    first = folded(text)[:1]
    query = f"{_SELECT} ?first WHERE {{ {_MARKED} FILTER(STRSTARTS(LCASE(STR(?name)), ?first)) }} LIMIT {MOST}"
    return _read(corpus, query, {"first": Literal(first)}) if first else []


def _few(corpus: Corpus, query: str) -> list[Iri]:
    """The nodes that a query gives, in order; of a store none where they are too many to choose from."""
    limit = f" LIMIT {MOST + 1}" if corpus.stored else ""
    rows = corpus.dataset.select(query + limit, shown="lookup").texts()
    return [] if corpus.stored and len(rows) > MOST else sorted(Iri(row["node"]) for row in rows)


def members(corpus: Corpus, kind: Iri) -> list[Iri]:
    """The nodes of a class, to choose the nearest from."""
    return _few(corpus, f"SELECT DISTINCT ?node WHERE {{ ?node a <{kind}> }}")


def nodes(corpus: Corpus) -> list[Iri]:
    """Every node of which something is said, to choose the nearest from."""
    return _few(corpus, "SELECT DISTINCT ?node WHERE { ?node ?property ?value }")
