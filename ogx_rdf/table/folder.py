"""The folder of the tables: a manifest that names the files which count, and nothing else counts.

DIR/table.json                          the manifest: renamed into place last, so a reader sees before or after
DIR/<table>/part-0000-<digest>.parquet  the rows, sorted; never changed once written
DIR/changes/<generation>-<digest>.jsonl what was replaced since, newest generation first to count
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import InputError, UsageError
from ..files import write_atomic
from .engine import Engine, quoted
from .schema import FORMAT, TABLES, Table

__all__ = ["CHANGES", "MANIFEST", "Change", "Manifest", "columns_of", "old", "open_views", "read_manifest"]

MANIFEST = "table.json"
CHANGES = "changes"
_STALE = 24 * 3600


@dataclass(frozen=True, slots=True)
class Change:
    """A file of changes: its lines, and how many rounds of merging are behind it."""

    file: str
    lines: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which files make the tables.

    :param base: the IRI under which the corpus names its data
    :param prefixes: the prefixes by which its ids are shortened
    :param parts: for each table its files with the number of rows in each
    :param generation: how many changes were made since the parts were written
    """

    base: str
    prefixes: Mapping[str, str]
    parts: Mapping[str, Mapping[str, int]]
    generation: int = 0
    changes: tuple[Change, ...] = field(default=())

    @property
    def files(self) -> set[str]:
        """Every file that counts."""
        return {file for parts in self.parts.values() for file in parts}.union(item.file for item in self.changes)

    def curie(self, iri: str) -> str:
        """An IRI as the corpus writes it, or the IRI itself."""
        fitting = [(len(space), prefix) for prefix, space in self.prefixes.items() if iri.startswith(space)]
        if not fitting:
            return iri
        length, prefix = max(fitting)
        return f"{prefix}:{iri[length:]}"

    def write(self, folder: Path) -> None:
        """Make these the files that count, in one step."""
        known = {
            "format": FORMAT,
            "base": self.base,
            "prefixes": dict(sorted(self.prefixes.items())),
            "tables": {name: dict(parts) for name, parts in self.parts.items()},
            "generation": self.generation,
            "changes": [{"file": c.file, "lines": c.lines, "level": c.level} for c in self.changes],
        }
        write_atomic(folder / MANIFEST, json.dumps(known, ensure_ascii=False, indent=1) + "\n")

    def sweep(self, folder: Path) -> None:
        """Remove the files that do not count, and what writers that were killed long ago left."""
        for name in (*TABLES, CHANGES):
            for file in (folder / name).glob("*"):
                if f"{name}/{file.name}" not in self.files:
                    file.unlink(missing_ok=True)

    def changed(self, **new: object) -> Manifest:
        """The manifest with some fields changed."""
        return replace(self, **new)  # type: ignore[arg-type]


def old(path: Path) -> bool:
    """Whether something was left so long ago that nobody is at work on it."""
    return time.time() - path.stat().st_mtime > _STALE


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder of tables.

    :raises UsageError: where there is none
    :raises InputError: where it is of another version, or not to be read
    """
    path = folder / MANIFEST
    if not path.is_file():
        hint = f"Write one with: ogx-rdf export --format parquet --out {folder}"
        raise UsageError("E540", f"no evidence table at {folder}", why=f"It holds a {MANIFEST}.", hint=hint)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise InputError(
                "E381",
                f"the evidence table is of format {data['format']}, and this tool reads {FORMAT}",
                file=str(path),
                hint="Write it anew with this version.",
            )
        return Manifest(
            data["base"],
            data["prefixes"],
            {name: data["tables"][name] for name in TABLES},
            data["generation"],
            tuple(Change(item["file"], item["lines"], item["level"]) for item in data["changes"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        told = "not the manifest of an evidence table"
        raise InputError("E382", told, file=str(path), hint="Write it anew.") from exc


def columns_of(table: Table, source: str = "") -> str:
    """The columns of a table in SQL, in order, with an empty list where there is none."""
    prefix = f"{source}." if source else ""
    names = ((column, f'{prefix}"{column.name}"') for column in table.columns)
    return ", ".join(f'coalesce({name}, []) AS "{c.name}"' if c.is_list else name for c, name in names)


def open_views(engine: Engine, folder: Path, manifest: Manifest) -> None:
    """Give an engine a view of each table, as the manifest has it."""
    changed = _load_changes(engine, folder, manifest)
    for table in TABLES.values():
        parts = ", ".join(quoted(folder / file) for file in manifest.parts[table.name])
        rows = f"SELECT * FROM read_parquet([{parts}])"
        if table.name in changed:
            _load_new(engine, table)
            replaced = f"SELECT o FROM changes WHERE t = '{table.name}'"
            rows += f' WHERE "{table.owner}" NOT IN ({replaced}) UNION ALL SELECT * FROM "new {table.name}"'
        engine.run(f'CREATE OR REPLACE TEMP VIEW "{table.name}" AS {rows}')


def _load_changes(engine: Engine, folder: Path, manifest: Manifest) -> set[str]:
    """What was last said of each changed node; returns which tables it is about."""
    if not manifest.changes:
        return set()
    files = ", ".join(quoted(folder / item.file) for item in manifest.changes)
    lines = (
        f"read_json([{files}], format = 'newline_delimited', "
        "columns = {g: 'BIGINT', t: 'VARCHAR', o: 'VARCHAR', r: 'JSON'})"
    )
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE changes AS SELECT t, o, r FROM {lines} "
        "QUALIFY row_number() OVER (PARTITION BY t, o ORDER BY g DESC) = 1"
    )
    return {str(name) for (name,) in engine.rows("SELECT DISTINCT t FROM changes")}


def _load_new(engine: Engine, table: Table) -> None:
    shape = quoted(json.dumps([{column.name: column.shape for column in table.columns}]))
    engine.run(
        f'CREATE OR REPLACE TEMP TABLE "new {table.name}" AS SELECT {columns_of(table, "x")} FROM '
        f"(SELECT unnest(from_json(r, {shape})) AS x FROM changes WHERE t = '{table.name}')"
    )
