"""The entries of the W3C's test manifest of the SPARQL 1.1 Protocol, as raw requests to a server as users start it.

The names are those of the manifest (w3c/rdf-tests, sparql/sparql11/protocol), and each request is the one that its
entry describes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from webs import Answered, Web, raw, web_server

from ogx_rdf.corpus import Corpus
from ogx_rdf.oxi import Dataset
from ogx_rdf.publish.build import nquads
from ogx_rdf.publish.store_folder import new_store, write_record
from ogx_rdf.resources import resource
from ogx_rdf.store.built import Built

NAMES = (Path(__file__).parent / "data" / "sparql11-protocol-names.txt").read_text(encoding="utf-8").split()
READ_ONLY = "the endpoint is read-only: there is no update operation"
NOT_TESTED = {
    "update_dataset_default_graph": READ_ONLY,
    "update_dataset_default_graphs": READ_ONLY,
    "update_dataset_named_graphs": READ_ONLY,
    "update_dataset_full": READ_ONLY,
    "update_post_form": READ_ONLY,
    "update_post_direct": READ_ONLY,
    "update_base_uri": READ_ONLY,
}
"""Entries without a test, each with the reason."""

DATA = "http://kasei.us/2009/09/sparql/data/data"
ONE, TWO, THREE = (f"{DATA}{number}.rdf" for number in (1, 2, 3))
TRUTHS = ("application/sparql-results+xml", "application/sparql-results+json")
ROWS = (*TRUTHS, "text/tab-separated-values", "text/csv")
GRAPHS = ("application/rdf+xml", "application/rdf+json", "text/turtle")
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
RESULTS = "{http://www.w3.org/2005/sparql-results#}"

TESTS: dict[str, Callable[[Web], None]] = {}


def entry(test: Callable[[Web], None]) -> Callable[[Web], None]:
    """A test of the entry whose name the function has."""
    TESTS[test.__name__] = test
    return test


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A server on a store that holds the graphs which the tests speak of, beside a corpus."""
    place = tmp_path_factory.mktemp("protocol") / "store"
    corpus = Corpus(resource("ontology"))
    document = "http://xmlns.com/foaf/0.1/Document"
    more = "".join(
        f"<{name}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{document}> <{name}> .\n"
        for name in (ONE, TWO, THREE)
    )
    data = (nquads(corpus) + more).encode()
    with new_store(place) as work:
        dataset = Dataset.on_disk(work)
        dataset.bulk(data)
        dataset.close()
        write_record(work, Built("", data.count(b"\n"), {}, corpus.base))
    with web_server("--store", str(place), folder=place.parent) as server:
        yield server


def sent(web: Web, line: str, kind: str | None = None, body: bytes = b"") -> Answered:
    """Send a request as the manifest writes it."""
    head = [f"{line} HTTP/1.1", "Host: www.example", "User-agent: sparql-client/0.1"]
    head += [f"Content-Type: {kind}"] if kind else []
    head += [f"Content-Length: {len(body)}"] if line.startswith("POST") else []
    return raw(web, "\r\n".join([*head, "", ""]).encode() + body)


def truth(answered: Answered) -> bool:
    """The truth value of a response that succeeded."""
    assert 200 <= answered.status < 400, answered.text
    assert answered.media in TRUTHS
    if answered.media == TRUTHS[1]:
        return bool(json.loads(answered.body)["boolean"])
    return ElementTree.fromstring(answered.body).findtext(f"{RESULTS}boolean") == "true"


def refused(answered: Answered) -> None:
    """Holds that a request was refused as the client's fault, in words."""
    assert 400 <= answered.status < 500
    told = json.loads(answered.body)
    assert told["status"] == answered.status
    assert told["code"] and told["message"]


def given(parameter: str, *names: str) -> str:
    return "&".join(f"{parameter}={quote(name, safe='')}" for name in names)


@entry
def query_post_form(web: Web) -> None:
    assert truth(sent(web, "POST /sparql/", FORM, b"query=ASK%20%7B%7D"))


@entry
def query_dataset_default_graphs_get(web: Web) -> None:
    query = quote(f"ASK {{ <{ONE}> a ?type . <{TWO}> a ?type . }}", safe="")
    assert truth(sent(web, f"GET /sparql?query={query}&{given('default-graph-uri', ONE, TWO)}"))
    assert not truth(sent(web, f"GET /sparql?query={query}&{given('default-graph-uri', ONE)}"))


@entry
def query_dataset_default_graphs_post(web: Web) -> None:
    body = f"ASK {{ <{ONE}> ?p ?o . <{TWO}> ?p ?o }}".encode()
    assert truth(sent(web, f"POST /sparql/?{given('default-graph-uri', ONE, TWO)}", QUERY, body))


@entry
def query_dataset_named_graphs_post(web: Web) -> None:
    body = b"ASK { GRAPH ?g { ?s ?p ?o } }"
    assert truth(sent(web, f"POST /sparql/?{given('named-graph-uri', ONE, TWO)}", QUERY, body))


@entry
def query_dataset_named_graphs_get(web: Web) -> None:
    query = quote("ASK { GRAPH ?g { ?s ?p ?o } }", safe="")
    assert truth(sent(web, f"GET /sparql/?{given('named-graph-uri', ONE, TWO)}&query={query}"))


@entry
def query_dataset_full(web: Web) -> None:
    parameters = f"{given('default-graph-uri', THREE)}&{given('named-graph-uri', ONE, TWO)}"
    body = b"SELECT ?g ?x ?s { ?x ?y ?o  GRAPH ?g { ?s ?p ?o } }"
    answered = sent(web, f"POST /sparql/?{parameters}", QUERY, body)
    assert answered.status == 200
    assert answered.media == TRUTHS[1]
    found = json.loads(answered.body)["results"]["bindings"]
    rows = {tuple(row[name]["value"] for name in ("g", "x", "s")) for row in found}
    assert rows == {(ONE, THREE, ONE), (TWO, THREE, TWO)}


@entry
def query_multiple_dataset(web: Web) -> None:
    body = f"ASK FROM <{ONE}> {{ <{ONE}> ?p ?o }}".encode()
    assert not truth(sent(web, f"POST /sparql/?{given('default-graph-uri', TWO)}", QUERY, body))
    assert truth(sent(web, "POST /sparql/", QUERY, body))


@entry
def query_get(web: Web) -> None:
    assert truth(sent(web, "GET /sparql?query=ASK%20%7B%7D"))


@entry
def query_content_type_select(web: Web) -> None:
    answered = sent(web, "POST /sparql/", QUERY, b"SELECT (1 AS ?value) {}")
    assert answered.status == 200
    assert answered.media in ROWS


@entry
def query_content_type_ask(web: Web) -> None:
    assert truth(sent(web, "POST /sparql/", QUERY, b"ASK {}"))


@entry
def query_content_type_describe(web: Web) -> None:
    answered = sent(web, "POST /sparql/", QUERY, b"DESCRIBE <http://example.org/>")
    assert answered.status == 200
    assert answered.media in GRAPHS


@entry
def query_content_type_construct(web: Web) -> None:
    answered = sent(web, "POST /sparql/", QUERY, b"CONSTRUCT { <s> <p> 1 } WHERE {}")
    assert answered.status == 200
    assert answered.media in GRAPHS


@entry
def query_post_direct(web: Web) -> None:
    assert truth(sent(web, "POST /sparql/", QUERY, b"ASK {}"))


@entry
def bad_query_method(web: Web) -> None:
    answered = sent(web, "PUT /sparql?query=ASK%20%7B%7D")
    refused(answered)
    assert answered.status == 405
    assert {"GET", "POST"} <= set(answered.headers["allow"].split(", "))


@entry
def bad_multiple_queries(web: Web) -> None:
    refused(sent(web, "GET /sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"))


@entry
def bad_query_wrong_media_type(web: Web) -> None:
    refused(sent(web, "POST /sparql/", "text/plain", b"ASK {}"))


@entry
def bad_query_missing_form_type(web: Web) -> None:
    refused(sent(web, "POST /sparql/", None, b"query=ASK%20%7B%7D"))


@entry
def bad_query_missing_direct_type(web: Web) -> None:
    refused(sent(web, "POST /sparql/", None, b"ASK {}"))


@entry
def bad_query_non_utf8(web: Web) -> None:
    refused(sent(web, "POST /sparql/", f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")))


@entry
def bad_query_syntax(web: Web) -> None:
    refused(sent(web, "GET /sparql?query=ASK%20%7B"))


# What must be refused of an update is refused here as well: every update is.


@entry
def bad_update_get(web: Web) -> None:
    refused(sent(web, "GET /sparql?update=CLEAR%20ALL"))


@entry
def bad_multiple_updates(web: Web) -> None:
    refused(sent(web, "POST /sparql/", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"))


@entry
def bad_update_wrong_media_type(web: Web) -> None:
    refused(sent(web, "POST /sparql/", "text/plain", b"CLEAR NAMED"))


@entry
def bad_update_missing_form_type(web: Web) -> None:
    refused(sent(web, "POST /sparql/", None, b"update=CLEAR%20NAMED"))


@entry
def bad_update_non_utf8(web: Web) -> None:
    refused(sent(web, "POST /sparql/", f"{UPDATE}; charset=UTF-16", "CLEAR NAMED".encode("utf-16")))


@entry
def bad_update_syntax(web: Web) -> None:
    refused(sent(web, "POST /sparql/", FORM, b"update=CLEAR%20XYZ"))


@entry
def bad_update_dataset_conflict(web: Web) -> None:
    update = "WITH <http://example/addresses> DELETE { ?p ?q 'Bill' } INSERT { ?p ?q 'William' } WHERE { ?p ?q 'Bill' }"
    body = f"{given('using-named-graph-uri', 'http://example/people')}&update={quote(update, safe='')}"
    refused(sent(web, "POST /sparql/", FORM, body.encode()))


def test_every_entry_of_the_manifest_has_a_test_or_a_reason() -> None:
    assert len(NAMES) == len(set(NAMES)) == 34
    assert set(TESTS) | set(NOT_TESTED) == set(NAMES)
    assert not set(TESTS) & set(NOT_TESTED)
    assert all(NOT_TESTED.values())


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NOT_TESTED])
def test_entry(web: Web, name: str) -> None:
    TESTS[name](web)
