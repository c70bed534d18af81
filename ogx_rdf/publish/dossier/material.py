"""What the report tells of, read once: the audit, the tensions, the chains, what falls under each policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...audit import Audit, audit
from ...audit.chains import Chain
from ...audit.sides import human
from ...corpus import Corpus
from ...errors import InputError, UsageError
from ...impact import effect
from ...impact.effect import Impact
from ...impact.policies import policy_names
from ...lookup import entity
from ...mechanism.answers import PathAnswer
from ...mechanism.chains import search
from ...mechanism.gaps import gaps
from ...mechanism.steps import Network, network_of
from ...model import Iri
from ...records import Claim, Evidence, Nodes, Records, StoredPassage
from ...tensions import Tensions, tensions
from ..report.page import Front, front_of
from ..report.parts import anchor
from .parts import Span

__all__ = ["CHAINS_SHOWN", "CHAIN_LENGTH", "Material", "between", "gather"]

CHAIN_LENGTH = 5
CHAINS_SHOWN = 6
FEW = 160
"""So many characters are few enough to be told within a line."""


@dataclass(frozen=True)
class Material:
    """Everything that the report tells of.

    :param day: the date to print (ISO)
    :param answers: one for each pair of ``chains`` in ``corpus.toml``
    :param impacts: what falls without encyclopedia pages and under each policy, by title
    """

    audit: Audit
    day: str | None
    tensions: Tensions
    network: Network
    answers: Sequence[PathAnswer]
    impacts: Sequence[tuple[str, Impact]]

    @property
    def corpus(self) -> Corpus:
        """The corpus told of."""
        return self.audit.corpus

    @property
    def records(self) -> Records:
        """Its records."""
        return self.audit.records

    def curie(self, iri: str) -> str:
        """An IRI as the corpus writes it."""
        return self.corpus.curie(iri)

    @cached_property
    def front(self) -> Front:
        """The first page."""
        return front_of(self.audit, self.day)

    @cached_property
    def names(self) -> dict[str, str]:
        """Everything that has a place of its own in the report: its anchor by its CURIE."""
        records = self.records
        told = (*records.claims, *records.references, *records.works, *records.tensions)
        return {self.curie(iri): anchor(self.curie(iri)) for iri in told}

    def claim(self, iri: str) -> Span:
        """The name of a claim, leading to its words."""
        name = self.curie(iri)
        return Span(name, f"#{self.names[name]}" if name in self.names else None)

    def place(self, passage: StoredPassage | None) -> str:
        """Where a passage stands, in words."""
        if passage is None:
            return "no passage recorded"
        row = "" if passage.row is None else f" {passage.row}"
        section = f", section “{passage.section}”" if passage.section else ""
        return f"{self.curie(passage.iri)}, {human(passage.kind)}{row}, line {passage.line}{section}"

    def cited(self, item: Evidence) -> str:
        """What the passage of a quote cites, as printed."""
        found = []
        for marker in item.passage.markers if item.passage else ():
            entry = self.records.references.get(marker.reference) if marker.reference else None
            told = "not in the list"
            if entry:
                told = f"{entry.content} ({human(entry.source_type or 'type not recorded')}, {entry.resolution})"
            found.append(f"[{marker.label}] {told}")
        return f"cites {'; '.join(dict.fromkeys(found))}" if found else "cites nothing"

    def read(self, item: Evidence) -> str:
        """Where a report was read, whose result it tells, and how much of the source was read."""
        records = self.records
        own = item.origin if item.origin != item.source else None
        return ", ".join(
            filter(
                None,
                (
                    f"result of {self.work(own)}" if own else None,
                    f"{'read in ' if own else ''}{self.work(item.source)}" if item.source else None,
                    f"{human(item.extent)} read" if item.extent else "extent not recorded",
                ),
            )
        ) or records.label(item.iri)

    def work(self, iri: Iri) -> str:
        """A work by its id and what kind it is."""
        known = self.records.works.get(iri)
        return f"{self.curie(iri)} ({human(known.source_type or 'type not recorded') if known else 'absent'})"

    def speaker(self, iri: Iri) -> Iterator[tuple[str, str | None]]:
        """Who speaks, and in few words what is said: pieces of text, each with the id of what it names, if any.

        Of evidence that is the work whose result it tells (or the document), of a claim its label, of a tension its
        title.
        """
        records, curie = self.records, self.curie
        if iri in records.tensions:
            yield "the tension “", None
            yield records.tensions[iri].label, curie(iri)
            yield "”", None
        elif iri in records.claims:
            yield curie(iri), curie(iri)
            yield f": {records.claims[iri].label}", None
        elif item := records.evidence.get(iri):
            yield from self._spoken(item)
        else:
            yield records.label(iri), curie(iri)

    def _spoken(self, item: Evidence) -> Iterator[tuple[str, str | None]]:
        curie, document = self.curie, item.passage.document if item.passage else None
        if item.quoted and document:
            yield self.records.label(document), curie(document)
        elif item.origin:
            yield curie(item.origin), curie(item.origin)
        if item.source and item.source != item.origin:
            yield ", read in ", None
            yield curie(item.source), curie(item.source)
        said = f"“{item.quote}”" if item.quoted else (item.report or "").removesuffix(".")
        if 0 < len(said) <= FEW:
            yield f": {said}", None

    def values(self, claims: Sequence[Claim]) -> Iterator[tuple[Iri, Claim]]:
        """The objects of claims that some evidence supports, each with its claim."""
        for claim in claims:
            if any(item.stance == "supports" for item in claim.evidence):
                yield claim.object, claim

    def chain(self, claim: Iri) -> Chain:
        """A claim with all that it rests on."""
        return self.audit.chains[claim]


def gather(
    corpus: Corpus, sources: Sequence[str], day: str | None, *, falls: bool = True, nodes: Nodes | None = None
) -> Material:
    """Read everything that the report tells of.

    :param sources: where texts are looked for, as in the audit
    :param day: the date to print (ISO)
    :param falls: whether what falls under each policy is worked out too, which takes longer than all the rest
    :param nodes: the triples of the corpus, where they are read already
    """
    audited = audit(corpus, sources=sources, records=Records(corpus, nodes=nodes))
    records = audited.records
    network = network_of(records)
    return Material(
        audit=audited,
        day=day,
        tensions=tensions(corpus, records=records),
        network=network,
        answers=[_answer(records, network, *pair) for pair in corpus.config.chains],
        impacts=list(_impacts(audited, sources)) if falls else [],
    )


def _answer(records: Records, network: Network, start: str, end: str) -> PathAnswer:
    try:
        first, last = entity(records.corpus, start), entity(records.corpus, end)
    except UsageError as exc:
        file = records.corpus.shown(records.corpus.root / "corpus.toml")
        raise InputError("E362", f"chains: {exc.message}", file=file, hint=exc.hint) from exc
    return between(records, network, first, last)


def between(records: Records, network: Network, first: Iri, last: Iri) -> PathAnswer:
    """The chains of claims from one thing to another, as the report tells of them."""
    return PathAnswer(
        records=records,
        start=first,
        end=last,
        max_length=CHAIN_LENGTH,
        order="strongest",
        inferred=False,
        limit=CHAINS_SHOWN,
        found=search(network, first, last, CHAIN_LENGTH),
        gaps=gaps(records, network, first, last, CHAIN_LENGTH),
    )


def _impacts(audited: Audit, sources: Sequence[str]) -> Iterator[tuple[str, Impact]]:
    """What falls without encyclopedia pages, unless a policy says just that, and under each policy."""
    records, corpus = audited.records, audited.corpus
    found = [effect.impact(corpus, policies=[name], sources=sources) for name in policy_names(corpus)]
    pages = {iri for iri, entry in records.references.items() if entry.source_type == "encyclopedia"}
    pages |= {iri for iri, work in records.works.items() if work.source_type == "encyclopedia"}
    if pages and not any(pages == item.removal.references | item.removal.works for item in found):
        names = sorted(map(corpus.curie, pages))
        yield "Without encyclopedia pages", effect.impact(corpus, remove=names, sources=sources)
    for item in found:
        yield f"Policy: {item.policies[0].title}", item
