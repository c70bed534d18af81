"""What the tests share: the document's text where it is at hand, and skips that say why and can be forbidden."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Cli, Result
from journey import start
from servers import OXIGRAPH, VIRTUOSO, Server, oxigraph_server, virtuoso_server

from ogx_rdf.cli import main
from ogx_rdf.corpus import Corpus
from ogx_rdf.resources import resource

GUIDE_SHA256 = "2b68eb9d9f3b89c93293a6837c1dbe718f7cca88256d857272a1d95f2a3c1c7d"


def require(name: str, available: object, reason: str) -> None:
    """Skip unless something is available; fail where ``OGX_RDF_REQUIRE`` names it.

    :param name: source, virtuoso, oxigraph, openssl, chromium, java, mcp, spark, node, schemathesis or pypi
    """
    if available:
        return
    if name in os.environ.get("OGX_RDF_REQUIRE", "").split(","):
        pytest.fail(f"{reason} (OGX_RDF_REQUIRE names {name})")
    pytest.skip(reason)


def find_guide() -> Path | None:
    """The text of the shipped corpus's document, by its digest, in the places that OGX_RDF_SOURCES names."""
    for place in filter(None, os.environ.get("OGX_RDF_SOURCES", "").split(os.pathsep)):
        path = Path(place)
        for file in sorted(path.glob("**/*")) if path.is_dir() else [path]:
            if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == GUIDE_SHA256:
                return file
    return None


@pytest.fixture(scope="session")
def guide_file() -> Path:
    """The file with the guide's text, which is not redistributed."""
    file = find_guide()
    require("source", file, "the text of ogx-011-guide is not at hand: name its place in OGX_RDF_SOURCES")
    assert file is not None
    return file


@pytest.fixture(scope="session")
def guide_text(guide_file: Path) -> str:
    """The guide's text, decoded and otherwise as it is."""
    return guide_file.read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of Oxigraph's, in memory."""
    require("oxigraph", OXIGRAPH, "the oxigraph server is not installed (pip install oxigraph)")
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as server:
        yield server


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Virtuoso with a database of its own."""
    require("virtuoso", VIRTUOSO, "virtuoso-t is not installed (Debian: virtuoso-opensource-7-bin)")
    with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server


@pytest.fixture
def empty_corpus(tmp_path: Path) -> Corpus:
    """A corpus without documents, of another base than the shipped one, in a folder of its own."""
    root = tmp_path / "corpus"
    root.mkdir()
    base = "https://example.org/x/"
    (root / "corpus.toml").write_text(f'title = "T"\nbase = "{base}"\n', encoding="utf-8")
    registry = (resource("ontology") / "prefixes.ttl").read_text(encoding="utf-8")
    for name in ("c", "doc", "entity", "mapping", "prefix", "tension", "trial", "work"):
        registry = registry.replace(f"https://w3id.org/ogx-rdf/{name}/", f"{base}{name}/")
    (root / "prefixes.ttl").write_text(registry, encoding="utf-8")
    return Corpus(root)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run the command in this process, in an empty folder and without any text at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)

    def run(*words: str, at: Path | None = None) -> Result:
        if at is not None:
            monkeypatch.chdir(at)
        capsys.readouterr()
        code = main(list(words))
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, out, err)

    return run


@pytest.fixture
def kb(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small corpus, the current folder."""
    root = start(lambda words, folder: cli(*words, at=folder), tmp_path)
    cli("fmt", at=root)
    return root


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print as the last lines how many tests were skipped, by reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    reasons = Counter(
        report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        for report in reporter.stats.get("skipped", ())
    )
    for reason, count in sorted(reasons.items()):
        reporter.write_line(f"skipped {count}: {reason.removeprefix('Skipped: ')}")
