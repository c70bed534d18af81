"""Where a worker puts an answer: in memory while it is small, then into a file, and up to a limit."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from ..errors import InputError

__all__ = ["Spool"]

SMALL = 256 << 10
"""Bytes that are kept in memory."""


class Spool:
    """Takes the bytes of an answer; what goes over the limit makes all of it a failure, never a shorter answer.

    :param path: the file for what is not small
    :param most: the limit, in bytes
    """

    def __init__(self, path: Path, most: int) -> None:
        self.size = 0
        self._path = path
        self._most = most
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._failed: OSError | None = None

    def write(self, data: bytes, /) -> int:
        """Take some bytes.

        :raises OSError: where there is no more room; :meth:`close` raises then too, whatever became of this
        """
        self.size += len(data)
        try:
            if self.size > self._most:
                raise OSError("the answer is too large")
            if self._file is None and self.size > SMALL:
                self._file = self._path.open("xb")
                self._file.writelines(self._parts)
                self._parts = []
            if self._file is None:
                self._parts.append(bytes(data))
            else:
                self._file.write(data)
        except OSError as exc:
            self._failed = exc
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing: :meth:`close` writes out what is held back."""

    def close(self) -> tuple[bytes, bool]:
        """The bytes, and whether they are in the file instead.

        :raises InputError: where not all of them could be taken
        """
        self.raise_failure()
        if self._file is None:
            return b"".join(self._parts), False
        self._file.close()
        return b"", True

    def raise_failure(self) -> None:
        """Raise what went wrong with the spool, if something did.

        :raises InputError: where the limit was passed, or the file cannot be written
        """
        if self._failed is None:
            return
        if self.size <= self._most:
            raise InputError("E306", "the server has no room for the answer") from self._failed
        raise InputError(
            "E652",
            f"the answer has more than {self._most} bytes",
            why="It is not given at all: a part of it would read as the whole.",
            hint="Ask for less: fewer columns, a narrower pattern, or pages with ORDER BY, LIMIT and OFFSET.",
        )
