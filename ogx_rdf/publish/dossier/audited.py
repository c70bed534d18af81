"""The citation audit inside the report: the sections of the audit report, worst entries of the reference list first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...audit.sides import human
from ...audit.totals import BIBLIOGRAPHIC, Total
from ..report import parts as audit_parts
from ..report.literature import supported
from ..report.sections import sections
from .material import Material
from .parts import Part, Row, Section, Span, Table, cell

__all__ = ["section"]

_CHOSEN = ("failed", "totals", "results", "references", "rests", "disputed", "rules", "reconciliation")
_RANK = {"unresolvable": 0, "unjudged": 0, "candidate": 1, "resolved": 2}


def _table(table: audit_parts.Table, names: dict[str, str]) -> Table:
    known = set(names.values())
    rows = []
    for row in table.rows:
        cells = [cell(Span(c.text or "none", f"#{c.anchor}" if c.anchor in known else None)) for c in row]
        rows.append(Row(tuple(cells)))
    return Table(table.caption, table.columns, tuple(rows), table.numbers)


def _references(material: Material) -> Table:
    """The entries of the reference lists with their use: those that lead nowhere first, then encyclopedia pages."""
    lines = sorted(
        material.audit.references,
        key=lambda x: (
            _RANK.get(x.reference.resolution, 0),
            x.reference.source_type != "encyclopedia",
            -len(x.sole),
            -len(x.claims),
        ),
    )
    curie, rows = material.curie, []
    for line in lines:
        entry = line.reference
        kind = f"{human(entry.source_type or 'type not recorded')}, {entry.resolution}"
        work = curie(entry.work) if entry.work else "no work named"
        numbers = (line.printed, len(line.claims), len(line.sole))
        cells = (
            cell(Span(f"[{entry.label}]", None, "strong"), Span(curie(entry.iri), None, "soft")),
            cell(Span(entry.content, None, "quote")),
            cell(kind, work),
            *(cell(str(number)) for number in numbers),
            cell(" ".join(map(curie, line.sole)) or "none"),
        )
        rows.append(Row(cells, anchor=material.names[curie(entry.iri)]))
    numbers_ = ("Printed", "Claims", "Sole support of")
    columns = ("Entry", "As printed", "What it is", *numbers_, "Claims that it alone supports")
    return Table("Entries of the reference lists, worst first", columns, tuple(rows), frozenset(numbers_))


def _totals(material: Material) -> Table:
    """All totals in one table, group by group."""
    groups: dict[str, list[Total]] = {}
    for total in material.audit.totals.values():
        groups.setdefault(total.group, []).append(total)
    rows = []
    for name, totals in groups.items():
        for place, total in enumerate(totals):
            cells = (cell(total.name), cell(str(total.value)), cell(total.definition))
            head = cell(Span(name, None, "strong"))
            rows.append(Row(cells, continued=1) if place else Row((head, *cells), span=len(totals)))
    columns = ("Of", "Total", "Number", "What is counted")
    return Table("Totals", columns, tuple(rows), frozenset({"Number"}))


def _parts(material: Material) -> Iterator[Part]:
    told = {part.anchor: part for part in sections(material.audit)}
    own = {"totals": _totals, "references": _references}
    for name in _CHOSEN:
        part = told.get(name)
        if part is None:
            continue
        if name in own:
            tables: tuple[Table, ...] = (own[name](material),)
        else:
            tables = tuple(_table(table, material.names) for table in part.tables)
        if name == "disputed":
            yield from _by_studies(tables, material)
        else:
            yield Part(part.title, f"audit-{name}", tables)


def _by_studies(disputed: Sequence[Table], material: Material) -> Iterator[Part]:
    """What documents state without a citation, and what studies support or dispute: one part for each total."""
    tables = (
        ("uncited", _uncited(material)),
        ("supported", _table(supported(material.audit), material.names)),
        *zip(("disputed", "disputed-works"), disputed, strict=True),
    )
    for name, table in tables:
        yield Part(table.caption, f"audit-{name}", (table,))


def _uncited(material: Material) -> Table:
    """What a document states without a citation, facts about itself and its reference list apart."""
    rows = []
    for chain in material.audit.ordered():
        if chain.state != "uncited" or chain.claim.kind == BIBLIOGRAPHIC:
            continue
        places = dict.fromkeys(link.evidence.passage for link in chain.places if link.evidence.passage)
        rows.append(
            Row(
                (
                    cell(material.claim(chain.claim.iri)),
                    cell(f"{chain.claim.label} ({human(chain.claim.polarity)}; {human(chain.claim.certainty)})"),
                    cell(human(chain.claim.kind)),
                    cell(*(material.place(place) for place in places)),
                )
            )
        )
    title = f"Stated by a document without a citation, bibliography apart ({len(rows)})"
    return Table(title, ("Claim", "Statement", "Kind", "Where"), tuple(rows))


def section(material: Material) -> Section:
    """Totals, failed results, results and what could carry them, entries worst first, findings by rule."""
    note = (
        "What every claim of the documents rests on. “Cited” is not “supported”: a citation says what a document leans "
        "on, not that the work says so. An audit judges the document, not the curation."
    )
    return Section("Citation audit", "audit", note, (), tuple(_parts(material)))
