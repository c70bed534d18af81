"""Terms that have no place in this graph are refused wherever they come from, and none is silently changed."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from ogx_rdf.errors import InputError, UsageError
from ogx_rdf.oxi import Dataset, bare, from_ox, parse_turtle

STRANGE = [
    ('"x"@en--ltr', "E311", "text with a base direction (@en--ltr)"),
    ("<<( <urn:a> <urn:b> 1 )>>", "E311", "triple term"),
    ("[]", "E304", "blank node"),
]


@pytest.mark.parametrize(("term", "code", "what"), STRANGE)
def test_a_strange_term_in_a_file_is_refused(term: str, code: str, what: str) -> None:
    text = f"<urn:s> <urn:p> {term} ."
    for read in (parse_turtle, lambda text, shown: Dataset().load_turtle(text, shown, lambda _: "urn:g")):
        with pytest.raises(InputError) as caught:
            read(text, "a.ttl")
        assert (caught.value.code, caught.value.file) == (code, "a.ttl")
        assert caught.value.message == f"{what} beside <urn:p>"


@pytest.mark.parametrize("term", [ox.Literal("x", language="en", direction=ox.BaseDirection("rtl")), ox.BlankNode("b")])
def test_a_strange_term_is_never_made_ours(term: ox.Literal | ox.BlankNode) -> None:
    with pytest.raises(ValueError, match=r"base direction \(@en--rtl\)|blank node"):
        from_ox(term)


@pytest.mark.parametrize("made", ["STRLANGDIR('x', 'en', 'ltr')", "TRIPLE(<urn:a>, <urn:b>, 1)"])
def test_a_query_that_makes_a_strange_term_is_refused(made: str) -> None:
    with pytest.raises(UsageError, match="the query makes a t") as caught:
        Dataset().select(f"SELECT ({made} AS ?x) {{}}")
    assert caught.value.code == "E408"


def test_what_is_no_code_is_blanked_out_in_place() -> None:
    query = 'SELECT ?s # \'\n{ ?s <urn:SERVICE> \'a\\\'b\', """c\nd""" }'
    assert bare(query) == "SELECT ?s    \n{ ?s               " + "      ,     \n     }"
    assert len(bare(query)) == len(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <urn:g> { ?s ?p ?o }",
        "SELECT * FROM NAMED <urn:g> {}",
        "ASK \\u0046ROM <urn:g> { ?s ?p ?o }",
        "ASKFROM<urn:g>{ ?s ?p ?o }",
        "PREFIX x: <urn:> ASK#\nFROMx:g{ ?s ?p ?o }",
        "SELECT*FROMNAMED<urn:g>{ ?s ?p ?o }",
    ],
)
def test_a_dataset_clause_is_refused_and_not_passed_over(query: str) -> None:
    with pytest.raises(UsageError, match="FROM is refused") as caught:
        Dataset().select(query)
    assert caught.value.code == "E409"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?from { ?from ?p 'FROM <x>' }",
        "PREFIX from: <urn:> SELECT * { ?s from:a ?o }",
        "SELECT * { ?s ?p 'x'@from }",
    ],
)
def test_the_word_from_alone_is_no_dataset_clause(query: str) -> None:
    assert len(Dataset().select(query)) == 0


def test_a_syntax_error_in_a_query_says_where_and_names_the_prefix() -> None:
    with pytest.raises(UsageError) as caught:
        Dataset().select("SELECT ?s WHERE { ?s a ogx:Claim }", shown="my.rq")
    assert caught.value.message.startswith("my.rq, line 1, column ")
    assert caught.value.message.endswith("the prefix ogx: is not declared")


def test_a_turtle_error_says_what_is_wrong() -> None:
    with pytest.raises(InputError, match="The prefix b: has not been declared") as caught:
        parse_turtle("<urn:a>\n  b:c 1 .", "a.ttl")
    assert caught.value.line == 2
