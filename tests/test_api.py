"""The Python API: one call of the same name for each command."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path
from typing import Any

import pytest
from journey import CLAIM, DOCUMENT, ENTITIES, MAPPINGS
from test_architecture import COMMANDS

import ogx_rdf
from ogx_rdf import Graph, RefusedError, UsageError, open_graph
from ogx_rdf.curation.claims import Proposal
from ogx_rdf.resources import resource


@pytest.fixture(scope="module")
def graph() -> Graph:
    return open_graph(resource("ontology"))


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_every_command_is_a_call_of_the_same_name(words: tuple[str, ...]) -> None:
    call = ogx_rdf.init if words == ("init",) else getattr(Graph, "_".join(words))
    assert inspect.getdoc(call)
    assert "return" in inspect.get_annotations(call)


def test_a_corpus_in_python(tmp_path: Path) -> None:
    started = ogx_rdf.init(tmp_path / "kb", document=DOCUMENT, base="https://example.org/kb/", id="guide")
    graph = open_graph(started.root)
    assert graph.source_add(DOCUMENT, id="guide").created is False
    (started.root / "entities" / "all.ttl").write_text(ENTITIES, encoding="utf-8")
    (started.root / "mappings" / "all.sssom.tsv").write_text(MAPPINGS, encoding="utf-8")
    graph.reload()
    options = dict(zip((word.removeprefix("--") for word in CLAIM[::2]), CLAIM[1::2], strict=True))

    def propose(quote: str | None) -> Proposal:
        return graph.claim_new(
            passage="p011",
            subject=options["subject"],
            relation=options["relation"],
            object=options["object"],
            kind=options["kind"],
            quote=quote,
        )

    proposal = propose("Morvin binds kelstat")
    assert (proposal.exists, proposal.notes) == (False, ())
    (started.root / "claims" / "new.ttl").write_text(proposal.turtle, encoding="utf-8")
    graph.reload()
    assert propose(None).exists
    assert graph.fmt().changed == ("kb/claims/new.ttl", "kb/entities/all.ttl")
    assert [finding for finding in graph.validate() if finding.severity == "violation"] == []
    assert graph.verify().findings == []
    assert [row["quote"] for row in graph.query("claims-about", entity="kelstat").rows] == ["Morvin binds kelstat"]
    assert graph.audit().totals["claims"].value == 1
    assert graph.show("c:0001")["answer"] == "rows"
    assert graph.build(tmp_path / "graph.nq").quads == sum(part.count("\n") for part in graph.export("nq"))


def test_questions_in_python(graph: Graph) -> None:
    assert "claims-about" in graph.queries
    assert graph.query("claims-about", entity="clusterin").answer == "rows"
    assert graph.query_text("ASK { ?c a <https://w3id.org/ogx-rdf/ns#Claim> }").rows == ({"answer": True},)
    assert graph.coverage.complete
    with pytest.raises(UsageError, match="no parameter"):
        graph.query("claims-about", entiti="clusterin")
    with pytest.raises(UsageError, match="UPDATE is refused"):
        graph.query_text("DELETE WHERE { ?s ?p ?o }")
    assert repr(graph) == f"open_graph({str(resource('ontology'))!r})"


@pytest.mark.filterwarnings(
    "ignore:Dataset.default_context is deprecated:DeprecationWarning:rdflib"
)  # rdflib 7.6.0's own
def test_the_rdflib_view_holds_the_same_quads(graph: Graph) -> None:
    dataset = graph.to_rdflib()
    lines = "".join(graph.export("nq")).splitlines()
    assert len(list(dataset.quads())) == len(lines)
    assert len(list(dataset.graphs())) - 1 == len({line.rsplit(" ", 2)[1] for line in lines})
    assert str(dataset.namespace_manager.expand_curie("c:0001")) == f"{graph.corpus.base}c/0001"
    asked = dataset.query("SELECT ?c WHERE { ?c a <https://w3id.org/ogx-rdf/ns#Claim> }")
    totals = graph.audit().totals
    assert len(list(asked)) == totals["claims"].value + totals["claims-known-from-works"].value


def test_the_rdflib_view_keeps_lexical_forms(tmp_path: Path) -> None:
    ogx_rdf.init(tmp_path / "kb", document=DOCUMENT, base="https://example.org/kb/")
    (tmp_path / "kb" / "works" / "x.ttl").write_text(
        '<https://example.org/kb/work/x> <urn:p> 1.10, 007, "x"@en, "01"^^<http://www.w3.org/2001/XMLSchema#int> .\n'
    )
    dataset = open_graph(tmp_path / "kb").to_rdflib()
    values = {value.n3() for _, predicate, value, _ in dataset.quads() if str(predicate) == "urn:p"}
    decimal, integer, int_ = (f"<http://www.w3.org/2001/XMLSchema#{name}>" for name in ("decimal", "integer", "int"))
    assert values == {f'"1.10"^^{decimal}', f'"007"^^{integer}', '"x"@en', f'"01"^^{int_}'}


def test_a_query_added_is_seen_after_reload(tmp_path: Path) -> None:
    graph = open_graph(ogx_rdf.init(tmp_path / "kb", document=DOCUMENT, base="https://example.org/kb/").root)
    shipped = len(graph.queries)
    text = (resource("queries") / "read" / "claims-about.rq").read_text(encoding="utf-8")
    (tmp_path / "kb" / "queries").mkdir()
    (tmp_path / "kb" / "queries" / "mine.rq").write_text(text, encoding="utf-8")
    graph.reload()
    assert len(graph.queries) == shipped + 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"context": {"foo": "clusterin"}}, 'no context "foo"'),
        ({"polarity": "maybe"}, 'no polarity "maybe"'),
        ({"kind": "zzz"}, 'no kind "zzz"'),
    ],
)
def test_a_proposal_takes_known_words_only(graph: Graph, given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        graph.claim_new(passage="p026", **given)
    assert said in caught.value.message
    assert "Known: " in (caught.value.hint or "")


def test_a_claim_quotes_a_passage_26_times_at_most(graph: Graph, tmp_path: Path) -> None:
    shutil.copytree(graph.corpus.root, tmp_path / "kb")
    own = open_graph(tmp_path / "kb")
    given: dict[str, Any] = {"passage": "p026", "subject": "clusterin", "relation": "inhibits", "object": "Bax"}
    name = own.claim_new(**given).claim + ".ogx-011-guide-p026"
    lines = [f"<{name}{letter}> a <urn:x> .\n" for letter in ["", *"bcdefghijklmnopqrstuvwxyz"]]
    file = tmp_path / "kb" / "claims" / "many.ttl"
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    own.reload()
    assert own.claim_new(**given).evidence == name + "z"
    file.write_text("".join(lines), encoding="utf-8")
    own.reload()
    with pytest.raises(RefusedError, match="26 quotes") as caught:
        own.claim_new(**given)
    assert caught.value.code == "E107"
