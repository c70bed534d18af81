"""Findings in every format: the same findings, complete, well-formed, and the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from invalid_cases import VALID
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from ogx_rdf.corpus import open_corpus
from ogx_rdf.documents.coverage import Coverage, coverage
from ogx_rdf.model import Finding
from ogx_rdf.validation.engines import validate
from ogx_rdf.validation.formats import findings_json, findings_junit, findings_sarif, findings_text, findings_ttl
from ogx_rdf.validation.rules import read_rules

BASE = "https://example.org/mini/"
OGX = "https://w3id.org/ogx-rdf/ns#"
COVERAGE = Coverage(documents=1, passages=14, encoded=6, skipped=7, open=1)
FINDINGS = [
    Finding(
        rule="evidence-hedge-in-quote",
        severity="violation",
        focus=f"{BASE}c/0002.mini-p005",
        path=f"{OGX}hedge",
        value='"a <b> & \\"c\\"\\u0001"',
        message="The hedge words do not occur in the quote. Copy <them>.",
        file="mini/claims/mini/01 findings.ttl",
        line=91,
        hint="A hedge must be seen.",
    ),
    Finding("passage-open", "warning", f"{BASE}doc/mini.p001", None, None, "Nothing quotes it.", "mini/passages.ttl"),
    Finding("claim-twin", "info", f"{BASE}c/0003", None, f"<{BASE}c/0007>", "Another claim says the opposite."),
]
CURIE = open_corpus(VALID).curie
Renderer = Callable[[list[Finding], Coverage, Callable[[str], str]], str]
RENDERERS: list[Renderer] = [findings_json, findings_junit, findings_sarif, findings_text, findings_ttl]


@pytest.mark.parametrize("render", RENDERERS, ids=lambda render: render.__name__)
def test_the_same_findings_give_the_same_bytes(render: Renderer) -> None:
    text = render(FINDINGS, COVERAGE, CURIE)
    assert text == render(list(FINDINGS), COVERAGE, CURIE)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("render", RENDERERS, ids=lambda render: render.__name__)
def test_nothing_found_is_said_too(render: Renderer) -> None:
    assert render([], COVERAGE, CURIE)


def test_text_says_what_where_why_and_how_many() -> None:
    lines = findings_text(FINDINGS, COVERAGE, CURIE).splitlines()
    assert lines[:4] == [
        "violation evidence-hedge-in-quote mini/claims/mini/01 findings.ttl:91",
        '     c:0002.mini-p005 ogx:hedge "a <b> & \\"c\\"\\u0001"',
        "     The hedge words do not occur in the quote. Copy <them>.",
        "     A hedge must be seen.",
    ]
    assert "warning passage-open mini/passages.ttl" in lines
    assert "     c:0003 c:0007" in lines
    assert lines[-2] == "The corpus does not conform to its rules: 1 violation, 1 warning, 1 info."
    assert lines[-1] == "Coverage: 14 passages, 6 encoded, 7 skipped, 1 open."
    assert "conforms to its rules: 0 violations, 1 warning, 1 info." in findings_text(FINDINGS[1:], COVERAGE, CURIE)


def test_json_is_one_answer() -> None:
    answer = json.loads(findings_json(FINDINGS, COVERAGE, CURIE))
    assert answer["answer"] == "rows"
    assert answer["conforms"] is False
    assert answer["counts"] == {"violation": 1, "warning": 1, "info": 1}
    assert answer["coverage"] == COVERAGE.as_dict()
    assert answer["rows"] == [finding.as_dict() for finding in FINDINGS]
    empty = json.loads(findings_json([], COVERAGE, CURIE))
    assert (empty["answer"], empty["conforms"], empty["rows"]) == ("none", True, [])
    assert json.loads(findings_json(FINDINGS[1:], COVERAGE, CURIE))["conforms"] is True


def test_junit_fails_on_violations_and_shows_the_rest() -> None:
    root = ElementTree.fromstring(findings_junit(FINDINGS, COVERAGE, CURIE))
    suite = root[0]
    assert suite.attrib["failures"] == root.attrib["failures"] == "1"
    assert suite.attrib["skipped"] == "2"
    assert int(suite.attrib["tests"]) == len(suite) == len(FINDINGS) + len(read_rules()) - 3
    failure = suite[0].find("failure")
    assert failure is not None
    assert failure.attrib["message"] == FINDINGS[0].message
    assert (suite[0].attrib["file"], suite[0].attrib["line"]) == ("mini/claims/mini/01 findings.ttl", "91")
    told = [case.find("skipped") for case in suite[1:3]]
    assert [node is not None and node.attrib["message"] for node in told] == [
        "warning: Nothing quotes it.",
        "info: Another claim says the opposite.",
    ]


def test_junit_holds_no_character_that_xml_cannot() -> None:
    bad = Finding("claim-label", "violation", f"{BASE}c/0001", None, '"\x01\uffff"', "A \x0b slip.")
    assert "\ufffd" in findings_junit([bad], COVERAGE, CURIE)
    ElementTree.fromstring(findings_junit([bad], COVERAGE, CURIE))


def test_sarif_describes_rules_and_places() -> None:
    log = json.loads(findings_sarif(FINDINGS, COVERAGE, CURIE))
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(read_rules())
    assert all(rule["fullDescription"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    first, second, third = run["results"]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "evidence-hedge-in-quote"
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "mini/claims/mini/01%20findings.ttl", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 91}
    assert "region" not in second["locations"][0]["physicalLocation"]
    assert third["locations"] == [{"logicalLocations": [{"fullyQualifiedName": f"{BASE}c/0003"}]}]
    prints = {result["partialFingerprints"]["finding/v1"] for result in run["results"]}
    assert len(prints) == 3
    moved = Finding(**{**FINDINGS[0].as_dict(), "line": 200})  # type: ignore[arg-type]
    again = json.loads(findings_sarif([moved], COVERAGE, CURIE))["runs"][0]["results"][0]
    assert again["partialFingerprints"] == first["partialFingerprints"]


def test_a_rule_that_is_not_of_the_shapes_can_be_shown() -> None:
    other = Finding("A101", "violation", f"{BASE}c/0001", None, None, "It rests on encyclopedias.")
    result = json.loads(findings_sarif([other], COVERAGE, CURIE))["runs"][0]["results"][0]
    assert "ruleIndex" not in result
    assert Graph().parse(data=findings_ttl([other], COVERAGE, CURIE), format="turtle")


def test_turtle_is_a_validation_report_without_blank_nodes() -> None:
    graph = Graph().parse(data=findings_ttl(FINDINGS, COVERAGE, CURIE), format="turtle")
    report = graph.value(None, RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(False)
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]
    results = list(graph.objects(report, SH.result))
    assert len(results) == 3
    for result in results:
        for needed in (SH.focusNode, SH.resultSeverity, SH.resultMessage, SH.sourceShape, SH.sourceConstraintComponent):
            assert len(list(graph.objects(result, needed))) == 1
    hedge = graph.value(None, SH.resultPath, URIRef(f"{OGX}hedge"))
    assert graph.value(hedge, SH.value) == Literal('a <b> & "c"\x01')
    assert graph.value(hedge, SH.resultSeverity) == SH.Violation
    assert graph.value(None, SH.value, URIRef(f"{BASE}c/0007")) is not None
    empty = Graph().parse(data=findings_ttl([], COVERAGE, CURIE), format="turtle")
    assert empty.value(empty.value(None, RDF.type, SH.ValidationReport), SH.conforms) == Literal(True)


def test_a_valid_corpus_is_told_as_one() -> None:
    corpus = open_corpus(VALID)
    assert findings_text(validate(corpus), coverage(corpus), corpus.curie) == (
        "The corpus conforms to its rules: 0 violations, 0 warnings, 0 info.\n"
        "Coverage: 14 passages, 6 encoded, 8 skipped, none open.\n"
    )


def test_an_iri_of_no_namespace_of_the_corpus_is_not_shortened() -> None:
    far = Finding("claim-label", "violation", "https://doi.org/10.1/x", "http://www.w3.org/2002/07/owl#x", None, "So.")
    for render in (findings_text, findings_junit, findings_sarif):
        assert "https://doi.org/10.1/x http://www.w3.org/2002/07/owl#x" in render([far], COVERAGE, str)
        assert "07:owl" not in render([far], COVERAGE, CURIE)
        assert "10.1:x" not in render([far], COVERAGE, CURIE)
