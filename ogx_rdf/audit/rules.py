"""The rules of the audit: each with an id, a severity, what it means, and what to do about it.

    A1xx  results (of trials, of models): what carries them
    A2xx  other statements: what they rest on
    A3xx  the reference list
    A4xx  the text itself: quotes that differ, counts that do not agree
    A5xx  the literature read: what disputes a statement, what became of a work

``violation``: a result that no source named here could carry, or data that contradict the text.
``warning``: weak or missing support.  ``info``: worth knowing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model import Finding, Iri, Severity
from ..namespaces import OGX
from ..records import Records
from .chains import Chain
from .totals import PassageLine, ReferenceLine

__all__ = ["RULES", "Rule", "findings_of", "findings_of_claim"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the audit."""

    severity: str
    title: str
    hint: str


_PRIMARY = "Look for the report of the result itself (trial report, registry) and record what it says as evidence."
_NAME = "Find the work that is meant and record it as a candidate; it counts once the document names it."
_BOTH = "Read both sides; nothing is resolved silently, and the document's claim stays as it is."

RULES: dict[str, Rule] = {
    "A101": Rule(Severity.VIOLATION, "a result rests on encyclopedia pages only", _PRIMARY),
    "A102": Rule(Severity.VIOLATION, "a result rests only on entries that lead to no work", _NAME),
    "A103": Rule(Severity.VIOLATION, "a result is cited to nothing", _PRIMARY),
    "A104": Rule(Severity.VIOLATION, "a result is cited only to sources that cannot carry one", _PRIMARY),
    "A105": Rule(Severity.WARNING, "a result is cited to reviews, not to its report", _PRIMARY),
    "A106": Rule(
        Severity.WARNING, "a row or sentence prints results and none of its references can carry them", _PRIMARY
    ),
    "A201": Rule(
        Severity.WARNING, "a statement rests on encyclopedia pages only", "Look for the work behind the page."
    ),
    "A202": Rule(Severity.WARNING, "a statement rests only on entries that lead to no work", _NAME),
    "A203": Rule(Severity.WARNING, "a statement is cited to nothing", "Treat it as the document's own word."),
    "A204": Rule(
        Severity.WARNING, "a statement rests only on encyclopedia pages and entries that lead to no work", _NAME
    ),
    "A205": Rule(Severity.INFO, "a statement rests on one work", "Look for an independent second source."),
    "A206": Rule(Severity.INFO, "a statement is repeated, not corroborated", "Count its sources, not its places."),
    "A301": Rule(
        Severity.VIOLATION, "a marker is printed whose label is not in the reference list", "Check the marker."
    ),
    "A302": Rule(Severity.WARNING, "an entry of the reference list leads to no work", _NAME),
    "A303": Rule(Severity.INFO, "an entry of the reference list is never cited", "Nothing to do; it supports nothing."),
    "A401": Rule(Severity.VIOLATION, "a quote differs from the text", "Run ogx-rdf verify for the nearest text."),
    "A402": Rule(
        Severity.VIOLATION, "stored and recounted markers differ", "Run ogx-rdf source add on the text again."
    ),
    "A501": Rule(Severity.WARNING, "a statement of a document is disputed by a study that was read", _BOTH),
    "A502": Rule(Severity.WARNING, "a tension is recorded and not resolved", _BOTH),
    "A503": Rule(Severity.VIOLATION, "a work that is cited or was read is retracted", "It supports nothing."),
    "A504": Rule(
        Severity.WARNING, "a work that is cited or was read is corrected or superseded", "Read what takes its place."
    ),
}

_FALLEN = {"retracted": "A503", "corrected": "A504", "superseded": "A504"}
_RESULT_STATES = {"encyclopediaOnly": "A101", "unresolvableOnly": "A102", "uncited": "A103"}
_OTHER_STATES = {
    "encyclopediaOnly": "A201",
    "unresolvableOnly": "A202",
    "uncited": "A203",
    "encyclopediaAndUnresolvableOnly": "A204",
    "oneWork": "A205",
}


def spoken(chain: Chain) -> str:
    """A claim's label as it may be printed: with its polarity and strongest certainty."""
    claim = chain.claim
    return f"{claim.label} ({claim.polarity}; {claim.certainty})"


def cites(labels: Sequence[str]) -> str:
    """Labels as printed: ``[3][5]``."""
    return "".join(f"[{label}]" for label in labels)


class _Finder:
    def __init__(self, records: Records) -> None:
        self.records = records
        self.place = records.corpus.index.place

    def finding(
        self, rule: str, focus: Iri, message: str, path: Iri | None = None, value: str | None = None
    ) -> Finding:
        file, line = self.place(focus, path)
        known = RULES[rule]
        return Finding(rule, known.severity, focus, path, value, message, file, line, known.hint)

    def claim(self, rule: str, chain: Chain, more: str = "") -> Finding:
        name = self.records.corpus.curie(chain.claim.iri)
        return self.finding(rule, chain.claim.iri, f"{name}: {RULES[rule].title}{more}: {spoken(chain)}")

    def of_chain(self, chain: Chain) -> Iterator[Finding]:
        labels = f" {cites(chain.labels)}" if chain.labels else ""
        if chain.claim.kind == "bibliographic" and not chain.labels:
            # What a document says of itself (its title, its date, its reference list) is cited to nothing by nature.
            rule = None
        elif chain.is_result:
            rule = _RESULT_STATES.get(chain.state)
            if rule is None:
                rule = {"cannot": "A104", "secondary": "A105"}.get(chain.carried)
        else:
            rule = _OTHER_STATES.get(chain.state)
        if rule is not None:
            yield self.claim(rule, chain, labels)
        if len(chain.places) > 1 and len(chain.sources) < 2:
            count = f", {len(chain.places)} places, {len(chain.sources)} sources cited"
            yield self.claim("A206", chain, count.replace(" 1 sources", " 1 source"))
        if chain.stated and chain.support.disputing_studies:
            names = ", ".join(self.records.label(line.name) for line in chain.support.disputing_studies)
            yield self.claim("A501", chain, f" ({names})")
        for link in chain.links:
            if link.quote == "differs":
                name = self.records.corpus.curie(link.evidence.iri)
                yield self.finding("A401", link.evidence.iri, f"{name}: its quote differs from the text", OGX.quote)

    def of_passage(self, line: PassageLine) -> Iterator[Finding]:
        if line.results and line.carried == "cannot":
            name = self.records.corpus.curie(line.passage.iri)
            claims = ", ".join(self.records.corpus.curie(c) for c in line.results)
            kinds = ", ".join(
                f"[{c.marker.label}] {c.source_type or 'no source type'}, {c.resolution}" for c in line.citations
            )
            yield self.finding(
                "A106", line.passage.iri, f"{name}: no reference can carry the results {claims} ({kinds})"
            )

    def of_reference(self, line: ReferenceLine) -> Iterator[Finding]:
        entry = line.reference
        name = f"{self.records.corpus.curie(entry.iri)} [{entry.label}]"
        if entry.work is None:
            use = f"printed {line.printed} times, for {len(line.claims)} claims, sole support of {len(line.sole)}"
            yield self.finding("A302", entry.iri, f"{name} leads to no work ({entry.content}); {use}", OGX.resolution)
        if not line.printed:
            yield self.finding("A303", entry.iri, f"{name} is never cited ({entry.content})")

    def missing_entries(self) -> Iterator[Finding]:
        for passage in self.records.passages.values():
            for marker in passage.markers:
                if marker.reference is None:
                    name = self.records.corpus.curie(passage.iri)
                    message = f"{name} prints {marker.printed}; no entry {marker.label!r} is in the reference list"
                    yield self.finding("A301", marker.iri, message)

    def of_literature(self, chains: Mapping[Iri, Chain]) -> Iterator[Finding]:
        curie = self.records.corpus.curie
        for tension in self.records.tensions.values():
            kinds = ", ".join(tension.kinds)
            yield self.finding("A502", tension.iri, f"{curie(tension.iri)}: {tension.label} ({kinds})")
        used: dict[Iri, list[str]] = {}
        for chain in chains.values():
            reports = (link.evidence for link in chain.links if not link.evidence.quoted)
            read = {iri for item in reports for iri in (item.source, item.primary_source) if iri}
            for work in read.union(c.work.iri for c in chain.citations if c.work):
                used.setdefault(work, []).append(curie(chain.claim.iri))
        for iri, claims in used.items():
            known = self.records.works.get(iri)
            if known and known.standing in _FALLEN:
                rule = _FALLEN[known.standing]
                yield self.finding(
                    rule, iri, f"{curie(iri)} is {known.standing} ({known.title}); it stands behind {', '.join(claims)}"
                )


def findings_of_claim(records: Records, chain: Chain) -> list[Finding]:
    """The findings on one claim and its quotes."""
    return list(_Finder(records).of_chain(chain))


def findings_of(
    records: Records,
    chains: Mapping[Iri, Chain],
    passages: Sequence[PassageLine],
    references: Sequence[ReferenceLine],
) -> list[Finding]:
    """All findings, but that of counts which do not agree (A402)."""
    finder = _Finder(records)
    return [
        *(f for chain in chains.values() for f in finder.of_chain(chain)),
        *(f for line in passages for f in finder.of_passage(line)),
        *(f for line in references for f in finder.of_reference(line)),
        *finder.missing_entries(),
        *finder.of_literature(chains),
    ]
