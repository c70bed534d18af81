"""The dataset as RDF while it is read, in pieces: a graph of any size takes no more memory than a small one.

What :mod:`~ogx_rdf.publish.export` writes is sorted, and so held as a whole; this comes in the order of the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ..corpus import Corpus
from ..model import Triple
from ..oxi import nquad, ntriple

__all__ = ["STREAMED", "streamed"]

PIECE = 1 << 18
"""So many characters, at least, are a piece."""

Quads = Iterable[tuple[Triple, str]]


def _nquads(quads: Quads) -> Iterator[str]:
    for triple, graph in quads:
        yield nquad(*triple, graph)


def _trig(quads: Quads) -> Iterator[str]:
    """Blocks without prefixes; a graph whose triples do not come one after the other has several of them."""
    here = None
    for triple, graph in quads:
        if graph != here:
            yield f"{'' if here is None else '}'}\nGRAPH <{graph}> {{\n"
            here = graph
        yield ntriple(*triple)
    if here is not None:
        yield "}\n"


STREAMED: Mapping[str, tuple[str, Callable[[Quads], Iterator[str]]]] = {
    "nq": ("application/n-quads", _nquads),
    "trig": ("application/trig", _trig),
}
"""The formats, each with its media type and what writes it."""


def streamed(corpus: Corpus, format: str) -> Iterator[bytes]:
    """Every quad of a corpus, literals as they were written, in pieces of some size.

    :param format: one of :data:`STREAMED`
    """
    waiting, size = [], 0
    for text in STREAMED[format][1](corpus.quads()):
        waiting.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
