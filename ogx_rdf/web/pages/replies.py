"""Responses that can be asked for again cheaply: with a digest and a date, and nothing but a 304 where both are known.

Starlette is imported when the first response is made, so that commands that serve nothing load without it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

from .formats import Form

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["Page", "reply"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent: its bytes, and the tag that tells them from others."""

    data: bytes
    tag: str

    @classmethod
    def of(cls, text: str) -> Page:
        """The page with this text."""
        data = text.encode("utf-8")
        return cls(data, f'"{hashlib.sha256(data).hexdigest()[:32]}"')


def reply(
    request: Request,
    body: str | Page,
    form: Form,
    *,
    status: int = 200,
    changed: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A response with an ``ETag``; a 304 without a body where the client has the same already.

    :param form: the form of the body
    :param changed: when what it tells of was last changed
    :param headers: more headers
    """
    from starlette.responses import Response

    page = Page.of(body) if isinstance(body, str) else body
    more = {"Content-Type": form.header, "Vary": "Accept", **(headers or {})}
    if status != 200:
        return Response(page.data, status, headers={**more, "Cache-Control": "no-store"})
    more |= {"ETag": page.tag, "Cache-Control": "no-cache"}
    if changed is not None:
        more["Last-Modified"] = format_datetime(changed, usegmt=True)
    if _known(request, page.tag, changed):
        kept = {name: value for name, value in more.items() if name != "Content-Type"}
        return Response(status_code=304, headers=kept)
    return Response(page.data, 200, headers=more)


def _known(request: Request, tag: str, changed: datetime | None) -> bool:
    """Whether the client has this already; its digest counts before its date (RFC 9110, 13.2.2)."""
    if request.method not in ("GET", "HEAD"):
        return False
    tags = request.headers.get("if-none-match")
    if tags is not None:
        given = {part.strip().removeprefix("W/") for part in tags.split(",")}
        return tag in given or "*" in given
    since = request.headers.get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        return changed <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
