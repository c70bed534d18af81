"""Folding a drawing: by what the corpus records, and so that no step is lost, doubled or made up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_mechanism import claim, corpus_of

from ogx_rdf.corpus import open_corpus
from ogx_rdf.mechanism.drawing import Drawing, Edge, Node, graph_of
from ogx_rdf.mechanism.folding import Fold, Folded, Line, fold
from ogx_rdf.mechanism.folds import folds_of
from ogx_rdf.records import Records
from ogx_rdf.resources import resource

NAMES = ("a", "b", "c", "d", "e", "f")


def edge(number: int, start: str, end: str, sign: str = "+1", *, crossing: bool = False) -> Edge:
    name = None if crossing else f"c:{number:04}"
    word = "level" if crossing else "raises"
    return Edge(name, start, end, "ogx:raises", word, sign, "asserted", False, False, None, False, False, crossing)


def drawing_of(edges: list[Edge]) -> Drawing:
    nodes = tuple(Node(name, name.upper(), "Protein") for name in NAMES)
    return Drawing(nodes, tuple(edges))


def all_edges(folded: Folded) -> list[Edge]:
    return [e for line in folded.lines for e in line.edges] + [e for found in folded.inside.values() for e in found]


PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(["+1", "-1", "unsigned"]))
DRAWINGS = st.lists(st.tuples(PAIRS, st.booleans()), max_size=12).map(
    lambda found: drawing_of([edge(n, *pair, crossing=crossing) for n, (pair, crossing) in enumerate(found)])
)
GROUPS = st.lists(st.integers(0, 3), min_size=len(NAMES), max_size=len(NAMES))


def folds_in(groups: list[int]) -> list[Fold]:
    """Folds of some of the names; group 0 stands for none."""
    members = {number: tuple(n for n, g in zip(NAMES, groups, strict=True) if g == number) for number in (1, 2, 3)}
    found = [(names[0], names) for names in members.values() if len(names) > 1]
    return [Fold(name, name, "pathway", names, name) for name, names in found]


@given(drawing=DRAWINGS, groups=GROUPS, opened=st.sets(st.sampled_from(NAMES)))
@settings(max_examples=300)
def test_every_edge_is_in_one_line_or_inside_one_fold(drawing: Drawing, groups: list[int], opened: set[str]) -> None:
    folds = folds_in(groups)
    folded = fold(drawing, folds, opened)
    assert Counter(map(id, all_edges(folded))) == Counter(map(id, drawing.edges))
    drawn = [node.id for node in folded.nodes] + [each.id for each in folded.folds]
    assert len(drawn) == len(set(drawn))
    assert {each.id for each in folded.folds} == {each.id for each in folds} - opened
    held = [name for each in folded.folds for name in each.members] + [node.id for node in folded.nodes]
    assert sorted(held) == list(NAMES)
    for line in folded.lines:
        assert {line.start, line.end} <= set(drawn)
        for found in line.edges:
            assert (folded.places[found.start], folded.places[found.end]) == (line.start, line.end)
    for each in folded.folds:
        for found in folded.inside[each.id]:
            assert {found.start, found.end} <= set(each.members)
    ends = [(line.start, line.end, line.crossing) for line in folded.lines]
    assert len(ends) == len(set(ends)), "from one drawn thing to another there is one line"


@given(drawing=DRAWINGS, groups=GROUPS)
def test_with_every_fold_open_it_is_the_drawing(drawing: Drawing, groups: list[int]) -> None:
    folds = folds_in(groups)
    folded = fold(drawing, folds, [each.id for each in folds])
    assert folded.nodes == drawing.nodes
    assert folded.folds == () and folded.inside == {}
    assert Counter(map(id, all_edges(folded))) == Counter(map(id, drawing.edges))
    assert all((e.start, e.end) == (line.start, line.end) for line in folded.lines for e in line.edges)


def test_a_line_says_what_all_its_claims_say_and_warns_of_any() -> None:
    first, second = edge(1, "a", "b"), edge(2, "a", "b")
    assert Line("a", "b", (first, second)).sign == "+1"
    assert Line("a", "b", (first, replace(second, sign="-1"))).sign == "differ"
    assert Line("a", "b", (first, replace(second, sign="unsigned"))).sign == "differ"
    half = Line("a", "b", (first, replace(second, hedged=True, uncited=True, disputed=True, inferred=True)))
    assert (half.hedged, half.uncited, half.inferred, half.disputed) == (False, False, False, True)
    weak = replace(first, hedged=True, uncited=True)
    both = Line("a", "b", (weak, replace(second, hedged=True, uncited=True)))
    assert (both.hedged, both.uncited, both.disputed) == (True, True, False)


def test_a_crossing_is_never_counted_as_a_claim() -> None:
    folded = fold(drawing_of([edge(1, "a", "b"), edge(2, "a", "b", crossing=True)]), [], ())
    assert [(line.crossing, len(line.edges)) for line in folded.lines] == [(False, 1), (True, 1)]


MORE = """
entity:death-route a ogx:Entity, ogx:Pathway ; skos:prefLabel "death route" ; ogx:involves entity:death .
entity:big-route a ogx:Entity, ogx:Pathway ; skos:prefLabel "big route" ; ogx:involves entity:death-route .
entity:kinase-route a ogx:Entity, ogx:Pathway ; skos:prefLabel "kinase route" ; ogx:involves entity:kinase .
entity:a-route a ogx:Entity, ogx:Process ; skos:prefLabel "a route" ; ogx:involves entity:kinase .
entity:silent a ogx:Entity, ogx:Pathway ; skos:prefLabel "a silent one" ; ogx:involves entity:drug, entity:kinase .
"""


def found(root: Path, *claims: str, more: str = MORE) -> dict[str, tuple[str, set[str]]]:
    """The folds of a corpus: why, and the members, by name."""
    records = Records(corpus_of(root, *claims, more=more))
    drawing = graph_of(records)
    short = str.removeprefix
    return {
        each.label: (each.why, {short(member, "entity:") for member in each.members})
        for each in folds_of(records, drawing)
    }


def test_a_pathway_takes_what_it_involves_with_aspects_and_forms(tmp_path: Path) -> None:
    claims = (
        claim(1, "drug", "inhibits", "kinase"),
        claim(2, "drug", "inhibits", "kinase-level"),
        claim(3, "kinase-short", "activates", "kinase-route"),
        claim(4, "drug", "inhibits", "kinase-mrna"),
    )
    members = {"kinase", "kinase-level", "kinase-short", "kinase-route"}
    assert found(tmp_path, *claims) == {"kinase route": ("pathway", members)}


def test_without_a_drawn_pathway_a_thing_takes_its_aspects_and_forms(tmp_path: Path) -> None:
    claims = (claim(1, "drug", "inhibits", "kinase-level"), claim(2, "kinase-short", "activates", "death"))
    assert found(tmp_path, *claims) == {"kinase": ("thing", {"kinase-level", "kinase-short"})}


def test_what_a_pathway_involves_through_another_goes_to_the_outermost(tmp_path: Path) -> None:
    claims = (
        claim(1, "drug", "induces", "death"),
        claim(2, "drug", "induces", "death-route"),
        claim(3, "drug", "induces", "big-route"),
    )
    assert found(tmp_path, *claims) == {"big route": ("pathway", {"death", "death-route", "big-route"})}


def test_a_thing_in_several_goes_to_a_pathway_before_a_process_and_the_process_along(tmp_path: Path) -> None:
    claims = (
        claim(1, "drug", "inhibits", "kinase"),
        claim(2, "drug", "inhibits", "kinase-route"),
        claim(3, "drug", "inhibits", "a-route"),
        claim(4, "death", "inhibits", "a-route"),
    )
    assert found(tmp_path, *claims) == {"kinase route": ("pathway", {"kinase", "kinase-route", "a-route"})}


def test_of_two_pathways_the_one_with_more_claims_takes_what_both_involve(tmp_path: Path) -> None:
    rival = (
        'entity:z-route a ogx:Entity, ogx:Pathway ; skos:prefLabel "z route" ; ogx:involves entity:kinase, entity:x .\n'
        'entity:x a ogx:Entity, ogx:Protein ; skos:prefLabel "x" .\n'
    )
    claims = (
        claim(1, "drug", "inhibits", "kinase"),
        claim(2, "drug", "inhibits", "kinase-route"),
        claim(3, "drug", "inhibits", "z-route"),
        claim(4, "death", "inhibits", "z-route"),
        claim(5, "drug", "activates", "x"),
    )
    folds = found(tmp_path, *claims, more=MORE + rival)
    assert folds == {"z route": ("pathway", {"kinase", "z-route", "x", "kinase-route"})}


def test_what_is_left_is_folded_by_kind_but_no_molecule_process_or_pathway(tmp_path: Path) -> None:
    more = 'entity:mix-two a ogx:Entity, ogx:Regimen ; skos:prefLabel "mix two" .\n'
    claims = (
        claim(1, "mix", "induces", "death"),
        claim(2, "mix-two", "induces", "death"),
        claim(3, "drug", "inhibits", "kinase-mrna"),
        claim(4, "drug", "inhibits", "growth"),
    )
    assert found(tmp_path, *claims, more=more) == {"regimen": ("kind", {"mix", "mix-two"})}


def test_things_that_involve_each_other_in_a_ring_are_one_fold(tmp_path: Path) -> None:
    more = (
        'entity:x a ogx:Entity, ogx:Pathway ; skos:prefLabel "x" ; ogx:involves entity:y .\n'
        'entity:y a ogx:Entity, ogx:Pathway ; skos:prefLabel "y" ; ogx:involves entity:x .\n'
    )
    claims = (claim(1, "drug", "induces", "x"), claim(2, "drug", "induces", "y"))
    assert found(tmp_path, *claims, more=more) == {"x": ("pathway", {"x", "y"})}


TIES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["involves", "member", "aspectOf", "formOf"]), st.integers(0, 5)),
    max_size=9,
)
CLASSES = st.lists(
    st.sampled_from(["Pathway", "Process", "Set", "Protein", "Aspect", "Endpoint"]), min_size=6, max_size=6
)
STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8)


@given(ties=TIES, classes=CLASSES, steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_whatever_is_recorded_each_thing_goes_to_one_place(
    ties: list[tuple[int, str, int]],
    classes: list[str],
    steps: list[tuple[int, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    more = "".join(
        f'entity:n{n} a ogx:Entity, ogx:{kind} ; skos:prefLabel "n{n}" .\n' for n, kind in enumerate(classes)
    ) + "".join(f"entity:n{a} ogx:{by} entity:n{b} .\n" for a, by, b in ties)
    claims = [claim(n, f"n{a}", "activates", f"n{b}") for n, (a, b) in enumerate(steps, 1)]
    records = Records(corpus_of(tmp_path_factory.mktemp("folds"), *claims, more=more))
    drawing = graph_of(records)
    folds = folds_of(records, drawing)
    members = [member for each in folds for member in each.members]
    assert len(members) == len(set(members))
    assert set(members) <= {node.id for node in drawing.nodes}
    assert len({each.id for each in folds}) == len(folds)
    for each in folds:
        assert len(each.members) > 1
        assert each.head is None or each.head in each.members
        assert each.head is not None or each.id not in {node.id for node in drawing.nodes}
    assert Counter(map(id, all_edges(fold(drawing, folds, ())))) == Counter(map(id, drawing.edges))
    assert folds_of(records, drawing) == folds


def test_the_shipped_corpus_is_folded_to_what_can_be_looked_at() -> None:
    records = Records(open_corpus(resource("ontology")))
    drawing = graph_of(records)
    folds = {each.label: each for each in folds_of(records, drawing)}
    assert set(folds["NF-κB pathway"].members) >= {"entity:nf-kb-pathway", "entity:nf-kb", "entity:nf-kb-activity"}
    assert set(folds["clusterin"].members) >= {"entity:clusterin", "entity:secretory-clusterin"}
    assert "entity:clusterin-mrna" not in folds["clusterin"].members
    folded = fold(drawing, list(folds.values()), ())
    assert len(folded.nodes) + len(folded.folds) < 50 < len(drawing.nodes)
    assert Counter(map(id, all_edges(folded))) == Counter(map(id, drawing.edges))
