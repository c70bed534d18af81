"""Stored questions as pages: the question in plain words, its parameters, the answer, and the SPARQL beneath."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ...errors import OgxError
from ...queries import Answer, StoredQuery, stored
from ..described import site_of
from ..examples import bound_text
from .choices import field_of
from .editor import curl
from .formats import HTML
from .replies import reply
from .rows import called, counted, laid_out, pieces

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .site import Site

__all__ = ["question_endpoint", "questions_page"]

_GROUPS = {
    "read": "What is said, and by whom",
    "audit": "What is wrong with the citations",
    "tensions": "What does not go together",
    "own": "Questions of this corpus",
}
_SHOWN = 500
"""So many rows of an answer a page shows; it says how many there are."""


def questions_page(site: Site) -> Callable[[Request], dict[str, object]]:
    """What makes the list of all questions, or of those that have every word that was typed (``q``)."""

    def make(request: Request) -> dict[str, object]:
        text = " ".join(request.query_params.get("q", "").split())
        queries = [query for query in site.queries.values() if _has(query, text)]
        groups = {title: [query for query in queries if query.group == name] for name, title in _GROUPS.items()}
        shown = {title: found for title, found in groups.items() if found}
        return {"groups": shown, "text": text, "count": len(queries), "query": ""}

    return make


def _has(query: StoredQuery, text: str) -> bool:
    """Whether a question has every word of a text, or a part of a word, in its question, summary or name."""
    said = f"{query.question} {query.summary} {query.id} {query.id.replace('-', ' ')}".casefold()
    return all(word in said for word in text.casefold().split())


def _asked(request: Request, query: StoredQuery) -> dict[str, str] | None:
    """The values given, empty ones left out; None where the question is not asked yet."""
    given = {name: value for name, value in request.query_params.items() if value.strip()}
    if not given and any(param.required for param in query.params):
        return None
    return given


def question_endpoint(site: Site) -> Callable[[Request], Response]:
    """The endpoint of one question; asked with its parameters it gives the answer, of whichever of the four kinds."""

    def endpoint(request: Request) -> Response:
        try:
            query = stored(request.path_params["id"], site.corpus)
        except OgxError as exc:
            body, status = site.failed(request, exc)
            return reply(request, body, HTML, status=status)
        asked = _asked(request, query)
        answer, error = (None, None) if asked is None else _answered(site, query, asked)
        with site.near:
            body = site.html(request, "question.html", _told(site, request, query, answer, error))
        status = 200 if error is None else 503 if error.exit_code == 3 else 400
        return reply(request, body, HTML, status=status)

    return endpoint


def _answered(site: Site, query: StoredQuery, asked: Mapping[str, str]) -> tuple[Answer | None, OgxError | None]:
    try:
        return site.ask(query.id, asked), None
    except OgxError as exc:
        return None, exc


def _told(
    site: Site, request: Request, query: StoredQuery, answer: Answer | None, error: OgxError | None
) -> dict[str, object]:
    asked = _asked(request, query)
    deck, given = site.deck, asked or {}
    fields = [
        field_of(deck, param, given.get(param.name), None if asked else query.example.get(param.name), large=site.large)
        for param in query.params
    ]
    rows = answer.rows[:_SHOWN] if answer else ()
    names = called(deck, (*rows, *(answer.nearest if answer else ())))
    known = pieces(deck, rows)
    claims = counted(query, answer.rows if answer else (), deck)
    return {
        "ask": query,
        "fields": fields,
        "asked": asked is not None,
        "answer": answer,
        "rows": rows,
        **laid_out(query, given, rows, names, known),
        "names": names,
        "pieces": known,
        "claims": claims,
        "error": error.as_dict() if error else None,
        "sparql": bound_text(site.corpus, query, given or query.example) if error is None else query.text,
        "commands": _commands(query, given or query.example, site_of(request)),
    }


def _commands(query: StoredQuery, given: Mapping[str, str], here: str) -> list[tuple[str, str]]:
    """The same question on the command line, in Python, and over HTTP.

    :param here: the address of the application
    """
    options = [part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", value)]
    arguments = "".join(f", {name}={value!r}" for name, value in given.items() if name.isidentifier())
    python = f"from ogx_rdf import open_graph\n\nanswer = open_graph().query({query.id!r}{arguments})"
    return [
        ("Command line", shlex.join(["ogx-rdf", "query", query.id, *options])),
        ("Python", python),
        ("curl", curl(f"{here}queries/{query.id}/results", given, "application/json")),
    ]
