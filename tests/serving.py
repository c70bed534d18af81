"""A small server of the tests, run beside them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import TypeVar

__all__ = ["serving"]

Server = TypeVar("Server", bound=ThreadingHTTPServer)


@contextmanager
def serving(server: Server, released: threading.Event) -> Iterator[Server]:
    """The server for as long as the block lasts; ``released`` lets go what it holds back."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            released.set()
            server.shutdown()
            thread.join()
