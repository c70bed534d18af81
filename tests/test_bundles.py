"""The streaming pass: any form, any order, any number of workers; the same findings, and nothing half done."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from commands import ENVIRONMENT, PROGRAM, Cli
from dumped import Dumped, lines, truth
from generate import generate
from invalid_cases import CASES, make

from ogx_rdf.audit import audit
from ogx_rdf.bundles.batch import Batch, Reach
from ogx_rdf.bundles.judge import WHOLE
from ogx_rdf.bundles.marks import ORPHANS
from ogx_rdf.bundles.near import BatchCorpus
from ogx_rdf.bundles.recorded import recorded
from ogx_rdf.bundles.run import SPOOL, Options, Pass, run_pass
from ogx_rdf.bundles.spool import Run
from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.documents.stored import read_stored
from ogx_rdf.documents.verify import verify
from ogx_rdf.dump import build_dump, check_dump
from ogx_rdf.errors import InputError
from ogx_rdf.oxi import Dataset
from ogx_rdf.publish.build import nquads
from ogx_rdf.resources import resource
from ogx_rdf.table import open_table
from ogx_rdf.validation.engines import validate
from ogx_rdf.validation.rules import read_rules


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated dump with every fault."""
    folder = tmp_path_factory.mktemp("dumps") / "faulty"
    assert generate(1000, folder, faults=0.1) == []
    return folder


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated dump without faults."""
    folder = tmp_path_factory.mktemp("dumps") / "sound"
    assert generate(120, folder) == []
    return folder


def told(found: Pass) -> list[tuple[str, str, str]]:
    return sorted((f.rule, f.severity, f.focus) for f in found.findings)


def passed(folder: Path, *inputs: Path, **options: object) -> Pass:
    """A pass over a dump with the texts of its documents."""
    given = [str(path) for path in inputs] or [str(folder / "claims.nq.gz")]
    return run_pass(open_corpus(folder), given, Options(sources=([folder / "sources"], {}), **options))  # type: ignore[arg-type]


def test_what_was_seeded_is_found_and_nothing_else(faulty: Path) -> None:
    found = passed(faulty)
    assert told(found) == truth(faulty)
    assert found.broken == []
    number = {line: at for at, line in enumerate(lines(faulty), 1)}
    for finding in found.findings:
        assert finding.file is not None and finding.file.endswith("claims.nq.gz")
        assert finding.line is not None
    stated = {at: line for line, at in number.items()}
    for finding in found.findings[::7]:
        assert finding.line is not None and stated[finding.line].startswith(f"<{finding.focus}> ")


def test_every_rule_over_the_whole_is_found_by_a_batch_or_by_the_marks(faulty: Path) -> None:
    whole = {name for name, rule in read_rules().items() if rule.query is not None}
    assert whole >= WHOLE
    assert {rule for rule, _, _ in truth(faulty)} >= whole
    assert set(ORPHANS) <= WHOLE


def test_the_order_of_lines_changes_nothing(faulty: Path, tmp_path: Path) -> None:
    mixed = list(lines(faulty))
    random.Random(7).shuffle(mixed)
    half = len(mixed) // 2
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "a.nq").write_text("".join(mixed[:half]), encoding="utf-8")
    with gzip.open(tmp_path / "dump" / "b.nq.gz", "wt", encoding="utf-8") as file:
        file.write("# a comment\n\n" + "".join(mixed[half:]))
    assert told(passed(faulty, tmp_path / "dump")) == truth(faulty)


def test_two_workers_find_the_same(faulty: Path) -> None:
    assert told(passed(faulty, workers=2)) == truth(faulty)


def test_trig_and_odd_white_space_are_read_as_well(faulty: Path, tmp_path: Path) -> None:
    quads = list(ox.parse("".join(lines(faulty)), ox.RdfFormat.N_QUADS))
    (tmp_path / "claims.trig").write_bytes(ox.serialize(quads, format=ox.RdfFormat.TRIG) or b"")
    found = passed(faulty, tmp_path / "claims.trig")
    assert told(found) == truth(faulty)
    assert {finding.line for finding in found.findings} == {None}
    odd = "".join(line.replace("> <", ">\t<").replace(" .\n", "  .  # so\r\n") for line in lines(faulty))
    (tmp_path / "odd.nq").write_text(odd, encoding="utf-8", newline="")
    assert told(passed(faulty, tmp_path / "odd.nq")) == truth(faulty)


@pytest.mark.parametrize("case", [case for case in CASES if not case.blank][::9], ids=lambda case: case.file.stem)
def test_a_dump_of_a_corpus_has_the_findings_of_the_corpus(
    case: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = open_corpus(make(case, tmp_path))  # type: ignore[arg-type]
    (tmp_path / "dump.nq").write_text(nquads(corpus), encoding="utf-8")
    found = run_pass(corpus, [str(tmp_path / "dump.nq")])
    key = {(f.rule, f.severity, f.focus, f.path, f.message) for f in found.findings}
    assert key == {(f.rule, f.severity, f.focus, f.path, f.message) for f in validate(corpus)}


def test_the_shipped_corpus_as_a_dump(tmp_path: Path) -> None:
    corpus = open_corpus(resource("ontology"))
    dump = tmp_path / "graph.nq"
    dump.write_text(nquads(corpus), encoding="utf-8")
    made = build_dump(corpus, [str(dump)], store=tmp_path / "store", table=tmp_path / "table")
    assert [f.rule for f in made.check.findings] == [f.rule for f in validate(corpus)]
    assert made.check.coverage is not None
    assert made.check.coverage.as_dict() == audit(corpus).coverage.as_dict()
    with open_table(tmp_path / "table") as table:
        assert table.totals() == {name: total.value for name, total in audit(corpus).totals.items()}
    whole = Dataset()
    whole.bulk(dump.read_bytes())
    assert Dataset.read_only(tmp_path / "store").nquads() == whole.nquads()


@pytest.mark.parametrize("name", ["sound", "faulty"])
def test_totals_from_a_pass_are_those_of_the_audit(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    folder: Path = request.getfixturevalue(name)
    made = build_dump(
        open_corpus(folder),
        [str(folder / "claims.nq.gz")],
        table=tmp_path / "table",
        sources=[str(folder / "sources")],
        options=Options(keep_going=True),
    )
    assert made.exit_code == 0
    expected = {
        name: total.value for name, total in audit(Dumped(folder), sources=[str(folder / "sources")]).totals.items()
    }
    with open_table(tmp_path / "table") as table:
        found = table.totals()
    differ = {name for name in expected if found[name] != expected[name]}
    # Evidence filed under the name of another claim (evidence-name is violated) is not brought to the claim it is for.
    misfiled = sum(rule == "evidence-name" for rule, _, _ in truth(folder))
    assert all(0 <= expected[name] - found[name] <= misfiled for name in differ), differ


def test_what_is_recorded_is_read_alike_by_both_readers(faulty: Path) -> None:
    own = "".join(f"{line.rpartition(' <')[0]} .\n" for line in lines(faulty) if "/doc/note-" in line.split()[-2])
    batch = Batch.of([Run(0, 1, own.encode())], Reach(lambda names: {}))
    one, other = recorded(batch), read_stored(BatchCorpus(open_corpus(faulty), batch, ["d"]))
    assert len(one.documents) == len(other.documents) > 10
    for mine, theirs in zip(one.documents, sorted(other.documents, key=lambda d: d.iri), strict=True):
        assert (mine.iri, mine.sha256, mine.length, mine.file_name) == (
            theirs.iri,
            theirs.sha256,
            theirs.length,
            theirs.file_name,
        )
        for name in ("passages", "markers", "references"):
            assert sorted(map(repr, getattr(mine, name))) == sorted(map(repr, getattr(theirs, name))), name


BROKEN = {
    '<https://example.org/bulk/c/0001> <urn:p> "no end .': "not valid RDF",
    "<https://example.org/bulk/c/0001> <urn:p> _:b .": "blank node",
    '<https://example.org/bulk/c/0001> <urn:p> "a"@-x <urn:g> .': "not valid RDF",
    '<https://example.org/bulk/c/0001> <urn:p> "\\q" <urn:g> .': "not valid RDF",
}


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_line_is_told_with_its_place(sound: Path, tmp_path: Path, line: str, cli: Cli) -> None:
    rows = list(lines(sound))
    (tmp_path / "dump.nq").write_text("".join([*rows[:100], f"{line}\n", *rows[100:]]), encoding="utf-8")
    with pytest.raises(InputError, match=BROKEN[line]) as caught:
        passed(sound, tmp_path / "dump.nq")
    assert (caught.value.code, caught.value.line) == ("E373", 101)
    done = cli("check", "--input", "dump.nq", "--corpus", str(sound), "--allow-missing")
    assert done.returncode == 3
    assert "dump.nq:101" in done.stderr and "--keep-going" in done.stderr


def test_keep_going_collects_what_is_broken(sound: Path, tmp_path: Path, cli: Cli) -> None:
    rows = list(lines(sound))
    for at, line in ((50, next(iter(BROKEN))), (300, "nonsense"), (700, list(BROKEN)[3])):
        rows.insert(at, f"{line}\n")
    (tmp_path / "dump.nq").write_text("".join(rows), encoding="utf-8")
    words = ("--corpus", str(sound), "--source", str(sound / "sources"), "--keep-going", "--format", "json")
    done = cli("check", "--input", "dump.nq", *words)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["answer"]) == (3, "failed")
    assert [row["line"] for row in answer["rows"] if row["rule"] == "E373"] == [51, 301, 701]
    built = cli("build", "--input", "dump.nq", "--store", "store", *words)
    assert built.returncode == 3
    assert not (tmp_path / "store").exists()


ODD = ("<http://[bad>", "<relative>", '"x"@longerthaneight', '"\\uD800"', '"\\q"', '"a"^^<no iri>')
"""Values that only a parser knows to be broken: most of them look like any other line."""


def test_broken_lines_of_any_node_are_collected_and_change_nothing_else(faulty: Path, tmp_path: Path) -> None:
    """The node may be near others, or looked at once more with the whole; what is broken in it breaks nothing there."""
    rng, rows, broken = random.Random(7), [], 0
    for line in lines(faulty):
        rows.append(line)
        if rng.random() < 0.004 and not line.startswith("<https://w3id.org/ogx-rdf/ns#"):
            subject, predicate, _ = line.split(" ", 2)
            rows.append(f"{subject} {predicate} {rng.choice(ODD)} .\n")
            broken += 1
    (tmp_path / "dump.nq").write_text("".join(rows), encoding="utf-8")
    found = passed(faulty, tmp_path / "dump.nq", keep_going=True)
    assert len(found.broken) == broken > 100
    assert told(found) == truth(faulty)
    with pytest.raises(InputError) as caught:
        passed(faulty, tmp_path / "dump.nq")
    assert caught.value.code == "E373"


def test_violations_keep_a_store_from_being_replaced(faulty: Path, sound: Path, tmp_path: Path, cli: Cli) -> None:
    at_hand = ("--store", "store", "--source", str(faulty / "sources"), "--source", str(sound / "sources"))
    good = cli("build", "--input", str(sound / "claims.nq.gz"), "--corpus", str(sound), *at_hand)
    assert (good.returncode, "Built the store" in good.stdout) == (0, True), good.stdout + good.stderr
    before = (tmp_path / "store" / "current" / "ogx-build.json").read_bytes()
    bad = cli("build", "--input", str(faulty / "claims.nq.gz"), "--corpus", str(faulty), *at_hand)
    assert (bad.returncode, "Nothing was built" in bad.stdout) == (1, True)
    assert (tmp_path / "store" / "current" / "ogx-build.json").read_bytes() == before
    asked = cli("build", "--input", str(faulty / "claims.nq.gz"), "--corpus", str(faulty), "--keep-going", *at_hand)
    assert (asked.returncode, "Built the store" in asked.stdout) == (0, True)


def test_a_dump_that_ends_early_is_refused(sound: Path, tmp_path: Path, cli: Cli) -> None:
    whole = (sound / "claims.nq.gz").read_bytes()
    (tmp_path / "cut.nq.gz").write_bytes(whole[: len(whole) // 2])
    done = cli("check", "--input", "cut.nq.gz", "--corpus", str(sound))
    assert (done.returncode, "E372" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "--input", "nowhere.nq"), "E370"),
        (("check", "--input", "."), "E370"),
        (("check", "--input", "dump.csv"), "E371"),
        (("check", "--keep-going"), "E379"),
        (("check", "--input", "dump.nq", "--workers", "0"), "E378"),
        (("check", "--input", "dump.nq", "--source", "nowhere"), "E376"),
        (("check", "--input", "dump.nq"), "E375"),
        (("build", "--input", "dump.nq"), "E377"),
        (("build", "--input", "dump.nq", "--out", "x.nq"), "E379"),
    ],
)
def test_wrong_use_is_refused(cli: Cli, tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    (tmp_path / "dump.csv").write_text("a,b\n")
    if "." not in words:
        (tmp_path / "dump.nq").write_text("<urn:s> <urn:p> <urn:o> <urn:g> .\n")
    done = cli(*words)
    assert done.returncode in (2, 3)
    assert code in done.stderr
    assert "Traceback" not in done.stderr


def spools(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{SPOOL}*"))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_build_that_is_stopped_leaves_the_last_good_store(sound: Path, tmp_path: Path, how: signal.Signals) -> None:
    words = ["build", "--input", str(sound / "claims.nq.gz"), "--corpus", str(sound), "--store", "store"]
    words += ["--source", str(sound / "sources"), "--workers", "2"]

    def run() -> subprocess.Popen[bytes]:
        return subprocess.Popen([*PROGRAM, *words], cwd=tmp_path, env=ENVIRONMENT, stdout=-3, stderr=-3)

    assert run().wait(120) == 0
    before = Dataset.read_only(tmp_path / "store").nquads()
    process = run()
    deadline = time.monotonic() + 60
    while not spools(tmp_path) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(how)
    process.wait(60)
    assert Dataset.read_only(tmp_path / "store").nquads() == before
    assert run().wait(120) == 0
    assert spools(tmp_path) == []
    assert Dataset.read_only(tmp_path / "store").nquads() == before


def test_budget_of_a_dump_is_counted(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "kb")
    with (tmp_path / "kb" / "corpus.toml").open("a", encoding="utf-8") as file:
        file.write("\n[budget]\nclaims = 5\nmarkers = 100000\n")
    corpus: Corpus = open_corpus(tmp_path / "kb")
    found = check_dump(corpus, [str(sound / "claims.nq.gz")], sources=[str(sound / "sources")])
    over = [finding for finding in found.findings if finding.rule == "budget"]
    stated = audit(Dumped(sound)).totals["claims"].value
    assert [finding.message for finding in over] == [f"[budget] claims: {stated}, allowed 5."]
    assert found.exit_code() == 1


def test_the_texts_step_agrees_with_verify(faulty: Path) -> None:
    expected = verify(Dumped(faulty), sources=[str(faulty / "sources")])
    found = passed(faulty)
    codes = {f.rule for f in expected.findings}
    mine = {(f.rule, f.focus, f.message.replace(str(faulty), "")) for f in found.findings if f.rule in codes}
    assert mine == {(f.rule, f.focus, f.message.replace(str(faulty), "")) for f in expected.findings}
    assert found.counts["quotes"] == sum(document.quotes_total for document in expected.documents)


def test_a_killed_parent_takes_its_workers_along(sound: Path, tmp_path: Path) -> None:
    words = ["check", "--input", str(sound / "claims.nq.gz"), "--corpus", str(sound), "--workers", "2"]
    environment = {**ENVIRONMENT, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen([*PROGRAM, *words], cwd=tmp_path, env=environment, stdout=-3, stderr=-3)
    deadline = time.monotonic() + 60
    while not spools(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.4)
    children = _children(process.pid)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while any(map(_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_alive, children))


def _children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_limit_that_a_dump_is_not_counted_for_is_refused(sound: Path, tmp_path: Path, cli: Cli) -> None:
    shutil.copytree(sound, tmp_path / "kb")
    with (tmp_path / "kb" / "corpus.toml").open("a", encoding="utf-8") as file:
        file.write("\n[budget]\nA101 = 0\n")
    done = cli("check", "--input", str(sound / "claims.nq.gz"), "--corpus", "kb")
    assert (done.returncode, "E512" in done.stderr, "A101" in done.stderr) == (2, True, True)
