"""The ledger of a store that is built from a dump: made from the spool, a claim or a document at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..bundles.ledger import key_marks
from ..bundles.run import Spool
from ..bundles.spool import Blocks, Run, read_part, text_of
from ..bundles.workers import BLOCKS
from .ledger import Digest, Key, Ledger, digest_of
from .parts import Naming
from .rebuild import LEDGER

__all__ = ["write_dump_ledger"]


def write_dump_ledger(work: Path, spool: Spool) -> None:
    """Write the ledger of a dump that was judged into the folder of the store that is built from it."""
    marks = key_marks(spool.folder)
    keys = (Key(kind.decode(), key.decode(), name.decode(), role.decode()) for kind, key, role, name in marks)
    Ledger.create(work / LEDGER, _parts(spool), keys)


def _digest(runs: list[Run], graph: str) -> Digest:
    end = f" <{graph}> .\n".encode()
    return digest_of(line[:-3] + end for line in text_of(runs).splitlines(keepends=True))


def _parts(spool: Spool) -> Iterator[tuple[str, Digest]]:
    naming = Naming(spool.corpus)
    for number in spool.parts:
        for claim, runs in read_part(spool.folder, number).items():
            graph = naming.claims + claim.decode()
            yield graph, _digest(runs, graph)
    blocks = Blocks(spool.folder / BLOCKS)
    claims, documents = naming.claims.encode(), naming.documents.encode()
    for name, runs in blocks.range(b""):
        own = [run for run in runs if run.file >= 0]
        if own and not name.startswith((claims, documents)):
            graph = naming.graph_of(name.decode())
            yield naming.part(graph, name.decode()), _digest(own, graph)
    for document in sorted({documents + name[len(documents) :].partition(b".")[0] for name in blocks.names(documents)}):
        members = [runs for _, runs in blocks.range(document + b".")]
        runs = [run for some in (blocks.find(document) or [], *members) for run in some]
        yield document.decode(), _digest(runs, document.decode())
