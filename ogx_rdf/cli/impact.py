"""impact: the command that says what falls when a source falls."""

from __future__ import annotations

import sys
from typing import Any

from .output import deliver, progress
from .words import Arguments, command, corpus_of, format_option, source_option

__all__ = ["add", "impact"]


def add(commands: Any) -> None:
    """Declare the command."""
    summary = "show what is left when a source falls, or under a policy: claims, chains and totals, before and after"
    example = "ogx-rdf impact --remove ref:5 --remove ref:8 --format html --out impact.html"
    parser = command(commands, "impact", "impact:impact", summary, example)
    parser.add_argument(
        "--remove",
        action="append",
        default=[],
        metavar="ID",
        help="an entry (ref:5), a work, a study with all works that report it, or a document (repeatable)",
    )
    parser.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="NAME|FILE",
        help="leave out what a policy excludes, and list what breaks its rules (repeatable); files in policies/",
    )
    parser.add_argument(
        "--chain",
        action="append",
        nargs=2,
        default=[],
        metavar=("FROM", "TO"),
        help="look at the chains of claims between two things (repeatable; also chains in corpus.toml)",
    )
    parser.add_argument("--out", metavar="FILE", help="write to a file")
    parser.add_argument(
        "--fail-on",
        action="append",
        default=[],
        choices=("lost", "undetermined", "policy"),
        help="exit 1 where a claim has that outcome, or a rule of a policy is broken",
    )
    source_option(parser)
    format_option(parser, "text", "json", "html")


def impact(arguments: Arguments) -> int:
    """Say what falls; exit 1 where --fail-on names what is there."""
    from ..impact.effect import impact as weigh
    from ..impact.render import render_impact

    corpus = corpus_of(arguments)
    with progress("Weighing"):
        result = weigh(
            corpus,
            remove=arguments.remove,
            policies=arguments.policy,
            chains=[(start, end) for start, end in arguments.chain],
            sources=arguments.source,
        )
        text = render_impact(result, arguments.format)
    deliver(text, arguments.out)
    failures = result.exceeded(arguments.fail_on)
    for line in failures:
        print(line, file=sys.stderr)
    return 1 if failures else 0
