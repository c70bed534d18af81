"""The map of the mechanism, folded by pathway, and the chains of claims between two things that a reader chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...lookup import entity
from ...model import Iri
from ...publish.dossier.parts import Section
from .chapters import addressed
from .choices import Choice

if TYPE_CHECKING:
    from starlette.requests import Request

    from ...mechanism.answers import PathAnswer
    from ...mechanism.folding import Fold
    from ...publish.dossier.material import Material
    from .atlas import Atlas, View
    from .picture import Chosen
    from .site import Site

__all__ = ["chains_page"]

KEPT = 40
"""So many states of the map are kept as made: some hundred kilobytes each, and there are more than anybody counts."""
GROUPS = {
    "pathway": "Pathways, processes, sets",
    "thing": "Things with aspects and forms",
    "kind": "Others of one kind",
}
"""The folds by why they are folded, as the page lists them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader chose: two things, or one, or none, and the chains between two."""

    start: Iri | None
    end: Iri | None
    answer: PathAnswer | None


def _choices(material: Material, nodes: Iterable[Iri]) -> list[Choice]:
    found = (Choice(material.curie(iri), material.records.label(iri)) for iri in nodes)
    return sorted(found, key=lambda choice: choice.text.casefold())


def _asked(site: Site, request: Request) -> Asked:
    from ...publish.dossier.material import between

    given = {name: request.query_params.get(name, "").strip() for name in ("from", "to")}
    named = {name: entity(site.corpus, text) for name, text in given.items() if text}
    start, end = named.get("from"), named.get("to")
    if end is not None and start in (None, end):
        raise UsageError("E520", "a chain leads from one thing to another", hint="Choose two things.")
    material = site.material
    if start is None or end is None:
        return Asked(start, end, None)
    return Asked(start, end, between(material.records, material.network, start, end))


def _told(asked: Asked, material: Material) -> Section | None:
    from ...publish.dossier.mechanism import neighbourhood, told_chains

    if asked.start is None:
        return None
    part = told_chains(asked.answer, material) if asked.answer else neighbourhood(asked.start, material)
    return Section(part.title, "mechanism", "", (), (part,))


def _chosen(asked: Asked, material: Material) -> Chosen:
    from ...mechanism.steps import Step
    from .picture import Chosen

    links = [link for chain in asked.answer.shown for link in chain.links] if asked.answer else []
    return Chosen(
        start=material.curie(asked.start) if asked.start else None,
        end=material.curie(asked.end) if asked.end else None,
        claims=frozenset(material.curie(link.iri) for link in links if isinstance(link, Step)),
        crossed=frozenset(
            (material.curie(link.start), material.curie(link.end)) for link in links if not isinstance(link, Step)
        ),
    )


def _listed(
    atlas: Atlas, view: View, shown: frozenset[str]
) -> Iterator[tuple[str, list[tuple[Fold, str, bool, bool]]]]:
    """The folds by why they are folded, each with where opening or closing it leads, and whether it is open."""
    for why, title in GROUPS.items():
        folds = [fold for fold in atlas.folds if fold.why == why]
        if folds:
            yield (
                title,
                [(fold, view.toggled(fold.id).href, fold.id in view.opened, fold.id in shown) for fold in folds],
            )


def _map(atlas: Atlas, view: View, asked: Asked, site: Site, request: Request) -> dict[str, object]:
    """What the template of the map gets."""
    from ...mechanism.folding import fold
    from ...mechanism.folds import RULES
    from ...publish.dossier.mechanism import NO_PICTURE
    from .picture import picture

    material, at = site.material, site.addresses(request)
    chosen = _chosen(asked, material)
    held = (atlas.holding(name) for name in (chosen.start, chosen.end) if name)
    shown = frozenset(view.opened).union(filter(None, held))
    folded = fold(atlas.drawing, atlas.folds, shown)
    title = "Map of the mechanism"
    section = _told(asked, material)
    return {
        "view": view,
        "title": title,
        "svg": picture(folded, chosen, view, title),
        "no_picture": NO_PICTURE,
        "nodes": len(folded.nodes) + len(folded.folds),
        "things": len(atlas.drawing.nodes),
        "claims": sum(not edge.crossing for edge in atlas.drawing.edges),
        "listed": list(_listed(atlas, view, shown)),
        "rules": RULES,
        "legend": atlas.legend,
        "start": asked.start and material.records.label(asked.start),
        "end": asked.end and material.records.label(asked.end),
        "found": len(asked.answer.chains) if asked.answer else 0,
        "told_of": len(asked.answer.shown) if asked.answer else 0,
        "section": section and addressed(section, material, at),
        "tables": (atlas.lines(folded, at), atlas.inside(folded, at)),
        **_form(asked, material),
    }


def _form(asked: Asked, material: Material) -> dict[str, object]:
    network = material.network
    return {
        "starts": _choices(material, {*network.leaving, *network.across, *filter(None, [asked.start])}),
        "ends": _choices(material, {*network.arriving, *network.across, *filter(None, [asked.end])}),
    }


class _Atlases:
    """The map of what a site shows, made once for as long as the site tells of the same."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: Atlas | None = None
        self._bodies: dict[str, str] = {}

    @property
    def atlas(self) -> Atlas:
        from ...mechanism.drawing import graph_of
        from ...mechanism.folds import folds_of
        from .atlas import Atlas

        material = self._site.material
        if self._made is None or self._made.material is not material:
            drawing = graph_of(material.records)
            self._made = Atlas(material, drawing, folds_of(material.records, drawing))
            self._bodies.clear()
        return self._made

    def body(self, address: str, make: Callable[[], str]) -> str:
        """The map in a state, as it was made before where it was asked for lately, unless the graph may change."""
        if not self._site.still:
            return make()
        found = self._bodies.pop(address, None) or make()
        self._bodies[address] = found
        if len(self._bodies) > KEPT:
            del self._bodies[next(iter(self._bodies))]
        return found


def chains_page(site: Site) -> Callable[[Request], dict[str, object]]:
    """What makes the page of the map; it is kept by what its address says is open and chosen."""
    atlases = _Atlases(site)

    def make(request: Request) -> dict[str, object]:
        from .atlas import View, opened

        if site.large:
            raise UsageError(
                "E551",
                "this graph is too large for a map, and for all chains to be looked for",
                hint="On the command line: ogx-rdf path FROM TO",
            )
        asked = _asked(site, request)
        atlas = atlases.atlas
        found = opened(request.query_params.getlist("open"), atlas.folds)
        page = site.addresses(request).page("chains")
        start, end = (site.corpus.curie(iri) if iri else None for iri in (asked.start, asked.end))
        order = tuple(fold.id for fold in atlas.folds if fold.id in found)
        view = View(page, start, end, order, every=bool(order) and len(order) == len(atlas.folds))

        def body() -> str:
            return site.html(request, "map.html", _map(atlas, view, asked, site, request))

        return {
            "body": atlases.body(view.href, body),
            "named": [site.material.records.label(iri) for iri in (asked.start, asked.end) if iri],
        }

    return make
