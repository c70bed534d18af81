"""The check on a cluster finds what one machine finds, byte for byte, also where a machine dies on the way."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from clusters import PYSPARK, Cluster, descendants, spark_cluster
from commands import ENVIRONMENT, PROGRAM, Cli, command
from conftest import require
from generate import generate

from ogx_rdf.bundles.ledger import MarkFiles
from ogx_rdf.bundles.marks import Marks, hashed
from ogx_rdf.bundles.spool import Names
from ogx_rdf.bundles.workers import Setting
from ogx_rdf.spark.tasks import Job, Told, finer, sift, sort_file, unit_of

PATIENCE = 300.0
BASE = "https://example.org/bulk/"
DONE = 8
"""So many tasks a machine has finished before it is killed: others need what it made."""


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated corpus with faults, its dump in three files of which two are packed."""
    folder = tmp_path_factory.mktemp("dump")
    generate(400, folder / "kb", faults=0.05)
    lines = gzip.decompress((folder / "kb" / "claims.nq.gz").read_bytes()).splitlines(keepends=True)
    (parts := folder / "kb" / "parts").mkdir()
    third = len(lines) // 3
    (parts / "a.nq").write_bytes(b"".join(lines[:third]))
    (parts / "b.nq.gz").write_bytes(gzip.compress(b"".join(lines[third : 2 * third])))
    (parts / "c.nq.gz").write_bytes(gzip.compress(b"".join(lines[2 * third :])))
    return folder / "kb"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    require("java", shutil.which("java"), "Java is not installed: a Spark cluster cannot be started")
    require("spark", PYSPARK, "PySpark is not installed (the extra spark)")
    (folder := tmp_path / "cluster").mkdir()
    with spark_cluster(folder) as found:
        yield found


def words(dump: Path, *more: str) -> list[str]:
    corpus = ["--corpus", str(dump), "--format", "json", "--table", "table"]
    return ["check", "--input", str(dump / "parts"), *corpus, *more]


def victim(cluster: Cluster, running: subprocess.Popen[str]) -> str:
    """The executor to be killed: one that is at work, and has finished something that others need."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert running.poll() is None, "the application ended before a machine could be killed"
        for application in cluster.asked("applications") or []:
            for executor in cluster.asked(f"applications/{application['id']}/executors") or []:
                if executor["id"] != "driver" and executor["activeTasks"] and executor["completedTasks"] >= DONE:
                    return str(executor["id"])
        time.sleep(0.05)
    raise AssertionError("no executor was ever at work")


def kill(cluster: Cluster, executor: str) -> None:
    """End the worker of an executor, the executor and its Python processes, with no warning."""
    for worker in cluster.workers:
        below = descendants(worker.pid)
        told = [Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in below]
        if any((b"--executor-id", executor.encode()) in pairwise(one) for one in told):
            for pid in below:
                os.kill(pid, signal.SIGKILL)
            return
    raise AssertionError(f"no worker holds executor {executor}")


def logged(cluster: Cluster) -> list[dict[str, Any]]:
    [log] = [path for path in cluster.events.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def rows(table: Path) -> dict[str, list[str]]:
    """The rows of an evidence table, without claims that evidence speaks for whose name is another claim's.

    These are faults; their rows hang on whether both claims lie in one batch, on one machine as on many.
    """
    strange = f"SELECT claim FROM '{table}/evidence/*.parquet' WHERE NOT starts_with(evidence, claim || '.')"
    found = {}
    for folder in sorted(path for path in table.iterdir() if path.is_dir()):
        where = f" WHERE claim NOT IN ({strange})" if folder.name in ("claims", "evidence") else ""
        rows = duckdb.execute(f"SELECT * FROM '{folder}/*.parquet'{where}").fetchall()
        found[folder.name] = sorted(map(repr, rows))
    assert found["evidence"]
    return found


def on(events: list[dict[str, Any]], executor: str) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """The ends of tasks on an executor (on the others, with "!" before it), by stage and partition."""
    found: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for event in events:
        if event["Event"] == "SparkListenerTaskEnd":
            here = event["Task Info"]["Executor ID"] == executor.removeprefix("!")
            if here != executor.startswith("!"):
                found.setdefault((event["Stage ID"], event["Task Info"]["Index"]), []).append(event)
    return found


def test_a_cluster_that_loses_a_machine_finds_what_one_machine_finds(
    dump: Path, tmp_path: Path, cluster: Cluster
) -> None:
    (one := tmp_path / "one").mkdir()
    (many := tmp_path / "many").mkdir()
    expected = command(words(dump), one)
    program = [*PROGRAM, *words(dump, "--engine", "spark", "--master", cluster.master)]
    with (tmp_path / "spark.log").open("w") as log:
        running = subprocess.Popen(
            program,
            cwd=many,
            env=cluster.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    with running:
        try:
            executor = victim(cluster, running)
            kill(cluster, executor)
            out, _ = running.communicate(timeout=PATIENCE)
        finally:
            running.kill()

    assert out == expected.stdout, (tmp_path / "spark.log").read_text(encoding="utf-8")[-3000:]
    assert running.returncode == expected.returncode == 1
    assert json.loads(out)["rows"]
    assert rows(one / "table") == rows(many / "table")
    lost_and_redone(logged(cluster), executor)


def lost_and_redone(events: list[dict[str, Any]], executor: str) -> None:
    """Hold that tasks were lost with a machine, and that another did them again."""
    removed = [e for e in events if e["Event"] == "SparkListenerExecutorRemoved" and e["Executor ID"] == executor]
    assert removed
    mine, others = on(events, executor), on(events, f"!{executor}")
    lost = {place for place, ends in mine.items() for end in ends if end["Task End Reason"]["Reason"] != "Success"}
    assert lost, "no task was lost with the machine"
    again = {
        place
        for place in lost
        for end in others.get(place, [])
        if end["Task End Reason"]["Reason"] == "Success"
        and end["Task Info"]["Launch Time"] >= max(e["Task Info"]["Launch Time"] for e in mine[place])
    }
    assert again, "what was lost was done again by the other machine"


def job(dump: Path, *paths: Path, **changes: Any) -> Job:
    setting = Setting(dump, dump, Names(BASE, 4, 16), tuple(path.name for path in paths), None, {})
    return Job(setting, paths, **changes)


def told(job: Job) -> Told:
    *_, (kind, _, last) = sort_file(job, 0)
    assert kind == "told"
    assert isinstance(last, Told)
    return last


def test_a_machine_that_would_judge_something_else_is_refused(dump: Path) -> None:
    path = dump / "parts" / "a.nq"
    assert told(job(dump, path)).fault is None
    other = told(job(dump, path, version="0.0.1")).fault
    assert other is not None and other["code"] == "E393"
    for absent in (job(dump, dump / "none.nq"), job(dump, path, needed=(dump / "nowhere",))):
        fault = told(absent).fault
        assert fault is not None and fault["code"] == "E394"


def test_a_file_that_ends_early_is_told_by_the_machine_that_reads_it(dump: Path, tmp_path: Path) -> None:
    (short := tmp_path / "short.nq.gz").write_bytes((dump / "parts" / "b.nq.gz").read_bytes()[:-100])
    fault = told(job(dump, short)).fault
    assert fault is not None and fault["code"] == "E372"


def test_a_document_is_judged_in_one_unit_with_all_its_parts(dump: Path) -> None:
    made = job(dump, lots=50)
    units = {unit_of(made, f"{BASE}doc/{name}".encode()) for name in ("a", "a.p001", "a.p001.m1", "a.ref2")}
    assert len(units) == 1
    assert len({unit_of(made, f"{BASE}entity/{name}".encode()) for name in range(200)}) > 25
    assert unit_of(made, f"{BASE}c/0001".encode()) is None


def test_marks_that_belong_together_meet_in_one_share_however_fine(tmp_path: Path) -> None:
    names = [f"{BASE}c/{number:04}".encode() for number in range(500)]
    keys = [(hashed("", name).hex().encode().ljust(24, b"0"), name) for name in names[:250]]
    marks = Marks(
        used={hashed("e", name) for name in names[::2]},
        lonely=[("claim-orphan", name) for name in names],
        keys=[("claim", key, name + twin, "") for key, name in keys for twin in (b"", b"9")],
        passages=[(name, False) for name in names],
    )
    (files := MarkFiles(tmp_path, "test")).add(marks)
    files.flush()
    shares: dict[tuple[str, int], list[tuple[str, bytes]]] = {}
    for path in sorted(tmp_path.glob("*.marks")):
        kind, share, *_ = path.name.split(".")
        for fine, data in finer(kind, path.read_bytes()).items():
            shares.setdefault((share, fine), []).append((kind, data))
    assert len(shares) > 100
    sifted = [sift(some) for some in shares.values()]
    assert sorted(name for one in sifted for _, name in one.orphans) == names[1::2]
    assert sum(one.ledger[0] for one in sifted) == sum(len(one.ledger[3]) for one in sifted) == 500
    assert sum(len(one.likenesses) for one in sifted) == 250


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--master", "local"), "E379"),
        (("--engine", "spark", "--workers", "2"), "E379"),
        (("--engine", "spark", "--master", "http://127.0.0.1/"), "E395"),
        (("--engine", "spark", "--master", "spark://127.0.0.1:9"), "E391"),
    ],
)
def test_wrong_use_and_a_master_that_is_not_there_are_refused_at_once(
    dump: Path, cli: Cli, more: tuple[str, ...], code: str
) -> None:
    if code in ("E391", "E395"):
        require("spark", PYSPARK, "PySpark is not installed (the extra spark)")
    result = cli(*words(dump, *more))
    assert result.returncode == (3 if code == "E391" else 2)
    assert json.loads(result.stdout)["error"]["code"] == code


def test_a_cluster_goes_with_a_dump_only(cli: Cli) -> None:
    result = cli("check", "--engine", "spark")
    assert result.returncode == 2
    assert "--engine goes with --input" in result.stderr


def test_a_broken_line_stops_a_cluster_as_it_stops_one_machine(dump: Path, tmp_path: Path) -> None:
    require("java", shutil.which("java"), "Java is not installed: a Spark cluster cannot be started")
    require("spark", PYSPARK, "PySpark is not installed (the extra spark)")
    (broken := tmp_path / "broken.nq").write_bytes((dump / "parts" / "a.nq").read_bytes()[:5000] + b"\nno triple .\n")
    plain = ["check", "--input", str(broken), "--corpus", str(dump)]
    here = command(plain, tmp_path)
    there = subprocess.run(
        [*PROGRAM, *plain, "--engine", "spark", "--master", "local[1]"],
        cwd=tmp_path,
        env={**ENVIRONMENT, "SPARK_LOCAL_IP": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert here.returncode == there.returncode == 3
    assert there.stderr.endswith(here.stderr)
    assert "Traceback" not in there.stderr
