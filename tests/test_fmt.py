"""fmt: over the files of a corpus, all or nothing, and nothing lost on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ogx_rdf.corpus import open_corpus
from ogx_rdf.curation.fmt import fmt
from ogx_rdf.curation.scaffold import init
from ogx_rdf.errors import InputError, RefusedError
from ogx_rdf.files import write_atomic
from ogx_rdf.oxi import parse_turtle
from ogx_rdf.resources import resource

DOCUMENT = Path(__file__).parent / "data" / "small" / "document.txt"
LOOSE = (
    "# Entities\n\nPREFIX ogx: <https://w3id.org/ogx-rdf/ns#>\nPREFIX e: <https://example.org/kb/entity/>\n"
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n\n# the protein\n"
    'e:morvin skos:prefLabel "morvin" ; a ogx:Protein,\nogx:Entity .\n'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    init(tmp_path / "kb", document=DOCUMENT, base="https://example.org/kb/", document_id="guide")
    return tmp_path / "kb"


def test_the_shipped_corpus_is_canonical() -> None:
    result = fmt(open_corpus(resource("ontology")), check=True)
    assert result.changed == ()
    assert result.checked > 20


def test_a_new_corpus_is_canonical(root: Path) -> None:
    assert fmt(open_corpus(root), check=True).changed == ()


def test_only_files_that_change_are_written(root: Path) -> None:
    file = root / "entities" / "all.ttl"
    file.write_text(LOOSE, encoding="utf-8")
    others = {path: path.stat().st_mtime_ns for path in root.rglob("*.ttl") if path != file}
    corpus = open_corpus(root)
    assert fmt(corpus, check=True).changed == ("kb/entities/all.ttl",)
    assert file.read_text(encoding="utf-8") == LOOSE
    assert fmt(corpus).changed == ("kb/entities/all.ttl",)
    assert fmt(corpus).changed == ()
    assert {path: path.stat().st_mtime_ns for path in others} == others
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Entities\n\nPREFIX bfo: ")
    assert text.endswith(
        '\n\n# the protein\nentity:morvin\n    a ogx:Entity ;\n    a ogx:Protein ;\n    skos:prefLabel "morvin" ;\n.\n'
    )
    assert set(parse_turtle(text, "new")[0]) == set(parse_turtle(LOOSE, "old")[0])
    assert parse_turtle(text, "new")[1] == dict(sorted(corpus.prefixes.items()))


def test_a_comment_that_would_be_lost_stops_everything(root: Path) -> None:
    (root / "entities" / "a.ttl").write_text(LOOSE, encoding="utf-8")
    (root / "entities" / "b.ttl").write_text(LOOSE + "# last words\n", encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        fmt(open_corpus(root))
    assert caught.value.where == "kb/entities/b.ttl:10"
    assert (root / "entities" / "a.ttl").read_text(encoding="utf-8") == LOOSE


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        (b"PREFIX e: <https://e.example/>\ne:a e:b ; .\ne:c .\n", "E303", "kb/entities/x.ttl:2"),
        (b'PREFIX e: <https://e.example/>\ne:a e:b "caf\xe9" .\n', "E302", "kb/entities/x.ttl:2"),
        (b"PREFIX e: <https://e.example/>\ne:a e:b [] .\n", "E304", "kb/entities/x.ttl"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(root: Path, content: bytes, code: str, where: str) -> None:
    file = root / "entities" / "x.ttl"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        fmt(open_corpus(root))
    assert (caught.value.code, caught.value.where) == (code, where)
    assert file.read_bytes() == content


def test_files_and_folders_may_be_named(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    inside, outside = root / "entities" / "all.ttl", tmp_path_factory.mktemp("loose") / "deep" / "x.ttl"
    for path in (inside, outside):
        write_atomic(path, LOOSE)
    corpus = open_corpus(root)
    assert fmt(corpus, [outside.parent.parent]).changed == (str(outside),)
    assert fmt(corpus, [inside, outside]).changed == ("kb/entities/all.ttl",)
    with pytest.raises(InputError, match="cannot read the file"):
        fmt(corpus, [root / "nothing.ttl"])


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file.ttl"
    write_atomic(target, "old")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file.ttl"]


def test_a_target_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError) as caught:
        write_atomic(tmp_path / "file" / "x.ttl", "text")
    assert (caught.value.code, caught.value.exit_code) == ("E306", 3)


def test_permissions_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "file.ttl"
    write_atomic(target, "old")
    target.chmod(0o640)
    write_atomic(target, b"new")
    assert target.stat().st_mode & 0o777 == 0o640
