"""The impact: what is left without encyclopedia pages, and under each policy."""

from __future__ import annotations

from ...audit.chains import Chain
from ...audit.rules import cites
from ...audit.sides import human
from ...impact.effect import OUTCOMES, Effect, Impact
from ..report.parts import anchor
from .material import Material
from .parts import Block, Cell, Paragraph, Part, Row, Section, Span, Table, cell

__all__ = ["section"]

_LISTED = {"lost": "Left with nothing", "undetermined": "Undetermined", "weakened": "Weakened"}


def _rests(chain: Chain, material: Material) -> Cell:
    support, label = chain.support, material.records.label
    cited = [f"cites {cites(chain.labels)}" if chain.labels else "cites nothing"] if chain.stated else []
    lines = support.supporting
    return cell(*cited, *([f"read in favour: {', '.join(label(line.name) for line in lines)}"] if lines else []))


def _told(chain: Chain, material: Material) -> Cell:
    claim = chain.claim
    surely = f"{human(claim.polarity)}; {human(claim.certainty)}"
    return cell(
        (material.claim(claim.iri), Span(f" {claim.label}")), Span(surely, None, "bad" if chain.failed else "soft")
    )


def _row(effect: Effect, material: Material) -> Row:
    quotes = [f"“{link.evidence.quote}”" for link in effect.before.places]
    words = cell(*(Span(quote, None, "quote") for quote in quotes[:2])) if quotes else cell("reported only")
    rests = (_rests(chain, material) or cell("nothing") for chain in (effect.before, effect.after))
    return Row((_told(effect.before, material), words, *rests))


def _part(title: str, impact: Impact, material: Material) -> Part:
    counts = {name: len(impact.having(name)) for name in OUTCOMES}
    blocks: list[Block] = [
        Paragraph(cell(*(line for line in impact.removal.asked)))
        if impact.removal.asked
        else Paragraph(cell("Nothing is removed; the rules are applied.")),
        *(Paragraph(cell(f"{policy.reason} ({policy.date.isoformat()})")) for policy in impact.policies),
    ]
    if impact.removal.references or impact.removal.works or impact.removal.documents:
        blocks.append(
            Table(
                "Claims by outcome",
                ("Outcome", "Claims", "Meaning"),
                tuple(Row((cell(name), cell(str(number)), cell(OUTCOMES[name]))) for name, number in counts.items()),
                frozenset({"Claims"}),
            )
        )
        columns = ("Claim", "Words", "Rests on, before", "After")
        for name, caption in _LISTED.items():
            rows = tuple(_row(effect, material) for effect in impact.having(name))
            if rows:
                blocks.append(Table(f"{caption} ({len(rows)})", columns, rows))
        blocks += _totals(impact)
        blocks += _routes(impact, material)
    if any(policy.rules for policy in impact.policies):
        blocks += _violations(impact, material)
    return Part(title, anchor(f"impact-{title}"), tuple(blocks))


def _totals(impact: Impact) -> list[Block]:
    changed = [(name, old, new) for name, (old, new) in impact.totals.items() if old != new]
    rows = tuple(
        Row((cell(name), cell(str(old)), cell(str(new)), cell(f"{new - old:+d}"))) for name, old, new in changed
    )
    numbers = ("Before", "After", "Change")
    return [Table("Totals of the audit that change", ("Total", *numbers), rows, frozenset(numbers), "none changes")]


def _routes(impact: Impact, material: Material) -> list[Block]:
    label, rows = material.records.label, []
    for route in impact.routes:
        fates = [impact.fate(way)[0] for way in route.ways]
        numbers = (len(fates), fates.count("standing"), fates.count("undetermined"), fates.count("broken"))
        rows.append(
            Row((cell(f"{label(route.start)} to {label(route.end)}"), *(cell(str(number)) for number in numbers)))
        )
    names = ("Chains before", "Standing", "Undetermined", "Broken")
    return [Table("Chains of claims", ("From and to", *names), tuple(rows), frozenset(names))] if rows else []


def _violations(impact: Impact, material: Material) -> list[Block]:
    rows = []
    for found in impact.violations:
        rests = "; ".join(f"{source} ({human(tier)})" for source, tier in found.rests_on) or "nothing"
        rows.append(Row((_told(found.chain, material), cell(rests), cell(found.rule.id))))
    reasons = dict.fromkeys(f"{found.rule.id}: {found.rule.reason}" for found in impact.violations)
    table = Table(f"Rules broken ({len(rows)})", ("Claim", "Rests on", "Rule"), tuple(rows))
    return [Paragraph(cell(*reasons), listed=True), table] if reasons else [table]


def section(material: Material) -> Section:
    """What falls under each policy: outcomes, lists, totals, chains, rules broken."""
    note = (
        "What would be left if sources counted no more; nothing was written to the corpus. A claim is undetermined "
        "where its passage cites several works for several statements and one of them fell: nobody can "
        "tell which carried it."
    )
    rows = []
    for title, impact in material.impacts:
        counts = [str(len(impact.having(name))) for name in OUTCOMES]
        target = Span(title, f"#{anchor(f'impact-{title}')}")
        rows.append(Row((cell(target), *map(cell, counts), cell(str(len(impact.violations))))))
    names = (*(name.capitalize() for name in OUTCOMES), "Rules broken")
    empty = "No policy is at hand, and no encyclopedia page is cited or read."
    overview = Table("Claims by outcome", ("Left out", *names), tuple(rows), frozenset(names), empty)
    parts = tuple(_part(title, impact, material) for title, impact in material.impacts)
    return Section("Impact: what falls when a source falls", "impact", note, (overview,), parts)
