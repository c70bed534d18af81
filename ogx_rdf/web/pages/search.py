"""The search: what was found, by groups, each claim with its polarity and certainty; and its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...model import Iri, Literal
from ...namespaces import DCTERMS, OGX, RDF
from ...naming import alike
from ...publish.cards import Card, Deck, claim_line
from .finding import GROUPS, Entry, Found, Index, names_only

if TYPE_CHECKING:
    from starlette.requests import Request

    from .site import Site

__all__ = ["grouped", "search_page", "searched"]

_SHOWN = 8
_MOST = 300
_LONGEST = 200


def _index(site: Site, text: str) -> Index:
    if site.large:
        return Index([*names_only(alike(site.corpus, text)), *_titled(site, text)])
    return site.words()


def searched(site: Site, text: str) -> Found:
    """What has the words of a text.

    :raises UsageError: for a text that is longer than a search
    """
    if len(text) > _LONGEST:
        raise UsageError("E552", f"a search has at most {_LONGEST} characters", hint="Search for a few words.")
    return _index(site, text).search(text)


def _titled(site: Site, text: str) -> Iterator[Entry]:
    """The documents of a large graph whose titles have the longest word that was typed."""
    word = max(text.casefold().split(), key=len, default="")
    pattern = f"?document a <{OGX.Document}> ; <{DCTERMS.title}> ?title FILTER(CONTAINS(LCASE(STR(?title)), ?word))"
    query = f"SELECT DISTINCT ?document ?title ?word WHERE {{ {pattern} }} ORDER BY ?document LIMIT {_MOST}"
    for row in site.corpus.dataset.select(query, {"word": Literal(word)}, "documents").texts():
        yield Entry("Documents", Iri(row["document"]), "label", row["title"])


def _hit(deck: Deck, hit: Entry) -> Card:
    """A hit with what a reader needs to judge it: of a claim and of words, never without polarity and certainty."""
    records = deck.records
    told: Card = {**deck.named(hit.leads), "how": hit.how, "text": hit.text, "line": None, "kind": None}
    if hit.group in ("Quotes", "Reports"):
        item = records.evidence[hit.leads]
        claim = records.claims.get(item.claim)
        told |= {"line": claim_line(claim, records) if claim else None, "stance": item.stance}
        if item.passage:
            told |= {"cites": "".join(f"[{label}]" for label in item.passage.labels) or "cites nothing"}
        elif item.source:
            told |= {"cites": records.label(item.source)}
    elif hit.group == "Claims":
        told |= {"line": claim_line(records.claims[hit.leads], records)}
    elif hit.group in ("Things", "Trials"):
        kinds = [records.label(t) for t in records.nodes.texts(hit.leads, RDF.type) if t != OGX.Entity]
        told |= {"kind": "; ".join(kinds)}
    return told


def _failed_first(deck: Deck, hits: list[Entry]) -> list[Entry]:
    """Hits with the claims in front that say that something is not so, or was not shown."""

    def positive(hit: Entry) -> bool:
        claim = deck.records.claims.get(hit.leads)
        return claim is None or claim.polarity == "positive"

    return sorted(hits, key=positive)


def grouped(deck: Deck, found: Found, only: str, most: int) -> list[tuple[str, int, list[Card]]]:
    """What was found, by groups: the name of each, how much is in it, and so many of its hits.

    :param only: the one group that is wanted; empty for all
    :raises UsageError: where there is no such group
    """
    _known(only)
    told = []
    for name, hits in found.groups().items():
        if only in ("", name):
            told.append((name, len(hits), [_hit(deck, hit) for hit in _failed_first(deck, hits)[:most]]))
    return told


def _known(group: str) -> None:
    if group and group not in GROUPS:
        raise UsageError("E501", f"no group {group!r}", hint=f"There are: {', '.join(GROUPS)}.")


def _things(deck: Deck) -> dict[str, list[Card]]:
    """Every thing by its kind, for whoever has no word yet."""
    found: dict[str, list[Card]] = {}
    for iri in deck.records.nodes.members(OGX.Entity):
        kinds = [t for t in deck.records.nodes.texts(iri, RDF.type) if t.startswith(OGX.iri) and t != OGX.Entity]
        found.setdefault(deck.records.label(kinds[0]) if kinds else "other", []).append(deck.named(iri))
    return {kind: sorted(found[kind], key=lambda card: str(card["label"]).casefold()) for kind in sorted(found)}


def _most(request: Request, only: str) -> int:
    """How many hits of a group are told; a page that has little room for them asks for few."""
    few = request.query_params.get("few", "")
    return int(few) if few in set("123456789") else _MOST if only else _SHOWN


def search_page(site: Site) -> Callable[[Request], dict[str, object]]:
    """What makes the page of the search."""

    def make(request: Request) -> dict[str, object]:
        text = " ".join(request.query_params.get("q", "").split())
        only = request.query_params.get("in", "")
        _known(only)
        deck = site.deck
        told: dict[str, object] = {"text": text, "only": only, "large": site.large, "groups": [], "things": {}}
        if not text:
            return {**told, "found": None, "things": {} if site.large else _things(deck)}
        found = searched(site, text)
        return {**told, "found": found, "groups": grouped(deck, found, only, _most(request, only))}

    return make
