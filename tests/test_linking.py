"""Mapping sets: read whole or refused, and read alike by sssom-py, the reference reader of the format."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ogx_rdf.corpus import open_corpus
from ogx_rdf.errors import InputError
from ogx_rdf.linking import load_mappings, read_mappings
from ogx_rdf.model import Iri, Literal
from ogx_rdf.namespaces import OWL, RDF, RDFS, SKOS, SSSOM, XSD
from ogx_rdf.resources import resource

SHIPPED = sorted((resource("ontology") / "mappings").glob("*.sssom.tsv"))
SSSOM_COMMAND = Path(sys.executable).with_name("sssom")
BASE = "https://w3id.org/ogx-rdf/"

HEAD = """\
#mapping_set_id: https://example.org/small.sssom.tsv
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  CHEBI: http://purl.obolibrary.org/obo/CHEBI_
#  entity: https://w3id.org/ogx-rdf/entity/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: "http://www.w3.org/2004/02/skos/core#"
#  sssom: https://w3id.org/sssom/
"""
ROWS = (
    ["subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "comment"],
    ["entity:a", "a", "skos:exactMatch", "CHEBI:1", "one", "semapv:ManualMappingCuration", ""],
    [
        "entity:b",
        "b",
        "skos:exactMatch",
        "sssom:NoTermFound",
        "",
        "semapv:ManualMappingCuration",
        'Looked for "b" in CHEBI.',
    ],
)
SMALL = HEAD + "".join("\t".join(row) + "\n" for row in ROWS)


def drop_column(name: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = text.splitlines()
        start = next(i for i, line in enumerate(lines) if not line.startswith("#"))
        at = lines[start].split("\t").index(name)
        cut = ["\t".join(c for i, c in enumerate(line.split("\t")) if i != at) for line in lines[start:]]
        return "\n".join(lines[:start] + cut) + "\n"

    return change


def once(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


SEEDED = {
    "bad justification": (once("semapv:ManualMappingCuration\t", "semapv:Guesswork\t"), "unknown justification"),
    "unknown prefix": (once("CHEBI:", "CHEMBI:"), "unknown prefix"),
    "missing column": (drop_column("predicate_id"), "column predicate_id is missing"),
}


def sssom(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SSSOM_COMMAND, *words], capture_output=True, text=True, check=False)


def sssom_accepts(file: Path) -> bool:
    """Whether the ``sssom`` command validates and converts a file without leaving out a row.

    Its exit code alone does not tell: ``sssom validate`` ends with 0 on rows that it drops, saying so in its log.
    """
    for words in (["validate"], ["convert", "--output-format", "owl"]):
        run = sssom(*words, file)
        if run.returncode != 0 or "not included in the mapping set" in run.stdout + run.stderr:
            return False
    return True


@pytest.mark.parametrize("file", SHIPPED, ids=lambda p: p.name)
def test_sssom_accepts_the_shipped_file(file: Path) -> None:
    assert sssom_accepts(file)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda p: p.name)
def test_sssom_reads_as_many_rows_as_are_loaded(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    parsed = [line for line in sssom("sort", file).stdout.splitlines() if line and not line.startswith("#")]
    loaded = {t[0] for t in load_mappings(file, file.name, BASE) if t[1] == RDF.type}
    assert len(loaded) == len(lines) - 1
    assert len(parsed) == len(lines)


@pytest.mark.parametrize("name", SEEDED)
@pytest.mark.parametrize("file", SHIPPED, ids=lambda p: p.name)
def test_both_refuse_a_seeded_file(file: Path, name: str, tmp_path: Path) -> None:
    change, message = SEEDED[name]
    bad = tmp_path / "bad.sssom.tsv"
    bad.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_mappings(bad, "bad.sssom.tsv")
    assert caught.value.line is not None
    assert not sssom_accepts(bad)


def test_every_row_of_the_shipped_files_is_in_the_graph() -> None:
    corpus = open_corpus(resource("ontology"))
    rows = [row for file in SHIPPED for row in read_mappings(file, file.name)]
    assert len(rows) > 100
    asked = corpus.dataset.select(f"SELECT ?m WHERE {{ ?m <{OWL.annotatedSource}> ?entity }}")
    assert len(asked) == len(rows)
    for row in rows:
        match = (Iri(row.subject), Iri(row.predicate), Iri(row.object))
        assert (match in corpus.dataset.describe(row.subject)) == row.found


def test_a_row_becomes_a_node_and_a_match(tmp_path: Path) -> None:
    file = tmp_path / "small.sssom.tsv"
    file.write_text(SMALL, encoding="utf-8")
    triples = load_mappings(file, "small", BASE)
    a, b = Iri(f"{BASE}entity/a"), Iri(f"{BASE}entity/b")
    assert (a, SKOS.exactMatch, Iri("http://purl.obolibrary.org/obo/CHEBI_1")) in triples
    assert [t for t in triples if t[0] == b] == []
    comments = {str(o) for _, p, o in triples if p == RDFS.comment}
    assert comments == {'Looked for "b" in CHEBI.'}
    assert {t[0] for t in triples if t[1] == RDF.type} == {
        Iri(f"{BASE}mapping/a.exactMatch.CHEBI-1"),
        Iri(f"{BASE}mapping/b.exactMatch.sssom-NoTermFound"),
    }


@pytest.mark.parametrize(
    ("change", "message", "line"),
    [
        (once("entity:a\ta\t", "entity:a\t"), "6 cells under 7 columns", 10),
        (once("skos:exactMatch", "skos:sameAs"), "unknown predicate", 10),
        (once('Looked for "b" in CHEBI.', ""), "no reason given", 11),
        (once("#curie_map:", "#curie_mapp:"), "no curie_map", 1),
        (once("#license: https", "#license: [https"), "not YAML", 1),
        (once("\tcomment\n", "\tremarks\n"), "unknown column 'remarks'", 9),
        (once("CHEBI:1", "CHEBI:a b"), "does not give a valid IRI", 10),
        (lambda text: text + text.splitlines()[9] + "\n", "the same mapping stands on line 10", 12),
        (lambda text: "\n".join(text.splitlines()[:8]) + "\n", "no column header", 9),
    ],
)
def test_each_slip_is_named_with_its_line(
    change: Callable[[str], str], message: str, line: int, tmp_path: Path
) -> None:
    file = tmp_path / "small.sssom.tsv"
    file.write_text(change(SMALL), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        read_mappings(file, "small")
    assert (caught.value.line, caught.value.exit_code) == (line, 3)


def column(name: str, *cells: str) -> str:
    """The small file with one column more."""
    lines = SMALL.splitlines()
    added = [f"{line}\t{cell}" for line, cell in zip(lines[-3:], (name, *cells), strict=True)]
    return "\n".join([*lines[:-3], *added]) + "\n"


def test_confidence_goes_into_the_graph_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "small.sssom.tsv"
    file.write_text(column("confidence", "0.90", ""), encoding="utf-8")
    assert [(s, o) for s, p, o in load_mappings(file, "small", BASE) if p == SSSOM.confidence] == [
        (f"{BASE}mapping/a.exactMatch.CHEBI-1", Literal("0.90", XSD.double))
    ]
    file.write_text(column("confidence", "1", "1.5"), encoding="utf-8")
    with pytest.raises(InputError, match=r"confidence '1\.5' is no number from 0 to 1") as caught:
        read_mappings(file, "small")
    assert caught.value.line == 11


@pytest.mark.parametrize("name", ["author_id", "mapping_date", "record_id"])
def test_what_is_for_readers_of_the_file_gives_no_triples(name: str, tmp_path: Path) -> None:
    file = tmp_path / "small.sssom.tsv"
    file.write_text(SMALL, encoding="utf-8")
    without = load_mappings(file, "small", BASE)
    file.write_text(column(name, "x", "y"), encoding="utf-8")
    assert load_mappings(file, "small", BASE) == without


def test_a_column_that_would_be_dropped_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "small.sssom.tsv"
    file.write_text(column("object_source", "x", "y"), encoding="utf-8")
    with pytest.raises(InputError, match="unknown column 'object_source'") as caught:
        read_mappings(file, "small")
    assert "for readers of the file only: author_id, mapping_date, record_id" in (caught.value.hint or "")


def test_rows_that_would_share_a_node_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "small.sssom.tsv"
    row = SMALL.splitlines()[9]
    file.write_text(SMALL + row.replace("CHEBI:1", "CHEBI:1-") + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="3 rows give 2 mappings"):
        load_mappings(file, "small", BASE)


def test_tabs_part_cells_and_quotes_are_text(tmp_path: Path) -> None:
    file = tmp_path / "small.sssom.tsv"
    file.write_text(SMALL.replace("\tone\t", '\t"one" or two\t'), encoding="utf-8")
    assert read_mappings(file, "small")[0].object_label == '"one" or two'
