"""path, explain, infer: the commands that follow the mechanism."""

from __future__ import annotations

import argparse
from typing import Any

from .output import progress, say, show_json
from .words import Arguments, Parser, command, corpus_of, format_option

__all__ = ["add", "explain", "infer", "path"]


def add(commands: Any) -> None:
    """Declare the commands."""
    _path(commands)
    _explain(commands)
    _infer(commands)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _ends(parser: Parser) -> None:
    text = "an entity by label, surface form, CURIE or IRI"
    parser.add_argument("start", metavar="FROM", help=text)
    parser.add_argument("end", metavar="TO", help=text)


def _path(commands: Any) -> None:
    summary = "find every chain of claims from one thing to another, with its words, net sign and weakest link"
    parser = command(commands, "path", "mechanism:path", summary, "ogx-rdf path custirsen apoptosis --order strongest")
    _ends(parser)
    parser.add_argument(
        "--max-length", type=_number, default=5, metavar="N", help="the most claims in a chain (default 5)"
    )
    order = "which chains come first, by their weakest link (default weakest)"
    parser.add_argument("--order", choices=("weakest", "strongest"), default="weakest", help=order)
    parser.add_argument("--inferred", action="store_true", help="take inferred steps too, marked as such")
    parser.add_argument("--limit", type=_number, default=10, metavar="N", help="chains shown (default 10; 0 for all)")
    format_option(parser, "text", "json", "md")


def _explain(commands: Any) -> None:
    summary = "print what a claim rests on, by which way, what else leads to it and what speaks against it"
    parser = command(commands, "explain", "mechanism:explain", summary, "ogx-rdf explain c:0067")
    parser.add_argument("claim", metavar="CLAIM", help="a claim, such as c:0067 or 67")
    format_option(parser, "text", "json", "md")


def _infer(commands: Any) -> None:
    summary = "write what follows from two claims, with rule and premises, into a dataset of its own"
    example = "ogx-rdf infer --entity custirsen --out inferred.trig"
    parser = command(commands, "infer", "mechanism:infer", summary, example)
    parser.add_argument("--entity", metavar="ENTITY", help="only what this acts on (default: everything)")
    parser.add_argument("--out", required=True, metavar="FILE", help="a .trig, .nq or .ttl file outside the corpus")
    format_option(parser, "text", "json", "md")


def path(arguments: Arguments) -> int:
    """Print the chains between two things, or what stands near them."""
    from ..mechanism.answers import path as find
    from ..mechanism.render import in_format, path_lines

    with progress("Following the claims"):
        answer = find(
            corpus_of(arguments),
            arguments.start,
            arguments.end,
            max_length=arguments.max_length,
            order=arguments.order,
            inferred=arguments.inferred,
            limit=arguments.limit,
        ).as_dict()
    return _print(answer, arguments, lambda: in_format(path_lines(answer), arguments.format))


def explain(arguments: Arguments) -> int:
    """Print the mechanism card of a claim."""
    from ..mechanism.explain import explain as describe
    from ..mechanism.render import explain_lines, in_format

    with progress("Following the claims"):
        answer = describe(corpus_of(arguments), arguments.claim).as_dict()
    return _print(answer, arguments, lambda: in_format(explain_lines(answer), arguments.format))


def infer(arguments: Arguments) -> int:
    """Write inferences to a file and print them."""
    from ..mechanism.dataset import draw
    from ..mechanism.render import in_format, infer_lines

    with progress("Drawing inferences"):
        answer = draw(corpus_of(arguments), arguments.out, entity=arguments.entity).as_dict()
    return _print(answer, arguments, lambda: in_format(infer_lines(answer), arguments.format))


def _print(answer: object, arguments: Arguments, rendered: Any) -> int:
    if arguments.format == "json":
        show_json(answer)
    else:
        say(rendered())
    return 0
