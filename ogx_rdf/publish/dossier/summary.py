"""The one-page summary for somebody who develops drugs: drawn from the data by rules that know no drug and no trial.

What failed late comes first, with the numbers of the reports at first hand; then the early signals for the same drug
and endpoint with what keeps them from being compared; then the first mechanism asked for, with its weakest link; then
how well the documents are cited, and what to mend first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ...audit.chains import Chain
from ...audit.rules import RULES
from ...audit.sides import human
from ...audit.support import CARRIES
from ...model import Iri
from ...records import Evidence
from ...tensions import Entry
from .material import Material
from .mechanism import told_sign
from .parts import Cell, Line, Paragraph, Part, Section, Span, cell
from .trials import Trial, late
from .voices import RATIO, amount

__all__ = ["section"]

_EARLY = "early-success-late-failure"
_TELLING = ("phase", "disease", "line", "arm with the drug", "comparator", "population")
_MOST = 5
_NOTE = "Drawn from the data by fixed rules. Every statement leads to its words; what is added here is said to be."


def _rank(item: Evidence, material: Material) -> tuple[int, ...]:
    """Best first: what a work says of its own or its own trial's primary report, with an interval, of all patients."""
    work = material.records.works.get(item.origin) if item.origin else None
    kinds = ("primaryReport", "meetingAbstract", *CARRIES)
    kind = work.source_type if work and work.source_type in kinds else None
    fields = item.measurement.fields if item.measurement else {}
    return (kinds.index(kind) if kind else len(kinds), "interval" not in fields, "p" not in fields, item.origin != item.source)


def _numbers(chains: Sequence[Chain], material: Material) -> list[Evidence]:
    """The reports of hazard ratios and the like for a failed result, best first."""
    found = [
        item
        for chain in chains
        if "population" not in chain.claim.context
        for item in chain.claim.evidence
        if not item.quoted and item.stance == "supports" and item.measurement and "value" in item.measurement.fields
    ]
    return sorted(found, key=lambda item: _rank(item, material))


def _number(item: Evidence, material: Material) -> Line:
    fields = dict(item.measurement.fields) if item.measurement else {}
    told = [f"{fields.get('statistic', '')} {fields['value']}".strip() if fields.get("statistic", "").lower() == RATIO else amount(fields, material) or ""]
    told.append(fields.get("interval", "interval not stated"))
    told.append(f"p {fields['p'].removeprefix('p ')}" if "p" in fields else "p not stated")
    return (Span(", ".join(told), None, "strong"), Span(f" ({material.read(item)}) "), material.claim(item.claim))


def _cited(chains: Sequence[Chain], material: Material) -> Line:
    places = [link.evidence for chain in chains for link in chain.places]
    if not places:
        return (Span("No document states it: known from works read only.", None, "missing"),)
    item = places[0]
    return (Span("The document: "), Span(f"“{item.quote}”", None, "quote"), Span(f" {material.cited(item)} "), material.claim(item.claim))


def _failed(trials: Sequence[Trial], material: Material) -> Iterator[Line]:
    """Each late trial that failed, with its number and its citation; other late results that failed after them."""
    for trial in trials:
        failed = [chain for chain in trial.results if chain.failed]
        if not late(trial) or not failed:
            continue
        stated = [chain for chain in failed if chain.stated] or failed
        facts = "; ".join(filter(None, (trial.numbers[0][0] if trial.numbers else None, *(_first(trial, name) for name in ("phase", "disease", "line")))))
        what = dict.fromkeys((_statement(chain, material), chain.claim.iri) for chain in stated[:2])
        yield (Span(trial.name, None, "bad"), Span(f" ({facts}): "), *(part for text, iri in what for part in (Span(f"{text} "), material.claim(iri), Span(". "))))
        numbers = _numbers(failed, material)
        if numbers:
            rest = len(numbers) - 1
            more = [Span(f"; {rest} more report{'s' if rest > 1 else ''} in the trial table", "#trials")] if rest else []
            yield (Span("Report: "), *_number(numbers[0], material), *more)
        else:
            yield (Span("No number of a report was read.", None, "missing"),)
        yield _cited(stated, material)


def _first(trial: Trial, name: str) -> str | None:
    return ", ".join(dict.fromkeys(value for value, _ in trial.facts[name])) or None


def _statement(chain: Chain, material: Material) -> str:
    label = chain.claim.label.partition(" (")[0]
    return f"{label} ({human(chain.claim.polarity)}; {human(chain.claim.certainty)})"


def _early(material: Material) -> Iterator[Line]:
    """Early results that a later phase did not bear out, each early trial once, with what differs from the late ones."""
    found = [entry for entry in material.tensions.entries if entry.kinds[0] == _EARLY]
    trial = lambda entry: dict(entry.shared).get("early", "")  # noqa: E731
    for name, entries in groupby(sorted(found, key=trial), key=trial):
        group = list(entries)
        iri = material.corpus.expand(name)
        label = material.records.label(iri) if iri else name
        claims = dict.fromkeys(side.iri for entry in group for side in entry.said)
        against = dict.fromkeys(dict(entry.shared).get("late", "") for entry in group)
        names = ", ".join(material.records.label(late_iri) for late in against if (late_iri := material.corpus.expand(late)))
        yield (Span(label, None, "strong"), Span(": "), *_signals(claims, material), Span(f" Not comparable with {names}: "), Span(_why(group), None, "added"))


def _signals(claims: dict[Iri, None], material: Material) -> Iterator[Span]:
    for iri in list(claims)[:2]:
        claim = material.records.claims.get(iri)
        if claim:
            numbers = [amount(dict(e.measurement.fields), material) for e in claim.evidence if e.measurement]
            value = next((number for number in numbers if number), None)
            told = f"{material.records.label(claim.object)} {value or 'without a number'} ({human(claim.polarity)}; {human(claim.certainty)}) "
            yield from (Span(told), material.claim(iri), Span("; " if iri != list(claims)[:2][-1] else "."))


def _why(group: Sequence[Entry]) -> str:
    told: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for entry in group:
        for item in entry.differs:
            if item.what in _TELLING:
                here, there = told.setdefault(item.what, ({}, {}))
                here.update(dict.fromkeys(item.here))
                there.update(dict.fromkeys(item.there))
    parts = []
    for name in _TELLING:
        if name in told and set(told[name][0]) != set(told[name][1]):
            here, there = (", ".join(side) or "not stated" for side in told[name])
            parts.append(f"{name} {here}, later {there}")
    return "; ".join(parts[:3]) or "the settings are not told apart"


def _mechanism(material: Material) -> Iterator[Line]:
    """The first question that has an answer, its strongest chain, in a sentence."""
    for answer in material.answers:
        if answer.shown:
            chain = answer.shown[0]
            steps = [Span(f"{step.label} ({human(step.certainty)}) ") for step in chain.steps]
            told = [part for span, step in zip(steps, chain.steps, strict=True) for part in (span, material.claim(step.iri), Span("; "))][:-1]
            yield (Span("Best supported chain: ", None, "added"), *told, Span("."))
            weak = chain.weakest
            line = f"{told_sign(chain, material)}; "
            worst = [Span(f"weakest link {human(weak[1])}: {weak[0].label} ", None, "added"), material.claim(weak[0].iri)] if weak else [Span("no weak link found", None, "added")]
            yield (Span(line, None, "added"), *worst, Span(f"; {len(answer.chains)} chains in all", "#mechanism"))
            return
    yield (Span("No chain is asked for, or none is found.", None, "missing"),)


def _citations(material: Material) -> Iterator[Line]:
    totals = {name: total.value for name, total in material.audit.totals.items()}
    yield (
        Span(f"Of {totals['results']} results stated, {totals['results-primary']} cite a source that can carry a result at first hand, "),
        Span(f"{totals['results-secondary']} a review, {totals['results-cannot']} only what cannot carry one, {totals['results-uncited']} nothing. ", "#audit-results"),
    )
    yield (
        Span(f"Of {totals['references']} entries of the reference lists {totals['references-resolved']} lead to a work. ", "#audit-references"),
        Span(f"Of {totals['claims']} claims {totals['claims-supported-by-a-study']} are supported by a study that was read, {totals['claims-disputed-by-a-study']} disputed."),
    )
    for title, impact in material.impacts:
        lost = len(impact.having("lost"))
        if impact.removal.references or impact.removal.works:
            yield (Span(f"{title}: ", "#impact"), Span(f"{lost} claim{'s' if lost != 1 else ''} left with nothing, {len(impact.having('undetermined'))} undetermined."))


def _first_repairs(material: Material) -> Iterator[Line]:
    """The worst findings by rule, with the claims that they concern first, and what to do."""
    found: dict[str, list[Iri]] = {}
    for finding in material.audit.findings:
        found.setdefault(finding.rule, []).append(finding.focus)
    for rule, places in list(found.items())[:_MOST]:
        shown = [part for iri in places[:4] for part in (Span(" "), material.claim(iri))]
        more = f" and {len(places) - 4} more" if len(places) > 4 else ""
        yield (Span(f"{RULES[rule].title[0].upper()}{RULES[rule].title[1:]} ({len(places)}):", None, "strong"), *shown, Span(f"{more}. {RULES[rule].hint}"))


def _part(title: str, name: str, lines: Iterator[Line], none: str) -> Part:
    found: Cell = tuple(lines)
    return Part(title, f"summary-{name}", (Paragraph(found, listed=True) if found else Paragraph(cell(Span(none, None, "missing"))),))


def section(trials: Sequence[Trial], material: Material) -> Section:
    """The summary, one printed page long."""
    parts = (
        _part("What failed", "failed", _failed(trials, material), "No failed result of phase III or later is on record."),
        _part("Early signals, and why they are not comparable", "early", _early(material), "No early result stands against a late failure."),
        _part("Mechanism", "mechanism", _mechanism(material), ""),
        _part("How well the document is cited", "citations", _citations(material), ""),
        _part("What to fix first", "repairs", _first_repairs(material), "The audit finds nothing."),
    )
    return Section("Summary", "summary", _NOTE, (), parts)
