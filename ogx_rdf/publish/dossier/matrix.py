"""The citation matrix: each entry of the reference lists by the sections in which it is printed."""

from __future__ import annotations

from collections import Counter

from ...audit.sides import human
from ...model import Iri
from .material import Material
from .parts import Row, Section, Span, Table, cell

__all__ = ["section"]

_NONE = "before the first section"


def _printed(material: Material) -> tuple[Counter[tuple[Iri, str]], list[str]]:
    """How often each entry is printed in each section, and the sections that print one, in order."""
    found: Counter[tuple[Iri, str]] = Counter()
    sections: dict[str, None] = {}
    for passage in material.records.passages.values():
        for marker in passage.markers:
            if marker.reference is not None:
                name = passage.section or _NONE
                found[marker.reference, name] += 1
                sections[name] = None
    return found, list(sections)


def _stands(kind: str, resolution: str) -> Span:
    bad = kind == "encyclopedia" or resolution == "unresolvable"
    return Span(f"{human(kind)}, {resolution}", None, "bad" if bad else "soft")


def section(material: Material) -> Section:
    """How often each entry is printed in each section; an empty place is a real none: it is not printed there."""
    found, names = _printed(material)
    rows = []
    for line in material.audit.references:
        entry = line.reference
        counts = [found[entry.iri, name] for name in names]
        head = cell(
            Span(f"[{entry.label}] {material.curie(entry.iri)}"),
            Span(entry.content, None, "quote"),
            _stands(entry.source_type or "type not recorded", entry.resolution),
        )
        numbers = (cell(Span(str(count), None, "strong") if count else Span("0", None, "soft")) for count in counts)
        rows.append(Row((head, *numbers, cell(str(sum(counts))))))
    totals = [sum(found[line.reference.iri, name] for line in material.audit.references) for name in names]
    if rows:
        rows.append(Row((cell(Span("all", None, "strong")), *(cell(str(n)) for n in totals), cell(str(sum(totals))))))
    numbers_ = frozenset((*names, "All"))
    table = Table("Entries by section", ("Entry", *names, "All"), tuple(rows), numbers_, "No entry is on record.")
    note = (
        "How often each entry of a list is printed in each section that prints any; [2–4] counts three times. "
        "A citation says what a passage leans on, not that the work says so."
    )
    return Section("Citation matrix", "matrix", note, (table,))
