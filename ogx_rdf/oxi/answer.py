"""The answer to a SELECT or ASK."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Term

__all__ = ["QueryAnswer"]


class QueryAnswer:
    """The answer to a SELECT or ASK: columns, and rows as tuples of terms or None."""

    def __init__(self, columns: list[str], rows: list[tuple[Term | None, ...]]) -> None:
        self.columns = columns
        self.rows = rows

    def __iter__(self) -> Iterator[dict[str, Term | None]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def texts(self) -> list[dict[str, str]]:
        """Rows as plain strings, unbound variables as the empty string."""
        return [{k: "" if v is None else str(v) for k, v in row.items()} for row in self]
