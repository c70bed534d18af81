"""The pass over a dump on a cluster: sorted and judged by its machines, brought together where it was asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..bundles.ledger import MarkFiles, deferred
from ..bundles.marks import Marks
from ..bundles.reading import find_files
from ..bundles.run import PART, Options, Pass, Spool, no_claims, size_of
from ..bundles.spool import NEIGHBOURS, Names
from ..bundles.units import LOT
from ..bundles.whole import candidates
from ..bundles.workers import Setting, Worker
from ..corpus import Corpus
from ..errors import InputError
from . import stages
from .fetch import fetch
from .reach import near
from .session import LOCAL, cluster
from .tasks import FINE, Job, Judged, Sifted, Told, spread

if TYPE_CHECKING:
    from pyspark import RDD, Broadcast, SparkContext

__all__ = ["ClusterSpool", "clustered", "run_on_cluster"]

BUNDLE = 8_000
"""Bytes of a claim with its part of what is shared, about."""

FEWEST = 2
"""So many parts for each processor at least: where one takes longer, the others go on."""


def run_on_cluster(
    corpus: Corpus, inputs: Sequence[str], options: Options | None = None, *, master: str = LOCAL
) -> Pass:
    """Judge a dump on a cluster; the result is that of :func:`ogx_rdf.bundles.run.run_pass`.

    :param master: the URL of the cluster
    :raises InputError: as the local pass does; and where there is no Spark, no master, or the cluster gives up
    """
    with clustered(corpus, inputs, options or Options(), master=master) as spool:
        return spool.judge()


@contextmanager
def clustered(
    corpus: Corpus, inputs: Sequence[str], options: Options, *, master: str = LOCAL
) -> Iterator[ClusterSpool]:
    """A dump sorted by claim on the machines of a cluster; see :func:`ogx_rdf.bundles.run.spooled`."""
    paths = [path.resolve() for path in find_files(inputs)]
    files = tuple(corpus.shown(path) for path in find_files(inputs))
    folders, digests = (None, {}) if options.sources is None else options.sources
    with (
        tempfile.TemporaryDirectory(prefix="ogx-rdf-driver-", dir=options.beside) as place,
        cluster(master) as context,
    ):
        setting = Setting(
            Path(place),
            corpus.root.resolve(),
            _names(corpus.base, size_of(paths), context.defaultParallelism),
            files,
            None if folders is None else tuple(folders),
            digests,
            Path(place) / "rows" if options.rows else None,
        )
        spool = ClusterSpool(context, setting, paths, options)
        spool.sort()
        yield spool


def _names(base: str, size: int, processors: int) -> Names:
    """Parts that a machine can hold, enough of them for all processors."""
    parts = max(size // PART, FEWEST * processors)
    return Names(base, parts, max(16, min(NEIGHBOURS, size // BUNDLE // (4 * parts))))


def _elsewhere(setting: Setting) -> Setting:
    """A setting for machines that work in another folder; the driver keeps its own, whose paths messages show."""
    return replace(
        setting,
        folders=None if setting.folders is None else tuple(folder.resolve() for folder in setting.folders),
        digests={digest: path.resolve() for digest, path in setting.digests.items()},
    )


class ClusterSpool(Spool):
    """A dump on its way through a cluster; made by :func:`clustered`.

    Its folder is at the driver, and holds in the end the claims and nodes that rules over the whole are asked about.
    """

    def __init__(self, context: SparkContext, setting: Setting, paths: list[Path], options: Options) -> None:
        from pyspark import StorageLevel

        super().__init__(setting, paths, Executor(), options)  # who does nothing: the machines do
        self._context, self._keep = context, StorageLevel.DISK_ONLY
        there = _elsewhere(setting)
        places = {*(there.folders or ()), *(path.parent for path in there.digests.values())}
        needed = (there.root, *sorted(place for place in places if place.exists()))
        self._job = Job(there, tuple(paths), needed)
        self._ledger = (0, 0, 0, list[bytes]())
        self._documents_found = 0

    def sort(self) -> None:
        """Read all files, each on some machine, and tell claims and shared nodes apart."""
        count = len(self.paths)
        numbers = self._context.parallelize(range(count), count)
        self._lines: RDD[Any] = numbers.flatMap(partial(stages.sort, self._told(self._job))).persist(self._keep)
        told: list[Told] = [value for _, value in sorted(self._of(self._lines, "told").collect())]
        for one in told:
            if one.fault is not None:
                raise InputError(**one.fault)
            self._broken(list(one.broken))
            self.result.counts["lines"] += one.lines
        self.progress("lines read", self.result.counts["lines"], 0)
        if not any(one.claims for one in told):
            raise no_claims(self.setting)

    def judge(self) -> Pass:
        """Judge everything."""
        parts = self.setting.names.parts
        self._nodes: RDD[tuple[bytes, bytes]] = (
            self._of(self._lines, "node").groupByKey(parts, spread).mapPartitions(stages.join, True).persist(self._keep)
        )
        self._census()
        judged = self._judged(self._told(self._job)).persist(self._keep)
        found: list[tuple[int, Judged]] = self._of(judged, "verdict").collect()
        for _, one in sorted(found, key=lambda item: item[0]):
            self._take(one.verdict)
            self.result.counts["claims"] += one.claims
        self.progress("claims judged", self.result.counts["claims"], 0)
        self._marks(self._of(judged, "marks"))
        self._rows_of(self._of(judged, "rows"))
        claims = self._of(self._lines, "part")
        fetch(self._context, self.setting, claims, self._nodes, self._wanted(), self._job.common)
        self._whole()
        return self.result

    def ledger(self) -> tuple[int, int, int, list[bytes]]:
        """How many passages there are, are encoded, are skipped; and which are open."""
        return self._ledger

    def documents(self, here: Worker) -> int:
        """How many documents there are."""
        return self._documents_found

    def _told(self, job: Job) -> Broadcast[Job]:
        return self._context.broadcast(job)

    @staticmethod
    def _of(rdd: RDD[Any], kind: str) -> RDD[tuple[Any, Any]]:
        return rdd.filter(partial(stages.is_kind, kind)).map(stages.pair)

    def _census(self) -> None:
        """Count the shared nodes, and take those that every unit has at hand."""
        common: dict[bytes, bytes] = {}
        for shared, documents, some in self._nodes.mapPartitions(
            partial(stages.census, self._told(self._job))
        ).collect():
            self.result.counts["shared"] += shared
            self._documents_found += documents
            common |= some
        lots = max(1, self.result.counts["shared"] // LOT)
        self._job = replace(self._job, lots=lots, common=dict(sorted(common.items())))

    def _judged(self, job: Broadcast[Job]) -> RDD[Any]:
        """Every unit with its own lines and all nodes that these reach, judged."""
        claims = self._of(self._lines, "part")
        asks = self._context.union(
            [claims.flatMap(stages.asks_of_claims), self._nodes.flatMap(partial(stages.asks_of_node, job))]
        )
        units = self._context.union(
            [
                claims.map(stages.as_lines),
                self._nodes.flatMap(partial(stages.as_own, job)),
                near(job, self._nodes, asks, self._keep).map(stages.as_near),
            ]
        )
        parts = self.setting.names.parts
        count = parts + min(self._job.lots, parts)
        return units.groupByKey(count, stages.as_it_is).flatMap(partial(stages.judge, job))

    def _marks(self, marks: RDD[tuple[str, bytes]]) -> None:
        """Bring the marks together, share by share; the driver gets what is left of them."""
        some = marks.filter(stages.is_few).collect()
        for place, data in some:
            with (self.folder / f"{place}.all.marks").open("ab") as stream:
                stream.write(data)
        count = min(16 * FINE, self.setting.names.parts)
        shares = marks.filter(stages.is_sifted).flatMap(stages.by_share).groupByKey(count, stages.as_it_is)
        files = MarkFiles(self.folder, "all")
        kept = Marks()
        sifted: list[Sifted] = shares.map(stages.sift_share).collect()
        for one in sifted:
            kept.lonely += one.orphans
            for group, names in one.likenesses:
                key = b"%024x" % len(kept.keys)
                kept.keys += [(group, key, name, role) for name, role in names.items()]
        files.add(kept)
        files.flush()
        passages, encoded, skipped, left = zip(*(one.ledger for one in sifted), strict=True)
        self._ledger = sum(passages), sum(encoded), sum(skipped), [name for names in left for name in names]

    def _rows_of(self, rows: RDD[tuple[str, bytes]]) -> None:
        """Rows of the evidence table, where the local pass has them; they come one piece after the other."""
        if self.setting.rows is None:
            return
        for table, data in rows.toLocalIterator(prefetchPartitions=True):
            folder = self.setting.rows / table
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "cluster.jsonl").open("ab") as stream:
                stream.write(data)

    def _wanted(self) -> tuple[set[bytes], set[bytes]]:
        """The claims and nodes that the driver looks at, and how names of others begin that it looks at too."""
        changed = deferred(self.folder, "changed")
        waiting = deferred(self.folder, "deferred")
        names = {name for _, members in candidates(self.folder, self._ledger[3]) for name in members}
        for needs in (changed, waiting):
            names.update(needs, *needs.values())
        return names | set(self.result.relations), {name + b"." for name in changed}
