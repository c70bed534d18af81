"""The words of the command line: every command, its options and its help."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from .. import __version__
from ..errors import UsageError

__all__ = ["Arguments", "Parser", "build_parser", "parse"]

CONTEXTS = ("disease", "model", "trial", "line", "population", "background", "comparator")
KINDS = (
    "trialResult",
    "protocol",
    "preclinicalResult",
    "method",
    "expression",
    "drugDescription",
    "mechanism",
    "background",
    "bibliographic",
)
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


def parse(words: Sequence[str]) -> Arguments:
    """Parse a command line.

    :raises UsageError: for wrong use
    :raises SystemExit: after ``--help`` and ``--version``
    """
    parser = build_parser()
    arguments, rest = parser.parse_known_args(words, Arguments())
    if rest and arguments.handler != "ask:query":
        arguments.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = rest
    return arguments


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="ogx-rdf",
        description="Literature claims as RDF, each with its exact words, its citation and its certainty.",
        epilog="Exit codes: 0 done, 1 findings, 2 wrong use, 3 input or output unusable.\n"
        "Example: ogx-rdf query claims-about --entity clusterin",
    )
    parser.add_argument("--version", action="version", version=f"ogx-rdf {__version__}")
    _general(parser, None, False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for add in (_init, _source, _claim, _fmt, _validate, _verify, _query, _audit, _show, _build, _export):
        add(commands)
    return parser


def _command(commands: Any, name: str, handler: str, summary: str, example: str, **kwargs: Any) -> Parser:
    """Add a command with what all commands have."""
    parser: Parser = commands.add_parser(
        name, help=summary, description=summary[0].upper() + summary[1:] + ".", epilog=f"Example: {example}", **kwargs
    )
    parser.set_defaults(handler=handler, parser=parser)
    _general(parser, argparse.SUPPRESS, argparse.SUPPRESS)
    return parser


def _general(parser: Parser, corpus: str | None, debug: str | bool) -> None:
    """The options that may stand before and after the command's name."""
    group = parser.add_argument_group("general options")
    group.add_argument(
        "--corpus",
        metavar="DIR",
        default=corpus,
        help="the corpus (default: the nearest with a corpus.toml, else the shipped one)",
    )
    group.add_argument("--debug", action="store_true", default=debug, help="show where in the code an error arose")


def _format(parser: Parser, *names: str) -> None:
    parser.add_argument("--format", choices=names, default=names[0], help=f"default {names[0]}")


def _source_option(parser: Parser) -> None:
    parser.add_argument("--source", action="append", default=[], metavar="PLACE", help=SOURCE_HELP)


def _init(commands: Any) -> None:
    example = "ogx-rdf init my-corpus --document review.txt --id smith-2024 --base https://example.org/kb/"
    parser = _command(commands, "init", "curate:init", "start a corpus with one document", example)
    parser.add_argument("directory", metavar="DIR", help="where the corpus goes")
    parser.add_argument("--document", required=True, metavar="FILE", help="the text to start with (UTF-8)")
    parser.add_argument("--id", metavar="ID", help="the document's id (default: from the file name)")
    parser.add_argument("--base", metavar="IRI", help="the IRI under which data is named; ends in /")
    _format(parser, "text", "json")


def _source(commands: Any) -> None:
    group = commands.add_parser("source", help="take documents in", description="Take documents in.")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    example = "ogx-rdf source add guide.txt --id ogx-011-guide"
    parser = _command(
        actions, "add", "curate:source_add", "cut a text into passages, with its citation markers", example
    )
    parser.add_argument("file", metavar="FILE", help="the text (UTF-8)")
    parser.add_argument("--id", required=True, metavar="ID", help="the document's id: letters, digits, hyphens")
    _format(parser, "text", "json")


def _claim(commands: Any) -> None:
    group = commands.add_parser("claim", help="prepare claims", description="Prepare claims.")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    example = "ogx-rdf claim new --passage p017 --subject clusterin --relation inhibits --object Bax >> claims/new.ttl"
    summary = "propose id, key and skeleton of a claim, or name the claim that has the key already"
    parser = _command(actions, "new", "curate:claim_new", summary, example)
    parser.add_argument("--passage", required=True, metavar="ID", help="the passage that states it, such as p017")
    parser.add_argument("--subject", metavar="ENTITY", help="an entity by CURIE, IRI, label or surface form")
    parser.add_argument("--relation", metavar="NAME", help="a relation of the closed list")
    parser.add_argument("--object", metavar="ENTITY", help="an entity by CURIE, IRI, label or surface form")
    parser.add_argument(
        "--polarity", choices=("positive", "negative", "notShown"), default="positive", help="default positive"
    )
    parser.add_argument("--kind", choices=KINDS, help="the kind of claim")
    parser.add_argument("--quote", metavar="TEXT", help="the words, exactly as printed (default: the whole passage)")
    for name in CONTEXTS:
        parser.add_argument(f"--{name}", metavar="ENTITY", help=f"restrictive context: {name}")
    _source_option(parser)
    _format(parser, "text", "json")


def _fmt(commands: Any) -> None:
    summary = "write Turtle files in their one canonical form, proven to hold the same triples"
    parser = _command(commands, "fmt", "curate:fmt", summary, "ogx-rdf fmt --check")
    parser.add_argument("files", nargs="*", metavar="FILES", help="files or folders (default: all of the corpus)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is not canonical")
    _format(parser, "text", "json")


def _validate(commands: Any) -> None:
    summary = "check the corpus against the shapes and the rules over the whole"
    parser = _command(
        commands, "validate", "check:validate", summary, "ogx-rdf validate --format sarif > findings.sarif"
    )
    parser.add_argument(
        "--engine", choices=("auto", "pyshacl", "shacl"), default="auto", help="auto is the compiled engine"
    )
    _format(parser, "text", "json", "junit", "sarif", "ttl")


def _verify(commands: Any) -> None:
    summary = "compare every quote and every stored citation marker with the source text, character by character"
    parser = _command(commands, "verify", "check:verify", summary, "ogx-rdf verify --source texts/")
    _source_option(parser)
    parser.add_argument("--allow-missing", action="store_true", help="exit 0 where a text is not at hand")
    _format(parser, "text", "json")


def _query(commands: Any) -> None:
    parser = _command(
        commands,
        "query",
        "ask:query",
        "answer a stored question, or a SPARQL query of your own",
        "ogx-rdf query claims-about --entity clusterin --format csv",
        add_help=False,
        usage="ogx-rdf query [-h] [options] NAME [--PARAMETER VALUE ...]\n"
        "       ogx-rdf query list\n"
        "       ogx-rdf query show NAME\n"
        "       ogx-rdf query --file FILE.rq",
    )
    parser.add_argument("-h", "--help", action="store_true", help="show this help, or that of the query NAME")
    parser.add_argument("name", nargs="?", metavar="NAME", help="a stored query; list and show NAME describe them")
    parser.add_argument("--file", metavar="FILE", help="a SPARQL file of your own (read only: no UPDATE, no SERVICE)")
    _format(parser, "table", "csv", "json", "jsonl", "ttl")


def _audit(commands: Any) -> None:
    summary = "walk each claim to the works it rests on, and count"
    example = "ogx-rdf audit --format html --out audit.html"
    parser = _command(commands, "audit", "check:audit", summary, example)
    parser.add_argument("--claim", metavar="ID", help="print the chain of one claim in full")
    parser.add_argument("--out", metavar="FILE", help="write to a file")
    parser.add_argument(
        "--fail-on", action="append", default=[], metavar="RULE|SEVERITY", help="exit 1 where there is such a finding"
    )
    _source_option(parser)
    _format(parser, "text", "md", "json", "html")


def _show(commands: Any) -> None:
    summary = "print everything known of a claim, passage, reference, work, entity or document"
    parser = _command(commands, "show", "ask:show", summary, "ogx-rdf show ref:5")
    parser.add_argument(
        "id",
        metavar="ID",
        help="c:0042 or 42, p017, ref:5, work:…, an entity's name (it goes before a passage of the same name: "
        "p53 is the protein, p053 the passage), any CURIE or IRI",
    )
    _source_option(parser)
    _format(parser, "text", "json")


def _build(commands: Any) -> None:
    summary = "write the dataset as sorted N-Quads, byte-identical for identical input"
    parser = _command(
        commands, "build", "make:build", summary, "ogx-rdf build --out build/graph.nq --store build/store"
    )
    parser.add_argument("--out", metavar="FILE", default="build/graph.nq", help="default build/graph.nq")
    parser.add_argument("--store", metavar="DIR", help="also make an on-disk Oxigraph store")
    _format(parser, "text", "json")


def _export(commands: Any) -> None:
    summary = "write evidence as lines or a table, or the dataset as RDF"
    parser = _command(commands, "export", "make:export", summary, "ogx-rdf export --format csv --out evidence.csv")
    parser.add_argument("--format", required=True, metavar="FORMAT", help="jsonl, csv, ttl, trig, nq or jsonld")
    parser.add_argument("--out", metavar="FILE", help="write to a file (default: standard output)")
