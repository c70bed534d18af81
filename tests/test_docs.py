"""The README is run: every console line gives what it says, every Python block runs, every query is listed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tabled import documented

from ogx_rdf import __version__
from ogx_rdf.corpus import open_corpus
from ogx_rdf.model import Iri
from ogx_rdf.publish.show import show
from ogx_rdf.queries import catalogue
from ogx_rdf.resources import resource

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def steps(block: str) -> Iterator[tuple[str, str]]:
    """Each ``$ command`` of a console block with the output printed below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        yield line, output.rstrip("\n")


STEPS = [step for block in blocks("console") for step in steps(block)]


def run(line: str, folder: Path) -> str:
    """What a console line prints in an empty folder, with this interpreter's ``ogx-rdf`` and no text at hand."""
    command = folder.parent / "bin" / "ogx-rdf"
    if not command.exists():
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m ogx_rdf "$@"\n')
        command.chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if k != "OGX_RDF_SOURCES"}
    environment["PATH"] = f"{command.parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["sh", "-c", line], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.stdout.decode("utf-8").rstrip("\n")


def index() -> str:
    """The table of stored queries."""
    rows = [f"| `{query.id}` | {query.question} |" for query in catalogue().values()]
    return "\n".join(["<!-- queries -->", "| Query | Question |", "|---|---|", *rows, "<!-- /queries -->"])


def share() -> str:
    """How much of the text is quoted."""
    card = show(open_corpus(resource("ontology")), Iri("https://w3id.org/ogx-rdf/doc/ogx-011-guide"))
    rows = card["rows"]
    assert isinstance(rows, list)
    (found,) = rows
    quoted, length = found["quoted_characters"], found["length"]
    return f"The quotes cover {100 * quoted / length:.0f} % ({quoted:,} of {length:,}) of the characters"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tour")


def test_there_is_something_to_run() -> None:
    assert len(STEPS) >= 6
    assert len(blocks("python")) >= 1


@pytest.mark.parametrize(("line", "printed"), STEPS, ids=[line for line, _ in STEPS])
def test_the_tour_prints_what_it_says(line: str, printed: str, folder: Path) -> None:
    assert line.startswith("ogx-rdf ")
    assert run(line, folder) == printed


@pytest.mark.parametrize("block", blocks("python"))
def test_python_blocks_run(block: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == 0


def test_every_stored_query_is_in_the_index() -> None:
    assert index() in README


def test_versions_agree() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert changes[0] in ("Unreleased", __version__)


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_share_of_quoted_characters_is_true() -> None:
    assert share() in README


def renew(folder: Path) -> str:
    """The README with the outputs, the index and the share as they are now."""

    def block(found: re.Match[str]) -> str:
        parts = [f"$ {line}\n{run(line, folder)}".rstrip() for line, _ in steps(found[1])]
        return "```console\n" + "\n".join(parts) + "\n```"

    text = re.sub(r"^```console\n(.*?)^```$", block, README, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!-- queries -->.*<!-- /queries -->", lambda _: index(), text, flags=re.DOTALL)
    text = re.sub(r"<!-- table -->.*<!-- /table -->", lambda _: documented(), text, flags=re.DOTALL)
    return re.sub(r"The quotes cover .* of the characters", lambda _: share(), text)


if __name__ == "__main__":
    # python tests/test_docs.py: write the README anew, to be read before it is committed.
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "tour").mkdir()
        (ROOT / "README.md").write_text(renew(Path(home) / "tour"), encoding="utf-8")
