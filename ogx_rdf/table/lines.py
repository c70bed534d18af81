"""Rows on their way to the tables: one JSON object a line, a file for each table and worker.

Writing lines is what Python does fast, in any number of processes at once; one DuckDB makes Parquet of them all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TextIO

from .rows import Row
from .schema import TABLES

__all__ = ["LineWriter", "encoded"]

encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
"""A value as one line of JSON."""


class LineWriter:
    """Writes rows below a folder, table by table; each worker gives a name of its own, and opens only what it fills.

    :param scratch: the folder that :func:`~ogx_rdf.table.folder.write_table` reads
    :param worker: what sets the files of this worker apart
    """

    def __init__(self, scratch: Path, worker: str = "0") -> None:
        self._scratch = scratch
        self._worker = worker
        self._files: dict[str, TextIO] = {}
        self._begun: set[str] = set()

    def __enter__(self) -> LineWriter:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def add(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Write rows, by table."""
        for table, found in rows.items():
            if found:
                self._file(table).write("\n".join(map(encoded, found)) + "\n")

    def _file(self, table: str) -> TextIO:
        if table not in self._files:
            folder = self._scratch / TABLES[table].name
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{self._worker}.jsonl"
            mode: Literal["a", "w"] = "a" if table in self._begun else "w"
            self._files[table] = path.open(mode, encoding="utf-8", newline="\n", buffering=1 << 20)
            self._begun.add(table)
        return self._files[table]

    def flush(self) -> None:
        """See that what was written is in the files, whatever becomes of this process; more can be added."""
        self.close()

    def close(self) -> None:
        """End the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()
