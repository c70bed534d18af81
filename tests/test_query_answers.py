"""The stored queries on the small corpus, each answer from the text beside it; and the four kinds of answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from asking import AUDIT, DATA, SHIPPED, SMALL, rows

from ogx_rdf.corpus import Corpus
from ogx_rdf.errors import InputError
from ogx_rdf.model import Iri
from ogx_rdf.queries import findings, run


def claims(found: list[dict[str, object]]) -> set[object]:
    return {row["claim"] for row in found}


def test_a_look_up_finds_forms_aspects_of_forms_and_regimens() -> None:
    assert claims(rows("claims-about", entity="alpha")) == {f"c:000{n}" for n in (1, 2, 3, 4, 5, 6)}
    assert claims(rows("claims-about", entity="free alpha")) == {"c:0003"}
    assert claims(rows("claims-about", entity="TRIAL-1")) == {"c:0004", "c:0006"}
    assert claims(rows("claims-about", entity="sickness")) == {"c:0004", "c:0006"}


def test_a_look_up_for_clusterin_finds_what_its_secretory_form_does() -> None:
    found = rows("claims-about", SHIPPED, entity="clusterin")
    labels = {str(row["label"]) for row in found}
    assert {"secretory clusterin inhibits Bax", "clusterin binds Ku70"} <= labels
    row = next(row for row in found if row["label"] == "secretory clusterin inhibits Bax" and row["quote"])
    assert row["citations"] == ["8"]
    assert str(row["quote"]).startswith("One of its primary mechanisms")


def test_failures_stand_in_front() -> None:
    polarities = [row["polarity"] for row in rows("claims-about", entity="alpha")]
    assert polarities == ["notShown", "negative"] + ["positive"] * (len(polarities) - 2)


def test_citations_are_those_of_the_passage_in_printed_order() -> None:
    evidence = rows("evidence-for", claim="1")
    assert [row["citations"] for row in evidence] == [[], ["2", "1"], []]
    assert [row["quote"] for row in evidence] == [None, "Alpha inhibits beta", "Alpha inhibits beta"]
    assert {row["quote"]: row["citations"] for row in rows("claims-about", entity="delta")} == {
        "may bind delta": [],
        "binds delta": ["3"],
    }


def test_evidence_in_full() -> None:
    [row] = rows("evidence-for", claim="2")
    assert row["certainty"] == "hedged"
    assert row["hedges"] == ["may"]
    assert row["via"] == ["c:0001"]
    assert row["relies_on"] == ["doc:note.p002"]
    assert (row["start"], row["end"], row["passage"]) == (35, 53, "doc:note.p003")
    reported = rows("evidence-for", claim="1")[0]
    assert (reported["stance"], reported["source"]) == ("disputes", "work:review")
    assert reported["report"] == "The review finds no effect of alpha on beta."
    assert rows("evidence-for", claim="1")[1]["not_stated"] == ["form"]


def test_who_says_it_and_citing_what() -> None:
    found = rows("who-says-what", entity="beta")
    said = [(r["says"], r["claim"], r["citation"], r["source_type"]) for r in found if r["claim"] == "c:0001"]
    assert said == [
        ("doc:note", "c:0001", "2", "review"),
        ("doc:note", "c:0001", "1", "primaryReport"),
        ("doc:note", "c:0001", None, None),
        ("work:review", "c:0001", None, None),
    ]


def test_uncited_means_that_no_passage_of_the_claim_is_cited() -> None:
    assert claims(rows("uncited-claims")) == {"c:0002", "c:0007"}
    assert claims(rows("uncited-claims", kind="protocol")) == {"c:0007"}


def test_what_claims_rest_on() -> None:
    assert {(r["claim"], r["source"]) for r in rows("single-source-claims")} == {
        ("c:0003", "doc:note.ref3"),
        ("c:0004", "work:encyclopedia"),
        ("c:0006", "work:encyclopedia"),
    }
    assert claims(rows("encyclopedia-only-claims")) == {"c:0004", "c:0006"}
    assert {(r["claim"], r["reference"], r["alone"]) for r in rows("unresolvable-claims")} == {
        ("c:0003", "doc:note.ref3", True),
        ("c:0005", None, False),
    }
    assert claims(rows("sole-support", reference="ref:note/4")) == {"c:0004", "c:0006"}
    assert claims(rows("claims-by-citation", reference="ref:note/1")) == {"c:0001", "c:0005"}
    assert claims(rows("claims-by-work", work="report")) == {"c:0001", "c:0005"}


def test_references_with_their_use() -> None:
    use = {r["reference"]: (r["markers"], r["passages"], r["claims"], r["sole"]) for r in rows("references")}
    assert use == {
        "doc:memo.ref1": (0, 0, 0, 0),
        "doc:note.ref1": (2, 2, 2, 0),
        "doc:note.ref2": (1, 1, 1, 0),
        "doc:note.ref3": (1, 1, 1, 1),
        "doc:note.ref4": (1, 1, 2, 2),
        "doc:note.ref5": (0, 0, 0, 0),
    }


def test_trials_and_their_groups() -> None:
    assert claims(rows("trial-outcomes", trial="TRIAL-1")) == {"c:0004", "c:0006"}
    assert claims(rows("failed-endpoints")) == {"c:0004"}
    assert claims(rows("trials-without-results")) == {"c:0007"}
    assert [(r["trial"], r["results"], r["failed"]) for r in rows("trials")] == [
        ("trial:one", 2, 1),
        ("trial:two", 0, 0),
    ]
    value = next(r for r in rows("trial-results") if r["claim"] == "c:0006")
    assert (value["measure"], value["value"], value["unit"]) == ("Survival", 9.5, "unit:MO")


def test_gaps_of_statements_and_of_numbers() -> None:
    assert {(r["field"], r["number"], r["claim"]) for r in rows("gaps", field="comparator")} == {
        ("comparator", None, "c:0004"),
        ("comparator", "Survival", "c:0006"),
    }
    assert claims(rows("gaps", field="form")) == {"c:0001"}


def test_mechanism_in_both_directions() -> None:
    step = [(r["acts"], r["relation"], r["sign"], r["on"]) for r in rows("mechanism-steps-from", entity="alpha")]
    assert set(step) == {
        ("alpha", "activates", "+1", "gamma"),
        ("alpha", "inhibits", "-1", "beta"),
        ("free alpha", "binds", "unsigned", "delta"),
    }
    assert claims(rows("mechanism-steps-to", entity="gamma")) == {"c:0002", "c:0005"}
    assert claims(rows("unsigned-relations")) == {"c:0003"}
    assert [(r["way"], r["claim"]) for r in rows("ways")] == [("c:0001", "c:0002")]


def test_external_identifiers_both_ways() -> None:
    assert [r["external"] for r in rows("external-ids", entity="delta")] == ["sssom:NoTermFound"]
    assert [r["entity"] for r in rows("entities-by-external-id", id="CHEBI:22")] == ["entity:beta"]
    same = "http://id.nlm.nih.gov/mesh/1"
    assert [r["entity"] for r in rows("entities-by-external-id", id=same)] == ["entity:alpha", "entity:beta"]


def test_repetition_counts_places_that_support() -> None:
    assert {(r["claim"], r["places"]) for r in rows("repeated-propositions")} == {("c:0001", 2), ("c:0003", 2)}
    assert run(SMALL, "repeated-propositions", {"least": "3"}).answer == "none"


def test_search_binds_the_text_and_takes_no_pattern() -> None:
    assert claims(rows("search", text="NO SIGNIFICANT")) == {"c:0004"}
    assert claims(rows("search", text="finds no effect")) == {"c:0001"}
    assert run(SMALL, "search", {"text": ".*"}).answer == "none"


def test_audit_queries_on_the_small_corpus() -> None:
    focus = {name: {SMALL.curie(finding.focus) for finding in findings(SMALL, [name])} for name in AUDIT}
    assert {name: sorted(found) for name, found in focus.items() if found} == {
        "hedged-and-asserted": ["c:0003.memo-p003"],
        "markers-without-entry": ["doc:note.p008.m2"],
        "opposite-claims": ["c:0005"],
        "trial-numbers-without-patients": ["c:0006.note-p006.m"],
        "uncarried-results": ["c:0004", "c:0006"],
        "uncited-statements": ["c:0002", "c:0007"],
        "unresolvable-only-statements": ["c:0003"],
        "unresolvable-references": ["doc:note.ref3", "doc:note.ref5"],
        "unused-references": ["doc:memo.ref1", "doc:note.ref5"],
    }
    [finding] = findings(SMALL, ["opposite-claims"])
    assert finding.value == f"<{SMALL.base}c/0002>"
    assert (finding.file, finding.severity) == (SMALL.shown(SMALL.root / "claims/note/01-all.ttl"), "info")
    [finding] = findings(SMALL, ["hedged-and-asserted"])
    assert finding.message.endswith(": this place is less sure of what another place asserts: ogx:hedged")
    assert finding.line is not None
    lines = (SMALL.root / "claims" / "note" / "01-all.ttl").read_text(encoding="utf-8").splitlines()
    assert lines[finding.line - 1] == "    ogx:certainty ogx:hedged ;"


@pytest.mark.parametrize("name", AUDIT)
def test_each_audit_query_finds_something_somewhere(name: str) -> None:
    assert any(findings(corpus, [name]) for corpus in (SMALL, Corpus(DATA / "audit-corpus"), SHIPPED))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(SMALL.root, tmp_path / "copy")


def test_rows() -> None:
    answer = run(SMALL, "claims-about", {"entity": "delta"})
    shown = answer.as_dict()
    assert shown["answer"] == "rows"
    assert shown["params"] == {"entity": "entity:delta"}
    assert shown["coverage"] == {
        "documents": 2,
        "passages": 19,
        "encoded": 8,
        "skipped": 11,
        "open": 0,
        "complete": True,
    }
    assert "nearest" not in shown
    assert Iri(f"{SMALL.base}c/0003") in answer.nodes


def test_a_true_none() -> None:
    answer = run(SMALL, "presuppositions")
    assert (answer.answer, answer.note, answer.rows) == ("none", "Every statement is a main clause.", ())


def test_not_stated_names_the_thing_and_what_is_nearest() -> None:
    answer = run(SMALL, "claims-about", {"entity": "RNA of beta"})
    assert answer.answer == "not-stated"
    assert answer.note == "The documents state nothing about RNA of beta (entity:beta-rna)."
    assert {row["entity"] for row in answer.nearest} == {"entity:beta"}
    assert all(row["quote"] and row["polarity"] and row["certainty"] for row in answer.nearest)
    assert answer.as_dict()["nearest"] == [dict(row) for row in answer.nearest]


@pytest.mark.parametrize(
    ("query", "entity", "claim"),
    [
        ("claims-about", "deltas", "c:0003"),  # a name like it
        ("mechanism-steps-from", "beta", "c:0004"),  # the thing itself, asked otherwise
        ("claims-by-agent", "delta", "c:0003"),
    ],
)
def test_the_nearest_that_is_stated(query: str, entity: str, claim: str) -> None:
    name = "agent" if query == "claims-by-agent" else "entity"
    answer = run(SMALL, query, {name: entity})
    assert answer.answer == "not-stated"
    assert answer.nearest[0]["claim"] == claim


def test_nothing_is_near_to_a_thing_like_no_other() -> None:
    assert run(SMALL, "claims-about", {"entity": "xyzzy"}).nearest == ()
    assert run(SMALL, "methods").as_dict()["nearest"] == []


def test_while_passages_are_open_nothing_is_said_to_be_not_stated(copy: Path) -> None:
    ledger = copy / "documents" / "note" / "coverage.ttl"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(
        text.replace("    ogx:skippedAs ogx:promotion ;\n", '    rdfs:comment "open" ;\n'), encoding="utf-8"
    )
    corpus = Corpus(copy)
    answer = run(corpus, "claims-about", {"entity": "xyzzy"})
    assert (answer.answer, answer.note) == ("none", "Nothing found so far. 1 passage is not yet read.")
    assert run(corpus, "presuppositions").note == "Every statement is a main clause. 1 passage is not yet read."
    assert run(corpus, "claims-about", {"entity": "alpha"}).note == "1 passage is not yet read."


def test_an_empty_corpus_has_nothing_to_say_and_says_so(empty_corpus: Corpus) -> None:
    answer = run(empty_corpus, "methods")
    assert (answer.answer, answer.note) == ("none", "Nothing found so far. The corpus holds no passages.")


def test_a_failure_is_an_error_and_no_answer(copy: Path) -> None:
    (copy / "claims" / "note" / "01-all.ttl").write_text("c:0001 a", encoding="utf-8")
    with pytest.raises(InputError):
        run(Corpus(copy), "methods")
