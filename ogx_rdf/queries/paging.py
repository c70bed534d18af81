"""An answer page by page, which says how much there is in all."""

from __future__ import annotations

from dataclasses import replace

from ..errors import UsageError
from .run import Answer

__all__ = ["page_of", "paged"]


def page_of(answer: Answer, offset: int, limit: int | None) -> Answer:
    """The rows of an answer from one on; of which kind it is stays.

    :param limit: how many at most; None for all
    :raises UsageError: where there is no such row
    """
    total = len(answer.rows)
    if total and offset >= total:
        raise UsageError(
            "E654",
            f"there is no row {offset}: the answer has {total}",
            why="No rows would read as an empty answer.",
            hint="The first row is row 0.",
        )
    part = slice(offset, None if limit is None else offset + limit)
    return replace(answer, rows=answer.rows[part], terms=answer.terms[part])


def paged(answer: Answer, offset: int, limit: int | None) -> dict[str, object]:
    """The page as a JSON object; ``page`` says where it begins and how many rows there are in all.

    :raises UsageError: where there is no such row
    """
    shown = page_of(answer, offset, limit).as_dict()
    return shown | {"page": {"offset": offset, "limit": limit, "total": len(answer.rows)}}
