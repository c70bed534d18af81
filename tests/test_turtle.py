"""The canonical writer: nothing is lost, one order, one triple a line, comments kept or refused."""

from __future__ import annotations

import difflib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogx_rdf.errors import InputError, RefusedError
from ogx_rdf.model import XSD_STRING, Iri, Literal, Term, Triple
from ogx_rdf.namespaces import RDF, RDFS, XSD
from ogx_rdf.oxi import is_iri, parse_turtle
from ogx_rdf.turtle import LineIndex, format_text, natural_key, term_text, write

PREFIXES = {
    "": "http://example.org/",
    "ex": "http://example.org/ns#",
    "deep": "http://example.org/ns#deep/",
    "ogx": "https://w3id.org/ogx-rdf/ns#",
    "rdfs": RDFS.iri,
    "xsd": XSD.iri,
}

locals_ = st.one_of(
    st.sampled_from(
        ["a", "p017", "ref2", "ref10", "0042", "0042.guide-p017.m", "x.", ".x", "-", "a/b", "", "true", "é"]
    ),
    st.text(alphabet=string.ascii_letters + string.digits + "._-%/#'()é\u00a0\u3000\u1680~", max_size=8),
)
iris = st.builds(lambda space, local: Iri(space + local), st.sampled_from(sorted(PREFIXES.values())), locals_).filter(
    is_iri
)
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.one_of(
    st.from_regex(r"[+-]?[0-9]{1,6}", fullmatch=True),
    st.from_regex(r"[+-]?[0-9]{0,3}\.[0-9]{1,3}", fullmatch=True),
    st.from_regex(r"\d{1,3}", fullmatch=True),
    st.sampled_from(["1.", "1e3", "007", "1.10", "true", "false", "1"]),
)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(Literal, st.one_of(texts, numbers), st.sampled_from([XSD.integer, XSD.decimal, XSD.boolean, XSD.date])),
    st.builds(lambda text, tag: Literal(text, RDF.langString, tag), texts, st.sampled_from(["en", "de-at", "zh-hant"])),
)
terms: st.SearchStrategy[Term] = st.one_of(iris, literals)
predicates = st.one_of(iris, st.sampled_from([RDF.type, RDFS.label, Iri("https://w3id.org/ogx-rdf/ns#quote")]))
triples_ = st.lists(st.tuples(iris, predicates, terms), max_size=12)


@given(triples_)
def test_what_is_written_reads_back_the_same(triples: list[Triple]) -> None:
    again, prefixes = parse_turtle(write(triples, PREFIXES), "t.ttl")
    assert set(again) == set(triples)
    assert prefixes == PREFIXES


@given(triples_, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(triples: list[Triple], random: object) -> None:
    shuffled = [*triples, *triples]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert write(shuffled, PREFIXES) == write(triples, PREFIXES)


@given(triples_)
def test_formatting_twice_is_formatting_once(triples: list[Triple]) -> None:
    once = format_text(write(triples, PREFIXES), PREFIXES, "t.ttl")
    assert once == write(triples, PREFIXES)
    assert format_text(once, PREFIXES, "t.ttl") == once


@given(triples_.filter(bool), predicates, terms)
def test_one_triple_more_on_a_subject_is_one_line_more(triples: list[Triple], predicate: Iri, value: Term) -> None:
    more = (triples[0][0], predicate, value)
    before, after = write(triples, PREFIXES).split("\n"), write([*triples, more], PREFIXES).split("\n")
    changes = [
        op for op in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if op[0] != "equal"
    ]
    if more in triples:
        assert changes == []
    else:
        assert [(op[0], op[4] - op[3]) for op in changes] == [("insert", 1)]


@given(triples_.filter(bool))
def test_each_triple_is_found_at_its_line(triples: list[Triple]) -> None:
    text = write(triples, PREFIXES)
    index = LineIndex()
    index.add(text, "t.ttl", PREFIXES)
    lines = text.split("\n")
    for subject, predicate, value in triples:
        file, number = index.place(subject, predicate, term_text(value, PREFIXES))
        assert file == "t.ttl"
        assert number is not None
        assert lines[number - 1].endswith(f" {term_text(value, PREFIXES)} ;")


@given(triples_.filter(bool), st.lists(st.text(alphabet="ab #<>\"'.;é", max_size=8), min_size=1, max_size=3))
def test_comments_above_a_subject_stay_there(triples: list[Triple], words: list[str]) -> None:
    plain = write(triples, PREFIXES)
    comments = [f"# {word}".rstrip() for word in words]
    lines = plain.split("\n")
    at = next(i for i, line in enumerate(lines) if line and not line.startswith(("PREFIX", " ", ".")))
    lines[at:at] = comments
    assert format_text("\n".join(lines), PREFIXES, "t.ttl") == "\n".join(lines)


HEAD = "PREFIX ex: <http://example.org/ns#>\n"


def test_the_head_and_the_comment_above_a_subject_are_kept_apart() -> None:
    text = (
        "# Licence\n# second line\n\n" + HEAD + "\n# About b,\n\n# in two parts\nex:b ex:p ex:o .\nex:a ex:p 1.10 .\n"
    )
    assert format_text(text, {"ex": "http://example.org/ns#"}, "t.ttl") == (
        "# Licence\n# second line\n\n"
        + HEAD
        + "\nex:a\n    ex:p 1.10 ;\n.\n"
        + "\n# About b,\n# in two parts\nex:b\n    ex:p ex:o ;\n.\n"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + "ex:a ex:p ex:o ; # beside\n ex:q ex:r .\n", 2),
        (HEAD + "ex:a ex:p ex:o ;\n# inside\n ex:q ex:r .\n", 3),
        (HEAD + "ex:a ex:p ex:o . # after\n", 2),
        (HEAD + "ex:a ex:p ex:o .\n# at the end\n", 3),
        (HEAD + "# between\nPREFIX f: <http://f.example/>\nex:a ex:p f:o .\n", 2),
        ("@prefix ex: <http://example.org/ns#> . # beside a prefix\nex:a ex:p ex:o .\n", 1),
        (HEAD + "# above a relative name\nBASE <http://example.org/>\n<a> ex:p ex:o .\n", 2),
        (HEAD + 'ex:a ex:p """a\nb # no comment""" ;\n# inside\n ex:q "#" .\n', 4),
    ],
)
def test_a_comment_elsewhere_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(RefusedError) as caught:
        format_text(text, PREFIXES, "t.ttl")
    assert (caught.value.code, caught.value.file, caught.value.line) == ("E310", "t.ttl", line)


@pytest.mark.parametrize(
    "statement",
    [
        "ex:a ex:p ex:o, ex:r ; ex:q 'single' , '''long ' quote''' .",
        'ex:a ex:p """two "" quotes""" .<http://example.org/ns#b> ex:p "#".',
        "<http://example.org/\\u00e9#f> ex:p ex:o .",
        "ex:a.b ex:p 1. ex:c ex:p 1.5, 1e3, .5, true .",
        "ex:a\\~b ex:p ex:o .",
    ],
)
def test_every_way_of_writing_is_read(statement: str) -> None:
    text = f"{HEAD}# kept\nex:z ex:p ex:o .\n{statement}\n\n# kept too\nex:zz ex:p ex:o .\n"
    result = format_text(text, PREFIXES, "t.ttl")
    assert set(parse_turtle(result, "t")[0]) == set(parse_turtle(text, "t")[0])
    assert "# kept\nex:z\n" in result
    assert "# kept too\nex:zz\n" in result


def test_lexical_forms_are_data() -> None:
    text = HEAD + 'ex:a ex:p 1.10, 1.1, 007, "1"^^<http://www.w3.org/2001/XMLSchema#int>, "x"@en .\n'
    lines = format_text(text, {"ex": "http://example.org/ns#"}, "t.ttl").split("\n")
    assert {line.split()[1] for line in lines if line.startswith("    ")} == {
        "1.10",
        "1.1",
        "007",
        '"1"^^<http://www.w3.org/2001/XMLSchema#int>',
        '"x"@en',
    }


def test_invisible_characters_are_spelled_out() -> None:
    assert term_text(Literal("a\u2028b\u0085c\x0cd\t\ufeff"), {}) == '"a\\u2028b\\u0085c\\u000Cd\\t\\uFEFF"'
    assert term_text(Literal("𝛽 – κ"), {}) == '"𝛽 – κ"'


def test_digits_of_other_scripts_are_no_numbers() -> None:
    assert term_text(Literal("٣", XSD.integer), {"xsd": XSD.iri}) == '"٣"^^xsd:integer'


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("ex:a ex:p ex:o .\n", "E303", 1),
        (HEAD + "ex:a ex:p ex:o .\nex:b ex:p .\n", "E303", 3),
        (HEAD + "ex:a ex:p [ ex:q 1 ] .\n", "E304", None),
    ],
)
def test_broken_turtle_is_named_with_its_place(text: str, code: str, line: int | None) -> None:
    with pytest.raises(InputError) as caught:
        format_text(text, PREFIXES, "t.ttl")
    assert (caught.value.code, caught.value.file, caught.value.line) == (code, "t.ttl", line)


def test_numbers_in_names_sort_by_value() -> None:
    names = ["ref10", "ref2", "ref02", "²", "ref", "9" * 5000]
    assert sorted(names, key=natural_key) == ["9" * 5000, "ref", "ref02", "ref2", "ref10", "²"]
    assert XSD.string == XSD_STRING
