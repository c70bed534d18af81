"""Which curated tensions set the same things against each other, whatever sort of node they name them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ..model import Iri
from ..records import Records

__all__ = ["Reach"]


class Reach:
    """From a side of a tension to the evidence and claims that it stands for.

    A claim stands for its evidence, evidence for its claim; a passage for what is quoted from it, an entry of a
    reference list for what is quoted where it is printed, a work for what is reported from it.  A whole document
    stands for nothing in particular.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._evidence: dict[Iri, set[Iri]] = defaultdict(set)
        for item in records.evidence.values():
            markers = item.passage.markers if item.passage else ()
            entries = (marker.reference for marker in markers)
            for node in (item.passage and item.passage.iri, item.source, item.primary_source, *entries):
                if node:
                    self._evidence[node].add(item.iri)
        self._curated = [
            (tension.iri, self._nodes(tension.said), self._nodes(tension.against))
            for tension in records.tensions.values()
        ]

    def _nodes(self, sides: Iterable[Iri]) -> set[Iri]:
        """Every node by which a side may be met: itself, its claim, its evidence."""
        return {node for side in sides for node in self._standing_for(side)}

    def _standing_for(self, side: Iri) -> Iterator[Iri]:
        yield side
        claim = self._records.claims.get(side)
        yield from (item.iri for item in claim.evidence) if claim else self._evidence.get(side, ())
        if side in self._records.evidence:
            yield self._records.evidence[side].claim

    def claims(self, side: Iri) -> set[Iri]:
        """The claims that a side speaks to."""
        found = {side}.intersection(self._records.claims)
        items = (self._records.evidence.get(node) for node in self._standing_for(side))
        return found.union(item.claim for item in items if item)

    def named_by(self, here: Iterable[Iri], there: Iterable[Iri], *, among: bool = False) -> tuple[Iri, ...]:
        """The curated tensions that set something here against something there, in the order of their ids.

        :param among: whether the things of one side may differ from one another too, as numbers of many sources do
        """
        left, right = set(here), set(there)
        if among:
            left = right = left | right
        found = []
        for tension, said, against in self._curated:
            pairs = ((said & left, against & right), (said & right, against & left))
            if any(a != b for one, other in pairs for a in one for b in other):
                found.append(tension)
        return tuple(found)
