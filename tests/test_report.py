from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, tzinfo
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ogx_rdf import UsageError, __version__
from ogx_rdf.audit import Audit, audit
from ogx_rdf.corpus import Corpus
from ogx_rdf.publish.build import digest
from ogx_rdf.publish.report import FORMATS, page, render_audit, render_chain

MINI = Path(__file__).parent / "data" / "audit-corpus"
DAY = "2024-06-01"
HOSTILE = '<script>alert(1)</script> & \\"x\\" | *y*'


class Page(HTMLParser):
    """What a page holds: its elements, its ids, its links, its text."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def mini() -> Audit:
    return audit(Corpus(MINI), sources=[str(MINI / "text")])


@pytest.fixture(scope="module")
def html(mini: Audit) -> str:
    return render_audit(mini, "html", day=DAY)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """The small corpus with a label that tries to be markup."""
    root = tmp_path_factory.mktemp("hostile") / "corpus"
    shutil.copytree(MINI, root)
    file = root / "claims" / "mini" / "01-all.ttl"
    text = file.read_text(encoding="utf-8").replace('"morvin binds kelstat"', f'"{HOSTILE}"')
    file.write_text(text, encoding="utf-8")
    return audit(Corpus(root))


def test_the_page_is_whole_and_needs_nothing_else(html: str) -> None:
    page = Page(html)
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert all(str(a["href"]).startswith("#") for a in page.all("a"))
    assert not any(name.startswith("on") or name == "src" for _, attributes in page.elements for name in attributes)
    assert not re.search(r"url\(|@import", html)
    assert "default-src 'none'" in str([m.get("content") for m in page.all("meta")])


def test_every_link_leads_somewhere_and_every_id_is_one(html: str) -> None:
    page = Page(html)
    ids = [str(attributes["id"]) for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for a in page.all("a")} <= set(ids)


def test_tables_are_fit_for_screen_readers(html: str) -> None:
    page = Page(html)
    tables, captions = len(page.all("table")), len(page.all("caption"))
    assert tables == captions > 10
    assert all(th.get("scope") in ("col", "row") for th in page.all("th"))
    assert page.all("html")[0].get("lang") == "en"
    regions = [div for div in page.all("div") if div.get("class") == "scroll"]
    assert len(regions) == tables
    assert all(div.get("aria-label") and div.get("tabindex") == "0" for div in regions)


def test_the_page_follows_light_and_dark_and_prints(html: str) -> None:
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


@pytest.mark.parametrize("format", FORMATS)
def test_the_first_page_says_what_was_audited(mini: Audit, format: str) -> None:
    text = render_audit(mini, format, day=DAY)
    sha256 = mini.records.documents[next(iter(mini.records.documents))].sha256
    for fact in (str(sha256), digest(mini.corpus), f"ogx-rdf {__version__}", "Nolvex: A Short Guide"):
        assert fact in text
    assert DAY in text.replace("\\", "")


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_input_gives_the_same_bytes(mini: Audit, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")
    again = audit(Corpus(MINI), sources=[str(MINI / "text")])
    assert render_audit(again, format) == render_audit(mini, format, day="2024-06-01")


def test_without_a_date_given_it_is_today(mini: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = datetime.now(UTC).date().isoformat()
    assert json.loads(render_audit(mini, "json"))["about"]["date"] in (before, datetime.now(UTC).date().isoformat())


def test_today_is_that_of_utc(mini: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Late:
            return cls(2024, 6, 2, 1, tzinfo=tz) if tz is UTC else cls(2024, 6, 1, 23)

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(page, "datetime", Late)
    assert json.loads(render_audit(mini, "json"))["about"]["date"] == "2024-06-02"


@pytest.mark.parametrize("epoch", ["²", "9" * 30, "yesterday"])
def test_an_epoch_that_is_no_date_is_refused(mini: Audit, epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        render_audit(mini, "json")


@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_what_failed_stands_in_front(mini: Audit, format: str) -> None:
    text = render_audit(mini, format, day=DAY)
    heading = {"text": r"^[A-Z ]{6,}$", "md": r"^## (.*)", "html": r"<h2[^>]*>(.*)</h2>"}[format]
    heads = re.findall(heading, text, re.MULTILINE)
    assert [head.lower() for head in heads[:5]] == [
        "failed and negative results",
        "tensions",
        "totals",
        "results and what could carry them",
        "disputed by a study",
    ]
    assert text.index("c:0010") < text.index("c:0011") < text.index("c:0002")


@pytest.mark.parametrize("format", ["md", "html"])
def test_every_claim_stands_there_with_polarity_certainty_and_words(mini: Audit, format: str) -> None:
    text = Page(render_audit(mini, format, day=DAY)).text if format == "html" else render_audit(mini, format, day=DAY)
    for chain in mini.chains.values():
        name = mini.corpus.curie(chain.claim.iri)
        card = text[text.rindex(f"{name} {chain.claim.label.partition(' (')[0]}") :][:400]
        polarity = {"notShown": "not shown"}.get(chain.claim.polarity, chain.claim.polarity)
        assert polarity in card and chain.claim.certainty in card
        for link in chain.links:
            assert (link.evidence.quote or link.evidence.report or "?") in text


def test_markup_in_the_data_is_text_in_html(hostile: Audit) -> None:
    page = render_audit(hostile, "html", day=DAY)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<script>alert(1)</script> & "x"' in Page(page).text


def test_markup_in_the_data_is_text_in_markdown(hostile: Audit) -> None:
    page = render_audit(hostile, "md", day=DAY)
    assert "\\<script\\>" in page and "<script>" not in page
    tables = [line for line in page.splitlines() if line.startswith("|") and "alert" in line]
    assert tables
    for line in tables:
        assert len(re.findall(r"(?<!\\)\|", line)) in (5, 6, 7)


def test_json_is_the_audit_with_its_first_page(mini: Audit) -> None:
    answer = json.loads(render_audit(mini, "json", day=DAY))
    assert answer["about"]["title"] == "Nolvex test corpus"
    assert answer["totals"]["claims"]["claims-uncited"] == 3
    assert answer["definitions"]["claims-uncited"]
    assert answer["findings"][0]["rule"] == "A101"
    assert len(answer["rows"]) == 18


def test_lines_of_the_terminal_fit(mini: Audit) -> None:
    report = render_audit(mini, "text", day=DAY)
    assert max(map(len, report.splitlines()[10:])) <= 118


def test_text_says_whether_it_was_reconciled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)
    text = render_audit(audit(Corpus(MINI)), "text", day=DAY)
    assert "not reconciled: recorded text not at hand (0 of 17 markers recounted)" in text
    assert "(recorded text not at hand, quotes not compared)" in text


@pytest.mark.parametrize("format", FORMATS)
def test_a_corpus_without_claims_is_reported_as_none(tmp_path: Path, format: str) -> None:
    for name in ("corpus.toml", "prefixes.ttl"):
        shutil.copy(MINI / name, tmp_path / name)
    text = render_audit(audit(Corpus(tmp_path)), format, day=DAY)
    assert ('"answer": "none"' if format == "json" else "none") in text


def test_a_chain_in_full(mini: Audit) -> None:
    chain = mini.chain(mini.corpus.base + "c/0011")
    assert render_chain(mini, chain, "text").splitlines() == [
        "c:0011 nolvex was not shown to improve pain (GAMMA) (not shown; asserted)",
        "  trial result; encyclopedia and unresolvable only; nothing cited can carry it; 1 place, 2 sources cited",
        "  literature: no literature was read for it",
        "  in tension: tension:d02 A site is cited for a result",
        "",
        "  evidence: c:0011.mini-p017: asserted, exact [supports]",
        "    -> quote: “No significant improvement in pain” [equals the text]",
        "    -> passage: doc:mini.p017, table row 3, line 18, section Findings, characters 453 to 487 [located]",
        "    -> markers: [1][3] [cited]",
        "      -> reference: [1] Morvin - Encyclopedia [encyclopedia.example.org] [resolved]",
        "        -> work: work:encyclopedia-morvin Morvin [denoted]",
        "          -> source type: encyclopedia [cannot carry a result]",
        "      -> reference: [3] news.example.net [news.example.net] [unresolvable]",
        "        -> work: none; candidates, not facts: work:lund-2020 [none named]",
        "          -> source type: news [cannot carry a result]",
        "",
        "  A104 violation: a result is cited only to sources that cannot carry one",
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_a_chain_in_every_format(mini: Audit, format: str) -> None:
    text = render_chain(mini, mini.chain(mini.corpus.base + "c/0009"), format, day=DAY)
    assert "Overall survival of 9.5 months" in text
    if format == "json":
        answer = json.loads(text)
        assert (answer["answer"], len(answer["rows"]), answer["findings"]) == ("rows", 1, [])
        [reference] = answer["rows"][0]["evidence"][0]["references"]
        assert (reference["work"], reference["source_type"]) == ("work:alpha-2021", "primaryReport")
    if format == "html":
        Page(text)


def test_another_format_is_refused(mini: Audit) -> None:
    with pytest.raises(UsageError, match="no report format 'pdf'") as caught:
        render_audit(mini, "pdf")
    assert caught.value.hint == "Available: text, md, json, html."
    with pytest.raises(UsageError):
        render_chain(mini, mini.ordered()[0], "pdf")
