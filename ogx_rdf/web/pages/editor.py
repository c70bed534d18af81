"""Any query of a reader's own: the text to be edited, and its answer as a table with names leading to pages."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ...errors import OgxError, UsageError
from ...namespaces import OGX, RDFS
from ...oxi import Dataset
from ..described import site_of
from .formats import HTML
from .replies import reply

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .site import Site

__all__ = ["ACCEPT", "curl", "editor_endpoint"]

ROWS = "application/sparql-results+json"
GRAPH = "text/turtle"
ACCEPT = f"{ROWS}, {GRAPH};q=0.9"
"""In which types an answer is asked for: rows or a truth, else a graph."""
SHOWN = 500
"""So many rows a page shows; it says how many there are."""
LARGEST = 4 << 20
"""Bytes of an answer that a page tells; a larger one is for programs."""
FIRST = f"""PREFIX ogx: <{OGX.iri}>
PREFIX rdfs: <{RDFS.iri}>

SELECT ?claim ?label ?polarity ?quote
WHERE {{
  ?claim rdfs:label ?label ; ogx:polarity ?polarity .
  ?evidence ogx:evidenceFor ?claim ; ogx:quote ?quote .
  FILTER(?polarity != ogx:positive)
}}
ORDER BY ?claim
LIMIT 20
"""
"""The query that stands there before one is given: claims that something is not so, with the words."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a cell tells it.

    :param note: the language or the type, where it has one
    """

    text: str
    href: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: of its three forms (rows, a truth, a graph) one is there.

    :param count: how many rows there are, of which the first are in ``rows``
    """

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Shown | None]] = ()
    count: int = 0
    truth: bool | None = None
    graph: str | None = None


def _asked(site: Site, text: str) -> tuple[str, bytes]:
    """The answer from this process, for a site that has no workers."""
    dataset = site.corpus.dataset
    if not isinstance(dataset, Dataset):
        raise UsageError("E553", "queries are asked of the server itself", hint=f"It is at {site.corpus.place}")
    result = dataset.ask(text, None, site.corpus.prefixes, site.corpus.base)
    media = next(media for media in (ROWS, GRAPH) if media in result.types)
    data = io.BytesIO()
    result.write(data, media)
    return media, data.getvalue()


def _shown(site: Site, request: Request, value: Mapping[str, str]) -> Shown:
    text = value["value"]
    if value["type"] == "uri":
        at = site.addresses(request)
        name = site.corpus.curie(text)
        return Shown(name, at.iri(text) or (text if text.startswith(("http://", "https://")) else None))
    if value["type"] == "bnode":
        return Shown(f"_:{text}")
    datatype = value.get("datatype", "")
    return Shown(text, None, value.get("xml:lang", "") or (site.corpus.curie(datatype) if datatype else ""))


def _told(site: Site, request: Request, media: str, data: bytes) -> Told:
    if len(data) > LARGEST:
        raise UsageError(
            "E554",
            f"the answer has {len(data)} bytes, too many for a page",
            hint="Ask with a LIMIT, or fetch all of it with the command below.",
        )
    if media != ROWS:
        return Told(graph=data.decode())
    found = json.loads(data)
    if "boolean" in found:
        return Told(truth=found["boolean"])
    columns, rows = found["head"]["vars"], found["results"]["bindings"]
    cells = [[_shown(site, request, row[name]) if name in row else None for name in columns] for row in rows[:SHOWN]]
    return Told(columns, cells, len(rows))


def curl(address: str, fields: Mapping[str, str], accept: str) -> str:
    """A command that asks an address with fields, as a shell takes it.

    :param accept: the media type of the answer
    """
    given = [part for name, value in fields.items() for part in ("--data-urlencode", f"{name}={value}")]
    return shlex.join(["curl", "--silent", "--get", address, "--header", f"Accept: {accept}", *given])


def editor_endpoint(site: Site) -> Callable[[Request], Response]:
    """The endpoint of the page on which any query may be asked."""

    def endpoint(request: Request) -> Response:
        text = request.query_params.get("query", "")
        told, error = None, None
        if text.strip():
            try:
                media, data = site.ask_text(text) if site.ask_text else _asked(site, text)
                told = _told(site, request, media, data)
            except OgxError as exc:
                error = exc
        status = 200 if error is None else 503 if error.exit_code == 3 else 400
        body = site.html(
            request,
            "editor.html",
            {
                "text": text or FIRST,
                "told": told,
                "error": error.as_dict() if error else None,
                "fetch": f"{site.addresses(request).page('sparql')}?{urlencode({'query': text})}" if text else None,
                "command": curl(f"{site_of(request)}sparql", {"query": text or FIRST}, ROWS),
            },
        )
        return reply(request, body, HTML, status=status)

    return endpoint
