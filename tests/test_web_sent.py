"""How answers are sent: made smaller for who takes that, kept by browsers, and not held up by pages that take long."""

from __future__ import annotations

import asyncio
import gzip
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pages import serving
from starlette.types import Message, Receive, Scope, Send
from webs import Answered, Web, children, get, sparql, web_server

from ogx_rdf import open_graph
from ogx_rdf.web.compressed import Compressed, takes_gzip
from ogx_rdf.web.pages import Site, assets, making, site

MINI = Path(__file__).parent / "data" / "audit-corpus"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web_server("--corpus", str(MINI), folder=tmp_path_factory.mktemp("serve")) as found:
        yield found


def plain(answered: Answered) -> bytes:
    assert answered.headers["content-encoding"] == "gzip"
    return gzip.decompress(answered.body)


@pytest.mark.parametrize(
    "path", ["/", "/doc/mini", "/ns.ttl", "/ns.jsonld", "/queries", "/openapi.json", "/static/pages.css", "/feed.atom"]
)
def test_what_is_made_smaller_is_the_same(path: str, web: Web) -> None:
    whole = get(web, path)
    assert "content-encoding" not in whole.headers
    for _ in range(2):  # made, and kept
        small = get(web, path, Accept_Encoding="gzip, br")
        assert plain(small) == whole.body
        assert len(small.body) == int(small.headers["content-length"]) < len(whole.body) / 2
    assert {"accept-encoding"} <= {name.strip().lower() for name in small.headers["vary"].split(",")}
    assert {"accept-encoding"} <= {name.strip().lower() for name in whole.headers["vary"].split(",")}


def test_answers_of_sparql_are_made_smaller_too(web: Web) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT 500"
    assert plain(sparql(web, query, Accept_Encoding="gzip")) == sparql(web, query).body
    assert "content-encoding" not in sparql(web, "ASK {}", Accept_Encoding="gzip").headers, "it is small as it is"


def test_a_page_made_smaller_is_known_again(web: Web) -> None:
    whole, small = get(web, "/c/0003"), get(web, "/c/0003", Accept_Encoding="gzip")
    assert small.headers["etag"] == f"W/{whole.headers['etag']}", "other bytes have no strong tag in common"
    again = get(web, "/c/0003", Accept_Encoding="gzip", If_None_Match=small.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_what_is_streamed_goes_as_it_is(web: Web) -> None:
    assert "content-encoding" not in get(web, "/export.nq", Accept_Encoding="gzip").headers


def test_the_head_of_what_is_streamed_does_not_wait_for_its_body() -> None:
    sent: list[str] = []

    async def streaming(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        assert sent == ["http.response.start"]
        await send({"type": "http.response.body", "body": b"x" * 5000})

    async def send(message: Message) -> None:
        sent.append(message["type"])

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Compressed(streaming)(scope, receive, send))
    assert sent == ["http.response.start", "http.response.body"]


@pytest.mark.parametrize(
    ("accept", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("", False),
    ],
)
def test_gzip_is_sent_to_who_takes_it(accept: str, takes: bool) -> None:
    assert takes_gzip(accept) is takes


def test_browsers_keep_files_by_their_digest(web: Web) -> None:
    page = get(web, "/").text
    addresses = re.findall(r'href="(/static/[^"]+)"', page)
    assert len(addresses) > 1
    for address in addresses:
        path, _, _ = address.partition("?")
        assert "immutable" in get(web, address).headers["cache-control"]
        for other in (path, f"{path}?v=0", f"{address}0"):
            assert get(web, other).headers["cache-control"] == "no-cache", "what may change is asked for again"
        known = get(web, path)
        assert get(web, path, If_None_Match=known.headers["etag"]).status == 304


def test_a_file_that_changes_has_another_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "ASSETS", tmp_path)
    file = tmp_path / "one.css"
    file.write_text("a {}", encoding="utf-8")
    before = assets.versioned("static/one.css")
    file.write_text("a { }", encoding="utf-8")
    assert assets.versioned("static/one.css") != before
    assert assets.versioned("static/other.css") == "static/other.css"


def test_workers_wait_for_the_first_question(web: Web) -> None:
    ready = children(web.process.pid)
    assert len(ready) >= 1
    assert get(web, "/queries/documents/results").status == 200
    assert children(web.process.pid) == ready


def test_a_page_of_one_thing_does_not_wait_for_one_of_all() -> None:
    shown = Site(open_graph(MINI))
    with serving(shown) as client:
        whole = client.get("/report/audit").text
        held, let_go = threading.Event(), threading.Event()

        def slow() -> None:
            with shown.whole:
                held.set()
                let_go.wait(60)

        thread = threading.Thread(target=slow)
        thread.start()
        try:
            held.wait(60)
            for path in ("/c/0003", "/doc/mini", "/search?q=nolvex", "/ask/documents", "/ns", "/c/9999", "/c/0003.ttl"):
                assert client.get(path, timeout=30).status_code in (200, 404), path
            assert client.get("/report/audit", timeout=30).text == whole, "one that is kept does not wait either"
            with pytest.raises(httpx.TimeoutException):
                client.get("/report/trials", timeout=0.5)
        finally:
            let_go.set()
            thread.join()
        assert client.get("/report/trials").status_code == 200


def test_pages_of_a_large_store_do_not_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "LARGE", 10)
    open_graph(MINI).build(out=tmp_path / "graph.nq", store=tmp_path / "store")
    large = Site(open_graph(MINI, store=tmp_path / "store"))
    with serving(large) as client, large.whole, large.near:
        assert client.get("/c/0003", timeout=30).status_code == 200


@pytest.mark.parametrize("stored", [False, True])
def test_a_page_is_made_once(stored: bool, tmp_path: Path) -> None:
    graph = open_graph(MINI)
    if stored:
        graph.build(out=tmp_path / "graph.nq", store=tmp_path / "store")
        graph = open_graph(MINI, store=tmp_path / "store")
    shown = Site(graph)
    with serving(shown) as client:
        first = {path: client.get(path) for path in ("/c/0003", "/c/0003.ttl", "/report/audit", "/ns")}
        with shown.whole, shown.near:  # nothing is made now
            for path, page in first.items():
                again = client.get(path, timeout=30)
                assert (again.text, again.headers["etag"]) == (page.text, page.headers["etag"])
                assert again.headers["content-type"] == page.headers["content-type"]
        turtle = client.get("/c/0003", headers={"Accept": "text/turtle"})
        assert turtle.text == first["/c/0003.ttl"].text


def test_so_much_is_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "KEPT_BYTES", 30_000)
    shown = Site(open_graph(MINI))
    with serving(shown) as client:
        texts = {
            path: client.get(path).text for path in ("/c/0001", "/c/0002", "/c/0003", "/doc/mini", "/report/audit")
        }
        assert {path: client.get(path).text for path in texts} == texts
        assert sum(len(page.data) for page in vars(shown._making)["_kept"].values()) <= 30_000
