"""mcp: the command that answers assistants."""

from __future__ import annotations

import signal
from typing import Any

from .words import Arguments, command, corpus_of

__all__ = ["add", "mcp"]


def add(commands: Any) -> None:
    """Declare the command."""
    summary = "answer assistants over standard input and output (Model Context Protocol), read-only"
    parser = command(commands, "mcp", "mcp:mcp", summary, "ogx-rdf mcp --corpus my-corpus")
    parser.add_argument(
        "--time-limit", type=float, default=30.0, metavar="SECONDS", help="how long a call may run; default 30"
    )


def mcp(arguments: Arguments) -> int:
    """Answer until the input ends."""
    from ..api import Graph

    # The SDK waits for its input in a thread that Python cannot interrupt; nothing is written that could be cut off.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Graph(corpus_of(arguments)).mcp(time_limit=arguments.time_limit)
    return 0
