"""The ledger beside a store: the digest of each part as it was parsed, and the keys that two nodes must not share.

Digests come from files as parsed, never from the store, which rewrites literals.  Only writers read the ledger.  It is
written before the generation that it speaks of counts; where a writer was killed in between, the next one takes its
last change back.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError

__all__ = ["Digest", "Key", "Ledger", "digest_of"]

_TABLES = """
CREATE TABLE part (name TEXT PRIMARY KEY, sha256 BLOB, quads INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE likeness (kind TEXT, key TEXT, name TEXT, role TEXT, PRIMARY KEY (kind, key, name, role)) WITHOUT ROWID;
CREATE TABLE state (generation TEXT NOT NULL, former TEXT NOT NULL);
CREATE TABLE former_part (name TEXT, sha256 BLOB, quads INTEGER);
CREATE TABLE former_likeness (new INTEGER, kind TEXT, key TEXT, name TEXT, role TEXT);
INSERT INTO state VALUES ('', '');
"""

Digest = tuple[bytes | None, int]
"""The digest of a part (None where it is not known) and how many quads it has."""


class Key(NamedTuple):
    """A key under which a node is known, and what it is there; see :mod:`ogx_rdf.bundles.marks`."""

    kind: str
    key: str
    name: str
    role: str


def digest_of(lines: Iterable[bytes]) -> Digest:
    """The SHA-256 of N-Quads lines, sorted and each once, and how many these are."""
    unique = sorted(set(lines))
    return hashlib.sha256(b"".join(unique)).digest(), len(unique)


class Ledger:
    """The ledger in a file.

    :raises InputError: where there is none
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise InputError(
                "E387",
                "the store has no ledger of its parts",
                file=str(path.parent.parent),
                why="Without it nobody can tell what changed.",
                hint="Build it anew: ogx-rdf build --store DIR",
            )
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")

    @classmethod
    def create(cls, path: Path, parts: Iterable[tuple[str, Digest]], keys: Iterable[Key]) -> None:
        """Write a ledger."""
        database = sqlite3.connect(path)
        try:
            database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
            rows = ((name, sha256, quads) for name, (sha256, quads) in parts)
            database.executemany("INSERT INTO part VALUES (?, ?, ?)", rows)
            database.executemany("INSERT OR IGNORE INTO likeness VALUES (?, ?, ?, ?)", keys)
            database.commit()
        finally:
            database.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def digest(self, name: str) -> Digest | None:
        """What is known of a part, or None where there is no such part."""
        found = self._db.execute("SELECT sha256, quads FROM part WHERE name = ?", (name,)).fetchone()
        return None if found is None else (found[0], found[1])

    def digests(self) -> dict[str, bytes | None]:
        """The digests of all parts."""
        return dict(self._db.execute("SELECT name, sha256 FROM part"))

    def all_keys(self) -> set[Key]:
        """The keys of all nodes."""
        return {Key(*row) for row in self._db.execute("SELECT kind, key, name, role FROM likeness")}

    def like(self, kind: str, key: str) -> dict[str, str]:
        """The nodes that have a key, with what each is there."""
        return dict(self._db.execute("SELECT name, role FROM likeness WHERE kind = ? AND key = ?", (kind, key)))

    def settle(self, generation: str) -> None:
        """Make the ledger that of the generation that counts: a change that never came to count is taken back.

        :raises InputError: where it belongs to another one
        """
        ours, former = self._db.execute("SELECT generation, former FROM state").fetchone()
        if ours in ("", generation):
            return
        if former != generation:
            why = "What is recorded of its parts may not be what it holds."
            hint = "Build the store anew, with --full."
            raise InputError("E388", "the store and its ledger are not of one moment", why=why, hint=hint)
        with self._db:
            self._db.execute("BEGIN")
            self._db.execute("DELETE FROM part WHERE name IN (SELECT name FROM former_part)")
            self._db.execute("INSERT INTO part SELECT * FROM former_part WHERE quads IS NOT NULL")
            self._db.execute(
                "DELETE FROM likeness WHERE (kind, key, name, role) IN "
                "(SELECT kind, key, name, role FROM former_likeness WHERE new)"
            )
            self._db.execute(
                "INSERT OR IGNORE INTO likeness SELECT kind, key, name, role FROM former_likeness WHERE NOT new"
            )
            self._db.execute("UPDATE state SET generation = ?, former = ''", (generation,))

    def change(
        self,
        former: str,
        generation: str,
        parts: Mapping[str, Digest | None],
        gone: Iterable[Key] = (),
        new: Iterable[Key] = (),
    ) -> None:
        """Write down what the next generation has, in one step.

        :param former: the generation that counts until then
        :param parts: the digests of parts that change; None for one that is gone
        """
        run = self._db.execute
        gone, new = list(gone), list(new)
        with self._db:
            run("BEGIN")
            run("DELETE FROM former_part")
            run("DELETE FROM former_likeness")
            for name, digest in parts.items():
                run(
                    "INSERT INTO former_part SELECT ?1, (SELECT sha256 FROM part WHERE name = ?1), "
                    "(SELECT quads FROM part WHERE name = ?1)",
                    (name,),
                )
                if digest is None:
                    run("DELETE FROM part WHERE name = ?", (name,))
                else:
                    run("INSERT OR REPLACE INTO part VALUES (?, ?, ?)", (name, *digest))
            for key in gone:
                done = run("DELETE FROM likeness WHERE kind = ? AND key = ? AND name = ? AND role = ?", key)
                if done.rowcount:
                    run("INSERT INTO former_likeness VALUES (0, ?, ?, ?, ?)", key)
            for key in new:
                done = run("INSERT OR IGNORE INTO likeness VALUES (?, ?, ?, ?)", key)
                if done.rowcount:
                    run("INSERT INTO former_likeness VALUES (1, ?, ?, ?, ?)", key)
            run("UPDATE state SET generation = ?, former = ?", (generation, former))
