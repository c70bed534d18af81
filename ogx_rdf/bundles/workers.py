"""The work that is done in parallel: sorting pieces of a dump, judging parts of it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import parent_process
from pathlib import Path

from ..corpus import Corpus, open_corpus
from ..namespaces import OGX
from ..oxi import BrokenLine, line_of_quad, parse_quads
from ..table.lines import LineWriter
from ..table.rows import Rows
from .batch import Batch, Reach
from .judge import Judge, Verdict
from .ledger import MarkFiles
from .near import BatchCorpus
from .reading import Piece
from .rows import rows_of_batch
from .spool import Blocks, Broken, Names, Run, Sorted, Writer, read_part, sort_piece, text_of
from .texts import Texts

__all__ = ["BLOCKS", "Setting", "Worker", "batches", "begin", "end", "judge_nodes", "judge_part", "sort_one", "start"]

BLOCKS = "blocks.sqlite"
AT_ONCE = 8_000
"""Lines of its own that a batch holds: enough to share what is near, few enough for the cache of a processor."""


@dataclass(frozen=True)
class Setting:
    """What every worker needs to know.

    :param folder: where the spool is
    :param root: the corpus that gives base, prefixes and settings
    :param files: the files of the dump, by number
    :param folders: where texts lie by their names; None where texts are not looked at
    :param digests: texts by their SHA-256
    :param rows: where rows of the evidence table are written; None where none are wanted
    """

    folder: Path
    root: Path
    names: Names
    files: tuple[str, ...]
    folders: tuple[Path, ...] | None
    digests: Mapping[str, Path]
    rows: Path | None = None


class Worker:
    """Carries out what is asked of a process; keeps what it needs again."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.name = str(os.getpid())
        self._writer = Writer(setting.folder, self.name)
        self._marks = MarkFiles(setting.folder, self.name)

    @cached_property
    def corpus(self) -> Corpus:
        """The corpus that gives base, prefixes and settings."""
        return open_corpus(self.setting.root)

    @cached_property
    def blocks(self) -> Blocks:
        """The shared nodes, once all are put away."""
        return Blocks(self.setting.folder / BLOCKS)

    @cached_property
    def judge(self) -> Judge:
        """What holds batches to the rules and texts."""
        folders, digests = self.setting.folders, self.setting.digests
        texts = None if folders is None else Texts(folders, digests)
        return Judge(self.corpus, list(self.setting.files), Reach(self.blocks.find_all), self.vocabulary, texts)

    @cached_property
    def vocabulary(self) -> bytes:
        """The lines of the vocabulary: those of the dump, else those that come with the package."""
        own = text_of(run for _, runs in self.blocks.range(OGX.iri.encode()) for run in runs)
        return own or _shipped(self.corpus)

    def close(self) -> None:
        """Let go of files."""
        made = vars(self)
        if made.get("_rows") is not None:
            made["_rows"].close()
        if "blocks" in made:
            self.blocks.close()

    def sort(self, piece: Piece, path: Path, file: int) -> Sorted:
        """Sort a piece; the parts are written, the rest comes back."""
        done = sort_piece(piece, path, file, self.setting.names)
        self._writer.write(done.parts)
        done.parts = {}
        return done

    def part(self, number: int) -> tuple[Verdict, int]:
        """Judge a part of the claims; gives what was found, and how many claims there were."""
        claims = read_part(self.setting.folder, number)
        return self._judged((runs for runs in claims.values()), shared=False), len(claims)

    def nodes(self, names: list[bytes]) -> Verdict:
        """Judge shared nodes, all in one batch: a document is never torn from its parts."""
        found = [run for runs in self.blocks.find_all(names).values() for run in runs]
        return self._judged([found], shared=True)

    @cached_property
    def _rows(self) -> LineWriter | None:
        return None if self.setting.rows is None else LineWriter(self.setting.rows, self.name)

    def _write_rows(self, batch: Batch) -> list[Broken]:
        """Write the rows of a batch; gives the lines near it that cannot be read, and that no rule had looked at."""
        if self._rows is None:
            return []
        broken: list[Broken] = []
        try:
            rows = self._rows_of(batch)
        except BrokenLine:
            batch, broken = self.judge.mended(batch)
            rows = self._rows_of(batch)
        self._rows.add(rows)
        return broken

    def _rows_of(self, batch: Batch) -> Rows:
        return rows_of_batch(BatchCorpus(self.corpus, batch, self.setting.files), self.judge.texts)

    def _judged(self, groups: Iterable[list[Run]], *, shared: bool) -> Verdict:
        whole = Verdict()
        for runs in batches(groups):
            batch, verdict = self.judge.judge(runs, shared=shared)
            whole.broken += self._write_rows(batch)
            for marks in verdict.marks:
                self._marks.add(marks)
            self._marks.defer("deferred", verdict.deferred)
            self._marks.defer("changed", verdict.changed)
            whole.findings += verdict.findings
            whole.broken += verdict.broken
            whole.counts.update(verdict.counts)
            whole.relations += verdict.relations
        self._marks.flush()
        if self._rows is not None:
            self._rows.flush()
        return whole


def batches(groups: Iterable[list[Run]]) -> Iterator[list[Run]]:
    """The lines of some nodes in batches of about :data:`AT_ONCE` lines; no node is torn."""
    held: list[Run] = []
    lines = 0
    for runs in groups:
        held += runs
        lines += sum(run.text.count(b"\n") for run in runs)
        if lines >= AT_ONCE:
            yield held
            held, lines = [], 0
    if held:
        yield held


def _shipped(corpus: Corpus) -> bytes:
    """The vocabulary that comes with the package, for a dump that does not hold it."""
    files = corpus.vocabulary_files() or [corpus.root / "ogx.ttl", corpus.root / "relations.ttl"]
    return b"".join(line_of_quad(quad).encode() for path in files for quad in parse_quads(path.read_bytes(), "ttl"))


_worker: Worker | None = None


def begin(setting: Setting) -> None:
    """Let this process do the work itself."""
    global _worker
    _worker = Worker(setting)


def end() -> None:
    """Let this process be no worker any more."""
    global _worker
    if _worker is not None:
        _worker.close()
        _worker = None


def start(setting: Setting) -> None:
    """Make this process a worker: it leaves interrupts to its parent, and ends when that is gone."""
    begin(setting)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _this() -> Worker:
    assert _worker is not None, "start() makes a worker"
    return _worker


def sort_one(piece: Piece, path: Path, file: int) -> Sorted:
    """Sort a piece in this worker."""
    return _this().sort(piece, path, file)


def judge_part(number: int) -> tuple[Verdict, int]:
    """Judge a part of the claims in this worker."""
    return _this().part(number)


def judge_nodes(names: list[bytes]) -> tuple[Verdict, int]:
    """Judge shared nodes in this worker; gives their number too."""
    return _this().nodes(names), len(names)
