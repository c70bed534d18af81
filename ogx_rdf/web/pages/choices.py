"""What may be chosen for a parameter of a stored question, from the graph itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...audit.sides import human
from ...model import Iri
from ...namespaces import OGX, OWL, SSSOM
from ...publish.cards import Deck
from ...queries import Param

__all__ = ["MOST", "Choice", "Field", "field_of"]

MOST = 600
"""A list of more than so many is no help: then the value is typed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value as the question takes it, and as a person reads it."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form of a question.

    :param given: the value asked for, or that of the example where nothing is asked yet
    :param choices: the values to choose from; None where the value is typed
    """

    name: str
    label: str
    help: str
    required: bool
    given: str
    choices: tuple[Choice, ...] | None


def _named(deck: Deck, nodes: list[Iri]) -> list[Choice]:
    found = [Choice(deck.curie(iri), deck.records.label(iri)) for iri in nodes]
    names = [choice.text for choice in found]
    told = [c if names.count(c.text) == 1 else Choice(c.value, f"{c.text} ({c.value})") for c in found]
    return sorted(told, key=lambda choice: choice.text.casefold())


def _members(*kinds: Iri) -> Callable[[Deck], list[Choice]]:
    def choose(deck: Deck) -> list[Choice]:
        return _named(deck, list(dict.fromkeys(iri for kind in kinds for iri in deck.records.nodes.members(kind))))

    return choose


def _claims(deck: Deck) -> list[Choice]:
    claims = deck.records.claims.values()
    return [Choice(deck.curie(c.iri), f"{c.label} ({c.polarity}, {c.certainty}; {deck.curie(c.iri)})") for c in claims]


def _passages(deck: Deck) -> list[Choice]:
    places = deck.records.passages.values()
    return [
        Choice(deck.curie(p.iri), f"{deck.curie(p.iri)}, {p.section or 'no section'}, line {p.line}") for p in places
    ]


def _references(deck: Deck) -> list[Choice]:
    return [Choice(deck.curie(e.iri), f"[{e.label}] {e.content}") for e in deck.records.references.values()]


def _sections(deck: Deck) -> list[Choice]:
    names = dict.fromkeys(p.section for p in deck.records.passages.values() if p.section)
    return [Choice(name, name) for name in names]


def _external(deck: Deck) -> list[Choice]:
    nodes = deck.records.nodes
    found = {t for mapping in nodes.members(OWL.Axiom) for t in nodes.texts(mapping, OWL.annotatedTarget)}
    return [Choice(iri, deck.curie(iri)) for iri in sorted(found - {SSSOM.NoTermFound})]


_SOURCES: dict[str, Callable[[Deck], list[Choice]]] = {
    "claim": _claims,
    "disease": _members(OGX.Disease),
    "document": _members(OGX.Document),
    "entity": _members(OGX.Entity),
    "external": _external,
    "passage": _passages,
    "reference": _references,
    "section": _sections,
    "trial": _members(OGX.Trial, OGX.Study),
    "work": _members(OGX.Work),
}


def _choices(deck: Deck, param: Param, large: bool) -> tuple[Choice, ...] | None:
    if param.allowed:
        return tuple(Choice(word, human(word)) for word in param.allowed)
    if large or param.type not in _SOURCES:
        return None
    found = _SOURCES[param.type](deck)
    return tuple(found) if len(found) <= MOST else None


def _chosen(deck: Deck, param: Param, text: str, choices: tuple[Choice, ...]) -> str:
    """The value of the list that a text means: itself, or the one thing that is called so."""
    if any(choice.value == text for choice in choices):
        return text
    called = [choice.value for choice in choices if choice.text.casefold() == text.casefold()]
    return called[0] if len(called) == 1 else text


def field_of(deck: Deck, param: Param, given: str | None, example: str | None, *, large: bool) -> Field:
    """The field for a parameter.

    :param given: what was asked, where something was
    :param example: what the question gives as an example
    :param large: whether the graph is too large for its things to be listed
    """
    choices = _choices(deck, param, large)
    default = "" if param.default in ("required", "any") else param.default
    text = given if given is not None else (example or default if param.required else default)
    if choices is not None and text:
        text = _chosen(deck, param, text, choices)
        if all(choice.value != text for choice in choices):
            choices = (Choice(text, text), *choices)
    return Field(
        name=param.name,
        label=param.name.replace("_", " ").capitalize(),
        help=param.description,
        required=param.required,
        given=text,
        choices=choices,
    )
