"""query, show: the commands that answer."""

from __future__ import annotations

import sys
from pathlib import Path

from ..corpus import Corpus
from ..errors import UsageError
from ..queries import Answer, StoredQuery
from .arguments import Arguments, Parser
from .output import deliver, progress, say, show_json
from .words import corpus_of

__all__ = ["query", "show"]


def query(arguments: Arguments) -> int:
    """Answer a stored query or one of the user's own, or describe the stored ones."""
    from ..publish.answers import render_answer, verdict

    if arguments.help and (arguments.file or arguments.name in (None, "list", "show")):
        arguments.parser.print_help()
        return 0
    if arguments.name in ("list", "show") and not arguments.file:
        return _describe(arguments)
    if arguments.name is None and not arguments.file:
        raise UsageError("E500", "no query is named", hint="List them with: ogx-rdf query list")
    corpus = corpus_of(arguments)
    answer = _own(corpus, arguments) if arguments.file else _stored(corpus, arguments)
    if answer is None:
        return 0
    deliver(render_answer(corpus, answer, arguments.format), None)
    if answer.answer != "rows" and arguments.format not in ("table", "json"):
        print(verdict(answer), file=sys.stderr)
    return 0


def _describe(arguments: Arguments) -> int:
    from ..documents.coverage import coverage
    from ..publish.answers import query_list, query_page
    from ..queries import catalogue, stored

    corpus = corpus_of(arguments)
    words = arguments.rest
    if len(words) != (arguments.name == "show"):
        raise UsageError(
            "E500", f"query {arguments.name} takes {'one name' if arguments.name == 'show' else 'no name'}"
        )
    chosen = {words[0]: stored(words[0], corpus)} if words else catalogue(corpus)
    if arguments.format == "json":
        rows = [item.as_dict() for item in chosen.values()]
        show_json({"answer": "rows", "coverage": coverage(corpus).as_dict(), "rows": rows})
    else:
        say(query_page(chosen[words[0]]) if words else query_list(chosen))
    return 0


def _own(corpus: Corpus, arguments: Arguments) -> Answer:
    from ..oxi import decode
    from ..queries import run_text

    extra = [word for word in (arguments.name, *arguments.rest) if word]
    if extra:
        arguments.parser.error(f"unrecognized arguments: {' '.join(extra)}")
    with progress("Asking"):
        return run_text(corpus, decode(Path(arguments.file), arguments.file), arguments.file)


def _stored(corpus: Corpus, arguments: Arguments) -> Answer | None:
    from ..queries import run, stored

    found = stored(arguments.name, corpus)
    parser = _parser(found)
    if arguments.help:
        parser.print_help()
        return None
    given = vars(parser.parse_args(arguments.rest))
    with progress("Asking"):
        return run(corpus, found.id, {name: value for name, value in given.items() if value is not None})


def _parser(found: StoredQuery) -> Parser:
    """The parser for the parameters of a stored query, from its header."""
    example = "".join(f' --{name.replace("_", "-")} "{value}"' for name, value in found.example.items())
    parser = Parser(
        prog=f"ogx-rdf query {found.id}",
        description=f"{found.summary}\n{found.question}",
        epilog=f"No rows mean: {found.empty}. {found.sentence}\nExample: ogx-rdf query {found.id}{example}",
        add_help=False,
    )
    for param in found.params:
        flags = dict.fromkeys([f"--{param.name.replace('_', '-')}", f"--{param.name}"])
        default = "required" if param.required else f"default {param.default}"
        choice = f"; one of {', '.join(param.allowed)}" if param.allowed else ""
        text = f"{param.description} ({param.type}, {default}{choice})".replace("%", "%%")
        parser.add_argument(*flags, dest=param.name, metavar=param.type.upper(), help=text)
    return parser


def show(arguments: Arguments) -> int:
    """Print everything known of one node."""
    from ..lookup import resolve
    from ..publish.show import show as describe
    from ..publish.show_text import show_text

    corpus = corpus_of(arguments)
    answer = describe(corpus, resolve(corpus, arguments.id), sources=arguments.source)
    if arguments.format == "json":
        show_json(answer)
    else:
        say(show_text(answer))
    return 0
