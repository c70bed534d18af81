"""What browsers and crawlers ask of every site: an icon, and where they may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .site import WEB

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

__all__ = ["usual_routes"]

_LEFT_OUT = ("/sparql", "/queries", "/export", "/search?", "/ask/*?", "/chains?")
"""What has to be asked anew each time: a crawler that follows every such link asks more than all readers."""


def usual_routes() -> list[BaseRoute]:
    """The icon, at /favicon.ico, and what crawlers leave out, at /robots.txt."""
    from starlette.responses import FileResponse, PlainTextResponse
    from starlette.routing import Route

    def icon(request: Request) -> Response:
        return FileResponse(WEB / "static" / "mark.svg", media_type="image/svg+xml")

    def robots(request: Request) -> Response:
        root = request.scope.get("root_path", "").rstrip("/")
        return PlainTextResponse("".join(["User-agent: *\n", *(f"Disallow: {root}{path}\n" for path in _LEFT_OUT)]))

    return [Route("/favicon.ico", icon), Route("/robots.txt", robots)]
