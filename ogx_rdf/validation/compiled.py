"""The compiled engine: core constraints by ``shacl``, and each SPARQL constraint as one query over all its nodes.

SHACL asks a SPARQL constraint anew for every node that it applies to, and engines do just that.  A constraint whose
query only joins and filters gives the same results when it is asked once, with ``$this`` bound by the target instead:
that is some five times faster on a batch of claims, and grows with the data and not with its square.  A constraint of
any other form (sub-selects, MINUS, VALUES, templates in its message, targets other than classes) stays with ``shacl``.
The tests hold both to pySHACL, result by result.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ..model import Iri, Term
from ..namespaces import RDF, RDFS, SH
from ..oxi import Dataset, bare, to_ox
from .foreign import load
from .results import Result, in_order, result
from .rules import SHAPES, shape_triples

__all__ = ["Compiled", "compiled", "mentioned"]

_ASKED_ONE_BY_ONE = re.compile(
    r"\bSELECT\b.*\bSELECT\b|\b(?:MINUS|VALUES|SERVICE)\b|\$PATH\b", re.IGNORECASE | re.DOTALL
)
_PREFIX = re.compile(r"^PREFIX (\w*): <([^>]*)>$", re.MULTILINE)
_PATH = re.compile(r"^ +sh:path (.*) ;$", re.MULTILINE)
_NAME = re.compile(r"(\w*):([\w-]+)")
_FULL = re.compile(r"<([^<>\s]+)>")
_PROJECTED = {"this", "path", "value"}
_REWRITTEN = ("decimal", "integer", "double", "float", "dateTime", "boolean")
"""Datatypes of which a store may change how a value is written."""


@dataclass(frozen=True, slots=True)
class _Constraint:
    """A SPARQL constraint: the shape, what it applies to, and its query, cut where the target is to stand."""

    shape: str
    severity: str
    message: str
    classes: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def rule(self) -> str:
        """The id of its rule."""
        return self.shape[1:-1].removeprefix(SHAPES)

    def query(self, narrower: Mapping[str, set[str]]) -> str:
        """The query over all nodes of its classes, and of what the data call narrower than these."""
        classes = sorted({name for kind in self.classes for name in (kind, *narrower.get(kind, ()))})
        if len(classes) == 1:
            return f" $this a <{classes[0]}> . ".join(self.parts)
        named = " ".join(f"<{name}>" for name in classes)
        return f" VALUES ?ogxTarget {{ {named} }} $this a ?ogxTarget . ".join(self.parts)


def _parts(query: str) -> tuple[str, ...]:
    """A query cut where the target is to stand: behind the brace of every group.

    ``$this`` has its value in each of them, also in a branch of a UNION that only filters; in EXISTS it has it anyway.
    """
    braces = re.finditer(r"(\bEXISTS\s*)?\{", bare(query), re.IGNORECASE)
    groups = [match.end() for match in braces if not match[1]]
    return tuple(query[start:end] for start, end in pairwise([0, *groups, len(query)]))


class _Shapes:
    """The triples of a shapes graph by subject and property, lists left out."""

    def __init__(self, text: str) -> None:
        self.said: dict[str, dict[str, list[Term]]] = {}
        for subject, predicate, value in shape_triples(text):
            self.said.setdefault(subject, {}).setdefault(predicate, []).append(value)

    def values(self, subject: str, predicate: str) -> list[str]:
        return [str(value) for value in self.said.get(subject, {}).get(predicate, [])]

    def one(self, subject: str, predicate: str) -> str | None:
        found = self.values(subject, predicate)
        return found[0] if len(found) == 1 else None

    def prefixes(self, constraint: str) -> str:
        declared = [d for p in self.values(constraint, SH.prefixes) for d in self.values(p, SH.declare)]
        return "".join(
            f"PREFIX {self.one(item, SH.prefix)}: <{self.one(item, SH.namespace)}>\n" for item in sorted(declared)
        )

    def constraint(self, shape: str) -> _Constraint | None:
        """The SPARQL constraint of a node shape, where it may be asked over all nodes at once; else None."""
        query = self.one(shape, SH.sparql)
        said = self.said[shape]
        text = self.one(query, SH.select) if query else None
        message = self.one(shape, SH.message)
        classes = tuple(self.values(shape, SH.targetClass))
        other = {SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.path, SH.deactivated}.intersection(said)
        if query is None or text is None or message is None or not classes or other:
            return None
        code = bare(text)
        head, brace, _ = code.partition("{")
        projected = set(re.findall(r"[?$](\w+)", head))
        own = self.values(query, SH.message) or self.values(query, SH.deactivated)
        if own or "{" in message or not brace or not projected <= _PROJECTED or _ASKED_ONE_BY_ONE.search(code):
            return None
        return _Constraint(
            shape=f"<{shape}>",
            severity=self.one(shape, SH.severity) or str(SH.Violation),
            message=message,
            classes=classes,
            parts=_parts(self.prefixes(query) + text),
        )

    def constraints(self) -> Iterator[_Constraint]:
        for shape in self.said:
            if SH.NodeShape in self.values(shape, RDF.type) and (found := self.constraint(shape)) is not None:
                yield found


def _without(text: str, shapes: Iterable[str]) -> str:
    """The shapes graph without the SPARQL constraints of some shapes."""
    for shape in shapes:
        name = re.escape(shape.strip("<>").rpartition("/")[2])
        text = re.sub(rf"(^shapes:{name}\n(?:    .*\n)*?)    sh:sparql [^\n]*\n", r"\1", text, flags=re.MULTILINE)
    return text


def mentioned(query: str) -> frozenset[str]:
    """The terms that a query names, by prefix or in full (or in a text: one more does no harm where this is asked)."""
    prefixes = dict(_PREFIX.findall(query))
    short = {prefixes[prefix] + local for prefix, local in _NAME.findall(query) if prefix in prefixes}
    return frozenset(short.union(_FULL.findall(query)))


def _followed(shapes: str) -> frozenset[str]:
    """The properties that core constraints follow at other nodes than the one they judge.

    :raises ValueError: for a path that is neither a property nor a plain sequence of such
    """
    prefixes = dict(_PREFIX.findall(shapes))
    found: set[str] = {RDF.type, RDFS.subClassOf}
    for path in _PATH.findall(shapes):
        steps = path.strip("() ").split()
        if not all(_NAME.fullmatch(step) for step in steps) or (len(steps) > 1) != path.startswith("("):
            raise ValueError(f"sh:path {path}: write it as a property, or as a sequence of properties")
        found.update(prefixes[prefix] + local for prefix, local in (_NAME.findall(step)[0] for step in steps[1:]))
    return frozenset(found)


class Compiled:
    """Shapes made ready once, to be held against any number of graphs.

    ``follows`` are the properties that its core constraints look at in other nodes than the one they judge (None: any),
    ``asks`` the terms that its SPARQL constraints name.

    :param shapes: a shapes graph in Turtle, written as the files in ``shapes/`` are
    :raises UsageError: where the compiled engine is not installed
    """

    def __init__(self, shapes: str) -> None:
        found = list(_Shapes(shapes).constraints())
        rest = _without(shapes, [constraint.shape for constraint in found])
        removed = shapes.count("    sh:sparql ") - rest.count("    sh:sparql ")
        assert removed == len(found), "a constraint would be asked twice, or by nobody"
        self._constraints = found
        self._core: Any = load("shacl").Shapes.from_turtle(rest)
        self.follows = None if "    sh:sparql " in rest else _followed(rest)
        self.asks = frozenset[str]().union(*(mentioned("".join(constraint.parts)) for constraint in found))

    def check(
        self, data: str, dataset: Dataset | None = None, *, core: str | None = None, idle: Collection[str] = ()
    ) -> list[Result]:
        """Hold a graph to the shapes; each result once, sorted.

        :param data: the graph as N-Triples
        :param dataset: the same graph, where it is loaded already
        :param core: what of the graph core constraints look at, where that is known: the nodes to be judged, and of
            all others what ``follows`` names
        :param idle: SPARQL constraints that cannot find anything in this graph, by the ids of their rules
        """
        return in_order([*self._with_core(core or data), *self._with_queries(data, dataset or _loaded(data), idle)])

    def _with_core(self, data: str) -> Iterator[Result]:
        for found in self._core.validate_text(data, format="ntriples").results:
            yield result(
                found.source_shape, found.severity, found.focus_node, found.path, found.value, list(found.messages)
            )

    def _with_queries(self, data: str, dataset: Dataset, idle: Collection[str]) -> Iterator[Result]:
        narrower = _narrower(dataset)
        for constraint in self._constraints:
            if constraint.rule in idle:
                continue
            for row in dataset.select(constraint.query(narrower), shown=constraint.shape):
                focus, path, value = row["this"], row.get("path"), row.get("value")
                assert focus is not None
                shown = None if value is None else _as_written(data, _term(focus), str(path), _term(value))
                yield result(
                    constraint.shape,
                    constraint.severity,
                    _term(focus),
                    None if path is None else _term(path),
                    shown,
                    [constraint.message],
                )


def _term(term: Term) -> str:
    """A term in N-Triples; a blank node by its label, for it is what some constraints look for."""
    return str(term) if isinstance(term, Iri) and term.startswith("_:") else str(to_ox(term))


def _loaded(data: str) -> Dataset:
    dataset = Dataset()
    dataset.load_lines(data.encode())
    return dataset


def _narrower(dataset: Dataset) -> dict[str, set[str]]:
    """The classes below each class, as far as the data say so."""
    query = f"SELECT ?narrow ?broad WHERE {{ ?narrow <{RDFS.subClassOf}> ?broad }}"
    above: dict[str, set[str]] = {}
    for row in dataset.select(query, shown="classes").texts():
        above.setdefault(row["narrow"], set()).add(row["broad"])
    below: dict[str, set[str]] = {}
    for narrow in above:
        seen: set[str] = set()
        todo = [narrow]
        while todo:
            for broad in above.get(todo.pop(), ()):
                if broad not in seen:
                    seen.add(broad)
                    todo.append(broad)
        for broad in seen:
            below.setdefault(broad, set()).add(narrow)
    return below


def _as_written(data: str, focus: str, path: str, value: str) -> str:
    """The value as the graph writes it, where the store writes it otherwise ("1.10" as "1.1")."""
    if not value.startswith('"') or not any(f"#{name}>" in value for name in _REWRITTEN):
        return value
    start = f"{focus} <{path}> "
    lines = re.findall(rf"^{re.escape(start)}(.*) \.$", data, re.MULTILINE)
    if value in lines:
        return value
    for line in lines:
        if _rewritten(line) == value:
            return str(line)
    return value


@lru_cache(maxsize=256)
def _rewritten(term: str) -> str:
    dataset = _loaded(f"<urn:s> <urn:p> {term} .\n")
    return str(to_ox(dataset.describe("urn:s")[0][2]))


@lru_cache(maxsize=4)
def compiled(shapes: str) -> Compiled:
    """The shapes made ready, kept for the next graph."""
    return Compiled(shapes)
