"""The benchmark of all sizes runs to its end, and every row has a number or says why not.  No time is judged."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import scale_plot
import scale_tell
from contest import Contest, Contestant, NotRun, Run, Taken, compete
from scale_run import Held, Row

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
