"""Which studies speak to a claim, for it or against it: support counted by study, not by paper.

A *line* of evidence is what stands and falls together: two works that report one study are one line, and so are the
paper on a trial, its company release and a news page about it.  The line of a report is the study of its primary source
(of the source read, where no other is named), else that work itself.  What a document says of itself is *stated*: it is
no study.  What its passages cite is *cited*: a citation supports nothing before somebody has read the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..model import Iri, Literal
from ..namespaces import DCTERMS, OGX, SKOS, SSSOM
from ..records import Claim, Evidence, Records, Work
from ..turtle import natural_key

__all__ = ["CARRIES", "SUPPORT", "Line", "Literature", "Support"]

CARRIES = {
    "primaryReport": "primary",
    "meetingAbstract": "primary",
    "registry": "primary",
    "regulator": "primary",
    "technicalReport": "primary",
    "review": "secondary",
}
"""Which source types can carry a result: at first hand, at second hand; all others cannot."""

SUPPORT = {
    "supported": "at least one study read supports it, and none disputes it",
    "contested": "at least one study read supports it, and at least one disputes it",
    "disputed": "at least one study read disputes it, and none supports it",
    "secondHand": "only works that report no study of their own (reviews, pages) were read for it or against it",
    "silent": "literature was read for it, and none of it speaks for it or against it",
    "notRead": "no literature was read for it",
}
"""What the literature read amounts to for a claim: disjoint, and together all claims."""

_REGISTRY = re.compile(r"(?:NCT|ISRCTN)[0-9]{8}|[0-9]{4}-[0-9]{6}-[0-9]{2}")
"""Numbers of trial registries (ClinicalTrials.gov, ISRCTN, EudraCT)."""

_REGISTRIES = ("nct", "clinicaltrials", "isrctn", "eudract")
"""How registries are called before their numbers."""

_SPACES = (
    "https://www.clinicaltrials.gov/study/",
    "https://clinicaltrials.gov/study/",
    "https://clinicaltrials.gov/ct2/show/",
    "https://identifiers.org/clinicaltrials/",
    "http://identifiers.org/clinicaltrials/",
)
"""Where the pages of trials are, before their numbers."""

STUDIES = (OGX.Trial, OGX.Study)
"""The classes of what is a line of evidence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence: the studies and works that stand and fall together, and the reports read of them.

    ``primary`` is true where a study is named, or a work of it is of a type that reports results at first hand;
    ``first_hand`` where such a work was itself read, and not only a page that tells of it.
    """

    studies: tuple[Iri, ...]
    works: tuple[Iri, ...]
    primary: bool
    first_hand: bool
    reports: tuple[Evidence, ...] = ()

    @property
    def name(self) -> Iri:
        """What it is called by: its first study, else its first work."""
        return (self.studies or self.works)[0]

    @property
    def directness(self) -> tuple[str, ...]:
        """How the reports relate to the claim, closest first."""
        found = {item.directness for item in self.reports}
        return tuple(word for word in ("exact", "narrower", "broader", "analogous") if word in found)

    def continues(self, other: Line) -> bool:
        """Whether both are the same line, seen with more or fewer of its works."""
        return bool({*self.studies, *self.works}.intersection((*other.studies, *other.works)))

    def as_dict(self, records: Records) -> dict[str, object]:
        """The line by the ids of what it consists of."""
        curie = records.corpus.curie
        return {
            "line": curie(self.name),
            "label": records.label(self.name),
            "studies": [curie(iri) for iri in self.studies],
            "works": [curie(iri) for iri in self.works],
            "first_hand": self.first_hand,
            "directness": list(self.directness),
            "reports": [curie(item.iri) for item in self.reports],
        }


@dataclass(frozen=True, slots=True)
class Support:
    """Who states a claim, what is cited for it, and which lines of evidence were read to support or dispute it.

    ``discounted`` are reports read in, or of, a retracted work; ``elsewhere`` are reports on another study than the
    trial that the claim is about.  Neither counts for or against it.
    """

    stated_by: tuple[Iri, ...]
    cited: tuple[Line, ...]
    supporting: tuple[Line, ...]
    disputing: tuple[Line, ...]
    silent: tuple[Line, ...]
    discounted: tuple[Evidence, ...]
    elsewhere: tuple[Evidence, ...]

    @property
    def supporting_studies(self) -> tuple[Line, ...]:
        """The supporting lines that are studies."""
        return tuple(line for line in self.supporting if line.primary)

    @property
    def disputing_studies(self) -> tuple[Line, ...]:
        """The disputing lines that are studies."""
        return tuple(line for line in self.disputing if line.primary)

    @property
    def exact(self) -> bool:
        """Whether a supporting study speaks to the very proposition, and not to a narrower, broader or like one."""
        return any("exact" in line.directness for line in self.supporting_studies)

    @property
    def first_hand(self) -> bool:
        """Whether a report or record of a supporting study was itself read."""
        return any(line.first_hand for line in self.supporting_studies)

    @property
    def word(self) -> str:
        """What the literature read amounts to: one of :data:`SUPPORT`."""
        if self.supporting_studies:
            return "contested" if self.disputing_studies else "supported"
        if self.disputing_studies:
            return "disputed"
        if self.supporting or self.disputing:
            return "secondHand"
        return "silent" if self.silent or self.discounted or self.elsewhere else "notRead"

    def as_dict(self, records: Records) -> dict[str, object]:
        """The support with every line named."""
        curie = records.corpus.curie
        others = [
            {"stance": stance, **line.as_dict(records)}
            for stance, lines in (("supports", self.supporting), ("disputes", self.disputing))
            for line in lines
            if not line.primary
        ]
        return {
            "verdict": self.word,
            "stated_by": [curie(iri) for iri in self.stated_by],
            "cited_studies": [line.as_dict(records) for line in self.cited],
            "supporting_studies": [line.as_dict(records) for line in self.supporting_studies],
            "disputing_studies": [line.as_dict(records) for line in self.disputing_studies],
            "silent": [line.as_dict(records) for line in self.silent],
            "second_hand": others,
            "discounted": [curie(item.iri) for item in self.discounted],
            "on_another_study": [curie(item.iri) for item in self.elsewhere],
        }


class _Groups:
    """Things joined into groups: what is joined with a third thing is joined with each other."""

    def __init__(self) -> None:
        self._parent: dict[Iri, Iri] = {}

    def find(self, item: Iri) -> Iri:
        """The name of an item's group."""
        root = self._parent.setdefault(item, item)
        while root != self._parent[root]:
            root = self._parent[root]
        self._parent[item] = root
        return root

    def join(self, items: Iterable[Iri]) -> None:
        """Put all items into one group, named by the first of them in natural order."""
        roots = sorted({self.find(item) for item in items}, key=natural_key)
        for root in roots[1:]:
            self._parent[root] = roots[0]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one report or one citation puts into a line."""

    studies: tuple[Iri, ...]
    work: Iri
    report: Evidence | None = None


class Literature:
    """The studies behind the works of a corpus.

    Trials that bear one registry number (as identifier, exact mapping, or the wider trial of a row) are one study.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._same = _Groups()
        self._joined: set[Iri] = set()

    @cached_property
    def _all(self) -> Mapping[str, Sequence[Iri]]:
        """Every number with the studies that bear it."""
        bearers: dict[str, list[Iri]] = {}
        for study in {iri: None for kind in STUDIES for iri in self._records.nodes.members(kind)}:
            for number in self._numbers(study):
                bearers.setdefault(number, []).append(study)
        return bearers

    def _bearers(self, number: str, study: Iri) -> Sequence[Iri]:
        """The studies that bear a number of a study.

        A store is asked for the spellings in use: that of the study itself, the bare number, and the number after each
        prefix and namespace of the corpus and of the registries.
        """
        corpus, nodes = self._records.corpus, self._records.nodes
        if not self._records.near:
            return self._all.get(number, ())
        if not _REGISTRY.fullmatch(number):
            found = nodes.subjects(number, SKOS.exactMatch)
        else:
            values = nodes.predicates(study).values()
            own = {value for each in values for value in each if number in str(value)}
            named = {Literal(f"{prefix}:{number}") for prefix in (*_REGISTRIES, *corpus.prefixes)}
            spaces = {Iri(space + number) for space in (*_SPACES, *corpus.prefixes.values())}
            found = nodes.bearing({Literal(number)} | own | named | spaces)
        studies = (iri for iri in found if any(nodes.is_a(iri, kind) for kind in STUDIES))
        return [study for study in studies if number in self._numbers(study)]

    def _join(self, study: Iri) -> None:
        """Join a study with those that bear a number of its own, and with theirs."""
        ahead = [study]
        while ahead:
            one = ahead.pop()
            if one not in self._joined:
                self._joined.add(one)
                known = any(self._records.nodes.is_a(one, kind) for kind in STUDIES)
                for number in self._numbers(one) if known else ():
                    bearers = self._bearers(number, one)
                    self._same.join(bearers)
                    ahead += bearers

    def _numbers(self, study: Iri) -> set[str]:
        nodes = self._records.nodes
        exact = nodes.texts(study, SKOS.exactMatch)
        told = (*exact, *nodes.texts(study, SKOS.broadMatch), *nodes.texts(study, DCTERMS.identifier))
        return {match[0] for text in told if (match := _REGISTRY.search(text))}.union(exact) - {SSSOM.NoTermFound}

    def study(self, iri: Iri) -> Iri:
        """A study by the first of its names."""
        self._join(iri)
        return self._same.find(iri)

    def studies(self, work: Iri | None) -> tuple[Iri, ...]:
        """The studies that a work reports, each once."""
        known = self._records.works.get(work) if work else None
        return tuple(sorted({self.study(iri) for iri in (known.studies if known else ())}, key=natural_key))

    def support(self, claim: Claim, cited: Sequence[Work]) -> Support:
        """Who states, cites, supports and disputes a claim.

        :param cited: the works that the passages cite from which the claim is quoted
        """
        trial = claim.context.get("trial")
        only = self.study(trial) if trial else None
        parts, discounted, elsewhere = [], [], []
        for item in claim.evidence:
            if item.quoted:
                continue
            studies = self.studies(item.origin) or self.studies(item.source)
            if self._retracted(item):
                discounted.append(item)
            elif only is not None and only not in studies and item.stance != "silent":
                elsewhere.append(item)
            else:
                parts.append(_Part((only,) if only in studies and only else studies, item.origin or item.iri, item))
        supporting, disputing, silent = (self._lines(parts, word) for word in ("supports", "disputes", "silent"))
        documents = dict.fromkeys(e.passage.document for e in claim.evidence if e.passage and e.passage.document)
        return Support(
            stated_by=tuple(documents),
            cited=self._lines([_Part(self.studies(work.iri), work.iri) for work in cited]),
            supporting=supporting,
            disputing=disputing,
            silent=silent,
            discounted=tuple(discounted),
            elsewhere=tuple(elsewhere),
        )

    def _retracted(self, item: Evidence) -> bool:
        read = (self._records.works.get(iri) for iri in (item.source, item.primary_source) if iri)
        return any(work.standing == "retracted" for work in read if work)

    def _lines(self, parts: Sequence[_Part], stance: str | None = None) -> tuple[Line, ...]:
        """The lines of one stance; what is one line is judged over all parts, whatever their stance."""
        groups = _Groups()
        for part in parts:
            groups.join((*part.studies, part.work))
        found: dict[Iri, list[_Part]] = {}
        for part in parts:
            if stance is None or (part.report and part.report.stance == stance):
                found.setdefault(groups.find(part.work), []).append(part)
        return tuple(self._line(members) for members in found.values())

    def _line(self, members: Sequence[_Part]) -> Line:
        studies = tuple(dict.fromkeys(iri for part in members for iri in part.studies))
        works = tuple(dict.fromkeys(part.work for part in members))
        reports = tuple(part.report for part in members if part.report)
        primary = bool(studies) or any(map(self._carries, works))
        return Line(studies, works, primary, any(self._carries(item.source) for item in reports), reports)

    def _carries(self, work: Iri | None) -> bool:
        known = self._records.works.get(work) if work else None
        return known is not None and CARRIES.get(known.source_type or "") == "primary"
