"""works check: what became of the works after they were published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .output import progress, say, show_json
from .words import Arguments, Parser, command, format_option

__all__ = ["add", "check"]


def add(commands: Any) -> None:
    """Declare the command and its options."""
    group = commands.add_parser("works", help="look after the works", description="Look after the works.")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    example = "ogx-rdf works check --online --mailto me@example.org --write"
    summary = "list the standing of each work; with --online ask Crossref and PubMed for notices and metadata"
    parser: Parser = command(actions, "check", "works:check", summary, example)
    parser.add_argument("--online", action="store_true", help="ask the registries (default: nothing is asked)")
    parser.add_argument("--mailto", metavar="ADDRESS", help="the mail address to be known by; also OGX_RDF_MAILTO")
    parser.add_argument("--write", action="store_true", help="record what was found in works/standing.ttl")
    parser.add_argument("--cache", metavar="DIR", help="where answers are kept for a day (default: the user's cache)")
    parser.add_argument("--refresh", action="store_true", help="ask again what is kept")
    parser.add_argument("--timeout", metavar="SECONDS", type=float, help="without a sign of a server (default 30)")
    format_option(parser, "text", "json")


def check(arguments: Arguments) -> int:
    """List what is recorded, or ask the registries."""
    from ..corpus import open_corpus
    from ..works.check import works_check

    with progress("Asking the registries" if arguments.online else "Reading"):
        result = works_check(
            open_corpus(arguments.corpus),
            online=arguments.online,
            write=arguments.write,
            mailto=arguments.mailto,
            cache=Path(arguments.cache) if arguments.cache else None,
            refresh=arguments.refresh,
            timeout=arguments.timeout,
        )
    if arguments.format == "json":
        show_json(result.as_dict())
    else:
        say(result.text())
    return result.exit_code
