"""Requests to a server: verified, timed, tried again where that is harmless, and no answer ends early unseen."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import Request

from ..errors import InputError, UsageError
from .login import Login

__all__ = ["TIMEOUT", "Body", "Transport", "checked_url", "timeout_given"]

TIMEOUT = 60.0
TRIES = 4
PAUSE = 0.5
LONGEST_PAUSE = 8.0
BUSY = (429, 502, 503, 504)
TOLD = 300


def checked_url(url: str) -> str:
    """An address that may be asked.

    :raises UsageError: for one that is not http(s), or that holds a password
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("E420", f"not the address of a server: {url}", hint="Give one that begins with http(s)://.")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "E420",
            f"the address of {parts.hostname} holds a name or a password",
            why="Addresses are printed, and land in the history of the shell.",
            hint="Set OGX_RDF_USER and OGX_RDF_PASSWORD (or OGX_RDF_TOKEN), or use a netrc file.",
        )
    return url


def timeout_given(seconds: float | None = None) -> float:
    """How long to wait for a sign of the server: as given, else OGX_RDF_TIMEOUT, else a minute.

    :raises UsageError: for what is not a number of seconds
    """
    text = os.environ.get("OGX_RDF_TIMEOUT", "")
    try:
        found = seconds if seconds is not None else float(text) if text else TIMEOUT
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise UsageError("E420", "the timeout must be a number of seconds", hint="For example: OGX_RDF_TIMEOUT=120")
    return found


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follow nobody: a query, and a password still more, goes where it was sent and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Leave the redirection as the answer."""
        return None


class Body:
    """The body of an answer as a file; a body that ends early raises instead of looking like a shorter one.

    :param response: the answer
    :param shown: the server, as messages name it
    """

    def __init__(self, response: Any, shown: str) -> None:
        self._response = response
        self._shown = shown
        self._size = 0
        self.headers: Mapping[str, str] = response.headers

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at the end.

        :raises InputError: where the connection is cut, falls silent, or ends before the announced length
        """
        try:
            data: bytes = self._response.read(65_536 if size is None or size < 0 else size)
        except TimeoutError as exc:
            raise _silent(self._shown) from exc
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise self._cut() from exc
        if not data and getattr(self._response, "length", None):
            raise self._cut()
        self._size += len(data)
        return data

    def whole(self) -> bytes:
        """All of it."""
        return b"".join(iter(lambda: self.read(65_536), b""))

    def close(self) -> None:
        """Let the connection go."""
        self._response.close()

    def _cut(self) -> InputError:
        return InputError(
            "E416",
            f"the answer of {self._shown} broke off after {self._size} bytes",
            why="What came is not the whole answer, so it is not shown.",
            hint="Ask again; if it breaks off again, look at the log of the server, or of a proxy before it.",
        )


def _silent(shown: str) -> InputError:
    hint = "Ask for less, or wait longer: set OGX_RDF_TIMEOUT to a number of seconds."
    return InputError("E415", f"{shown} gave no sign in time", hint=hint)


class Transport:
    """The one way to a server.

    :param url: the endpoint, as messages name it
    :param timeout: seconds without a sign of the server
    :param login: whether credentials may be used
    """

    def __init__(self, url: str, timeout: float | None = None, login: bool = True) -> None:
        self.shown = checked_url(url)
        self.timeout = timeout_given(timeout)
        self.login = Login(url, login)
        self._opener = urllib.request.build_opener(
            _Stays(), urllib.request.HTTPSHandler(context=ssl.create_default_context())
        )

    def open(self, request: Request, *, again: bool) -> Body:
        """Send a request and give the body of its answer.

        :param again: whether it may be sent again where the server is busy or gone for a moment (reads only)
        :raises InputError: naming the server and what to do, for every answer but a full success
        """
        tries = TRIES if again else 1
        for attempt in range(1, tries + 1):
            try:
                return self._once(request)
            except urllib.error.HTTPError as exc:
                with closing(exc):
                    wished = _wished(exc.headers.get("Retry-After"))
                    if exc.code not in BUSY or attempt == tries or (wished or 0) > LONGEST_PAUSE:
                        raise self._refused(exc) from exc
                    time.sleep(_pause(attempt) if wished is None else wished)
            except (urllib.error.URLError, OSError, http.client.HTTPException) as exc:
                if not _passing(exc) or attempt == tries:
                    raise self._unreached(exc) from exc
                time.sleep(_pause(attempt))
        raise AssertionError

    def _once(self, request: Request) -> Body:
        """Send it, a second time where the server asks who is there."""
        self._sign(request)
        try:
            response = self._opener.open(request, timeout=self.timeout)
        except urllib.error.HTTPError as exc:
            if exc.code != 401:
                raise
            with closing(exc):
                if not self.login.challenged(exc.headers.get_all("WWW-Authenticate") or []):
                    raise
            _rewind(request)
            self._sign(request)
            response = self._opener.open(request, timeout=self.timeout)
        body = Body(response, self.shown)
        try:
            self._whole(response)
        except InputError:
            body.close()
            raise
        return body

    def _sign(self, request: Request) -> None:
        header = self.login.header(request)
        if header is not None:
            request.add_unredirected_header("Authorization", header)

    def _whole(self, response: Any) -> None:
        """Refuse what is no plain and complete answer, whatever its body."""
        state = response.headers.get("X-SQL-State")
        coding = response.headers.get("Content-Encoding", "identity")
        if response.status == 206 or state:
            raise InputError(
                "E418",
                f"{self.shown} says that its answer is not complete ({state or 'partial content'})",
                why="An answer with rows missing would look like an answer.",
                hint="Ask for less, or raise the time limit of the server.",
            )
        if coding.lower() != "identity":
            raise InputError("E417", f"{self.shown} answers in the coding {coding}, which was not asked for")

    def _refused(self, exc: urllib.error.HTTPError) -> InputError:
        told = _told(exc)
        if exc.code in (301, 302, 303, 307, 308):
            place = exc.headers.get("Location", "somewhere else")
            return InputError(
                "E419", f"{self.shown} sends on to {place}", hint="Give that address, if it is the right one."
            )
        if exc.code in (401, 403):
            return InputError(
                "E411",
                f"{self.shown} refuses these credentials, or the lack of them ({exc.code})",
                hint="Set OGX_RDF_USER and OGX_RDF_PASSWORD (or OGX_RDF_TOKEN), or mend the netrc file.",
            )
        if exc.code in (404, 405, 410):
            return InputError(
                "E412", f"there is no such endpoint: {self.shown} ({exc.code})", hint="Check the path of the address."
            )
        if exc.code in (400, 413, 414, 415, 422):
            return InputError("E413", f"{self.shown} refuses the request ({exc.code}): {told}")
        wished = _wished(exc.headers.get("Retry-After"))
        wait = "" if not wished else f", and asks to wait {wished:.0f} s"
        hint = "Ask again later, or look at the server's log."
        return InputError("E414", f"{self.shown} failed ({exc.code}){wait}: {told}", hint=hint)

    def _unreached(self, exc: Exception) -> InputError:
        reason = getattr(exc, "reason", exc)
        if isinstance(reason, TimeoutError | socket.timeout):
            return _silent(self.shown)
        if isinstance(reason, ssl.SSLCertVerificationError):
            return InputError(
                "E410",
                f"the certificate of {self.shown} is not trusted: {reason.verify_message}",
                hint="Name the file with the authority's certificate in SSL_CERT_FILE, or mend the server.",
            )
        told = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        return InputError(
            "E410", f"cannot reach {self.shown}: {told}", hint="Check the address, and that the server runs."
        )


def _rewind(request: Request) -> None:
    data: Any = request.data
    if hasattr(data, "seek"):
        data.seek(0)


def _passing(exc: Exception) -> bool:
    """Whether a moment later it may be over: no answer, or a connection that was refused or reset."""
    reason = getattr(exc, "reason", exc)
    return isinstance(reason, ConnectionError | http.client.HTTPException)


def _pause(attempt: int) -> float:
    return min(PAUSE * 2.0 ** (attempt - 1), LONGEST_PAUSE)


def _wished(header: str | None) -> float | None:
    """The seconds that ``Retry-After`` asks for, given as a number or as a date."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _told(exc: urllib.error.HTTPError) -> str:
    """What the server says of its failure, on one line and not too long."""
    body: IO[bytes] = exc
    try:
        data = b"" if exc.closed else body.read(4 * TOLD)
    except (OSError, http.client.HTTPException, ValueError):
        data = b""
    text = " ".join(data.decode("utf-8", errors="replace").split())
    plain = "".join(ch for ch in text if ch.isprintable())
    return plain[:TOLD] + ("…" if len(plain) > TOLD else "") if plain else exc.reason or "no reason given"
