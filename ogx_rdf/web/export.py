"""The whole dataset as it is read, at /export: N-Quads or TriG, by ending or by ``Accept``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from ..errors import InputError
from ..publish.streamed import STREAMED
from ..serving.dump import dump
from ..serving.media import choose
from ..serving.opened import Opened

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["AT_ONCE", "EXPORTED", "export_routes"]

AT_ONCE = 2
"""So many are sent at once; each takes as long as its client wants."""
EXPORTED = tuple(media for media, _ in STREAMED.values())
"""The media types of the dataset, the one for whoever has no wish first."""


class _Export:
    """The dataset of a server, and how often it is being sent."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.sending = 0

    async def send(self, request: Request, format: str) -> Response:
        """The dataset in a format.

        :raises InputError: where it is being sent to too many already
        """
        headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
        if self.opened.version:  # weak: another store of the same quads has them in another order
            headers["ETag"] = f'W/"{self.opened.version}-{format}"'
            if headers["ETag"] in (tag.strip() for tag in request.headers.get("if-none-match", "").split(",")):
                return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = f'attachment; filename="graph.{format}"'
        media = STREAMED[format][0]
        if request.method == "HEAD":
            return Response(headers=headers, media_type=media)
        if self.sending >= AT_ONCE:
            raise InputError(
                "E655",
                f"the dataset is being sent to {AT_ONCE} clients already",
                why="Nothing was sent.",
                hint="Ask again later, or for a part of it at /sparql.",
            )
        self.sending += 1
        return _Sent(self, format, headers)


class _Sent(StreamingResponse):
    """The dataset on its way; it has no length beforehand, and one that breaks off lacks the last chunk."""

    def __init__(self, export: _Export, format: str, headers: dict[str, str]) -> None:
        self._pieces = dump(export.opened, format)
        super().__init__(self._pieces, headers=headers, media_type=STREAMED[format][0])
        self._export = export

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._export.sending -= 1
            await self._pieces.aclose()


def export_routes(opened: Opened) -> list[BaseRoute]:
    """The dataset, at /export, /export.nq and /export.trig."""
    export = _Export(opened)

    async def preferred(request: Request) -> Response:
        media = choose(EXPORTED, request.headers.get("accept"))
        return await export.send(request, next(name for name, (kind, _) in STREAMED.items() if kind == media))

    def ending(format: str) -> Route:
        async def one(request: Request) -> Response:
            return await export.send(request, format)

        return Route(f"/export.{format}", one)

    return [Route("/export", preferred), *map(ending, STREAMED)]
