"""The reference engine: pySHACL on rdflib, which the tests hold the compiled one to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ..model import Iri, Literal, Term
from ..oxi import to_ox
from .foreign import load
from .results import Result, result

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as Answer

__all__ = ["with_pyshacl"]


@cache
def _prepared(query: str) -> Query:
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(query)


def _graph(data: str) -> Graph:
    """An rdflib graph that parses a query text once: pySHACL asks the same text for every node."""
    from rdflib import Graph

    class Prepared(Graph):
        def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Answer:
            query = _prepared(query_object) if isinstance(query_object, str) else query_object
            return super().query(query, *args, **kwargs)

    return Prepared().parse(data=data, format="nt")


@contextmanager
def _literals_as_written() -> Iterator[None]:
    """Keep rdflib from rewriting literals ("1e3" to "1000.0"), and from logging a traceback for a malformed one."""
    import logging

    import rdflib

    logger = logging.getLogger("rdflib.term")
    before = rdflib.NORMALIZE_LITERALS, logger.level
    rdflib.NORMALIZE_LITERALS = False
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before[0]
        logger.setLevel(before[1])


@lru_cache(maxsize=2)
def _shapes_graph(shapes: str) -> Graph:
    from rdflib import Graph

    return Graph().parse(data=shapes, format="turtle")


def with_pyshacl(shapes: str, data: str) -> Iterator[Result]:
    """What pySHACL finds in a graph (N-Triples) held to shapes (Turtle)."""
    pyshacl = load("pyshacl")
    from rdflib import RDF, SH, URIRef
    from rdflib import Literal as RdflibLiteral
    from rdflib.term import Node

    def text(node: Node | None) -> str | None:
        if isinstance(node, RdflibLiteral):
            datatype = node.datatype or (None if node.language else Literal("").datatype)
            term: Term = Literal(str(node), str(datatype), node.language)
        elif isinstance(node, URIRef):
            term = Iri(node)
        else:
            return None if node is None else f"_:{node}"
        return str(to_ox(term))

    with _literals_as_written():
        _, report, _ = pyshacl.validate(
            _graph(data), shacl_graph=_shapes_graph(shapes), inference="none", advanced=False
        )
    for found in report.subjects(RDF.type, SH.ValidationResult):
        shape, severity, focus, path, value = (
            text(report.value(found, p))
            for p in (SH.sourceShape, SH.resultSeverity, SH.focusNode, SH.resultPath, SH.value)
        )
        messages = [str(message) for message in report.objects(found, SH.resultMessage)]
        yield result(shape or "", severity or "", focus or "", path, value, messages)
