"""Where the corpus does not agree with itself: tensions that a curator named, and tensions that stored queries find.

Both come as one list of the same values and are never mixed up: each says whether it is *curated* or *found*, and by
which query.  A found tension that a curator has named already points at the curator's.  Nothing is resolved here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..audit.sides import Side, sides
from ..corpus import Corpus
from ..documents.coverage import Coverage, coverage
from ..lookup import find, unknown
from ..model import Iri
from ..namespaces import OGX
from ..queries import catalogue
from ..records import Records, Tension
from .found import GROUP, Difference, Found, as_tension, find_tensions
from .reach import Reach

__all__ = ["CURATED", "FOUND", "Difference", "Entry", "Tensions", "tensions"]

CURATED = "curated"
FOUND = "found"


@dataclass(frozen=True, slots=True)
class Entry:
    """A tension, with both sides and the words of each.

    :param origin: ``curated`` or ``found``
    :param name: the id of a curated tension; of a found one the query and the first node of each side
    :param kinds: the kinds that a curator gave; of a found one the id of the query
    :param evidence: of each side that is a claim, every place and report that speaks to it
    :param difference: what differs, as a curator put it; of a found one the problem that the query looks for
    :param differs: of a found one, what its two sides are told to be, where that is not the same
    :param shared: of a found one, what else the query tells, by column
    :param values: of a found one, what is told from source to source, in the order of their dates
    :param rounding: whether the numbers of a found one are the same once rounded to the fewest decimals printed
    :param inferences: the curator's own conclusions, and no source's
    :param named_by: of a found one, the curated tensions that set the same things against each other
    """

    origin: str
    name: str
    label: str
    kinds: tuple[str, ...]
    said: tuple[Side, ...]
    against: tuple[Side, ...]
    evidence: Mapping[Iri, tuple[Side, ...]]
    difference: str
    differs: tuple[Difference, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    rounding: bool = False
    inferences: tuple[str, ...] = ()
    sureness: str | None = None
    curator: str | None = None
    date: str | None = None
    comment: str | None = None
    named_by: tuple[str, ...] = ()

    @property
    def told_by(self) -> str:
        """``curated``, or ``found by`` the query."""
        return CURATED if self.origin == CURATED else f"{FOUND} by {self.kinds[0]}"


@dataclass(frozen=True, slots=True)
class Tensions:
    """The tensions of a corpus: the curated ones in the order of their ids, then the found ones, query by query.

    ``chosen`` says whether they are those of a kind or of a claim, and not all.
    """

    corpus: Corpus
    records: Records
    coverage: Coverage
    entries: tuple[Entry, ...]
    chosen: bool

    def count(self, word: str) -> int:
        """How many are ``curated``, ``found``, or of a kind.

        :raises UsageError: E501 for a word that is none of these
        """
        known = {CURATED, FOUND, *_kinds(self.records)}
        if word not in known:
            raise unknown("kind of tension", word, sorted(known))
        return sum(word == entry.origin or word in entry.kinds for entry in self.entries)

    def exceeded(self, fail_on: Sequence[str]) -> list[str]:
        """A line for each word of ``--fail-on`` of which there is any."""
        counts = {word: self.count(word) for word in fail_on}
        return [
            f"--fail-on {word}: {count} tension{'s' if count != 1 else ''}" for word, count in counts.items() if count
        ]


def _kinds(records: Records) -> list[str]:
    """The kinds that a curator can give, and the queries that find."""
    return [*map(records.word, records.nodes.members(OGX.TensionKind)), *_queries()]


def _queries() -> tuple[str, ...]:
    return tuple(name for name, query in catalogue().items() if query.group == GROUP)


def _evidence(parties: Iterable[Side], records: Records) -> dict[Iri, tuple[Side, ...]]:
    """The evidence for and against each claim among the sides."""
    found = {}
    for claim in (records.claims[side.iri] for side in parties if side.iri in records.claims):
        speaking = tuple(piece.iri for piece in claim.evidence if piece.stance != "silent")
        found[claim.iri] = sides(as_tension("", "", speaking, ()), records)[0]
    return found


def _curated(tension: Tension, records: Records) -> Entry:
    said, against = sides(tension, records)
    return Entry(
        origin=CURATED,
        name=records.corpus.curie(tension.iri),
        label=tension.label,
        kinds=tension.kinds,
        said=said,
        against=against,
        evidence=_evidence((*said, *against), records),
        difference=tension.difference,
        inferences=tension.inferences,
        sureness=tension.sureness,
        curator=tension.curator,
        date=tension.date,
        comment=tension.comment,
    )


def _found(item: Found, records: Records, reach: Reach) -> Entry:
    said, against = sides(as_tension(item.query, item.problem, item.here, item.there), records)
    curie = records.corpus.curie
    return Entry(
        origin=FOUND,
        name=f"{item.query} {curie(item.here[0])} {curie(item.there[0])}",
        label=item.problem,
        kinds=(item.query,),
        said=said,
        against=against,
        evidence=_evidence((*said, *against), records),
        difference=item.problem,
        differs=item.differs,
        shared=item.shared,
        values=item.values,
        rounding=item.rounding(records),
        named_by=tuple(curie(iri) for iri in reach.named_by(item.here, item.there, among=bool(item.values))),
    )


def tensions(
    corpus: Corpus, *, kind: str | None = None, claim: str | None = None, records: Records | None = None
) -> Tensions:
    """Every tension of a corpus, or those of a kind, or those that touch a claim.

    :param kind: a kind of the vocabulary (``numberDrift``) or a query that finds (``differing-values``)
    :param claim: the id of a claim: those that name it, its evidence, a passage that it is quoted from, or an entry
        cited there
    :param records: all records of the corpus, where they are read already
    :raises UsageError: for an unknown kind or claim
    """
    records = records or Records(corpus)
    if kind is not None and kind not in (known := _kinds(records)):
        raise unknown("kind of tension", kind, known)
    about = None if claim is None else find(corpus, claim, "claim")
    wanted = [name for name in _queries() if kind in (None, name)]
    reach = Reach(records)
    entries = [_curated(tension, records) for tension in records.tensions.values() if kind in (None, *tension.kinds)]
    entries += [_found(item, records, reach) for item in find_tensions(corpus, wanted)]
    if about is not None:
        entries = [e for e in entries if any(about in reach.claims(side.iri) for side in (*e.said, *e.against))]
    return Tensions(corpus, records, coverage(corpus), tuple(entries), chosen=kind is not None or claim is not None)
