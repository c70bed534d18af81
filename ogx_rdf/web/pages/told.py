"""What a page tells beside the card of its node: words in their passage, citations to copy."""

from __future__ import annotations

from collections.abc import Callable

from ...audit.chains import STATES, Link, citations_of, state_of
from ...audit.support import SUPPORT
from ...model import Iri
from ...namespaces import OGX, RDF, RDFS, SKOS
from ...publish.cards import Deck
from ...records import Evidence
from ...turtle import natural_key
from .addresses import VOCABULARY
from .marked import Piece, in_passage

__all__ = ["copyable", "term", "terms", "told"]


def _context(deck: Deck, item: Evidence) -> list[Piece]:
    """The passage of a quote with the quote marked in it."""
    passage = item.passage
    if passage is None:
        return []
    text = deck.texts.get(passage.document) if passage.document else None
    return in_passage(passage, [item], None if text is None else text[passage.start : passage.end])


def _state(deck: Deck, item: Evidence) -> str:
    """The citation state of one place; a report has none of its own."""
    cited = citations_of(item.passage, deck.records) if item.passage else ()
    return state_of([Link(evidence=item, quote="", passage="", citations=cited)])


def copyable(deck: Deck, item: Evidence) -> str:
    """A citation of a quote or a report, to be copied: words, source, place, what the source cites, and where it is."""
    records, curie = deck.records, deck.curie
    if item.quoted:
        passage = item.passage
        document = records.documents.get(passage.document) if passage and passage.document else None
        title = document.title if document else "unknown document"
        place = ", ".join(
            filter(
                None,
                (
                    document.publisher if document else None,
                    document.date if document else None,
                    f"section “{passage.section}”" if passage and passage.section else None,
                    f"line {passage.line}" if passage and passage.line else None,
                ),
            )
        )
        cites = "".join(f"[{label}]" for label in passage.labels) if passage else ""
        printed = f", where it cites {cites}" if cites else ", where it cites nothing"
        return f"“{item.quote}” {title}{f', {place}' if place else ''}{printed}. Recorded as <{item.iri}>."
    work = records.works.get(item.source) if item.source else None
    own = records.works.get(item.origin) if item.origin and item.origin != item.source else None
    name = " ".join(filter(None, (work.title, *work.identifiers))) if work else curie(item.source or item.iri)
    result = f" (result of: {' '.join((own.title, *own.identifiers))})" if own else ""
    read = f" Read: {item.extent or 'extent not recorded'}{f', {item.read_on}' if item.read_on else ''}."
    return f"Paraphrased by a curator: {item.report} In: {name}{result}.{read} Recorded as <{item.iri}>."


def _claim(deck: Deck, iri: Iri) -> dict[str, object]:
    claim = deck.records.claims[iri]
    return {
        "contexts": {deck.curie(item.iri): _context(deck, item) for item in claim.evidence},
        "copies": {deck.curie(item.iri): copyable(deck, item) for item in claim.evidence},
        "place_states": {deck.curie(item.iri): _state(deck, item) for item in claim.evidence},
        "states": STATES,
        "support": SUPPORT,
    }


def _evidence(deck: Deck, iri: Iri) -> dict[str, object]:
    item = deck.records.evidence[iri]
    name = deck.curie(iri)
    return {
        "contexts": {name: _context(deck, item)},
        "copies": {name: copyable(deck, item)},
        "place_states": {name: _state(deck, item)},
    }


def _passage(deck: Deck, iri: Iri) -> dict[str, object]:
    passage = deck.records.passages[iri]
    text = deck.texts.get(passage.document) if passage.document else None
    shown = None if text is None else text[passage.start : passage.end]
    return {"pieces": in_passage(passage, deck.records.quoted_from(iri), shown)}


def _document(deck: Deck, iri: Iri) -> dict[str, object]:
    from .beside import beside

    return {"sections": beside(deck, iri), "states": STATES}


_MORE: dict[str, Callable[[Deck, Iri], dict[str, object]]] = {
    "claim": _claim,
    "evidence": _evidence,
    "passage": _passage,
    "document": _document,
}


def told(kind: str, deck: Deck, iri: Iri) -> dict[str, object]:
    """What the page of a node of this kind needs beside its card."""
    return _MORE[kind](deck, iri) if kind in _MORE else {}


def terms(deck: Deck) -> list[Iri]:
    """The terms of the vocabulary, in natural order."""
    graph = deck.corpus.graph_of(OGX.iri)
    query = f"SELECT DISTINCT ?term WHERE {{ GRAPH <{graph}> {{ ?term ?property ?value }} }}"
    found = {Iri(row["term"]) for row in deck.corpus.dataset.select(query, shown="vocabulary").texts()}
    return sorted((iri for iri in found if iri.startswith(f"{VOCABULARY}#")), key=natural_key)


_GROUPS = (
    ("Relations", OGX.Relation),
    ("Classes", Iri("http://www.w3.org/2002/07/owl#Class")),
    ("Classes", RDFS.Class),
    ("Properties", Iri("http://www.w3.org/2002/07/owl#ObjectProperty")),
    ("Properties", Iri("http://www.w3.org/2002/07/owl#DatatypeProperty")),
    ("Properties", RDF.Property),
)


def term(deck: Deck, iri: Iri) -> dict[str, object]:
    """A term of the vocabulary: what it is called, what it means, an example, what it is elsewhere."""
    nodes = deck.records.nodes
    types = nodes.texts(iri, RDF.type)
    group = next((name for name, kind in _GROUPS if kind in types), "Words of closed lists")
    names = [v for p in (RDFS.label, SKOS.prefLabel) for v in nodes.texts(iri, p)]
    return {
        "group": group,
        "name": iri.partition("#")[2],
        "iri": str(iri),
        "label": names[0] if names else "",
        "types": [deck.named(kind) for kind in types],
        "sign": deck.records.sign(iri) if group == "Relations" else None,
        "definition": " ".join(v for p in (SKOS.definition, RDFS.comment) for v in nodes.texts(iri, p)),
        "example": nodes.text(iri, SKOS.example),
        "external": [
            deck.curie(str(value))
            for predicate, values in sorted(nodes.predicates(iri).items())
            for value in sorted(values, key=str)
            if isinstance(value, Iri) and "Match" in predicate
        ],
    }
