"""The errors a user can meet, and the exit code each one ends with.

    OgxError
    ├── UsageError   exit 2: wrong option, unknown id, parameter or query, refused query
    ├── InputError   exit 3: input or output that cannot be used (absent, unreadable, unparsable, unwritable)
    └── RefusedError exit 1: work that was understood and refused (a formatter that would lose something)

Every error carries a stable code, says where it happened and what to do next.  The command line
prints :meth:`OgxError.text`; JSON output prints :meth:`OgxError.as_dict`.  Both say the same.
"""

from __future__ import annotations

__all__ = ["InputError", "OgxError", "RefusedError", "UsageError"]


class OgxError(Exception):
    """Base of every error that is the user's to mend.

    :param code: stable code such as ``"E501"``
    :param message: what happened, in one sentence
    :param file: the file concerned
    :param line: 1-based line in that file
    :param why: why it matters
    :param hint: what to do next
    """

    exit_code = 2

    def __init__(
        self,
        code: str,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        why: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.why = why
        self.hint = hint

    @property
    def where(self) -> str | None:
        """``file:line``, ``file`` or None."""
        if self.file is None:
            return None
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def text(self) -> str:
        """The message as printed on a terminal: what, where, why, what next."""
        head = f"{self.code} {self.where + ': ' if self.where else ''}{self.message}"
        return "\n     ".join([head, *(part for part in (self.why, self.hint) if part)])

    def as_dict(self) -> dict[str, object]:
        """The same as a JSON object."""
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "why": self.why,
            "hint": self.hint,
        }


class UsageError(OgxError):
    """The request itself is wrong."""

    exit_code = 2


class InputError(OgxError):
    """Something that had to be read or written cannot be."""

    exit_code = 3


class RefusedError(OgxError):
    """The request was understood, and carrying it out would lose or break something."""

    exit_code = 1
