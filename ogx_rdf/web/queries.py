"""The stored queries as an API: what there is to ask, and the answers, page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ..errors import UsageError
from ..lookup import unknown
from ..queries import StoredQuery
from ..queries.typed import texts_of
from ..serving.media import choose
from ..serving.pool import Pool
from .problems import Refused
from .replies import ask_pool, respond
from .requests import FORM, Parameters, body_text, media_type, parse_parameters, query_parameters

__all__ = ["PAGING", "query_routes"]

PAGING = ("limit", "offset")
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


async def _given(request: Request, query: StoredQuery, most: int) -> dict[str, str]:
    """The parameters of a request: those of the address, and for POST those of the body.

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
    numbers = {*PAGING, *(param.name for param in query.params if param.type == "integer")}
    body = _from_json(text, numbers) if kind == JSON else _single(parse_parameters(text))
    for name in body:
        if name in given:
            raise UsageError("E671", f"{name[:80]} stands in the address and in the body", hint="Give it once.")
    return given | body


def _links(request: Request, given: Mapping[str, str], offset: int, limit: int, said: Mapping[str, Any]) -> str:
    """The pages before and after this one, as the header Link has them."""
    pages = {}
    if offset + said["rows"] < said["total"]:
        pages["next"] = offset + limit
    if offset > 0:
        pages["prev"] = max(0, offset - limit)
    shown = (
        f'<{request.url.path}?{urlencode({**given, "limit": limit, "offset": at})}>; rel="{name}"'
        for name, at in pages.items()
    )
    return ", ".join(shown)


class _Queries:
    """The stored queries, and how they are asked."""

    def __init__(self, pool: Pool, catalogue: Mapping[str, StoredQuery]) -> None:
        self._pool = pool
        self._catalogue = catalogue

    def _named(self, request: Request) -> StoredQuery:
        name = request.path_params["id"]
        if name not in self._catalogue:
            error = unknown("query", name, list(self._catalogue), hint="GET /queries lists them.")
            raise Refused(404, error.code, error.message, hint=error.hint)
        return self._catalogue[name]

    async def listed(self, request: Request) -> Response:
        """Every query with its documentation."""
        rows = [_described(request, query) for query in self._catalogue.values()]
        choose([JSON], request.headers.get("accept"))
        return JSONResponse({"answer": "rows", "rows": rows})

    async def one(self, request: Request) -> Response:
        """One query, as JSON or as the SPARQL that it is."""
        query = self._named(request)
        if choose([JSON, SPARQL], request.headers.get("accept")) == SPARQL:
            return PlainTextResponse(query.text, media_type=SPARQL, headers={"Vary": "Accept"})
        return JSONResponse(_described(request, query), headers={"Vary": "Accept"})

    async def results(self, request: Request) -> Response:
        """The answer of one query."""
        query = self._named(request)
        given = await _given(request, query, self._pool.limits.request_bytes)
        paging = {name: given.pop(name) for name in PAGING if name in given}
        limit = _whole_number("limit", paging["limit"], 1) if "limit" in paging else None
        offset = _whole_number("offset", paging.get("offset", "0"), 0)
        asked = {"stored": query.id, "params": given, "offset": offset, "limit": limit}
        reply = await ask_pool(request, self._pool, asked | {"accept": request.headers.get("accept")})
        if reply is None:
            return respond(reply)
        headers = {"Ogx-Answer": reply.said["answer"], "Ogx-Total": str(reply.said["total"])}
        if limit is not None and (links := _links(request, given, offset, limit, reply.said)):
            headers["Link"] = links
        return respond(reply, headers)


def _described(request: Request, query: StoredQuery) -> dict[str, object]:
    root = request.scope.get("root_path", "")
    return query.as_dict() | {"href": f"{root}/queries/{query.id}", "results": f"{root}/queries/{query.id}/results"}


def query_routes(pool: Pool, catalogue: Mapping[str, StoredQuery]) -> list[BaseRoute]:
    """The list of queries, each of them, and their answers, below /queries."""
    queries = _Queries(pool, catalogue)
    return [
        Route("/queries", queries.listed),
        Route("/queries/{id}", queries.one),
        Route("/queries/{id}/results", queries.results, methods=["GET", "POST"]),
    ]
