"""The vocabulary and the repository agree.

Each term that is used is declared, each that is declared is used, and each external IRI was verified.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import rdflib
from rdflib import Graph, URIRef

from ogx_rdf import namespaces
from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.linking import load_mappings, read_mappings
from ogx_rdf.model import Iri, Literal, Triple
from ogx_rdf.namespaces import OGX, RDF, RDFS, SH, SKOS, XSD, Namespace
from ogx_rdf.oxi import parse_turtle

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
VERIFIED = ONTOLOGY / "verified"
DECLARING = ("ogx.ttl", "relations.ttl")
ONTOLOGY_IRI = OGX.iri.rstrip("#")
MATCHES = [SKOS[f"{kind}Match"] for kind in ("exact", "close", "broad", "narrow", "related")]
MAPPINGS = [RDFS.subClassOf, RDFS.subPropertyOf, *MATCHES]

TOKENS = re.compile(
    r"<(?P<iri>[^<>\s\"{}|^`\\]*)>"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<comment>#[^\n]*)"
    r"|(?P<name>(?P<prefix>[A-Za-z][A-Za-z0-9_-]*):(?P<local>[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?))"
)
DECLARATION = re.compile(r"\bPREFIX\s+([A-Za-z0-9_-]+):\s*<([^>]*)>", re.IGNORECASE)
CURIE_IN_TEXT = re.compile(r"(?<![A-Za-z0-9_:/.-])([a-z][a-z0-9]*):([A-Za-z0-9_]+)")

Uses = dict[str, set[str]]


@cache
def corpus() -> Corpus:
    """The shipped corpus."""
    return open_corpus(ONTOLOGY)


def shown(path: Path) -> str:
    """A path as a failing test names it."""
    return str(path.relative_to(ROOT))


@cache
def triples(path: Path) -> tuple[Triple, ...]:
    """The triples of a Turtle file."""
    return tuple(parse_turtle(path.read_text(encoding="utf-8"), shown(path))[0])


def turtle_files(folder: Path) -> list[Path]:
    """Every Turtle file under a folder."""
    return sorted(folder.glob("**/*.ttl"))


def in_sparql(text: str) -> Iterator[str]:
    """The IRIs that a SPARQL text names, in full or by prefix; strings and comments name none."""
    prefixes = {**corpus().prefixes, **dict(DECLARATION.findall(text))}
    for match in TOKENS.finditer(DECLARATION.sub("", text)):
        if match["iri"]:
            yield match["iri"]
        elif match["name"] and match["prefix"] in prefixes:
            yield prefixes[match["prefix"]] + match["local"]


def in_turtle(path: Path, *, without_own: bool = False) -> Iterator[str]:
    """The IRIs of a curated Turtle file; ``without_own`` leaves out each block's own subject."""
    for subject, predicate, obj in triples(path):
        named = (subject, predicate, obj if isinstance(obj, Iri) else obj.datatype)
        yield from (iri for iri in named if not (without_own and iri == subject))


def in_shapes(path: Path) -> Iterator[str]:
    """The IRIs of a shapes file (which may hold lists), those in its SPARQL strings too."""
    for triple in Graph().parse(path, format="turtle"):
        for term in triple:
            if isinstance(term, URIRef):
                yield str(term)
            elif isinstance(term, rdflib.Literal):
                yield str(term.datatype or XSD.string)
                if triple[1] in (URIRef(SH.select), URIRef(SH.ask)):
                    yield from in_sparql(str(term))


def in_python(path: Path) -> Iterator[str]:
    """The IRIs that a module names: ``SKOS.notation``, ``OGX["end"]``, ``"ogx:start"``, ``"http://…#comment"``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spaces = {name: value for name, value in vars(namespaces).items() if isinstance(value, Namespace)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            call, target = node.value, node.targets[0]
            if getattr(call.func, "id", "") == "Namespace" and isinstance(target, ast.Name):
                argument = call.args[0]
                assert isinstance(argument, ast.Constant), f"{shown(path)}: a namespace that is not written out"
                spaces[target.id] = Namespace(str(argument.value))
    whole_spaces = {space.iri for space in spaces.values()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in spaces:
            if node.attr != "iri":
                yield spaces[node.value.id][node.attr]
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in spaces:
            if isinstance(node.slice, ast.Constant):
                yield spaces[node.value.id][str(node.slice.value)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (iri for iri in _in_string(node.value) if iri not in whole_spaces)


def _in_string(text: str) -> Iterator[str]:
    prefixes = corpus().prefixes
    for prefix, local in CURIE_IN_TEXT.findall(text):
        if prefix in prefixes:
            yield prefixes[prefix] + local
    if any(text.startswith(space) for space in prefixes.values()) and re.fullmatch(r"\S+[A-Za-z0-9]", text):
        yield text


@cache
def used_outside_mappings() -> Uses:
    """Each IRI that Turtle, shapes, queries and code name, with the files that do."""
    uses: Uses = defaultdict(set)
    for path in turtle_files(ONTOLOGY):
        for iri in in_turtle(path):
            uses[iri].add(shown(path))
    for path in turtle_files(ROOT / "shapes"):
        for iri in in_shapes(path):
            uses[iri].add(shown(path))
    for path in sorted((ROOT / "queries").glob("**/*.rq")):
        for iri in in_sparql(path.read_text(encoding="utf-8")):
            uses[iri].add(shown(path))
    for path in sorted((ROOT / "ogx_rdf").glob("**/*.py")):
        for iri in in_python(path):
            uses[iri].add(shown(path))
    return uses


@cache
def used_in_mappings() -> Uses:
    """Each IRI that a mapping set gives when it is loaded, with the files."""
    uses: Uses = defaultdict(set)
    for path in corpus().mapping_files():
        for triple in load_mappings(path, shown(path), corpus().base):
            for term in triple:
                if isinstance(term, Iri):
                    uses[term].add(shown(path))
    return uses


@cache
def declared() -> frozenset[str]:
    """The ``ogx:`` terms that the vocabulary declares."""
    return frozenset(
        s for name in DECLARING for s, p, _ in triples(ONTOLOGY / name) if p == RDF.type and s.startswith(OGX.iri)
    )


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the shipped lists."""
    with (VERIFIED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def verified() -> frozenset[str]:
    """The external IRIs that were seen with their label; a row of low confidence is not good enough to publish."""
    listed = {row["iri"] for row in rows("terms.tsv") if row["iri"] and row["confidence"] in ("high", "medium")}
    return frozenset(listed | {row["iri"] for row in rows("readings.tsv")})


def expand(curie: str) -> str:
    """The IRI of a CURIE by the list of vocabularies."""
    prefix, _, local = curie.partition(":")
    spaces = {row["prefix"]: row["namespace_iri"] for row in rows("vocabularies.tsv")}
    return spaces[prefix] + local


def rejected() -> tuple[set[str], set[tuple[str, str]]]:
    """IRIs that must not be used at all; and (IRI, CURIE or name) pairs that must not be an exact match."""
    whole: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for row in rows("terms_rejected.tsv"):
        curies, _, other = row["curie"].partition(" as exactMatch of ")
        for curie in curies.split(", "):
            if other:
                pairs.add((expand(curie), other))
            else:
                whole.add(expand(curie))
    return whole, pairs


def external(uses: Uses) -> Uses:
    """The IRIs that are not the project's own."""
    own = (corpus().base, ONTOLOGY_IRI)
    return {iri: files for iri, files in uses.items() if not iri.startswith(own)}


def report(found: Uses) -> str:
    """What a failing test prints: each IRI with its files."""
    return "\n".join(f"{iri}  in {', '.join(sorted(files))}" for iri, files in sorted(found.items()))


def test_each_ogx_term_used_is_declared() -> None:
    # A name in capitals is a blank to fill in, in the skeleton of a claim.
    found = {
        iri: files
        for iri, files in used_outside_mappings().items()
        if iri.startswith(OGX.iri) and iri not in declared() and not iri.removeprefix(OGX.iri).isupper()
    }
    assert not found, report(found)


def test_each_declared_term_is_used_elsewhere_than_in_its_own_declaration() -> None:
    seen: set[str] = set()
    for path in turtle_files(ONTOLOGY):
        seen.update(in_turtle(path, without_own=path.name in DECLARING))
    outside = {shown(ONTOLOGY / name) for name in DECLARING}
    seen.update(iri for iri, files in used_outside_mappings().items() if files - outside)
    assert not declared() - seen, "\n".join(sorted(declared() - seen))


def test_no_term_is_declared_in_two_files() -> None:
    first, second = ({s for s, *_ in triples(ONTOLOGY / name)} for name in DECLARING)
    assert not first & second


@pytest.mark.parametrize("name", DECLARING)
def test_each_declared_term_is_described(name: str) -> None:
    facts: dict[str, dict[str, list[Iri | Literal]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, obj in triples(ONTOLOGY / name):
        if subject.startswith(OGX.iri):
            facts[subject][predicate].append(obj)
    missing = [
        f"{term} has no {what}"
        for term, described in sorted(facts.items())
        for what, given in {
            "label": described[RDFS.label],
            "definition": described[SKOS.definition],
            "example": described[SKOS.example],
            "isDefinedBy": [o for o in described[RDFS.isDefinedBy] if o == ONTOLOGY_IRI],
            "mapping, nor a comment that there is none": _mappings(described) or described[RDFS.comment],
        }.items()
        if not given
    ]
    assert not missing, "\n".join(missing)


def _mappings(described: dict[str, list[Iri | Literal]]) -> list[Iri | Literal]:
    return [o for p in MAPPINGS for o in described[p] if not str(o).startswith(OGX.iri)]


def test_each_member_of_a_closed_list_has_one_word() -> None:
    facts = triples(ONTOLOGY / "ogx.ttl")
    lists = {s for s, p, o in facts if p == RDFS.subClassOf and o == SKOS.Concept}
    words: dict[Iri, list[str]] = defaultdict(list)
    for subject, predicate, obj in facts:
        if predicate == SKOS.notation:
            words[subject].append(str(obj))
    seen: dict[tuple[str, str], str] = {}
    for subject, predicate, obj in facts:
        if predicate == RDF.type and obj in lists:
            assert len(words[subject]) == 1, subject
            key = (str(obj), words[subject][0])
            assert key not in seen, f"{subject} and {seen[key]} share the word {key[1]!r} in one list"
            seen[key] = subject


def test_each_external_iri_was_verified() -> None:
    uses = {**external(used_outside_mappings()), **external(used_in_mappings())}
    found = {iri: files for iri, files in uses.items() if iri not in verified()}
    assert not found, report(found)


def test_no_rejected_iri_is_used() -> None:
    whole, _ = rejected()
    uses = {**external(used_outside_mappings()), **external(used_in_mappings())}
    found = {iri: files for iri, files in uses.items() if iri in whole}
    assert not found, report(found)


def test_no_mapping_is_one_that_was_rejected() -> None:
    _, pairs = rejected()
    mapped: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for path in corpus().mapping_files():
        for row in read_mappings(path, shown(path)):
            if row.predicate == SKOS.exactMatch:
                mapped[row.subject].add(row.object)
                names[row.subject] |= {row.subject_id.partition(":")[2].casefold(), row.object_id}
    for subject, objects in mapped.items():
        for iri, other in pairs:
            assert not (iri in objects and {other, other.casefold()} & names[subject]), (subject, iri, other)


def test_readings_are_well_formed() -> None:
    readings = rows("readings.tsv")
    whole, _ = rejected()
    iris = [row["iri"] for row in readings]
    assert iris == sorted(set(iris))
    assert not whole & set(iris)
    for row in readings:
        assert all(row[column] for column in ("iri", "label_seen", "where")), row
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"]), row


def test_the_search_for_names_sees_what_it_should() -> None:
    text = (
        "PREFIX x: <http://e/>\nSELECT ?s { # ogx:notThis\n"
        '?s x:a <http://e/b#c> ; ogx:kind "ogx:norThis" ; ogx:level/ogx:unit ?o }'
    )
    assert sorted(in_sparql(text)) == ["http://e/a", "http://e/b#c", OGX.kind, OGX.level, OGX.unit]
    assert OGX["end"] in set(in_python(ROOT / "ogx_rdf" / "turtle.py"))
