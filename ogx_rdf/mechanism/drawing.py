"""Steps and crossings as plain values that a drawing can be made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..model import Iri
from ..namespaces import OGX, RDF
from ..records import Records
from .chains import Link
from .infer import curie, infer
from .steps import Crossing, Network, Step, network_of

__all__ = ["Drawing", "Edge", "Node", "drawing_of", "graph_of"]


@dataclass(frozen=True, slots=True)
class Node:
    """An entity of a drawing; ``category`` is its class in the vocabulary, such as ``Protein``."""

    id: str
    label: str
    category: str

    def as_dict(self) -> dict[str, object]:
        """The node as a JSON object."""
        return {"id": self.id, "label": self.label, "category": self.category}


@dataclass(frozen=True, slots=True)
class Edge:
    """A step or a crossing of a drawing.

    :param claim: the claim, or the node of an inference; None for a crossing
    :param label: the relation in words; of a crossing the kind of aspect
    :param certainty: the strongest with which it is supported; None for a crossing or an inference
    :param state: citation state of the claim; None for a crossing or an inference
    :param crossing: whether it is no claim but leads from an aspect to its molecule, or back
    """

    claim: str | None
    start: str
    end: str
    relation: str
    label: str
    sign: str
    certainty: str | None
    hedged: bool
    uncited: bool
    state: str | None
    disputed: bool
    inferred: bool
    crossing: bool

    def as_dict(self) -> dict[str, object]:
        """The edge as a JSON object, with its ends as ``from`` and ``to``."""
        return {
            "claim": self.claim,
            "from": self.start,
            "to": self.end,
            "relation": self.relation,
            "label": self.label,
            "sign": self.sign,
            "certainty": self.certainty,
            "hedged": self.hedged,
            "uncited": self.uncited,
            "state": self.state,
            "disputed": self.disputed,
            "inferred": self.inferred,
            "crossing": self.crossing,
        }


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes and edges, each once; every end of an edge is among the nodes."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def as_dict(self) -> dict[str, list[dict[str, object]]]:
        """The drawing as a JSON object."""
        return {"nodes": [node.as_dict() for node in self.nodes], "edges": [edge.as_dict() for edge in self.edges]}


def graph_of(
    records: Records,
    *,
    entities: Collection[Iri] | None = None,
    claims: Collection[Iri] | None = None,
    inferred: bool = False,
) -> Drawing:
    """The mechanism of a corpus: every step, and the crossings between what the steps touch.

    :param entities: only steps between these
    :param claims: only these steps
    :param inferred: add the inferred steps, marked as such (those that ``entities`` and ``claims`` leave)
    """
    network = network_of(records)
    if inferred:
        network = network.with_steps(item.step for item in infer(records, network).drawn)
    steps = [
        step
        for step in network.steps
        if (entities is None or (step.start in entities and step.end in entities))
        and (claims is None or step.iri in claims)
    ]
    return drawing_of(records, [*steps, *_between(network, steps)])


def _between(network: Network, steps: Iterable[Step]) -> list[Crossing]:
    """The crossings from an aspect to its molecule where steps touch both."""
    touched = {node for step in steps for node in (step.start, step.end)}
    return [x for x in network.crossings if x.start == x.aspect and {x.start, x.end} <= touched]


def drawing_of(records: Records, links: Iterable[Link]) -> Drawing:
    """The links as edges, each once, and the nodes they touch, in order of first appearance."""
    links = list(dict.fromkeys(links))
    touched = dict.fromkeys(node for link in links for node in (link.start, link.end))
    return Drawing(
        nodes=tuple(_node(records, node) for node in touched),
        edges=tuple(_step(records, link) if isinstance(link, Step) else _crossing(records, link) for link in links),
    )


def _node(records: Records, iri: Iri) -> Node:
    types = (records.corpus.word(kind) for kind in records.nodes.texts(iri, RDF.type) if kind != OGX.Entity)
    return Node(records.corpus.curie(iri), records.label(iri), next(types, ""))


def _step(records: Records, step: Step) -> Edge:
    return Edge(
        claim=curie(records, step.iri),
        start=curie(records, step.start),
        end=curie(records, step.end),
        relation=curie(records, step.relation),
        label=records.label(step.relation),
        sign=step.sign,
        certainty=None if step.inferred else step.certainty,
        hedged="hedged" in step.weaknesses,
        uncited="uncited" in step.weaknesses,
        state=step.support.state if step.support else None,
        disputed=step.disputed,
        inferred=step.inferred,
        crossing=False,
    )


def _crossing(records: Records, crossing: Crossing) -> Edge:
    return Edge(
        claim=None,
        start=curie(records, crossing.start),
        end=curie(records, crossing.end),
        relation=curie(records, OGX.aspectOf),
        label=crossing.kind,
        sign=crossing.sign,
        certainty=None,
        hedged=False,
        uncited=False,
        state=None,
        disputed=False,
        inferred=False,
        crossing=True,
    )
