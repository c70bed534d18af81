"""Lines of rows become Parquet, sorted, so that the same rows give the same bytes whoever wrote them in which order."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..audit.chains import Chain
from ..errors import InputError
from ..records import Records
from .engine import MEMORY, THREADS, Engine, quoted
from .folder import MANIFEST, Manifest, columns_of, old
from .lines import LineWriter
from .rows import all_rows
from .schema import TABLES, Table

__all__ = ["Written", "copy", "place", "ready", "write_corpus", "write_table"]

_ONCE = ("evidence", "claims")
"""The tables of which every row is written once; rows of the others may come from many bundles."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where, and how many rows of each table."""

    path: Path
    rows: Mapping[str, int]

    def as_dict(self) -> dict[str, object]:
        """The result as a JSON object."""
        return {"path": str(self.path), "rows": dict(self.rows)}

    def text(self) -> str:
        """The result as printed on a terminal."""
        told = ", ".join(f"{count} {name}" for name, count in self.rows.items())
        return f"Wrote the evidence table {self.path}: {told}"


def _refuse_foreign(folder: Path) -> None:
    """Keep out of a folder that holds anything but an evidence table.

    :raises InputError: where something else stands there
    """
    if (folder / MANIFEST).is_file() or not folder.exists():
        return
    strange = not folder.is_dir() or any(not item.name.startswith(".building.") for item in folder.iterdir())
    if strange:
        raise _unwritable(folder, "something else stands there")


def ready(out: Path) -> None:
    """See that a table can be written, before other work is done for it.

    :raises InputError: where something else stands there, or DuckDB is not installed
    """
    _refuse_foreign(out)
    Engine().close()


def _unwritable(folder: Path, reason: str) -> InputError:
    return InputError(
        "E383",
        f"cannot write the evidence table: {reason}",
        file=str(folder),
        why="What was there is untouched.",
        hint="Choose another folder, or mend its permissions.",
    )


def write_corpus(chains: Iterable[Chain], records: Records, out: Path) -> Written:
    """Write the tables of a whole corpus.

    :param chains: the chain of every claim, as an audit holds them
    :raises InputError: where the folder cannot be written, or DuckDB is not installed
    """
    ready(out)
    with tempfile.TemporaryDirectory(prefix="ogx-table-") as scratch:
        with LineWriter(Path(scratch)) as lines:
            for rows in all_rows(chains, records):
                lines.add(rows)
        return write_table(Path(scratch), out, base=records.corpus.base, prefixes=records.corpus.prefixes)


def write_table(
    scratch: Path,
    out: Path,
    *,
    base: str,
    prefixes: Mapping[str, str],
    memory: str = MEMORY,
    threads: int = THREADS,
) -> Written:
    """Make the tables of the lines that workers wrote (:class:`~ogx_rdf.table.lines.LineWriter`).

    What stood in ``out`` counts until all is written, and is removed then.

    :param scratch: the folder of the lines; it is only read
    :raises InputError: where ``out`` cannot be written, or two different rows speak of one node
    """
    _refuse_foreign(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for left in out.glob(".building.*"):
            if old(left):
                shutil.rmtree(left, ignore_errors=True)
        with (
            tempfile.TemporaryDirectory(dir=out, prefix=".building.") as work,
            Engine(memory=memory, threads=threads) as engine,
        ):
            made = {table.name: _make(engine, table, scratch, Path(work)) for table in TABLES.values()}
            parts = {name: {place(file, out, name): rows} for name, (file, rows) in made.items()}
        manifest = Manifest(base, prefixes, parts)
        manifest.write(out)
        manifest.sweep(out)
    except OSError as exc:
        raise _unwritable(out, str(exc.strerror or exc)) from exc
    return Written(out, {name: rows for name, (_, rows) in made.items()})


def _make(engine: Engine, table: Table, scratch: Path, work: Path) -> tuple[Path, int]:
    files = sorted((scratch / table.name).glob("*.jsonl"))
    if files:
        types = ", ".join(f"{quoted(column.name)}: {quoted(column.type)}" for column in table.columns)
        listed = ", ".join(map(quoted, files))
        source = f"read_json([{listed}], format = 'newline_delimited', columns = {{{types}}})"
        rows = f"SELECT {'' if table.name in _ONCE else 'DISTINCT '}{columns_of(table)} FROM {source}"
    else:
        nothing = ", ".join(f'CAST(NULL AS {column.type}) AS "{column.name}"' for column in table.columns)
        rows = f"SELECT {nothing} WHERE false"
    return copy(engine, table, rows, work)


def copy(engine: Engine, table: Table, rows: str, work: Path) -> tuple[Path, int]:
    """Write the rows of a query as the one file of a table; returns it, and how many there are.

    :raises InputError: where one node has two different rows
    """
    target = work / f"{table.name}.parquet"
    order = ", ".join(f'"{name}"' for name in table.order)
    # What is known of the values would make a column without nulls a required one: the schema is not to depend on rows.
    engine.run("SET disabled_optimizers = 'statistics_propagation'")
    engine.run(f"COPY (SELECT * FROM ({rows}) ORDER BY {order}) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)")
    source = f"read_parquet({quoted(target)})"
    again = engine.rows(f"SELECT {table.identity} FROM {source} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1")
    if again:
        name = " ".join(map(str, again[0]))
        raise InputError(
            "E385",
            f"two different rows of the table {table.name!r} speak of {name}",
            why="Each node is counted once, so there must be one row for it.",
            hint="Run ogx-rdf validate: an id stands for two things, or a claim was read in two parts.",
        )
    return target, int(str(engine.rows(f"SELECT count(*) FROM {source}")[0][0]))


def place(made: Path, out: Path, name: str) -> str:
    """Move a file to its place, named by its content; returns the name that the manifest gives it."""
    digest = hashlib.sha256()
    with made.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    (out / name).mkdir(exist_ok=True)
    listed = f"{name}/part-0000-{digest.hexdigest()[:12]}.parquet"
    made.replace(out / listed)
    return listed
