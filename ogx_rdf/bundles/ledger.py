"""The marks of all batches, kept in files until everything was read: no worker and no moment holds them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from .marks import ORPHANS, Marks, hashed

__all__ = ["SHARES", "MarkFiles", "deferred", "key_marks", "likenesses", "orphans", "passage_ledger", "suspects"]

SHARES = 16
"""In so many shares the marks are brought together, by the hash of the node (or of the key)."""


def _share(name: bytes) -> int:
    return hashed("", name)[0] % SHARES


class MarkFiles:
    """Writes marks; each worker writes files of its own.

    :param folder: where they are
    :param worker: a name of its own among the workers
    """

    def __init__(self, folder: Path, worker: str) -> None:
        self._folder, self._worker = folder, worker
        self._held: dict[tuple[str, int], bytearray] = defaultdict(bytearray)

    def add(self, marks: Marks) -> None:
        """Put the marks of a batch away."""
        held = self._held
        for use in marks.used:
            held["used", use[0] % SHARES] += use
        for rule, name in marks.lonely:
            held["lonely", _share(name)] += b"%s\t%s\n" % (rule.encode(), name)
        for name, skipped in marks.passages:
            held["passages", _share(name)] += b"%d\t%s\n" % (skipped, name)
        for group, key, name, role in marks.keys:
            held["keys", int(key[:2], 16) % SHARES] += b"%s\t%s\t%s\t%s\n" % (group.encode(), key, role.encode(), name)
        for rule, names in marks.suspects:
            held["suspects", 0] += b"%s\t%s\n" % (rule.encode(), b"\t".join(names))

    def defer(self, kind: str, needs: dict[bytes, set[bytes]]) -> None:
        """Put away nodes that are looked at in the end, with the claims that they need.

        :param kind: ``deferred`` or ``changed`` (documents of which another version is at hand)
        """
        for name, needed in needs.items():
            self._held[kind, 0] += b"%s\t%s\n" % (name, b"\t".join(sorted(needed)))

    def flush(self) -> None:
        """Write out what is held."""
        for (kind, share), data in self._held.items():
            with (self._folder / f"{kind}.{share:02}.{self._worker}.marks").open("ab") as stream:
                stream.write(data)
        self._held.clear()


def _read(folder: Path, kind: str, share: int) -> Iterator[bytes]:
    for path in sorted(folder.glob(f"{kind}.{share:02}.*.marks")):
        yield path.read_bytes()


def _lines(folder: Path, kind: str, share: int) -> Iterator[list[bytes]]:
    for data in _read(folder, kind, share):
        yield from (line.split(b"\t") for line in data.split(b"\n") if line)


def _used(folder: Path, share: int) -> set[bytes]:
    return {data[at : at + 8] for data in _read(folder, "used", share) for at in range(0, len(data), 8)}


def orphans(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The nodes that break a rule since nobody uses them."""
    for share in range(SHARES):
        used = _used(folder, share)
        for rule, name in _lines(folder, "lonely", share):
            if all(hashed(kind, name) not in used for kind in ORPHANS[rule.decode()]):
                yield rule.decode(), name


def passage_ledger(folder: Path) -> tuple[int, int, int, list[bytes]]:
    """How many passages there are, are encoded, are skipped; and which are open."""
    passages = encoded = skipped = 0
    left: list[bytes] = []
    for share in range(SHARES):
        used = _used(folder, share)
        for flag, name in _lines(folder, "passages", share):
            passages += 1
            if hashed("q", name) in used:
                encoded += 1
            elif flag == b"1":
                skipped += 1
            else:
                left.append(name)
    return passages, encoded, skipped, left


def key_marks(folder: Path) -> Iterator[list[bytes]]:
    """All keys: the group, the key, what the node is there, the node."""
    for share in range(SHARES):
        yield from _lines(folder, "keys", share)


def likenesses(folder: Path) -> Iterator[tuple[str, dict[bytes, str]]]:
    """The nodes that share a key, with what each is there; by group of keys."""
    for share in range(SHARES):
        found: dict[tuple[bytes, bytes], dict[bytes, str]] = {}
        for group, key, role, name in _lines(folder, "keys", share):
            found.setdefault((group, key), {})[name] = role.decode()
        for (group, _), names in found.items():
            if len(names) > 1:
                yield group.decode(), names


def suspects(folder: Path) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """The nodes to be looked at together, by rule."""
    for rule, *names in _lines(folder, "suspects", 0):
        yield rule.decode(), tuple(names)


def deferred(folder: Path, kind: str) -> dict[bytes, set[bytes]]:
    """The nodes that were put off, each with the claims that it needs."""
    found: dict[bytes, set[bytes]] = {}
    for name, *needed in _lines(folder, kind, 0):
        found.setdefault(name, set()).update(claim for claim in needed if claim)
    return dict(sorted(found.items()))
