"""What is kept beside a store in a folder: what it was made from, and the literals that it gives back in another form.

The literals stand in a file of N-Quads.  A change adds to a second, small file: a line ``#graph node`` says that what
was written of that part before counts no more; what is written of it now follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import InputError, UsageError
from ..files import write_atomic
from .written import AS_WRITTEN, RECORD

__all__ = ["Built", "note_written", "read_written"]

CHANGED = "as-written.changes"
"""The file with what was written since."""

MOST = 256 << 10
"""Bytes of changes that are brought into the first file."""


@dataclass(frozen=True, slots=True)
class Built:
    """What is known of a store in a folder.

    :param sha256: the digest of the N-Quads that it was built from; empty where it was changed since
    :param quads: how many quads there are, as written
    :param coverage: the counts of passages
    :param base: under which IRI data is named
    :param ledger: the name of the ledger that goes with it
    :param changes: how many changes were made since it was built
    """

    sha256: str
    quads: int
    coverage: Mapping[str, int] = field(default_factory=dict)
    base: str = ""
    ledger: str = ""
    changes: int = 0

    def write(self, folder: Path) -> None:
        """Put the record into the folder of a store."""
        known = {
            "base": self.base,
            "changes": self.changes,
            "coverage": dict(self.coverage),
            "ledger": self.ledger,
            "quads": self.quads,
            "sha256": self.sha256,
        }
        write_atomic(folder / RECORD, json.dumps(known, indent=2, sort_keys=True) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Built:
        """The record in the folder of a store.

        :raises UsageError: where there is none
        :raises InputError: where it cannot be read
        """
        path = folder / RECORD
        if not path.is_file():
            hint = "Make one with: ogx-rdf build --store DIR"
            raise UsageError("E315", f"no store at {folder}", why=f"It holds a file {RECORD}.", hint=hint)
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as exc:
            raise InputError("E316", "not the record of a store", file=str(path), hint="Build the store anew.") from exc

    def changed(self, quads: int, coverage: Mapping[str, int]) -> Built:
        """The record after one change more."""
        return replace(self, sha256="", quads=quads, coverage=coverage, changes=self.changes + 1)


def _part(line: str, whole: bool) -> str:
    """The graph of an N-Quads line, and its node unless the graph is one part."""
    graph = line[line.rindex(" <") + 2 : -4]
    return graph if whole else f"{graph} {line[1 : line.index('>')]}"


def read_written(folder: Path) -> tuple[str, ...]:
    """The quads, as N-Quads lines, whose literals a store gives back in another form."""
    first, second = folder / AS_WRITTEN, folder / CHANGED
    lines = first.read_text(encoding="utf-8").splitlines(keepends=True) if first.is_file() else []
    if not second.is_file():
        return tuple(lines)
    parts: dict[str, list[str]] = {}
    name = ""
    for line in second.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("#"):
            name = line[1:-1]
            parts[name] = []
        else:
            parts[name].append(line)
    kept = [line for line in lines if _part(line, True) not in parts and _part(line, False) not in parts]
    return (*kept, *(line for own in parts.values() for line in own))


def note_written(folder: Path, parts: Mapping[str, Iterable[str]]) -> None:
    """Say how the literals of some parts are written from now on.

    :param parts: the lines whose literals the store gives back in another form, by graph, or graph and node
    """
    path = folder / CHANGED
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        for name, lines in parts.items():
            stream.write("".join([f"#{name}\n", *lines]))
    if path.stat().st_size > MOST:
        write_atomic(folder / AS_WRITTEN, "".join(sorted(read_written(folder))))
        path.unlink()
