"""Findings as text, JSON, JUnit XML, SARIF and a SHACL report.

Each renderer takes findings, the coverage of the corpus, and how the corpus shortens an IRI, and returns text;
the same findings give the same bytes.  Only violations fail: warnings and infos are told apart in every format.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from .. import __version__
from ..documents.coverage import Coverage
from ..model import Finding, Iri, Literal, Severity, Triple
from ..namespaces import C4O, DCTERMS, OGX, PROV, RDF, RDFS, SEPIO, SH, SKOS, XSD
from ..oxi import parse_turtle
from ..turtle import write
from .rules import SHAPES, Rule, read_rules

__all__ = ["findings_json", "findings_junit", "findings_sarif", "findings_text", "findings_ttl"]

NAMESPACES = {
    "c4o": C4O,
    "dcterms": DCTERMS,
    "ogx": OGX,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sepio": SEPIO,
    "sh": SH,
    "skos": SKOS,
    "xsd": XSD,
}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
SARIF_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
HOME = "https://w3id.org/ogx-rdf/"
Curie = Callable[[str], str]


def _value(finding: Finding, curie: Curie) -> str:
    value = finding.value or ""
    return curie(value[1:-1]) if value.startswith("<") else value


def _where(finding: Finding) -> str:
    if finding.file is None:
        return ""
    return finding.file if finding.line is None else f"{finding.file}:{finding.line}"


def _subject(finding: Finding, curie: Curie) -> str:
    """What the finding is about: the node, and the property and value where one is to blame."""
    path = None if finding.path is None else curie(finding.path)
    return " ".join(part for part in (curie(finding.focus), path, _value(finding, curie)) if part)


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    found = Counter(finding.severity for finding in findings)
    return {severity: found[severity] for severity in Severity.ORDER}


def _summary(findings: Sequence[Finding]) -> str:
    counts = _counts(findings)
    told = ", ".join(f"{n} {name if n == 1 or name == 'info' else name + 's'}" for name, n in counts.items())
    verdict = "does not conform" if counts[Severity.VIOLATION] else "conforms"
    return f"The corpus {verdict} to its rules: {told}."


def findings_text(findings: Sequence[Finding], coverage: Coverage, curie: Curie) -> str:
    """What is wrong, where, why it matters, what to do; then the counts, and how much of the documents is encoded."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.severity} {finding.rule} {_where(finding)}".rstrip())
        lines += [f"     {part}" for part in (_subject(finding, curie), finding.message, finding.hint) if part]
    open_passages = "none open" if coverage.complete else f"{coverage.open} open"
    lines.append(_summary(findings))
    lines.append(
        f"Coverage: {coverage.passages} passages, {coverage.encoded} encoded, "
        f"{coverage.skipped} skipped, {open_passages}."
    )
    return "\n".join(lines) + "\n"


def findings_json(findings: Sequence[Finding], coverage: Coverage, curie: Curie) -> str:
    """One object: ``answer``, ``coverage``, ``rows`` (the findings), ``conforms`` and ``counts``."""
    answer = {
        "answer": "rows" if findings else "none",
        "coverage": coverage.as_dict(),
        "conforms": not any(finding.severity == Severity.VIOLATION for finding in findings),
        "counts": _counts(findings),
        "rows": [finding.as_dict() for finding in findings],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _xml(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "\ufffd", text)


def _junit_case(finding: Finding, curie: Curie) -> list[str]:
    place = f" file={quoteattr(finding.file)}" if finding.file else ""
    place += f' line="{finding.line}"' if finding.line else ""
    name = quoteattr(_xml(f"{_where(finding)} {_subject(finding, curie)}".strip()))
    body = escape(_xml("\n".join(part for part in (finding.message, finding.hint) if part)))
    message = quoteattr(_xml(finding.message))
    if finding.severity == Severity.VIOLATION:
        inner = f'<failure type="violation" message={message}>{body}</failure>'
    else:
        inner = f"<skipped message={quoteattr(_xml(f'{finding.severity}: {finding.message}'))}/>"
    return [
        f"    <testcase classname={quoteattr(finding.rule)} name={name}{place}>",
        f"      {inner}",
        "    </testcase>",
    ]


def findings_junit(
    findings: Sequence[Finding],
    coverage: Coverage,
    curie: Curie,
    *,
    command: str = "validate",
    rules: Mapping[str, Rule] | None = None,
) -> str:
    """JUnit XML: a test case for each finding, and one for each rule that found nothing.

    Warnings and infos are ``skipped`` with their words, so that they show and do not fail.

    :param rules: the rules that were looked at, by id; default those of validation
    """
    clean = sorted(set(read_rules() if rules is None else rules) - {finding.rule for finding in findings})
    counts = _counts(findings)
    totals = (
        f'tests="{len(findings) + len(clean)}" failures="{counts[Severity.VIOLATION]}" errors="0" '
        f'skipped="{counts[Severity.WARNING] + counts[Severity.INFO]}"'
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="ogx-rdf {command}" {totals}>']
    lines.append(f'  <testsuite name="ogx-rdf {command}" {totals}>')
    for finding in findings:
        lines += _junit_case(finding, curie)
    lines += [f'    <testcase classname="{rule}" name="nothing found"/>' for rule in clean]
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def _sarif_rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.message},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.message},
        "defaultConfiguration": {"level": SARIF_LEVELS[rule.severity]},
    }


def _fingerprint(finding: Finding) -> str:
    """What makes a finding the same one after lines have moved."""
    parts = (finding.rule, finding.focus, finding.path or "", finding.value or "")
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def _sarif_result(finding: Finding, index: Mapping[str, int], curie: Curie) -> dict[str, object]:
    location: dict[str, object] = {}
    if finding.focus:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.focus}]
    if finding.file is not None:
        place: dict[str, object] = {"artifactLocation": {"uri": quote(finding.file), "uriBaseId": "%SRCROOT%"}}
        if finding.line is not None:
            place["region"] = {"startLine": finding.line}
        location["physicalLocation"] = place
    result: dict[str, object] = {"ruleId": finding.rule}
    if finding.rule in index:
        result["ruleIndex"] = index[finding.rule]
    return {
        **result,
        "level": SARIF_LEVELS[finding.severity],
        "message": {"text": ": ".join(part for part in (_subject(finding, curie), finding.message) if part)},
        "locations": [location],
        "partialFingerprints": {"finding/v1": _fingerprint(finding)},
    }


def findings_sarif(
    findings: Sequence[Finding],
    coverage: Coverage | None,
    curie: Curie,
    *,
    rules: Mapping[str, Rule] | None = None,
    notes: Sequence[str] = (),
    finished: bool = True,
) -> str:
    """SARIF 2.1.0, with every rule described, so that a pull request shows each finding at its file and line.

    :param rules: the rules that were looked at, by id; default those of validation
    :param notes: what else a reader should know, such as a text that was not at hand
    :param finished: whether everything that was to be looked at was looked at
    """
    described = list((read_rules() if rules is None else rules).values())
    index = {rule.id: number for number, rule in enumerate(described)}
    driver = {
        "name": "ogx-rdf",
        "version": __version__,
        "informationUri": HOME,
        "rules": [_sarif_rule(rule) for rule in described],
    }
    run: dict[str, object] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, index, curie) for finding in findings],
        "properties": {"coverage": coverage and coverage.as_dict()},
    }
    if notes or not finished:
        told = [{"level": "note", "message": {"text": note}} for note in notes]
        run["invocations"] = [{"executionSuccessful": finished, "toolExecutionNotifications": told}]
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _result(finding: Finding, report: Iri, component: Iri) -> list[Triple]:
    node = Iri(f"urn:sha256:{_fingerprint(finding)}")
    out: list[Triple] = [
        (report, SH.result, node),
        (node, RDF.type, SH.ValidationResult),
        (node, SH.focusNode, Iri(finding.focus)),
        (node, SH.resultMessage, Literal(finding.message)),
        (node, SH.resultSeverity, SH[finding.severity.capitalize()]),
        (node, SH.sourceShape, Iri(SHAPES + finding.rule)),
        (node, SH.sourceConstraintComponent, component),
    ]
    if finding.path is not None:
        out.append((node, SH.resultPath, Iri(finding.path)))
    if finding.value is not None:
        value, _ = parse_turtle(f"<urn:s> <urn:p> {finding.value} .", "value")
        out.append((node, SH.value, value[0][2]))
    return out


def findings_ttl(findings: Sequence[Finding], coverage: Coverage, curie: Curie) -> str:
    """A ``sh:ValidationReport`` without blank nodes.

    By the SHACL specification a warning is enough for ``sh:conforms false``.  File and line, for which SHACL has
    no term, stand in the other formats.
    """
    rules = read_rules()
    digest = hashlib.sha256("".join(map(_fingerprint, findings)).encode("ascii")).hexdigest()
    report = Iri(f"urn:sha256:{digest}")
    triples: list[Triple] = [
        (report, RDF.type, SH.ValidationReport),
        (report, SH.conforms, Literal("false" if findings else "true", XSD.boolean)),
    ]
    for finding in findings:
        component = rules[finding.rule].component if finding.rule in rules else SH.SPARQLConstraintComponent
        triples += _result(finding, report, component)
    prefixes = {name: NAMESPACES[name].iri for name in NAMESPACES} | {"shapes": SHAPES}
    return write(triples, prefixes)
