"""The works as BibTeX, RIS and CSL-JSON: golden files, and each read back by a reader that is not ours."""

from __future__ import annotations

import importlib.resources
import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import rispy  # type: ignore[import-untyped]
from bibtexparser import entrypoint
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter  # type: ignore[import-untyped]
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from commands import Cli
from hypothesis import given
from hypothesis import strategies as st

from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.namespaces import FABIO, OGX, RDF
from ogx_rdf.publish.citations import KINDS, TEX, bibtex, citations, csl_json, ris
from ogx_rdf.records import Records
from ogx_rdf.resources import resource
from ogx_rdf.works.reading import Person, Venue, read_authors, read_venue

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def corpus(empty_corpus: Corpus) -> Corpus:
    """A corpus of six works, each with something that a format could lose or make up."""
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in empty_corpus.prefixes.items())
    text = (DATA / "citations" / "works.ttl").read_text(encoding="utf-8")
    (empty_corpus.root / "works").mkdir()
    (empty_corpus.root / "works" / "works.ttl").write_text(head + text, encoding="utf-8")
    return Corpus(empty_corpus.root)


@pytest.fixture(params=["small", "shipped"])
def either(request: pytest.FixtureRequest) -> Corpus:
    """The small corpus, and the shipped one."""
    small: Corpus = request.getfixturevalue("corpus")
    return small if request.param == "small" else open_corpus(resource("ontology"))


@pytest.mark.parametrize(
    ("format", "file"), [("bibtex", "works.bib"), ("ris", "works.ris"), ("csl-json", "works.csl.json")]
)
def test_the_files_are_those_read_by_hand(format: str, file: str, corpus: Corpus, cli: Cli) -> None:
    done = cli("export", "--format", format, "--corpus", str(corpus.root))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (DATA / "golden" / "citations" / file).read_text(encoding="utf-8")


def read_bibtex(text: str) -> dict[str, tuple[str, dict[str, Any]]]:
    layers = [SeparateCoAuthors(), SplitNameParts()]
    library = entrypoint.parse_string(text, append_middleware=layers)
    assert library.failed_blocks == []
    return {e.key: (e.entry_type, {f.key: f.value for f in e.fields}) for e in library.entries}


def untex(text: str) -> str:
    """TeX read by pylatexenc, the outer braces of a title taken off."""
    library = entrypoint.parse_string(f"@misc{{x, title = {{{text}}}}}", append_middleware=[LatexDecodingMiddleware()])
    return str(library.entries[0].fields_dict["title"].value)


def test_bibtex_is_read_back(either: Corpus) -> None:
    found = read_bibtex("".join(bibtex(either)))
    works = Records(either).works
    assert list(found) == [either.curie(iri).removeprefix("work:") for iri in works]
    for item, (kind, fields) in zip(citations(either), found.values(), strict=True):
        assert kind in ("article", "misc")
        assert re.sub(r"^\{|\}$", "", fields["title"]).count("{") == re.sub(r"^\{|\}$", "", fields["title"]).count("}")
        assert ("year" in fields, "author" in fields) == (bool(item.date), bool(item.authors.names))
        names = [
            (" ".join((*name.von, *name.last)), " ".join(name.first), " ".join(name.jr))
            for name in fields.get("author", [])
        ]
        assert names == [
            (name.family, name.spaced, name.suffix or "")
            if isinstance(name, Person)
            else (f"{{{name.translate(TEX)}}}", "", "")
            for name in item.authors.names
        ]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), min_size=1))
def test_special_characters_of_tex_are_read_back(text: str) -> None:
    written = " ".join(text.split()).translate(TEX)
    depth = 0
    for character in written:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert not re.search(r"(?<!\\)[&%$#_~^]", written)


@pytest.mark.parametrize("character", "&%$#_~^\\")
def test_each_special_character_comes_back(character: str) -> None:
    # pylatexenc gives the accent for the sign.
    assert untex(f"a {character} b".translate(TEX)).replace("ˆ", "^") == f"a {character} b"


def test_ris_is_read_back(either: Corpus) -> None:
    text = "".join(ris(either))
    lines = text.splitlines()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines if line)
    assert text.count("TY  - ") == text.count("\nER  - ") == len(Records(either).works)
    # A record begins with its type and ends with its end, and nothing stands between two.
    assert all(two == "" for one, two in pairwise(lines) if one == "ER  - ")
    found = rispy.loads(text)
    assert [entry["id"] for entry in found] == [item.key for item in citations(either)]
    for item, entry in zip(citations(either), found, strict=True):
        assert entry["title"] == item.title
        assert entry.get("year") == (item.date[0] if item.date else None)
        assert len(entry.get("authors", [])) == len(item.authors.names)
        assert entry.get("doi") == item.numbers.get("doi")
        assert "unknown_tag" not in entry


def csl_lists() -> tuple[set[str], set[str]]:
    """The types and the variables of CSL, from the schema that citeproc-py ships."""
    folder = importlib.resources.files("citeproc") / "data" / "schema" / "schemas" / "styles"
    types = (folder / "csl-types.rnc").read_text(encoding="utf-8").partition("item-types =")[2]
    variables = (folder / "csl-variables.rnc").read_text(encoding="utf-8")
    return set(re.findall(r'"([\w-]+)"', types)), set(re.findall(r'"([\w-]+)"', variables))


def test_csl_json_is_read_by_a_processor(either: Corpus) -> None:
    items = json.loads("".join(csl_json(either)))
    types, variables = csl_lists()
    for item in items:
        assert item["type"] in types
        assert set(item) <= variables | {"id", "type"}
        assert all(value and isinstance(value, str) for name, value in item.items() if name not in ("author", "issued"))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    assert len(bibliography.bibliography()) == len(items)


def test_a_processor_prints_what_was_curated(corpus: Corpus) -> None:
    items = json.loads("".join(csl_json(corpus)))
    bibliography = CitationStylesBibliography(
        CitationStylesStyle("harvard-cite-them-right", validate=False), CiteProcJSON(items), formatter.plain
    )
    bibliography.register(Citation([CitationItem("wiki")]))
    bibliography.register(Citation([CitationItem("early")]))
    assert [str(entry) for entry in bibliography.bibliography()] == [
        "Wikipedia contributors (no date) “Clusterin”. Available at: https://en.wikipedia.org/wiki/Clusterin.",
        "Chi, K.N. and Eisenhauer, E. (2023) “Ahead of print”.",
    ]


def test_every_class_of_the_shipped_works_has_a_type_of_its_own() -> None:
    records = Records(open_corpus(resource("ontology")))
    classes = {name for iri in records.works for name in records.nodes.iris(iri, RDF.type) if name != OGX.Work}
    assert {name.removeprefix(FABIO.iri) for name in classes} <= set(KINDS)


def test_nothing_is_made_up(either: Corpus) -> None:
    works = Records(either).works
    for item, work in zip(json.loads("".join(csl_json(either))), works.values(), strict=True):
        assert ("issued" in item, "author" in item) == (work.date is not None, work.creator is not None)
        assert not re.search(r"\bet al|others", json.dumps(item.get("author", [])))
        if "issued" in item:
            assert "-".join(f"{part:02}" for part in item["issued"]["date-parts"][0]) == work.date
        for name in ("volume", "issue", "page", "container-title"):
            assert item.get(name, "") in (work.venue or "")


@pytest.mark.parametrize(
    ("creator", "names", "complete"),
    [
        ("Chi KN, Eisenhauer E", (Person("Chi", "KN"), Person("Eisenhauer", "E")), True),
        ("Saad F, et al.", (Person("Saad", "F"),), False),
        ("Saad F, and others", (Person("Saad", "F"),), False),
        ("et al.", (), False),
        ("de Bono JS", (Person("de Bono", "JS"),), True),
        ("Smith AB Jr", (Person("Smith", "AB", "Jr"),), True),
        ("Müller Ö", (Person("Müller", "Ö"),), True),
        ("UK Health Research Authority", ("UK Health Research Authority",), True),
        ("OncoGenex Pharmaceuticals, Inc.", ("OncoGenex Pharmaceuticals, Inc.",), True),
        ("Example Technologies; Other, Inc.", ("Example Technologies", "Other, Inc."), True),
        ("Yang C-R, He Q-Y", (Person("Yang", "C-R"), Person("He", "Q-Y")), True),
        ("Wikipedia contributors", ("Wikipedia contributors",), True),
        ("Chi KN, NCIC Clinical Trials Group", (Person("Chi", "KN"), "NCIC Clinical Trials Group"), True),
        ("Kim N Chi", ("Kim N Chi",), True),
        (None, (), True),
    ],
)
def test_authors_are_read_as_curated(creator: str | None, names: tuple[Person | str, ...], complete: bool) -> None:
    found = read_authors(creator)
    assert (found.names, found.complete) == (names, complete)


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        (
            "Journal of the National Cancer Institute 97(17):1287-1296",
            Venue("Journal of the National Cancer Institute", "97", "17", "1287-1296"),
        ),
        ("OncoTargets and Therapy 6:785-797", Venue("OncoTargets and Therapy", "6", None, "785-797")),
        ("Cells 13(8):665", Venue("Cells", "13", "8", "665")),
        ("Medicine (Baltimore) 98(6):e14254", Venue("Medicine (Baltimore)", "98", "6", "e14254")),
        ("PLoS ONE 3:e1234", Venue("PLoS ONE", "3", None, "e1234")),
        ("Frontiers in Genetics, published 4 January 2023", None),
        ("Annals of Oncology 27(6), abstract LBA9_PR", None),
        ("Cells 13(8):665, corrected", None),
        ("Cells 13(8):665 ", None),
        ("Read in: Cells 13(8):665", None),
        ("13(8):665", None),
        ("3 Biotech 5:1-2", None),
        ("Health Research Authority, research summaries, IRAS 106449", None),
        (None, None),
    ],
)
def test_a_venue_is_read_strictly_or_not_at_all(text: str | None, venue: Venue | None) -> None:
    assert read_venue(text) == venue


def test_without_the_extra_csl_json_is_still_there(corpus: Corpus) -> None:
    code = (
        "import sys\nsys.modules['bibtexparser'] = sys.modules['rispy'] = None\nfrom ogx_rdf.cli import main\n"
        "print([main(['export', '--format', name, '--out', 'x', '--corpus', {!r}]) for name in {!r}])"
    ).format(str(corpus.root), ["bibtex", "ris", "csl-json"])
    here = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=corpus.root, env=here, check=True
    )
    assert done.stdout == "Wrote x\n[3, 3, 0]\n"
    assert done.stderr.startswith("E607 this format needs a library that is not installed (bibtexparser")
    assert "pip install 'ogx-rdf[citations]'" in done.stderr
