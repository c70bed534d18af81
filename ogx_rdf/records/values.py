"""Claims, evidence, passages, references, works: what the graph holds, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model import Iri

__all__ = [
    "CERTAINTIES",
    "Brief",
    "Claim",
    "Document",
    "Evidence",
    "Measurement",
    "Reference",
    "StoredMarker",
    "StoredPassage",
    "Tension",
    "Work",
    "strongest",
]

CERTAINTIES = ("asserted", "hedged", "intended", "capability", "outlook")
"""How surely a thing is said, strongest first."""


def strongest(words: Iterable[str]) -> str:
    """The strongest certainty among those of the places that support a claim, or ``none``."""
    said = set(words)
    return next((word for word in CERTAINTIES if word in said), "none")


@dataclass(frozen=True, slots=True)
class StoredMarker:
    """A citation marker printed in a passage, and the entry of the reference list it denotes, if any."""

    iri: Iri
    label: str
    printed: str
    start: int
    end: int
    reference: Iri | None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as recorded: where it stands, what it is, which markers are printed in it."""

    iri: Iri
    document: Iri | None
    kind: str
    section: str | None
    start: int
    end: int
    sha256: str
    line: int | None
    row: int | None
    markers: tuple[StoredMarker, ...]
    skipped_as: str | None

    @property
    def labels(self) -> tuple[str, ...]:
        """The printed labels, in order."""
        return tuple(marker.label for marker in self.markers)


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of a reference list as printed, and what it leads to."""

    iri: Iri
    label: str
    content: str
    document: Iri | None
    passage: Iri | None
    resolution: str
    work: Iri | None
    candidates: tuple[Iri, ...]
    source_type: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """A work that references denote."""

    iri: Iri
    title: str
    creator: str | None
    date: str | None
    venue: str | None
    identifiers: tuple[str, ...]
    url: str | None
    source_type: str | None
    studies: tuple[Iri, ...]
    standing: str
    standing_checked: str | None
    standing_source: str | None
    notices: tuple[str, ...]
    replaced_by: Iri | None
    comment: str | None

    @property
    def lines(self) -> tuple[Iri, ...]:
        """The studies it reports, else the work itself: what counts as one line of evidence."""
        return self.studies or (self.iri,)


@dataclass(frozen=True, slots=True)
class Tension:
    """Two sides that do not go together, as a curator put it; ``said`` is called into question by ``against``."""

    iri: Iri
    label: str
    kinds: tuple[str, ...]
    said: tuple[Iri, ...]
    against: tuple[Iri, ...]
    difference: str
    inferences: tuple[str, ...]
    sureness: str
    curator: str | None
    date: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it was read."""

    iri: Iri
    title: str
    publisher: str | None
    date: str | None
    sha256: str | None
    length: int | None
    file_name: str | None
    obtain: str | None


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number as worded; ``fields`` holds those of :data:`MEASUREMENT` that are given."""

    iri: Iri
    measure: str
    fields: Mapping[str, str]
    not_stated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that speaks to a claim: a quote with its passage, or a report with its source."""

    iri: Iri
    claim: Iri
    stance: str
    directness: str
    certainty: str
    hedges: tuple[str, ...]
    hedge_override: str | None
    manner: str | None
    via: tuple[Iri, ...]
    not_stated: tuple[str, ...]
    relies_on: tuple[Iri, ...]
    types: tuple[Iri, ...]
    measurement: Measurement | None
    passage: StoredPassage | None
    quote: str | None
    start: int | None
    end: int | None
    report: str | None
    source: Iri | None
    primary_source: Iri | None
    read_at: str | None
    read_on: str | None
    read_by: str | None
    extent: str | None

    @property
    def quoted(self) -> bool:
        """Whether this evidence is a quote of a passage (and not a curator's report)."""
        return self.quote is not None

    @property
    def origin(self) -> Iri | None:
        """The work whose result a report tells: the primary source where it is named, else the source read."""
        return self.primary_source or self.source


@dataclass(frozen=True, slots=True)
class Brief:
    """A claim in short, for where many are named: what it says, and how surely, and not where."""

    iri: Iri
    label: str
    subject: Iri
    object: Iri
    polarity: str
    context: Mapping[str, Iri]
    certainty: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said to be so, with its "not", and every place that says it."""

    iri: Iri
    label: str
    subject: Iri
    predicate: Iri
    object: Iri
    polarity: str
    kind: str
    context: Mapping[str, Iri]
    comment: str | None
    evidence: tuple[Evidence, ...]

    @property
    def certainty(self) -> str:
        """The strongest certainty with which any place supports the claim, or ``none``."""
        return strongest(e.certainty for e in self.evidence if e.stance == "supports")
