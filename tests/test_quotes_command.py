"""``ogx-rdf quotes check``: the lines it takes, the lines it gives, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Cli, command

from ogx_rdf.errors import InputError
from ogx_rdf.quotes import Quote
from ogx_rdf.quotes.lines import read_quotes

TEXT = "The drug did not im-\nprove survival.\nThe drug was safe.\n"


@pytest.fixture
def folder(cli: Cli, tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8", newline="")
    return tmp_path


def lines(folder: Path, *rows: object, name: str = "quotes.jsonl") -> str:
    content = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    (folder / name).write_text(content, encoding="utf-8")
    return name


ROWS = (
    {"id": "a", "quote": "was safe", "start": 46, "end": 54, "claim": "the user's own key"},
    {"id": 7, "quote": "did not improve survival"},
    {"id": "a", "quote": "The drug"},
    {"id": "c", "quote": "rug was"},
    {"id": "d", "quote": "did improve survival", "max_gap": 5, "start": None},
    {"id": "e", "quote": "nothing of the sort whatsoever"},
)


def test_a_line_is_answered_by_a_line(cli: Cli, folder: Path) -> None:
    done = cli("quotes", "check", "--text", "text.txt", "--quotes", lines(folder, *ROWS), "--format", "jsonl")
    assert done.returncode == 1
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in found] == ["a", 7, "a", "c", "d", "e"]
    assert [row["verdict"] for row in found] == ["exact", "exact-normalized", "ambiguous", "cut", "near", "absent"]
    assert [row["accepted"] for row in found] == [True, True, True, False, False, False]
    assert found[0] == {"id": "a", "verdict": "exact", "accepted": True, "start": 46, "end": 54, "normalised": []}
    assert found[1]["normalised"] == ["line-end hyphen"]
    assert TEXT[found[1]["start"] : found[1]["end"]] == "did not im-\nprove survival"
    assert found[2]["positions"] == [[0, 8], [37, 45]]
    assert found[4]["nearest"] == "not im-\nprove survival"
    assert (found[4]["distance"], found[4]["difference"]) == (3, {"character": 1, "text": "not", "quote": "did"})


def test_the_text_answer_ends_with_the_counts(cli: Cli, folder: Path) -> None:
    done = cli("quotes", "check", "--text", "text.txt", "--quotes", lines(folder, *ROWS))
    assert done.returncode == 1
    printed = done.stdout.splitlines()
    assert printed[0] == "a: exact 46-54"
    assert printed[-1] == "6 quotes: 1 absent, 1 ambiguous, 1 cut, 1 exact, 1 exact-normalized, 1 near; 3 refused"


def test_all_accepted_ends_with_0_and_unique_refuses_the_ambiguous(cli: Cli, folder: Path) -> None:
    words = ("quotes", "check", "--text", "text.txt", "--quotes", lines(folder, "", *ROWS[:3]))
    done = cli(*words)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "3 quotes: 1 ambiguous, 1 exact, 1 exact-normalized; none refused",
    )
    done = cli(*words, "--unique", "--format", "jsonl")
    assert done.returncode == 1
    assert [json.loads(line)["accepted"] for line in done.stdout.splitlines()] == [True, True, False]


def test_several_texts_are_called_by_name(cli: Cli, folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "other.txt").write_text("Nothing here.", encoding="utf-8")
    rows = [
        {"id": 1, "quote": "Nothing here", "text": "other.txt"},
        {"id": 2, "quote": "was safe", "text": "text.txt"},
        {"id": 3, "quote": "was safe", "text": "more/other.txt"},
    ]
    texts = ("--text", "text.txt", "--text", "more/other.txt")
    done = cli("quotes", "check", *texts, "--quotes", lines(folder, *rows), "--format", "jsonl")
    assert [json.loads(line)["verdict"] for line in done.stdout.splitlines()] == ["exact", "exact", "absent"]
    for row, message in (
        ({"id": 1, "quote": "x"}, "quote 1 names none of the texts"),
        ({"id": 1, "quote": "x", "text": "third.txt"}, 'quote 1 names the text "third.txt", which was not given'),
    ):
        done = cli("quotes", "check", *texts, "--quotes", lines(folder, *rows, row))
        assert (done.returncode, done.stdout) == (3, "")
        assert f"E595 quotes.jsonl:4: {message}" in done.stderr
    (folder / "more" / "text.txt").write_text("Nothing here.", encoding="utf-8")
    texts = ("--text", "text.txt", "--text", "more/text.txt")
    done = cli("quotes", "check", *texts, "--quotes", lines(folder, {"id": 1, "quote": "here", "text": "text.txt"}))
    assert "1: absent" in done.stdout  # the path as given goes before the name of a file


BAD = [
    ("{", "E591", "not JSON"),
    ("[" * 5000 + "]" * 5000, "E59", ""),
    ("[1]", "E592", "not a JSON object"),
    ('{"id": 1, "quote": "a", "quote": "b"}', "E592", "a key comes twice"),
    ({"id": 1}, "E593", '"quote" is missing'),
    ({"id": 1, "quote": 5}, "E593", '"quote" is no text'),
    ({"id": [1], "quote": "x"}, "E593", '"id" is a list'),
    ({"id": 1, "quote": "x", "start": 5, "end": 5}, "E593", '"end" is not behind "start"'),
    ({"id": 1, "quote": "x", "start": -1}, "E593", '"start" is -1'),
    ({"id": 1, "quote": "x", "start": 1.5}, "E593", '"start" is 1.5'),
    ({"id": 1, "quote": "x", "start": "1"}, "E593", '"start" is "1"'),
    ({"id": 1, "quote": "x", "max_gap": True}, "E593", '"max_gap" is true'),
    ({"id": 1, "quote": "x", "text": 5}, "E593", '"text" is not the name'),
    ('{"id": 1, "quote": "\\ud800"}', "E593", "surrogate"),
]


@pytest.mark.parametrize(("row", "code", "message"), BAD, ids=[message or "deep" for _, _, message in BAD])
def test_a_bad_line_is_refused_with_its_place(cli: Cli, folder: Path, row: object, code: str, message: str) -> None:
    done = cli("quotes", "check", "--text", "text.txt", "--quotes", lines(folder, ROWS[0], row))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(code)
    assert "quotes.jsonl:2: " in done.stderr
    assert message in done.stderr


def test_a_line_may_leave_out_what_is_optional(cli: Cli, folder: Path) -> None:
    words = json.loads(json.dumps(ROWS[0]))["quote"]
    rows = [{"quote": words}, {"id": 1.5, "quote": words, "max_gap": 300.0}, {"id": True, "quote": words}]
    done = cli("quotes", "check", "--text", "text.txt", "--quotes", lines(folder, *rows), "--format", "jsonl")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [None, 1.5, True]
    assert all(json.loads(line)["accepted"] for line in done.stdout.splitlines())
    empty = cli("quotes", "check", "--text", "text.txt", "--quotes", lines(folder, {"id": 1, "quote": " "}))
    assert (empty.returncode, empty.stdout[:9]) == (1, "1: absent")


def test_files_that_cannot_be_used_end_with_3(cli: Cli, folder: Path) -> None:
    good = lines(folder, ROWS[0])
    (folder / "latin.txt").write_bytes("caf\xe9".encode("latin-1"))
    (folder / "empty.jsonl").write_text("\n\n", encoding="utf-8")
    for text, quotes, message in (
        ("none.txt", good, "E301 none.txt: cannot read the file"),
        ("latin.txt", good, "E302 latin.txt:1: not UTF-8"),
        ("text.txt", "latin.txt", "E302 latin.txt:1: not UTF-8"),
        ("text.txt", "none.jsonl", "E301 none.jsonl: cannot read the file"),
        ("text.txt", "empty.jsonl", "E594 empty.jsonl: the file holds no quote"),
        (".", good, "E340 .: is a directory"),
    ):
        done = cli("quotes", "check", "--text", text, "--quotes", quotes)
        assert (done.returncode, done.stdout) == (3, "")
        assert message in done.stderr
    assert cli("quotes", "check", "--text", "text.txt").returncode == 2


def test_lines_are_read_as_they_are_written(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_bytes('\ufeff{"id": 1, "quote": "a\u2028b"}\r\n\r\n{"id": 2, "quote": "c", "max_gap": 0}'.encode())
    assert read_quotes(file) == [(1, Quote("a\u2028b", 1)), (3, Quote("c", 2, max_gap=0))]
    with pytest.raises(InputError):
        read_quotes(tmp_path)


def test_offsets_are_code_points_of_the_text_as_it_is(folder: Path) -> None:
    (folder / "text.txt").write_bytes("\ufeff👍\r\nThe drug\r\nwas safe.".encode())
    quotes = lines(folder, {"id": 1, "quote": "The drug was safe"})
    done = command(("quotes", "check", "--text", "text.txt", "--quotes", quotes, "--format", "jsonl"), folder)
    row = json.loads(done.stdout)
    assert (done.returncode, row["start"], row["end"], row["normalised"]) == (0, 4, 22, ["white space"])
