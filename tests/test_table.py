"""The evidence table: its answers are those of the audit and of the stored queries, its bytes those of its rows."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

import duckdb
import pytest
from asking import DATA, SHIPPED, SMALL, rows
from tabled import NO_PREFIXES, asked, audited, bytes_of, documented, rows_by_table, tabled, use_in, use_of

from ogx_rdf import InputError, UsageError
from ogx_rdf.audit import Audit
from ogx_rdf.corpus import Corpus
from ogx_rdf.table import (
    TABLES,
    LineWriter,
    Row,
    contradictions,
    open_table,
    references,
    rows_of,
    totals,
    write_table,
)
from ogx_rdf.table.contrary import CONTRARY
from ogx_rdf.table.folder import MANIFEST

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
CORPORA = ("shipped", "audit-corpus", "queries-corpus", "valid", "tensions")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Audit, Path]]:
    """A corpus by name, audited, with its table."""
    home = tmp_path_factory.mktemp("tables")
    known: dict[str, tuple[Audit, Path]] = {}

    def corpus(name: str) -> Corpus:
        if name == "shipped":
            return SHIPPED
        if name == "tensions":
            shutil.copytree(SMALL.root, home / "corpus")
            shutil.copytree(DATA / "tensions", home / "corpus", dirs_exist_ok=True)
            return Corpus(home / "corpus")
        return Corpus(DATA / name)

    def make(name: str) -> tuple[Audit, Path]:
        if name not in known:
            found = audited(corpus(name))
            known[name] = found, tabled(found, home / f"table of {name}'s")
        return known[name]

    return make


Made = Callable[[str], tuple[Audit, Path]]


@pytest.mark.parametrize("name", CORPORA)
def test_totals_are_those_of_the_audit_in_its_order(name: str, made: Made) -> None:
    found, folder = made(name)
    assert list(totals(folder).items()) == [(name, total.value) for name, total in found.totals.items()]
    with open_table(folder) as table:
        assert table.counted() == found.totals


@pytest.mark.parametrize("name", CORPORA)
def test_uses_of_references_are_those_of_the_audit(name: str, made: Made) -> None:
    found, folder = made(name)
    assert use_in(folder) == use_of(found)


@pytest.mark.parametrize("name", CORPORA)
def test_uses_of_references_are_those_of_the_stored_query(name: str, made: Made) -> None:
    found, folder = made(name)
    curie = found.corpus.curie
    expected = {
        str(row["reference"]): tuple(row[key] for key in ("number", "entry", "markers", "passages", "claims", "sole"))
        for row in rows("references", found.corpus)
    }
    keys = ("label", "content", "printed", "passages", "claims", "sole")
    assert {curie(str(r["reference"])): tuple(r[key] for key in keys) for r in references(folder)} == expected


@pytest.mark.parametrize("kind", CONTRARY)
@pytest.mark.parametrize("name", CORPORA)
def test_contradictions_are_those_of_the_stored_queries(name: str, kind: str, made: Made) -> None:
    found, folder = made(name)
    given = contradictions(folder, kind)
    expected = asked(found.corpus, kind)
    keys = ("here", "there", "here_setting", "there_setting", "subject", "object", "claim", "label")

    def told(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
        # A setting is a list of words: what joins them may end it.
        return [{k: str(row[k]).removesuffix(" | ") if row.get(k) else None for k in keys} for row in rows]

    assert told(given) == told(expected)


def test_each_kind_of_contradiction_was_seen(made: Made) -> None:
    assert all(contradictions(made("tensions")[1], kind) for kind in CONTRARY)


@pytest.mark.parametrize("name", CORPORA)
def test_coverage_is_that_of_the_corpus(name: str, made: Made) -> None:
    found, folder = made(name)
    with open_table(folder) as table:
        assert table.coverage().as_dict() == found.coverage.as_dict()


def test_rows_are_counted_by_any_column(made: Made) -> None:
    found, folder = made("shipped")
    with open_table(folder) as table:
        by_state = table.by("kind", "state")
        assert sum(by_state.values()) == len(found.chains)
        assert by_state["mechanism", "uncited"] == sum(
            (chain.claim.kind, chain.state) == ("mechanism", "uncited") for chain in found.chains.values()
        )
        assert table.by("skipped_as", table="passages")[(None,)] == found.totals["passages-asserting"].value
        with pytest.raises(UsageError, match="no column of claims 'colour'"):
            table.by("colour")
        with pytest.raises(UsageError, match="no table 'colours'"):
            table.by("state", table="colours")
        with pytest.raises(UsageError, match="no contradiction 'differing-values'"):
            table.contradictions("differing-values")
        [row] = table.sql("SELECT quote FROM evidence WHERE evidence = ?", [f"{SHIPPED.base}c/0068.ogx-011-guide-p026"])
        assert str(row["quote"]).startswith("One of its primary mechanisms")
        with pytest.raises(InputError, match="Catalog Error"):
            table.sql("SELECT * FROM nothing")


def test_a_row_of_evidence_holds_what_the_chain_holds(made: Made) -> None:
    found, folder = made("audit-corpus")
    with open_table(folder) as table:
        told = {row["evidence"]: row for row in table.sql("SELECT * FROM evidence")}
    for chain in found.chains.values():
        for link in chain.links:
            row, item = told[link.evidence.iri], link.evidence
            assert (row["claim"], row["quote"], row["quote_verdict"]) == (chain.claim.iri, item.quote, link.quote)
            assert [c["label"] for c in row["citations"]] == [c.marker.label for c in link.citations]  # type: ignore[attr-defined]
            assert [c["carries"] for c in row["citations"]] == [c.carries for c in link.citations]  # type: ignore[attr-defined]
            assert (row["source"], row["primary_source"]) == (item.source, item.primary_source)
            fields = item.measurement.fields if item.measurement else {}
            assert row["measured_value"] == fields.get("value")
            assert row["not_stated"] == list(item.not_stated)


def test_the_files_have_the_columns_that_are_described(made: Made) -> None:
    _, folder = made("valid")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for table in TABLES.values():
        [file] = manifest["tables"][table.name]
        with duckdb.connect() as connection:
            told = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(folder / file)]).fetchall()
        assert [(row[0], row[1].replace('"', "")) for row in told] == [(c.name, c.type) for c in table.columns]


def test_the_readme_has_every_column() -> None:
    assert documented() in README


def test_the_same_rows_give_the_same_bytes_whoever_wrote_them(made: Made, tmp_path: Path) -> None:
    found, folder = made("shipped")
    parts = [rows_of(chain, found.records) for chain in found.chains.values()]
    Random(1).shuffle(parts)
    shared = {name: told for name, told in rows_by_table(found).items() if name not in ("claims", "evidence")}
    for worker in range(3):
        with LineWriter(tmp_path / "lines", f"w{worker}") as lines:
            for part in parts[worker::3]:
                lines.add(part)
            lines.add(shared)  # bundles meet the same passages: every worker writes them
    prefixes = found.corpus.prefixes
    written = write_table(tmp_path / "lines", tmp_path / "out", base=found.corpus.base, prefixes=prefixes, threads=1)
    assert bytes_of(tmp_path / "out") == bytes_of(folder)
    assert written.rows["claims"] == len(found.chains)


STRANGE = (
    '=HYPERLINK("http://example.org";"x")',
    "'; DROP TABLE claims; --",
    '"quoted" and \\ and \\n and {"json": [1]}',
    "two\nlines\r\nand\ttabs",
    " leading and trailing ",
    "α β 漢字 😀 e\u0301 \u200f \u2028 \u00a0",
    "NULL",
    "",
    "null",
    "x" * 1_000_000,
)


def test_words_come_back_as_they_were(tmp_path: Path) -> None:
    told: list[Row] = [
        {"evidence": f"e{n}", "claim": "c", "orphan": True, "quote": words, "hedges": (words, words), "start": n}
        for n, words in enumerate(STRANGE)
    ]
    with LineWriter(tmp_path / "lines") as lines:
        lines.add({"evidence": told})
    write_table(tmp_path / "lines", tmp_path / "out", base="b", prefixes=NO_PREFIXES)
    with open_table(tmp_path / "out") as table:
        found = table.sql("SELECT evidence, quote, hedges, start, via, report FROM evidence ORDER BY start")
    assert [(row["quote"], row["hedges"], row["via"], row["report"]) for row in found] == [
        (words, [words, words], [], None) for words in STRANGE
    ]


def test_two_rows_of_one_claim_are_refused(tmp_path: Path, made: Made) -> None:
    found, _ = made("valid")
    chain = next(iter(found.chains.values()))
    for worker in "ab":
        with LineWriter(tmp_path / "lines", worker) as lines:
            lines.add(rows_of(chain, found.records))
    with pytest.raises(InputError, match="two different rows of the table 'evidence' speak of"):
        write_table(tmp_path / "lines", tmp_path / "out", base="b", prefixes=NO_PREFIXES)
    assert bytes_of(tmp_path / "out") == {}


def test_what_is_no_table_is_left_alone(tmp_path: Path, made: Made) -> None:
    found, folder = made("valid")
    (tmp_path / "mine.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(InputError, match="something else stands there"):
            tabled(found, place)
    with pytest.raises(UsageError, match="no evidence table at"):
        open_table(tmp_path)
    shutil.copytree(folder, tmp_path / "t")
    before = bytes_of(tmp_path / "t")
    (tmp_path / "t" / "claims" / "part-0000-0.parquet").write_text("left by a writer that was killed")
    (tmp_path / "t" / ".building.1").mkdir()
    tabled(found, tmp_path / "t")
    assert bytes_of(tmp_path / "t") == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not the manifest"),
        ("{}", "not the manifest"),
        ('{"format": 1, "base": "b", "prefixes": {}, "tables": []}', "not the manifest"),
        ('{"format": 99}', "of format 99"),
    ],
)
def test_a_manifest_that_is_none_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(InputError, match=said):
        open_table(tmp_path)


def test_a_file_that_is_gone_is_told(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made("valid")[1], tmp_path / "t")
    next((tmp_path / "t" / "claims").iterdir()).unlink()
    with pytest.raises(InputError, match="DuckDB: IO Error"):
        totals(tmp_path / "t")


def test_without_duckdb_the_extra_is_named(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, folder = made("valid")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    for act in (lambda: tabled(found, tmp_path / "t"), lambda: open_table(folder)):
        with pytest.raises(InputError, match="DuckDB, which is not installed") as caught:
            act()
        assert caught.value.hint == "Install the extra: pip install 'ogx-rdf[table]'"
    assert list(tmp_path.iterdir()) == []


def test_a_reader_has_one_state_while_the_table_is_written_anew(made: Made, tmp_path: Path) -> None:
    states = [made(name)[0] for name in ("valid", "audit-corpus")]
    expected = [{name: total.value for name, total in found.totals.items()} for found in states]
    tabled(states[0], tmp_path / "t")
    done = threading.Event()

    def write() -> None:
        for turn in range(8):
            tabled(states[turn % 2], tmp_path / "t")
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    with open_table(tmp_path / "t") as table:
        while not done.is_set():
            assert table.totals() in expected
            table.reload()
    writer.join()
    assert totals(tmp_path / "t") == expected[1]
