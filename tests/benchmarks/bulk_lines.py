"""Generated documents and claims as lines of N-Quads."""

from __future__ import annotations

from bulk_notes import ENTRIES, Note, Place, Unit
from bulk_world import BASE, DATE, EACH, LABEL, SOURCE_TYPE, TITLE, A, iri, lit, node, work

START, END, SHA256 = iri("ogx:start"), iri("ogx:end"), iri("ogx:sha256")
PART_OF, QUOTED, NOTATION = iri("dcterms:isPartOf"), iri("prov:wasQuotedFrom"), iri("skos:notation")
CONTENT, DENOTES, RESOLUTION = iri("c4o:hasContent"), iri("c4o:denotes"), iri("ogx:resolution")
LINE, SECTION, KIND, ROW = iri("ogx:line"), iri("ogx:section"), iri("ogx:passageKind"), iri("ogx:row")
MARKER, CELL, COLUMN, PRINTED, SKIPPED = (iri(f"ogx:{n}") for n in ("marker", "cell", "column", "printed", "skippedAs"))
CLASSES = ("Cell", "Claim", "Evidence", "Marker", "Measurement", "Passage", "Reference", "Tension")
CLASS = {name: (A, iri(f"ogx:{name}")) for name in CLASSES}
ECO = iri("sepio:0000398")
INTEGER = f'"^^{iri("xsd:integer")}'
SUBJECT, PREDICATE, OBJECT = iri("rdf:subject"), iri("rdf:predicate"), iri("rdf:object")
FOR, QUOTE, REPORT = iri("ogx:evidenceFor"), iri("ogx:quote"), iri("ogx:report")
SUPPORTS = [(iri("ogx:stance"), iri("ogx:supports")), (iri("ogx:directness"), iri("ogx:exact"))]
NOT_STATED = iri("ogx:doesNotState")
NUMBERLESS = [(NOT_STATED, iri(f"ogx:{field}Field")) for field in ("comparator", "interval", "p", "time")]
READ_ON = (iri("ogx:readOn"), f'"2026-03-01"^^{iri("xsd:date")}')


def whole(number: int) -> str:
    """An integer in N-Quads."""
    return f'"{number}{INTEGER}'


def document_lines(note: Note) -> list[str]:
    """A document with its passages, markers, cells and entries."""
    out: list[str] = []
    document, graph = f"{note.name}>", f"{note.name}>"
    said = [
        (A, iri("ogx:Document")),
        (SHA256, f'"{note.sha256}"'),
        (iri("ogx:length"), whole(len(note.text))),
        (iri("ogx:fileName"), f'"{note.id}.txt"'),
        (TITLE, lit(note.text.partition("\n")[0])),
        (DATE, f'"{2000 + note.number % 25}"'),
        (iri("dcterms:publisher"), '"Example Press"'),
        (iri("ogx:obtain"), '"It is generated."'),
        (SOURCE_TYPE, iri("ogx:vendorDocument")),
    ]
    node(out, document, graph, said)
    for place in note.places:
        _passage(out, place, document, graph, note.unknown)
    for label, known, words, place in note.entries:
        said = [CLASS["Reference"], (NOTATION, f'"{label}"'), (CONTENT, lit(words)), (PART_OF, document)]
        said += [(QUOTED, f"{place.name}>"), *_resolved(int(label), known, note.number % 40 == 17)]
        node(out, f"{note.name}.ref{label}>", graph, said)
    return out


def _resolved(label: int, known: int | None, unjudged: bool) -> list[tuple[str, str]]:
    """What is judged of an entry: the first six are resolved, one is lost, one is a guess."""
    if known is not None and label <= ENTRIES - 2:
        return [(RESOLUTION, iri("ogx:resolved")), (iri("ogx:denotes"), work(known))]
    said = [(SOURCE_TYPE, iri("ogx:publisherSite"))]
    if known is None or label == ENTRIES - 1:
        return said if unjudged and known is not None else [*said, (RESOLUTION, iri("ogx:unresolvable"))]
    return [*said, (RESOLUTION, iri("ogx:candidate")), (iri("ogx:mayDenote"), work(known))]


def _passage(out: list[str], place: Place, document: str, graph: str, unknown: set[str]) -> None:
    name = f"{place.name}>"
    said = [
        CLASS["Passage"],
        (PART_OF, document),
        (KIND, iri(f"ogx:{place.kind}")),
        (START, whole(place.start)),
        (END, whole(place.end)),
        (SHA256, f'"{place.sha256}"'),
        (LINE, whole(place.line)),
        (SECTION, lit(place.section)),
    ]
    if place.row is not None:
        said.append((ROW, whole(place.row)))
    if place.skipped:
        said.append((SKIPPED, iri(f"ogx:{place.skipped}")))
    said += [(MARKER, f"{place.name}.m{number}>") for number in range(1, len(place.markers) + 1)]
    said += [(CELL, f"{place.name}.c{column}>") for column, _, _ in place.cells]
    node(out, name, graph, said)
    for number, (start, end, label) in enumerate(place.markers, 1):
        said = [CLASS["Marker"], (NOTATION, f'"{label}"'), (PRINTED, f'"[{label}]"')]
        said += [(START, whole(start)), (END, whole(end))]
        if label not in unknown:
            said.append((DENOTES, f"{document[:-1]}.ref{label}>"))
        node(out, f"{place.name}.m{number}>", graph, said)
    for column, start, end in place.cells:
        said = [CLASS["Cell"], (COLUMN, whole(column)), (START, whole(start)), (END, whole(end))]
        node(out, f"{place.name}.c{column}>", graph, said)


def claim_lines(unit: Unit) -> list[str]:
    """A claim with its evidence, also that from the next document."""
    out: list[str] = []
    name = graph = f"{unit.name}>"
    said = [
        CLASS["Claim"],
        (LABEL, lit(unit.label)),
        (SUBJECT, unit.subject),
        (PREDICATE, iri(unit.relation)),
        (OBJECT, unit.object),
        (iri("ogx:polarity"), iri(f"ogx:{unit.polarity}")),
        (iri("ogx:kind"), iri(f"ogx:{unit.claim_kind}")),
        *((iri(path), value) for path, value in unit.context),
    ]
    node(out, name, graph, said)
    if unit.place is not None:
        _quoted(out, unit, graph, unit.place, unit.quote, unit.start)
    for place, words, start in unit.again:
        plain = Unit(unit.number, "again", "", "", "", "")
        _quoted(out, plain, graph, place, words, start)
    for number in unit.reports:
        _reported(out, unit, graph, number)
    return out


def evidence(unit: Unit, place: Place) -> str:
    """The name of evidence that quotes a passage, open at its end."""
    return f"{unit.name}.{place.name.rpartition('/')[2].replace('.', '-')}"


def _quoted(out: list[str], unit: Unit, graph: str, place: Place, words: str, start: int) -> None:
    name = evidence(unit, place)
    code = "eco:0000034" if not place.markers else "eco:0006016" if unit.kind == "measured" else "eco:0000033"
    said = [
        CLASS["Evidence"],
        (FOR, f"{unit.name}>"),
        *SUPPORTS,
        (iri("ogx:certainty"), iri(f"ogx:{unit.certainty}")),
        (QUOTE, lit(words)),
        (QUOTED, f"{place.name}>"),
        (START, whole(start)),
        (END, whole(start + len(words))),
        (ECO, iri(code)),
    ]
    for path, value in unit.extra:
        said.append((iri(path), value if value[0] in '<"' else iri(value)))
    _finish(out, unit, graph, name, said)


def _finish(out: list[str], unit: Unit, graph: str, name: str, said: list[tuple[str, str]]) -> None:
    """Add evidence with its measurement."""
    if unit.measured is not None:
        said += [*NUMBERLESS, (iri("ogx:measurement"), f"{name}.m>")]
    node(out, f"{name}>", graph, said)
    if unit.measured is None:
        return
    measure, value, of, statistic, n, noun = unit.measured
    said = [
        CLASS["Measurement"],
        (iri("ogx:measure"), lit(measure)),
        (iri("ogx:value"), f'"{value}"^^{iri("xsd:decimal")}'),
        (iri("ogx:unit"), iri(of)),
        (iri("ogx:statistic"), lit(statistic)),
        (iri("ogx:n"), whole(n)),
        (iri("ogx:denominator"), lit(f"{n:,} {noun}")),
    ]
    node(out, f"{name}.m>", graph, said)


def report(unit: Unit, number: int) -> str:
    """The name of evidence that reports a work, open at its end."""
    return f"{unit.name}.study-{number:06}-r01"


def _reported(out: list[str], unit: Unit, graph: str, number: int) -> None:
    words = unit.quote if unit.place is None else f"The review says that {unit.label}."
    source = work(number)
    said = [
        CLASS["Evidence"],
        (FOR, f"{unit.name}>"),
        *SUPPORTS,
        (iri("ogx:certainty"), iri("ogx:asserted")),
        (REPORT, lit(words)),
        (iri("dcterms:source"), source),
        (iri("ogx:extent"), iri("ogx:abstract")),
        (iri("ogx:readAt"), f'"{BASE}read/{number}"'),
        READ_ON,
        (ECO, iri("eco:0006016" if unit.measured else "eco:0000033")),
    ]
    if number % 3 == 0:
        said.append((iri("ogx:readBy"), '"two readers, each alone"'))
    if unit.kind == "news" and number % EACH == 2:
        said.append((iri("prov:hadPrimarySource"), work(number - number % EACH)))
    _finish(out, unit, graph, report(unit, number), said)


def tension_lines(note: Note) -> list[str]:
    """A tension between what the document says and a work: one for each document."""
    unit = next(unit for unit in note.units if unit.kind == "cited" and unit.place)
    assert unit.place is not None
    said = [
        CLASS["Tension"],
        (LABEL, lit(f"two accounts of {note.group.drug}")),
        (iri("ogx:tensionKind"), iri("ogx:addedDetail")),
        (iri("ogx:said"), f"{evidence(unit, unit.place)}>"),
        (iri("ogx:setAgainst"), work(note.number * EACH + 1)),
        (iri("ogx:difference"), lit("The one says more than the other.")),
        (iri("ogx:sureness"), iri("ogx:sure")),
        (iri("dcterms:creator"), '"Example Press"'),
        (iri("dcterms:created"), READ_ON[1]),
    ]
    out: list[str] = []
    node(out, f"<{BASE}tension/t{note.number + 1:05}>", f"<{BASE}graph/tensions>", said)
    return out
