"""The links for other tools: SSSOM as its reference reader takes it, SKOS matches, and owl:sameAs by rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Cli
from linked import ROWS, write_links
from test_linking import SSSOM_COMMAND, sssom

from ogx_rdf import open_graph
from ogx_rdf.corpus import Corpus
from ogx_rdf.errors import InputError
from ogx_rdf.linking import read_mappings
from ogx_rdf.linking.sssom import read_metadata
from ogx_rdf.model import Iri
from ogx_rdf.oxi import parse_turtle
from ogx_rdf.resources import resource

SAME = "http://www.w3.org/2002/07/owl#sameAs"
X = "https://example.org/x/entity/"


def exported(root: Path, format: str) -> str:
    return "".join(open_graph(root).export(format))


@pytest.fixture
def all_sets(tmp_path: Path) -> Path:
    """The mapping sets of the shipped corpus as one file."""
    file = tmp_path / "all.sssom.tsv"
    file.write_text(exported(resource("ontology"), "sssom"), encoding="utf-8")
    return file


def test_all_sets_as_one_hold_every_row(all_sets: Path) -> None:
    shipped = sorted((resource("ontology") / "mappings").glob("*.sssom.tsv"))
    kept = [row for file in shipped for row in read_mappings(file, file.name)]
    found = read_mappings(all_sets, "all")

    def cells(row: object) -> dict[str, object]:
        return {name: getattr(row, name) for name in row.__slots__ if name != "line"}  # type: ignore[attr-defined]

    assert sorted(map(repr, map(cells, kept))) == sorted(map(repr, map(cells, found)))
    assert len(found) > 100


def test_the_reference_reader_takes_the_file_whole(all_sets: Path) -> None:
    assert SSSOM_COMMAND.is_file()
    run = sssom("sort", all_sets)
    parsed = [line for line in run.stdout.splitlines() if line and not line.startswith("#")]
    assert (run.returncode, len(parsed)) == (0, 1 + len(read_mappings(all_sets, "all")))
    assert "not included in the mapping set" not in run.stdout + run.stderr


def test_the_head_says_where_the_rows_come_from(all_sets: Path) -> None:
    meta, spaces = read_metadata(all_sets, "all")
    assert meta["mapping_set_id"] == "https://w3id.org/ogx-rdf/mappings/all.sssom.tsv"
    assert meta["license"] == "https://creativecommons.org/licenses/by/4.0/"
    sources = meta["mapping_set_source"]
    assert isinstance(sources, list)
    assert "https://w3id.org/ogx-rdf/mappings/ogx-011.sssom.tsv" in sources
    assert list(spaces) == sorted(spaces)
    assert spaces["uniprot"] == "http://purl.uniprot.org/uniprot/"


def test_the_same_corpus_gives_the_same_bytes(all_sets: Path) -> None:
    assert exported(resource("ontology"), "sssom").encode() == all_sets.read_bytes()


def test_every_match_is_a_triple(empty_corpus: Corpus) -> None:
    text = exported(write_links(empty_corpus), "links")
    triples = parse_turtle(text, "links")[0]
    assert len(triples) == len(ROWS) == text.count("\n")
    exact = Iri("http://www.w3.org/2004/02/skos/core#exactMatch")
    assert (Iri(f"{X}clusterin"), exact, Iri("http://purl.uniprot.org/uniprot/P10909")) in triples
    assert text == "".join(sorted(text.splitlines(keepends=True)))


def same(root: Path) -> set[tuple[str, str]]:
    text = exported(root, "sameas")
    assert text.startswith("# owl:sameAs for the exact matches")
    triples = parse_turtle(text, "sameas")[0]
    assert {p for _, p, _ in triples} <= {SAME}
    return {(s.removeprefix(X), str(o).rpartition("/")[2]) for s, _, o in triples}


def test_the_same_is_only_what_is_the_thing_itself(empty_corpus: Corpus) -> None:
    # Neither a class (RO, GO, MMO), nor a record (UniProt, DrugBank), nor a match that is not exact (Q28319104).
    root = write_links(empty_corpus)
    assert same(root) == {("docetaxel", "CHEMBL92"), ("universe", "Q1"), ("cosmos", "Q13165295")}
    text = exported(root, "sameas")
    assert "# 3 of 18 exact matches; left out: 15 with a class, concept or record, 0 of another category, 0 " in text


def test_a_thing_of_another_category_is_not_the_same(empty_corpus: Corpus) -> None:
    root = write_links(empty_corpus, (("bax", "exactMatch", "chembl.compound:CHEMBL92", ""),))
    assert same(root) == set()
    assert "1 of another category" in exported(root, "sameas")


@pytest.mark.parametrize(
    "rows",
    [
        (("docetaxel", "exactMatch", "wikidata:Q1", ""), ("lepirudin", "exactMatch", "wikidata:Q1", "")),
        (("docetaxel", "exactMatch", "wikidata:Q1", ""), ("docetaxel", "exactMatch", "wikidata:Q182397", "")),
    ],
    ids=["two of ours", "two of theirs"],
)
def test_two_things_never_become_one(rows: tuple[tuple[str, str, str, str], ...], empty_corpus: Corpus) -> None:
    root = write_links(empty_corpus, rows)
    assert same(root) == set()
    assert "2 with another partner" in exported(root, "sameas")


def test_sets_that_disagree_do_not_become_one(empty_corpus: Corpus) -> None:
    root = write_links(empty_corpus)
    first, second = root / "mappings" / "links.sssom.tsv", root / "mappings" / "more.sssom.tsv"
    text = first.read_text(encoding="utf-8")
    second.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"the same mapping stands in .*links\.sssom\.tsv:\d+"):
        exported(root, "sssom")
    second.write_text(text.replace("licenses/by/4.0", "licenses/by-sa/4.0").partition("subject_id")[0] + text.partition(
        "#  wikidata: http://www.wikidata.org/entity/\n")[2].splitlines()[0] + "\n", encoding="utf-8")  # fmt: skip
    with pytest.raises(InputError, match="another licence"):
        exported(root, "sssom")
    second.write_text(text.replace("obo/RO_", "obo/ro_"), encoding="utf-8")
    with pytest.raises(InputError, match="the prefix RO stands for another namespace"):
        exported(root, "sssom")


def test_the_command_writes_what_the_library_gives(cli: Cli, empty_corpus: Corpus, tmp_path: Path) -> None:
    done = cli("export", "--format", "sssom", "--corpus", str(empty_corpus.root))
    assert (done.returncode, "this corpus has no mapping sets" in done.stderr) == (2, True)
    root = write_links(empty_corpus)
    for format in ("sssom", "links", "sameas"):
        done = cli("export", "--format", format, "--corpus", str(root), "--out", str(tmp_path / format))
        assert done.returncode == 0
        assert (tmp_path / format).read_text(encoding="utf-8") == exported(root, format)
