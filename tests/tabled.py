"""What the tests of the evidence table share: corpora, their tables, and what the graph itself answers."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from ogx_rdf.audit import Audit, audit
from ogx_rdf.corpus import Corpus
from ogx_rdf.queries import stored
from ogx_rdf.table import TABLES, Rows, merged, open_table, write_corpus
from ogx_rdf.table.rows import all_rows

BAR = " | "
NO_PREFIXES: Mapping[str, str] = {}


def audited(corpus: Corpus) -> Audit:
    """The audit, with the texts that lie in the corpus."""
    text = corpus.root / "text"
    return audit(corpus, sources=[str(text)] if text.is_dir() else [])


def tabled(found: Audit, out: Path) -> Path:
    """The table of an audit."""
    write_corpus(found.chains.values(), found.records, out)
    return out


def rows_by_table(found: Audit) -> Rows:
    """All rows of an audit."""
    return merged(all_rows(found.chains.values(), found.records))


def use_of(found: Audit) -> list[tuple[object, ...]]:
    """What the audit says of each reference, and in which order."""
    return [
        (
            line.reference.iri,
            line.reference.label,
            line.reference.content,
            line.reference.resolution,
            line.reference.source_type,
            line.reference.work,
            line.printed,
            len(line.passages),
            len(line.claims),
            len(line.sole),
        )
        for line in found.references
    ]


USE = ("reference", "label", "content", "resolution", "source_type", "work", "printed", "passages", "claims", "sole")


def use_in(folder: Path) -> list[tuple[object, ...]]:
    """The same from a table."""
    with open_table(folder) as table:
        return [tuple(row[name] for name in USE) for row in table.references()]


def asked(corpus: Corpus, name: str) -> list[dict[str, object]]:
    """The rows of a stored query on the graph, with both sides as lists."""
    query = stored(name)
    found = []
    for row in corpus.dataset.select(query.text, None, query.file):
        told: dict[str, object] = {key: str(value) for key, value in row.items() if value is not None}
        if name == "opposite-claims":
            told |= {"here": told["focus"], "there": told["value"]}
        for side in ("here", "there"):
            told[side] = [part for part in str(told[side]).split(BAR) if part]
        found.append(told)
    return found


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder of tables."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def documented() -> str:
    """The columns of all tables, as the README lists them."""
    lines = ["<!-- table -->"]
    for table in TABLES.values():
        columns = "; ".join(f"`{column.name}` {column.meaning}" for column in table.columns)
        told = f"- **{table.name}**, a row for each {table.row}: {columns}."
        lines += textwrap.wrap(told, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return "\n".join([*lines, "<!-- /table -->"])
