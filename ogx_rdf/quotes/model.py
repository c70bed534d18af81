"""What is asked of the gate and what it answers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

__all__ = ["MAX_GAP", "Difference", "Quote", "Span", "Verdict"]

MAX_GAP = 300
"""How many characters of the text an ellipsis may stand for unless the line says otherwise."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that are said to stand in a text.

    :param quote: the words
    :param id: by which the verdict is known again; given back as it is
    :param start: where the quote begins, in code points of the text, if that is said
    :param end: where it ends, half open
    :param max_gap: how many code points of the text an ellipsis may leave out
    :param text: which of several texts is meant
    """

    quote: str
    id: str | float | None = None
    start: int | None = None
    end: int | None = None
    max_gap: int = MAX_GAP
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference between a quote and the text nearest to it.

    :param character: where in the quote it is, counted from 1
    :param text: the word of the text there
    :param quote: the word of the quote there
    """

    character: int
    text: str
    quote: str

    def as_dict(self) -> dict[str, object]:
        """The difference as a JSON object."""
        return {"character": self.character, "text": self.text, "quote": self.quote}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one quote.

    :param id: that of the quote
    :param verdict: exact, exact-normalized, ambiguous, cut, near or absent
    :param accepted: whether the quote is true: it stands in the text, whole, where it is said to stand
    :param start: where the words found begin, in code points of the text; the first place of several
    :param end: where they end, half open
    :param normalised: which harmless differences there are, by name, sorted
    :param positions: every place, for ambiguous, and the right places where a wrong one was given
    :param fragments: where each fragment stands, for a quote with an ellipsis
    :param nearest: for near, what the text says there; for cut, the word that was cut
    :param difference: for near, the first difference
    :param distance: for near, how many characters have to be changed, beyond the harmless ones
    :param reason: why the quote is not accepted, in a sentence
    """

    id: str | float | None
    verdict: str
    accepted: bool
    start: int | None = None
    end: int | None = None
    normalised: tuple[str, ...] = ()
    positions: tuple[Span, ...] = ()
    fragments: tuple[Span, ...] = ()
    nearest: str | None = None
    difference: Difference | None = field(default=None)
    distance: int | None = None
    reason: str | None = None

    def as_dict(self) -> dict[str, object]:
        """The verdict as a JSON object; what does not apply to it is left out."""
        always: dict[str, object] = {
            "id": self.id,
            "verdict": self.verdict,
            "accepted": self.accepted,
            "start": self.start,
            "end": self.end,
            "normalised": list(self.normalised),
        }
        others: dict[str, object] = {
            "positions": [list(span) for span in self.positions],
            "fragments": [list(span) for span in self.fragments],
            "nearest": self.nearest,
            "difference": self.difference and self.difference.as_dict(),
            "distance": self.distance,
            "reason": self.reason,
        }
        return always | {name: value for name, value in others.items() if value not in (None, [])}

    def text(self) -> str:
        """The verdict in a line or more, as printed on a terminal."""
        place = "" if self.start is None else f" {self.start}-{self.end}"
        names = f" ({', '.join(self.normalised)})" if self.normalised else ""
        lines = [f"{self.id}: {self.verdict}{place}{names}"]
        lines += [f"     {self.reason}"] if self.reason else []
        if len(self.positions) > 1:
            lines.append("     at " + ", ".join(f"{start}-{end}" for start, end in self.positions))
        if self.verdict == "near" and self.nearest is not None:
            lines.append(f"     the text: {' '.join(self.nearest.split())}")
        if self.difference:
            found = self.difference
            lines.append(f'     differs at character {found.character}: "{found.text}" / "{found.quote}"')
        return "\n".join(map(_shown, lines))


def _shown(line: str) -> str:
    """A line in which no character moves the others about: what controls a terminal or the direction is spelt out."""
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf") else f"\\u{ord(c):04x}" for c in line)
