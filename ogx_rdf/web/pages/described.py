"""What the graph says of one node, as RDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...model import Iri, Term, Triple
from ...namespaces import OGX
from ...oxi import jsonld, ntriple
from ...records import Records
from ...turtle import write

__all__ = ["described", "written"]


def described(iri: Iri, records: Records) -> set[Triple]:
    """The triples of a node and of its parts; of a claim also those of the evidence for it.

    A part is what it points at under a name that goes on from its own: a measurement, a marker, a cell.
    """
    nodes, found = records.nodes, set[Triple]()
    waiting = [iri, *nodes.subjects(iri, OGX.evidenceFor)]
    seen = set(waiting)
    while waiting:
        subject = waiting.pop()
        for predicate, values in nodes.predicates(subject).items():
            found |= {(subject, Iri(predicate), value) for value in values}
            new = [value for value in _parts(subject, values) if value not in seen]
            seen.update(new)
            waiting += new
    return found


def _parts(subject: str, values: Iterable[Term]) -> Iterator[Iri]:
    return (value for value in values if isinstance(value, Iri) and value.startswith(f"{subject}."))


def written(triples: Iterable[Triple], media: str, prefixes: dict[str, str]) -> str:
    """Triples as Turtle, N-Triples or JSON-LD, by media type; the same text for the same triples."""
    if media == "text/turtle":
        return write(set(triples), prefixes)
    lines = "".join(sorted({ntriple(*triple) for triple in triples}))
    return jsonld(lines) if media == "application/ld+json" else lines
