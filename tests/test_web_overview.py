"""The first page leads with what failed, and from it everything is near; the chapters of the report as pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest
from pages import Seen, seen, serving, unscripted

from ogx_rdf import open_graph
from ogx_rdf.audit import Audit
from ogx_rdf.corpus import Corpus
from ogx_rdf.resources import resource
from ogx_rdf.tensions import CURATED
from ogx_rdf.web.pages.chapters import CHAPTERS

GRAPH = open_graph(resource("ontology"))


@pytest.fixture(scope="module")
def audited() -> Audit:
    return GRAPH.audit()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(GRAPH) as found:
        yield found


@pytest.fixture(scope="module")
def first(client: httpx.Client) -> Seen:
    return seen(client.get("/").text)


def test_what_failed_comes_before_everything_else(first: Seen) -> None:
    heads = [attrs["id"] for tag, attrs in first.tags if tag == "h2"]
    assert heads[:3] == ["failed", "ways", "trials"]
    assert {"early", "citations", "repairs", "coverage"} <= set(heads)
    assert first.text.index("SYNERGY did not meet its primary endpoint") < first.text.index("overall survival 15.8")


def test_empty_cells_of_the_trial_table_say_so(client: httpx.Client) -> None:
    html = client.get("/").text
    table = html[html.index('<table class="stack') : html.index("</table>")]
    assert table.count("not stated") > 10
    assert not re.search(r"<t[dh][^>]*>\s*</t[dh]>", table)


def test_the_totals_are_those_of_the_audit(first: Seen, audited: Audit) -> None:
    totals = audited.totals
    for name in ("claims", "claims-uncited-statements", "claims-encyclopedia-only", "claims-supported-by-a-study"):
        assert str(totals[name].value) in [words for words, _ in first.links], name
    assert "116 passages: 74 give claims, 42 are skipped with a reason, 0 are open" in first.text


def claims_at(client: httpx.Client, href: str) -> set[str]:
    """The claims that are listed where a link leads: on the page, or in the part of it that has the anchor."""
    html = client.get(href).text
    html = html[html.index("<main") : html.index("</main>")]
    anchor = href.partition("#")[2]
    if anchor:
        html = html[html.index(f'id="{anchor}"') :]
        html = html[: html.index("</table>")]
    return set(re.findall(r'href="/c/(\d+)"', html))


def test_each_number_of_the_first_page_leads_to_just_so_many_claims(client: httpx.Client, audited: Audit) -> None:
    html = client.get("/").text
    numbers = html[html.index('<ul class="numbers">') :]
    links = seen(numbers[: numbers.index("</ul>")]).links
    assert len(links) == 5
    for number, href in links:
        assert len(claims_at(client, href)) == int(number), href
    chains = {audited.corpus.curie(iri).partition(":")[2]: chain for iri, chain in audited.chains.items()}
    disputed = {name for name, chain in chains.items() if chain.stated and chain.support.disputing_studies}
    assert claims_at(client, links[-1][1]) == disputed


def test_a_stranger_finds_what_the_synergy_sentence_rests_on_and_what_the_report_says(client: httpx.Client) -> None:
    """By links alone: the first page, the claims that it names, the work, each one click further."""
    page = seen(client.get("/").text)
    told = page.text[page.text.index("SYNERGY did not meet") :]
    assert "“Did not meet the primary endpoint" in told
    assert "cites [5] Custirsen - Wikipedia [en.wikipedia.org] (encyclopedia, resolved)" in told
    assert "hazard ratio 0.93, 95% CI 0.79 to 1.10, p 0.415" in told
    claim = seen(client.get(page.href("c:0176")).text)
    assert "every entry cited is an encyclopedia page" in claim.text
    number = seen(client.get(page.href("c:0177")).text)
    assert "0.79 to 1.10" in number.text
    work = seen(client.get(number.href("Custirsen in combination with docetaxel")).text)
    assert "primary report" in work.text
    assert "Work work:chi-2017-synergy" in work.text


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_link_of_a_chapter_leads_somewhere(name: str, client: httpx.Client) -> None:
    page = seen(client.get(f"/report/{name}").text)
    assert not page.unclosed
    assert len(page.ids) == len(set(page.ids))
    own = {href for _, href in page.links if href.startswith(("/", "#"))}
    assert own
    for href in own:
        if href.startswith("#"):
            assert href[1:] in page.ids, href
    for path in sorted({urlsplit(href).path for href in own if href.startswith("/")} - {"/search"})[:40]:
        if not path.startswith("/ask"):
            assert client.head(path).status_code == 200, path


def test_anchors_in_other_chapters_are_there(first: Seen, client: httpx.Client) -> None:
    ahead = {href for _, href in first.links if href.startswith("/report/") and "#" in href}
    assert ahead
    for href in ahead:
        path, _, anchor = href.partition("#")
        assert anchor in seen(client.get(path).text).ids, href


def test_what_disputes_a_step_is_named_with_what_it_says(client: httpx.Client) -> None:
    page = seen(client.get("/report/mechanism").text)
    words = (
        "disputed by work:prochnow-2013: Clusterin forms that are not secreted did not affect Bax-mediated apoptosis"
    )
    assert words.replace(" ", "") in page.text.replace(" ", "")
    assert ("work:prochnow-2013", "/work/prochnow-2013") in page.links
    title = "Bax: secretory clusterin in the guide, intracellular clusterin and another step in the report"
    assert (title, "/tension/d06") in page.links
    assert not re.search(r"by (c:\d+\.|tension:)", page.text)


def test_drawings_stand_in_the_page_without_inline_style(client: httpx.Client) -> None:
    html = client.get("/report/mechanism").text
    assert "<svg" in html
    assert " style=" not in html
    assert "<script" not in unscripted(html) and "<style" not in html


def test_an_unknown_chapter_is_told_with_the_nearest(client: httpx.Client) -> None:
    page = client.get("/report/trails")
    assert page.status_code == 404
    assert "Did you mean trials" in seen(page.text).text


def test_a_corpus_without_anything_has_a_first_page(empty_corpus: Corpus) -> None:
    with serving(open_graph(empty_corpus.root)) as client:
        page = seen(client.get("/").text)
        assert "No failed result of phase III or later is on record." in page.text
        assert "“not stated” may not be said yet" in page.text
        for name in CHAPTERS:
            assert client.get(f"/report/{name}").status_code == 200


def test_the_matrix_counts_each_printed_citation_in_its_section(client: httpx.Client, audited: Audit) -> None:
    records = audited.records
    marks = [(m.reference, p.section) for p in records.passages.values() for m in p.markers]
    html = client.get("/report/matrix").text
    rows = re.findall(r"<tr>(.*?)</tr>", html[html.index("<tbody>") :], re.DOTALL)
    cells = {
        unescape(re.sub(r"<[^>]+>", "", row)).split()[0]: [
            int(re.sub(r"<[^>]+>", "", number)) for number in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        ]
        for row in rows
    }
    sections = list(dict.fromkeys(section for _, section in marks))
    for iri, entry in records.references.items():
        counts = [marks.count((iri, section)) for section in sections]
        assert cells[f"[{entry.label}]"] == [*counts, sum(counts)]
    assert cells["all"][-1] == len(marks)


def test_two_things_chosen_show_the_chains_between_them(client: httpx.Client) -> None:
    start = seen(client.get("/chains").text)
    assert {given["value"] for tag, given in start.tags if tag == "option"} >= {"entity:custirsen", "entity:apoptosis"}
    page = seen(client.get("/chains", params={"from": "entity:custirsen", "to": "entity:apoptosis"}).text)
    answer = GRAPH.path("custirsen", "apoptosis", limit=0)
    assert f"{len(answer.chains)} chains of at most 5 claims" in page.text
    assert "How does custirsen act on apoptosis?" in page.text
    assert "svg" in [tag for tag, _ in page.tags]
    assert ("c:0110", "/c/0110") in page.links
    assert not page.unclosed


def test_one_thing_chosen_shows_what_it_is_said_to_do(client: httpx.Client) -> None:
    entity = seen(client.get("/entity/clusterin").text)
    page = seen(client.get(entity.href("step by step")).text)
    assert "What is clusterin said to do directly?" in page.text


def test_where_no_chain_leads_that_is_said(client: httpx.Client) -> None:
    page = seen(client.get("/chains", params={"from": "apoptosis", "to": "custirsen"}).text)
    assert "None: no chain of at most 5 claims leads from apoptosis to custirsen." in page.text


@pytest.mark.parametrize(
    ("given", "status"),
    [({"from": "clusterin", "to": "clusterin"}, 400), ({"to": "clusterin"}, 400), ({"from": "clustern"}, 404)],
)
def test_chains_that_cannot_be_asked_fail_with_a_reason(
    given: dict[str, str], status: int, client: httpx.Client
) -> None:
    response = client.get("/chains", params=given)
    assert response.status_code == status
    assert "Failed" in seen(response.text).text


def test_a_tension_is_reached_by_its_title_and_columns_hold_what_they_say(client: httpx.Client) -> None:
    html = client.get("/report/tensions").text
    page = seen(html)
    entries = GRAPH.tensions().entries
    for entry in (entry for entry in entries if entry.origin == CURATED):
        assert (entry.label, f"/tension/{entry.name.partition(':')[2]}") in page.links
    assert not [words for words, _ in seen(html[: html.index("</table>")]).links if words.startswith("tension:")]
    number = sum(entry.kinds[0] == "differing-values" for entry in entries)
    first, second = re.findall(r"<thead>(.*?)</thead>.*?<tbody>(.*?)</tbody>", html, re.DOTALL)[:2]
    assert [seen(part).text for part in re.findall(r"<th.*?</th>", first[0])] == [
        "Tension",
        "Kind",
        "How sure the curator is",
    ]
    assert [seen(part).text for part in re.findall(r"<th.*?</th>", second[0])] == [
        "What does not go together",
        "Found",
        "Of these named by a curator",
    ]
    assert f"query differing-values {number} " in seen(second[1].replace("<td", " <td")).text
    assert "#found-differing-values" in {href.removeprefix("/report/tensions") for _, href in page.links}


def test_an_early_trial_stands_beside_the_late_ones_with_what_differs(client: httpx.Client, audited: Audit) -> None:
    pairs = GRAPH.tensions(kind="early-success-late-failure").entries
    html = client.get("/report/phases").text
    body = html[html.index("<tbody>") :]
    assert body.count("<tr") == len(pairs) > 3
    page = seen(html)
    for entry in pairs:
        iri = GRAPH.corpus.expand(dict(entry.shared)["late"])
        assert iri is not None
        assert audited.records.label(iri) in page.text
    assert "line: not stated / first-line" in page.text
    assert "15.8 months" in page.text
    assert page.text.count("not shown") >= 3


def test_identifiers_elsewhere_lead_out_and_searches_in_vain_are_told(client: httpx.Client) -> None:
    page = seen(client.get("/report/identifiers").text)
    assert ("clusterin", "/entity/clusterin") in page.links
    assert ("http://purl.uniprot.org/uniprot/P10909",) * 2 in page.links
    dataset = GRAPH.corpus.dataset
    owl = "PREFIX owl: <http://www.w3.org/2002/07/owl#>"
    rows = dataset.select(f"{owl} SELECT DISTINCT ?s ?t WHERE {{ ?m owl:annotatedSource ?s ; owl:annotatedTarget ?t }}")
    things, targets = {row["s"] for row in rows.texts()}, {row["t"] for row in rows.texts()}
    shown = {href for _, href in page.links}
    assert {target for target in targets if "NoTermFound" not in target} <= shown
    assert [tag for tag, _ in page.tags].count("tr") == len(things) + 1
    assert "none was taken from elsewhere" in page.text
