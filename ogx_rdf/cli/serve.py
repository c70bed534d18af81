"""serve: the command that answers over HTTP."""

from __future__ import annotations

import sys
from typing import Any

from .words import Arguments, command, corpus_of

__all__ = ["add", "serve"]

LOCAL = ("127.0.0.1", "::1", "localhost")


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
    from ..api import Graph

    graph = Graph(corpus_of(arguments))

    def said(address: str) -> None:
        print(f"Serving {graph.corpus.place} at {address} (Ctrl-C ends it)", flush=True)
        if arguments.host not in LOCAL:
            print("Whoever reaches this address can read the whole graph.", file=sys.stderr)

    graph.serve(host=arguments.host, port=arguments.port, time_limit=arguments.time_limit, said=said)
    return 0
