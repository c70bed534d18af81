"""The audit as a report: text for a terminal, Markdown, JSON, or one HTML file that needs nothing else.

The first page says what was audited: documents with their digests, digest and version of the graph,
version of the tool, date.  With the date given (or SOURCE_DATE_EPOCH set) the same corpus gives the same bytes.
"""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ... import __version__
from ...audit import Audit
from ...audit.chains import Chain
from ...errors import UsageError
from ..build import digest
from .sections import Cell, Section, Step, Table, anchor, headline, human, own_findings, sections, steps, told

__all__ = ["FORMATS", "render_audit", "render_chain"]

FORMATS = ("text", "md", "json", "html")
WIDTH = 118
NUMERIC_WIDTH = 9


@dataclass(frozen=True, slots=True)
class _Front:
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


def _front(audit: Audit, day: str | None) -> _Front:
    corpus, ledger = audit.corpus, audit.coverage
    at_hand = {item.document: item.status != "not reconciled" for item in audit.reconciliations}
    facts = []
    for document in audit.records.documents.values():
        facts.append(("Document", f"{document.title} ({corpus.curie(document.iri)})"))
        hand = "text at hand" if at_hand.get(document.iri) else "recorded text not at hand, quotes not compared"
        facts.append(("Document SHA-256", f"{document.sha256 or 'not recorded'} ({hand})"))
    state = "complete" if ledger.complete else "incomplete"
    facts += [
        ("Graph version", corpus.config.version),
        ("Graph SHA-256", digest(corpus)),
        ("Tool", f"ogx-rdf {__version__}"),
        ("Date", _day(day)),
        (
            "Coverage",
            f"{state}: {ledger.passages} passages, {ledger.encoded} encoded, {ledger.skipped} skipped, "
            f"{ledger.open} open",
        ),
        *(("Reconciliation", item.text) for item in audit.reconciliations),
    ]
    return _Front(corpus.config.title, tuple(facts))


def _about(audit: Audit, front: _Front) -> dict[str, object]:
    facts = dict(front.facts)
    documents = [
        {"document": audit.corpus.curie(item.iri), "title": item.title, "sha256": item.sha256}
        for item in audit.records.documents.values()
    ]
    return {
        "title": front.title,
        "documents": documents,
        "graph_version": facts["Graph version"],
        "graph_sha256": facts["Graph SHA-256"],
        "tool": facts["Tool"],
        "date": facts["Date"],
    }


def _refuse(format: str) -> UsageError:
    return UsageError("E513", f"no report format {format!r}", hint=f"Available: {', '.join(FORMATS)}.")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text_table(table: Table) -> Iterator[str]:
    """A table whose columns are as wide as their text allows; long text wraps in its column."""
    columns = range(len(table.columns))
    heads = [max(map(len, name.split())) if name in table.numbers else len(name) for name in table.columns]
    needed = [max(heads[i], *(len(_one_line(row[i].text)) for row in table.rows)) for i in columns]
    widths = _fit(needed, WIDTH - 2 * (len(needed) - 1))
    for cells in [
        list(table.columns),
        ["-" * width for width in widths],
        *([c.text for c in row] for row in table.rows),
    ]:
        wrapped = [textwrap.wrap(_one_line(cell), width) or [""] for cell, width in zip(cells, widths, strict=True)]
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


def _text(front: _Front, parts: Sequence[Section]) -> Iterator[str]:
    yield f"Citation audit: {front.title}"
    for name, value in front.facts:
        yield f"  {name + ':':18}{value}"
    for part in parts:
        if not part.brief:
            continue
        yield from ("", part.title.upper(), *textwrap.wrap(part.note, WIDTH))
        for table in part.tables:
            if len(part.tables) > 1 or table.caption != part.title:
                yield table.caption
            yield from _text_table(table) if table.rows else ["none"]
    yield from ("", "Each claim with its words: --format html, md or json; one chain in full: --claim ID.")


_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\|*_`<>#[]~"})


def _escaped(text: str) -> str:
    return _one_line(text).translate(_MARKDOWN)


def _linked(cell: Cell) -> str:
    text = _escaped(cell.text)
    return f"[{text}](#{cell.anchor})" if cell.anchor and not cell.text.startswith("[") else text


def _md_table(table: Table) -> Iterator[str]:
    yield f"**{_escaped(table.caption)}**"
    yield ""
    if not table.rows:
        yield "none"
        return
    yield f"| {' | '.join(map(_escaped, table.columns))} |"
    yield f"| {' | '.join('---:' if name in table.numbers else '---' for name in table.columns)} |"
    for row in table.rows:
        yield f"| {' | '.join(map(_linked, row))} |"


def _md_chain(audit: Audit, chain: Chain) -> Iterator[str]:
    name = audit.corpus.curie(chain.claim.iri)
    yield from ("", f'<a id="{anchor(name)}"></a>', "", f"### {name} {_escaped(told(chain))}", "")
    yield from (f"{_escaped(headline(chain))}.", "")
    for link in chain.links:
        for step in steps(link, audit.records):
            indent = "  " * (step.depth + (step.name != "evidence"))
            yield f"{indent}- {step.name}: {_escaped(step.text)} — *{_escaped(step.verdict)}*"
    yield from (f"- finding: {_escaped(line)}" for line in own_findings(audit, chain))


def _markdown(front: _Front, parts: Sequence[Section], audit: Audit) -> Iterator[str]:
    yield from (f"# Citation audit: {_escaped(front.title)}", "")
    yield from (f"- {name}: {_escaped(value)}" for name, value in front.facts)
    for part in parts:
        yield from ("", f"## {part.title}", "")
        if part.note:
            yield from (_escaped(part.note), "")
        for table in part.tables:
            yield from (*_md_table(table), "")
    yield from ("", "## Every claim")
    for chain in audit.ordered():
        yield from _md_chain(audit, chain)


def _html(front: _Front, parts: Sequence[Section], audit: Audit, chains: Sequence[Chain]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    cards = [
        {
            "name": audit.corpus.curie(chain.claim.iri),
            "anchor": anchor(audit.corpus.curie(chain.claim.iri)),
            "label": chain.claim.label,
            "polarity": human(chain.claim.polarity),
            "failed": chain.failed,
            "certainty": chain.claim.certainty,
            "headline": headline(chain),
            "evidence": [steps(link, audit.records) for link in chain.links],
            "findings": own_findings(audit, chain),
        }
        for chain in chains
    ]
    return environment.get_template("audit.html").render(front=front, sections=parts, cards=cards)


def render_audit(audit: Audit, format: str, *, day: str | None = None) -> str:
    """The whole audit as a report.

    :param format: one of :data:`FORMATS`; ``text`` leaves out the single claims, the others hold them all
    :param day: the date to print (ISO); default SOURCE_DATE_EPOCH, else today
    :raises UsageError: for another format
    """
    if format not in FORMATS:
        raise _refuse(format)
    front = _front(audit, day)
    if format == "json":
        return json.dumps({**audit.as_dict(), "about": _about(audit, front)}, ensure_ascii=False, indent=2) + "\n"
    parts = sections(audit)
    if format == "html":
        return _html(front, parts, audit, audit.ordered())
    return "\n".join(_text(front, parts) if format == "text" else _markdown(front, parts, audit)) + "\n"


def _text_chain(audit: Audit, chain: Chain) -> Iterator[str]:
    yield f"{audit.corpus.curie(chain.claim.iri)} {told(chain)}"
    yield f"  {headline(chain)}"
    for link in chain.links:
        yield ""
        yield from (_text_step(step) for step in steps(link, audit.records))
    lines = own_findings(audit, chain)
    if lines:
        yield from ("", *(f"  {line}" for line in lines))


def _text_step(step: Step) -> str:
    lead = "  " if step.name == "evidence" else f"    {'  ' * step.depth}-> "
    return f"{lead}{step.name}: {_one_line(step.text)} [{step.verdict}]"


def render_chain(audit: Audit, chain: Chain, format: str, *, day: str | None = None) -> str:
    """One chain in full, from the claim to the source types.

    :raises UsageError: for a format that is not in :data:`FORMATS`
    """
    if format not in FORMATS:
        raise _refuse(format)
    if format == "json":
        findings = [f.as_dict() for f in audit.findings if f.focus == chain.claim.iri]
        answer = {"answer": "rows", "coverage": audit.coverage.as_dict(), "rows": [chain.as_dict(audit.records)]}
        return json.dumps({**answer, "findings": findings}, ensure_ascii=False, indent=2) + "\n"
    if format == "html":
        return _html(_front(audit, day), [], audit, [chain])
    return "\n".join(_text_chain(audit, chain) if format == "text" else _md_chain(audit, chain)).lstrip("\n") + "\n"
