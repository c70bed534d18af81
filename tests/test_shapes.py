"""The rules themselves: each named, worded, graded, justified, and told alike by every parser and engine."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ogx_rdf.corpus import open_corpus
from ogx_rdf.errors import InputError
from ogx_rdf.model import Iri, Severity
from ogx_rdf.oxi import Dataset
from ogx_rdf.resources import resource
from ogx_rdf.validation.rules import SHAPES, read_header, read_rules, shapes_text

FILES = sorted(resource("shapes").glob("*.ttl"))
WHOLE = sorted(resource("shapes").glob("whole/*.rq"))
GRAPH = Graph().parse(data=shapes_text(), format="turtle")
OGX = "https://w3id.org/ogx-rdf/ns#"
RULES = sorted(str(subject) for subject in GRAPH.subjects(SH.message))
HELPERS = {
    "a-drug",
    "a-regimen",
    "a-study",
    "a-therapy",
    "a-trial",
    "not-asserted",
    "override-given",
    "quote-without-hedge-word",
    "hedge-word",
    "relation-unsigned",
    "quote-without-unsigned-verb",
    "unsigned-verb",
    "quote-with-direction",
}
"""Parts of a rule that core SHACL must spell as shapes of their own; they judge nothing by themselves."""

LISTS = {
    "claim-kind": "Kind",
    "claim-polarity": "Polarity",
    "evidence-certainty": "Certainty",
    "evidence-directness": "Directness",
    "evidence-extent": "Extent",
    "evidence-manner": "Manner",
    "evidence-not-stated": "Field",
    "evidence-stance": "Stance",
    "document-source-type": "SourceType",
    "passage-kind": "PassageKind",
    "passage-skip": "SkipReason",
    "reference-resolution": "Resolution",
    "reference-source-type": "SourceType",
    "relation-sign": "Sign",
    "tension-sureness": "Sureness",
    "work-source-type": "SourceType",
    "work-standing": "Standing",
}
"""Which class of the vocabulary holds the members of which closed list."""


def local(node: Node) -> str:
    return str(node).removeprefix(SHAPES)


def listed(shape: Node, predicate: URIRef) -> set[Node]:
    """The members of a list that a shape holds."""
    head = GRAPH.value(shape, predicate)
    assert head is not None
    return set(Collection(GRAPH, head))


def members(rule: str) -> set[str]:
    """The members of the ``sh:in`` list of a rule, as local names."""
    return {str(item).removeprefix(OGX) for item in listed(URIRef(SHAPES + rule), SH["in"])}


def declared(name: str) -> set[str]:
    """The members of a class of the vocabulary, as local names."""
    query = f"SELECT ?x WHERE {{ ?x a <{OGX}{name}> }}"
    return {row["x"].removeprefix(OGX) for row in open_corpus(resource("ontology")).dataset.select(query).texts()}


def queries() -> dict[str, str]:
    """The text of each SPARQL rule on a shape, with its prefixes, by the name of the rule."""
    prefixes = "".join(
        f"PREFIX {GRAPH.value(node, SH.prefix)}: <{GRAPH.value(node, SH.namespace)}>\n"
        for node in GRAPH.objects(URIRef(f"{SHAPES}prefixes"), SH.declare)
    )
    return {
        local(shape): prefixes + str(GRAPH.value(query, SH.select)) for shape, query in GRAPH.subject_objects(SH.sparql)
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_two_parsers_read_the_same(file: Path) -> None:
    import pyoxigraph

    text = file.read_text(encoding="utf-8")
    assert len(Graph().parse(data=text, format="turtle")) == len(
        set(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE))
    )


@pytest.mark.parametrize("file", [f for f in FILES if f.stem != "prefixes"], ids=lambda file: file.stem)
def test_a_rule_is_named_after_its_file(file: Path) -> None:
    names = re.findall(r"^shapes:([a-z][a-z-]*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert names
    assert [name for name in names if not name.startswith(f"{file.stem}-") and name not in HELPERS] == []


@pytest.mark.parametrize("rule", RULES, ids=local)
def test_a_rule_has_a_message_a_severity_and_a_reason(rule: str) -> None:
    node = URIRef(rule)
    assert re.fullmatch(rf"{SHAPES}[a-z]+(-[a-z0-9]+)+", rule)
    for predicate in (SH.message, SH.severity, RDFS.comment, RDF.type):
        assert len(list(GRAPH.objects(node, predicate))) == 1
    for predicate in (SH.message, RDFS.comment):
        text = str(GRAPH.value(node, predicate))
        assert text[-1] == "."
        assert len(text) < 300
    assert GRAPH.value(node, SH.severity) in (SH.Violation, SH.Warning, SH.Info)


@pytest.mark.parametrize("rule", RULES, ids=local)
def test_a_rule_has_its_own_path_or_target(rule: str) -> None:
    node = URIRef(rule)
    if GRAPH.value(node, RDF.type) == SH.PropertyShape:
        holders = list(GRAPH.subjects(SH.property, node))
        assert len(holders) == 1
        assert list(GRAPH.objects(holders[0], SH.targetClass))
        assert isinstance(GRAPH.value(node, SH.path), URIRef)
    else:
        assert list(GRAPH.objects(node, SH.targetClass))
        assert not list(GRAPH.objects(node, SH.property))


def test_no_shape_goes_without_a_name_or_a_rule() -> None:
    shapes = set(GRAPH.subjects(RDF.type, SH.NodeShape)) | set(GRAPH.subjects(RDF.type, SH.PropertyShape))
    assert not [shape for shape in shapes if isinstance(shape, BNode)]
    lists = {s for s in GRAPH.subjects() if isinstance(s, BNode)}
    assert all(set(GRAPH.predicates(s)) == {RDF.first, RDF.rest} for s in lists)
    holders = {shape for shape in shapes if list(GRAPH.objects(shape, SH.property))}
    assert {local(shape) for shape in shapes - holders} - {local(URIRef(rule)) for rule in RULES} == HELPERS
    allowed = {RDF.type, SH.targetClass, SH.property}
    assert all(set(GRAPH.predicates(holder)) == allowed for holder in holders)


def test_a_helper_has_no_target_and_is_used() -> None:
    for name in HELPERS:
        node = URIRef(SHAPES + name)
        assert not list(GRAPH.objects(node, SH.targetClass))
        assert list(GRAPH.subject_predicates(node))


def test_a_sparql_rule_stands_alone_on_its_shape() -> None:
    shapes = Counter(GRAPH.subjects(SH.sparql))
    assert shapes
    assert set(shapes.values()) == {1}
    assert set(Counter(GRAPH.objects(None, SH.sparql)).values()) == {1}
    allowed = {RDF.type, SH.targetClass, SH.sparql, SH.severity, SH.message, RDFS.comment}
    for shape in shapes:
        assert set(GRAPH.predicates(shape)) == allowed


@pytest.mark.parametrize("rule", queries(), ids=str)
def test_a_query_of_a_shape_is_one_that_every_engine_takes(rule: str) -> None:
    text = queries()[rule]
    assert not re.search(r"\b(VALUES|MINUS|SERVICE|GRAPH)\b", text)
    assert len(re.findall(r"\bSELECT\b", text)) == 1
    assert re.search(r"^SELECT (DISTINCT )?\$this( \?path( \?value)?)? WHERE", text, re.MULTILINE)
    assert re.search(r"\\[bdswpP]", text) is None, "engines differ on classes of their regular expressions"
    Dataset().select(text.replace("$this", "?this"))


@pytest.mark.parametrize("rule", queries(), ids=str)
def test_a_path_that_a_query_names_is_a_term_of_the_shapes(rule: str) -> None:
    # The compiled engine leaves out a path that stands neither in the data nor in the shapes graph.
    terms = set(GRAPH.all_nodes()) | set(GRAPH.predicates())
    for name in re.findall(r"BIND\((\S+) AS \?path\)", queries()[rule]):
        assert GRAPH.namespace_manager.expand_curie(name) in terms


@pytest.mark.parametrize("rule", LISTS)
def test_a_closed_list_is_that_of_the_vocabulary(rule: str) -> None:
    assert members(rule) == declared(LISTS[rule])


def test_parts_of_closed_lists_are_known() -> None:
    rules = {local(s) for s in GRAPH.subjects(SH["in"])}
    assert rules - set(LISTS) == {"measurement-not-stated", "not-asserted", "relation-unsigned"}
    assert members("not-asserted") == declared("Certainty") - {"asserted"}
    assert members("relation-unsigned") == {"unsigned"}
    assert members("measurement-not-stated") < declared("Field")


def test_a_closed_shape_knows_the_paths_of_its_class() -> None:
    for shape in GRAPH.subjects(SH.closed):
        known = listed(shape, SH.ignoredProperties)
        target = GRAPH.value(shape, SH.targetClass)
        holders = [s for s in GRAPH.subjects(SH.targetClass, target) if list(GRAPH.objects(s, SH.property))]
        paths = {GRAPH.value(p, SH.path) for holder in holders for p in GRAPH.objects(holder, SH.property)}
        assert paths <= known
    closed = {str(GRAPH.value(s, SH.targetClass)).removeprefix(OGX) for s in GRAPH.subjects(SH.closed)}
    assert closed == {"Claim", "Evidence", "Measurement", "Passage", "Marker", "Cell", "Reference", "Tension"}


def test_the_hedge_words_are_those_of_the_shipped_corpus() -> None:
    words = tomllib.loads((resource("ontology") / "corpus.toml").read_text(encoding="utf-8"))["hedges"]
    pattern = str(GRAPH.value(URIRef(f"{SHAPES}hedge-word"), SH.pattern))
    inner = pattern.removeprefix("(^|[^A-Za-z0-9])(").removesuffix(")([^A-Za-z0-9]|$)")
    assert sorted(inner.split("|")) == sorted(words)


def test_a_corpus_brings_its_own_hedge_words() -> None:
    assert shapes_text(["may", "may well"]).count("(may well|may)") == 1


def test_own_hedge_words_do_not_go_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ogx_rdf.validation.rules.shipped_hedges", lambda: ("not", "there"))
    with pytest.raises(InputError) as caught:
        shapes_text(["may"])
    assert caught.value.code == "E354"


@pytest.mark.parametrize("file", WHOLE, ids=lambda file: file.stem)
def test_a_rule_over_the_whole_says_what_why_and_how(file: Path) -> None:
    header = read_header(file)
    assert all(header[key].endswith(".") for key in ("summary", "problem", "fix"))
    text = file.read_text(encoding="utf-8")
    assert Dataset().select(text).columns == ["focus", "path", "value"]
    assert re.search(r"^ORDER BY \?focus", text, re.MULTILINE)


@pytest.mark.parametrize("file", WHOLE, ids=lambda file: file.stem)
def test_a_rule_over_the_whole_looks_one_step_where_a_thing_is_absent(file: Path) -> None:
    # Over several steps NOT EXISTS takes the square of the time; MINUS does not.
    for inner in re.findall(r"NOT EXISTS \{([^{}]*)\}", file.read_text(encoding="utf-8")):
        steps = re.sub(r"FILTER\(.*\)", "", inner)
        subjects = re.findall(r"(?:^|\.\s)\s*(\?\w+)", steps)
        assert len(set(subjects)) == 1


@pytest.mark.parametrize(
    "header",
    [
        "#+ summary: a.\n#+ problem: b.\n#+ fix: c.\n",
        "#+ summary: a.\n#+ problem: b.\n#+ fix: c.\n#+ severity: error\n",
        "#+ summary: a.\n#+ summary: b.\n",
        "#+ title: a.\n",
    ],
)
def test_a_header_that_is_not_complete_is_refused(header: str, tmp_path: Path) -> None:
    file = tmp_path / "x.rq"
    file.write_text(f"{header}\nSELECT ?focus WHERE {{}}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_header(file)
    assert caught.value.code == "E351"


def test_rules_are_read_with_what_they_say() -> None:
    rules = read_rules()
    assert list(rules) == sorted(rules)
    assert len(rules) == len(RULES) + len(WHOLE)
    assert {rule.severity for rule in rules.values()} == set(Severity.ORDER)
    sh = "http://www.w3.org/ns/shacl#"
    assert rules["claim-kind"].component == Iri(f"{sh}PropertyConstraintComponent")
    assert rules["claim-closed"].component == Iri(f"{sh}NodeConstraintComponent")
    assert rules["evidence-quote-length"].component == Iri(f"{sh}SPARQLConstraintComponent")
    assert rules["claim-key"].query is not None
    assert rules["claim-kind"].query is None
    for rule in rules.values():
        assert rule.message
        assert rule.why
