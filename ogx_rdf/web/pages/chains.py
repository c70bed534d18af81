"""The chains of claims between two things that a reader chooses: drawn, and told in a table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...lookup import entity
from ...model import Iri
from ...publish.dossier.parts import Section
from .chapters import addressed
from .choices import Choice

if TYPE_CHECKING:
    from starlette.requests import Request

    from ...publish.dossier.material import Material
    from .site import Site

__all__ = ["chains_page"]


def _choices(material: Material, nodes: Iterable[Iri]) -> list[Choice]:
    found = (Choice(material.curie(iri), material.records.label(iri)) for iri in nodes)
    return sorted(found, key=lambda choice: choice.text.casefold())


def _told(site: Site, start: Iri, end: Iri | None) -> Section:
    from ...publish.dossier.material import between
    from ...publish.dossier.mechanism import neighbourhood, told_chains

    material = site.material
    if end is None:
        part = neighbourhood(start, material)
    else:
        part = told_chains(between(material.records, material.network, start, end), material)
    return Section(part.title, "mechanism", "", (), (part,))


def chains_page(site: Site) -> Callable[[Request], dict[str, object]]:
    """What makes the page of the chains: from one thing one step, or from it to another as many as there are."""

    def make(request: Request) -> dict[str, object]:
        if site.large:
            raise UsageError(
                "E551",
                "this graph is too large for all chains to be looked for",
                hint="On the command line: ogx-rdf path FROM TO",
            )
        network = site.material.network
        given = {name: request.query_params.get(name, "").strip() for name in ("from", "to")}
        named = {name: entity(site.corpus, text) for name, text in given.items() if text}
        if "to" in named and named.get("from") in (None, named["to"]):
            raise UsageError("E520", "a chain leads from one thing to another", hint="Choose two things.")
        section = None
        if "from" in named:
            section = addressed(_told(site, named["from"], named.get("to")), site.material, site.addresses(request))
        starts = {*network.leaving, *network.across, *filter(None, [named.get("from")])}
        ends = {*network.arriving, *network.across, *filter(None, [named.get("to")])}
        return {
            "section": section,
            "starts": _choices(site.material, starts),
            "ends": _choices(site.material, ends),
            "given": {name: site.corpus.curie(iri) for name, iri in named.items()},
        }

    return make
