"""Answers of the evidence table in print: totals and references as the audit prints them, tensions in brief.

At a million claims a list of everything is no answer on a terminal: text and Markdown stop after a number of rows and
say how many more there are; JSON holds all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from .. import __version__
from ..audit.sides import human
from ..errors import UsageError
from ..table import EvidenceTable
from .report.page import Front, escaped, markdown_sections, text_page
from .report.parts import Cell, Section
from .report.sections import references_section, totals_section

__all__ = ["FORMATS", "TENSIONS", "found_in", "over_budget", "render_contradictions", "render_totals"]

FORMATS = ("text", "json", "md")
SHOWN = 200
"""How many references or tensions are printed, but for JSON."""

TENSIONS = ("opposite-polarity", "opposing-relations", "disputed-claims", "hedged-here-asserted-there")
"""The tensions that a table answers, by the stored queries of the same names."""

HEAD = "Citation audit"
FOOT = "Counted from the evidence table; what each claim rests on: ogx-rdf audit without --table."

Row = Mapping[str, object]


def _refuse(format: str) -> None:
    if format not in FORMATS:
        hint = f"Available: {', '.join(FORMATS)}."
        raise UsageError("E513", f"no format {format!r} for an evidence table", hint=hint)


def _names(table: EvidenceTable, value: object) -> list[str]:
    return [table.curie(str(iri)) for iri in value] if isinstance(value, list) else []


def _front(table: EvidenceTable) -> Front:
    ledger = table.coverage()
    state = "complete" if ledger.complete else "incomplete"
    told = f"{ledger.passages} passages, {ledger.encoded} encoded, {ledger.skipped} skipped, {ledger.open} open"
    facts = (
        ("Evidence table", str(table.folder)),
        ("Changes since", str(table.manifest.generation)),
        ("Tool", f"ogx-rdf {__version__}"),
        ("Coverage", f"{state}: {told}"),
    )
    return Front(table.manifest.base, facts)


def _reference_cells(table: EvidenceTable, row: Row) -> list[Cell]:
    work = f"{table.curie(str(row['work']))} {_identifiers(row)}".strip() if row["title"] is not None else "none"
    candidates = _names(table, row["candidates"])
    maybe = f"; candidates: {', '.join(candidates)}" if candidates else ""
    words = (f"[{row['label']}]", row["content"], human(str(row["source_type"] or "not recorded")), row["resolution"])
    numbers = (row[name] for name in ("printed", "passages", "claims", "sole"))
    return [Cell(str(value)) for value in (*words, work + maybe, *numbers)]


def _identifiers(row: Row) -> str:
    found = row["identifiers"]
    return " ".join(map(str, found)) if isinstance(found, list) else ""


def _sections(table: EvidenceTable) -> list[Section]:
    totals = table.counted()
    left = totals["references"].value - SHOWN
    more = f" Those of most claims; {left} more: --format json." if left > 0 else ""
    rows = table.references(SHOWN)
    return [totals_section(totals.values()), references_section([_reference_cells(table, row) for row in rows], more)]


def _reference_dict(table: EvidenceTable, row: Row) -> dict[str, object]:
    ids = {name: table.curie(str(row[name])) if row[name] else None for name in ("reference", "document", "work")}
    return {**row, **ids, "candidates": _names(table, row["candidates"])}


def render_totals(table: EvidenceTable, format: str) -> str:
    """The totals and the reference list, in one of :data:`FORMATS`.

    :raises UsageError: for another format
    """
    _refuse(format)
    if format != "json":
        page = text_page if format == "text" else _markdown
        return "\n".join(page(HEAD, _front(table), _sections(table), FOOT)) + "\n"
    groups: dict[str, dict[str, int]] = {}
    totals = table.counted()
    for total in totals.values():
        groups.setdefault(total.group, {})[total.name] = total.value
    answer = {
        "answer": "rows" if any(table.manifest.parts["claims"].values()) else "none",
        "coverage": table.coverage().as_dict(),
        "totals": groups,
        "definitions": {total.name: total.definition for total in totals.values()},
        "rows": [_reference_dict(table, row) for row in table.references()],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _markdown(head: str, front: Front, parts: Sequence[Section], foot: str) -> Iterator[str]:
    yield from markdown_sections(head, front, parts)
    yield escaped(foot)


def over_budget(table: EvidenceTable, budget: Mapping[str, int]) -> list[str]:
    """Which totals go beyond a budget, in sentences.

    :raises UsageError: for a rule in it: a table holds no findings, and a limit is not to be passed over
    """
    totals = table.totals() if budget else {}
    for name in budget:
        if name not in totals:
            hint = "Without --table, ogx-rdf audit judges the whole budget."
            raise UsageError("E545", f"[budget] names {name!r}, which a table cannot judge", hint=hint)
    return [f"[budget] {name}: {totals[name]}, allowed {most}" for name, most in budget.items() if totals[name] > most]


def found_in(table: EvidenceTable, fail_on: Sequence[str]) -> list[str]:
    """A line for each word of ``--fail-on`` of which there is any: ``curated``, ``found``, or a kind.

    :raises UsageError: for a kind that a table does not answer
    """
    lines = []
    for word in fail_on:
        if word == "curated":
            count = table.totals()["tensions"]
        else:
            count = sum(len(table.contradictions(kind)) for kind in (TENSIONS if word == "found" else (word,)))
        if count:
            lines.append(f"--fail-on {word}: {count} tension{'s' if count != 1 else ''}")
    return lines


def _tension(table: EvidenceTable, kind: str, row: Row) -> dict[str, object]:
    nodes = {name: table.curie(str(row[name])) for name in ("claim", "subject", "object") if row.get(name)}
    sides = {side: _names(table, row[side]) for side in ("here", "there")}
    told = {name: value for name, value in row.items() if name.endswith("_setting")}
    return {"origin": "found", "told_by": f"found by {kind}", "kind": kind, **sides, **told, **nodes}


def render_contradictions(table: EvidenceTable, format: str, kind: str | None = None) -> str:
    """The tensions that a table answers, in one of :data:`FORMATS`.

    :param kind: one of those that :meth:`~ogx_rdf.table.EvidenceTable.contradictions` knows; default :data:`TENSIONS`
    :raises UsageError: for another format or kind
    """
    _refuse(format)
    found = {name: table.contradictions(name) for name in ([kind] if kind else TENSIONS)}
    if format == "json":
        rows = [_tension(table, name, row) for name, rows in found.items() for row in rows]
        answer = {
            "answer": "rows" if rows else "none",
            "coverage": table.coverage().as_dict(),
            "totals": {name: len(rows) for name, rows in found.items()},
            "rows": rows,
        }
        return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    lines = _lines(table, found) if format == "text" else _marked(table, found)
    return "\n".join(lines) + "\n"


def _counts(found: Mapping[str, Sequence[Row]]) -> str:
    return ", ".join(f"{len(rows)} {name}" for name, rows in found.items())


def _told(table: EvidenceTable, rows: Sequence[Row]) -> Iterator[list[str]]:
    """The two sides of each row, every node with the words and polarity of its claim."""
    nodes = [str(iri) for row in rows for side in ("here", "there") for iri in _list(row[side])]
    labels = table.labels(nodes)
    for row in rows:
        sides = []
        for side in ("here", "there"):
            names = [str(iri) for iri in _list(row[side])]
            said = dict.fromkeys(labels.get(iri, "not there") for iri in names)
            sides.append(f"{', '.join(map(table.curie, names))} {'; '.join(said)}")
        yield sides


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _lines(table: EvidenceTable, found: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    yield f"Tensions found in the evidence table: {_counts(found)}"
    for name, rows in found.items():
        for here, there in _told(table, rows[:SHOWN]):
            yield from ("", f"found by {name}", f"  here: {here}", f"  there: {there}")
        if len(rows) > SHOWN:
            yield from ("", f"{len(rows) - SHOWN} more found by {name}: --format json")
    yield from ("", "With their words, and with the tensions that curators named: ogx-rdf tensions without --table.")


def _marked(table: EvidenceTable, found: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    yield from (f"# Tensions: {escaped(table.manifest.base)}", "", f"{_counts(found)}.")
    for name, rows in found.items():
        yield from ("", f"## Found by {name}", "")
        for here, there in _told(table, rows[:SHOWN]):
            yield from (f"- **here** {escaped(here)}", f"  **there** {escaped(there)}")
        if len(rows) > SHOWN:
            yield f"- {len(rows) - SHOWN} more: --format json"
