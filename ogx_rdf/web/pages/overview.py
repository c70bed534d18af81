"""The first page: what failed, then the trials, what spoke for it early, how well it is cited, what to mend first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...publish.dossier.parts import Paragraph, Part, Section, Table
from .chapters import addressed

if TYPE_CHECKING:
    from starlette.requests import Request

    from ...publish.dossier.summary import Failure
    from .addresses import Addresses
    from .site import Site

__all__ = ["overview_page"]

_COUNTS = (
    ("claims", "claims that a document states", "ask/documents"),
    (
        "claims-uncited-statements",
        "of them without a citation, bibliography apart",
        "report/audit#audit-uncited",
    ),
    ("claims-encyclopedia-only", "on encyclopedia pages only", "ask/encyclopedia-only-claims"),
    ("claims-supported-by-a-study", "supported by a study that was read", "report/audit#audit-supported"),
    ("claims-disputed-by-a-study", "disputed by a study that was read", "report/audit#audit-disputed"),
)
"""Totals of the audit that stand on the first page, in words, and where just these claims are listed."""


def _told(site: Site, at: Addresses) -> dict[str, object]:
    from ...publish.dossier import summary, trials

    material = site.material
    if "summary" not in site.chapters:
        site.chapters["summary"] = summary.section(site.trials, material)
        site.chapters["trials"] = trials.section(site.trials, material)
    told = addressed(site.chapters["summary"], material, at)
    table = addressed(Section("", "", "", site.chapters["trials"].blocks[:1]), material, at).blocks[0]
    assert isinstance(table, Table)
    failed = [_card(failure, site, at) for failure in summary.failures(site.trials, material)]
    totals = material.audit.totals
    numbers = [(totals[name].value, text, at.page(path)) for name, text, path in _COUNTS if name in totals]
    if numbers and len(site.reading) == 1:  # a page of the document has all of its claims
        numbers[0] = (*numbers[0][:2], at.curie(site.reading[0][0]) or numbers[0][2])
    parts: dict[str, Part] = {part.anchor.removeprefix("summary-"): part for part in told.parts}
    return {"parts": parts, "trials": table, "numbers": numbers, "failed": failed}


def _card(failure: Failure, site: Site, at: Addresses) -> dict[str, object]:
    """A trial that failed, its lines leading to pages."""
    lines = (failure.told, failure.report, failure.cited)
    (told,) = addressed(Section("", "", "", (Paragraph(lines),)), site.material, at).blocks
    assert isinstance(told, Paragraph)
    said, report, cited = told.lines
    page = at.iri(failure.trial)
    return {"name": failure.name, "page": page, "facts": failure.facts, "told": said, "report": report, "cited": cited}


def overview_page(site: Site) -> Callable[[Request], dict[str, object]]:
    """What makes the first page."""

    def make(request: Request) -> dict[str, object]:
        at = site.addresses(request)
        told = {"parts": {}, "trials": None, "numbers": [], "failed": []} if site.large else _told(site, at)
        return {**told, "coverage": site.graph.coverage, "large": site.large}

    return make
