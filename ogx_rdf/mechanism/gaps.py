"""What no chain crosses, and would have to: forms, gene and product, sets, parts; named, so that a reader can judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model import Iri
from ..namespaces import OGX
from ..records import Records
from ..turtle import natural_key
from .chains import distances
from .steps import MOLECULES, Network, Step, supported

__all__ = ["BONDS", "Bond", "Gap", "Gaps", "Silent", "gaps"]

BONDS = {
    OGX.formOf: "{0} is a form of {1}",
    OGX.producedFrom: "{0} is made from {1}",
    OGX.member: "{1} is a member of {0}",
    OGX.component: "{1} is a component of {0}",
    OGX.involves: "{0} involves {1}",
    OGX.aspectOf: "{0} is an aspect of {1}, which is no molecule",
}
"""The links between entities that no chain crosses, in words."""


@dataclass(frozen=True, slots=True)
class Bond:
    """A link between two entities that is not crossed, as the entities' descriptions hold it."""

    subject: Iri
    relation: Iri
    object: Iri

    def words(self, records: Records) -> str:
        """The link in words."""
        return BONDS[self.relation].format(records.label(self.subject), records.label(self.object))


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """Two ends of chains that only a bond would join.

    :param before: where chains from the first thing arrive, with the steps that do; none at the thing itself
    :param after: where chains into the second thing begin, with the steps that do
    :param length: the steps of the shortest chain that the bond would join
    """

    bond: Bond
    before: Iri
    after: Iri
    arriving: tuple[Step, ...]
    leaving: tuple[Step, ...]
    length: int


@dataclass(frozen=True, slots=True)
class Silent:
    """A claim between the two things that carries no chain, and why."""

    claim: Iri
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """What stands near a chain that is not there.

    :param reached: what chains from the first thing reach, with the fewest steps
    :param leading: from where chains into the second thing begin, with the fewest steps
    """

    gaps: tuple[Gap, ...]
    said: tuple[Silent, ...]
    reached: Mapping[Iri, int]
    leading: Mapping[Iri, int]


def gaps(records: Records, network: Network, start: Iri, end: Iri, max_length: int) -> Gaps:
    """The bonds that would join chains from ``start`` with chains into ``end``, and what is said of both."""
    ahead = _within(distances(network, start), max_length)
    back = _within(distances(network, end, back=True), max_length)
    found = []
    for bond in _bonds(records):
        for before, after in ((bond.subject, bond.object), (bond.object, bond.subject)):
            if before not in ahead or after not in back or after in ahead:
                continue
            length = ahead[before] + back[after]
            if length <= max_length:
                arriving = _nearest(network.arriving.get(before, ()), ahead, before, back=False)
                leaving = _nearest(network.leaving.get(after, ()), back, after, back=True)
                found.append(Gap(bond, before, after, arriving, leaving, length))
    found.sort(key=lambda gap: (gap.length, natural_key(gap.before), natural_key(gap.after), gap.bond.relation))
    reached = {node: steps for node, steps in ahead.items() if steps and node in network.arriving}
    leading = {node: steps for node, steps in back.items() if steps and node in network.leaving}
    return Gaps(tuple(found), tuple(_said(records, network, start, end)), reached, leading)


def _within(found: Mapping[Iri, int], most: int) -> dict[Iri, int]:
    near = {node: length for node, length in found.items() if length <= most}
    return dict(sorted(near.items(), key=lambda item: (item[1], natural_key(item[0]))))


def _nearest(steps: Iterable[Step], known: Mapping[Iri, int], node: Iri, *, back: bool) -> tuple[Step, ...]:
    """The steps by which a node is reached (or left) on a shortest chain."""
    return tuple(step for step in steps if known.get(step.end if back else step.start) == known[node] - 1)


def _bonds(records: Records) -> Iterable[Bond]:
    nodes = records.nodes
    molecules = {iri for category in MOLECULES for iri in nodes.members(category)}
    for entity in nodes.members(OGX.Entity):
        for relation in BONDS:
            for other in nodes.iris(entity, relation):
                if relation != OGX.aspectOf or other not in molecules:
                    yield Bond(entity, relation, other)


def _said(records: Records, network: Network, start: Iri, end: Iri) -> Iterable[Silent]:
    steps = {step.iri for step in network.steps}
    for claim in records.claims.values():
        if {claim.subject, claim.object} != {start, end}:
            continue
        if claim.polarity != "positive":
            yield Silent(claim.iri, claim.polarity)
        elif not supported(claim):
            yield Silent(claim.iri, "no evidence supports it")
        elif claim.iri not in steps:
            yield Silent(claim.iri, "its relation is no influence")
        elif claim.subject == end:
            yield Silent(claim.iri, "it runs the other way")
