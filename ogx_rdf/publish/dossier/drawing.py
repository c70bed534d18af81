"""A mechanism drawn as SVG: the layout is Graphviz's dot, by a program that comes as a wheel.

Every mark has two signs, so that nothing hangs on colour: what a line's look says, its label says in words too.

    solid, filled arrow    said outright, raises        dashed               hedged
    tee                    said outright, lowers        grey, "uncited"      no citation is printed on it
    hollow arrow           no direction is given        red outline, "disputed"
    dotted, diamond        not a claim: from an aspect  double line, "inferred"
                           to its molecule              hollow circle, "signs differ"

The same drawing gives the same bytes.  Where the program is not installed there is no picture, and the table that
says the same stands alone.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from ...errors import InputError
from ...mechanism.drawing import Drawing, Edge, Node

__all__ = [
    "GREY",
    "LEGEND",
    "PAPER",
    "SHADE",
    "Look",
    "dot",
    "edge_look",
    "laid_out",
    "markup",
    "node_look",
    "source",
    "svg",
    "wrapped",
]

PROGRAM = "graphviz-pure"
INK, GREY, RED = "#1f2328", "#676c73", "#b3261e"
PAPER, SHADE = "#fdfdfb", "#f1f1ec"
FONT = "Arimo, Arial, Liberation Sans, sans-serif"
ARROWS = {"+1": "normal", "-1": "nonetee", "unsigned": "onormal", "differ": "odot"}
GAPS = "nodesep=0.3; ranksep=0.55;"
SHAPES = {
    "Drug": {"shape": "box", "style": "rounded,bold"},
    "Process": {"shape": "ellipse"},
    "Pathway": {"shape": "ellipse"},
}

Look = Mapping[str, str]
"""Attributes of Graphviz and their values; ``rows`` is a label made as a table of its own markup."""

LEGEND = (
    Edge(None, "a1", "b1", "", "raises", "+1", "asserted", False, False, None, False, False, False),
    Edge(None, "a2", "b2", "", "lowers", "-1", "asserted", False, False, None, False, False, False),
    Edge(None, "a3", "b3", "", "no direction given", "unsigned", "asserted", False, False, None, False, False, False),
    Edge(None, "a4", "b4", "", "raises", "+1", "hedged", True, False, None, False, False, False),
    Edge(None, "a5", "b5", "", "raises", "+1", "asserted", False, True, None, False, False, False),
    Edge(None, "a6", "b6", "", "raises", "+1", "asserted", False, False, None, True, False, False),
    Edge(None, "a7", "b7", "", "raises", "+1", None, False, False, None, False, True, False),
    Edge(None, "a8", "b8", "", "an aspect of it", "+1", None, False, False, None, False, False, True),
)
"""One edge of each look."""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def wrapped(text: str, width: int = 22) -> str:
    """A label in lines of about so many characters; words stay whole."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _said(edge: Edge) -> Iterator[str]:
    """What the look of a line says, in words."""
    if edge.crossing:
        return
    if edge.inferred:
        yield "inferred"
    if edge.hedged:
        yield "hedged"
    elif edge.certainty not in (None, "asserted", "none"):
        yield str(edge.certainty)
    if edge.uncited:
        yield "uncited"
    if edge.disputed:
        yield "disputed"


def _colours(edge: Edge) -> str:
    """The colours of a line, from side to side; ``invis`` parts a double line."""
    ink = GREY if edge.uncited or edge.crossing else INK
    inner = [ink, "invis", ink] if edge.inferred else [ink]
    return ":".join([RED, *inner, RED] if edge.disputed else inner)


def markup(text: str) -> str:
    """Lines of text as markup of Graphviz's tables."""
    return "<BR/>".join(map(escape, text.split("\n")))


def node_look(node: Node) -> dict[str, str]:
    """How a node is drawn."""
    return {**SHAPES.get(node.category, {"shape": "box"}), "label": wrapped(node.label)}


def edge_look(edge: Edge) -> dict[str, str]:
    """How an edge is drawn; its sign may be ``differ``."""
    head = edge.label if edge.crossing or edge.claim is None else f"{edge.label} ({edge.claim.removeprefix('c:')})"
    lines = [*(wrapped(line, 18) for line in head.split("\n")), ", ".join(_said(edge))]
    label = "\n".join(filter(None, lines))
    style = "dotted" if edge.crossing else "dashed" if edge.hedged else "solid"
    arrow = "odiamond" if edge.crossing else ARROWS.get(edge.sign, "onormal")
    colour = GREY if edge.uncited or edge.crossing else INK
    return {
        "label": label,
        "style": style,
        "arrowhead": arrow,
        "color": _colours(edge),
        "fontcolor": RED if edge.disputed else colour,
    }


def _told(look: Look) -> str:
    """Attributes in the language of Graphviz; only what stands under ``rows`` is taken as one of its tables."""
    return " ".join(f"label=<{value}>" if key == "rows" else f"{key}={_quoted(value)}" for key, value in look.items())


def source(
    nodes: Mapping[str, Look], edges: Sequence[tuple[str, str, Look]], *, across: bool = True, gaps: str = GAPS
) -> str:
    """A graph in the language of Graphviz.

    :param nodes: the look of each node by its id
    :param edges: start, end and look of each
    :param across: from left to right, else from top to bottom
    :param gaps: attributes for all of it, such as how far its nodes stand apart
    """
    lines = [
        f"digraph {{ rankdir={'LR' if across else 'TB'}; bgcolor=transparent;",
        f'node [fontname="Arimo" fontsize=13 color="{INK}" fontcolor="{INK}" margin="0.18,0.06" height=0.35];',
        'edge [fontname="Arimo" fontsize=10.5 arrowsize=0.8];',
        gaps,
        *(f"{_quoted(name)} [{_told(look)}];" for name, look in nodes.items()),
        *(f"{_quoted(start)} -> {_quoted(end)} [{_told(look)}];" for start, end, look in edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def dot(drawing: Drawing, *, across: bool = True) -> str:
    """The drawing in the language of Graphviz; ``across`` from left to right, else from top to bottom."""
    nodes = {node.id: node_look(node) for node in drawing.nodes}
    return source(nodes, [(edge.start, edge.end, edge_look(edge)) for edge in drawing.edges], across=across)


def _program() -> str | None:
    beside = Path(sys.executable).with_name(PROGRAM)
    return str(beside) if beside.is_file() else shutil.which(PROGRAM)


def svg(drawing: Drawing, *, name: str, title: str, description: str, across: bool = True) -> str | None:
    """The drawing as an SVG element to stand in a page; None where the layout program is not installed.

    :param name: sets the ids in the picture apart from those of others on the page
    :param title: the accessible name
    :param description: what it shows, and where the same is said in words
    :raises InputError: where the layout program fails
    """
    if not drawing.nodes:
        return None
    return laid_out(dot(drawing, across=across), name=name, title=title, description=description)


def laid_out(text: str, *, name: str, title: str, description: str) -> str | None:
    """A graph in the language of Graphviz as an SVG element, as :func:`svg`; its links can be reached by keyboard."""
    program = _program()
    if program is None:
        return None
    run = subprocess.run(
        [program, "-Tsvg"],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        first = (run.stderr.strip().splitlines() or ["no message"])[0]
        raise InputError("E360", f"the drawing could not be laid out: {first}", hint=f"Mend or remove {PROGRAM}.")
    return _embedded(run.stdout, name, title, description)


def _embedded(text: str, name: str, title: str, description: str) -> str:
    """Graphviz's SVG without prologue, comments and own tooltips, with an accessible name and ids of its own."""
    body = text[text.index("<svg") :]
    body = re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL)
    body = re.sub(r"<title>.*?</title>\n?", "", body, flags=re.DOTALL)
    body = re.sub(r' id="([^"]*)"', rf' id="{name}-\1"', body)
    body = body.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "").replace(
        'font-family="Arimo"', f'font-family="{FONT}"'
    )
    # What an image holds is hidden from readers' programs; what holds links is a group.
    body, links = re.subn(r'<a xlink:href="([^"]*)" xlink:title="([^"]*)"', r'<a href="\1" aria-label="\2"', body)
    role = "group" if links else "img"
    size = re.search(r'<svg width="([0-9.]+)pt" height="([0-9.]+)pt"\s+viewBox="([^"]*)"', body)
    if size is None:
        raise InputError("E360", "the layout program gave no picture", hint=f"Try: {PROGRAM} -V")
    head = (
        f'<svg width="{size[1]}" height="{size[2]}" viewBox="{size[3]}" role="{role}" '
        f'aria-labelledby="{name}-title {name}-desc"'
    )
    body = head + body[size.end() :]
    labels = f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(description)}</desc>\n'
    cut = body.index(">") + 1
    return body[:cut] + "\n" + labels + body[cut:].lstrip("\n")
