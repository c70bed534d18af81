"""The preclinical table: what was seen in cells and animals, told by the documents and by the works read."""

from __future__ import annotations

from collections.abc import Iterator

from ...audit.chains import Chain
from ...namespaces import OGX
from .material import Material
from .parts import Cell, Row, Section, Span, Table, cell
from .voices import NOT_STATED, Voice, amount, claim_cell, missing, said, voices

__all__ = ["preclinical_rows", "section"]

_COLUMNS = ("Effect", "Model", "Agent", "Combination", "Who says it", "Number", "Comparator", "Words and place")


def _results(material: Material) -> Iterator[Chain]:
    return (chain for chain in material.audit.ordered() if chain.claim.kind == "preclinicalResult")


def _effect(chain: Chain, material: Material) -> str:
    claim, label = chain.claim, material.records.label
    return f"{label(claim.predicate)} {label(claim.object)}"


def _agents(chain: Chain, material: Material) -> tuple[str, str | None]:
    """The agent, and what it is given with: the other components of a regimen, and what it is given on."""
    records, claim = material.records, chain.claim
    parts = [records.label(part) for part in records.nodes.iris(claim.subject, OGX.component)]
    first, *rest = parts or [records.label(claim.subject)]
    background = claim.context.get("background")
    rest += [f"on a background of {records.label(background)}"] if background else []
    return first, ", ".join(rest) or None


def _fields(chain: Chain, voice: Voice, material: Material) -> dict[str, str | None]:
    measured = voice.item.measurement if voice.item else None
    fields = dict(measured.fields) if measured else {}
    beside = chain.claim.context.get("comparator")
    return {
        "number": amount(fields, material),
        "comparator": fields.get("comparator") or (material.records.label(beside) if beside and voice.item else None),
    }


def _model(chain: Chain, material: Material) -> str | None:
    model = chain.claim.context.get("model")
    return material.records.label(model) if model else None


def _or_missing(text: str | None) -> Cell:
    return cell(text if text else Span(NOT_STATED, None, "missing"))


def _rows(material: Material) -> Iterator[Row]:
    for chain in _results(material):
        agent, rest = _agents(chain, material)
        lead = (
            claim_cell(chain, material, _effect(chain, material)),
            _or_missing(_model(chain, material)),
            cell(agent),
            cell(rest) if rest else cell(Span("none in this claim", None, "missing")),
        )
        speaking = voices(chain, material)
        for number, voice in enumerate(speaking):
            who, words = said(voice, material)
            numbers = (cell(value or missing(voice)) for value in _fields(chain, voice, material).values())
            cells = (who, *numbers, words)
            span, width = len(speaking), len(lead)
            yield Row(cells, continued=width) if number else Row((*lead, *cells), span=span, lead=width)


def section(material: Material) -> Section:
    """The preclinical table: each effect with model, agent, combination, number, comparator and who says it."""
    note = (
        "Each effect with who says it: the document in its own words, then each work that was read. “Not stated” and "
        "“not read” mean what they mean in the trial table. An effect in a model is no effect in patients."
    )
    table = Table("Effects in models", _COLUMNS, tuple(_rows(material)), empty="No effect in a model is on record.")
    return Section("Preclinical results", "preclinical", note, (table,))


def preclinical_rows(material: Material) -> list[dict[str, object]]:
    """The preclinical table as data: one row for each effect; an empty cell says "not stated" or "not read"."""
    return [_row(chain, material) for chain in _results(material)]


def _row(chain: Chain, material: Material) -> dict[str, object]:
    claim, (agent, rest) = chain.claim, _agents(chain, material)
    speaking = voices(chain, material)
    return {
        "claim": material.curie(claim.iri),
        "label": claim.label,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "model": _model(chain, material) or NOT_STATED,
        "agent": agent,
        "combination": rest or "none in this claim",
        "effect": _effect(chain, material),
        "stated": [_voice(chain, voice, material) for voice in speaking if voice.side == "document"],
        "read": [_voice(chain, voice, material) for voice in speaking if voice.side == "work"],
    }


def _voice(chain: Chain, voice: Voice, material: Material) -> dict[str, object]:
    fields = _fields(chain, voice, material)
    return {**voice.as_dict(material), **{name: value or voice.absent for name, value in fields.items()}}
