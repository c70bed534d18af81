"""The command line: every command with every way in which it can end, and input that is wrong in every way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from journey import DOCUMENT, start, travel

from ogx_rdf.cli import main, output
from ogx_rdf.cli.output import progress

ROOT = Path(__file__).resolve().parent.parent
Result = subprocess.CompletedProcess[str]
Cli = Callable[..., Result]


PROGRAM = [sys.executable, "-m", "ogx_rdf"]
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("OGX_RDF_SOURCES", "PYTHONUNBUFFERED")}
ENVIRONMENT["PYTHONPATH"] = str(ROOT)


def command(words: Sequence[str], folder: Path) -> Result:
    """Run the command in a process of its own."""
    return subprocess.run([*PROGRAM, *words], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run the command in this process, in an empty folder and without any text at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)

    def run(*words: str, at: Path | None = None) -> Result:
        if at is not None:
            monkeypatch.chdir(at)
        capsys.readouterr()
        code = main(list(words))
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, out, err)

    return run


@pytest.fixture
def kb(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small corpus, the current folder."""
    root = start(lambda words, folder: cli(*words, at=folder), tmp_path)
    cli("fmt", at=root)
    return root


def test_the_whole_way(tmp_path: Path) -> None:
    travel(command, tmp_path)


# --- how commands end -------------------------------------------------------------------------------------------

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


# --- findings: exit 1 -------------------------------------------------------------------------------------------


def test_findings_end_with_1(cli: Cli, kb: Path) -> None:
    claims = kb / "claims" / "guide" / "02-mechanism.ttl"
    good = claims.read_text(encoding="utf-8")
    assert cli("validate").returncode == 0
    claims.write_text(good.replace("ogx:positive", "ogx:perhaps"), encoding="utf-8")
    done = cli("validate")
    assert done.returncode == 1
    assert "kb/claims/guide/02-mechanism.ttl" in done.stdout
    claims.write_text(good.replace("Morvin binds kelstat", "Morvin binds Kelstat"), encoding="utf-8")
    done = cli("verify")
    assert done.returncode == 1
    assert 'differs at character 14: "kelstat" / "Kelstat"' in done.stdout
    claims.write_text(good.replace("ogx:positive ;", "ogx:positive;"), encoding="utf-8")
    assert cli("fmt", "--check").stdout == "not canonical: kb/claims/guide/02-mechanism.ttl\n5 files, 1 not canonical\n"
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


# --- input and output: exit 3 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        (
            "entities/proteins.ttl",
            b"@prefix e: <http://e.example/> .\ne:a e:b .\n",
            "E303 kb/entities/proteins.ttl:2: ",
        ),
        ("entities/proteins.ttl", "é".encode("latin-1"), "E302 kb/entities/proteins.ttl:1: not UTF-8: byte 0xe9"),
        ("entities/proteins.ttl", b"<http://e.example/a> <http://e.example/b> [] .", "E304 kb/entities/proteins.ttl"),
        ("prefixes.ttl", b"PREFIX", "E303 kb/prefixes.ttl:1: "),
        ("mappings/proteins.sssom.tsv", b"subject_id\n", "E330 kb/mappings/proteins.sssom.tsv:1: "),
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


# --- queries of the user's own, and terms meant to break out ----------------------------------------------------


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


# --- how the process behaves ------------------------------------------------------------------------------------


def test_debug_shows_the_traceback_and_nothing_else_does(tmp_path: Path) -> None:
    assert "Traceback" not in command(["show", "nothing"], tmp_path).stderr
    assert "Traceback" in command(["show", "nothing", "--debug"], tmp_path).stderr


def test_an_unexpected_error_is_reported_as_one(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("ogx_rdf.publish.show.show", broken)
    done = cli("show", "c:0001", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (3, "E999")
    assert "unexpected ZeroDivisionError: by nought" in done.stderr


def test_interruption_ends_quietly(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_text("the last good build")

    def stop(*_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    done = cli("build", "--out", "graph.nq")
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr
    assert (tmp_path / "graph.nq").read_text() == "the last good build"
    assert [path.name for path in tmp_path.iterdir()] == ["graph.nq"]


def test_a_killed_build_leaves_the_last_good_one(kb: Path) -> None:
    assert command(["build", "--out", "graph.nq", "--store", "store"], kb).returncode == 0
    before = (kb / "graph.nq").read_bytes()
    program = [*PROGRAM, "build", "--out", "graph.nq", "--store", "store"]
    for wait in (0.05, 0.1, 0.15, 0.2):
        process = subprocess.Popen(program, cwd=kb, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert (kb / "graph.nq").read_bytes() == before
        assert json.loads((kb / "store" / "ogx-build.json").read_text())["quads"] == before.count(b"\n")


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "export", "--format", "nq"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def test_a_full_disk_is_an_output_error(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w") as full:
        program = [*PROGRAM, "query", "list"]
        done = subprocess.run(
            program, cwd=tmp_path, env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 3
    assert done.stderr.startswith("E307 ")


@pytest.mark.parametrize("locale", ["C", "POSIX", "de_DE.ISO-8859-1"])
def test_output_is_utf8_in_any_locale(locale: str, tmp_path: Path) -> None:
    assert command(["init", "kb", "--document", str(DOCUMENT)], tmp_path).returncode == 0
    env = ENVIRONMENT | {"LC_ALL": locale, "PYTHONIOENCODING": "latin-1"}
    program = [*PROGRAM, "show", "p006", "--corpus", "kb"]
    done = subprocess.run(program, cwd=tmp_path, env=env, capture_output=True, check=False)
    assert done.returncode == 0
    assert "𝛽-form" in done.stdout.decode("utf-8")


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(output, "PATIENCE", 0.0)
    with progress("Thinking"):
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress("Thinking"):
        signal.sigtimedwait([], 0.05)
    assert re.fullmatch(r"\rThinking …\r\x1b\[K", capsys.readouterr().err)


def test_the_nearest_corpus_is_used(cli: Cli, kb: Path) -> None:
    deep = kb / "claims" / "guide"
    assert "morvin" in cli("show", "c:0001", at=deep).stdout
    assert "morvin" in cli("show", "c:0001", "--corpus", str(kb), at=kb.parent.parent).stdout
    assert "morvin" in cli("--corpus", str(kb), "show", "c:0001", at=kb.parent.parent).stdout
    assert "morvin" not in cli("show", "c:0001", at=kb.parent.parent).stdout
