"""corpus.toml is checked when it is read; where it gives no hedges, those of the shipped corpus hold everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogx_rdf.corpus import open_corpus, shipped_hedges
from ogx_rdf.documents.places import locate
from ogx_rdf.documents.stored import read_stored
from ogx_rdf.errors import InputError


def config(root: Path, text: str) -> None:
    (root / "corpus.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('hedges = "may"', "E350"),
        ("hedges = 5", "E350"),
        ("hedges = [5]", "E350"),
        ('hedges = ["x|y"]', "E350"),
        ('hedges = [""]', "E350"),
        ('hedges = [" "]', "E350"),
        ('base = "http://x y/"', "E322"),
        ('base = "https://x/{}/"', "E322"),
        ('base = "ftp://x/"', "E322"),
        ("base = 5", "E322"),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, line: str, code: str) -> None:
    config(tmp_path, line if line.startswith("base") else f'base = "https://example.org/x/"\n{line}\n')
    with pytest.raises(InputError) as caught:
        open_corpus(tmp_path)
    assert (caught.value.code, caught.value.file) == (code, str(tmp_path / "corpus.toml"))


@pytest.mark.parametrize("line", ["", "hedges = []"])
def test_without_hedges_the_shipped_ones_hold(tmp_path: Path, line: str) -> None:
    config(tmp_path, f'base = "https://example.org/x/"\n{line}\n')
    assert "may" in shipped_hedges()
    assert open_corpus(tmp_path).config.hedges == shipped_hedges()


@pytest.mark.parametrize("length", ["²", "++5", "9" * 5000])
def test_a_length_that_is_no_number_is_left_to_the_rules(tmp_path: Path, length: str) -> None:
    config(tmp_path, 'base = "https://example.org/x/"')
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.ttl").write_text(
        "PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>\n"
        f'<https://example.org/x/doc/a> a ogx:Document ; ogx:sha256 "0" ; ogx:length "{length}" .\n',
        encoding="utf-8",
    )
    (tmp_path / "prefixes.ttl").write_text("", encoding="utf-8")
    corpus = open_corpus(tmp_path)
    assert locate(corpus) == {}
    assert [document.length for document in read_stored(corpus).documents] == [None]
