"""Every node has a page at the path of its IRI: HTML or RDF as asked, known again by digest and date."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from pages import seen, serving, unscripted
from rdflib import Graph as RdfGraph

from ogx_rdf import open_graph
from ogx_rdf.model import Iri
from ogx_rdf.namespaces import OGX, RDF
from ogx_rdf.records import Records
from ogx_rdf.resources import resource

# rdflib's own reader of JSON-LD makes what rdflib calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

BASE = "https://w3id.org/ogx-rdf/"
FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "nt": ("application/n-triples", "nt"),
    "jsonld": ("application/ld+json", "json-ld"),
}
NODES = (
    "c/0176",
    "c/0068.ogx-011-guide-p026",
    "doc/ogx-011-guide",
    "doc/ogx-011-guide.p026",
    "doc/ogx-011-guide.ref5",
    "work/chi-2017-synergy",
    "entity/clusterin",
    "trial/synergy",
    "tension/d05",
    "prefix/ogx",
)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(open_graph(resource("ontology"))) as found:
        yield found


@pytest.fixture(scope="module")
def records() -> Records:
    return Records(open_graph(resource("ontology")).corpus)


def triples(text: str, how: str) -> set[tuple[str, str, str]]:
    return {(str(s), str(p), str(o)) for s, p, o in RdfGraph().parse(data=text, format=how)}


@pytest.mark.parametrize("path", NODES)
def test_the_three_forms_of_rdf_say_the_same_and_what_the_corpus_says(
    path: str, client: httpx.Client, records: Records
) -> None:
    found = {}
    for suffix, (media, how) in FORMATS.items():
        response = client.get(f"/{path}.{suffix}")
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == media
        found[suffix] = triples(response.text, how)
    assert found["ttl"] == found["nt"] == found["jsonld"]
    own = records.nodes.predicates(BASE + path)
    assert {(BASE + path, p, str(o)) for p, values in own.items() for o in values} <= found["ttl"]


@pytest.mark.parametrize("path", NODES)
def test_accept_chooses_as_the_ending_does(path: str, client: httpx.Client) -> None:
    for suffix, (media, _) in FORMATS.items():
        asked = client.get(f"/{path}", headers={"Accept": f"{media}, text/html;q=0.5"})
        assert asked.text == client.get(f"/{path}.{suffix}").text
        assert asked.headers["vary"] == "Accept"
        assert asked.headers["content-location"] == f"/{path}.{suffix}"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept in (browser, "*/*", "", "nonsense", "text/html;q=x"):
        assert client.get(f"/{path}", headers={"Accept": accept}).headers["content-type"] == "text/html; charset=utf-8"


def test_every_node_of_the_graph_has_a_page(client: httpx.Client, records: Records) -> None:
    kinds = (OGX.Claim, OGX.Evidence, OGX.Passage, OGX.Reference, OGX.Work, OGX.Entity, OGX.Trial, OGX.Document)
    nodes = [iri for kind in kinds for iri in records.nodes.members(kind)]
    assert len(nodes) > 1500
    for iri in nodes[::7]:
        response = client.get(f"/{iri.removeprefix(BASE)}")
        assert response.status_code == 200, iri
        page = seen(response.text)
        assert not page.unclosed, (iri, page.unclosed)
        assert len(page.ids) == len(set(page.ids)), iri


def test_a_claim_comes_with_its_evidence_and_measurements(client: httpx.Client, records: Records) -> None:
    found = triples(client.get("/c/0154.ttl").text, "turtle")
    claim = records.claims[Iri(f"{BASE}c/0154")]
    subjects = {s for s, _, _ in found}
    assert {str(item.iri) for item in claim.evidence} <= subjects
    assert {str(item.measurement.iri) for item in claim.evidence if item.measurement} <= subjects
    assert all(s.startswith(f"{BASE}c/0154") for s in subjects)


def test_each_term_of_the_vocabulary_has_its_place_on_one_page(client: httpx.Client, records: Records) -> None:
    page = seen(client.get("/ns").text)
    terms = {s for s, _, _ in triples(client.get("/ns.ttl").text, "turtle") if s.startswith(OGX.iri)}
    assert {"inhibits", "Claim", "polarity", "hedged"} <= {term.partition("#")[2] for term in terms}
    assert {term.partition("#")[2] for term in terms} <= set(page.ids)
    asked = client.get("/ns", headers={"Accept": "text/turtle"})
    assert asked.headers["content-type"].startswith("text/turtle")


def test_what_is_known_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/c/0176")
    again = client.get("/c/0176", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == "Accept"
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert client.get("/c/0176", headers=since).status_code == 304
    assert client.get("/c/0176", headers={**since, "If-None-Match": '"other"'}).status_code == 200
    assert client.get("/c/0176", headers={"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}).status_code == 200
    assert client.get("/c/0176", headers={"If-Modified-Since": "yesterday"}).status_code == 200
    assert client.get("/c/0176.html").headers["etag"] == first.headers["etag"]
    tags = {client.get(f"/c/0176{end}").headers["etag"] for end in ("", ".ttl", ".nt", ".jsonld")}
    assert len(tags) == 4


def test_head_has_the_headers_and_no_body(client: httpx.Client) -> None:
    head, get = client.head("/c/0176.ttl"), client.get("/c/0176.ttl")
    assert head.content == b""
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == str(len(get.content))


def test_what_is_not_there_is_404_with_the_nearest_names(client: httpx.Client) -> None:
    page = client.get("/work/chi-2017-sinergy")
    assert page.status_code == 404
    assert "work:chi-2017-synergy" in seen(page.text).text
    plain = client.get("/work/chi-2017-sinergy", headers={"Accept": "text/turtle"})
    assert (plain.status_code, plain.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    for path in ("/c/", "/c/9999", "/c/0176.rdf", "/c/0176/x", "/ns.rdf", "/c/%3Cscript%3E", "/entity/%00", "/c/a%22b"):
        response = client.get(path)
        assert response.status_code == 404, path
        assert "<script" not in unscripted(response.text)


def test_a_form_that_there_is_not_is_406_and_names_those_there_are(client: httpx.Client) -> None:
    for accept in ("application/rdf+xml", "image/png", "text/html;q=0, */*;q=0"):
        response = client.get("/c/0176", headers={"Accept": accept})
        assert response.status_code == 406
        assert "application/ld+json (/c/0176.jsonld)" in response.text
    assert client.get("/ns", headers={"Accept": "image/png"}).status_code == 406


def test_pages_below_a_path_of_their_own_lead_to_each_other() -> None:
    with serving(open_graph(resource("ontology")), "/kb") as client:
        page = seen(client.get("/kb/c/0176").text)
        own = [href for _, href in page.links if href.startswith("/")]
        assert own
        assert all(href.startswith("/kb/") for href in own)
        assert client.get(page.href("Custirsen - Wikipedia")).status_code == 200
        assert client.get("/kb/static/pages.css").status_code == 200


def test_json_ld_needs_no_context_from_elsewhere(client: httpx.Client) -> None:
    data = json.loads(client.get("/c/0176.jsonld").text)
    assert "@context" not in json.dumps(data)
    assert any(node["@id"] == f"{BASE}c/0176" for node in data)


def test_a_node_that_is_named_like_a_form_goes_before_the_form(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("named")
    base = "https://example.org/x/"
    (root / "corpus.toml").write_text(f'title = "T <script>"\nbase = "{base}"\n', encoding="utf-8")
    registry = (resource("ontology") / "prefixes.ttl").read_text(encoding="utf-8")
    for name in ("c", "doc", "entity", "mapping", "prefix", "tension", "trial", "work"):
        registry = registry.replace(f"{BASE}{name}/", f"{base}{name}/")
    (root / "prefixes.ttl").write_text(registry, encoding="utf-8")
    (root / "entities").mkdir()
    label = '<http://www.w3.org/2004/02/skos/core#prefLabel> "a <b>&\\" thing"@en'
    facts = f"<{base}entity/x.ttl> <{RDF.type}> <{OGX.Entity}> ; {label} .\n"
    (root / "entities" / "all.ttl").write_text(facts, encoding="utf-8")
    with serving(open_graph(root)) as client:
        page = client.get("/entity/x.ttl")
        assert page.headers["content-type"].startswith("text/html")
        assert "a &lt;b&gt;&amp;&#34; thing" in page.text
        assert "<script" not in unscripted(page.text)
        assert f"{base}entity/x.ttl" in client.get("/entity/x.ttl.nt").text
        assert client.get("/entity/x").status_code == 404
