"""The folder of a store on disk: made beside its place, and put there last, in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import InputError
from ..files import write_atomic
from ..increment.folder import Lock, command_line, install, sweep
from ..increment.rebuild import LEDGER
from ..oxi import generation_of
from ..store.built import Built
from ..store.written import AS_WRITTEN, RECORD

__all__ = ["RECORD", "new_store", "unwritable", "write_record"]

_STALE = 24 * 3600


def unwritable(store: Path, reason: str) -> InputError:
    """The refusal of a place for a store."""
    return InputError(
        "E308",
        f"cannot build the store: {reason}",
        file=str(store),
        why="The last good build, if there was one, is untouched.",
        hint="Choose another folder, or mend its permissions.",
    )


def _refuse_foreign(store: Path) -> None:
    """Keep out of a folder that holds anything but a store built here."""
    if store.is_dir() and (generation_of(store) is not None or (store / RECORD).is_file()):
        return
    if store.exists() and (not store.is_dir() or any(store.iterdir())):
        raise unwritable(store, "something else stands there")


def write_record(folder: Path, record: Built, written: Iterable[str] = ()) -> None:
    """Say in the folder of a store what it was made from, and how much of the documents is encoded.

    :param written: the quads whose literals the store gives back in another form, as N-Quads lines
    """
    write_atomic(folder / AS_WRITTEN, "".join(written))
    record.write(folder)


@contextmanager
def new_store(store: Path) -> Iterator[Path]:
    """A folder in which a store is made; at the end it takes the place of ``store``, unless something went wrong.

    Who reads the former one goes on reading it.

    :raises InputError: where something else stands there, another process writes to it, or it cannot be written
    """
    _refuse_foreign(store)
    lock = None
    try:
        target = store.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        if generation_of(target) is not None:
            lock = Lock(target, command_line())
        _clear_stale(target)
        top = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.building."))
        try:
            work = top / "store"
            work.mkdir()
            yield work
            ledger = (work / LEDGER).rename(top / LEDGER) if (work / LEDGER).is_file() else None
            if lock is not None:
                install(work, target, ledger)
                sweep(target)
            else:
                install(work, top, ledger)
                top.chmod(0o755)
                _swap(top, target)
        finally:
            shutil.rmtree(top, ignore_errors=True)
    except OSError as exc:
        raise unwritable(store, str(exc.strerror or exc)) from exc
    finally:
        if lock is not None:
            lock.release()


def _clear_stale(target: Path) -> None:
    """Remove what builds that were killed long ago left beside the target."""
    for left in target.parent.glob(f".{target.name}.building.*"):
        if time.time() - left.stat().st_mtime > _STALE:
            shutil.rmtree(left, ignore_errors=True)


def _swap(new: Path, target: Path) -> None:
    """Put ``new`` in the place of ``target``; what stood there ends up at ``new``."""
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        aside = Path(f"{new}.old")
        target.rename(aside)
        try:
            new.rename(target)
        except OSError:
            aside.rename(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, so that no moment is without a store; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
