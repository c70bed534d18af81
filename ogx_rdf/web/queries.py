"""The stored queries as an API: what there is to ask, and the answers, page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ..errors import UsageError
from ..lookup import unknown
from ..queries import StoredQuery
from ..queries.catalogue import GROUPS
from ..queries.paging import has_row
from ..queries.typed import texts_of
from ..serving.answers import STORED_TYPES
from ..serving.media import choose
from ..serving.pool import Pool
from .problems import Refused
from .readers import Readers, see_other
from .replies import ask_pool, respond
from .requests import FORM, Parameters, body_text, media_type, parse_parameters, query_parameters

__all__ = ["FILTERS", "PAGING", "query_routes"]

PAGING = ("limit", "offset")
FILTERS = ("group", "text")
JSON = "application/json"
SPARQL = "application/sparql-query"


def _whole_number(name: str, text: str, least: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise UsageError("E670", f"{name} takes a whole number, {least} or more, not {text[:40]!r}")
    return int(text)


def _single(parameters: Parameters) -> dict[str, str]:
    for name, values in parameters.items():
        if len(values) > 1:
            raise UsageError("E671", f"{len(values)} values for {name[:80]}", hint="Give one value for each parameter.")
    return {name: values[0] for name, values in parameters.items()}


def _from_json(text: str, numbers: Collection[str]) -> dict[str, str]:
    """The parameters in a JSON object.

    :param numbers: those that are whole numbers; all others are texts
    :raises UsageError: for a value of another kind
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise UsageError("E672", "the body is not valid JSON") from exc
    if not isinstance(said, dict):
        raise UsageError(
            "E672", "the body is not a JSON object", hint='Send one, for example: {"entity": "clusterin"}.'
        )
    return texts_of(said, numbers)


async def _given(request: Request, numbers: Collection[str], most: int) -> dict[str, str]:
    """The parameters of a request: those of the address, and for POST those of the body.

    :param numbers: those that are whole numbers in JSON, beside those of paging
    :param most: how many bytes the body may have
    :raises UsageError: for a parameter that is given twice
    """
    given = _single(query_parameters(request))
    if request.method != "POST":
        return given
    kind = media_type(request)
    if kind not in (JSON, FORM):
        what = f"parameters cannot be sent as {kind[:80]}" if kind else "the body has no Content-Type"
        raise Refused(415, "E663", what, hint=f"Send a JSON object ({JSON}) or a form ({FORM}).")
    text = await body_text(request, most)
    body = _from_json(text, {*PAGING, *numbers}) if kind == JSON else _single(parse_parameters(text))
    for name in body:
        if name in given:
            raise UsageError("E671", f"{name[:80]} stands in the address and in the body", hint="Give it once.")
    return given | body


def _page(given: dict[str, str]) -> tuple[int, int | None]:
    """The first row and the number of rows that are asked for, taken out of the parameters."""
    limit, offset = given.pop("limit", None), given.pop("offset", "0")
    return _whole_number("offset", offset, 0), None if limit is None else _whole_number("limit", limit, 1)


def _headers(
    path: str, given: Mapping[str, str], offset: int, limit: int | None, said: Mapping[str, Any]
) -> dict[str, str]:
    """What the headers say of an answer: its kind, how many rows there are, the pages before and after this one."""
    headers = {"Ogx-Answer": str(said["answer"]), "Ogx-Total": str(said["total"])}
    pages = {}
    if limit is not None and offset + said["rows"] < said["total"]:
        pages["next"] = offset + limit
    if limit is not None and offset > 0:
        pages["prev"] = max(0, offset - limit)
    shown = (
        f'<{path}?{urlencode({**given, "limit": str(limit), "offset": at})}>; rel="{name}"'
        for name, at in pages.items()
    )
    return headers | ({"Link": ", ".join(shown)} if pages else {})


def _has(query: StoredQuery, words: Iterable[str]) -> bool:
    """Whether a query has all of some words in its name or in what it says of itself."""
    text = " ".join((query.id, query.summary, query.question)).casefold()
    return all(word in text for word in words)


class _Queries:
    """The stored queries, and how they are asked."""

    def __init__(self, pool: Pool, catalogue: Mapping[str, StoredQuery], readers: Readers) -> None:
        self._pool = pool
        self._catalogue = catalogue
        self._readers = readers

    def _named(self, request: Request) -> StoredQuery:
        name = request.path_params["id"]
        if name not in self._catalogue:
            error = unknown("query", name, list(self._catalogue), hint="GET /queries lists them.")
            raise Refused(404, error.code, error.message, hint=error.hint)
        return self._catalogue[name]

    async def _asked(self, request: Request, name: str = "") -> dict[str, str]:
        query = self._catalogue.get(name)
        numbers = {param.name for param in (query.params if query else ()) if param.type == "integer"}
        return await _given(request, numbers, self._pool.limits.request_bytes)

    async def listed(self, request: Request) -> Response:
        """The queries with their documentation: all, or those of a group, or those that have some words."""
        if self._readers.wanted(request, [JSON], "/ask"):
            return see_other(request, "/ask", await self._asked(request))
        choose([JSON], request.headers.get("accept"))
        given = await self._asked(request)
        offset, limit = _page(given)
        found = self._chosen(given)
        has_row(len(found), offset)
        rows = [_described(request, query) for query in found[offset : None if limit is None else offset + limit]]
        said = {"answer": "rows" if found else "none", "total": len(found), "rows": len(rows)}
        page = {"offset": offset, "limit": limit, "total": len(found)}
        headers = {"Vary": "Accept", **_headers(request.url.path, given, offset, limit, said)}
        return JSONResponse({"answer": said["answer"], "page": page, "rows": rows}, headers=headers)

    def _chosen(self, given: Mapping[str, str]) -> list[StoredQuery]:
        """The queries that fit what is asked for.

        :raises UsageError: for another filter than there is, or a group that there is not
        """
        for name in given:
            if name not in FILTERS:
                raise unknown("filter", name, FILTERS, hint=f"There are: {', '.join((*FILTERS, *PAGING))}.")
        group, words = given.get("group"), given.get("text", "").casefold().split()
        if group is not None and group not in GROUPS:
            raise unknown("group", group, GROUPS, hint=f"There are: {', '.join(GROUPS)}.")
        return [query for query in self._catalogue.values() if group in (None, query.group) and _has(query, words)]

    async def one(self, request: Request) -> Response:
        """One query, as JSON or as SPARQL; by POST its answer, and by GET with parameters the way to that."""
        if request.method == "POST":
            return await self.results(request)
        if self._readers.wanted(request, [JSON, SPARQL], "/ask/{id}"):
            return await self._page(request)
        query, given = self._named(request), await self._asked(request)
        if given:
            return see_other(request, f"/queries/{query.id}/results", given)
        if choose([JSON, SPARQL], request.headers.get("accept")) == SPARQL:
            return PlainTextResponse(query.text, media_type=SPARQL, headers={"Vary": "Accept"})
        return JSONResponse(_described(request, query), headers={"Vary": "Accept"})

    async def results(self, request: Request) -> Response:
        """The answer of one query."""
        if self._readers.wanted(request, STORED_TYPES, "/ask/{id}"):
            return await self._page(request)
        query = self._named(request)
        given = await self._asked(request, query.id)
        offset, limit = _page(given)
        asked = {"stored": query.id, "params": given, "offset": offset, "limit": limit}
        reply = await ask_pool(request, self._pool, asked | {"accept": request.headers.get("accept")})
        if reply is None:
            return respond(reply)
        path = f"{request.scope.get('root_path', '')}/queries/{query.id}/results"
        return respond(reply, _headers(path, given, offset, limit, reply.said))

    async def _page(self, request: Request) -> Response:
        """The way to the page of the same question; it has pages of its own, so none is asked for."""
        name = request.path_params["id"]
        given = await self._asked(request, name)
        _page(given)
        return see_other(request, f"/ask/{name}", given)


def _described(request: Request, query: StoredQuery) -> dict[str, object]:
    root = request.scope.get("root_path", "")
    return query.as_dict() | {"href": f"{root}/queries/{query.id}", "results": f"{root}/queries/{query.id}/results"}


def query_routes(pool: Pool, catalogue: Mapping[str, StoredQuery], readers: Readers) -> list[BaseRoute]:
    """The list of queries, each of them, and their answers, below /queries.

    :param readers: where browsers are sent on to
    """
    queries = _Queries(pool, catalogue, readers)
    return [
        Route("/queries", queries.listed, methods=["GET", "POST"]),
        Route("/queries/{id}", queries.one, methods=["GET", "POST"]),
        Route("/queries/{id}/results", queries.results, methods=["GET", "POST"]),
    ]
