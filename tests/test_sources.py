"""Taking documents in, finding their texts again, and the ledger of what is encoded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ogx_rdf import resources
from ogx_rdf.corpus import Corpus
from ogx_rdf.documents.coverage import coverage
from ogx_rdf.documents.intake import add_source
from ogx_rdf.documents.places import locate, search
from ogx_rdf.documents.segment import KINDS
from ogx_rdf.errors import InputError, RefusedError, UsageError
from ogx_rdf.resources import resource
from ogx_rdf.turtle import format_text

SMALL = Path(__file__).parent / "data" / "small" / "document.txt"
DOC = "https://example.org/x/doc/small"


@pytest.fixture(autouse=True)
def _no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)


@pytest.fixture
def corpus(empty_corpus: Corpus) -> Corpus:
    return empty_corpus


def reopened(corpus: Corpus) -> Corpus:
    return Corpus(corpus.root)


def values(corpus: Corpus, query: str) -> list[list[str]]:
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in corpus.prefixes.items())
    rows = reopened(corpus).dataset.select(prefixes + query).rows
    return [[str(value) for value in row] for row in rows]


def test_intake_writes_every_passage_marker_cell_and_reference(corpus: Corpus) -> None:
    added = add_source(corpus, SMALL, "small")
    assert added.created
    assert added.document == DOC
    assert added.passages == dict(zip(KINDS, (8, 3, 12, 2, 1, 2, 2, 4, 3, 5), strict=True))
    assert (added.markers, added.references) == (16, 5)
    assert added.file == corpus.root / "documents" / "small" / "passages.ttl"
    count = "SELECT (STR(COUNT(*)) AS ?n) WHERE { ?x a ogx:%s }"
    numbers = {kind: values(corpus, count % kind)[0][0] for kind in ("Passage", "Marker", "Cell", "Reference")}
    assert numbers == {"Passage": "42", "Marker": "16", "Cell": "15", "Reference": "5"}
    assert "not copied" in added.text() and str(corpus.root / "sources") in added.text()
    assert not (corpus.root / "sources").exists()


def test_intake_records_what_the_passage_list_says(corpus: Corpus) -> None:
    add_source(corpus, SMALL, "small")
    row = values(
        corpus,
        "SELECT (STR(?s) AS ?a) (STR(?e) AS ?b) ?kind ?section (STR(?line) AS ?l) (STR(?r) AS ?row) WHERE { "
        "doc:small.p023 ogx:start ?s ; ogx:end ?e ; ogx:passageKind ?kind ; ogx:section ?section ; ogx:line ?line ; "
        "ogx:row ?r ; dcterms:isPartOf doc:small }",
    )
    assert row == [["962", "1074", "https://w3id.org/ogx-rdf/ns#tableRow", "Data", "28", "2"]]
    markers = values(
        corpus,
        "SELECT ?m ?label ?printed (STR(?s) AS ?a) (STR(?e) AS ?b) ?entry WHERE { doc:small.p014 ogx:marker ?m . "
        "?m a ogx:Marker ; skos:notation ?label ; ogx:printed ?printed ; ogx:start ?s ; ogx:end ?e ; "
        "c4o:denotes ?entry } ORDER BY ?m",
    )
    assert markers == [
        [f"{DOC}.p014.m1", "1", "[1, 4]", "627", "633", f"{DOC}.ref1"],
        [f"{DOC}.p014.m2", "4", "[1, 4]", "627", "633", f"{DOC}.ref4"],
    ]
    assert values(corpus, "SELECT ?c ?p WHERE { doc:small.ref5 c4o:hasContent ?c ; prov:wasQuotedFrom ?p }") == [
        ["news.example.net [news.example.net]", f"{DOC}.p034"]
    ]
    assert values(
        corpus, "SELECT ?name (STR(?n) AS ?length) WHERE { doc:small ogx:fileName ?name ; ogx:length ?n }"
    ) == [["document.txt", str(len(SMALL.read_bytes().decode("utf-8")))]]


def test_the_file_holds_no_sentence_and_is_canonical(corpus: Corpus) -> None:
    text = add_source(corpus, SMALL, "small").file.read_text(encoding="utf-8")
    assert "caspin" not in text
    assert format_text(text, corpus.prefixes, "passages.ttl") == text


def test_again_changes_nothing(corpus: Corpus, tmp_path: Path) -> None:
    file = add_source(corpus, SMALL, "small").file
    os.utime(file, ns=(1_000, 1_000))
    before = file.read_bytes()
    again = add_source(reopened(corpus), SMALL, "small")
    assert not again.created
    assert "Unchanged" in again.text()
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before, 1_000)
    renamed = tmp_path / "other-name.txt"
    shutil.copy(SMALL, renamed)
    assert not add_source(reopened(corpus), renamed, "small").created
    assert file.read_bytes() == before


def test_another_version_under_the_same_id_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    file = add_source(corpus, SMALL, "small").file
    before = file.read_bytes()
    other = tmp_path / "document.txt"
    other.write_text("Title\n\nIt is so.\n", encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        add_source(reopened(corpus), other, "small")
    assert caught.value.code == "E346"
    assert "ogx-rdf verify --source small=" in caught.value.text()
    assert file.read_bytes() == before


def test_edited_passages_are_not_overwritten(corpus: Corpus) -> None:
    file = add_source(corpus, SMALL, "small").file
    edited = file.read_text(encoding="utf-8").replace("ogx:line 28 ;", "ogx:line 29 ;")
    file.write_text(edited, encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        add_source(reopened(corpus), SMALL, "small")
    assert caught.value.code == "E347"
    assert file.read_text(encoding="utf-8") == edited


def test_a_number_that_two_entries_bear_denotes_neither(corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "two.txt"
    file.write_text("T\n\nIt is so.[1][2]\n\nReferences\n\n1. A\n1. B\n2. C\n", encoding="utf-8")
    assert add_source(corpus, file, "two").references == 3
    entries = values(corpus, "SELECT ?r ?c WHERE { ?r a ogx:Reference ; c4o:hasContent ?c } ORDER BY ?r")
    doc = "https://example.org/x/doc/two"
    assert entries == [[f"{doc}.ref1", "A"], [f"{doc}.ref1-2", "B"], [f"{doc}.ref2", "C"]]
    assert values(corpus, "SELECT ?m ?r WHERE { ?m c4o:denotes ?r }") == [[f"{doc}.p002.m2", f"{doc}.ref2"]]


def test_more_than_999_passages_keep_their_order(corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text("It is so. " * 1001, encoding="utf-8")
    add_source(corpus, file, "long")
    found = values(corpus, "SELECT ?p WHERE { ?p a ogx:Passage ; ogx:start ?s } ORDER BY ?s")
    assert [row[0].rpartition(".")[2] for row in found][-3:] == ["p999", "p1000", "p1001"]


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (None, "E301", None),
        (b"", "E341", None),
        (b"\xef\xbb\xbf \r\n", "E341", None),
        (b"One line.\ncaf\xe9\n", "E302", 2),
        (b"One line.\na\x00b\n", "E342", 2),
        (SMALL.read_bytes().partition(b"\x9d\x9b")[0], "E302", 12),
        ("Title\n".encode("utf-16"), "E302", 1),
    ],
)
def test_what_cannot_be_taken_in(
    corpus: Corpus, tmp_path: Path, content: bytes | None, code: str, line: int | None
) -> None:
    file = tmp_path / "file.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        add_source(corpus, file, "small")
    assert (caught.value.code, caught.value.line) == (code, line)
    assert str(file) in caught.value.text()
    assert not (corpus.root / "documents").exists()


def test_a_folder_is_no_document(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        add_source(corpus, tmp_path, "small")
    assert caught.value.code == "E340"


@pytest.mark.parametrize("name", ["", "A", "a.b", "a/b", "../a", "-a", "a b", "ä", "a\n", "a_b"])
def test_ids_are_lower_case_letters_digits_and_hyphens(corpus: Corpus, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        add_source(corpus, SMALL, name)
    assert caught.value.code == "E344"
    assert not (corpus.root / "documents").exists()


def test_an_unwritable_corpus_is_left_as_it_is(corpus: Corpus) -> None:
    (corpus.root / "documents").write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        add_source(corpus, SMALL, "small")
    assert caught.value.code == "E306"
    assert sorted(path.name for path in corpus.root.iterdir()) == ["corpus.toml", "documents", "prefixes.ttl"]


def test_the_installed_corpus_is_read_only(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "__file__", str(corpus.root.parent / "resources.py"))
    with pytest.raises(InputError) as caught:
        add_source(corpus, SMALL, "small")
    assert caught.value.code == "E345"


def test_the_shipped_passages_are_what_the_text_gives(guide_file: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    root.mkdir()
    shipped = resource("ontology")
    for name in ("corpus.toml", "prefixes.ttl"):
        shutil.copy(shipped / name, root / name)
    made = add_source(Corpus(root), guide_file, "ogx-011-guide").file
    assert made.read_bytes() == (shipped / "documents" / "ogx-011-guide" / "passages.ttl").read_bytes()


# Finding texts again


def test_texts_are_found_by_digest_under_any_name(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_source(corpus, SMALL, "small")
    corpus = reopened(corpus)
    assert locate(corpus) == {}
    deep = tmp_path / "place" / "deep"
    deep.mkdir(parents=True)
    shutil.copy(SMALL, deep / "renamed.bin")
    for found in (
        locate(corpus, [str(tmp_path / "place")]),
        locate(corpus, [str(deep / "renamed.bin")]),
        locate(corpus, [f"small={deep / 'renamed.bin'}"]),
        locate(corpus, [f"doc:small={deep / 'renamed.bin'}"]),
    ):
        assert [text.matches for text in found.values()] == [True]
        assert next(iter(found.values())).text == SMALL.read_bytes().decode("utf-8")
    monkeypatch.setenv("OGX_RDF_SOURCES", os.pathsep.join([str(tmp_path / "nowhere"), str(tmp_path / "place")]))
    assert list(locate(corpus)) == [DOC]
    assert search(corpus).notes == [f"OGX_RDF_SOURCES names {tmp_path / 'nowhere'}, which is not there"]
    monkeypatch.delenv("OGX_RDF_SOURCES")
    (corpus.root / "sources").mkdir()
    shutil.copy(SMALL, corpus.root / "sources" / "document.txt")
    assert list(locate(corpus)) == [DOC]


def test_hidden_folders_are_not_looked_into(corpus: Corpus, tmp_path: Path) -> None:
    add_source(corpus, SMALL, "small")
    hidden = tmp_path / "place" / ".git"
    hidden.mkdir(parents=True)
    shutil.copy(SMALL, hidden / "document.txt")
    assert locate(reopened(corpus), [str(tmp_path / "place")]) == {}


def test_a_folder_is_read_up_to_a_limit(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ogx_rdf.documents.places.MAX_FILES", 2)
    add_source(corpus, SMALL, "small")
    place = tmp_path / "place"
    place.mkdir()
    for name in ("a", "b"):
        (place / name).write_text("x", encoding="utf-8")
    shutil.copy(SMALL, place / "c")
    found = search(reopened(corpus), [str(place)])
    assert found.texts == {}
    assert found.notes == [f"only the first 2 files in {place} were looked at"]


def test_the_named_file_goes_before_a_better_one_elsewhere(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_source(corpus, SMALL, "small")
    monkeypatch.setenv("OGX_RDF_SOURCES", str(SMALL))
    other = tmp_path / "document.txt"
    other.write_text("Title\n\nIt is so.\n", encoding="utf-8")
    corpus = reopened(corpus)
    assert [text.matches for text in locate(corpus, [str(other)]).values()] == [False]
    assert [text.matches for text in locate(corpus, [str(tmp_path)]).values()] == [True]
    unnamed = tmp_path / "notes.txt"
    unnamed.write_text("Title\n", encoding="utf-8")
    found = search(corpus, [str(unnamed)])
    assert [text.matches for text in found.texts.values()] == [True]
    assert str(unnamed) in found.notes[0] and "ID=FILE" in found.notes[0]


def test_a_bad_file_is_an_error_where_named_and_a_note_where_found(corpus: Corpus, tmp_path: Path) -> None:
    add_source(corpus, SMALL, "small")
    corpus = reopened(corpus)
    bad = tmp_path / "document.txt"
    bad.write_bytes(b"caf\xe9 and more\n")
    for named in (str(bad), f"small={bad}"):
        with pytest.raises(InputError) as caught:
            locate(corpus, [named])
        assert caught.value.code == "E302"
    found = search(corpus, [str(tmp_path)])
    assert found.texts == {}
    assert "not UTF-8" in found.notes[0]


def test_unknown_places_and_ids(corpus: Corpus, tmp_path: Path) -> None:
    add_source(corpus, SMALL, "small")
    corpus = reopened(corpus)
    with pytest.raises(InputError) as absent:
        locate(corpus, [str(tmp_path / "nowhere")])
    assert absent.value.code == "E343"
    with pytest.raises(InputError):
        locate(corpus, [f"small={tmp_path / 'nowhere'}"])
    with pytest.raises(UsageError) as unknown:
        locate(corpus, [f"smal={SMALL}"])
    assert "Did you mean small?" in unknown.value.text()


# The ledger


def test_coverage_counts_quoted_skipped_and_open(corpus: Corpus) -> None:
    nothing = dict.fromkeys(("documents", "passages", "encoded", "skipped", "open"), 0)
    assert coverage(corpus).as_dict() == {**nothing, "complete": False}
    file = add_source(corpus, SMALL, "small").file
    extra = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in corpus.prefixes.items())
    extra += "doc:small.p001 ogx:skippedAs ogx:heading . doc:small.p006 ogx:skippedAs ogx:caption .\n"
    evidence = 'c:0001.small-p006 a ogx:Evidence ; ogx:quote "a stress protein" ; prov:wasQuotedFrom doc:small.p006 .\n'
    file.with_name("coverage.ttl").write_text(extra + evidence, encoding="utf-8")
    found = coverage(reopened(corpus))
    # A reference entry is "quoted from" its passage too, but that does not encode it.
    assert (found.documents, found.passages, found.encoded, found.skipped, found.open) == (1, 42, 1, 1, 40)
    assert not found.complete
    assert found.open_passages[:2] == (f"{DOC}.p002", f"{DOC}.p003")
    skipped = "".join(f"doc:small.p{n:03} ogx:skippedAs ogx:heading .\n" for n in range(1, 43))
    file.with_name("coverage.ttl").write_text(extra + evidence + skipped, encoding="utf-8")
    assert coverage(reopened(corpus)).complete
