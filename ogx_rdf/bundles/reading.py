"""Reading dumps: which files there are, and their content in pieces of whole lines that know where they stand."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from ..errors import InputError, UsageError

__all__ = ["FORMATS", "Piece", "find_files", "format_of", "open_plain", "pieces"]

FORMATS = {".nq": "nq", ".nt": "nq", ".trig": "trig", ".ttl": "ttl"}
"""The endings of files that can be read (with ``.gz`` behind or not), and the syntax of each."""

PIECE = 4 << 20
"""Bytes of lines that one worker takes at a time."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole lines of an N-Quads file, or a whole file of another syntax.

    :param file: the file, as messages show it
    :param syntax: ``nq``, ``trig`` or ``ttl``
    :param line: the number of the first line
    :param data: the lines; None where the file is to be read whole
    """

    file: str
    syntax: str
    line: int
    data: bytes | None


def format_of(path: Path) -> str | None:
    """The syntax of a file by its name, or None."""
    name = path.name.removesuffix(".gz")
    return FORMATS.get(Path(name).suffix)


def find_files(places: Sequence[str]) -> list[Path]:
    """The files of a dump: each file named, and what a folder holds, in order of their names.

    :raises InputError: for a place that is not there, or a folder that holds nothing that can be read
    :raises UsageError: for a file of another syntax
    """
    found: list[Path] = []
    for place in places:
        path = Path(place)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and format_of(p) and not _hidden(p, path))
            if not inside:
                raise InputError("E370", "the folder holds no dump", file=place, hint=_KNOWN)
            found += inside
        elif not path.exists():
            raise InputError("E370", "no such file or folder", file=place, hint="Check the path.")
        elif format_of(path) is None:
            raise UsageError("E371", f"{place} is of no syntax that can be read", hint=_KNOWN)
        else:
            found.append(path)
    return found


_KNOWN = f"Known are {', '.join(FORMATS)}, each also with .gz behind."


def _hidden(path: Path, top: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(top).parts)


def open_plain(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked where its name ends in ``.gz``."""
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.name.endswith(".gz") else path.open("rb")


def pieces(path: Path, shown: str) -> Iterator[Piece]:
    """A file in pieces, in order.

    :raises InputError: where it cannot be read or unpacked to its end
    """
    syntax = format_of(path)
    assert syntax is not None
    if syntax != "nq":
        yield Piece(shown, syntax, 1, None)
        return
    line, rest = 1, b""
    try:
        with open_plain(path) as stream:
            while block := stream.read(PIECE):
                block = rest + block
                cut = block.rfind(b"\n") + 1
                rest = block[cut:]
                if cut:
                    yield Piece(shown, syntax, line, block[:cut])
                    line += block.count(b"\n", 0, cut)
    except (OSError, EOFError, zlib.error) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise InputError(
            "E372",
            f"cannot be read to its end ({reason})",
            file=shown,
            line=line,
            why="What was read before is not the whole, so nothing was loaded.",
            hint="Fetch or write the file again.",
        ) from exc
    if rest:
        yield Piece(shown, syntax, line, rest)
