"""The generated corpus: valid by design, broken by design, and nothing in it but what its truth says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from bulk_faults import read_faults
from bulk_world import BASE
from dumped import Dumped, lines, truth
from generate import generate

from ogx_rdf.documents.intake import intake_triples
from ogx_rdf.documents.segment import segment
from ogx_rdf.documents.verify import RULES, verify
from ogx_rdf.errors import InputError
from ogx_rdf.model import Iri
from ogx_rdf.namespaces import OGX, RDF, SKOS
from ogx_rdf.validation.engines import validate
from ogx_rdf.validation.rules import read_rules

SCRIPT = Path(__file__).parent / "benchmarks" / "generate.py"
BLANK = {"node-iri", "node-value"}


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated corpus without faults."""
    folder = tmp_path_factory.mktemp("generated") / "valid"
    assert generate(300, folder) == []
    return folder


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated corpus with every fault."""
    folder = tmp_path_factory.mktemp("generated") / "faulty"
    assert generate(1000, folder, faults=0.1) == []
    return folder


def found(folder: Path) -> list[tuple[str, str, str]]:
    """What validation and verification find."""
    corpus = Dumped(folder)
    checked = verify(corpus)
    assert checked.complete
    return sorted((f.rule, f.severity, f.focus) for f in [*validate(corpus), *checked.findings])


def graphs(folder: Path) -> list[str]:
    """The graph of each line."""
    return [line[:-3].rpartition(" ")[2] for line in lines(folder)]


def test_a_corpus_without_faults_has_no_violation(valid: Path) -> None:
    expected = truth(valid)
    assert found(valid) == expected
    assert {severity for _, severity, _ in expected} == {"warning", "info"}


def test_exactly_the_seeded_faults_are_found(faulty: Path) -> None:
    assert found(faulty) == truth(faulty)


def test_every_rule_is_broken(faulty: Path) -> None:
    assert {rule for rule, _, _ in truth(faulty)} == {*read_rules(), *RULES} - BLANK


def test_blank_nodes_are_seeded_on_demand_and_refused_by_the_loader(tmp_path: Path) -> None:
    generate(1000, tmp_path, faults=0, blank_nodes=True)
    assert {rule for rule, _, _ in truth(tmp_path)} > BLANK
    blank = next(line for line in lines(tmp_path) if "_:" in line)
    with pytest.raises(InputError, match="blank node"):
        Dumped.reads(blank)


def test_the_same_seed_gives_the_same_bytes(valid: Path, tmp_path: Path) -> None:
    generate(300, tmp_path / "same")
    generate(300, tmp_path / "other", seed=2)
    for file in sorted(path.relative_to(valid) for path in valid.rglob("*") if path.is_file()):
        assert (tmp_path / "same" / file).read_bytes() == (valid / file).read_bytes()
    assert (tmp_path / "other" / "claims.nq.gz").read_bytes() != (valid / "claims.nq.gz").read_bytes()


def test_there_are_as_many_claims_as_asked_for(valid: Path) -> None:
    is_claim = f" <{RDF.type}> <{OGX.Claim}> "
    names = [line.partition(" ")[0] for line in lines(valid) if is_claim in line]
    assert names == [f"<{BASE}c/{number:04}>" for number in range(1, 301)]


def test_every_line_stands_in_the_graph_of_its_subject(faulty: Path) -> None:
    corpus = Dumped(faulty)
    match = f"> <{SKOS.exactMatch}> "
    for line in lines(faulty):
        graph = corpus.graph_of(line.partition("> ")[0][1:])
        # A match comes from a mapping set, and so do all lines of its graph.
        assert line.endswith((f" <{graph}> .\n", "/graph/mappings> .\n") if match in line else f" <{graph}> .\n")


@pytest.mark.parametrize("name", ["valid", "faulty"])
def test_a_dump_is_grouped_by_claim(name: str, request: pytest.FixtureRequest) -> None:
    runs = [graph for graph, _ in groupby(graphs(request.getfixturevalue(name))) if f"<{BASE}c/" in graph]
    assert len(runs) == len(set(runs))


def test_a_shuffled_dump_holds_the_same_lines_and_is_not_grouped(valid: Path, tmp_path: Path) -> None:
    generate(300, tmp_path, shuffle=True)
    assert Counter(lines(tmp_path)) == Counter(lines(valid))
    assert len(list(groupby(graphs(tmp_path)))) > 5000
    assert truth(tmp_path) == truth(valid)


def test_passages_are_those_that_source_add_would_cut(valid: Path) -> None:
    corpus = Dumped(valid)
    own = (OGX.skippedAs, OGX.resolution, OGX.denotes, OGX.mayDenote, OGX.sourceType, OGX.obtain)
    for file in sorted((valid / "sources").iterdir()):
        text = file.read_bytes().decode("utf-8")
        document = Iri(f"{BASE}doc/{file.stem}")
        recorded = {t for t in corpus.triples_of(document) if t[1] not in own and "dc/terms/" not in t[1]}
        sha256 = next(str(o) for s, p, o in recorded if (s, p) == (document, OGX.sha256))
        cut = intake_triples(document, sha256, text, file.name, segment(text))
        assert recorded == {t for t in cut if "dc/terms/" not in t[1]}


def test_the_corpus_is_opened_by_its_folder(valid: Path) -> None:
    corpus = Dumped(valid)
    assert (corpus.base, corpus.curie(f"{BASE}c/0001")) == (BASE, "c:0001")


def test_things_are_shared_unevenly(tmp_path: Path) -> None:
    generate(2000, tmp_path)
    uses = Counter(name for line in lines(tmp_path) for name in re.findall(rf"<{BASE}entity/(\w+sin)>", line))
    assert max(uses.values()) > 5 * min(uses.values())


def test_the_command_says_what_found_no_room(tmp_path: Path) -> None:
    words = [sys.executable, str(SCRIPT), "60", str(tmp_path / "out"), "--faults", "0"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=SCRIPT.parent.parent.parent)
    seeded = {rule for rule, _, _ in truth(tmp_path / "out")}
    named = {
        word.partition("--")[0] for word in done.stdout.strip().removeprefix("too few claims to seed ").split(", ")
    }
    assert named and {fault.name for fault in read_faults() if not fault.blank} <= seeded | named
    assert found(tmp_path / "out") == truth(tmp_path / "out")


def test_too_few_claims_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="at least 20 claims"):
        generate(5, tmp_path)
