"""The map of the mechanism: what its address says is open and chosen, and the tables that say what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ...audit.sides import human
from ...lookup import unknown
from ...mechanism.drawing import Drawing, Edge
from ...mechanism.folding import Fold, Folded, Line
from ...mechanism.steps import Step
from ...publish.dossier.mechanism import SIGNS, legend
from ...publish.dossier.parts import Block, Cell, Row, Span, Table, cell
from .addresses import Addresses
from .picture import Link, held

if TYPE_CHECKING:
    from ...publish.dossier.material import Material

__all__ = ["ALL", "LOOKS", "Atlas", "View", "opened"]

ALL = "all"
"""What is given for ``open`` where every fold is to be open."""

LOOKS = Table(
    "What only the map has",
    ("Look", "Meaning"),
    tuple(
        Row((cell(look), cell(meaning)))
        for look, meaning in (
            ("double outline, “+ 3 …”", "several things drawn as one: the lower line opens it, the name chooses it"),
            ("“3 claims, raises”", "claims from the one to the other with the same sign; dashed or grey if all are"),
            ("hollow circle, “signs differ”", "claims of different signs; the table says which is which"),
            ("red outline, “disputed”", "something speaks against one of them at least"),
            ("heavy outline, “start:” or “end:”", "what was chosen"),
            ("heavy line", "a claim of the chains from start to end; what is on none of them is pale and unlabelled"),
        )
    ),
)


def opened(given: Sequence[str], folds: Sequence[Fold]) -> frozenset[str]:
    """The folds that an address opens, by their ids.

    :raises UsageError: E501 for a name that is none
    """
    known = [fold.id for fold in folds]
    if ALL in given:
        return frozenset(known)
    for name in given:
        if name not in known:
            raise unknown("fold", name, known)
    return frozenset(given)


@dataclass(frozen=True, slots=True)
class View:
    """A state of the map, all of which stands in its address.

    :param page: the address of the map
    :param start: the thing chosen as start, by its prefixed name; so is ``end``
    :param opened: the folds that are open, in the order of the map
    :param every: whether these are all folds
    """

    page: str
    start: str | None
    end: str | None
    opened: tuple[str, ...]
    every: bool = False

    @property
    def open(self) -> tuple[str, ...]:
        """The values of ``open`` in the address."""
        return (ALL,) if self.every else self.opened

    @property
    def href(self) -> str:
        """Its address, leading to the picture."""
        ends = [("from", self.start), ("to", self.end)]
        given = [*((name, value) for name, value in ends if value), *(("open", name) for name in self.open)]
        return f"{self.page}{'?' if given else ''}{urlencode(given)}#picture"

    def beginning(self, start: str | None, end: str | None = None) -> View:
        """The same map with other things chosen."""
        return replace(self, start=start, end=end)

    def with_open(self, opened: Sequence[str], *, every: bool = False) -> View:
        """The same map with other folds open."""
        return replace(self, opened=tuple(opened), every=every)

    def toggled(self, fold: str) -> View:
        """The same map with a fold opened, or closed where it is open."""
        if fold in self.opened:
            return self.with_open([name for name in self.opened if name != fold])
        return self.with_open([*self.opened, fold])

    def choose(self, node: str, label: str) -> Link:
        """What choosing a thing leads to: without a start it becomes the start, then the end, then a new start."""
        if node == self.start:
            return Link(self.beginning(None).href, f"Clear the start, {label}")
        if node == self.end:
            return Link(self.beginning(self.start).href, f"Clear the end, {label}")
        if self.start and not self.end:
            return Link(self.beginning(self.start, node).href, f"End at {label}")
        return Link(self.beginning(node).href, f"Start at {label}")

    def unfold(self, fold: Fold) -> Link:
        """What opening a fold leads to."""
        return Link(self.toggled(fold.id).href, f"Unfold {fold.label}: {held(fold)}")


class Atlas:
    """The whole mechanism as the map tells of it.

    :param drawing: all steps, and the crossings between what they touch
    :param folds: what of it can be folded
    """

    def __init__(self, material: Material, drawing: Drawing, folds: Sequence[Fold]) -> None:
        self.material = material
        self.drawing = drawing
        self.folds = tuple(folds)
        self._labels = {**{fold.id: fold.label for fold in folds}, **{n.id: n.label for n in drawing.nodes}}
        self._steps = {material.curie(step.iri): step for step in material.network.steps}

    @cached_property
    def legend(self) -> tuple[Block, ...]:
        """How to read the map: what the reports say of every drawing, and what only the map has."""
        return (*legend().blocks, LOOKS)

    def holding(self, node: str) -> str | None:
        """The fold in which a node would be out of sight; None for the one that gives its name to the fold."""
        return next((fold.id for fold in self.folds if node in fold.members and node != fold.head), None)

    def lines(self, folded: Folded, at: Addresses) -> Table:
        """Every line of the drawing in words, in its order."""
        closed = {fold.id: fold for fold in folded.folds}
        rows = (
            Row(
                (
                    self._end(line.start, closed, at),
                    cell(self._said(line)),
                    self._end(line.end, closed, at),
                    cell(*(self._claim(edge, at) for edge in line.edges)),
                ),
                anchor=f"line-{number}",
            )
            for number, line in enumerate(folded.lines, 1)
        )
        columns = ("From", "Line", "To", "Claims")
        return Table("Every line of the map", columns, tuple(rows), empty="No claim carries a chain.")

    def inside(self, folded: Folded, at: Addresses) -> Table:
        """What is in each closed fold: its things, and the claims among them."""
        rows = (
            Row(
                (
                    cell(Span(fold.label, None, "strong"), Span(held(fold), None, "soft")),
                    cell(*([self._thing(name, at)] for name in fold.members)),
                    cell(*(self._claim(edge, at) for edge in folded.inside[fold.id]))
                    or cell(Span("no claim among them", None, "missing")),
                )
            )
            for fold in folded.folds
        )
        columns = ("Fold", "Things in it", "Claims among them")
        return Table("What is folded", columns, tuple(rows), empty="Nothing is folded.")

    def _thing(self, name: str, at: Addresses) -> Span:
        return Span(self._labels[name], at.curie(name))

    def _end(self, name: str, closed: dict[str, Fold], at: Addresses) -> Cell:
        if name not in closed:
            return cell(self._thing(name, at))
        fold = closed[name]
        label = self._thing(fold.head, at) if fold.head else Span(fold.label)
        return cell([label, Span(f" {held(fold)}", None, "soft")])

    def _said(self, line: Line) -> tuple[Span, ...]:
        number, sign = len(line.edges), SIGNS.get(line.sign, "signs differ")
        if line.crossing:
            return (Span("no claim: from an aspect to its molecule", None, "soft"),)
        words = [f"{number} claim{'s' if number > 1 else ''}, {sign}"]
        words += [word for word, told in (("hedged", line.hedged), ("uncited", line.uncited)) if told]
        words += ["inferred"] if line.inferred else []
        spans = (Span(", ".join(words)),)
        return (*spans, Span(", "), Span("disputed", None, "bad")) if line.disputed else spans

    def _claim(self, edge: Edge, at: Addresses) -> tuple[Span, ...]:
        """An edge in words: the claim with sign, polarity, certainty and citation state, and what disputes it."""
        if edge.crossing or edge.claim is None:
            ends = f"{self._labels[edge.start]} to {self._labels[edge.end]}"
            return (Span(f"crossing: {ends} ({human(edge.label)}, {edge.sign})", None, "soft"),)
        step = self._steps[edge.claim]
        facts = (SIGNS.get(edge.sign, edge.sign), "positive", human(step.certainty), human(edge.state or "no state"))
        told = (
            Span(edge.claim, at.curie(edge.claim)),
            Span(f" {step.label} "),
            Span(f"({'; '.join(facts)})", None, "soft"),
        )
        return (*told, *self._against(step, at))

    def _against(self, step: Step, at: Addresses) -> Iterator[Span]:
        if step.disputed:
            yield Span(" disputed", None, "bad")
            for place, by in enumerate(dict.fromkeys(dispute.by for dispute in step.disputes)):
                yield Span("; by " if place else " by ", None, "soft")
                yield from (Span(text, at.curie(name) if name else None) for text, name in self.material.speaker(by))
