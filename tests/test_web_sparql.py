"""SPARQL over HTTP: media types, datasets, what is refused, what is said of the endpoint."""

from __future__ import annotations

import csv
import io
import json
import select
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
import rdflib
from commands import Cli
from hypothesis import given, settings
from hypothesis import strategies as st
from webs import Answered, Web, children, get, post, raw, sparql, until, web_server

from ogx_rdf import open_graph
from ogx_rdf.errors import UsageError
from ogx_rdf.resources import resource
from ogx_rdf.web import create_app

CLAIM = "https://w3id.org/ogx-rdf/c/0001"
GUIDE = "https://w3id.org/ogx-rdf/doc/ogx-011-guide"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
LABEL = f"SELECT ?label WHERE {{ <{CLAIM}> <http://www.w3.org/2000/01/rdf-schema#label> ?label }}"
RDFLIB = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""For readers of rdflib that call what rdflib has deprecated."""
HOST = "http://www.example/"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    words = ("--corpus", str(resource("ontology")), "--time-limit", "3")
    with web_server(*words, folder=tmp_path_factory.mktemp("web")) as server:
        yield server


def label() -> str:
    found = open_graph(resource("ontology")).query_text(LABEL).rows
    return str(found[0]["label"])


def rows(answered: Answered) -> list[dict[str, str]]:
    assert answered.status == 200, answered.text
    found = json.loads(answered.body)["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in found]


def told(answered: Answered, status: int) -> dict[str, str]:
    """What a refusal says."""
    assert answered.status == status, answered.text
    assert answered.media == "application/problem+json"
    said: dict[str, str] = json.loads(answered.body)
    assert str(said["status"]) == str(status)
    assert said["answer"] == "failed"
    assert "Traceback" not in answered.text and "/ogx_rdf/" not in answered.text
    return said


def test_it_says_where_it_is_and_what_it_serves(web: Web) -> None:
    assert web.said == f"Serving {resource('ontology')} at http://127.0.0.1:{web.port}/ (Ctrl-C ends it)\n"


@pytest.mark.parametrize("kind", ["application/sparql-results+json", "application/json"])
def test_rows_as_json(web: Web, kind: str) -> None:
    answered = sparql(web, LABEL, Accept=kind)
    assert answered.media == kind
    assert rows(answered) == [{"label": label()}]
    assert "Accept" in answered.headers["vary"]


def test_rows_as_xml(web: Web) -> None:
    answered = sparql(web, LABEL, Accept="application/sparql-results+xml")
    assert answered.media == "application/sparql-results+xml"
    found = ElementTree.fromstring(answered.body).iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert [element.text for element in found] == [label()]


def test_rows_as_csv_and_tsv(web: Web) -> None:
    answered = sparql(web, LABEL, Accept="text/csv")
    assert answered.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(answered.text))) == [["label"], [label()]]
    answered = sparql(web, LABEL, Accept="text/tab-separated-values")
    assert answered.text.splitlines() == ["?label", f'"{label()}"']


@RDFLIB
@pytest.mark.parametrize(
    ("kind", "format"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
        ("application/trig", "trig"),
        ("application/n-quads", "nquads"),
        ("application/rdf+xml", "xml"),
    ],
)
def test_a_graph_in_every_format_holds_the_same(web: Web, kind: str, format: str) -> None:
    answered = sparql(web, f"CONSTRUCT WHERE {{ <{CLAIM}> ?p ?o }}", Accept=kind)
    assert answered.status == 200
    assert answered.media == kind
    read = rdflib.Dataset(default_union=True)
    read.parse(data=answered.text, format=format)
    expected = {(str(p), str(o)) for _, p, o in open_graph(resource("ontology")).corpus.said_of(CLAIM)}
    assert {(str(p), str(o)) for _, p, o in read.triples((None, None, None))} == expected
    assert len(expected) > 5


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("ASK {}", "text/csv"),
        ("ASK {}", "text/turtle"),
        ("SELECT * WHERE {}", "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p 1 }", "text/csv"),
        ("CONSTRUCT WHERE { ?s ?p 1 }", "application/sparql-results+json"),
        ("SELECT * WHERE {}", "image/png"),
        ("SELECT * WHERE {}", "text/html;q=0.9, application/json;q=0"),
    ],
)
def test_what_cannot_be_given_as_the_client_wants_it_is_406(web: Web, query: str, accept: str) -> None:
    said = told(sparql(web, query, Accept=accept), 406)
    assert said["hint"].startswith("There are: ")


def test_a_browser_is_answered(web: Web) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert sparql(web, "ASK {}", Accept=accept).media == "application/sparql-results+json"
    assert sparql(web, "DESCRIBE <urn:x>", Accept=accept).media == "text/turtle"


COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ {} }}"


def count(web: Web, clause: str, pattern: str, *more: str) -> int:
    return int(rows(sparql(web, COUNT.format(clause, pattern), *more))[0]["n"])


def test_without_a_dataset_all_graphs_are_one(web: Web) -> None:
    assert count(web, "", "?s ?p ?o") == count(web, "", "GRAPH ?g { ?s ?p ?o }") > 1000


def test_a_dataset_in_the_query_and_in_the_request_are_the_same(web: Web) -> None:
    whole, claim = count(web, "", "?s ?p ?o"), count(web, "", f"GRAPH <{CLAIM}> {{ ?s ?p ?o }}")
    assert 0 < claim < whole
    default, named = (f"{name}-graph-uri={quote(CLAIM, safe='')}" for name in ("default", "named"))
    assert count(web, f"FROM <{CLAIM}>", "?s ?p ?o") == count(web, "", "?s ?p ?o", default) == claim
    assert count(web, f"FROM NAMED <{CLAIM}>", "?s ?p ?o") == count(web, "", "?s ?p ?o", named) == 0
    inside = "GRAPH ?g { ?s ?p ?o }"
    assert count(web, f"FROM <{CLAIM}>", inside) == count(web, "", inside, default) == 0
    assert count(web, f"FROM NAMED <{CLAIM}>", inside) == count(web, "", inside, named) == claim
    two = f"default-graph-uri={quote(GUIDE, safe='')}"
    document = count(web, "", f"GRAPH <{GUIDE}> {{ ?s ?p ?o }}")
    assert count(web, "", "?s ?p ?o", default, two) == claim + document
    assert count(web, f"FROM <{GUIDE}>", "?s ?p ?o", default) == claim


@pytest.mark.parametrize(
    ("query", "whole"),
    [
        (f"ASKFROM<{CLAIM}>{{ ?s a <http://purl.org/spar/fabio/JournalArticle> }}", False),
        (f"PREFIX c: <https://w3id.org/ogx-rdf/c/> ASK FROMc:0001 {{ <{GUIDE}> ?p ?o }}", False),
        (f"ASK#FROM\nfrom <{CLAIM}> {{ <{GUIDE}> ?p ?o }}", False),
        (f'ASK {{ <{GUIDE}> ?from ?o . FILTER("FROM" = "FROM") }}', True),
        (f'PREFIX from: <urn:from:> ASK {{ <{GUIDE}> ?p ?o . FILTER("x"@from = "x"@from) }}', True),
        (f"ASK {{ <{GUIDE}> ?p ?o . FILTER(STR(<urn:FROM>) = 'urn:FROM') }}", True),
    ],
)
def test_the_word_from_is_a_keyword_where_the_engine_reads_one(web: Web, query: str, whole: bool) -> None:
    answered = sparql(web, query)
    assert answered.status == 200, answered.text
    assert json.loads(answered.body)["boolean"] is whole


def test_a_dataset_may_stand_in_the_form_too(web: Web) -> None:
    form = urlencode({"query": COUNT.format("", "?s ?p ?o"), "default-graph-uri": CLAIM})
    answered = post(web, "/sparql", form, f"{FORM}; charset=UTF-8")
    assert int(rows(answered)[0]["n"]) == count(web, f"FROM <{CLAIM}>", "?s ?p ?o")


def test_a_relative_iri_is_one_of_the_corpus(web: Web) -> None:
    assert count(web, "", "<c/0001> ?p ?o") == count(web, "", f"<{CLAIM}> ?p ?o") > 0


REFUSED = [
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "LOAD <http://127.0.0.1:9/>",
    "LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g>",
    "CLEAR ALL",
    "PREFIX x: <urn:x> DROP ALL",
    "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * WHERE { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * WHERE { BIND(1 AS ?x) FILTER(1=1)SERVICEex:s{} }",
    "SELECT * WHERE { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * WHERE { ?s ?p ?o } ; DROP ALL",
    'ASK { <urn:a> <urn:b> "\\uD800" }',
    "ASK { <urn:a\\u003e> ?b ?c }",
    "ASK { <urn:a b> ?b ?c }",
    "SELECT",
    "\x00",
    "{}" * 1000,
]


@pytest.mark.parametrize("query", REFUSED)
def test_hostile_queries_are_refused_in_words(web: Web, query: str) -> None:
    answered = sparql(web, query)
    assert answered.status in (400, 403), answered.text
    assert told(answered, answered.status)["message"]
    assert count(web, "", "?s ?p ?o") > 1000


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/sparql?query=%FF", 400, "not UTF-8"),
        ("/sparql?query=ASK%20%7B%7D&default-graph-uri=not%20an%20iri", 400, "not the IRI of a graph: not an iri"),
        ("/sparql?query=ASK%20%7B%7D&update=CLEAR%20ALL", 403, "an UPDATE is refused"),
        ("/sparql?" + "a=1&" * 1001, 400, "more than 1000 parameters"),
        ("/sparql?default-graph-uri=urn:x", 400, "the request has no query"),
        ("/nothing/here", 404, "Not Found: /nothing/here"),
    ],
)
def test_requests_that_make_no_sense_are_refused(web: Web, path: str, status: int, said: str) -> None:
    assert said in told(get(web, path), status)["message"]


def test_a_body_that_is_too_large_or_no_utf8_is_refused(web: Web) -> None:
    assert told(post(web, "/sparql", b"#" * (1 << 20) + b"\nASK {}", QUERY), 413)["code"] == "E662"
    assert told(post(web, "/sparql", b"ASK {} # \xff", QUERY), 400)["code"] == "E661"
    assert told(post(web, "/sparql", b"x=1", FORM), 400)["code"] == "E665"
    assert told(post(web, "/sparql", b"CLEAR ALL", "application/sparql-update"), 403)["code"] == "E401"


def test_head_says_what_get_would_give(web: Web) -> None:
    answered = raw(web, b"HEAD /sparql?query=ASK%20%7B%7D HTTP/1.0\r\nHost: x\r\n\r\n")
    assert answered.status == 200
    assert answered.media == "application/sparql-results+json"


def test_other_sites_may_ask_and_nothing_may_be_run(web: Web) -> None:
    answered = sparql(web, "ASK {}", Origin="https://elsewhere.example")
    assert answered.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answered.headers
    preflight = (
        b"OPTIONS /sparql HTTP/1.1\r\nHost: x\r\nOrigin: https://elsewhere.example\r\n"
        b"Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n"
    )
    allowed = raw(web, preflight)
    assert allowed.status == 200
    assert "POST" in allowed.headers["access-control-allow-methods"]
    forbidden = raw(web, preflight.replace(b"Method: POST", b"Method: DELETE"))
    assert forbidden.status == 400
    for response in (answered, get(web, "/nothing"), sparql(web, "ASK {")):
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "server" not in response.headers


def described(answered: Answered, format: str = "turtle") -> rdflib.Graph:
    assert answered.status == 200
    graph = rdflib.Graph()
    graph.parse(data=answered.text, format=format)
    return graph


SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")


@RDFLIB
def test_the_endpoint_describes_itself(web: Web) -> None:
    for kind, format in (("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")):
        graph = described(get(web, "/sparql", Accept=kind), format)
        (service,) = graph.subjects(rdflib.RDF.type, SD.Service)
        assert graph.value(service, SD.endpoint) == rdflib.URIRef(f"{HOST}sparql")
        assert graph.value(service, SD.supportedLanguage) == SD.SPARQL11Query
        assert set(graph.objects(service, SD.feature)) == {SD.UnionDefaultGraph}
        assert len(set(graph.objects(service, SD.resultFormat))) == 10
    told(get(web, "/sparql", Accept="image/png"), 406)


def test_the_dataset_is_described(web: Web) -> None:
    graph = described(get(web, "/.well-known/void"))
    (data,) = graph.subjects(rdflib.RDF.type, VOID.Dataset)
    assert graph.value(data, VOID.sparqlEndpoint) == rdflib.URIRef(f"{HOST}sparql")
    triples = graph.value(data, VOID.triples)
    assert triples is not None and int(str(triples)) == count(web, "", "GRAPH ?g { ?s ?p ?o }")
    claims = rdflib.URIRef("https://w3id.org/ogx-rdf/ns#Claim")
    (part,) = graph.subjects(VOID["class"], claims)
    assert int(str(graph.value(part, VOID.entities))) == count(web, "", f"?s a <{claims}>")


@settings(max_examples=60)
@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_whatever_is_sent_as_a_query_is_answered_in_words(web: Web, body: bytes) -> None:
    answered = post(web, "/sparql", b"ASK { " + body + b" }", QUERY)
    assert answered.status in (200, 400, 403)
    assert answered.status == 200 or told(answered, answered.status)["message"]


def test_a_host_that_is_no_name_gets_into_no_iri(web: Web) -> None:
    answered = raw(web, b'GET /sparql HTTP/1.1\r\nHost: a"><b\r\n\r\n')
    assert answered.status in (200, 400)
    assert b'"><b' not in answered.body


ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HOSTILE = (
    ENDLESS,
    "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i && ?i < ?c) }",
    "SELECT (COUNT(*) AS ?n) WHERE { ?a (<urn:x>|!<urn:x>)* ?b . ?b (<urn:x>|!<urn:x>)* ?c . ?c !(<urn:x>)* ?d }",
    "SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?f ?h ?c . ?i ?j ?k FILTER(?k = ?c) } } LIMIT 999999999",
)


@contextmanager
def asking(web: Web, query: str) -> Iterator[socket.socket]:
    """A connection on which a query was asked, and nothing read."""
    with socket.create_connection(("127.0.0.1", web.port), 60) as connection:
        connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        yield connection


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Web]:
    """A server whose time limit is not reached."""
    with web_server("--corpus", str(resource("ontology")), "--time-limit", "600", folder=tmp_path) as server:
        yield server


def test_another_client_is_answered_while_eight_hostile_queries_run(patient: Web) -> None:
    with ExitStack() as stack:
        asked = [stack.enter_context(asking(patient, ENDLESS)) for _ in range(8)]
        until(lambda: len(children(patient.process.pid, slow=True)) == 8)  # one that still starts has no slow place yet
        for number in range(5):
            assert rows(sparql(patient, f"SELECT ({number} AS ?n) WHERE {{}}")) == [{"n": str(number)}]
        assert select.select(asked, [], [], 0)[0] == [], "all eight still run"
        refused = sparql(patient, ENDLESS)
        assert told(refused, 503)["code"] == "E655"
        assert int(refused.headers["retry-after"]) > 0
        assert json.loads(sparql(patient, "ASK {}").body)["boolean"]
        assert select.select(asked, [], [], 0)[0] == []


def test_a_connection_that_ends_early_ends_the_query(patient: Web) -> None:
    with asking(patient, ENDLESS):
        until(lambda: children(patient.process.pid, slow=True))
        started = children(patient.process.pid, slow=True)  # others wait for work from the start
    until(lambda: not started & children(patient.process.pid))
    assert json.loads(sparql(patient, "ASK {}").body)["boolean"]


def test_workers_end_with_their_parent_however_it_ends(patient: Web) -> None:
    with asking(patient, ENDLESS):
        until(lambda: children(patient.process.pid, slow=True))
        started = children(patient.process.pid)
        patient.process.send_signal(signal.SIGKILL)
        patient.process.wait()
    until(lambda: not any(Path(f"/proc/{number}").exists() for number in started))


def test_it_ends_when_it_is_told_to_though_a_query_runs(patient: Web) -> None:
    with asking(patient, ENDLESS) as connection:
        until(lambda: children(patient.process.pid, slow=True))
        started = children(patient.process.pid)
        patient.process.send_signal(signal.SIGINT)
        refused = HTTPResponse(connection)
        refused.begin()
        assert (refused.status, json.loads(refused.read())["message"]) == (503, "the server ends")
        assert patient.process.wait(60) == 0
    until(lambda: not any(Path(f"/proc/{number}").exists() for number in started))


def test_answers_that_nobody_reads_keep_no_place(web: Web) -> None:
    for _ in range(34):  # more than may lie ready
        with asking(web, "SELECT * WHERE { ?s ?p ?o }") as connection:
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
    until(lambda: sparql(web, "SELECT * WHERE { ?s ?p ?o }").status == 200)


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_ended_and_the_server_goes_on(web: Web, query: str) -> None:
    answered = sparql(web, query)
    assert told(answered, answered.status)["code"] in ("E652", "E656", "E657")
    assert answered.status >= 500
    assert json.loads(sparql(web, "ASK {}").body)["boolean"]


def test_a_graph_in_a_server_is_not_served_again() -> None:
    class Elsewhere:
        stored, place, dataset = True, "http://127.0.0.1:9/sparql", None

    with pytest.raises(UsageError, match="is a server of its own"):
        create_app(type("Graph", (), {"corpus": Elsewhere()})())


def test_a_place_that_cannot_be_had_is_told(web: Web, cli: Cli) -> None:
    corpus = str(resource("ontology"))
    done = cli("serve", "--corpus", corpus, "--port", str(web.port))
    assert done.returncode == 3
    assert done.stderr.startswith(f"E659 cannot serve at 127.0.0.1, port {web.port}: Address already in use\n")
    assert cli("serve", "--corpus", corpus, "--port", "99999").returncode == 2
    assert cli("serve", "--corpus", corpus, "--host", "no.such.host.invalid").returncode == 3
    assert cli("serve", "--corpus", corpus, "--time-limit", "0").returncode == 2
    assert cli("serve", "--store", "http://127.0.0.1:9/sparql").returncode == 3
