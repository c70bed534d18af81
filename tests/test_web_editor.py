"""Queries of a reader's own on a page: three forms of answer, what is refused, what is too much, nothing as markup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pages import Seen, kind, seen, serving, unscripted
from webs import get, web_server

from ogx_rdf import open_graph
from ogx_rdf.resources import resource
from ogx_rdf.web.pages import editor

GRAPH = open_graph(resource("ontology"))
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
CLAIM = "<https://w3id.org/ogx-rdf/c/0176>"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(GRAPH) as found:
        yield found


def asked(client: httpx.Client, query: str, status: int = 200) -> Seen:
    response = client.get("/editor", params={"query": query})
    assert response.status_code == status, response.text
    return seen(response.text)


def test_the_query_that_stands_there_finds_what_was_not_shown(client: httpx.Client) -> None:
    assert kind(seen(client.get("/editor").text)) == []
    page = asked(client, editor.FIRST)
    assert kind(page) == ["rows"]
    assert "5 rows" in page.text
    assert "ogx:notShown" in page.text and "ogx:negative" in page.text


def test_rows_lead_to_their_pages_and_out(client: httpx.Client) -> None:
    outside = "<http://www.w3.org/2004/02/skos/core#exactMatch>"
    page = asked(client, f"SELECT * {{ ?s {outside} ?o . ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?n }}")
    assert ("entity:clusterin", "/entity/clusterin") in page.links
    assert ("http://purl.uniprot.org/uniprot/P10909",) * 2 in page.links


def test_unbound_cells_languages_and_types_are_told(client: httpx.Client) -> None:
    page = asked(client, 'SELECT ?a ?b ?c { VALUES (?a ?b ?c) { ("chat"@fr 5 UNDEF) } }')
    assert "chat fr" in page.text and "5 xsd:integer" in page.text and "–" in page.text


@pytest.mark.parametrize(("query", "told"), [("ASK {}", "Yes"), (f"ASK {{ {CLAIM} {LABEL} 1 }}", "No")])
def test_a_truth_is_yes_or_no(client: httpx.Client, query: str, told: str) -> None:
    assert f"{told} The pattern is" in asked(client, query).text


def test_a_graph_is_turtle(client: httpx.Client) -> None:
    page = asked(client, f"CONSTRUCT {{ {CLAIM} {LABEL} ?o }} WHERE {{ {CLAIM} {LABEL} ?o }}")
    assert 'rdfs:label "SYNERGY did not meet its primary endpoint of overall survival"' in page.text


def test_nothing_found_is_none_and_no_word_of_not_stated(client: httpx.Client) -> None:
    page = asked(client, "SELECT * { <urn:x> ?p ?o }")
    assert kind(page) == ["none"]
    assert "Nothing in the graph fits the query." in page.text


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT", "E406"),
        ("DELETE WHERE { ?s ?p ?o }", "E401"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "E402"),
    ],
)
def test_what_is_refused_keeps_the_text_and_says_why(client: httpx.Client, query: str, code: str) -> None:
    page = asked(client, query, 400)
    assert kind(page) == ["failed"]
    assert code in page.text
    assert query in page.text


def test_the_first_rows_of_many_are_shown_and_counted(client: httpx.Client) -> None:
    page = asked(client, "SELECT ?s { ?s ?p ?o } LIMIT 501")
    assert "501 rows" in page.text and "The first 500 are shown." in page.text
    assert [tag for tag, _ in page.tags].count("tr") == 501


def test_more_than_a_page_holds_is_for_programs(client: httpx.Client) -> None:
    page = asked(client, "SELECT * { ?s ?p ?o . ?s ?q ?r }", 400)
    assert kind(page) == ["failed"]
    assert "too many for a page" in page.text and "curl --silent --get" in page.text


def test_texts_are_no_markup(client: httpx.Client) -> None:
    hostile = "</textarea><script>alert(1)</script><img src=x>"
    response = client.get("/editor", params={"query": f"SELECT ('{hostile}' AS ?x) {{}}"})
    assert response.status_code == 200
    assert "<script" not in unscripted(response.text) and "<img" not in response.text
    assert not seen(response.text).unclosed
    page = asked(client, "SELECT (IRI('javascript:alert(1)') AS ?x) {}")
    assert not [href for _, href in page.links if href.startswith("javascript")]


def test_a_server_asks_within_its_limits(tmp_path: Path) -> None:
    endless = "SELECT+(COUNT(*)+AS+%3Fn)+%7B%3Fa+%3Fb+%3Fc.%3Fd+%3Fe+%3Ff.%3Fg+%3Fh+%3Fi.%3Fj+%3Fk+%3Fl%7D"
    with web_server("--corpus", str(resource("ontology")), "--time-limit", "2", folder=tmp_path) as web:
        soon = get(web, "/editor?query=ASK+%7B%7D")
        assert "Yes The pattern is found" in seen(soon.text).text
        late = get(web, f"/editor?query={endless}")
        assert late.status == 503
        assert "E656" in seen(late.text).text
