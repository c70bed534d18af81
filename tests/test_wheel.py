"""What is built is what is used: the wheel made from the sdist, installed, in an empty folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from browser import NPM
from conftest import require
from journey import travel

from ogx_rdf.web.scripts.build import build

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("ogx_rdf", "ontology", "queries", "shapes", "tests")
BUILT, SCRIPTS = "ogx_rdf/web/static/built/", "ogx_rdf/web/scripts/"
FILES = ("CHANGELOG.md", "CITATION.cff", "LICENSE", "Makefile", "README.md", "pyproject.toml", ".gitignore")


def run(words: Sequence[str | Path], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHONPATH", "OGX_RDF"))} | more
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which texts and a virtual environment lie about, as they do for a developer."""
    copy = tmp_path_factory.mktemp("tree")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "sources", "built"))
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    for left in ("ontology/sources/guide.txt", ".venv/bin/python", "build/graph.nq"):
        (copy / left).parent.mkdir(parents=True, exist_ok=True)
        (copy / left).write_text("not to be packed")
    return copy


@pytest.fixture(scope="module")
def built(tree: Path) -> Path:
    """The folder with the sdist, and the wheel built from it."""
    done = run([sys.executable, "-m", "build", "--no-isolation", "--outdir", tree / "dist", tree], tree)
    assert done.returncode == 0, done.stdout + done.stderr
    return tree / "dist"


@pytest.fixture(scope="module")
def program(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command, in an environment of its own that sees this one's libraries behind its own."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home)
    python = home / "bin" / "python"
    site = home / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    wheel = next(built.glob("*.whl"))
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
        wheel,
    ]
    done = run(pip, home)
    assert done.returncode == 0, done.stderr
    where = run([python, "-c", "import ogx_rdf; print(ogx_rdf.__file__)"], home).stdout
    assert where.startswith(str(site))
    return home / "bin" / "ogx-rdf"


def names(files: Sequence[str], top: str) -> set[str]:
    return {name.removeprefix(top) for name in files if name.startswith(top) and not name.endswith("/")}


def shipped(folder: str) -> set[str]:
    found = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {str(path) for path in found if path.parts[:2] != ("ontology", "sources")}


def test_the_wheel_carries_ontology_shapes_and_queries(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        files = wheel.namelist()
    assert names(files, "ogx_rdf/data/") == shipped("ontology") | shipped("shapes") | shipped("queries")
    code = {str(p.relative_to(ROOT)) for p in (ROOT / "ogx_rdf").rglob("*") if p.is_file() and p.suffix != ".pyc"}
    code = {name for name in code if not name.startswith((BUILT, SCRIPTS))}
    assert {n for n in files if n.startswith("ogx_rdf/") and "/data/" not in n and not n.startswith(BUILT)} == code
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in files)
    assert not [name for name in files if name.startswith("tests") or "sources/" in name]


def test_the_wheel_carries_the_scripts_of_the_pages_with_their_licences(built: Path) -> None:
    require("node", NPM, "npm is not installed")
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        assert names(wheel.namelist(), BUILT) == {"page.js", "editor.js", "LICENSES.txt"}
        licences = wheel.read(f"{BUILT}LICENSES.txt").decode()
    pinned = json.loads((ROOT / SCRIPTS / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    for name in ("@codemirror/view", "htmx.org"):
        assert f"{name} {pinned[name]} (" in licences


def test_the_scripts_are_pinned_and_well_typed(tmp_path: Path) -> None:
    require("node", NPM, "npm is not installed")
    folder = ROOT / SCRIPTS
    lock = (folder / "package-lock.json").read_text(encoding="utf-8")
    assert "integrity" in lock and "resolved" not in lock and "registry" not in lock
    pinned = json.loads((folder / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert all(version[0].isdigit() for version in pinned.values())
    build(tmp_path / "built", check=True)
    assert (tmp_path / "built" / "page.js").is_file()


def test_without_npm_a_wheel_is_built_and_says_what_it_lacks(tree: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "bare"), str(tree)]
    built, kept = tree / BUILT, tmp_path / "kept"
    if built.exists():
        built.rename(kept)
    done = run(words, tree, PATH="")
    assert done.returncode == 0, done.stderr
    assert "npm is not installed" in done.stdout + done.stderr
    assert "The wheel has no scripts" in done.stdout + done.stderr
    with zipfile.ZipFile(next((tmp_path / "bare").glob("*.whl"))) as wheel:
        assert names(wheel.namelist(), BUILT) == set()
    refused = run(words, tree, PATH="", OGX_RDF_SCRIPTS="required")
    assert refused.returncode != 0
    assert "the scripts of the pages could not be built" in refused.stdout + refused.stderr


def test_a_wheel_built_straight_from_the_tree_is_the_same(tree: Path, built: Path) -> None:
    done = run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tree / "direct", tree], tree)
    assert done.returncode == 0, done.stderr
    contents = []
    for folder in (built, tree / "direct"):
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            contents.append({name: wheel.read(name) for name in wheel.namelist()})
    assert contents[0] == contents[1]


def test_the_sdist_holds_what_is_listed_and_nothing_that_lies_about(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        files = {name.partition("/")[2] for name in sdist.getnames()}
    tops = {name.partition("/")[0] for name in files}
    assert tops == {*FOLDERS, *FILES} | {"PKG-INFO"}
    assert shipped("ontology") | shipped("shapes") | shipped("queries") <= files
    assert not [name for name in files if "ontology/sources" in name]


def test_the_whole_way_from_the_wheel(program: Path, tmp_path: Path) -> None:
    travel(lambda words, folder: run([program, *words], folder), tmp_path)


def test_the_shipped_corpus_is_at_hand_anywhere_and_read_only(program: Path, tmp_path: Path) -> None:
    done = run([program, "query", "claims-about", "--entity", "clusterin", "--format", "csv"], tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("\n") > 20
    assert run([program, "fmt", "--check"], tmp_path).returncode == 0
    (tmp_path / "text.txt").write_text("A text.\n")
    refused = run([program, "source", "add", "text.txt", "--id", "text"], tmp_path)
    assert (refused.returncode, refused.stderr.partition(" ")[0]) == (3, "E345")
