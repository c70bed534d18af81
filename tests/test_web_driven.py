"""The pages as readers use them, in a real browser on a real server, with the scripts and without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import CHROMIUM, axe_source
from conftest import require
from pages import PAGES
from playwright.sync_api import Browser, Page, expect, sync_playwright
from webs import web_server

from ogx_rdf.resources import resource
from ogx_rdf.web.pages.site import SCRIPTS

MAP = "svg[aria-labelledby^=map-]"
PATIENCE = 20_000
"""Milliseconds after which what was waited for does not come."""
expect.set_options(timeout=PATIENCE)
PHONE = {"width": 390, "height": 780}
SYNERGY = "SYNERGY did not meet its primary endpoint of overall survival"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on the shipped corpus."""
    folder = tmp_path_factory.mktemp("driven")
    with web_server("--corpus", str(resource("ontology")), folder=folder) as server:
        yield f"http://127.0.0.1:{server.port}/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    require("chromium", CHROMIUM, "chromium is not installed")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page with scripts; at its end nothing may have gone wrong in it, and nobody else been asked."""
    require("node", SCRIPTS.is_dir(), "the scripts of the pages are not built (make scripts)")
    context = browser.new_context(base_url=site, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((site, "data:")) else wrong.append(asked.url))
    yield page
    context.close()
    refused = "the server responded with a status of 400"  # what a page of a failed question is sent with
    assert [said for said in wrong if refused not in said] == []


@pytest.fixture
def plain(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = browser.new_context(base_url=site, java_script_enabled=False)
    yield context.new_page()
    context.close()


def answered(page: Page, kind: str) -> None:
    """One answer is shown, of a kind."""
    expect(page.locator("section.answer")).to_have_class(f"answer {kind}")


def written(page: Page, query: str) -> None:
    """Put a query in the place of the one in the editor, as one does by keys."""
    page.get_by_role("textbox", name="SPARQL").press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(query)


def test_a_stranger_finds_what_the_synergy_sentence_rests_on_and_what_the_report_says(page: Page) -> None:
    page.goto("")
    card = page.locator(".failures li", has_text="SYNERGY did not meet")
    expect(card).to_contain_text("cites [5] Custirsen - Wikipedia [en.wikipedia.org] (encyclopedia, resolved)")
    expect(card).to_contain_text("hazard ratio 0.93, 95% CI 0.79 to 1.10")
    card.get_by_role("link", name="c:0176").click()  # the first click
    expect(page.get_by_role("heading", level=1)).to_have_text(SYNERGY)
    expect(page.locator("dl.facts")).to_contain_text("encyclopedia only")
    expect(page.locator(".citations").first).to_contain_text("Custirsen - Wikipedia")
    expect(page.get_by_text("cannot carry a result").first).to_be_visible()
    page.get_by_role("link", name=re.compile(r"a phase 3, multicentre, open-label")).first.click()  # the second
    expect(page.locator("main")).to_contain_text("primary report")
    expect(page.locator("main")).to_contain_text("0.93")


def test_reading_either_side_leads_to_the_other(page: Page) -> None:
    page.goto("doc/ogx-011-guide")
    quote = page.locator("mark[data-evidence*='c:0176']").first
    quote.click()
    claim = page.locator(".said li.chosen")
    expect(claim).to_have_count(1)
    expect(claim).to_be_in_viewport()
    assert "SYNERGY" in claim.inner_text() or "overall survival" in claim.inner_text()
    assert urlsplit(page.url).fragment == claim.get_attribute("id")

    other = page.locator(".said li", has_text="clusterin prevents translocation of Bax").first
    other.scroll_into_view_if_needed()
    other.locator(".back").focus()
    page.keyboard.press("Enter")
    chosen = page.locator("mark.chosen")
    expect(chosen.first).to_be_in_viewport()
    assert "prevents Bax" in " ".join(chosen.all_inner_texts())
    expect(page.locator(".said li.chosen")).to_have_count(1)

    other.locator("a:not(.back)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("clusterin prevents translocation of Bax")


def test_the_outline_follows_the_reader(page: Page) -> None:
    page.goto("doc/ogx-011-guide")
    page.locator(".outline").get_by_role("link", name="Clinical Trials", exact=True).click()
    expect(page.locator(".outline [aria-current]")).to_have_text("Clinical Trials")


def test_searching_while_typing_forgives_slips_and_goes_by_keys(page: Page) -> None:
    page.goto("ask")
    field = page.get_by_role("searchbox", name="Search names, words and identifiers")
    field.press_sequentially("clustrin bax")
    hits = page.locator("#hits")
    expect(hits).to_contain_text("“clustrin” stands nowhere; shown for “clusterin”")
    expect(hits.get_by_role("link", name="secretory clusterin inhibits Bax", exact=True)).to_be_visible()
    field.press("Escape")
    expect(hits).to_be_empty()
    field.press_sequentially(" ku70")
    expect(hits).to_contain_text("Ku70")
    field.press("ArrowDown")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")


def test_the_search_page_is_renewed_as_one_types(page: Page) -> None:
    page.goto("search")
    page.get_by_role("searchbox", name="Names, words, identifiers").press_sequentially("NCT01188187")
    expect(page.locator("#found").get_by_role("link", name="SYNERGY", exact=True).first).to_be_visible()
    page.wait_for_function("location.search.includes('q=NCT01188187')")
    page.get_by_role("searchbox", name="Names, words, identifiers").fill("zzzzqqq")
    expect(page.locator("#found .answer.none h2")).to_have_text("None")


def test_the_list_of_questions_is_renewed_as_one_types(page: Page) -> None:
    page.goto("ask")
    every = page.locator("#questions li").count()
    field = page.get_by_role("searchbox", name="Words of a question")
    field.press_sequentially("contested by evidence")
    expect(page.locator("#questions li")).to_have_count(1)
    assert every > 50
    page.wait_for_function("location.search.includes('q=contested')")
    field.press_sequentially(" zzzz")
    expect(page.locator("#questions")).to_contain_text("No question has these words.")


def test_a_chain_between_two_things(page: Page) -> None:
    page.goto("chains")
    page.get_by_label("From", exact=True).select_option(label="custirsen")
    page.get_by_label("To", exact=True).select_option(label="apoptosis")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("How does custirsen act on apoptosis?").first).to_be_visible()
    table = page.get_by_role("table", name=re.compile("Chains from custirsen to apoptosis"))
    expect(table.get_by_text("Chain 1").first).to_be_visible()
    table.get_by_role("link", name=re.compile(r"^c:\d{4}$")).first.click()
    expect(page.locator(".kicker")).to_contain_text("Claim c:")


def test_two_things_are_chosen_in_the_picture_and_the_page_stays(page: Page) -> None:
    page.goto("chains")
    page.evaluate("document.documentElement.dataset.stays = 'yes'")
    page.evaluate("scrollTo(0, 500)")
    top = "document.querySelector('#map .paper').getBoundingClientRect().top"
    before = page.evaluate(top)
    page.locator(f"{MAP} a", has_text="STAT1").click()
    expect(page.get_by_role("heading", name="Start: STAT1. Choose where the chain ends")).to_be_focused()
    assert abs(page.evaluate(top) - before) < 2, "the picture stays where it is"
    page.locator(f"{MAP} a", has_text="Ku70").first.click()
    expect(page.get_by_role("heading", name=re.compile(r"STAT1 to Ku70: \d+ chain"))).to_be_visible()
    assert urlsplit(page.url).query.startswith("from=")
    expect(page.locator(MAP)).to_contain_text("start: STAT1")
    expect(page.locator("#told")).to_have_text("How does STAT1 act on Ku70?")
    assert page.evaluate("document.documentElement.dataset.stays") == "yes"
    page.go_back()
    expect(page.get_by_role("heading", name="Start: STAT1. Choose where the chain ends")).to_be_visible()


def test_a_fold_is_opened_in_the_picture(page: Page) -> None:
    page.goto("chains")
    expect(page.locator(MAP)).not_to_contain_text("NF-κB activity")
    page.locator(f"{MAP} a", has_text="+ 4 in it").click()
    expect(page.locator(MAP)).to_contain_text("NF-κB activity")
    page.get_by_role("link", name=re.compile(r"^Fold\b.*NF-κB pathway")).press("Enter")
    expect(page.locator(MAP)).not_to_contain_text("NF-κB activity")


def test_a_question_with_a_parameter_from_the_graph(page: Page) -> None:
    page.goto("ask")
    page.get_by_role("link", name="What do the documents and the works read say about X").first.click()
    page.get_by_label("Entity").select_option(label="Ku70")
    page.get_by_role("button", name="Ask", exact=True).click()
    answered(page, "rows")
    assert parse_qs(urlsplit(page.url).query)["entity"] == ["entity:ku70"]
    expect(page.locator("table.rows .quote").first).to_contain_text("Ku70")

    page.get_by_text("The question in SPARQL").click()
    curl = page.locator("pre", has_text="curl --silent")
    curl.locator("xpath=preceding-sibling::button[1]").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == curl.inner_text()


def test_a_query_is_edited_and_asked(page: Page) -> None:
    page.goto("ask/failed-endpoints")
    page.get_by_text("The question in SPARQL").click()
    editor = page.get_by_role("textbox", name="SPARQL")
    assert "SELECT" in editor.inner_text()
    assert page.locator(".cm-line span").count() > 20, "words of SPARQL are set apart"
    written(page, "SELECT ?claim ?label { ?claim <http://www.w3.org/2000/01/rdf-schema#label> ?label } LIMIT 3")
    editor.press("Control+Enter")
    page.wait_for_url("**/editor?query=*")
    answered(page, "rows")
    expect(page.get_by_role("heading", name="3 rows")).to_be_visible()

    written(page, "SELECT * { ?s ?p ")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".answer.failed h2")).to_have_text("Failed")
    expect(page.locator(".answer.failed")).to_contain_text("not valid SPARQL")
    assert page.get_by_role("textbox", name="SPARQL").inner_text().strip() == "SELECT * { ?s ?p"


def test_not_stated_is_an_answer_of_its_own(page: Page) -> None:
    page.goto("ask/trial-outcomes")
    choices = page.get_by_label("Trial").locator("option").all_inner_texts()
    page.get_by_label("Trial").select_option(label=next(text for text in choices if text.startswith("a Phase I study")))
    page.get_by_role("button", name="Ask", exact=True).click()
    answered(page, "not-stated")
    expect(page.locator(".answer h2")).to_have_text("Not stated")
    expect(page.locator(".answer")).to_contain_text("That it is not so is not said by this.")


@pytest.mark.parametrize("path", ["", "doc/ogx-011-guide", "c/0176", "chains?from=custirsen&to=apoptosis", "editor"])
def test_on_a_phone_a_page_has_its_width(page: Page, path: str) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("searchbox").first).to_be_visible()


def test_on_a_phone_the_claims_stand_below_their_words(page: Page) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto("doc/ogx-011-guide")
    quote = page.locator("mark[data-evidence*='c:0176']").first
    quote.click()
    claim = page.locator(".said li.chosen")
    expect(claim).to_be_in_viewport()
    words, said = page.locator(".place", has=quote).locator(".source").bounding_box(), claim.bounding_box()
    assert words and said
    assert said["y"] >= words["y"] + words["height"]
    assert said["x"] - words["x"] < 40


def test_every_way_is_open_without_scripts(plain: Page) -> None:
    plain.goto("")
    plain.get_by_role("searchbox").first.fill("clustrin")
    plain.get_by_role("searchbox").first.press("Enter")
    expect(plain.locator("#found").get_by_role("link", name="clusterin", exact=True).first).to_be_visible()

    plain.goto("ask/claims-about")
    plain.get_by_label("Entity").select_option(label="Ku70")
    plain.get_by_role("button", name="Ask", exact=True).click()
    answered(plain, "rows")
    plain.get_by_text("The question in SPARQL").click()
    plain.get_by_role("button", name="Ask this query").click()
    plain.wait_for_url("**/editor?query=*")
    answered(plain, "rows")

    plain.goto("doc/ogx-011-guide")
    link = plain.locator("a.mark").first
    target = str(link.get_attribute("href"))
    link.click()
    assert plain.url.endswith(target)


def test_axe_finds_nothing_in_what_the_scripts_make(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    axe = axe_source(tmp_path_factory.mktemp("axe"))
    told = "violations.map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html)])"

    def violations() -> object:
        page.evaluate(axe)
        return page.evaluate(f"axe.run(document, {{resultTypes: ['violations']}}).then(found => found.{told})")

    page.goto("ask/claims-about?entity=clusterin")
    page.get_by_text("The question in SPARQL").click()
    assert violations() == []
    page.get_by_role("searchbox").first.press_sequentially("clustrin")
    expect(page.locator("#hits section").first).to_be_visible()
    assert violations() == []
    page.goto("doc/ogx-011-guide")
    page.locator("mark").nth(20).click()
    assert violations() == []


def test_no_page_says_a_word_of_an_error_or_asks_anybody_else(page: Page) -> None:
    for path in PAGES:
        if path == "/c/9999":  # the browser itself reports that there is none
            continue
        page.goto(path.lstrip("/"))
        expect(page.locator("h1")).to_have_count(1)
        assert page.evaluate("document.documentElement.classList.contains('scripted')"), path
