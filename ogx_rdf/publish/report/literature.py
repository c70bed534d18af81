"""What the report says of the literature read: tensions with both sides, support counted by study, standing."""

from __future__ import annotations

from collections.abc import Iterable

from ...audit import Audit
from ...audit.chains import Chain
from ...audit.sides import Side, human, sides
from ...audit.support import SUPPORT
from ...records import Tension
from .parts import Cell, Section, Table, anchor
from .steps import lines_named, told

__all__ = ["disputed", "standing", "studies", "supported", "tensions"]

_FALLEN = ("retracted", "corrected", "superseded")


def _spoken(side: Side) -> Cell:
    words = [f"“{words}”" if side.quoted else words for words in side.words]
    lead = {"report": "reported: ", "claim": "claim: ", "work": "work: "}.get(side.what, "")
    stance = f" [{side.stance}]" if side.stance and not side.quoted else ""
    return Cell(f"{lead}{' … '.join(words) or 'no words recorded'}{stance}")


_TENSION = ("Side", "Of", "Words", "Where", "What stands behind it")


def _side(name: str, side: Side, audit: Audit) -> list[Cell]:
    curie = audit.corpus.curie
    target = anchor(curie(side.claim)) if side.claim in audit.chains and side.claim else None
    return [Cell(name), Cell(curie(side.iri), target), _spoken(side), Cell(side.place), Cell("; ".join(side.sources))]


def _tension(tension: Tension, audit: Audit) -> Table:
    said, against = sides(tension, audit.records)
    rows = [_side("said", side, audit) for side in said]
    rows += [_side("set against", side, audit) for side in against]
    by = ", ".join(filter(None, (tension.curator, tension.date)))
    own = [("difference", "what was read", tension.difference, f"the curator is {human(tension.sureness)}; {by}")]
    own += [("inferred", "the curator", text, "no source says it") for text in tension.inferences]
    own += [("note", "the curator", tension.comment, "")] if tension.comment else []
    rows += [[*map(Cell, row), Cell("")] for row in own]
    name = audit.corpus.curie(tension.iri)
    caption = f"{name} {tension.label} ({', '.join(map(human, tension.kinds))})"
    return Table(caption, _TENSION, rows, anchor=anchor(name))


def tensions(audit: Audit, chosen: Iterable[Tension] | None = None) -> Section:
    """The tensions that curators recorded (default: all), with both sides, what differs, and what is only inferred."""
    found = audit.records.tensions.values() if chosen is None else chosen
    tables = tuple(_tension(tension, audit) for tension in found)
    note = (
        "Recorded by curators; nothing is resolved here, and no claim of a document is corrected. "
        "What a source says and what a curator concludes from it stand in rows of their own."
    )
    none = (Table("Tensions", _TENSION, []),)
    return Section("tensions", "Tensions", note, tables or none)


def _row(chain: Chain, audit: Audit) -> list[Cell]:
    records, name, support = audit.records, audit.corpus.curie(chain.claim.iri), chain.support
    lines = (support.cited, support.supporting_studies, support.disputing_studies)
    return [
        Cell(name, anchor(name)),
        Cell(told(chain)),
        Cell(", ".join(records.label(iri) for iri in support.stated_by) or "no document"),
        *(Cell(lines_named(found, records) or "none") for found in lines),
    ]


_COLUMNS = ("Claim", "Statement", "Stated by", "Cited", "Supported by", "Disputed by")


def disputed(audit: Audit) -> Section:
    """The claims that a study read disputes: those of documents, then those known from works only."""
    found = [chain for chain in audit.ordered() if chain.support.disputing_studies]
    stated = [_row(chain, audit) for chain in found if chain.stated]
    others = [_row(chain, audit) for chain in found if not chain.stated]
    tables = (
        Table(f"Stated by a document, and disputed by a study ({len(stated)})", _COLUMNS, stated),
        Table(f"Known from works only, and disputed by a study ({len(others)})", _COLUMNS, others),
    )
    note = "A citation is no support. A line is a study: all works that report it count as one."
    return Section("disputed", "Disputed by a study", note, tables)


def supported(audit: Audit) -> Table:
    """The claims of documents that a study read supports, those that one disputes too among them."""
    rows = [_row(chain, audit) for chain in audit.ordered() if chain.stated and chain.support.supporting_studies]
    return Table(f"Stated by a document, and supported by a study ({len(rows)})", _COLUMNS, rows)


def studies(audit: Audit) -> Section:
    """Every claim for which literature was read, by what it amounts to."""
    tables = []
    for word, meaning in SUPPORT.items():
        if word != "notRead":
            rows = [_row(chain, audit) for chain in audit.ordered() if chain.support.word == word]
            tables.append(Table(f"{meaning[0].upper()}{meaning[1:]} ({len(rows)})", _COLUMNS, rows))
    note = "Support is counted by study, not by paper; what a document says of itself is stated, and no study."
    return Section("studies", "Support by study", note, tuple(tables), brief=False)


def standing(audit: Audit) -> Section:
    """The works that were retracted, corrected or superseded."""
    curie = audit.corpus.curie
    works = sorted(
        (work for work in audit.records.works.values() if work.standing in _FALLEN),
        key=lambda work: _FALLEN.index(work.standing),
    )
    rows = [
        [
            Cell(curie(work.iri)),
            Cell(work.title),
            Cell(work.standing + (f" by {curie(work.replaced_by)}" if work.replaced_by else "")),
            Cell("; ".join(work.notices)),
            Cell(", ".join(filter(None, (work.standing_checked, work.standing_source)))),
        ]
        for work in works
    ]
    checked = sum(work.standing != "unknown" for work in audit.records.works.values())
    note = f"Of {len(audit.records.works)} works on record the standing of {checked} was checked."
    columns = ("Work", "Title", "Standing", "Notice", "Checked")
    return Section("standing", "Works that fell", note, (Table("Works that fell", columns, rows),))
