"""The chapters of the report as pages: the same tables and drawings, with every name leading to its own page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...lookup import unknown
from ...publish.dossier.parts import Block, Paragraph, Part, Section, Span, Table, linked
from .addresses import Addresses

if TYPE_CHECKING:
    from starlette.requests import Request

    from ...publish.dossier.material import Material
    from .site import Site

__all__ = ["CHAPTERS", "Chapter", "addressed", "chapter_page"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its title, and what makes it."""

    title: str
    make: Callable[[Site], Section]


def _trials(site: Site) -> Section:
    from ...publish.dossier import trials

    return trials.section(site.trials, site.material)


def _phases(site: Site) -> Section:
    from ...publish.dossier import phases

    return phases.section(site.material)


def _preclinical(site: Site) -> Section:
    from ...publish.dossier import preclinical

    return preclinical.section(site.material)


def _mechanism(site: Site) -> Section:
    from ...publish.dossier import mechanism

    return mechanism.section(site.material)


def _tensions(site: Site) -> Section:
    from ...publish.dossier import discord

    return discord.section(site.material)


def _audit(site: Site) -> Section:
    from ...publish.dossier import audited

    return audited.section(site.material)


def _matrix(site: Site) -> Section:
    from ...publish.dossier import matrix

    return matrix.section(site.material)


def _gaps(site: Site) -> Section:
    from ...publish.dossier import gaps

    return gaps.gaps_section(site.trials, site.material)


def _coverage(site: Site) -> Section:
    from ...publish.dossier import gaps

    return gaps.coverage_section(site.material)


def _works(site: Site) -> Section:
    from ...publish.dossier import sources

    return sources.works_section(site.material)


def _identifiers(site: Site) -> Section:
    from ...publish.dossier import identifiers

    return identifiers.identifiers_section(site.material)


CHAPTERS: Mapping[str, Chapter] = {
    "trials": Chapter("Trials", _trials),
    "phases": Chapter("Early and late", _phases),
    "preclinical": Chapter("Preclinical results", _preclinical),
    "mechanism": Chapter("Mechanism", _mechanism),
    "tensions": Chapter("Tensions", _tensions),
    "audit": Chapter("Citation audit", _audit),
    "matrix": Chapter("Citation matrix", _matrix),
    "gaps": Chapter("Gaps", _gaps),
    "coverage": Chapter("Coverage", _coverage),
    "works": Chapter("Works", _works),
    "identifiers": Chapter("Identifiers", _identifiers),
}
"""The chapters that have a page, by the last part of its path."""

_BEGIN = {
    "results-": "trials",
    "audit-": "audit",
    "near-": "mechanism",
    "chain-": "mechanism",
    "legend": "mechanism",
    "found-": "tensions",
}
"""How anchors of the report begin, and the chapter in which they stand."""


class _Leading:
    """From anchors of the report to addresses of pages."""

    def __init__(self, material: Material, at: Addresses) -> None:
        self._at = at
        self._names = {f"#{anchor}": name for name, anchor in material.names.items()}
        self.names = material.names

    def href(self, href: str) -> str | None:
        """Where a link of the report leads here; None where that has no page."""
        if not href.startswith("#"):
            return self._at.iri(href) or href
        if href in self._names:
            return self._at.curie(self._names[href])
        if href[1:] in CHAPTERS:
            return self._at.page(f"report/{href[1:]}")
        chapter = next((name for begin, name in _BEGIN.items() if href[1:].startswith(begin)), None)
        return self._at.page(f"report/{chapter}{href}") if chapter else None

    def line(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """A line with its links leading to pages."""
        return tuple(replace(span, href=self.href(span.href)) if span.href else span for span in spans)

    def block(self, block: Block) -> Block:
        """A block with its links leading to pages, and without the anchors of what has a page of its own."""
        if isinstance(block, Paragraph):
            return replace(block, lines=tuple(map(self.line, block.lines)))
        if isinstance(block, Table):
            rows = (
                replace(row, cells=tuple(tuple(map(self.line, cell)) for cell in row.cells), anchor=None)
                for row in block.rows
            )
            return replace(block, rows=tuple(rows))
        return block

    def part(self, part: Part) -> Part:
        """A part with its links leading to pages."""
        return replace(part, blocks=tuple(map(self.block, part.blocks)))


def addressed(section: Section, material: Material, at: Addresses) -> Section:
    """A section of the report with every name of a thing, and every link, leading to a page."""
    leading = _Leading(material, at)
    told = linked(section, leading.names)
    return replace(told, blocks=tuple(map(leading.block, told.blocks)), parts=tuple(map(leading.part, told.parts)))


def _others(name: str, at: Addresses) -> Iterator[tuple[str, str, bool]]:
    for other, chapter in CHAPTERS.items():
        yield chapter.title, at.page(f"report/{other}"), other == name


def chapter_page(site: Site) -> Callable[[Request], dict[str, object]]:
    """What makes the page of a chapter."""

    def make(request: Request) -> dict[str, object]:
        name = request.path_params["name"]
        if name not in CHAPTERS:
            raise unknown("chapter", name, list(CHAPTERS))
        if site.large:
            raise UsageError(
                "E551",
                "this graph is too large to be told in chapters",
                hint="Ask a question or search; or write the report with: ogx-rdf report --out DIR",
            )
        at = site.addresses(request)
        if name not in site.chapters:
            site.chapters[name] = CHAPTERS[name].make(site)
        section = addressed(site.chapters[name], site.material, at)
        return {"section": section, "chapters": list(_others(name, at))}

    return make
