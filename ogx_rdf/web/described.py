"""What the server says of itself in RDF: the service description, and the dataset in VoID."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..corpus import Corpus
from ..errors import OgxError, UsageError
from ..model import Iri, Literal, Triple
from ..namespaces import DCTERMS, OGX, RDF, XSD, Namespace
from ..oxi import GRAPH_TYPES, triples_bytes
from ..serving.media import choose
from ..serving.pool import Pool

__all__ = ["rdf_response", "service_description", "site_of", "void_routes"]

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
VOID = Namespace("http://rdfs.org/ns/void#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
GRAPH_FORMATS = ("Turtle", "N-Triples", "JSON-LD", "TriG", "N-Quads", "RDF_XML")
PREFIXES = {
    "dcterms": DCTERMS.iri,
    "foaf": FOAF.iri,
    "formats": FORMATS.iri,
    "rdf": RDF.iri,
    "sd": SD.iri,
    "void": VOID.iri,
    "xsd": XSD.iri,
}
BY_CLASS = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE { ?thing a ?class } GROUP BY ?class ORDER BY ?class"


def rdf_response(triples: Iterable[Triple], accept: str | None, prefixes: Mapping[str, str] = PREFIXES) -> Response:
    """Triples in the media type that the client prefers.

    :raises Unacceptable: where it takes none of them
    """
    media = choose(GRAPH_TYPES, accept)
    try:
        data = triples_bytes(sorted(triples, key=lambda triple: triple[0]), media, prefixes)
    except ValueError as exc:  # the address of the server is in it, which is as the client wrote it
        raise UsageError("E666", "the Host of the request is no name of a server") from exc
    return Response(data, media_type=media, headers={"Vary": "Accept"})


def site_of(request: Request) -> str:
    """The address under which the client finds this application; it ends in a slash."""
    return str(request.url.replace(path=request.scope.get("root_path", "") + "/", query=""))


def service_description(request: Request, accept: str | None) -> Response:
    """What the endpoint is and can do, in the terms of SPARQL 1.1 Service Description.

    :raises Unacceptable: where the client takes no RDF
    """
    site = site_of(request)
    endpoint = Iri(site + "sparql")
    service, graph = Iri(endpoint + "#service"), Iri(endpoint + "#default-graph")
    data = Iri(site + ".well-known/void#dataset")
    formats = [FORMATS[name] for name in (*RESULTS, *GRAPH_FORMATS)]
    triples: list[Triple] = [
        (service, RDF.type, SD.Service),
        (service, SD.endpoint, endpoint),
        (service, SD.supportedLanguage, SD.SPARQL11Query),
        (service, SD.feature, SD.UnionDefaultGraph),
        (service, SD.defaultDataset, data),
        (data, RDF.type, SD.Dataset),
        (data, SD.defaultGraph, graph),
        (graph, RDF.type, SD.Graph),
        *((service, SD.resultFormat, name) for name in formats),
    ]
    return rdf_response(triples, accept)


class _Void:
    """The description of the dataset; what has to be counted is counted once."""

    def __init__(self, pool: Pool, corpus: Corpus) -> None:
        self._pool = pool
        self._corpus = corpus
        self._classes: list[tuple[str, str]] | None = None

    async def classes(self) -> list[tuple[str, str]]:
        """The classes with how many members each has; none where they cannot be counted in time."""
        if self._classes is None:
            asked = {"query": BY_CLASS, "graphs": None, "accept": "application/sparql-results+json"}
            try:
                reply = await self._pool.ask(asked)
            except OgxError:
                return []
            rows = json.loads(reply.body)["results"]["bindings"]
            self._classes = [(row["class"]["value"], row["things"]["value"]) for row in rows]
        return self._classes

    async def triples(self, site: str) -> list[Triple]:
        """The description.

        :param site: the address of the application
        """
        document, corpus = Iri(site + ".well-known/void"), self._corpus
        data = Iri(document + "#dataset")
        said: list[Triple] = [
            (document, RDF.type, VOID.DatasetDescription),
            (document, DCTERMS.title, Literal(f"Description of {corpus.config.title}")),
            (document, FOAF.primaryTopic, data),
            (data, RDF.type, VOID.Dataset),
            (data, DCTERMS.title, Literal(corpus.config.title)),
            (data, VOID.sparqlEndpoint, Iri(site + "sparql")),
            (data, VOID.uriSpace, Literal(corpus.base)),
            (data, VOID.triples, Literal(str(self._pool.opened.quads), XSD.integer)),
            (data, VOID.vocabulary, Iri(OGX.iri)),
            *((data, VOID.feature, FORMATS[name]) for name in GRAPH_FORMATS),
        ]
        if self._pool.opened.version:
            said.append((data, DCTERMS.identifier, Literal(f"sha256:{self._pool.opened.version}")))
        for number, (name, count) in enumerate(await self.classes(), 1):
            part = Iri(f"{document}#class-{number}")
            said += [
                (data, VOID.classPartition, part),
                (part, VOID["class"], Iri(name)),
                (part, VOID.entities, Literal(count, XSD.integer)),
            ]
        return said


def void_routes(pool: Pool, corpus: Corpus) -> list[BaseRoute]:
    """The description of the dataset, at /.well-known/void."""
    described = _Void(pool, corpus)

    async def void(request: Request) -> Response:
        return rdf_response(await described.triples(site_of(request)), request.headers.get("accept"))

    return [Route("/.well-known/void", void)]
