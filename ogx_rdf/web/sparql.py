"""The SPARQL 1.1 Protocol: query by GET, by a form, or sent directly; nothing else."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..errors import UsageError
from ..oxi import GRAPH_TYPES
from ..serving.pool import Pool
from .described import service_description
from .problems import Refused
from .readers import Readers, see_other
from .replies import ask_pool, respond
from .requests import FORM, Parameters, body_text, media_type, parse_parameters, query_parameters

__all__ = ["sparql_routes"]

DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"


def _refuse_update() -> Refused:
    return Refused(
        403,
        "E401",
        "an UPDATE is refused",
        why="This endpoint is read-only: the graph is built from the files of a corpus.",
        hint="Edit the Turtle files, and start the server again.",
    )


async def _asked(request: Request, most: int) -> tuple[str | None, Parameters]:
    """The query of a request, if it has one, and its other parameters."""
    parameters = query_parameters(request)
    if request.method == "POST":
        kind = media_type(request)
        if kind == UPDATE:
            raise _refuse_update()
        if kind not in (FORM, DIRECT):
            what = f"a query cannot be sent as {kind[:80]}" if kind else "the body has no Content-Type"
            raise Refused(415, "E663", what, hint=f"Send {DIRECT}, or a form ({FORM}) with the field query.")
        text = await body_text(request, most)
        form = {"query": [text]} if kind == DIRECT else parse_parameters(text)
        for name, values in form.items():
            parameters[name] = [*parameters.get(name, ()), *values]
    if "update" in parameters:
        raise _refuse_update()
    queries = parameters.get("query", [])
    if len(queries) > 1:
        raise UsageError("E664", f"{len(queries)} queries in one request", hint="Send one query at a time.")
    return (queries[0] if queries else None), parameters


def _graphs(parameters: Parameters) -> tuple[list[str], list[str]] | None:
    default, named = (parameters.get(name, []) for name in ("default-graph-uri", "named-graph-uri"))
    return (default, named) if default or named else None


def sparql_routes(pool: Pool, readers: Readers) -> list[BaseRoute]:
    """The endpoint, at /sparql.

    :param readers: where browsers that ask nothing are sent on to
    """

    async def sparql(request: Request) -> Response:
        query, parameters = await _asked(request, pool.limits.request_bytes)
        accept = request.headers.get("accept")
        if query is None:
            if request.method == "POST" or _graphs(parameters):
                raise UsageError("E665", "the request has no query", hint="Send the query as query=...")
            if readers.wanted(request, list(GRAPH_TYPES), "/ask"):
                return see_other(request, "/ask", {})
            return service_description(request, accept)
        asked: dict[str, Any] = {"query": query, "graphs": _graphs(parameters), "accept": accept}
        return respond(await ask_pool(request, pool, asked))

    return [Route(path, sparql, methods=["GET", "POST"]) for path in ("/sparql", "/sparql/")]
