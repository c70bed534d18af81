"""What came to the corpus, newest first, as an Atom feed (RFC 4287).

A claim has no date of its own.  What the corpus dates is told: works that were read, with how many reports of them
there are; the standing of works, when it was looked up; tensions, when they were written down.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .. import __version__
from ..corpus import Corpus
from ..namespaces import DCTERMS, OGX, RDFS
from ..serving.media import choose
from ..serving.pool import Pool
from .described import site_of

__all__ = ["ATOM", "MOST", "feed_routes"]

ATOM = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
MOST = 200
"""So many entries are told, the newest."""

_ORDER = f"GROUP BY ?node ?date ORDER BY DESC(?date) ?node LIMIT {MOST}"
_READ = f"""SELECT ?node ?date (SAMPLE(?title) AS ?name)
(COUNT(DISTINCT ?e) AS ?reports) (COUNT(DISTINCT ?c) AS ?claims)
WHERE {{ ?e <{OGX.readOn}> ?date ; <{DCTERMS.source}> ?node ; <{OGX.evidenceFor}> ?c .
OPTIONAL {{ ?node <{DCTERMS.title}> ?title }} }} {_ORDER}"""
_STANDING = f"""SELECT ?node ?date (SAMPLE(?title) AS ?name) (SAMPLE(?word) AS ?standing)
WHERE {{ ?node <{OGX.standingCheckedOn}> ?date . OPTIONAL {{ ?node <{DCTERMS.title}> ?title }}
OPTIONAL {{ ?node <{OGX.standing}>/<{RDFS.label}> ?word }} }} {_ORDER}"""
_TENSION = f"""SELECT ?node ?date (SAMPLE(?label) AS ?name) (SAMPLE(?text) AS ?difference)
WHERE {{ ?node a <{OGX.Tension}> ; <{DCTERMS.created}> ?date . OPTIONAL {{ ?node <{RDFS.label}> ?label }}
OPTIONAL {{ ?node <{OGX.difference}> ?text }} }} {_ORDER}"""
_ASKED = {"Work read": _READ, "Standing looked up": _STANDING, "Tension written down": _TENSION}

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAFE = "/:@!$&'()*+,;=-._~"

Row = Mapping[str, str]


def _counted(number: str, one: str) -> str:
    return f"{number} {one}" if number == "1" else f"{number} {one}s"


def _content(kind: str, row: Row) -> str:
    """What there is to say beside the title, which names the kind and the thing."""
    if kind == "Work read":
        return f"{_counted(row['reports'], 'report')} on {_counted(row['claims'], 'claim')}, read on {row['date']}."
    if kind == "Standing looked up":
        return f"{row.get('standing', 'unknown')}, as looked up on {row['date']}."
    return f"{row.get('difference', 'What differs is not said.')} Written down on {row['date']}."


def _day(text: str) -> str | None:
    """The day of a date as the feed has it, or None for what is no date."""
    found = _DAY.match(text)
    try:
        return f"{date.fromisoformat(found[0])}T00:00:00Z" if found else None
    except ValueError:
        return None


def _put(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, name, {k: _NOT_XML.sub("\ufffd", v) for k, v in attributes.items()})
    made.text = None if text is None else _NOT_XML.sub("\ufffd", text)
    return made


class _Feed:
    """The feed of a corpus; what it tells is asked once, for the graph does not change while it is served."""

    def __init__(self, pool: Pool, corpus: Corpus) -> None:
        self._pool = pool
        self._corpus = corpus
        self._begun = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._told: list[tuple[str, str, Row]] | None = None
        self._asking = asyncio.Lock()

    async def told(self) -> list[tuple[str, str, Row]]:
        """Day, kind and row of each entry, newest first.

        :raises OgxError: where it cannot be asked in time
        """
        async with self._asking:
            if self._told is None:
                found = []
                for kind, query in _ASKED.items():
                    found += [(day, kind, row) for row in await self._rows(query) if (day := _day(row["date"]))]
                self._told = sorted(found, key=lambda entry: entry[0], reverse=True)[:MOST]
            return self._told

    async def _rows(self, query: str) -> list[Row]:
        asked = {"query": query, "graphs": None, "accept": "application/sparql-results+json"}
        reply = await self._pool.ask(asked)
        try:
            data = reply.body if reply.file is None else reply.file.read()
        finally:
            reply.close()
        rows = json.loads(data)["results"]["bindings"]
        return [{name: cell["value"] for name, cell in row.items()} for row in rows]

    def written(self, site: str, told: Iterable[tuple[str, str, Row]]) -> bytes:
        """The feed as XML.

        :param site: the address of the application
        """
        told, title = list(told), self._corpus.config.title
        feed = ElementTree.Element("feed", {"xmlns": NAMESPACE})
        _put(feed, "id", self._corpus.base)
        _put(feed, "title", title)
        _put(feed, "subtitle", "Works read, standings looked up, tensions written down; claims have no dates.")
        _put(feed, "updated", told[0][0] if told else self._begun)
        _put(_put(feed, "author"), "name", title)
        _put(feed, "generator", "ogx-rdf", version=__version__)
        _put(feed, "link", rel="self", type=ATOM, href=f"{site}feed.atom")
        _put(feed, "link", rel="alternate", type="text/html", href=site)
        for day, kind, row in told:
            self._entry(feed, site, day, kind, row)
        return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))

    def _entry(self, feed: ElementTree.Element, site: str, day: str, kind: str, row: Row) -> None:
        node, entry = row["node"], _put(feed, "entry")
        _put(entry, "id", uuid5(NAMESPACE_URL, f"{node} {kind} {row['date']}").urn)
        _put(entry, "title", f"{kind}: {row.get('name') or self._corpus.curie(node)}")
        _put(entry, "updated", day)
        _put(entry, "category", term=kind)
        if node.startswith(self._corpus.base):
            path = quote(node[len(self._corpus.base) :], safe=_SAFE)
            _put(entry, "link", rel="alternate", href=f"{site}{path}")
        _put(entry, "content", _content(kind, row), type="text")


def feed_routes(pool: Pool, corpus: Corpus) -> list[BaseRoute]:
    """The feed, at /feed.atom."""
    feed = _Feed(pool, corpus)

    async def atom(request: Request) -> Response:
        choose([ATOM, "application/xml", "text/xml"], request.headers.get("accept"))
        return Response(feed.written(site_of(request), await feed.told()), media_type=ATOM)

    return [Route("/feed.atom", atom)]
