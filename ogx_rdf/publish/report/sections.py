"""What the audit report says, as sections of tables; how it looks is the package's own module.

One structure for text, Markdown and HTML, so that no format says more or less than another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...audit import Audit
from ...audit.chains import STATES, Chain, Citation
from ...audit.rules import RULES, cites
from ...audit.sides import human
from ...audit.totals import PARTITIONS, Total
from .literature import disputed, standing, studies, tensions
from .parts import Cell, Section, Table, anchor
from .steps import CARRIED_WORDS, told

__all__ = ["references_section", "sections", "totals_section"]

_ORDER = ("cannot", "uncited", "secondary", "primary")


def totals_section(totals: Iterable[Total]) -> Section:
    """All totals, group by group, each with what it counts."""
    parts = {name for names in PARTITIONS.values() for name in names}
    groups: dict[str, list[list[Cell]]] = {}
    for total in totals:
        meaning = f"of which: {total.definition}" if total.name in parts else total.definition
        row = [Cell(total.name), Cell(str(total.value)), Cell(meaning)]
        groups.setdefault(total.group, []).append(row)
    columns, numbers = ("Total", "Number", "What is counted"), frozenset({"Number"})
    tables = tuple(Table(name.capitalize(), columns, rows, numbers) for name, rows in groups.items())
    note = "Parts marked “of which” add up to their whole; these names are those of [budget] in corpus.toml."
    return Section("totals", "Totals", note, tables)


def references_section(rows: list[list[Cell]], more: str = "") -> Section:
    """The reference list with its use; a row gives entry, words, source type, resolution, work, and four numbers."""
    numbers = ("Printed", "Passages", "Claims", "Sole support of")
    columns = ("Entry", "As printed", "Source type", "Resolution", "Work", *numbers)
    table = Table("The reference list and its use", columns, rows, frozenset(numbers))
    note = f"“Sole support of”: claims on whose passages no other entry is cited.{more}"
    return Section("references", "By reference", note, (table,))


class _Sections:
    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.records = audit.records
        self.curie = audit.corpus.curie

    def claim(self, chain: Chain) -> Cell:
        name = self.curie(chain.claim.iri)
        return Cell(name, anchor(name))

    def claims(self, iris: Iterable[str]) -> Cell:
        names = [self.curie(iri) for iri in iris]
        return Cell(", ".join(names))

    def words(self, chain: Chain) -> Cell:
        items = [link.evidence for link in chain.links]
        quotes = [f"“{item.quote}”" for item in items if item.quote]
        return Cell(" … ".join(quotes or [f"reported: {item.report}" for item in items if item.report]))

    def source_types(self, citations: Iterable[Citation]) -> Cell:
        seen = (f"[{c.marker.label}] {human(c.source_type or 'not recorded')}, {c.resolution}" for c in citations)
        return Cell("; ".join(dict.fromkeys(seen)))

    def read(self, chain: Chain) -> Cell:
        sides = {"for it": chain.support.supporting_studies, "against it": chain.support.disputing_studies}
        told = [
            f"{side}: {', '.join(self.records.label(x.name) for x in found)}" for side, found in sides.items() if found
        ]
        return Cell("; ".join(told) or "none that speaks to it")

    def cited(self, chain: Chain) -> Cell:
        if not chain.stated:
            return Cell("stated by no document")
        return self.source_types(chain.citations) if chain.citations else Cell("cites nothing")

    def kinds(self) -> Section:
        found = Counter((chain.claim.kind, chain.state) for chain in self.audit.chains.values())
        kinds = sorted({kind for kind, _ in found})
        columns = ("Kind", *(human(state) for state in STATES), "all")
        rows = [
            [Cell(human(kind)), *(Cell(str(found[kind, state])) for state in STATES), Cell(str(self._sum(found, kind)))]
            for kind in kinds
        ]
        sums = [sum(found[kind, state] for kind in kinds) for state in STATES]
        rows.append([Cell("all kinds"), *(Cell(str(number)) for number in sums), Cell(str(sum(sums)))])
        table = Table("Claims by kind and citation state", columns, rows, frozenset(columns[1:]))
        note = "Each claim is in one cell; “not quoted” are those that no document states, known from reports only."
        return Section("kinds", "Claims by kind and citation state", note, (table,))

    @staticmethod
    def _sum(found: Counter[tuple[str, str]], kind: str) -> int:
        return sum(number for (name, _), number in found.items() if name == kind)

    def failed(self) -> Section:
        chains = [chain for chain in self.audit.ordered() if chain.failed]
        rows = [
            [
                self.claim(chain),
                Cell(told(chain)),
                self.words(chain),
                self.cited(chain),
                Cell(CARRIED_WORDS[chain.carried] if chain.is_result or not chain.stated else human(chain.state)),
                self.read(chain),
            ]
            for chain in chains
        ]
        columns = ("Claim", "Statement", "Words", "Cited", "Verdict", "Studies read")
        table = Table("Failed and negative results", columns, rows)
        note = "Results of trials and models first. “Negative”: said not to be so; “not shown”: not demonstrated."
        return Section("failed", "Failed and negative results", note, (table,))

    def results(self) -> Section:
        lines = sorted((x for x in self.audit.passages if x.results), key=lambda x: _ORDER.index(x.carried))
        rows = [
            [
                Cell(self.curie(line.passage.iri)),
                Cell(f"{human(line.passage.kind)}{'' if line.passage.row is None else f' {line.passage.row}'}"),
                Cell(line.passage.section or ""),
                self.source_types(line.citations) if line.citations else Cell("cites nothing"),
                self.claims(line.results),
                Cell(CARRIED_WORDS[line.carried]),
            ]
            for line in lines
        ]
        columns = ("Passage", "Kind", "Section", "Cited", "Results", "Verdict")
        table = Table("Rows and sentences that print results", columns, rows)
        note = (
            "A row with several citations stays whole: none of its findings is given to one of its references. "
            "“Can carry” says what kind of source is cited, not that the source says so."
        )
        return Section("results", "Results and what could carry them", note, (table,))

    def references(self) -> Section:
        rows = []
        for line in self.audit.references:
            entry = line.reference
            work = self.records.works.get(entry.work) if entry.work else None
            named = f"{self.curie(work.iri)} {' '.join(work.identifiers)}".strip() if work else "none"
            maybe = f"; candidates: {', '.join(map(self.curie, entry.candidates))}" if entry.candidates else ""
            counts = (line.printed, len(line.passages), len(line.claims), len(line.sole))
            rows.append(
                [
                    Cell(f"[{entry.label}]", anchor(self.curie(entry.iri))),
                    Cell(entry.content),
                    Cell(human(entry.source_type or "not recorded")),
                    Cell(entry.resolution),
                    Cell(named + maybe),
                    *(Cell(str(number)) for number in counts),
                ]
            )
        return references_section(rows)

    def sole(self) -> Section:
        rows = [
            [Cell(f"[{line.reference.label}] {line.reference.content}"), self.claims(line.sole)]
            for line in self.audit.references
            if line.sole
        ]
        table = Table("Claims that lose all support with one entry", ("Entry", "Claims"), rows)
        return Section("sole", "Sole support", "", (table,), brief=False)

    def rests(self) -> Section:
        titles = {
            "encyclopedias": "Rests on encyclopedia pages only",
            "unresolvable": "Rests only on entries that lead to no work",
            "encyclopedias_and_unresolvable": "Rests only on encyclopedia pages and entries that lead to no work",
            "one_source": "Rests on one source",
            "nothing": "Rests on nothing cited",
        }
        tables = []
        for name, chains in self.audit.rests_on().items():
            rows = [
                [self.claim(c), Cell(told(c)), Cell(human(c.claim.kind)), Cell(cites(c.labels) or "none")]
                for c in chains
            ]
            tables.append(Table(f"{titles[name]} ({len(rows)})", ("Claim", "Statement", "Kind", "Cited"), rows))
        note = "A claim can stand in two of these: one source may be an encyclopedia page."
        return Section("rests", "What rests on what", note, tuple(tables), brief=False)

    def repeated(self) -> Section:
        rows = [
            [
                self.claim(chain),
                Cell(told(chain)),
                Cell(str(len(chain.places))),
                Cell(str(len(chain.support.stated_by))),
                Cell(str(len(chain.sources))),
            ]
            for chain in self.audit.ordered()
            if len(chain.places) > 1
        ]
        numbers = ("Places", "Documents", "Sources cited")
        table = Table("Claims stated in several places", ("Claim", "Statement", *numbers), rows, frozenset(numbers))
        note = "Repetition is not corroboration: the places are counted apart from the sources."
        return Section("repeated", "Repeated statements", note, (table,))

    def passages(self) -> Section:
        rows = [
            [
                Cell(self.curie(line.passage.iri)),
                Cell(line.passage.section or ""),
                Cell(human(line.passage.kind)),
                Cell(str(line.passage.line or "")),
                Cell(cites(line.passage.labels) or "none"),
                Cell(str(len(line.claims))),
            ]
            for line in self.audit.passages
        ]
        columns = ("Passage", "Section", "Kind", "Line", "Markers", "Claims")
        table = Table("Passages that assert something", columns, rows, frozenset({"Line", "Claims"}))
        return Section("passages", "By passage", "", (table,), brief=False)

    def reconciliation(self) -> Section:
        tables = []
        for item in self.audit.reconciliations:
            counted = item.status != "not reconciled"
            rows = [
                [Cell(f"[{label}]"), Cell(str(a)), Cell(str(b) if counted else "not counted")]
                for label, (a, b) in item.labels.items()
            ]
            numbers = ("Stored", "Counted in the text")
            caption = f"{self.curie(item.document)}: {item.text}"
            tables.append(Table(caption, ("Label", *numbers), rows, frozenset(numbers)))
        note = "The markers stored in the graph, against a count in the raw text by code of its own."
        return Section("reconciliation", "Reconciliation with the text", note, tuple(tables))

    def findings(self) -> Section:
        rows = [
            [Cell(f.rule), Cell(f.severity), Cell(f.message), Cell(f"{f.file}:{f.line}" if f.file else "")]
            for f in self.audit.findings
        ]
        table = Table("Findings", ("Rule", "Severity", "Finding", "Place"), rows)
        return Section(
            "findings", "Findings", "About the document; the corpus may be without error.", (table,), brief=False
        )

    def rules(self) -> Section:
        found = Counter(f.rule for f in self.audit.findings)
        rows = [
            [Cell(name), Cell(rule.severity), Cell(str(found[name])), Cell(rule.title), Cell(rule.hint)]
            for name, rule in RULES.items()
        ]
        columns = ("Rule", "Severity", "Findings", "Meaning", "What to do")
        table = Table("Findings by rule", columns, rows, frozenset({"Findings"}))
        return Section("rules", "Findings by rule", "", (table,))


def sections(audit: Audit) -> list[Section]:
    """The sections of the report, in order: what failed, tensions, the totals, results, literature, the rest."""
    make = _Sections(audit)
    return [
        make.failed(),
        tensions(audit),
        totals_section(audit.totals.values()),
        make.results(),
        disputed(audit),
        studies(audit),
        standing(audit),
        make.references(),
        make.kinds(),
        make.sole(),
        make.rests(),
        make.repeated(),
        make.passages(),
        make.reconciliation(),
        make.rules(),
        make.findings(),
    ]
