"""The report in Markdown: the same sections, with drawings left to the page and told by their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..report.page import Front, escaped
from .parts import Block, Cell, Figure, Line, Section, Span, Table

__all__ = ["markdown"]


def _span(span: Span) -> str:
    text = escaped(span.text)
    if not text:
        return span.text and " "
    before, after = (" " if span.text[:1].isspace() else ""), (" " if span.text[-1:].isspace() else "")
    if span.look in ("missing", "added"):
        text = f"*{text}*"
    if span.look == "strong":
        text = f"**{text}**"
    if span.href:
        text = f"[{text}](<{span.href}>)"
    return f"{before}{text}{after}"


def _line(line: Line) -> str:
    return "".join(map(_span, line)).strip()


def _cell(given: Cell) -> str:
    return "<br>".join(filter(None, map(_line, given)))


def _table(table: Table) -> Iterator[str]:
    yield from (f"**{escaped(table.caption)}**", "")
    if not table.rows:
        yield from (escaped(table.empty), "")
        return
    yield f"| {' | '.join(map(escaped, table.columns))} |"
    yield f"| {' | '.join('---:' if name in table.numbers else '---' for name in table.columns)} |"
    for row in table.rows:
        start = ["″"] * row.continued
        mark = f'<a id="{row.anchor}"></a>' if row.anchor else ""
        yield f"| {mark}{' | '.join([*start, *map(_cell, row.cells)])} |"
    yield ""


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Figure):
        yield from (f"*{escaped(block.caption)}{': drawn in index.html' if block.svg else ''}*", "")
    elif block.listed:
        yield from (f"- {_line(line)}" for line in block.lines)
        yield ""
    else:
        for line in block.lines:
            yield from (_line(line), "")


def markdown(head: str, front: Front, sections: Sequence[Section], foot: str) -> str:
    """The whole report in Markdown."""
    lines = [f"# {head}: {escaped(front.title)}", ""]
    lines += [f"- {name}: {escaped(value)}" for name, value in front.facts]
    for number, section in enumerate(sections, 1):
        lines += [
            "",
            f'<a id="{section.anchor}"></a>',
            "",
            f"## {number}. {section.title}",
            "",
            escaped(section.note),
            "",
        ]
        lines += [line for block in section.blocks for line in _block(block)]
        for part in section.parts:
            lines += [f'<a id="{part.anchor}"></a>', "", f"### {escaped(part.title)}", ""]
            lines += [line for block in part.blocks for line in _block(block)]
    return "\n".join([*lines, escaped(foot)]) + "\n"
