"""The panel of early and late trials: what an early one showed, what a later one did not, and how the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...audit.sides import Side, human
from ...model import Iri
from ...records import Evidence
from ...tensions import Difference, Entry
from .material import Material
from .parts import Cell, Line, Row, Section, Span, Table, cell
from .voices import NOT_STATED, amount

__all__ = ["EARLY", "section"]

EARLY = "early-success-late-failure"
"""The stored query that finds the pairs."""
_MOST = 3


def _claims(sides: Iterable[Side], material: Material) -> list[Iri]:
    found = (side.claim or side.iri for side in sides)
    return [iri for iri in dict.fromkeys(found) if iri in material.records.claims]


def _said(item: Evidence, material: Material) -> Line:
    """What one place says, with its number and what stands behind it."""
    fields = dict(item.measurement.fields) if item.measurement else {}
    number = amount(fields, material)
    told = [Span(f"{number}: ", None, "strong")] if number else []
    if item.quoted:
        behind = Span(f" {material.cited(item)}", None, "soft")
        return (*told, Span(f"“{item.quote}”", None, "quote"), behind)
    return (*told, Span(f"reported: {item.report} "), Span(material.read(item), None, "soft"))


def _result(iri: Iri, material: Material) -> list[Line]:
    """A result with polarity and certainty, what the document says of it, and the first number that was read of it."""
    claim = material.records.claims[iri]
    bad = "bad" if claim.polarity != "positive" else ""
    head = (
        Span(f"{material.records.label(claim.object)}, "),
        Span(human(claim.polarity), None, bad),
        Span(f", {human(claim.certainty)} ", None, "soft"),
        material.claim(iri),
    )
    for_it = [item for item in claim.evidence if item.stance == "supports"]
    quoted = [item for item in for_it if item.quoted][:1]
    read = [item for item in for_it if not item.quoted]
    numbers = [item for item in read if item.measurement and "value" in item.measurement.fields]
    return [head, *(_said(item, material) for item in [*quoted, *(numbers or read)[:1]])]


def _side(curie: str, claims: Sequence[Iri], material: Material) -> Cell:
    iri = material.corpus.expand(curie)
    name = material.records.label(iri) if iri else curie or "no trial named"
    told = [line for claim in claims[:_MOST] for line in _result(claim, material)]
    rest = len(claims) - _MOST
    more = [f"and {rest} more result{'s' if rest > 1 else ''}"] if rest > 0 else []
    return cell(Span(name, None, "strong"), *told, *more)


def _differs(items: Iterable[Difference]) -> Cell:
    lines = []
    for item in items:
        if set(item.here) == set(item.there):
            continue
        parts = [Span(f"{item.what}: ", None, "soft")]
        for number, side in enumerate((item.here, item.there)):
            parts += [Span(" / ", None, "soft")] if number else []
            parts.append(Span(", ".join(side)) if side else Span(NOT_STATED, None, "missing"))
        lines.append(tuple(parts))
    return cell(*lines) if lines else cell(Span("in nothing that is told of both", None, "missing"))


def _rows(entries: Sequence[Entry], material: Material) -> Iterator[Row]:
    """A row for each late trial; an early one stands once beside all that are set against it."""
    groups: dict[tuple[str, tuple[Iri, ...]], list[Entry]] = {}
    for entry in entries:
        key = dict(entry.shared).get("early", ""), tuple(_claims(entry.said, material))
        groups.setdefault(key, []).append(entry)
    for (name, claims), found in groups.items():
        early = _side(name, claims, material)
        for place, entry in enumerate(found):
            late = _side(dict(entry.shared).get("late", ""), _claims(entry.against, material), material)
            cells = (late, _differs(entry.differs))
            yield Row(cells, continued=1) if place else Row((early, *cells), span=len(found))


def section(material: Material) -> Section:
    """Each early result beside the later ones that did not bear it out."""
    rows = tuple(_rows([entry for entry in material.tensions.entries if entry.kinds[0] == EARLY], material))
    columns = ("Early", "Late", "Differs (early / late)")
    empty = "No early result stands against a late failure."
    note = (
        "An early result and a late one are not the same question: what differs between the two trials stands beside "
        "them, and that one is set against the other is added here and said by no source."
    )
    return Section("Early and late trials", "phases", note, (Table("Early against late", columns, rows, empty=empty),))
