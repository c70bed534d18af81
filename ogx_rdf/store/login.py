"""Who asks: credentials from the environment or netrc, sent only to a server that asks for them, and never printed."""

from __future__ import annotations

import base64
import netrc
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import AbstractDigestAuthHandler, HTTPPasswordMgr, Request, parse_http_list

from ..errors import InputError

__all__ = ["Credentials", "Login", "find_credentials"]

USER, PASSWORD, TOKEN = "OGX_RDF_USER", "OGX_RDF_PASSWORD", "OGX_RDF_TOKEN"
LOOPBACK = re.compile(r"localhost|127\.[0-9.]+|::1", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and a password, or a token; none of them shows when printed."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def find_credentials(url: str) -> Credentials | None:
    """The credentials for a server: those of the environment, else those that netrc has for its host.

    :raises InputError: where the netrc file cannot be used
    """
    if token := os.environ.get(TOKEN):
        return Credentials(token=token)
    if user := os.environ.get(USER):
        return Credentials(user, os.environ.get(PASSWORD, ""))
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return None
    try:
        found = netrc.netrc(str(path)).authenticators(urlsplit(url).hostname or "")
    except (netrc.NetrcParseError, OSError, UnicodeDecodeError) as exc:
        told = exc.msg if isinstance(exc, netrc.NetrcParseError) else type(exc).__name__
        raise InputError("E411", f"the netrc file cannot be used: {told}", file=str(path)) from exc
    return None if found is None else Credentials(found[0], found[2] or "")


class _One(HTTPPasswordMgr):
    """The same credentials whatever the realm is called: they were meant for the server."""

    def __init__(self, found: Credentials) -> None:
        super().__init__()
        self._found = found

    def find_user_password(self, realm: str, authuri: str) -> tuple[str | None, str | None]:
        """Name and password."""
        return self._found.user, self._found.password


class Login:
    """The answer to a server that asks who is there: basic, digest, or a bearer token.

    :param url: the endpoint
    :param allowed: whether credentials may be used at all
    """

    def __init__(self, url: str, allowed: bool = True) -> None:
        self.url = url
        self.allowed = allowed
        self._scheme = ""
        self._challenge = ""
        self._found: Credentials | None = None
        self._digest: AbstractDigestAuthHandler | None = None

    def header(self, request: Request) -> str | None:
        """The header ``Authorization`` for a request, once the server has asked for it."""
        found = self._found
        if found is None:
            return None
        if self._scheme == "digest":
            parts = (part.partition("=") for part in parse_http_list(self._challenge))
            fields = {name: value.strip('"') for name, _, value in parts}
            self._digest = self._digest or AbstractDigestAuthHandler(_One(found))
            told = self._digest.get_authorization(request, fields)
            return None if told is None else f"Digest {told}"
        if self._scheme == "bearer":
            return f"Bearer {found.token}"
        return "Basic " + base64.b64encode(f"{found.user}:{found.password}".encode()).decode("ascii")

    def challenged(self, challenges: list[str]) -> bool:
        """Take up what the server asks for; False where nothing new can be answered.

        :raises InputError: where a password would go over an open line
        """
        found = find_credentials(self.url) if self.allowed else None
        if found is None:
            return False
        offered = {scheme.lower(): rest for scheme, _, rest in (text.partition(" ") for text in challenges)}
        scheme = "bearer" if found.token else "digest" if "digest" in offered else "basic"
        stale = scheme == "digest" and "stale=true" in offered.get("digest", "").lower().replace('"', "")
        if self._scheme and not stale:
            return False
        parts = urlsplit(self.url)
        if scheme != "digest" and parts.scheme == "http" and not LOOPBACK.fullmatch(parts.hostname or ""):
            raise InputError(
                "E411",
                f"{self.url} asks for a password over http",
                why="Everyone on the way would read it.",
                hint="Give the https address of the server, or have it ask for a digest.",
            )
        self._scheme, self._challenge, self._found = scheme, offered.get(scheme, ""), found
        return True
