"""link check, labels, neighbours: what endpoints of other vocabularies say on the mapped terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .output import progress, say, show_json
from .words import Arguments, Parser, command, format_option

__all__ = ["add", "check", "labels", "neighbours"]

UNIPROT = "--endpoint https://sparql.uniprot.org/sparql"


def add(commands: Any) -> None:
    """Declare the commands and their options."""
    summary = "ask endpoints of other vocabularies about the mapped terms"
    group = commands.add_parser("link", help=summary, description=f"{summary.capitalize()}.")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    summary = "whether an endpoint knows the mapped terms, and which it has given up; exit 1 for obsolete or gone"
    _terms(command(actions, "check", "link:check", summary, f"ogx-rdf link check {UNIPROT} --prefix uniprot"))
    summary = "whether the recorded labels, and our own names, are those that an endpoint gives; nothing is changed"
    _terms(command(actions, "labels", "link:labels", summary, f"ogx-rdf link labels {UNIPROT} --prefix uniprot"))
    summary = "what an endpoint says directly around the external identifiers of an entity; its word, not ours"
    example = f"ogx-rdf link neighbours --entity clusterin {UNIPROT}"
    parser = command(actions, "neighbours", "link:neighbours", summary, example)
    parser.add_argument("--entity", required=True, metavar="ENTITY", help="by CURIE, IRI, label or surface form")
    parser.add_argument(
        "--limit", type=int, metavar="N", help="statements of each direction shown of a term (default 25)"
    )
    _asking(parser)


def _terms(parser: Parser) -> None:
    parser.add_argument(
        "--prefix", action="append", default=[], metavar="PREFIX", help="only terms of this vocabulary (repeatable)"
    )
    parser.add_argument(
        "--whole",
        action="append",
        default=[],
        metavar="PREFIX",
        help="the endpoint holds this vocabulary whole: what it does not know is gone (repeatable)",
    )
    _asking(parser)


def _asking(parser: Parser) -> None:
    parser.add_argument("--endpoint", required=True, metavar="URL", help="the SPARQL endpoint")
    parser.add_argument(
        "--via",
        choices=("own", "wikidata", "bio2rdf", "uniprot"),
        help="how the endpoint names the terms of others: by their own IRIs, or in the way of one of these (default: "
        "known of the public endpoints, else own)",
    )
    parser.add_argument("--offline", action="store_true", help="ask nothing: answer from what is kept")
    parser.add_argument("--refresh", action="store_true", help="ask again what is kept")
    parser.add_argument("--max-age", type=float, metavar="DAYS", help="how long an answer is kept (default 7)")
    parser.add_argument("--cache", metavar="DIR", help="where answers are kept (default: the user's cache)")
    parser.add_argument("--pace", type=float, metavar="SECONDS", help="between two requests, at least (default 1)")
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="without a sign of the server (default: OGX_RDF_TIMEOUT, else 60)",
    )
    format_option(parser, "text", "json")


def _given(arguments: Arguments) -> dict[str, Any]:
    names = ("via", "offline", "refresh", "max_age", "pace", "timeout")
    cache = Path(arguments.cache) if arguments.cache else None
    return {name: getattr(arguments, name) for name in names} | {"cache": cache}


def _show(arguments: Arguments, result: Any) -> int:
    if arguments.format == "json":
        show_json(result.as_dict())
    else:
        say(result.text())
    return int(result.exit_code)


def check(arguments: Arguments) -> int:
    """Say which mapped terms are obsolete, gone or unknown at an endpoint."""
    from ..corpus import open_corpus
    from ..linking.check import link_check

    with progress("Asking the endpoint"):
        result = link_check(
            open_corpus(arguments.corpus),
            arguments.endpoint,
            prefixes=arguments.prefix,
            whole=arguments.whole,
            **_given(arguments),
        )
    return _show(arguments, result)


def labels(arguments: Arguments) -> int:
    """Compare labels here and there."""
    from ..corpus import open_corpus
    from ..linking.labels import link_labels

    with progress("Asking the endpoint"):
        result = link_labels(
            open_corpus(arguments.corpus),
            arguments.endpoint,
            prefixes=arguments.prefix,
            whole=arguments.whole,
            **_given(arguments),
        )
    return _show(arguments, result)


def neighbours(arguments: Arguments) -> int:
    """Show what an endpoint says around an entity's identifiers."""
    from ..corpus import open_corpus
    from ..linking.neighbours import link_neighbours

    with progress("Asking the endpoint"):
        result = link_neighbours(
            open_corpus(arguments.corpus),
            arguments.endpoint,
            entity=arguments.entity,
            limit=arguments.limit,
            **_given(arguments),
        )
    return _show(arguments, result)
