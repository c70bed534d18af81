"""A rebuild after an edit: the parts whose digest is another are written, the others are left as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..bundles.spool import Run
from ..corpus import Corpus
from ..documents.coverage import count
from ..errors import InputError, UsageError
from ..oxi import generation_of
from .ledger import Digest, Ledger, digest_of
from .parts import Naming, Part, keys_of_lines, parts_of_lines
from .writer import Writer

__all__ = ["LEDGER", "Rebuilt", "rebuild", "write_ledger"]

LEDGER = "ledger.sqlite"
"""The ledger in the folder of a store that is being built."""

MOST = 1 / 3
"""Where more than this share of the parts changed, a store is built anew: quicker, and its files come out in order."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many parts were written or taken out, of how many."""

    changed: int
    parts: int

    def text(self) -> str:
        """The same in words."""
        return f"{self.changed} of {self.parts} parts changed"


def rebuild(
    place: Path, corpus: Corpus, data: bytes, sha256: str, ready: Callable[[], None] = lambda: None
) -> Rebuilt | None:
    """Bring a store up to what the files say now; None where it has to be built anew.

    :param data: the whole dataset as sorted N-Quads, as parsed from the files
    :param sha256: its digest
    :param ready: called before the store changes; what it raises keeps it from changing
    :raises InputError: where another process writes to the store, or it cannot be written
    """
    if generation_of(place) is None:
        return None
    try:
        writer = Writer(place, corpus)
    except UsageError:
        return None
    except InputError as exc:
        if exc.code in ("E387", "E388"):
            return None
        raise
    with writer:
        return _rebuild(writer, data, sha256, ready)


def _rebuild(writer: Writer, data: bytes, sha256: str, ready: Callable[[], None]) -> Rebuilt | None:
    naming = writer.naming
    lines = data.splitlines(keepends=True)
    parts = parts_of_lines(naming, lines)
    known = writer.ledger.digests()
    told: dict[str, tuple[Part | None, Digest | None]] = {}
    for name, mine in parts.items():
        digest = digest_of(mine)
        if known.get(name) != digest[0]:
            text = b"".join(line[: line.rindex(b" <")] + b" .\n" for line in mine)
            told[name] = Part(name, naming.split(name)[0], [Run(0, 0, text)]), digest
    told |= dict.fromkeys(set(known) - set(parts), (None, None))
    if len(told) > MOST * max(len(parts), len(known)):
        return None
    ready()
    if told or writer.record.sha256 != sha256:
        new, old = keys_of_lines(lines), writer.ledger.all_keys()
        record = replace(writer.record, sha256=sha256, quads=len(lines), changes=writer.record.changes + 1)
        writer.commit(told, record, gone=old - new, new=new - old, recount=count)
    return Rebuilt(len(told), len(parts))


def write_ledger(work: Path, corpus: Corpus, data: bytes) -> None:
    """Write the ledger of a store that is built from sorted N-Quads into its folder."""
    lines = data.splitlines(keepends=True)
    parts = parts_of_lines(Naming(corpus), lines)
    Ledger.create(work / LEDGER, ((name, digest_of(mine)) for name, mine in parts.items()), keys_of_lines(lines))
