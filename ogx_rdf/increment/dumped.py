"""The ledger of a store that is built from a dump: made from the spool, a claim or a document at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from ..bundles.ledger import key_marks
from ..bundles.run import Spool
from ..bundles.spool import Blocks, Run, read_part
from ..bundles.workers import BLOCKS
from .ledger import Digest, Key, Ledger, digest_of
from .parts import Naming
from .rebuild import LEDGER

__all__ = ["write_dump_ledger"]


def write_dump_ledger(work: Path, spool: Spool) -> None:
    """Write the ledger of a dump that was judged into the folder of the store that is built from it.

    None is written where the dump has graphs of its own: what belongs together is told by the names of graphs.
    """
    marks = key_marks(spool.folder)
    keys = (Key(kind.decode(), key.decode(), name.decode(), role.decode()) for kind, key, role, name in marks)
    try:
        Ledger.create(work / LEDGER, _parts(spool), keys)
    except _OtherGraph:
        (work / LEDGER).unlink(missing_ok=True)


class _OtherGraph(Exception):
    """A graph that no name of a node leads to."""


def _parts(spool: Spool) -> Iterator[tuple[str, Digest]]:
    naming = Naming(spool.corpus)
    for number in spool.parts:
        for claim, runs in read_part(spool.folder, number).items():
            yield from _digests(naming, naming.claims + claim.decode(), runs)
    blocks = Blocks(spool.folder / BLOCKS)
    claims, documents = naming.claims.encode(), naming.documents.encode()
    for name, runs in blocks.range(b""):
        if not name.startswith((claims, documents)):
            yield from _digests(naming, name.decode(), runs)
    for document in sorted({documents + name[len(documents) :].partition(b".")[0] for name in blocks.names(documents)}):
        members = [runs for _, runs in blocks.range(document + b".")]
        yield from _digests(naming, document.decode(), [*(blocks.find(document) or []), *chain(*members)])


def _digests(naming: Naming, subject: str, runs: list[Run]) -> Iterator[tuple[str, Digest]]:
    """The parts of a claim, a document or a node: one, and another one for what mapping sets say of it."""
    for graph in naming.graphs(subject):
        home = b"" if graph == naming.graph_of(subject) else f"<{graph}>".encode()
        text = b"".join(run.text for run in runs if run.file >= 0 and run.graph == home)
        if text:
            end = f" <{graph}> .\n".encode()
            yield naming.part(graph, subject), digest_of(line[:-3] + end for line in text.splitlines(keepends=True))
    if any(run.file >= 0 and run.graph not in (b"", f"<{naming.mappings}>".encode()) for run in runs):
        raise _OtherGraph
