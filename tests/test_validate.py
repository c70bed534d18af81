"""Each rule finds its case, at its line, with both engines alike; and without the rule the case passes."""

from __future__ import annotations

import random
import re
import shutil
import sys
from pathlib import Path

import pytest
import rdflib
from invalid_cases import CASES, VALID, Case, make, without

from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.errors import InputError, UsageError
from ogx_rdf.model import Finding
from ogx_rdf.oxi import Dataset
from ogx_rdf.resources import resource
from ogx_rdf.turtle import format_text
from ogx_rdf.validation import engines as module
from ogx_rdf.validation.engines import Result, check, validate
from ogx_rdf.validation.rules import read_rules, shapes_text

SHAPES = shapes_text()
ON_DISK = [case for case in CASES if not case.blank]
BLANK = [case for case in CASES if case.blank]
OGX = "https://w3id.org/ogx-rdf/ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def near(text: str, base: str, *more: str) -> str:
    """The nodes of a corpus (and more) and what they reach in two steps, without the rest of the vocabulary."""
    about: dict[str, list[str]] = {}
    for line in text.splitlines():
        about.setdefault(line.partition(" ")[0], []).append(line)
    kept = edge = {node for node in about if node.startswith(f"<{base}") or node[1:-1] in more}
    for _ in range(2):
        edge = {line[:-2].rpartition(" ")[2] for node in edge for line in about[node]} & set(about)
        kept = kept | edge
    return "".join(f"{line}\n" for node in sorted(kept) for line in about[node])


def both(data: str, shapes: str = SHAPES) -> list[Result]:
    """What the engines find, which must be the same."""
    reference = check(shapes, data, "pyshacl")
    assert check(shapes, data, "shacl") == reference
    return reference


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.rule, finding.severity, f"{finding.file}:{finding.line}") for finding in findings]


def results(findings: list[Finding]) -> list[Result]:
    """The findings of shapes as an engine gives them."""
    rules = read_rules()
    return [
        Result(f.rule, f.severity, f.focus, f.path, f.value, f.message) for f in findings if not rules[f.rule].query
    ]


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == set(read_rules())


def test_the_valid_corpus_is_valid() -> None:
    assert validate(open_corpus(VALID)) == []
    assert validate(open_corpus(VALID), engine="pyshacl") == []


@pytest.mark.parametrize("case", ON_DISK, ids=lambda case: case.file.stem)
def test_a_case_yields_its_one_finding(case: Case, tmp_path: Path) -> None:
    corpus = open_corpus(make(case, tmp_path))
    found = validate(corpus)
    assert told(found) == [(case.rule, case.severity, case.place)]
    rule = read_rules()[case.rule]
    assert (found[0].message, found[0].hint) == (rule.message, rule.why)
    assert both(near(corpus.dataset.triples_text(), corpus.base, found[0].focus)) == results(found)


@pytest.mark.parametrize("case", ON_DISK, ids=lambda case: case.file.stem)
def test_without_its_rule_a_case_passes(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {name: rule for name, rule in read_rules().items() if name != case.rule}
    shapes = without(case.rule, SHAPES)
    assert (shapes == SHAPES) == (read_rules()[case.rule].query is not None)
    monkeypatch.setattr(module, "shapes_text", lambda hedges: shapes)
    monkeypatch.setattr(module, "read_rules", lambda: rules)
    assert validate(open_corpus(make(case, tmp_path))) == []


@pytest.mark.parametrize("case", BLANK, ids=lambda case: case.file.stem)
def test_a_blank_node_is_refused_by_the_loader_and_by_the_shapes(case: Case, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        validate(open_corpus(make(case, tmp_path)))
    assert caught.value.code == "E304"
    blank = rdflib.Graph().parse(case.file).serialize(format="nt")
    data = near(open_corpus(VALID).dataset.triples_text(), "https://example.org/mini/") + blank
    assert [(result.rule, result.severity) for result in both(data)] == [(case.rule, case.severity)]
    assert both(data, without(case.rule, SHAPES)) == []


def test_the_engines_agree_on_the_shipped_corpus() -> None:
    corpus = open_corpus(resource("ontology"))
    found = validate(corpus)
    assert validate(corpus, engine="pyshacl") == found
    assert [finding for finding in found if finding.severity == "violation"] == []


def spoil(lines: list[str], own: list[int], changes: int, chance: random.Random) -> str:
    """Triples with slips in them: taken out, given another object, given once more, given another property."""
    odd = ['"may, 15.8 κ"', '"x"@en-GB', '"$1 (.*) ["', '""', "<https://example.org/κ>"]
    odd += [f'"{text}"^^<{XSD}{name}>' for text, name in (("-5", "integer"), ("x", "integer"), ("12.50", "decimal"))]
    objects = [line[:-2].split(" ", 2)[2] for line in lines] + odd * 20
    predicates = sorted({line.split(" ")[1] for line in lines})
    out = list(lines)
    for _ in range(changes):
        number = chance.choice(own)
        subject, predicate, obj = lines[number][:-2].split(" ", 2)
        kind = chance.randrange(4)
        if kind == 0:
            out[number] = ""
        elif kind == 1:
            out[number] = f"{subject} {predicate} {chance.choice(objects)} ."
        elif kind == 2:
            out.append(f"{subject} {predicate} {chance.choice(objects)} .")
        else:
            out.append(f"{subject} {chance.choice(predicates)} {obj} .")
    dataset = Dataset()
    dataset.load_turtle("\n".join(out), "spoiled", lambda _: "https://example.org/graph")
    return dataset.triples_text()


@pytest.mark.parametrize("seed", range(20))
def test_the_engines_agree_on_many_slips_at_once(seed: int) -> None:
    lines = near(open_corpus(VALID).dataset.triples_text(), "https://example.org/mini/").splitlines()
    own = [number for number, line in enumerate(lines) if line.startswith("<https://example.org/mini/")]
    assert both(spoil(lines, own, 20, random.Random(seed)))


def test_the_engines_agree_on_the_shipped_corpus_full_of_slips() -> None:
    corpus = open_corpus(resource("ontology"))
    lines = corpus.dataset.triples_text().splitlines()
    own = [n for n, line in enumerate(lines) if line.startswith(f"<{corpus.base}") and "/ns#" not in line.split(" ")[0]]
    assert len({result.rule for result in both(spoil(lines, own, 200, random.Random(1)))}) > 30


@pytest.mark.parametrize(
    "value",
    [
        r'"a\nb\"c\\ \t"',
        '"κ 𝛽 😀"',
        '"x"@en',
        f'"2013"^^<{XSD}gYear>',
        f'"2025-12"^^<{XSD}gYearMonth>',
        f'"1.10"^^<{XSD}decimal>',
        f'"007"^^<{XSD}integer>',
        f'"x"^^<{XSD}integer>',
        f'"1e3"^^<{XSD}double>',
        f'"1"^^<{XSD}boolean>',
        f'"2024-03-01Z"^^<{XSD}date>',
        f'"2024-13-45"^^<{XSD}date>',
        f'"2024-03-01T10:00:00+00:00"^^<{XSD}dateTime>',
        '"x"^^<https://example.org/datatype>',
        "<https://example.org/κ%20>",
    ],
)
def test_a_value_comes_back_as_it_was_written(value: str) -> None:
    given = [f"<{TYPE}> <{OGX}Cell>", *(f'<{OGX}{name}> "1"^^<{XSD}integer>' for name in ("column", "start", "end"))]
    data = "".join(f"<urn:cell> {part} .\n" for part in [*given, f"<{OGX}slip> {value}"])
    assert [(result.rule, result.value) for result in both(data)] == [("cell-closed", value)]


def test_pyshacl_leaves_rdflib_as_it_was() -> None:
    both("")
    assert rdflib.NORMALIZE_LITERALS is True


def evidence(quote: str, end: int, **more: str) -> str:
    """Some evidence with a quote, in N-Triples; ``more`` are plain texts."""
    parts = [
        f"<{TYPE}> <{OGX}Evidence>",
        f"<{OGX}quote> {rdflib.Literal(quote).n3()}",
        f'<{OGX}start> "0"^^<{XSD}integer>',
        f'<{OGX}end> "{end}"^^<{XSD}integer>',
        *(f"<{OGX}{name}> {text}" for name, text in more.items()),
    ]
    return "".join(f"<urn:e> {part} .\n" for part in parts)


def broken(data: str, rule: str) -> bool:
    return rule in {result.rule for result in both(data)}


@pytest.mark.parametrize("quote", ["plain", "κ-pathway", "the 𝛽-form 😀", "e\u0301", "a\u00a0b\u2009c"])
def test_a_quote_is_measured_in_code_points(quote: str) -> None:
    assert not broken(evidence(quote, len(quote)), "evidence-quote-length")
    assert broken(evidence(quote, len(quote) + 1), "evidence-quote-length")


@pytest.mark.parametrize(
    ("quote", "hedged"),
    [
        ("may reduce", True),
        ("May reduce", True),
        ("it can", True),
        ("(can)", True),
        ("cancer cells", False),
        ("Mayo clinic", False),
        ("dismay", False),
        ("is designed to inhibit", True),
        ("designed for it", False),
        ("the potential of it", True),
        ("equipotential", False),
    ],
)
def test_a_hedge_word_is_a_whole_word(quote: str, hedged: bool) -> None:
    data = evidence(quote, len(quote), certainty=f"<{OGX}asserted>")
    assert broken(data, "evidence-hedge-word") is hedged
    reason = evidence(quote, len(quote), certainty=f"<{OGX}asserted>", hedgeOverride='"It names a thing."')
    assert not broken(reason, "evidence-hedge-word")


@pytest.mark.parametrize(
    ("quote", "warned"),
    [
        ("can regulate ERK1/2 signaling", True),
        ("plays a role in survival", True),
        ("is involved in resistance", True),
        ("targets clusterin mRNA", True),
        ("mediates resistance by inhibiting Bax", False),
        ("downregulates clusterin", False),
        ("down-regulation of clusterin", False),
        ("the targeted inhibition of clusterin", False),
        ("binds Ku70", False),
        ("rolex", False),
    ],
)
@pytest.mark.parametrize("sign", ["plus", "minus", "unsigned"])
def test_a_direction_needs_a_word_that_gives_it(quote: str, warned: bool, sign: str) -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    data = evidence(quote, len(quote), evidenceFor="<urn:c>")
    data += f"<urn:c> <{rdf}predicate> <urn:r> .\n<urn:r> <{OGX}sign> <{OGX}{sign}> .\n"
    assert broken(data, "evidence-direction-in-words") is (warned and sign != "unsigned")


@pytest.mark.parametrize(
    ("quote", "value", "shown"),
    [
        ("15.8 months", "15.8", True),
        ("15.80 months", "15.8", True),
        ("115.8 months", "15.8", False),
        ("15.88 months", "15.8", False),
        ("88% of patients", "88", True),
        ("88.0%", "88", True),
        ("88.5%", "88", False),
        ("in 188 patients", "88", False),
        ("640 mg.", "640", True),
        ("1,022 patients", "1022", True),
        ("1,022,500 cells", "1022500", True),
        ("a change of −5 mm", "-5", True),
        ("p=0.05", "0.05", True),
        ("two hours", "2", False),
        ("12.5 mg", "5", False),
        ("0,5 mg", "5", False),
        ("1,022,500 cells", "1022", False),
        ("at week 12, or 12.", "12", True),
    ],
)
def test_a_number_stands_in_the_quote_in_digits(quote: str, value: str, shown: bool) -> None:
    data = evidence(quote, len(quote), measurement="<urn:m>")
    data += f'<urn:m> <{TYPE}> <{OGX}Measurement> .\n<urn:m> <{OGX}value> "{value}"^^<{XSD}decimal> .\n'
    assert broken(data, "measurement-number-in-quote") is not shown


def copied(tmp_path: Path) -> Path:
    shutil.copytree(VALID, tmp_path / "valid")
    return tmp_path / "valid"


def test_a_corpus_may_have_hedge_words_of_its_own(tmp_path: Path) -> None:
    root = copied(tmp_path)
    assert validate(open_corpus(root)) == []
    config = root / "corpus.toml"
    config.write_text(config.read_text(encoding="utf-8") + 'hedges = ["was"]\n', encoding="utf-8")
    found = validate(open_corpus(root))
    assert [(f.rule, f.focus.rpartition("/")[2]) for f in found] == [("evidence-hedge-word", "0004.mini-p007")]


def test_findings_are_sorted_worst_first_and_do_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    root = copied(tmp_path)
    text = (root / "claims/mini/01-findings.ttl").read_text(encoding="utf-8")
    (root / "claims/mini/01-findings.ttl").write_text(re.sub(r"    ogx:(stance|kind) .*\n", "", text), encoding="utf-8")
    (root / "entities/more.ttl").write_text(
        "PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>\n\n<https://example.org/mini/entity/x>\n    a ogx:Entity ;\n.\n",
        encoding="utf-8",
    )
    found = validate(open_corpus(root))
    assert len(found) > 10
    assert found == sorted(found, key=lambda finding: finding.sort_key)
    assert found[-1].severity == "warning"
    assert validate(open_corpus(root), engine="pyshacl") == found


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        validate(Corpus(VALID), engine="quick")  # type: ignore[arg-type]
    assert caught.value.code == "E353"
    assert "pyshacl" in caught.value.text()


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_an_engine_that_is_not_installed_is_named(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, engine, None)
    with pytest.raises(UsageError) as caught:
        check(SHAPES, "", engine)  # type: ignore[arg-type]
    assert caught.value.code == "E352"
    assert f"pip install {engine}" in caught.value.text()


@pytest.mark.parametrize("file", sorted(VALID.rglob("*.ttl")), ids=lambda file: file.stem)
def test_the_valid_corpus_is_in_canonical_form(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert format_text(text, open_corpus(VALID).prefixes, file.name) == text


def test_the_valid_corpus_quotes_its_document() -> None:
    text = (VALID / "mini.txt").read_bytes().decode("utf-8")
    query = (
        f"SELECT ?said ?start ?end WHERE {{ ?x <{OGX}quote>|<{OGX}printed> ?said ; "
        f"<{OGX}start> ?start ; <{OGX}end> ?end }}"
    )
    rows = open_corpus(VALID).dataset.select(query).texts()
    assert len(rows) == 11
    assert [row for row in rows if text[int(row["start"]) : int(row["end"])] != row["said"]] == []
