"""Changes of single claims: a small file beside the parts, so that the cost does not grow with the table.

A change says of each node what its rows are from now on, or that it has none.  Files of changes are merged as they
gather, sixteen at a time, so that their number stays small; :func:`compact` writes the parts anew without them.
Writers must exclude each other; readers need no lock.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ..files import write_atomic
from .engine import Engine
from .folder import CHANGES, Change, Manifest, open_views, read_manifest
from .lines import encoded
from .rows import Row
from .schema import TABLES
from .write import copy, place

__all__ = ["compact", "pending", "replace_claims"]

_MERGED = 16
"""How many files of changes of one level become one of the next."""


def replace_claims(folder: Path, rows: Mapping[str, Sequence[Row]], removed: Iterable[str] = ()) -> int:
    """Put new rows in the place of the old ones of the same claims, in one step; returns the new generation.

    A claim's rows are replaced as a whole, those of its evidence with it.  What claims share is replaced likewise:
    a passage with its markers, an entry, a work, a tension, a document.  Rows tell what they rest on: where a work or
    an entry changes, the claims and passages that reach it have new rows too.

    :param rows: the new rows by table, as :func:`~ogx_rdf.table.rows.rows_of` and ``shared_rows`` give them
    :param removed: the claims, passages, entries … that are gone
    :raises UsageError: where there is no table
    :raises InputError: where the folder cannot be written; the table stays as it was
    """
    manifest = read_manifest(folder)
    generation = manifest.generation + 1
    lines = list(_lines(generation, rows, list(removed)))
    if not lines:
        return manifest.generation
    changes = [*manifest.changes, _write(folder, generation, "".join(lines).encode(), len(lines))]
    seen = set(changes)
    while len(changes) >= _MERGED and len({item.level for item in changes[-_MERGED:]}) == 1:
        changes[-_MERGED:] = [_merge(folder, changes[-_MERGED:], generation)]
        seen.add(changes[-1])
    manifest.changed(generation=generation, changes=tuple(changes)).write(folder)
    for item in seen.difference(changes):
        (folder / item.file).unlink(missing_ok=True)
    return generation


def _lines(generation: int, rows: Mapping[str, Sequence[Row]], removed: Sequence[str]) -> Iterator[str]:
    """A line for each table and owner: all tables of one owner are told, so that nothing of it is left behind."""
    told: dict[str, dict[str, dict[str, list[Row]]]] = {}
    families: dict[str, list[str]] = {}
    for table in TABLES.values():
        families.setdefault(table.owner, []).append(table.name)
    for name, found in rows.items():
        for row in found:
            owner = TABLES[name].owner
            tables = told.setdefault(owner, {}).setdefault(str(row[owner]), {n: [] for n in families[owner]})
            tables[name].append(row)
    for owner, names in families.items():
        known = told.setdefault(owner, {})
        for iri in removed:
            known.setdefault(iri, {name: [] for name in names})
        for iri, by_table in known.items():
            for name, new in by_table.items():
                yield encoded({"g": generation, "t": name, "o": iri, "r": new}) + "\n"


def _write(folder: Path, generation: int, content: bytes, lines: int, level: int = 0) -> Change:
    name = f"{CHANGES}/{generation:09d}-{hashlib.sha256(content).hexdigest()[:12]}.jsonl"
    write_atomic(folder / name, content)
    return Change(name, lines, level)


def _merge(folder: Path, changes: Sequence[Change], generation: int) -> Change:
    content = b"".join((folder / item.file).read_bytes() for item in changes)
    return _write(folder, generation, content, sum(item.lines for item in changes), changes[0].level + 1)


def pending(folder: Path) -> int:
    """How many lines of changes wait to be written into the parts: each is read again for every answer."""
    return sum(item.lines for item in read_manifest(folder).changes)


def compact(folder: Path) -> Manifest:
    """Write the parts anew with all changes in them: the bytes are those of a table written afresh.

    :raises InputError: where the folder cannot be written; the table stays as it was
    """
    manifest = read_manifest(folder)
    if not manifest.changes:
        return manifest
    work = Path(tempfile.mkdtemp(dir=folder, prefix=".building."))
    try:
        with Engine() as engine:
            open_views(engine, folder, manifest)
            parts = {}
            for table in TABLES.values():
                made, count = copy(engine, table, f'SELECT * FROM "{table.name}"', work)
                parts[table.name] = {place(made, folder, table.name): count}
    finally:
        shutil.rmtree(work, ignore_errors=True)
    new = Manifest(manifest.base, manifest.prefixes, parts)
    new.write(folder)
    new.sweep(folder)
    return new
