"""The server for assistants, over standard input and output, by the official SDK; it ends with its input.

The SDK is imported when a server is made, so that this package loads without it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import OgxError, UsageError
from ..lookup import unknown
from ..serving.limits import SECONDS, time_limit
from .calling import Answered, Calls, failed
from .tools import GUIDE, TOOLS, Desk, Tool

if TYPE_CHECKING:
    from mcp import types
    from mcp.server.lowlevel import Server

    from ..api import Graph

__all__ = ["make_server", "run"]

KINDS = ["rows", "none", "not-stated", "failed"]
NAME = "ogx-rdf"
SHOWN = 200


def _checked(desk: Desk, name: str, arguments: Mapping[str, object]) -> Tool:
    """The tool of a name, for arguments that fit it.

    :raises UsageError: for another name, or arguments that do not fit
    """
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]
    from jsonschema.exceptions import best_match  # type: ignore[import-untyped,unused-ignore]

    known = {tool.name: tool for tool in TOOLS}
    if name not in known:
        raise unknown("tool", name, list(known))
    tool = known[name]
    wrong = best_match(Draft202012Validator(desk.schema(tool)).iter_errors(dict(arguments)))
    if wrong is not None:
        at = ".".join(map(str, wrong.absolute_path)) or "the arguments"
        hint = "Call list_queries for the names of the queries." if at == "query" else None
        raise UsageError("E681", f"{name}, {at}: {wrong.message[:SHOWN]}", hint=hint)
    return tool


async def _answered(desk: Desk, calls: Calls, name: str, arguments: Mapping[str, object]) -> Answered:
    """The answer of a tool, and whether it is a failure."""
    try:
        _checked(desk, name, arguments)
        return await calls.ask(name, arguments)
    except OgxError as exc:
        return failed(exc.as_dict())


def _told(desk: Desk) -> list[types.Tool]:
    from mcp import types

    answer = {"type": "object", "properties": {"answer": {"type": "string", "enum": KINDS}}, "required": ["answer"]}
    reads = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    return [
        types.Tool(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            input_schema=desk.schema(tool),
            output_schema=answer,
            annotations=reads,
        )
        for tool in TOOLS
    ]


def make_server(graph: Graph, seconds: float = SECONDS) -> Server[Any]:
    """A server of the SDK that answers from a graph, one call after the other, for any transport on asyncio.

    An answer is given twice, as the protocol wants it: as an object, and as the same in a text.

    :param seconds: how long a call may run; the process that works on a longer one is ended
    :raises ImportError: where the SDK is not installed
    :raises UsageError: for a time that is none
    """
    import anyio.to_thread
    from mcp import types
    from mcp.server.lowlevel import Server

    desk, limit = Desk(graph), time_limit(seconds)
    one_by_one = anyio.CapacityLimiter(1)

    @asynccontextmanager
    async def lifespan(server: Server[Calls]) -> AsyncIterator[Calls]:
        calls = Calls(graph, limit)
        try:
            yield calls
        finally:
            await calls.close()

    async def listed(context: object, params: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=await anyio.to_thread.run_sync(_told, desk, limiter=one_by_one))

    async def called(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        calls: Calls = context.lifespan_context
        answer, is_error = await _answered(desk, calls, params.name, params.arguments or {})
        text = json.dumps(answer, ensure_ascii=False)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text)], structured_content=answer, is_error=is_error
        )

    return Server(
        NAME,
        version=__version__,
        title=graph.corpus.config.title,
        instructions=GUIDE,
        lifespan=lifespan,
        on_list_tools=listed,
        on_call_tool=called,
    )


def run(server: Server[Any]) -> None:
    """Answer over standard input and output until the input ends."""
    import anyio
    from mcp.server.stdio import stdio_server

    async def served() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(served)
