"""Which media type an answer is given in, of those that it can have and those that the client takes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..errors import UsageError

__all__ = ["Unacceptable", "choose"]


class Unacceptable(UsageError):
    """The client takes none of the media types that there are."""


LONG = 500
"""What was chosen for a header of fewer characters is remembered."""


@lru_cache(maxsize=256)
def _best(types: tuple[str, ...], accept: str) -> str:
    import mimeparse  # type: ignore[import-untyped,unused-ignore]

    return str(mimeparse.best_match(list(reversed(types)), accept))  # it takes the last of equal ones


def choose(types: Sequence[str], accept: str | None) -> str:
    """The media type that the client prefers; of equal ones the first.

    :param types: those that there are
    :param accept: what the header ``Accept`` says; None where there is none
    :raises Unacceptable: where none fits
    """
    import mimeparse  # type: ignore[import-untyped,unused-ignore]

    if accept is None or not accept.strip():
        return types[0]
    try:
        best = _best(tuple(types), accept) if len(accept) < LONG else _best.__wrapped__(tuple(types), accept)
    except mimeparse.MimeTypeParseException as exc:
        raise UsageError(
            "E650", f"not a list of media types: {accept[:200]}", hint=f"There are: {_all(types)}"
        ) from exc
    if not best:
        raise Unacceptable("E651", f"the answer cannot be given as {accept[:200]}", hint=f"There are: {_all(types)}")
    return best


def _all(types: Sequence[str]) -> str:
    return ", ".join(types) + "."
