"""One question to a server, through SPARQLWrapper, and its answer as it streams."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote_plus

from .. import __version__
from ..errors import InputError
from ..model import Term
from ..oxi import stream_rows
from .transport import Body, Transport

__all__ = ["Coming", "Row", "agent", "ask", "send"]

SHORT = 2000
"""Up to so many characters a question goes as GET, which caches and logs understand; longer ones as a form."""

Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """An answer on its way.

    :param rows: the rows, to be read to their end: what is wrong with an answer often shows there
    :param headers: what the server said before
    """

    columns: list[str]
    rows: Iterator[Row]
    headers: Mapping[str, str]


def agent() -> str:
    """The name by which servers know who asks, with the address of OGX_RDF_MAILTO where it is one."""
    given = os.environ.get("OGX_RDF_MAILTO", "")
    address = f"; mailto:{given}" if re.fullmatch(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+", given, re.ASCII) else ""
    return f"ogx-rdf/{__version__} (+https://w3id.org/ogx-rdf{address})"


def send(transport: Transport, url: str, text: str, kind: str, parameters: Mapping[str, str]) -> Body:
    """Send a query (``SELECT``, ``ASK``) or an update (``INSERT``) and give the body of the answer.

    An update is sent once; a query again where the server was busy or away for a moment.
    """
    from SPARQLWrapper import GET, JSON, POST, SPARQLWrapper

    update = kind == "INSERT"

    class Asker(SPARQLWrapper):  # type: ignore[misc,unused-ignore]
        """SPARQLWrapper makes the request; the transport sends it, and gives the body as it streams."""

        def _query(self) -> Any:
            return transport.open(self._createRequest(), again=not update), self.returnFormat

    asker = Asker(url, agent=agent(), returnFormat=JSON)
    asker.setOnlyConneg(True)
    for name, value in parameters.items():
        asker.addParameter(name, value)
    asker.setMethod(POST if update or len(url) + len(quote_plus(text)) > SHORT else GET)
    asker.queryString, asker.queryType = text, kind  # what setQuery would guess, it warns about
    return cast(Body, asker.query().response)


def ask(
    transport: Transport, url: str, text: str, kind: str, parameters: Mapping[str, str], shown: str = "query"
) -> Coming:
    """Ask for rows (``SELECT``), or for a truth value (``ASK``) as one row ``answer``.

    :raises InputError: also while the rows are read, for whatever is not the whole of a SPARQL result
    """
    body = send(transport, url, text, kind, parameters)
    with ExitStack() as closing:
        closing.callback(body.close)
        coming = body.headers.get("Content-Type") or "of no type"
        if "json" not in coming:
            told = " ".join(body.read(300).decode("utf-8", errors="replace").split())
            raise _broken(transport, shown, f"it is {coming}: {told}")
        try:
            columns, rows = stream_rows(body)
        except SyntaxError as exc:
            raise _broken(transport, shown, str(exc)) from exc
        closing.pop_all()
    return Coming(columns, _watched(transport, rows, body, shown), body.headers)


def _watched(transport: Transport, rows: Iterator[Row], body: Body, shown: str) -> Iterator[Row]:
    try:
        yield from rows
    except SyntaxError as exc:
        raise _broken(transport, shown, str(exc)) from exc
    finally:
        body.close()


def _broken(transport: Transport, shown: str, told: str) -> InputError:
    return InputError(
        "E417",
        f"{shown}: the answer of {transport.shown} is not the whole of a SPARQL result: {told}",
        why="What ends early, or is something else, is not an answer.",
        hint="Check the address; if it is right, the log of the server says why it broke off.",
    )
