"""Who says what of a result: the documents in their own words, the works that were read, each with its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...audit.chains import Chain
from ...audit.sides import human
from ...records import Evidence
from .material import Material
from .parts import Cell, Line, Span, cell

__all__ = [
    "NOT_READ",
    "NOT_STATED",
    "RATIO",
    "Voice",
    "amount",
    "claim_cell",
    "led",
    "missing",
    "said",
    "unit_name",
    "unit_symbol",
    "voices",
    "with_unit",
]

NOT_STATED = "not stated"
NOT_READ = "not read"
RATIO = "hazard ratio"


@dataclass(frozen=True, slots=True)
class Voice:
    """One place that speaks to a claim, or the lack of one.

    :param side: ``document`` or ``work``
    :param item: the evidence; None where no place speaks, and then ``absent`` says why
    """

    side: str
    item: Evidence | None
    absent: str = NOT_STATED

    def field(self, name: str) -> str | None:
        """A field of its measurement as worded, or None."""
        measured = self.item.measurement if self.item else None
        return measured.fields.get(name) if measured else None

    def as_dict(self, material: Material) -> dict[str, object]:
        """Who speaks, and with which words from where, as a JSON object."""
        item, curie = self.item, material.curie
        if item is None:
            return {"evidence": None, "says": self.absent}
        return {
            "evidence": curie(item.iri),
            "stance": item.stance,
            "directness": item.directness,
            "certainty": item.certainty,
            "says": item.quote or item.report,
            "verbatim": item.quoted,
            "passage": curie(item.passage.iri) if item.passage else None,
            "citation": material.cited(item) if item.quoted else None,
            "source": curie(item.source) if item.source else None,
            "result_of": curie(item.origin) if item.origin else None,
            "extent": item.extent,
        }


def voices(chain: Chain, material: Material) -> tuple[Voice, ...]:
    """Every place that speaks to a claim, the documents first; on each side at least one, if only to say there is none.

    That no document states it may be said only where every passage was read.
    """
    quoted = [Voice("document", link.evidence) for link in chain.links if link.evidence.quoted]
    reported = [Voice("work", link.evidence) for link in chain.links if not link.evidence.quoted]
    silent = NOT_STATED if material.audit.coverage.complete else NOT_READ
    return (*(quoted or [Voice("document", None, silent)]), *(reported or [Voice("work", None, NOT_READ)]))


def missing(voice: Voice) -> Span:
    """What stands in a cell for which a place gives nothing."""
    return Span(voice.absent, None, "missing")


_UNITS = {"PERCENT": "%", "MO": "months", "HR": "hours", "MilliGM": "mg", "UNITLESS": "", "NUM": ""}


def unit_symbol(name: str) -> str:
    """A unit as its symbol or its usual word, else by its local name; nothing for a mere number.

    :param name: its prefixed name or its IRI
    """
    local = name.rpartition(":")[2].rpartition("/")[2]
    return _UNITS.get(local, local)


def unit_name(iri: str, material: Material) -> str:
    """A unit as its symbol or its usual word, else by its local name."""
    return unit_symbol(material.curie(iri))


def with_unit(value: str, unit: str) -> str:
    """A value with its unit: ``88%``, ``15.8 months``, ``0.93``.

    :param unit: the symbol or word of the unit
    """
    return f"{value}{'' if unit == '%' else ' '}{unit}".strip()


def led(text: str, field: str) -> str:
    """A value with the name of its field before it, unless it is worded with that name already (``p .207``)."""
    return text if re.search(rf"\b{re.escape(field)}\b", text, re.IGNORECASE) else f"{field} {text}"


def amount(fields: Mapping[str, str], material: Material) -> str | None:
    """A value with unit and statistic, as in "15.8 months (median)"; None where there is no value."""
    if "value" not in fields:
        return None
    unit = unit_name(fields["unit"], material) if "unit" in fields else "unit not stated"
    value = with_unit(fields["value"], unit)
    return f"{value} ({fields['statistic']})" if "statistic" in fields else value


def said(voice: Voice, material: Material) -> tuple[Cell, Cell]:
    """Who speaks, and with which words from which place."""
    item = voice.item
    if item is None:
        name = "the documents" if voice.side == "document" else "works read"
        why = "no passage states it" if voice.absent == NOT_STATED else "nothing was read for it"
        return cell(name), cell(Span(why, None, "missing"))
    return cell(_speaker(item, material)), cell(*_words(item, material))


def _speaker(item: Evidence, material: Material) -> Line:
    if item.quoted:
        document = item.passage.document if item.passage else None
        return (Span("document ", None, "soft"), Span(material.records.label(document) if document else "unknown"))
    return (Span(material.read(item)),)


def _words(item: Evidence, material: Material) -> Iterator[Line]:
    stance = "" if item.stance == "supports" else f"{item.stance}; "
    hedge = f" (“{'”, “'.join(item.hedges)}”)" if item.hedges else ""
    manner = Span(f"{stance}{human(item.certainty)}{hedge}, {item.directness}", None, "soft")
    if item.quoted:
        yield (Span(f"“{item.quote}”", None, "quote"),)
        yield (Span(material.place(item.passage), None, "soft"),)
        yield (Span(material.cited(item)),)
    else:
        yield (Span("reported: ", None, "soft"), Span(item.report or ""))
    yield (manner,)


def claim_cell(chain: Chain, material: Material, *lines: str) -> Cell:
    """A claim by its name, polarity and certainty, after lines that say what it is about."""
    claim = chain.claim
    tone = "bad" if chain.failed else "soft"
    told = (material.claim(claim.iri), Span(" "), Span(human(claim.polarity), None, tone))
    return cell(Span(lines[0], None, "strong"), *lines[1:], (*told, Span(f", {human(claim.certainty)}", None, "soft")))
