"""An answer page by page, which says how much there is in all."""

from __future__ import annotations

from dataclasses import replace

from ..errors import UsageError
from .run import Answer

__all__ = ["has_row", "page_of", "paged"]


def has_row(total: int, offset: int) -> None:
    """Refuse to begin behind the last row; where there are none at all, the first page is an empty one.

    :raises UsageError: where there is no such row
    """
    if total and offset >= total:
        raise UsageError(
            "E654",
            f"there is no row {offset}: the answer has {total}",
            why="No rows would read as an empty answer.",
            hint="The first row is row 0.",
        )


def page_of(answer: Answer, offset: int, limit: int | None) -> Answer:
    """The rows of an answer from one on; of which kind it is stays.

    :param limit: how many at most; None for all
    :raises UsageError: where there is no such row
    """
    has_row(len(answer.rows), offset)
    part = slice(offset, None if limit is None else offset + limit)
    return replace(answer, rows=answer.rows[part], terms=answer.terms[part])


def paged(answer: Answer, offset: int, limit: int | None) -> dict[str, object]:
    """The page as a JSON object; ``page`` says where it begins and how many rows there are in all.

    :raises UsageError: where there is no such row
    """
    shown = page_of(answer, offset, limit).as_dict()
    return shown | {"page": {"offset": offset, "limit": limit, "total": len(answer.rows)}}
