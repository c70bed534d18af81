"""The command as a process: tracebacks, interruption, killing, closed pipes, full disks, locales, terminals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ENVIRONMENT, PROGRAM, Cli, command
from journey import DOCUMENT

from ogx_rdf.cli import output
from ogx_rdf.cli.output import progress


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
        record = json.loads((kb / "store" / "current" / "ogx-build.json").read_text(encoding="utf-8"))
        assert record["quads"] == before.count(b"\n")


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


def test_a_closed_output_is_no_error(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, "show", "c:0001"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_debug_keeps_the_exit_code(tmp_path: Path) -> None:
    assert command(["show", "nothing", "--debug"], tmp_path).returncode == 2
