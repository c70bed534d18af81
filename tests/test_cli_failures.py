"""The command line: findings (1), queries that may not run (2), input and output that cannot be used (3)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Cli
from journey import DOCUMENT


def test_findings_end_with_1(cli: Cli, kb: Path) -> None:
    claims = kb / "claims" / "guide" / "02-mechanism.ttl"
    good = claims.read_text(encoding="utf-8")
    assert cli("validate").returncode == 0
    claims.write_text(good.replace("ogx:positive", "ogx:perhaps"), encoding="utf-8")
    done = cli("validate")
    assert done.returncode == 1
    assert "claims/guide/02-mechanism.ttl" in done.stdout
    claims.write_text(good.replace("Morvin binds kelstat", "Morvin binds Kelstat"), encoding="utf-8")
    done = cli("verify")
    assert done.returncode == 1
    assert 'differs at character 14: "kelstat" / "Kelstat"' in done.stdout
    claims.write_text(good.replace("ogx:positive ;", "ogx:positive;"), encoding="utf-8")
    assert cli("fmt", "--check").stdout == "not canonical: claims/guide/02-mechanism.ttl\n5 files, 1 not canonical\n"
    claims.write_text(good.replace("\n.\n", "\n. # done\n", 1), encoding="utf-8")
    done = cli("fmt")
    assert (done.returncode, done.stderr.partition(" ")[0]) == (1, "E310")
    assert "# done" in claims.read_text(encoding="utf-8")


def test_audit_limits_end_with_1(cli: Cli, kb: Path) -> None:
    assert cli("audit").returncode == 0
    done = cli("audit", "--fail-on", "warning", "--out", "audit.txt")
    assert (done.returncode, done.stdout) == (1, "Wrote audit.txt\n")
    assert done.stderr.startswith("--fail-on warning: ")
    config = kb / "corpus.toml"
    config.write_text(config.read_text(encoding="utf-8") + "claims = 0\n", encoding="utf-8")
    done = cli("audit")
    assert (done.returncode, done.stderr) == (1, "[budget] claims: 1, allowed 0\n")


def test_a_refused_quote_ends_with_1(cli: Cli, kb: Path) -> None:
    done = cli("claim", "new", "--passage", "p011", "--quote", "Morvin blocks kelstat")
    assert (done.returncode, done.stdout) == (1, "")
    assert "stands in doc:guide.p011 0 times" in done.stderr
    assert cli("claim", "new", "--passage", "p011", "--quote", "n").returncode == 1


def test_a_known_key_asks_for_evidence(cli: Cli, kb: Path) -> None:
    words = ["claim", "new", "--passage", "p013", "--subject", "morvin", "--relation", "binds", "--object", "kelstat"]
    done = cli(*words)
    assert "c:0001 has this key already (morvin binds kelstat)" in done.stderr
    assert "c:0001.guide-p013\n" in done.stdout
    assert "ogx:Claim" not in done.stdout
    assert 'ogx:hedge "can"' in done.stdout
    other = cli(*words, "--polarity", "negative", "--disease", "kelstat")
    assert "c:0002\n" in other.stdout
    assert "Key: entity:morvin|ogx:binds|entity:kelstat|ogx:negative|entity:kelstat||||||" in other.stderr
    assert json.loads(cli(*words, "--format", "json").stdout)["rows"][0]["exists"] is True


def test_a_skeleton_is_refused_until_it_is_filled_in(cli: Cli, kb: Path) -> None:
    done = cli("claim", "new", "--passage", "p013")
    assert "Key: not complete yet" in done.stderr
    assert "Fill in the subject." in done.stderr
    (kb / "claims" / "guide" / "03.ttl").write_text(done.stdout, encoding="utf-8")
    assert cli("validate").returncode == 1


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        (
            "entities/proteins.ttl",
            b"@prefix e: <http://e.example/> .\ne:a e:b .\n",
            "E303 entities/proteins.ttl:2: ",
        ),
        ("entities/proteins.ttl", "é".encode("latin-1"), "E302 entities/proteins.ttl:1: not UTF-8: byte 0xe9"),
        ("entities/proteins.ttl", b"<http://e.example/a> <http://e.example/b> [] .", "E304 entities/proteins.ttl"),
        ("prefixes.ttl", b"PREFIX", "E303 prefixes.ttl:1: "),
        ("mappings/proteins.sssom.tsv", b"subject_id\n", "E330 mappings/proteins.sssom.tsv:1: "),
        ("corpus.toml", b"title = ", "E320 "),
        ("corpus.toml", b'base = "x"', "E322 "),
    ],
)
@pytest.mark.parametrize("line", ["validate", "query claims-about --entity morvin", "audit", "build", "show c:0001"])
def test_a_file_that_cannot_be_used_is_named(
    line: str, file: str, content: bytes, says: str, cli: Cli, kb: Path
) -> None:
    (kb / file).write_bytes(content)
    done = cli(*line.split())
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(says)
    assert not (kb / "build").exists()


@pytest.mark.parametrize(
    "line",
    [
        "init new --document nothing.txt",
        "source add nothing.txt --id x",
        "source add corpus.toml/x --id x",
        "verify --source nothing",
        "query --file nothing.rq",
        "fmt nothing.ttl",
        "audit --out corpus.toml/x",
        "export --format nq --out corpus.toml/x",
        "build --out corpus.toml/x",
        "build --out new.nq --store corpus.toml/x",
        "build --out new.nq --store claims",
    ],
)
def test_a_place_that_cannot_be_read_or_written_ends_with_3(line: str, cli: Cli, kb: Path) -> None:
    before = {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()}
    done = cli(*line.split())
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("E3")
    assert {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()} == before


def test_a_missing_text_is_never_a_success(cli: Cli, kb: Path) -> None:
    (kb / "sources" / "document.txt").unlink()
    done = cli("verify")
    assert done.returncode == 3
    assert "not at hand, 0 of 2 quotes compared" in done.stdout
    allowed = cli("verify", "--allow-missing")
    assert (allowed.returncode, allowed.stdout) == (0, done.stdout)
    assert json.loads(cli("verify", "--format", "json").stdout)["documents"][0]["status"] == "not-checked"


def test_a_changed_text_is_reported_and_not_taken_in(cli: Cli, kb: Path) -> None:
    changed = kb.parent / "new.txt"
    changed.write_text(DOCUMENT.read_text(encoding="utf-8").replace("Morvin binds", "Morvin hugs"), encoding="utf-8")
    done = cli("verify", "--source", f"guide={changed}")
    assert done.returncode == 1
    assert "c:0001" in done.stdout
    assert cli("source", "add", str(changed), "--id", "guide").returncode == 1
    assert cli("verify").returncode == 0


def test_init_leaves_what_is_there(cli: Cli, kb: Path) -> None:
    assert cli("init", ".", "--document", str(DOCUMENT)).returncode == 2
    assert cli("init", "../other", "--document", str(DOCUMENT), "--base", "no iri").returncode == 2
    assert cli("init", "../other", "--document", str(DOCUMENT), "--id", "No Id").returncode == 2
    assert not (kb.parent / "other").exists()


@pytest.mark.parametrize(
    ("sparql", "code"),
    [
        ("DELETE WHERE { ?s ?p ?o }", "E401"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "E401"),
        ("PREFIX select: <urn:x>\nCLEAR ALL", "E40"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }", "E402"),
        ("SELECT * WHERE { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }", "E402"),
        ("SELECT * WHERE { ?s ?p }", "E406"),
        ("", "E40"),
    ],
)
def test_a_query_that_may_not_run_is_refused(sparql: str, code: str, cli: Cli, kb: Path) -> None:
    (kb / "my.rq").write_text(sparql, encoding="utf-8")
    done = cli("query", "--file", "my.rq")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(code)


@pytest.mark.parametrize(
    ("sparql", "format", "has"),
    [
        ("SELECT (COUNT(?c) AS ?n) WHERE { ?c a <https://w3id.org/ogx-rdf/ns#Claim> }", "csv", "n\n1\n"),
        ("ASK { ?c a <https://w3id.org/ogx-rdf/ns#Claim> }", "jsonl", '{"answer": true}\n'),
        ("DESCRIBE <https://example.org/kb/c/0001>", "ttl", "\nc:0001\n    a ogx:Claim ;\n"),
        (
            "CONSTRUCT { ?c a <urn:x> } WHERE { ?c a <https://w3id.org/ogx-rdf/ns#Claim> }",
            "ttl",
            "\nc:0001\n    a <urn:x> ;\n",
        ),
        (
            "SELECT ?c WHERE { ?c a <https://w3id.org/ogx-rdf/ns#Claim> } # SERVICE",
            "ttl",
            "\nc:0001\n    a ogx:Claim ;\n",
        ),
    ],
)
def test_a_query_of_ones_own(sparql: str, format: str, has: str, cli: Cli, kb: Path) -> None:
    (kb / "my.rq").write_text(sparql, encoding="utf-8")
    done = cli("query", "--file", "my.rq", "--format", format)
    assert done.returncode == 0
    assert done.stdout.endswith(has) or has in done.stdout


HOSTILE = [
    "x> } UNION { ?s ?p ?o",
    'x" . ?a ?b ?c . #',
    "https://example.org/kb/entity/morvin> ?p ?o } #",
    "entity:morvin } UNION { ?s ?p ?o",
    "' || 1=1",
    "\\",
    "a\nb\x00c",
    "?entity",
    "%s {} ${x}",
]


@pytest.mark.parametrize("term", HOSTILE)
def test_a_term_cannot_break_out_of_a_query(term: str, cli: Cli, kb: Path) -> None:
    done = cli("query", "claims-about", "--entity", term, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["answer"]) == (2, "failed")
    assert cli("show", term).returncode == 2
    found = cli("query", "search", "--text", term, "--format", "json")
    assert json.loads(found.stdout)["rows"] == []
