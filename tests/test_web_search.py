"""Search by words: what bears them, what nearly bears them, and what that is told with."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from pages import seen, serving, unscripted

from ogx_rdf import open_graph
from ogx_rdf.naming import entity_names
from ogx_rdf.records import Records
from ogx_rdf.resources import resource
from ogx_rdf.web.pages.finding import GROUPS, Index, entries, names_only
from ogx_rdf.web.pages.spelling import latin, nearest, words_of


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(open_graph(resource("ontology"))) as found:
        yield found


@pytest.fixture(scope="module")
def records() -> Records:
    return Records(open_graph(resource("ontology")).corpus)


@pytest.fixture(scope="module")
def index(records: Records) -> Index:
    return Index(entries(records))


def first(index: Index, text: str) -> str:
    return index.search(text).hits[0].leads.rpartition("/")[2]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("clusterin", "clusterin"),
        ("SYNERGY", "synergy"),
        ("synergi", "synergy"),
        ("clustrin", "clusterin"),
        ("OGX-011", "custirsen"),
        ("nf-kb", "nf-kb"),
        ("NF-κB", "nf-kb"),
        ("nfkb", "nf-kb"),
        ("NF-kappaB", "nf-kb"),
        ("nf kappab", "nf-kb"),
        ("nfκb", "nf-kb"),
        ("Ku 70", "ku70"),
        ("ku-70", "ku70"),
        ("OGX011", "custirsen"),
        ("ogx 011", "custirsen"),
        ("p 53", "p53"),
        ("custrisen", "custirsen"),
        ("synrgy", "synergy"),
        ("NCT01188187", "synergy"),
        ("c:0176", "0176"),
    ],
)
def test_a_name_finds_its_thing_first(typed: str, found: str, index: Index) -> None:
    assert first(index, typed) == found


def test_every_preferred_label_finds_its_thing(index: Index, records: Records) -> None:
    names = [name for name in entity_names(records.corpus) if name.rank == 0]
    lost = [n.text for n in names if all(hit.leads != n.iri for hit in index.search(n.text).hits[:10])]
    assert lost == []


def test_a_slip_in_every_long_name_still_finds_the_thing(index: Index, records: Records) -> None:
    names = {
        n.text: n.iri for n in entity_names(records.corpus) if n.rank == 0 and n.text.isalpha() and len(n.text) > 6
    }
    assert len(names) > 20
    for text, iri in names.items():
        slip = text[:3] + text[4] + text[3] + text[5:]
        assert iri in [hit.leads for hit in index.search(slip).hits], slip


def test_words_that_stand_nowhere_are_told(index: Index) -> None:
    found = index.search("clustrin zzzz")
    assert "clusterin" in found.instead["clustrin"]
    assert found.instead["zzzz"] == ()
    assert found.partly
    nothing = index.search("zzzz")
    assert (nothing.hits, nothing.partly) == ((), False)
    assert index.search("  -- ").hits == ()


def test_hyphens_blanks_and_greek_letters_are_forgiven_in_every_name(index: Index, records: Records) -> None:
    """A name typed with its parts apart or joined finds the thing; so does one with the names of its Greek letters."""
    names = {
        n.text: n.iri for n in entity_names(records.corpus) if n.rank == 0 and re.search(r"[-α-ω]|[A-Za-z]\d", n.text)
    }
    assert len(names) > 40
    for text, iri in names.items():
        apart = re.sub(r"(?<=[A-Za-z])(?=\d)", " ", text)
        for typed in (text.replace("-", ""), apart, text.replace("κ", "kappa"), text.replace("κ", "k")):
            found = index.search(typed)
            assert iri in [hit.leads for hit in found.hits], typed
            assert not found.partly, typed


def test_only_the_nearest_words_stand_for_one_that_is_nowhere(index: Index, records: Records) -> None:
    found = index.search("custrisen")
    assert found.instead == {"custrisen": ("custirsen",)}
    assert all("custirsen" in hit.text.casefold() for hit in found.hits)
    assert index.search("synrgy").instead == {"synrgy": ("synergy",)}
    alike = nearest("bat", {"bax": None, "bad": None, "cluster": None})
    assert alike == {}, "a word of three letters stands for no other"
    assert set(nearest("bclx", {"bcla": None, "bclb": None, "axin": None})) == {"bcla", "bclb"}
    assert set(nearest("apoptsois", {"apoptosis": None, "apoptotic": None})) == {"apoptosis"}


def test_the_very_name_comes_before_what_only_contains_it(index: Index, records: Records) -> None:
    for typed, group in (("SYNERGY", "Trials"), ("synrgy", "Trials"), ("clusterin", "Things"), ("clustrin", "Things")):
        groups = index.search(typed).groups()
        assert next(iter(groups)) == group, typed
        assert records.label(groups[group][0].leads).casefold() == index.search(typed).hits[0].text.casefold()


def test_all_words_must_be_there(index: Index) -> None:
    for hit in index.search("durable pain 88").hits:
        assert {"durable", "88"} <= set(words_of(hit.text))


def test_each_node_comes_once_in_its_group(index: Index) -> None:
    hits = index.search("custirsen").hits
    assert len({(hit.group, hit.leads) for hit in hits}) == len(hits)
    assert {hit.group for hit in hits} <= set(GROUPS)


def test_the_name_of_a_greek_letter_is_a_letter_but_not_in_every_word() -> None:
    assert [latin(word) for word in ("kappab", "tnfalpha", "beta2")] == ["kb", "tnfa", "b2"]
    assert [latin(word) for word in ("kappa", "alphabet", "clusterin")] == [None, None, None]
    assert words_of("NF-κB, TNF-α; µM") == ["nf", "kb", "tnf", "a", "mm"]


def test_of_a_large_graph_the_names_are_searched(records: Records) -> None:
    index = Index(names_only(entity_names(records.corpus)))
    assert index.search("clustrin").hits[0].leads.endswith("/entity/clusterin")
    assert {hit.group for hit in index.search("custirsen").hits} == {"Things"}


def test_the_page_groups_what_it_found_with_polarity_and_certainty(client: httpx.Client) -> None:
    page = seen(client.get("/search", params={"q": "overall survival"}).text)
    assert not page.unclosed
    heads = [attrs["id"] for tag, attrs in page.tags if tag == "h2"]
    assert heads[:3] == ["in-things", "in-claims", "in-quotes"]
    claims = seen(client.get("/search", params={"q": "overall survival", "in": "Claims"}).text).text
    assert claims.index("not shown") < claims.index("positive")
    assert "“Did not meet the primary endpoint" in page.text


def test_all_of_a_group_can_be_seen(client: httpx.Client) -> None:
    page = seen(client.get("/search", params={"q": "custirsen"}).text)
    whole = seen(client.get(next(href for words, href in page.links if "in=Claims" in href)).text)
    assert len([h for _, h in whole.links if h.startswith("/c/")]) > 50
    assert client.get("/search", params={"q": "custirsen", "in": "Nothing"}).status_code == 404


def test_nothing_found_is_a_true_none(client: httpx.Client) -> None:
    page = seen(client.get("/search", params={"q": "xyzzyx"}).text)
    assert "“xyzzyx” stands nowhere, nor anything like it." in page.text
    assert "Passages that give no claim are not searched." in page.text


def test_a_search_is_escaped_and_has_an_end(client: httpx.Client) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=y>'
    html = client.get("/search", params={"q": hostile}).text
    assert "<script" not in unscripted(html) and "<img" not in html
    assert client.get("/search", params={"q": "x" * 201}).status_code == 400


def test_without_a_word_everything_is_listed_by_kind(client: httpx.Client) -> None:
    page = seen(client.get("/search").text)
    assert page.href("clusterin") == "/entity/clusterin" or ("clusterin", "/entity/clusterin") in page.links
    assert len([href for _, href in page.links if href.startswith("/entity/")]) > 200
