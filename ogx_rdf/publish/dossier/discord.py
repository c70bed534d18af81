"""The tensions: those that curators named, with both sides in full, and those that stored queries find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...audit.sides import Side, human
from ...tensions import CURATED, Difference, Entry
from ..report.parts import anchor
from .material import Material
from .parts import Cell, Line, Part, Row, Section, Span, Table, cell

__all__ = ["differences", "section"]

_COLUMNS = ("Side", "Words", "Where", "What stands behind it")


def differences(found: Iterable[Difference]) -> list[str]:
    """In which respects two sides differ, in words."""
    return [f"{item.what}: {_side(item.here)} / {_side(item.there)}" for item in found]


def _side(values: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(values)) or "not stated"


def _words(side: Side) -> Line:
    words = " … ".join(f"“{words}”" if side.quoted else words for words in side.words) or "no words recorded"
    if side.quoted:
        return (Span(words, None, "quote"),)
    return (Span(f"{'reported' if side.what == 'report' else side.what}: ", None, "soft"), Span(words))


def _where(side: Side, material: Material) -> Cell:
    name = material.curie(side.iri)
    place = side.place if side.place.startswith(name) else f"{name}: {side.place}"
    stance = f", {side.stance}" if side.stance else ""
    claim = [(Span("on "), material.claim(side.claim), Span(stance, None, "soft"))] if side.claim else []
    return cell(*claim, Span(place, None, "soft"))


def _row(name: str, side: Side, material: Material) -> Row:
    return Row((cell(name), cell(_words(side)), _where(side, material), cell(*(side.sources or ("nothing named",)))))


def _verdict(entry: Entry) -> Iterator[Row]:
    by = ", ".join(filter(None, (entry.curator, entry.date)))
    sureness = cell(Span(f"{human(entry.sureness or 'sureness not recorded')}", None, "soft"))
    yield Row((cell("difference"), cell(entry.difference), cell(f"the curator, from what was read: {by}"), sureness))
    for text in entry.inferences:
        nobody = cell(Span("added: no source says it", None, "added"))
        yield Row((cell("inferred"), cell(Span(text, None, "added")), cell("the curator's own conclusion"), nobody))
    if entry.comment:
        yield Row((cell("note"), cell(entry.comment), cell("the curator's note"), cell("nothing named")))


def _curated(entry: Entry, material: Material) -> Part:
    rows = [_row("said", side, material) for side in entry.said]
    rows += [_row("set against", side, material) for side in entry.against]
    caption = f"{', '.join(map(human, entry.kinds))}"
    table = Table(f"{entry.name}, named by a curator: {caption}", _COLUMNS, (*rows, *_verdict(entry)))
    return Part(entry.label, anchor(entry.name), (table,))


def _sides(sides: tuple[Side, ...], material: Material) -> Cell:
    lines: list[Line] = []
    for side in sides:
        lead: Line = (material.claim(side.claim), Span(" ")) if side.claim else (Span(f"{material.curie(side.iri)} "),)
        lines.append((*lead, *_words(side)))
    return cell(*lines)


def _found(query: str, entries: list[Entry], material: Material) -> Part:
    rows = []
    for entry in entries:
        told = differences(entry.differs) + list(entry.values)
        told += ["the same numbers, rounded"] if entry.rounding else []
        shared = [Span(f"both: {name.replace('_', ' ')} {value}", None, "soft") for name, value in entry.shared]
        named = ", ".join(entry.named_by)
        rows.append(
            Row(
                (
                    _sides(entry.said, material),
                    _sides(entry.against, material),
                    cell(*(told or ["no setting differs"]), *shared),
                    cell(named) if named else cell(Span("by no curator yet", None, "missing")),
                )
            )
        )
    columns = ("Here", "There", "What differs", "Named")
    table = Table(f"Found by the query {query} ({len(rows)})", columns, tuple(rows))
    return Part(f"Found: {entries[0].label}", anchor(f"found-{query}"), (table,))


def _named(curated: list[Entry]) -> Table:
    """The tensions that curators named, each by its title."""
    rows = tuple(
        Row(
            (
                cell((Span(entry.label, f"#{anchor(entry.name)}"), Span(" "), Span(entry.name, None, "soft"))),
                cell(", ".join(map(human, entry.kinds))),
                cell(human(entry.sureness or "not recorded")),
            )
        )
        for entry in curated
    )
    return Table("Tensions named by curators", ("Tension", "Kind", "How sure the curator is"), rows, empty="none named")


def _finds(found: dict[str, list[Entry]]) -> Table:
    """How much each query found, by what it looks for."""
    rows = tuple(
        Row(
            (
                cell(
                    (
                        Span(entries[0].label, f"#{anchor(f'found-{query}')}"),
                        Span(" "),
                        Span(f"query {query}", None, "soft"),
                    )
                ),
                cell(str(len(entries))),
                cell(str(sum(bool(entry.named_by) for entry in entries))),
            )
        )
        for query, entries in found.items()
    )
    numbers = ("Found", "Of these named by a curator")
    columns = ("What does not go together", *numbers)
    return Table("Tensions found by queries", columns, rows, frozenset(numbers), empty="none found")


def section(material: Material) -> Section:
    """Every tension, curated ones first; nothing is resolved."""
    curated = [entry for entry in material.tensions.entries if entry.origin == CURATED]
    found: dict[str, list[Entry]] = {}
    for entry in material.tensions.entries:
        if entry.origin != CURATED:
            found.setdefault(entry.kinds[0], []).append(entry)
    note = (
        "Nothing is resolved here, and no claim of a document is corrected. What a source says and what a curator "
        "concludes from it stand in rows of their own. What a query finds is no verdict: two numbers may differ "
        "because the settings do."
    )
    parts = [_curated(entry, material) for entry in curated]
    parts += [_found(query, entries, material) for query, entries in found.items()]
    return Section("Tensions", "tensions", note, (_named(curated), _finds(found)), tuple(parts))
