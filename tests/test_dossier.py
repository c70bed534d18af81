from __future__ import annotations

import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from commands import Cli
from conftest import require

from ogx_rdf import InputError, UsageError, __version__, open_graph
from ogx_rdf.audit import audit
from ogx_rdf.corpus import Corpus
from ogx_rdf.impact.effect import impact
from ogx_rdf.publish.build import digest
from ogx_rdf.publish.dossier import drawing
from ogx_rdf.publish.dossier.report import FILES, render, report
from ogx_rdf.publish.tensions import render_tensions
from ogx_rdf.resources import resource
from ogx_rdf.tensions import tensions

MINI = Path(__file__).parent / "data" / "audit-corpus"
VALID = Path(__file__).parent / "data" / "valid"
DAY = "2024-06-01"
HOSTILE = '<script>alert(1)</script> & \\"x\\" | *y* ]](#z)'
VOID = frozenset({"meta", "br", "link", "img", "path", "polygon", "polyline", "ellipse", "rect"})
SECTIONS = (
    "summary",
    "audit",
    "trials",
    "preclinical",
    "mechanism",
    "tensions",
    "gaps",
    "coverage",
    "impact",
    "works",
    "claims",
)


class Page(HTMLParser):
    """What a page holds: its elements, its text; every element is closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if attributes.get("id")]


def edited(folder: Path, *changes: tuple[str, str, str]) -> Corpus:
    """The small corpus with a question of mechanism, and with further changes: file, old, new."""
    root = folder / "corpus"
    shutil.copytree(MINI, root)
    for name, old, new in (("corpus.toml", 'version = "1"', 'version = "1"\nchains = [["nolvex", "cells"]]'), *changes):
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), encoding="utf-8")
    return Corpus(root)


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return edited(tmp_path_factory.mktemp("mini"))


@pytest.fixture(scope="module")
def texts(mini: Corpus) -> dict[str, str]:
    return render(mini, sources=[str(MINI / "text")], date=DAY)


@pytest.fixture(scope="module")
def shipped() -> dict[str, str]:
    return render(Corpus(resource("ontology")), date=DAY)


def section(html: str, name: str) -> str:
    """One section of the page."""
    return html.partition(f'aria-labelledby="{name}"')[2].partition('<section class="chapter')[0]


def test_all_sections_stand_in_order_and_headings_skip_no_level(texts: dict[str, str]) -> None:
    page = Page(texts["index.html"])
    assert [str(a["id"]) for a in page.all("h2")] == list(SECTIONS)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert re.findall(r"^## \d+\. ", texts["report.md"], re.MULTILINE) == [f"## {n}. " for n in range(1, 12)]


@pytest.mark.parametrize("file", FILES)
def test_the_first_page_says_what_was_read(mini: Corpus, texts: dict[str, str], file: str) -> None:
    sha256 = str(next(iter(audit(mini).records.documents.values())).sha256)
    for fact in (sha256, digest(mini), f"ogx-rdf {__version__}", "Nolvex: A Short Guide", DAY):
        assert fact in texts[file].replace("\\", "")


def test_the_first_page_says_whether_the_text_was_compared(mini: Corpus, texts: dict[str, str]) -> None:
    assert "(text at hand)" in texts["index.html"]
    assert "quotes not compared" in render(mini, date=DAY)["index.html"]


@pytest.mark.parametrize("which", ["texts", "shipped"])
def test_every_link_leads_somewhere_and_every_claim_has_a_place(which: str, request: pytest.FixtureRequest) -> None:
    rendered = request.getfixturevalue(which)
    page = Page(rendered["index.html"])
    assert len(page.ids) == len(set(page.ids))
    inner = {str(a["href"])[1:] for a in page.all("a") if str(a["href"]).startswith("#")}
    assert inner <= set(page.ids)
    data = json.loads(rendered["report.json"])
    assert {re.sub(r"[^A-Za-z0-9]+", "-", row["claim"]) for row in data["audit"]["rows"]} <= set(page.ids)
    targets = set(re.findall(r'<a id="([^"]+)"', rendered["report.md"]))
    assert set(re.findall(r"\]\(<#([^>]+)>\)", rendered["report.md"])) <= targets


def test_names_of_labels_for_screen_readers_are_there(shipped: dict[str, str]) -> None:
    page = Page(shipped["index.html"])
    labels = [i for _, a in page.elements for i in str(a.get("aria-labelledby") or "").split()]
    assert set(labels) <= set(page.ids)
    assert len(page.all("table")) == len(page.all("caption")) > 30
    assert {th.get("scope") for th in page.all("th")} == {"col", "row", "rowgroup"}
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    assert [svg.get("role") for svg in page.all("svg")] == ["img"] * len(page.all("svg"))


def test_the_page_takes_nothing_from_elsewhere(shipped: dict[str, str]) -> None:
    page = Page(shipped["index.html"])
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "image", "iframe", "object", "use"})
    assert not any(name.startswith("on") or name in ("src", "xlink:href") for _, a in page.elements for name in a)
    outside = [a for tag, a in page.elements if tag != "a" and "http" in str(a.get("href"))]
    assert outside == []
    assert not re.search(r"url\(|@import", shipped["index.html"].partition("</style>")[0])
    assert "default-src 'none'" in str([m.get("content") for m in page.all("meta")])
    schemes = {urlsplit(str(a["href"])).scheme for a in page.all("a")}
    assert schemes <= {"", "http", "https"}


def test_nothing_in_a_corpus_becomes_markup(tmp_path: Path) -> None:
    quote = "*nolvex lowers morvin"
    corpus = edited(
        tmp_path,
        ("claims/mini/01-all.ttl", '"nolvex inhibits morvin"', f'"{HOSTILE}"'),
        ("entities/all.ttl", '"morvin"', f'"{HOSTILE}"'),
        ("corpus.toml", "Nolvex test corpus", HOSTILE),
    )
    texts = render(corpus, date=DAY)
    page = Page(texts["index.html"])
    assert "script" not in {tag for tag, _ in page.elements}
    assert "<script>" in page.text
    assert "<script>" not in texts["report.md"].replace("\\", "\x00")
    assert quote not in texts["index.html"]


def test_the_same_input_gives_the_same_bytes(
    mini: Corpus, texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")
    again = render(Corpus(mini.root), sources=[str(MINI / "text")])
    assert again == texts


def test_no_cell_of_a_trial_or_model_is_empty(shipped: dict[str, str]) -> None:
    data = json.loads(shipped["report.json"])
    rows = [*data["rows"], *data["preclinical"]]
    assert len(rows) > 60
    voices = [voice for row in rows for side in ("stated", "read") for voice in row[side]]
    assert all(row["stated"] and row["read"] for row in rows)
    for voice in voices:
        fields = {k: v for k, v in voice.items() if k in ("n", "value", "interval", "hazard_ratio", "p", "number")}
        assert fields
        assert all(fields.values())
    assert {v["says"] for v in voices if v["evidence"] is None} == {"not stated", "not read"}
    for name in ("trials", "preclinical"):
        assert not re.search(r"<t[dh][^>]*>\s*</t[dh]>", section(shipped["index.html"], name))


def test_what_was_not_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    shutil.copytree(VALID, root)
    coverage = root / "documents" / "mini" / "coverage.ttl"
    said = []
    for _ in range(2):
        data = json.loads(render(Corpus(root), date=DAY)["report.json"])
        absent = {v["says"] for row in data["rows"] for v in row["stated"] if v["evidence"] is None}
        said.append((data["coverage"]["open"], absent))
        whole = coverage.read_text(encoding="utf-8")
        coverage.write_text(whole.replace("doc:mini.p014\n    ogx:skippedAs ogx:pointer ;\n.\n", ""), encoding="utf-8")
    assert said == [(0, {"not stated"}), (1, {"not read"})]


def test_failed_late_trials_lead_the_summary_and_the_table(shipped: dict[str, str]) -> None:
    data = json.loads(shipped["report.json"])
    late = [row for row in data["rows"] if row["phase"] == ["Phase III"] and row["polarity"] != "positive"]
    assert data["rows"][0] in late
    order = list(dict.fromkeys(row["name"] for row in data["rows"]))
    failed = {row["name"] for row in late}
    assert set(order[: len(failed)]) == failed
    summary = Page(f"<section>{section(shipped['index.html'], 'summary').partition('>')[2]}").text
    assert summary.index("What failed") < summary.index("AFFINITY") < summary.index("Early signals")
    for told in ("hazard ratio 0.93, 95% CI 0.79 to 1.10", "hra.nhs.uk", "encyclopedia", "weakest link"):
        assert told in summary


def test_a_hazard_ratio_stands_in_its_own_column(shipped: dict[str, str]) -> None:
    rows = {row["claim"]: row for row in json.loads(shipped["report.json"])["rows"]}
    read = [voice for voice in rows["c:0177"]["read"] if voice["hazard_ratio"] != "not stated"]
    assert {(voice["hazard_ratio"], voice["value"]) for voice in read} == {("0.93", "not stated")}
    assert rows["c:0177"]["met"] == "primary endpoint not met"
    assert rows["c:0177"]["met_by"] == "c:0176"
    [stated] = rows["c:0153"]["stated"]
    assert (stated["value"], stated["p"], stated["verbatim"]) == ("15.8 months", "not stated", True)


def test_the_numbers_are_those_of_the_commands(mini: Corpus, texts: dict[str, str]) -> None:
    data = json.loads(texts["report.json"])
    sources = [str(MINI / "text")]
    assert data["audit"] == json.loads(json.dumps(audit(mini, sources=sources).as_dict()))
    assert data["tensions"] == json.loads(render_tensions(tensions(mini), "json"))
    assert data["mechanism"][0]["found"] == len(open_graph(mini.root).path("nolvex", "cells").chains)
    for told in data["impact"]:
        names = [policy["policy"] for policy in told["policies"]]
        asked = [line for line in told["removed"]["asked"] if not names]
        expected = impact(mini, policies=names, remove=[x.split()[0] for x in asked], sources=sources).as_dict()
        assert told["outcomes"] == expected["outcomes"]
        assert told["violations"] == json.loads(json.dumps(expected["violations"]))


def test_without_the_layout_program_the_table_stands_alone(
    mini: Corpus, texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "<svg" in texts["index.html"]
    monkeypatch.setattr(drawing, "PROGRAM", "no-such-program")
    html = render(mini, date=DAY)["index.html"]
    assert "<svg" not in html
    assert "graphviz-pure is not installed" in html
    assert "nolvex lowers morvin level" in section(html, "mechanism")


def test_a_question_without_a_chain_says_none(tmp_path: Path) -> None:
    corpus = edited(tmp_path, ("corpus.toml", '[["nolvex", "cells"]]', '[["cells", "nolvex"]]'))
    assert "None: no chain of at most 5 claims leads from cells to nolvex." in render(corpus, date=DAY)["index.html"]


def test_a_question_that_names_nothing_is_refused(tmp_path: Path) -> None:
    corpus = edited(tmp_path, ("corpus.toml", '[["nolvex", "cells"]]', '[["nolvex", "nothing"]]'))
    with pytest.raises(InputError, match="chains: no entity"):
        render(corpus)


def test_an_empty_corpus_gives_honest_sections(empty_corpus: Corpus) -> None:
    texts = render(empty_corpus, date=DAY)
    page = Page(texts["index.html"])
    assert [str(a["id"]) for a in page.all("h2")] == list(SECTIONS)
    for told in (
        "No failed result of phase III or later is on record.",
        "No trial is on record.",
        "No effect in a model is on record.",
        "No question is set",
        "none named",
        "The corpus holds no passages.",
    ):
        assert told in page.text
    assert json.loads(texts["report.json"])["answer"] == "none"


def test_the_command_writes_three_files_and_touches_no_other(cli: Cli, mini: Corpus, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    done = cli("--corpus", str(mini.root), "report", "--out", str(out), "--date", DAY, "--format", "json")
    assert done.returncode == 0
    assert [Path(row["file"]).name for row in json.loads(done.stdout)["rows"]] == list(FILES)
    assert sorted(path.name for path in out.iterdir()) == sorted([*FILES, "notes.txt"])
    assert {name: (out / name).read_text(encoding="utf-8") for name in FILES} == render(mini, date=DAY)
    assert cli("--corpus", str(mini.root), "report", "--out", str(out)).stdout.startswith("Wrote ")
    assert open_graph(mini.root).report(out, date=DAY).paths == tuple(out / name for name in FILES)


@pytest.mark.parametrize("date", ["2024-6-1", "20240601", "yesterday", "2024-02-30"])
def test_a_date_that_is_none_is_refused(cli: Cli, mini: Corpus, date: str) -> None:
    done = cli("--corpus", str(mini.root), "report", "--out", "out", "--date", date)
    assert done.returncode == 2
    assert "E532" in done.stderr
    assert not Path("out").exists()


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_failed_run_leaves_the_last_report_whole(mini: Corpus, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report(mini, out, date=DAY)
    before = written(out)
    broken = edited(tmp_path, ("claims/mini/01-all.ttl", "ogx:Claim", "ogx:Claim ["))
    with pytest.raises(InputError):
        report(broken, out, date="2024-06-02")
    assert written(out) == before
    (out / "report.json").unlink()
    (out / "report.json").mkdir()
    with pytest.raises(InputError, match="cannot write"):
        report(mini, out, date="2024-06-02")
    assert written(out) == {name: text for name, text in before.items() if name != "report.json"}
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)


def test_a_first_run_that_fails_leaves_nothing(mini: Corpus, tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(InputError, match="cannot write"):
        report(mini, tmp_path, date=DAY)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot write"):
        report(mini, tmp_path / "file", date=DAY)


def test_a_date_is_checked_before_anything_is_read(tmp_path: Path) -> None:
    broken = edited(tmp_path, ("claims/mini/01-all.ttl", "ogx:Claim", "ogx:Claim ["))
    with pytest.raises(UsageError, match="no date"):
        render(broken, date="1")


Chromium = Callable[..., str]


@pytest.fixture(scope="module")
def served(shipped: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The report on a server of this machine that notes what is asked for, and a page to measure it."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "index.html").write_text(shipped["index.html"], encoding="utf-8")
    (folder / "measure.html").write_text(
        "<!DOCTYPE html><body><iframe src=index.html style='width:390px;height:800px;border:0'></iframe><p id=w></p>"
        "<script>const f=document.querySelector('iframe');f.onload=()=>{"
        "const d=f.contentDocument.documentElement;"
        "w.textContent=`width ${d.scrollWidth} of ${d.clientWidth}`}</script>",
        encoding="utf-8",
    )
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def chromium(tmp_path: Path) -> Chromium:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    require("chromium", program, "chromium is not installed")

    def run(*words: str) -> str:
        fixed = ("--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--disable-extensions")
        done = subprocess.run(
            [str(program), *fixed, f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=20000", *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=180,
        )
        assert "CONSOLE" not in done.stderr, done.stderr
        return done.stdout

    return run


def test_a_browser_shows_it_and_asks_for_nothing_else(chromium: Chromium, served: tuple[str, list[str]]) -> None:
    address, asked = served
    asked.clear()
    assert 'id="summary"' in chromium("--dump-dom", f"{address}/index.html")
    assert set(asked) <= {"/index.html", "/favicon.ico"}


def test_at_the_width_of_a_phone_the_page_does_not_scroll_sideways(
    chromium: Chromium, served: tuple[str, list[str]]
) -> None:
    found = re.search(r"width (\d+) of (\d+)", chromium("--dump-dom", f"{served[0]}/measure.html"))
    assert found
    assert int(found[1]) <= int(found[2]) <= 390


def test_it_prints(chromium: Chromium, served: tuple[str, list[str]], tmp_path: Path) -> None:
    chromium(f"--print-to-pdf={tmp_path / 'report.pdf'}", f"{served[0]}/index.html")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
