"""The dataset and the feed of changes over HTTP, from the real server."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest
from pages import seen
from webs import Answered, Web, children, get, raw, until, web_server

from ogx_rdf import open_graph
from ogx_rdf.corpus import Corpus
from ogx_rdf.namespaces import OGX
from ogx_rdf.oxi import parse_quads
from ogx_rdf.publish.build import nquads
from ogx_rdf.publish.export import export
from ogx_rdf.publish.streamed import STREAMED, streamed
from ogx_rdf.resources import resource
from ogx_rdf.web.export import AT_ONCE
from ogx_rdf.web.feed import ATOM, MOST

MINI = Path(__file__).parent / "data" / "audit-corpus"
NQ, TRIG = (media for media, _ in STREAMED.values())
A = "{http://www.w3.org/2005/Atom}"
FEED = ("author", "category", "entry", "generator", "id", "link", "subtitle", "title", "updated")
ENTRY = ("category", "content", "id", "link", "title", "updated")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    # It prints a trace where an export is broken off, which is the server's way to say so in its log.
    with web_server("--corpus", str(resource("ontology")), folder=tmp_path_factory.mktemp("web"), traces=True) as found:
        yield found


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return open_graph(resource("ontology")).corpus


def lines(answered: Answered, syntax: str) -> list[str]:
    return sorted(f"{quad} .\n" for quad in parse_quads(answered.body, syntax))


@pytest.mark.parametrize(
    ("path", "accept", "media"),
    [
        ("/export", "*/*", NQ),
        ("/export", TRIG, TRIG),
        ("/export", f"{TRIG};q=0.5, {NQ}", NQ),
        ("/export.nq", TRIG, NQ),
        ("/export.trig", "*/*", TRIG),
    ],
)
def test_the_whole_dataset_comes_in_the_form_that_is_asked_for(
    path: str, accept: str, media: str, web: Web, corpus: Corpus
) -> None:
    answered = get(web, path, Accept=accept)
    assert answered.status == 200
    assert answered.media == media
    name = path.partition(".")[2] or next(name for name, (kind, _) in STREAMED.items() if kind == media)
    assert answered.headers["content-disposition"] == f'attachment; filename="graph.{name}"'
    assert lines(answered, name) == sorted(set(nquads(corpus).splitlines(keepends=True)))


def test_literals_come_as_they_were_written(web: Web, corpus: Corpus) -> None:
    answered = get(web, "/export.nq")
    assert "".join(sorted(answered.text.splitlines(keepends=True))) == nquads(corpus)
    digest = hashlib.sha256(nquads(corpus).encode()).hexdigest()
    assert answered.headers["etag"] == f'W/"{digest}-nq"'


def test_who_has_it_already_gets_nothing(web: Web) -> None:
    tag = get(web, "/export.nq").headers["etag"]
    again = get(web, "/export.nq", If_None_Match=f'"other", {tag}')
    assert (again.status, again.body) == (304, b"")
    assert get(web, "/export.trig", If_None_Match=tag).status == 200


def test_what_cannot_be_given_is_said(web: Web) -> None:
    refused = get(web, "/export", Accept="image/png")
    assert refused.status == 406
    assert NQ in refused.text
    assert get(web, "/export.csv", Accept="application/json").status == 404
    head = raw(web, b"HEAD /export HTTP/1.0\r\nHost: x\r\n\r\n")
    assert (head.status, head.media, head.body) == (200, NQ, b"")


def test_a_store_of_a_folder_is_exported_too(tmp_path: Path) -> None:
    graph = open_graph(MINI)
    graph.build(out=tmp_path / "graph.nq", store=tmp_path / "store")
    with web_server("--store", str(tmp_path / "store"), folder=tmp_path) as web:
        for name in STREAMED:
            assert lines(get(web, f"/export.{name}"), name) == sorted(set(nquads(graph.corpus).splitlines(True)))


def test_streamed_trig_is_the_trig_that_is_exported(corpus: Corpus) -> None:
    whole = {str(quad) for quad in parse_quads("".join(export(corpus, "trig")).encode(), "trig")}
    pieces = list(streamed(corpus, "trig"))
    assert len(pieces) > 1
    assert {str(quad) for quad in parse_quads(b"".join(pieces), "trig")} == whole


@contextmanager
def slow_client(web: Web) -> Iterator[socket.socket]:
    """Someone who asks for the dataset, reads a little of it, and waits."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(("127.0.0.1", web.port))
        connection.sendall(b"GET /export.nq HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 200"
        yield connection


def command_of(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def writing(web: Web) -> set[int]:
    """The processes that write the dataset."""
    return {child for child in children(web.process.pid) if b"serving.dump" in command_of(child)}


def test_one_that_breaks_off_is_seen_to(web: Web) -> None:
    until(lambda: not writing(web))
    with slow_client(web) as connection:
        (process,) = writing(web)
        os.kill(process, signal.SIGKILL)
        received = b""
        while data := connection.recv(1 << 16):
            received += data
    assert not received.endswith(b"\r\n0\r\n\r\n"), "the last chunk is missing"
    assert get(web, "/export.nq").status == 200


def test_one_client_too_many_is_told_to_come_again(web: Web) -> None:
    until(lambda: not writing(web))
    with ExitStack() as clients:
        for _ in range(AT_ONCE):
            clients.enter_context(slow_client(web))
        refused = get(web, "/export.nq")
        assert refused.status == 503
        assert refused.headers["retry-after"]
        assert get(web, "/queries/trials/results").status == 200
    until(lambda: not writing(web))
    assert get(web, "/export.nq").status == 200


def entry_texts(feed: ElementTree.Element, name: str) -> list[str]:
    return [entry.findtext(f"{A}{name}") or "" for entry in feed.findall(f"{A}entry")]


def test_the_feed_is_valid_atom(web: Web, corpus: Corpus) -> None:
    """What RFC 4287 requires of a feed and of an entry (4.1.1, 4.1.2)."""
    answered = get(web, "/feed.atom")
    assert (answered.status, answered.media) == (200, ATOM)
    feed = ElementTree.fromstring(answered.body)
    assert feed.tag == f"{A}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{A}{name}")) == 1
    assert feed.findtext(f"{A}author/{A}name")
    assert feed.findtext(f"{A}id") == corpus.base
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
    assert links == {"self": "http://www.example/feed.atom", "alternate": "http://www.example/"}
    entries = feed.findall(f"{A}entry")
    assert 0 < len(entries) <= MOST
    for entry in entries:
        for name in ("id", "title", "updated", "content"):
            assert len(entry.findall(f"{A}{name}")) == 1, name
            assert entry.findtext(f"{A}{name}")
        assert len(entry.findall(f"{A}link")) == 1
        assert {child.tag for child in entry} <= {f"{A}{name}" for name in ENTRY}
        assert UUID(entry.findtext(f"{A}id") or "").version == 5
    assert {child.tag for child in feed} <= {f"{A}{name}" for name in FEED}
    days = entry_texts(feed, "updated")
    assert all(datetime.fromisoformat(day).tzinfo == UTC for day in days)
    assert all(MOMENT.fullmatch(day) for day in days)
    assert days == sorted(days, reverse=True)
    assert feed.findtext(f"{A}updated") == days[0]
    assert len(set(entry_texts(feed, "id"))) == len(entries)


@pytest.mark.parametrize("path", ["/", "/c/0001", "/ask", "/ns", "/search?q=clusterin", "/report/audit", "/nothing"])
def test_every_page_names_the_feed_the_description_of_the_api_and_that_of_the_dataset(web: Web, path: str) -> None:
    page = seen(get(web, path, Accept="text/html").text)
    found = {given["rel"]: given for tag, given in page.tags if tag == "link" and given.get("type") != "image/svg+xml"}
    feeds = [given["href"] for _, given in page.tags if given.get("type") == ATOM]
    assert feeds == ["/feed.atom"]
    assert found["service-desc"]["href"] == "/openapi.json"
    assert found["describedby"]["href"] == "/.well-known/void"
    for given in (found["service-desc"], found["describedby"], {"href": feeds[0], "type": ATOM}):
        answered = get(web, given["href"], Accept="*/*")
        assert (answered.status, answered.media) == (200, given["type"])


def test_what_browsers_and_crawlers_ask_of_every_site(web: Web) -> None:
    icon = get(web, "/favicon.ico")
    assert (icon.status, icon.media) == (200, "image/svg+xml")
    assert ElementTree.fromstring(icon.body).tag == "{http://www.w3.org/2000/svg}svg"
    robots = get(web, "/robots.txt")
    assert (robots.status, robots.media) == (200, "text/plain")
    lines = robots.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /sparql", "Disallow: /ask/*?"} <= set(lines)
    assert "Disallow: /" not in lines
    for path in ("/manifest.webmanifest", "/site.webmanifest", "/apple-touch-icon.png", "/.well-known/security.txt"):
        answered = get(web, path, Accept="*/*")
        assert (answered.status, answered.media) == (404, "application/problem+json")
        assert "Traceback" not in answered.text


def test_the_feed_tells_what_the_corpus_dates(web: Web, corpus: Corpus) -> None:
    feed = ElementTree.fromstring(get(web, "/feed.atom").body)
    counted = dict.fromkeys(("Work read", "Standing looked up", "Tension written down"), 0)
    for entry in feed.findall(f"{A}entry"):
        category = entry.find(f"{A}category")
        assert category is not None
        counted[category.get("term", "")] += 1
    dated = f"SELECT ?n WHERE {{ ?n <{OGX.standingCheckedOn}> ?date }}"
    assert counted["Standing looked up"] == len(corpus.dataset.select(dated).rows)
    assert counted["Tension written down"] == len(
        corpus.dataset.select(f"SELECT ?n WHERE {{ ?n a <{OGX.Tension}> }}").rows
    )
    assert counted["Work read"] > 0
    contents = entry_texts(feed, "content")
    assert "superseded, as looked up on 2026-11-24." in contents
    assert any(re.fullmatch(r"\d+ reports on \d+ claims?, read on 2026-11-\d\d\.", text) for text in contents)


def test_the_links_of_the_feed_lead_to_pages(web: Web) -> None:
    feed = ElementTree.fromstring(get(web, "/feed.atom").body)
    for entry in feed.findall(f"{A}entry")[::25]:
        link = entry.find(f"{A}link")
        assert link is not None
        assert get(web, link.get("href", "").removeprefix("http://www.example")).status == 200


def test_a_corpus_without_dates_has_a_feed_without_entries(empty_corpus: Corpus, tmp_path: Path) -> None:
    with web_server("--corpus", str(empty_corpus.root), folder=tmp_path) as web:
        feed = ElementTree.fromstring(get(web, "/feed.atom").body)
        assert feed.findall(f"{A}entry") == []
        assert MOMENT.fullmatch(feed.findtext(f"{A}updated") or "")


def test_the_feed_holds_any_text_as_text(empty_corpus: Corpus, tmp_path: Path) -> None:
    """A title with markup and a control character that XML cannot hold."""
    folder = empty_corpus.root / "works"
    folder.mkdir()
    base, ogx = empty_corpus.base, OGX.iri
    (folder / "odd.ttl").write_text(
        f'<{base}work/odd> a <{ogx}Work> ; <http://purl.org/dc/terms/title> "<b>&\\u0008]]></b>" ;\n'
        f'    <{ogx}standingCheckedOn> "2026-01-31"^^<http://www.w3.org/2001/XMLSchema#date> .\n',
        encoding="utf-8",
    )
    with web_server("--corpus", str(empty_corpus.root), folder=tmp_path) as web:
        (entry,) = ElementTree.fromstring(get(web, "/feed.atom").body).findall(f"{A}entry")
        assert entry.findtext(f"{A}title") == "Standing looked up: <b>&\ufffd]]></b>"
        assert entry.findtext(f"{A}content") == "unknown, as looked up on 2026-01-31."
