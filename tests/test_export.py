from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from ogx_rdf import InputError, UsageError
from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.publish.build import nquads
from ogx_rdf.publish.export import COLUMNS, FORMATS, export, safe_cell
from ogx_rdf.records import Records
from ogx_rdf.resources import resource
from ogx_rdf.turtle import natural_key

MINI = Path(__file__).parent / "data" / "audit-corpus"
VALID = Path(__file__).parent / "data" / "valid"
KINDS = "trialResult protocol preclinicalResult method expression drugDescription mechanism background bibliographic"
MEASURED = {"measure", "value", "unit", "statistic", "n", "denominator", "comparator", "interval", "p", "time"}
REPORTED = ("report", "source", "primary_source", "read_at", "read_on", "read_by", "extent")
CONTEXT = {"disease", "model", "trial", "line", "population", "background", "comparator"}


def lines(corpus: Corpus) -> list[dict[str, Any]]:
    return [json.loads(line) for line in "".join(export(corpus, "jsonl")).splitlines()]


@pytest.fixture(scope="module")
def mini() -> Corpus:
    return Corpus(MINI)


@pytest.fixture(scope="module")
def shipped() -> Corpus:
    return open_corpus(resource("ontology"))


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str], Corpus]:
    """A copy of the small corpus with one text in its claims replaced."""

    def edit(old: str, new: str) -> Corpus:
        shutil.copytree(MINI, tmp_path / "corpus")
        file = tmp_path / "corpus" / "claims" / "mini" / "01-all.ttl"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return Corpus(tmp_path / "corpus")

    return edit


def test_a_line_holds_what_one_place_says(mini: Corpus) -> None:
    found = next(row for row in lines(mini) if row["claim"] == "c:0009" and row["quote"])
    assert found == {
        "evidence": "c:0009.mini-p015",
        "claim": "c:0009",
        "label": "nolvex has the outcome survival (ALPHA)",
        "subject": "entity:nolvex",
        "subject_label": "nolvex",
        "relation": "ogx:hasOutcome",
        "relation_label": "has the outcome",
        "object": "entity:survival",
        "object_label": "survival",
        "kind": "trialResult",
        "polarity": "positive",
        "sign": "unsigned",
        "certainty": "asserted",
        "hedge": None,
        "stance": "supports",
        "directness": "exact",
        "manner": None,
        "via": [],
        "not_stated": ["comparator", "denominator", "interval", "n", "p", "statistic", "time"],
        "relies_on": [],
        "document": "doc:mini",
        "section": "Findings",
        "passage": "doc:mini.p015",
        "quote": "Overall survival of 9.5 months",
        "start": 357,
        "end": 387,
        "citations": ["4"],
        "source_types": ["primaryReport"],
        "context": {name: "trial:alpha" if name == "trial" else None for name in CONTEXT},
        "measurement": {
            **dict.fromkeys(MEASURED),
            "measure": "Overall survival",
            "value": 9.5,
            "unit": "unit:MO",
        },
        **dict.fromkeys(REPORTED),
        "study_lines": [],
    }
    text = (MINI / "text" / "mini.txt").read_text(encoding="utf-8")
    assert text[357:387] == found["quote"]


def test_hedges_ways_and_what_was_leaned_on_are_kept(mini: Corpus) -> None:
    row = next(row for row in lines(mini) if row["claim"] == "c:0005")
    assert (row["certainty"], row["hedge"], row["sign"]) == ("hedged", "may", "-1")
    assert (row["via"], row["relies_on"]) == (["c:0003"], ["doc:mini.p005"])
    assert (row["citations"], row["source_types"]) == (["2", "3"], ["review", "news"])


def test_a_marker_without_an_entry_has_no_source_type(mini: Corpus) -> None:
    row = next(row for row in lines(mini) if row["claim"] == "c:0008")
    assert (row["citations"], row["source_types"]) == (["9"], [None])


def test_whole_numbers_stay_whole(mini: Corpus) -> None:
    measured = next(row for row in lines(mini) if row["claim"] == "c:0013")["measurement"]
    assert (measured["value"], measured["n"], measured["denominator"]) == (12, 40, "40 patients")


def test_reported_evidence_has_a_source_and_no_quote(mini: Corpus) -> None:
    row = next(row for row in lines(mini) if row["claim"] == "c:0015")
    assert (row["document"], row["quote"], row["passage"], row["citations"]) == ("work:lund-2020", None, None, [])
    assert {name: row[name] for name in REPORTED} == {
        "report": "The review says that pain was less.",
        "source": "work:lund-2020",
        "primary_source": "work:alpha-2021",
        "read_at": "section 3",
        "read_on": "2024-05-02",
        "read_by": None,
        "extent": "abstract",
    }


def test_a_report_counts_for_the_study_whose_result_it_is() -> None:
    found = {row["evidence"]: row for row in lines(Corpus(VALID))}
    news = found["c:0004.testoma-news-r01"]
    assert (news["source"], news["primary_source"]) == ("work:testoma-news", "work:beacon-release")
    assert {row["evidence"] for row in found.values() if row["study_lines"] == ["trial:beacon"]} == {
        "c:0001.encyclopedia-varetin-r01",
        "c:0004.testoma-news-r01",
        "c:0008.beacon-release-r01",
        "c:0008.lund-2020-r01",
    }
    assert found["c:0001.dahl-2018-r01"]["study_lines"] == ["entity:cell-study", "trial:beacon"]
    assert found["c:0001.dahl-2018-r01"]["read_by"] == "two readers, each alone"


def test_a_work_of_no_study_is_a_line_of_its_own(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    shutil.copytree(VALID, root)
    file = root / "works" / "works.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("    ogx:reportsStudy trial:beacon ;\n", ""))
    found = {row["evidence"]: row["study_lines"] for row in lines(Corpus(root))}
    assert found["c:0008.lund-2020-r01"] == ["work:lund-2020"]


def test_several_hedges_come_in_the_order_of_the_words(edited: Callable[[str, str], Corpus]) -> None:
    corpus = edited('ogx:hedge "may" ;', 'ogx:hedge "may" ;\n    ogx:hedge "lower" ;\n    ogx:hedge "Nolvex" ;')
    row = next(row for row in lines(corpus) if row["claim"] == "c:0005")
    assert row["hedge"] == "Nolvex; may; lower"


def test_evidence_for_no_claim_is_refused_with_its_line(edited: Callable[[str, str], Corpus]) -> None:
    with pytest.raises(InputError, match=r"c:0004.mini-p007 is evidence for no claim") as caught:
        lines(edited("ogx:evidenceFor c:0004 ;", "ogx:evidenceFor c:0404 ;"))
    assert caught.value.file and caught.value.line


@pytest.mark.parametrize("which", ["mini", "shipped"])
def test_every_line_keeps_the_promised_shape(which: str, request: pytest.FixtureRequest) -> None:
    found = lines(request.getfixturevalue(which))
    ids = [row["evidence"] for row in found]
    assert ids == sorted(ids, key=natural_key) and len(set(ids)) == len(ids)
    for row in found:
        assert tuple(row) == COLUMNS
        assert row["kind"] in KINDS.split()
        assert row["polarity"] in ("positive", "negative", "notShown")
        assert row["sign"] in ("+1", "-1", "unsigned")
        assert row["certainty"] in ("asserted", "hedged", "intended", "capability", "outlook")
        assert row["stance"] in ("supports", "disputes", "silent")
        assert row["directness"] in ("exact", "narrower", "broader", "analogous")
        assert (row["hedge"] is None) == (row["certainty"] == "asserted")
        assert len(row["citations"]) == len(row["source_types"])
        assert set(row["context"]) == CONTEXT
        assert row["measurement"] is None or set(row["measurement"]) == MEASURED
        assert row["not_stated"] == sorted(row["not_stated"])
        told = [name for name in REPORTED if row[name] is not None]
        assert set(REPORTED) - set(told) <= {"primary_source", "read_by"} if row["quote"] is None else told == []
        assert bool(row["study_lines"]) == (row["quote"] is None)
        assert all(row[f"{name}_label"] for name in ("subject", "relation", "object"))
        assert all(":" in row[name] and "//" not in row[name] for name in ("subject", "relation", "object"))


@pytest.mark.parametrize("which", ["mini", "shipped"])
def test_the_table_holds_the_same_as_the_lines(which: str, request: pytest.FixtureRequest) -> None:
    corpus = request.getfixturevalue(which)
    table = list(csv.reader(io.StringIO("".join(export(corpus, "csv")))))
    assert tuple(table[0]) == COLUMNS
    for cells, row in zip(table[1:], lines(corpus), strict=True):
        for name, cell in zip(COLUMNS, cells, strict=True):
            value = row[name]
            if isinstance(value, list | dict):
                assert json.loads(cell) == value
            else:
                assert cell.removeprefix("'") == ("" if value is None else str(value)).removeprefix("'")
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r\n"])
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("value", ["a=b", "", "[=1]", "1", "ü"])
def test_other_cells_are_left_alone(value: str) -> None:
    assert safe_cell(value) == value


@pytest.mark.parametrize(
    ("name", "syntax"), [("trig", ox.RdfFormat.TRIG), ("jsonld", ox.RdfFormat.JSON_LD), ("nq", ox.RdfFormat.N_QUADS)]
)
def test_the_dataset_is_the_same_in_every_format(shipped: Corpus, name: str, syntax: ox.RdfFormat) -> None:
    expected = {str(quad) for quad in ox.parse(nquads(shipped), ox.RdfFormat.N_QUADS)}
    assert {str(quad) for quad in ox.parse("".join(export(shipped, name)), syntax)} == expected


def test_turtle_holds_every_triple_once(shipped: Corpus) -> None:
    expected = {str(quad.triple) for quad in ox.parse(nquads(shipped), ox.RdfFormat.N_QUADS)}
    found = [str(quad.triple) for quad in ox.parse("".join(export(shipped, "ttl")), ox.RdfFormat.TURTLE)]
    assert len(found) == len(expected) and set(found) == expected


def test_literals_stay_as_written(edited: Callable[[str, str], Corpus]) -> None:
    corpus = edited("ogx:value 9.5 ;", "ogx:value 9.50 ;")
    assert "ogx:value 9.50 ;" in "".join(export(corpus, "ttl"))
    assert "ogx:value 9.50 ;" in "".join(export(corpus, "trig"))
    assert '"9.50"' in "".join(export(corpus, "jsonld"))
    assert '"9.50"' in "".join(export(corpus, "nq"))


def test_another_format_is_refused_by_name(mini: Corpus) -> None:
    with pytest.raises(UsageError, match="no export format 'kgx'") as caught:
        export(mini, "kgx")
    assert caught.value.hint == f"Available: {', '.join([*FORMATS, 'parquet'])}."


def test_a_measured_value_is_shown_as_worded(edited: Callable[[str, str], Corpus]) -> None:
    corpus = edited("ogx:value 9.5 ;", "ogx:value 9.50 ;")
    found = [e.measurement.fields.get("value") for e in Records(corpus).evidence.values() if e.measurement]
    assert "9.50" in found
    assert "9.5" not in found


@pytest.mark.parametrize("value", ["inf", "NaN", "1_000", "1e5", "9" * 400])
def test_what_is_no_plain_number_stays_text(edited: Callable[[str, str], Corpus], value: str) -> None:
    found = next(row for row in lines(edited("ogx:value 9.5 ;", f'ogx:value "{value}" ;')) if row["measurement"])
    assert found["measurement"]["value"] == value
