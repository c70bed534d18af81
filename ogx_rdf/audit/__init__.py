"""The citation audit: what every claim rests on, counted by claim, by passage and by reference.

An audit judges the *document*, not the curation: a clinical result that hangs on an encyclopedia is
a finding here and no error of the corpus.  Sources are counted, never restatements: the same words in
the abstract, a table and the conclusion are three pieces of evidence and one source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..corpus import Corpus
from ..documents.coverage import Coverage, coverage
from ..documents.places import locate
from ..errors import UsageError
from ..model import Finding, Iri, Severity
from ..records import Document, Records
from ..turtle import natural_key
from .chains import Chain, follow
from .recount import recount
from .rules import RULES, findings_of, findings_of_claim
from .sides import tension_dict
from .support import Literature
from .totals import PassageLine, ReferenceLine, Total, passage_lines, reference_lines, totals_of

__all__ = ["Audit", "Reconciliation", "audit", "audit_claim"]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The stored markers of a document against an independent count in its text.

    ``status`` is ``reconciled``, ``different`` or ``not reconciled``; ``labels`` gives, for each label,
    how often it is stored and how often it was counted; ``passages`` likewise the passages that print one.
    """

    document: Iri
    status: str
    labels: Mapping[str, tuple[int, int]]
    passages: tuple[int, int]

    @property
    def text(self) -> str:
        """The outcome in a sentence."""
        stored = sum(pair[0] for pair in self.labels.values())
        if self.status == "not reconciled":
            return f"not reconciled: recorded text not at hand (0 of {stored} markers recounted)"
        counted = sum(pair[1] for pair in self.labels.values())
        if self.status == "reconciled":
            return f"reconciled: {counted} markers on {self.passages[1]} passages, counted again in the text"
        wrong = [f"[{label}] {a} stored, {b} counted" for label, (a, b) in self.labels.items() if a != b]
        if self.passages[0] != self.passages[1]:
            wrong.append(f"{self.passages[0]} passages with markers stored, {self.passages[1]} counted")
        return f"different: {'; '.join(wrong) or 'the same labels stand at other places'}"

    def as_dict(self, corpus: Corpus) -> dict[str, object]:
        """The outcome with both counts of every label."""
        counted = self.status != "not reconciled"
        return {
            "document": corpus.curie(self.document),
            "status": self.status,
            "text": self.text,
            "labels": [
                {"label": label, "stored": a, "counted": b if counted else None}
                for label, (a, b) in self.labels.items()
            ],
            "passages_stored": self.passages[0],
            "passages_counted": self.passages[1] if counted else None,
        }


@dataclass(frozen=True)
class Audit:
    """The audit of a corpus: chains, lines by passage and by reference, totals, findings.

    :param alone: the one claim that was audited, where it was that and not the corpus; then there are no totals
    """

    records: Records = field(repr=False)
    chains: Mapping[Iri, Chain]
    passages: Sequence[PassageLine]
    references: Sequence[ReferenceLine]
    totals: Mapping[str, Total]
    reconciliations: Sequence[Reconciliation]
    coverage: Coverage
    alone: Chain | None = None

    @property
    def documents(self) -> Sequence[Document]:
        """The documents that the audit is of: all of the corpus, or those that the one claim is quoted from."""
        known = self.records.documents
        if self.alone is None:
            return list(known.values())
        return [known[iri] for iri in self.alone.support.stated_by if iri in known]

    @property
    def at_hand(self) -> set[Iri]:
        """The documents whose recorded texts were at hand."""
        if self.alone is None:
            return {item.document for item in self.reconciliations if item.status != "not reconciled"}
        compared = (link.evidence.passage for link in self.alone.links if link.quote in ("compared", "differs"))
        return {passage.document for passage in compared if passage and passage.document}

    @property
    def corpus(self) -> Corpus:
        """The corpus audited."""
        return self.records.corpus

    @cached_property
    def findings(self) -> list[Finding]:
        """What is wrong with the document's citations, worst first; failed results lead their severity."""
        if self.alone is not None:
            return self.findings_on(self.alone)
        found = findings_of(self.records, self.chains, self.passages, self.references)
        found += [_unreconciled(self.corpus, item) for item in self.reconciliations if item.status == "different"]
        failed = {iri for iri, chain in self.chains.items() if chain.failed}
        order = Severity.ORDER.index
        return sorted(found, key=lambda f: (order(f.severity), f.rule, f.focus not in failed, natural_key(f.focus)))

    def findings_on(self, chain: Chain) -> list[Finding]:
        """What is wrong with the citations of one claim and with its quotes, worst first."""
        order = Severity.ORDER.index
        return sorted(
            findings_of_claim(self.records, chain), key=lambda f: (order(f.severity), f.rule, natural_key(f.focus))
        )

    def chain(self, claim: str) -> Chain:
        """The chain of one claim.

        :raises UsageError: where there is no such claim
        """
        if claim in self.chains:
            return self.chains[Iri(claim)]
        names = [self.corpus.curie(iri) for iri in self.chains]
        raise _unknown("E501", "claim", self.corpus.curie(claim), names)

    def ordered(self) -> list[Chain]:
        """All chains: failed and negative results first, other negatives next, then by id."""
        return sorted(self.chains.values(), key=lambda c: (not (c.failed and c.is_result), not c.failed))

    def exceeded(self, fail_on: Sequence[str] = (), budget: Mapping[str, int] | None = None) -> list[str]:
        """What goes beyond a limit, in sentences; empty where all is within.

        :param fail_on: rule ids, or severities (``warning`` means warnings and violations)
        :param budget: the highest number allowed for a total or a rule; default the corpus's ``[budget]``
        :raises UsageError: for a name that is no rule, severity or total
        """
        if self.alone is not None and budget is None:
            return list(self._failing(fail_on))
        return [*self._failing(fail_on), *self._over(self.corpus.config.budget if budget is None else budget)]

    def _failing(self, fail_on: Sequence[str]) -> Iterator[str]:
        for name in fail_on:
            if name in RULES:
                found = [f for f in self.findings if f.rule == name]
            elif name in Severity.ORDER:
                worst = Severity.ORDER[: Severity.ORDER.index(name) + 1]
                found = [f for f in self.findings if f.severity in worst]
            else:
                raise _unknown("E511", "rule or severity", name, [*RULES, *Severity.ORDER])
            if found:
                yield f"--fail-on {name}: {len(found)} finding{'s' if len(found) > 1 else ''}"

    def _over(self, budget: Mapping[str, int]) -> Iterator[str]:
        rules = Counter(f.rule for f in self.findings)
        for name, limit in budget.items():
            if name not in self.totals and name not in RULES:
                raise _unknown("E512", "total in [budget]", name, [*self.totals, *RULES])
            value = self.totals[name].value if name in self.totals else rules[name]
            if value > limit:
                yield f"[budget] {name}: {value}, allowed {limit}"

    def as_dict(self) -> dict[str, object]:
        """The whole audit as one JSON object."""
        records, curie = self.records, self.corpus.curie
        groups: dict[str, dict[str, int]] = {}
        for total in self.totals.values():
            groups.setdefault(total.group, {})[total.name] = total.value
        return {
            "answer": "rows" if self.chains else "none",
            "coverage": self.coverage.as_dict(),
            "totals": groups,
            "definitions": {total.name: total.definition for total in self.totals.values()},
            "failed": [curie(c.claim.iri) for c in self.ordered() if c.failed],
            "rests_on": {name: [curie(c.claim.iri) for c in found] for name, found in self.rests_on().items()},
            "repeated": [curie(c.claim.iri) for c in self.chains.values() if len(c.places) > 1],
            "tensions": [tension_dict(tension, records) for tension in records.tensions.values()],
            "references": [_reference_dict(line, records) for line in self.references],
            "passages": [_passage_dict(line, records) for line in self.passages],
            "reconciliation": [item.as_dict(self.corpus) for item in self.reconciliations],
            "findings": [finding.as_dict() for finding in self.findings],
            "rows": [chain.as_dict(records) for chain in self.ordered()],
        }

    def rests_on(self) -> dict[str, list[Chain]]:
        """Claims by what they rest on: encyclopedias, entries that lead to no work, both, one source, nothing."""
        chains = self.ordered()
        return {
            "encyclopedias": [c for c in chains if c.state == "encyclopediaOnly"],
            "unresolvable": [c for c in chains if c.state == "unresolvableOnly"],
            "encyclopedias_and_unresolvable": [c for c in chains if c.state == "encyclopediaAndUnresolvableOnly"],
            "one_source": [c for c in chains if len(c.sources) == 1],
            "nothing": [c for c in chains if c.state == "uncited"],
        }


def _reference_dict(line: ReferenceLine, records: Records) -> dict[str, object]:
    curie, entry = records.corpus.curie, line.reference
    work = records.works.get(entry.work) if entry.work else None
    return {
        "reference": curie(entry.iri),
        "label": entry.label,
        "content": entry.content,
        "resolution": entry.resolution,
        "work": curie(work.iri) if work else None,
        "title": work.title if work else None,
        "identifiers": list(work.identifiers) if work else [],
        "candidates": [curie(c) for c in entry.candidates],
        "source_type": entry.source_type,
        "printed": line.printed,
        "passages": [curie(p) for p in line.passages],
        "claims": [curie(c) for c in line.claims],
        "sole_support_of": [curie(c) for c in line.sole],
    }


def _passage_dict(line: PassageLine, records: Records) -> dict[str, object]:
    curie, passage = records.corpus.curie, line.passage
    return {
        "passage": curie(passage.iri),
        "kind": passage.kind,
        "section": passage.section,
        "line": passage.line,
        "start": passage.start,
        "end": passage.end,
        "labels": list(passage.labels),
        "claims": [curie(c) for c in line.claims],
        "results": [curie(c) for c in line.results],
        "carried_by": line.carried,
    }


def _unknown(code: str, what: str, name: str, known: Sequence[str]) -> UsageError:
    import difflib

    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"Did you mean {', '.join(near)}?" if near else f"Known: {', '.join(known[:40])}." if known else None
    return UsageError(code, f"no {what} {name!r}", hint=hint)


def _unreconciled(corpus: Corpus, item: Reconciliation) -> Finding:
    file, line = corpus.index.place(item.document)
    return Finding(
        rule="A402",
        severity=RULES["A402"].severity,
        focus=item.document,
        path=None,
        value=None,
        message=f"{corpus.curie(item.document)}: the markers stored and those counted in the text differ ({item.text})",
        file=file,
        line=line,
        hint=RULES["A402"].hint,
    )


def _reconcile(document: Iri, records: Records, text: str | None) -> Reconciliation:
    passages = records.passages_of(document)
    stored = Counter((m.label, m.start) for p in passages for m in p.markers)
    marks = Counter((m.label, m.offset) for m in recount(text)) if text is not None else Counter()
    before, after = Counter(label for label, _ in stored.elements()), Counter(label for label, _ in marks.elements())
    labels = sorted({*before, *after}, key=natural_key)
    places = [offset for _, offset in marks]
    counted = sum(any(p.start <= place < p.end for place in places) for p in passages)
    if text is None:
        status = "not reconciled"
    else:
        status = "reconciled" if stored == marks and counted == sum(bool(p.markers) for p in passages) else "different"
    return Reconciliation(
        document=document,
        status=status,
        labels={label: (before[label], after[label]) for label in labels},
        passages=(sum(bool(p.markers) for p in passages), counted),
    )


def audit_claim(corpus: Corpus, claim: Iri, *, sources: Sequence[str] = ()) -> Audit:
    """Audit the citations of one claim alone, reading only what it rests on.

    :param sources: as of :func:`audit`
    :raises UsageError: where there is no such claim
    """
    records = Records(corpus, near=True)
    if claim not in records.claims:
        raise _unknown("E501", "claim", corpus.curie(claim), [])
    found = records.claims[claim]
    read = dict.fromkeys(item.passage.document for item in found.evidence if item.passage and item.passage.document)
    places = locate(corpus, sources, documents=list(read))
    texts = {Iri(document): place.text for document, place in places.items() if place.matches}
    chain = follow(found, records, texts)
    return Audit(
        records=records,
        chains={claim: chain},
        passages=(),
        references=(),
        totals={},
        reconciliations=(),
        coverage=coverage(corpus),
        alone=chain,
    )


def audit(corpus: Corpus, *, sources: Sequence[str] = (), records: Records | None = None) -> Audit:
    """Audit the citations of a corpus.

    :param sources: files or directories in which texts are looked for, beside the usual places;
        quotes are compared and markers recounted only where the text with the recorded digest is at hand
    :param records: the records to audit, where they are read already or some are left out; default all of the corpus
    """
    records = records or Records(corpus)
    texts = {Iri(document): found.text for document, found in locate(corpus, sources).items() if found.matches}
    literature = Literature(records)
    chains = {iri: follow(claim, records, texts, literature) for iri, claim in records.claims.items()}
    passages = passage_lines(chains, records)
    references = reference_lines(chains, records)
    return Audit(
        records=records,
        chains=chains,
        passages=passages,
        references=references,
        totals=totals_of(list(chains.values()), passages, references, records),
        reconciliations=[_reconcile(document, records, texts.get(document)) for document in records.documents],
        coverage=coverage(corpus),
    )
