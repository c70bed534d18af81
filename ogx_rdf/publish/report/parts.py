"""What a report is made of: sections of tables, cells that lead somewhere, steps of a chain."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Cell", "Section", "Step", "Table", "anchor"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a table cell, and the anchor of this report that it leads to, if any."""

    text: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its caption, its columns (those in ``numbers`` hold numbers), its rows, and its anchor, if any."""

    caption: str
    columns: tuple[str, ...]
    rows: list[list[Cell]]
    numbers: frozenset[str] = frozenset()
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report; ``brief`` ones stand in the text format too."""

    anchor: str
    title: str
    note: str
    tables: tuple[Table, ...]
    brief: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a chain: what it is, what it holds, the verdict on it."""

    name: str
    text: str
    verdict: str
    depth: int = 0


def anchor(curie: str) -> str:
    """A name for use in links of the report."""
    return re.sub(r"[^A-Za-z0-9]+", "-", curie)
