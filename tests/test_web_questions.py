"""Stored questions as pages: parameters from the graph, quotes in the answer, four kinds of answer told apart."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from pages import kind, placeless, seen, serving, unscripted

from ogx_rdf import open_graph
from ogx_rdf.errors import InputError
from ogx_rdf.mechanism.chains import search
from ogx_rdf.mechanism.steps import network_of
from ogx_rdf.model import Iri
from ogx_rdf.queries import Answer, catalogue
from ogx_rdf.queries.returning import Asked, Returning, point_questions, returning
from ogx_rdf.records import Records
from ogx_rdf.resources import resource
from ogx_rdf.web.examples import bound_text
from ogx_rdf.web.pages import Site
from ogx_rdf.web.pages.asking import told_answer

QUERIES = catalogue()


MINI = Path(__file__).parent / "data" / "audit-corpus"
GRAPH = open_graph(resource("ontology"))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(GRAPH) as found:
        yield found


def test_every_question_is_listed_in_plain_words(client: httpx.Client) -> None:
    page = seen(client.get("/ask").text)
    for query in QUERIES.values():
        assert (query.question, f"/ask/{query.id}") in page.links


def test_questions_are_found_by_words_of_question_summary_and_name(client: httpx.Client) -> None:
    def found(text: str) -> set[str]:
        page = seen(client.get("/ask", params={"q": text}).text)
        assert not page.unclosed and "questions" in page.ids
        return {href.removeprefix("/ask/") for _, href in page.links if href.startswith("/ask/")}

    assert found("ENDPOINTS  not") == found("not endpoints") >= {"failed-endpoints"}
    assert found("early late phase") >= {"early-against-late-phase"}
    assert found("disputed-claims") == {"disputed-claims"}
    assert found("") == set(QUERIES)
    for text in ("contested", "uncited", "arms"):
        for name in QUERIES:
            said = f"{QUERIES[name].question} {QUERIES[name].summary} {name}".casefold()
            assert (name in found(text)) == (text in said), name
    nothing = seen(client.get("/ask", params={"q": "<b>zzzz"}).text)
    assert kind(nothing) == ["none"]
    assert "No question has these words." in nothing.text
    assert ("input", "<b>zzzz") in [(tag, given.get("value")) for tag, given in nothing.tags]


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


def table(html: str) -> tuple[list[str], list[list[str]]]:
    """The headings of the table of an answer, and the cells of each of its rows as HTML, without those that go on."""
    found = html[html.index('<table class="stack rows">') : html.index("</table>")]
    heads = [seen(head).text.strip() for head in re.findall(r'<th scope="col".*?</th>', found, re.DOTALL)]
    rows = re.findall(r"<tr.*?</tr>", found[found.index("<tbody>") :], re.DOTALL)
    return heads, [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]


@pytest.mark.parametrize("name", QUERIES)
def test_every_column_has_something_and_no_cell_has_a_bare_id_or_a_code(name: str, client: httpx.Client) -> None:
    query = QUERIES[name]
    answer = GRAPH.query(name, **query.example)
    html = client.get(f"/ask/{name}", params=dict(query.example)).text
    if answer.answer != "rows":
        return
    heads, rows = table(html)
    assert len(heads) == len(set(heads))
    held = dict.fromkeys(heads, False)
    for row in rows:
        for head, cell in zip(reversed(heads), reversed(row), strict=False):
            held[head] |= seen(cell).text.strip() not in ("", "–")
    assert all(held.values()), [head for head, any_ in held.items() if not any_]
    body = html[html.index('<table class="stack rows">') : html.index("</table>")]
    for text, shown in re.findall(r'title="([^"]*)">([^<]*)</', body):
        assert shown != text or text.startswith("http"), text
    words = [row[column.name] for row in answer.rows for column in query.columns if column.type in ("word", "words")]
    each = [word for cell in words for word in (cell if isinstance(cell, list) else [cell])]
    codes = {word for word in each if isinstance(word, str) and re.search("[a-z][A-Z]", word)}
    assert not [code for code in codes if f">{code}<" in body or f" {code}" in seen(body).text]


def test_contested_claims_show_who_supports_and_who_disputes_in_which_words(client: httpx.Client) -> None:
    html = client.get("/ask/disputed-claims").text
    heads, rows = table(html)
    assert heads == ["Claim", "Supports it", "Disputes it"]
    for answered, row in zip(GRAPH.query("disputed-claims").rows, rows, strict=True):
        for cell, side in zip(row[1:], ("here", "there"), strict=True):
            page = seen(cell)
            names = answered[side]
            assert isinstance(names, list)
            assert [words for words, _ in page.links if words.startswith("c:")] == names
    bax = seen(next(row[2] for row in rows if "c:0068" in row[0]))
    assert ("work:prochnow-2013", "/work/prochnow-2013") in bax.links
    assert "reported: Clusterin forms that are not secreted did not affect Bax-mediated apoptosis." in bax.text


def test_rows_and_claims_are_counted_apart(client: httpx.Client) -> None:
    page = seen(client.get("/ask/encyclopedia-only-claims").text)
    rows = GRAPH.query("encyclopedia-only-claims").rows
    assert f"{len(rows)} rows on {len({row['claim'] for row in rows})} claims" in page.text
    assert "12 rows on" not in seen(client.get("/ask/disputed-claims").text).text


def test_an_answer_that_a_worker_sends_as_json_makes_the_same_page(client: httpx.Client) -> None:
    def worker(name: str, parameters: Mapping[str, str]) -> Answer:
        sent = json.dumps(GRAPH.query(name, **parameters).as_dict())
        return told_answer(QUERIES[name], json.loads(sent))

    with serving(Site(GRAPH, worker)) as other:
        for name in ("failed-endpoints", "measurements", "trial-arms", "external-ids", "coverage-ledger", "search"):
            given = dict(QUERIES[name].example)
            assert placeless(other, f"/ask/{name}", given) == placeless(client, f"/ask/{name}", given)
        nothing = {"trial": "a Phase I study of custirsen"}
        page = placeless(other, "/ask/trial-outcomes", nothing)
        assert page == placeless(client, "/ask/trial-outcomes", nothing)
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


@pytest.fixture(scope="module")
def records() -> Records:
    return Records(GRAPH.corpus)


@pytest.fixture(scope="module")
def returned(records: Records) -> Returning:
    """What the pages of claims tell, made as they make it."""
    return returning(records, QUERIES.values(), lambda query, text: GRAPH.corpus.dataset.select(text).texts())


def claims_in(name: str, given: Mapping[str, str], records: Records) -> set[Iri]:
    """The claims that an answer names, in whatever column."""
    answer = GRAPH.query(name, **given)
    cells = [cell for row in answer.rows for cell in row.values()]
    names = [name for cell in cells for name in (cell if isinstance(cell, list) else [str(cell)])]
    return {iri for name in names if (iri := GRAPH.corpus.expand(name)) in records.claims and iri is not None}


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_that_is_said_to_return_a_claim_does_and_no_other_does(
    name: str, returned: Returning, records: Records
) -> None:
    """Of questions that a thing is asked for, a few things; of all others, everything."""
    by: dict[Asked, set[Iri]] = {}
    for claim, asked in returned.asked.items():
        for each in asked:
            if each.query == name:
                by.setdefault(each, set()).add(claim)
    types = {param.type for param in QUERIES[name].params if param.default != "any"}
    things = bool(types & {"claim", "entity", "disease", "trial"})
    for each in sorted(by, key=str)[:: 1 + len(by) // 6 if things else 1]:
        found = claims_in(name, dict(each.values), records)
        assert by[each] <= found if things else by[each] == found, each
    if not types:
        assert set().union(*by.values()) == claims_in(name, {}, records)


def test_what_is_left_out_needs_words_of_ones_own_or_returns_no_claim(returned: Returning, records: Records) -> None:
    told = {each.query for asked in returned.asked.values() for each in asked}
    silent = {name for name in QUERIES if name not in told}
    for name in silent - {"search"}:
        example = QUERIES[name].example
        assert not claims_in(name, {} if name == "repeated-propositions" else example, records), name
    assert len(told) > 40
    assert returned.missing == ()


def test_what_is_read_off_a_claim_is_what_asking_finds(returned: Returning, records: Records) -> None:
    names = {"evidence-for", "literature-on", "sources-of-claim", "claims-about"}
    for claim in records.claims.values():
        ends = {("entity", GRAPH.corpus.curie(end)) for end in (claim.subject, claim.object)}
        asked = [each for each in returned.asked[claim.iri] if each.query in names]
        found = {each for each in asked if each.query != "claims-about" or each.values[0] in ends}
        assert set(point_questions(records, claim)) == found, claim.iri


@pytest.mark.parametrize("claim", ["0001", "0068", "0176", "0253"])
def test_the_page_of_a_claim_leads_to_every_question_that_returns_it(
    claim: str, client: httpx.Client, returned: Returning
) -> None:
    page = seen(client.get(f"/c/{claim}").text)
    links = {href for _, href in page.links if href.startswith("/ask/")}
    asked = returned.asked[GRAPH.resolve(f"c:{claim}")]
    expected = {f"/ask/{each.query}" + (f"?{urlencode(each.values)}" if each.values else "") for each in asked}
    assert links == expected
    for href in sorted(links)[::3]:
        answer = seen(client.get(href).text)
        assert kind(answer) == ["rows"], href
        own = f"claim=c%3A{claim}" in href  # what was asked for is not told again in each row
        assert own or f"/c/{claim}" in {target for _, target in answer.links}, href


def test_the_chains_that_a_claim_is_said_to_stand_in_lead_through_it(client: httpx.Client, records: Records) -> None:
    network = network_of(records)
    for step in network.steps[::6]:
        page = seen(client.get(f"/{step.iri.removeprefix(GRAPH.corpus.base)}").text)
        links = [href for _, href in page.links if href.startswith("/chains?")]
        assert links, step.iri
        for href in links:
            ends = dict(parse_qsl(urlsplit(href).query))
            start, end = (GRAPH.resolve(ends[name]) for name in ("from", "to"))
            found = search(network, start, end, 5).chains
            assert any(step.iri in {each.iri for each in chain.steps} for chain in found), (step.iri, href)


def test_a_claim_that_carries_no_chain_says_why(client: httpx.Client, records: Records) -> None:
    steps = {step.iri for step in network_of(records).steps}
    why = set()
    for claim in list(records.claims.values())[::5]:
        page = seen(client.get(f"/{claim.iri.removeprefix(GRAPH.corpus.base)}").text)
        said = page.text.partition("No chain leads through it. ")[2]
        assert bool(said) is (claim.iri not in steps)
        assert not said.startswith("It is not known")
        why |= {said.partition(".")[0]} - {""}
    assert {"It says of no influence of one thing on another", "No place supports it"} & why


def test_a_question_of_the_corpus_that_cannot_be_asked_is_named_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    """Such questions are asked in workers, where there are any: nobody knows how long they take."""
    root = tmp_path / "corpus"
    shutil.copytree(MINI, root)
    (root / "queries").mkdir(exist_ok=True)
    for name in ("mine", "slow"):
        text = Path(resource("queries") / "read" / "negative-results.rq").read_text(encoding="utf-8")
        (root / "queries" / f"{name}.rq").write_text(text.replace("summary: ", f"summary: {name} "), encoding="utf-8")
    graph = open_graph(root)
    asked = []

    def ask_text(text: str) -> tuple[str, bytes]:
        asked.append(text)
        if "summary: slow" in text:
            raise InputError("E656", "it took too long")
        rows = graph.corpus.dataset.select(text).texts()
        told = {"results": {"bindings": [{name: {"value": value} for name, value in row.items()} for row in rows]}}
        return "application/sparql-results+json", json.dumps(told).encode()

    with serving(Site(graph, ask_text=ask_text)) as other:
        (claim, *_) = [str(row["claim"]) for row in graph.query("negative-results").rows]
        page = seen(other.get(f"/c/{claim.partition(':')[2]}").text)
    assert len(asked) == 2
    assert "Not known of, since they could not be asked: slow." in page.text
    links = {href for _, href in page.links}
    assert {"/ask/mine", "/ask/negative-results"} <= links
    assert "/ask/slow" not in links
