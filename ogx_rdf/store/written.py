"""The forms in which literals were written, kept beside a store that gives them back in another form.

A folder holds them in a file of N-Quads.  A server holds them in a graph of record, with the digest of what was loaded;
the digest is written last, so that a load that broke off is known for what it is.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..errors import InputError
from ..model import Iri, Literal, Term, Triple
from ..namespaces import OGX, PROV, RDF
from ..oxi import normalised, nquad, parse_nquads

__all__ = ["AS_WRITTEN", "RECORD", "Record", "as_written", "digest_of", "record_graph", "with_forms"]

AS_WRITTEN = "as-written.nq"
"""The file in a store's folder with the quads whose literals the store rewrites."""

RECORD = "ogx-build.json"
"""The file in a store's folder that says what it was made from."""


def record_graph(base: str) -> str:
    """The graph, and its one node, in which a server holds the record of what was loaded."""
    return f"{base}graph/load"


@dataclass(frozen=True, slots=True)
class Record:
    """What a server says of what was loaded into it.

    :param sha256: the digest of the N-Quads; empty while they are being loaded
    :param written: the quads whose literals the server rewrites, as N-Quads lines
    """

    graph: str
    sha256: str
    written: tuple[str, ...]

    @classmethod
    def read(cls, graph: str, rows: Iterable[Mapping[str, str]]) -> Record | None:
        """The record from its properties ``p`` and values ``o``; None where there are none."""
        said: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            said[row["p"]].append(row["o"])
        if not said:
            return None
        return cls(graph, (said[OGX.sha256] or [""])[0], tuple(sorted(said[RDF.value])))

    def triples(self) -> list[Triple]:
        """The record as triples."""
        node = Iri(self.graph)
        found: list[Triple] = [(node, RDF.type, PROV.Entity)]
        found += [(node, RDF.value, Literal(line)) for line in self.written]
        return found + ([(node, OGX.sha256, Literal(self.sha256))] if self.sha256 else [])


def as_written(quads: Iterable[tuple[Triple, str]], lines: Iterable[str]) -> Iterator[tuple[Triple, str]]:
    """The quads of a store, each literal in the form (or forms) in which it was written.

    :param lines: the quads whose literals the store rewrites, as N-Quads
    :raises InputError: where the lines are no N-Quads
    """
    forms: dict[tuple[str, str, str], dict[Term, list[Term]]] = {}
    try:
        for (subject, predicate, value), graph in parse_nquads("".join(lines)):
            known = forms.setdefault((subject, predicate, graph), {})
            known.setdefault(normalised(value), []).append(value)
    except SyntaxError as exc:
        raise InputError("E425", f"the record of literals as written is spoilt: {exc}", hint="Load again.") from exc
    for triple, graph in quads:
        known = forms.get((triple[0], triple[1], graph), {})
        for value in known.get(normalised(triple[2]), [triple[2]]) if known else [triple[2]]:
            yield (triple[0], triple[1], value), graph


def with_forms(said: Iterable[Triple], lines: Iterable[str]) -> list[Triple]:
    """The triples of one subject, each literal in the form (or forms) in which it was written, in whatever graph.

    :param lines: the quads of the subject whose literals the store rewrites, as N-Quads
    """
    quads = parse_nquads("".join(lines))
    forms = [(predicate, normalised(value), value) for (_, predicate, value), _ in quads]
    found: dict[Triple, None] = {}
    for subject, predicate, value in said:
        own = [form for of, known, form in forms if (of, known) == (predicate, normalised(value))]
        found |= dict.fromkeys((subject, predicate, form) for form in own or [value])
    return list(found)


def digest_of(quads: Iterable[tuple[Triple, str]]) -> str:
    """The SHA-256 of quads as sorted N-Quads, the version of a graph."""
    lines = sorted({nquad(*triple, graph) for triple, graph in quads})
    return hashlib.sha256("".join(lines).encode()).hexdigest()
