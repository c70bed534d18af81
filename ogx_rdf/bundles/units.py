"""What of the shared nodes is judged together: a document with all its parts; works, entities and the rest in lots."""

from __future__ import annotations

from collections.abc import Iterator

from .spool import END, Blocks, Names

__all__ = ["LOT", "documents", "units"]

LOT = 1_500
"""So many nodes are judged together; a document goes in one lot, whatever its size."""


def documents(blocks: Blocks, prefix: bytes) -> Iterator[tuple[bytes, bool]]:
    """Each document by its name, and whether the document itself is described, or parts of it alone.

    Its parts are passed over by their common beginning: they are many, and lie among the lines of all nodes.

    :param prefix: how the names of documents begin
    """
    bare: set[bytes] = set()
    name = blocks.first(prefix)
    while name is not None and name.startswith(prefix):
        document, dot, _ = name[len(prefix) :].partition(b".")
        if not dot:
            bare.add(name)
            yield name, True
            name = blocks.first(name + b"\0")
        else:
            if prefix + document not in bare:
                yield prefix + document, False
            name = blocks.first(prefix + document + b"/")  # the character behind the dot


def units(blocks: Blocks, names: Names) -> Iterator[list[bytes]]:
    """The names of the shared nodes, in lots; claims are left out."""
    claims, begin = names.claims[1:], f"{names.base}doc/".encode()
    lot: list[bytes] = []
    for document, described in documents(blocks, begin):
        lot += [document] if described else []
        lot += blocks.names(document + b".")
        if len(lot) >= LOT:
            yield lot
            lot = []
    for name in _rest(blocks, [claims, begin]):
        lot.append(name)
        if len(lot) >= LOT:
            yield lot
            lot = []
    if lot:
        yield lot


def _rest(blocks: Blocks, left_out: list[bytes]) -> Iterator[bytes]:
    """The names that begin with none of some prefixes."""
    start = b""
    for prefix in sorted(left_out):
        yield from blocks.names_between(start, prefix)
        start = prefix + END
    yield from blocks.names_between(start, END)
