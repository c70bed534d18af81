"""Where a claim stands in the chains of claims: which it is a step of, what leads to it, where it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...mechanism.steps import Network, Step, supported
from ...model import Iri
from ...namespaces import OGX
from ...publish.cards import Card, Deck

if TYPE_CHECKING:
    from ...publish.dossier.material import Material
    from ...records import Claim

__all__ = ["Standing", "Through", "standing"]


@dataclass(frozen=True, slots=True)
class Through:
    """The chains between two things, and how many of them lead through the claim.

    :param start: one end, its name and label, as :meth:`Deck.named` gives them; ``end`` is the other
    :param places: the places that the claim has in them, in order: 1 is the first step
    """

    start: Card
    end: Card
    chains: int
    found: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim among the chains.

    :param not_a_step: why no chain leads through it; empty where it is a step
    :param start: whence it leads; ``end`` is whither
    :param through: the pairs of the report with chains through it
    :param before: from where a step leads to it
    :param after: to where a step goes on
    """

    not_a_step: str
    start: Card | None = None
    end: Card | None = None
    through: tuple[Through, ...] = ()
    before: tuple[Card, ...] = ()
    after: tuple[Card, ...] = ()


def standing(material: Material, deck: Deck, claim: Claim) -> Standing:
    """Where a claim stands in the chains that the report draws, and beside which others."""
    network = material.network
    step = next((step for step in network.leaving.get(claim.subject, ()) if step.iri == claim.iri), None)
    if step is None:
        return Standing(_reason(material, claim))
    return Standing(
        "",
        deck.named(step.start),
        deck.named(step.end),
        tuple(_through(material, deck, claim.iri)),
        tuple(map(deck.named, _before(network, step))),
        tuple(map(deck.named, _after(network, step))),
    )


def _reason(material: Material, claim: Claim) -> str:
    if claim.predicate not in material.records.nodes.members(OGX.Influence):
        return "It says of no influence of one thing on another."
    if claim.polarity != "positive":
        return "It says that there is no such influence, or that none is shown."
    return "It is not known why." if supported(claim) else "No place supports it."


def _through(material: Material, deck: Deck, claim: Iri) -> Iterator[Through]:
    for answer in material.answers:
        chains = [[step.iri for step in chain.steps] for chain in answer.found.chains]
        places = sorted({chain.index(claim) + 1 for chain in chains if claim in chain})
        count = sum(claim in chain for chain in chains)
        if count:
            yield Through(deck.named(answer.start), deck.named(answer.end), len(chains), count, tuple(places))


def _at(network: Network, node: Iri) -> list[Iri]:
    """A node, and what lies across an aspect of it: a chain goes on from either."""
    return [node, *(crossing.end for crossing in network.across.get(node, ()))]


def _before(network: Network, step: Step) -> Iterable[Iri]:
    """Where the steps begin after which this one may come; no chain passes a node twice."""
    nodes = [node for node in _at(network, step.start) if node != step.end]
    found = (other.start for node in nodes for other in network.arriving.get(node, ()))
    return dict.fromkeys(node for node in found if node not in (step.start, step.end))


def _after(network: Network, step: Step) -> Iterable[Iri]:
    """Where the steps end that may come after this one."""
    nodes = [node for node in _at(network, step.end) if node != step.start]
    found = (other.end for node in nodes for other in network.leaving.get(node, ()))
    return dict.fromkeys(node for node in found if node not in (step.start, step.end))
