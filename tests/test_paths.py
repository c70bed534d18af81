"""Paths in messages lead to the file from where the user stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogx_rdf.corpus import Corpus


def test_a_path_is_shown_from_the_working_directory(empty_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    file = empty_corpus.root / "claims" / "a.ttl"
    monkeypatch.chdir(empty_corpus.root)
    assert empty_corpus.shown(file) == "claims/a.ttl"
    monkeypatch.chdir(empty_corpus.root.parent)
    assert empty_corpus.shown(file) == f"{empty_corpus.root.name}/claims/a.ttl"


def test_elsewhere_it_is_shown_from_the_parent_of_the_corpus(
    empty_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert empty_corpus.shown(empty_corpus.root / "prefixes.ttl") == f"{empty_corpus.root.name}/prefixes.ttl"
    assert empty_corpus.shown(Path("/nowhere/x.ttl")) == "/nowhere/x.ttl"
