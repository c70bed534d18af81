"""What an impact looks like: text for a terminal, JSON, or one HTML file that needs nothing else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from ..audit.chains import Chain, Link
from ..audit.rules import cites
from ..audit.sides import human
from ..errors import UsageError
from ..model import Iri
from ..publish.report.page import Front, about, front_of, html_page, text_page
from ..publish.report.parts import Cell, Section, Table
from ..publish.report.steps import CARRIED_WORDS, told
from .effect import MAX_LENGTH, OUTCOMES, Effect, Impact, Route
from .policies import Violation

__all__ = ["FORMATS", "render_impact"]

FORMATS = ("text", "json", "html")
HEAD = "What if it falls"
FOOT = "Every claim with its state before and after: --format json or html. Nothing was written to the corpus."


def render_impact(impact: Impact, format: str, *, day: str | None = None) -> str:
    """An impact as a report.

    :param format: one of :data:`FORMATS`; ``text`` leaves out what did not change, the others hold it all
    :param day: the date to print (ISO); default SOURCE_DATE_EPOCH, else today
    :raises UsageError: for another format
    """
    if format not in FORMATS:
        raise UsageError("E513", f"no report format {format!r}", hint=f"Available: {', '.join(FORMATS)}.")
    plain = front_of(impact.before, day)
    if format == "json":
        answer = {**impact.as_dict(), "about": about(impact.before, plain)}
        return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    asked = [("Removed", line) for line in impact.removal.asked]
    asked += [("Policy", f"{p.title} ({p.name}, {p.date.isoformat()}): {p.reason}") for p in impact.policies]
    front, parts = Front(plain.title, (*asked, *plain.facts)), _Sections(impact).all()
    if format == "html":
        return html_page("impact.html", front, parts)
    return "\n".join(text_page(HEAD, front, parts, FOOT)) + "\n"


class _Sections:
    def __init__(self, impact: Impact) -> None:
        self.impact = impact
        self.curie = impact.records.corpus.curie

    def all(self) -> list[Section]:
        policy = [self.violations()] if self.impact.policies else []
        chains = [self.routes(), self.ways()]
        return [self.summary(), *policy, *self.outcomes(), *chains, self.totals(), self.each_chain(), self.rest()]

    def summary(self) -> Section:
        rows = [
            [Cell(name), Cell(str(len(self.impact.having(name)))), Cell(meaning)] for name, meaning in OUTCOMES.items()
        ]
        table = Table("Claims by outcome", ("Outcome", "Claims", "Meaning"), rows, frozenset({"Claims"}))
        note = (
            "Each claim has one outcome. A report in favour of a claim is what was read in a work, told by a curator."
        )
        return Section("outcomes", "Claims by outcome", note, (table,))

    def violations(self) -> Section:
        tables = []
        for policy in self.impact.policies:
            for rule in policy.rules:
                rows = [self.violation(v) for v in self.impact.violations if (v.policy, v.rule) == (policy.name, rule)]
                caption = f"{policy.name}, {rule.id} ({len(rows)}): {rule.reason}"
                tables.append(Table(caption, ("Claim", "Statement", "Words", "Rests on"), rows))
        note = "A rule judges the corpus without what --remove names; what its own policy excludes is there."
        none = (Table("The policies have no rules", ("Claim", "Statement", "Words", "Rests on"), []),)
        return Section("policy", "Rules of policies broken", note, tuple(tables) or none)

    def violation(self, found: Violation) -> list[Cell]:
        chain = found.chain
        rests = "; ".join(f"{source} ({human(tier)})" for source, tier in found.rests_on) or "nothing"
        words = self.words(chain.places or chain.links)
        return [Cell(self.curie(chain.claim.iri)), Cell(told(chain)), words, Cell(rests)]

    def words(self, links: Iterable[Link]) -> Cell:
        found = []
        for item in (link.evidence for link in links):
            if item.quoted:
                found.append(f"“{item.quote}” ({self.curie(item.passage.iri) if item.passage else 'no passage'})")
            else:
                found.append(f"reported: {item.report} ({self.curie(item.source or item.iri)})")
        return Cell(" … ".join(found))

    def outcomes(self) -> list[Section]:
        titles = {
            "lost": "Left with nothing",
            "undetermined": "Undetermined",
            "weakened": "Weakened",
        }
        return [self.outcome(name, title) for name, title in titles.items()]

    def outcome(self, name: str, title: str) -> Section:
        rows = [self.row(effect) for effect in self.impact.having(name)]
        columns = ("Claim", "Statement", "Words", "Before", "After")
        meaning = OUTCOMES[name]
        return Section(name, title, f"{meaning[0].upper()}{meaning[1:]}.", (Table(title, columns, rows),))

    def row(self, effect: Effect) -> list[Cell]:
        before = effect.before
        words = self.words(before.places or before.links)
        claim = Cell(self.curie(before.claim.iri))
        return [claim, Cell(told(before)), words, self.rests(before), self.rests(effect.after)]

    def rests(self, chain: Chain) -> Cell:
        records, support = self.impact.records, chain.support
        parts = [f"cites {cites(chain.labels)}" if chain.labels else "cites nothing"] if chain.stated else []
        if chain.is_result and chain.stated:
            parts.append(CARRIED_WORDS[chain.carried])
        studies = (support.supporting_studies, support.disputing_studies)
        second = tuple(line for line in support.supporting if not line.primary)
        for word, lines in zip(("supported by", "disputed by", "second hand:"), (*studies, second), strict=True):
            if lines:
                parts.append(f"{word} {', '.join(records.label(line.name) for line in lines)}")
        return Cell("; ".join(parts) or "nothing")

    def routes(self) -> Section:
        fates = ("broken", "undetermined", "standing")
        rows, at = [], Counter[Iri]()
        for route in self.impact.routes:
            found = Counter(self.impact.fate(way)[0] for way in route.ways)
            more = "" if route.complete else " or more: the search was given up"
            counts = (f"{len(route.ways)}{more}", *(str(found[fate]) for fate in fates))
            rows.append([Cell(self.ends(route)), *(Cell(count) for count in counts)])
            broken = (self.impact.fate(way) for way in route.ways)
            at.update(step.iri for fate, steps in broken if fate == "broken" for step in steps)
        worst = [[Cell(self.curie(iri)), Cell(self.spoken(iri)), Cell(str(n))] for iri, n in at.most_common()]
        numbers = ("Before", "Broken", "Undetermined", "Standing")
        tables = (
            Table("Chains between two things", ("From and to", *numbers), rows, frozenset(numbers)),
            Table("Where chains break", ("Claim", "Statement", "Chains"), worst, frozenset({"Chains"})),
        )
        note = (
            f"Chains of at most {MAX_LENGTH} claims; one breaks where a claim of it is left with nothing, and one that "
            "stands may hold claims that had nothing before. Which ends matter is said by --chain FROM TO and by "
            "chains in corpus.toml; every chain: --format json or html."
        )
        return Section("chains", "Chains of claims", note, tables)

    def spoken(self, claim: Iri) -> str:
        return told(self.impact.effects[claim].before)

    def ends(self, route: Route) -> str:
        records = self.impact.records
        return f"{records.label(route.start)} to {records.label(route.end)}"

    def each_chain(self) -> Section:
        tables = []
        for route in self.impact.routes:
            rows = []
            for number, way in enumerate(route.ways, 1):
                fate, steps = self.impact.fate(way)
                claims = " → ".join(self.curie(step.iri) for step in way.steps)
                at = "; ".join(f"{self.curie(step.iri)} {self.spoken(step.iri)}" for step in steps)
                rows.append([Cell(str(number)), Cell(claims), Cell(fate), Cell(at or "none")])
            columns = ("Chain", "Claims", "Outcome", "At")
            tables.append(Table(f"Every chain from {self.ends(route)}", columns, rows, frozenset({"Chain"})))
        return Section("each-chain", "Every chain", "", tuple(tables), brief=False)

    def ways(self) -> Section:
        rows = [
            [Cell(self.curie(claim)), Cell(self.spoken(claim)), Cell(f"{self.curie(way)} {self.spoken(way)}")]
            for claim, way in self.impact.ways_lost
        ]
        table = Table("Ways that are lost", ("Claim", "Statement", "Said to be so by way of"), rows)
        note = "A text says that one thing is so by way of another, and that other claim is left with nothing."
        return Section("ways", "Ways that are lost", note, (table,))

    def totals(self) -> Section:
        rows = [
            [Cell(name), Cell(str(old)), Cell(str(new)), Cell(f"{new - old:+d}"), Cell(self.meaning(name))]
            for name, (old, new) in self.impact.totals.items()
            if old != new
        ]
        numbers = ("Before", "After", "Change")
        table = Table("Totals that change", ("Total", *numbers, "What is counted"), rows, frozenset(numbers))
        return Section("totals", "Totals that change", "The totals of the audit; all others stay.", (table,))

    def meaning(self, name: str) -> str:
        total = self.impact.before.totals[name]
        return f"{total.group}: {total.definition}"

    def rest(self) -> Section:
        titles = {"kept": "Kept", "had none": "Had none before"}
        columns = ("Claim", "Statement", "Words", "Before", "After")
        tables = [
            Table(
                f"{title} ({len(self.impact.having(name))})", columns, [self.row(e) for e in self.impact.having(name)]
            )
            for name, title in titles.items()
        ]
        same = [
            [Cell(name), Cell(str(old)), Cell(self.meaning(name))]
            for name, (old, new) in self.impact.totals.items()
            if old == new
        ]
        tables.append(Table("Totals that stay", ("Total", "Number", "What is counted"), same, frozenset({"Number"})))
        return Section("rest", "What does not change", "", tuple(tables), brief=False)
