"""Bodies made smaller on their way, for clients that take gzip; what is streamed goes as it is.

A page that is sent again, known by its ``ETag``, is made smaller once.
"""

from __future__ import annotations

import asyncio
import gzip
from collections import OrderedDict

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Compressed", "takes_gzip"]

LEAST = 1_024
"""A body of fewer bytes fits into one packet as it is."""
BESIDE = 32 << 10
"""One of more bytes is made smaller in a thread, so that others are answered meanwhile."""
LEVEL = 5
KEPT_BYTES = 16 << 20
"""So many bytes of smaller bodies are kept, those longest unasked for going first."""
KINDS = ("text/", "application/json", "application/problem+json", "application/ld+json", "application/n-triples")
MORE_KINDS = ("application/sparql-results", "application/n-quads", "application/trig", "application/atom+xml")
IMAGES = ("image/svg+xml",)


def takes_gzip(accept: str) -> bool:
    """Whether a client takes gzip, by its ``Accept-Encoding``."""
    for part in accept.split(","):
        name, _, said = part.partition(";")
        if name.strip().lower() in ("gzip", "x-gzip"):
            quality = said.strip().lower().replace(" ", "")
            return not quality.startswith("q=") or quality[2:].strip("0.") != ""
    return False


def _worth(headers: Headers) -> bool:
    """Whether a response may be made smaller; one without a length is streamed, and its head is not held back."""
    kind = headers.get("content-type", "")
    known = "content-length" in headers and "content-encoding" not in headers
    return known and kind.startswith((*KINDS, *MORE_KINDS, *IMAGES))


class Compressed:
    """Compresses what an application sends in one piece, where the client takes it so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        takes = scope["method"] != "HEAD" and takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
        await self.app(scope, receive, _Sending(self, send, takes))

    async def smaller(self, data: bytes, tag: str | None) -> bytes:
        """A body as it is sent; of one with a strong tag the same as before."""
        known = tag if tag is not None and tag.startswith('"') else None
        if known is not None and known in self._kept:
            self._kept.move_to_end(known)
            return self._kept[known]
        made = await asyncio.to_thread(_gzip, data) if len(data) > BESIDE else _gzip(data)
        if known is not None and known not in self._kept and len(made) <= KEPT_BYTES:
            self._kept[known] = made
            self._size += len(made)
            while self._size > KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1])
        return made


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, LEVEL, mtime=0)


class _Sending:
    """What is sent for one request; its beginning waits for the body, which says whether it comes in one piece."""

    def __init__(self, whole: Compressed, send: Send, takes: bool) -> None:
        self._whole = whole
        self._send = send
        self._takes = takes
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _worth(Headers(raw=message["headers"])):
            self._start = message
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
            return
        if self._start is None:
            await self._send(message)
            return
        start, self._start = self._start, None
        if self._takes and message["type"] == "http.response.body" and not message.get("more_body"):
            message = await self._shrunk(start, message)
        await self._send(start)
        await self._send(message)

    async def _shrunk(self, start: Message, message: Message) -> Message:
        data, headers = message.get("body", b""), MutableHeaders(scope=start)
        if len(data) < LEAST:
            return message
        tag = headers.get("etag")
        made = await self._whole.smaller(data, tag)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(made))
        if tag and tag.startswith('"'):
            headers["ETag"] = f"W/{tag}"  # other bytes of the same page (RFC 9110, 8.8.3.3)
        return {**message, "body": made}
