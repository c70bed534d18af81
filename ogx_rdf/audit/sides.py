"""The two sides of a tension: the words of each, where they stand, and what stands behind them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..model import Iri
from ..records import Claim, Evidence, Records, Reference, StoredPassage, Tension, Work
from .chains import Citation, citations_of

__all__ = ["Side", "human", "sides", "tension_dict"]


def human(word: str) -> str:
    """A word of a closed list as prose: ``notShown`` is "not shown"."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", word)


def _kind(word: str | None) -> str:
    return human(word) if word else "source type not recorded"


@dataclass(frozen=True, slots=True)
class Side:
    """One thing that a tension names.

    ``words`` are verbatim where ``quoted`` is true; else they are a curator's paraphrase, a label or a title.
    ``sources`` says for each source what kind it is and what came of looking for it.
    """

    iri: Iri
    what: str
    words: tuple[str, ...]
    quoted: bool
    place: str
    sources: tuple[str, ...]
    stance: str | None = None
    claim: Iri | None = None

    def as_dict(self, records: Records) -> dict[str, object]:
        """The side as a JSON object."""
        curie = records.corpus.curie
        return {
            "id": curie(self.iri),
            "what": self.what,
            "words": list(self.words),
            "quoted": self.quoted,
            "stance": self.stance,
            "claim": curie(self.claim) if self.claim else None,
            "place": self.place,
            "sources": list(self.sources),
        }


class _Reader:
    def __init__(self, records: Records) -> None:
        self.records = records
        self.curie = records.corpus.curie

    def side(self, iri: Iri) -> Side:
        records = self.records
        if iri in records.evidence:
            return self.evidence(records.evidence[iri])
        if iri in records.claims:
            return self.claim(records.claims[iri])
        if iri in records.passages:
            return self.passage(records.passages[iri])
        if iri in records.references:
            return self.reference(records.references[iri])
        if iri in records.works:
            return self.work(records.works[iri])
        what = "document" if iri in records.documents else "not in this corpus"
        return Side(iri, what, (records.label(iri),), False, self.curie(iri), ())

    def evidence(self, item: Evidence) -> Side:
        if item.quoted:
            place = self.place(item.passage) if item.passage else "no passage recorded"
            cited = self.cited(item.passage) if item.passage else ()
            return Side(item.iri, "quote", (item.quote or "",), True, place, cited, item.stance, item.claim)
        parts = (item.read_at, human(item.extent or ""), item.read_on and f"read on {item.read_on}", item.read_by)
        read = ", ".join(filter(None, parts))
        sources = [f"read in {self.named(item.source)}"] if item.source else []
        if item.primary_source:
            sources.append(f"result of {self.named(item.primary_source)}")
        return Side(item.iri, "report", (item.report or "",), False, read, tuple(sources), item.stance, item.claim)

    def claim(self, claim: Claim) -> Side:
        places = list(dict.fromkeys(item.passage for item in claim.evidence if item.passage))
        cited = dict.fromkeys(source for passage in places for source in self.cited(passage))
        words = f"{claim.label} ({human(claim.polarity)}; {claim.certainty})"
        where = "; ".join(map(self.place, places)) or "known from reports of works only"
        return Side(claim.iri, "claim", (words,), False, where, tuple(cited), None, claim.iri)

    def passage(self, passage: StoredPassage) -> Side:
        words = dict.fromkeys(item.quote for item in self.records.quoted_from(passage.iri) if item.quote)
        return Side(passage.iri, "passage", tuple(words), True, self.place(passage), self.cited(passage))

    def reference(self, entry: Reference) -> Side:
        kind = f"{_kind(entry.source_type)}, {entry.resolution}"
        named = f"; denotes {self.named(entry.work)}" if entry.work else "; denotes no work"
        place = f"entry [{entry.label}] of the list of {self.curie(entry.document or '')}"
        return Side(entry.iri, "reference", (entry.content,), True, place, (kind + named,))

    def work(self, work: Work) -> Side:
        place = " ".join(work.identifiers) or work.venue or work.url or "no identifier seen"
        kind = f"{_kind(work.source_type)}, standing {work.standing}"
        return Side(work.iri, "work", (work.title,), False, place, (kind,))

    def named(self, iri: Iri) -> str:
        work = self.records.works.get(iri)
        if work is None:
            return f"{self.curie(iri)}, not in this corpus"
        return f"{self.curie(iri)} {work.title} ({_kind(work.source_type)})"

    def place(self, passage: StoredPassage) -> str:
        row = "" if passage.row is None else f" {passage.row}"
        section = f", section {passage.section}" if passage.section else ""
        return f"{self.curie(passage.iri)}, {human(passage.kind)}{row}, line {passage.line}{section}"

    def cited(self, passage: StoredPassage) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(self.citation, citations_of(passage, self.records)))) or ("cites nothing",)

    def citation(self, item: Citation) -> str:
        named = item.work.title if item.work else item.reference.content if item.reference else "not in the list"
        kind = f"{_kind(item.source_type)}, {item.resolution}"
        return f"cites [{item.marker.label}] {named} ({kind})"


def sides(tension: Tension, records: Records) -> tuple[tuple[Side, ...], tuple[Side, ...]]:
    """What is said, and what it is set against."""
    read: Callable[[Iri], Side] = _Reader(records).side
    return tuple(map(read, tension.said)), tuple(map(read, tension.against))


def tension_dict(tension: Tension, records: Records) -> dict[str, object]:
    """A tension with both sides in full; ``inferences`` are the curator's own conclusions, and no source's."""
    said, against = sides(tension, records)
    return {
        "tension": records.corpus.curie(tension.iri),
        "label": tension.label,
        "kinds": list(tension.kinds),
        "said": [side.as_dict(records) for side in said],
        "set_against": [side.as_dict(records) for side in against],
        "difference": tension.difference,
        "inferences": list(tension.inferences),
        "sureness": tension.sureness,
        "curator": tension.curator,
        "date": tension.date,
        "comment": tension.comment,
    }
