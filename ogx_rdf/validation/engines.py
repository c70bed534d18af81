"""Holding a corpus to its rules: SHACL shapes with one of two engines, and queries over the whole.

``auto`` is the compiled engine (``shacl``); pySHACL is the reference, and the tests compare the two finding
by finding.  Both read the same text, the union of all graphs with the vocabulary: measured on some 250
claims, cutting the graph into bundles gained nothing and would show each rule only a part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple
from typing import Literal as OneOf

from ..corpus import Corpus
from ..errors import UsageError
from ..linking import mapping_name, read_mappings
from ..model import Finding, Iri, Literal, Term
from ..oxi import to_ox
from ..turtle import literal_or_iri
from .rules import SHAPES, read_rules, shapes_text

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as Answer

__all__ = ["ENGINES", "Engine", "Result", "check", "validate"]

Engine = OneOf["auto", "pyshacl", "shacl"]
ENGINES: tuple[Engine, ...] = ("auto", "pyshacl", "shacl")


class Result(NamedTuple):
    """What an engine found, in the same words whichever engine it was: IRIs bare, the value in N-Triples."""

    rule: str
    severity: str
    focus: str
    path: str | None
    value: str | None
    message: str


def _bare(term: str) -> str:
    return term[1:-1] if term.startswith("<") else _named(term)


def _named(term: str) -> str:
    """A term; blank nodes all alike, since each engine labels them in its own way."""
    return "_:blank" if term.startswith("_:") else term


def _result(shape: str, severity: str, focus: str, path: str | None, value: str | None, messages: list[str]) -> Result:
    """A result from terms in N-Triples; a value that only repeats the focus (a rule on the node itself) is left out."""
    return Result(
        rule=_bare(shape).removeprefix(SHAPES),
        severity=severity.rpartition("#")[2].rstrip(">").lower(),
        focus=_bare(focus),
        path=None if path is None else _bare(path),
        value=None if value is None or value == focus else _named(value),
        message=" ".join(sorted(messages)),
    )


def _engine(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as exc:
        raise UsageError(
            "E352",
            f"the engine {name} is not installed",
            hint=f"Install it (pip install {name}), or choose another --engine.",
        ) from exc


def _with_shacl(shapes: str, data: str) -> Iterator[Result]:
    report = _engine("shacl").Shapes.from_turtle(shapes).validate_text(data, format="ntriples")
    for found in report.results:
        yield _result(
            found.source_shape, found.severity, found.focus_node, found.path, found.value, list(found.messages)
        )


@cache
def _prepared(query: str) -> Query:
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(query)


def _graph(data: str) -> Graph:
    """An rdflib graph that parses a query text once: pySHACL asks the same text for every node."""
    from rdflib import Graph

    class Prepared(Graph):
        def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Answer:
            query = _prepared(query_object) if isinstance(query_object, str) else query_object
            return super().query(query, *args, **kwargs)

    return Prepared().parse(data=data, format="nt")


@contextmanager
def _literals_as_written() -> Iterator[None]:
    """Keep rdflib from rewriting literals ("1e3" to "1000.0"), and from logging a traceback for a malformed one."""
    import logging

    import rdflib

    logger = logging.getLogger("rdflib.term")
    before = rdflib.NORMALIZE_LITERALS, logger.level
    rdflib.NORMALIZE_LITERALS = False
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before[0]
        logger.setLevel(before[1])


@lru_cache(maxsize=2)
def _shapes_graph(shapes: str) -> Graph:
    from rdflib import Graph

    return Graph().parse(data=shapes, format="turtle")


def _with_pyshacl(shapes: str, data: str) -> Iterator[Result]:
    pyshacl = _engine("pyshacl")
    from rdflib import RDF, SH, URIRef
    from rdflib import Literal as RdflibLiteral
    from rdflib.term import Node

    def text(node: Node | None) -> str | None:
        if isinstance(node, RdflibLiteral):
            datatype = node.datatype or (None if node.language else Literal("").datatype)
            term: Term = Literal(str(node), str(datatype), node.language)
        elif isinstance(node, URIRef):
            term = Iri(node)
        else:
            return None if node is None else f"_:{node}"
        return str(to_ox(term))

    with _literals_as_written():
        _, report, _ = pyshacl.validate(
            _graph(data), shacl_graph=_shapes_graph(shapes), inference="none", advanced=False
        )
    for found in report.subjects(RDF.type, SH.ValidationResult):
        shape, severity, focus, path, value = (
            text(report.value(found, p))
            for p in (SH.sourceShape, SH.resultSeverity, SH.focusNode, SH.resultPath, SH.value)
        )
        messages = [str(message) for message in report.objects(found, SH.resultMessage)]
        yield _result(shape or "", severity or "", focus or "", path, value, messages)


def check(shapes: str, data: str, engine: Engine = "auto") -> list[Result]:
    """Hold data (N-Triples) to shapes (Turtle) with one engine; each result once, sorted.

    :raises UsageError: for an engine that is unknown or not installed
    """
    if engine not in ENGINES:
        raise UsageError("E353", f"no engine {engine!r}", hint=f"Known: {', '.join(ENGINES)}.")
    run = _with_pyshacl if engine == "pyshacl" else _with_shacl
    return _sorted(run(shapes, data))


def _sorted(results: Iterable[Result]) -> list[Result]:
    return sorted(set(results), key=lambda result: tuple(part or "" for part in result))


def _whole(corpus: Corpus) -> Iterator[Result]:
    """What the queries over the whole find."""
    for rule in read_rules().values():
        if rule.query is None:
            continue
        for row in corpus.dataset.select(rule.query, shown=f"shapes/whole/{rule.id}.rq"):
            path, value = row["path"], row["value"]
            yield Result(
                rule.id,
                rule.severity,
                str(row["focus"]),
                None if path is None else str(path),
                None if value is None else str(to_ox(value)),
                rule.message,
            )


def _place(corpus: Corpus, result: Result) -> tuple[str | None, int | None]:
    if result.focus.startswith(f"{corpus.base}mapping/"):
        name = result.focus.rpartition("/")[2]
        for path in corpus.mapping_files():
            for row in read_mappings(path, corpus.shown(path)):
                if mapping_name(row) == name:
                    return corpus.shown(path), row.line
    value = None if result.value is None else literal_or_iri(result.value, corpus.prefixes)
    return corpus.index.place(result.focus, result.path, value)


def validate(corpus: Corpus, *, engine: Engine = "auto") -> list[Finding]:
    """Hold a corpus to every rule; the findings worst first, each with its file and line where the corpus has one.

    :param engine: ``auto`` (the compiled engine), ``shacl`` (the same by name) or ``pyshacl`` (the reference)
    :raises UsageError: for an engine that is unknown or not installed
    :raises InputError: for a corpus that cannot be read
    """
    shapes = shapes_text(corpus.config.hedges)
    results = _sorted([*check(shapes, corpus.dataset.triples_text(), engine), *_whole(corpus)])
    why = {rule.id: rule.why for rule in read_rules().values()} if results else {}
    findings = [Finding(*result, *_place(corpus, result), hint=why.get(result.rule)) for result in results]
    return sorted(findings, key=lambda finding: finding.sort_key)
