"""What the pass leaves out when it asks its rules: nothing that could change an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rdflib import Variable
from rdflib.plugins.sparql import prepareQuery

from ogx_rdf.bundles.batch import Batch, Node, Reach, said_in
from ogx_rdf.bundles.idle import KINDS, NEEDS, Occasions
from ogx_rdf.bundles.judge import WHOLE
from ogx_rdf.bundles.spool import Run
from ogx_rdf.namespaces import OGX, RDF, RDFS
from ogx_rdf.validation.compiled import Compiled, mentioned
from ogx_rdf.validation.rules import read_rules, shapes_text

BASE = b"https://example.org/c/"
VOCABULARY = said_in(b"".join(f"<{OGX[name]}> <{RDF.type}> <urn:c> .\n".encode() for name in ("Claim", "Work")))


def queries() -> dict[str, str]:
    """The queries that a batch is asked, by rule."""
    compiled = Compiled(shapes_text())
    asked = {constraint.rule: constraint.query({}) for constraint in compiled._constraints}
    return asked | {
        rule.id: rule.query for rule in read_rules().values() if rule.query is not None and rule.id not in WHOLE
    }


def patterns(node: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Every triple pattern of a query, at whatever depth."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "triples":
                yield from value
            else:
                yield from patterns(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from patterns(value)


def test_near_nodes_are_looked_at_by_the_properties_that_a_rule_names() -> None:
    """Lines of near nodes are left out by property: any may be asked of the focus alone, of others if there is one."""
    odd = {
        (rule, str(s), str(o))
        for rule, query in queries().items()
        for s, p, o in patterns(prepareQuery(query).algebra)
        if isinstance(p, Variable) and str(s) not in ("this", "focus")
    }
    assert odd == {("target-described", "value", "any")}


def test_all_that_a_query_names_is_found() -> None:
    query = f"PREFIX ogx: <{OGX.iri}>\nPREFIX x: <urn:x:>\nSELECT * {{ ?s ogx:quote|^x:is-so/<urn:full> ?o }}"
    assert mentioned(query) >= {OGX.quote, "urn:x:is-so", "urn:full"}


def test_a_path_that_leads_elsewhere_is_refused() -> None:
    plain = "( ogx:evidenceFor rdf:predicate ogx:sign )"
    shapes = shapes_text().replace(plain, "( [ sh:inversePath ogx:marker ] rdf:type )")
    with pytest.raises(ValueError, match="write it as a property"):
        Compiled(shapes)


def test_core_constraints_follow_classes_and_sequences() -> None:
    assert Compiled(shapes_text()).follows == frozenset[str]({RDF.type, RDFS.subClassOf, RDF.predicate, OGX.sign})


def batch(*lines: str) -> Batch:
    text = "".join(f"<urn:a> {line} .\n" for line in lines).encode()
    return Batch.of([Run(0, 1, text)], Reach(lambda names: {}))


def test_a_brief_batch_keeps_all_of_a_node_that_has_none_of_the_properties() -> None:
    one = batch(f"<{RDF.type}> <{OGX.Work}>", "<urn:p> <urn:b>", "<urn:p> <urn:c>")
    for name, said in (
        (b"urn:b", b'<urn:b> <urn:kept> "1" .\n<urn:b> <urn:q> "2" .\n'),
        (b"urn:c", b'<urn:c> <urn:q> "3" .\n'),
    ):
        one.near[name] = Node.of(name, [Run(0, 9, said)])
    assert one.brief([b"urn:kept"]) == one.runs[0].text + b'<urn:b> <urn:kept> "1" .\n<urn:c> <urn:q> "3" .\n'


def test_a_rule_is_idle_where_nothing_of_its_focus_is_there() -> None:
    idle = Occasions(VOCABULARY).idle(batch(f"<{RDF.type}> <{OGX.Claim}>"))
    assert idle == {*NEEDS, *KINDS, "node-typed", "node-value", "class-declared"}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        *((f"<{names[0]}> <urn:b>", rule) for rule, names in NEEDS.items()),
        *((f"<{RDF.type}> <{names[0]}>", rule) for rule, names in KINDS.items()),
        ("<urn:p> <urn:b>", "node-typed"),
        ("<urn:p> _:b", "node-value"),
        (f"<{RDF.type}> <{OGX.Misspelt}>", "class-declared"),
    ],
)
def test_a_rule_is_asked_where_it_has_an_occasion(line: str, rule: str) -> None:
    assert rule not in Occasions(VOCABULARY).idle(batch(line))
    assert rule in read_rules()
