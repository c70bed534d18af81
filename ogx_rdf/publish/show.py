"""Everything known of one node, as a card: a claim, evidence, a passage, a reference, a work, an entity, anything.

A card gives the exact words, where they stand, which citations the source printed on them, what kind of
source each leads to, and what does not go together with it.  No claim is named without its polarity and
strongest certainty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..corpus import Corpus
from ..documents.coverage import coverage
from ..errors import UsageError
from ..model import Iri
from ..namespaces import OGX, RDF
from .card_claims import claim_card, evidence_card, tension_card
from .card_sources import document_card, passage_card, reference_card, work_card
from .card_things import entity_card, other_card, relation_card, trial_card
from .cards import Card, Deck

__all__ = ["card_of", "show"]

_KINDS: tuple[tuple[str, Iri, Callable[[Deck, Iri], Card]], ...] = (
    ("claim", OGX.Claim, claim_card),
    ("evidence", OGX.Evidence, evidence_card),
    ("tension", OGX.Tension, tension_card),
    ("passage", OGX.Passage, passage_card),
    ("reference", OGX.Reference, reference_card),
    ("work", OGX.Work, work_card),
    ("document", OGX.Document, document_card),
    ("trial", OGX.Trial, trial_card),
    ("arm", OGX.Arm, entity_card),
    ("entity", OGX.Entity, entity_card),
    ("relation", OGX.Relation, relation_card),
)
"""What a node is called, by its class; the first that fits."""


def card_of(deck: Deck, node: Iri) -> tuple[str, Card]:
    """What kind of node it is, and its card."""
    types = deck.records.nodes.texts(node, RDF.type)
    kind, make = next(((word, make) for word, of, make in _KINDS if of in types), ("node", other_card))
    return kind, make(deck, node)


def show(corpus: Corpus, iri: str, *, sources: Sequence[str] = ()) -> Card:
    """Everything known of one node.

    :param iri: the IRI of any node; :func:`ogx_rdf.lookup.resolve` turns ids, CURIEs and names into one
    :param sources: places in which texts are looked for; the text of a passage is shown only where it is at hand
    :returns: an answer whose one row is the card; ``kind_of`` says what kind of node it describes
    :raises UsageError: where the graph says nothing of it
    """
    deck = Deck(corpus, sources)
    node = Iri(iri)
    if node not in deck.records.nodes:
        raise UsageError("E501", f"nothing is known of {corpus.curie(iri)}", hint="Look it up with: ogx-rdf query list")
    kind, card = card_of(deck, node)
    file, line = corpus.index.place(node)
    return {
        "answer": "rows",
        "coverage": coverage(corpus).as_dict(),
        "kind_of": kind,
        "id": corpus.curie(iri),
        "iri": str(iri),
        "label": deck.records.label(iri),
        "file": file,
        "line": line,
        "rows": [card],
    }
