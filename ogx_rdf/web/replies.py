"""The answers of workers as responses; the work ends where the client is gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from anyio import from_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ..serving.pool import Pool, Reply

__all__ = ["AskStored", "ask_pool", "asker", "respond", "text_asker"]

AskStored = Callable[[str, Mapping[str, str]], dict[str, Any]]
"""Asks a stored query by its name, with its parameters; gives :meth:`ogx_rdf.queries.Answer.as_dict` of the answer."""
PIECE = 256 << 10


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def ask_pool(request: Request, pool: Pool, asked: Mapping[str, Any]) -> Reply | None:
    """The answer to a question; None where the client did not wait for it.  The body must have been read.

    :raises OgxError: for a question that is refused or fails
    """
    work, left = asyncio.ensure_future(pool.ask(asked)), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({work, left}, return_when=asyncio.FIRST_COMPLETED)
        return await work if work.done() else None
    finally:
        for task in (work, left):
            task.cancel()
        with contextlib.suppress(BaseException):
            await asyncio.gather(work, left, return_exceptions=True)


def asker(pool: Pool) -> AskStored:
    """What asks stored queries for an endpoint that is no coroutine: Starlette runs it in a thread, which waits.

    It raises OgxError for a question that is refused or fails.
    """

    def ask(name: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        asked = {"stored": name, "params": dict(parameters), "accept": None, "offset": 0, "limit": None}
        told: dict[str, Any] = json.loads(_told(pool, asked)[1])
        return told

    return ask


def text_asker(pool: Pool, accept: str) -> Callable[[str], tuple[str, bytes]]:
    """What asks any SPARQL query from such a thread; gives the media type and the bytes of the answer.

    It raises OgxError for a query that is refused or fails.
    """

    def ask(text: str) -> tuple[str, bytes]:
        return _told(pool, {"query": text, "graphs": None, "accept": accept})

    return ask


def _told(pool: Pool, asked: Mapping[str, Any]) -> tuple[str, bytes]:
    reply: Reply = from_thread.run(pool.ask, asked)
    try:
        return reply.said["media"], reply.body if reply.file is None else reply.file.read()
    finally:
        from_thread.run_sync(reply.close)


async def _pieces(reply: Reply) -> AsyncIterator[bytes]:
    assert reply.file is not None
    try:
        while data := await asyncio.to_thread(reply.file.read, PIECE):
            yield data
    finally:
        reply.close()


def respond(reply: Reply | None, headers: Mapping[str, str] | None = None) -> Response:
    """An answer as a response, its length before it, so that one that breaks off is seen to."""
    if reply is None:
        return Response(status_code=499)
    named = {"Vary": "Accept", **(headers or {})}
    media = reply.said["media"]
    if media.startswith("text/"):
        media += "; charset=utf-8"
    if reply.file is None:
        return Response(reply.body, headers=named, media_type=media)
    return StreamingResponse(_pieces(reply), headers=named | {"Content-Length": str(reply.size)}, media_type=media)
