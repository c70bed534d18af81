"""Nodes that are read from a store when they are first asked for, and records that are made when they are.

A store may hold a million claims.  What is asked of one of them is answered from what stands near it:
the node itself, what it points at, and what points at it, each found by look-up.  Only what asks for
every member of a class reads them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from ..corpus import Corpus
from ..model import Iri, Term
from ..turtle import natural_key
from .nodes import Nodes, Said

__all__ = ["Known", "NearNodes"]

V = TypeVar("V")


class NearNodes(Nodes):
    """The triples of a corpus in a store, each subject read when it is first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        super().__init__(())
        self._corpus = corpus
        self._dataset = corpus.dataset
        self._read: dict[str, Mapping[str, list[Term]]] = {}
        self._found: dict[tuple[str, str], tuple[Iri, ...]] = {}

    def predicates(self, subject: str) -> Mapping[str, list[Term]]:
        """What is said of a subject, by predicate."""
        if subject not in self._read:
            said: dict[str, list[Term]] = {}
            triples = self._corpus.said_of(subject) if subject else ()
            for _, predicate, value in dict.fromkeys(triples):
                said.setdefault(predicate, []).append(value)
            self._read[subject] = said
        return self._read[subject]

    def _having(self, predicate: str, value: str) -> Iterable[Iri]:
        if (predicate, value) not in self._found:
            self._found[predicate, value] = self._ask(f"?subject <{predicate}> ?value", {"value": Iri(value)})
        return self._found[predicate, value]

    def _ask(self, pattern: str, bindings: Mapping[str, Term], limit: int | None = None) -> tuple[Iri, ...]:
        """The subjects of a pattern."""
        names = "".join(f" ?{name}" for name in bindings)
        query = f"SELECT DISTINCT ?subject{names} WHERE {{ {pattern} }}" + (f" LIMIT {limit}" if limit else "")
        rows = self._dataset.select(query, bindings, "records").texts()
        return tuple(Iri(row["subject"]) for row in rows)

    def few(
        self, values: Iterable[str], predicates: Iterable[str], most: int, last: Said | None = None
    ) -> tuple[list[Iri], int]:
        """Subjects that have one of the values under one of the predicates, and how many there are."""
        wanted, by = [Iri(value) for value in values], list(predicates)
        found: dict[Iri, None] = {}
        for value in wanted:
            for predicate in by:
                some = self._ask(f"?subject <{predicate}> ?value", {"value": value}, most + 1)
                found |= dict.fromkeys(some)
        if len(found) <= most:
            return sorted(found, key=natural_key), len(found)
        pattern = (
            f"VALUES ?value {{ {' '.join(f'<{value}>' for value in wanted)} }} "
            f"VALUES ?predicate {{ {' '.join(f'<{predicate}>' for predicate in by)} }} ?subject ?predicate ?value"
        )
        ahead = f"{pattern} ; <{last[0]}> ?mark FILTER(?mark != <{last[1]}>)" if last else pattern
        first = self._ask(ahead, {}, most)
        query = f"SELECT (COUNT(DISTINCT ?subject) AS ?count) WHERE {{ {pattern} }}"
        total = int(self._dataset.select(query, shown="records").texts()[0]["count"])
        return sorted(list(dict.fromkeys((*first, *found)))[:most], key=natural_key), total

    def with_both(self, *pairs: Said) -> list[Iri]:
        """Every subject that has each of the values under its predicate, joined by the store."""
        named = {f"value{number}": pair for number, pair in enumerate(pairs)}
        pattern = " ; ".join(f"<{predicate}> ?{name}" for name, (predicate, _) in named.items())
        values = {name: Iri(value) for name, (_, value) in named.items()}
        return sorted(self._ask(f"?subject {pattern}", values), key=natural_key)

    def bearing(self, values: Iterable[Term]) -> list[Iri]:
        """Every subject that has one of the values under whatever predicate, in natural order."""
        found = {subject for value in values for subject in self._ask("?subject ?predicate ?value", {"value": value})}
        return sorted(found, key=natural_key)


class Known(Mapping[Iri, V]):
    """The records of one class by IRI, each made when it is first asked for; a walk over them is in natural order.

    :param make: from an IRI of the class to its record
    """

    def __init__(self, nodes: Nodes, kind: Iri, make: Callable[[Iri], V]) -> None:
        self._nodes = nodes
        self._kind = kind
        self._make = make
        self._made: dict[Iri, V] = {}

    def __getitem__(self, iri: Iri) -> V:
        if iri not in self._made:
            if iri not in self:
                raise KeyError(iri)
            self._made[iri] = self._make(iri)
        return self._made[iri]

    def __contains__(self, iri: object) -> bool:
        return iri in self._made or (isinstance(iri, str) and self._nodes.is_a(iri, self._kind))

    def __iter__(self) -> Iterator[Iri]:
        return iter(self._nodes.members(self._kind))

    def __len__(self) -> int:
        return len(self._nodes.members(self._kind))
