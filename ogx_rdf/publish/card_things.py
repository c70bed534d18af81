"""The cards of what claims are about: entities, trials with their arms, relations; and of any other node."""

from __future__ import annotations

from ..model import Iri
from ..namespaces import DCTERMS, OGX, RDF, RDFS, SKOS
from ..records import MOST, ROLES
from .cards import Card, Deck, claim_line, more

__all__ = ["entity_card", "other_card", "relation_card", "trial_card"]

WIDENING = (OGX.formOf, OGX.aspectOf, OGX.member, OGX.component, OGX.involves)
"""From a node to the things it is a form, an aspect or a whole of: claims on it are claims about them too."""
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


def _external(deck: Deck, iri: Iri) -> list[Card]:
    """What a node is elsewhere, and how nearly."""
    return [{"match": m, "id": deck.curie(v)} for m in MATCHES for v in deck.records.nodes.texts(iri, SKOS[m])]


def entity_card(deck: Deck, iri: Iri) -> Card:
    """An entity, what it is elsewhere, and the claims about it."""
    nodes = deck.records.nodes
    links = {
        deck.curie(p): [deck.named(str(v)) for v in values if isinstance(v, Iri)]
        for p, values in nodes.predicates(iri).items()
        if p.startswith(OGX.iri)
    }
    return {
        "categories": [deck.records.label(t) for t in nodes.texts(iri, RDF.type) if t != OGX.Entity],
        "also": list(nodes.texts(iri, SKOS.altLabel)),
        "comment": nodes.text(iri, RDFS.comment),
        "links": {name: values for name, values in links.items() if values},
        "external": _external(deck, iri),
        **_claims_about(deck, iri),
    }


def trial_card(deck: Deck, iri: Iri) -> Card:
    """A trial: its numbers, its arms and what each receives, the works that report it, and what is in tension."""
    nodes, records = deck.records.nodes, deck.records
    arms = [arm for arm in nodes.subjects(iri, OGX.armOf) if nodes.is_a(arm, OGX.Arm)]
    works = records.reporting(iri)
    card = entity_card(deck, iri)
    about = [claim.iri for claim in records.few_claims([iri], *ROLES)[0]]
    evidence = [item for claim in about for item in nodes.subjects(claim, OGX.evidenceFor)]
    return {
        **{name: card[name] for name in ("categories", "also", "comment")},
        "identifiers": list(nodes.texts(iri, DCTERMS.identifier)),
        "external": card["external"],
        "arms": [
            {**deck.named(arm), "receives": [deck.named(v) for v in nodes.texts(arm, OGX.receives)]} for arm in arms
        ],
        "links": card["links"],
        "reported_by": [
            {**deck.named(w.iri), "source_type": w.source_type, "date": w.date, "standing": w.standing} for w in works
        ],
        "claims": card["claims"],
        "tensions": deck.tensions([iri, *about, *evidence, *(work.iri for work in works)]),
        **{name: card[name] for name in ("in_all",) if name in card},
    }


def _claims_about(deck: Deck, iri: Iri) -> Card:
    """Claims on the entity, or on a form, aspect or whole of it, and what it is there; negative ones in front."""
    near = _widened(deck, iri)
    found = []
    claims, total = deck.records.few_claims(near, *ROLES)
    for claim in claims:
        roles = {"subject": claim.subject, "object": claim.object, **claim.context}
        role = next((name for name, node in roles.items() if node in near), None)
        if role is not None:
            through = None if roles[role] == iri else deck.records.label(roles[role])
            found.append({**claim_line(claim, deck.records), "as": role, "through": through})
    return {"claims": sorted(found, key=lambda line: line["polarity"] == "positive"), **more(claims=total)}


def _widened(deck: Deck, iri: Iri) -> set[str]:
    nodes, near, new = deck.records.nodes, {str(iri)}, {str(iri)}
    while new:
        wider = {other for each in new for other in nodes.subjects(each, *WIDENING)} - near
        new = {other for other in wider if nodes.is_a(other, OGX.Entity)}
        near |= new
    return near


def relation_card(deck: Deck, iri: Iri) -> Card:
    """A relation, its sign, its opposite, and the claims that use it."""
    nodes = deck.records.nodes
    claims, total = deck.records.few_claims([iri], RDF.predicate)
    return {
        "sign": deck.records.sign(iri),
        "definition": nodes.text(iri, SKOS.definition),
        "example": nodes.text(iri, SKOS.example),
        "opposes": [deck.named(v) for v in nodes.texts(iri, OGX.opposes)],
        "synonym_of": [deck.named(v) for v in nodes.texts(iri, OGX.synonymOf)],
        "external": _external(deck, iri),
        "claims": deck.claim_lines(claim.iri for claim in claims),
        **more(claims=total),
    }


def other_card(deck: Deck, iri: Iri) -> Card:
    """Any other node: its triples, and what points at it."""
    said = deck.records.nodes.predicates(iri)
    pointing, total = _pointing(deck, iri)
    return {
        "triples": [
            {"predicate": deck.curie(p), "value": deck.curie(str(v)) if isinstance(v, Iri) else str(v)}
            for p in sorted(said)
            for v in sorted(said[p], key=str)
        ],
        "pointed_at_by": [{"subject": s, "predicate": p} for s, p in pointing],
        **more(triples=total),
    }


def _pointing(deck: Deck, iri: Iri) -> tuple[list[tuple[str, str]], int]:
    """What points at a node, and how much does; of more than a card names so much."""
    dataset, pattern = deck.corpus.dataset, "{ ?subject ?predicate ?value }"
    few = f"SELECT DISTINCT ?subject ?predicate ?value WHERE {pattern} LIMIT {MOST + 1}"
    rows = dataset.select(few, {"value": iri}, "records").texts()
    total = len(rows)
    if total > MOST:
        counted = f"SELECT ?value (COUNT(*) AS ?count) WHERE {pattern} GROUP BY ?value"
        total = int(dataset.select(counted, {"value": iri}, "records").texts()[0]["count"])
    return sorted((deck.curie(row["subject"]), deck.curie(row["predicate"])) for row in rows[:MOST]), total
