"""add, remove: the commands that change a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .output import progress, say, show_json
from .words import Arguments, Parser, command, format_option, source_option

if TYPE_CHECKING:
    from ..increment import Change
    from ..increment.writer import Writer

__all__ = ["add", "put", "take"]

STORE = "build/store"
STORE_HELP = f"the store, a folder made by build --store (default {STORE})"


def add(commands: Any) -> None:
    """Declare the commands."""
    summary = "put claims of a file into a store, checked, as a whole or not at all"
    example = "ogx-rdf add new-claims.trig --store build/store --source texts/"
    parser = command(commands, "add", "increment:put", summary, example, store=STORE_HELP)
    parser.add_argument(
        "file", metavar="FILE", help="Turtle, TriG or N-Quads, also .gz: each claim takes the place of that of its name"
    )
    _options(parser)
    summary = "take a claim with its evidence, a piece of evidence, or a node that nobody uses out of a store"
    example = "ogx-rdf remove c:0042 --store build/store"
    parser = command(commands, "remove", "increment:take", summary, example, store=STORE_HELP)
    parser.add_argument("id", metavar="ID", help="c:0042 or 42, a CURIE or an IRI")
    _options(parser)


def _options(parser: Parser) -> None:
    parser.add_argument("--table", metavar="DIR", help="also bring this evidence table of the store up to the change")
    source_option(parser)
    format_option(parser, "text", "json")


def put(arguments: Arguments) -> int:
    """Add the claims of a file; exit 1 where violations keep them out."""
    from ..increment import add as put_in

    return _done(
        arguments, lambda writer: put_in(writer, arguments.file, sources=arguments.source, table=arguments.table)
    )


def take(arguments: Arguments) -> int:
    """Remove a claim, evidence or a node; exit 1 where others need it."""
    from ..increment import remove

    return _done(
        arguments, lambda writer: remove(writer, arguments.id, sources=arguments.source, table=arguments.table)
    )


def _done(arguments: Arguments, run: Callable[[Writer], Change]) -> int:
    from ..increment.methods import open_writer
    from ..validation.formats import findings_text

    with progress("Changing the store"), open_writer(arguments.store or STORE, corpus=arguments.corpus) as writer:
        change = run(writer)
        corpus = writer.naming.corpus
    if arguments.format == "json":
        show_json(change.as_dict())
    else:
        found = findings_text(change.findings, change.coverage, corpus.curie).splitlines()[:-2]
        say("\n".join([*(found if change.findings else ()), change.text(corpus)]))
    return change.exit_code
