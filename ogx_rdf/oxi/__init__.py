"""The one package that knows pyoxigraph: reading files, parsing, terms, serialising, the query engine.

The parser keeps literals exactly as written; the store does not (it rewrites ``"1.10"^^xsd:decimal``
to ``"1.1"``).  So formatting and hashing use :func:`parse_turtle`, and only questions go to a store.
"""

from __future__ import annotations

from .answer import QueryAnswer
from .dataset import Dataset
from .fidelity import normalised, parse_nquads, rewritten
from .generations import CURRENT, GENERATIONS, HELD, Hold, generation_of, hold
from .guard import bare, check_query
from .lines import BrokenLine, line_of_quad, parse_quads, read_lines
from .protocol import GRAPH_TYPES, ROW_TYPES, TRUTH_TYPES, ByteSink, Result, rows_bytes, triples_bytes
from .reading import decode, jsonld, parse_turtle
from .results import instantiate, look_at, sorted_rows, sparql_term, stream_rows
from .terms import from_ox, is_iri, nquad, ntriple, to_ox

__all__ = [
    "CURRENT",
    "GENERATIONS",
    "GRAPH_TYPES",
    "HELD",
    "ROW_TYPES",
    "TRUTH_TYPES",
    "BrokenLine",
    "ByteSink",
    "Dataset",
    "Hold",
    "QueryAnswer",
    "Result",
    "bare",
    "check_query",
    "decode",
    "from_ox",
    "generation_of",
    "hold",
    "instantiate",
    "is_iri",
    "jsonld",
    "line_of_quad",
    "look_at",
    "normalised",
    "nquad",
    "ntriple",
    "parse_nquads",
    "parse_quads",
    "parse_turtle",
    "read_lines",
    "rewritten",
    "rows_bytes",
    "sorted_rows",
    "sparql_term",
    "stream_rows",
    "to_ox",
    "triples_bytes",
]
