"""A query asked and answered as the SPARQL protocol has it: over a dataset that the client names, in a media type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Protocol, cast

import pyoxigraph as ox

from ..errors import InputError, UsageError
from ..model import Iri, Term, Triple
from .guard import check_read, names_dataset, query_syntax_error
from .results import rows_query
from .terms import to_ox

__all__ = [
    "GRAPH_TYPES",
    "ROW_TYPES",
    "TRUTH_TYPES",
    "ByteSink",
    "Result",
    "protocol_query",
    "rows_bytes",
    "triples_bytes",
]

_ROWS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
}
_GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/json": ox.RdfFormat.JSON_LD,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}
ROW_TYPES = tuple(_ROWS)
"""The media types in which rows are written, the one that is given where any will do first."""
TRUTH_TYPES = tuple(name for name in _ROWS if not name.startswith("text/"))
"""Those of a truth value: no standard says how CSV or TSV would hold one."""
GRAPH_TYPES = tuple(_GRAPHS)
"""Those of a graph."""
_ABBREVIATING = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)

Found = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class ByteSink(Protocol):
    """What bytes can be written to, as a file opened for them."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes; gives how many."""
        ...

    def flush(self) -> None:
        """Pass on what is held back."""
        ...


class Result:
    """The answer to a query, not yet read.

    :param prefixes: what abbreviates IRIs where the media type can
    """

    def __init__(self, found: Found, prefixes: Mapping[str, str], shown: str) -> None:
        self._found = found
        self._prefixes = prefixes
        self._shown = shown

    @property
    def types(self) -> tuple[str, ...]:
        """The media types in which it can be written, the one to give where any will do first."""
        if isinstance(self._found, ox.QueryBoolean):
            return TRUTH_TYPES
        return ROW_TYPES if isinstance(self._found, ox.QuerySolutions) else GRAPH_TYPES

    def write(self, sink: ByteSink, media: str) -> None:
        """Write it; what the sink raises may get lost in the engine, so that a sink has to remember it.

        :param media: one of :attr:`types`
        :raises InputError: where the query fails on the way
        """
        found, stream = self._found, cast(IO[bytes], sink)
        try:
            if not isinstance(found, ox.QueryTriples):
                found.serialize(stream, format=_ROWS[media])
            elif (format := _GRAPHS[media]) in _ABBREVIATING:
                ox.serialize(found, stream, format=format, prefixes=dict(self._prefixes))
            else:
                found.serialize(stream, format=format)
        except (RuntimeError, OSError, ValueError) as exc:
            raise InputError("E407", f"{self._shown}: the query failed: {exc}") from exc


def protocol_query(
    store: ox.Store,
    query: str,
    graphs: tuple[Sequence[str], Sequence[str]] | None,
    prefixes: Mapping[str, str],
    base: str | None,
    shown: str,
) -> Result:
    """Ask a query over the dataset of the protocol, else of its FROM clauses, else over the union of all graphs.

    :param graphs: the graphs that are the default graph, and the named graphs; they go before FROM
    :param base: what relative IRIs are relative to
    :raises UsageError: for a syntax error, an UPDATE, a SERVICE, or a graph whose name is no IRI
    """
    check_read(query, shown, base)
    try:
        if graphs is None:
            union = not names_dataset(query, base)
            return Result(store.query(query, base_iri=base, use_default_graph_as_union=union), prefixes, shown)
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [_graph(name) for name in graphs[0]]
        named: list[ox.NamedNode | ox.BlankNode] = [_graph(name) for name in graphs[1]]
        found = store.query(query, base_iri=base, default_graph=default, named_graphs=named)
        return Result(found, prefixes, shown)
    except SyntaxError as exc:
        raise query_syntax_error(query, str(exc), shown) from exc
    except (RuntimeError, OSError, ValueError) as exc:
        raise InputError("E407", f"{shown}: the query failed: {exc}") from exc


def _graph(name: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(name)
    except ValueError as exc:
        raise UsageError("E405", f"not the IRI of a graph: {name[:200]}", hint="Give an absolute IRI.") from exc


def rows_bytes(columns: Sequence[str], rows: Sequence[Sequence[Term | None]], media: str) -> bytes:
    """Rows of terms in a media type of :data:`ROW_TYPES`, in their order."""
    found = ox.Store().query(rows_query(columns, rows))
    assert isinstance(found, ox.QuerySolutions)
    return found.serialize(format=_ROWS[media]) or b""


def triples_bytes(triples: Iterable[Triple], media: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in a media type of :data:`GRAPH_TYPES`.

    :raises ValueError: for a malformed IRI
    """
    format = _GRAPHS[media]
    quads = [ox.Triple(to_ox(Iri(s)), to_ox(Iri(p)), to_ox(o)) for s, p, o in triples]  # type: ignore[arg-type]
    return ox.serialize(quads, format=format, prefixes=dict(prefixes) if format in _ABBREVIATING else None) or b""
