"""All triples of a corpus, by subject and predicate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..model import Iri, Term, Triple
from ..namespaces import RDF
from ..turtle import natural_key

__all__ = ["Nodes"]


class Nodes:
    """All triples of a corpus by subject and predicate; values come sorted, so answers never depend on load order."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._of: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            self._of[subject][predicate].append(value)
        self._of.default_factory = None
        self._members: dict[str, list[Iri]] = defaultdict(list)
        for name, said in self._of.items():
            for kind in said.get(RDF.type, ()):
                self._members[str(kind)].append(Iri(name))

    def __contains__(self, subject: str) -> bool:
        return subject in self._of

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
        return sorted(self._members.get(kind, ()), key=natural_key)
