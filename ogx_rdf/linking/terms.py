"""The mapped terms of a corpus, and what an endpoint says on each, told apart from what was never asked.

A term that an endpoint does not know proves nothing by itself: the endpoint may not hold the vocabulary.  Where it
knows no term of a vocabulary at all, they are *not covered*; where it is said to hold the vocabulary whole, a term that
it does not know is *gone*; in between it is *unknown* there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Counts
from dataclasses import dataclass, replace
from pathlib import Path

from ..corpus import Corpus
from ..documents.coverage import coverage
from ..errors import UsageError
from ..model import Finding, Iri
from .asking import Answer, Asker
from .questions import Reach, complete_at, describe, reach, via_of
from .sssom import Mapping, mapping_iri, read_mappings, read_metadata

__all__ = ["STATES", "Mapped", "Said", "Survey", "Vocabulary", "mapped_terms", "survey"]

STATES = ("gone", "obsolete", "failed", "unknown", "not-asked", "not-covered", "known")
"""What can be said of a mapped term, the worst first."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping that names a term: the row with its place, its node, and how the term is asked for."""

    row: Mapping
    file: str
    iri: Iri
    prefix: str
    namespace: str
    reach: Reach

    @property
    def term(self) -> str:
        """The term as the mapping set writes it."""
        return self.row.object_id


@dataclass(frozen=True, slots=True)
class Said:
    """What an endpoint says on one term.

    :param state: one of :data:`STATES`
    :param there: the IRIs under which the endpoint knows it
    :param replaced: what the endpoint puts in its place, ``consider`` what it proposes to look at
    :param reason: why it is obsolete, or why nothing is known
    :param asked: when the endpoint was asked
    """

    state: str
    there: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    reason: str | None = None
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How an endpoint stands to one vocabulary: the mapped terms of it, and how many of them it knows."""

    prefix: str
    terms: int
    known: int
    covered: bool | None
    whole: bool

    def as_dict(self) -> dict[str, object]:
        """The vocabulary as a JSON object; ``covered`` is null where that cannot be told."""
        return {
            "prefix": self.prefix,
            "terms": self.terms,
            "known": self.known,
            "covered": self.covered,
            "whole": self.whole,
        }


@dataclass(frozen=True, slots=True)
class Survey:
    """What an endpoint says on the mapped terms, in the order of the mapping sets."""

    endpoint: str
    via: str
    said: tuple[tuple[Mapped, Said], ...]
    vocabularies: tuple[Vocabulary, ...]

    def head(
        self, answer: str, corpus: Corpus, counts: Counts[str, int], found: Iterable[Finding]
    ) -> dict[str, object]:
        """How an answer about the terms begins, as a JSON object."""
        return {
            "answer": answer,
            "coverage": coverage(corpus).as_dict(),
            "endpoint": self.endpoint,
            "via": self.via,
            "counts": counts,
            "vocabularies": [one.as_dict() for one in self.vocabularies],
            "findings": [finding.as_dict() for finding in found],
        }


def mapped_terms(corpus: Corpus, prefixes: Sequence[str] = (), via: str = "own") -> list[Mapped]:
    """Every mapping that names a term, in the order of the files.

    :param prefixes: only terms of these vocabularies
    :raises UsageError: for a prefix under which nothing is mapped
    """
    found = [item for path in corpus.mapping_files() for item in _read(corpus, path, via)]
    known = sorted({item.prefix for item in found})
    for prefix in prefixes:
        if prefix not in known:
            hint = f"Mapped are: {', '.join(known)}." if known else "This corpus maps nothing."
            raise UsageError("E643", f"nothing is mapped to {prefix!r}", hint=hint)
    return [item for item in found if not prefixes or item.prefix in prefixes]


def _read(corpus: Corpus, path: Path, via: str) -> Iterable[Mapped]:
    shown = corpus.shown(path)
    spaces = read_metadata(path, shown)[1]
    for row in read_mappings(path, shown):
        if row.found:
            prefix = row.object_id.partition(":")[0]
            asked = reach(prefix, row.object, spaces[prefix], via)
            yield Mapped(row, shown, mapping_iri(row, corpus.base), prefix, spaces[prefix], asked)


def survey(
    corpus: Corpus, asker: Asker, *, prefixes: Sequence[str] = (), whole: Sequence[str] = (), via: str | None = None
) -> Survey:
    """Ask an endpoint about the mapped terms.

    :param prefixes: only terms of these vocabularies
    :param whole: vocabularies that the endpoint holds whole, beside those for which it is known to
    :param via: how the endpoint names the terms of others (default: as its host is known to, else by their own IRIs)
    :raises UsageError: for a prefix or a way that is not known
    """
    way = via_of(asker.endpoint, via)
    terms = mapped_terms(corpus, prefixes, way)
    if whole:
        mapped_terms(corpus, whole)  # refuses a vocabulary to which nothing is mapped
    by_question: dict[tuple[str, Iri | None], set[str]] = defaultdict(set)
    for item in terms:
        by_question[item.reach.speaks, item.reach.by].add(item.reach.key)
    answers: dict[Reach, Answer] = {}
    for (speaks, by), keys in sorted(by_question.items(), key=lambda pair: (pair[0][0], pair[0][1] or "")):
        for key, answer in asker.ask(describe(Reach("", by, speaks)), keys).items():
            answers[Reach(key, by, speaks)] = answer
    said = [(item, read(answers[item.reach], item.reach)) for item in terms]
    entire = {item.prefix for item in terms if item.prefix in whole or item.namespace in complete_at(asker.endpoint)}
    vocabularies = _vocabularies(said, entire)
    return Survey(asker.endpoint, way, tuple(_placed(said, vocabularies)), tuple(vocabularies.values()))


def read(answer: Answer, of: Reach) -> Said:
    """What an answer says, before it is known which vocabularies the endpoint holds."""
    if answer.rows is None:
        return Said("failed" if answer.failed else "not-asked", reason=answer.reason)
    told: dict[str, list[str]] = defaultdict(list)
    there = sorted({str(row["there"]) for row in answer.rows if row.get("there") is not None})
    for row in answer.rows:
        if (value := row.get("value")) is not None:
            told[str(row["role"])].append(str(value))
    if not answer.rows:
        return Said("unknown", asked=answer.asked)
    labels = [_bare(text) for text in told["label"]] if of.speaks == "bio2rdf" else told["label"]
    replaced = _sorted(told["merged"] + told["replaced"])
    reason = _given_up(told)
    return Said(
        "obsolete" if reason else "known",
        tuple(there),
        _sorted(labels),
        _sorted(told["synonym"]),
        replaced,
        _sorted(told["consider"]),
        reason,
        answer.asked,
    )


def _given_up(told: dict[str, list[str]]) -> str | None:
    if told["merged"]:
        return "merged into another"
    if {"true", "1"} & set(told["obsolete"]):
        return "marked as obsolete"
    if {"false", "0"} & set(told["active"]):
        return "marked as no longer active"
    return "replaced by another" if told["replaced"] else None


def _bare(label: str) -> str:
    """A label without the identifier that Bio2RDF puts behind it."""
    return re.sub(r"\s*\[[\w.]+:[^\]\s]+\]$", "", label)


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _vocabularies(said: Sequence[tuple[Mapped, Said]], whole: set[str]) -> dict[str, Vocabulary]:
    groups: dict[str, list[Said]] = defaultdict(list)
    for item, said_ in said:
        groups[item.prefix].append(said_)
    found = {}
    for prefix in sorted(groups):
        states = [one.state for one in groups[prefix]]
        known = sum(state in ("known", "obsolete") for state in states)
        open_ = {"failed", "not-asked"} & set(states)
        covered = True if known or prefix in whole else None if open_ else False
        found[prefix] = Vocabulary(prefix, len(states), known, covered, prefix in whole)
    return found


def _placed(said: Iterable[tuple[Mapped, Said]], vocabularies: dict[str, Vocabulary]) -> Iterable[tuple[Mapped, Said]]:
    for item, one in said:
        vocabulary = vocabularies[item.prefix]
        if one.state != "unknown":
            yield item, one
        elif vocabulary.covered is False:
            yield item, replace(one, state="not-covered", reason="the endpoint knows no mapped term of this vocabulary")
        elif vocabulary.whole and item.reach.by is None:
            reason = "the endpoint holds the vocabulary whole and says nothing of the term"
            yield item, replace(one, state="gone", reason=reason)
        else:
            yield item, replace(one, reason="the endpoint says nothing of the term")
