"""The steps around a few things, read as they are walked: what a store is asked for where all steps are too many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..model import Iri
from ..namespaces import OGX, RDF
from ..records import Records
from ..turtle import natural_key
from .chains import Chain, Found, search
from .contrary import Contraries
from .steps import Crossing, Step, crossings_at, step_of

__all__ = ["MOST_READ", "ways_near"]

MOST_READ = 2_000
"""How many steps are read before a search gives up and says that it is not complete."""


class _Steps(Mapping[Iri, tuple[Step, ...]]):
    """The steps that leave a node, or arrive at one; each with its ends, and nothing else said of it yet."""

    def __init__(self, network: _Near, here: Iri, there: Iri) -> None:
        self._network = network
        self._here = here
        self._there = there
        self._read: dict[Iri, tuple[Step, ...]] = {}

    def __getitem__(self, node: Iri) -> tuple[Step, ...]:
        if node not in self._read:
            self._read[node] = tuple(self._ask(node))
        return self._read[node]

    def _ask(self, node: Iri) -> Iterator[Step]:
        network = self._network
        query = (
            f"SELECT DISTINCT ?claim ?relation ?other WHERE {{ VALUES ?node {{ <{node}> }} "
            f"?claim <{self._here}> ?node ; <{OGX.polarity}> ?polarity ; <{RDF.predicate}> ?relation ; "
            f"<{self._there}> ?other FILTER(?polarity = <{OGX.positive}>) "
            f"?evidence <{OGX.evidenceFor}> ?claim ; <{OGX.stance}> ?stance FILTER(?stance = <{OGX.supports}>) }} "
            f"LIMIT {network.left + 1}"
        )
        rows = network.records.corpus.dataset.select(query, shown="steps").texts() if network.left > 0 else []
        network.left -= max(len(rows), 1)
        for row in sorted(rows, key=lambda row: natural_key(row["claim"])):
            claim, relation, other = Iri(row["claim"]), Iri(row["relation"]), Iri(row["other"])
            if relation in network.influences and claim != network.without:
                start, end = (node, other) if self._here == RDF.subject else (other, node)
                yield Step(claim, start, relation, end, "", "", "", {})

    def __iter__(self) -> Iterator[Iri]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


class _Crossings(Mapping[Iri, tuple[Crossing, ...]]):
    """The crossings that start at a node."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._read: dict[Iri, tuple[Crossing, ...]] = {}

    def __getitem__(self, node: Iri) -> tuple[Crossing, ...]:
        if node not in self._read:
            self._read[node] = tuple(crossings_at(self._records, node))
        return self._read[node]

    def __iter__(self) -> Iterator[Iri]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


class _Near:
    """A network of which only what is walked is read.

    ``left`` is how many steps may still be read; below zero, some were left out.
    """

    def __init__(self, records: Records, without: Iri) -> None:
        self.records = records
        self.without = without
        self.left = MOST_READ
        self.influences = set(records.nodes.members(OGX.Influence))
        self.leaving = _Steps(self, RDF.subject, RDF.object)
        self.arriving = _Steps(self, RDF.object, RDF.subject)
        self.across = _Crossings(records)


def ways_near(records: Records, claim: Iri, start: Iri, end: Iri, max_length: int) -> Found:
    """The chains without a claim from one thing to another, reading no more of a store than they pass."""
    network = _Near(records, claim)
    found = search(network, start, end, max_length)
    contraries = Contraries(records, network.influences)
    steps: dict[Iri, Step] = {}

    def told(chain: Chain) -> Chain:
        for link in chain.steps:
            if link.iri not in steps:
                steps[link.iri] = step_of(records.claims[link.iri], records, contraries)
        return Chain(tuple(steps[link.iri] if isinstance(link, Step) else link for link in chain.links))

    return replace(found, chains=tuple(map(told, found.chains)), complete=found.complete and network.left >= 0)
