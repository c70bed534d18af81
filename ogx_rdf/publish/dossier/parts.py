"""What the report is made of: spans of text, cells, tables, figures, sections; one structure for HTML and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

__all__ = ["Block", "Cell", "Figure", "Line", "Paragraph", "Part", "Row", "Section", "Span", "Table", "cell", "linked"]

_CURIE = re.compile(r"[A-Za-z][\w-]*:[\w./-]*\w")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text of one look, and where it leads.

    :param href: ``#anchor`` of this report, or the address of a source
    :param look: ``quote`` (words of a document, verbatim), ``missing`` (nothing there, and why), ``added`` (concluded
        by the tool or a curator, said by no source), ``bad``, ``tag``, ``soft``, ``strong``, or plain
    """

    text: str
    href: str | None = None
    look: str = ""


Line = tuple[Span, ...]
Cell = tuple[Line, ...]


def _line(given: str | Span | Iterable[str | Span]) -> Line:
    if isinstance(given, str | Span):
        given = (given,)
    return tuple(Span(part) if isinstance(part, str) else part for part in given)


def cell(*lines: str | Span | Iterable[str | Span]) -> Cell:
    """A cell of lines, each a text, a span or several of them."""
    return tuple(map(_line, lines))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    :param span: over how many rows its first ``lead`` cells stand
    :param continued: how many first cells are those of a row above, so that ``cells`` begin after them
    """

    cells: tuple[Cell, ...]
    anchor: str | None = None
    span: int = 1
    lead: int = 1
    continued: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption, columns (those in ``numbers`` hold numbers), rows, and what to say where there is none."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    numbers: frozenset[str] = frozenset()
    empty: str = "none"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text: one paragraph, or with ``listed`` a list."""

    lines: Cell
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as an SVG element, with what it shows; without one, ``caption`` says why."""

    caption: str
    svg: str | None = None


Block = Table | Paragraph | Figure


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section under a heading of its own."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A section: what stands before its parts, and its parts."""

    title: str
    anchor: str
    note: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Part, ...] = ()


def linked(section: Section, names: Mapping[str, str]) -> Section:
    """The section with every name of a thing leading to the place where that thing is told.

    :param names: the anchor of each thing by its CURIE
    """
    return replace(
        section,
        blocks=tuple(_block(block, names) for block in section.blocks),
        parts=tuple(
            replace(part, blocks=tuple(_block(block, names) for block in part.blocks)) for part in section.parts
        ),
    )


def _block(block: Block, names: Mapping[str, str]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, lines=_cell(block.lines, names))
    if isinstance(block, Table):
        rows = (replace(row, cells=tuple(_cell(given, names) for given in row.cells)) for row in block.rows)
        return replace(block, rows=tuple(rows))
    return block


def _cell(given: Cell, names: Mapping[str, str]) -> Cell:
    return tuple(_linked_line(line, names) for line in given)


def _linked_line(line: Line, names: Mapping[str, str]) -> Line:
    """A line with the names in it leading somewhere, but for what another part of the line leads to already."""
    led = {span.href for span in line if span.href}
    return tuple(part for span in line for part in _split(span, names, led))


def _split(span: Span, names: Mapping[str, str], led: Set[str]) -> Iterator[Span]:
    if span.href or span.look == "quote":
        yield span
        return
    start = 0
    for found in _CURIE.finditer(span.text):
        target = names.get(found[0]) or names.get(found[0].partition(".")[0])
        if target and f"#{target}" not in led:
            if found.start() > start:
                yield replace(span, text=span.text[start : found.start()])
            yield replace(span, text=found[0], href=f"#{target}")
            start = found.end()
    if start < len(span.text):
        yield replace(span, text=span.text[start:])
