"""The cards of claims, of the evidence for them, and of tensions."""

from __future__ import annotations

from collections.abc import Iterable

from ..audit.chains import Link, follow
from ..audit.sides import tension_dict
from ..model import Iri
from ..namespaces import RDFS
from ..records import CONTEXT, Claim, Evidence, Measurement, Tension
from .cards import Card, Deck, claim_line

__all__ = ["claim_card", "evidence_card", "tension_card"]


def claim_card(deck: Deck, iri: Iri) -> Card:
    """What is said to be so, who says it, which studies were read for it, and what does not go together with it."""
    claim, records = deck.records.claims[iri], deck.records
    chain = follow(claim, records, deck.texts)
    triple = {"subject": claim.subject, "relation": claim.predicate, "object": claim.object}
    return {
        **{key: deck.named(value) for key, value in triple.items()},
        "sign": records.sign(claim.predicate),
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "kind": claim.kind,
        "context": {name: deck.named(claim.context[name]) for name in CONTEXT if name in claim.context},
        "comment": claim.comment,
        "citation_state": chain.state,
        "sources": len(chain.sources),
        "support": chain.support.as_dict(records),
        "evidence": [_evidence(deck, link) for link in chain.links],
        "way_of": deck.claim_lines(dict.fromkeys(e.claim for e in records.giving_way(iri))),
        "twins": deck.claim_lines(_twins(deck, claim)),
        "tensions": _tensions(deck, chain.tensions, claim, chain.links),
    }


def _tensions(deck: Deck, found: Iterable[Tension], claim: Claim, links: Iterable[Link]) -> list[Card]:
    """Tensions with both sides, those that name the claim or its evidence first.

    Of the others ``through`` names what they share with the claim: an entry that it cites, a passage that it is quoted
    from.  Of the former it is empty.

    :param links: the evidence that counts
    """
    links = list(links)
    own = {claim.iri, *(link.evidence.iri for link in links)}
    places = {link.evidence.passage.iri: link.evidence.passage for link in links if link.evidence.passage}
    entries = {c.reference.iri: c.reference for link in links for c in link.citations if c.reference}
    cards: list[Card] = []
    for tension in found:
        sides = dict.fromkeys((*tension.said, *tension.against))
        shared = [] if own.intersection(sides) else [side for side in sides if side in places or side in entries]
        names = {iri: f"[{entry.label}] {entry.content}" for iri, entry in entries.items()}
        through = [{"id": deck.curie(side), "label": names.get(side) or deck.curie(side)} for side in shared]
        cards.append({**tension_dict(tension, deck.records), "through": through})
    return sorted(cards, key=lambda card: bool(card["through"]))


def _twins(deck: Deck, claim: Claim) -> list[Iri]:
    """Claims that say the same with another polarity."""

    def key(item: Claim) -> tuple[object, ...]:
        return item.subject, item.predicate, item.object, tuple(sorted(item.context.items()))

    others = (other for other in deck.records.claims_between(claim) if other.polarity != claim.polarity)
    return [other.iri for other in others if key(other) == key(claim)]


def evidence_card(deck: Deck, iri: Iri) -> Card:
    """What one place says of one claim, and the tensions that name it, its passage or its claim."""
    item, records = deck.records.evidence[iri], deck.records
    claim = records.claims.get(item.claim)
    if claim is None:
        return {"claim": {"claim": deck.curie(item.claim)}, "quote": item.quote, "report": item.report}
    link = next(link for link in follow(claim, records, deck.texts).links if link.evidence.iri == iri)
    touched = (iri, item.claim, *([item.passage.iri] if item.passage else []))
    found = _tensions(deck, records.tensions_at(touched), claim, [link])
    return {"claim": claim_line(claim, records), **_evidence(deck, link), "tensions": found}


def _evidence(deck: Deck, link: Link) -> Card:
    item, passage = link.evidence, link.evidence.passage
    document = deck.records.documents.get(passage.document) if passage and passage.document else None
    return {
        "evidence": deck.curie(item.iri),
        "stance": item.stance,
        "directness": item.directness,
        "certainty": item.certainty,
        "hedge": list(item.hedges),
        "hedge_override": item.hedge_override,
        "manner": item.manner,
        "quote": item.quote,
        "quote_verdict": link.quote,
        "start": item.start,
        "end": item.end,
        "passage": deck.place(passage) if passage else None,
        "document": {**deck.named(document.iri), "file_name": document.file_name} if document else None,
        "citations": [c.as_dict(deck.records) for c in link.citations],
        "report": _report(deck, item),
        "via": deck.claim_lines(item.via),
        "relies_on": [deck.place(deck.records.passages[p]) for p in item.relies_on if p in deck.records.passages],
        "not_stated": list(item.not_stated),
        "measurement": _measurement(deck, item.measurement),
        "evidence_type": [deck.curie(t) for t in item.types],
        "comment": deck.records.nodes.text(item.iri, RDFS.comment),
    }


def _report(deck: Deck, item: Evidence) -> Card | None:
    if item.quoted:
        return None
    return {
        "words": item.report,
        "source": _source(deck, item.source),
        "primary_source": _source(deck, item.primary_source),
        "read_at": item.read_at,
        "read_on": item.read_on,
        "read_by": item.read_by,
        "extent": item.extent,
    }


def _source(deck: Deck, iri: Iri | None) -> Card | None:
    """A work that was read, or whose result was read elsewhere: of what type, on which studies, of what standing."""
    if iri is None:
        return None
    work = deck.records.works.get(iri)
    if work is None:
        return deck.named(iri)
    return {
        **deck.named(iri),
        "source_type": work.source_type,
        "date": work.date,
        "studies": [deck.named(study) for study in work.studies],
        **deck.standing(work),
    }


def _measurement(deck: Deck, item: Measurement | None) -> Card | None:
    if item is None:
        return None
    fields = {name: deck.curie(v) if name == "unit" else v for name, v in item.fields.items()}
    return {"measure": item.measure, **fields, "not_stated": list(item.not_stated)}


def tension_card(deck: Deck, iri: Iri) -> Card:
    """Both sides of a tension, what differs, and, marked as such, what the curator concludes."""
    card = tension_dict(deck.records.tensions[iri], deck.records)
    return {name: value for name, value in card.items() if name not in ("tension", "label")}
