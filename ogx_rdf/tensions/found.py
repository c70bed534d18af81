"""What the stored queries of the group ``tensions`` find.

Each row is a tension: the nodes of its two sides in the columns ``here`` and ``there``; how each side is told in
``here_setting`` and ``there_setting`` (``name: value`` each), where the query gives them; what is told from source to
source in ``values``; and in every other column what both sides share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ..corpus import Corpus
from ..model import Iri, Term
from ..queries import StoredQuery, stored
from ..records import Records, Tension

__all__ = ["GROUP", "Difference", "Found", "as_tension", "find_tensions"]

GROUP = "tensions"
SIDES = ("here", "there")
BAR = " | "
SAID_BY_SIDES = ("label", "polarity", "title")


@dataclass(frozen=True, slots=True)
class Difference:
    """One respect in which two sides differ; an empty side does not state it."""

    what: str
    here: tuple[str, ...]
    there: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One row of a query that finds tensions."""

    query: str
    problem: str
    here: tuple[Iri, ...]
    there: tuple[Iri, ...]
    differs: tuple[Difference, ...]
    shared: tuple[tuple[str, str], ...]
    values: tuple[str, ...]

    def rounding(self, records: Records) -> bool:
        """Whether all numbers of the sides, as printed, are one number at the fewest decimals that any of them has."""
        pieces = (records.evidence.get(iri) for iri in (*self.here, *self.there))
        told = [m.fields.get("value", "") for piece in pieces if piece and (m := piece.measurement)]
        try:
            numbers = [Decimal(text) for text in told]
        except InvalidOperation:
            return False
        places = min((len(text.partition(".")[2]) for text in told), default=0)
        return bool(numbers) and len({round(number, places) for number in numbers}) == 1


def as_tension(query: str, problem: str, here: tuple[Iri, ...], there: tuple[Iri, ...]) -> Tension:
    """What a query finds in the form of a curated tension, so that both are read alike."""
    return Tension(Iri(""), problem, (query,), here, there, problem, (), "", None, None, None)


def _parts(term: Term | None) -> list[str]:
    return list(dict.fromkeys(part for part in str(term or "").split(BAR) if part))


def _settings(row: Mapping[str, Term | None]) -> Iterator[Difference]:
    """In which respects the settings of the two sides are not told alike, in the order in which they are told."""
    told: dict[str, tuple[list[str], list[str]]] = {}
    for place, side in enumerate(SIDES):
        for entry in _parts(row.get(f"{side}_setting")):
            what, _, value = entry.partition(": ")
            told.setdefault(what, ([], []))[place].append(value)
    for what, (here, there) in told.items():
        if here != there:
            yield Difference(what, tuple(here), tuple(there))


def _shared(corpus: Corpus, query: StoredQuery, row: Mapping[str, Term | None]) -> Iterator[tuple[str, str]]:
    own = (*SIDES, *(f"{side}_setting" for side in SIDES), "values", *SAID_BY_SIDES)
    for column in query.columns:
        if column.name not in own and (parts := _parts(row[column.name])):
            yield column.name, BAR.join(map(corpus.curie, parts))


def _rows(corpus: Corpus, query: StoredQuery) -> Iterator[Found]:
    for row in corpus.dataset.select(query.text, None, query.file):
        here, there = (tuple(map(Iri, _parts(row[side]))) for side in SIDES)
        yield Found(
            query=query.id,
            problem=query.problem or query.summary,
            here=here,
            there=there,
            differs=tuple(_settings(row)),
            shared=tuple(_shared(corpus, query, row)),
            values=tuple(_parts(row.get("values"))),
        )


def find_tensions(corpus: Corpus, names: Iterable[str]) -> list[Found]:
    """What the named queries find, each in the order of its rows; a query that finds little comes before one that
    finds much.
    """
    groups = [list(_rows(corpus, stored(name))) for name in names]
    return [found for group in sorted(groups, key=len) for found in group]
