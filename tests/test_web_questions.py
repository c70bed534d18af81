"""Stored questions as pages: parameters from the graph, quotes in the answer, four kinds of answer told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import httpx
import pytest
from pages import Seen, seen, serving, unscripted

from ogx_rdf import open_graph
from ogx_rdf.queries import Answer, catalogue
from ogx_rdf.resources import resource
from ogx_rdf.web.examples import bound_text
from ogx_rdf.web.pages import Site
from ogx_rdf.web.pages.asking import told_answer

QUERIES = catalogue()


GRAPH = open_graph(resource("ontology"))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(GRAPH) as found:
        yield found


def told(client: httpx.Client, path: str, given: Mapping[str, str]) -> str:
    """A page, less the address of the server that it was asked of."""
    return client.get(path, params=dict(given)).text.replace(str(client.base_url), "http://server")


def kind(page: Seen) -> list[str]:
    """The kinds of answer that a page shows."""
    return [a["class"].split()[1] for _, a in page.tags if a.get("class", "").startswith("answer ")]


def test_every_question_is_listed_in_plain_words(client: httpx.Client) -> None:
    page = seen(client.get("/ask").text)
    for query in QUERIES.values():
        assert (query.question, f"/ask/{query.id}") in page.links


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_is_answered_as_the_library_answers(name: str, client: httpx.Client) -> None:
    query = QUERIES[name]
    answer = GRAPH.query(name, **query.example)
    page = seen(client.get(f"/ask/{name}", params=dict(query.example)).text)
    assert not page.unclosed
    assert kind(page) == [answer.answer]
    if answer.answer == "rows":
        assert f"{len(answer.rows)} row" in page.text
    for row in answer.rows[:500]:
        quote = row.get("quote")
        assert not isinstance(quote, str) or " ".join(quote.split()) in page.text
    assert " ".join(bound_text(GRAPH.corpus, query, query.example).split()) in page.text


def test_an_answer_that_a_worker_sends_as_json_makes_the_same_page(client: httpx.Client) -> None:
    def worker(name: str, parameters: Mapping[str, str]) -> Answer:
        sent = json.dumps(GRAPH.query(name, **parameters).as_dict())
        return told_answer(QUERIES[name], json.loads(sent))

    with serving(Site(GRAPH, worker)) as other:
        for name in ("failed-endpoints", "measurements", "trial-arms", "external-ids", "coverage-ledger", "search"):
            given = dict(QUERIES[name].example)
            assert told(other, f"/ask/{name}", given) == told(client, f"/ask/{name}", given)
        nothing = {"trial": "a Phase I study of custirsen"}
        page = told(other, "/ask/trial-outcomes", nothing)
        assert page == told(client, "/ask/trial-outcomes", nothing)
        assert kind(seen(page)) == ["not-stated"]


def test_a_question_with_a_parameter_waits_until_it_is_given(client: httpx.Client) -> None:
    page = seen(client.get("/ask/claims-about").text)
    assert kind(page) == []
    assert "ogx-rdf query claims-about --entity" in page.text


def test_the_values_come_from_the_graph(client: httpx.Client) -> None:
    html = client.get("/ask/trial-outcomes", params={"trial": "SYNERGY"}).text
    assert '<option value="trial:synergy" selected>SYNERGY</option>' in html
    assert '<option value="trial:affinity">AFFINITY</option>' in html
    section = client.get("/ask/claims-by-section").text
    assert '<option value="Apoptosis Regulation"' in section
    word = client.get("/ask/claims-by-kind").text
    assert '<option value="trialResult"' in word


def test_what_is_not_stated_is_no_none_and_gives_the_nearest(client: httpx.Client) -> None:
    page = seen(client.get("/ask/trial-outcomes", params={"trial": "a Phase I study of custirsen"}).text)
    assert kind(page) == ["not-stated"]
    assert "The documents state no result of a Phase I study of custirsen" in page.text
    assert "116 of 116 passages read" in page.text
    assert "The nearest that is stated" in page.text
    assert ("a Phase I study of custirsen has phase Phase I", "/c/0187") in page.links


def test_a_true_none_says_that_it_was_asked_completely(client: httpx.Client) -> None:
    page = seen(client.get("/ask/search", params={"text": "xyzzyx"}).text)
    assert kind(page) == ["none"]
    assert "Asked completely (116 of 116 passages read)" in page.text


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("claims-about", {"entity": "clustern"}),
        ("claims-about", {"entity": "clusterin", "bogus": "1"}),
        ("claims-about", {"bogus": "1"}),
        ("claims-by-kind", {"kind": "nothing"}),
    ],
)
def test_a_failure_is_no_answer(query: str, given: dict[str, str], client: httpx.Client) -> None:
    response = client.get(f"/ask/{query}", params=given)
    assert response.status_code == 400
    page = seen(response.text)
    assert kind(page) == ["failed"]
    assert "This is no answer" in page.text


def test_an_unknown_question_is_told_with_the_nearest(client: httpx.Client) -> None:
    page = client.get("/ask/claims-abot")
    assert page.status_code == 404
    assert "claims-about" in seen(page.text).text


@pytest.mark.parametrize(
    "value",
    [
        'x" . ?a ?b ?c . #',
        "http://ex/t> } UNION { ?s ?p ?o",
        "<script>alert(1)</script>",
        "\\u0022",
        "'; DROP ALL",
        "\x00",
    ],
)
def test_hostile_values_are_values(value: str, client: httpx.Client) -> None:
    for name in ("search", "claims-about"):
        param = QUERIES[name].params[0].name
        response = client.get(f"/ask/{name}", params={param: value})
        page = seen(response.text)
        assert kind(page) in (["none"], ["failed"], ["rows"])
        assert "<script" not in unscripted(response.text)
        assert response.status_code in (200, 400)


def test_columns_of_rows_keep_their_numbers_and_links(client: httpx.Client) -> None:
    page = seen(client.get("/ask/literature-on", params={"claim": "c:0176"}).text)
    assert any(href == "/work/teva-oncogenex-release-2014" for _, href in page.links)
    assert "The primary endpoint was missed" in page.text


def test_questions_of_a_corpus_of_its_own_have_pages_too(kb: Path) -> None:
    (kb / "queries").mkdir(exist_ok=True)
    text = (
        "#+ summary: Every claim.\n#+ question: Which claims are there?\n#+ columns: claim iri; label string\n"
        "#+ empty: none | There is no claim.\n#+ example: none\n\n"
        "PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n\n"
        "SELECT ?claim ?label WHERE { ?claim a ogx:Claim ; rdfs:label ?label } ORDER BY ?claim ?label\n"
    )
    (kb / "queries" / "all-claims.rq").write_text(text, encoding="utf-8")
    with serving(open_graph(kb)) as client:
        assert "Questions of this corpus" in client.get("/ask").text
        assert kind(seen(client.get("/ask/all-claims").text)) in (["rows"], ["none"])
        assert unescape(client.get("/ask/all-claims").text).count("Which claims are there?") >= 1
