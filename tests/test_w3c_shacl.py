"""The W3C's own SHACL cases, on both engines, for the kinds of constraint that the shapes here use.

The cases come with pySHACL's source distribution, which is fetched by its name when the tests run and never kept in
the repository.  A case counts where it uses no kind of constraint that our shapes do not use.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import shacl
from conftest import require
from rdflib import RDF, SH, Namespace, URIRef
from rdflib.term import BNode, Node

from ogx_rdf.validation import reference
from ogx_rdf.validation.engines import Engine, check
from ogx_rdf.validation.rules import shapes_text

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SUITE = "test/resources/sht_tests"
HOME = "https://example.org/cases/"
"""Where the cases have their names; the folder that they lie in does not matter."""

KINDS = set(
    re.findall(
        r"\w+",
        """and class closed datatype disjoint equals flags hasValue in languageIn lessThan lessThanOrEquals maxCount
        maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not or parameter
        pattern property qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint sparql
        uniqueLang xone""",
    )
)
"""Every kind of constraint of SHACL, by the property that states it."""

OURS = KINDS & set(re.findall(r"\bsh:(\w+)", re.sub(r'"""(.|\n)*?"""|"[^"\n]*"', "", shapes_text())))


class Known(NamedTuple):
    """What an engine gets wrong: why, and what a shape would hold that it touches."""

    reason: str
    feature: str


FAILING: dict[Engine, dict[str, Known]] = {
    "shacl": {
        "sparql/pre-binding/unsupported-sparql-004": Known(
            "takes a sub-select that does not project $this, where a processor is to refuse it",
            r"(?i)\{\s*SELECT\b",
        )
    },
    "pyshacl": {
        "sparql/node/prefixes-001": Known("does not follow owl:imports to the prefixes of a query", r"owl:imports"),
        "sparql/pre-binding/shapesGraph-001": Known("does not know the optional $shapesGraph", r"\$shapesGraph"),
    },
}
"""The cases that an engine fails, by name; each is about something that our shapes do not do."""


@dataclass(frozen=True)
class Case:
    """A case: its name, the graph with its manifest, and the files of its data and shapes."""

    name: str
    node: URIRef
    graph: rdflib.Graph
    data: Path
    shapes: Path

    @property
    def report(self) -> Node | None:
        """The report that must come."""
        return self.graph.value(self.node, MF.result)


@pytest.fixture(scope="session")
def cases(pytestconfig: pytest.Config) -> dict[str, Case]:
    """Every case of the suite, by its name."""
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir(f"pyshacl-{version('pyshacl')}")
    root = folder / SUITE
    if not root.is_dir():
        fetch(folder)
    return {case.name: case for file in sorted(root.glob("*/*/*.ttl")) for case in read(file, root)}


def fetch(folder: Path) -> None:
    """Unpack the cases of pySHACL's source distribution into a folder, all of them or none."""
    name = f"pyshacl=={version('pyshacl')}"
    words = ["download", "--quiet", "--no-deps", "--no-binary", "pyshacl", name]
    with TemporaryDirectory(dir=folder) as temporary:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "--disable-pip-version-check", *words, "--dest", temporary],
            capture_output=True,
            text=True,
        )
        require("pypi", done.returncode == 0, f"the source distribution of {name} cannot be fetched")
        with tarfile.open(next(Path(temporary).glob("*.tar.gz"))) as archive:
            for member in archive.getmembers():
                _, _, member.name = member.name.partition("/")
                if member.name.startswith(f"{SUITE}/"):
                    archive.extract(member, temporary, filter="data")
        (folder / SUITE).parent.mkdir(parents=True, exist_ok=True)
        (Path(temporary) / SUITE).rename(folder / SUITE)


def graph_of(file: Path, base: str) -> rdflib.Graph:
    """A file as a graph, with every literal as it is written."""
    with reference._literals_as_written():
        return rdflib.Graph(bind_namespaces="none").parse(file, format="turtle", publicID=base)


def read(file: Path, root: Path) -> list[Case]:
    """The cases of a file."""
    base = HOME + file.relative_to(root).as_posix()
    graph = graph_of(file, base)
    found = []
    for node in graph.subjects(RDF.type, SHT.Validate):
        assert isinstance(node, URIRef)
        action = graph.value(node, MF.action)
        data, shapes = (root / str(graph.value(action, part))[len(HOME) :] for part in (SHT.dataGraph, SHT.shapesGraph))
        found.append(Case(file.relative_to(root).with_suffix("").as_posix(), node, graph, data, shapes))
    return found


def kinds(case: Case) -> set[str]:
    """The kinds of constraint that a case uses."""
    about = {str(p).rpartition("#")[2] for p in graph_of(case.shapes, HOME).predicates() if str(p).startswith(str(SH))}
    return about & KINDS


def term(node: Node | None) -> str | None:
    """A term in N-Triples; blank nodes all alike, and so a path that is no single property."""
    if isinstance(node, rdflib.Literal):
        datatype = ox.NamedNode(str(node.datatype)) if node.datatype else None
        return str(ox.Literal(str(node), datatype=datatype, language=node.language))
    return None if node is None else "_:blank" if isinstance(node, BNode) else node.n3()


Row = tuple[str | None, ...]
"""Focus, path, value, severity, component and shape of a result."""

PARTS = (SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape)


def rows(graph: rdflib.Graph, results: Iterable[Node]) -> Counter[Row]:
    """The results of a report that is a graph."""
    return Counter(tuple(term(graph.value(each, part)) for part in PARTS) for each in results)


def expected(case: Case) -> Counter[Row]:
    """The results that must come."""
    return rows(case.graph, case.graph.objects(case.report, SH.result))


def inputs(case: Case) -> tuple[str, str]:
    """The shapes as Turtle with their base, and the data as N-Triples."""
    base, shapes = HOME + case.name.rpartition("/")[0] + "/", case.shapes.read_text(encoding="utf-8")
    triples = ox.parse(case.data.read_bytes(), ox.RdfFormat.TURTLE, base_iri=base + case.data.name)
    data = ox.serialize((quad.triple for quad in triples), format=ox.RdfFormat.N_TRIPLES)
    return f"@base <{base}{case.shapes.name}> .\n{shapes}", (data or b"").decode()


def alike(text: str | None) -> str | None:
    """A term of the compiled engine; blank nodes all alike, and so a path that is no single property."""
    return "_:blank" if text is not None and not text.startswith(("<", '"')) else text


def of_shacl(shapes: str, data: str) -> Counter[Row]:
    """What the compiled engine says of itself, components included."""
    report = shacl.Shapes.from_turtle(shapes).validate_text(data, format="ntriples")
    return Counter(
        tuple(
            alike(part)
            for part in (
                each.focus_node,
                each.path,
                each.value,
                f"<{each.severity_iri}>",
                f"<{each.component_iri}>",
                each.source_shape,
            )
        )
        for each in report.results
    )


def of_pyshacl(shapes: str, data: str) -> Counter[Row]:
    """What pySHACL says of itself, components included."""
    with reference._literals_as_written():
        given = (rdflib.Graph().parse(data=text, format=kind) for text, kind in ((data, "nt"), (shapes, "turtle")))
        _, report, _ = pyshacl.validate(next(given), shacl_graph=next(given), inference="none", advanced=False)
    return rows(report, report.subjects(RDF.type, SH.ValidationResult))


def adapted(found: Iterable[Row]) -> set[Row]:
    """Results as the adapter tells them: each once, no component, the value left out where it is the focus."""
    return {
        (shape, str(severity).rpartition("#")[2].rstrip(">").lower(), focus, path, None if value == focus else value)
        for focus, path, value, severity, _, shape in found
    }


def through_adapter(shapes: str, data: str, engine: Engine) -> set[Row]:
    """What an engine finds through our own adapter, which gives IRIs without their brackets."""

    def full(text: str) -> str:
        return text if text.startswith(("_:", '"')) else f"<{text}>"

    def path(text: str | None) -> str | None:
        return None if text is None else full(text) if re.match(r"[a-z]+:[^<>]*$", text) else "_:blank"

    return {(full(e.rule), e.severity, full(e.focus), path(e.path), e.value) for e in check(shapes, data, engine)}


def wrong(case: Case, engine: Engine) -> bool:
    """Whether an engine, or what our adapter makes of it, gives other results than the case asks for."""
    shapes, data = inputs(case)
    direct = of_shacl if engine == "shacl" else of_pyshacl
    try:
        found, told = direct(shapes, data), through_adapter(shapes, data, engine)
    # Each engine refuses in its own way, with classes that have no parent in common.
    except Exception:
        return case.report != SHT.Failure
    return case.report == SHT.Failure or found != expected(case) or told != adapted(expected(case))


def test_the_suite_has_cases_for_all_that_our_shapes_use(cases: dict[str, Case]) -> None:
    used = [kinds(case) for case in cases.values()]
    assert len(cases) > 100
    assert set().union(*(each for each in used if each <= OURS)) == OURS


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_an_engine_passes_the_cases_but_those_that_are_known(engine: Engine, cases: dict[str, Case]) -> None:
    ours = [case for case in cases.values() if kinds(case) <= OURS]
    assert len(ours) > 70
    assert {case.name for case in ours if wrong(case, engine)} == set(FAILING[engine])


def test_what_an_engine_gets_wrong_is_nothing_that_our_shapes_use() -> None:
    query = re.compile(r'"""(.*?)"""', re.DOTALL)
    texts = [*query.findall(shapes_text()), query.sub("", shapes_text())]
    for known in (known for cases in FAILING.values() for known in cases.values()):
        assert not any(re.search(known.feature, text) for text in texts), known.reason


def test_a_wrong_result_is_noticed(cases: dict[str, Case]) -> None:
    """The comparison itself: a case whose shapes are taken from another one does not pass."""
    one, other = cases["core/property/minCount-001"], cases["core/property/maxCount-001"]
    assert wrong(replace(one, shapes=other.shapes), "shacl")
    assert not wrong(one, "shacl")
