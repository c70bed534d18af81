"""Claims as edges: which claims carry a chain, with which sign, how well supported, disputed by what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..audit.chains import CARRIES, follow
from ..audit.chains import Chain as Support
from ..model import Iri
from ..namespaces import OGX
from ..records import Claim, Records
from ..turtle import natural_key
from .contrary import Contraries, Dispute

__all__ = [
    "MOLECULES",
    "REVERSED",
    "SAME",
    "WEAKNESSES",
    "Crossing",
    "Network",
    "Step",
    "Walked",
    "crossings_at",
    "network_of",
    "step_of",
    "supported",
]

SAME = ("level", "synthesis", "activity", "geneExpression")
"""Aspects that go with their molecule: more of the one is more of the other."""

REVERSED = ("degradation", "inhibition")
"""Aspects that go against their molecule."""

MOLECULES = (OGX.Drug, OGX.Gene, OGX.Protein, OGX.Transcript)
"""The categories whose aspects may be crossed."""

WEAKNESSES = {
    "inferred": "no source states it",
    "disputed": "a source, another claim or a curator's tension speaks against it",
    "uncited": "no passage that states it prints a citation",
    "hedged": "nowhere asserted: hedged, intended, a capability or an outlook",
    "unresolvableOnly": "cited only to entries that lead to no work",
    "encyclopediaAndUnresolvableOnly": "cited only to encyclopedia pages and entries that lead to no work",
    "encyclopediaOnly": "cited only to encyclopedia pages",
}
"""What can be weak about a step, worst first."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """From an aspect to its molecule, or back; ``kind`` is the sort of aspect, ``sign`` as that of a step."""

    start: Iri
    end: Iri
    aspect: Iri
    kind: str
    sign: str


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A claim as an edge, or an inference as one.

    :param iri: the claim, or the node of the inference
    :param sign: that of the relation: ``+1``, ``-1`` or ``unsigned``
    :param certainty: the strongest with which it is supported; of an inference that of its weakest premise
    :param weaknesses: words of :data:`WEAKNESSES`, worst first
    :param primary: whether a primary report is itself read to support it
    :param contrary: claims that say otherwise, in whatever setting
    :param tensions: every tension that a curator hung on it
    :param support: the claim with its evidence and citations; None for an inference
    :param premises: the claims that an inference was drawn from
    :param crossed: the aspect that lies between them, and the values of context in which they differ
    """

    iri: Iri
    start: Iri
    relation: Iri
    end: Iri
    label: str
    sign: str
    certainty: str
    context: Mapping[str, Iri]
    weaknesses: tuple[str, ...] = ()
    primary: bool = False
    disputes: tuple[Dispute, ...] = ()
    contrary: tuple[Iri, ...] = ()
    tensions: tuple[Iri, ...] = ()
    support: Support | None = None
    premises: tuple[Iri, ...] = ()
    crossed: tuple[Iri, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether its sign may not be multiplied because something speaks against it."""
        return "disputed" in self.weaknesses

    @property
    def inferred(self) -> bool:
        """Whether no source states it."""
        return bool(self.premises)


class Walked(Protocol):
    """What can be walked: the steps that leave and reach each node, and the crossings between them."""

    @property
    def leaving(self) -> Mapping[Iri, tuple[Step, ...]]:
        """The steps that start at a node."""
        ...

    @property
    def arriving(self) -> Mapping[Iri, tuple[Step, ...]]:
        """The steps that end at a node."""
        ...

    @property
    def across(self) -> Mapping[Iri, tuple[Crossing, ...]]:
        """The crossings that start at a node."""
        ...


@dataclass(frozen=True)
class Network:
    """Steps and crossings, ready to be walked.

    :param steps: in natural order of their ids
    :param crossings: both directions of each
    """

    steps: tuple[Step, ...]
    crossings: tuple[Crossing, ...] = ()
    leaving: Mapping[Iri, tuple[Step, ...]] = field(init=False, repr=False)
    arriving: Mapping[Iri, tuple[Step, ...]] = field(init=False, repr=False)
    across: Mapping[Iri, tuple[Crossing, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        leaving, arriving = defaultdict(list), defaultdict(list)
        for step in self.steps:
            leaving[step.start].append(step)
            arriving[step.end].append(step)
        across = defaultdict(list)
        for crossing in self.crossings:
            across[crossing.start].append(crossing)
        object.__setattr__(self, "leaving", {node: tuple(found) for node, found in leaving.items()})
        object.__setattr__(self, "arriving", {node: tuple(found) for node, found in arriving.items()})
        object.__setattr__(self, "across", {node: tuple(found) for node, found in across.items()})

    def with_steps(self, more: Iterable[Step]) -> Network:
        """The same with further steps."""
        steps = sorted([*self.steps, *more], key=lambda step: natural_key(step.iri))
        return Network(tuple(steps), self.crossings)

    def without(self, claim: Iri) -> Network:
        """The same without one step."""
        return Network(tuple(step for step in self.steps if step.iri != claim), self.crossings)


def supported(claim: Claim) -> bool:
    """Whether any evidence supports the claim."""
    return any(item.stance == "supports" for item in claim.evidence)


def network_of(records: Records) -> Network:
    """Every step and crossing of a corpus."""
    influences = set(records.nodes.members(OGX.Influence))
    contraries = Contraries(records, influences)
    steps = tuple(
        step_of(claim, records, contraries)
        for claim in records.claims.values()
        if claim.polarity == "positive" and claim.predicate in influences and supported(claim)
    )
    return Network(steps, tuple(_crossings(records)))


def step_of(claim: Claim, records: Records, contraries: Contraries) -> Step:
    """A claim that carries a chain, as a step."""
    support = follow(claim, records, {})
    disputes = contraries.disputes(claim)
    weak = {"disputed": bool(disputes), "hedged": claim.certainty != "asserted", _ground(support, records): True}
    return Step(
        iri=claim.iri,
        start=claim.subject,
        relation=claim.predicate,
        end=claim.object,
        label=claim.label,
        sign=records.sign(claim.predicate),
        certainty=claim.certainty,
        context=claim.context,
        weaknesses=tuple(word for word in WEAKNESSES if weak.get(word)),
        primary=_primary(claim, records),
        disputes=disputes,
        contrary=tuple(other.iri for other in contraries.of(claim)),
        tensions=contraries.tensions(claim),
        support=support,
    )


def _source_types(claim: Claim, records: Records, *, own: bool = False) -> set[str]:
    """The types of the works that are reported to support a claim; with ``own`` only those whose own result it is."""
    found = set()
    for item in claim.evidence:
        work = records.works.get(item.source) if item.source else None
        if work and item.stance == "supports" and not item.quoted and (not own or item.origin == item.source):
            found.add(work.source_type or "")
    return found


def _primary(claim: Claim, records: Records) -> bool:
    return any(CARRIES.get(kind) == "primary" for kind in _source_types(claim, records, own=True))


def _ground(support: Support, records: Records) -> str:
    """What is weak about its citations, in a word of :data:`WEAKNESSES`; else the citation state, which is none."""
    types = _source_types(support.claim, records)
    if any(kind in CARRIES for kind in types):
        return "carried"
    if support.state == "notQuoted" and types == {"encyclopedia"}:
        return "encyclopediaOnly"
    return support.state


def _crossings(records: Records) -> Iterable[Crossing]:
    for aspect in records.nodes.members(OGX.Aspect):
        yield from _crossings_of(records, aspect)


def _crossings_of(records: Records, aspect: Iri) -> Iterable[Crossing]:
    """Both directions between an aspect and its molecules."""
    nodes = records.nodes
    kind = records.word(nodes.iri(aspect, OGX.aspect))
    sign = "+1" if kind in SAME else "-1" if kind in REVERSED else "unsigned"
    for molecule in nodes.iris(aspect, OGX.aspectOf):
        if any(nodes.is_a(molecule, category) for category in MOLECULES):
            yield Crossing(aspect, molecule, aspect, kind, sign)
            yield Crossing(molecule, aspect, aspect, kind, sign)


def crossings_at(records: Records, node: Iri) -> Iterable[Crossing]:
    """The crossings that start at one node."""
    nodes = records.nodes
    aspects = sorted({node, *nodes.subjects(node, OGX.aspectOf)}, key=natural_key)
    for aspect in aspects:
        if nodes.is_a(aspect, OGX.Aspect):
            yield from (crossing for crossing in _crossings_of(records, aspect) if crossing.start == node)
