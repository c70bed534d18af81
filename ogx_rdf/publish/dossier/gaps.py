"""What is not there: what the documents do not state, what nobody has read, where references lead nowhere; coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...audit.chains import Chain
from ...audit.sides import human
from ...audit.support import SUPPORT
from ...queries import run
from .material import Material
from .parts import Cell, Paragraph, Part, Row, Section, Span, Table, cell
from .trials import Trial

__all__ = ["coverage_data", "coverage_section", "gaps_data", "gaps_section"]


def _told(chain: Chain, material: Material) -> Cell:
    claim = chain.claim
    return cell((Span(claim.label), Span(f" ({human(claim.polarity)}; {human(claim.certainty)})", None, "soft")))


def _first_words(chain: Chain, material: Material) -> Cell:
    for item in (link.evidence for link in chain.links):
        if item.quoted:
            return cell((Span(f"“{item.quote}”", None, "quote"),), Span(material.cited(item), None, "soft"))
        return cell(Span(f"reported: {item.report}"), Span(material.read(item), None, "soft"))
    return cell(Span("no evidence", None, "missing"))


def _claims(caption: str, chains: Iterable[Chain], material: Material) -> Table:
    rows = tuple(
        Row((cell(material.claim(chain.claim.iri)), _told(chain, material), _first_words(chain, material)))
        for chain in chains
    )
    return Table(f"{caption} ({len(rows)})", ("Claim", "Statement", "Words"), rows)


def _unread(material: Material) -> list[Chain]:
    """The claims of documents for which no study was read, results first."""
    chains = [
        c
        for c in material.audit.ordered()
        if c.stated and not c.support.supporting_studies + c.support.disputing_studies
    ]
    return sorted((c for c in chains if c.claim.kind != "bibliographic"), key=lambda c: not c.is_result)


def _hedged(material: Material) -> list[Chain]:
    return [c for c in material.audit.ordered() if c.claim.certainty not in ("asserted", "none")]


def _leading_nowhere(material: Material) -> Table:
    rows = []
    for line in material.audit.references:
        entry = line.reference
        if entry.work is None:
            maybe = ", ".join(map(material.curie, entry.candidates)) or "none recorded"
            rows.append(
                Row(
                    (
                        cell(f"[{entry.label}] {material.curie(entry.iri)}"),
                        cell(entry.content),
                        cell(entry.resolution),
                        cell(maybe),
                        cell(str(line.printed)),
                        cell(", ".join(map(material.curie, line.claims)) or "none"),
                        cell(str(len(line.sole))),
                    )
                )
            )
    columns = ("Entry", "As printed", "Resolution", "Candidates, not facts", "Printed", "Claims", "Sole support of")
    numbers = frozenset({"Printed", "Sole support of"})
    return Table(f"Entries that lead to no work ({len(rows)})", columns, tuple(rows), numbers)


def _missing(material: Material) -> tuple[Table, Table]:
    """What is recorded as not stated: how often each field, and where."""
    found = run(material.corpus, "gaps").rows
    fields = Counter(str(row["field"]) for row in found)
    counts = tuple(Row((cell(human(name)), cell(str(number)))) for name, number in fields.most_common())
    places: dict[tuple[str, str], list[str]] = {}
    for row in found:
        if row["quote"]:
            places.setdefault((str(row["claim"]), str(row["quote"])), []).append(human(str(row["field"])))
    labels = {material.curie(iri): claim for iri, claim in material.records.claims.items()}
    rows = []
    for (name, quote), missing in places.items():
        claim = labels[name]
        told = cell(
            (Span(f"{name} {claim.label}"), Span(f" ({human(claim.polarity)}; {human(claim.certainty)})", None, "soft"))
        )
        rows.append(Row((told, cell(Span(f"“{quote}”", None, "quote")), cell(", ".join(dict.fromkeys(missing))))))
    return (
        Table(
            "How often a field is missing where something speaks of it",
            ("Field", "Places"),
            counts,
            frozenset({"Places"}),
        ),
        Table(
            f"Words of documents and what they leave out ({len(rows)})", ("Claim", "Words", "Not stated"), tuple(rows)
        ),
    )


def _silent_trials(trials: Iterable[Trial], material: Material) -> Table:
    rows = []
    for trial in trials:
        if trial.iri and not trial.results:
            told = [claim for _, claim in (*trial.facts["phase"], *trial.facts["disease"], *trial.facts["line"])]
            where = ", ".join(map(material.curie, dict.fromkeys((*told, *trial.enrolment)))) or "nothing"
            rows.append(
                Row((cell(trial.name), cell(", ".join(number for number, _ in trial.numbers) or "none"), cell(where)))
            )
    return Table(
        f"Trials of which no result is on record ({len(rows)})",
        ("Trial", "Registry", "What is told of it"),
        tuple(rows),
    )


def gaps_section(trials: Iterable[Trial], material: Material) -> Section:
    """What the documents do not state, and what nobody has read."""
    unread, hedged = _unread(material), _hedged(material)
    reasons = Counter(chain.support.word for chain in unread)
    why = Paragraph(cell(*(f"Of {number}: {SUPPORT[word]}." for word, number in reasons.most_common())), listed=True)
    parts = (
        Part("References that lead nowhere", "gaps-references", (_leading_nowhere(material),)),
        Part("Trials without results", "gaps-trials", (_silent_trials(trials, material),)),
        Part(
            "Claims for which no study was read",
            "gaps-unread",
            (why, _claims("Stated by a document, and no study speaks to them", unread, material)),
        ),
        Part(
            "Claims that are nowhere asserted",
            "gaps-hedged",
            (_claims("Hedged, intended, a capability or an outlook", hedged, material),),
        ),
        Part("What is not stated where something is said", "gaps-fields", _missing(material)),
    )
    note = (
        "A gap is a finding. What a document does not state may stand elsewhere; what was not read may say anything. "
        "Failed and negative results come first in each list."
    )
    return Section("Gaps", "gaps", note, (), parts)


def gaps_data(trials: Iterable[Trial], material: Material) -> dict[str, object]:
    """The gaps as data, by the ids of claims, entries and trials."""
    curie = material.curie
    found = run(material.corpus, "gaps")
    return {
        "not_stated": found.as_dict()["rows"],
        "no_study_read": [curie(chain.claim.iri) for chain in _unread(material)],
        "nowhere_asserted": [curie(chain.claim.iri) for chain in _hedged(material)],
        "references_without_work": [
            curie(x.reference.iri) for x in material.audit.references if x.reference.work is None
        ],
        "trials_without_results": [curie(t.iri) for t in trials if t.iri and not t.results],
    }


def _ledger(material: Material) -> dict[str, Counter[str]]:
    """Passages by section and by what became of them."""
    asserting = {line.passage.iri for line in material.audit.passages}
    found: dict[str, Counter[str]] = {}
    for passage in material.records.passages.values():
        state = "encoded" if passage.iri in asserting else "skipped" if passage.skipped_as else "open"
        found.setdefault(passage.section or "before the first section", Counter())[state] += 1
    return found


def _skipped(material: Material) -> Counter[tuple[str, str]]:
    asserting = {line.passage.iri for line in material.audit.passages}
    skipped = (p for p in material.records.passages.values() if p.skipped_as and p.iri not in asserting)
    return Counter((human(p.skipped_as or ""), human(p.kind)) for p in skipped)


def coverage_section(material: Material) -> Section:
    """How much of the documents is encoded, section by section, and why the rest is not."""
    ledger, states = _ledger(material), ("encoded", "skipped", "open")
    rows = [Row((cell(name), *(cell(str(n[s])) for s in states), cell(str(n.total())))) for name, n in ledger.items()]
    whole = material.audit.coverage
    sums = (whole.encoded, whole.skipped, whole.open, whole.passages)
    if rows:
        rows.append(Row((cell(Span("all", None, "strong")), *(cell(str(number)) for number in sums))))
    columns = ("Section", "Encoded", "Skipped", "Open", "Passages")
    reasons = tuple(Row((cell(why), cell(kind), cell(str(n)))) for (why, kind), n in _skipped(material).most_common())
    note = (
        "Every passage is encoded (some claim is quoted from it), skipped with a reason, or open. Only where none is "
        "open may it be said that the document does not state something."
    )
    tables = (
        Table("Passages by section", columns, tuple(rows), frozenset(columns[1:]), "The corpus holds no passages."),
        Table(
            "Skipped passages by reason", ("Reason", "Kind of passage", "Passages"), reasons, frozenset({"Passages"})
        ),
    )
    return Section("Coverage", "coverage", note, tables)


def coverage_data(material: Material) -> dict[str, object]:
    """The ledger as data."""
    skipped = [{"reason": why, "kind": kind, "passages": n} for (why, kind), n in _skipped(material).most_common()]
    sections = [
        {"section": name, **{s: n[s] for s in ("encoded", "skipped", "open")}} for name, n in _ledger(material).items()
    ]
    return {**material.audit.coverage.as_dict(), "sections": sections, "skipped_by_reason": skipped}
