"""How much of the documents is encoded: the ledger that stands beside every answer.

It is a count over all passages.  So it is taken once and kept beside a store, which answers each question
with it; a change of a few claims moves it by what became of the few passages that it touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..corpus import Corpus
from ..model import Iri, Term
from ..namespaces import OGX, PROV
from ..oxi import QueryAnswer
from ..turtle import natural_key

__all__ = ["COUNTS", "Coverage", "count", "coverage", "moved", "states"]

COUNTS = ("documents", "passages", "encoded", "skipped", "open")
"""The numbers of a ledger, as they are kept beside a store."""

_PREFIXES = f"PREFIX ogx: <{OGX.iri}> PREFIX prov: <{PROV.iri}> "
_QUOTED = "?evidence prov:wasQuotedFrom ?x ; ogx:quote ?quote ; a ogx:Evidence"
_PATTERNS = {
    "documents": "?x a ogx:Document",
    "passages": "?x a ogx:Passage",
    "encoded": f"{_QUOTED} . ?x a ogx:Passage",
    "skipped": f"?x ogx:skippedAs ?reason ; a ogx:Passage MINUS {{ {_QUOTED} }}",
}
_OPEN = f"?x a ogx:Passage MINUS {{ {_QUOTED} }} MINUS {{ ?x ogx:skippedAs ?reason }}"
_OF_ONE = {
    "encoded": f"SELECT ?x WHERE {{ {_QUOTED} . ?x a ogx:Passage }} LIMIT 1",
    "skipped": "SELECT ?x WHERE { ?x ogx:skippedAs ?reason ; a ogx:Passage } LIMIT 1",
    "open": "SELECT ?x WHERE { ?x a ogx:Passage } LIMIT 1",
}


class _Asked(Protocol):
    def select(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> QueryAnswer:
        """Answer a SELECT."""
        ...


@dataclass(frozen=True, slots=True)
class Coverage:
    """Passages by what became of them.

    :param documents: documents in the corpus
    :param passages: all passages; the sum of the next three
    :param encoded: quoted by some evidence
    :param skipped: not quoted, with a reason recorded
    :param open: neither
    """

    documents: int
    passages: int
    encoded: int
    skipped: int
    open: int
    _find: Callable[[], tuple[Iri, ...]] = field(default=tuple, repr=False, compare=False)

    @property
    def open_passages(self) -> tuple[Iri, ...]:
        """Which passages are open, in order; looked for when asked."""
        return self._find()

    @property
    def complete(self) -> bool:
        """Whether "the source does not state this" may be said: there are passages, and none is open."""
        return self.passages > 0 and self.open == 0

    def as_dict(self) -> dict[str, object]:
        """The ledger as a JSON object."""
        return {**self.counts(), "complete": self.complete}

    def counts(self) -> dict[str, int]:
        """The numbers alone, as they are kept beside a store."""
        return {name: getattr(self, name) for name in COUNTS}


def count(dataset: _Asked) -> Coverage:
    """Count the passages of a graph that are encoded, skipped with a reason, or open."""

    def number(pattern: str) -> int:
        query = f"{_PREFIXES}SELECT (COUNT(DISTINCT ?x) AS ?count) WHERE {{ {pattern} }}"
        return int(dataset.select(query, shown="coverage").texts()[0]["count"])

    def find() -> tuple[Iri, ...]:
        rows = dataset.select(f"{_PREFIXES}SELECT DISTINCT ?x WHERE {{ {_OPEN} }}", shown="coverage").texts()
        return tuple(sorted((Iri(row["x"]) for row in rows), key=natural_key))

    found = {name: number(pattern) for name, pattern in _PATTERNS.items()}
    return _ledger({**found, "open": found["passages"] - found["encoded"] - found["skipped"]}, find)


def _ledger(numbers: Mapping[str, int], find: Callable[[], tuple[Iri, ...]] = tuple) -> Coverage:
    documents, passages, encoded, skipped, left = (numbers[name] for name in COUNTS)
    return Coverage(documents, passages, encoded, skipped, left, find)


def states(dataset: _Asked, passages: Iterable[Iri]) -> dict[Iri, str]:
    """What became of each of a few passages (``encoded``, ``skipped``, ``open``), those that are there."""
    found: dict[Iri, str] = {}
    for passage in passages:
        for state, query in _OF_ONE.items():
            if dataset.select(_PREFIXES + query, {"x": passage}, "coverage").rows:
                found[passage] = state
                break
    return found


def moved(ledger: Coverage, before: Mapping[Iri, str], after: Mapping[Iri, str], documents: int = 0) -> Coverage:
    """The ledger after a change, from what :func:`states` said of the passages touched before it and after it.

    :param documents: how many documents the change added, less those it removed
    """
    numbers = ledger.counts()
    for states_then, sign in ((before, -1), (after, 1)):
        for state in states_then.values():
            numbers[state] += sign
            numbers["passages"] += sign
    numbers["documents"] += documents
    return _ledger(numbers)


def coverage(corpus: Corpus) -> Coverage:
    """The ledger of a corpus: as recorded beside its store, else counted."""
    if (recorded := corpus.recorded_coverage) is None:
        return count(corpus.dataset)
    return _ledger(recorded, lambda: count(corpus.dataset).open_passages)
