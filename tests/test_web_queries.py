"""The stored queries over HTTP: typed parameters, pages, formats, and what is said of them for machines."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import rdflib
from conftest import require
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from webs import Answered, Web, get, post, raw, sparql, web_server

from ogx_rdf import open_graph
from ogx_rdf.api import Graph
from ogx_rdf.corpus import Corpus
from ogx_rdf.resources import resource
from ogx_rdf.web.examples import examples_of

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
FUZZER = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or shutil.which("schemathesis")
ABOUT = "/queries/claims-about/results"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    with web_server("--corpus", str(resource("ontology")), folder=folder) as server:
        yield server


@pytest.fixture(scope="module")
def graph() -> Graph:
    return open_graph(resource("ontology"))


@pytest.fixture(scope="module")
def api(web: Web) -> dict[str, Any]:
    """The description of the API."""
    answered = get(web, "/openapi.json")
    assert answered.status == 200
    found: dict[str, Any] = json.loads(answered.body)
    return found


def read(answered: Answered) -> Any:
    assert answered.status == 200, answered.text
    return json.loads(answered.body)


def refused(answered: Answered, status: int, said: str) -> None:
    assert answered.status == status, answered.text
    assert answered.media == "application/problem+json"
    assert said in json.loads(answered.body)["message"]


def test_the_queries_are_listed_and_described(web: Web, graph: Graph) -> None:
    listed = read(get(web, "/queries"))
    assert listed["answer"] == "rows"
    assert [row["id"] for row in listed["rows"]] == list(graph.queries)
    for row in listed["rows"][:3]:
        assert read(get(web, row["href"])) == row
    text = get(web, "/queries/claims-about", Accept="application/sparql-query")
    assert text.text == graph.queries["claims-about"].text


def ids(answered: Answered) -> list[str]:
    return [row["id"] for row in read(answered)["rows"]]


def test_the_list_is_narrowed_by_group_and_words_the_same_by_get_and_post(web: Web, graph: Graph) -> None:
    audits = [name for name, query in graph.queries.items() if query.group == "audit"]
    assert 0 < len(audits) < len(graph.queries)
    assert ids(get(web, "/queries?group=audit")) == audits
    assert ids(post(web, "/queries", '{"group": "audit"}', JSON)) == audits
    assert ids(post(web, "/queries", "group=audit", FORM)) == audits
    assert ids(post(web, "/queries", "{}", JSON)) == list(graph.queries)
    words = ids(get(web, "/queries?text=WEAKEST+uncited"))
    assert words == []
    assert "uncited-claims" in ids(get(web, "/queries?text=Citation+claims"))
    none = get(web, "/queries?text=qqqq")
    assert read(none) == {"answer": "none", "page": {"limit": None, "offset": 0, "total": 0}, "rows": []}
    assert none.headers["ogx-answer"] == "none"


def test_the_list_comes_page_by_page(web: Web, graph: Graph) -> None:
    path, found = "/queries?group=read&limit=20", list[str]()
    while path:
        answered = get(web, path)
        found += ids(answered)
        following = re.search(r'<([^>]*)>; rel="next"', answered.headers.get("link", ""))
        path = following[1] if following else ""
    assert found == [name for name, query in graph.queries.items() if query.group == "read"]
    assert read(post(web, "/queries", '{"limit": 1, "offset": 2}', JSON))["page"] == {
        "limit": 1,
        "offset": 2,
        "total": len(graph.queries),
    }


def test_a_query_is_asked_by_post_at_its_own_address_as_at_that_of_its_results(web: Web) -> None:
    asked = '{"entity": "clusterin", "limit": 3}'
    answered, expected = post(web, "/queries/claims-about", asked, JSON), post(web, ABOUT, asked, JSON)
    assert read(answered) == read(expected)
    assert answered.headers["link"] == expected.headers["link"]
    assert read(get(web, re.findall("<(.*?)>", answered.headers["link"])[0]))["page"]["offset"] == 3
    table = post(web, "/queries/claims-about", "entity=clusterin", FORM, Accept="text/csv")
    assert table.text == get(web, f"{ABOUT}?entity=clusterin", Accept="text/csv").text
    assert read(post(web, "/queries/trials", "{}", JSON)) == read(get(web, "/queries/trials/results"))


def test_a_query_with_parameters_leads_to_its_answer(web: Web) -> None:
    answered = get(web, "/queries/claims-about?entity=clusterin&limit=2")
    assert answered.status == 303
    assert answered.headers["location"] == f"{ABOUT}?entity=clusterin&limit=2"


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/queries", "/ask"),
        ("/queries?group=audit", "/ask?group=audit"),
        ("/queries/claims-about", "/ask/claims-about"),
        ("/queries/claims-about?entity=NF-%CE%BAB", "/ask/claims-about?entity=NF-%CE%BAB"),
        (f"{ABOUT}?entity=clusterin&limit=7&offset=7", "/ask/claims-about?entity=clusterin"),
        ("/queries/claims-abuot/results", "/ask/claims-abuot"),
        ("/queries/%22%3E%0D%0AX%3A1", "/ask/%22%3E%0D%0AX%3A1"),
        ("/sparql", "/ask"),
        ("/sparql/", "/ask"),
    ],
)
@pytest.mark.parametrize("accept", [BROWSER, "text/html"])
def test_a_browser_is_sent_to_the_page_for_people(web: Web, path: str, page: str, accept: str) -> None:
    answered = get(web, path, Accept=accept)
    assert answered.status == 303, answered.text
    assert answered.headers["location"] == page
    assert "Accept" in answered.headers["vary"]
    shown = get(web, page, Accept=accept)
    assert shown.media == "text/html"
    assert shown.status == (404 if "abuot" in page or "X%3A1" in page else 200)


@pytest.mark.parametrize("accept", [None, "*/*", "application/json, text/html;q=0.9", "application/json,text/html"])
def test_a_program_is_answered_and_told_that_it_depends_on_what_it_takes(web: Web, accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    for path in ("/queries", "/queries/claims-about", f"{ABOUT}?entity=clusterin"):
        answered = get(web, path, **headers)
        assert (answered.status, answered.media) == (200, JSON), accept
        assert "Accept" in answered.headers["vary"]


def test_a_form_of_a_browser_leads_to_the_page_too(web: Web) -> None:
    for path in ("/queries/repeated-propositions", "/queries/repeated-propositions/results"):
        answered = post(web, path, "least=3&limit=5", FORM, Accept=BROWSER)
        assert (answered.status, answered.headers["location"]) == (303, "/ask/repeated-propositions?least=3")


def test_an_answer_is_that_of_the_library(web: Web, graph: Graph) -> None:
    answered = get(web, f"{ABOUT}?entity=clusterin")
    found = read(answered)
    page = found.pop("page")
    expected = graph.query("claims-about", entity="clusterin")
    assert found == json.loads(json.dumps(expected.as_dict()))
    assert page == {"offset": 0, "limit": None, "total": len(expected.rows)}
    assert answered.headers["ogx-answer"] == "rows"
    assert answered.headers["ogx-total"] == str(len(expected.rows))


def test_the_four_kinds_of_answer_are_told_apart(web: Web, graph: Graph) -> None:
    stated = get(web, f"{ABOUT}?entity=clusterin")
    silent = next(
        name
        for row in graph.query("entities").rows
        if graph.query("claims-about", entity=(name := str(row["entity"]))).answer == "not-stated"
    )
    not_stated = get(web, f"{ABOUT}?entity={quote(silent)}")
    none = get(web, "/queries/markers-without-entry/results")
    failed = get(web, f"{ABOUT}?entity=clustering")
    kinds = [json.loads(answered.body)["answer"] for answered in (stated, not_stated, none, failed)]
    assert kinds == ["rows", "not-stated", "none", "failed"]
    assert read(not_stated)["rows"] == []
    for kind in ("text/csv", "text/tab-separated-values", "application/sparql-results+json"):
        assert get(web, f"{ABOUT}?entity={quote(silent)}", Accept=kind).headers["ogx-answer"] == "not-stated"


def test_parameters_come_in_the_address_a_form_or_json(web: Web) -> None:
    expected = read(get(web, "/queries/repeated-propositions/results?least=3"))
    path = "/queries/repeated-propositions/results"
    assert read(post(web, path, "least=3", FORM)) == expected
    assert read(post(web, path, '{"least": 3}', f"{JSON}; charset=utf-8")) == expected
    assert read(post(web, f"{path}?least=3", "{}", JSON)) == expected
    assert expected["params"] == {"least": "3"}


HOSTILE = [
    'x" . ?a ?b ?c . #',
    "http://ex/t> } UNION { ?s ?p ?o",
    "entity:clusterin> . <urn:x",
    "clusterin\n} ; DROP ALL",
    "\\u003e } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "?entity",
    "",
    "\x00",
    "'''\"\"\"\\",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_a_value_and_never_sparql(web: Web, value: str) -> None:
    refused(get(web, f"{ABOUT}?{urlencode({'entity': value})}"), 400, "no entity")
    answered = get(web, f"/queries/search/results?{urlencode({'text': value})}")
    assert answered.status in (200, 400)
    assert json.loads(answered.body)["answer"] in ("rows", "none", "not-stated", "failed")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/queries/claims-abuot", 404, "Did you mean claims-about"),
        ("/queries/claims-abuot/results", 404, "no query"),
        ("/queries?group=reed", 400, "Did you mean read"),
        ("/queries?status=ok", 400, "no filter"),
        ("/queries?limit=0", 400, "limit takes a whole number, 1 or more"),
        ("/queries?offset=1000", 400, "there is no row 1000"),
        ("/queries?group=read&group=audit", 400, "2 values for group"),
        ("/queries/..%2Fread%2Fclaims-about/results", 404, ""),
        (ABOUT, 400, "needs a value for entity"),
        (f"{ABOUT}?entiti=clusterin", 400, "no parameter"),
        (f"{ABOUT}?entity=a&entity=b", 400, "2 values for entity"),
        (f"{ABOUT}?entity=clusterin&limit=0", 400, "limit takes a whole number, 1 or more"),
        (f"{ABOUT}?entity=clusterin&limit=-1", 400, "limit takes a whole number"),
        (f"{ABOUT}?entity=clusterin&offset=x", 400, "offset takes a whole number"),
        (f"{ABOUT}?entity=clusterin&offset=99999", 400, "there is no row 99999"),
        (f"{ABOUT}?entity=%FF", 400, "not UTF-8"),
        ("/queries/repeated-propositions/results?least=two", 400, "least takes a whole number"),
        ("/queries/claims-by-kind/results?kind=x", 400, "no kind"),
    ],
)
def test_wrong_use_is_refused_in_words(web: Web, path: str, status: int, said: str) -> None:
    refused(get(web, path), status, said)


def test_bodies_that_make_no_sense_are_refused(web: Web) -> None:
    refused(post(web, ABOUT, "[1]", JSON), 400, "not a JSON object")
    refused(post(web, ABOUT, "{", JSON), 400, "not valid JSON")
    refused(post(web, ABOUT, "[" * 100_000, JSON), 400, "not valid JSON")
    refused(post(web, ABOUT, '{"entity": ["clusterin"]}', JSON), 400, "the value of entity is not a text")
    refused(post(web, ABOUT, '{"entity": 1}', JSON), 400, "the value of entity is not a text")
    refused(post(web, ABOUT, '{"entity": "clusterin", "limit": "1"}', JSON), 400, "limit is not a whole number")
    refused(post(web, ABOUT, '{"entity": "clusterin", "limit": true}', JSON), 400, "limit is not a whole number")
    refused(post(web, f"{ABOUT}?entity=clusterin", '{"entity": "clusterin"}', JSON), 400, "in the body")
    for path in (ABOUT, "/queries/claims-about", "/queries"):
        refused(post(web, path, "<x/>", "text/xml"), 415, "cannot be sent as text/xml")
    refused(post(web, "/queries", '{"group": 1}', JSON), 400, "the value of group is not a text")
    refused(post(web, "/queries/claims-abuot", "{}", JSON), 404, "Did you mean claims-about")
    refused(post(web, "/queries/claims-about", "{}", JSON), 400, "needs a value for entity")
    refused(post(web, ABOUT, " " * (1 << 20) + "{}", JSON), 413, "the body has more than")
    refused(raw(web, b"PUT /queries HTTP/1.1\r\nHost: x\r\n\r\n"), 405, "Method Not Allowed")
    refused(get(web, f"{ABOUT}?entity=clusterin", Accept="image/png"), 406, "cannot be given")


def test_pages_put_together_are_the_whole(web: Web) -> None:
    whole = read(get(web, f"{ABOUT}?entity=clusterin"))["rows"]
    path, rows, pages = f"{ABOUT}?entity=clusterin&limit=7", [], 0
    while path:
        answered = get(web, path)
        found = read(answered)
        rows += found["rows"]
        pages += 1
        assert found["page"] == {"limit": 7, "offset": 7 * (pages - 1), "total": len(whole)}
        following = re.search(r'<([^>]*)>; rel="next"', answered.headers.get("link", ""))
        path = following[1] if following else ""
    assert rows == whole
    assert pages == -(-len(whole) // 7)
    assert 'rel="prev"' in answered.headers["link"]


def test_every_format_holds_the_same_rows(web: Web, graph: Graph) -> None:
    path = f"{ABOUT}?entity=clusterin&limit=5&offset=2"
    found = read(get(web, path))
    names, rows = found["columns"], found["rows"]
    table = list(csv.reader(io.StringIO(get(web, path, Accept="text/csv").text)))
    assert table[0] == names
    quotes = [row["quote"] or "" for row in rows]
    assert [row[names.index("quote")].removeprefix("'") for row in table[1:]] == quotes
    bindings = read(get(web, path, Accept="application/sparql-results+json"))
    assert bindings["head"]["vars"] == names
    claims = [graph.corpus.expand(row["claim"]) for row in rows]
    assert [row["claim"]["value"] for row in bindings["results"]["bindings"]] == claims
    lines = get(web, path, Accept="text/tab-separated-values").text.splitlines()
    assert lines[0] == "\t".join(f"?{name}" for name in names)
    assert [line.split("\t")[names.index("claim")] for line in lines[1:]] == [f"<{claim}>" for claim in claims]


def test_the_description_is_valid_openapi(api: dict[str, Any], web: Web) -> None:
    OpenAPIV31SpecValidator(api).validate()
    assert api["openapi"] == "3.1.0"
    assert api["servers"] == [{"url": "http://www.example"}]
    operations = [said for path in api["paths"].values() for said in path.values()]
    names = [said["operationId"] for said in operations]
    assert len(names) == len(set(names))
    known = {tag["name"] for tag in api["tags"]}
    for said in operations:
        assert said["summary"] and said["description"]
        assert set(said["tags"]) <= known


def test_every_query_and_parameter_is_in_the_description(api: dict[str, Any], graph: Graph) -> None:
    for name, query in graph.queries.items():
        path = api["paths"][f"/queries/{name}/results"]
        parameters = {said["name"]: said for said in path["get"]["parameters"]}
        assert set(parameters) == {"limit", "offset", *(param.name for param in query.params)}
        body = path["post"]["requestBody"]["content"][JSON]["schema"]
        for param in query.params:
            assert parameters[param.name]["required"] is param.required
            assert set(param.allowed) <= set(parameters[param.name]["schema"].get("enum", ()))
            assert (param.name in body.get("required", ())) is param.required


def checked(api: dict[str, Any], schema: dict[str, Any], answered: Answered) -> None:
    """Holds that an answer is as its schema says."""
    OAS31Validator({**schema, "components": api["components"]}).validate(read(answered))


def test_every_example_runs_and_is_answered_as_described(api: dict[str, Any], web: Web, graph: Graph) -> None:
    ran = set()
    for path, operations in api["paths"].items():
        if not path.endswith("/results"):
            continue
        said = operations["get"]
        given = {p["name"]: p["example"] for p in said["parameters"] if "example" in p}
        schema = said["responses"]["200"]["content"][JSON]["schema"]
        answered = get(web, f"{path}?{urlencode(given)}")
        checked(api, schema, answered)
        body = operations["post"]["requestBody"]["content"][JSON]
        OAS31Validator(body["schema"]).validate(body["example"])
        assert read(post(web, path, json.dumps(body["example"]), JSON)) == read(answered)
        ran.add(path.split("/")[2])
    assert ran == set(graph.queries)


def test_a_problem_is_as_described(api: dict[str, Any], web: Web) -> None:
    problem = json.loads(get(web, ABOUT).body)
    schema = {"$ref": "#/components/schemas/Problem", "components": api["components"]}
    OAS31Validator(schema).validate(problem)
    assert not OAS31Validator(schema).is_valid({**problem, "answer": "rows"})


def test_a_fuzzer_finds_nothing_that_the_description_does_not_say(web: Web, tmp_path: Path) -> None:
    """No schema says which texts name something in the graph: that others are refused is no finding."""
    require("schemathesis", FUZZER, "schemathesis is not installed (pip install schemathesis)")
    paths = r"/(sparql|export|feed\.atom|queries|queries/\{id\}|queries/(claims-about|repeated-propositions)/results)$"
    command = [str(FUZZER), "run", f"http://127.0.0.1:{web.port}/openapi.json", "--include-path-regex", paths]
    command += ["--exclude-checks", "positive_data_acceptance", "--phases", "examples,coverage,fuzzing"]
    command += ["--max-examples", "5", "--seed", "1", "--no-color"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert re.search(r"[0-9]{3} generated, [0-9]{3} passed", done.stdout)


def test_every_query_is_an_executable_that_runs(web: Web, graph: Graph) -> None:
    served = rdflib.Graph()
    served.parse(data=get(web, "/.well-known/sparql-examples").text, format="turtle")
    nodes = set(served.subjects(rdflib.RDF.type, SH.SPARQLExecutable))
    assert {str(node).rpartition("#")[2] for node in nodes} == set(graph.queries)
    for node in nodes:
        assert (node, rdflib.RDF.type, SH.SPARQLSelectExecutable) in served
        question = served.value(node, rdflib.RDFS.comment)
        assert isinstance(question, rdflib.Literal) and question.language == "en"
        for declared in served.objects(node, SH.prefixes):
            assert served.value(served.value(declared, SH.declare), SH.namespace) is not None
        text = str(served.value(node, SH.select))
        name = str(node).rpartition("#")[2]
        found = read(sparql(web, text, Accept=JSON))
        expected = graph.query(name, **graph.queries[name].example)
        assert len(found["results"]["bindings"]) == len(expected.rows), name


def test_a_corpus_that_lacks_what_the_examples_name_has_none(empty_corpus: Corpus, tmp_path: Path) -> None:
    with web_server("--corpus", str(empty_corpus.root), folder=tmp_path) as web:
        described = json.loads(get(web, "/openapi.json").body)
        about = described["paths"][ABOUT]
        assert all("example" not in said for said in about["get"]["parameters"])
        assert get(web, "/.well-known/sparql-examples").status == 200
        refused(get(web, f"{ABOUT}?entity=clusterin"), 400, "no entity")
        assert read(get(web, "/queries/documents/results"))["answer"] == "none"


def test_a_store_has_the_examples_of_its_files(graph: Graph, tmp_path: Path) -> None:
    graph.build(out=tmp_path / "graph.nq", store=tmp_path / "store")
    stored = open_graph(resource("ontology"), store=tmp_path / "store").corpus
    found = examples_of(stored, graph.queries)
    assert found == examples_of(graph.corpus, graph.queries)
    assert found["claims-about"] == {"entity": "clusterin"}


def test_an_example_whose_names_a_store_does_not_have_is_left_out(tmp_path: Path) -> None:
    mini = open_graph(Path(__file__).parent / "data" / "audit-corpus")
    mini.build(out=tmp_path / "graph.nq", store=tmp_path / "store")
    stored = open_graph(mini.corpus.root, store=tmp_path / "store").corpus
    found = examples_of(stored, mini.queries)
    assert "claims-about" not in found
    assert "evidence-for" not in found
    assert found["documents"] == {}
