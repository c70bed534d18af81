"""tensions: the command that shows where the corpus does not agree with itself."""

from __future__ import annotations

import sys
from typing import Any

from .words import Arguments, command, corpus_of, format_option

__all__ = ["add", "tensions"]


def add(commands: Any) -> None:
    """Declare the command."""
    summary = "list what does not go together: tensions named by curators, and those that stored queries find"
    example = "ogx-rdf tensions --claim c:0154 --format md"
    parser = command(commands, "tensions", "tensions:tensions", summary, example)
    parser.add_argument(
        "--kind",
        metavar="KIND",
        help="one kind: of the vocabulary (numberDrift), or a query that finds (opposite-polarity)",
    )
    parser.add_argument("--claim", metavar="ID", help="those that touch one claim, its evidence or its citations")
    parser.add_argument(
        "--table", metavar="DIR", help="look in an evidence table: what queries find in claims and evidence, fast"
    )
    parser.add_argument("--out", metavar="FILE", help="write to a file")
    parser.add_argument(
        "--fail-on",
        action="append",
        default=[],
        metavar="curated|found|KIND",
        help="exit 1 where any such tension is listed (repeatable)",
    )
    format_option(parser, "text", "json", "md")


def tensions(arguments: Arguments) -> int:
    """List the tensions; exit 1 where --fail-on names what is there."""
    from ..publish.tensions import render_tensions
    from ..tensions import tensions as look
    from .output import deliver, progress

    if arguments.table is not None:
        return _of_table(arguments)
    corpus = corpus_of(arguments)
    with progress("Looking for tensions"):
        found = look(corpus, kind=arguments.kind, claim=arguments.claim)
        exceeded = found.exceeded(arguments.fail_on)
        text = render_tensions(found, arguments.format)
    deliver(text, arguments.out)
    for line in exceeded:
        print(line, file=sys.stderr)
    return 1 if exceeded else 0


def _of_table(arguments: Arguments) -> int:
    from ..publish.table import found_in, render_contradictions
    from ..table import open_table
    from .output import deliver, progress, refuse_with_table

    refuse_with_table(arguments, "claim")
    with progress("Looking for tensions"), open_table(arguments.table) as table:
        exceeded = found_in(table, arguments.fail_on)
        text = render_contradictions(table, arguments.format, arguments.kind)
    deliver(text, arguments.out)
    for line in exceeded:
        print(line, file=sys.stderr)
    return 1 if exceeded else 0
