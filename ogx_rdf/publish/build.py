"""The dataset as one file of sorted N-Quads, and as an on-disk store made from it.

The quads come from the files as parsed, never from a store (stores rewrite literals), and are sorted:
the same files give the same bytes, whatever the order in which they are read.  Both targets are made
beside their places and moved there last, so a build that fails or is killed leaves no half of either.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..audit import audit
from ..corpus import Corpus
from ..documents.coverage import count
from ..errors import InputError
from ..files import write_atomic
from ..model import Iri
from ..oxi import Dataset, nquad
from ..table import Written, ready, write_corpus

__all__ = ["RECORD", "BuildResult", "build", "build_table", "digest", "nquads"]

RECORD = "ogx-build.json"
"""The file in a store's folder that says which N-Quads it was made from."""

_STALE = 24 * 3600


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What was built: how many quads, their digest, and where they are; the store and the table, where asked for."""

    quads: int
    sha256: str
    path: Path
    store: Path | None
    table: Written | None = None

    def as_dict(self) -> dict[str, object]:
        """The result as a JSON object."""
        store = None if self.store is None else str(self.store)
        table = None if self.table is None else self.table.as_dict()
        return {"quads": self.quads, "sha256": self.sha256, "path": str(self.path), "store": store, "table": table}

    def text(self) -> str:
        """The result as printed on a terminal."""
        lines = [f"Wrote {self.path}: {self.quads} quads, sha256 {self.sha256}"]
        lines += [f"Built the store {self.store} from it"] if self.store else []
        return "\n".join(lines + ([self.table.text()] if self.table else []))


def nquads(corpus: Corpus) -> str:
    """The whole dataset as sorted N-Quads, one line per quad, literals as written in the files."""
    return "".join(sorted({nquad(Iri(s), p, o, graph) for (s, p, o), graph in corpus.quads()}))


def digest(corpus: Corpus) -> str:
    """The SHA-256 of :func:`nquads`: the version of the graph."""
    return hashlib.sha256(nquads(corpus).encode()).hexdigest()


def build(
    corpus: Corpus,
    out: Path,
    store: Path | None = None,
    table: Path | None = None,
    *,
    sources: Sequence[str] = (),
) -> BuildResult:
    """Write the dataset to ``out``, with ``store`` an on-disk Oxigraph store made from it, with ``table`` its tables.

    :param sources: files or folders in which texts are looked for: the table says which quotes were compared
    :raises InputError: where the corpus cannot be read or a target cannot be written; the last good build stays
    """
    if table is not None:
        ready(table)
    data = nquads(corpus).encode()
    sha256 = hashlib.sha256(data).hexdigest()
    if store is None:
        write_atomic(out, data)
    else:
        _refuse_foreign(store)
        if store.resolve() in (out.resolve(), *out.resolve().parents):
            raise _unwritable(store, f"{out} would lie in it")
        try:
            _build_store(data, sha256, out, store)
        except OSError as exc:
            raise _unwritable(store, str(exc.strerror or exc)) from exc
    written = None if table is None else build_table(corpus, table, sources=sources)
    return BuildResult(data.count(b"\n"), sha256, out, store, written)


def build_table(corpus: Corpus, out: Path, *, sources: Sequence[str] = ()) -> Written:
    """Write the evidence table of a corpus: what the audit makes of each claim, as Parquet.

    :param sources: files or folders in which texts are looked for, beside the usual places
    :raises InputError: where it cannot be written, or the extra ``table`` is not installed
    """
    ready(out)
    found = audit(corpus, sources=sources)
    return write_corpus(found.chains.values(), found.records, out)


def _unwritable(store: Path, reason: str) -> InputError:
    return InputError(
        "E308",
        f"cannot build the store: {reason}",
        file=str(store),
        why="The last good build, if there was one, is untouched.",
        hint="Choose another folder, or mend its permissions.",
    )


def _refuse_foreign(store: Path) -> None:
    """Keep out of a folder that holds anything but a store built here."""
    if store.is_dir() and (store / RECORD).is_file():
        return
    if store.exists() and (not store.is_dir() or any(store.iterdir())):
        raise _unwritable(store, "something else stands there")


def _build_store(data: bytes, sha256: str, out: Path, store: Path) -> None:
    target = store.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_stale(target)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.building."))
    try:
        dataset = Dataset.on_disk(work)
        dataset.bulk(data)
        ledger = count(dataset).counts()
        del dataset  # closes the files before the folder moves
        record = {"sha256": sha256, "quads": data.count(b"\n"), "coverage": ledger}
        write_atomic(work / RECORD, json.dumps(record, indent=2, sort_keys=True) + "\n")
        work.chmod(0o755)
        write_atomic(out, data)
        _swap(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


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
