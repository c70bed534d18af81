"""The card of a claim and the document beside its claims: exact words in place, citations, certainty, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin

import httpx
import pytest
from pages import seen, serving

from ogx_rdf import open_graph
from ogx_rdf.audit.chains import STATES
from ogx_rdf.model import Iri
from ogx_rdf.publish.cards import Deck
from ogx_rdf.resources import resource
from ogx_rdf.web.pages.beside import beside
from ogx_rdf.web.pages.marked import in_passage

MINI = Path(__file__).parent / "data" / "audit-corpus"
TEXT = (MINI / "text" / "mini.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def mini() -> Iterator[httpx.Client]:
    """The pages of a small corpus whose text is at hand."""
    with serving(open_graph(MINI), texts=MINI / "text") as client:
        yield client


@pytest.fixture(scope="module")
def bare() -> Iterator[httpx.Client]:
    """The pages of the shipped corpus without any text at hand."""
    with serving(open_graph(resource("ontology"))) as client:
        yield client


@pytest.fixture
def deck() -> Deck:
    return Deck(open_graph(MINI).corpus, [str(MINI / "text")])


def test_the_pieces_of_each_passage_are_its_text_and_mark_its_quotes(deck: Deck) -> None:
    for passage in deck.records.passages.values():
        items = deck.records.quoted_from(passage.iri)
        text = TEXT[passage.start : passage.end]
        pieces = in_passage(passage, items, text)
        assert "".join(piece.text or "" for piece in pieces) == text
        for item in items:
            assert "".join(p.text or "" for p in pieces if item in p.quotes) == item.quote
            assert sum(item in piece.ends for piece in pieces) == 1


def test_without_the_text_the_quotes_stand_in_place_and_what_lies_between_has_its_length(deck: Deck) -> None:
    passage = deck.records.passages[Iri("https://corpus.example.org/mini/doc/mini.p008")]
    items = deck.records.quoted_from(passage.iri)
    pieces = in_passage(passage, items, None)
    assert sum(piece.length for piece in pieces) == passage.end - passage.start
    assert [piece.text for piece in pieces if piece.quotes] == [item.quote for item in items]
    assert all(piece.text is None for piece in pieces if not piece.quotes)


def test_the_least_sure_of_overlapping_quotes_is_underlined(deck: Deck) -> None:
    sections = beside(deck, Iri("https://corpus.example.org/mini/doc/mini"))
    hedged = [p for s in sections for place in s.places for p in place.pieces if p.certainty == "hedged"]
    assert [piece.text for piece in hedged if piece.text and "may" in piece.text] == ["Nolvex may lower morvin levels"]


def test_each_passage_has_the_citation_state_of_its_own_markers(deck: Deck) -> None:
    sections = beside(deck, Iri("https://corpus.example.org/mini/doc/mini"))
    states = {place.name: place.state for s in sections for place in s.places if place.stated}
    assert set(states.values()) <= set(STATES)
    assert (states["p004"], states["p005"], states["p007"]) == ("uncited", "encyclopediaOnly", "oneWork")


def test_the_document_shows_every_passage_in_order_with_its_claims(mini: httpx.Client) -> None:
    page = seen(mini.get("/doc/mini").text)
    assert not page.unclosed
    assert len(page.ids) == len(set(page.ids))
    for sentence in ("Nolvex improves survival in testoma", "Morvin affects cells", "Pain fell in 12 of 40 patients"):
        assert sentence in page.text
    places = [name for name in page.ids if name.startswith("p0")]
    assert places == sorted(places)
    assert len(places) == len([x for x in beside_names() if x])


def beside_names() -> list[str]:
    records = Deck(open_graph(MINI).corpus, ()).records
    return [p.iri for p in records.passages_of(Iri("https://corpus.example.org/mini/doc/mini"))]


def test_words_and_claims_lead_to_each_other(mini: httpx.Client) -> None:
    page = seen(mini.get("/doc/mini").text)
    back = [unquote(href[1:]) for _, href in page.links if href.startswith("#")]
    assert back
    assert set(back) <= set(page.ids)
    assert "#c:0003.mini-p005" in [href for _, href in page.links]
    assert "#w-c:0003.mini-p005" in [href for _, href in page.links]
    assert ("nolvex inhibits morvin", "/c/0003") in page.links


def test_colour_never_stands_alone(mini: httpx.Client) -> None:
    page = seen(mini.get("/doc/mini").text)
    said = page.text
    assert all(word in said for word in ("cites nothing", "encyclopedia pages only", "entries that lead to no work"))
    letters = [attrs for tag, attrs in page.tags if tag == "b" and "letter" in attrs.get("class", "")]
    places = [attrs for _, attrs in page.tags if attrs.get("class", "") == "said"]
    assert len(letters) == len(places) > 5


def test_a_claim_stands_with_its_words_place_citations_and_what_is_not_stated(bare: httpx.Client) -> None:
    page = seen(bare.get("/c/0176").text)
    assert not page.unclosed
    for told in (
        "Did not meet the primary endpoint of demonstrating a statistically significant improvement in overall",
        "not compared, the recorded text is not at hand",
        "Custirsen - Wikipedia [en.wikipedia.org]",
        "cannot carry a result",
        "Not stated here: comparator, n, p, statistic.",
        "cited, and every entry cited is an encyclopedia page",
        "The primary endpoint was missed",
        "silent",
        "superseded",
        "characters not at hand]",
    ):
        assert told in page.text, told
    assert page.href("section “Clinical Trials”, table row 5") == "/doc/ogx-011-guide#p064"


def test_a_number_stands_with_the_sign_of_its_unit_and_its_p_once(bare: httpx.Client) -> None:
    ratio = seen(bare.get("/c/0177").text).text
    assert "overall survival: 0.93 (hazard ratio); comparator docetaxel and prednisone; p .207" in ratio
    assert "p one-sided" not in ratio and "one-sided p 0.207" in ratio
    percent = seen(bare.get("/c/0154.oncogenex-release-2011-r01").text).text
    assert "durable pain response: 88%; denominator patients with pain or on opioids" in percent
    assert "enrolled: 25; denominator patients" in seen(bare.get("/c/0308").text).text
    assert not any(code in ratio + percent for code in ("UNITLESS", "PERCENT", "; p p "))


def test_the_place_of_a_claim_is_on_the_page_that_it_leads_to(bare: httpx.Client) -> None:
    claim = seen(bare.get("/c/0176").text)
    target = urljoin("/c/0176", claim.href("table row 5"))
    page = seen(bare.get(target.partition("#")[0]).text)
    assert target.partition("#")[2] in page.ids


def test_a_citation_to_copy_holds_words_source_citations_and_iri(bare: httpx.Client) -> None:
    page = seen(bare.get("/c/0176").text)
    assert (
        "“Did not meet the primary endpoint of demonstrating a statistically significant improvement in overall "
        "survival” OGX-011: A Technical Deep Dive into Clusterin Inhibition" in page.text
    )
    assert "where it cites [5]. Recorded as <https://w3id.org/ogx-rdf/c/0176.ogx-011-guide-p064>" in page.text
    assert "Paraphrased by a curator: The primary endpoint was missed" in page.text


def test_both_sides_of_a_tension_stand_at_the_claim(bare: httpx.Client) -> None:
    page = seen(bare.get("/c/0068").text)
    assert page.text.count("Said") >= 1
    assert "Set against" in page.text
    assert "The curator concludes:" in page.text
    assert any(href == "/tension/d05" for _, href in page.links)


def test_what_is_disputed_is_marked_beside_its_words(bare: httpx.Client) -> None:
    page = seen(bare.get("/doc/ogx-011-guide").text)
    assert "clusterin binds Ku70 positive, asserted, disputed" in page.text
    assert "clusterin is a protein positive, asserted, disputed" not in page.text


def test_a_claim_says_how_its_studies_were_reached_and_what_is_denied(bare: httpx.Client) -> None:
    page = seen(bare.get("/c/0154").text)
    assert "For it: CUOG P-06c (as others tell of it; only broader than the claim)" in page.text
    assert "Silent: CUOG P-06c (a report of its own was read)" in page.text
    denied = seen(bare.get("/c/0176").text)
    assert "SYNERGY → not so: met its primary endpoint of → overall survival" in denied.text
    assert "sign of what is denied:" in denied.text


def test_tensions_of_what_a_claim_cites_stand_apart_from_its_own(bare: httpx.Client) -> None:
    text = seen(bare.get("/c/0043").text).text
    own, shared = text.index("Does not go together with"), text.index("What it cites is questioned")
    assert own < text.index("The drug's chemistry: single-strand DNA", own) < shared
    assert "TensionsThe drug's chemistry" in text, "among the first facts of it"
    assert shared < text.index("The outcome of SYNERGY, resting on an encyclopedia")
    assert "These tensions do not name it; they name [5] Custirsen - Wikipedia [en.wikipedia.org]" in text


def test_a_document_without_its_text_names_what_lies_between(bare: httpx.Client) -> None:
    page = seen(bare.get("/doc/ogx-011-guide").text)
    assert "not redistributed and not at hand" in page.text
    assert "[link, 55 characters; skipped: pointer]" in page.text
    assert "p032 heading, line 44; asserts nothing: heading" in page.text
    assert "[37]can suppress p53-activating stress signals" in page.text.replace(" 0074", "")
    assert "In brackets: how many characters stand between the quotes." in page.text
    assert "A body of preclinical" not in page.text
    assert "durable pain responses in 88% of patients with pain at entry" in page.text


def test_the_guide_is_shown_whole_where_its_text_is_at_hand(guide_file: Path, guide_text: str) -> None:
    deck = Deck(open_graph(resource("ontology")).corpus, [str(guide_file)])
    document = Iri("https://w3id.org/ogx-rdf/doc/ogx-011-guide")
    for section in beside(deck, document):
        for place in section.places:
            shown = "".join(piece.text or "" for piece in place.pieces)
            assert shown == guide_text[place.passage.start : place.passage.end]
