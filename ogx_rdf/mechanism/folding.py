"""A drawing with some of its nodes folded into one, and the lines between the same two nodes drawn as one.

Nothing is left out: each edge of the drawing is in exactly one line, or inside exactly one fold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .drawing import Drawing, Edge, Node

__all__ = ["Fold", "Folded", "Line", "fold"]


@dataclass(frozen=True, slots=True)
class Fold:
    """Nodes that may be drawn as one.

    :param id: that of the thing or kind by which they belong together
    :param why: ``pathway`` (what a pathway, process or set involves), ``thing`` (aspects and forms of one thing) or
        ``kind`` (things of one kind)
    :param members: the ids of its nodes, each in no other fold
    :param head: the node that gives the name, where it is one of them
    """

    id: str
    label: str
    why: str
    members: tuple[str, ...]
    head: str | None = None

    @property
    def others(self) -> int:
        """How many nodes it holds beside the one that gives the name."""
        return len(self.members) - (self.head is not None)


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn as one line: every claim from one drawn node to another, or every crossing."""

    start: str
    end: str
    edges: tuple[Edge, ...]

    @property
    def crossing(self) -> bool:
        """Whether it is no claim."""
        return self.edges[0].crossing

    @property
    def sign(self) -> str:
        """The sign of all its claims, or ``differ``."""
        signs = {edge.sign for edge in self.edges}
        return signs.pop() if len(signs) == 1 else "differ"

    @property
    def disputed(self) -> bool:
        """Whether something speaks against any of them."""
        return any(edge.disputed for edge in self.edges)

    @property
    def hedged(self) -> bool:
        """Whether none of them is asserted."""
        return all(edge.hedged for edge in self.edges)

    @property
    def uncited(self) -> bool:
        """Whether none of them is cited."""
        return all(edge.uncited for edge in self.edges)

    @property
    def inferred(self) -> bool:
        """Whether no source states any of them."""
        return all(edge.inferred for edge in self.edges)


@dataclass(frozen=True, slots=True)
class Folded:
    """What is drawn.

    :param nodes: the nodes in no closed fold
    :param folds: the closed folds, each drawn as one node
    :param inside: for each closed fold, by its id, the edges between its own nodes
    :param places: for each node of the whole drawing the node or fold that stands for it
    """

    nodes: tuple[Node, ...]
    folds: tuple[Fold, ...]
    lines: tuple[Line, ...]
    inside: Mapping[str, tuple[Edge, ...]]
    places: Mapping[str, str]


def _drawn_as(closed: Iterable[Fold]) -> dict[str, str]:
    return {member: fold.id for fold in closed for member in fold.members}


def fold(drawing: Drawing, folds: Collection[Fold], opened: Collection[str]) -> Folded:
    """A drawing with each fold as one node, but for those that are open.

    :param folds: each node in at most one of them
    :param opened: the ids of the folds whose nodes are drawn
    """
    closed = tuple(each for each in folds if each.id not in opened)
    inner = _drawn_as(closed)
    places = {node.id: inner.get(node.id, node.id) for node in drawing.nodes}
    lines: dict[tuple[str, str, bool], list[Edge]] = {}
    inside: dict[str, list[Edge]] = {each.id: [] for each in closed}
    for edge in drawing.edges:
        start, end = places[edge.start], places[edge.end]
        if start == end and edge.start in inner:
            inside[start].append(edge)
        else:
            lines.setdefault((start, end, edge.crossing), []).append(edge)
    return Folded(
        nodes=tuple(node for node in drawing.nodes if node.id not in inner),
        folds=closed,
        lines=tuple(Line(start, end, tuple(edges)) for (start, end, _), edges in lines.items()),
        inside={name: tuple(edges) for name, edges in inside.items()},
        places=places,
    )
