"""The totals of an audit: named, defined in a sentence each, in groups whose parts add up.

Every total can be recounted by hand from the text and the claim files; its definition says how.  Totals of claims,
results and evidence are about what the documents state.  What was read elsewhere is counted in groups of its own
(:data:`LITERATURE`), so that reading more literature never changes what is said of a document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..model import Iri
from ..records import Evidence, Records, Reference, StoredPassage, Tension, Work
from .chains import RESULT_KINDS, STATES, Chain, Citation, carried_by, citations_of
from .support import SUPPORT

__all__ = [
    "BIBLIOGRAPHIC",
    "CARRIED",
    "LITERATURE",
    "PARTITIONS",
    "RESOLUTIONS",
    "STANCES",
    "STANDINGS",
    "STATED",
    "SURENESS",
    "PassageLine",
    "ReferenceLine",
    "Total",
    "definitions",
    "kebab",
    "passage_lines",
    "reference_lines",
    "totals_of",
]

LITERATURE = ("claims by literature", "claims by study", "claims known from works", "reports", "works", "tensions")
"""The groups of totals that count what was read beside the documents."""

STATED = tuple(state for state in STATES if state != "notQuoted")


@dataclass(frozen=True, slots=True)
class Total:
    """One number of the audit, with the group it belongs to and what it counts."""

    group: str
    name: str
    value: int
    definition: str


class Recorded(Protocol):
    """What the totals count beside chains and lines."""

    @property
    def passages(self) -> Mapping[Iri, StoredPassage]:
        """The passages."""

    @property
    def evidence(self) -> Mapping[Iri, Evidence]:
        """The evidence."""

    @property
    def works(self) -> Mapping[Iri, Work]:
        """The works."""

    @property
    def tensions(self) -> Mapping[Iri, Tension]:
        """The tensions."""


@dataclass(frozen=True, slots=True)
class _Nothing:
    """The records of an empty corpus."""

    passages: Mapping[Iri, StoredPassage] = field(default_factory=dict)
    evidence: Mapping[Iri, Evidence] = field(default_factory=dict)
    works: Mapping[Iri, Work] = field(default_factory=dict)
    tensions: Mapping[Iri, Tension] = field(default_factory=dict)


def kebab(word: str) -> str:
    """``encyclopediaOnly`` as ``encyclopedia-only``: the form of names in ``[budget]``."""
    return "".join(f"-{ch.lower()}" if ch.isupper() else ch for ch in word)


BIBLIOGRAPHIC = "bibliographic"

CARRIED = {
    "primary": "cited to at least one work of a type that can carry a result at first hand (primary report, meeting "
    "abstract, registry, regulator, technical report)",
    "secondary": "cited to at least one review, and to nothing that carries a result at first hand",
    "cannot": "cited, and only to what cannot carry a result (encyclopedia, news, press release, society, publisher or "
    "vendor page, or an entry that leads to no work)",
    "uncited": "no citation marker is printed on it",
}
SOURCES = {"no-source": "no source is cited", "one-source": "one source is", "several-sources": "two or more are"}
RESOLUTIONS = {
    "resolved": "denotes one work",
    "candidate": "names a work, and which of several it is has not been settled",
    "unresolvable": "names no work",
    "unjudged": "nobody has said yet what it denotes",
}
STANCES = {
    "supports": "the work supports the claim",
    "disputes": "the work disputes the claim",
    "silent": "the work was read, and says nothing on the claim",
}
STANDINGS = {
    "current": "checked, and nothing has befallen it",
    "corrected": "a correction was published",
    "retracted": "it was retracted: it supports nothing",
    "superseded": "a newer version takes its place",
    "unknown": "its standing was not checked",
}
SURENESS = {
    "sure": "the curator is sure of what was read on both sides",
    "fairlySure": "the curator is fairly sure",
    "unsure": "the curator is not sure",
}

PARTITIONS = {
    "claims": tuple(f"claims-{kebab(state)}" for state in STATED),
    "claims-uncited": ("claims-uncited-bibliographic", "claims-uncited-statements"),
    "claims by sources": tuple(f"claims-{name}" for name in SOURCES),
    "results": tuple(f"results-{kebab(word)}" for word in CARRIED),
    "result-passages": tuple(f"result-passages-{word}" for word in CARRIED),
    "evidence": ("evidence-cited", "evidence-uncited"),
    "quotes": ("quotes-compared", "quotes-different", "quotes-not-compared"),
    "passages": ("passages-asserting", "passages-skipped", "passages-open"),
    "passages-asserting": ("passages-cited", "passages-uncited"),
    "passages-uncited": ("passages-uncited-bibliographic", "passages-uncited-statements"),
    "markers": ("markers-on-asserting", "markers-elsewhere"),
    "references": tuple(f"references-{word}" for word in RESOLUTIONS),
    "references by use": ("references-cited", "references-never-cited"),
    "claims by literature": tuple(f"claims-literature-{kebab(word)}" for word in SUPPORT),
    "reports": tuple(f"reports-{stance}" for stance in STANCES),
    "works": tuple(f"works-{standing}" for standing in STANDINGS),
    "tensions": tuple(f"tensions-{kebab(word)}" for word in SURENESS),
}
"""Which totals together make another: the parts add up to the first word of the key."""


@dataclass(frozen=True, slots=True)
class PassageLine:
    """A passage that asserts something: who is quoted from it, and what it cites."""

    passage: StoredPassage
    claims: tuple[Iri, ...]
    results: tuple[Iri, ...]
    citations: tuple[Citation, ...]
    bibliographic: bool

    @property
    def carried(self) -> str:
        """The best that its citations offer a result: ``primary``, ``secondary``, ``cannot``, ``uncited``."""
        return carried_by(self.citations)


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """An entry of a reference list and its use: how often printed, where, for which claims, for which alone."""

    reference: Reference
    printed: int
    passages: tuple[Iri, ...]
    claims: tuple[Iri, ...]
    sole: tuple[Iri, ...]


def passage_lines(chains: Mapping[Iri, Chain], records: Records) -> list[PassageLine]:
    """The passages that assert something, in the order of the document."""
    quoted: dict[Iri, dict[Iri, None]] = {}
    for chain in chains.values():
        for link in chain.links:
            if link.evidence.passage:
                quoted.setdefault(link.evidence.passage.iri, {})[chain.claim.iri] = None
    lines = []
    for iri, passage in records.passages.items():
        if iri in quoted:
            claims = tuple(quoted[iri])
            results = tuple(c for c in claims if chains[c].claim.kind in RESULT_KINDS)
            own = all(chains[c].claim.kind == BIBLIOGRAPHIC for c in claims)
            lines.append(PassageLine(passage, claims, results, citations_of(passage, records), own))
    return lines


def reference_lines(chains: Mapping[Iri, Chain], records: Records) -> list[ReferenceLine]:
    """Every entry of every list with its use, in natural order.

    A claim has an entry as sole support where no other label stands on any passage that it is quoted from.
    """
    printed: Counter[str] = Counter()
    passages: dict[str, dict[Iri, None]] = {}
    for passage in records.passages.values():
        for marker in passage.markers:
            if marker.reference:
                printed[marker.reference] += 1
                passages.setdefault(marker.reference, {})[passage.iri] = None
    claims: dict[str, list[Iri]] = {}
    sole: dict[str, list[Iri]] = {}
    for chain in chains.values():
        entries = dict.fromkeys(c.reference.iri if c.reference else "" for c in chain.citations)
        for entry in entries:
            claims.setdefault(entry, []).append(chain.claim.iri)
            if len(entries) == 1:
                sole.setdefault(entry, []).append(chain.claim.iri)
    return [
        ReferenceLine(
            entry, printed[iri], tuple(passages.get(iri, ())), tuple(claims.get(iri, ())), tuple(sole.get(iri, ()))
        )
        for iri, entry in records.references.items()
    ]


def _sources_word(chain: Chain) -> str:
    return ("no-source", "one-source")[len(chain.sources)] if len(chain.sources) < 2 else "several-sources"


def _claim_totals(chains: Sequence[Chain]) -> Iterable[Total]:
    states = Counter(chain.state for chain in chains)
    yield Total("claims", "claims", len(chains), "claims that a document states")
    for state in STATED:
        yield Total("claims", f"claims-{kebab(state)}", states[state], STATES[state])
    uncited = [chain for chain in chains if chain.state == "uncited"]
    own = sum(chain.claim.kind == BIBLIOGRAPHIC for chain in uncited)
    meaning = "facts about the document and its reference list, which need no citation"
    yield Total("claims-uncited", "claims-uncited-bibliographic", own, meaning)
    yield Total("claims-uncited", "claims-uncited-statements", len(uncited) - own, "everything else")
    sources = Counter(_sources_word(chain) for chain in chains)
    note = " (distinct works, and entries that name none, over all passages that it is quoted from)"
    for word, meaning in SOURCES.items():
        yield Total("claims by sources", f"claims-{word}", sources[word], meaning + note)
    repeated = sum(len(chain.places) > 1 for chain in chains)
    yield Total("claims by sources", "claims-repeated", repeated, "stated in more than one piece of evidence")


def _result_totals(chains: Sequence[Chain], lines: Sequence[PassageLine]) -> Iterable[Total]:
    results = [chain for chain in chains if chain.is_result]
    carried = Counter(chain.carried for chain in results)
    yield Total("results", "results", len(results), f"claims of the kinds {' and '.join(RESULT_KINDS)}")
    for word, meaning in CARRIED.items():
        yield Total("results", f"results-{kebab(word)}", carried[word], meaning)
    failed = sum(chain.failed for chain in results)
    yield Total("results", "results-failed", failed, "results whose polarity is negative or notShown")
    rows = [line for line in lines if line.results]
    carried = Counter(line.carried for line in rows)
    yield Total(
        "result-passages", "result-passages", len(rows), "sentences and table rows that a result is quoted from"
    )
    for name in PARTITIONS["result-passages"]:
        word = name.removeprefix("result-passages-")
        yield Total("result-passages", name, carried[word], CARRIED[word])


def _evidence_totals(chains: Sequence[Chain]) -> Iterable[Total]:
    links = [link for chain in chains for link in chain.places]
    cited = Counter(link.citation for link in links)
    yield Total("evidence", "evidence", len(links), "pieces of evidence quoted from a document")
    yield Total("evidence", "evidence-cited", cited["cited"], "quotes whose passage prints a citation marker")
    yield Total("evidence", "evidence-uncited", cited["uncited"], "quotes whose passage prints none")
    quotes = Counter(link.quote for link in links)
    yield Total("quotes", "quotes", len(links), "pieces of evidence with a quote")
    yield Total("quotes", "quotes-compared", quotes["compared"], "compared with the text, and equal")
    yield Total("quotes", "quotes-different", quotes["differs"], "compared with the text, and different")
    yield Total("quotes", "quotes-not-compared", quotes["not compared"], "the recorded text is not at hand")


def _passage_totals(lines: Sequence[PassageLine], records: Recorded) -> Iterable[Total]:
    asserting = {line.passage.iri for line in lines}
    rest = [p for p in records.passages.values() if p.iri not in asserting]
    skipped = sum(p.skipped_as is not None for p in rest)
    cited = sum(bool(line.citations) for line in lines)
    yield Total("passages", "passages", len(records.passages), "all passages, headings and links included")
    yield Total("passages", "passages-asserting", len(lines), "at least one quote is taken from it")
    yield Total("passages", "passages-skipped", skipped, "asserts nothing, with a recorded reason")
    yield Total("passages", "passages-open", len(rest) - skipped, "neither quoted nor skipped")
    yield Total("passages-asserting", "passages-cited", cited, "asserts something and prints a citation marker")
    yield Total("passages-asserting", "passages-uncited", len(lines) - cited, "asserts something and prints none")
    own = sum(not line.citations and line.bibliographic for line in lines)
    meaning = "only facts about the document and its reference list are quoted from it"
    yield Total("passages-uncited", "passages-uncited-bibliographic", own, meaning)
    yield Total("passages-uncited", "passages-uncited-statements", len(lines) - cited - own, "everything else")


def _marker_totals(lines: Sequence[PassageLine], records: Recorded) -> Iterable[Total]:
    markers = [m for p in records.passages.values() for m in p.markers]
    inside = sum(len(line.passage.markers) for line in lines)
    missing = sum(m.reference is None for m in markers)
    yield Total("markers", "markers", len(markers), "printed labels; [2–4] counts three times, [1][2] twice")
    yield Total("markers", "markers-on-asserting", inside, "on passages that assert something")
    yield Total("markers", "markers-elsewhere", len(markers) - inside, "on passages that assert nothing")
    yield Total("markers", "markers-missing-entry", missing, "whose label is not in the reference list")


def _reference_totals(references: Sequence[ReferenceLine]) -> Iterable[Total]:
    resolution = Counter(line.reference.resolution for line in references)
    yield Total("references", "references", len(references), "entries of the reference lists")
    for word, meaning in RESOLUTIONS.items():
        yield Total("references", f"references-{word}", resolution[word], meaning)
    cited = sum(line.printed > 0 for line in references)
    yield Total("references by use", "references-cited", cited, "its label is printed at least once")
    yield Total("references by use", "references-never-cited", len(references) - cited, "its label is never printed")
    kind = sum(line.reference.source_type == "encyclopedia" for line in references)
    yield Total("references by use", "references-encyclopedia", kind, "is an encyclopedia page")


def _study_totals(chains: Sequence[Chain]) -> Iterable[Total]:
    words = Counter(chain.support.word for chain in chains)
    for word, meaning in SUPPORT.items():
        yield Total("claims by literature", f"claims-literature-{kebab(word)}", words[word], meaning)
    supports = [chain.support for chain in chains]
    for name, value, meaning in (
        (
            "claims-supported-by-a-study",
            sum(bool(s.supporting_studies) for s in supports),
            "supported by at least one study read (a claim about one trial: by that trial)",
        ),
        (
            "claims-supported-by-several-studies",
            sum(len(s.supporting_studies) > 1 for s in supports),
            "supported by two or more independent studies read",
        ),
        (
            "claims-supported-exactly",
            sum(s.exact for s in supports),
            "supported by a study that speaks to the very proposition, not to a narrower, broader or like one",
        ),
        (
            "claims-supported-at-first-hand",
            sum(s.first_hand for s in supports),
            "supported by a study of which a report or record was itself read, not only a page that tells of it",
        ),
        (
            "claims-disputed-by-a-study",
            sum(bool(s.disputing_studies) for s in supports),
            "disputed by at least one study read",
        ),
    ):
        yield Total("claims by study", name, value, f"claims that a document states, {meaning}")


def _words(group: str, counts: Counter[str], meanings: Mapping[str, str]) -> Iterable[Total]:
    """One total for each word of a closed list; their names begin with that of the group."""
    for word, meaning in meanings.items():
        yield Total(group, f"{group}-{kebab(word)}", counts[word], meaning)


def _literature_totals(chains: Sequence[Chain], records: Recorded) -> Iterable[Total]:
    others = [chain for chain in chains if not chain.stated]
    results = [chain for chain in others if chain.is_result]
    failed = sum(chain.failed for chain in results)
    group = "claims known from works"
    yield Total(group, "claims-known-from-works", len(others), "claims that no document states, known from reports")
    yield Total(group, "results-known-from-works", len(results), "of the kinds that need a source able to carry them")
    yield Total(group, "results-known-from-works-failed", failed, "results whose polarity is negative or notShown")
    reports = [item for item in records.evidence.values() if not item.quoted]
    yield Total("reports", "reports", len(reports), "pieces of evidence reported from a work that was read (no quote)")
    yield from _words("reports", Counter(item.stance for item in reports), STANCES)
    works = records.works.values()
    yield Total("works", "works", len(works), "works on record: cited, read, or candidates")
    yield from _words("works", Counter(work.standing for work in works), STANDINGS)
    tensions = records.tensions.values()
    yield Total("tensions", "tensions", len(tensions), "tensions that a curator recorded")
    yield from _words("tensions", Counter(tension.sureness for tension in tensions), SURENESS)
    meaning = "claims that a tension names, by their evidence or passage too, or of which it questions an entry cited"
    yield Total("tensions", "claims-in-tension", sum(bool(chain.tensions) for chain in chains), meaning)


def totals_of(
    chains: Sequence[Chain], lines: Sequence[PassageLine], references: Sequence[ReferenceLine], records: Recorded
) -> dict[str, Total]:
    """All totals by name, in the order in which reports print them."""
    stated = [chain for chain in chains if chain.stated]
    found = (
        *_claim_totals(stated),
        *_result_totals(stated, lines),
        *_evidence_totals(stated),
        *_passage_totals(lines, records),
        *_marker_totals(lines, records),
        *_reference_totals(references),
        *_study_totals(stated),
        *_literature_totals(chains, records),
    )
    return {total.name: total for total in found}


def definitions() -> dict[str, Total]:
    """All totals by name with their groups and meanings, counted over nothing: for those who count otherwise."""
    return totals_of((), (), (), _Nothing())
