"""The application as a server of its own."""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from ..errors import InputError, UsageError
from ..serving.limits import Limits, time_limit
from .app import create_app

if TYPE_CHECKING:
    from ..api import Graph

__all__ = ["run", "serve"]

CONNECTIONS = 500
"""How many may be open at once."""
SWITCH = 0.001
"""Seconds after which a page that is being made lets others have a turn."""
PATIENCE = 3
"""Seconds that running requests get when the server ends."""


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=512)
        # Else a body on a connection that was used before waits some 40 ms for the client's word on its head.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as exc:
        number = exc.errno or 0
        reason = os.strerror(number) if number > 0 else exc.strerror  # names that are not known have numbers below 0
        raise InputError(
            "E659",
            f"cannot serve at {host}, port {port}: {reason}",
            hint="Choose another one with --port (0 takes any that is free), or another address with --host.",
        ) from exc


def serve(graph: Graph, host: str, port: int, seconds: float, say: Callable[[str], object]) -> None:
    """Serve a graph until interrupted.

    :param port: 0 for any that is free
    :param seconds: how long a query may run
    :param say: told the address, once clients are heard
    :raises UsageError: for a port or a time that is none, or a graph that lies in a SPARQL server
    :raises InputError: where the port or the address cannot be had
    """
    if not 0 <= port <= 65_535:
        raise UsageError("E500", f"no port: {port}", hint="Give a number up to 65535; 0 takes any free one.")
    run(create_app(graph, limits=Limits(seconds=time_limit(seconds))), host, port, say)


def run(app: Starlette, host: str, port: int, say: Callable[[str], object]) -> None:
    """Serve an application until interrupted; see :func:`serve`."""
    import uvicorn

    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            # What was read stays; to look through it for garbage again and again makes some readers wait.
            gc.collect()
            gc.freeze()
            if not self.should_exit:
                say(address)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            pool = getattr(app.state, "pool", None)
            if pool is not None:  # else those who wait for a query are cut off when they had their time
                pool.end()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        log_level=logging.WARNING,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=PATIENCE,
        lifespan="on",
    )
    switching = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        listening.close()
        sys.setswitchinterval(switching)
        gc.unfreeze()
