"""What speaks against a claim: evidence, another polarity, an opposing relation, a curator's tension."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..model import Iri
from ..namespaces import OGX
from ..records import Claim, Records

__all__ = ["CONTESTING", "Contraries", "Dispute", "differing"]

CONTESTING = ("contested", "isoformConflict", "directionConflict")
"""The kinds of tension that call a step itself into question, and not only a number or a citation."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Why a claim is disputed, and the evidence, claim or tension by which it is."""

    why: str
    by: Iri


def differing(settings: Iterable[Mapping[str, Iri]]) -> dict[str, tuple[Iri, ...]]:
    """The fields of context that are given with different values, with the values in order of appearance."""
    values: dict[str, dict[Iri, None]] = defaultdict(dict)
    for context in settings:
        for name, value in context.items():
            values[name][value] = None
    return {name: tuple(found) for name, found in values.items() if len(found) > 1}


class Contraries:
    """The contrary claims and tensions of a corpus.

    :param influences: the relations that carry a chain; two of opposite sign oppose each other
    """

    def __init__(self, records: Records, influences: Collection[Iri]) -> None:
        self._records = records
        self._influences = influences
        relations = records.nodes.members(OGX.Relation)
        self._family = _families({r: records.nodes.iris(r, OGX.synonymOf) for r in relations})
        self._opposed = {
            frozenset((self._family[relation], self._family.get(other, other)))
            for relation in relations
            for other in records.nodes.iris(relation, OGX.opposes)
        }

    def _same(self, one: Iri, other: Iri) -> bool:
        return self._family.get(one, one) == self._family.get(other, other)

    def _opposing(self, one: Iri, other: Iri) -> bool:
        if frozenset((self._family.get(one, one), self._family.get(other, other))) in self._opposed:
            return True
        signs = {self._records.sign(one), self._records.sign(other)}
        return signs == {"+1", "-1"} and one in self._influences and other in self._influences

    def of(self, claim: Claim) -> list[Claim]:
        """The claims on the same two things that say otherwise, in whatever setting."""
        return [
            other
            for other in self._records.claims_between(claim)
            if any(item.stance == "supports" for item in other.evidence)
            if (
                (other.polarity == "positive") != (claim.polarity == "positive")
                and self._same(claim.predicate, other.predicate)
            )
            or (other.polarity == claim.polarity == "positive" and self._opposing(claim.predicate, other.predicate))
        ]

    def tensions(self, claim: Claim) -> tuple[Iri, ...]:
        """The tensions that name the claim, its evidence, or the passages that its evidence quotes."""
        sides = [claim.iri, *(item.iri for item in claim.evidence)]
        sides += [item.passage.iri for item in claim.evidence if item.passage]
        return tuple(dict.fromkeys(item.iri for side in sides for item in self._records.tensions_at([side])))

    def disputes(self, claim: Claim) -> tuple[Dispute, ...]:
        """All that disputes a claim; another polarity counts only in a setting that does not differ."""
        found = [Dispute("disputing evidence", item.iri) for item in claim.evidence if item.stance == "disputes"]
        for other in self.of(claim):
            if other.polarity == claim.polarity:
                found.append(Dispute("opposing relation", other.iri))
            elif not differing((claim.context, other.context)):
                found.append(Dispute(f"stated as {other.polarity}", other.iri))
        for tension in self.tensions(claim):
            kinds = set(CONTESTING).intersection(self._records.tensions[tension].kinds)
            found += [Dispute(f"tension: {kind}", tension) for kind in CONTESTING if kind in kinds]
        return tuple(found)


def _families(synonyms: Mapping[Iri, tuple[Iri, ...]]) -> dict[Iri, Iri]:
    """For each relation the first of those that are its synonyms, directly or through others."""
    near: dict[Iri, set[Iri]] = defaultdict(set)
    for relation, others in synonyms.items():
        near[relation].update(others)
        for other in others:
            near[other].add(relation)
    family: dict[Iri, Iri] = {}
    for relation in sorted(near):
        ahead = [relation] if relation not in family else []
        while ahead:
            found = ahead.pop()
            if found not in family:
                family[found] = relation
                ahead += near[found]
    return family
