"""From the spool into a store on disk."""

from __future__ import annotations

import io
from collections.abc import Iterator

from ..oxi import Dataset, rewritten
from .run import Spool
from .spool import Blocks, Run, read_part
from .workers import BLOCKS

__all__ = ["load", "quads"]


def _in_graphs(runs: list[Run], graph: str) -> bytes:
    """Lines as N-Quads, each in the graph that the dump gave, or else in the one that follows from its subject."""
    # No literal holds a line's end, so these bytes stand nowhere but at the end of a triple.
    own = f"<{graph}>".encode()
    return b"".join(run.text.replace(b" .\n", b" %s .\n" % (run.graph or own)) for run in runs if run.file >= 0)


def quads(spool: Spool) -> Iterator[bytes]:
    """The dump as N-Quads, some lines at a time."""
    corpus = spool.corpus
    for number in spool.parts:
        for claim, runs in read_part(spool.folder, number).items():
            yield _in_graphs(runs, f"{corpus.base}c/{claim.decode()}")
    blocks = Blocks(spool.folder / BLOCKS)
    for name, runs in blocks.range(b""):
        yield _in_graphs(runs, corpus.graph_of(name.decode()))


class _Stream(io.RawIOBase):
    """Pieces of bytes as a file that is read once; keeps the lines whose literals a store rewrites."""

    def __init__(self, pieces: Iterator[bytes], spool: Spool) -> None:
        self._pieces, self._rest, self._spool, self._lines = pieces, memoryview(b""), spool, 0
        self.written: list[str] = []

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._rest:
            block = bytearray()
            for piece in self._pieces:
                block += piece
                if len(block) > 1 << 20:
                    break
            self._rest = memoryview(bytes(block))
            self._lines += block.count(b"\n")
            self.written += rewritten(block.decode().splitlines(keepends=True))
            self._spool.progress("quads loaded", self._lines, 0)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    @property
    def lines(self) -> int:
        """How many quads were read."""
        return self._lines


def load(spool: Spool, dataset: Dataset) -> tuple[int, list[str]]:
    """Load a dump that was judged into a store on disk.

    :returns: how many lines there were, repeats included; and those whose literals the store rewrites
    """
    stream = _Stream(quads(spool), spool)
    dataset.bulk(io.BufferedReader(stream, 1 << 20))
    return stream.lines, stream.written
