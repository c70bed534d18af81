"""Whatever a corpus or a reader writes is text: no page takes it for markup, and no link leads where it should not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pages import seen, serving

from ogx_rdf import open_graph

MINI = Path(__file__).parent / "data" / "audit-corpus"
HOSTILE = "</textarea></title><script>alert(1)</script>\\\"' onmouseover='x <img src=x onerror=y> {{ 7*7 }} &amp; "
TEXTS = (
    "c4o:hasContent|dcterms:bibliographicCitation|dcterms:creator|dcterms:publisher|dcterms:title|ogx:difference|"
    "ogx:inference|ogx:obtain|ogx:readAt|ogx:readBy|ogx:report|ogx:section|rdfs:comment|rdfs:label|skos:altLabel|"
    "skos:prefLabel"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The pages of a corpus in which every free text is hostile."""
    root = tmp_path_factory.mktemp("hostile") / "corpus"
    shutil.copytree(MINI, root)
    changed = 0
    for file in root.rglob("*.ttl"):
        text, count = re.subn(
            rf'^(    (?:{TEXTS}) ")', lambda found: found[1] + HOSTILE, file.read_text(encoding="utf-8"), flags=re.M
        )
        changed += count
        file.write_text(text, encoding="utf-8")
    assert changed > 100
    works = root / "works" / "read.ttl"
    url = '\n    fabio:hasURL "javascript:alert(1)"^^xsd:anyURI ;\n    dcterms:title'
    works.write_text(works.read_text(encoding="utf-8").replace("\n    dcterms:title", url), encoding="utf-8")
    config = root / "corpus.toml"
    config.write_text(re.sub(r'title = ".*?"', "title = 'T <script>'", config.read_text(encoding="utf-8")), "utf-8")
    with serving(open_graph(root), texts=root / "text") as found:
        yield found


def test_no_page_of_a_hostile_corpus_has_markup_of_it(client: httpx.Client) -> None:
    """Every page that can be reached from the first one."""
    waiting, known = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        assert response.status_code == 200, path
        page = seen(response.text)
        assert not page.unclosed, path
        for tag, given in page.tags:
            assert tag not in ("script", "img", "iframe", "object", "style"), path
            assert not [name for name in given if name.startswith("on") or name == "style"], path
        assert "49" not in re.findall(r"onerror=y> (\S+)", page.text), path  # a template in a text is no template
        for _, href in page.links:
            assert urlsplit(href).scheme in ("", "http", "https"), (path, href)
            target = href.partition("#")[0]
            own = target.startswith("/") and not target.startswith("//")
            if own and target not in known and not target.endswith((".ttl", ".nt", ".jsonld")):
                known.add(target)
                waiting.append(target)
    assert len(known) > 150
    assert {"/doc/mini", "/c/0003", "/report/tensions", "/ask"} <= known


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld"])
def test_hostile_texts_come_through_as_rdf(form: str, client: httpx.Client) -> None:
    response = client.get(f"/entity/nolvex.{form}")
    assert response.status_code == 200
    assert "alert(1)" in response.text
    assert not response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "path",
    [
        "/c/%2e%2e/%2e%2e/etc/passwd",
        "/static/../pages/site.py",
        "/static/%2e%2e/%2e%2e/errors.py",
        "/doc/%ff",
        "/c/" + "x" * 3000,
    ],
)
def test_a_path_leads_to_nothing_but_pages(path: str, client: httpx.Client) -> None:
    response = client.get(path)
    assert response.status_code in (400, 404)
    assert "import annotations" not in response.text
    assert "Traceback" not in response.text
