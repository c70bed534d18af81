"""What the server and its workers say to each other: a JSON object and some bytes, their lengths before them."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

__all__ = ["HEAD", "lengths", "pack", "read_frame"]

_LENGTHS = struct.Struct(">IQ")
HEAD = _LENGTHS.size
"""The bytes that hold the lengths."""


def pack(said: Mapping[str, Any], body: bytes = b"") -> bytes:
    """An object and some bytes as they are sent."""
    text = json.dumps(said).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def lengths(head: bytes) -> tuple[int, int]:
    """How long the object is, and how long the bytes after it."""
    text, body = _LENGTHS.unpack(head)
    return text, body


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """The next object with its bytes; None where the other side is gone."""
    head = stream.read(HEAD)
    if len(head) < HEAD:
        return None
    text, body = lengths(head)
    said, rest = stream.read(text), stream.read(body)
    return None if len(said) + len(rest) < text + body else (json.loads(said), rest)
