"""link neighbours: what an endpoint says directly around the external identifiers of one entity.

It is the endpoint's word with the day on which it was given, shown and handed on as such.  It never enters the graph:
what it says rests on no quote here, and a mapping need not be exact.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Unpack

from ..corpus import Corpus
from ..documents.coverage import coverage
from ..errors import UsageError
from ..lookup import find
from ..model import Iri, Literal, Term
from .asking import Answer, Asker, Manners
from .questions import neighbours, via_of
from .terms import Mapped, mapped_terms

__all__ = ["LIMIT", "MOST", "LinkNeighbours", "Neighbour", "link_neighbours"]

LIMIT = 25
"""Statements of each direction that are shown of a term, where no other number is given."""

MOST = 1000
NOTE = (
    "This is what the endpoint says. It rests on no quote of this corpus, and is no part of it. "
    "Nodes without a name are left out."
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One statement of an endpoint on a mapped term.

    :param direction: ``out`` where the term is its subject, ``in`` where it is its object
    """

    item: Mapped
    there: str
    direction: str
    property: str
    value: Term
    label: str | None
    asked: str

    def as_dict(self, endpoint: str) -> dict[str, object]:
        """The statement as a JSON object."""
        literal = self.value if isinstance(self.value, Literal) else None
        return {
            "said_by": endpoint,
            "asked": self.asked,
            "mapping": self.item.iri,
            "predicate": self.item.row.predicate_id,
            "term": self.item.term,
            "there": self.there,
            "direction": self.direction,
            "property": self.property,
            "value": str(self.value),
            "value_type": "literal" if literal else "iri",
            "datatype": literal.datatype if literal else None,
            "language": literal.language if literal else None,
            "label": self.label,
        }


@dataclass(frozen=True, slots=True)
class Around:
    """How the question on one term, in one direction, ended; ``cut`` where the endpoint has more than is shown."""

    item: Mapped
    direction: str
    state: str
    count: int
    cut: bool
    reason: str | None
    asked: str | None

    def as_dict(self) -> dict[str, object]:
        """The outcome as a JSON object."""
        return {
            "term": self.item.term,
            "iri": self.item.row.object,
            "predicate": self.item.row.predicate_id,
            "mapping": self.item.iri,
            "file": self.item.file,
            "line": self.item.row.line,
            "direction": self.direction,
            "state": self.state,
            "count": self.count,
            "cut": self.cut,
            "reason": self.reason,
            "asked": self.asked,
        }


@dataclass(frozen=True)
class LinkNeighbours:
    """What an endpoint says around an entity's external identifiers."""

    corpus: Corpus
    endpoint: str
    entity: Iri
    limit: int
    around: tuple[Around, ...]
    rows: tuple[Neighbour, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many statements there are, and how the questions ended."""
        by = Counter(one.state for one in self.around)
        states = ("answered", "nothing-said", "not-asked", "failed")
        return {"statements": len(self.rows), **{state: by[state] for state in states}}

    @property
    def answer(self) -> str:
        """``rows``; ``none`` where all was asked and nothing is said; ``not-stated`` where nothing is mapped.

        ``failed`` where there is nothing to show and something could not be asked.
        """
        if self.rows:
            return "rows"
        if not self.around:
            return "not-stated"
        counts = self.counts
        return "failed" if counts["failed"] or counts["not-asked"] else "none"

    @property
    def exit_code(self) -> int:
        """3 where a question failed, or nothing is kept to answer from; else 0."""
        return 3 if self.counts["failed"] or self.answer == "failed" else 0

    def as_dict(self) -> dict[str, object]:
        """The answer as a JSON object."""
        return {
            "answer": self.answer,
            "coverage": coverage(self.corpus).as_dict(),
            "endpoint": self.endpoint,
            "entity": self.corpus.curie(self.entity),
            "note": NOTE,
            "limit": self.limit,
            "counts": self.counts,
            "terms": [one.as_dict() for one in self.around],
            "rows": [row.as_dict(self.endpoint) for row in self.rows],
        }

    def text(self) -> str:
        """The answer as printed on a terminal."""
        name = self.corpus.curie(self.entity)
        if not self.around:
            return f"{name}: nothing is mapped that could be asked about at {self.endpoint}"
        lines = [NOTE]
        for one in self.around:
            lines.append(f"{name} {one.item.row.predicate_id} {one.item.term}, {_WORDS[one.direction]} ({_ended(one)})")
            for row in self.rows:
                if row.item is one.item and row.direction == one.direction:
                    lines.append(f"  {row.property} {_value(row)}")
        counts = self.counts
        lines.append(f"{counts['statements']} statements at {self.endpoint}")
        return "\n".join(lines)


_WORDS = {"out": "said of it", "in": "said of others with regard to it"}


def _ended(one: Around) -> str:
    if one.state == "answered":
        more = ", and the endpoint has more" if one.cut else ""
        return f"{one.count}{more}; asked {one.asked}"
    if one.state == "nothing-said":
        return f"nothing; asked {one.asked}"
    return f"{one.state.replace('-', ' ')}: {one.reason}"


def _value(row: Neighbour) -> str:
    if isinstance(row.value, Literal):
        return repr(row.value.value)
    return f"{row.value}{f' ({row.label})' if row.label else ''}"


def link_neighbours(
    corpus: Corpus,
    endpoint: str,
    *,
    entity: str,
    limit: int | None = None,
    via: str | None = None,
    **manners: Unpack[Manners],
) -> LinkNeighbours:
    """Ask an endpoint what it says around the terms that an entity is mapped to.

    :param entity: an entity by CURIE, IRI, label or surface form
    :param limit: how many statements of each direction are shown of a term
    :param via: how the endpoint names the terms of others: ``own``, ``wikidata``, ``bio2rdf``, ``uniprot``
    :raises UsageError: for an unknown or ambiguous entity, or an address or a number that cannot be
    :raises InputError: for mapping sets or a cache that cannot be used
    """
    limit = LIMIT if limit is None else limit
    if not 1 <= limit <= MOST:
        raise UsageError("E642", f"--limit cannot be {limit}", hint=f"Give a number from 1 to {MOST}.")
    asker = Asker(endpoint, **manners)
    node = find(corpus, entity, "entity")
    items = [item for item in mapped_terms(corpus, via=via_of(endpoint, via)) if item.row.subject == node]
    around: list[Around] = []
    rows: list[Neighbour] = []
    for item in items:
        for direction in ("out", "in"):
            asked = asker.ask(neighbours(item.reach, direction, limit), [item.reach.key])[item.reach.key]
            found = _read(item, direction, asked)
            rows += found[:limit]
            around.append(_around(item, direction, asked, len(found), limit))
    return LinkNeighbours(corpus, endpoint, node, limit, tuple(around), tuple(rows))


def _read(item: Mapped, direction: str, asked: Answer) -> list[Neighbour]:
    """The statements in a fixed order; of several labels of a value the first."""
    labels: dict[tuple[str, str, Term], set[str]] = {}
    for row in asked.rows or ():
        value = row["value"]
        assert value is not None
        known = labels.setdefault((str(row["there"]), str(row["property"]), value), set())
        if (label := row.get("label")) is not None:
            known.add(str(label))
    ordered = sorted(labels.items(), key=lambda pair: (*pair[0][:2], repr(pair[0][2])))
    return [
        Neighbour(item, there, direction, property_, value, min(known, default=None), asked.asked or "")
        for (there, property_, value), known in ordered
    ]


def _around(item: Mapped, direction: str, asked: Answer, count: int, limit: int) -> Around:
    if asked.rows is None:
        return Around(item, direction, "failed" if asked.failed else "not-asked", 0, False, asked.reason, asked.asked)
    state = "answered" if count else "nothing-said"
    return Around(item, direction, state, min(count, limit), count > limit, None, asked.asked)
