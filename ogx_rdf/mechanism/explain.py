"""The mechanism card of one claim: what it rests on, by which way, what else leads to it, what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..audit.chains import follow
from ..corpus import Corpus
from ..documents.coverage import coverage
from ..lookup import find
from ..model import Iri
from ..namespaces import OGX
from ..records import Claim, Records
from ..turtle import natural_key
from .cards import chain_card, claim_card, named, sides
from .chains import Chain, in_order, search
from .contrary import Contraries
from .near import ways_near
from .steps import network_of

__all__ = ["MOST_STEPS", "Explanation", "explain"]

MOST_STEPS = 3
"""How many claims a way to a claim may have."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """A claim and what stands around it.

    :param ways: chains without it from its subject to its object, strongest first
    :param complete: whether those are all of up to :data:`MOST_STEPS` claims
    """

    records: Records
    claim: Claim
    ways: tuple[Chain, ...]
    complete: bool

    def as_dict(self) -> dict[str, object]:
        """The card as a JSON object, the one row of its answer."""
        records, claim = self.records, self.claim
        curie = records.corpus.curie
        contraries = Contraries(records, records.nodes.members(OGX.Influence))
        row = {
            **claim_card(records, claim.iri),
            "subject": named(records, claim.subject),
            "relation": named(records, claim.predicate),
            "object": named(records, claim.object),
            "sign": records.sign(claim.predicate),
            "kind": claim.kind,
            "carries_chain": claim.predicate in records.nodes.members(OGX.Influence) and claim.polarity == "positive",
            "state": follow(claim, records, {}).state,
            **sides(records, claim.evidence),
            "evidence": [link.as_dict(records) for link in follow(claim, records, {}).links],
            "via": [self._via(iri) for iri in dict.fromkeys(v for item in claim.evidence for v in item.via)],
            "way_of": [claim_card(records, other) for other in self._way_of()],
            "ways": [self._way(chain) for chain in self.ways],
            "ways_complete": self.complete,
            "contrary": [claim_card(records, other.iri) for other in contraries.of(claim)],
            "disputed_because": [{"why": d.why, "by": curie(d.by)} for d in contraries.disputes(claim)],
            "tensions": [self._tension(tension) for tension in contraries.tensions(claim)],
            "forms_not_stated": self._forms(),
        }
        return {"answer": "rows", "coverage": coverage(records.corpus).as_dict(), "rows": [row]}

    def _way_of(self) -> list[Iri]:
        found = {item.claim for item in self.records.giving_way(self.claim.iri) if item.claim in self.records.claims}
        return sorted(found, key=natural_key)

    def _via(self, iri: Iri) -> Mapping[str, object]:
        """A claim that is given as the way, explained in its turn, and no deeper."""
        claim = self.records.claims.get(iri)
        if claim is None:
            return {"claim": self.records.corpus.curie(iri), "missing": True}
        support = follow(claim, self.records, {})
        further = dict.fromkeys(v for item in claim.evidence for v in item.via)
        return {
            **claim_card(self.records, iri),
            "given_by": [self.records.corpus.curie(item.iri) for item in self.claim.evidence if iri in item.via],
            "sign": self.records.sign(claim.predicate),
            "state": support.state,
            **sides(self.records, claim.evidence),
            "evidence": [link.as_dict(self.records) for link in support.links],
            "via": [self.records.corpus.curie(v) for v in further],
            "returns": self.claim.iri in further,
        }

    def _way(self, chain: Chain) -> Mapping[str, object]:
        """A chain, how it compares, and the passages that both it and the claim are quoted from."""
        own = _passages(self.claim)
        steps = (step.support.claim for step in chain.steps if step.support)
        shared = sorted({p for claim in steps for p in _passages(claim)} & own, key=natural_key)
        return {
            "compared": self._compared(chain),
            "shares_passages": [self.records.corpus.curie(passage) for passage in shared],
            **chain_card(self.records, chain),
        }

    def _compared(self, chain: Chain) -> str:
        """How the net sign of a way stands to what the claim says."""
        sign = self.records.sign(self.claim.predicate)
        if "unsigned" in (sign, chain.sign):
            return "no direction to compare"
        return "same direction" if (sign == chain.sign) == (self.claim.polarity == "positive") else "other direction"

    def _tension(self, iri: Iri) -> Mapping[str, object]:
        tension = self.records.tensions[iri]
        return {
            **named(self.records, iri),
            "kinds": list(tension.kinds),
            "said": [self.records.corpus.curie(side) for side in tension.said],
            "against": [self.records.corpus.curie(side) for side in tension.against],
            "difference": tension.difference,
            "inferences": list(tension.inferences),
            "sureness": tension.sureness,
            "curator": tension.curator,
        }

    def _forms(self) -> list[Mapping[str, object]]:
        """The ends of the claim that have forms, where evidence does not state which."""
        silent = [self.records.corpus.curie(e.iri) for e in self.claim.evidence if "form" in e.not_stated]
        found: list[Mapping[str, object]] = []
        for end in dict.fromkeys((self.claim.subject, self.claim.object)):
            whole = self.records.nodes.iri(end, OGX.aspectOf) or end
            nodes = self.records.nodes
            forms = [form for form in nodes.subjects(whole, OGX.formOf) if nodes.is_a(form, OGX.Entity)]
            if silent and forms:
                known = [named(self.records, form) for form in sorted(forms, key=natural_key)]
                found.append({"entity": named(self.records, end), "forms": known, "not_stated_by": silent})
        return found


def _passages(claim: Claim) -> set[Iri]:
    return {item.passage.iri for item in claim.evidence if item.passage}


def explain(corpus: Corpus, claim: str) -> Explanation:
    """The mechanism card of a claim.

    :param claim: its id, such as ``c:0042`` or ``42``
    :raises UsageError: where there is no such claim
    """
    records = Records(corpus, near=True)
    found = records.claims[find(corpus, claim, "claim")]
    if found.subject == found.object:
        return Explanation(records, found, (), complete=True)
    if records.near:
        ways = ways_near(records, found.iri, found.subject, found.object, MOST_STEPS)
    else:
        network = network_of(records).without(found.iri)
        ways = search(network, found.subject, found.object, MOST_STEPS)
    return Explanation(records, found, tuple(in_order(ways.chains, "strongest")), ways.complete)
