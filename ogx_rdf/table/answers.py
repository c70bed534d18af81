"""Questions about the whole graph, answered from its tables: totals, uses of references, contradictions.

An answer is that of the audit, or of the stored query of the same name, and takes about as long as reading the
columns that it needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from ..audit.totals import Total, definitions
from ..documents.coverage import Coverage
from ..errors import InputError, UsageError
from ..model import Iri
from ..turtle import natural_key
from .contrary import CONTRARY
from .counts import QUERIES, SOURCE_TYPE
from .engine import MEMORY, THREADS, Engine
from .folder import open_views, read_manifest
from .schema import TABLES

__all__ = ["EvidenceTable", "contradictions", "open_table", "references", "totals"]

_PAUSE = 0.02
"""Seconds before the tables are looked at again."""

_TRIES = 8
Answered = TypeVar("Answered")

_REFERENCES = f"""
    SELECT r.reference, r.label, r.content, r.document, r.resolution, {SOURCE_TYPE} AS source_type, r.work, w.title,
        coalesce(w.identifiers, []) AS identifiers, r.candidates,
        coalesce(m.printed, 0) AS printed, coalesce(m.passages, 0) AS passages,
        coalesce(c.claims, 0) AS claims, coalesce(c.sole, 0) AS sole
    FROM "references" r LEFT JOIN works w ON r.work = w.work
        LEFT JOIN (
            SELECT reference, count(*) AS printed, count(*) FILTER (NOT again) AS passages
            FROM markers GROUP BY reference
        ) m ON r.reference = m.reference
        LEFT JOIN (
            SELECT entry, count(*) AS claims, count(*) FILTER (WHERE alone) AS sole
            FROM (SELECT unnest(entries) AS entry, len(entries) = 1 AS alone FROM claims) GROUP BY entry
        ) c ON r.reference = c.entry"""

_COVERAGE = """
    SELECT (SELECT count(*) FROM documents) AS documents, count(*) AS passages,
        count(*) FILTER (WHERE quoted) AS encoded,
        count(*) FILTER (WHERE NOT quoted AND skipped_as IS NOT NULL) AS skipped
    FROM (
        SELECT skipped_as, passage IN (SELECT passage FROM evidence WHERE quote IS NOT NULL AND passage IS NOT NULL)
            AS quoted FROM passages
    )"""


class EvidenceTable:
    """The tables of a graph, open for reading, as they were when they were opened.

    :param folder: a folder that ``ogx-rdf export --format parquet`` or ``build --table`` wrote
    :param memory: what an answer may take in memory before it goes on in temporary files
    :raises UsageError: where there is no table
    :raises InputError: where it cannot be read, or DuckDB is not installed
    """

    def __init__(self, folder: str | Path, *, memory: str = MEMORY, threads: int = THREADS) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        self._engine = Engine(memory=memory, threads=threads)
        try:
            self._settled(lambda: None, reopen=True)
        except Exception:
            self.close()
            raise

    def __enter__(self) -> EvidenceTable:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()

    def reload(self) -> None:
        """See the tables as they are now."""
        self._settled(lambda: None, reopen=True)

    def _settled(self, ask: Callable[[], Answered], *, reopen: bool = False) -> Answered:
        """An answer from one state of the tables; asked again where a writer replaced the files meanwhile."""
        for left in reversed(range(_TRIES)):
            try:
                if reopen:
                    self.manifest = read_manifest(self.folder)
                    open_views(self._engine, self.folder, self.manifest)
                return ask()
            except InputError:
                # The same manifest is no proof: a writer may have been there and back between two looks.
                if not left:
                    raise
                time.sleep(_PAUSE)
                reopen = True
        raise AssertionError("the last try returns or raises")

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[dict[str, object]]:
        return self._settled(lambda: self._engine.dicts(query, parameters))

    def totals(self) -> dict[str, int]:
        """Every total of the audit by its name, in the audit's order."""
        return {name: total.value for name, total in self.counted().items()}

    def counted(self) -> dict[str, Total]:
        """The totals of the audit, each with its group and what it counts."""

        def ask() -> dict[str, int]:
            return {name: value for query in QUERIES for name, value in self._engine.one(query()).items()}

        values = self._settled(ask)
        return {name: Total(total.group, name, values[name], total.definition) for name, total in definitions().items()}

    def references(self, most: int | None = None) -> list[dict[str, object]]:
        """Every entry of every list with its use, in natural order: printed, passages, claims, sole support of.

        :param most: only so many of them: those of most claims
        """
        limit = "" if most is None else f" ORDER BY claims DESC, r.reference LIMIT {most:d}"
        return sorted(self._rows(_REFERENCES + limit), key=lambda row: natural_key(str(row["reference"])))

    def coverage(self) -> Coverage:
        """How many passages are encoded, skipped with a reason, or open; the open ones are not listed."""
        found = self._settled(lambda: self._engine.one(_COVERAGE))
        left = found["passages"] - found["encoded"] - found["skipped"]
        return Coverage(found["documents"], found["passages"], found["encoded"], found["skipped"], left)

    def contradictions(self, kind: str = "opposite-polarity") -> list[dict[str, object]]:
        """The rows of the stored query of this name; ``here`` and ``there`` are the nodes of the two sides.

        :param kind: one of ``opposite-polarity``, ``opposing-relations``, ``disputed-claims``,
            ``hedged-here-asserted-there`` (tensions), ``opposite-claims`` (audit)
        :raises UsageError: for another kind
        """
        if kind not in CONTRARY:
            raise UsageError(
                "E541",
                f"no contradiction {kind!r} is answered from a table",
                why="Others need what the table does not hold, such as the design of trials.",
                hint=f"Known: {', '.join(CONTRARY)}. Without --table, ogx-rdf tensions looks for all.",
            )
        return self._rows(CONTRARY[kind])

    def by(self, *columns: str, table: str = "claims") -> dict[tuple[object, ...], int]:
        """How many rows there are of each value, or of each group of values, such as ``by("kind", "state")``.

        :raises UsageError: for a table or column that is not there
        """
        known = TABLES.get(table)
        names = {column.name for column in known.columns} if known else set(TABLES)
        for name in (table,) if known is None else columns:
            if name not in names:
                what = "table" if known is None else f"column of {table}"
                raise UsageError("E542", f"no {what} {name!r}", hint=f"Known: {', '.join(sorted(names))}.")
        listed = ", ".join(f'"{name}"' for name in columns)
        rows = self._rows(f'SELECT {listed}, count(*) AS "number of rows" FROM "{table}" GROUP BY ALL ORDER BY ALL')
        return {tuple(row[name] for name in columns): int(str(row["number of rows"])) for row in rows}

    def labels(self, claims: Sequence[str]) -> dict[str, str]:
        """Claims in words, and pieces of evidence in those of their claims, with polarity and strongest certainty."""
        query = (
            "SELECT node, label, polarity, certainty FROM claims JOIN (SELECT unnest($1) AS claim, unnest($1) AS node "
            "UNION ALL SELECT claim, evidence FROM evidence WHERE evidence IN (SELECT unnest($1))) USING (claim)"
        )
        rows = self._rows(query, [list(claims)])
        return {str(row["node"]): f"{row['label']} ({row['polarity']}; {row['certainty']})" for row in rows}

    def sql(self, query: str, parameters: Sequence[object] = ()) -> list[dict[str, object]]:
        """The rows of a query of your own over the tables; question marks in it stand for parameters.

        :raises InputError: where DuckDB refuses it
        """
        return self._rows(query, parameters)

    def curie(self, iri: str | Iri) -> str:
        """An IRI as the corpus writes it."""
        return self.manifest.curie(iri)


def open_table(folder: str | Path) -> EvidenceTable:
    """Open the tables in a folder for reading.

    :raises UsageError: where there is no table
    """
    return EvidenceTable(folder)


def totals(folder: str | Path) -> dict[str, int]:
    """Every total of the audit by its name, from the tables in a folder."""
    with open_table(folder) as table:
        return table.totals()


def references(folder: str | Path) -> list[dict[str, object]]:
    """Every entry of every reference list with its use, from the tables in a folder."""
    with open_table(folder) as table:
        return table.references()


def contradictions(folder: str | Path, kind: str = "opposite-polarity") -> list[dict[str, object]]:
    """What does not go together, from the tables in a folder: the rows of the stored query of that name."""
    with open_table(folder) as table:
        return table.contradictions(kind)
