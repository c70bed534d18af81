"""Running the application as a server of its own."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable

from starlette.applications import Starlette

from ..errors import InputError

__all__ = ["serve"]

CONNECTIONS = 500
"""How many may be open at once."""
PATIENCE = 3
"""Seconds that running requests get when the server ends."""


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as exc:
        number = exc.errno or 0
        reason = os.strerror(number) if number > 0 else exc.strerror  # names that are not known have numbers below 0
        raise InputError(
            "E659",
            f"cannot serve at {host}, port {port}: {reason}",
            hint="Choose another one with --port (0 takes any that is free), or another address with --host.",
        ) from exc


def serve(app: Starlette, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted.

    :param port: 0 for any that is free
    :param say: told the address, once clients are heard
    :raises InputError: where the port or the address cannot be had
    """
    import uvicorn

    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    say(f"http://{shown}:{listening.getsockname()[1]}/")
    config = uvicorn.Config(
        app,
        log_level=logging.WARNING,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=PATIENCE,
        lifespan="on",
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        listening.close()
