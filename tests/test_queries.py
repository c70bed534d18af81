"""The stored queries on the shipped corpus: what their files say, golden answers, counts made by hand, and time.

``OGX_RDF_WRITE_GOLDEN=1 pytest tests/test_queries.py`` writes the golden answers anew; read the diff before keeping it.
"""

from __future__ import annotations

import os
import re
import tomllib

import pytest
from asking import AUDIT, DATA, QUERIES, READ, SHIPPED, TENSIONS, rows

from ogx_rdf.audit import audit
from ogx_rdf.model import Iri, Term
from ogx_rdf.namespaces import OGX, RDF, SKOS
from ogx_rdf.oxi import Dataset
from ogx_rdf.queries import Answer, StoredQuery, findings, lint, run
from ogx_rdf.queries.run import bind

GOLDEN = DATA / "golden" / "queries"

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
    "literature-on",
    "claims-without-primary-evidence",
    "support-by-study",
    "trial-values",
    "works-by-standing",
    "trial-arms",
    "discrepancies",
]


def test_the_questions_asked_for_are_there() -> None:
    assert set(ASKED_FOR) <= set(READ)
    assert len(READ) >= 28


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.id)
def test_a_stored_query_keeps_out_of_the_traps(query: StoredQuery) -> None:
    assert lint(query) == []
    assert len(query.text.splitlines()) < 200
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


def golden_text(answer: Answer) -> str:
    """An answer as tab-separated text: one line a row, lists parted by bars, nothing for nothing stated."""

    def shown(value: object) -> str:
        if isinstance(value, list):
            return " | ".join(value)
        return "" if value is None else str(value).replace("\t", "\\t").replace("\n", "\\n")

    names = [column.name for column in answer.columns]
    lines = ["\t".join(names), *("\t".join(shown(row[name]) for name in names) for row in answer.rows)]
    return "\n".join(line.rstrip("\t") for line in lines) + "\n"


@pytest.mark.parametrize("name", [*READ, *TENSIONS])
def test_the_example_gives_the_golden_rows(name: str) -> None:
    query = QUERIES[name]
    answer = run(SHIPPED, name, query.example)
    assert answer.answer == "rows" or name in TENSIONS
    assert answer.columns == query.columns
    file = GOLDEN / f"{name}.tsv"
    if os.environ.get("OGX_RDF_WRITE_GOLDEN"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        file.write_text(golden_text(answer), encoding="utf-8")
    assert golden_text(answer) == file.read_text(encoding="utf-8")


def test_no_golden_answer_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.tsv")) == sorted([*READ, *TENSIONS])


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
    among = case.get("among", {})
    assert isinstance(among, dict)
    chosen = [row for row in found if all(row[key] == value for key, value in where.items())]
    chosen = [row for row in chosen if not case.get("quoted") or row["quote"] is not None]
    chosen = [row for row in chosen if all(isinstance(has := row[k], list) and v in has for k, v in among.items())]
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
