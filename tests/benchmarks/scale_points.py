"""Point questions: what is asked of one thing, warm in one process, and cold as a command."""

from __future__ import annotations

import gzip
import json
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import pyoxigraph as ox
from contest import Contest, Contestant, NotRun, Run, Taken, middle, ogx, process
from scale_data import Setting

if TYPE_CHECKING:
    from rdflib import Graph
    from servers import Server

    from ogx_rdf.corpus import Corpus

__all__ = ["contests"]

PREFIXES = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX c4o: <http://purl.org/spar/c4o/>
PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>
"""

BY_HAND = {
    "claims-about": """
SELECT ?claim ?label ?evidence ?quote WHERE {
  VALUES ?role { rdf:subject rdf:object } ?claim ?role <THING> ; rdfs:label ?label .
  ?evidence ogx:evidenceFor ?claim . OPTIONAL { ?evidence ogx:quote ?quote } }""",
    "evidence-for": """
SELECT ?evidence ?stance ?certainty ?quote WHERE {
  ?evidence ogx:evidenceFor <THING> ; ogx:stance ?stance ; ogx:certainty ?certainty .
  OPTIONAL { ?evidence ogx:quote ?quote } }""",
    "sources-of-claim": """
SELECT ?evidence ?reference ?work ?title WHERE {
  ?evidence ogx:evidenceFor <THING> ; prov:wasQuotedFrom ?passage . ?passage ogx:marker ?mark .
  ?mark c4o:denotes ?reference .
  OPTIONAL { ?reference ogx:denotes ?work . OPTIONAL { ?work dcterms:title ?title } } }""",
    "literature-on": """
SELECT ?evidence ?report ?work ?title WHERE {
  ?evidence ogx:evidenceFor <THING> ; ogx:report ?report ; dcterms:source ?work .
  OPTIONAL { ?work dcterms:title ?title } }""",
}
"""The least that one would ask by hand: fewer columns, nothing that is narrower or wider, no order."""

FINDS = {
    "claims-about": """SELECT ?thing WHERE { ?claim a ogx:Claim ; rdf:subject ?thing }
        GROUP BY ?thing ORDER BY (ABS(COUNT(?claim) - 20)) ?thing LIMIT 1""",
    "evidence-for": "SELECT ?thing WHERE { ?e ogx:evidenceFor ?thing ; ogx:quote ?quote } LIMIT 1",
    "sources-of-claim": """SELECT ?thing WHERE {
        ?e ogx:evidenceFor ?thing ; prov:wasQuotedFrom ?p . ?p ogx:marker ?m . ?m c4o:denotes ?r } LIMIT 1""",
    "literature-on": "SELECT ?thing WHERE { ?e ogx:evidenceFor ?thing ; ogx:report ?report } LIMIT 1",
}
"""A thing to ask of: an entity that about twenty claims are about at every size, or a claim that has an answer."""


@dataclass
class _Things:
    """What the questions are asked of, and of whom."""

    setting: Setting

    def thing(self, name: str) -> str:
        """The thing that a question is about."""
        found = self.setting.raw_store.query(PREFIXES + FINDS[name], use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        for row in found:
            assert isinstance(row["thing"], ox.NamedNode)
            return row["thing"].value
        raise NotRun("the dump holds nothing to ask of")

    def by_hand(self, name: str) -> str:
        """The least that one would ask."""
        return PREFIXES + BY_HAND[name].replace("THING", self.thing(name))

    @cached_property
    def graph(self) -> Graph:
        """The dump in rdflib, all graphs in one."""
        from rdflib import Graph

        self.setting.small(1_000)
        graph = Graph()
        with gzip.open(self.setting.dump, "rt", encoding="utf-8") as file:
            lines = (f"{line[:-3].rpartition(' ')[0]} ." for line in file)
            return graph.parse(data="\n".join(lines), format="nt")


def _stored(things: _Things, name: str, corpus: Callable[[], Corpus]) -> Run:
    """The stored question as the product answers it, names and words included."""
    from ogx_rdf.queries import run, stored

    thing, opened = things.thing(name), corpus()
    param = stored(name).params[0].name
    answer = run(opened, name, {param: thing})
    if answer.answer != "rows":
        raise RuntimeError(f"answered {answer.answer}")
    return lambda: middle(lambda: run(opened, name, {param: thing}), things.setting.times)


def _raw(things: _Things, name: str) -> Run:
    store, text = things.setting.raw_store, things.by_hand(name)

    def ask() -> None:
        found = store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        if not list(found):
            raise RuntimeError("no answer")

    return lambda: middle(ask, things.setting.times)


def _http(things: _Things, name: str, server: Callable[[], Server], union: bool) -> Run:
    """The question by hand over HTTP, its answer read as JSON."""
    where = server().sparql.replace("/sparql-auth", "/sparql")
    body = {"query": things.by_hand(name)} | ({"union-default-graph": ""} if union else {})
    accept = {"Accept": "application/sparql-results+json"}
    request = urllib.request.Request(where, urllib.parse.urlencode(body).encode(), accept)

    def ask() -> None:
        with urllib.request.urlopen(request, timeout=600) as answer:
            if not json.load(answer)["results"]["bindings"]:
                raise RuntimeError("no answer")

    return lambda: middle(ask, things.setting.times)


def _rdflib(things: _Things, name: str) -> Run:
    graph, text = things.graph, things.by_hand(name)
    return lambda: middle(lambda: list(graph.query(text)), min(5, things.setting.times))


def _cold(things: _Things, name: str) -> Run:
    from ogx_rdf.queries import stored

    param, thing = stored(name).params[0].name, things.thing(name)
    places = ["--store", str(things.setting.store), "--corpus", str(things.setting.data)]
    words = ogx("query", name, f"--{param}", thing, *places)

    def run() -> Taken:
        return process(words)[0]

    return run


def contests(setting: Setting) -> Iterator[Contest]:
    """A contest for each question."""
    things = _Things(setting)
    limit = setting.limit(60, 0.004)
    for name in BY_HAND:

        def remote(server: Callable[[], Server]) -> Callable[[], Corpus]:
            return lambda: setting.remote(server())

        makes = {
            "the stored query, embedded store": partial(_stored, things, name, lambda: setting.corpus),
            "pyoxigraph, a minimal query by hand (the bound)": partial(_raw, things, name),
            "the stored query on the Oxigraph server": partial(_stored, things, name, remote(lambda: setting.oxigraph)),
            "the stored query on Virtuoso": partial(_stored, things, name, remote(lambda: setting.virtuoso)),
            "Oxigraph server, by hand": partial(_http, things, name, lambda: setting.oxigraph, True),
            "Virtuoso, by hand": partial(_http, things, name, lambda: setting.virtuoso, False),
            "rdflib in memory, by hand": partial(_rdflib, things, name),
            "`ogx-rdf query`, from a cold start": partial(_cold, things, name),
        }
        yield Contest(name, [Contestant(who, make, limit) for who, make in makes.items()])
