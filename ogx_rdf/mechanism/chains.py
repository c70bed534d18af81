"""Every chain of steps between two things, up to a length, with its net sign and its weakest link."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model import Iri
from ..turtle import natural_key
from .contrary import differing
from .steps import WEAKNESSES, Crossing, Step, Walked

__all__ = ["ORDERS", "WORK", "Chain", "Found", "Link", "Reason", "distances", "in_order", "product", "search"]

Link = Step | Crossing

ORDERS = ("weakest", "strongest")
"""Which chains come first: those with the weakest link, or those with the strongest."""

WORK = 100_000
"""How many beginnings of chains are looked at before a search gives up."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a chain has no sign: the link, and ``unsigned`` or ``disputed``."""

    link: Link
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Links from one thing to another; each starts where the one before it ends."""

    links: tuple[Link, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The claims and inferences among the links."""
        return tuple(link for link in self.links if isinstance(link, Step))

    @property
    def crossings(self) -> tuple[Crossing, ...]:
        """The crossings among the links."""
        return tuple(link for link in self.links if isinstance(link, Crossing))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason not to multiply the signs; none where there is a net sign."""
        found = []
        for link in self.links:
            if isinstance(link, Step) and link.disputed:
                found.append(Reason(link, "disputed"))
            if link.sign == "unsigned":
                found.append(Reason(link, "unsigned"))
        return tuple(found)

    @property
    def sign(self) -> str:
        """The net sign: ``+1``, ``-1`` or ``unsigned``."""
        return "unsigned" if self.reasons else product(link.sign for link in self.links)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many steps have each of :data:`WEAKNESSES`."""
        found = Counter(word for step in self.steps for word in step.weaknesses)
        return {word: found[word] for word in WEAKNESSES}

    @property
    def weakest(self) -> tuple[Step, str] | None:
        """The worst step and what is weak about it (the first of several alike), or None where nothing is."""
        for word in WEAKNESSES:
            for step in self.steps:
                if word in step.weaknesses:
                    return step, word
        return None

    @property
    def settings(self) -> Mapping[str, tuple[Iri, ...]]:
        """The fields of context in which its steps differ, such as two models."""
        return differing(step.context for step in self.steps)

    @property
    def key(self) -> tuple[object, ...]:
        """What makes the order of equals: fewer steps, fewer crossings, then by ids."""
        names = tuple(natural_key(link.iri if isinstance(link, Step) else link.end) for link in self.links)
        return len(self.steps), len(self.crossings), names


@dataclass(frozen=True, slots=True)
class Found:
    """The chains of a search, shorter ones first.

    :param searched: the length up to which all chains are there
    :param complete: whether that is the length asked for
    """

    chains: tuple[Chain, ...]
    searched: int
    complete: bool


def product(signs: Iterable[str]) -> str:
    """The product of signs; unsigned where any is."""
    found = list(signs)
    if "unsigned" in found:
        return "unsigned"
    return "-1" if found.count("-1") % 2 else "+1"


def in_order(chains: Iterable[Chain], order: str) -> list[Chain]:
    """The chains by their weakest link, then by how many there are of it, and so down :data:`WEAKNESSES`.

    :param order: of :data:`ORDERS`
    """
    sign = -1 if order == "weakest" else 1
    return sorted(chains, key=lambda chain: (tuple(sign * n for n in chain.counts.values()), chain.key))


def _beginnings(network: Walked, node: Iri) -> list[tuple[tuple[Crossing, ...], Iri]]:
    """Where the next step may start: at the node itself, or across one aspect of its molecule."""
    return [((), node), *(((crossing,), crossing.end) for crossing in network.across.get(node, ()))]


def distances(network: Walked, start: Iri, *, back: bool = False, most: int | None = None) -> dict[Iri, int]:
    """The fewest steps from a node to every other (with ``back``: from every other to it), a last crossing free.

    :param most: look no further than so many steps
    """
    steps = network.arriving if back else network.leaving
    found = {node: 0 for _, node in _beginnings(network, start)}
    ahead = deque(found)
    while ahead:
        node = ahead.popleft()
        for step in steps.get(node, ()) if most is None or found[node] < most else ():
            for _, other in _beginnings(network, step.start if back else step.end):
                if other not in found:
                    found[other] = found[node] + 1
                    ahead.append(other)
    return found


def search(network: Walked, start: Iri, end: Iri, max_length: int, *, work: int = WORK) -> Found:
    """Every chain of at most ``max_length`` steps that passes no node twice, shortest first.

    Only beginnings from which the end can still be reached are followed.

    :param work: how many beginnings to look at; a search that gives up says up to which length it is complete
    """
    needed = distances(network, end, back=True, most=max_length - 1)
    chains: list[Chain] = []
    ahead: deque[tuple[tuple[Link, ...], Iri, frozenset[Iri], int]] = deque([((), start, frozenset([start]), 0)])
    while ahead:
        links, node, seen, length = ahead.popleft()
        if work <= 0:
            return Found(tuple(chains), length, complete=False)
        for crossed, at in _beginnings(network, node):
            if at == end or (crossed and at in seen):
                continue
            for step in network.leaving.get(at, ()):
                work -= 1
                if step.end in seen or step.end == at or length + 1 + needed.get(step.end, max_length) > max_length:
                    continue
                longer = (*links, *crossed, step)
                chains += _endings(network, longer, end)
                if step.end != end:
                    ahead.append((longer, step.end, seen | {at, step.end}, length + 1))
    return Found(tuple(chains), max_length, complete=True)


def _endings(network: Walked, links: tuple[Link, ...], end: Iri) -> list[Chain]:
    """The chains that are whole after these links: they end at the end, or at an aspect or molecule of it."""
    last = links[-1].end
    if last == end:
        return [Chain(links)]
    across = network.across.get(last, ())
    return [Chain((*links, crossing)) for crossing in across if crossing.end == end]
