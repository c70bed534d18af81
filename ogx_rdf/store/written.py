"""The forms in which literals were written, kept beside a store that gives them back in another form.

A folder holds them in a file of N-Quads.  A server holds them in a graph of record, with the digest of what was loaded;
the digest is written last, so that a load that broke off is known for what it is.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..errors import InputError
from ..model import Iri, Literal, Term, Triple
from ..namespaces import DCTERMS, OGX, PROV, RDF
from ..oxi import normalised, nquad, parse_nquads

__all__ = ["AS_WRITTEN", "RECORD", "Forms", "Record", "digest_of", "record_graph"]

RECORD = "ogx-build.json"
"""The file in a store's folder that says what it was made from."""

AS_WRITTEN = "as-written.nq"
"""The file in a store's folder with the quads whose literals the store rewrites."""


def record_graph(base: str) -> str:
    """The graph, and its one node, in which a server holds the record of what was loaded."""
    return f"{base}graph/load"


@dataclass(frozen=True, slots=True)
class Record:
    """What a server says of what was loaded into it.

    :param sha256: the digest of the N-Quads; empty while they are being loaded
    :param written: the quads whose literals the server rewrites, as N-Quads lines
    :param coverage: the counts of passages, so that no question has to count them; empty where they are not known
    """

    graph: str
    sha256: str
    written: tuple[str, ...]
    coverage: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, graph: str, rows: Iterable[Mapping[str, str]]) -> Record | None:
        """The record from its properties ``p`` and values ``o``; None where there are none."""
        said: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            said[row["p"]].append(row["o"])
        if not said:
            return None
        counts = [text.partition(" ") for text in said[DCTERMS.extent]]
        coverage = {name: int(number) for number, _, name in counts if number.isdecimal()}
        return cls(graph, (said[OGX.sha256] or [""])[0], tuple(sorted(said[RDF.value])), coverage)

    def triples(self) -> list[Triple]:
        """The record as triples."""
        node = Iri(self.graph)
        found: list[Triple] = [(node, RDF.type, PROV.Entity)]
        found += [(node, RDF.value, Literal(line)) for line in self.written]
        found += [(node, DCTERMS.extent, Literal(f"{number} {name}")) for name, number in sorted(self.coverage.items())]
        return found + ([(node, OGX.sha256, Literal(self.sha256))] if self.sha256 else [])


class Forms:
    """The form, or forms, in which literals were written that a store gives back in another one.

    :param lines: the quads that hold them, as N-Quads
    :raises InputError: where the lines are no N-Quads
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._of: dict[tuple[str, str], dict[Term, list[Term]]] = {}
        try:
            for (subject, predicate, value), _ in parse_nquads("".join(lines)):
                known = self._of.setdefault((subject, predicate), {})
                known.setdefault(normalised(value), []).append(value)
        except SyntaxError as exc:
            raise InputError("E425", f"the record of literals as written is spoilt: {exc}", hint="Load again.") from exc

    def of(self, triple: Triple) -> Iterator[Triple]:
        """A triple as it was written; several where one literal was written in several forms."""
        subject, predicate, value = triple
        known = self._of.get((subject, predicate))
        for form in [value] if known is None else known.get(normalised(value), [value]):
            yield subject, predicate, form

    def quads(self, quads: Iterable[tuple[Triple, str]]) -> Iterator[tuple[Triple, str]]:
        """Quads of the store as they were written."""
        for triple, graph in quads:
            for written in self.of(triple):
                yield written, graph


def digest_of(quads: Iterable[tuple[Triple, str]]) -> str:
    """The SHA-256 of quads as sorted N-Quads, the version of a graph."""
    lines = sorted({nquad(*triple, graph) for triple, graph in quads})
    return hashlib.sha256("".join(lines).encode()).hexdigest()
