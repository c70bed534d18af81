"""From a claim to what it rests on: evidence, quote, passage, printed markers, reference entries, works, source types.

Each link carries a verdict of its own, so that a reader sees where a chain ends.  Citations are taken
from the passage that holds the quote and from nowhere else: not from a neighbouring sentence, and not
from a passage that the curator relied on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model import Iri
from ..records import Claim, Evidence, Records, Reference, StoredMarker, StoredPassage, Tension, Work
from .support import CARRIES, Literature, Support

__all__ = [
    "CARRIES",
    "RESULT_KINDS",
    "STATES",
    "Chain",
    "Citation",
    "Link",
    "carried_by",
    "citations_of",
    "follow",
    "state_of",
]

RESULT_KINDS = ("trialResult", "preclinicalResult")
"""Kinds of claim that need a source able to carry a result."""

STATES = {
    "uncited": "no passage that it is quoted from prints a citation marker",
    "encyclopediaOnly": "cited, and every entry cited is an encyclopedia page",
    "unresolvableOnly": "cited, and no entry cited leads to a work (unresolvable, candidate, unjudged or missing)",
    "encyclopediaAndUnresolvableOnly": "cited to encyclopedia pages and entries that lead to no work, and nothing else",
    "oneWork": "among the entries cited is exactly one work that is not an encyclopedia page",
    "severalWorks": "among the entries cited are two or more works that are not encyclopedia pages",
    "notQuoted": "no document states it: known from reports of works only, or without evidence",
}
"""The citation states of a claim: disjoint, and together all claims; all but the last are stated by a document."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One printed marker followed to its end."""

    marker: StoredMarker
    reference: Reference | None
    work: Work | None

    @property
    def resolution(self) -> str:
        """``resolved``, ``candidate``, ``unresolvable``, ``unjudged``; ``missing`` where the list has no such entry."""
        return "missing" if self.reference is None else self.reference.resolution

    @property
    def naming(self) -> str:
        """Whether the entry leads to a work: ``denoted``, ``none named``, or ``absent`` where the graph lacks it."""
        if self.work is not None:
            return "denoted"
        return "absent" if self.reference is not None and self.reference.work else "none named"

    @property
    def source_type(self) -> str | None:
        """The source type of the work, else of the entry, else None."""
        return None if self.reference is None else self.reference.source_type

    @property
    def source(self) -> str:
        """What is counted as one source: the work, else the entry, else the marker's label."""
        if self.work is not None:
            return self.work.iri
        return self.marker.label if self.reference is None else self.reference.iri

    @property
    def leads_to(self) -> str:
        """``encyclopedia``, ``nothing`` (no work is named) or ``work``."""
        if self.source_type == "encyclopedia":
            return "encyclopedia"
        return "nothing" if self.work is None else "work"

    @property
    def carries(self) -> str:
        """Whether it can carry a result: ``primary``, ``secondary`` or ``cannot`` (as a retracted work cannot)."""
        if self.work is None or self.work.standing == "retracted":
            return "cannot"
        return CARRIES.get(self.source_type or "", "cannot")

    def as_dict(self, records: Records) -> dict[str, object]:
        """The marker, entry, work and source type, each with its verdict."""
        curie = records.corpus.curie
        entry, work = self.reference, self.work
        return {
            "label": self.marker.label,
            "printed": self.marker.printed,
            "start": self.marker.start,
            "end": self.marker.end,
            "reference": curie(entry.iri) if entry else None,
            "content": entry.content if entry else None,
            "resolution": self.resolution,
            "candidates": [curie(c) for c in entry.candidates] if entry else [],
            "naming": self.naming,
            "work": curie(work.iri) if work else None,
            "title": work.title if work else None,
            "identifiers": list(work.identifiers) if work else [],
            "standing": work.standing if work else None,
            "source_type": self.source_type,
            "carries_result": self.carries,
        }


@dataclass(frozen=True, slots=True)
class Link:
    """One piece of evidence with the verdicts on its quote, its passage and its citations."""

    evidence: Evidence
    quote: str
    passage: str
    citations: tuple[Citation, ...]

    @property
    def citation(self) -> str:
        """``cited``, ``uncited``, or ``reported`` where there is no passage to print a marker."""
        if not self.evidence.quoted:
            return "reported"
        return "cited" if self.citations else "uncited"

    def as_dict(self, records: Records) -> dict[str, object]:
        """The evidence with all its verdicts."""
        curie, item = records.corpus.curie, self.evidence
        passage = item.passage
        return {
            "evidence": curie(item.iri),
            "stance": item.stance,
            "directness": item.directness,
            "certainty": item.certainty,
            "hedge": list(item.hedges),
            "manner": item.manner,
            "quote": {"verdict": self.quote, "words": item.quote, "start": item.start, "end": item.end},
            "report": None if item.quoted else _report(item, records),
            "passage": {
                "verdict": self.passage,
                "passage": curie(passage.iri) if passage else None,
                "document": curie(passage.document) if passage and passage.document else None,
                "section": passage.section if passage else None,
                "kind": passage.kind if passage else None,
                "line": passage.line if passage else None,
            },
            "citation": {"verdict": self.citation, "labels": [c.marker.label for c in self.citations]},
            "references": [c.as_dict(records) for c in self.citations],
            "relies_on": [curie(p) for p in item.relies_on],
            "via": [curie(c) for c in item.via],
            "not_stated": list(item.not_stated),
        }


def _report(item: Evidence, records: Records) -> dict[str, object]:
    curie, work = records.corpus.curie, records.works.get(item.source) if item.source else None
    return {
        "words": item.report,
        "source": curie(item.source) if item.source else None,
        "standing": work.standing if work else None,
        "primary_source": curie(item.primary_source) if item.primary_source else None,
        "read_at": item.read_at,
        "read_on": item.read_on,
        "read_by": item.read_by,
        "extent": item.extent,
    }


@dataclass(frozen=True, slots=True)
class Chain:
    """A claim, every place that speaks to it, what the places that state it cite, and which studies were read for it.

    ``tensions`` are those that call the claim, its evidence, a passage or an entry cited there into question.
    """

    claim: Claim
    links: tuple[Link, ...]
    state: str
    carried: str
    support: Support
    tensions: tuple[Tension, ...]

    @property
    def places(self) -> tuple[Link, ...]:
        """The places of documents that state it, reports of other works left out."""
        return tuple(link for link in self.links if link.evidence.quoted)

    @property
    def stated(self) -> bool:
        """Whether a document of the corpus states it; else it is known from reports of works only."""
        return self.state != "notQuoted"

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation of every quoted place, repeats included."""
        return tuple(c for link in self.links for c in link.citations)

    @property
    def sources(self) -> tuple[str, ...]:
        """The distinct sources cited (works; entries where no work is named), in order of first appearance."""
        return tuple(dict.fromkeys(c.source for c in self.citations))

    @property
    def labels(self) -> tuple[str, ...]:
        """The distinct labels cited, in order of first appearance."""
        return tuple(dict.fromkeys(c.marker.label for c in self.citations))

    @property
    def is_result(self) -> bool:
        """Whether the claim is a result of a trial or of a model experiment."""
        return self.claim.kind in RESULT_KINDS

    @property
    def failed(self) -> bool:
        """Whether the claim says that something is not so, or was not shown."""
        return self.claim.polarity != "positive"

    def as_dict(self, records: Records) -> dict[str, object]:
        """The chain in full, from the claim to the source types."""
        claim, curie = self.claim, records.corpus.curie
        return {
            "claim": curie(claim.iri),
            "label": claim.label,
            "polarity": claim.polarity,
            "certainty": claim.certainty,
            "kind": claim.kind,
            "state": self.state,
            "carried_by": self.carried,
            "labels": list(self.labels),
            "sources": [curie(s) for s in self.sources],
            "support": self.support.as_dict(records),
            "tensions": [curie(tension.iri) for tension in self.tensions],
            "pieces_of_evidence": len(self.links),
            "evidence": [link.as_dict(records) for link in self.links],
        }


def citations_of(passage: StoredPassage, records: Records) -> tuple[Citation, ...]:
    """The markers printed in a passage, in order, each followed to its entry and work."""
    result = []
    for marker in passage.markers:
        entry = records.references.get(marker.reference) if marker.reference else None
        work = records.works.get(entry.work) if entry and entry.work else None
        result.append(Citation(marker, entry, work))
    return tuple(result)


def state_of(links: Iterable[Link]) -> str:
    """The citation state of a claim: one of :data:`STATES`."""
    quoted = [link for link in links if link.evidence.quoted]
    if not quoted:
        return "notQuoted"
    citations = [c for link in quoted for c in link.citations]
    if not citations:
        return "uncited"
    works = {c.source for c in citations if c.leads_to == "work"}
    if works:
        return "oneWork" if len(works) == 1 else "severalWorks"
    ends = {c.leads_to for c in citations}
    if len(ends) > 1:
        return "encyclopediaAndUnresolvableOnly"
    return "encyclopediaOnly" if ends == {"encyclopedia"} else "unresolvableOnly"


def carried_by(citations: Iterable[Citation]) -> str:
    """The best that the citations offer a result: ``primary``, ``secondary``, ``cannot``, or ``uncited``."""
    offered = {c.carries for c in citations}
    return next((word for word in ("primary", "secondary", "cannot") if word in offered), "uncited")


def _quote_verdict(item: Evidence, texts: Mapping[Iri, str]) -> str:
    if item.quote is None:
        return "reported"
    document = item.passage.document if item.passage else None
    text = texts.get(document) if document else None
    if text is None:
        return "not compared"
    return "compared" if text[item.start or 0 : item.end or 0] == item.quote else "differs"


def _passage_verdict(item: Evidence) -> str:
    if not item.quoted:
        return "reported"
    if item.passage is None:
        return "missing"
    if item.start is None or item.end is None:
        return "outside"
    return "located" if item.passage.start <= item.start and item.end <= item.passage.end else "outside"


def follow(claim: Claim, records: Records, texts: Mapping[Iri, str], literature: Literature | None = None) -> Chain:
    """Follow a claim to what it rests on: the places of documents first, then the reports.

    :param texts: the texts at hand, by document; a quote of any other document is "not compared"
    :param literature: the studies of the corpus, where they are known already
    """
    links = tuple(
        Link(
            evidence=item,
            quote=_quote_verdict(item, texts),
            passage=_passage_verdict(item),
            citations=citations_of(item.passage, records) if item.quoted and item.passage else (),
        )
        for item in sorted(claim.evidence, key=lambda item: not item.quoted)
    )
    state = state_of(links)
    citations = [c for link in links for c in link.citations]
    carried = "notQuoted" if state == "notQuoted" else carried_by(citations)
    cited = list({c.work.iri: c.work for c in citations if c.work}.values())
    support = (literature or Literature(records)).support(claim, cited)
    return Chain(claim, links, state, carried, support, _tensions(claim, links, records))


def _tensions(claim: Claim, links: Iterable[Link], records: Records) -> tuple[Tension, ...]:
    """The tensions that name the claim, its evidence or a passage of it, or call an entry cited there into question."""
    own = {claim.iri, *(item.iri for item in claim.evidence), *(e.passage.iri for e in claim.evidence if e.passage)}
    entries = {c.reference.iri for link in links for c in link.citations if c.reference}
    return tuple(
        tension
        for tension in records.tensions_at(own | entries)
        if own.intersection((*tension.said, *tension.against)) or entries.intersection(tension.said)
    )
