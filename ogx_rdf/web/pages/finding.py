"""Search by words: names, surface forms, identifiers, quotes and reports; a word that nobody wrote finds the nearest.

A place is found where it has every word that was typed, or the beginning of one; it is all one whether a name is typed
with hyphens, with blanks or without, with a Greek letter or its name.  Only a word that stands nowhere is taken for the
words nearest to it, and the answer says so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...model import Iri
from ...namespaces import DCTERMS, OGX, SKOS
from ...naming import Name
from ...records import Records
from ...turtle import natural_key
from .spelling import joined, latin, nearest, spellings, words_of

__all__ = ["GROUPS", "Entry", "Found", "Index", "entries", "names_only"]

GROUPS = ("Things", "Trials", "Claims", "Quotes", "Reports", "References", "Works", "Documents", "Relations")
"""In which groups, and in which order, what was found is shown."""

_MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
_SHORTEST = 4
_LONG = 6
"""A word that begins others may be a slip in a whole word, where it has so many letters."""
_NAMES = ("label", "also", "id")
"""The texts of an entry that are names of it."""
_WEIGHTS = {"label": 1.0, "id": 1.0, "also": 0.95, "text": 0.6, "quote": 0.85, "report": 0.8}


@dataclass(frozen=True, slots=True)
class Entry:
    """A text by which a node is found.

    :param how: ``label``, ``text`` (a printed name), ``also`` (a surface form), ``id``, ``quote``, ``report``
    :param leads: the node whose page is shown
    """

    group: str
    leads: Iri
    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first, each node once; ``instead`` gives the words that were taken for one that is nowhere.

    :param partly: whether no place has all words, so that those with some are given
    :param named: whether the first hit has the very name that was typed, or the nearest to it
    """

    hits: tuple[Entry, ...]
    instead: Mapping[str, tuple[str, ...]]
    partly: bool = False
    named: bool = False

    def groups(self) -> dict[str, list[Entry]]:
        """The hits by group, in the order of :data:`GROUPS`; what has the very name that was typed comes first."""
        first = [self.hits[0].group] if self.named else []
        order = dict.fromkeys((*first, *GROUPS))
        found = {name: [hit for hit in self.hits if hit.group == name] for name in order}
        return {name: hits for name, hits in found.items() if hits}


@dataclass(frozen=True, slots=True)
class _Read:
    """A text read as words in one way: which places have them all, or some, and how well each place fits each word.

    :param same: for each word, the words of the index that are the same or, where it stands nowhere, nearest to it
    """

    same: tuple[Mapping[str, float], ...]
    fits: tuple[Mapping[int, float], ...]
    instead: Mapping[str, tuple[str, ...]]

    @property
    def whole(self) -> set[int]:
        """The places that have every word."""
        return set.intersection(*map(set, self.fits)) if self.fits else set()

    @property
    def some(self) -> set[int]:
        """The places that have any word."""
        return set().union(*map(set, self.fits))


class Index:
    """Texts by their words.

    :param given: the texts that can be found
    """

    def __init__(self, given: Iterable[Entry]) -> None:
        self._entries = list(given)
        self._at: dict[str, set[int]] = {}
        self._plain: dict[str, None] = {}
        self._forms = [(frozenset(words_of(e.text)), frozenset(joined(e.text))) for e in self._entries]
        for number, entry in enumerate(self._entries):
            self._plain |= dict.fromkeys(sorted(frozenset.union(*self._forms[number])))
            for word in spellings(entry.text):
                self._at.setdefault(word, set()).add(number)
        self._words = sorted(self._at)
        self._order = [(natural_key(entry.leads), entry.how) for entry in self._entries]

    def _like(self, word: str) -> dict[str, float]:
        """The words of the index that a typed word stands for, each with how well it fits."""
        found: dict[str, float] = {}
        for other in self._words[bisect_left(self._words, word) :]:
            if not other.startswith(word):
                break
            found[other] = 0.7 + 0.25 * len(word) / len(other)
        for exact in (word, latin(word) or word):
            if exact in self._at:
                found[exact] = 1.0
        if not found and len(word) >= _SHORTEST:
            found = {other: 0.75 for other in self._words if word in other}
        return found

    def _read(self, typed: Sequence[str]) -> _Read:
        like: list[dict[str, float]] = []
        same: list[dict[str, float]] = []
        instead: dict[str, tuple[str, ...]] = {}
        for word in dict.fromkeys(typed):
            found = self._like(word)
            if not found:
                found = nearest(word, self._plain)
                instead[word] = tuple(sorted(found))
            exact = {other: fit for other, fit in found.items() if fit == 1.0}
            if not exact and word not in instead and len(word) >= _LONG:
                exact = nearest(word, self._plain, 1)  # it begins other words; but it may be a slip in a whole one
            like.append({**exact, **found})
            same.append(found if word in instead else exact)
        return _Read(tuple(same), tuple(map(self._places, like)), instead)

    def search(self, text: str) -> Found:
        """What has the words of a text."""
        readings = [self._read(words_of(text))]
        if joined(text) != words_of(text):
            readings.append(self._read(joined(text)))
        best = max((bool(read.whole), -len(read.instead)) for read in readings)
        readings = [read for read in readings if (bool(read.whole), -len(read.instead)) == best]
        scored: dict[int, float] = {}
        names: set[int] = set()
        for read in readings:
            for number in read.whole or read.some:
                named = self._named(number, read)
                names |= {number} if named else set()
                scored[number] = max(scored.get(number, 0.0), self._score(number, text, read) + named)
        hits = list(self._once(scored))
        instead = {word: others for read in readings for word, others in read.instead.items()}
        first = bool(hits) and next(self._sorted(scored)) in names
        return Found(tuple(hits), instead, partly=not best[0] and bool(hits), named=first)

    def _places(self, like: Mapping[str, float]) -> dict[int, float]:
        found: dict[int, float] = {}
        for word, weight in like.items():
            for number in self._at[word]:
                found[number] = max(weight, found.get(number, 0.0))
        return found

    def _named(self, number: int, read: _Read) -> float:
        """How well the whole of a name is what was typed, or nearest to it; 0 where it only contains that."""
        if self._entries[number].how not in _NAMES:
            return 0.0
        for form in self._forms[number]:
            if len(form) == len(read.same) and all(not form.isdisjoint(same) for same in read.same):
                fits = [max(same.get(word, 0.0) for same in read.same) for word in form]
                if all(fits):
                    return sum(fits) / len(fits)
        return 0.0

    def _score(self, number: int, text: str, read: _Read) -> float:
        entry = self._entries[number]
        score = sum(fit.get(number, 0.0) for fit in read.fits) / len(read.fits) * _WEIGHTS[entry.how]
        if len(read.fits) > 1 and entry.how != "id" and text.casefold() in entry.text.casefold():
            score += 0.1
        return score - min(len(entry.text), 400) / 4000

    def _sorted(self, scored: Mapping[int, float]) -> Iterator[int]:
        """The numbers of entries, best first."""
        return iter(sorted(scored, key=lambda n: (-scored[n], self._order[n])))

    def _once(self, scored: Mapping[int, float]) -> Iterator[Entry]:
        """The entries best first; of those that lead to one node in one group, the best."""
        seen = set()
        for number in self._sorted(scored):
            entry = self._entries[number]
            if (entry.group, entry.leads) not in seen:
                seen.add((entry.group, entry.leads))
                yield entry


def entries(records: Records) -> Iterator[Entry]:
    """Every text of a corpus by which something is found."""
    nodes, curie = records.nodes, records.corpus.curie
    for iri in nodes.members(OGX.Entity):
        group = "Trials" if nodes.is_a(iri, OGX.Trial) or nodes.is_a(iri, OGX.Study) else "Things"
        yield Entry(group, iri, "text" if nodes.is_a(iri, OGX.Text) else "label", records.label(iri))
        yield from (Entry(group, iri, "also", name) for name in nodes.texts(iri, SKOS.altLabel))
        yield from (Entry(group, iri, "id", number) for number in nodes.texts(iri, DCTERMS.identifier))
        yield from (Entry(group, iri, "id", curie(v)) for how in _MATCHES for v in nodes.texts(iri, how))
        yield Entry(group, iri, "id", curie(iri))
    for iri, claim in records.claims.items():
        yield Entry("Claims", iri, "label", claim.label)
        yield Entry("Claims", iri, "id", curie(iri))
    for iri, item in records.evidence.items():
        if item.quote is not None:
            yield Entry("Quotes", iri, "quote", item.quote)
        if item.report is not None:
            yield Entry("Reports", iri, "report", item.report)
    yield from _sources(records)


def _sources(records: Records) -> Iterator[Entry]:
    curie = records.corpus.curie
    for iri, entry in records.references.items():
        yield Entry("References", iri, "label", entry.content)
        yield Entry("References", iri, "id", f"[{entry.label}] {curie(iri)}")
    for iri, work in records.works.items():
        yield Entry("Works", iri, "label", " ".join(filter(None, (work.title, work.creator))))
        yield from (Entry("Works", iri, "id", number) for number in (*work.identifiers, curie(iri)))
    for iri, document in records.documents.items():
        yield Entry("Documents", iri, "label", document.title)
    for iri in records.nodes.members(OGX.Relation):
        yield Entry("Relations", iri, "label", records.label(iri))


def names_only(names: Iterable[Name]) -> Iterator[Entry]:
    """The names of entities alone, for a graph that is too large to be read whole."""
    for name in names:
        yield Entry("Things", name.iri, "also" if name.rank % 2 else "label", name.text)
