"""The evidence table on the command line and in Python: written, counted, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from asking import DATA
from commands import Cli
from tabled import bytes_of

from ogx_rdf import UsageError, open_graph
from ogx_rdf.publish.table import render_contradictions, render_totals
from ogx_rdf.table import LineWriter, open_table, write_table

MINI = str(DATA / "audit-corpus")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_graph(MINI).table(tmp_path_factory.mktemp("once") / "t").path


@pytest.fixture
def written(once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(once, tmp_path / "t")


def sections(text: str) -> dict[str, str]:
    """The sections of an audit on a terminal by their titles."""
    parts = re.split(r"^([A-Z ]+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_export_writes_the_table(cli: Cli, written: Path, tmp_path: Path) -> None:
    before = bytes_of(written)
    for place in ("t", "new/t"):
        done = cli("export", "--corpus", MINI, "--format", "parquet", "--out", place)
        assert done.returncode == 0
        assert done.stdout.startswith(f"Wrote the evidence table {place}: 35 evidence, 18 claims, 29 passages")
        assert bytes_of(tmp_path / place) == before


def test_the_audit_of_a_table_prints_what_the_audit_prints(cli: Cli, written: Path) -> None:
    whole = sections(cli("audit", "--corpus", MINI).stdout)
    counted = sections(cli("audit", "--table", "t").stdout)
    assert counted["TOTALS"] == whole["TOTALS"]
    assert whole["BY REFERENCE"].strip() in counted["BY REFERENCE"]


def test_the_audit_of_a_table_in_json(cli: Cli, written: Path) -> None:
    whole = json.loads(cli("audit", "--corpus", MINI, "--format", "json").stdout)
    counted = json.loads(cli("audit", "--table", "t", "--format", "json").stdout)
    for name in ("answer", "totals", "definitions", "coverage"):
        assert counted[name] == whole[name]
    for given, expected in zip(counted["rows"], whole["references"], strict=True):
        same = ("reference", "label", "content", "resolution", "title", "identifiers", "candidates", "source_type")
        assert {name: given[name] for name in same} == {name: expected[name] for name in same}
        assert given["claims"] == len(expected["claims"])
        assert given["sole"] == len(expected["sole_support_of"])


def test_the_budget_of_a_named_corpus_is_judged(cli: Cli, written: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    settings = corpus / "corpus.toml"
    settings.write_text('title = "T"\nbase = "https://example.org/"\n[budget]\nclaims = 3\nresults = 99\n')
    done = cli("audit", "--table", "t", "--corpus", "corpus")
    assert (done.returncode, done.stderr) == (1, "[budget] claims: 16, allowed 3\n")
    settings.write_text('title = "T"\nbase = "https://example.org/"\n[budget]\nA101 = 0\n')
    assert (
        "[budget] names 'A101', which a table cannot judge" in cli("audit", "--table", "t", "--corpus", "corpus").stderr
    )


def test_tensions_of_a_table(cli: Cli, written: Path) -> None:
    done = cli("tensions", "--table", "t", "--kind", "disputed-claims", "--fail-on", "found", "--fail-on", "curated")
    assert done.returncode == 1
    assert done.stdout.startswith("Tensions found in the evidence table: 2 disputed-claims\n\nfound by disputed-claims")
    assert done.stderr == "--fail-on found: 7 tensions\n--fail-on curated: 2 tensions\n"
    shown = json.loads(cli("tensions", "--table", "t", "--format", "json").stdout)
    assert shown["answer"] == "rows"
    assert sum(shown["totals"].values()) == len(shown["rows"]) == 7
    assert "## Found by opposite-polarity" in cli("tensions", "--table", "t", "--format", "md").stdout


def test_no_label_is_printed_without_polarity_and_certainty(cli: Cli, written: Path) -> None:
    sides = re.findall(r"^  (?:here|there): (.*)$", cli("tensions", "--table", "t").stdout, re.MULTILINE)
    assert sides
    assert all(re.search(r"\((positive|negative|notShown); \w+\)$", side) for side in sides)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("export --format parquet", 2, "E543"),
        ("export --format parquet --out full", 3, "E383"),
        ("audit --table nothing", 2, "E540"),
        ("audit --table t --fail-on A101", 2, "--fail-on does not go with --table"),
        ("audit --table t --claim 1", 2, "--claim does not go with --table"),
        ("audit --table t --source x", 2, "--source does not go with --table"),
        ("audit --table t --format html", 2, "E513"),
        ("tensions --table t --claim 1", 2, "--claim does not go with --table"),
        ("tensions --table t --kind differing-values", 2, "E541"),
        ("tensions --table t --fail-on numberDrift", 2, "E541"),
        ("build --table full", 3, "E383"),
    ],
)
def test_what_is_refused(cli: Cli, written: Path, tmp_path: Path, words: str, code: int, said: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    done = cli(*words.split(), *(["--corpus", MINI] if words.startswith(("export", "build")) else []))
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "build").exists()


def test_build_writes_all_three(cli: Cli, written: Path, tmp_path: Path) -> None:
    done = cli("build", "--corpus", MINI, "--out", "g.nq", "--store", "s", "--table", "u", "--format", "json")
    [row] = json.loads(done.stdout)["rows"]
    assert row["table"]["path"] == "u"
    assert row["table"]["rows"]["claims"] == 18
    assert bytes_of(tmp_path / "u") == bytes_of(tmp_path / "t")
    assert "Wrote the evidence table u" in cli("build", "--corpus", MINI, "--out", "g.nq", "--table", "u").stdout


def test_the_same_in_python(tmp_path: Path) -> None:
    graph = open_graph(MINI)
    written = graph.table(tmp_path / "t", sources=[str(Path(MINI) / "text")])
    assert graph.build(tmp_path / "g.nq", table=tmp_path / "u").table is not None
    with open_table(written.path) as table:
        assert table.totals()["quotes-compared"] == graph.audit(sources=[f"{MINI}/text"]).totals["quotes"].value
        assert table.curie(f"{graph.corpus.base}c/0001") == "c:0001"
        assert table.curie("urn:x") == "urn:x"
    with pytest.raises(UsageError, match="comes in no pieces"):
        graph.export("parquet")


def test_an_empty_corpus_has_an_empty_table(tmp_path: Path) -> None:
    write_table(tmp_path / "no lines", tmp_path / "t", base="https://example.org/", prefixes={})
    with open_table(tmp_path / "t") as table:
        assert set(table.totals().values()) == {0}
        assert table.references() == []
        assert json.loads(render_totals(table, "json"))["answer"] == "none"
        assert json.loads(render_contradictions(table, "json"))["answer"] == "none"
        assert "none" in render_totals(table, "text")
        assert "Citation audit" in render_totals(table, "md")


def test_what_is_too_long_to_print_says_so(tmp_path: Path) -> None:
    with LineWriter(tmp_path / "lines") as lines:
        lines.add({"references": [{"reference": f"r{n}", "label": str(n), "content": "x"} for n in range(250)]})
        polarities = ("positive", "negative")
        many = [(f"c{n}{p}", f"s{n}", p) for n in range(250) for p in polarities]
        lines.add(
            {
                "claims": [
                    {"claim": c, "label": c, "subject": s, "predicate": "p", "object": "o", "polarity": p, "places": 0}
                    for c, s, p in many
                ],
                "relations": [{"relation": "p", "label": "does", "declared": True, "synonyms": "p"}],
            }
        )
    write_table(tmp_path / "lines", tmp_path / "t", base="https://example.org/", prefixes={})
    with open_table(tmp_path / "t") as table:
        assert "Those of most claims; 50 more: --format json." in " ".join(render_totals(table, "text").split())
        assert len(json.loads(render_totals(table, "json"))["rows"]) == 250
        assert "50 more found by opposite-polarity: --format json" in render_contradictions(table, "text")
        assert "- 50 more: --format json" in render_contradictions(table, "md")
