"""What the machines of a cluster do, for a file, a unit or a share at a time; nothing here knows Spark.

Everything that judges is the local pass: a unit is laid out in a folder as the spool lays it out, a
:class:`~ogx_rdf.bundles.workers.Worker` works on it, and what it wrote there is sent on.  A task that is done a second
time, on another machine, does the same again: it leaves nothing behind but what it yields.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

from .. import __version__
from ..bundles.batch import Reach, said_in
from ..bundles.judge import Judge, Verdict
from ..bundles.ledger import likenesses, orphans, passage_ledger
from ..bundles.marks import hashed
from ..bundles.reading import pieces
from ..bundles.spool import Blocks, Broken, Writer, runs_in, sort_piece, text_of
from ..bundles.workers import Setting, Worker
from ..errors import InputError, OgxError

__all__ = [
    "FINE",
    "Chunk",
    "Job",
    "Judged",
    "Sifted",
    "Told",
    "finer",
    "judge_unit",
    "sift",
    "sort_file",
    "spread",
    "targets_in",
    "unit_of",
]

FINE = 64
"""The marks of one share are cut in so many again: a share has to fit into memory."""

ROWS = "rows"
Chunk = tuple[int, int, bytes]
"""The number of a file, that of a piece of it, and lines as the spool holds them."""


@dataclass(frozen=True)
class Job:
    """What every machine needs to know.

    :param setting: that of the local pass; its folder is the driver's, and no machine but that one looks there
    :param paths: the files of the dump, as every machine finds them
    :param lots: in how many lots the shared nodes are judged
    :param needed: what else every machine must find: the corpus, the places of texts
    :param common: the nodes that every unit has at hand: the vocabulary, and the tensions
    """

    setting: Setting
    paths: tuple[Path, ...]
    needed: tuple[Path, ...] = ()
    lots: int = 1
    common: Mapping[bytes, bytes] = field(default_factory=dict)
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a file that was sorted: lines, whether it holds claims, what is broken, why it is unreadable."""

    lines: int = 0
    claims: bool = False
    broken: tuple[Broken, ...] = ()
    fault: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in a unit; ``claims`` is how many it held."""

    unit: int
    verdict: Verdict
    claims: int


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is left of a share of the marks; see :mod:`ogx_rdf.bundles.ledger`."""

    orphans: list[tuple[str, bytes]]
    ledger: tuple[int, int, int, list[bytes]]
    likenesses: list[tuple[str, dict[bytes, str]]]


def spread(name: bytes) -> int:
    """A number for a name, the same in every process."""
    return crc32(name)


def unit_of(job: Job, name: bytes) -> int | None:
    """The unit in which a shared node is judged: a document with all its parts in one; None for a claim."""
    names = job.setting.names
    if name.startswith(names.claims[1:]):
        return None
    documents = f"{names.base}doc/".encode()
    if name.startswith(documents):
        name = documents + name[len(documents) :].partition(b".")[0]
    return names.parts + spread(name) % job.lots


def targets_in(data: bytes) -> set[bytes]:
    """The names that some lines, as the spool holds them, point at."""
    said = said_in(text_of(run for _, run in runs_in(data)))
    return {value[1:-1] for pairs in said.values() for _, value in pairs if value[:1] == b"<"}


def sort_file(
    job: Job, number: int
) -> Iterator[
    tuple[Literal["part"], int, Chunk] | tuple[Literal["node"], bytes, Chunk] | tuple[Literal["told"], int, Told]
]:
    """The lines of a file, by part of the claims and by shared node; in the end what is known of it."""
    lines, claims, broken = 0, False, list[Broken]()
    try:
        _fit(job)
        path = job.paths[number]
        for at, piece in enumerate(pieces(path, job.setting.files[number])):
            done = sort_piece(piece, path, number, job.setting.names)
            claims = claims or bool(done.parts)
            for part, data in done.parts.items():
                yield "part", part, (number, at, bytes(data))
            for name, data in done.blocks.items():
                yield "node", name, (number, at, bytes(data))
            lines += done.lines
            broken += done.broken
    except OgxError as exc:
        yield "told", number, Told(lines, claims, tuple(broken), exc.as_dict())
    else:
        yield "told", number, Told(lines, claims, tuple(broken))


def _fit(job: Job) -> None:
    """Refuse a machine that would judge something else than the others.

    :raises InputError: where it has another version, or lacks a file or folder
    """
    if job.version != __version__:
        raise InputError(
            "E393",
            f"a machine of the cluster has ogx-rdf {__version__}, the one that asks has {job.version}",
            why="Two versions may judge differently, and nobody could tell which one did.",
            hint="Install the same version on every machine.",
        )
    for path in (*job.paths, *job.needed):
        if not path.exists():
            raise InputError(
                "E394",
                "a machine of the cluster does not find this",
                file=str(path),
                why="Every machine reads the dump, the corpus and the texts by itself.",
                hint="Put them where every machine finds them under the same path.",
            )


def judge_unit(
    job: Job, unit: int, chunks: list[Chunk], own: Mapping[bytes, bytes], near: Mapping[bytes, bytes]
) -> Iterator[
    tuple[Literal["verdict"], int, Judged] | tuple[Literal["marks"], str, bytes] | tuple[Literal["rows"], str, bytes]
]:
    """Judge a part of the claims, or a lot of shared nodes.

    :param chunks: the lines of claims; none for a lot
    :param own: the nodes of a lot
    :param near: all nodes that these or the claims reach
    :returns: what was found; marks and rows of the evidence table, each by the name of its file in the spool
    """
    with tempfile.TemporaryDirectory(prefix="ogx-rdf-unit-") as place:
        folder = Path(place)
        rows = None if job.setting.rows is None else folder / ROWS
        with closing(Worker(replace(job.setting, folder=folder, rows=rows))) as worker:
            worker.blocks = _blocks({**job.common, **near, **own})
            worker.judge = _judge(job, worker)
            if chunks:
                data = bytearray().join(data for _, _, data in sorted(chunks))
                Writer(folder, worker.name).write({unit: data})
                yield "verdict", unit, Judged(unit, *worker.part(unit))
            else:
                yield "verdict", unit, Judged(unit, worker.nodes(sorted(own)), 0)
        for path in sorted(folder.glob("*.marks")):
            kind, share, *_ = path.name.split(".")
            yield "marks", f"{kind}.{share}", path.read_bytes()
        for path in sorted(folder.glob(f"{ROWS}/*/*.jsonl")):
            yield "rows", path.parent.name, path.read_bytes()


def _blocks(nodes: Mapping[bytes, bytes]) -> Blocks:
    """Shared nodes in memory."""
    blocks = Blocks(Path(":memory:"), writing=True)
    blocks.add({name: bytearray(data) for name, data in nodes.items()})
    return blocks


_kept: dict[str, Judge] = {}


def _judge(job: Job, worker: Worker) -> Judge:
    """The judge of this process, who looks up nodes where the worker has them; kept, since rules are compiled once."""
    key = str(job.setting.folder)
    if key not in _kept:
        _kept.clear()
        _kept[key] = worker.judge
    _kept[key].reach = Reach(worker.blocks.find_all)
    return _kept[key]


def sift(marks: Iterable[tuple[str, bytes]]) -> Sifted:
    """What is left of all marks of one share: each with its kind."""
    with tempfile.TemporaryDirectory(prefix="ogx-rdf-marks-") as place:
        folder = Path(place)
        for kind, data in marks:
            with (folder / f"{kind}.00.all.marks").open("ab") as stream:
                stream.write(data)
        return Sifted(list(orphans(folder)), passage_ledger(folder), list(likenesses(folder)))


def finer(kind: str, data: bytes) -> dict[int, bytes]:
    """Marks of one share of the ledger in shares that are :data:`FINE` times smaller, cut in the same way."""
    found: dict[int, bytearray] = {}
    if kind == "used":
        for at in range(0, len(data), 8):
            found.setdefault(data[at + 1] % FINE, bytearray()).extend(data[at : at + 8])
    else:
        for line in data.split(b"\n"):
            if line:
                key = bytes.fromhex(line.split(b"\t")[1].decode()) if kind == "keys" else hashed("", _name(line))
                found.setdefault(key[1] % FINE, bytearray()).extend(line + b"\n")
    return {share: bytes(some) for share, some in found.items()}


def _name(line: bytes) -> bytes:
    return line.rpartition(b"\t")[2]
