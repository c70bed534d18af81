"""Pages made before anybody asks for them: those that take longest, of a corpus that is told as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ...errors import OgxError
from .chapters import CHAPTERS

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from .site import Site

__all__ = ["first_paths", "make_ahead", "more_paths"]


def first_paths(site: Site) -> Iterator[str]:
    """The pages that are made before a server is heard: the first one, and the document where one begins to read."""
    yield "/"
    yield from (path for curie, _ in site.reading[:1] if (path := site.paths.curie(curie)))


def more_paths(site: Site) -> Iterator[str]:
    """The other pages that take long, made beside those who ask: those one click away first."""
    yield from (f"/report/{name}" for name in CHAPTERS)
    yield from ("/ask", "/search", "/chains", "/ns")
    yield from (path for curie, _ in site.reading[1:] if (path := site.paths.curie(curie)))


async def make_ahead(site: Site, routes: Sequence[BaseRoute], paths: Iterable[str]) -> None:
    """Make pages as they are at the root of a server, to be kept; what fails is told to who asks for it.

    :param routes: those of the pages
    """
    from starlette.requests import Request
    from starlette.routing import Match, Route

    if site.large or not site.still:
        return
    asked: dict[str, Any] = {"type": "http", "method": "GET", "root_path": "", "query_string": b"", "headers": []}
    for path in paths:
        asked["path"] = path
        for route in routes:
            found, more = route.matches(asked)
            if found is Match.FULL and isinstance(route, Route):
                with suppress(OgxError):
                    await route.endpoint(Request({**asked, **more}, _heard))
                break


async def _heard() -> dict[str, str]:
    return {"type": "http.request"}
