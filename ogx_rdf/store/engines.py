"""What is known of engines: by which header they are recognised, where they take updates, and how they differ.

Nothing is assumed of an engine that is not known here: what can be found out by asking (whether the default graph is
the union of the named ones, whether rows were cut) is found out by asking.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ENGINES", "Engine", "Places", "places", "recognised"]

_VIRTUOSO_OWN = (
    "http://www.openlinksw.com/schemas/virtrdf#",
    "http://www.openlinksw.com/schemas/oplweb#",
    "http://www.w3.org/ns/ldp#",
    "http://localuriqaserver/sparql",
    "http://localhost:8890/sparql",
    "http://localhost:8890/DAV/",
    "urn:rules.skos",
    "urn:activitystreams-owl:map",
)


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine.

    :param sign: what its header ``Server`` begins with
    :param own: its own graphs, which are in its default graph.  They are left out of counts and dumps, by name, and of
        no other question: Virtuoso's way to leave graphs out (``input:default-graph-exclude``) loses rows without a
        word.  The stored questions and rules name a term of ours in every pattern, so that they cannot meet them.
    :param whole: whether it takes N-Quads in one request
    :param ordered: whether ORDER BY means there what SPARQL says: what is not bound first, expressions by their value
    :param wrong: stored questions that it answers wrongly, by id: the whole is read, and they are asked of it here
    :param cut: how its limit on rows is raised
    """

    name: str
    sign: str
    own: tuple[str, ...] = ()
    whole: bool = False
    ordered: bool = True
    wrong: tuple[str, ...] = ()
    cut: str = "Raise the limit on rows in the configuration of the server."


ENGINES = (
    Engine("Oxigraph", "Oxigraph", whole=True),
    Engine(
        "Virtuoso",
        "Virtuoso",
        own=_VIRTUOSO_OWN,
        ordered=False,
        # 7.2.5 loses groups without a word: of the first always, of the second after one load in six.
        wrong=("differing-values", "early-success-late-failure"),
        cut="Raise ResultSetMaxRows in the section [SPARQL] of virtuoso.ini, and start the server anew.",
    ),
    Engine("Fuseki", "Apache Jena Fuseki", whole=True),
)
OTHER = Engine("another engine", "")


def recognised(server: str) -> Engine:
    """The engine by the header ``Server`` of its answers."""
    return next((engine for engine in ENGINES if server.startswith(engine.sign)), OTHER)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a server is asked, updated and loaded; None where that is not known."""

    query: str
    update: str | None = None
    data: str | None = None


_DERIVED = (
    # Virtuoso
    (r"(.*)/sparql(?:-auth)?/?", r"\1/sparql-auth", r"\1/sparql-graph-crud-auth", "Virtuoso"),
    # Oxigraph
    (r"(.*)/query", r"\1/update", r"\1/store", "Oxigraph"),
    # Jena Fuseki: /dataset/query or /dataset/sparql
    (r"(.*)/(?:query|sparql)", r"\1/update", r"\1/data", "Fuseki"),
    # RDF4J and GraphDB
    (r"(.*/repositories/[^/]+)", r"\1/statements", r"\1/rdf-graphs/service", ""),
)


def places(query: str, engine: Engine, update: str | None = None, data: str | None = None) -> Places:
    """The places of a server: as given, else where its engine has them beside the place for questions."""
    for pattern, updates, graphs, name in _DERIVED:
        found = re.fullmatch(pattern, query)
        if found and (not name or name == engine.name):
            return Places(query, update or found.expand(updates), data or found.expand(graphs))
    return Places(query, update, data)
