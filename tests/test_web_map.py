"""The map of the mechanism: folds that open, things that are chosen, and a table that says what the drawing says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from browser import CHROMIUM, framed, looked_at, whole
from conftest import require
from pages import seen, serving
from test_mechanism import claim, corpus_of

from ogx_rdf import open_graph
from ogx_rdf.mechanism.drawing import graph_of
from ogx_rdf.mechanism.folding import fold
from ogx_rdf.mechanism.folds import RULES, folds_of
from ogx_rdf.publish.dossier import drawing as drawings
from ogx_rdf.records import Records
from ogx_rdf.resources import resource
from ogx_rdf.web.pages import Site

GRAPH = open_graph(resource("ontology"))
RECORDS = Records(GRAPH.corpus)
DRAWING = graph_of(RECORDS)
FOLDS = folds_of(RECORDS, DRAWING)
CLUSTERIN = "entity:clusterin"
NFKB = "entity:nf-kb-pathway"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(GRAPH) as found:
        yield found


def page(client: httpx.Client, *given: tuple[str, str]) -> str:
    answer = client.get("/chains", params=list(given))
    assert answer.status_code == 200
    return answer.text


def svg(html: str) -> str:
    """The map itself, as it stands in a page."""
    found = re.search(r'<svg [^>]*aria-labelledby="map-title.*?</svg>', html, re.DOTALL)
    assert found
    return found[0]


def marks(html: str) -> dict[str, str]:
    """The links of the map: what each does, and where it leads."""
    drawn = seen(svg(html))
    return {given["aria-label"]: given["href"] for tag, given in drawn.tags if tag == "a"}


def state(href: str) -> dict[str, list[str]]:
    assert urlsplit(href).path in ("", "/chains")
    return parse_qs(urlsplit(href).query)


def claims_told(html: str) -> list[str]:
    """The claims named in the tables of the map."""
    return [words for words, _ in seen(words_of(html)).links if re.fullmatch(r"c:\d+", words)]


def words_of(html: str) -> str:
    return html[html.index('<h2 id="words">') :]


STATES: tuple[list[tuple[str, str]], ...] = (
    [],
    [("open", NFKB)],
    [("open", "all")],
    [("from", CLUSTERIN)],
    [("from", "entity:custirsen"), ("to", "entity:apoptosis"), ("open", "ogx:Regimen")],
)


@pytest.mark.parametrize("given", STATES, ids=str)
def test_the_table_names_every_claim_whatever_is_folded(given: list[tuple[str, str]], client: httpx.Client) -> None:
    html = page(client, *given)
    assert not seen(html).unclosed
    told = set(claims_told(html))
    assert {e.claim for e in DRAWING.edges if e.claim} <= told
    tables = words_of(html)
    for node in DRAWING.nodes:
        assert f'href="/{node.id.replace(":", "/")}"' in tables, node.id


def test_each_line_has_its_row_and_its_label_leads_there(client: httpx.Client) -> None:
    html = page(client)
    folded = fold(DRAWING, FOLDS, ())
    rows = [i for i in seen(html).ids if i.startswith("line-")]
    assert rows == [f"line-{number}" for number in range(1, len(folded.lines) + 1)]
    assert {href[1:] for href in re.findall(r'href="(#line-\d+)"', svg(html))} == set(rows)
    for number, line in enumerate(folded.lines, 1):
        row = re.search(rf'<tr id="line-{number}".*?</tr>', html, re.DOTALL)
        assert row
        told = seen(row[0])
        assert {e.claim for e in line.edges} <= {words for words, _ in told.links}
        assert ("signs differ" in told.text) == (line.sign == "differ")
        assert ("disputed" in told.text) == line.disputed


def test_a_claim_is_told_with_polarity_certainty_citation_state_and_what_disputes_it(client: httpx.Client) -> None:
    text = seen(words_of(page(client))).text
    assert "custirsen inhibits clusterin (lowers; positive; asserted; uncited)" in text
    assert re.search(r"\(unsigned; positive; [a-z]+; [a-z ]+\) disputed by work:osti-886107: The abstract states", text)
    assert "by the tension “PI3K/Akt: mTOR added, the direction reversed elsewhere" in text


def test_folded_as_it_comes_and_every_fold_is_a_link_that_opens_it(client: httpx.Client) -> None:
    html = page(client)
    links = marks(html)
    for each in FOLDS:
        href = next(href for words, href in links.items() if words.startswith(f"Unfold {each.label}:"))
        assert state(href) == {"open": [each.id]}
    assert "nuclear translocation" not in svg(html)
    assert all(rule.replace("'", "&#39;") in html for rule in RULES)


def test_an_opened_fold_shows_its_things_and_can_be_folded_again(client: httpx.Client) -> None:
    first = page(client)
    href = next(href for words, href in marks(first).items() if words.startswith("Unfold NF-κB pathway:"))
    html = client.get(href).text
    links = marks(html)
    assert "Start at nuclear translocation of NF-κB" in links
    assert not any(words.startswith("Unfold NF-κB pathway") for words in links)
    assert state(links["Start at nuclear translocation of NF-κB"])["open"] == [NFKB]
    more = next(href for words, href in links.items() if words.startswith("Unfold clusterin:"))
    assert set(state(more)["open"]) == {NFKB, CLUSTERIN}
    again = next(href for words, href in seen(html).links if words.startswith("Fold") and "NF-κB pathway" in words)
    assert svg(client.get(again).text) == svg(first)


def test_unfolded_it_is_the_whole_network(client: httpx.Client) -> None:
    html = page(client, ("open", "all"))
    links = marks(html)
    assert {f"Start at {node.label}" for node in DRAWING.nodes} == {w for w in links if w.startswith("Start")}
    assert not [words for words in links if words.startswith("Unfold")]
    each = page(client, *(("open", fold.id) for fold in FOLDS))
    assert svg(each) == svg(html)


def test_one_click_chooses_the_start_and_the_next_the_end(client: httpx.Client) -> None:
    start = marks(page(client, ("open", NFKB)))["Start at custirsen"]
    assert state(start) == {"from": ["entity:custirsen"], "open": [NFKB]}
    html = client.get(start).text
    assert "Start: custirsen. Choose where the chain ends" in seen(html).text
    assert "start: custirsen" in seen(svg(html)).text
    links = marks(html)
    assert not any(words.startswith("Start at") for words in links)
    both = client.get(links["End at clusterin"]).text
    assert state(links["End at clusterin"])["to"] == [CLUSTERIN]
    text = seen(both).text
    answer = GRAPH.path("custirsen", "clusterin", limit=0)
    assert f"custirsen to clusterin: {len(answer.chains)} chains" in text
    assert "How does custirsen act on clusterin?" in text
    drawn = seen(svg(both)).text
    assert "start: custirsen" in drawn and "end: clusterin" in drawn
    assert state(seen(both).href("Choose another end")) == {"from": ["entity:custirsen"], "open": [NFKB]}
    assert state(seen(both).href("egin anew")) == {"open": [NFKB]}
    assert state(marks(both)["Clear the end, clusterin"]) == {"from": ["entity:custirsen"], "open": [NFKB]}


def outline(html: str, words: str) -> str:
    """The width of the outline of the node with these words."""
    drawn = svg(html)
    nodes = re.findall(r'<g id="map-node\d+" class="node">.*?(?=<g id="map-(?:node|edge)\d+"|</svg>)', drawn, re.DOTALL)
    node = next(node for node in nodes if words in " ".join(re.sub(r"<[^>]+>", " ", node).split()))
    found = re.search(r'stroke-width="([\d.]+)"', node)
    return found[1] if found else "1"


def test_what_is_chosen_is_marked_by_a_word_and_a_heavy_outline(client: httpx.Client) -> None:
    html = page(client, ("from", "entity:custirsen"), ("to", "entity:apoptosis"))
    assert outline(html, "start: custirsen") == outline(html, "end: apoptosis") == "3"
    assert outline(html, "STAT1") == "1"


def test_the_chains_are_heavy_and_the_rest_is_pale(client: httpx.Client) -> None:
    html = page(client, ("from", "entity:custirsen"), ("to", "entity:apoptosis"))
    answer = GRAPH.path("custirsen", "apoptosis", order="strongest", limit=6)
    on_them = {GRAPH.corpus.curie(step.iri) for chain in answer.shown for step in chain.steps}
    shown = {each.id for each in FOLDS if "entity:apoptosis" in each.members}
    folded = fold(DRAWING, FOLDS, shown)
    heavy = [n for n, line in enumerate(folded.lines, 1) if any(e.claim in on_them for e in line.edges)]
    assert 0 < len(heavy) < len(folded.lines)
    labelled = {int(number) for number in re.findall(r'href="#line-(\d+)"', svg(html))}
    assert labelled == set(heavy), "what is on no chain has no label"
    assert svg(html).count('stroke-width="0.6"') >= len(folded.lines) - len(heavy)


def test_a_fold_opens_for_a_thing_chosen_in_it(client: httpx.Client) -> None:
    html = page(client, ("from", "entity:secretory-clusterin"))
    assert "start: secretory clusterin" in seen(svg(html)).text
    assert "open for what was chosen" in seen(html).text
    assert "open" not in state(marks(html)["End at custirsen"])


def test_the_form_keeps_what_is_open(client: httpx.Client) -> None:
    html = page(client, ("open", NFKB), ("from", "clusterin"))
    hidden = [given for tag, given in seen(html).tags if tag == "input" and given.get("type") == "hidden"]
    assert [(given["name"], given["value"]) for given in hidden] == [("open", NFKB)]
    chosen = [given["value"] for tag, given in seen(html).tags if tag == "option" and "selected" in given]
    assert chosen == [CLUSTERIN]


def test_all_links_that_change_the_map_are_inside_of_it_and_are_plain(client: httpx.Client) -> None:
    html = page(client, ("from", CLUSTERIN), ("open", NFKB))
    region = html[html.index('<div id="map">') : html.index("</main>")]
    for href in (*marks(html).values(), *(href for _, href in seen(region).links)):
        assert href.startswith(("/", "#", "https://")), href
        if href.startswith("/"):
            assert client.get(href).status_code == 200, href
    assert "picture" in seen(html).ids
    own = {href[1:] for _, href in seen(region).links if href.startswith("#")}
    assert own <= set(seen(html).ids)


def test_an_unknown_fold_is_told_with_the_nearest(client: httpx.Client) -> None:
    answer = client.get("/chains", params={"open": "entity:nf-kb-pathwy"})
    assert answer.status_code == 404
    assert "Did you mean entity:nf-kb-pathway" in seen(answer.text).text


def test_a_state_is_made_once_and_is_the_same_by_any_name(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = page(client, ("from", "entity:ku70"), ("open", NFKB), ("open", CLUSTERIN))
    monkeypatch.setattr(drawings, "PROGRAM", "no-such-program")
    assert page(client, ("open", CLUSTERIN), ("from", "Ku70"), ("open", NFKB)) == html


def test_without_the_layout_program_the_table_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "PROGRAM", "no-such-program")
    with serving(GRAPH) as client:
        html = page(client)
    assert "<svg" not in html
    assert "graphviz-pure is not installed" in seen(html).text
    assert {e.claim for e in DRAWING.edges if e.claim} <= set(claims_told(html))


def test_of_a_large_graph_the_page_says_so() -> None:
    site = Site(GRAPH)
    site.large = True
    with serving(site) as client:
        answer = client.get("/chains")
    assert answer.status_code == 400
    assert "too large" in seen(answer.text).text and "ogx-rdf path FROM TO" in seen(answer.text).text


HOSTILE = "<<b>x</b>> \\N &lt;i&gt; \\\"'"


def test_names_are_drawn_as_they_are_and_never_as_markup(tmp_path: Path) -> None:
    more = "".join(
        f'entity:{name} a ogx:Entity, ogx:{kind} ; skos:prefLabel """{HOSTILE.replace(chr(92), chr(92) * 2)} {name}""" '
        f"{tie} .\n"
        for name, kind, tie in (
            ("odd", "Pathway", "; ogx:involves entity:part"),
            ("part", "Protein", ""),
            ("lone", "Protein", ""),
        )
    )
    claims = (claim(1, "lone", "activates", "odd"), claim(2, "lone", "activates", "part"))
    corpus = corpus_of(tmp_path / "odd", *claims, more=more)
    with serving(open_graph(corpus.root)) as client:
        for given in ([], [("open", "entity:odd")], [("from", "entity:lone"), ("to", "entity:odd")]):
            drawn = svg(page(client, *given))
            assert "<b>" not in drawn and "<i>" not in drawn and "onload" not in drawn
            assert "&lt;&lt;b&gt;x&lt;/b&gt;" in drawn


def test_a_corpus_without_claims_has_an_empty_map(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "none")
    with serving(open_graph(corpus.root)) as client:
        html = page(client)
    assert "No claim carries a chain." in seen(html).text
    assert "map-title" not in html


def test_mounted_elsewhere_its_links_stay_there() -> None:
    with serving(GRAPH, at="/at/here") as client:
        html = client.get("/at/here/chains", params={"from": CLUSTERIN}).text
        links = [href for href in marks(html).values() if not href.startswith("#")]
        assert links and all(href.startswith("/at/here/chains") for href in links)


def test_the_picture_keeps_its_size_and_scrolls_on_a_phone(client: httpx.Client, tmp_path: Path) -> None:
    require("chromium", CHROMIUM, "chromium is not installed")
    script = """
    addEventListener("load", () => done([...document.querySelectorAll("iframe")].map(frame => {
      const paper = frame.contentDocument.querySelector("#picture .paper"), svg = paper.querySelector("svg");
      const box = svg.getBoundingClientRect();
      return [Math.round(box.width - svg.getAttribute("width")), paper.scrollWidth > paper.clientWidth,
        frame.contentDocument.documentElement.scrollWidth];
    })));"""
    found = looked_at(framed(whole(client, "/chains"), [390, 320]), script, tmp_path)
    assert [(extra, scrolls) for extra, scrolls, _ in found] == [(0, True), (0, True)]
    assert all(width <= screen for (_, _, width), screen in zip(found, (390, 320), strict=True))
