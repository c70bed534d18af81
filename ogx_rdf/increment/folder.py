"""The files of a store's folder: generations made from one another, the record of each, the lock of whoever writes."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

from ..errors import InputError
from ..files import alone
from ..oxi import CURRENT, GENERATIONS, HELD, generation_of
from ..store.built import Built
from ..store.written import AS_WRITTEN, RECORD

__all__ = [
    "HEAD",
    "LEDGERS",
    "Lock",
    "adopt",
    "command_line",
    "copy_store",
    "install",
    "next_name",
    "not_writable",
    "point",
    "publish",
    "sweep",
]

LEDGERS = "ledgers"
"""The folder of the ledgers: each full build begins a new one."""

HEAD = "head"
"""The copy of the store that a writer works on; nobody reads it, and what a writer that was killed left is removed."""

LOCK = "writer.lock"
_TRIES = 100
_OURS = {HELD, RECORD, "LOCK"}


def _fixed(name: str) -> bool:
    """Whether a file is never changed, only replaced by another one."""
    return name.endswith(".sst") or name == AS_WRITTEN


class Lock:
    """The right to write to a store; the system takes it back when the process ends, however it ends.

    :param place: the folder of the store
    :param command: what is done, as others are told
    :raises InputError: where another process has it; says which, since when, and what it does
    """

    def __init__(self, place: Path, command: str) -> None:
        path = place / LOCK
        try:
            self._handle = alone(path, writing=True)
        except OSError as exc:
            raise not_writable(place, exc) from exc
        if self._handle is None:
            raise _busy(path, place)
        said = {"pid": os.getpid(), "since": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "command": command}
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, json.dumps(said).encode(), 0)

    def release(self) -> None:
        """Let others write."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.ftruncate(handle, 0)
            os.close(handle)


def _busy(path: Path, place: Path) -> InputError:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        who = f"{said['command']} (process {said['pid']}) has been writing to it since {said['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another process writes to it"
    why = "Writers take turns; nothing was changed. Readers are not kept waiting."
    return InputError("E317", f"the store is being written: {who}", file=str(place), why=why, hint="Wait for its end.")


def not_writable(place: Path, exc: OSError) -> InputError:
    """The refusal of a store that cannot be written."""
    reason, hint = exc.strerror or str(exc), "Make room, or mend the permissions."
    told = f"cannot write to the store ({reason})"
    return InputError("E318", told, file=str(place), why="Nothing was changed.", hint=hint)


def next_name(place: Path) -> str:
    """A name for the next generation that none ever had which is still there."""
    names = [path.name for path in (place / GENERATIONS).glob("[0-9]*")]
    return f"{max((int(name) for name in names if name.isdigit()), default=0) + 1:06d}"


def _lone(folder: Path) -> int | None:
    """A lock on a generation that nobody holds, or None."""
    try:
        return alone(folder / HELD)
    except OSError:
        return None


def sweep(place: Path) -> None:
    """Remove the generations that nobody holds, and what a writer that was killed left; only for who has the lock."""
    shutil.rmtree(place / HEAD, ignore_errors=True)
    current = generation_of(place)
    for folder in (place / GENERATIONS).glob("*"):
        if folder.name != current:
            handle = _lone(folder)
            if handle is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(handle)
    if current is not None:
        ledger = Built.read(place / GENERATIONS / current).ledger
        for path in (place / LEDGERS).glob("*"):
            if path.name.partition(".")[0] != ledger:
                path.unlink(missing_ok=True)


def _stamp(folder: Path) -> tuple[str, bytes]:
    """What tells one state of an engine's files from another: its journal of files."""
    name = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    return name, (folder / name).read_bytes()


def copy_store(source: Path, target: Path) -> None:
    """Make ``target`` hold the store in ``source`` as it is now, by links to the engine's data files.

    Those are never changed once written.  The rest (the journals) is small, and copied.  The engine may put its files
    in order meanwhile; what was copied is then not of one moment, and is copied again.

    :param target: a folder; what it holds of an earlier state is used again
    """
    for _ in range(_TRIES):
        try:
            stamp = _stamp(source)
            _copy(source, target, stamp)
            if _stamp(source) == stamp:
                return
        except FileNotFoundError:
            pass
        time.sleep(0.01)
    raise InputError("E319", "the store's files do not come to rest", file=str(source), hint="Try again.")


def _copy(source: Path, target: Path, stamp: tuple[str, bytes]) -> None:
    wanted = {entry.name: entry.inode() for entry in os.scandir(source)}
    for entry in os.scandir(target):
        same = _fixed(entry.name) and wanted.get(entry.name) == entry.inode()
        if same:
            del wanted[entry.name]
        elif entry.name not in _OURS:
            os.unlink(entry.path)
    for name in wanted:
        if _fixed(name):
            os.link(source / name, target / name)
        elif name not in _OURS and not name.startswith("LOG"):
            shutil.copyfile(source / name, target / name)
    (target / stamp[0]).write_bytes(stamp[1])


def publish(place: Path, head: Path, record: Built, name: str) -> None:
    """Make the state of a writer's copy the generation that counts."""
    target = place / GENERATIONS / name
    handle = _spare(place, target)
    try:
        copy_store(head, target)
        record.write(target)
        for path in target.glob("*.log"):
            _to_disk(path)
        _to_disk(target)
    finally:
        os.close(handle)
    point(place, name)


def _spare(place: Path, target: Path) -> int:
    """A folder for a generation, with a lock on it: a former one that nobody holds, else a new one."""
    current = generation_of(place)
    for folder in sorted((place / GENERATIONS).glob("*")):
        handle = _lone(folder) if folder.name != current else None
        if handle is not None:
            folder.rename(target)
            return handle
    target.mkdir()
    handle = _lone(target)
    assert handle is not None, "nobody knows it yet"
    return handle


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def point(place: Path, name: str) -> None:
    """Make a generation the one that counts, in one step."""
    link = place / f"{CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(GENERATIONS) / name)
    link.replace(place / CURRENT)
    _to_disk(place)


def adopt(place: Path) -> None:
    """Make a link again of the folder that a tool which follows links has made of it; only for who has the lock."""
    copied = place / CURRENT
    if copied.is_symlink() or not (copied / RECORD).is_file():
        return
    record = (copied / RECORD).read_bytes()
    for folder in sorted((place / GENERATIONS).glob("*")):
        if (folder / RECORD).is_file() and (folder / RECORD).read_bytes() == record:
            shutil.rmtree(copied)
            point(place, folder.name)
            return


def install(work: Path, place: Path, ledger: Path | None) -> None:
    """Make a store that was built in a folder of its own the generation that counts.

    :param place: the folder of the store; it may be empty
    :param ledger: the file of its ledger, which is moved along
    """
    (place / GENERATIONS).mkdir(exist_ok=True)
    (place / LEDGERS).mkdir(exist_ok=True)
    name = next_name(place)
    record = replace(Built.read(work), ledger=name if ledger else "")
    record.write(work)
    (work / HELD).touch()
    if ledger is not None:
        ledger.rename(place / LEDGERS / f"{name}.sqlite")
    work.rename(place / GENERATIONS / name)
    point(place, name)


def command_line() -> str:
    """What this process was called with, for others to read."""
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:300]
