"""Comparing quotes, markers and passages with the text, and with another version of it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ogx_rdf.corpus import Corpus
from ogx_rdf.documents.intake import add_source
from ogx_rdf.documents.nearest import likeness, nearest
from ogx_rdf.documents.verify import Verification, verify
from ogx_rdf.errors import InputError
from ogx_rdf.model import Finding
from ogx_rdf.resources import resource

SMALL = Path(__file__).parent / "data" / "small" / "document.txt"
TEXT = SMALL.read_bytes().decode("utf-8")
DOC = "https://example.org/x/doc/small"
PREVENTS = "morvin prevents caspin from reaching the nucleus"
QUOTES = {"0001": ("p012", PREVENTS), "0002": ("p012", "binding kelstat"), "0003": ("p023", "Did not meet")}


def evidence(claim: str, passage: str, quote: str, start: int, end: int) -> str:
    return (
        f"\nc:{claim}.small-{passage}\n    a ogx:Evidence ;\n    ogx:evidenceFor c:{claim} ;\n"
        f"    ogx:quote {json.dumps(quote, ensure_ascii=False)} ;\n    prov:wasQuotedFrom doc:small.{passage} ;\n"
        f"    ogx:start {start} ;\n    ogx:end {end} ;\n.\n"
    )


@pytest.fixture
def corpus(empty_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """The small document with three quotes of three claims; the text is not in the corpus."""
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)
    add_source(empty_corpus, SMALL, "small")
    return with_evidence(
        empty_corpus,
        "".join(
            evidence(claim, passage, quote, at := TEXT.index(quote), at + len(quote))
            for claim, (passage, quote) in QUOTES.items()
        ),
    )


def with_evidence(corpus: Corpus, body: str) -> Corpus:
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(corpus.prefixes.items()))
    claims = corpus.root / "claims" / "small"
    claims.mkdir(parents=True, exist_ok=True)
    (claims / "01.ttl").write_text(head + body, encoding="utf-8")
    return Corpus(corpus.root)


def edited(corpus: Corpus, old: str, new: str, file: str = "documents/small/passages.ttl") -> Corpus:
    path = corpus.root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Corpus(corpus.root)


def block(corpus: Corpus, subject: str) -> str:
    """The canonical block of one subject of passages.ttl."""
    text = (corpus.root / "documents/small/passages.ttl").read_text(encoding="utf-8")
    return text[text.index(f"\n{subject}\n") + 1 :].partition("\n.\n")[0]


def line_of_text(corpus: Corpus, finding: Finding) -> str:
    assert finding.file is not None and finding.line is not None
    return (corpus.root.parent / finding.file).read_text(encoding="utf-8").splitlines()[finding.line - 1].strip()


def only(result: Verification) -> Finding:
    assert len(result.findings) == 1, [finding.message for finding in result.findings]
    assert result.exit_code() == result.exit_code(allow_missing=True) == 1
    assert result.as_dict()["answer"] == "rows"
    return result.findings[0]


def changed(corpus: Corpus, tmp_path: Path, text: str) -> Verification:
    file = tmp_path / "version.txt"
    file.write_text(text, encoding="utf-8", newline="")
    return verify(corpus, sources=[f"small={file}"])


def states(result: Verification) -> dict[str, str]:
    return {change.name.rpartition(".")[2]: change.state for change in result.documents[0].changes}


def test_all_as_recorded(corpus: Corpus) -> None:
    result = verify(corpus, sources=[str(SMALL)])
    check = result.documents[0]
    assert (check.status, check.quotes_compared, check.quotes_total) == ("checked", 3, 3)
    assert (check.markers_compared, check.markers_total) == (16, 16)
    assert result.findings == []
    assert result.exit_code() == 0
    assert result.as_dict()["answer"] == "none"
    assert "3 of 3 quotes, 16 of 16 markers" in result.text()


def test_the_text_in_the_corpus_own_folder_is_found(corpus: Corpus) -> None:
    (corpus.root / "sources").mkdir()
    shutil.copy(SMALL, corpus.root / "sources" / "any-name.txt")
    assert verify(corpus).exit_code() == 0


def test_without_the_text_nothing_is_said_to_be_checked(corpus: Corpus) -> None:
    result = verify(corpus)
    check = result.documents[0]
    assert (check.status, check.quotes_compared, check.quotes_total) == ("not-checked", 0, 3)
    assert check.markers_compared == 0
    assert "not at hand, 0 of 3 quotes compared" in result.text()
    assert "document.txt" in result.text()
    assert (result.exit_code(), result.exit_code(allow_missing=True)) == (3, 0)
    answer = json.loads(json.dumps(result.as_dict()))
    assert answer["answer"] == "failed"
    assert answer["documents"][0]["status"] == "not-checked"
    assert answer["coverage"]["passages"] == 42


def test_one_text_missing_of_two(corpus: Corpus, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Title\n\nIt is so.[1]\n", encoding="utf-8")
    add_source(corpus, other, "other")
    result = verify(Corpus(corpus.root), sources=[str(other)])
    assert {check.name: check.status for check in result.documents} == {"other": "checked", "small": "not-checked"}
    assert result.exit_code() == 3
    broken = edited(corpus, 'ogx:printed "[1]"', 'ogx:printed "[2]"', "documents/other/passages.ttl")
    assert verify(broken, sources=[str(other)]).exit_code(allow_missing=True) == 1


def test_an_edited_quote(corpus: Corpus) -> None:
    corpus = edited(corpus, "reaching the nucleus", "reaching the nuclei", "claims/small/01.ttl")
    found = only(verify(corpus, sources=[str(SMALL)]))
    assert (found.rule, found.severity) == ("E101", "violation")
    assert found.focus == "https://example.org/x/c/0001.small-p012"
    assert found.path == "https://w3id.org/ogx-rdf/ns#quote"
    assert found.message == (
        "claim c:0001: quote not found in the source. Nearest text at line 16 differs at character 47: "
        '"nucleus" / "nuclei".'
    )
    assert found.hint is not None and "the claim was edited" in found.hint
    assert line_of_text(corpus, found).startswith('ogx:quote "morvin prevents caspin from reaching the nuclei"')


@pytest.mark.parametrize(
    ("quote", "character", "words"),
    [
        ("Morvin prevents caspin", 1, '"morvin" / "Morvin"'),
        ("morvin prevents kaspin from", 17, '"caspin" / "kaspin"'),
        ("morvin prevents caspin  from", 24, '"from" / ""'),
        ("morvin prevents cas-pin from reaching", 20, '"caspin" / "cas-pin"'),
        ("caspin from reaching the nucleus.[1] [4]", 39, '"[3]" / "[4]"'),
        ("caspin from entering the nucleus", 13, '"reaching" / "entering"'),
    ],
)
def test_the_first_character_that_differs(corpus: Corpus, quote: str, character: int, words: str) -> None:
    start = TEXT.index("morvin prevents")
    corpus = with_evidence(corpus, evidence("0001", "p012", quote, start, start + len(quote)))
    found = only(verify(corpus, sources=[str(SMALL)]))
    assert found.rule == "E101"
    assert f"at line 16 differs at character {character}: {words}." in found.message


def test_a_quote_from_another_passage_is_looked_for_everywhere(corpus: Corpus) -> None:
    quote = "Overall survivals of 9.5 months"
    corpus = with_evidence(corpus, evidence("0001", "p006", quote, 154, 154 + len(quote)))
    assert (
        'at line 27 differs at character 17: "survival" / "survivals".'
        in only(verify(corpus, sources=[str(SMALL)])).message
    )


def test_a_quote_at_other_offsets(corpus: Corpus) -> None:
    start = TEXT.index(PREVENTS)
    corpus = with_evidence(corpus, evidence("0001", "p012", PREVENTS, start + 1, start + 1 + len(PREVENTS)))
    found = only(verify(corpus, sources=[str(SMALL)]))
    assert found.rule == "E101"
    assert f"the quote stands at {start}-{start + len(PREVENTS)} (line 16), not at {start + 1}-" in found.message


def test_a_quote_without_offsets_or_words(corpus: Corpus) -> None:
    body = evidence("0001", "p012", PREVENTS, 1, 2) + evidence("0002", "p012", "", 473, 473)
    result = verify(with_evidence(corpus, re.sub(r"ogx:(start|end) [12] ;", "", body)), sources=[str(SMALL)])
    assert [finding.rule for finding in result.findings] == ["E101", "E101"]
    assert result.documents[0].quotes_total == 2


def test_every_quote_is_compared_even_two_on_one_node(corpus: Corpus) -> None:
    corpus = edited(corpus, f'"{PREVENTS}" ;', f'"{PREVENTS}" , "never said" ;', "claims/small/01.ttl")
    result = verify(corpus, sources=[str(SMALL)])
    assert result.documents[0].quotes_total == 4
    assert only(result).value == '"never said"'


def test_a_quote_outside_its_passage(corpus: Corpus) -> None:
    start = TEXT.index(PREVENTS)
    corpus = with_evidence(corpus, evidence("0001", "p011", PREVENTS, start, start + len(PREVENTS)))
    found = only(verify(corpus, sources=[str(SMALL)]))
    assert found.rule == "E104"
    assert "outside its passage doc:small.p011 (447-472)" in found.message
    assert found.hint == "It stands in doc:small.p012."
    assert line_of_text(corpus, found).startswith("prov:wasQuotedFrom doc:small.p011")


def test_a_quote_across_two_passages(corpus: Corpus) -> None:
    quote = "kelstat [2]. By binding"
    start = TEXT.index(quote)
    corpus = with_evidence(corpus, evidence("0001", "p011", quote, start, start + len(quote)))
    assert only(verify(corpus, sources=[str(SMALL)])).rule == "E104"


@pytest.mark.parametrize("passage", ["doc:small.p999", "doc:unknown.p001"])
def test_a_quote_of_no_recorded_passage(corpus: Corpus, passage: str) -> None:
    corpus = edited(corpus, "prov:wasQuotedFrom doc:small.p023", f"prov:wasQuotedFrom {passage}", "claims/small/01.ttl")
    found = only(verify(corpus, sources=[str(SMALL)]))
    assert found.rule == "E104"
    assert passage in found.message


@pytest.mark.parametrize(
    ("subject", "old", "new", "rule", "words"),
    [
        ("doc:small.p006.m2", 'ogx:printed "[2]"', 'ogx:printed "[3]"', "E102", 'but the text has "[2]" at 262-265'),
        ("doc:small.p006.m2", "ogx:start 262", "ogx:start 261", "E102", 'but the text has "][2]"'),
        ("doc:small.p014.m1", 'skos:notation "1"', 'skos:notation "2"', "E102", 'labelled "2", but prints "[1, 4]"'),
        ("doc:small.p027", "ogx:start 1190", "ogx:start 1191", "E103", "the text at 1191-1227"),
        ("doc:small.p027", "ogx:end 1227", "ogx:end 999999", "E103", "the text at 1190-999999"),
        ("doc:small", "ogx:length 1840", "ogx:length 1841", "E103", "the text has 1840 characters"),
        ("doc:small.ref5", "news.example.net [", "nws.example.net [", "E106", "differs at character 2"),
    ],
)
def test_edits_to_what_intake_wrote(corpus: Corpus, subject: str, old: str, new: str, rule: str, words: str) -> None:
    before = block(corpus, subject)
    corpus = edited(corpus, f"\n{before}\n", f"\n{before.replace(old, new, 1)}\n")
    assert block(corpus, subject) != before
    findings = [f for f in verify(corpus, sources=[str(SMALL)]).findings if f.rule == rule]
    assert len(findings) == 1
    assert words in findings[0].message
    assert findings[0].focus.endswith(subject.removeprefix("doc:"))
    path = {"E102": ("ogx:printed", "skos:notation"), "E103": ("ogx:sha256", "ogx:length"), "E106": ("c4o:hasContent",)}
    assert line_of_text(corpus, findings[0]).startswith(path[rule])


def test_a_marker_recorded_with_the_next_sentence(corpus: Corpus) -> None:
    corpus = edited(corpus, "    ogx:marker doc:small.p007.m1 ;\n", "")
    corpus = edited(
        corpus,
        "doc:small.p008\n    a ogx:Passage ;\n",
        "doc:small.p008\n    a ogx:Passage ;\n    ogx:marker doc:small.p007.m1 ;\n",
    )
    rules = {f.rule: f.message for f in verify(corpus, sources=[str(SMALL)]).findings}
    assert "lies outside its passage (370-410)" in rules["E102"]
    assert "doc:small.p007 prints [3] at 366-369" in rules["E105"]
    assert len(rules) == 2


def test_a_marker_that_is_not_recorded(corpus: Corpus) -> None:
    found = only(verify(edited(corpus, "    ogx:marker doc:small.p015.m3 ;\n", ""), sources=[str(SMALL)]))
    assert found.rule == "E105"
    assert 'prints [2–4] at 654-659; no marker "4" records it' in found.message


def test_a_version_with_a_line_more_at_the_top(corpus: Corpus, tmp_path: Path) -> None:
    result = changed(corpus, tmp_path, f"\n{TEXT}")
    found = only(result)
    assert found.rule == "E110"
    assert "of 42 passages, 42 moved (p001-p042), 0 changed, 0 vanished; 0 new. Claims touched: none." in found.message
    assert line_of_text(corpus, found).startswith("ogx:sha256")
    assert result.documents[0].status == "changed"
    first = result.documents[0].changes[0].as_dict()
    assert (first["old"], first["new"], first["line"]) == ([1, 37], [2, 38], 3)


def test_windows_line_ends_move_passages_and_change_none(corpus: Corpus, tmp_path: Path) -> None:
    result = changed(corpus, tmp_path, TEXT.replace("\n", "\r\n"))
    assert set(states(result).values()) == {"moved"}


def test_a_changed_passage_names_claims_nearest_text_and_character(corpus: Corpus, tmp_path: Path) -> None:
    result = changed(corpus, tmp_path, TEXT.replace("caspin from", "kaspin from"))
    assert states(result) == {"p012": "changed"}
    version, passage = result.findings
    assert (version.rule, passage.rule) == ("E110", "E111")
    assert "Claims touched: c:0001, c:0002." in version.message
    assert "passage doc:small.p012 changed; it is at line 16 now. Claims touched: c:0001, c:0002." in passage.message
    assert 'differs at character 17: "kaspin" / "caspin".' in passage.message
    change = result.documents[0].changes[0].as_dict()
    assert change["claims"] == ["c:0001", "c:0002"]
    assert isinstance(change["lost"], list)
    assert [(lost["quote"], lost["character"]) for lost in change["lost"]] == [(PREVENTS, 17)]
    assert result.exit_code() == 1
    json.dumps(result.as_dict())


def test_a_changed_passage_whose_quotes_still_stand(corpus: Corpus, tmp_path: Path) -> None:
    result = changed(corpus, tmp_path, TEXT.replace("nucleus.[1]", "nucleus in time.[1]"))
    assert states(result)["p012"] == "changed"
    assert "Its quotes still stand in it." in next(f.message for f in result.findings if f.rule == "E111")


def test_a_vanished_passage(corpus: Corpus, tmp_path: Path) -> None:
    start, end = TEXT.index("Phase III (BEACON)"), TEXT.index("\n\nPatients received")
    result = changed(corpus, tmp_path, TEXT[:start] + TEXT[end:])
    assert states(result)["p023"] == "vanished"
    assert [f.rule for f in result.findings] == ["E110", "E112"]
    assert "passage doc:small.p023 vanished. Claims touched: c:0003." in result.findings[1].message


def test_a_passage_moved_to_another_section(corpus: Corpus, tmp_path: Path) -> None:
    sentence = "Further work is needed."
    text = TEXT.replace(f" {sentence}", "").replace("Nobody has shown so.", f"Nobody has shown so. {sentence}")
    result = changed(corpus, tmp_path, text)
    assert states(result)["p009"] == "moved"
    assert set(states(result).values()) == {"moved"}


def test_what_leans_on_a_changed_passage_is_touched(corpus: Corpus, tmp_path: Path) -> None:
    relies = "    ogx:reliesOn doc:small.p011 ;\n"
    path = corpus.root / "claims/small/01.ttl"
    text = path.read_text(encoding="utf-8").replace("    ogx:start", f"{relies}    ogx:start", 1)
    path.write_text(text, encoding="utf-8")
    result = changed(Corpus(corpus.root), tmp_path, TEXT.replace("binds kelstat [2]", "binds kelstats [2]"))
    assert result.documents[0].changes[0].claims == ("c:0001",)


def test_an_edited_quote_is_told_from_a_changed_passage(corpus: Corpus, tmp_path: Path) -> None:
    corpus = edited(corpus, "reaching the nucleus", "reaching the nuclei", "claims/small/01.ttl")
    result = changed(corpus, tmp_path, f"{TEXT}\n")
    assert [f.rule for f in result.findings] == ["E101", "E110"] or {f.rule for f in result.findings} == {
        "E101",
        "E110",
    }
    assert states(result) == {"p012": "unchanged"}


def test_a_file_with_the_recorded_name_is_another_version(corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "place" / "document.txt"
    file.parent.mkdir()
    file.write_text(TEXT.replace("caspin", "kaspin"), encoding="utf-8")
    for source in (file, file.parent):
        assert verify(corpus, sources=[str(source)]).documents[0].status == "changed"
    shutil.copy(SMALL, file.parent / "right.txt")
    assert verify(corpus, sources=[str(file.parent)]).documents[0].status == "checked"


def test_a_file_cut_short_is_no_version(corpus: Corpus, tmp_path: Path) -> None:
    at = TEXT.index("primary endpoint")
    with pytest.raises(InputError) as caught:
        changed(corpus, tmp_path, TEXT[:at])
    assert caught.value.code == "E348"
    assert "ends within small.p023" in caught.value.text()
    whole = changed(corpus, tmp_path, TEXT[: TEXT.index("\n\nNeed Bulk")])
    assert set(states(whole).values()) == {"vanished"}
    assert next(iter(states(whole))) == "p026"


def test_another_text_altogether(corpus: Corpus, tmp_path: Path) -> None:
    result = changed(corpus, tmp_path, "Another\n\nIt has nothing to do with that.\n")
    assert states(result)["p012"] == "vanished"
    assert result.exit_code() == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_character_changed_anywhere_is_seen(corpus: Corpus, tmp_path: Path, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TEXT) - 1).filter(lambda at: not TEXT[at].isspace()))
    result = changed(corpus, tmp_path, f"{TEXT[:place]}Ω{TEXT[place + 1 :]}")
    names = [f"p{number:03}" for number in range(1, 43)]
    hit = next(name for name in names if place < span(corpus, name)[1])
    assert states(result)[hit] in ("changed", "vanished")
    assert result.exit_code() == 1


def span(corpus: Corpus, name: str) -> tuple[int, int]:
    numbers = dict(re.findall(r"ogx:(start|end) (\d+)", block(corpus, f"doc:small.{name}")))
    return int(numbers["start"]), int(numbers["end"])


def test_an_empty_corpus_has_nothing_to_compare(empty_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)
    result = verify(empty_corpus)
    assert (result.documents, result.exit_code()) == ((), 0)
    assert "nothing to compare" in result.text()


def test_likeness_and_nearest() -> None:
    assert likeness("By binding to Ku70, it acts", "binding to Ku70") == 1
    assert likeness("abcdefgh", "zzzzzzzz") == 0
    near = nearest("By binding to Ku70, clusterin prevents Bax", "binding to Ku-70, clusterin", [(0, 42)])
    assert near is not None
    assert (near.start, near.character, near.difference) == (3, 14, '"Ku70" / "Ku-70"')
    assert nearest("", "quote", []) is None


def test_the_shipped_corpus_says_what_its_document_says(guide_file: Path) -> None:
    result = verify(Corpus(resource("ontology")), sources=[str(guide_file)])
    assert result.findings == []
    check = result.documents[0]
    assert check.status == "checked"
    assert check.quotes_compared == check.quotes_total > 100
    assert check.markers_compared == check.markers_total == 40
