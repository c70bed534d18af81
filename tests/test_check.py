"""One run over form, rules, texts and budget: what is wrong stands at its file and line, in every format."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from commands import PROGRAM, Cli

CLAIMS = Path("claims") / "guide" / "02-mechanism.ttl"


def checked(cli: Cli, kb: Path, code: int, *words: str) -> dict[str, list[dict[str, object]]]:
    done = cli("check", "--format", "json", *words, at=kb)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def statuses(answer: dict[str, list[dict[str, object]]]) -> list[object]:
    return [step["status"] for step in answer["steps"]]


def change(file: Path, old: str, new: str) -> int:
    """Replace words that stand once in a file; returns their line."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def test_a_corpus_in_order_passes(cli: Cli, kb: Path) -> None:
    answer = checked(cli, kb, 0)
    assert statuses(answer) == ["done"] * 4
    assert [step["violations"] for step in answer["steps"]] == [0] * 4
    text = cli("check", at=kb).stdout
    assert "form: nothing found\n" in text
    assert "guide: 2 of 2 quotes, 16 of 16 markers, 42 of 42 passages compared with " in text


def test_a_file_that_is_not_canonical_is_named_with_the_line(cli: Cli, kb: Path) -> None:
    line = change(kb / CLAIMS, 'ogx:quote "Morvin binds kelstat" ;', 'ogx:quote   "Morvin binds kelstat" ;')
    (row,) = [r for r in checked(cli, kb, 1)["rows"] if r["severity"] == "violation"]
    assert (row["rule"], row["line"]) == ("not-canonical", line)
    assert str(row["file"]).endswith(str(CLAIMS))


def test_every_file_that_cannot_be_parsed_is_reported_and_the_rest_is_not_run(cli: Cli, kb: Path) -> None:
    line = change(kb / CLAIMS, "a ogx:Claim ;", "a ogx:Claim .;")
    (kb / "works").mkdir(exist_ok=True)
    (kb / "works" / "broken.ttl").write_text("PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>\n\nnot Turtle\n", "utf-8")
    answer = checked(cli, kb, 3)
    assert statuses(answer) == ["failed", "not run", "not run", "not run"]
    places = {Path(str(row["file"])).name: row["line"] for row in answer["rows"]}
    assert places == {"02-mechanism.ttl": line, "broken.ttl": 3}


def test_a_rule_a_text_and_the_budget_are_broken_at_their_lines(cli: Cli, kb: Path) -> None:
    rule = change(kb / CLAIMS, "ogx:kind ogx:mechanism ;", "ogx:kind ogx:guesswork ;")
    quote = change(kb / CLAIMS, '"Morvin binds kelstat"', '"Morvin bends kelstat"')
    config = kb / "corpus.toml"
    config.write_text(config.read_text(encoding="utf-8") + "claims = 0\n", encoding="utf-8")
    limit = config.read_text(encoding="utf-8").count("\n")
    found = {(row["rule"], row["line"]) for row in checked(cli, kb, 1)["rows"] if row["severity"] == "violation"}
    assert {("claim-kind", rule), ("E101", quote), ("budget", limit)} <= found


def test_a_text_that_is_not_at_hand_is_never_passed_over(cli: Cli, kb: Path) -> None:
    for file in (kb / "sources").glob("*.txt"):
        file.unlink()
    assert statuses(checked(cli, kb, 3)) == ["done", "done", "missing", "done"]
    assert statuses(checked(cli, kb, 0, "--allow-missing")) == ["done", "done", "missing", "done"]
    sarif = json.loads(cli("check", "--allow-missing", "--format", "sarif", at=kb).stdout)
    (invocation,) = sarif["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is True
    assert "guide: not at hand, 0 of 2 quotes compared" in {
        note["message"]["text"] for note in invocation["toolExecutionNotifications"]
    }


def test_sarif_and_junit_point_at_file_and_line(cli: Cli, kb: Path) -> None:
    line = change(kb / CLAIMS, '"Morvin binds kelstat"', '"Morvin bends kelstat"')
    done = cli("check", "--format", "sarif", "--out", "out.sarif", at=kb)
    assert done.returncode == 1
    (run,) = json.loads((kb / "out.sarif").read_text(encoding="utf-8"))["runs"]
    (result,) = [r for r in run["results"] if r["ruleId"] == "E101"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith(CLAIMS.as_posix())
    assert place["region"]["startLine"] == line
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "E101"
    junit = ElementTree.fromstring(cli("check", "--format", "junit", at=kb).stdout)
    (case,) = [c for c in junit.iter("testcase") if c.get("classname") == "E101"]
    assert case.get("line") == str(line)
    assert case.find("failure") is not None
    assert junit.get("failures") == str(len(list(junit.iter("failure"))))


@pytest.mark.parametrize("format", ["text", "json", "junit", "sarif"])
def test_the_same_corpus_gives_the_same_bytes(cli: Cli, kb: Path, format: str) -> None:
    assert cli("check", "--format", format, at=kb).stdout == cli("check", "--format", format, at=kb).stdout


def test_as_a_hook_it_stops_a_commit(kb: Path, tmp_path: Path) -> None:
    """The hook of the README, in a real repository."""
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    hook = readme[readme.index("#!/bin/sh\n") :].partition("```")[0]
    binary = tmp_path / "bin" / "ogx-rdf"
    binary.parent.mkdir()
    package = Path(__file__).resolve().parent.parent
    binary.write_text(f'#!/bin/sh\nPYTHONPATH="{package}" exec "{PROGRAM[0]}" -m ogx_rdf "$@"\n', encoding="utf-8")
    binary.chmod(0o755)
    identity = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    plain = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") and k != "OGX_RDF_SOURCES"}
    environment = {
        **plain,
        **identity,
        "PATH": f"{binary.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }

    def git(*words: str) -> int:
        return subprocess.run(["git", *words], cwd=kb, env=environment, capture_output=True, check=False).returncode

    assert git("init", "-q") == 0
    (kb / ".git" / "hooks" / "pre-commit").write_text(hook, encoding="utf-8")
    (kb / ".git" / "hooks" / "pre-commit").chmod(0o755)
    assert git("add", "-A") == 0
    assert git("commit", "-qm", "in order") == 0
    change(kb / CLAIMS, "ogx:kind ogx:mechanism ;", "ogx:kind ogx:guesswork ;")
    assert git("commit", "-qam", "out of order") != 0
