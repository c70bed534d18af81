"""What things are called in vocabularies of others, each identifier leading there; and where none was found."""

from __future__ import annotations

from collections.abc import Iterator

from ...audit.sides import human
from ...model import Iri
from ...namespaces import OWL, RDFS, SKOS, SSSOM
from .material import Material
from .parts import Cell, Line, Row, Section, Span, Table, cell

__all__ = ["identifiers_section"]

_NOTE = (
    "Chosen by curators; how near a term is stands with it. A search that found nothing is recorded as such, which is "
    "not the same as no search."
)


def _line(mapping: Iri, target: Iri, material: Material) -> Line:
    """A term with the label it has at home, leading there."""
    label = material.records.nodes.text(mapping, SSSOM.object_label)
    href = target if target.startswith(("http://", "https://")) else None
    name = Span(material.curie(target), href, "id")
    return (Span(f"{label} "), name) if label else (name,)


def _told(mappings: list[Iri], material: Material) -> tuple[Cell, Cell, Cell]:
    """The terms that mean the same, those that are near, and the searches in vain."""
    nodes = material.records.nodes
    same, near, vain = [], [], []
    for mapping in mappings:
        kind = (nodes.text(mapping, OWL.annotatedProperty) or "").removeprefix(SKOS.iri)
        for target in nodes.iris(mapping, OWL.annotatedTarget):
            if target == SSSOM.NoTermFound:
                vain.append((Span(nodes.text(mapping, RDFS.comment) or "where is not recorded", None, "soft"),))
            elif kind == "exactMatch":
                same.append(_line(mapping, target, material))
            else:
                near.append(
                    (Span(f"{human(kind.removesuffix('Match'))}: ", None, "soft"), *_line(mapping, target, material))
                )
    return tuple(same), tuple(near), tuple(vain)


def _rows(material: Material) -> Iterator[Row]:
    nodes, label = material.records.nodes, material.records.label
    found: dict[Iri, list[Iri]] = {}
    for mapping in nodes.members(OWL.Axiom):
        for source in nodes.iris(mapping, OWL.annotatedSource):
            found.setdefault(source, []).append(mapping)
    none = cell(Span("none", None, "missing"))
    for iri in sorted(found, key=lambda iri: (label(iri).casefold(), iri)):
        same, near, vain = _told(sorted(found[iri]), material)
        lead = cell(Span(label(iri), iri), Span(material.curie(iri), None, "soft"))
        yield Row((lead, same or none, near or none, vain or cell("")))


def identifiers_section(material: Material) -> Section:
    """Every thing that was looked for in other vocabularies, in the order of the names."""
    columns = ("Thing", "The same there", "Near it", "Looked for in vain")
    empty = "No identifier of another vocabulary is recorded."
    table = Table("External identifiers", columns, tuple(_rows(material)), empty=empty)
    return Section("Identifiers elsewhere", "identifiers", _NOTE, (table,))
