"""The house rules, read from the code: imports point one way, a library has one boundary, nothing is too big."""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import ogx_rdf
from ogx_rdf.cli.arguments import Parser, build_parser

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ogx_rdf"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    ("errors", "model", "namespaces", "resources", "documents", "validation"),
    ("files", "oxi", "documents.nearest", "documents.sentences"),
    ("sparql", "turtle", "linking", "documents.segment", "audit.recount", "quotes"),
    ("store",),
    ("corpus",),
    ("store.corpus",),
    (
        "lookup",
        "documents.places",
        "documents.coverage",
        "naming",
        "records",
        "validation.rules",
        "documents.stored",
        "rdflib_view",
    ),
    (
        "documents.anchors",
        "documents.intake",
        "validation.foreign",
        "validation.results",
        "validation.compiled",
        "validation.reference",
        "validation.engines",
        "queries",
        "curation.fmt",
        "audit.chains",
        "audit.support",
        "documents.versions",
        "linking.asking",
        "linking.terms",
        "linking.check",
        "linking.labels",
        "linking.neighbours",
        "linking.export",
        "linking.methods",
        "works",
    ),
    ("audit.totals", "audit.rules", "audit.sides", "documents.update", "documents.verify"),
    ("audit", "curation", "mechanism", "bundles", "table"),
    ("impact", "tensions", "spark", "increment"),
    ("publish", "validation.formats"),
    ("check", "impact.render"),
    ("dump",),
    ("making",),
    ("serving",),
    ("web",),
    ("mcp",),
    ("api",),
    ("opening",),
    ("cli",),
)
"""From the ground up: a module imports from its own layer and those below."""

FOREIGN = {
    "pyoxigraph": {"oxi"},
    "shacl": {"validation"},
    "pyshacl": {"validation"},
    "rdflib": {"rdflib_view", "validation"},
    "hatchling": {"web"},
    "jinja2": {"publish", "web"},
    "yaml": {"linking"},
    "rapidfuzz": {"quotes", "web"},
    "requests": {"works"},
    "requests_cache": {"works"},
    "requests_ratelimiter": {"works"},
    "urllib3": {"works"},
    "platformdirs": {"files"},
    "SPARQLWrapper": {"store"},
    "duckdb": {"table"},
    "anyio": {"mcp", "web"},
    "jsonschema": {"mcp"},
    "mcp": {"mcp"},
    "mimeparse": {"serving", "web"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "pyspark": {"spark"},
    "py4j": {"spark"},
    "bibtexparser": {"publish"},
    "rispy": {"publish"},
}
"""Each foreign library, and the modules that know it."""

HEAVY = set(FOREIGN) - {"pyoxigraph"}
WHOLE = {"anyio", "hatchling", "starlette"}
"""What a whole package is written in: its modules import it when they load, and no other package loads them."""
MAX_LINES, MAX_FUNCTION = 400, 60


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def top(module: str) -> str:
    return module.partition(".")[0]


def imports(path: Path) -> Iterator[tuple[str, bool, bool]]:
    """(module, whether it is ours, whether at the top level) for every import of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = ("ogx_rdf", *path.relative_to(PACKAGE).parent.parts)
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        at_top = node in tree.body
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, False, at_top
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or "", False, at_top
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                here = PACKAGE.parent / Path(*inner.split("."))
                is_module = here.with_suffix(".py").is_file() or here.is_dir()
                yield (inner if is_module else base).removeprefix("ogx_rdf").lstrip("."), True, at_top


def unit(module: str) -> str:
    """The longest part of a module's name that has a place in LAYERS."""
    parts = module.split(".")
    names = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
    found = [name for name in names if any(name in row for row in LAYERS)]
    assert found, f"{module} stands in no layer: give it a place in LAYERS"
    return found[0]


def layer(module: str) -> int:
    return next(number for number, row in enumerate(LAYERS) if unit(module) in row)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    if name_of(path) in ("__init__", "__main__", ""):
        return
    for target, ours, _ in imports(path):
        if ours and target:
            assert layer(target) <= layer(name_of(path)), f"{name_of(path)} imports {target}, which stands above it"


def test_no_two_modules_import_each_other() -> None:
    named = [p for p in MODULES if name_of(p) not in ("__init__", "__main__", "")]
    edges = {(unit(name_of(p)), unit(t)) for p in named for t, ours, _ in imports(p) if ours and t}
    mutual = {tuple(sorted(edge)) for edge in edges if (edge[1], edge[0]) in edges and edge[0] != edge[1]}
    assert mutual == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_foreign_library_has_one_boundary(path: Path) -> None:
    for target, ours, at_top in imports(path):
        if ours or top(target) in sys.stdlib_module_names:
            continue
        assert top(target) in FOREIGN, f"{target} is no dependency of the core"
        assert top(name_of(path)) in FOREIGN[top(target)], f"{name_of(path)} imports {target}"
        assert not (at_top and top(target) in HEAVY - WHOLE), f"{name_of(path)} imports {target} when it loads"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_fit_the_head(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION, (
                f"{node.name} has more than {MAX_FUNCTION} lines"
            )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_is_listed_and_described(path: Path) -> None:
    if path.name == "__main__.py":
        return
    module = import_module(f"ogx_rdf.{name_of(path)}".rstrip(".").removesuffix(".__init__"))
    assert module.__doc__
    names = module.__all__
    assert len(set(names)) == len(names)  # their order is ruff's to check (RUF022)
    for name in names:
        thing = getattr(module, name)
        if callable(thing) and getattr(thing, "__module__", "").startswith("ogx_rdf"):
            assert thing.__doc__, name
            members = vars(thing).items() if isinstance(thing, type) else ()
            for inner, member in members:
                if not inner.startswith("_") and callable(getattr(member, "fget", member)):
                    assert getattr(member, "__doc__", None), f"{name}.{inner}"


def names_imported(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) for everything that a file takes from another module of the package, modules apart."""
    package = ("ogx_rdf", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *(node.module.split(".") if node.module else [])]
            for alias in node.names:
                here = PACKAGE.parent / Path(*base, alias.name)
                if not (here.with_suffix(".py").is_file() or here.is_dir()):
                    yield ".".join(base), alias.name


UNLISTED = {
    "ogx_rdf.__version__",
    "ogx_rdf.audit.rules.cites",
    "ogx_rdf.cli.arguments.CONTEXTS",
    "ogx_rdf.corpus.FOLDERS",
    "ogx_rdf.model.XSD_STRING",
    "ogx_rdf.publish.export.safe_cell",
}
"""Names that are used elsewhere and still stand in no ``__all__``: take one out here when it is listed there."""


def test_what_another_module_imports_is_listed() -> None:
    used = {pair for path in MODULES for pair in names_imported(path)}
    assert {f"{module}.{name}" for module, name in used if name not in import_module(module).__all__} <= UNLISTED


def test_the_package_shows_what_it_lists() -> None:
    for name in ogx_rdf.__all__:
        assert getattr(ogx_rdf, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ogx_rdf.nothing  # noqa: B018


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_code_knows_no_document(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            # Help and hints give their examples from the shipped corpus.
            example = "ogx-rdf " in node.value or "for example" in node.value
            assert example or not re.search(r"custirsen|clusterin|ogx-011", node.value, re.IGNORECASE), node.value


def commands(parser: Parser, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Parser]]:
    """Every command of the command line with its words."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for group in groups:
        for name, inner in group.choices.items():
            yield from commands(inner, (*path, name))
    if not groups:
        yield path, parser


COMMANDS = list(commands(build_parser()))


@pytest.mark.parametrize(("words", "parser"), COMMANDS, ids=[" ".join(w) for w, _ in COMMANDS])
def test_every_command_has_help_an_example_and_a_place_in_the_readme(words: tuple[str, ...], parser: Parser) -> None:
    assert parser.description
    assert parser.epilog is not None
    assert parser.epilog.startswith(f"Example: ogx-rdf {' '.join(words)} ")
    for action in parser._actions:
        assert action.help, action.dest
    assert {"--corpus", "--debug"} <= set(parser._option_string_actions)
    assert f"`ogx-rdf {' '.join(words)}" in (ROOT / "README.md").read_text(encoding="utf-8")


def loaded(*words: str) -> set[str]:
    """The modules that a command loads, in a process of its own."""
    code = (
        "import sys, io, contextlib\nfrom ogx_rdf.cli import main\n"
        f"with contextlib.redirect_stdout(io.StringIO()): code = main({list(words)!r})\n"
        "print(code, *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    code_, *modules = done.stdout.split()
    assert code_ == "0", done.stderr
    return set(modules)


@pytest.mark.parametrize(
    "words",
    [("query", "claims-about", "--entity", "clusterin"), ("query", "list"), ("show", "c:0001"), ("fmt", "--check")],
    ids=" ".join,
)
def test_what_a_question_does_not_need_is_not_loaded(words: tuple[str, ...]) -> None:
    assert loaded(*words) & {*("rdflib", "pyshacl", "shacl", "jinja2", "requests", "pandas", "starlette")} == set()


def test_help_loads_no_engine() -> None:
    assert loaded("--help") & {"pyoxigraph", *HEAVY} == set()
