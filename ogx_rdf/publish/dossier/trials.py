"""The trial table: every trial, every arm and comparison, what the documents state and what the works read say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...audit.chains import Chain
from ...audit.sides import human
from ...model import Iri
from ...namespaces import DCTERMS, OGX, SKOS
from ...records import Claim, Measurement
from ..report.parts import anchor
from .material import Material
from .parts import Cell, Part, Row, Section, Span, Table, cell
from .voices import NOT_READ, NOT_STATED, RATIO, Voice, amount, claim_cell, missing, said, voices

__all__ = ["Trial", "late", "met", "section", "trial_rows", "trials_of"]

_PHASE = re.compile(r"\b(iv|iii|ii|i|[0-4])\b", re.IGNORECASE)
_RANKS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_LATE = 3
_FACTS = {"phase": OGX.hasPhase, "disease": OGX.studiesDisease, "line": OGX.hasLine}
_COLUMNS = ("Arm or comparison, endpoint, met?", "Who says it", "n", "Value", "Interval", "HR", "p", "Words and place")


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial, or another thing that results are told of, with its results, failed ones first.

    :param facts: phase, disease and line, each with the values told and the claims that tell them
    """

    iri: Iri | None
    name: str
    numbers: tuple[tuple[str, str], ...]
    facts: dict[str, tuple[tuple[str, Iri], ...]]
    arms: tuple[str, ...]
    enrolled: tuple[str, ...]
    enrolment: tuple[Iri, ...]
    endpoints: tuple[tuple[Iri, Iri], ...]
    results: tuple[Chain, ...]

    @property
    def rank(self) -> int:
        """The highest phase told, as a number; 0 where none is."""
        told = (found for value, _ in self.facts["phase"] for found in _PHASE.findall(value))
        return max((_RANKS.get(word.lower()) or int(word) for word in told), default=0)

    @property
    def failed(self) -> bool:
        """Whether any result of it is negative or not shown."""
        return any(chain.failed for chain in self.results)


def late(trial: Trial) -> bool:
    """Whether it is of phase III or later."""
    return trial.rank >= _LATE


def trials_of(material: Material) -> list[Trial]:
    """Every trial and whatever else trial results are told of: failed late ones first, then by phase."""
    nodes = material.records.nodes
    trials = list(nodes.members(OGX.Trial))
    groups: dict[Iri | None, list[Chain]] = {iri: [] for iri in trials}
    for chain in material.audit.ordered():
        if chain.claim.kind == "trialResult":
            subject = chain.claim.subject
            of = chain.claim.context.get("trial") or (subject if subject in groups else None)
            groups.setdefault(of, []).append(chain)
    found = [_trial(iri, results, material) for iri, results in groups.items()]
    return sorted(found, key=lambda t: (not (late(t) and t.failed), t.iri is None, -t.rank, t.name))


def _trial(iri: Iri | None, results: Sequence[Chain], material: Material) -> Trial:
    records, nodes = material.records, material.records.nodes
    own = [claim for claim in records.claims.values() if iri and claim.subject == iri and claim.polarity == "positive"]

    def told(predicate: Iri) -> list[tuple[Iri, Claim]]:
        return list(material.values([claim for claim in own if claim.predicate == predicate]))

    enrolment = [claim for _, claim in told(OGX.enrolled)]
    counts = (item.measurement for claim in enrolment for item in claim.evidence if item.measurement)
    arms = [arm for arm in nodes.members(OGX.Arm) if iri and iri in nodes.iris(arm, OGX.armOf)]
    return Trial(
        iri=iri,
        name=records.label(iri) if iri else "No trial named",
        numbers=tuple(_numbers(iri, material)) if iri and iri in nodes.members(OGX.Trial) else (),
        facts={
            name: tuple((records.label(value), claim.iri) for value, claim in told(predicate))
            or _settings(name, results, material)
            for name, predicate in _FACTS.items()
        },
        arms=tuple(", ".join(map(records.label, nodes.iris(arm, OGX.receives))) or records.label(arm) for arm in arms),
        enrolled=tuple(dict.fromkeys(_count(counted) for counted in counts if "value" in counted.fields)),
        enrolment=tuple(claim.iri for claim in enrolment),
        endpoints=tuple((value, claim.iri) for value, claim in told(OGX.hasPrimaryEndpoint)),
        results=tuple(results),
    )


def _settings(name: str, results: Sequence[Chain], material: Material) -> tuple[tuple[str, Iri], ...]:
    """What the results of a trial are set in, where nothing is told of its design."""
    found: dict[Iri, Iri] = {}
    for claim in (chain.claim for chain in results):
        if name in claim.context:
            found.setdefault(claim.context[name], claim.iri)
    return tuple((material.records.label(value), claim) for value, claim in found.items())


def _count(counted: Measurement) -> str:
    """A number of patients with what was counted, as in "about 630 will be enrolled"."""
    return " ".join(filter(None, (counted.fields.get("statistic"), counted.fields["value"], counted.measure)))


def _numbers(iri: Iri, material: Material) -> Iterator[tuple[str, str]]:
    """Registry numbers as recorded; where the trial bears none, that of the wider trial to which it is mapped."""
    nodes = material.records.nodes
    own = nodes.texts(iri, DCTERMS.identifier)
    mapped = [(how, to) for how in (SKOS.exactMatch, SKOS.broadMatch) for to in nodes.texts(iri, how)]
    for number in own:
        local = number.partition(":")[2] or number
        yield number, next((to for _, to in mapped if to.endswith(local)), "")
    for how, to in mapped:
        if not any(to.endswith(number.partition(":")[2]) for number in own) and to.startswith("http"):
            wider = " (the wider trial)" if how == SKOS.broadMatch else ""
            yield f"{to.rstrip('/').rpartition('/')[2]}{wider}", to


def met(chain: Chain, trial: Trial, material: Material) -> tuple[str, Iri | None]:
    """Whether the endpoint was met, in words, and the claim that says so where it is another one."""
    claim = chain.claim
    if claim.predicate == OGX.meetsPrimaryEndpoint:
        return {"positive": "met", "negative": "not met"}.get(claim.polarity, human(claim.polarity)), None
    for other in (item.claim for item in trial.results):
        same = other.context.get("population") == claim.context.get("population")
        if other.predicate == OGX.meetsPrimaryEndpoint and other.object == claim.object and same:
            return "primary endpoint met" if other.polarity == "positive" else "primary endpoint not met", other.iri
    return (human(claim.polarity), None) if chain.failed else (NOT_STATED, None)


def _arm(chain: Chain, trial: Trial, material: Material) -> str:
    records, claim = material.records, chain.claim
    if claim.subject == trial.iri:
        return "the whole trial"
    arm = next(
        (
            arm
            for arm in records.nodes.members(OGX.Arm)
            if trial.iri in records.nodes.iris(arm, OGX.armOf)
            and claim.subject in records.nodes.iris(arm, OGX.receives)
        ),
        None,
    )
    name = records.label(claim.subject)
    single = claim.predicate == OGX.hasOutcome
    return f"{'arm: ' if single else 'comparison: '}{name}" if arm or not single else name


def _endpoint(chain: Chain, material: Material) -> str:
    records, claim = material.records, chain.claim
    relation = (
        "" if claim.predicate in (OGX.hasOutcome, OGX.meetsPrimaryEndpoint) else f"{records.label(claim.predicate)} "
    )
    return f"{relation}{records.label(claim.object)}{_whom(claim, material)}"


def _whom(claim: Claim, material: Material) -> str:
    """Of which patients a claim speaks, after a comma, where it names some."""
    whom = claim.context.get("population")
    return f", {material.records.label(whom)}" if whom else ""


def _of(value: Iri, claim: Iri, material: Material) -> str:
    """An endpoint, with the patients of whom the claim that names it speaks."""
    return f"{material.records.label(value)}{_whom(material.records.claims[claim], material)}"


def _fields(voice: Voice, material: Material) -> dict[str, str | None]:
    """The cells of one voice: a hazard ratio stands in its own column, anything else among the values."""
    measured = voice.item.measurement if voice.item else None
    fields = dict(measured.fields) if measured else {}
    ratio = fields.get("statistic", "").lower() == RATIO
    return {
        "n": fields.get("n"),
        "value": None if ratio else amount(fields, material),
        "interval": fields.get("interval"),
        "hazard_ratio": fields.get("value") if ratio else None,
        "p": fields.get("p"),
        "of": fields.get("denominator"),
        "against": fields.get("comparator"),
        "at": fields.get("time"),
    }


def _cells(voice: Voice, material: Material) -> tuple[Cell, ...]:
    fields = _fields(voice, material)

    def shown(name: str, *more: str) -> Cell:
        notes = [Span(f"{word} {fields[word]}", None, "soft") for word in more if fields[word]]
        value = fields[name]
        return cell(Span(value) if value else missing(voice), *notes)

    who, words = said(voice, material)
    numbers = (shown("n", "of"), shown("value", "against", "at"), shown("interval"), shown("hazard_ratio"), shown("p"))
    return (who, *numbers, words)


def _rows(trial: Trial, material: Material) -> Iterator[Row]:
    for chain in trial.results:
        speaking = voices(chain, material)
        word, other = met(chain, trial, material)
        look = "missing" if word == NOT_STATED else "bad" if chain.failed else ""
        verdict = (
            Span("met? ", None, "soft"),
            Span(word, None, look),
            *((Span(" "), material.claim(other)) if other else ()),
        )
        first = (*claim_cell(chain, material, _arm(chain, trial, material), _endpoint(chain, material)), verdict)
        for number, voice in enumerate(speaking):
            cells = _cells(voice, material)
            yield Row(cells, continued=1) if number else Row((first, *cells), span=len(speaking))


def _told(values: Iterable[tuple[str, Iri]], material: Material) -> Cell:
    found = [(Span(f"{value} "), material.claim(claim)) for value, claim in values]
    return cell(*found) if found else cell(Span(NOT_STATED, None, "missing"))


def _overview(trials: Sequence[Trial], material: Material) -> Table:
    rows = []
    for trial in trials:
        if trial.iri is None or not (trial.numbers or trial.enrolled or trial.facts["phase"]):
            continue
        verdicts = [c for c in trial.results if c.claim.predicate == OGX.meetsPrimaryEndpoint]
        numbers = [(Span(number, to if to.startswith("http") else None),) for number, to in trial.numbers]
        where = [part for iri in trial.enrolment for part in (material.claim(iri), Span(" "))][:-1]
        rows.append(
            Row(
                (
                    cell(
                        Span(trial.name, f"#{_anchor(trial, material)}", "strong"),
                        *(numbers or [(Span("no registry number", None, "missing"),)]),
                    ),
                    *(_told(trial.facts[name], material) for name in _FACTS),
                    cell(*trial.arms) if trial.arms else cell(Span(NOT_STATED, None, "missing")),
                    cell(*trial.enrolled, where) if trial.enrolled else cell(Span(NOT_STATED, None, "missing")),
                    _told(((_of(value, claim, material), claim) for value, claim in trial.endpoints), material),
                    _met(trial, verdicts, material),
                )
            )
        )
    columns = ("Trial", "Phase", "Disease", "Line", "Arms", "n, of whom", "Primary endpoint", "Met?")
    return Table("Trials at a glance", columns, tuple(rows), empty="No trial is on record.")


def _met(trial: Trial, verdicts: Sequence[Chain], material: Material) -> Cell:
    if verdicts:
        lines = []
        for chain in verdicts:
            word, _ = met(chain, trial, material)
            whom = _whom(chain.claim, material)
            told = Span(word, None, "bad" if chain.failed else "")
            lines.append((told, Span(f"{whom} "), material.claim(chain.claim.iri)))
        return cell(*lines)
    return cell(Span(NOT_STATED if trial.results else NOT_READ, None, "missing"))


def _anchor(trial: Trial, material: Material) -> str:
    return anchor(f"results-{material.curie(trial.iri)}") if trial.iri else "results-no-trial"


def _part(trial: Trial, material: Material) -> Part:
    empty = "No result of it is stated by a document, and none was read."
    table = Table(f"Results of {trial.name}", _COLUMNS, tuple(_rows(trial, material)), empty=empty)
    return Part(trial.name, _anchor(trial, material), (table,), failed=late(trial) and trial.failed)


def section(trials: Sequence[Trial], material: Material) -> Section:
    """The trial table: all trials at a glance, then each arm and comparison with who says what."""
    note = (
        "Failed trials of phase III first. Each number stands with who says it: the document in its own words, then "
        "each work that was read. “Not stated”: it is not in the document, or not in the part of the work that was "
        "read. “Not read”: nobody has read a work for it. Numbers of one result that differ stay apart."
    )
    parts = tuple(_part(trial, material) for trial in trials)
    return Section("Trials", "trials", note, (_overview(trials, material),), parts)


def trial_rows(trials: Sequence[Trial], material: Material) -> list[dict[str, object]]:
    """The trial table as data: one row for each arm or comparison; an empty cell says "not stated" or "not read"."""
    return [_row(trial, chain, material) for trial in trials for chain in trial.results]


def _row(trial: Trial, chain: Chain, material: Material) -> dict[str, object]:
    curie, claim = material.curie, chain.claim
    word, by = met(chain, trial, material)
    return {
        "trial": curie(trial.iri) if trial.iri else NOT_STATED,
        "name": trial.name,
        "registry": [number for number, _ in trial.numbers] or NOT_STATED,
        **{name: [value for value, _ in trial.facts[name]] or NOT_STATED for name in _FACTS},
        "arms": list(trial.arms) or NOT_STATED,
        "enrolled": list(trial.enrolled) or NOT_STATED,
        "claim": curie(claim.iri),
        "label": claim.label,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "arm_or_comparison": _arm(chain, trial, material),
        "endpoint": _endpoint(chain, material),
        "met": word,
        "met_by": curie(by) if by else None,
        "stated": [_voice(voice, material) for voice in voices(chain, material) if voice.side == "document"],
        "read": [_voice(voice, material) for voice in voices(chain, material) if voice.side == "work"],
    }


def _voice(voice: Voice, material: Material) -> dict[str, object]:
    fields = {name: value or voice.absent for name, value in _fields(voice, material).items()}
    return {**voice.as_dict(material), **fields}
