"""A corpus is started whole, over nothing that is there, and again after a start that was broken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogx_rdf.corpus import open_corpus
from ogx_rdf.curation import scaffold
from ogx_rdf.errors import InputError, UsageError
from ogx_rdf.files import write_atomic

DOCUMENT = Path(__file__).parent / "data" / "small" / "document.txt"
BASE = "https://example.org/kb/"


def start(root: Path) -> None:
    scaffold.init(root, document=DOCUMENT, base=BASE, document_id="guide")


@pytest.mark.parametrize(
    "name", ["sources/document.txt", "sources/.gitignore", "documents/guide/about.ttl", "prefixes.ttl", "corpus.toml"]
)
def test_nothing_that_is_there_is_overwritten(tmp_path: Path, name: str) -> None:
    file = tmp_path / "kb" / name
    file.parent.mkdir(parents=True)
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        start(tmp_path / "kb")
    assert caught.value.code == "E325"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [file]
    assert file.read_text(encoding="utf-8") == "mine"


def test_the_text_may_lie_in_sources_already(tmp_path: Path) -> None:
    file = tmp_path / "kb" / "sources" / "document.txt"
    file.parent.mkdir(parents=True)
    file.write_bytes(DOCUMENT.read_bytes())
    scaffold.init(tmp_path / "kb", document=file, base=BASE)
    assert file.read_bytes() == DOCUMENT.read_bytes()


@pytest.mark.parametrize("name", ["\U0001f9ec", 'a"b', "a\\b", "a\x7fb", "ä"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    start(tmp_path / name)
    assert open_corpus(tmp_path / name).config.title == name


@pytest.mark.parametrize("count", range(1, 6))
def test_a_start_that_was_broken_off_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    written: list[Path] = []

    def fail(path: Path, content: str | bytes) -> None:
        written.append(path)
        if len(written) == count:
            raise InputError("E306", "the disk is full")
        write_atomic(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(scaffold, "write_atomic", fail)
        with pytest.raises(InputError, match="full"):
            start(tmp_path / "kb")
    start(tmp_path / "kb")
    assert len(open_corpus(tmp_path / "kb").dataset) > 0
