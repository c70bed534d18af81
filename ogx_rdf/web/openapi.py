"""The description of the API for machines (OpenAPI 3.1), made from the headers of the stored queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .. import __version__
from ..corpus import Corpus
from ..oxi import GRAPH_TYPES, ROW_TYPES
from ..queries import Column, Param, StoredQuery
from ..queries.cells import LISTS
from ..queries.typed import schema_of, value_schema
from ..serving.answers import STORED_TYPES
from .described import site_of
from .export import EXPORTED
from .feed import ATOM
from .openapi_parts import (
    FORM,
    LISTING,
    PAGE_HEADERS,
    PAGES,
    SCHEMAS,
    SENT_ON,
    Json,
    body,
    problem_responses,
    problems,
    ref,
    text,
)

__all__ = ["openapi", "openapi_routes"]

CELLS: Mapping[str, Json] = {
    "boolean": {"type": ["boolean", "null"]},
    "decimal": {"type": ["number", "string", "null"]},
    "integer": {"type": ["integer", "string", "null"]},
}
"""What the cells of a column are, where they are no texts; a number too long for JSON is a text."""


def _typed(param: Param, value: str) -> str | int:
    return int(value) if param.type == "integer" else value


def _parameters(query: StoredQuery, example: Mapping[str, str]) -> list[Json]:
    found = []
    for param in query.params:
        said: Json = {
            "name": param.name,
            "in": "query",
            "required": param.required,
            "description": f"{param.description} ({param.type})",
            "schema": value_schema(param),
        }
        if param.name in example:
            said["example"] = _typed(param, example[param.name])
        found.append(said)
    return [*found, *PAGES]


def _body(query: StoredQuery, example: Mapping[str, str]) -> Json:
    schema = schema_of(query)
    schema["properties"] |= {page["name"]: page["schema"] for page in PAGES}
    media: Json = {"schema": schema}
    if example or "required" not in schema:
        media["example"] = {p.name: _typed(p, example[p.name]) for p in query.params if p.name in example}
    return {"required": True, "content": {"application/json": media, FORM: {"schema": schema}}}


def _cell(column: Column) -> Json:
    if column.type in LISTS:
        return {"type": "array", "items": {"type": "string"}}
    return CELLS.get(column.type, {"type": ["string", "null"]})


def _answer(columns: Iterable[Column]) -> Json:
    """An answer with rows of these columns; with none, of any."""
    properties = {column.name: _cell(column) for column in columns}
    if not properties:
        return ref("Answer")
    row = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"allOf": [ref("Answer"), {"properties": {"rows": {"type": "array", "items": row}}}]}


def _answered(columns: Iterable[Column], description: str) -> Json:
    texts = {media: body(media) for media in STORED_TYPES[1:]}
    headers = {"Ogx-Answer": {"description": "The kind of answer.", "schema": ref("Kind")}, **PAGE_HEADERS}
    content = {STORED_TYPES[0]: {"schema": _answer(columns)}, **texts}
    return {"description": description, "headers": headers, "content": content}


def _results(query: StoredQuery, example: Mapping[str, str]) -> Json:
    answered = _answered(query.columns, f"The answer. No rows mean: {query.empty}. {query.sentence}")
    refused = {**SENT_ON, **problems("400", "406", "500", "503", "504")}
    said = {"summary": query.summary, "description": query.question, "tags": [query.group]}
    return {
        "get": said
        | {
            "operationId": query.id,
            "parameters": _parameters(query, example),
            "responses": {"200": answered, **refused},
        },
        "post": said
        | {
            "operationId": f"{query.id}-post",
            "requestBody": _body(query, example),
            "responses": {"200": answered, **refused, **problems("413", "415")},
        },
    }


def _sparql() -> Json:
    content = {media: body(media) for media in dict.fromkeys((*ROW_TYPES, *GRAPH_TYPES))}
    responses = {
        "200": {"description": "The answer; without a query, what the endpoint is.", "content": content},
        "403": {"$ref": "#/components/responses/Problem403"},
        **problems("400", "406", "500", "503", "504"),
    }
    graphs = {"type": "array", "items": {"type": "string", "format": "iri"}}
    names = {
        "default-graph-uri": "The graphs that are read as one, instead of all there are.",
        "named-graph-uri": "The graphs that GRAPH reads.",
    }
    parameters: list[Json] = [
        {"name": "query", "in": "query", "schema": {"type": "string"}, "example": "ASK { ?s ?p ?o }"},
        *({"name": name, "in": "query", "description": said, "schema": graphs} for name, said in names.items()),
    ]
    form = {
        "type": "object",
        "properties": {"query": {"type": "string"}, **dict.fromkeys(names, graphs)},
        "required": ["query"],
    }
    bodies = {FORM: {"schema": form}, "application/sparql-query": text()}
    summary = "Ask in SPARQL 1.1; nothing is changed."
    said = {"summary": summary, "description": summary, "tags": ["sparql"], "responses": responses}
    return {
        "get": said | {"operationId": "sparql", "parameters": parameters, "responses": SENT_ON | responses},
        "post": said
        | {
            "operationId": "sparql-post",
            "requestBody": {"required": True, "content": bodies},
            "responses": responses | problems("413", "415"),
        },
    }


def _listed() -> Json:
    """The list of queries, by GET and by POST."""
    summary = "The stored queries with their documentation: all, those of a group, or those that have some words."
    rows = {"type": "array", "items": ref("Query")}
    properties = {"answer": ref("Kind"), "page": ref("Page"), "rows": rows}
    listed = {"type": "object", "properties": properties, "required": list(properties)}
    found = {"description": summary, "headers": PAGE_HEADERS, "content": {"application/json": text(listed)}}
    responses = {"200": found, **SENT_ON, **problems("400", "406")}
    said: Json = {"summary": summary, "description": summary, "tags": ["described"]}
    parameters = [*LISTING, *PAGES]
    fields = {each["name"]: each["schema"] | {"description": each["description"]} for each in parameters}
    schema = {"type": "object", "properties": fields, "additionalProperties": False}
    bodies = {"application/json": {"schema": schema, "example": {"group": "audit"}}, FORM: {"schema": schema}}
    return {
        "get": said | {"operationId": "queries", "parameters": parameters, "responses": responses},
        "post": said
        | {
            "operationId": "queries-post",
            "requestBody": {"required": True, "content": bodies},
            "responses": responses | problems("413", "415"),
        },
    }


def _one(names: Iterable[str]) -> Json:
    """One query: described by GET, answered by POST."""
    name = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "enum": list(names)}}
    both = {"application/json": {"schema": ref("Query")}, "application/sparql-query": text()}
    described = _reading("query", "One stored query, as JSON or as SPARQL.", both, name)
    described["get"]["responses"] |= SENT_ON | problems("400")
    values = {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}
    answered = {
        "operationId": "query-post",
        "summary": "The answer of one stored query.",
        "description": "The same as at /queries/{id}/results, where the parameters of each query are described.",
        "tags": ["described"],
        "parameters": [name],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": values}, FORM: {"schema": values}},
        },
        "responses": {
            "200": _answered((), "The answer."),
            **SENT_ON,
            **problems("400", "404", "406", "413", "415", "500", "503", "504"),
        },
    }
    return described | {"post": answered}


def _described(names: Iterable[str]) -> Json:
    rdf = {media: body(media) for media in GRAPH_TYPES}
    return {
        "/queries": _listed(),
        "/queries/{id}": _one(names),
        "/.well-known/sparql-examples": _reading("examples", "The stored queries as SHACL executables.", rdf),
        "/export": _reading(
            "export", "The whole dataset, as it is read.", dict.fromkeys(EXPORTED, text()), more=("503",)
        ),
        "/feed.atom": _reading(
            "feed", "What the corpus dates, newest first.", {ATOM: text()}, more=("500", "503", "504")
        ),
        "/.well-known/void": _reading("void", "The dataset, described in VoID.", rdf),
    }


def _reading(name: str, summary: str, content: Json, *parameters: Json, more: Iterable[str] = ()) -> Json:
    responses = {"200": {"description": summary, "content": content}, **problems("406", *more)}
    if parameters:
        responses |= problems("404")
    said: Json = {"operationId": name, "summary": summary, "description": summary, "tags": ["described"]}
    return {"get": said | ({"parameters": [*parameters]} if parameters else {}) | {"responses": responses}}


def openapi(
    corpus: Corpus, catalogue: Mapping[str, StoredQuery], examples: Mapping[str, Mapping[str, str]], site: str
) -> Json:
    """The description.

    :param examples: for each query that can be asked with them, values of its parameters
    :param site: the address of the application
    """
    asked = {
        f"/queries/{query.id}/results": _results(query, examples.get(query.id, {})) for query in catalogue.values()
    }
    groups = dict.fromkeys(query.group for query in catalogue.values())
    tags = [
        {"name": "sparql", "description": "Any question, in SPARQL."},
        {"name": "described", "description": "What there is to ask, and of what."},
        *({"name": group, "description": f"Stored queries of the group {group}."} for group in groups),
    ]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": corpus.config.title,
            "summary": "Claims of literature with their evidence, read-only.",
            "description": "Every answer says of which kind it is: rows, none, not-stated, or failed.",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": site.rstrip("/")}],
        "tags": tags,
        "paths": {"/sparql": _sparql(), **_described(catalogue), **asked},
        "components": {"schemas": SCHEMAS, "responses": problem_responses()},
    }


def openapi_routes(
    corpus: Corpus, catalogue: Mapping[str, StoredQuery], examples: Mapping[str, Mapping[str, str]]
) -> list[BaseRoute]:
    """The description, at /openapi.json."""

    async def described(request: Request) -> Response:
        return JSONResponse(openapi(corpus, catalogue, examples, site_of(request)))

    return [Route("/openapi.json", described)]
