"""Which stored questions return a claim: found by asking each of them once, for all claims together.

A parameter of a stored query is one of its columns, so a query that is asked with nothing bound tells for each row the
value with which it returns that row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import OgxError
from ..lookup import CLASSES
from ..model import Iri, Literal
from ..namespaces import OGX, XSD
from ..records import Claim, Records
from ..sparql import selects
from ..store.binding import bound
from .cells import SEPARATOR
from .headers import Param, StoredQuery

__all__ = ["Asked", "Returning", "point_questions", "returning"]

OWN = ("claim", "disease", "entity", "trial")
"""Parameters of these types are filled with what the claim itself names: a thing is also asked for by its parts."""
GIVEN = (*CLASSES, "section", "word")
"""The types of parameters that can be filled from an answer."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A stored query with the values that it is asked with, by the names of its parameters, as a person gives them."""

    query: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Returning:
    """The questions that return each claim, in the order of the queries.

    :param missing: the queries of which it is not known, because they could not be asked
    """

    asked: Mapping[Iri, tuple[Asked, ...]]
    missing: tuple[str, ...] = ()


def returning(
    records: Records, queries: Iterable[StoredQuery], rows: Callable[[StoredQuery, str], Iterable[Row]]
) -> Returning:
    """The questions that return each claim of a graph.

    Left out are queries that need a text of one's own, or a number.

    :param rows: answers a query in the form that it is given, as texts by the names of columns
    """
    found: dict[Iri, dict[Asked, None]] = defaultdict(dict)
    missing, fill = [], _Fill(records)
    for query in queries:
        given = [param for param in query.params if param.default != "any" and param.type != "integer"]
        counted = [param for param in query.params if param.type == "integer"]
        if any(param.type not in GIVEN for param in given) or any(param.required for param in counted):
            continue
        text = bound(query.text, {p.name: Literal(p.default, XSD.integer) for p in counted}, query.file)
        try:
            answer = rows(query, _narrowed(text, [*(p.name for p in query.params), *_nodes(query)]))
        except OgxError:
            missing.append(query.id)
            continue
        for claim, asked in fill.returned(query, given, answer):
            found[claim][asked] = None
    return Returning({claim: tuple(asked) for claim, asked in found.items()}, tuple(missing))


def _nodes(query: StoredQuery) -> list[str]:
    """The columns that can name a claim."""
    return [column.name for column in query.columns if column.type in ("iri", "iris")]


def _narrowed(text: str, names: Iterable[str]) -> str:
    """A query for some of its columns alone, each row once; where it works columns out, as it is."""
    outer = selects(text)[0]
    columns = " ".join(f"?{name}" for name in dict.fromkeys(names))
    if "(" in text[outer.start : outer.opening] or not columns:
        return text
    return f"{text[: outer.start]}SELECT DISTINCT {columns} WHERE {text[outer.opening :]}"


class _Fill:
    """Fills parameters from claims; what is looked up is kept, for the same things stand in most rows."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._claims: dict[str, Claim | None] = {}
        self._things: dict[tuple[str, str], str | None] = {}

    def returned(self, query: StoredQuery, given: Sequence[Param], rows: Iterable[Row]) -> Iterable[tuple[Iri, Asked]]:
        """Each claim in an answer, with how it was asked for."""
        columns = _nodes(query)
        for row in rows:
            named = dict.fromkeys(part for name in columns for part in row.get(name, "").split(SEPARATOR))
            for claim in filter(None, map(self._claim, named)):
                values = [(param.name, self._value(param, row.get(param.name, ""), claim)) for param in given]
                filled = tuple((name, value) for name, value in values if value is not None)
                if len(filled) == len(given):
                    yield claim.iri, Asked(query.id, filled)

    def _claim(self, text: str) -> Claim | None:
        if text not in self._claims:
            self._claims[text] = self._records.claims.get(Iri(text))
        return self._claims[text]

    def _value(self, param: Param, text: str, claim: Claim) -> str | None:
        """The value of a parameter as a person gives it; None where it cannot be filled from the claim."""
        if param.type == "section":
            return text or None
        if param.type == "word":
            return next((word for word, term in param.allowed.items() if OGX[term] == text), None)
        if param.type in OWN and text not in (claim.iri, claim.subject, claim.object, *claim.context.values()):
            return None
        key = text, param.type
        if key not in self._things:
            fits = _is(self._records, Iri(text), param.type)
            self._things[key] = self._records.corpus.curie(text) if fits else None
        return self._things[key]


def _is(records: Records, iri: Iri, kind: str) -> bool:
    """Whether a thing, or a member of it, is of a sort that can be asked for."""
    things = (iri, *records.nodes.iris(iri, OGX.member))
    return any(records.nodes.is_a(thing, each) for thing in things for each in CLASSES[kind])


def point_questions(records: Records, claim: Claim) -> tuple[Asked, ...]:
    """Those of the questions that are read off the claim itself: what a large graph can be asked for one claim."""
    own = ("claim", records.corpus.curie(claim.iri))
    found = []
    if claim.evidence:
        found += [Asked("evidence-for", (own,))]
        ends = dict.fromkeys((claim.subject, claim.object))
        found += [
            Asked("claims-about", (("entity", records.corpus.curie(end)),))
            for end in ends
            if _is(records, end, "entity")
        ]
    if any(not item.quoted for item in claim.evidence):
        found.append(Asked("literature-on", (own,)))
    if any(item.passage and item.passage.markers for item in claim.evidence):
        found.append(Asked("sources-of-claim", (own,)))
    return tuple(found)
