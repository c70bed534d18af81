from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ogx_rdf import InputError
from ogx_rdf.corpus import Corpus
from ogx_rdf.documents.coverage import count
from ogx_rdf.oxi import Dataset
from ogx_rdf.publish.build import build, digest, nquads
from ogx_rdf.store.written import RECORD

MINI = Path(__file__).parent / "data" / "audit-corpus"
ROOT = Path(__file__).parent.parent


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    shutil.copytree(MINI, tmp_path / "corpus")
    return Corpus(tmp_path / "corpus")


def change(corpus: Corpus) -> Corpus:
    """The same corpus with one label changed."""
    file = corpus.root / "entities" / "all.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace('"kelstat"', '"kelstat protein"'), encoding="utf-8")
    return Corpus(corpus.root)


def dump(path: Path) -> str:
    return Dataset.read_only(path).nquads()


def test_lines_are_sorted_and_each_stands_once(corpus: Corpus) -> None:
    lines = nquads(corpus).splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == len(corpus.dataset)


def test_the_order_of_files_does_not_matter(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = nquads(corpus)
    files, mappings = corpus.turtle_files(), corpus.mapping_files()
    monkeypatch.setattr(Corpus, "turtle_files", lambda self: files[::-1])
    monkeypatch.setattr(Corpus, "mapping_files", lambda self: mappings[::-1])
    assert nquads(Corpus(corpus.root)) == expected


def test_the_hash_seed_does_not_matter(corpus: Corpus, tmp_path: Path) -> None:
    code = f"from ogx_rdf.cli import main; main(['build', '--corpus', {str(corpus.root)!r}, '--out', OUT])"
    found = set()
    for seed in ("0", "1", "4242"):
        out = tmp_path / f"{seed}.nq"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", code.replace("OUT", repr(str(out)))], env=environment, check=True)
        found.add(hashlib.sha256(out.read_bytes()).hexdigest())
    assert found == {digest(corpus)}


def test_result_says_what_was_written(corpus: Corpus, tmp_path: Path) -> None:
    result = build(corpus, tmp_path / "out" / "graph.nq", tmp_path / "store")
    data = (tmp_path / "out" / "graph.nq").read_bytes()
    assert result.sha256 == hashlib.sha256(data).hexdigest() == digest(corpus)
    assert result.quads == data.count(b"\n")
    assert result.sha256 in result.text()
    assert json.loads((tmp_path / "store" / "current" / RECORD).read_text(encoding="utf-8")) == {
        "base": corpus.base,
        "changes": 0,
        "coverage": count(corpus.dataset).counts(),
        "ledger": "000001",
        "quads": result.quads,
        "sha256": result.sha256,
    }


def test_the_store_holds_the_dataset(corpus: Corpus, tmp_path: Path) -> None:
    build(corpus, tmp_path / "graph.nq", tmp_path / "store")
    assert dump(tmp_path / "store") == corpus.dataset.nquads()


def test_literals_in_the_file_are_as_written(corpus: Corpus) -> None:
    file = corpus.root / "claims" / "mini" / "01-all.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("ogx:value 9.5 ;", "ogx:value 9.50 ;"), encoding="utf-8")
    assert '"9.50"^^' in nquads(Corpus(corpus.root))


def test_a_second_build_takes_the_place_of_the_first(corpus: Corpus, tmp_path: Path) -> None:
    first = build(corpus, tmp_path / "graph.nq", tmp_path / "store")
    second = build(change(corpus), tmp_path / "graph.nq", tmp_path / "store")
    assert first.sha256 != second.sha256
    assert '"kelstat protein"' in dump(tmp_path / "store")
    assert json.loads((tmp_path / "store" / "current" / RECORD).read_text(encoding="utf-8"))["sha256"] == second.sha256
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus", "graph.nq", "store"]


@pytest.mark.parametrize("call", [True, False])
def test_a_store_of_the_earlier_form_is_replaced_as_a_whole(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: bool
) -> None:
    if not call:
        monkeypatch.setattr("ogx_rdf.publish.store_folder._exchange", lambda one, other: False)
    Dataset.on_disk(tmp_path / "store").close()
    (tmp_path / "store" / RECORD).write_text('{"quads": 0, "sha256": ""}\n', encoding="utf-8")
    build(change(corpus), tmp_path / "graph.nq", tmp_path / "store")
    assert '"kelstat protein"' in dump(tmp_path / "store")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus", "graph.nq", "store"]


@pytest.mark.parametrize("fault", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failed_build_leaves_the_last_good_one(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    good = build(corpus, tmp_path / "graph.nq", tmp_path / "store")
    before = (tmp_path / "graph.nq").read_bytes()

    def fail(self: Dataset, data: bytes) -> None:
        raise fault

    monkeypatch.setattr(Dataset, "bulk", fail)
    with pytest.raises((InputError, KeyboardInterrupt)):
        build(change(corpus), tmp_path / "graph.nq", tmp_path / "store", full=True)
    assert (tmp_path / "graph.nq").read_bytes() == before
    assert json.loads((tmp_path / "store" / "current" / RECORD).read_text(encoding="utf-8"))["sha256"] == good.sha256
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus", "graph.nq", "store"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_killed_build_leaves_the_last_good_one(corpus: Corpus, tmp_path: Path, how: signal.Signals) -> None:
    good = build(corpus, tmp_path / "graph.nq", tmp_path / "store")
    before, expected = (tmp_path / "graph.nq").read_bytes(), dump(tmp_path / "store")
    change(corpus)
    code = (
        "import time\nfrom pathlib import Path\nfrom ogx_rdf.oxi import Dataset\nreal = Dataset.bulk\n"
        "def slow(self, data):\n    real(self, data)\n    print('loaded', flush=True)\n    time.sleep(60)\n"
        "Dataset.bulk = slow\nfrom ogx_rdf.cli import main\n"
        f"main(['build', '--full', '--corpus', {str(corpus.root)!r}, '--out', {str(tmp_path / 'graph.nq')!r}, "
        f"'--store', {str(tmp_path / 'store')!r}])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout and process.stdout.readline() == "loaded\n"
        process.send_signal(how)
        process.wait(10)
    assert (tmp_path / "graph.nq").read_bytes() == before
    assert dump(tmp_path / "store") == expected
    assert json.loads((tmp_path / "store" / "current" / RECORD).read_text(encoding="utf-8"))["sha256"] == good.sha256
    left = [p for p in tmp_path.iterdir() if ".building." in p.name]
    assert len(left) == (1 if how == signal.SIGKILL else 0)
    build(Corpus(corpus.root), tmp_path / "graph.nq", tmp_path / "store")
    assert '"kelstat protein"' in dump(tmp_path / "store")


def test_what_killed_builds_left_is_cleared_a_day_later(corpus: Corpus, tmp_path: Path) -> None:
    old, new = tmp_path / ".store.building.old", tmp_path / ".store.building.new"
    old.mkdir()
    new.mkdir()
    os.utime(old, (time.time() - 2 * 86400,) * 2)
    build(corpus, tmp_path / "graph.nq", tmp_path / "store")
    assert not old.exists() and new.exists()


def test_a_folder_that_is_no_store_is_not_touched(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="something else stands there"):
        build(corpus, tmp_path / "graph.nq", tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "x"
    assert not (tmp_path / "graph.nq").exists()


def test_an_empty_folder_is_taken(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    build(corpus, tmp_path / "graph.nq", tmp_path / "store")
    assert dump(tmp_path / "store")


@pytest.mark.parametrize("store", [False, True])
def test_an_unwritable_target_is_an_error_that_names_it(corpus: Corpus, tmp_path: Path, store: bool) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    target = tmp_path / "file" / "below"
    out, folder = (tmp_path / "graph.nq", target) if store else (target, None)
    with pytest.raises(InputError) as caught:
        build(corpus, out, folder)
    assert caught.value.file == str(target)
    assert not (tmp_path / "graph.nq").exists()


def test_a_corpus_that_does_not_parse_writes_nothing(corpus: Corpus, tmp_path: Path) -> None:
    (corpus.root / "entities" / "broken.ttl").write_text("<x> a .", encoding="utf-8")
    with pytest.raises(InputError):
        build(Corpus(corpus.root), tmp_path / "graph.nq", tmp_path / "store")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus"]


@pytest.mark.parametrize("out", ["store", "store/graph.nq", "store/deep/graph.nq"])
def test_the_file_is_not_lost_in_the_store(corpus: Corpus, tmp_path: Path, out: str) -> None:
    build(corpus, tmp_path / "graph.nq", tmp_path / "store")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with pytest.raises(InputError, match="would lie in it") as caught:
        build(corpus, tmp_path / out, tmp_path / "store")
    assert caught.value.code == "E308"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
