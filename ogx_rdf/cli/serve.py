"""serve: the command that answers over HTTP."""

from __future__ import annotations

import sys
from typing import Any

from ..errors import InputError, UsageError
from .words import Arguments, command, corpus_of

__all__ = ["add", "serve"]


def add(commands: Any) -> None:
    """Declare the command."""
    summary = "answer over HTTP, read-only: SPARQL, stored queries, pages"
    parser = command(commands, "serve", "serve:serve", summary, "ogx-rdf serve --port 8011")
    parser.add_argument("--host", default="127.0.0.1", metavar="HOST", help="default 127.0.0.1: this machine alone")
    parser.add_argument(
        "--port", type=int, default=8011, metavar="N", help="default 8011; 0 takes any port that is free"
    )
    parser.add_argument(
        "--time-limit", type=float, default=30.0, metavar="SECONDS", help="how long a query may run; default 30"
    )


def serve(arguments: Arguments) -> int:
    """Serve until interrupted."""
    if not 0 <= arguments.port <= 65_535:
        raise UsageError("E500", f"no port: {arguments.port}", hint="Give a number up to 65535; 0 takes any free one.")
    if not 0 < arguments.time_limit <= 86_400:
        raise UsageError("E500", f"no time limit: {arguments.time_limit:g}", hint="Give seconds, for example 30.")
    try:
        from ..web import create_app
        from ..web.run import serve as run
    except ImportError as exc:
        raise InputError(
            "E601",
            f"serving needs a library that is not installed ({exc.name})",
            hint="Install the extra: pip install 'ogx-rdf[serve]'.",
        ) from exc
    from ..api import Graph
    from ..serving.limits import Limits

    corpus = corpus_of(arguments)
    app = create_app(Graph(corpus), limits=Limits(seconds=arguments.time_limit))

    def say(address: str) -> None:
        print(f"Serving {corpus.place} at {address} (Ctrl-C ends it)", flush=True)
        if arguments.host not in ("127.0.0.1", "::1", "localhost"):
            print("Whoever reaches this address can read the whole graph.", file=sys.stderr)

    run(app, arguments.host, arguments.port, say)
    return 0
