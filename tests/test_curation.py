"""The shipped claims: complete against two blind readings, and right in the places that matter most."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.documents.coverage import coverage
from ogx_rdf.publish.export import export
from ogx_rdf.resources import resource

INVENTORY = Path(__file__).parent / "data" / "golden" / "inventory.tsv"

Row = dict[str, Any]


@pytest.fixture(scope="module")
def shipped() -> Corpus:
    return open_corpus(resource("ontology"))


@pytest.fixture(scope="module")
def rows(shipped: Corpus) -> list[Row]:
    """What the guide itself says; what was read in other works is reported, not quoted."""
    lines = [json.loads(line) for line in "".join(export(shipped, "jsonl")).splitlines()]
    return [line for line in lines if line["document"] == "doc:ogx-011-guide"]


def inventory() -> list[tuple[int, int, list[str]]]:
    lines = [line for line in INVENTORY.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    cells = [line.split("\t") for line in lines[1:]]
    return [(int(start), int(end), [c for c in claims.split(",") if c]) for start, end, _, claims in cells]


def pick(rows: list[Row], **wanted: object) -> list[Row]:
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def test_the_inventory_is_the_union_of_two_readings_and_in_order() -> None:
    spans = [(start, end) for start, end, _ in inventory()]
    assert len(spans) == 484
    assert spans == sorted(spans)


def test_every_proposition_of_the_inventory_has_a_claim_that_exists(rows: list[Row]) -> None:
    claims = {row["claim"] for row in rows}
    missed = [(start, end, named) for start, end, named in inventory() if not named or set(named) - claims]
    assert missed == []


def test_every_claim_but_those_made_for_words_of_one_reading_is_reached(rows: list[Row]) -> None:
    named = {claim for _, _, claims in inventory() for claim in claims}
    # that preclinical studies and the trials of the conclusion are of the drug: read from the sentence before
    assert {row["claim"] for row in rows} - named == {"c:0215", "c:0216", "c:0217"}


def test_an_inventory_row_is_carried_by_evidence_from_its_own_passage(shipped: Corpus, rows: list[Row]) -> None:
    query = """
        PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>
        SELECT ?passage ?start ?end { ?passage a ogx:Passage ; ogx:start ?start ; ogx:end ?end }
    """
    passages = [
        (int(str(r["start"])), int(str(r["end"])), shipped.curie(str(r["passage"])))
        for r in shipped.dataset.select(query)
    ]
    quoted: dict[str, set[str]] = {}
    for row in rows:
        quoted.setdefault(row["claim"], set()).add(row["passage"])
    stray = []
    for start, end, claims in inventory():
        place = next(name for first, last, name in passages if first <= start and end <= last)
        stray += [(start, end, claim) for claim in claims if place not in quoted[claim]]
    # the words "Compound of Interest" head the line that is quoted
    assert stray == [(127, 147, "c:0007")]


def test_all_passages_are_encoded_or_skipped(shipped: Corpus) -> None:
    found = coverage(shipped)
    assert (found.passages, found.open) == (116, 0)
    assert found.encoded + found.skipped == 116


def test_no_passage_with_a_citation_marker_is_skipped(shipped: Corpus) -> None:
    query = """
        PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>
        SELECT ?passage { ?passage ogx:skippedAs ?reason ; ogx:marker ?marker }
    """
    assert len(shipped.dataset.select(query)) == 0


def test_secretory_clusterin_inhibits_bax_and_leans_on_the_sentence_before(rows: list[Row]) -> None:
    (row,) = pick(rows, subject="entity:secretory-clusterin", relation="ogx:inhibits", object="entity:bax")
    assert row["relies_on"] == ["doc:ogx-011-guide.p025"]
    assert (row["polarity"], row["sign"], row["citations"]) == ("positive", "-1", ["8"])


def test_clusterin_keeps_bax_from_the_mitochondria_by_way_of_ku70(rows: list[Row]) -> None:
    (binds,) = pick(rows, subject="entity:clusterin", relation="ogx:binds", object="entity:ku70")
    assert (binds["manner"], binds["sign"], "form" in binds["not_stated"]) == ("presupposed", "unsigned", True)
    (row,) = pick(rows, subject="entity:clusterin", object="entity:bax-translocation-to-mitochondria")
    assert (row["relation"], row["via"], row["citations"]) == ("ogx:prevents", [binds["claim"]], ["2", "8"])


@pytest.mark.parametrize(
    ("trial", "partner", "citations"), [("synergy", "docetaxel", ["5"]), ("affinity", "cabazitaxel", ["13"])]
)
def test_the_phase_iii_regimens_are_not_shown_to_improve_survival(
    rows: list[Row], trial: str, partner: str, citations: list[str]
) -> None:
    (row,) = pick(
        rows,
        subject=f"entity:regimen-custirsen-{partner}-prednisone",
        relation="ogx:improves",
        object="entity:overall-survival",
    )
    assert (row["polarity"], row["kind"], row["citations"]) == ("notShown", "trialResult", citations)
    assert row["context"]["trial"] == f"trial:{trial}"


def test_synergy_failed_its_primary_endpoint(rows: list[Row]) -> None:
    (row,) = pick(rows, subject="trial:synergy", relation="ogx:meetsPrimaryEndpoint", object="entity:overall-survival")
    assert (row["polarity"], row["certainty"], row["citations"]) == ("negative", "asserted", ["5"])


def test_survival_figures_are_as_printed_and_no_median_is_invented(rows: list[Row]) -> None:
    figures = pick(rows, relation="ogx:hasOutcome", object="entity:overall-survival")
    assert [row["measurement"]["value"] for row in figures] == [15.8, 11.5]
    for row in figures:
        assert row["measurement"]["statistic"] is None
        assert {"statistic", "comparator", "n"} <= set(row["not_stated"])
        assert "median" not in row["label"].lower()


def test_pain_responses_keep_their_denominator_and_both_citations(rows: list[Row]) -> None:
    (row,) = pick(rows, object="entity:durable-pain-response")
    assert row["measurement"]["value"] == 88
    assert row["measurement"]["denominator"] == "patients with pain at entry"
    assert row["citations"] == ["11", "12"]


def test_a_verb_without_direction_stays_unsigned_and_says_so(rows: list[Row]) -> None:
    for word in ("modulates", "regulates", "mediates", "affects"):
        found = pick(rows, relation=f"ogx:{word}")
        assert found, word
        assert {row["sign"] for row in found} == {"unsigned"}
        assert all("direction" in row["not_stated"] for row in found)


def test_a_result_says_what_it_does_not_state(rows: list[Row]) -> None:
    for row in rows:
        if row["kind"] in ("trialResult", "preclinicalResult") and row["manner"] != "presupposed":
            assert {"comparator", "n"} <= set(row["not_stated"]), row["evidence"]


def test_what_is_skipped_and_why_was_judged_by_hand(shipped: Corpus) -> None:
    expected = {
        "heading": "3 8 12 17 22 24 32 37 41 44 46 51 56 59 66 67 73 75 77 83 86 102 110 112",
        "promotion": "6 84 103 104 105 106 107 108 109 111",
        "pointer": "30 35 71",
        "contact": "85 113 114 115 116",
    }
    query = """
        PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>
        SELECT ?passage ?reason { ?passage ogx:skippedAs ?reason }
    """
    found: dict[str, list[int]] = {}
    for row in shipped.dataset.select(query).texts():
        found.setdefault(shipped.word(row["reason"]), []).append(int(row["passage"].rpartition(".p")[2]))
    assert {reason: sorted(numbers) for reason, numbers in found.items()} == {
        reason: [int(number) for number in numbers.split()] for reason, numbers in expected.items()
    }
