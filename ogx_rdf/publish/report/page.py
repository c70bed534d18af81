"""How a report looks: a first page and sections, as text for a terminal, as Markdown, or as one HTML file.

The first page says what was looked at: documents with their digests, digest and version of the graph, version of the
tool, date.  With the date given (or SOURCE_DATE_EPOCH set) the same corpus gives the same bytes.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ... import __version__
from ...audit import Audit
from ...errors import UsageError
from ..build import digest
from .parts import Cell, Section, Table

__all__ = ["Front", "about", "escaped", "front_of", "html_page", "markdown_sections", "one_line", "text_page"]

WIDTH = 118
NUMERIC_WIDTH = 9


@dataclass(frozen=True, slots=True)
class Front:
    """The facts of the first page."""

    title: str
    facts: tuple[tuple[str, str], ...]


def _day(given: str | None) -> str:
    """The date of a report: as given, else from SOURCE_DATE_EPOCH, else today (UTC)."""
    if given is not None:
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date().isoformat()
    except (ValueError, OverflowError, OSError) as exc:
        hint = "Give seconds since 1970, or unset it."
        raise UsageError("E516", f"SOURCE_DATE_EPOCH is no date: {epoch!r}", hint=hint) from exc


def front_of(audit: Audit, day: str | None) -> Front:
    """The first page of a report on a corpus.

    :param day: the date to print (ISO); default SOURCE_DATE_EPOCH, else today
    """
    corpus, ledger = audit.corpus, audit.coverage
    facts = []
    for document in audit.documents:
        facts.append(("Document", f"{document.title} ({corpus.curie(document.iri)})"))
        hand = "text at hand" if document.iri in audit.at_hand else "recorded text not at hand, quotes not compared"
        facts.append(("Document SHA-256", f"{document.sha256 or 'not recorded'} ({hand})"))
    state = "complete" if ledger.complete else "incomplete"
    facts += [
        ("Graph version", corpus.config.version),
        *([("Graph SHA-256", digest(corpus))] if audit.alone is None else []),
        ("Tool", f"ogx-rdf {__version__}"),
        ("Date", _day(day)),
        (
            "Coverage",
            f"{state}: {ledger.passages} passages, {ledger.encoded} encoded, {ledger.skipped} skipped, "
            f"{ledger.open} open",
        ),
        *(("Reconciliation", item.text) for item in audit.reconciliations),
    ]
    return Front(corpus.config.title, tuple(facts))


def about(audit: Audit, front: Front) -> dict[str, object]:
    """The first page as a JSON object."""
    facts = dict(front.facts)
    documents = [
        {"document": audit.corpus.curie(item.iri), "title": item.title, "sha256": item.sha256}
        for item in audit.documents
    ]
    return {
        "title": front.title,
        "documents": documents,
        "graph_version": facts["Graph version"],
        "graph_sha256": facts["Graph SHA-256"],
        "tool": facts["Tool"],
        "date": facts["Date"],
    }


def one_line(text: str) -> str:
    """A text with its white space run together."""
    return " ".join(text.split())


def _text_table(table: Table) -> Iterator[str]:
    """A table whose columns are as wide as their text allows; long text wraps in its column."""
    columns = range(len(table.columns))
    heads = [max(map(len, name.split())) if name in table.numbers else len(name) for name in table.columns]
    needed = [max(heads[i], *(len(one_line(row[i].text)) for row in table.rows)) for i in columns]
    widths = _fit(needed, WIDTH - 2 * (len(needed) - 1))
    for cells in [
        list(table.columns),
        ["-" * width for width in widths],
        *([c.text for c in row] for row in table.rows),
    ]:
        wrapped = [textwrap.wrap(one_line(cell), width) or [""] for cell, width in zip(cells, widths, strict=True)]
        for number in range(max(map(len, wrapped))):
            parts = []
            for i in columns:
                part = wrapped[i][number] if number < len(wrapped[i]) else ""
                right = table.columns[i] in table.numbers
                parts.append(part.rjust(widths[i]) if right else part.ljust(widths[i]))
            yield "  ".join(parts).rstrip()


def _fit(needed: Sequence[int], room: int) -> list[int]:
    """Widths that fit: narrow columns keep theirs, wide ones share what is left."""
    widths = list(needed)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= NUMERIC_WIDTH:
            break
        others = sorted(widths)
        step = max(1, min(widths[widest] - others[-2] if len(others) > 1 else 1, sum(widths) - room))
        widths[widest] -= step
    return widths


def text_page(head: str, front: Front, parts: Sequence[Section], foot: str) -> Iterator[str]:
    """The lines of a report for a terminal: the first page, the brief sections, a last line."""
    yield f"{head}: {front.title}"
    for name, value in front.facts:
        yield f"  {name + ':':18}{value}"
    for part in parts:
        if not part.brief:
            continue
        yield from ("", part.title.upper(), *textwrap.wrap(part.note, WIDTH))
        for table in part.tables:
            if len(part.tables) > 1 or table.caption != part.title:
                yield from textwrap.wrap(table.caption, WIDTH)
            yield from _text_table(table) if table.rows else ["none"]
    yield from ("", foot)


_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\|*_`<>#[]~"})


def escaped(text: str) -> str:
    """A text for Markdown, on one line, in which nothing is markup."""
    return one_line(text).translate(_MARKDOWN)


def _linked(cell: Cell) -> str:
    text = escaped(cell.text)
    return f"[{text}](#{cell.anchor})" if cell.anchor and not cell.text.startswith("[") else text


def _md_table(table: Table) -> Iterator[str]:
    if table.anchor:
        yield from (f'<a id="{table.anchor}"></a>', "")
    yield f"**{escaped(table.caption)}**"
    yield ""
    if not table.rows:
        yield "none"
        return
    yield f"| {' | '.join(map(escaped, table.columns))} |"
    yield f"| {' | '.join('---:' if name in table.numbers else '---' for name in table.columns)} |"
    for row in table.rows:
        yield f"| {' | '.join(map(_linked, row))} |"


def markdown_sections(head: str, front: Front, parts: Sequence[Section]) -> Iterator[str]:
    """The lines of a report in Markdown: the first page and all sections."""
    yield from (f"# {head}: {escaped(front.title)}", "")
    yield from (f"- {name}: {escaped(value)}" for name, value in front.facts)
    for part in parts:
        yield from ("", f"## {part.title}", "")
        if part.note:
            yield from (escaped(part.note), "")
        for table in part.tables:
            yield from (*_md_table(table), "")


def html_page(template: str, front: Front, parts: Sequence[Section], **more: object) -> str:
    """A report as one HTML file that needs nothing else.

    :param template: a file of ``publish/templates``; it gets ``front``, ``sections`` and what ``more`` holds
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(front=front, sections=parts, **more)
