"""Claims, steps and chains as JSON objects that say everything: words, citations, certainty, sign, disputes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model import Iri
from ..namespaces import OGX
from ..records import Evidence, Records
from .chains import Chain, Link
from .infer import curie
from .steps import Crossing, Step

__all__ = ["chain_card", "claim_card", "context_card", "link_card", "named", "sides", "step_line"]


def named(records: Records, iri: Iri) -> dict[str, object]:
    """A node with its name."""
    return {"id": curie(records, iri), "label": records.label(iri)}


def context_card(records: Records, context: Mapping[str, Iri]) -> dict[str, object]:
    """The setting of a claim or step, by field."""
    return {name: named(records, value) for name, value in context.items()}


def claim_card(records: Records, iri: Iri) -> dict[str, object]:
    """A claim in short: never a label without polarity, certainty and setting."""
    claim = records.claims[iri]
    return {
        "claim": curie(records, iri),
        "label": claim.label,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "context": context_card(records, claim.context),
    }


def _source(records: Records, item: Evidence) -> dict[str, object]:
    """Who speaks: the document quoted, or the work read and the work whose result it tells."""
    iri = (item.passage.document if item.passage else None) if item.quoted else item.source
    work = records.works.get(iri) if iri else None
    own = item.primary_source if item.primary_source != item.source else None
    return {
        "source": named(records, iri) if iri else None,
        "source_type": work.source_type if work else records.word(records.nodes.iri(iri or "", OGX.sourceType)) or None,
        "result_of": named(records, own) if own else None,
        "extent": item.extent if not item.quoted else None,
        "evidence": curie(records, item.iri),
        "directness": item.directness,
        "certainty": item.certainty,
    }


def sides(records: Records, evidence: Iterable[Evidence]) -> dict[str, list[dict[str, object]]]:
    """Who supports, who disputes, who is silent."""
    found: dict[str, list[dict[str, object]]] = {"supports": [], "disputes": [], "silent": []}
    for item in evidence:
        found.setdefault(item.stance, []).append(_source(records, item))
    return found


def link_card(records: Records, link: Link) -> dict[str, object]:
    """A step or a crossing in full."""
    ends = {"from": named(records, link.start), "to": named(records, link.end)}
    if isinstance(link, Crossing):
        return {
            "crossing": True,
            **ends,
            "aspect": named(records, link.aspect),
            "kind": link.kind,
            "sign": link.sign,
        }
    return {"crossing": False, "claim": curie(records, link.iri), "label": link.label, **ends, **_step(records, link)}


def _step(records: Records, step: Step) -> dict[str, object]:
    support = step.support
    evidence = support.claim.evidence if support else ()
    return {
        "relation": named(records, step.relation),
        "sign": step.sign,
        "polarity": "positive",
        "certainty": None if step.inferred else step.certainty,
        "weakest_premise": step.certainty if step.inferred else None,
        "hedge": list(dict.fromkeys(hedge for item in evidence for hedge in item.hedges)),
        "kind": support.claim.kind if support else None,
        "context": context_card(records, step.context),
        "state": support.state if support else None,
        "weaknesses": list(step.weaknesses),
        "reported_by_primary": step.primary,
        "inferred": step.inferred,
        "because": [claim_card(records, claim) for claim in step.premises],
        "crossed": [named(records, node) for node in step.crossed],
        "disputed": step.disputed,
        "disputed_because": [{"why": dispute.why, "by": curie(records, dispute.by)} for dispute in step.disputes],
        "contrary": [claim_card(records, claim) for claim in step.contrary],
        "tensions": [named(records, tension) for tension in step.tensions],
        **sides(records, evidence),
        "evidence": [link.as_dict(records) for link in support.links] if support else [],
    }


def step_line(records: Records, step: Step) -> dict[str, object]:
    """A step in short; an inference has no certainty of its own."""
    if not step.inferred:
        return claim_card(records, step.iri)
    return {
        "claim": curie(records, step.iri),
        "label": step.label,
        "polarity": "positive",
        "certainty": None,
        "context": context_card(records, step.context),
    }


def _link_name(records: Records, link: Link) -> str:
    return curie(records, link.iri) if isinstance(link, Step) else f"crossing {link.kind}"


def chain_card(records: Records, chain: Chain) -> dict[str, object]:
    """A chain in full: its links, its net sign or why there is none, its counts, its weakest link."""
    weakest = chain.weakest
    return {
        "sign": chain.sign,
        "unsigned_because": [{"link": _link_name(records, reason.link), "why": reason.why} for reason in chain.reasons],
        "weakest": {"claim": curie(records, weakest[0].iri), "weakness": weakest[1]} if weakest else None,
        "counts": {
            "steps": len(chain.steps),
            "crossings": len(chain.crossings),
            **chain.counts,
            "reportedByPrimary": sum(step.primary for step in chain.steps),
        },
        "settings_differ": {
            name: [named(records, value) for value in values] for name, values in chain.settings.items()
        },
        "links": [link_card(records, link) for link in chain.links],
    }
