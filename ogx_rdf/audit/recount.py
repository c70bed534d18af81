"""An independent count of citation markers in a raw text.

It shares no code and no method with the cutting of passages: no patterns, no sentences, one walk over
the characters of each line.  Where both counts agree, the totals of an audit stand on two legs.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Mark", "recount"]

_DASHES = "-\u2010\u2011\u2012\u2013\u2014"
_LIST_HEADINGS = ("references", "bibliography", "literature", "literature cited", "works cited")
_INTERVAL_WORDS = ("ci", "c.i", "cri", "iqr", "range", "interval")


@dataclass(frozen=True, slots=True)
class Mark:
    """A label printed in brackets at an offset (code points, of the opening bracket)."""

    label: str
    offset: int


def _numbers(inside: str) -> list[int]:
    """The numbers that a bracket stands for; empty where anything but numbers stands in it."""
    for dash in _DASHES:
        inside = inside.replace(dash, "-")
    numbers: list[int] = []
    for part in inside.replace(";", ",").split(","):
        ends = [end.strip() for end in part.split("-")]
        if len(ends) > 2 or not all(e.isascii() and e.isdigit() and len(e) <= 3 and e[0] != "0" for e in ends):
            return []
        first, last = int(ends[0]), int(ends[-1])
        if last < first or last - first > 100:
            return []
        numbers.extend(range(first, last + 1))
    return numbers


def _is_entry(line: str) -> bool:
    """Whether a line of the reference list opens with the number of an entry."""
    word = line.lstrip("-* \t").partition(" ")[0]
    return word.strip("[].)").isdigit()


def _is_link(line: str, close: int) -> bool:
    """Whether the bracket that closes there is the text of a link: an address in parentheses follows at once."""
    if line[close + 1 : close + 2] != "(":
        return False
    target = line[close + 2 :].partition(")")[0]
    return " " not in target and (not target or any(sign in target for sign in "#/.:?"))


def _is_other(line: str, opening: int, close: int) -> bool:
    """Whether bracketed numbers are an interval ("95% CI [12, 18]") or a mass number ("[18]F")."""
    before = line[:opening].rstrip(" :=,(").rpartition(" ")[2].lower().strip("(.")
    if not line[opening + 1 : close].strip().isdigit() and before in _INTERVAL_WORDS:
        return True
    return line[close + 1 : close + 2].isalpha() and line[opening - 1 : opening] not in (".", "!", "?", "]")


def _marks(line: str, offset: int) -> list[Mark]:
    found: list[Mark] = []
    opening = -1
    for place, char in enumerate(line):
        if char == "[":
            opening = place
        elif char == "]" and opening >= 0:
            numbers = _numbers(line[opening + 1 : place])
            if numbers and not _is_link(line, place) and not _is_other(line, opening, place):
                found += [Mark(str(number), offset + opening) for number in numbers]
            opening = -1
    return found


def recount(text: str) -> list[Mark]:
    """Every citation marker of a text, in order; a list or a range gives one mark per label.

    Entries of the reference list (numbered lines after its heading) are no citations.
    """
    found: list[Mark] = []
    offset, in_list = 0, False
    for line in text.split("\n"):
        bare = line.strip().strip("#*: ").lower()
        in_list = in_list or bare in _LIST_HEADINGS
        if not (in_list and _is_entry(line)):
            found += _marks(line, offset)
        offset += len(line) + 1
    return found
