"""What a request says, read strictly: a body up to a limit, parameters as UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl

from starlette.requests import Request

from ..errors import UsageError
from .problems import Refused

__all__ = ["FORM", "Parameters", "body_text", "media_type", "parse_parameters", "query_parameters"]

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 1000

Parameters = dict[str, list[str]]
"""Each parameter with its values, in order."""


def parse_parameters(text: str) -> Parameters:
    """The parameters in a query string or a form.

    :raises UsageError: for what is not UTF-8, or too many
    """
    found: Parameters = {}
    try:
        pairs: Iterable[tuple[str, str]] = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except UnicodeDecodeError as exc:
        raise UsageError("E660", "the parameters are not UTF-8") from exc
    except ValueError as exc:
        raise UsageError("E660", f"more than {MOST_FIELDS} parameters") from exc
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def query_parameters(request: Request) -> Parameters:
    """The parameters in the address of a request."""
    return parse_parameters(request.scope["query_string"].decode("latin-1"))


def media_type(request: Request) -> str:
    """The type of the body, in small letters; empty where none is given.

    :raises Refused: for a text that is said not to be UTF-8
    """
    kind, *more = (part.strip() for part in request.headers.get("content-type", "").split(";"))
    for part in more:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8", "us-ascii"):
            raise Refused(415, "E661", f"the body is said to be {value.strip()[:40]}", hint="Send it as UTF-8.")
    return kind.lower()


async def body_text(request: Request, most: int) -> str:
    """The body as text.

    :param most: how many bytes it may have
    :raises Refused: for a longer one
    :raises UsageError: for one that is not UTF-8
    """
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            raise Refused(413, "E662", f"the body has more than {most} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise UsageError("E661", f"the body is not UTF-8 (byte {exc.start})", hint="Send it as UTF-8.") from exc
