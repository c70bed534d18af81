"""Errors as clients get them: what happened, why it matters and what to do, and nothing of the inside."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..errors import InputError, OgxError, UsageError
from ..serving.media import Unacceptable, choose

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["HANDLERS", "PROBLEM", "Refused", "problem"]

PROBLEM = "application/problem+json"
"""The media type of errors (RFC 9457)."""

RETRY_AFTER = 5
STATUS = {"E401": 403, "E402": 403, "E655": 503, "E656": 504, "E658": 503}
"""Where the kind of error does not say it: refused, busy, too long."""


class Refused(UsageError):
    """A request that HTTP has a status for.

    :param status: the status
    """

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(code, message, **more)
        self.status = status


def status_of(error: OgxError) -> int:
    """The status of an error."""
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, Unacceptable):
        return 406
    return STATUS.get(error.code, 500 if isinstance(error, InputError) else 400)


def problem(error: OgxError, status: int | None = None) -> Response:
    """An error as a response; its code, message, why and hint are those of the command line."""
    number = status_of(error) if status is None else status
    told = {
        "type": "about:blank",
        "title": HTTPStatus(number).phrase,
        "status": number,
        "detail": error.message,
        "answer": "failed",
        "code": error.code,
        "message": error.message,
        "why": error.why,
        "hint": error.hint,
    }
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_AFTER)} if number == 503 else {})
    return JSONResponse(told, number, headers, PROBLEM)


def _known(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, OgxError)
    return problem(exc)


def _http(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    response = problem(UsageError("E667", f"{exc.detail}: {request.url.path[:200]}"), exc.status_code)
    response.headers.update(exc.headers or {})
    return response


def _unknown(request: Request, exc: Exception) -> Response:
    """What nobody foresaw; a browser gets it as a page, made of nothing that may have failed."""
    error = InputError("E999", "unexpected failure of the server", hint="The server's log says more.")
    if not _reads_pages(request):
        return problem(error, 500)
    home = escape(request.scope.get("root_path", "") + "/", quote=True)
    told = f"<h1>This could not be answered</h1><p>{error.code} {error.message}. {error.hint}</p>"
    page = f'<!DOCTYPE html><html lang="en"><title>Failed</title>{told}<p><a href="{home}">First page</a></p></html>'
    return HTMLResponse(page, 500, {"Cache-Control": "no-store"})


def _reads_pages(request: Request) -> bool:
    try:
        return choose([PROBLEM, "text/html"], request.headers.get("accept")) == "text/html"
    except UsageError:
        return False


HANDLERS: dict[Any, Any] = {OgxError: _known, HTTPException: _http, Exception: _unknown}
"""What answers for each kind of exception."""
