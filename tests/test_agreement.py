"""Two engines, one answer: thousands of generated claims with every fault, held to the shapes by both.

pySHACL takes minutes for a graph that the default engine takes seconds for, so it gets it in parts, in two processes:
some documents with their claims at a time, and what these reach.  A part answers for its own nodes only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import pytest
from bulk_world import BASE
from dumped import lines, truth
from generate import generate

from ogx_rdf.validation.engines import Result, check
from ogx_rdf.validation.rules import read_rules, shapes_text

CLAIMS, RATE, SEED = 2000, 0.4, 7
NOTES = 5
"""How many documents a part holds: few make much around them be judged again, many leave one process idle."""

SHAPES = shapes_text()
Nodes = dict[str, list[str]]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated corpus with every fault, blank nodes too."""
    folder = tmp_path_factory.mktemp("agreement")
    assert generate(CLAIMS, folder, seed=SEED, faults=RATE, blank_nodes=True) == []
    return folder


def read(folder: Path) -> tuple[Nodes, list[set[str]]]:
    """The triples of each node, and the nodes of each graph that is a document with the claims after it."""
    about: Nodes = {}
    notes: list[set[str]] = []
    rest: set[str] = set()
    for line in lines(folder):
        triple, _, graph = line[:-3].rpartition(" ")
        subject = triple.partition(" ")[0]
        about.setdefault(subject, []).append(f"{triple} .\n")
        if graph.startswith(f"<{BASE}doc/"):
            if not notes or f"<{graph[1:-1]}>" not in notes[-1]:
                notes.append({graph})
            notes[-1].add(subject)
        elif graph.startswith(f"<{BASE}c/") and notes:
            notes[-1].add(subject)
        else:
            rest.add(subject)
    return about, [*notes, rest - set().union(*notes)]


def parts(about: Nodes, notes: list[set[str]]) -> Iterator[tuple[str, set[str]]]:
    """What each part is given, as N-Triples, and the nodes that it answers for."""
    *documents, rest = notes
    shared = sorted(rest)
    homes = [set().union(*documents[at : at + NOTES]) for at in range(0, len(documents), NOTES)]
    homes += [set(shared[at::4]) for at in range(4)]
    for own in homes:
        kept = edge = {node for node in own if node in about}
        for _ in range(2):
            edge = {line[:-3].split(" ", 2)[2] for node in edge for line in about[node]} & set(about)
            kept = kept | edge
        yield "".join(chain.from_iterable(about[node] for node in sorted(kept))), own


def with_pyshacl(data: str) -> list[Result]:
    """What pySHACL finds in a part; runs in another process."""
    return check(SHAPES, data, "pyshacl")


def test_both_engines_find_the_same_and_what_was_seeded(faulty: Path) -> None:
    about, notes = read(faulty)
    found = set(check(SHAPES, "".join(chain.from_iterable(about.values())), "auto"))
    reference: set[Result] = set()
    given = list(parts(about, notes))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for results, (_, own) in zip(pool.map(with_pyshacl, [data for data, _ in given]), given, strict=True):
            reference |= {result for result in results if result.focus[:2] == "_:" or f"<{result.focus}>" in own}
    assert found == reference
    rules = {name for name, rule in read_rules().items() if rule.query is None}
    seeded = {(rule, severity, "_:blank" if focus[:2] == "_:" else focus) for rule, severity, focus in truth(faulty)}
    assert {result[:3] for result in found} == {row for row in seeded if row[0] in rules}
    assert {result.rule for result in found} == rules


def test_a_part_holds_all_that_its_rules_look_at(faulty: Path) -> None:
    """The default engine finds in the parts what it finds in the whole, so that cutting loses nothing."""
    about, notes = read(faulty)
    whole = set(check(SHAPES, "".join(chain.from_iterable(about.values())), "auto"))
    in_parts: dict[Result, int] = defaultdict(int)
    for data, own in parts(about, notes):
        for result in check(SHAPES, data, "auto"):
            if result.focus[:2] == "_:" or f"<{result.focus}>" in own:
                in_parts[result] += 1
    assert set(in_parts) == whole
