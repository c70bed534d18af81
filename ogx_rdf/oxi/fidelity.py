"""Which literals a store gives back in another form than they were written in, and the form it gives them.

A store keeps numbers, times and truth values by what they are worth: ``"22.0"`` comes back as ``"22"``.  What is
printed as worded (a value in ``show``, the N-Quads of an export) has to come from somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ..model import Iri, Literal, Term, Triple
from ..namespaces import XSD
from .terms import from_ox, to_ox

__all__ = ["normalised", "parse_nquads", "rewritten"]

_TYPED = re.compile(r'"((?:[^"\\]|\\.)*)"\^\^<([^>]*)> <[^>]*> \.$')
_AS_IS = {
    XSD.string: re.compile(""),
    XSD.anyURI: re.compile(""),
    XSD.integer: re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z"),
    XSD.decimal: re.compile(r"(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,8})\.[0-9]{0,5}[1-9])\Z"),
    XSD.date: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    XSD.boolean: re.compile(r"(?:true|false)\Z"),
    XSD.dateTime: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z"),
}
"""What every engine that was tried gives back as it was; found by trying, and quick to tell."""


def _stays(value: str, datatype: str) -> bool:
    known = _AS_IS.get(Iri(datatype))
    if known is not None:
        return known.match(value) is not None
    return not datatype.startswith(XSD.iri)


def normalised(term: Term) -> Term:
    """A term as an Oxigraph store gives it back."""
    if isinstance(term, Iri) or term.language or _stays(term.value, term.datatype):
        return term
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), to_ox(term)))
    return from_ox(next(iter(store)).object)


def rewritten(lines: Iterable[str]) -> Iterator[str]:
    """The lines of N-Quads, one quad a line, whose literal a store gives back in another form."""
    for line in lines:
        found = _TYPED.search(line) if '"^^<' in line else None
        if found is None or _stays(found[1], found[2]):
            continue
        literal = Literal(found[1], found[2])
        if normalised(literal) != literal:
            yield line


def parse_nquads(text: str) -> list[tuple[Triple, str]]:
    """Quads with literals exactly as written.

    :raises SyntaxError: for what is no N-Quads
    """
    return [
        ((Iri(from_ox(q.subject)), Iri(q.predicate.value), from_ox(q.object)), str(from_ox(q.graph_name)))
        for q in ox.parse(text, ox.RdfFormat.N_QUADS)
    ]
