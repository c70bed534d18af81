"""The pages of a graph in a store are those of its files; a question may be answered elsewhere; pages are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pages import placeless, seen, serving

from ogx_rdf import open_graph
from ogx_rdf.errors import InputError
from ogx_rdf.queries import Answer
from ogx_rdf.web.pages import Site, site

MINI = Path(__file__).parent / "data" / "audit-corpus"
PATHS = (
    "/",
    "/c/0003",
    "/c/0003.ttl",
    "/c/0003.mini-p005",
    "/doc/mini",
    "/doc/mini.p008",
    "/doc/mini.ref1",
    "/entity/nolvex",
    "/ns",
    "/ns.nt",
    "/search?q=nolvx",
    "/search",
    "/ask",
    "/ask/claims-about?entity=nolvex",
    "/ask/claims-about?entity=nolvx",
    "/chains?from=nolvex",
    "/report/audit",
    "/report/matrix",
    "/report/trials",
    "/c/9999",
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """The pages of a corpus from its files, and from a store made of them."""
    folder = tmp_path_factory.mktemp("built")
    graph = open_graph(MINI)
    graph.build(out=folder / "graph.nq", store=folder / "store")
    with serving(graph) as files, serving(open_graph(MINI, store=folder / "store")) as store:
        yield files, store


@pytest.mark.parametrize("path", PATHS)
def test_a_store_gives_the_pages_that_the_files_give(path: str, both: tuple[httpx.Client, httpx.Client]) -> None:
    files, store = (client.get(path) for client in both)
    assert files.status_code == store.status_code
    assert placeless(both[0], path) == placeless(both[1], path)


def test_a_page_made_again_is_the_same(both: tuple[httpx.Client, httpx.Client]) -> None:
    for client in both:
        assert client.get("/c/0003").headers["etag"] == client.get("/c/0003").headers["etag"]
        assert 'value="word"' in client.get("/c/0003?q=word").text
        assert 'value="word"' not in client.get("/c/0003").text


def test_of_a_large_graph_nothing_is_told_that_needs_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_graph(MINI).build(out=tmp_path / "graph.nq", store=tmp_path / "store")
    monkeypatch.setattr(site, "LARGE", 10)
    with serving(open_graph(MINI, store=tmp_path / "store")) as client:
        assert "too large to be told on one page" in client.get("/").text
        assert client.get("/report/audit").status_code == 400
        assert client.get("/chains").status_code == 400
        assert "/entity/nolvex" in client.get("/search?q=nolvx").text
        assert "/doc/mini" in client.get("/search?q=short+guide").text
        assert client.get("/ask/claims-about?entity=nolvex").text.count('<input id="p-entity"') == 1
        claim = seen(client.get("/c/0003").text)
        asked = {urlsplit(href).path for _, href in claim.links if "?" in href}
        assert asked == {"/ask/evidence-for", "/ask/claims-about", "/ask/literature-on", "/ask/sources-of-claim"}
        assert "those that are asked of the claim itself and of its ends" in claim.text
        assert "chains" not in claim.ids


def test_more_documents_than_can_be_listed_are_said_to_be_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "LISTED", 0)
    with serving(open_graph(MINI)) as client:
        assert "The first 0 of 1;" in client.get("/").text


def test_questions_can_be_answered_elsewhere() -> None:
    asked: list[tuple[str, Mapping[str, str]]] = []
    graph = open_graph(MINI)

    def ask(name: str, parameters: Mapping[str, str]) -> Answer:
        asked.append((name, dict(parameters)))
        if name == "claims-by-kind":
            raise InputError("E418", "the answer took too long", hint="Ask for less.")
        return graph.query(name, **parameters)

    with serving(Site(graph, ask)) as client:
        assert "nolvex inhibits morvin" in client.get("/ask/claims-about?entity=nolvex").text
        late = client.get("/ask/claims-by-kind?kind=mechanism")
    assert asked == [("claims-about", {"entity": "nolvex"}), ("claims-by-kind", {"kind": "mechanism"})]
    assert late.status_code == 503
    assert "the answer took too long" in late.text
    assert "This is no answer" in late.text


def test_a_warmed_site_has_read_what_the_first_page_needs() -> None:
    warmed = Site(open_graph(MINI))
    warmed.warm()
    assert {"material", "trials", "reading"} <= set(vars(warmed))
    assert warmed.returning() is warmed.returning()


def test_a_site_that_closes_while_it_is_warmed_asks_no_more() -> None:
    closed = Site(open_graph(MINI))
    closed.closing = True
    closed.warm()
    found = closed.returning()
    assert found is not None
    assert not found.asked
    assert "claims-about" in found.missing


def _read(client: httpx.Client, path: str) -> tuple[str, str]:
    return path, client.get(path).text


def test_many_readers_at_once_see_what_one_sees(both: tuple[httpx.Client, httpx.Client]) -> None:
    for client in both:
        alone = {path: client.get(path).text for path in PATHS}
        with ThreadPoolExecutor(8) as readers:
            found = list(readers.map(partial(_read, client), PATHS * 6))
        assert [path for path, text in found if text != alone[path]] == []
