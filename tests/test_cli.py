"""The command line: the whole way, what works, what is wrong use, and how answers are told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Cli, command
from journey import travel

from ogx_rdf.cli.arguments import CONTEXTS, KINDS
from ogx_rdf.corpus import open_corpus
from ogx_rdf.records import CONTEXT
from ogx_rdf.resources import resource


def test_the_whole_way(tmp_path: Path) -> None:
    travel(command, tmp_path)


ZERO = [
    "--version",
    "--help",
    "query --help",
    "query list",
    "query show claims-about",
    "query claims-about --help",
    "query claims-about --entity clusterin",
    "query claims-about --entity clusterin --format csv",
    "query claims-about --entity clusterin --format jsonl",
    "query claims-about --entity clusterin --format ttl",
    "show 42",
    "show c:0042",
    "show p026",
    "show ref:5",
    "show ref:ogx-011-guide/5",
    "show clusterin",
    "show doc:ogx-011-guide",
    "fmt --check",
    "validate",
    "validate --engine shacl",
    "validate --format junit",
    "validate --format sarif",
    "validate --format ttl",
    "verify --allow-missing",
    "audit",
    "audit --format md",
    "audit --format html",
    "audit --claim 42",
    "claim new --passage p026 --subject clusterin --relation inhibits --object Bax",
    "export --format jsonl",
    "export --format csv",
    "export --format ttl",
    "export --format trig",
    "export --format nq",
    "export --format jsonld",
    "build --out graph.nq",
]


@pytest.mark.parametrize("line", ZERO)
def test_what_works_ends_with_0(line: str, cli: Cli) -> None:
    done = cli(*line.split())
    assert (done.returncode, done.stdout != "") == (0, True)
    assert "E9" not in done.stderr


WRONG = [
    ("", "E500", "COMMAND"),
    ("qurey list", "E500", "Did you mean query"),
    ("validate --engine pyshakl", "E500", "Did you mean pyshacl"),
    ("validate --engin pyshacl", "E500", "Did you mean --engine"),
    ("validate everything", "E500", "one word too many: 'everything'"),
    ("source", "E500", "ACTION"),
    ("source add", "E500", "--id"),
    ("init kb --document x --corpus y", "E500", "--corpus"),
    ("query", "E500", "ogx-rdf query list"),
    ("query list more", "E500", "no name"),
    ("query show", "E500", "one name"),
    ("query show claims-abot", "E501", "Did you mean claims-about"),
    ("query claims-abot", "E501", "Did you mean claims-about"),
    ("query claims-about", "E504", "needs a value for entity"),
    ("query claims-about --entiti Bax", "E500", "Did you mean --entity"),
    ("query claims-about --entity", "E500", "expected one argument"),
    ("query claims-about --entity Baxx", "E501", "Did you mean Bax"),
    ("query claims-about --entity Bax more", "E500", "one word too many: 'more'"),
    ("query claims-by-kind --kind trialresult", "E501", "trialResult"),
    ("show SINERGY", "E501", "Did you mean SYNERGY"),
    ("show c:9999", "E501", "c:9999"),
    ("show ref:99", "E501", "ref:99"),
    ("audit --claim 9999", "E501", "9999"),
    ("audit --fail-on violaton", "E511", "Did you mean violation"),
    ("claim new --passage p999", "E501", "p999"),
    ("claim new --passage p026 --relation inhibit", "E501", "Did you mean inhibits"),
    ("claim new --passage p026 --subject clusterinn", "E501", "Did you mean clusterin"),
    ("export --format xlsx", "E5", "xlsx"),
    ("validate --corpus nowhere", "E324", "no corpus at nowhere"),
]


@pytest.mark.parametrize(("line", "code", "words"), WRONG, ids=[w[0] or "nothing" for w in WRONG])
def test_wrong_use_ends_with_2_and_says_what_is_meant(line: str, code: str, words: str, cli: Cli) -> None:
    done = cli(*line.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(code)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("line", ["query claims-about --entity Baxx", "show nothing", "audit --fail-on x", "fmt --bad"])
def test_a_failure_is_an_answer_of_its_own_in_json(line: str, cli: Cli) -> None:
    done = cli(*line.split(), "--format", "json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["answer"], answer["rows"]) == (2, "failed", [])
    assert done.stderr.startswith(answer["error"]["code"])
    assert answer["error"]["message"] in done.stderr


JSON = [
    "query claims-about --entity clusterin",
    "query list",
    "query show claims-about",
    "show c:0042",
    "show clusterin",
    "fmt --check",
    "validate",
    "verify --allow-missing",
    "audit",
    "audit --claim 42",
    "claim new --passage p026",
    "build --out graph.nq",
]


@pytest.mark.parametrize("line", JSON)
def test_every_json_answer_has_the_same_three_keys(line: str, cli: Cli) -> None:
    answer = json.loads(cli(*line.split(), "--format", "json").stdout)
    assert answer["answer"] in ("rows", "none", "not-stated", "failed")
    assert isinstance(answer["rows"], list)
    assert set(answer["coverage"]) == {"documents", "passages", "encoded", "skipped", "open", "complete"}


def test_the_four_kinds_of_answer_differ_in_text_and_json(cli: Cli, kb: Path) -> None:
    (kb / "none.rq").write_text("SELECT ?x WHERE { ?x a <urn:nothing> }")
    lines = {
        "rows": ["query", "claims-about", "--entity", "morvin"],
        "none": ["query", "--file", "none.rq"],
        "failed": ["query", "claims-about", "--entity", "nobody"],
    }
    for kind, words in lines.items():
        assert json.loads(cli(*words, "--format", "json").stdout)["answer"] == kind
    assert "2 rows (" in cli(*lines["rows"]).stdout
    assert cli(*lines["none"]).stdout.startswith("none (")
    assert cli(*lines["none"], "--format", "csv").stderr.startswith("none (")
    assert cli(*lines["failed"]).stdout == ""


def test_not_stated_needs_a_complete_reading(cli: Cli, kb: Path) -> None:
    entities = kb / "entities" / "proteins.ttl"
    more = '\nentity:caspin\n    a ogx:Entity ;\n    a ogx:Protein ;\n    skos:prefLabel "caspin" ;\n.\n'
    entities.write_text(entities.read_text(encoding="utf-8") + more, encoding="utf-8")
    words = ["query", "claims-about", "--entity", "caspin"]
    assert json.loads(cli(*words, "--format", "json").stdout)["answer"] == "none"
    assert "not yet read" in cli(*words).stdout
    skipped = "".join(
        f"<https://example.org/kb/doc/guide.p{n:03}> <https://w3id.org/ogx-rdf/ns#skippedAs> "
        "<https://w3id.org/ogx-rdf/ns#pointer> .\n"
        for n in range(1, 43)
        if n not in (11, 12)
    )
    (kb / "documents" / "guide" / "coverage.ttl").write_text(skipped, encoding="utf-8")
    assert json.loads(cli(*words, "--format", "json").stdout)["answer"] == "not-stated"
    assert cli(*words).stdout.startswith("not stated (42 of 42 passages read): ")


def test_the_nearest_corpus_is_used(cli: Cli, kb: Path) -> None:
    deep = kb / "claims" / "guide"
    assert "morvin" in cli("show", "c:0001", at=deep).stdout
    assert "morvin" in cli("show", "c:0001", "--corpus", str(kb), at=kb.parent.parent).stdout
    assert "morvin" in cli("--corpus", str(kb), "show", "c:0001", at=kb.parent.parent).stdout
    assert "morvin" not in cli("show", "c:0001", at=kb.parent.parent).stdout


def test_the_words_that_options_take_are_those_of_the_model() -> None:
    vocabulary = open_corpus(resource("ontology")).dataset
    kinds = vocabulary.select("PREFIX ogx: <https://w3id.org/ogx-rdf/ns#> SELECT ?kind { ?kind a ogx:Kind }").texts()
    assert set(KINDS) == {row["kind"].rpartition("#")[2] for row in kinds}
    assert set(CONTEXTS) == set(CONTEXT)
