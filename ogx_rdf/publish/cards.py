"""What all cards share: names, claims in one line, places, works with their standing, tensions with both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..audit.sides import tension_dict
from ..corpus import Corpus
from ..documents.places import Texts
from ..model import Iri
from ..records import MOST, Brief, Claim, Records, StoredPassage, Work

__all__ = ["Card", "Deck", "claim_line", "more"]

Card = dict[str, object]


def claim_line(claim: Claim | Brief, records: Records) -> Card:
    """A claim in one line: id, label, polarity, strongest certainty."""
    return {
        "claim": records.corpus.curie(claim.iri),
        "label": claim.label,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
    }


def more(**counts: int) -> Card:
    """What a card says where more points at a thing than it names: how much there is of each; else nothing."""
    said = [f"{count:,} {what}" for what, count in counts.items() if count > MOST]
    return {"in_all": f"{', '.join(said)}; of each {MOST} are named here"} if said else {}


class Deck:
    """A corpus and what every card of it needs.

    :param sources: places in which texts are looked for
    :param near: read of a store only what is asked for, which is less than all for a few cards
    """

    def __init__(self, corpus: Corpus, sources: Sequence[str], *, near: bool = True) -> None:
        self.corpus = corpus
        self.records = Records(corpus, near=near)
        self.curie = corpus.curie
        self.texts = Texts(corpus, sources)

    def named(self, iri: str) -> Card:
        """A node by its id and label."""
        return {"id": self.curie(iri), "label": self.records.label(iri)}

    def claim_lines(self, claims: Iterable[str]) -> list[Card]:
        """Claims in one line each, the negative ones in front."""
        known = (self.records.brief(Iri(iri)) for iri in claims)
        found = sorted((c for c in known if c is not None), key=lambda c: c.polarity == "positive")
        return [claim_line(claim, self.records) for claim in found]

    def place(self, passage: StoredPassage) -> Card:
        """Where a passage stands."""
        return {
            "passage": self.curie(passage.iri),
            "section": passage.section,
            "kind": passage.kind,
            "row": passage.row,
            "line": passage.line,
        }

    def work(self, work: Work) -> Card:
        """A work as it is known: who, when, where, which studies it reports, and what became of it."""
        return {
            **self.named(work.iri),
            "creator": work.creator,
            "date": work.date,
            "venue": work.venue,
            "identifiers": list(work.identifiers),
            "url": work.url,
            "source_type": work.source_type,
            "studies": [self.named(study) for study in work.studies],
            **self.standing(work),
            "comment": work.comment,
        }

    def standing(self, work: Work) -> Card:
        """What became of a work, when and where that was looked up; ``unknown`` where nobody did."""
        return {
            "standing": work.standing,
            "standing_checked": work.standing_checked,
            "standing_source": work.standing_source,
            "notices": list(work.notices),
            "replaced_by": self.named(work.replaced_by) if work.replaced_by else None,
        }

    def tensions(self, touched: Iterable[str]) -> list[Card]:
        """The tensions that have one of these nodes on a side, each with both sides."""
        return [tension_dict(tension, self.records) for tension in self.records.tensions_at(touched)]
