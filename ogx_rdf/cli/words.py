"""What every command's words share: the parser, the general options, how a command is declared.

Each command module declares its own options with :func:`command`; nothing else is imported until it runs.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import UsageError

if TYPE_CHECKING:
    from ..corpus import Corpus

__all__ = [
    "STORE_HELP",
    "Arguments",
    "Parser",
    "command",
    "corpus_of",
    "format_option",
    "general_options",
    "source_option",
]

STORE_HELP = "read from a store: a folder made by build --store, or the http(s) URL of a SPARQL server"
SOURCE_HELP = "a file, a folder or ID=FILE where a text is (repeatable); also OGX_RDF_SOURCES and the corpus's sources/"


class Arguments(argparse.Namespace):
    """What was parsed; ``rest`` holds the options of a stored query."""

    handler: str
    parser: Parser
    rest: list[str]

    def run(self) -> Callable[[Arguments], int]:
        """The function that carries the command out, imported now."""
        module, _, function = self.handler.partition(":")
        return getattr(import_module(f".{module}", __package__), function)  # type: ignore[no-any-return]


class Parser(argparse.ArgumentParser):
    """A parser that raises, so that every wrong use ends alike: one message, exit code 2, JSON where asked for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the message, the nearest names and where help is."""
        hint = f"See: {self.prog} --help"
        choice = re.search(r"^argument (.*): invalid choice: '?(.*?)'? \(choose from (.*)\)", message)
        option = re.search(r"^unrecognized arguments: ((-*)[\w-]*)", message)
        if choice:
            message, known = f"no {choice[1].lower()} {choice[2]!r}", re.findall(r"[\w-]+", choice[3])
            near = difflib.get_close_matches(choice[2], known, n=3, cutoff=0.4)
            hint = f"Did you mean {', '.join(near)}?" if near else f"Known: {', '.join(known)}."
        elif option:
            message = f"no option {option[1]!r}" if option[2] else f"one word too many: {option[1]!r}"
            near = difflib.get_close_matches(option[1], self._option_string_actions, n=2)
            hint = f"Did you mean {' or '.join(near)}?" if near else hint
        raise UsageError("E500", message, hint=hint)


def command(
    commands: Any, name: str, handler: str, summary: str, example: str, store: str = STORE_HELP, **kwargs: Any
) -> Parser:
    """Add a command with what all commands have; ``store`` says what ``--store`` is to it."""
    parser: Parser = commands.add_parser(
        name, help=summary, description=summary[0].upper() + summary[1:] + ".", epilog=f"Example: {example}", **kwargs
    )
    parser.set_defaults(handler=handler, parser=parser)
    general_options(parser, argparse.SUPPRESS, argparse.SUPPRESS, store)
    return parser


def general_options(parser: Parser, default: str | None, debug: str | bool, store: str = STORE_HELP) -> None:
    """The options that may stand before and after the command's name."""
    group = parser.add_argument_group("general options")
    group.add_argument(
        "--corpus",
        metavar="DIR",
        default=default,
        help="the corpus (default: the nearest with a corpus.toml, else the shipped one)",
    )
    group.add_argument("--store", metavar="PLACE", default=default, help=store)
    group.add_argument(
        "--update-url",
        metavar="URL",
        default=default,
        help="where the server takes updates, if not where it usually is",
    )
    group.add_argument(
        "--graph-store-url", metavar="URL", default=default, help="where it speaks the Graph Store Protocol, likewise"
    )
    group.add_argument("--debug", action="store_true", default=debug, help="show where in the code an error arose")


def format_option(parser: Parser, *names: str) -> None:
    """Add ``--format``; the first name is the default."""
    parser.add_argument("--format", choices=names, default=names[0], help=f"default {names[0]}")


def source_option(parser: Parser) -> None:
    """Add ``--source``, the places where texts are looked for."""
    parser.add_argument("--source", action="append", default=[], metavar="PLACE", help=SOURCE_HELP)


def corpus_of(arguments: Arguments) -> Corpus:
    """The corpus that a command works on: its files, or what lies in the store that is named."""
    if arguments.store is None:
        from ..corpus import open_corpus

        return open_corpus(arguments.corpus)
    from ..store.corpus import open_store

    return open_store(
        arguments.store,
        corpus=arguments.corpus,
        update_url=arguments.update_url,
        graph_store_url=arguments.graph_store_url,
    )
