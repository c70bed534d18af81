"""Nodes that are read from a store when they are first asked for, and records that are made when they are.

A store may hold a million claims.  What is asked of one of them is answered from what stands near it:
the node itself, what it points at, and what points at it, each found by look-up.  Only what asks for
every member of a class reads them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from ..model import Iri, Term
from ..oxi import Dataset
from ..turtle import natural_key
from .nodes import Nodes

__all__ = ["Known", "NearNodes"]

V = TypeVar("V")


class NearNodes(Nodes):
    """The triples of a store, each subject read when it is first asked for."""

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(())
        self._dataset = dataset
        self._read: dict[str, Mapping[str, list[Term]]] = {}
        self._found: dict[tuple[str, str], tuple[Iri, ...]] = {}

    def predicates(self, subject: str) -> Mapping[str, list[Term]]:
        """What is said of a subject, by predicate."""
        if subject not in self._read:
            said: dict[str, list[Term]] = {}
            triples = self._dataset.describe(subject) if subject else ()
            for _, predicate, value in dict.fromkeys(triples):
                said.setdefault(predicate, []).append(value)
            self._read[subject] = said
        return self._read[subject]

    def _having(self, predicate: str, value: str) -> Iterable[Iri]:
        if (predicate, value) not in self._found:
            rows = self._dataset.select(
                f"SELECT DISTINCT ?subject ?value WHERE {{ ?subject <{predicate}> ?value }}",
                {"value": Iri(value)},
                shown="records",
            ).texts()
            self._found[predicate, value] = tuple(Iri(row["subject"]) for row in rows)
        return self._found[predicate, value]

    def with_both(self, *pairs: tuple[str, str]) -> list[Iri]:
        """Every subject that has each of the values under its predicate; one look-up, so that the rarer pair leads."""
        names = [f"value{number}" for number in range(len(pairs))]
        pattern = " ; ".join(f"<{predicate}> ?{name}" for name, (_, predicate) in zip(names, pairs, strict=True))
        rows = self._dataset.select(
            f"SELECT DISTINCT ?subject ?{' ?'.join(names)} WHERE {{ ?subject {pattern} }}",
            {name: Iri(value) for name, (value, _) in zip(names, pairs, strict=True)},
            shown="records",
        ).texts()
        return sorted((Iri(row["subject"]) for row in rows), key=natural_key)

    def bearing(self, values: Iterable[Term]) -> list[Iri]:
        """Every subject that has one of the values under whatever predicate, in natural order."""
        query = "SELECT DISTINCT ?subject ?value WHERE { ?subject ?predicate ?value }"
        rows = (row for value in values for row in self._dataset.select(query, {"value": value}, "records").texts())
        return sorted({Iri(row["subject"]) for row in rows}, key=natural_key)


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
