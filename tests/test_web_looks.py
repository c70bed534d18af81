"""For whom the pages are: contrast, keyboards and readers' programs (axe-core), phones, paper; nothing by script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser import CHROMIUM, axe_source, framed, looked_at, whole
from conftest import require
from pages import PAGES, seen, serving

from ogx_rdf import open_graph
from ogx_rdf.publish.dossier import drawing
from ogx_rdf.resources import resource
from ogx_rdf.web.pages.site import WEB

STYLE = (WEB / "static" / "pages.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(open_graph(resource("ontology"))) as found:
        yield found


def palettes() -> list[dict[str, str]]:
    """The colours by name: in the light, and in the dark."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
    light, dark = (dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return [light, light | dark]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_ink_can_be_read_on_every_ground() -> None:
    for palette in palettes():
        for ground in ("paper", "shade"):
            for ink in ("ink", "soft", "accent", "bad"):
                assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
        for ground in ("work", "page", "nowhere", "uncited"):
            assert contrast(palette["ink"], palette[ground]) >= 7, ground


def test_every_ink_of_a_drawing_can_be_read_on_its_paper_and_in_its_folds() -> None:
    for ground in (drawing.PAPER, drawing.SHADE):
        assert all(contrast(ink, ground) >= 4.5 for ink in (drawing.INK, drawing.GREY, drawing.RED)), ground


def test_there_is_one_accent_colour() -> None:
    assert all(palette["accent"] != palette["ink"] for palette in palettes())
    outside = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,6}\b", outside) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_script_no_inline_style_and_nothing_from_elsewhere(path: str, client: httpx.Client) -> None:
    html = client.get(path).text
    page = seen(html)
    assert not page.unclosed
    assert not [tag for tag, _ in page.tags if tag in ("script", "style", "iframe", "object")]
    for tag, given in page.tags:
        assert "style" not in given
        assert not [name for name in given if name.startswith("on")]
        if tag in ("link", "img", "form"):
            assert re.match(r"/(?!/)", given.get("href") or given.get("src") or given["action"])
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert ("Skip to the page", "#main") in page.links


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The checker of accessibility, from the npm registry."""
    require("chromium", CHROMIUM, "chromium is not installed")
    return axe_source(tmp_path_factory.mktemp("axe"))


DARK = (
    "/",
    "/chains?from=custirsen&to=apoptosis",
    "/c/0068",
    "/doc/ogx-011-guide",
    "/report/trials",
    "/ask/claims-about?entity=clustern",
)


@pytest.mark.parametrize(("path", "dark"), [*((path, False) for path in PAGES), *((path, True) for path in DARK)])
def test_axe_finds_nothing(path: str, dark: bool, client: httpx.Client, axe: str, tmp_path: Path) -> None:
    told = "violations.map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html)])"
    asked = "axe.run(document, {resultTypes: ['violations']})"
    script = f"{axe};\n{asked}.then(found => done(found.{told}), problem => done(String(problem)))"
    assert looked_at(whole(client, path, dark=dark), script, tmp_path) == []


@pytest.mark.parametrize(
    "path", ["/", "/c/0068", "/chains?from=clusterin", "/doc/ogx-011-guide", "/report/audit", "/ask/failed-endpoints"]
)
def test_no_page_is_wider_than_the_screen(path: str, client: httpx.Client, tmp_path: Path) -> None:
    require("chromium", CHROMIUM, "chromium is not installed")
    script = """
    const aside = ".scroll, .paper, pre, .hidden, .skip";
    addEventListener("load", () => done([...document.querySelectorAll("iframe")].map(frame => {
      const page = frame.contentDocument, edge = page.documentElement.clientWidth + 1;
      const over = e => !e.closest(aside) && e.getBoundingClientRect().right > edge;
      const wide = [...page.querySelectorAll("main *, header *")].filter(over);
      return wide.slice(0, 3).map(e => e.outerHTML.slice(0, 120));
    })));"""
    assert looked_at(framed(whole(client, path), [320, 768, 1280]), script, tmp_path) == [[], [], []]
