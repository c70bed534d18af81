"""The answers of a SPARQL server, read as they arrive; and a query looked at before it is sent to one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Protocol, cast

import pyoxigraph as ox

from ..errors import InputError, UsageError
from ..model import Iri, Literal, Term, Triple
from ..namespaces import XSD
from .fidelity import normalised
from .guard import check_query, query_syntax_error
from .terms import from_ox, to_ox

__all__ = ["ByteSource", "Outline", "instantiate", "look_at", "rows_query", "sorted_rows", "sparql_term", "stream_rows"]

_HEAD = 65_536
_ESCAPED_U = re.compile(r"\\\\([uU])")


class ByteSource(Protocol):
    """What can be read from, as a file opened for bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class Outline:
    """What a query is before it is asked.

    :param kind: ``rows``, ``truth`` or ``graph``
    :param columns: the variables of the rows, in order
    """

    def __init__(self, kind: str, columns: Sequence[str] = ()) -> None:
        self.kind = kind
        self.columns = list(columns)


def look_at(query: str, shown: str) -> Outline:
    """The outline of a query that may be asked, from the engine's own parser (over no data).

    :raises UsageError: for a syntax error, an UPDATE, a FROM or a SERVICE
    """
    check_query(query, shown)
    try:
        found = ox.Store().query(query)
    except SyntaxError as exc:
        raise query_syntax_error(query, str(exc), shown) from exc
    except (RuntimeError, OSError, ValueError):
        return Outline("rows")
    if isinstance(found, ox.QuerySolutions):
        return Outline("rows", [variable.value for variable in found.variables])
    return Outline("truth" if isinstance(found, ox.QueryBoolean) else "graph")


def sparql_term(term: Term) -> str:
    """A term as SPARQL text that no engine reads as anything else.

    SPARQL replaces ``\\uXXXX`` wherever it stands, some engines before they look for strings, so that a text with a
    backslash and a u in it is written without that sequence.

    :raises ValueError: for a malformed IRI, or a text that UTF-8 cannot carry
    """
    text = str(to_ox(term))
    text.encode("utf-8")
    if isinstance(term, Iri):
        return text
    return _ESCAPED_U.sub(lambda found: rf"\\\u{ord(found[1]):04X}", text)


class _Remembering:
    """A source that keeps the beginning of what was read."""

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self.head = b""

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        if len(self.head) < _HEAD:
            self.head += data
        return data

    def rest(self) -> None:
        """Read to the end, so that a cut is met."""
        while self.read(_HEAD):
            pass


def _truth(source: _Remembering, value: bool) -> tuple[list[str], Iterator[tuple[Term | None, ...]]]:
    source.rest()
    json.loads(source.head)  # the parser stops at the truth value, and would not miss the end
    return ["answer"], iter([(Literal(str(value).lower(), XSD.boolean),)])


def _term(term: object) -> Term | None:
    if term is None:
        return None
    return Iri(str(term)) if isinstance(term, ox.BlankNode) else normalised(from_ox(term))


def stream_rows(source: ByteSource) -> tuple[list[str], Iterator[tuple[Term | None, ...]]]:
    """Columns and rows of a SPARQL JSON result, row by row while it arrives; a truth value is one row ``answer``.

    Literals come in the one form that an Oxigraph store gives them ("true" for another engine's "1").
    JSON, because its end is marked: rows that end early are a syntax error there, and a shorter answer in CSV or TSV.

    :raises SyntaxError: also while the rows are read, for what is no SPARQL JSON, or not the whole of it
    """
    remembering = _Remembering(source)
    found = ox.parse_query_results(cast(IO[bytes], remembering), ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        try:
            return _truth(remembering, bool(found))
        except ValueError as exc:
            raise SyntaxError(str(exc)) from exc
    assert isinstance(found, ox.QuerySolutions)
    columns = [variable.value for variable in found.variables]
    return columns, _rows(found, columns, remembering)


def _rows(found: ox.QuerySolutions, columns: Sequence[str], source: _Remembering) -> Iterator[tuple[Term | None, ...]]:
    try:
        for row in found:
            yield tuple(_term(row[column]) for column in columns)
        source.rest()
    except ValueError as exc:
        raise InputError("E427", f"the answer holds a {exc}") from exc
    finally:
        del found  # which an exception's traceback would keep, to be dropped in some other thread than its own


def _values(columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> str:
    if not columns:
        return "VALUES () { " + "() " * len(list(rows)) + "}"
    lines = ("(" + " ".join("UNDEF" if term is None else sparql_term(term) for term in row) + ")" for row in rows)
    return f"VALUES ({' '.join(f'?{column}' for column in columns)}) {{ {' '.join(lines)} }}"


def rows_query(columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> str:
    """A SELECT whose answer are these rows, in their order."""
    head = " ".join(f"?{column}" for column in columns) or "*"
    return f"SELECT {head} WHERE {{ {_values(columns, rows)} }}"


def sorted_rows(
    order: str, columns: Sequence[str], rows: list[tuple[Term | None, ...]]
) -> list[tuple[Term | None, ...]]:
    """Rows in the order that this engine gives them.

    :param order: ``PREFIX … SELECT * WHERE { } ORDER BY …``
    """
    numbered = [(Literal(str(number), XSD.integer), *row) for number, row in enumerate(rows)]
    values = _values(["ogx_row", *columns], numbered)
    found = ox.Store().query(order.replace("WHERE { }", f"WHERE {{ {values} }}", 1))
    assert isinstance(found, ox.QuerySolutions)
    return [rows[int(row["ogx_row"].value)] for row in found]


def instantiate(template: str, columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> list[Triple]:
    """The triples of a CONSTRUCT template (``PREFIX … CONSTRUCT { … }``) for rows that were found elsewhere.

    :raises UsageError: where the template makes a blank node or another term that has no place here
    """
    found = ox.Store().query(f"{template} WHERE {{ {_values(columns, rows)} }}")
    assert isinstance(found, ox.QueryTriples)
    try:
        return [(Iri(_subject(t.subject)), Iri(t.predicate.value), from_ox(t.object)) for t in found]
    except ValueError as exc:
        hint = "Make IRIs, plain texts, or texts with a language alone."
        raise UsageError("E408", f"the query makes a {exc}", hint=hint) from exc


def _subject(term: object) -> str:
    return str(term) if isinstance(term, ox.BlankNode) else str(from_ox(term))
