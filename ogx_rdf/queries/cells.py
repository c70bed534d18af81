"""From the terms of a result to the cells of an answer: CURIEs, words of closed lists, numbers, lists."""

from __future__ import annotations

import re

from ..corpus import Corpus
from ..model import Literal, Term
from ..namespaces import OGX, SKOS, XSD

__all__ = ["LISTS", "SEPARATOR", "Cell", "Words", "cell", "number"]

Cell = str | int | float | bool | list[str] | None

LISTS = ("citations", "iris", "strings", "words")
SEPARATOR = " | "
"""What parts the items of a list in SPARQL."""
_WHOLE = (XSD.integer, XSD.int, XSD.long, XSD.nonNegativeInteger)


class Words:
    """The words that answers print for members of closed lists (``positive``, ``hedged``, ``+1``)."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._known: dict[str, str] = {}

    def __getitem__(self, iri: str) -> str:
        if iri not in self._known:
            said = self._corpus.dataset.describe(iri) if iri.startswith(OGX.iri) else ()
            notations = [str(value) for _, predicate, value in said if predicate == SKOS.notation]
            self._known[iri] = max(notations, default="") or self._corpus.word(iri)
        return self._known[iri]


def number(text: str) -> int | float | str:
    """A number as JSON writes it (``88``, ``15.8``), or the text where it is none."""
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]+)?", text):
        return text
    value = float(text)
    return int(value) if value.is_integer() else value


def _literal(term: Literal) -> Cell:
    if term.datatype in (*_WHOLE, XSD.decimal):
        return number(term.value)
    if term.datatype == XSD.boolean:
        return term.value in ("true", "1")
    return term.value


def _list(term: Term | None, kind: str, corpus: Corpus, words: Words) -> list[str]:
    parts = [part for part in str(term or "").split(SEPARATOR) if part]
    if kind == "iris":
        return [corpus.curie(part) for part in parts]
    return [words[part] for part in parts] if kind == "words" else parts


def cell(term: Term | None, kind: str, corpus: Corpus, words: Words) -> Cell:
    """The cell for a term of a column of a type; None where nothing is bound, an empty list in a list column."""
    if kind in LISTS:
        return _list(term, kind, corpus, words)
    if term is None:
        return None
    if isinstance(term, Literal):
        return _literal(term) if kind != "string" else term.value
    return words[term] if kind == "word" else corpus.curie(term)
