"""Quads from files of any size, one after the other, and quads as lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyoxigraph as ox

from ..model import Iri, Triple
from .terms import from_ox, strange

__all__ = ["BrokenLine", "line_of_quad", "parse_quads", "read_lines"]

_SYNTAX = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "ttl": ox.RdfFormat.TURTLE}


class BrokenLine(ValueError):
    """What cannot be read; ``lineno`` is the line counted from 1, where it is known."""

    def __init__(self, message: str, lineno: int | None) -> None:
        super().__init__(message)
        self.lineno = lineno


def parse_quads(data: bytes | str | IO[bytes], syntax: str) -> Iterator[ox.Quad]:
    """The quads of a text or an open file, read as they are asked for.

    :param syntax: ``nq``, ``trig`` or ``ttl``
    :raises BrokenLine: for what is not valid, or holds a term that has no place here (a blank node)
    """
    try:
        for quad in ox.parse(data, _SYNTAX[syntax]):
            what = strange(quad.subject) or strange(quad.object)
            if what:
                raise BrokenLine(f"{what} beside {quad.predicate}", None)
            yield quad
    except SyntaxError as exc:
        raise BrokenLine(f"not valid RDF: {exc.msg}", exc.lineno) from exc


def line_of_quad(quad: ox.Quad, *, graph: bool = False) -> str:
    """The triple of a quad as an N-Triples line, or with ``graph`` the whole as an N-Quads line."""
    if graph and isinstance(quad.graph_name, ox.NamedNode):
        return f"{quad.subject} {quad.predicate} {quad.object} {quad.graph_name} .\n"
    return f"{quad.subject} {quad.predicate} {quad.object} .\n"


def read_lines(text: bytes) -> Iterator[Triple]:
    """The triples of N-Triples lines, with literals as written."""
    for quad in parse_quads(text, "nq"):
        yield Iri(str(from_ox(quad.subject))), Iri(quad.predicate.value), from_ox(quad.object)
