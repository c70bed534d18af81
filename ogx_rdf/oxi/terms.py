"""Terms as this package has them, and as pyoxigraph has them."""

from __future__ import annotations

import pyoxigraph as ox

from ..model import Iri, Literal, Term

__all__ = ["from_ox", "is_iri", "nquad", "ntriple", "strange", "to_ox"]


def to_ox(term: Term) -> ox.NamedNode | ox.Literal:
    """Turn a term into pyoxigraph's; raises ValueError for a malformed IRI."""
    if isinstance(term, Iri):
        return ox.NamedNode(term)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def strange(term: object) -> str | None:
    """What a term is that has no place here, or None."""
    if isinstance(term, ox.NamedNode):
        return None
    if isinstance(term, ox.Literal):
        return f"text with a base direction (@{term.language}--{term.direction})" if term.direction else None
    return "blank node" if isinstance(term, ox.BlankNode) else "triple term"


def from_ox(term: object) -> Term:
    """Turn pyoxigraph's term into ours.

    :raises ValueError: saying what it is, for a blank node, a triple term, or text with a base direction
    """
    if (found := strange(term)) is not None:
        raise ValueError(found)
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language)
    assert isinstance(term, ox.NamedNode)
    return Iri(term.value)


def is_iri(text: str) -> bool:
    """Whether ``text`` is an absolute IRI by the engine's own parser."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return ":" in text


def nquad(subject: Iri, predicate: Iri, obj: Term, graph: str) -> str:
    """One N-Quads line with the literal exactly as given."""
    return f"{ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), to_ox(obj), ox.NamedNode(graph))} .\n"


def ntriple(subject: Iri, predicate: Iri, obj: Term) -> str:
    """One N-Triples line with the literal exactly as given."""
    return f"{ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), to_ox(obj))} .\n"
