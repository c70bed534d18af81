"""A rebuild after any edit gives the store that a fresh build gives, and writes only what differs."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from changed import held, record_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ogx_rdf.corpus import Corpus
from ogx_rdf.increment.folder import LEDGERS
from ogx_rdf.increment.ledger import Ledger
from ogx_rdf.oxi import Dataset
from ogx_rdf.publish.build import build, nquads

MINI = Path(__file__).parent / "data" / "audit-corpus"
FILES = sorted(path.relative_to(MINI) for path in MINI.rglob("*.ttl") if path.parent != MINI)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with a store, which stay as they are."""
    folder = tmp_path_factory.mktemp("rebuild")
    shutil.copytree(MINI, folder / "corpus")
    build(Corpus(folder / "corpus"), folder / "graph.nq", folder / "store")
    return folder


def ledger_of(store: Path) -> tuple[dict[str, bytes | None], set[tuple[str, ...]]]:
    ledger = Ledger(store / LEDGERS / f"{record_of(store)['ledger']}.sqlite")
    try:
        return ledger.digests(), {tuple(key) for key in ledger.all_keys()}
    finally:
        ledger.close()


def blocks(text: str) -> list[str]:
    """The blocks of a Turtle file: one subject each, the head first."""
    return text.split("\n\n")


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[Path, int, str]]:
    """Blocks of files that are taken out, doubled under another name, or reworded."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        file = draw(st.sampled_from(FILES))
        count = len(blocks((MINI / file).read_text(encoding="utf-8")))
        found.append((file, draw(st.integers(1, max(1, count - 1))), draw(st.sampled_from(("out", "twice", "reword")))))
    return found


def edit(corpus: Path, what: list[tuple[Path, int, str]]) -> None:
    for file, number, how in what:
        parts = blocks((corpus / file).read_text(encoding="utf-8"))
        if number < len(parts):
            block = parts[number]
            name = block.split(None, 1)[0]
            changed = {"out": [], "twice": [block, block.replace(name, f"{name}x", 1)]}
            parts[number : number + 1] = changed.get(how, [block.replace('"', '"so ', 1)])
            (corpus / file).write_text("\n\n".join(parts), encoding="utf-8")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(what=edits())
def test_a_rebuild_is_a_fresh_build(made: Path, what: list[tuple[Path, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        shutil.copytree(made, place / "it", symlinks=True)
        edit(place / "it" / "corpus", what)
        corpus = Corpus(place / "it" / "corpus")
        done = build(corpus, place / "it" / "graph.nq", place / "it" / "store")
        assert done.rebuilt is not None
        fresh = build(corpus, place / "fresh.nq", place / "fresh", full=True)
        assert fresh.rebuilt is None
        assert (place / "it" / "graph.nq").read_bytes() == (place / "fresh.nq").read_bytes()
        assert held(place / "it" / "store") == held(place / "fresh") == corpus.dataset.nquads()
        assert ledger_of(place / "it" / "store") == ledger_of(place / "fresh")
        ours, theirs = record_of(place / "it" / "store"), record_of(place / "fresh")
        assert {**ours, "changes": 0} == {**theirs, "changes": 0}


def test_only_what_differs_is_written(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(made, tmp_path / "it", symlinks=True)
    file = tmp_path / "it" / "corpus" / "entities" / "all.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace('"kelstat"', '"kelstat protein"'), encoding="utf-8")
    corpus = Corpus(tmp_path / "it" / "corpus")
    written: list[bytes] = []
    real = Dataset.replace

    def replace(self: Dataset, gone: object, lines: bytes) -> None:
        written.append(lines)
        real(self, gone, lines)  # type: ignore[arg-type]

    monkeypatch.setattr(Dataset, "replace", replace)
    done = build(corpus, tmp_path / "it" / "graph.nq", tmp_path / "it" / "store")
    assert done.rebuilt is not None
    assert done.rebuilt.changed == 1
    assert f"1 of {done.rebuilt.parts} parts changed" in done.text()
    assert {line.split(b" ")[0] for line in written[0].splitlines()} == {f"<{corpus.base}entity/kelstat>".encode()}
    again = build(corpus, tmp_path / "it" / "graph.nq", tmp_path / "it" / "store")
    assert again.rebuilt is not None
    assert (again.rebuilt.changed, len(written)) == (0, 1)


def test_where_much_differs_the_store_is_built_anew(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "it", symlinks=True)
    shutil.rmtree(tmp_path / "it" / "corpus" / "claims")
    shutil.rmtree(tmp_path / "it" / "corpus" / "entities")
    for path in (tmp_path / "it" / "corpus" / "works").rglob("*.ttl"):
        path.unlink()
    corpus = Corpus(tmp_path / "it" / "corpus")
    done = build(corpus, tmp_path / "it" / "graph.nq", tmp_path / "it" / "store")
    assert held(tmp_path / "it" / "store") == corpus.dataset.nquads()
    kept = set(nquads(corpus).splitlines())
    assert kept < set((made / "graph.nq").read_text(encoding="utf-8").splitlines())
    assert done.rebuilt is None or done.rebuilt.changed * 3 <= done.rebuilt.parts + done.rebuilt.changed


def test_a_rebuild_that_cannot_write_its_file_leaves_the_store(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "it", symlinks=True)
    file = tmp_path / "it" / "corpus" / "entities" / "all.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace('"kelstat"', '"kelstat protein"'), encoding="utf-8")
    before = held(tmp_path / "it" / "store")
    (tmp_path / "taken").mkdir()
    with pytest.raises(Exception, match="cannot write"):
        build(Corpus(tmp_path / "it" / "corpus"), tmp_path / "taken", tmp_path / "it" / "store")
    assert held(tmp_path / "it" / "store") == before


def test_a_store_whose_ledger_is_of_another_moment_is_built_anew(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "it", symlinks=True)
    name = record_of(tmp_path / "it" / "store")["ledger"]
    ledger = Ledger(tmp_path / "it" / "store" / LEDGERS / f"{name}.sqlite")
    ledger.change("000007", "000008", {})
    ledger.close()
    corpus = Corpus(tmp_path / "it" / "corpus")
    done = build(corpus, tmp_path / "it" / "graph.nq", tmp_path / "it" / "store")
    assert done.rebuilt is None
    assert (
        json.loads((tmp_path / "it" / "store" / "current" / "ogx-build.json").read_text(encoding="utf-8"))["ledger"]
        == "000002"
    )
