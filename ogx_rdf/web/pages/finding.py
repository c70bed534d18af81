"""Search by words: names, surface forms, identifiers, quotes and reports; a word that nobody wrote finds the nearest.

A place is found where it has every word that was typed, or the beginning of one.  Only a word that stands nowhere is
taken for the words most like it, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...model import Iri
from ...namespaces import DCTERMS, OGX, SKOS
from ...naming import Name
from ...records import Records
from ...turtle import natural_key

__all__ = ["GROUPS", "Entry", "Found", "Index", "entries", "names_only", "words_of"]

GROUPS = ("Things", "Trials", "Claims", "Quotes", "Reports", "References", "Works", "Documents", "Relations")
"""In which groups, and in which order, what was found is shown."""

_MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
_PLAIN = str.maketrans("αβγδκλμ", "abgdklm")
_WORD = re.compile(r"\w+")
_LIKE = 74.0
"""How alike, of a hundred, two words must be for the one to be taken for the other."""
_VERY_LIKE = 85.0
"""How alike a word must be where there are words that begin with the one typed."""
_SHORTEST = 4
_WEIGHTS = {"label": 1.0, "id": 1.0, "also": 0.95, "text": 0.6, "quote": 0.85, "report": 0.8}


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: in one case, Greek letters as Latin ones (NF-κB is nf-kb)."""
    return _WORD.findall(text.casefold().translate(_PLAIN))


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
    """

    hits: tuple[Entry, ...]
    instead: Mapping[str, tuple[str, ...]]
    partly: bool = False

    def groups(self) -> dict[str, list[Entry]]:
        """The hits by group, in the order of :data:`GROUPS`."""
        found = {name: [hit for hit in self.hits if hit.group == name] for name in GROUPS}
        return {name: hits for name, hits in found.items() if hits}


class Index:
    """Texts by their words.

    :param given: the texts that can be found
    """

    def __init__(self, given: Iterable[Entry]) -> None:
        self._entries = list(given)
        self._at: dict[str, set[int]] = {}
        for number, entry in enumerate(self._entries):
            for word in words_of(entry.text):
                self._at.setdefault(word, set()).add(number)

    def _like(self, word: str) -> dict[str, float]:
        """The words of the index that a typed word stands for, each with how well it fits."""
        begun = {other: 0.7 + 0.25 * len(word) / len(other) for other in self._at if other.startswith(word)}
        if word in self._at:
            begun[word] = 1.0
        if not begun and len(word) >= _SHORTEST:
            begun = {other: 0.75 for other in self._at if word in other}
        return begun

    def _near(self, word: str, least: float = _LIKE) -> dict[str, float]:
        """The words of the index that are most like a typed word."""
        from rapidfuzz import fuzz, process

        if len(word) < _SHORTEST:
            return {}
        near = process.extract(word, list(self._at), scorer=fuzz.ratio, score_cutoff=least, limit=6)
        best = max((score for _, score, _ in near), default=0.0)
        return {other: score / 100 for other, score, _ in near if score >= best - 12}

    def search(self, text: str) -> Found:
        """What has the words of a text."""
        typed = list(dict.fromkeys(words_of(text)))
        fits: list[dict[int, float]] = []
        instead: dict[str, tuple[str, ...]] = {}
        for word in typed:
            like = self._like(word)
            if not like:
                like = self._near(word)
                instead[word] = tuple(like)
            elif word not in like:
                like = {**self._near(word, _VERY_LIKE), **like}
            fits.append(self._places(like))
        whole = set.intersection(*map(set, fits)) if fits else set()
        some = set().union(*map(set, fits)) if fits else set()
        numbers = whole or some
        scored = {n: self._score(n, text, [fit.get(n, 0.0) for fit in fits]) for n in numbers}
        return Found(tuple(self._once(scored)), instead, partly=not whole and bool(some))

    def _places(self, like: Mapping[str, float]) -> dict[int, float]:
        found: dict[int, float] = {}
        for word, weight in like.items():
            for number in self._at[word]:
                found[number] = max(weight, found.get(number, 0.0))
        return found

    def _score(self, number: int, text: str, fits: Sequence[float]) -> float:
        entry = self._entries[number]
        score = sum(fits) / len(fits) * _WEIGHTS[entry.how]
        if entry.how != "text" and words_of(entry.text) == words_of(text):
            score += 1
        elif len(fits) > 1 and entry.how != "id" and text.casefold() in entry.text.casefold():
            score += 0.1
        return score - min(len(entry.text), 400) / 4000

    def _once(self, scored: Mapping[int, float]) -> Iterator[Entry]:
        """The entries best first; of those that lead to one node in one group, the best."""
        seen = set()
        order = sorted(scored, key=lambda n: (-scored[n], natural_key(self._entries[n].leads), self._entries[n].how))
        for number in order:
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
