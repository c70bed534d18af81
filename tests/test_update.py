"""A changed source: what stands unchanged is placed again, all else is proposed, the former text stays known."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from commands import Cli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journey import DOCUMENT, start

from ogx_rdf.corpus import open_corpus
from ogx_rdf.documents.update import update_source
from ogx_rdf.namespaces import OGX
from ogx_rdf.records import Records

TEXT = DOCUMENT.read_text(encoding="utf-8")
CLAIMS = Path("claims") / "guide" / "02-mechanism.ttl"
PASSAGES = Path("documents") / "guide" / "passages.ttl"


def changed(kb: Path, *edits: tuple[str, str]) -> Path:
    """A copy of the text with words replaced, outside the corpus."""
    text = TEXT
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    file = kb.parent / "document.txt"
    file.write_text(text, encoding="utf-8")
    return file


def snapshot(kb: Path) -> dict[str, bytes]:
    return {str(p.relative_to(kb)): p.read_bytes() for p in kb.rglob("*.ttl")}


def numbers(kb: Path) -> dict[str, tuple[int, str]]:
    """Each passage's number with its start and digest."""
    passages = Records(open_corpus(kb)).passages.values()
    return {p.iri.rpartition(".")[2]: (p.start, p.sha256) for p in passages}


def test_a_sentence_more_moves_offsets_and_renumbers_nothing(cli: Cli, kb: Path) -> None:
    before = numbers(kb)
    file = changed(kb, ("Morvin binds kelstat [2].", "Something new stands first [5]. Morvin binds kelstat [2]."))
    done = cli("source", "update", str(file), at=kb)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "43 passages: 42 keep their names (0 of them with other words), 1 new, 0 gone." in done.stdout
    after = numbers(kb)
    assert {name: digest for name, (_, digest) in before.items()} == {
        name: digest for name, (_, digest) in after.items() if name in before
    }
    assert set(after) - set(before) == {"p043"}
    verified = cli("verify", "--source", str(file), at=kb)
    assert verified.returncode == 0, verified.stdout
    assert cli("fmt", "--check", at=kb).returncode == 0
    assert cli("validate", at=kb).returncode == 0


def test_a_dry_run_says_the_same_and_writes_nothing(cli: Cli, kb: Path) -> None:
    file = changed(kb, ("By binding kelstat, morvin", "By sticking to kelstat, morvin"))
    before = snapshot(kb)
    tried = cli("source", "update", str(file), "--dry-run", at=kb)
    assert snapshot(kb) == before
    done = cli("source", "update", str(file), at=kb)
    assert tried.returncode == done.returncode == 1
    assert tried.stdout.splitlines()[:-1] == done.stdout.splitlines()[:-1]


def test_what_changed_is_proposed_and_never_applied(cli: Cli, kb: Path) -> None:
    file = changed(kb, ("Morvin binds kelstat [2].", "Morvin often binds kelstat [2]."))
    quotes = (kb / CLAIMS).read_text(encoding="utf-8")
    answer = json.loads(cli("source", "update", str(file), "--format", "json", at=kb).stdout)
    (row,) = answer["rows"]
    assert (row["evidence"], row["reason"], row["quote"]) == ("c:0001.guide-p011", "changed", "Morvin binds kelstat")
    assert row["line"] == 16
    assert answer["claims"] == ["c:0001"]
    assert answer["passages"]["changed"] == ["doc:guide.p011"]
    assert 'ogx:quote "Morvin binds kelstat" ;' in (kb / CLAIMS).read_text(encoding="utf-8")
    assert quotes != (kb / CLAIMS).read_text(encoding="utf-8"), "the other quote has moved"
    verified = cli("verify", "--source", str(file), "--format", "json", at=kb)
    (finding,) = json.loads(verified.stdout)["rows"]
    assert (verified.returncode, finding["rule"]) == (1, "E101")
    assert "place the quote by hand" in finding["hint"]


def test_a_passage_with_other_words_is_told_with_its_citations(cli: Cli, kb: Path) -> None:
    file = changed(kb, ("Morvin binds kelstat [2].", "Morvin binds kelstat in cells [4] [5]."))
    done = cli("source", "update", str(file), at=kb)
    assert done.returncode == 0
    told = "doc:guide.p011 has other words (line 16), and cites [4][5] where it cited [2]: read c:0001 again."
    assert told in done.stdout


@pytest.mark.parametrize(
    ("edits", "reasons"),
    [
        ([("Morvin binds kelstat [2]. By binding kelstat, morvin prevents", "Nothing prevents")], ["gone", "gone"]),
        (
            [("Morvin binds kelstat [2]. ", ""), ("Patients received", "Morvin binds kelstat when patients received")],
            ["elsewhere"],
        ),
        ([("By binding kelstat, morvin", "By binding kelstat, not binding kelstat, morvin")], ["several"]),
    ],
)
def test_why_a_quote_is_left_to_a_person(cli: Cli, kb: Path, edits: list[tuple[str, str]], reasons: list[str]) -> None:
    file = changed(kb, *edits)
    answer = json.loads(cli("source", "update", str(file), "--format", "json", at=kb).stdout)
    assert [row["reason"] for row in answer["rows"]] == reasons


def test_old_and_new_are_addressed_by_their_digests(cli: Cli, kb: Path) -> None:
    corpus = open_corpus(kb)
    old = Records(corpus)
    file = changed(kb, ("Abstract\n", "Abstract of it\n"))
    cli("source", "update", str(file), at=kb)
    former = hashlib.sha256(DOCUMENT.read_bytes()).hexdigest()
    now = hashlib.sha256(file.read_bytes()).hexdigest()
    assert cli("show", f"sha256:{now[:10]}", at=kb).stdout.startswith("document doc:guide\n")
    assert f"ogx:sha256 {former}" in cli("show", f"sha256:{former[:10]}", at=kb).stdout
    assert cli("show", "sha256:0000000000", at=kb).returncode == 2
    nodes = Records(open_corpus(kb)).nodes
    version = f"{corpus.base}doc/guide.v{former[:12]}"
    for iri, evidence in old.evidence.items():
        (place,) = [n for n in nodes.members(OGX.FormerPlace) if str(iri) in nodes.predicates(n).__repr__()]
        assert str(place).startswith(version)
        start, end = nodes.integer(place, OGX.start), nodes.integer(place, OGX["end"])
        assert TEXT[start:end] == evidence.quote


def test_a_reference_is_known_by_its_words_when_the_list_is_renumbered(cli: Cli, kb: Path) -> None:
    file = changed(
        kb,
        ("- 2. Morvin - Encyclopedia", "- 2. A newcomer [j.example.org]\n- 3. Morvin - Encyclopedia"),
        ("- 3. A phase II study", "- 6. A phase II study"),
    )
    done = cli("source", "update", str(file), at=kb)
    assert "Reference doc:guide.ref2 is printed as [3] now, not as [2]." in done.stdout
    assert "Reference doc:guide.ref2-2 is new: [2] A newcomer [j.example.org]" in done.stdout
    references = {r.iri.rpartition(".")[2]: (r.label, r.content) for r in Records(open_corpus(kb)).references.values()}
    assert references["ref2"] == ("3", "Morvin - Encyclopedia [encyclopedia.example.org]")
    assert references["ref2-2"] == ("2", "A newcomer [j.example.org]")


def test_a_run_that_was_broken_off_is_finished_by_another(cli: Cli, kb: Path) -> None:
    file = changed(kb, ("Abstract\n", "Abstract of it\n"))
    claims = (kb / CLAIMS).read_bytes()
    assert cli("source", "update", str(file), at=kb).returncode == 0
    finished = snapshot(kb)
    (kb / CLAIMS).write_bytes(claims)  # as where the power went before this file was written
    again = cli("source", "update", str(file), at=kb)
    assert again.returncode == 0
    assert snapshot(kb) == finished
    assert "Nothing was written." in cli("source", "update", str(file), at=kb).stdout


def test_going_back_restores_every_place(cli: Cli, kb: Path) -> None:
    before = snapshot(kb)
    file = changed(kb, ("Abstract\n", "Abstract of it\n"))
    cli("source", "update", str(file), at=kb)
    assert cli("source", "update", str(kb / "sources" / "document.txt"), at=kb).returncode == 0
    after = snapshot(kb)
    assert after[str(CLAIMS)] == before[str(CLAIMS)]
    assert {n: d for n, (_, d) in numbers(kb).items()}.items() >= {}.items()
    assert cli("verify", at=kb).returncode == 0


@pytest.mark.parametrize(
    ("content", "words", "code", "error"),
    [
        (b"Nothing of the document stands here.\n", [], 1, "E355"),
        (TEXT[:900].encode(), [], 3, "E348"),
        (TEXT.encode("utf-16"), [], 3, "E30"),
        (b"", [], 3, "E341"),
        (None, [], 3, "E30"),
        (TEXT.encode(), ["--id", "guid"], 2, "E501"),
    ],
)
def test_what_is_no_version_is_refused_with_nothing_written(
    cli: Cli, kb: Path, content: bytes | None, words: list[str], code: int, error: str
) -> None:
    file = kb.parent / "document.txt"
    if content is not None:
        file.write_bytes(content)
    before = snapshot(kb)
    done = cli("source", "update", str(file), *words, at=kb)
    assert (done.returncode, done.stderr[: len(error)]) == (code, error), done.stderr
    assert snapshot(kb) == before


SENTENCES = ["A sentence more.", "Nothing was seen [1].", "The κ-form was tried.[2]", "Is it so?"]


@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(TEXT)), st.sampled_from(SENTENCES), st.booleans()), min_size=1, max_size=4
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_inserted_no_quote_is_placed_on_other_words(
    edits: list[tuple[int, str, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from commands import command

    root = start(command, tmp_path_factory.mktemp("any")) if not _KB else _KB[0]
    _KB[:] = [root]
    text = TEXT
    for place, words, alone in edits:
        text = text[:place] + (f"\n\n{words}\n\n" if alone else f" {words} ") + text[place:]
    file = root.parent / "document.txt"
    file.write_text(text, encoding="utf-8")
    updated = update_source(open_corpus(root), file, document_id="guide", dry_run=True)
    quotes = {e.iri: e for e in Records(open_corpus(root)).evidence.values()}
    placed = {anchor.evidence for anchor in updated.anchored}
    for anchor in updated.anchored:
        assert text[slice(*anchor.new)] == quotes[anchor.evidence].quote
    left = {proposal.evidence for proposal in updated.proposals}
    assert not placed & left
    for iri in set(quotes) - placed - left:
        assert text[quotes[iri].start : quotes[iri].end] == quotes[iri].quote


_KB: list[Path] = []
