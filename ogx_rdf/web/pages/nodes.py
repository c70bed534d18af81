"""The pages of the nodes of the graph: each at the path of its IRI, as a page for reading or as RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError
from ...lookup import unknown
from ...model import Iri
from ...naming import nodes as all_nodes
from ...publish.show import card_of
from .addresses import VOCABULARY
from .described import described, written
from .formats import FORMS, HTML, Form, by_suffix, preferred
from .making import Endpoint
from .replies import Made, made, reply

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ...publish.cards import Deck
    from .site import Site

__all__ = ["FOLDERS", "node_endpoint", "vocabulary_endpoint"]

FOLDERS = ("c", "doc", "entity", "mapping", "prefix", "tension", "trial", "work")
"""The folders below the base of a corpus in which its nodes have their names."""

_TEMPLATES = {
    "claim": "claim.html",
    "evidence": "evidence.html",
    "passage": "passage.html",
    "reference": "reference.html",
    "work": "work.html",
    "document": "document.html",
    "tension": "tension.html",
    "node": "node.html",
}
"""The template of each kind of node; of all others ``thing.html``."""


def _form(request: Request, asked: Form | None) -> Form | None:
    return asked or preferred(request.headers.get("accept"))


def _alternates(here: str) -> list[tuple[Form, str]]:
    return [(form, f"{here}{form.suffix}") for form in FORMS]


def _made(site: Site, here: str, body: str, form: Form) -> Made:
    return made(body, form, changed=site.changed, headers={"Content-Location": f"{here}{form.suffix}"})


def node_endpoint(site: Site, folder: str) -> Endpoint:
    """The endpoint of the nodes in one folder."""

    def make(request: Request) -> Made | Response:
        path = f"{folder}/{request.path_params['name']}"
        deck = site.deck
        iri, asked = _named(site, deck, path)
        if iri is None:
            return missing(site, request, f"{folder}:{request.path_params['name']}")
        form = _form(request, asked)
        here = site.addresses(request).iri(iri) or ""
        if form is None:
            return refused(request, here)
        if form is not HTML:
            return _made(site, here, written(described(iri, deck.records), form.media, site.corpus.prefixes), form)
        return _made(site, here, _html(site, request, deck, iri, here), HTML)

    return site.endpoint(make, before=site.returning if folder == "c" else None)


def _named(site: Site, deck: Deck, path: str) -> tuple[Iri | None, Form | None]:
    """The node that a path names, and the form that its ending asks for; a node's own name goes before an ending."""
    names = site.paths
    iri = names.node(path)
    if iri is not None and iri in deck.records.nodes:
        return iri, None
    stem, form = by_suffix(path)
    iri = names.node(stem) if form else None
    return (iri, form) if iri is not None and iri in deck.records.nodes else (None, None)


def _html(site: Site, request: Request, deck: Deck, iri: Iri, here: str) -> str:
    from .around import around
    from .told import told

    kind, card = card_of(deck, iri)
    values: dict[str, object] = {
        "kind": kind,
        "id": site.corpus.curie(iri),
        "iri": str(iri),
        "label": deck.records.label(iri),
        "card": card,
        "alternates": _alternates(here),
        **told(kind, deck, iri),
        **(around(site, deck, iri) if kind == "claim" else {}),
    }
    return site.html(request, _TEMPLATES.get(kind, "thing.html"), values)


def missing(site: Site, request: Request, name: str) -> Response:
    """A 404 that says which names are near: as a page, or as text where the client takes no HTML."""
    curies = [site.corpus.curie(iri) for iri in all_nodes(site.corpus) if iri.startswith(site.corpus.base)]
    error = unknown("node", name, curies, hint="Look for it by its words with the search.")
    if preferred(request.headers.get("accept")) is not HTML:
        return reply(request, f"{error.text()}\n", Form("text", ".txt", "text/plain"), status=404)
    body = site.html(request, "failed.html", {"title": "There is no such page", "error": error.as_dict()})
    return reply(request, body, HTML, status=404)


def refused(request: Request, here: str) -> Response:
    """A 406 that lists the forms there are."""
    error = UsageError(
        "E550",
        "this page has none of the forms asked for",
        hint="There are: " + ", ".join(f"{form.media} ({here}{form.suffix})" for form in FORMS),
    )
    return reply(request, f"{error.text()}\n", Form("text", ".txt", "text/plain"), status=406)


def vocabulary_endpoint(site: Site) -> Endpoint:
    """The endpoint of the vocabulary: one page for all of its terms, which are fragments of it."""

    def make(request: Request) -> Made | Response:
        form = _form(request, by_suffix(request.url.path)[1])
        here = site.addresses(request).iri(VOCABULARY) or ""
        if form is None:
            return refused(request, here)
        return _made(site, here, _vocabulary(site, request, here, form), form)

    return site.endpoint(make)


def _vocabulary(site: Site, request: Request, here: str, form: Form) -> str:
    from .told import terms

    deck = site.deck
    found = terms(deck)
    if form is HTML:
        groups = {kind: list(items) for kind, items in _by_kind(deck, found).items()}
        return site.html(request, "vocabulary.html", {"groups": groups, "alternates": _alternates(here)})
    triples = {t for iri in (Iri(VOCABULARY), *found) for t in described(iri, deck.records)}
    return written(triples, form.media, site.corpus.prefixes)


def _by_kind(deck: Deck, found: list[Iri]) -> dict[str, list[dict[str, object]]]:
    from .told import term

    groups: dict[str, list[dict[str, object]]] = {}
    for iri in found:
        told = term(deck, iri)
        groups.setdefault(str(told["group"]), []).append(told)
    return groups
