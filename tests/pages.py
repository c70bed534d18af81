"""The pages as a server of its own in this process, and what a reader without scripts sees of them."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
import uvicorn
from servers import PATIENCE, free_port
from starlette.applications import Starlette
from starlette.routing import Mount

from ogx_rdf.api import Graph
from ogx_rdf.web.pages import Site, routes

__all__ = ["PAGES", "Seen", "kind", "placeless", "seen", "serving", "unscripted"]

SCRIPT = re.compile(
    r'<script type="module" src="(?:/[a-z]+)?/static/built/(?:page|editor)\.js(?:\?v=[0-9a-f]+)?"></script>\n?'
)
PAGES = (
    "/",
    "/c/0068",
    "/c/0176",
    "/doc/ogx-011-guide",
    "/doc/ogx-011-guide.p026",
    "/doc/ogx-011-guide.ref5",
    "/work/chi-2017-synergy",
    "/entity/clusterin",
    "/trial/synergy",
    "/tension/d05",
    "/ns",
    "/search",
    "/search?q=clustrin",
    "/ask",
    "/ask/claims-about?entity=clustern",
    "/ask/failed-endpoints",
    "/ask/trial-outcomes?trial=a+Phase+I+study+of+custirsen",
    "/editor",
    "/editor?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3",
    "/report/audit",
    "/report/identifiers",
    "/chains",
    "/chains?from=custirsen&to=apoptosis",
    "/chains?from=clusterin&open=entity:nf-kb-pathway",
    "/chains?open=all",
    "/report/matrix",
    "/report/mechanism",
    "/report/phases",
    "/report/tensions",
    "/report/trials",
    "/c/9999",
)
"""Addresses of pages of the shipped corpus, of every kind."""
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "polygon", "ellipse"}


@contextmanager
def serving(graph: Graph | Site, at: str = "", texts: Path | None = None) -> Iterator[httpx.Client]:
    """A client of a real server that gives the pages of a graph.

    :param at: the path at which they are mounted
    :param texts: where the texts of documents are; by default they are not at hand
    """
    port = free_port()
    found = routes(graph)
    app = Starlette(routes=[Mount(at, routes=found)] if at else found)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        end = time.monotonic() + PATIENCE
        while not server.started:
            assert thread.is_alive() and time.monotonic() < end, "the server did not start"
            time.sleep(0.01)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            with pytest.MonkeyPatch.context() as patch:  # texts are looked for when the first node is shown
                patch.setenv("OGX_RDF_SOURCES", str(texts or ""))
                client.get(f"{at}/prefix/ogx")
            yield client
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Seen:
    """What a page shows: its text, its links (text and target), its ids, its tags with their attributes."""

    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    def href(self, text: str) -> str:
        """Where the first link with these words leads."""
        return next(href for words, href in self.links if text in words)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self.open: list[str] = []
        self.href: str | None = None
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.seen.tags.append((tag, given))
        if "id" in given:
            self.seen.ids.append(given["id"])
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self.href, self.words = given.get("href"), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.href is not None:
            self.seen.links.append((" ".join(self.words.split()), self.href))
            self.href = None
        if tag not in VOID:
            while self.open and (last := self.open.pop()) != tag:
                self.seen.unclosed.append(last)

    def handle_data(self, data: str) -> None:
        self.seen.text += data
        self.words += data


def placeless(client: httpx.Client, path: str, given: Mapping[str, str] | None = None) -> str:
    """A page, less the address of the server that it was asked of."""
    return client.get(path, params=dict(given) if given else None).text.replace(str(client.base_url), "http://server")


def unscripted(html: str) -> str:
    """A page without the scripts that were built for it: it may have no other, and does without these."""
    return SCRIPT.sub("", html)


def seen(html: str) -> Seen:
    """Read a page without the scripts built for it; blanks in its text are run together."""
    reader = _Reader()
    reader.feed(unscripted(html))
    reader.close()
    reader.seen.unclosed += reader.open
    reader.seen.text = re.sub(r"\s+", " ", reader.seen.text)
    return reader.seen


def kind(page: Seen) -> list[str]:
    """The kinds of answer that a page shows."""
    return [a["class"].split()[1] for _, a in page.tags if a.get("class", "").startswith("answer ")]
