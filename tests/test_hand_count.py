"""The audit of the shipped corpus equals a count made by hand from the text, without the tool."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ogx_rdf.audit import Audit, audit
from ogx_rdf.audit.totals import LITERATURE
from ogx_rdf.corpus import open_corpus
from ogx_rdf.publish.export import export
from ogx_rdf.resources import resource

GOLDEN = Path(__file__).parent / "data" / "golden"


def rows(name: str) -> list[list[str]]:
    lines = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


Rows = list[dict[str, Any]]

STATED: dict[str, Callable[[Rows], bool]] = {
    "claims-not-plainly-asserted": lambda e: any(x["certainty"] != "asserted" for x in e),
    "claims-intended": lambda e: any(x["certainty"] == "intended" for x in e),
    "claims-capability": lambda e: any(x["certainty"] == "capability" for x in e),
    "claims-hedged": lambda e: any(x["certainty"] == "hedged" for x in e),
    "claims-outlook": lambda e: any(x["certainty"] == "outlook" for x in e),
    "claims-negative": lambda e: e[0]["polarity"] == "negative",
    "claims-notShown": lambda e: e[0]["polarity"] == "notShown",
    "claims-presupposed": lambda e: any(x["manner"] == "presupposed" for x in e),
    "claims-presupposed-only": lambda e: all(x["manner"] == "presupposed" for x in e),
    "claims-caption": lambda e: any(x["manner"] == "caption" for x in e),
    "claims-caption-only": lambda e: all(x["manner"] == "caption" for x in e),
    "claims-in-several-passages": lambda e: len({x["passage"] for x in e}) > 1,
    "claims-section-apoptosis-regulation": lambda e: any(x["section"] == "Apoptosis Regulation" for x in e),
    "claims-section-conclusion": lambda e: any(x["section"] == "Conclusion" for x in e),
}
"""What is counted of a claim by its pieces of evidence, as exported."""

COUNTED = {row[0]: (int(row[1]), row[2]) for row in rows("hand-count.tsv")}


@pytest.fixture(scope="module")
def counted_by_tool() -> Audit:
    return audit(open_corpus(resource("ontology")))


def test_the_hand_count_covers_every_total_that_the_text_decides(counted_by_tool: Audit) -> None:
    by_comparison = {"quotes-compared", "quotes-different", "quotes-not-compared"}
    # What was read elsewhere is no matter of the text; a small corpus has those totals by hand (mini-totals.tsv).
    read_elsewhere = {name for name, total in counted_by_tool.totals.items() if total.group in LITERATURE}
    assert set(counted_by_tool.totals) - set(COUNTED) == by_comparison | read_elsewhere


def test_every_total_counted_by_hand_is_the_tools(counted_by_tool: Audit) -> None:
    totals = {name: total.value for name, total in counted_by_tool.totals.items()}
    assert {n: totals[n] for n in COUNTED if n in totals} == {n: COUNTED[n][0] for n in COUNTED if n in totals}


def test_every_row_of_the_hand_count_is_compared_with_something(counted_by_tool: Audit) -> None:
    others = set(COUNTED) - set(counted_by_tool.totals)
    rest = {name for name in others if not name.startswith(("reference-", "claims-kind-"))}
    assert rest == {*STATED, "evidence-presupposed", "evidence-caption"}


def test_each_number_shows_how_it_was_counted() -> None:
    assert [name for name, (number, how) in COUNTED.items() if number and not how.strip()] == []


def test_uses_of_each_reference_are_those_counted_by_hand(counted_by_tool: Audit) -> None:
    for line in counted_by_tool.references:
        label = line.reference.label
        found = (line.printed, len(line.passages), len(line.claims), len(line.sole))
        hand = tuple(COUNTED[f"reference-{label}-{what}"][0] for what in ("printed", "passages", "claims", "sole"))
        assert found == hand, label


def test_the_state_of_each_claim_is_the_one_found_by_hand(counted_by_tool: Audit) -> None:
    records = counted_by_tool.records
    tool = {}
    for iri, chain in counted_by_tool.chains.items():
        if not chain.stated:
            continue
        state = "".join(f"-{ch.lower()}" if ch.isupper() else ch for ch in chain.state)
        tool[records.corpus.curie(iri)] = state
    assert {row[0]: row[3] for row in rows("hand-count-claims.tsv")} == tool


def test_claims_of_each_kind_are_those_counted_by_hand(counted_by_tool: Audit) -> None:
    kinds = Counter(chain.claim.kind for chain in counted_by_tool.chains.values() if chain.stated)
    hand = {name.removeprefix("claims-kind-"): n for name, (n, _) in COUNTED.items() if name.startswith("claims-kind-")}
    assert hand == dict(kinds)


def test_what_the_evidence_says_is_counted_as_by_hand() -> None:
    lines = "".join(export(open_corpus(resource("ontology")), "jsonl")).splitlines()
    claims: dict[str, Rows] = {}
    for row in map(json.loads, lines):
        if row["quote"] is None:
            continue
        claims.setdefault(row["claim"], []).append(row)
    found = {name: sum(test(rows) for rows in claims.values()) for name, test in STATED.items()}
    manners = Counter(row["manner"] for rows in claims.values() for row in rows)
    found |= {f"evidence-{manner}": manners[manner] for manner in ("presupposed", "caption")}
    assert found == {name: COUNTED[name][0] for name in found}
