"""The stored queries as SHACL executables, as sparql-examples has them: one node a query, ready to be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..corpus import Corpus
from ..errors import OgxError
from ..model import Iri, Literal, Triple
from ..namespaces import RDF, RDFS, SH, XSD, Namespace
from ..naming import exact, local_name
from ..queries import StoredQuery
from ..queries.run import bind
from ..store.binding import bound
from .described import rdf_response, site_of

__all__ = ["bound_text", "example_routes", "examples_of", "executables"]

SCHEMA = Namespace("https://schema.org/")
NAMED = ("disease", "entity", "trial", "work")
"""The types of parameters whose values may be names, which are looked for among all names where none is just so."""
_HEADER = re.compile(r"^#\+.*\n", re.MULTILINE)
_PREFIX = re.compile(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)


def _is_there(corpus: Corpus, text: str) -> bool:
    """Whether something has just this id or name."""
    iri = corpus.expand(text)
    return corpus.dataset.has(iri) if iri is not None else bool(exact(corpus, text) or local_name(corpus, text))


def examples_of(corpus: Corpus, catalogue: Mapping[str, StoredQuery]) -> dict[str, dict[str, str]]:
    """For each query the values of its example, where this corpus has what they name.

    In a store, which may be large, a name counts only as it is written: nothing is read that grows with the store.
    """
    found = {}
    for query in catalogue.values():
        named = [
            query.example[param.name] for param in query.params if param.type in NAMED and param.name in query.example
        ]
        if corpus.stored and not all(_is_there(corpus, text) for text in named):
            continue
        try:
            bind(corpus, query, query.example)
        except OgxError:
            continue
        found[query.id] = dict(query.example)
    return found


def bound_text(corpus: Corpus, query: StoredQuery, given: Mapping[str, str]) -> str:
    """A query without its header, with values bound; as it is where a needed one is not given, or is none here."""
    try:
        terms = bind(corpus, query, given)
    except OgxError:
        terms = {}
    return _HEADER.sub("", bound(query.text, terms, query.file)).lstrip("\n")


def executables(
    corpus: Corpus, catalogue: Mapping[str, StoredQuery], examples: Mapping[str, Mapping[str, str]], site: str
) -> list[Triple]:
    """The queries as triples, each with the values of its example bound.

    :param examples: those of :func:`examples_of`
    :param site: the address of the application
    """
    document = f"{site}.well-known/sparql-examples"
    triples: list[Triple] = []
    spaces: dict[str, str] = {}
    for query in catalogue.values():
        node = Iri(f"{document}#{query.id}")
        text = bound_text(corpus, query, examples.get(query.id, {}))
        used = dict(_PREFIX.findall(query.text))
        spaces |= used
        triples += [
            (node, RDF.type, SH.SPARQLExecutable),
            (node, RDF.type, SH.SPARQLSelectExecutable),
            (node, RDFS.label, Literal(query.id)),
            (node, RDFS.comment, Literal(query.question, language="en")),
            (node, SH.select, Literal(text)),
            (node, SCHEMA.target, Iri(f"{site}sparql")),
            (node, SCHEMA.keywords, Literal(query.group)),
            *((node, SH.prefixes, Iri(f"{document}#prefix-{prefix}")) for prefix in used),
        ]
    for prefix, space in spaces.items():
        declared = Iri(f"{document}#prefix-{prefix}")
        triples += [
            (declared, SH.declare, Iri(f"{declared}-declaration")),
            (Iri(f"{declared}-declaration"), SH.prefix, Literal(prefix)),
            (Iri(f"{declared}-declaration"), SH.namespace, Literal(space, XSD.anyURI)),
        ]
    return triples


def example_routes(
    corpus: Corpus, catalogue: Mapping[str, StoredQuery], examples: Mapping[str, Mapping[str, str]]
) -> list[BaseRoute]:
    """The queries, at /.well-known/sparql-examples."""
    prefixes = {"rdfs": RDFS.iri, "schema": SCHEMA.iri, "sh": SH.iri, "xsd": XSD.iri}

    async def served(request: Request) -> Response:
        triples = executables(corpus, catalogue, examples, site_of(request))
        return rdf_response(triples, request.headers.get("accept"), prefixes)

    return [Route("/.well-known/sparql-examples", served)]
