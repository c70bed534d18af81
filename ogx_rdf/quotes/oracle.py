"""A plain second opinion on whether words stand in a text, made without the gate.

It is there to take out of a test those changed quotes that happen to be true: short, and rather too ready to say
yes.  Texts are compared as search in an editor would, in three readings of the hyphens at line ends.
"""

from __future__ import annotations

import re
import unicodedata

from .model import Quote

__all__ = ["Oracle"]

_UNSEEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]|[*_`]|</?(?:b|bold|em|i|italic|sc|strong|u)>")
_LIKE = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "‐": "-",
        "‑": "-",
    }
)
_ELLIPSIS = re.compile(r"[\[(]?\s*(?:…|\.\.\.)\s*[\])]?")
_LEFT = re.compile(r"(?:^|[\s(\[{“\"'‘—/=])$")
_RIGHT = re.compile(r"$|[\s)\]}”\"'’;!?—/]|[.,:](?!\d)")


def _plain(text: str) -> str:
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).translate(_LIKE)
    seen = re.sub(r"(?<=[^\W\d_])[–—](?=[^\W\d_])", "-", seen)
    return " ".join(seen.split())


def _readings(text: str) -> tuple[str, ...]:
    """A text with the hyphens at its line ends as they are, kept in the word, and dropped."""
    joined = re.sub(r"\u00ad\s*\n\s*", "", text)
    kept = re.sub(r"(?<=\w)([-‐‑–—])\s*\n\s*(?=\w)", r"\1", joined)
    dropped = re.sub(r"(?<=\w)[-‐‑]\s*\n\s*(?=\w)", "", joined)
    return tuple(dict.fromkeys(map(_plain, (joined, kept, dropped))))


class Oracle:
    """A text as an editor's search would see it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.readings = _readings(text)

    def _places(self, reading: str, words: str) -> list[tuple[int, int]]:
        found = []
        start = reading.find(words)
        while start >= 0:
            end = start + len(words)
            if _LEFT.search(reading[max(0, start - 1) : start]) and _RIGHT.match(reading[end : end + 2]):
                found.append((start, end))
            start = reading.find(words, start + 1)
        return found

    def _in_order(self, reading: str, parts: list[str], gap: int, hidden: str) -> bool:
        ends = {end for _, end in self._places(reading, parts[0])}
        for part in parts[1:]:
            ends = {
                last
                for start, last in self._places(reading, part)
                for end in ends
                if end <= start <= end + gap and reading[end:start].strip() != hidden
            }
        return bool(ends)

    def stands(self, quote: Quote, hidden: str = "") -> bool:
        """Whether a quote is plainly true of the text.

        :param hidden: what an ellipsis is not to stand for
        """
        if quote.start is not None:
            return self.text.startswith(quote.quote, quote.start)
        return any(
            self._in_order(reading, parts, quote.max_gap, _plain(hidden))
            for words in _readings(quote.quote)
            if (parts := [part for part in map(str.strip, _ELLIPSIS.split(words)) if part])
            for reading in self.readings
        )
