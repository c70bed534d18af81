"""The mechanism: for each question the chains drawn, and the table that says the same in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...audit.sides import human
from ...mechanism.answers import PathAnswer
from ...mechanism.chains import Chain, Link
from ...mechanism.drawing import Drawing, Node, drawing_of
from ...mechanism.steps import WEAKNESSES, Crossing, Step
from ...model import Iri
from ...records import Claim
from ..report.parts import anchor
from .drawing import LEGEND, svg
from .material import Material
from .parts import Block, Cell, Figure, Paragraph, Part, Row, Section, Span, Table, cell

__all__ = ["NO_PICTURE", "SIGNS", "legend", "neighbourhood", "section", "told_chains", "told_settings", "told_sign"]

SIGNS = {"+1": "raises", "-1": "lowers", "unsigned": "unsigned"}
NO_PICTURE = (
    "No drawing: the layout program graphviz-pure is not installed (the extra “report” brings it). "
    "The table says the same."
)
_MOST = 40
_NAMED = 4
"""So many of those that dispute a step are named; the others stand at its claim."""


def told_sign(chain: Chain, material: Material) -> str:
    """The net sign of a chain in words, with why there is none."""
    if not chain.reasons:
        return f"net sign {chain.sign} ({SIGNS[chain.sign]})"
    found = (f"{_name(reason.link, material)} {reason.why}" for reason in chain.reasons)
    return f"no net sign: {', '.join(dict.fromkeys(found))}"


def told_settings(chain: Chain, material: Material) -> str:
    """In which settings the steps of a chain differ, in words; empty where they do not."""
    label = material.records.label
    found = [f"{name}: {' / '.join(map(label, values))}" for name, values in chain.settings.items()]
    return f"settings differ ({'; '.join(found)})" if found else ""


def _name(link: Link, material: Material) -> str:
    return material.curie(link.iri) if isinstance(link, Step) else f"crossing {human(link.kind)}"


def _figure(drawing: Drawing, name: str, title: str, *, across: bool = True) -> Figure:
    table = "The table after it says the same in words."
    picture = svg(drawing, name=name, title=title, description=table, across=across)
    return Figure(title if picture else f"{title}. {NO_PICTURE}", picture)


def legend() -> Part:
    """What each look of a drawing means, drawn and told, and what can be weak about a step."""
    looks_last = tuple(reversed(LEGEND))  # the layout begins at the bottom
    nodes = [Node(end, end[0].upper(), "") for edge in looks_last for end in (edge.start, edge.end)]
    figure = _figure(Drawing(tuple(nodes), looks_last), "legend", "Legend: one line of each look, from A to B")
    looks = (
        ("solid line, filled arrow", "said outright; raises"),
        ("solid line, bar", "said outright; lowers"),
        ("hollow arrow", "no direction given: unsigned, and never multiplied"),
        ("dashed line, “hedged”", "hedged, intended, a capability or an outlook; nowhere asserted"),
        ("grey, “uncited”", "no passage that states it prints a citation"),
        ("red outline, “disputed”", "a source, another claim or a curator's tension speaks against it"),
        ("double line, “inferred”", "no source states it (none is drawn unless it is said)"),
        ("dotted line, diamond", "no claim: from an aspect, such as a level, to its molecule"),
    )
    rows = tuple(Row((cell(look), cell(meaning))) for look, meaning in looks)
    weak = tuple(Row((cell(human(word)), cell(meaning))) for word, meaning in WEAKNESSES.items())
    tables = (
        Table("Lines and their meaning", ("Line", "Meaning"), rows),
        Table("What can be weak about a step, worst first", ("Weakness", "Meaning"), weak),
    )
    return Part("How to read the drawings", "legend", (figure, *tables))


def _step(link: Link, material: Material) -> Cell:
    if isinstance(link, Crossing):
        label = material.records.label
        told = f"crossing: {label(link.start)} to {label(link.end)} ({human(link.kind)}, {link.sign})"
        return cell(Span(told, None, "soft"))
    relation = SIGNS.get(link.sign, link.sign)
    return cell((material.claim(link.iri), Span(f" {link.label} ({relation}; positive; {human(link.certainty)})")))


def _grounds(link: Link, material: Material) -> Cell:
    """The words of a step, its citations, and what speaks against it."""
    if isinstance(link, Crossing):
        return cell(Span("added: an aspect and its molecule are taken as one here", None, "added"))
    chain = material.chain(link.iri)
    lines: list[tuple[Span, ...]] = []
    for item in (found.evidence for found in chain.links):
        if item.quoted:
            lines.append((Span(f"“{item.quote}”", None, "quote"), Span(f" {material.cited(item)}", None, "soft")))
        else:
            stance = "" if item.stance == "supports" else f"{item.stance}: "
            lines.append((Span(f"{stance}reported: {item.report} "), Span(material.read(item), None, "soft")))
    return cell(
        *lines[:3],
        *(
            [Span(f"and {len(lines) - 3} more places at the claim", f"#{anchor(material.curie(link.iri))}")]
            if len(lines) > 3
            else []
        ),
    )


def _weak(link: Link, material: Material) -> Cell:
    if isinstance(link, Crossing):
        return cell("not a claim")
    found: list[Span | tuple[Span, ...]] = []
    for word in link.weaknesses:
        found.append(Span(human(word), None, "bad" if word == "disputed" else ""))
    against = list(dict.fromkeys(dispute.by for dispute in link.disputes))
    found += [(Span("by ", None, "soft"), *_speaker(iri, material)) for iri in against[:_NAMED]]
    if len(against) > _NAMED:
        found.append(Span(f"and by {len(against) - _NAMED} more", f"#{anchor(material.curie(link.iri))}", "soft"))
    return cell(*found) if found else cell("none found")


def _speaker(iri: Iri, material: Material) -> Iterator[Span]:
    """Who speaks against a step: the work by its short name with what it says, a tension by its title."""
    for text, name in material.speaker(iri):
        yield Span(text, f"#{material.names[name]}" if name in material.names else None, "soft")


def _chain(number: int, chain: Chain, material: Material) -> Iterator[Row]:
    weakest = chain.weakest
    worst = f"weakest link {material.curie(weakest[0].iri)}: {human(weakest[1])}" if weakest else "no weak link found"
    head = cell(
        Span(f"Chain {number}", None, "strong"),
        Span(told_sign(chain, material), None, "added"),
        Span(worst, None, "added"),
    )
    settings = told_settings(chain, material)
    if settings:
        head = (*head, *cell(Span(settings, None, "soft")))
    for place, link in enumerate(chain.links):
        cells = (_step(link, material), _grounds(link, material), _weak(link, material))
        yield Row(cells, continued=1) if place else Row((head, *cells), span=len(chain.links))


def _told(claim: Claim) -> str:
    """A claim by its label, polarity and strongest certainty."""
    return f"{claim.label} ({human(claim.polarity)}; {human(claim.certainty)})"


def _gaps(answer: PathAnswer, material: Material) -> Iterator[Block]:
    records, found = material.records, answer.gaps
    lines = [
        f"{gap.bond.words(records)}: this link is no claim and was not crossed; chains lead to "
        f"{records.label(gap.before)}, and from {records.label(gap.after)} on."
        for gap in found.gaps[:5]
        if not answer.chains
    ]
    lines += [f"{material.curie(item.claim)} {_told(records.claims[item.claim])}: {item.why}." for item in found.said]
    if lines:
        yield Paragraph(cell("What stands near a chain and was not taken as one:"))
        yield Paragraph(cell(*lines), listed=True)


def told_chains(answer: PathAnswer, material: Material) -> Part:
    """The chains from one thing to another: drawn, and in a table that says the same."""
    records = material.records
    start, end = records.label(answer.start), records.label(answer.end)
    name = anchor(f"chain-{material.curie(answer.start)}-{material.curie(answer.end)}")
    title = f"How does {start} act on {end}?"
    shown = answer.shown
    blocks: list[Block] = []
    if not shown:
        why = f"None: no chain of at most {answer.max_length} claims leads from {start} to {end}."
        blocks.append(Paragraph(cell(Span(why, None, "strong"))))
    else:
        count, rest = len(answer.chains), len(answer.chains) - len(shown)
        lengths = Counter(len(chain.steps) for chain in answer.chains)
        of = ", ".join(f"{number} of {length}" for length, number in sorted(lengths.items()))
        counted = f"{count} chain{'s' if count > 1 else ''} of at most {answer.max_length} claims ({of})"
        more = f"; drawn and told here are the {len(shown)} with the strongest weakest link." if rest else "."
        blocks.append(Paragraph(cell(Span(counted + more))))
        drawing = drawing_of(records, (link for chain in shown for link in chain.links))
        blocks.append(_figure(drawing, name, f"From {start} to {end}"))
        rows = tuple(row for number, chain in enumerate(shown, 1) for row in _chain(number, chain, material))
        columns = ("Chain", "Step", "Words and citations", "What is weak")
        blocks.append(Table(f"Chains from {start} to {end}", columns, rows))
    return Part(title, name, (*blocks, *_gaps(answer, material)))


def neighbourhood(start: Iri, material: Material) -> Part:
    """What leaves a thing, and what leaves its aspects: one step each."""
    records, network = material.records, material.network
    steps: list[Link] = list(network.leaving.get(start, ()))
    rows = tuple(Row((_step(link, material), _grounds(link, material), _weak(link, material))) for link in steps)
    name, label = anchor(f"near-{material.curie(start)}"), records.label(start)
    blocks: list[Block] = []
    if 0 < len(steps) <= _MOST:
        blocks.append(_figure(drawing_of(records, steps), name, f"What {label} is said to do, one step"))
    elif steps:
        blocks.append(Paragraph(cell(f"{len(steps)} steps are too many to be drawn readably.")))
    columns = ("Step", "Words and citations", "What is weak")
    blocks.append(Table(f"One step from {label}", columns, rows))
    return Part(f"What is {label} said to do directly?", name, tuple(blocks))


def section(material: Material) -> Section:
    """Every question of ``chains`` in ``corpus.toml`` with its chains, drawn and told."""
    note = (
        "A chain is made of claims as they are told, each with its own words and citations; that they join is added "
        "here and said by no source. A net sign is given only where every step has a sign and none is disputed. The "
        "weakest link is the step with the worst weakness; the drawings and the tables after them say the same."
    )
    if not material.answers:
        none = Paragraph(cell("No question is set: chains in corpus.toml names none."))
        return Section("Mechanism", "mechanism", note, (none,))
    starts = dict.fromkeys(answer.start for answer in material.answers)
    first = max(starts, key=lambda iri: sum(answer.start == iri for answer in material.answers))
    parts = (legend(), *(told_chains(answer, material) for answer in material.answers), neighbourhood(first, material))
    return Section("Mechanism", "mechanism", note, (), parts)
