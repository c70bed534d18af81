"""The words of the command line: every command, its options and its help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import __version__
from ..errors import UsageError
from . import impact, increment, link, mcp, mechanism, quotes, report, serve, tensions, works
from .dump import cluster_options, dump_options
from .words import Arguments, Parser, command, format_option, general_options, source_option

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


FROM_A_STORE = {
    "ask:query",
    "ask:show",
    "check:audit",
    "check:check",
    "check:validate",
    "check:verify",
    "impact:impact",
    "increment:put",
    "increment:take",
    "make:build",
    "make:export",
    "mcp:mcp",
    "mechanism:explain",
    "mechanism:infer",
    "mechanism:path",
    "report:report",
    "serve:serve",
    "tensions:tensions",
}
"""The commands that can do without files; every other one refuses ``--store`` by name."""


def _refuse_store(arguments: Arguments) -> None:
    """Refuse ``--store`` where it would be passed over."""
    hint = "Leave --store out; load what changed with: ogx-rdf build --store PLACE"
    if arguments.handler not in FROM_A_STORE:
        raise UsageError(
            "E426",
            f"{arguments.parser.prog} works on the files of a corpus, not on a store",
            why="The files are the source; a store is made from them.",
            hint=hint,
        )
    for other in ("input", "table"):
        if getattr(arguments, other, None) and arguments.handler != "make:build":
            raise UsageError("E426", f"--store does not go with --{other}", hint=f"Leave --store or --{other} out.")


def parse(words: Sequence[str]) -> Arguments:
    """Parse a command line.

    :raises UsageError: for wrong use
    :raises SystemExit: after ``--help`` and ``--version``
    """
    parser = build_parser()
    arguments, rest = parser.parse_known_args(words, Arguments())
    if rest and arguments.handler != "ask:query":
        arguments.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if arguments.store is not None:
        _refuse_store(arguments)
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
    general_options(parser, None, False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for add in (
        _init,
        _source,
        _claim,
        _fmt,
        _check,
        _validate,
        _verify,
        _query,
        _audit,
        _show,
        _build,
        _export,
        increment.add,
        works.add,
        link.add,
        mechanism.add,
        impact.add,
        quotes.add,
        tensions.add,
        report.add,
        serve.add,
        mcp.add,
    ):
        add(commands)
    return parser


def _init(commands: Any) -> None:
    example = "ogx-rdf init my-corpus --document review.txt --id smith-2024 --base https://example.org/kb/"
    parser = command(commands, "init", "curate:init", "start a corpus with one document", example)
    parser.add_argument("directory", metavar="DIR", help="where the corpus goes")
    parser.add_argument("--document", required=True, metavar="FILE", help="the text to start with (UTF-8)")
    parser.add_argument("--id", metavar="ID", help="the document's id (default: from the file name)")
    parser.add_argument("--base", metavar="IRI", help="the IRI under which data is named; ends in /")
    format_option(parser, "text", "json")


def _source(commands: Any) -> None:
    group = commands.add_parser("source", help="take documents in", description="Take documents in.")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    example = "ogx-rdf source add guide.txt --id ogx-011-guide"
    parser = command(
        actions, "add", "curate:source_add", "cut a text into passages, with its citation markers", example
    )
    parser.add_argument("file", metavar="FILE", help="the text (UTF-8)")
    parser.add_argument("--id", required=True, metavar="ID", help="the document's id: letters, digits, hyphens")
    format_option(parser, "text", "json")
    summary = "move on to a changed text: quotes that stand unchanged get their new offsets, others are proposed"
    example = "ogx-rdf source update guide-2.txt --id ogx-011-guide --dry-run"
    parser = command(actions, "update", "curate:source_update", summary, example)
    parser.add_argument("file", metavar="FILE", help="the changed text (UTF-8)")
    parser.add_argument(
        "--id", metavar="ID", help="the document (default: that of the same file name, or the only one)"
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing, only say what would happen")
    format_option(parser, "text", "json")


def _claim(commands: Any) -> None:
    group = commands.add_parser("claim", help="prepare claims", description="Prepare claims.")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    example = "ogx-rdf claim new --passage p017 --subject clusterin --relation inhibits --object Bax >> claims/new.ttl"
    summary = "propose id, key and skeleton of a claim, or name the claim that has the key already"
    parser = command(actions, "new", "curate:claim_new", summary, example)
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
    source_option(parser)
    format_option(parser, "text", "json")


def _fmt(commands: Any) -> None:
    summary = "write Turtle files in their one canonical form, proven to hold the same triples"
    parser = command(commands, "fmt", "curate:fmt", summary, "ogx-rdf fmt --check")
    parser.add_argument("files", nargs="*", metavar="FILES", help="files or folders (default: all of the corpus)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is not canonical")
    format_option(parser, "text", "json")


def _check(commands: Any) -> None:
    summary = "check form, rules, quotes and budget in one run, as before a change lands"
    example = "ogx-rdf check --allow-missing --format sarif --out findings.sarif"
    parser = command(commands, "check", "check:check", summary, example)
    source_option(parser)
    parser.add_argument("--allow-missing", action="store_true", help="exit 0 where a text is not at hand")
    parser.add_argument("--out", metavar="FILE", help="write to a file")
    format_option(parser, "text", "json", "junit", "sarif")
    dump_options(parser)
    cluster_options(parser)


def _validate(commands: Any) -> None:
    summary = "check the corpus against the shapes and the rules over the whole"
    parser = command(
        commands, "validate", "check:validate", summary, "ogx-rdf validate --format sarif > findings.sarif"
    )
    parser.add_argument(
        "--engine", choices=("auto", "pyshacl", "shacl"), default="auto", help="auto is the compiled engine"
    )
    format_option(parser, "text", "json", "junit", "sarif", "ttl")


def _verify(commands: Any) -> None:
    summary = "compare every quote and every stored citation marker with the source text, character by character"
    parser = command(commands, "verify", "check:verify", summary, "ogx-rdf verify --source texts/")
    source_option(parser)
    parser.add_argument("--allow-missing", action="store_true", help="exit 0 where a text is not at hand")
    format_option(parser, "text", "json")


def _query(commands: Any) -> None:
    parser = command(
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
    format_option(parser, "table", "csv", "json", "jsonl", "ttl")


def _audit(commands: Any) -> None:
    summary = "walk each claim to the works it rests on, and count"
    example = "ogx-rdf audit --format html --out audit.html"
    parser = command(commands, "audit", "check:audit", summary, example)
    parser.add_argument("--claim", metavar="ID", help="print the chain of one claim in full")
    parser.add_argument("--table", metavar="DIR", help="count an evidence table: totals and references, fast")
    parser.add_argument("--out", metavar="FILE", help="write to a file")
    parser.add_argument(
        "--fail-on", action="append", default=[], metavar="RULE|SEVERITY", help="exit 1 where there is such a finding"
    )
    source_option(parser)
    format_option(parser, "text", "md", "json", "html")


def _show(commands: Any) -> None:
    summary = "print everything known of a claim, passage, reference, work, entity or document"
    parser = command(commands, "show", "ask:show", summary, "ogx-rdf show ref:5")
    parser.add_argument(
        "id",
        metavar="ID",
        help="c:0042 or 42, p017, ref:5, work:…, an entity's name (it goes before a passage of the same name: "
        "p53 is the protein, p053 the passage), any CURIE or IRI",
    )
    source_option(parser)
    format_option(parser, "text", "json")


def _build(commands: Any) -> None:
    summary = "write the dataset as sorted N-Quads, byte-identical for identical input"
    parser = command(
        commands,
        "build",
        "make:build",
        summary,
        "ogx-rdf build --out build/graph.nq --store build/store",
        store="also make an on-disk Oxigraph store in this folder, or load the SPARQL server at this http(s) URL",
    )
    parser.add_argument("--out", metavar="FILE", help="default build/graph.nq")
    parser.add_argument(
        "--loaded", action="store_true", help="the server's own loader has loaded the N-Quads already: only compare"
    )
    parser.add_argument("--full", action="store_true", help="make the store anew, whatever it holds")
    parser.add_argument("--table", metavar="DIR", help="also write the evidence table (Parquet, by the extra table)")
    source_option(parser)
    format_option(parser, "text", "json")
    dump_options(parser)


def _export(commands: Any) -> None:
    summary = "write evidence as lines or a table, the dataset as RDF, the works for reference managers, or the links"
    parser = command(commands, "export", "make:export", summary, "ogx-rdf export --format csv --out evidence.csv")
    parser.add_argument(
        "--format",
        required=True,
        metavar="FORMAT",
        help="jsonl, csv, parquet (evidence), ttl, trig, nq, jsonld (triples), bibtex, ris, csl-json (works), sssom, "
        "links or sameas (links)",
    )
    parser.add_argument(
        "--out", metavar="FILE", help="write to a file (default: standard output); for parquet a folder"
    )
