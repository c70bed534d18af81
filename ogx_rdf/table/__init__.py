"""The evidence table: one row for each piece of evidence, with all that an answer about the whole graph needs.

A graph answers questions about one thing in milliseconds and questions about everything in minutes.  The tables hold
what claims, their chains and the literature amount to, one row each, as Parquet; DuckDB (the extra ``table``) counts
a million of them in about a second, with the answers of the audit and of the stored queries.  They are derived: the
graph stays the source, and a table can be thrown away.

    rows_of(chain, records)              the rows of one claim, as plain dictionaries
    LineWriter(scratch, worker)          writes rows down, any number of workers at once
    write_table(scratch, out, …)         makes the Parquet files of them
    replace_claims(out, rows, removed)   changes single claims
    open_table(out)                      answers
"""

from __future__ import annotations

from .answers import EvidenceTable, contradictions, open_table, references, totals
from .changes import compact, pending, replace_claims
from .lines import LineWriter
from .rows import Row, Rows, merged, orphan_rows, relation_rows, rows_of, shared_rows
from .schema import TABLES, Column, Table
from .write import Written, ready, write_corpus, write_table

__all__ = [
    "TABLES",
    "Column",
    "EvidenceTable",
    "LineWriter",
    "Row",
    "Rows",
    "Table",
    "Written",
    "compact",
    "contradictions",
    "merged",
    "open_table",
    "orphan_rows",
    "pending",
    "ready",
    "references",
    "relation_rows",
    "replace_claims",
    "rows_of",
    "shared_rows",
    "totals",
    "write_corpus",
    "write_table",
]
