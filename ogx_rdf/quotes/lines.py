"""Reading quotes from a file: one JSON object a line.

``quote`` must be there; ``id``, ``start``, ``end``, ``max_gap`` and ``text`` may be; other keys are the user's.
An id may come again: verdicts are given line by line.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from ..errors import InputError
from ..oxi import decode
from .model import MAX_GAP, Quote

__all__ = ["read_quotes"]

_EXAMPLE = 'Each line is one object, for example {"id": "q1", "quote": "the words", "start": 10, "end": 19}.'


class _Line:
    """A line of a file, and how it is refused."""

    def __init__(self, file: str, number: int) -> None:
        self.file, self.number = file, number

    def refuse(self, code: str, message: str, hint: str = _EXAMPLE) -> NoReturn:
        raise InputError(code, message, file=self.file, line=self.number, hint=hint)

    def once(self, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        """An object whose keys come once: of two quotes in a line none is the quote."""
        found = dict(pairs)
        if len(found) < len(pairs):
            self.refuse("E592", "a key comes twice in one object")
        return found

    def whole_number(self, row: dict[str, Any], key: str) -> int | None:
        """A key's value, a whole number from 0 on, or None where it is not given."""
        value = row.get(key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            self.refuse("E593", f'"{key}" is {json.dumps(value)}, not a whole number from 0 on')
        return value


def _quote(line: _Line, raw: str) -> Quote:
    try:
        row = json.loads(raw, object_pairs_hook=line.once)
    except (ValueError, RecursionError) as exc:
        line.refuse("E591", f"not JSON: {exc}")
    if not isinstance(row, dict):
        line.refuse("E592", "not a JSON object")
    words, name, text = row.get("quote"), row.get("id"), row.get("text")
    if not isinstance(words, str):
        line.refuse("E593", '"quote" is missing' if words is None else '"quote" is no text')
    if not isinstance(name, str | int | float | None):
        line.refuse("E593", '"id" is a list or an object')
    if text is not None and not isinstance(text, str):
        line.refuse("E593", '"text" is not the name of a file')
    for value in (words, name, text):
        if isinstance(value, str) and not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            line.refuse("E593", "a text holds half of a surrogate pair, which is no character")
    start, end = line.whole_number(row, "start"), line.whole_number(row, "end")
    if end is not None and start is not None and end <= start:
        line.refuse("E593", '"end" is not behind "start"')
    gap = line.whole_number(row, "max_gap")
    return Quote(words, name, start, end, MAX_GAP if gap is None else gap, text)


def read_quotes(file: Path) -> list[tuple[int, Quote]]:
    """Read quotes from a file of JSON lines, each with its line; empty lines are passed over.

    :raises InputError: where the file cannot be read, is not UTF-8, or a line is not a quote
    """
    shown = str(file)
    lines = decode(file, shown).removeprefix("\ufeff").split("\n")
    found = [(number, _quote(_Line(shown, number), raw)) for number, raw in enumerate(lines, 1) if raw.strip()]
    if not found:
        raise InputError("E594", "the file holds no quote", file=shown, hint=_EXAMPLE)
    return found
