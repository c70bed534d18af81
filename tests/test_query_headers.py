"""Headers of stored queries are refused with file and line where they are not as they must be; the lint sees each trap.

The traps are shown on the engine itself, so that a rule can go when the engine no longer needs it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ogx_rdf.corpus import Corpus
from ogx_rdf.errors import InputError, UsageError
from ogx_rdf.model import Iri, Literal
from ogx_rdf.namespaces import XSD
from ogx_rdf.oxi import Dataset
from ogx_rdf.queries import catalogue, lint, parse, run, stored
from ogx_rdf.queries.lint import Problem
from ogx_rdf.sparql import projection, selects

SMALL = Path(__file__).parent / "data" / "queries-corpus"

GOOD = """\
#+ summary: Claims of one kind.
#+ question: Which
#+   claims are there?
#+ param: kind | word | any | one, two=twoTerm | The kind.
#+ param: least | integer | 1 | | How many.
#+ columns: kind word; claim iri;
#+   least integer
#+ empty: none | There is no {kind}.
#+ example: kind=two; least=3
# An ordinary comment.

SELECT ?kind ?claim (COUNT(?x) AS ?least)
WHERE { ?claim <urn:kind> ?kind ; <urn:x> ?x }
GROUP BY ?kind ?claim
ORDER BY ?claim
"""
AUDIT = """\
#+ summary: S.
#+ question: Q?
#+ columns: focus iri; path iri; value string; more string
#+ empty: none | Nothing.
#+ example: none
#+ problem: It is wrong.
#+ fix: Mend it.
#+ severity: warning

SELECT ?focus ?path ?value ?more WHERE { ?focus ?path ?value , ?more } ORDER BY ?focus
"""
TENSION = """\
#+ summary: S.
#+ question: Q?
#+ columns: here iris; there iris; here_setting strings
#+ empty: none | Nothing.
#+ example: none
#+ problem: They do not go together.

SELECT ?here ?there ?here_setting WHERE { ?here ?there ?here_setting } ORDER BY ?here
"""


def test_a_good_header_is_read() -> None:
    query = parse(GOOD, "good", "read", "good.rq")
    assert query.question == "Which claims are there?"
    assert [(p.name, p.type, p.default, p.required) for p in query.params] == [
        ("kind", "word", "any", False),
        ("least", "integer", "1", False),
    ]
    assert query.params[0].allowed == {"one": "one", "two": "twoTerm"}
    assert [(c.name, c.type) for c in query.columns] == [("kind", "word"), ("claim", "iri"), ("least", "integer")]
    assert query.example == {"kind": "two", "least": "3"}
    assert (query.empty, query.sentence, query.severity) == ("none", "There is no {kind}.", None)
    shown = query.as_dict()
    assert shown["empty"] == {"answer": "none", "sentence": "There is no {kind}."}
    assert "severity" not in shown


def test_a_good_audit_header_is_read() -> None:
    query = parse(AUDIT, "good", "audit", "good.rq")
    assert (query.problem, query.fix, query.severity) == ("It is wrong.", "Mend it.", "warning")
    assert query.as_dict()["severity"] == "warning"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("#+ summary: Claims", "#+ sumary: Claims", 1, "unknown key 'sumary'"),
        ("#+ summary: Claims of one kind.\n", "", 1, "the header has no 'summary'"),
        ("#+ summary: Claims of one kind.", "#+ summary:", 1, "the header has no 'summary'"),
        ("#+ example: kind=two; least=3\n", "", 1, "the header has no 'example'"),
        ("#+ question: Which", "#+ summary: Which", 2, "'summary' stands twice"),
        ("claim iri;", "claim uri;", 6, "column 'claim' has no known type"),
        ("claim iri;", "clam iri;", 6, "columns differ from what the query selects"),
        ("?claim (COUNT", "?claim ?x (COUNT", 6, "columns differ from what the query selects"),
        ("least | integer | 1 | | How many.", "least | integer | 1 | How many.", 5, "a param has five parts"),
        ("least | integer", "least | number", 5, "unknown type 'number' of param 'least'"),
        ("param: least", "param: Least", 5, "a param needs a name in small letters"),
        ("param: least", "param: kind", 4, "two parameters have one name"),
        ("one, two=twoTerm", "", 4, "param 'kind' is a word, so its allowed words must be listed"),
        ("param: least", "param: format", 5, "a param cannot be named 'format'"),
        ("param: least", "param: other", 6, "param 'other' is not selected"),
        ("empty: none", "empty: nothing", 8, "empty reads none | sentence"),
        ("| There is no {kind}.", "", 8, "empty reads none | sentence"),
        ("kind=two", "knid=two", 9, "the example does not give"),
        ("kind | word | any", "kind | word | required", 9, None),
        ("kind=two; least=3", "none", 9, None),
        ("#+ example", "#+ severity: info\n#+ example", 9, "'severity' belongs to audit queries"),
        ("#+ example", "#+ sides: a | b\n#+ example", 9, "'sides' belongs to tensions queries"),
        ("#+ example", "#+ problem: P.\n#+ example", 9, "'problem' belongs to audit and tensions queries"),
    ],
)
def test_a_bad_header_is_refused_with_its_line(old: str, new: str, line: int, said: str | None) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    if said is None:
        parse(text, "x", "read", "x.rq")
        return
    with pytest.raises(UsageError) as caught:
        parse(text, "x", "read", "x.rq")
    assert (caught.value.code, caught.value.file, caught.value.line) == ("E510", "x.rq", line)
    assert said in caught.value.message


def test_a_good_tension_header_is_read() -> None:
    query = parse(TENSION, "good", "tensions", "good.rq")
    assert (query.problem, query.fix, query.severity) == ("They do not go together.", None, None)
    assert query.as_dict()["problem"] == "They do not go together."
    assert "severity" not in query.as_dict()
    assert query.sides is None and "sides" not in query.as_dict()


def test_a_tension_may_say_what_its_sides_hold() -> None:
    query = parse(
        TENSION.replace("#+ problem", "#+ sides: supports it | disputes it\n#+ problem"), "x", "tensions", "x.rq"
    )
    assert query.sides == ("supports it", "disputes it")
    assert query.as_dict()["sides"] == ["supports it", "disputes it"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("#+ problem: They do not go together.\n", "", 1, "the header has no 'problem'"),
        ("#+ problem", "#+ severity: info\n#+ problem", 6, "'severity' belongs to audit queries"),
        ("#+ problem", "#+ fix: Mend it.\n#+ problem", 6, "'fix' belongs to audit queries"),
        ("#+ problem", "#+ sides: for it\n#+ problem", 6, "sides reads what is here | what is there"),
        ("here iris; there iris", "here iri; there iri", 3, "the sides of a tension are of the type iris"),
        ("?here ?there ?here_setting WHERE", "?there ?here ?here_setting WHERE", 3, "columns differ"),
    ],
)
def test_a_bad_tension_header_is_refused(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(TENSION.replace(old, new), "x", "tensions", "x.rq")
    assert caught.value.line == line
    assert said in caught.value.message


def test_a_tension_begins_with_its_sides() -> None:
    text = TENSION.replace("here iris; there iris", "there iris; here iris").replace(
        "?here ?there ?h", "?there ?here ?h"
    )
    with pytest.raises(UsageError, match=r"a query of the group tensions selects \?here \?there first"):
        parse(text, "x", "tensions", "x.rq")


def test_a_required_parameter_must_be_in_the_example() -> None:
    text = GOOD.replace("kind | word | any", "kind | word | required").replace("kind=two; least=3", "none")
    with pytest.raises(UsageError, match="the example does not give the required parameters"):
        parse(text, "x", "read", "x.rq")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("#+ problem: It is wrong.\n", "", 1, "the header has no 'problem'"),
        ("severity: warning", "severity: error", 8, "unknown severity 'error'"),
        ("focus iri; path iri; value", "value iri; focus iri; path", 3, "columns differ"),
    ],
)
def test_a_bad_audit_header_is_refused(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(AUDIT.replace(old, new), "x", "audit", "x.rq")
    assert (caught.value.line, caught.value.file) == (line, "x.rq")
    assert said in caught.value.message


def test_an_audit_query_names_what_where_and_which() -> None:
    text = AUDIT.replace("focus iri; path iri; value", "focus iri; value iri; path").replace(
        "?path ?value ?more W", "?value ?path ?more W"
    )
    with pytest.raises(UsageError, match=r"\?focus \?path \?value first"):
        parse(text, "x", "audit", "x.rq")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    root = shutil.copytree(SMALL, tmp_path / "copy")
    (root / "queries").mkdir()
    return root


OWN = """\
#+ summary: What is of a type.
#+ question: What is there of a type?
#+ param: type | string | any | | The type.
#+ columns: type string; thing iri
#+ empty: none | There is nothing.
#+ example: none

SELECT ?type ?thing WHERE { ?thing a ?type }
ORDER BY ?thing ?type
"""


def test_a_corpus_has_queries_of_its_own(copy: Path) -> None:
    (copy / "queries" / "mine.rq").write_text(OWN)
    corpus = Corpus(copy)
    assert stored("mine", corpus).group == "own"
    assert list(catalogue(corpus))[-1] == "mine"
    assert "mine" not in catalogue()
    assert run(corpus, "mine", {}).answer == "rows"


def test_a_query_of_ones_own_cannot_hide_a_shipped_one(copy: Path) -> None:
    (copy / "queries" / "trials.rq").write_text(GOOD)
    with pytest.raises(UsageError, match="two stored queries have the name trials"):
        run(Corpus(copy), "claims-about", {"entity": "alpha"})


def test_a_query_of_ones_own_is_held_to_the_lint(copy: Path) -> None:
    (copy / "queries" / "mine.rq").write_text(OWN.replace("ORDER BY ?thing ?type\n", ""))
    for ask in (lambda corpus: stored("mine", corpus), catalogue):
        with pytest.raises(UsageError) as caught:
            ask(Corpus(copy))
        assert (caught.value.code, caught.value.where) == ("E517", "copy/queries/mine.rq:8")
        assert "no ORDER BY" in caught.value.message


def test_a_query_file_of_another_encoding_is_named(copy: Path) -> None:
    (copy / "queries" / "mine.rq").write_bytes(b"#+ summary: caf\xe9\n")
    with pytest.raises(InputError) as caught:
        stored("mine", Corpus(copy))
    assert caught.value.where == "copy/queries/mine.rq:1"


def test_the_projection_is_read_as_the_engine_reads_it() -> None:
    text = """# SELECT ?no
    PREFIX select: <urn:SELECT?x> SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?c) $d
    (CONCAT(" ?e { ", STR(?f), ")") AS ?g) { ?a select:x ?b , ?d , ?f
      { SELECT ?a (MAX(?h) AS ?i) WHERE { ?a ?p ?h } GROUP BY ?a } } GROUP BY ?a ?d ?f ORDER BY ?a"""
    assert projection(text) == ["a", "c", "d", "g"]
    outer, inner = selects(text)
    assert (outer.outer, inner.outer) == (True, False)
    assert inner.variables == ("a", "i")
    assert inner.after.strip() == "GROUP BY ?a"
    assert outer.after.endswith("ORDER BY ?a")
    assert Dataset().select(text).columns == ["a", "c", "d", "g"]
    assert projection("ASK { ?s ?p ?o }") == []


HEAD = """\
#+ summary: S.
#+ question: Q?
#+ param: p | string | any | | P.
#+ columns: {columns}
#+ empty: none | N.
#+ example: none
"""


def problems(sparql: str, columns: str = "p string; x string") -> list[Problem]:
    return lint(parse(HEAD.format(columns=columns) + sparql, "x", "read", "x.rq"))


@pytest.mark.parametrize(
    ("sparql", "said"),
    [
        ("SELECT ?p ?x { ?x ?y ?p } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?p { SELECT ?x { ?x ?z ?p } } } ORDER BY ?x", "does not project the parameter ?p"),
        ("SELECT ?p ?x { ?x ?y ?p { SELECT ?x ?p { ?x ?z ?p } } } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?p { SELECT ?x { ?x ?z ?q } } } ORDER BY ?x", None),
        ("SELECT ?p ?x { { SELECT ?p (COUNT(?z) AS ?x) { ?z ?y ?p } GROUP BY ?z } } ORDER BY ?x", "is not in GROUP BY"),
        ("SELECT ?p ?x { ?x ?y ?p } ORDER BY ?x VALUES ?p { 'a' }", "a VALUES block stands after the body"),
        ("SELECT ?p ?x { VALUES ?p { 'a' } ?x ?y ?p } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?p { SELECT ?z { ?z ?a ?b } VALUES ?z { 1 } } } ORDER BY ?x", "a VALUES block"),
        ("SELECT ?p (GROUP_CONCAT(?y) AS ?x) { ?y ?z ?p } GROUP BY ?p ORDER BY ?p", "GROUP_CONCAT without STR"),
        ("SELECT ?p (GROUP_CONCAT(DISTINCT STR(?y)) AS ?x) { ?y ?z ?p } GROUP BY ?p ORDER BY ?p", None),
        ("SELECT ?p ?x { ?x ?y ?p FILTER NOT EXISTS { ?x ?z ?q } } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?p FILTER NOT EXISTS { ?x ?z ?q . ?q ?r ?s } } ORDER BY ?x", "use MINUS"),
        ("SELECT ?p ?x { ?x ?y ?p FILTER NOT EXISTS { ?x ?z ?q ; ?r ?s } } ORDER BY ?x", "use MINUS"),
        ("SELECT ?p ?x { ?x ?y ?p FILTER NOT EXISTS { ?x <urn:a>/<urn:b> ?q } } ORDER BY ?x", "use MINUS"),
        ("SELECT ?p ?x { ?x ?y ?p MINUS { ?x ?z ?q . ?q ?r ?s } } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?p }", "no ORDER BY"),
        ("SELECT ?p ?x { ?x ?y ?p { SELECT * { ?x ?z ?q } } } ORDER BY ?x", "SELECT * says nothing"),
        ("SELECT ?p ?x { { SELECT ?p ?x { SELECT ?p ?x { ?x ?z ?p } } } } ORDER BY ?x", "put it in braces"),
        ("SELECT ?p ?x { { SELECT ?p ?x { { SELECT ?p ?x { ?x ?z ?p } } } } } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?p { SELECT ?x { SELECT ?x { ?x ?z ?q } } } } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?z BIND(?z AS ?p) } ORDER BY ?x", "makes the parameter ?p itself"),
        ("SELECT DISTINCT ?p ?x { ?x ?y ?p } ORDER BY ?x", "the outer SELECT is DISTINCT"),
        ("SELECT ?p ?x { { SELECT DISTINCT ?p ?x { ?x ?y ?p } } } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?p . ?x <urn:a>/<urn:b> ?q } ORDER BY ?x", None),
        ("PREFIX : <u:> SELECT ?p ?x { ?x ?y ?p . ?x (:a|:b)* ?q } ORDER BY ?x", "a path of any length"),
        ("PREFIX : <u:> SELECT ?p ?x { ?x ?y ?p { SELECT ?x ?q { ?x :a+ ?q } } } ORDER BY ?x", "a path of any length"),
        ("PREFIX : <u:> SELECT ?p ?x { ?x ?y ?p { SELECT DISTINCT ?x ?q { ?x :a+ ?q } } } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?x ?y ?p FILTER(?x + 1 > STRLEN(?p) * 2) } ORDER BY ?x", None),
        (
            "SELECT ?p ?x { ?x ?y ?p OPTIONAL { SELECT ?x (COUNT(?q) AS ?n) { ?x ?z ?q } GROUP BY ?x } } ORDER BY ?x",
            "groups stands in OPTIONAL",
        ),
        ("SELECT ?p ?x { ?x ?y ?p OPTIONAL { SELECT DISTINCT ?x { ?x ?z ?q } } } ORDER BY ?x", None),
        ("SELECT ?p ?x { ?y ?z ?p BIND(COALESCE(CONCAT('a', ?q), '') AS ?x) } ORDER BY ?x", "COALESCE of CONCAT"),
    ],
)
def test_the_lint_sees_the_trap_and_nothing_else(sparql: str, said: str | None) -> None:
    found = problems(sparql)
    if said is None:
        assert found == []
    else:
        assert len(found) == 1
        assert said in found[0].what
        assert found[0].line == 7


def test_a_truth_value_has_its_type() -> None:
    columns = "p string; x boolean"
    made = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?p ?x { ?y ?z ?p BIND(%s AS ?x) } ORDER BY ?p"
    assert problems(made % 'STRDT(IF(?y = ?z, "true", "false"), xsd:boolean)', columns) == []
    assert [p.what for p in problems(made % "(?y = ?z)", columns)] == ["the truth value ?x is not made with STRDT"]
    assert problems("SELECT ?p ?x { ?x ?y ?p } ORDER BY ?p", columns) == []


@pytest.fixture
def data() -> Dataset:
    dataset = Dataset()
    number = XSD.integer
    dataset.add(
        [
            (Iri("urn:s"), Iri("urn:p"), Literal("a")),
            (Iri("urn:t"), Iri("urn:p"), Literal("b")),
            (Iri("urn:s"), Iri("urn:n"), Literal("1", number)),
            (Iri("urn:s"), Iri("urn:n"), Literal("2", number)),
        ],
        lambda _: "urn:g",
    )
    return dataset


def test_the_engine_binds_only_what_the_outer_select_projects(data: Dataset) -> None:
    assert data.select("SELECT ?p ?x { ?x <urn:p> ?p }", {"p": Literal("a")}).texts() == [{"p": "a", "x": "urn:s"}]
    with pytest.raises(InputError, match="the query failed"):
        data.select("SELECT ?x { ?x <urn:p> ?p }", {"p": Literal("a")})


def test_the_engine_does_not_bind_inside_a_select_that_does_not_project(data: Dataset) -> None:
    """Counting inside such a sub-select counts for every value: 2 where there is 1."""
    inner = "{ SELECT (COUNT(?x) AS ?n) { ?x <urn:p> ?p } }"
    found = data.select(f"SELECT ?p ?n {{ ?y <urn:p> ?p {inner} }}", {"p": Literal("a")}).texts()
    assert [row["n"] for row in found] == ["2"]
    grouped = "{ SELECT ?p (COUNT(?x) AS ?n) { ?x <urn:p> ?p } GROUP BY ?p }"
    found = data.select(f"SELECT ?p ?n {{ ?y <urn:p> ?p {grouped} }}", {"p": Literal("a")}).texts()
    assert [row["n"] for row in found] == ["1"]


def test_the_engine_leaves_a_group_concat_of_numbers_unbound(data: Dataset) -> None:
    number = "SELECT (GROUP_CONCAT({}; SEPARATOR = '+') AS ?all) {{ ?s <urn:n> ?n }}"
    assert data.select(number.format("?n")).texts() == [{"all": ""}]
    assert sorted(data.select(number.format("STR(?n)")).texts()[0]["all"].split("+")) == ["1", "2"]
