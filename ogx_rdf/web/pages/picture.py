"""The map of the mechanism drawn: things and folds as links, lines that lead to their row, what is chosen marked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol
from xml.sax.saxutils import quoteattr

from ...audit.sides import human
from ...mechanism.drawing import Edge, Node
from ...mechanism.folding import Fold, Folded, Line
from ...publish.dossier.drawing import (
    GREY,
    PAPER,
    SHADE,
    Look,
    edge_look,
    laid_out,
    markup,
    node_look,
    source,
    wrapped,
)
from ...publish.dossier.mechanism import SIGNS

__all__ = ["Chosen", "Leading", "Link", "held", "on_chain", "picture"]

HELD = {
    "pathway": ("+ {} in it", "+ {} in it"),
    "thing": ("+ {} aspect or form", "+ {} aspects and forms"),
    "kind": ("{} of this kind", "{} of this kind"),
}
"""What a fold says of its things beside the one that gives the name: of one, of several."""
WIDTH, LINE_WIDTH = 18, 13
"""So many characters stand in a line of a thing's label and of a line's."""

GAPS = 'newrank=true; mclimit=8; nodesep=0.14; ranksep=0.28; node [fontsize=12 margin="0.14,0.05"]; edge [fontsize=10];'
"""The map is large: its things are smaller and closer than those of a chain, its lines ordered with more care."""

NOT_ON_IT: Look = {"color": GREY, "fontcolor": GREY}
CHOSEN: Look = {"penwidth": "3"}


def held(fold: Fold) -> str:
    """What a fold says of the things in it: "+ 7 aspects and forms"."""
    return HELD[fold.why][fold.others > 1].format(fold.others)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a mark leads, and what following it does, in words."""

    href: str
    words: str


class Leading(Protocol):
    """Where the marks of a map lead."""

    def choose(self, node: str, label: str) -> Link:
        """What choosing a thing leads to."""
        ...

    def unfold(self, fold: Fold) -> Link:
        """What opening a fold leads to."""
        ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader chose, by the ids of the drawing.

    :param claims: the steps of the chains from start to end
    :param crossed: the ends of their crossings
    """

    start: str | None = None
    end: str | None = None
    claims: frozenset[str] = frozenset()
    crossed: frozenset[tuple[str, str]] = frozenset()

    def label(self, node: str, label: str) -> str:
        """A label with the word that says what the node is chosen for."""
        return f"start: {label}" if node == self.start else f"end: {label}" if node == self.end else label

    def holds(self, edge: Edge) -> bool:
        """Whether an edge is on one of the chains."""
        if edge.crossing:
            return bool(self.crossed & {(edge.start, edge.end), (edge.end, edge.start)})
        return edge.claim in self.claims


def on_chain(folded: Folded, chosen: Chosen) -> set[str]:
    """The drawn nodes and folds that the chains pass."""
    edges = (edge for line in folded.lines for edge in line.edges)
    inner = (edge for found in folded.inside.values() for edge in found)
    found = {folded.places[end] for edge in (*edges, *inner) if chosen.holds(edge) for end in (edge.start, edge.end)}
    return found | {folded.places[end] for end in (chosen.start, chosen.end) if end and end in folded.places}


def _plain(node: Node, chosen: Chosen, link: Link) -> dict[str, str]:
    look = node_look(node)
    style = ",".join(filter(None, (look.get("style"), "filled")))
    label = wrapped(chosen.label(node.id, node.label), WIDTH)
    return {**look, "style": style, "fillcolor": PAPER, "label": label, "URL": link.href, "tooltip": link.words}


def _cell(text: str, link: Link | None, small: bool = False) -> str:
    leads = f" HREF={quoteattr(link.href)} TITLE={quoteattr(link.words)}" if link else ""
    lines = markup(text)
    sized = f'<FONT POINT-SIZE="10"><U>{lines}</U></FONT>' if small else lines
    return f"<TR><TD{leads}>{sized}</TD></TR>"


def _fold(fold: Fold, chosen: Chosen, leading: Leading) -> dict[str, str]:
    unfold = leading.unfold(fold)
    head = wrapped(chosen.label(fold.head, fold.label) if fold.head else fold.label, WIDTH)
    look = {"shape": "box", "style": "rounded,filled", "peripheries": "2", "fillcolor": SHADE, "margin": "0.08,0.04"}
    if fold.head is None:
        rows = (_cell(head, None), _cell(held(fold), None, small=True))
        look |= {"URL": unfold.href, "tooltip": unfold.words}
    else:
        choose = leading.choose(fold.head, fold.label)
        rows = (_cell(head, choose), _cell(held(fold), unfold, small=True))
    table = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
    return {**look, "rows": f"{table}{''.join(rows)}</TABLE>"}


def _as_edge(line: Line) -> Edge:
    """A line as one edge, so that it looks like one."""
    first = line.edges[0]
    number = len(line.edges)
    if line.crossing:
        label = ", ".join(dict.fromkeys(human(edge.label) for edge in line.edges))
    elif number == 1:
        label = wrapped(first.label, LINE_WIDTH)
    else:
        label = f"{number} claims\n{SIGNS.get(line.sign, 'signs differ')}"
    return replace(
        first,
        claim=None,
        label=label,
        sign=line.sign,
        certainty=first.certainty if number == 1 else None,
        hedged=line.hedged,
        uncited=line.uncited,
        disputed=line.disputed,
        inferred=line.inferred,
    )


def _line(number: int, line: Line, chosen: Chosen) -> dict[str, str]:
    look = edge_look(_as_edge(line))
    if any(map(chosen.holds, line.edges)):
        look["penwidth"] = "2.6"
    elif chosen.claims:
        return {**look, "label": "", "color": GREY, "penwidth": "0.6"}
    return {
        **look,
        "labelURL": f"#line-{number}",
        "labeltooltip": f"{' '.join(look['label'].split())}: its row in the table",
    }


def picture(folded: Folded, chosen: Chosen, leading: Leading, title: str) -> str | None:
    """The map as an SVG element; None where the layout program is not installed, or nothing is to be drawn.

    :param title: what it shows, in a few words
    """
    nodes = {node.id: _plain(node, chosen, leading.choose(node.id, node.label)) for node in folded.nodes}
    nodes |= {fold.id: _fold(fold, chosen, leading) for fold in folded.folds}
    if not nodes:
        return None
    passed = on_chain(folded, chosen)
    if chosen.claims:
        for name in nodes.keys() - passed:
            nodes[name] |= NOT_ON_IT
    heads = {fold.id: fold.head for fold in folded.folds}
    for name in nodes:
        if {name, heads.get(name)} & {chosen.start, chosen.end} - {None}:
            nodes[name] |= CHOSEN
    lines = [(line.start, line.end, _line(number, line, chosen)) for number, line in enumerate(folded.lines, 1)]
    described = (
        "Each thing is a link that chooses it, each fold a link that opens it. The table after it says the same."
    )
    drawn = laid_out(source(nodes, lines, gaps=GAPS), name="map", title=title, description=described)
    # The rows can be reached without these links, so a keyboard need not pass all of them.
    return drawn and drawn.replace('<a href="#line-', '<a tabindex="-1" href="#line-')
