"""What the operations of the API share in its description: schemas, problems, pages."""

from __future__ import annotations

from typing import Any

from ..queries.catalogue import GROUPS
from .problems import PROBLEM

__all__ = [
    "FORM",
    "LISTING",
    "PAGES",
    "PAGE_HEADERS",
    "SCHEMAS",
    "SENT_ON",
    "Json",
    "body",
    "problem_responses",
    "problems",
    "ref",
    "text",
]

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
PAGES: list[Json] = [
    {
        "name": "limit",
        "in": "query",
        "description": "How many rows at most; all without it.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    },
    {
        "name": "offset",
        "in": "query",
        "description": "How many rows to leave out first.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 0},
    },
]
"""The parameters of paging."""
LISTING: list[Json] = [
    {
        "name": "group",
        "in": "query",
        "description": "Only the queries of this group.",
        "schema": {"type": "string", "enum": [*GROUPS]},
    },
    {
        "name": "text",
        "in": "query",
        "description": "Only the queries that have all of these words in their name, summary or question.",
        "schema": {"type": "string"},
    },
]
"""What the list of queries can be narrowed by."""
PAGE_HEADERS: Json = {
    "Ogx-Total": {"description": "How many rows there are on all pages.", "schema": {"type": "integer"}},
    "Link": {"description": "The pages before and after this one.", "schema": {"type": "string"}},
}
"""What the headers say of a page."""
SENT_ON: Json = {
    "303": {
        "description": "Elsewhere: where HTML is preferred, the page for people; for a query that is "
        "described, asked with parameters, its answer.",
        "headers": {"Location": {"description": "Where it is.", "schema": {"type": "string"}}},
    }
}
"""The response that leads to another address."""
_PROBLEMS = {
    "400": "The request makes no sense; the message says why.",
    "403": "An UPDATE or a SERVICE is refused.",
    "404": "There is no such query.",
    "406": "The answer cannot be given in a media type that the client takes.",
    "413": "The body is too large.",
    "415": "The body has a media type that is not read here.",
    "500": "The query failed, or its answer is too large; a part of it is never given.",
    "503": "Too many questions are being answered.",
    "504": "The query ran too long, and was ended.",
}


def ref(name: str) -> Json:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def text(schema: Json | None = None) -> Json:
    """A body that is a text, unless said otherwise."""
    return {"schema": schema or {"type": "string"}}


def body(media: str) -> Json:
    """A body in a media type that has a standard of its own: an object or a list in JSON, else a text."""
    return text({"type": ["object", "array"]} if media.endswith("json") else None)


def problems(*statuses: str) -> Json:
    """The responses for what can go wrong."""
    return {status: {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def problem_responses() -> Json:
    """The responses that :func:`problems` names."""
    content = {PROBLEM: {"schema": ref("Problem")}}
    return {f"Problem{status}": {"description": said, "content": content} for status, said in _PROBLEMS.items()}


_MAYBE = {"type": ["string", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_ROWS = {"type": "array", "items": {"type": "object"}}
SCHEMAS: Json = {
    "Kind": {
        "type": "string",
        "enum": ["rows", "none", "not-stated", "failed"],
        "description": "rows: an answer. none: asked completely, and there is nothing. not-stated: every passage of "
        "the documents was read, and none states this. failed: there is no answer.",
    },
    "Answer": {
        "type": "object",
        "properties": {
            "answer": ref("Kind"),
            "columns": {"type": "array", "items": {"type": "string"}},
            "coverage": {"type": "object", "description": "How many passages of the documents were read."},
            "nearest": _ROWS | {"description": "For not-stated: the nearest things that are stated."},
            "note": _MAYBE | {"description": "What there is to say beside the rows."},
            "page": ref("Page"),
            "params": {"type": "object", "additionalProperties": {"type": "string"}},
            "query": {"type": "string"},
            "rows": _ROWS,
        },
        "required": ["answer", "columns", "coverage", "note", "page", "params", "query", "rows"],
    },
    "Page": {
        "type": "object",
        "properties": {"limit": {"type": ["integer", "null"]}, "offset": _COUNT, "total": _COUNT},
        "required": ["limit", "offset", "total"],
    },
    "Query": {
        "type": "object",
        "properties": {
            "columns": _ROWS,
            "empty": {"type": "object", "description": "What it means that there are no rows."},
            "example": {"type": "object", "additionalProperties": {"type": "string"}},
            "group": {"type": "string"},
            "href": {"type": "string"},
            "id": {"type": "string"},
            "params": _ROWS,
            "question": {"type": "string"},
            "results": {"type": "string"},
            "sparql": {"type": "string"},
            "summary": {"type": "string"},
        },
        "required": ["columns", "empty", "group", "href", "id", "params", "question", "results", "sparql", "summary"],
    },
    "Problem": {
        "type": "object",
        "properties": {
            "answer": {"const": "failed"},
            "code": {"type": "string", "description": "Stable; the same as on the command line."},
            "detail": {"type": "string"},
            "hint": _MAYBE | {"description": "What to do next."},
            "message": {"type": "string"},
            "status": {"type": "integer"},
            "title": {"type": "string"},
            "type": {"type": "string"},
            "why": _MAYBE | {"description": "Why it matters."},
        },
        "required": ["answer", "code", "detail", "message", "status", "title", "type"],
    },
}
"""The schemas by name."""
