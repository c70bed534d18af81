"""DuckDB, the engine of the tables: how it is opened, and how its failures are told."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    import duckdb

__all__ = ["MEMORY", "THREADS", "Engine", "quoted"]

MEMORY = "1GB"
"""What it may take before it goes on in a folder for temporary files."""

THREADS = 2


def quoted(text: str | Path) -> str:
    """A text as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


class Engine:
    """A database in memory that spills to a folder of its own, removed on :meth:`close`; it loads nothing by itself.

    :raises InputError: where DuckDB is not installed
    """

    def __init__(self, *, memory: str = MEMORY, threads: int = THREADS) -> None:
        try:
            import duckdb
        except ImportError as exc:
            raise InputError(
                "E380",
                "the evidence table needs DuckDB, which is not installed",
                why="It is written as Parquet files, and its questions are answered by DuckDB.",
                hint="Install the extra: pip install 'ogx-rdf[table]'",
            ) from exc
        self._spill = Path(tempfile.mkdtemp(prefix="ogx-table-"))
        self._failures: tuple[type[Exception], ...] = (duckdb.Error,)
        settings = {
            "memory_limit": memory,
            "threads": str(threads),
            "temp_directory": str(self._spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(config=dict(settings))

    def close(self) -> None:
        """Let go of the database and its temporary files."""
        self._connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except self._failures as exc:
            first = str(exc).strip().partition("\n")[0]
            hint = "Write the table anew if its files were changed."
            raise InputError("E384", f"DuckDB: {first}", hint=hint) from exc

    def run(self, statement: str) -> None:
        """Carry out a statement.

        :raises InputError: where DuckDB refuses it
        """
        with self._telling():
            self._connection.execute(statement)

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """The rows of a query.

        :raises InputError: where DuckDB refuses it
        """
        with self._telling():
            return self._connection.execute(query, list(parameters)).fetchall()

    def dicts(self, query: str, parameters: Sequence[object] = ()) -> list[dict[str, object]]:
        """The rows of a query by column."""
        with self._telling():
            done = self._connection.execute(query, list(parameters))
            names = [column[0] for column in done.description or ()]
            return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    def one(self, query: str) -> dict[str, int]:
        """The only row of a query that counts, by column."""
        [row] = self.dicts(query)
        return {name: int(str(value or 0)) for name, value in row.items()}
