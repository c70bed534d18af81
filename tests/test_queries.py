"""The stored queries as answers: traps kept out of, the four kinds of answer, golden answers and counts made by hand.

``OGX_RDF_WRITE_GOLDEN=1 pytest tests/test_queries.py`` writes the golden answers anew; read the diff before keeping it.
"""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogx_rdf.audit import audit
from ogx_rdf.corpus import Corpus
from ogx_rdf.errors import InputError, OgxError, UsageError
from ogx_rdf.model import Iri, Literal, Term
from ogx_rdf.namespaces import OGX, RDF, SKOS
from ogx_rdf.oxi import Dataset, check_query
from ogx_rdf.queries import Answer, StoredQuery, catalogue, findings, lint, run, run_text
from ogx_rdf.queries.run import bind
from ogx_rdf.resources import resource

DATA = Path(__file__).parent / "data"
GOLDEN = DATA / "golden" / "queries"
SMALL = Corpus(DATA / "queries-corpus")
SHIPPED = Corpus(resource("ontology"))
QUERIES = catalogue()
READ = [name for name, query in QUERIES.items() if query.group == "read"]
AUDIT = [name for name, query in QUERIES.items() if query.group == "audit"]

ASKED_FOR = [
    "claims-about",
    "evidence-for",
    "who-says-what",
    "claims-by-citation",
    "claims-by-section",
    "claims-by-kind",
    "claims-by-agent",
    "claims-by-disease",
    "mechanism-steps-from",
    "trials",
    "trial-outcomes",
    "failed-endpoints",
    "hedged-claims",
    "unsigned-relations",
    "uncited-claims",
    "single-source-claims",
    "encyclopedia-only-claims",
    "unresolvable-claims",
    "references",
    "sole-support",
    "repeated-propositions",
    "early-against-late-phase",
    "dosing",
    "methods",
    "external-ids",
    "entities-by-external-id",
    "gaps",
    "measurements",
    "negative-results",
    "preclinical-results",
    "sources-by-type",
    "presuppositions",
]


def rows(name: str, corpus: Corpus = SMALL, **params: str) -> list[dict[str, object]]:
    return [dict(row) for row in run(corpus, name, params).rows]


def claims(found: list[dict[str, object]]) -> set[object]:
    return {row["claim"] for row in found}


# --- the files ---------------------------------------------------------------------------------------------------


def test_the_questions_asked_for_are_there() -> None:
    assert set(ASKED_FOR) <= set(READ)
    assert len(READ) >= 28


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.id)
def test_a_stored_query_keeps_out_of_the_traps(query: StoredQuery) -> None:
    assert lint(query) == []
    assert len(query.text.splitlines()) < 120
    assert all(len(line) <= 120 for line in query.text.splitlines())


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.id)
def test_the_documentation_says_what_can_be_said(query: StoredQuery) -> None:
    assert query.question.rstrip(")").endswith(("?", "."))
    for name in re.findall(r"\{(\w+)\}", query.sentence):
        assert name in {param.name for param in query.params}
    for param in query.params:
        for term in param.allowed.values():
            said = SHIPPED.dataset.describe(OGX[term])
            assert any(predicate == RDF.type for _, predicate, _ in said), f"{term} is no term of the vocabulary"
    for term in set(re.findall(r"\bogx:(\w+)", query.text)):
        assert SHIPPED.dataset.has(OGX[term]), f"ogx:{term} is not declared"


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.id)
def test_prefixes_are_those_of_the_corpus_and_all_used(query: StoredQuery) -> None:
    declared = dict(re.findall(r"^PREFIX (\w+): <(\S+)>$", query.text, re.MULTILINE))
    body = query.text.split("\nSELECT", 1)[1]
    assert set(declared) == set(re.findall(r"(?<![?\w])([a-z0-9]+):\w", body))
    for prefix, iri in declared.items():
        assert SHIPPED.prefixes[prefix] == iri


@pytest.mark.parametrize("kind", ["kind", "certainty", "manner", "type", "field"])
def test_words_allowed_are_the_closed_list(kind: str) -> None:
    lists = {"kind": "Kind", "certainty": "Certainty", "manner": "Manner", "type": "SourceType", "field": "Field"}
    declared = {
        row["word"]
        for row in SHIPPED.dataset.select(
            f"SELECT ?word WHERE {{ ?term a <{OGX[lists[kind]]}> ; <{SKOS.notation}> ?word }}"
        ).texts()
    }
    for query in QUERIES.values():
        for param in query.params:
            if param.name == kind and query.id != "coverage-ledger":
                assert set(param.allowed) == declared - {"asserted"}, query.id


# --- answers on the shipped corpus --------------------------------------------------------------------------------


def golden_text(answer: Answer) -> str:
    """An answer as tab-separated text: one line a row, lists parted by bars, nothing for nothing stated."""

    def shown(value: object) -> str:
        if isinstance(value, list):
            return " | ".join(value)
        return "" if value is None else str(value).replace("\t", "\\t").replace("\n", "\\n")

    names = [column.name for column in answer.columns]
    lines = ["\t".join(names), *("\t".join(shown(row[name]) for name in names) for row in answer.rows)]
    return "\n".join(line.rstrip("\t") for line in lines) + "\n"


@pytest.mark.parametrize("name", READ)
def test_the_example_gives_the_golden_rows(name: str) -> None:
    query = QUERIES[name]
    answer = run(SHIPPED, name, query.example)
    assert answer.answer == "rows"
    assert answer.columns == query.columns
    file = GOLDEN / f"{name}.tsv"
    if os.environ.get("OGX_RDF_WRITE_GOLDEN"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        file.write_text(golden_text(answer), encoding="utf-8")
    assert golden_text(answer) == file.read_text(encoding="utf-8")


def test_no_golden_answer_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.tsv")) == sorted(READ)


@pytest.mark.parametrize("name", AUDIT)
def test_an_audit_query_gives_findings(name: str) -> None:
    found = findings(SHIPPED, [name])
    assert found == sorted(found, key=lambda finding: finding.sort_key)
    for finding in found:
        assert finding.rule == name
        assert finding.severity == QUERIES[name].severity
        assert SHIPPED.dataset.has(finding.focus)
        assert finding.file is not None
        assert finding.line


BY_HAND = tomllib.loads((GOLDEN / "by-hand.toml").read_text(encoding="utf-8"))["count"]


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case["what"])
def test_counts_made_by_hand_from_the_text(case: dict[str, object]) -> None:
    params = case.get("params", {})
    assert isinstance(params, dict)
    found = run(SHIPPED, str(case["query"]), params).rows
    column = str(case["column"])
    where = case.get("where", {})
    assert isinstance(where, dict)
    chosen = [row for row in found if all(row[key] == value for key, value in where.items())]
    if case.get("sum"):
        number = sum(value for row in chosen if isinstance(value := row[column], int))
    else:
        number = len({str(row[column]) for row in chosen})
    tally = [int(part) for part in re.findall(r"= (\d+)$", str(case["counting"]), re.MULTILINE)]
    assert sum(tally) == case["number"], "the tally does not add up"
    assert number == case["number"]


def test_at_least_ten_answers_are_counted_by_hand() -> None:
    assert len({case["query"] for case in BY_HAND}) >= 10


def test_the_queries_and_the_audit_agree() -> None:
    """The same questions, asked by SPARQL here and walked record by record there, have the same answers."""
    groups = audit(SHIPPED).as_dict()["totals"]
    assert isinstance(groups, dict)
    number = {name: value for group in groups.values() for name, value in group.items()}

    def count(name: str, column: str = "claim", **params: str) -> int:
        return len({str(row[column]) for row in run(SHIPPED, name, params).rows})

    assert count("uncited-claims") == number["claims-uncited"]
    assert count("uncited-claims", kind="bibliographic") == number["claims-uncited-bibliographic"]
    assert count("encyclopedia-only-claims") == number["claims-encyclopedia-only"]
    alone = {row["claim"] for row in rows("unresolvable-claims", SHIPPED) if row["alone"]}
    assert len(alone) == number["claims-unresolvable-only"]
    assert count("single-source-claims") == number["claims-one-source"]
    assert count("repeated-propositions") == number["claims-repeated"]
    references = rows("references", SHIPPED)
    assert len(references) == number["references"]
    assert sum(int(str(row["markers"])) for row in references) == number["markers"]
    ledger = rows("coverage-ledger", SHIPPED)
    assert sum(row["state"] == "encoded" for row in ledger) == number["passages-asserting"]
    assert sum(row["state"] == "skipped" for row in ledger) == number["passages-skipped"]
    focus = {name: {finding.focus for finding in findings(SHIPPED, [name])} for name in AUDIT}
    assert len(focus["uncited-results"]) == number["results-uncited"]
    assert len(focus["uncarried-results"]) == number["results-cannot"]
    assert len(focus["secondhand-results"]) == number["results-secondary"]
    assert len(focus["unresolvable-references"]) == number["references-unresolvable"]
    assert len(focus["unused-references"]) == number["references-never-cited"]
    assert len(focus["markers-without-entry"]) == number["markers-missing-entry"]
    uncited = len(focus["uncited-results"]) + len(focus["uncited-statements"])
    assert uncited == number["claims-uncited-statements"]


COPIES = 20


@pytest.fixture(scope="module")
def many() -> Dataset:
    """The shipped corpus twenty times over, each copy with claims and documents of its own."""
    dataset = Dataset()
    lines = SHIPPED.dataset.nquads()
    for number in range(COPIES):
        dataset.bulk(re.sub(r"(/c/|/doc/)(?=\w)", rf"\g<1>x{number}-", lines).encode())
    return dataset


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.id)
def test_every_stored_query_finishes_over_thousands_of_claims(query: StoredQuery, many: Dataset) -> None:
    """A join in the wrong order takes minutes here; how the time grows is printed by tests/benchmarks/growth.py."""
    bound = {name: copied(term) for name, term in bind(SHIPPED, query, query.example).items()}
    once = len(SHIPPED.dataset.select(query.text, bind(SHIPPED, query, query.example), query.file))
    assert len(many.select(query.text, bound, query.file)) >= once


def copied(term: Term) -> Term:
    return Iri(re.sub(r"(/c/|/doc/)(?=\w)", r"\g<1>x0-", term)) if isinstance(term, Iri) else term


# --- answers on the small corpus, each from the text beside it ---------------------------------------------------


def test_a_look_up_finds_forms_aspects_of_forms_and_regimens() -> None:
    assert claims(rows("claims-about", entity="alpha")) == {f"c:000{n}" for n in (1, 2, 3, 4, 5, 6)}
    assert claims(rows("claims-about", entity="free alpha")) == {"c:0003"}
    assert claims(rows("claims-about", entity="TRIAL-1")) == {"c:0004", "c:0006"}
    assert claims(rows("claims-about", entity="sickness")) == {"c:0004", "c:0006"}


def test_a_look_up_for_clusterin_finds_what_its_secretory_form_does() -> None:
    found = rows("claims-about", SHIPPED, entity="clusterin")
    labels = {str(row["label"]) for row in found}
    assert {"secretory clusterin inhibits Bax", "clusterin binds Ku70"} <= labels
    row = next(row for row in found if row["label"] == "secretory clusterin inhibits Bax")
    assert row["citations"] == ["8"]
    assert str(row["quote"]).startswith("One of its primary mechanisms")


def test_failures_stand_in_front() -> None:
    polarities = [row["polarity"] for row in rows("claims-about", entity="alpha")]
    assert polarities == ["notShown", "negative"] + ["positive"] * (len(polarities) - 2)


def test_citations_are_those_of_the_passage_in_printed_order() -> None:
    evidence = rows("evidence-for", claim="1")
    assert [row["citations"] for row in evidence] == [[], ["2", "1"], []]
    assert [row["quote"] for row in evidence] == [None, "Alpha inhibits beta", "Alpha inhibits beta"]
    assert rows("claims-about", entity="delta")[0]["citations"] == ["3"]


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
    assert claims(rows("repeated-propositions")) == {"c:0001"}
    assert {r["places"] for r in rows("repeated-propositions")} == {2}
    assert run(SMALL, "repeated-propositions", {"least": "3"}).answer == "none"


def test_search_binds_the_text_and_takes_no_pattern() -> None:
    assert claims(rows("search", text="NO SIGNIFICANT")) == {"c:0004"}
    assert claims(rows("search", text="finds no effect")) == {"c:0001"}
    assert run(SMALL, "search", {"text": ".*"}).answer == "none"


def test_audit_queries_on_the_small_corpus() -> None:
    focus = {name: {SMALL.curie(finding.focus) for finding in findings(SMALL, [name])} for name in AUDIT}
    assert {name: sorted(found) for name, found in focus.items() if found} == {
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
    assert finding.value == f"{SMALL.base}c/0002"
    assert (finding.file, finding.severity) == ("queries-corpus/claims/note/01-all.ttl", "info")


# --- the four kinds of answer -------------------------------------------------------------------------------------


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
        "passages": 18,
        "encoded": 7,
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


# --- wrong use ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "params", "code", "said"),
    [
        ("claims-abuot", {}, "E501", 'no query "claims-abuot". Did you mean claims-about'),
        ("../read/claims-about", {"entity": "alpha"}, "E501", "no query"),
        ("claims-about", {"entiti": "alpha"}, "E501", 'no parameter of claims-about "entiti". Did you mean entity?'),
        ("methods", {"x": "1"}, "E501", 'no parameter of methods "x"'),
        ("claims-about", {}, "E504", "claims-about needs a value for entity"),
        ("claims-about", {"entity": "alpah"}, "E501", 'no entity "alpah". Did you mean alpha'),
        ("claims-about", {"entity": "twin"}, "E502", "entity:alpha, entity:beta"),
        ("claims-by-kind", {"kind": "trialresult"}, "E501", 'no kind "trialresult". Did you mean trialResult'),
        ("claims-by-kind", {"kind": "any"}, "E501", 'no kind "any"'),
        ("claims-by-section", {"section": "Trails"}, "E501", "Did you mean Trials?"),
        ("repeated-propositions", {"least": "two"}, "E503", 'least takes a whole number, not "two"'),
        ("entities-by-external-id", {"id": "CHEBI:2"}, "E501", "no external identifier"),
    ],
)
def test_wrong_use_is_refused_with_the_nearest_names(name: str, params: dict[str, str], code: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(SMALL, name, params)
    assert caught.value.code == code
    assert said in caught.value.message


def test_any_is_every_value_of_an_optional_parameter_only() -> None:
    assert rows("hedged-claims", certainty="any") == rows("hedged-claims")
    assert rows("hedged-claims", certainty="hedged") == rows("hedged-claims")
    assert rows("hedged-claims", certainty="outlook") == []
    assert rows("claims-by-section", section="note") == rows("claims-by-section", section="Note")


HOSTILE = [
    'x" . ?a ?b ?c . #',
    "http://ex/t> } UNION { ?s ?p ?o",
    "<http://ex/t> } UNION { ?s ?p ?o",
    "alpha\n} ; INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "'''\"\"\"\\u0022\\",
    "?entity",
    "\\u003e } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "\ud800",
    "\x00",
    "entity:alpha> . <urn:x",
    "c:0001; DROP ALL",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", [name for name in READ if QUERIES[name].params])
def test_a_hostile_value_is_refused_or_is_only_a_value(name: str, value: str) -> None:
    harmless(name, value)


def harmless(name: str, value: str) -> None:
    before = len(SMALL.dataset)
    for param in QUERIES[name].params:
        try:
            answer = run(SMALL, name, {**QUERIES[name].example, param.name: value})
        except UsageError as exc:
            assert exc.code in ("E405", "E501", "E502", "E503")
        else:
            assert all(row[param.name] == value for row in answer.rows if param.type == "string")
    assert len(SMALL.dataset) == before


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["claims-about", "search", "claims-by-section", "entities-by-external-id", "evidence-for"]),
    value=st.text(max_size=30)
    | st.lists(st.sampled_from([*"<>{}\"'\\.;#?$ \n\t", "UNION", "a", "\\u0022"])).map("".join),
)
def test_no_text_breaks_out_of_a_query(name: str, value: str) -> None:
    harmless(name, value)


def test_a_text_is_found_as_it_is_whatever_it_holds() -> None:
    """Terms are bound: a value full of syntax matches exactly the literal that is equal to it."""
    nasty = 'a "quote" \\ } UNION { <http://x> \n # \\u0041'
    data = Dataset()
    data.add(
        [(Iri("urn:s"), Iri("urn:p"), Literal(nasty)), (Iri("urn:t"), Iri("urn:p"), Literal("A"))], lambda _: "urn:g"
    )
    found = data.select("SELECT ?s ?text WHERE { ?s <urn:p> ?text } ORDER BY ?s", {"text": Literal(nasty)})
    assert found.texts() == [{"s": "urn:s", "text": nasty}]


# --- queries of one's own -----------------------------------------------------------------------------------------


def test_a_query_of_ones_own_gives_rows() -> None:
    answer = run_text(
        SMALL,
        f"PREFIX o: <{OGX.iri}> SELECT ?m ?v ?u WHERE {{ ?m o:value ?v OPTIONAL {{ ?m <urn:none> ?u }} }}",
    )
    assert [dict(row) for row in answer.rows] == [{"m": "c:0006.note-p006.m", "v": 9.5, "u": None}]
    assert answer.answer == "rows"
    assert [column.type for column in answer.columns] == ["term"] * 3


def test_ask_construct_and_describe() -> None:
    assert [dict(row) for row in run_text(SMALL, "ASK { ?s ?p ?o }").rows] == [{"answer": True}]
    built = run_text(
        SMALL, "PREFIX select: <urn:> CONSTRUCT { ?s select:p 1 } WHERE { ?s a <https://w3id.org/ogx-rdf/ns#Trial> }"
    )
    assert built.triples is not None
    assert [dict(row) for row in built.rows] == [
        {"subject": "trial:one", "predicate": "urn:p", "object": 1},
        {"subject": "trial:two", "predicate": "urn:p", "object": 1},
    ]
    described = run_text(SMALL, "DESCRIBE <https://example.org/q/trial/one>")
    assert {row["subject"] for row in described.rows} == {"trial:one"}


def test_no_rows_of_ones_own_query_are_none() -> None:
    answer = run_text(SMALL, "SELECT ?s WHERE { ?s <urn:none> ?o }")
    assert (answer.answer, answer.note) == ("none", "The query gives no rows.")


FAR = "<http://127.0.0.1:9/>"
REFUSED = [
    ("INSERT DATA { <urn:a> <urn:b> 1 }", "E401"),
    ("PREFIX ex: <http://x/> # SELECT\n INSERT { <urn:a> <urn:b> 1 } WHERE { SELECT * { ?s ?p ?o } }", "E401"),
    ("# SELECT ?s\nDROP ALL", "E401"),
    ("BASE <http://x/> PREFIX a: <b> LOAD <x>", "E401"),
    ("SELECT ?s { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }", "E401"),
    ("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "E401"),
    ("\\u0049NSERT DATA { <urn:a> <urn:b> 1 }", "E406"),
    (f"SELECT * {{ SERVICE {FAR} {{ ?s ?p ?o }} }}", "E402"),
    (f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ sErViCe SILENT {FAR} {{ ?s ?p ?o }} }} }} }} }}", "E402"),
    ("ASK { SERVICE ?x { ?s ?p ?o } }", "E402"),
    (f"SELECT * {{ ?s ?p 1SERVICE{FAR}{{}} }}", "E402"),
    (f"SELECT * {{ ?s ?p trueSERVICE{FAR}{{}} }}", "E402"),
    (f"PREFIX x: {FAR} SELECT * {{ ?s ?p 1 SERVICEx:y{{}} }}", "E402"),
    (f"PREFIX : {FAR} SELECT * {{ ?s ?p 1 SERVICE:y{{}} }}", "E402"),
    (f"SELECT * {{ ?s ?p ?a FILTER(?a<'x>')SERVICE{FAR}{{}}FILTER('a'='a') }}", "E402"),
    ("SELECT * { ?s ?p ?a FILTER(?a<?a)SERVICE?s#>\n{} }", "E402"),
    (f"SELECT * {{ ?s ?p 1 \\u0053ERVICE {FAR} {{}} }}", "E402"),
    (f"SELECT * {{ ?s ?p 1 \\U00000053\\u0065rvice {FAR} {{}} }}", "E402"),
    (f"SELECT * {{ # }}\nSERVICE {FAR} {{ ?s ?p ?o }} }}", "E402"),
    ("SELECT ?s WHERE { ?s ?p }", "E406"),
    ("", "E406"),
]


@pytest.mark.parametrize(("sparql", "code"), REFUSED)
def test_update_and_service_are_refused_however_they_are_written(sparql: str, code: str) -> None:
    before = len(SMALL.dataset)
    with pytest.raises(UsageError) as caught:
        run_text(SMALL, sparql, "my.rq")
    assert caught.value.code == code
    assert caught.value.exit_code == 2
    assert "my.rq" in caught.value.message
    assert len(SMALL.dataset) == before


ALLOWED = [
    "# no SERVICE and no INSERT here\nSELECT ?s WHERE { ?s ?p ?o } LIMIT 1",
    "SELECT ?service WHERE { ?service ?insert 'SERVICE <x> {}' }",
    "SELECT ?s WHERE { ?s <http://example.org/service#load> 'DROP ALL' ; <urn:delete> ?add }",
    "PREFIX service: <http://x/> PREFIX add: <http://y/> SELECT * WHERE { ?s service:x ?o ; add:y ?z }",
]


@pytest.mark.parametrize("sparql", ALLOWED)
def test_the_words_alone_are_no_crime(sparql: str) -> None:
    check_query(sparql, "my.rq")
    run_text(SMALL, sparql)


PIECES = [
    "SELECT * ",
    "ASK ",
    "{",
    "}",
    "?s ?p ?o ",
    "?s?p",
    "SERVICE",
    f"SERVICE {FAR} {{ }}",
    FAR,
    "PREFIX x:<urn:x> ",
    "x:y",
]
PIECES += ["'", '"', "#", "\n", "<", ">", "1", ".", "FILTER(", "'x'", ")", "OPTIONAL", "UNION", "\\u0053ERVICE "]


@settings(max_examples=300, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES)).map("".join))
def test_whatever_is_asked_no_other_server_is(text: str) -> None:
    """The engine refuses port 9 with a message of its own; reading that message would mean that SERVICE was run."""
    for whole in (text, f"SELECT * {{ {text} }}"):
        try:
            run_text(SMALL, whole)
        except OgxError as exc:
            assert "port" not in exc.message
