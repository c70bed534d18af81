"""Responses that can be asked for again cheaply: with a digest and a date, and nothing but a 304 where both are known.

Starlette is imported when the first response is made, so that commands that serve nothing load without it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

from .formats import Form

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["Made", "made", "reply"]


@dataclass(frozen=True, slots=True)
class Made:
    """A page as it is sent, again and again.

    :param data: its bytes
    :param tag: what tells them from others
    :param changed: when what it tells of was last changed
    """

    data: bytes
    tag: str
    changed: datetime | None
    headers: Mapping[str, str] = field(repr=False)

    def reply(self, request: Request) -> Response:
        """The page as a response with an ``ETag``; a 304 without a body where the client has the same already."""
        from starlette.responses import Response

        if _known(request, self.tag, self.changed):
            kept = {name: value for name, value in self.headers.items() if name != "Content-Type"}
            return Response(status_code=304, headers=kept)
        return Response(self.data, 200, headers=self.headers)


def made(body: str, form: Form, *, changed: datetime | None = None, headers: Mapping[str, str] | None = None) -> Made:
    """A page to be sent.

    :param form: the form of the body
    :param changed: when what it tells of was last changed
    :param headers: more headers
    """
    data = body.encode("utf-8")
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    more = {"Content-Type": form.header, "Vary": "Accept", **(headers or {}), "ETag": tag, "Cache-Control": "no-cache"}
    if changed is not None:
        more["Last-Modified"] = format_datetime(changed, usegmt=True)
    return Made(data, tag, changed, more)


def reply(request: Request, body: str, form: Form, *, status: int = 200) -> Response:
    """A page as a response; one of a failure is not to be stored.

    :param form: the form of the body
    """
    from starlette.responses import Response

    if status == 200:
        return made(body, form).reply(request)
    headers = {"Content-Type": form.header, "Vary": "Accept", "Cache-Control": "no-store"}
    return Response(body.encode("utf-8"), status, headers=headers)


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
