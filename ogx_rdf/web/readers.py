"""Readers at the addresses for programs: a browser is sent on to the page that tells a person the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ..serving.media import choose

__all__ = ["Readers", "see_other"]

HTML = "text/html"


class Readers:
    """The pages that browsers can be sent to.

    :param pages: the routes of all pages; where another application has none of these paths, nobody is sent there
    """

    def __init__(self, pages: Iterable[BaseRoute]) -> None:
        self._paths = {route.path for route in pages if isinstance(route, Route)}

    def wanted(self, request: Request, types: Sequence[str], path: str) -> bool:
        """Whether the client prefers a page to what a program can have, and the page is there.

        :param types: the media types that a program can have
        :param path: the path of the page, as its route has it
        :raises Unacceptable: for a client that takes none of all these
        """
        return path in self._paths and choose([*types, HTML], request.headers.get("accept")) == HTML


def see_other(request: Request, path: str, given: Mapping[str, str]) -> Response:
    """The way to another address of this application.

    :param given: the parameters that go with it
    """
    address = request.scope.get("root_path", "") + quote(path) + (f"?{urlencode(given)}" if given else "")
    return RedirectResponse(address, 303, headers={"Vary": "Accept"})
