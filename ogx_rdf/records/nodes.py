"""All triples of a corpus, by subject and predicate, and back from a value to the subjects that have it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..model import Iri, Term, Triple
from ..namespaces import RDF
from ..turtle import natural_key

__all__ = ["Nodes", "Said"]

Said = tuple[str, str]
"""A predicate and a value."""


class Nodes:
    """All triples of a corpus by subject and predicate; values come sorted, so answers never depend on load order."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._of: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            self._of[subject][predicate].append(value)
        self._of.default_factory = None
        self._sorted: dict[str, list[Iri]] = {}
        self._backward: dict[str, dict[str, list[Iri]]] = {}

    def __contains__(self, subject: str) -> bool:
        return bool(self.predicates(subject))

    def predicates(self, subject: str) -> Mapping[str, list[Term]]:
        """What is said of a subject, by predicate."""
        return self._of.get(subject, {})

    def texts(self, subject: str, predicate: str) -> tuple[str, ...]:
        """The values as strings, each once, in natural order."""
        values = self.predicates(subject).get(predicate, ())
        if len(values) < 2:
            return tuple(str(value) for value in values)
        return tuple(sorted({str(value) for value in values}, key=natural_key))

    def text(self, subject: str, predicate: str) -> str | None:
        """The value as a string (the first, where there are several), or None."""
        values = self.texts(subject, predicate)
        return values[0] if values else None

    def iri(self, subject: str, predicate: str) -> Iri | None:
        """The value as an IRI, or None."""
        value = self.text(subject, predicate)
        return None if value is None else Iri(value)

    def iris(self, subject: str, predicate: str) -> tuple[Iri, ...]:
        """The values as IRIs."""
        return tuple(Iri(value) for value in self.texts(subject, predicate))

    def integer(self, subject: str, predicate: str) -> int | None:
        """The value as a whole number, or None where there is none or it is no number."""
        try:
            return int(self.text(subject, predicate) or "")
        except ValueError:
            return None

    def members(self, kind: Iri) -> list[Iri]:
        """Every subject of a class, in natural order."""
        if kind not in self._sorted:
            self._sorted[kind] = sorted(dict.fromkeys(self._having(RDF.type, kind)), key=natural_key)
        return list(self._sorted[kind])

    def is_a(self, subject: str, kind: Iri) -> bool:
        """Whether a subject is of a class."""
        return kind in self.texts(subject, RDF.type)

    def subjects(self, value: str, *predicates: str) -> list[Iri]:
        """Every subject that has the value under one of the predicates, each once, in natural order."""
        found = {subject for predicate in predicates for subject in self._having(predicate, value)}
        return sorted(found, key=natural_key)

    def with_both(self, *pairs: Said) -> list[Iri]:
        """Every subject that has each of the values under its predicate, in natural order."""
        found = set.intersection(*(set(self._having(predicate, value)) for predicate, value in pairs))
        return sorted(found, key=natural_key)

    def few(
        self, values: Iterable[str], predicates: Iterable[str], most: int, last: Said | None = None
    ) -> tuple[list[Iri], int]:
        """Subjects that have one of the values under one of the predicates, and how many there are.

        :param most: of more than so many only so many are given
        :param last: the predicate and value of those that are left out first
        """
        wanted, by = list(values), list(predicates)
        found = {subject for value in wanted for predicate in by for subject in self._having(predicate, value)}
        ordered = sorted(found, key=natural_key)
        if len(ordered) > most and last:
            predicate, value = last
            ordered = sorted(ordered, key=lambda subject: value in self.texts(subject, predicate))
        return sorted(ordered[:most], key=natural_key), len(found)

    def bearing(self, values: Iterable[Term]) -> list[Iri]:
        """Every subject that has one of the values under whatever predicate, in natural order."""
        wanted = set(values)
        said = self._of.items()
        found = {Iri(name) for name, of in said if any(wanted.intersection(each) for each in of.values())}
        return sorted(found, key=natural_key)

    def _having(self, predicate: str, value: str) -> Iterable[Iri]:
        """The subjects of a triple with this predicate and value."""
        if predicate not in self._backward:
            backward: dict[str, list[Iri]] = defaultdict(list)
            for subject, said in self._of.items():
                for each in said.get(predicate, ()):
                    backward[str(each)].append(Iri(subject))
            self._backward[predicate] = backward
        return self._backward[predicate].get(value, ())
