"""The one-page summary for somebody who develops drugs: drawn from the data by rules that know no drug and no trial.

What failed late comes first, with the numbers of the reports at first hand; then the early signals for the same drug
and endpoint with what keeps them from being compared; then the first mechanism asked for, with its weakest link; then
how well the documents are cited, and what to mend first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...audit.chains import Chain
from ...audit.rules import RULES
from ...audit.sides import human
from ...audit.support import CARRIES
from ...mechanism.answers import PathAnswer
from ...mechanism.chains import Chain as Way
from ...model import Iri
from ...namespaces import OGX
from ...records import Evidence
from ...tensions import Entry
from .material import Material
from .mechanism import told_settings, told_sign
from .parts import Cell, Line, Paragraph, Part, Section, Span, cell
from .phases import EARLY
from .trials import Trial, late
from .voices import RATIO, amount, led

__all__ = ["Failure", "failures", "section"]

_TELLING = ("disease", "line", "arm with the drug", "arm without the drug", "comparator", "population")
_MOST = 5
_QUESTIONS = 2
_NOTE = "Drawn from the data by fixed rules. Every statement leads to its words; what is added here is said to be."


def _rank(item: Evidence, material: Material) -> tuple[int, ...]:
    """Best first: what a work says of its own or its own trial's primary report, with an interval, of all patients."""
    work = material.records.works.get(item.origin) if item.origin else None
    kinds = ("primaryReport", "meetingAbstract", *CARRIES)
    kind = work.source_type if work and work.source_type in kinds else None
    fields = item.measurement.fields if item.measurement else {}
    return (
        kinds.index(kind) if kind else len(kinds),
        "interval" not in fields,
        "p" not in fields,
        item.origin != item.source,
    )


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
    told = [
        f"{fields.get('statistic', '')} {fields['value']}".strip()
        if fields.get("statistic", "").lower() == RATIO
        else amount(fields, material) or ""
    ]
    told.append(fields.get("interval", "interval not stated"))
    told.append(led(fields.get("p", "not stated"), "p"))
    return (Span(", ".join(told), None, "strong"), Span(f" ({material.read(item)}) "), material.claim(item.claim))


def _cited(chains: Sequence[Chain], material: Material) -> Line:
    places = [link.evidence for chain in chains for link in chain.places]
    if not places:
        return (Span("No document states it: known from works read only.", None, "missing"),)
    item = places[0]
    return (Span(f"“{item.quote}”", None, "quote"), Span(f" {material.cited(item)}."))


@dataclass(frozen=True, slots=True)
class Failure:
    """A late trial that failed.

    :param trial: its IRI
    :param facts: its registry number, phase, disease and line, as far as they are told
    :param told: what is said of the endpoint, with the claims
    :param report: the number of the best report that was read, and of what kind that is
    :param cited: the words of the document, and what they cite
    """

    trial: Iri
    name: str
    facts: str
    told: Line
    report: Line
    cited: Line


def failures(trials: Sequence[Trial], material: Material) -> Iterator[Failure]:
    """Each late trial that failed, with its number and its citation."""
    real = set(material.records.nodes.members(OGX.Trial))
    for trial in trials:
        failed = [chain for chain in trial.results if chain.failed]
        if not late(trial) or not failed or trial.iri not in real:
            continue
        stated = [chain for chain in failed if chain.stated] or failed
        number = next((n for n, to in trial.numbers if to), trial.numbers[0][0] if trial.numbers else None)
        facts = "; ".join(filter(None, (number, *(_first(trial, name) for name in ("phase", "disease", "line")))))
        what = dict.fromkeys((_statement(chain), chain.claim.iri) for chain in stated[:2])
        told = tuple(part for text, iri in what for part in (Span(f" {text} "), material.claim(iri), Span(".")))
        numbers = _numbers(failed, material)
        report: Line = (Span("No number of a report was read.", None, "missing"),)
        if numbers:
            rest = len(numbers) - 1
            more = [Span("; "), Span(f"{rest} more in the trial table", "#trials")] if rest else []
            report = (*_number(numbers[0], material), *more, Span("."))
        yield Failure(trial.iri, trial.name, facts, told, report, _cited(stated, material))


def _failed(trials: Sequence[Trial], material: Material) -> Iterator[Line]:
    for found in failures(trials, material):
        lead = (Span(found.name, None, "bad"), Span(f" ({found.facts})."))
        yield (*lead, *found.told, *_after("Report:", found.report), *_after("The document:", found.cited))


def _after(words: str, line: Line) -> Line:
    """A line that goes on from another, after words that say what it is; what is missing says so itself."""
    return (Span(" " if line[0].look == "missing" else f" {words} "), *line)


def _first(trial: Trial, name: str) -> str | None:
    return ", ".join(dict.fromkeys(value for value, _ in trial.facts[name])) or None


def _statement(chain: Chain) -> str:
    label = chain.claim.label.partition(" (")[0]
    return f"{label} ({human(chain.claim.polarity)}; {human(chain.claim.certainty)})"


def _early(material: Material) -> Iterator[Line]:
    """Early results that a later phase did not bear out, each early trial once, with what differs later."""
    found: dict[str, list[Entry]] = {}
    for entry in material.tensions.entries:
        if entry.kinds[0] == EARLY:
            found.setdefault(dict(entry.shared).get("early", ""), []).append(entry)
    for name, entries in found.items():
        claims = list(dict.fromkeys(side.iri for entry in entries for side in entry.said))
        why = dict.fromkeys(filter(None, (_why(entry, material) for entry in entries)))
        lead = (Span(_name(name, material), None, "strong"), Span(": "), *_signals(claims[:2], material))
        yield (*lead, Span(f" Later trials differ, beside their phase: {'; '.join(why)}.", None, "added"))


def _name(curie: str, material: Material) -> str:
    iri = material.corpus.expand(curie)
    return material.records.label(iri) if iri else curie


def _signals(claims: Sequence[Iri], material: Material) -> Iterator[Span]:
    for claim in (material.records.claims[iri] for iri in claims if iri in material.records.claims):
        numbers = [amount(dict(e.measurement.fields), material) for e in claim.evidence if e.measurement]
        value = next((number for number in numbers if number), "without a number")
        surely = f"({human(claim.polarity)}; {human(claim.certainty)})"
        yield Span(f"{material.records.label(claim.object)} {value} {surely} ")
        yield from (material.claim(claim.iri), Span(". "))


def _why(entry: Entry, material: Material) -> str | None:
    """A late trial with the settings in which it differs from the early one, as they are told of it."""
    late_one = material.corpus.expand(dict(entry.shared).get("late", ""))
    if late_one not in material.records.nodes.members(OGX.Trial):
        return None
    told = {item.what: item for item in entry.differs if set(item.here) != set(item.there)}
    parts = [
        f"{name} {', '.join(dict.fromkeys(told[name].there)) or 'not stated'}"
        f"{'' if told[name].here else ' (early: not stated)'}"
        for name in _TELLING
        if name in told
    ]
    return f"{material.records.label(late_one)} in {', '.join(parts[:2]) or 'nothing else that is told of both'}"


def _mechanism(material: Material) -> Iterator[Line]:
    """The first questions that chains of several steps answer: of each the best such chain, in a sentence."""
    for answer in [answer for answer in material.answers if _several(answer, material)][:_QUESTIONS]:
        chain = _several(answer, material)[0]
        ends = f"{material.records.label(answer.start)} to {material.records.label(answer.end)}"
        told = [Span(f"From {ends}, the best supported chain of several steps: ", None, "added")]
        for step in chain.steps:
            told += [Span(f"{step.label} (positive; {human(step.certainty)}) "), material.claim(step.iri), Span("; ")]
        told.append(Span(f"{told_sign(chain, material)}; ", None, "added"))
        weak = chain.weakest
        named = f"weakest link {human(weak[1])}, {material.curie(weak[0].iri)}" if weak else "no weak link found"
        caveats = "".join(f"; {text}" for text in (told_settings(chain, material), _again(chain, material)) if text)
        told.append(Span(f"{named}{caveats}", None, "added"))
        count = f"{len(answer.chains)} chain{'s' if len(answer.chains) > 1 else ''} in all"
        yield (*told, Span("; "), Span(count, "#mechanism"))


def _several(answer: PathAnswer, material: Material) -> list[Way]:
    """The chains of several steps: first those in one setting that do not come back, then those with a net sign.

    After that by their weakest link, strongest first, as they come.
    """

    def behind(way: Way) -> tuple[bool, bool]:
        return bool(way.settings) or bool(_again(way, material)), bool(way.reasons)

    return sorted((way for way in answer.chains if len(way.steps) > 1), key=behind)


def _again(way: Way, material: Material) -> str:
    """To which thing a chain comes back after it has left it, as itself, a form or an aspect of it; mostly to none."""
    nodes = material.records.nodes
    passed: dict[Iri, Iri] = {}
    last = None
    for node in (way.links[0].start, *(link.end for link in way.links)):
        thing = node
        for relation in (OGX.aspectOf, OGX.formOf):
            thing = (nodes.iris(thing, relation) or (thing,))[0]
        if thing != last and thing in passed:
            names = dict.fromkeys(map(material.records.label, (passed[thing], node)))
            return f"it comes back to {material.records.label(thing)} ({', then '.join(names)})"
        passed.setdefault(thing, node)
        last = thing
    return ""


def _citations(material: Material) -> Iterator[Line]:
    n = {name: total.value for name, total in material.audit.totals.items()}
    carried = (
        f"{n['results-primary']} cite a source that can carry a result at first hand, "
        f"{n['results-secondary']} at best a review, {n['results-cannot']} only what cannot carry one, "
        f"{n['results-uncited']} nothing."
    )
    studies = (
        f" {n['references-resolved']} lead to a work. Of {n['claims']} claims {n['claims-supported-by-a-study']} are "
        "supported by a study (its report, or a page telling of it, was read), "
        f"{n['claims-disputed-by-a-study']} disputed by one."
    )
    yield (
        Span(f"Of {n['results']} "),
        Span("results of trials and models", "#audit-results"),
        Span(f" stated, {carried}"),
    )
    yield (Span(f"Of {n['references']} "), Span("entries of the reference lists", "#audit-references"), Span(studies))
    fallen = [
        (title, impact) for title, impact in material.impacts if impact.removal.references or impact.removal.works
    ]
    for title, impact in fallen:
        lost, open_ = len(impact.having("lost")), len(impact.having("undetermined"))
        yield (Span(title, "#impact"), Span(f": {lost} claims left with nothing, {open_} undetermined."))


def _first_repairs(material: Material) -> Iterator[Line]:
    """The worst findings by rule, with the claims that they concern first, and what to do."""
    found: dict[str, list[str]] = {}
    for finding in material.audit.findings:
        found.setdefault(finding.rule, []).append(finding.focus)
    told = ""
    for rule, places in list(found.items())[:_MOST]:
        title, hint = RULES[rule].title, RULES[rule].hint
        shown = [part for iri in places[:4] for part in (Span(" "), material.claim(iri))]
        more = f" and {len(places) - 4} more" if len(places) > 4 else ""
        todo = Span(f"{more}." if hint == told else f"{more}. {hint}")
        yield (Span(f"{title[0].upper()}{title[1:]} ({len(places)}):", None, "strong"), *shown, todo)
        told = hint


def _part(title: str, name: str, lines: Iterator[Line], none: str) -> Part:
    found: Cell = tuple(lines)
    return Part(
        title,
        f"summary-{name}",
        (Paragraph(found, listed=True) if found else Paragraph(cell(Span(none, None, "missing"))),),
    )


def section(trials: Sequence[Trial], material: Material) -> Section:
    """The summary, one printed page long."""
    parts = (
        _part(
            "What failed", "failed", _failed(trials, material), "No failed result of phase III or later is on record."
        ),
        _part(
            "Early signals, and why they are not comparable",
            "early",
            _early(material),
            "No early result stands against a late failure.",
        ),
        _part("Mechanism", "mechanism", _mechanism(material), ""),
        _part("How well the document is cited", "citations", _citations(material), ""),
        _part("What to fix first", "repairs", _first_repairs(material), "The audit finds nothing."),
    )
    return Section("Summary", "summary", _NOTE, (), parts)
