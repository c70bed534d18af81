"""One pass over a dump: sort, judge, bring together."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..corpus import Corpus, open_corpus
from ..documents.coverage import Coverage
from ..errors import InputError
from ..files import alone
from ..model import Finding
from ..records import Records
from ..table.lines import LineWriter
from ..table.rows import relation_rows
from .batch import Batch
from .judge import Verdict
from .ledger import passage_ledger
from .near import BatchCorpus
from .reading import find_files, pieces
from .spool import Blocks, Broken, Names
from .units import documents, units
from .whole import Group, candidates, changed_documents, deferred_verdict, whole_findings
from .workers import BLOCKS, Setting, Worker, begin, end, judge_nodes, judge_part, sort_one, start

__all__ = ["PART", "Options", "Pass", "Progress", "Spool", "no_claims", "run_pass", "size_of", "spooled"]

PART = 24 << 20
"""Bytes of lines in one part, about: what a worker holds at a time."""

SPOOL, LOCK = ".ogx-rdf-spool.", "lock"
PACKED = 14
"""How much longer N-Quads are than the same packed with gzip, about."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is in all (0 where that is not known)."""


@dataclass(slots=True)
class Pass:
    """What a pass over a dump found.

    :param counts: claims, lines, shared nodes; documents, quotes and markers, and how many were compared
    :param relations: the nodes that are relations
    :param broken: lines that could not be read (only with ``keep_going``; else the first one is raised)
    """

    findings: list[Finding] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    coverage: Coverage = field(default_factory=lambda: Coverage(0, 0, 0, 0, 0))
    relations: list[bytes] = field(default_factory=list)


def _silent(doing: str, done: int, of: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a dump is gone through.

    :param sources: folders where texts lie, and files by their SHA-256; None to leave quotes alone
    :param keep_going: collect broken lines instead of stopping at the first
    :param workers: how many processes; default one for each processor, none for a dump of one part
    :param rows: whether rows of the evidence table are written
    :param beside: where the spool is made; default the system's place for such
    """

    sources: tuple[Sequence[Path], dict[str, Path]] | None = None
    keep_going: bool = False
    workers: int | None = None
    rows: bool = False
    beside: Path | None = None
    progress: Progress = field(default=_silent)


def run_pass(corpus: Corpus, inputs: Sequence[str], options: Options | None = None) -> Pass:
    """Read a dump once, and judge it claim by claim.

    :param corpus: gives base, prefixes, hedge words
    :param inputs: files (``.nq``, ``.nt``, ``.trig``, ``.ttl``, each also ``.gz``) or folders of them
    :raises InputError: for what is absent or cannot be read, or a broken line
    """
    with spooled(corpus, inputs, options or Options()) as spool:
        return spool.judge()


@contextmanager
def spooled(corpus: Corpus, inputs: Sequence[str], options: Options) -> Iterator[Spool]:
    """A dump sorted by claim, in a folder that is gone at the end; see :func:`run_pass`."""
    paths = find_files(inputs)
    folder = _folder(options.beside)
    names = Names(corpus.base, max(1, min(1024, size_of(paths) // PART)))
    files = tuple(corpus.shown(path) for path in paths)
    folders, digests = (None, {}) if options.sources is None else (tuple(options.sources[0]), options.sources[1])
    rows = folder / "rows" if options.rows else None
    setting = Setting(folder, corpus.root.resolve(), names, files, folders, digests, rows)
    pool = _pool(setting, _workers(options.workers, names))
    spool = Spool(setting, paths, pool, options)
    try:
        spool.sort()
        yield spool
    except BrokenProcessPool as exc:
        raise InputError(
            "E374",
            "a worker process was ended from outside",
            why="Often the memory was used up; nothing was loaded.",
            hint="Run it again, with fewer workers (--workers 1) or more memory.",
        ) from exc
    finally:
        _stop(pool)
        shutil.rmtree(folder, ignore_errors=True)
        lock = _LOCKS.pop(folder, None)
        if lock is not None:
            os.close(lock)


def _workers(asked: int | None, names: Names) -> int:
    """How many processes do the work; 0 where a dump is so small that starting them would take longer."""
    if asked is not None:
        return asked
    return 0 if names.parts == 1 else len(os.sched_getaffinity(0))


def _pool(setting: Setting, count: int) -> Executor:
    if count == 0:
        return _Here(setting)
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=start, initargs=(setting,))


class _Here(Executor):
    """Does at once, in this process, what is asked."""

    def __init__(self, setting: Setting) -> None:
        begin(setting)

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The result of a call, in the form in which other processes would give it."""
        future: Future[Any] = Future()
        try:
            future.set_result(task(*args, **kwargs))
        except Exception as exc:
            future.set_exception(exc)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of files."""
        end()


def _stop(pool: Executor) -> None:
    """End the workers now, whatever they do."""
    running = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in running:
        process.terminate()


def size_of(paths: Iterable[Path]) -> int:
    """How many bytes of lines some files hold, about."""
    return sum(path.stat().st_size * (PACKED if path.name.endswith(".gz") else 1) for path in paths)


def _folder(beside: Path | None) -> Path:
    """A new folder for a spool; those of runs that were killed are cleared away."""
    place = beside or Path(tempfile.gettempdir())
    for left in place.glob(f"{SPOOL}*"):
        if _abandoned(left):
            shutil.rmtree(left, ignore_errors=True)
    try:
        folder = Path(tempfile.mkdtemp(prefix=SPOOL, dir=place))
    except OSError as exc:
        hint = "Name another place in TMPDIR: it takes about as much as the dump unpacked."
        raise InputError("E306", f"cannot write ({exc.strerror})", file=str(place), hint=hint) from exc
    _LOCKS[folder] = alone(folder / LOCK)
    return folder


_LOCKS: dict[Path, int | None] = {}
"""The locks that tell other runs that a spool is in use; the system lets go of them when the process ends."""


def _abandoned(folder: Path) -> bool:
    """Whether no process holds the lock of a spool."""
    if folder in _LOCKS or not (folder / LOCK).exists():
        return False
    handle = alone(folder / LOCK)
    if handle is None:
        return False
    os.close(handle)
    return True


class Spool:
    """A dump on its way through; made by :func:`spooled`."""

    def __init__(self, setting: Setting, paths: list[Path], pool: Executor, options: Options) -> None:
        self.setting, self.paths = setting, paths
        self._pool, self._keep_going, self.progress = pool, options.keep_going, options.progress
        self.result = Pass()

    @property
    def folder(self) -> Path:
        """Where the spool is."""
        return self.setting.folder

    @property
    def parts(self) -> list[int]:
        """The numbers of the parts that hold claims."""
        return sorted({int(path.name.partition(".")[0]) for path in self.folder.glob("*.part")})

    @cached_property
    def corpus(self) -> Corpus:
        """The corpus that gives base, prefixes and settings."""
        return open_corpus(self.setting.root)

    def sort(self) -> None:
        """Read all files, and put their lines away by claim and by shared node."""
        blocks = Blocks(self.folder / BLOCKS, writing=True)
        try:
            for done in self._each(sort_one, self._pieces()):
                blocks.add(done.blocks)
                self._broken(done.broken)
                self.result.counts["lines"] += done.lines
                self.progress("lines read", self.result.counts["lines"], 0)
        finally:
            blocks.close()

    def _pieces(self) -> Iterator[tuple[Any, ...]]:
        for number, path in enumerate(self.paths):
            for piece in pieces(path, self.setting.files[number]):
                yield piece, path, number

    def judge(self) -> Pass:
        """Judge everything."""
        if not self.parts:
            raise no_claims(self.setting)
        for verdict, claims in self._each(judge_part, ((number,) for number in self.parts)):
            self._take(verdict)
            self.result.counts["claims"] += claims
            self.progress("claims judged", self.result.counts["claims"], 0)
        with closing(Blocks(self.folder / BLOCKS)) as blocks:
            self._judge_shared(blocks)
        self._whole()
        return self.result

    def _judge_shared(self, blocks: Blocks) -> None:
        """Judge what claims share."""
        count = blocks.count() - blocks.count(self.setting.names.claims[1:])
        judged = 0
        for verdict, nodes in self._each(judge_nodes, ((lot,) for lot in units(blocks, self.setting.names))):
            self._take(verdict)
            judged += nodes
            self.progress("documents, works and entities judged", judged, count)
        self.result.counts["shared"] = count

    def _relations(self, here: Worker) -> None:
        """The rows of the relations: those of the vocabulary, and those of the corpus."""
        if self.setting.rows is None:
            return
        names = dict.fromkeys(self.result.relations)
        runs = [run for found in here.blocks.find_all(names).values() for run in found]
        batch = Batch(runs, {}, {}, here.vocabulary)
        with LineWriter(self.setting.rows, "relations") as lines:
            lines.add(relation_rows(Records(BatchCorpus(here.corpus, batch, self.setting.files))))

    def _take(self, verdict: Verdict) -> None:
        self.result.findings += verdict.findings
        self.result.counts.update(verdict.counts)
        self.result.relations += verdict.relations
        self._broken(verdict.broken)

    def _broken(self, broken: list[Broken]) -> None:
        if broken and not self._keep_going:
            raise min(broken, key=lambda item: (item.file, item.line or 0)).error()
        self.result.broken += broken

    def _whole(self) -> None:
        """Bring the marks together, and ask the rules over the whole."""
        passages, encoded, skipped, left = self.ledger()
        with closing(Worker(self.setting)) as here:
            self._take(deferred_verdict(self.folder, self.setting.names, here.judge))
            self.result.findings += changed_documents(self.folder, self.setting.names, here.judge, here.blocks)
            self._relations(here)
            self._groups(here, candidates(self.folder, left))
            known = self.documents(here)
        found = dict.fromkeys(self.result.findings)
        self.result.findings = sorted(found, key=lambda finding: finding.sort_key)
        self.result.broken = list(dict.fromkeys(self.result.broken))
        self.result.coverage = Coverage(known, passages, encoded, skipped, len(left))

    def _groups(self, here: Worker, groups: list[Group]) -> None:
        """Ask the rules over the whole about the nodes that may break them."""
        doing = "groups of nodes looked at for the rules over the whole"
        self.progress(doing, 0, len(groups))
        self.result.findings += whole_findings(
            self.folder, self.setting.names, here.judge, groups, lambda done: self.progress(doing, done, len(groups))
        )

    def ledger(self) -> tuple[int, int, int, list[bytes]]:
        """How many passages there are, are encoded, are skipped; and which are open."""
        return passage_ledger(self.folder)

    def documents(self, here: Worker) -> int:
        """How many documents there are."""
        begin = f"{self.setting.names.base}doc/".encode()
        return sum(described for _, described in documents(here.blocks, begin))

    def _each(self, task: Callable[..., Any], words: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """The results of a task in the order of its words; no more is under way than the workers need."""
        waiting: deque[Future[Any]] = deque()
        for some in words:
            waiting.append(self._pool.submit(task, *some))
            if len(waiting) > 2 * self._workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    @property
    def _workers(self) -> int:
        return int(getattr(self._pool, "_max_workers", 1))


def no_claims(setting: Setting) -> InputError:
    """The refusal of a dump that holds no claim of the corpus."""
    return InputError(
        "E375",
        f"no claim under {setting.names.base}c/",
        file=setting.files[0],
        why="The names of a dump are told apart by the base of its corpus.",
        hint="Give the corpus that it belongs to with --corpus DIR.",
    )
