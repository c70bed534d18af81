"""What is at no address: readers get a page that says so and leads on, programs what they get for all errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...errors import UsageError
from .formats import HTML, Form, preferred
from .replies import reply

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .site import Site

__all__ = ["nowhere"]


def nowhere(site: Site) -> Callable[[Request], Response]:
    """The endpoint of every address at which nothing is."""
    from starlette.exceptions import HTTPException

    problem = Form("problem", "", "application/problem+json")

    def endpoint(request: Request) -> Response:
        if preferred(request.headers.get("accept"), [problem, HTML]) is not HTML:
            raise HTTPException(404)
        error = UsageError(
            "E501", f"nothing is at {request.url.path[:200]}", hint="Search for it, or begin at the start."
        )
        body, status = site.failed(request, error)
        return reply(request, body, HTML, status=status)

    return endpoint
