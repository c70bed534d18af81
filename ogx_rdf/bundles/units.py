"""What of the shared nodes is judged together: a document with all its parts; works, entities and the rest in lots."""

from __future__ import annotations

from collections.abc import Iterator

from .spool import Blocks, Names

__all__ = ["LOT", "units"]

LOT = 1_500
"""So many nodes are judged together; a document goes in one lot, whatever its size."""


def _documents(blocks: Blocks, prefix: bytes) -> Iterator[list[bytes]]:
    """The nodes of each document: its own name, and the names that begin with it and a dot."""
    bare = {name for name in blocks.names(prefix) if b"." not in name[len(prefix) :]}
    for name in sorted(bare):
        yield [name, *blocks.names(name + b".")]
    orphan: bytes | None = None
    held: list[bytes] = []
    for name in blocks.names(prefix):
        document = prefix + name[len(prefix) :].partition(b".")[0]
        if document in bare:
            continue
        if document != orphan and held:
            yield held
            held = []
        orphan = document
        held.append(name)
    if held:
        yield held


def units(blocks: Blocks, names: Names) -> Iterator[list[bytes]]:
    """The names of the shared nodes, in lots; claims are left out."""
    claims, documents = names.claims[1:], f"{names.base}doc/".encode()
    lot: list[bytes] = []
    for unit in _documents(blocks, documents):
        lot += unit
        if len(lot) >= LOT:
            yield lot
            lot = []
    for name in blocks.names(b""):
        if not name.startswith((claims, documents)):
            lot.append(name)
            if len(lot) >= LOT:
                yield lot
                lot = []
    if lot:
        yield lot
