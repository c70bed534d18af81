"""Writers take turns, readers keep what they opened, and a writer that is killed leaves before or after.

All with processes of their own; nothing here stands in for a part of the system.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from changed import held, keep, parts_of, put, record_of
from commands import ENVIRONMENT
from generate import generate

from ogx_rdf import InputError
from ogx_rdf.increment import add, remove
from ogx_rdf.increment.methods import open_writer
from ogx_rdf.oxi import Dataset

BASE = "https://example.org/bulk/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
PAIR = (f"{BASE}c/0003", f"{BASE}c/0005")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated dump without faults."""
    folder = tmp_path_factory.mktemp("writers") / "world"
    assert generate(40, folder) == []
    return folder


@pytest.fixture(scope="module")
def built(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of it, which stays as it is."""
    return keep(world, tmp_path_factory.mktemp("writers") / "store")


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    """A store of it."""
    shutil.copytree(built, tmp_path / "store", symlinks=True)
    return tmp_path / "store"


def labelled(world: Path, label: str) -> Iterator[list[str]]:
    """Two claims, both with a label that is given."""
    parts = parts_of(world)
    for name in PAIR:
        lines = [line for line in parts[name] if f"<{name}> <{LABEL}>" not in line]
        yield [*lines, f'<{name}> <{LABEL}> "{label}" <{name}> .\n']


def labels(dataset: Dataset) -> set[str]:
    """The labels of the two."""
    return {str(o) for name in PAIR for _, p, o in dataset.describe(name) if p == LABEL}


def started(code: str, *words: object) -> subprocess.Popen[str]:
    """A process of its own that runs some code."""
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


HOLDING = """
import sys, time
from ogx_rdf.increment.methods import open_writer
with open_writer(sys.argv[1], corpus=sys.argv[2]) as writer:
    print(writer.generation, flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_who_the_first_is(store: Path, world: Path) -> None:
    with started(HOLDING, store, world) as first:
        assert first.stdout is not None
        assert first.stdout.readline()
        with pytest.raises(InputError) as busy:
            open_writer(store, corpus=world)
        assert (busy.value.code, busy.value.exit_code) == ("E317", 3)
        assert f"(process {first.pid})" in busy.value.message
        assert "has been writing to it since 20" in busy.value.message
        with pytest.raises(InputError, match="is being written"):
            keep(world, store)
        assert labels(Dataset.read_only(store))  # readers are not kept waiting
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    with open_writer(store, corpus=world) as writer:  # the right went with the process
        assert writer.generation
        with pytest.raises(InputError, match=f"process {os.getpid()}"):
            open_writer(store, corpus=world)


def test_another_program_on_the_same_files_is_told_apart(store: Path) -> None:
    first = Dataset.on_disk(store / "current")
    with pytest.raises(InputError, match="another program has the store open") as refused:
        Dataset.on_disk(store / "current")
    assert refused.value.code == "E309"
    first.close()


def test_a_reader_keeps_what_it_opened_and_the_next_one_gets_what_is_new(
    store: Path, world: Path, tmp_path: Path
) -> None:
    before, early = held(store), Dataset.read_only(store)
    old = labels(early)
    with open_writer(store, corpus=world) as writer:
        for turn in range(4):  # more than there are folders, were they used in turn
            change = add(writer, put(tmp_path / "pair.nq", *labelled(world, f"turn {turn}")))
            assert change.written
            late = Dataset.read_only(store)
            assert labels(late) == {f"turn {turn}"}
            late.close()
            assert labels(early) == old
    assert early.nquads() == before
    assert len(list((store / "generations").iterdir())) == 2
    early.close()
    with open_writer(store, corpus=world):
        pass
    assert [path.name for path in (store / "generations").iterdir()] == [(store / "current").readlink().name]


READING = """
import sys, time
from pathlib import Path
from ogx_rdf.oxi import Dataset
store, label, names = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
print("ready", flush=True)
seen = []
while not (store / "stop").exists():
    dataset = Dataset.read_only(store)
    found = {str(o) for name in names for _, p, o in dataset.describe(name) if p == label}
    assert len(found) == 1 or not seen, found
    seen += found if not seen or found - {seen[-1]} else []
    dataset.close()
turns = [int(word.split()[-1]) for word in seen if word.startswith("turn ")]
assert turns == sorted(turns), turns
print(len(turns))
"""


def test_readers_never_see_half_of_a_change(store: Path, world: Path, tmp_path: Path) -> None:
    with open_writer(store, corpus=world) as writer:
        add(writer, put(tmp_path / "pair.nq", *labelled(world, "turn 0")))
        readers = [started(READING, store, LABEL, *PAIR) for _ in range(3)]
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for turn in range(1, 25):
            assert add(writer, put(tmp_path / "pair.nq", *labelled(world, f"turn {turn}"))).written
        (store / "stop").touch()
        seen = 0
        for reader in readers:
            out, err = reader.communicate(timeout=60)
            assert reader.returncode == 0, err
            seen += int(out)
        assert seen > 3


KILLED = """
import os, signal, sys
from ogx_rdf.increment import add, folder, ledger, writer
from ogx_rdf.increment.methods import open_writer
from ogx_rdf.oxi import Dataset

where = sys.argv[4]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
def after(owner, name):
    real = getattr(owner, name)
    setattr(owner, name, lambda *args, **kwargs: (real(*args, **kwargs), die()))
{
    "before writing": lambda: setattr(Dataset, "replace", die),
    "in the copy": lambda: after(Dataset, "replace"),
    "in the ledger": lambda: after(ledger.Ledger, "change"),
    "before the link": lambda: setattr(folder, "point", die),
    "after the link": lambda: after(folder, "point"),
}.get(where, int)()
with open_writer(sys.argv[1], corpus=sys.argv[2]) as right:
    if where == "amid the files":
        right.head
        folder.shutil.copyfile = die
    add(right, sys.argv[3])
"""

POINTS = ["before writing", "in the copy", "in the ledger", "amid the files", "before the link", "after the link"]


@pytest.mark.parametrize("where", POINTS)
def test_a_writer_that_is_killed_leaves_before_or_after(
    where: str, store: Path, built: Path, world: Path, tmp_path: Path
) -> None:
    before = held(store)
    file = put(tmp_path / "pair.nq", *labelled(world, "new"))
    with started(KILLED, store, world, file, where) as process:
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    now = held(store)
    assert labels(Dataset.read_only(store)) == {"new"} if where == "after the link" else now == before
    with open_writer(store, corpus=world) as writer:
        assert not (store / "head").exists()
        change = add(writer, file)
        assert change.written == (where != "after the link")
        assert labels(writer.head) == {"new"}
        back = put(tmp_path / "old.nq", *(parts_of(world)[name] for name in PAIR))
        assert add(writer, back).written
        ours = dict(writer.ledger.digests())
    assert held(store) == held(built)
    with open_writer(built, corpus=world) as writer:
        assert ours == writer.ledger.digests()
    assert {**record_of(store), "changes": 0} == record_of(built)
    assert sorted(path.name for path in store.iterdir()) == ["current", "generations", "ledgers", "writer.lock"]


def test_a_change_that_cannot_be_written_is_taken_back(
    store: Path, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(store)
    file = put(tmp_path / "pair.nq", *labelled(world, "new"))

    def full(*words: object) -> None:
        raise OSError(28, "No space left on device")

    with open_writer(store, corpus=world) as writer:
        with monkeypatch.context() as patched:
            patched.setattr("ogx_rdf.increment.folder.os.link", full)
            patched.setattr("ogx_rdf.increment.folder.os.fsync", full)
            with pytest.raises(InputError, match="No space left"):
                add(writer, file)
        assert held(store) == before
        assert add(writer, file).written
    assert labels(Dataset.read_only(store)) == {"new"}


def test_a_generation_without_the_link_is_no_store(store: Path) -> None:
    name = (store / "current").readlink().name
    (store / "generations" / name).rename(store / "generations" / "000099")
    with pytest.raises(InputError, match=f"generation {name} is gone"):
        Dataset.read_only(store)
    assert json.loads((store / "generations" / "000099" / "ogx-build.json").read_text(encoding="utf-8"))["base"] == BASE


def test_a_copy_made_by_a_tool_that_follows_links_is_the_same_store(store: Path, world: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "copy")
    assert not (tmp_path / "copy" / "current").is_symlink()
    assert held(tmp_path / "copy") == held(store)
    with open_writer(tmp_path / "copy", corpus=world) as writer:
        assert add(writer, put(tmp_path / "pair.nq", *labelled(world, "new"))).written
    assert labels(Dataset.read_only(tmp_path / "copy")) == {"new"}
    assert (tmp_path / "copy" / "current").is_symlink()


def test_removing_goes_through_the_same_door(store: Path, world: Path) -> None:
    with started(HOLDING, store, world) as first:
        assert first.stdout is not None
        assert first.stdout.readline()
        command = [sys.executable, "-m", "ogx_rdf", "remove", "c:0003", "--store", str(store)]
        refused = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        assert refused.returncode == 3
        assert refused.stderr.startswith("E317 ")
        first.kill()
    with open_writer(store, corpus=world) as writer, pytest.raises(Exception, match="nothing is named"):
        remove(writer, "c:9999")
