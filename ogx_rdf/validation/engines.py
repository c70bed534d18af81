"""Holding a corpus to its rules: SHACL shapes with one of three engines, and queries over the whole.

``auto`` is :mod:`ogx_rdf.validation.compiled`; ``shacl`` is the compiled library alone; pySHACL is the reference, and
the tests compare them result by result.  All read the same text, the union of all graphs with the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as OneOf

from ..corpus import Corpus
from ..errors import UsageError
from ..linking import mapping_name, read_mappings
from ..model import Finding
from ..oxi import Dataset
from ..turtle import literal_or_iri
from .compiled import compiled
from .foreign import load
from .reference import with_pyshacl
from .results import Result, asked, in_order, result
from .rules import read_rules, shapes_text

__all__ = ["ENGINES", "Engine", "Result", "check", "validate"]

Engine = OneOf["auto", "pyshacl", "shacl"]
ENGINES: tuple[Engine, ...] = ("auto", "pyshacl", "shacl")


def _with_shacl(shapes: str, data: str) -> Iterator[Result]:
    report = load("shacl").Shapes.from_turtle(shapes).validate_text(data, format="ntriples")
    for found in report.results:
        yield result(
            found.source_shape, found.severity, found.focus_node, found.path, found.value, list(found.messages)
        )


def check(shapes: str, data: str, engine: Engine = "auto") -> list[Result]:
    """Hold data (N-Triples) to shapes (Turtle) with one engine; each result once, sorted.

    :raises UsageError: for an engine that is unknown or not installed
    """
    if engine not in ENGINES:
        raise UsageError("E353", f"no engine {engine!r}", hint=f"Known: {', '.join(ENGINES)}.")
    if engine == "auto":
        return compiled(shapes).check(data)
    return in_order((with_pyshacl if engine == "pyshacl" else _with_shacl)(shapes, data))


def _whole(dataset: Dataset) -> Iterator[Result]:
    """What the queries over the whole find."""
    for rule in read_rules().values():
        if rule.query is not None:
            yield from asked(dataset, rule)


def _loaded(data: str) -> Dataset:
    """The whole at hand: a server's graph is read for the shapes anyway, and not every server can plan every rule."""
    dataset = Dataset()
    dataset.load_lines(data.encode())
    return dataset


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

    :param engine: ``auto`` (the fastest), ``shacl`` (the compiled library alone) or ``pyshacl`` (the reference)
    :raises UsageError: for an engine that is unknown or not installed
    :raises InputError: for a corpus that cannot be read
    """
    shapes = shapes_text(corpus.config.hedges)
    data = corpus.dataset.triples_text()
    near = corpus.dataset if isinstance(corpus.dataset, Dataset) else _loaded(data)
    found = compiled(shapes).check(data, near) if engine == "auto" else check(shapes, data, engine)
    results = in_order([*found, *_whole(near)])
    why = {rule.id: rule.why for rule in read_rules().values()} if results else {}
    findings = [Finding(*result, *_place(corpus, result), hint=why.get(result.rule)) for result in results]
    return sorted(findings, key=lambda finding: finding.sort_key)
