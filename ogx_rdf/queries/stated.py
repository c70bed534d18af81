"""The nearest things that are stated, for a question to which the documents give no answer."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from ..corpus import Corpus
from ..model import Iri
from ..namespaces import OGX, SKOS
from ..naming import alike
from .catalogue import stored
from .cells import Cell, Words, cell

__all__ = ["nearest_stated"]

ABOUT = "claims-about"
LINKS = ("formOf", "aspectOf", "member", "component", "involves", "producedFrom")
LIKENESS = 0.6
MOST = 5
MOST_OF_ONE = 3


def _neighbours(corpus: Corpus, iri: Iri) -> list[Iri]:
    path = "|".join(f"<{OGX[link]}>" for link in LINKS)
    query = (
        f"SELECT DISTINCT ?asked ?other ?down WHERE {{ {{ ?asked ({path}) ?other BIND(0 AS ?down) }} UNION "
        f"{{ ?other ({path}) ?asked BIND(1 AS ?down) }} }} ORDER BY ?down ?other"
    )
    return [Iri(row["other"]) for row in corpus.dataset.select(query, {"asked": iri}, "neighbours").texts()]


def _alike(corpus: Corpus, iri: Iri) -> list[Iri]:
    said = corpus.dataset.describe(iri)
    labels = [value for _, predicate, value in said if predicate in (SKOS.prefLabel, SKOS.altLabel)]
    own = sorted({str(label).casefold() for label in labels})
    names = [name for name in alike(corpus, own[0] if own else "") if name.rank < 2]
    if not any(name.iri == iri for name in names):
        return []
    scored: dict[Iri, float] = {}
    for name in names:
        like = max((_likeness(text, name.text.casefold()) for text in own), default=0.0)
        if name.iri != iri and like >= LIKENESS:
            scored[name.iri] = max(like, scored.get(name.iri, 0.0))
    return sorted(scored, key=lambda other: (-scored[other], other))


def _likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 where they are less so than counts; most pairs need no more than a look."""
    matcher = difflib.SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < LIKENESS or matcher.quick_ratio() < LIKENESS:
        return 0.0
    return matcher.ratio()


def _claims(corpus: Corpus, about: Iri, words: Words) -> Iterator[dict[str, Cell]]:
    query = stored(ABOUT)
    types = {column.name: column.type for column in query.columns}
    for row in corpus.dataset.select(query.text, {"entity": about}, query.file):
        yield {name: cell(term, types[name], corpus, words) for name, term in row.items()}


def nearest_stated(corpus: Corpus, asked: Iri, query: str) -> tuple[Mapping[str, Cell], ...]:
    """Claims about the thing itself (where another question was asked), else about what it is linked to, else about
    things with a name like it; a few of each, as rows of the query ``claims-about``.
    """
    words = Words(corpus)
    candidates = [] if query == ABOUT else [asked]
    candidates += _neighbours(corpus, asked)
    found: list[dict[str, Cell]] = []
    for near in (candidates, _alike(corpus, asked)):
        seen = {str(row["claim"]) for row in found}
        for other in near:
            rows: dict[str, dict[str, Cell]] = {}
            for row in _claims(corpus, other, words):
                claim = str(row["claim"])
                if claim not in seen and (claim not in rows or rows[claim]["quote"] is None):
                    rows[claim] = row
            found += list(rows.values())[:MOST_OF_ONE]
            seen |= set(rows)
        if found:
            break
    return tuple(found[:MOST])
