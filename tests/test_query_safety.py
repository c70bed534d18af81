"""What is refused: wrong use of a stored query, values that would break out of one, updates, and other servers."""

from __future__ import annotations

import pytest
from asking import QUERIES, READ, SMALL, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from ogx_rdf.errors import OgxError, UsageError
from ogx_rdf.model import Iri, Literal
from ogx_rdf.namespaces import OGX
from ogx_rdf.oxi import Dataset, check_query
from ogx_rdf.queries import run, run_text


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
