"""The benchmarks of all sizes, and of the server under load, run to their end; every row has a number or says why not.

No time is judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import pytest
import scale_plot
import scale_tell
import serve_load
import serve_tell
import serve_wrk
from conftest import require
from contest import Contest, Contestant, NotRun, Run, Taken, compete
from scale_run import Held, Row
from serve_asked import Asked, Mix
from servers import OXIGRAPH
from serving import serving

BENCHMARKS = Path(__file__).parent / "benchmarks"
PARTS = ("load", "points", "whole", "change", "quotes")
"""Without the cold starts, Spark and pySHACL, which take their time."""

MACHINE = {"processor": "some", "cores": "2", "memory": "8 GiB", "system": "Linux", "Python": "3", "load before": "0"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("bench")
    words = ["--sizes=100", "--rounds=1", "--times=1", f"--home={home}", f"--parts={','.join(PARTS)}"]
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "scale.py"), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == (home / "results.md").read_text(encoding="utf-8").strip()
    return home


def test_every_row_has_a_number_or_a_reason(run: Path) -> None:
    results: dict[str, Any] = json.loads((run / "results.json").read_text(encoding="utf-8"))
    contests = results["contests"]
    assert {item["part"] for item in contests} == set(PARTS)
    failed = {
        row["who"]: row["why"] for item in contests for row in item["rows"] if str(row["why"]).startswith("failed")
    }
    assert failed == {}
    assert all(row["runs"] or row["why"] for item in contests for row in item["rows"])
    table = (run / "results.md").read_text(encoding="utf-8")
    for item in contests:
        for row in item["rows"]:
            assert f"| {row['who']} | " in table


def test_it_leaves_the_data_and_nothing_else(run: Path) -> None:
    assert {path.name for path in run.iterdir()} == {"data-100", "results.md", "results.json", "growth.svg"}
    assert ET.parse(run / "growth.svg").getroot().tag.endswith("svg")


def held(part: str, contest: str, who: str, size: int, seconds: float) -> Held:
    return Held(
        part, size, contest, rows={who: Row(who, [{"seconds": seconds, "cpu": None, "peak": None, "work": None}])}
    )


def test_names_in_the_plot_do_not_cover_each_other() -> None:
    lines = [
        held(part, contest, who, size, 1e-4 * size)
        for part, contest, who, _, _ in scale_plot.LINES
        for size in (1_000, 10_000, 1_000_000)
    ]
    drawn = ET.fromstring(scale_plot.growth(lines, MACHINE, "2026-01-01"))
    names = {name for *_, name, _ in scale_plot.LINES}
    at = sorted(float(text.attrib["y"]) for text in drawn.iter() if text.text in names)
    assert len(at) == len(scale_plot.LINES)
    assert all(below - above >= scale_plot.APART - 0.1 for above, below in pairwise(at))
    assert at[0] > 0 and at[-1] < scale_plot.HEIGHT


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.0997, "100 ms"), (0.0096, "10 ms"), (0.0094, "9.4 ms"), (0.00021, "210 µs"), (1.5, "1.50 s"), (250, "250 s")],
)
def test_times_have_the_unit_that_fits_them(seconds: float, told: str) -> None:
    assert scale_tell.shown_time(seconds) == told


def test_ratios_are_for_the_same_work() -> None:
    rows = {
        "ours": Row("ours", [{"seconds": 1.0, "cpu": 2.0, "peak": 50_000_000, "work": 1000}]),
        "theirs": Row("theirs", [{"seconds": 2.0, "cpu": None, "peak": None, "work": 20}]),
        "absent": Row("absent", why="not installed"),
    }
    told = scale_tell.markdown([Held("rules", 1000, "rules", "claims", 1000, "", rows)], [1000], MACHINE, "2026-01-01")
    assert "| theirs | 2.00 s · 10/s · **100×** |" in told
    assert "| absent | not installed |" in told
    assert "50 MB" in told


def test_one_who_fails_is_out_and_the_others_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> Run:
        raise RuntimeError("no such thing\nat all")

    def absent() -> Run:
        raise NotRun("not installed")

    field = [
        Contestant("good", lambda: lambda: Taken(1.0)),
        Contestant("broken", broken),
        Contestant("absent", absent),
        Contestant("slow", lambda: lambda: Taken(9.0), rounds=1),
    ]
    compete([Contest("one", field), Contest("two", field)], 2, {("one", "good")}, {"two"})
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["who"] for event in told if event["event"] == "took"] == ["slow"]
    assert [event["why"] for event in told if event["event"] == "failed"] == ["RuntimeError: no such thing"]
    assert [event["why"] for event in told if event["event"] == "not run"] == ["not installed"]
    assert told[-1] == {"event": "over", "contest": "one"}


needs_wrk = pytest.mark.skipif(serve_wrk.WRK is None, reason=serve_wrk.INSTALL)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("load")
    words = ["--claims=100", "--connections=1,4", "--rounds=1", "--seconds=1", f"--home={home}"]
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "serve_load.py"), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == (home / "load-100.md").read_text(encoding="utf-8").strip()
    assert {path.name for path in home.iterdir()} == {"data-100", "load-100.md", "load-100.json"}
    told: dict[str, Any] = json.loads((home / "load-100.json").read_text(encoding="utf-8"))
    return told | {"table": done.stdout}


@needs_wrk
def test_the_server_under_load_answers_without_an_error(loaded: dict[str, Any]) -> None:
    assert loaded["left"] == []
    rows = loaded["rows"]
    assert {(row["connections"], len(row["runs"])) for row in rows} == {(1, 1), (4, 1)}
    assert all(run["requests"] > 0 and run["errors"] == 0 for row in rows for run in row["runs"])
    assert all(0 < run["p50"] <= run["p95"] <= run["p99"] for row in rows for run in row["runs"])
    mixes = {row["mix"] for row in rows}
    assert {"point questions by hand", "stored questions on one thing", "stored questions on the whole graph"} <= mixes
    assert all(f"| {name} |" in loaded["table"] or f"| **{name}** |" in loaded["table"] for name in mixes)


@needs_wrk
def test_both_servers_are_loaded_with_the_same(loaded: dict[str, Any]) -> None:
    require("oxigraph", OXIGRAPH, "the oxigraph server is not installed")
    asked = [row for row in loaded["rows"] if "question" in row["mix"]]
    assert len({row["server"] for row in asked}) == 2
    assert loaded["table"].count("×** |") == len(asked) / 2


@needs_wrk
def test_errors_are_counted(tmp_path: Path) -> None:
    class Failing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    script = tmp_path / "one.lua"
    serve_wrk.write_script([Asked("one", "/")], "/sparql", script)
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Failing), threading.Event()) as server:
        found = serve_wrk.load(f"http://127.0.0.1:{server.server_address[1]}", script, 1, 1)
    assert found.errors == found.requests > 0


def test_servers_that_differ_are_not_compared() -> None:
    class Answering(BaseHTTPRequestHandler):
        rows: ClassVar[str]

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = f'{{"results": {{"bindings": [{self.rows}]}}}}'.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    handlers = [
        type("Handler", (Answering,), {"rows": rows})
        for rows in ('{"a": 1}, {"b": 2}', '{"b": 2}, {"a": 1}', '{"a": 1}')
    ]
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serving(ThreadingHTTPServer(("127.0.0.1", 0), handler), threading.Event()))
            for handler in handlers
        ]
        targets = [
            serve_load.Target(name, f"http://127.0.0.1:{server.server_address[1]}", "/sparql")
            for name, server in zip(("own", "same", "other"), servers, strict=True)
        ]
        mix = Mix("some", [Asked("one", "", "SELECT * WHERE { ?s ?p ?o }")], True)
        assert serve_load.checked(mix, targets[:2]) == (mix, [])
        with pytest.raises(RuntimeError, match="one: the servers do not give the same rows"):
            serve_load.checked(mix, targets)


def test_without_the_load_generator_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(serve_load, "WRK", None)
    assert serve_load.main([f"--home={tmp_path}"]) == 0
    assert "apt-get install wrk" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_the_ratio_is_of_throughput_with_as_many_connections() -> None:
    def row(server: str, connections: int, rate: float) -> serve_tell.Row:
        runs = [serve_wrk.Loaded(rate * part, 0.001, 0.002, 0.003, 1, 10, 10) for part in (1, 0.5, 2)]
        return serve_tell.Row("mix", server, connections, runs)

    rows = [row("ours", 1, 50), row("theirs", 1, 100), row("ours", 16, 300), row("theirs", 16, 100)]
    told = serve_tell.markdown(rows, ["late"], "some claims", 5, MACHINE, "2026-01-01")
    assert "| ours | 1 | 50/s | 1 ms | 2 ms | 3 ms | 3 | **0.50×** |" in told
    assert "| ours | 16 | 300/s | 1 ms | 2 ms | 3 ms | 3 | **3.00×** |" in told
    assert "| theirs | 16 | 100/s | 1 ms | 2 ms | 3 ms | 3 |  |" in told
    assert "Left out, because one takes a server too long: late." in told
