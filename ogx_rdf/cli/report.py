"""report: the command that writes everything for those who never type a command."""

from __future__ import annotations

from typing import Any

from .output import progress, say, show_json
from .words import Arguments, command, corpus_of, format_option, source_option

__all__ = ["add", "report"]


def add(commands: Any) -> None:
    """Declare the command."""
    summary = "write the report: summary, audit, trials, preclinical, mechanism, tensions, gaps, impact, works, claims"
    parser = command(commands, "report", "report:report", summary, "ogx-rdf report --out report")
    parser.add_argument(
        "--out", required=True, metavar="DIR", help="a folder for index.html, report.md and report.json"
    )
    parser.add_argument(
        "--date", metavar="YYYY-MM-DD", help="the date to print (default SOURCE_DATE_EPOCH, else today)"
    )
    source_option(parser)
    format_option(parser, "text", "json")


def report(arguments: Arguments) -> int:
    """Write the report."""
    from ..publish.dossier.report import report as write

    corpus = corpus_of(arguments)
    with progress("Writing the report"):
        done = write(corpus, arguments.out, sources=arguments.source, date=arguments.date)
    if arguments.format == "json":
        show_json(done.as_dict())
    else:
        say(done.text())
    return 0
