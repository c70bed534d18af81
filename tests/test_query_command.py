"""The query command: help wherever it is asked for, and JSON that any reader takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ogx_rdf.cli import main


@pytest.mark.parametrize("line", ["query list --help", "query show --help", "query --file none.rq --help"])
def test_help_is_help(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 0
    assert capsys.readouterr().out.startswith("usage: ogx-rdf query")


def test_a_number_that_json_has_not_is_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = ('"NaN"^^xsd:double', '"INF"^^xsd:float', '"-INF"^^xsd:double', "1.5")
    head = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?x "
    (tmp_path / "q.rq").write_text(f"{head} {{ VALUES ?x {{ {' '.join(values)} }} }}", encoding="utf-8")
    for format in ("json", "jsonl"):
        assert main(["query", "--file", str(tmp_path / "q.rq"), "--format", format]) == 0
        out = capsys.readouterr().out
        rows = json.loads(out)["rows"] if format == "json" else [json.loads(line) for line in out.splitlines()]
        assert [row["x"] for row in rows] == ["NaN", "INF", "-INF", 1.5]
