"""What stands around a claim: the stored questions that return it, and the chains that lead through it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...audit.sides import human
from ...model import Iri
from ...publish.cards import Deck
from ...queries import StoredQuery
from ...queries.returning import Asked, point_questions
from .standing import standing

if TYPE_CHECKING:
    from .site import Site

__all__ = ["Question", "around"]


@dataclass(frozen=True, slots=True)
class Question:
    """A stored question that returns a claim.

    :param ways: the values with which it does: in words, and as they are asked; one without words asks of the claim
        itself, or of nothing
    """

    query: StoredQuery
    ways: tuple[tuple[str, dict[str, str]], ...]


def around(site: Site, deck: Deck, iri: Iri) -> dict[str, object]:
    """What the page of a claim tells beside the claim itself.

    Of a large graph these are the questions that are read off the claim, and no chains.
    """
    claim = deck.records.claims[iri]
    returning = site.returning()
    asked = point_questions(deck.records, claim) if returning is None else returning.asked.get(iri, ())
    questions = list(_questions(site, deck, asked))
    return {
        "about": [each for each in questions if each.query.params and each.ways[0][1]],
        "lists": [each for each in questions if not (each.query.params and each.ways[0][1])],
        "whole": returning is not None,
        "missing": () if returning is None else returning.missing,
        "chains": None if site.large else standing(site.material, deck, claim),
    }


def _questions(site: Site, deck: Deck, asked: Iterable[Asked]) -> Iterable[Question]:
    """The questions, those that ask of the claim alone first."""
    by: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for each in asked:
        by.setdefault(each.query, []).append((_words(site, deck, each), dict(each.values)))
    found = [Question(site.queries[name], tuple(sorted(ways))) for name, ways in by.items()]
    return sorted(found, key=lambda each: each.ways[0][0] != "")


def _words(site: Site, deck: Deck, asked: Asked) -> str:
    """The values in words; none for the claim itself."""
    types = {param.name: param.type for param in site.queries[asked.query].params}
    told = ((types[name], value) for name, value in asked.values)
    return ", ".join(_label(site, deck, kind, value) for kind, value in told if kind != "claim")


def _label(site: Site, deck: Deck, kind: str, value: str) -> str:
    if kind == "word":
        return human(value)
    iri = None if kind == "section" else site.corpus.expand(value)
    if iri is None:
        return value
    entry = deck.records.references.get(iri) if kind == "reference" else None
    return deck.records.label(iri) if entry is None else f"[{entry.label}] {entry.content}"
