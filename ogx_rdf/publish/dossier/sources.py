"""Works with their standing and how each was read; the bibliography; every claim with its words."""

from __future__ import annotations

import re

from ...audit.chains import Chain
from ...audit.sides import human
from ...model import Iri
from ...records import Evidence, Work
from ..report.parts import anchor
from ..report.steps import headline
from .material import Material
from .parts import Block, Cell, Line, Paragraph, Part, Row, Section, Span, Table, cell
from .voices import amount

__all__ = ["claims_section", "works_data", "works_section"]

_ADDRESSES = {
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "nct": "https://clinicaltrials.gov/study/",
}
_MEASURED = ("n", "denominator", "comparator", "interval", "p", "time")
_FALLEN = ("retracted", "corrected", "superseded")
_EXTENTS = ("fullText", "abstract", "excerpt", "title")


def _extents(material: Material) -> dict[Iri, list[Evidence]]:
    found: dict[Iri, list[Evidence]] = {}
    for item in material.records.evidence.values():
        if item.source and not item.quoted:
            found.setdefault(item.source, []).append(item)
    return found


def _address(identifier: str) -> Span:
    scheme, _, local = identifier.partition(":")
    start = _ADDRESSES.get(scheme.lower())
    return Span(identifier, start + local if start and re.fullmatch(r"[\w./()<>;:+-]+", local) else None)


def _how_read(items: list[Evidence]) -> Cell:
    if not items:
        return cell(Span("not read", None, "missing"))
    extents = [word for word in _EXTENTS if any(item.extent == word for item in items)] or ["extent not recorded"]
    days = sorted({item.read_on for item in items if item.read_on})
    when = f", on {days[0]}{f' to {days[-1]}' if len(days) > 1 else ''}" if days else ""
    reports = f"{len(items)} report{'s' if len(items) > 1 else ''} from it"
    return cell(f"{', '.join(map(human, extents))}{when}", Span(reports, None, "soft"))


def _standing(work: Work, material: Material) -> Cell:
    checked = f"checked {work.standing_checked}" if work.standing_checked else "not checked"
    source = f", {work.standing_source}" if work.standing_source else ""
    look = "bad" if work.standing in _FALLEN else ""
    by = [f"replaced by {material.curie(work.replaced_by)}"] if work.replaced_by else []
    return cell(Span(work.standing, None, look), *by, *work.notices, Span(checked + source, None, "soft"))


def _row(work: Work, items: list[Evidence], material: Material) -> Row:
    label, name = material.records.label, material.curie(work.iri)
    facts = ". ".join(filter(None, (work.creator, work.date, work.venue)))
    links = [_address(identifier) for identifier in work.identifiers]
    if work.url and work.url.startswith(("http://", "https://")) and all(work.url != link.href for link in links):
        links.append(Span(work.url, work.url))
    studies = [label(study) for study in work.studies]
    return Row(
        (
            cell(
                Span(name, None, "soft"),
                Span(work.title),
                Span(facts or "author and date not recorded", None, "soft"),
                *links,
            ),
            cell(human(work.source_type or "not recorded")),
            _standing(work, material),
            _how_read(items),
            cell(*studies) if studies else cell(Span("none named", None, "missing")),
        ),
        anchor=anchor(name),
    )


def works_section(material: Material) -> Section:
    """Every work with its standing and how it was read, and the reference lists as printed."""
    read = _extents(material)
    works = sorted(
        material.records.works.values(),
        key=lambda w: (w.standing not in _FALLEN, w.iri not in read),
    )
    rows = tuple(_row(work, read.get(work.iri, []), material) for work in works)
    columns = ("Work", "Type", "Standing", "How it was read", "Study reported")
    checked = sum(work.standing != "unknown" for work in works)
    note = (
        f"{len(works)} works are on record; the standing of {checked} was checked, and {len(read)} were read, each as "
        "far as is said. A work that was not read stands here because a document cites it, or because it may be what "
        "an entry means."
    )
    lists = tuple(
        Row(
            (
                cell(f"[{entry.label}]"),
                cell(entry.content),
                cell(material.curie(entry.work) if entry.work else "no work named"),
            )
        )
        for entry in material.records.references.values()
    )
    printed = Table("The reference lists as printed", ("Entry", "As printed", "Work"), lists)
    return Section("Works and bibliography", "works", note, (Table("Works", columns, rows), printed))


def works_data(material: Material) -> list[dict[str, object]]:
    """The works as data, with how each was read."""
    read, curie = _extents(material), material.curie
    return [
        {
            "work": curie(work.iri),
            "title": work.title,
            "creator": work.creator,
            "date": work.date,
            "venue": work.venue,
            "identifiers": list(work.identifiers),
            "url": work.url,
            "source_type": work.source_type,
            "standing": work.standing,
            "standing_checked": work.standing_checked,
            "standing_source": work.standing_source,
            "notices": list(work.notices),
            "studies": [curie(study) for study in work.studies],
            "read": sorted({item.extent or "not recorded" for item in read.get(work.iri, [])}),
            "reports": [curie(item.iri) for item in read.get(work.iri, [])],
        }
        for work in material.records.works.values()
    ]


def _evidence(item: Evidence, material: Material) -> Line:
    """One piece of evidence: its words, where they stand, what is cited there, its number, what it leaves out."""
    hedge = f" (“{'”, “'.join(item.hedges)}”)" if item.hedges else ""
    manner = f"{item.stance}, {human(item.certainty)}{hedge}, {item.directness}"
    if item.quoted:
        words = Span(f"“{item.quote}”", None, "quote")
        told = [material.place(item.passage), material.cited(item), manner]
    else:
        words = Span(f"reported: {item.report}")
        where = (material.read(item), item.read_at, item.read_on and f"read on {item.read_on}", item.read_by)
        told = [*filter(None, where), manner]
    if item.measurement:
        fields = item.measurement.fields
        more = [amount(fields, material), *(f"{name} {fields[name]}" for name in _MEASURED if name in fields)]
        told.append(f"measured, {item.measurement.measure}: {', '.join(filter(None, more)) or 'no number'}")
    missing = f" Not stated there: {', '.join(map(human, item.not_stated))}." if item.not_stated else ""
    return (words, Span(f" {'; '.join(told)}.", None, "soft"), Span(missing, None, "missing"))


def _card(chain: Chain, material: Material) -> Part:
    claim, name = chain.claim, material.curie(chain.claim.iri)
    head: list[tuple[Span, ...]] = [
        (
            Span(human(claim.polarity), None, "bad" if chain.failed else "tag"),
            Span(" "),
            Span(human(claim.certainty), None, "tag"),
            Span(f" {headline(chain)}", None, "soft"),
        )
    ]
    blocks: list[Block] = [Paragraph(cell(*head))]
    lines = [_evidence(link.evidence, material) for link in chain.links]
    blocks.append(Paragraph(cell(*lines), listed=True) if lines else Paragraph(cell("No evidence is recorded.")))
    tensions = [f"{material.curie(t.iri)} {t.label}" for t in chain.tensions]
    if tensions:
        blocks.append(Paragraph(cell(Span(f"in tension: {'; '.join(tensions)}"))))
    return Part(f"{name} {claim.label}", anchor(name), tuple(blocks), failed=chain.failed)


def claims_section(material: Material) -> Section:
    """Every claim with its words, where they stand, what is cited there, and what was read."""
    note = (
        "Failed and negative results first. Words in quotation marks are the document's, verbatim; “reported” is a "
        "curator's paraphrase of a work that was read. The label, polarity and certainty are the curator's."
    )
    return Section(
        "Every claim with its words", "claims", note, (), tuple(_card(c, material) for c in material.audit.ordered())
    )
