"""Pages made once and kept: one that is kept is sent at once, another is made in a thread, a few at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from .formats import preferred
from .replies import Made

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["Endpoint", "Making"]

Endpoint = Callable[["Request"], Awaitable["Response"]]
Held = Callable[[], AbstractContextManager[object]]

AT_ONCE = 4
"""So many pages are made at once: threads share one interpreter, and more of them would only delay each other."""
KEPT_BYTES = 64 << 20
"""So many bytes of pages are kept, those longest unasked for going first."""

Key = tuple[str, ...]


@lru_cache(maxsize=1024)
def _wish(accept: str | None) -> str:
    form = preferred(accept)
    return form.name if form else ""


def _key(request: Request) -> Key | None:
    """What tells a page from others; None for one that is asked something, of which there is no end."""
    scope = request.scope
    if scope["query_string"]:
        return None
    return scope.get("root_path", ""), scope["path"], _wish(request.headers.get("accept"))


class Making:
    """How the pages of a graph are made.

    :param keeps: whether they stay as they are
    """

    def __init__(self, *, keeps: bool) -> None:
        from anyio import CapacityLimiter, Semaphore

        self._keeps = keeps
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._size = 0
        self._keeping = Lock()
        self._turns = Semaphore(AT_ONCE)
        self._threads = CapacityLimiter(AT_ONCE)

    def endpoint(self, make: Callable[[Request], Made | Response], held: Held) -> Endpoint:
        """An endpoint that sends what is made.

        :param make: makes a page that can be kept, or another response
        :param held: gives what is held while it is made
        """
        from anyio import to_thread
        from starlette.responses import Response

        def made(request: Request, key: Key | None) -> Made | Response:
            with held():
                found = self._found(key)
                if found is not None:
                    return found
                new = make(request)
            if key is not None and isinstance(new, Made):
                self._keep(key, new)
            return new

        async def endpoint(request: Request) -> Response:
            key = _key(request) if self._keeps else None
            found: Made | Response | None = self._found(key)
            if found is None:
                async with self._turns:
                    if await request.is_disconnected():
                        return Response(status_code=499)
                    found = await to_thread.run_sync(made, request, key, limiter=self._threads)
            return found.reply(request) if isinstance(found, Made) else found

        return endpoint

    def _found(self, key: Key | None) -> Made | None:
        if key is None:
            return None
        with self._keeping:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: Key, made: Made) -> None:
        with self._keeping:
            before = self._kept.pop(key, None)
            self._kept[key] = made
            self._size += len(made.data) - (len(before.data) if before else 0)
            while self._size > KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1].data)
