"""Reading a string as atoms: what must be the same on both sides, and what may differ without changing the sense.

The harmless differences, by the names under which a verdict tells of them:

===================  ==========================================================================================
``line-end hyphen``  a hyphen before a line break inside a word, kept or dropped; dropped only between a letter
                     and a lower-case letter ("10-" at a line's end and "5" on the next are never 105)
``soft hyphen``      U+00AD between letters, with the line break behind it; elsewhere it may be a printed minus
``white space``      runs, line breaks, no-break and thin spaces; zero-width characters, but not at a number
``NFC``              canonically equivalent characters; never compatibility (10⁻⁵ is not 10-5, µ U+00B5 is not μ U+03BC)
``quotation marks``  ‘ ’ “ ” for ' and "; primes are no quotation marks
``dashes``           ‒ – — for - between letters; ‐ ‑ – for - beside a letter in a word; a minus sign never
``ligatures``        ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ
``markup``           paired Markdown marks (* _ `) and paired tags of emphasis; <sup> and <sub> never
===================  ==========================================================================================

Everything else is compared as it is: case, signs, comparisons, brackets, digits of every kind, look-alikes.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

__all__ = ["DASHES", "INVISIBLE", "SUSPENDED", "TAG", "Atom", "Script", "compare"]

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphen, zero-width space, non-joiner, joiner, word joiner, byte order mark."""

DASHES = "-‐‑‒–—"
"""Hyphens and dashes; U+2212, the minus sign, is none of them."""

SUSPENDED = r"(?:and|or|nor|to|versus|vs|und|oder|bis)\b"
"""Words before which a hyphen at a line's end is a suspended one: "age- and sex-matched"."""

TAG = r"</?(?:b|bold|em|i|italic|sc|strong|u)>"
"""A tag of emphasis, as a regular expression."""

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_QUOTATION = {"‘": "'", "’": "'", "“": '"', "”": '"'}
_BREAK = "\n\r\x0b\x0c\x85\u2028\u2029"
# Between letters they are nothing; at a number or a sign they may stand for a hyphen or a minus.
_LETTER = r"(?:[^\W\d]|[*`<>])"
_SKIPPED = rf"(?<={_LETTER})[{INVISIBLE}]+(?={_LETTER})|(?<!\w)[{INVISIBLE[1:]}]+|[{INVISIBLE[1:]}]+(?!\w)"
_INWARD = re.compile(r"(?<!\*)(\*{1,2})([^\W\d_]{1,12})(\1)(?!\*)")
_MARKS = re.compile(rf"\*+|_+|`+|{TAG}")
_PARAGRAPH = re.compile(r"(?:\r?\n|\r)[^\S\r\n]*(?:\r?\n|\r)")
_REACH = 2000
"""Marks of emphasis further apart than this, in code points, are no pair."""


class Atom(NamedTuple):
    """One unit of comparison.

    :param canon: what has to be equal
    :param name: the normalisation that made ``canon`` of ``raw``, or ""
    :param raw: as it stands
    :param sort: char, space, dash, break (a hyphen at a line's end), mark, skip
    :param optional: whether it may be missing on the other side
    """

    canon: str
    name: str
    raw: str
    sort: str
    optional: bool = False


_END = Atom("", "", "", "end")


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one stretch of a string gives to its skeleton: itself (``plain``), or ``canon`` as a whole."""

    raw: int
    raw_end: int
    at: int
    length: int
    plain: bool


def _trailing(character: str) -> bool:
    """Whether a character may belong to the one before it: marks, and the Korean vowels and finals that compose."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


@lru_cache(maxsize=64)
def _scanner(trailing: str, singles: str) -> re.Pattern[str]:
    """The scanner for strings in which these characters belong to the one before, or have another canonical form."""
    special = re.escape(DASHES + INVISIBLE + "*_`<" + "".join(_LIGATURES) + "".join(_QUOTATION) + singles)
    tail = f"[{re.escape(trailing)}]*" if trailing else ""
    plain = f"[^\\s{special}]+"
    if trailing:
        plain = f"(?:[^\\s{special}{re.escape(trailing)}](?![{re.escape(trailing)}]))+"
    return re.compile(
        rf"(?P<plain>{plain}(?: {plain})*)"
        rf"|(?P<mark>{TAG}|\*+|_+|`+)"
        rf"|(?P<break>(?<=[^\W_])[-‐‑–—][{INVISIBLE}]*[^\S{_BREAK}]*[{_BREAK}][\s{INVISIBLE}]*(?=[^\W_])(?!{SUSPENDED}))"
        rf"|(?P<skip>(?<={_LETTER})\u00ad[^\S{_BREAK}]*[{_BREAK}]\s*(?={_LETTER})|{_SKIPPED})"
        r"|(?P<space>\s+)"
        rf"|(?P<dash>[{DASHES}])"
        rf"|(?P<char>(?s:.){tail})"
    )


def _letters(text: str, start: int, end: int) -> tuple[str, str]:
    """The visible characters before and after a stretch, marks of emphasis apart."""
    while start > 0 and text[start - 1] in INVISIBLE:
        start -= 1
    while end < len(text) and text[end] in INVISIBLE:
        end += 1
    return _MARKS.sub("", text[max(0, start - 16) : start])[-1:], _MARKS.sub("", text[end : end + 16])[:1]


def _dash(dash: str, before: str, after: str) -> str:
    """The dash to compare: a plain hyphen where the dash joins the parts of a word."""
    if not (before.isalnum() and after.isalnum()):
        return dash
    if before.isalpha() and after.isalpha():
        return "-"
    return "-" if dash in "‐‑–" and (before.isalpha() or after.isalpha()) else dash


def _pairs(text: str) -> frozenset[int]:
    """Where the marks of emphasis stand that have a partner in their paragraph."""
    found: set[int] = set()
    open_at: dict[str, int] = {}
    paragraph = 0
    ends = [match.start() for match in _PARAGRAPH.finditer(text)]
    for match in _MARKS.finditer(text):
        here = bisect_right(ends, match.start())
        if here != paragraph:
            paragraph = here
            open_at.clear()
        mark, start, end = match[0], match.start(), match.end()
        before, after = text[start - 1 : start] if start else "", text[end : end + 1]
        if mark[0] == "<":
            closes, opens = mark[1] == "/", mark[1] != "/"
        else:
            closes = bool(before.strip()) and not after.isalnum()
            opens = bool(after.strip()) and not before.isalnum()
        partner = open_at.pop(mark.replace("/", ""), None) if closes else None
        if partner is not None and start - partner <= _REACH:
            found |= {partner, start}
        elif opens:
            open_at[mark] = start
    # Inside a word (NF-*κ*B, *p*53) a pair holds letters only: a star of CYP2C19*2/*3 is part of the name.
    for pair in _INWARD.finditer(text):
        found |= {pair.start(1), pair.start(3)}
    return frozenset(found)


class Script:
    """A string made ready for search and comparison.

    :param text: the string; all offsets are code points of it
    """

    def __init__(self, text: str) -> None:
        self.text = text
        foreign = {c for c in set(text) if c > "\u007f"}
        trailing = "".join(sorted(c for c in foreign if _trailing(c)))
        singles = "".join(sorted(c for c in foreign if unicodedata.normalize("NFC", c) != c))
        self._pattern = _scanner(trailing, singles)
        self._pairs = _pairs(text)
        self.skeleton, self._pieces = self._skeleton()
        self._at = [piece.at for piece in self._pieces]

    def _skeleton(self) -> tuple[str, list[_Piece]]:
        """The text without what may be missing on either side: hyphens, marks, breaks; each white space one space."""
        parts: list[str] = []
        pieces: list[_Piece] = []
        at, quiet = 0, True
        for match in self._pattern.finditer(self.text):
            sort = match.lastgroup
            if sort == "plain":
                part = match[0]
            elif sort == "char":
                part = self._char(match[0])[0]
            elif sort == "space":
                part = "" if quiet else " "
            else:
                quiet = quiet or sort in ("dash", "break")
                continue
            quiet = part in ("", " ")
            if part:
                pieces.append(_Piece(match.start(), match.end(), at, len(part), sort == "plain"))
                parts.append(part)
                at += len(part)
        return "".join(parts), pieces

    @staticmethod
    def _char(raw: str) -> tuple[str, str]:
        """A character as compared, and under which name it was changed."""
        if raw in _LIGATURES:
            return _LIGATURES[raw], "ligatures"
        if raw in _QUOTATION:
            return _QUOTATION[raw], "quotation marks"
        canon = unicodedata.normalize("NFC", raw)
        return canon, "" if canon == raw else "NFC"

    def raw(self, start: int, end: int) -> tuple[int, int, bool, bool]:
        """The stretch of the text for one of the skeleton, and whether it begins and ends between characters."""
        first = self._pieces[bisect_right(self._at, start) - 1]
        last = self._pieces[bisect_right(self._at, end - 1) - 1]
        begin = first.raw + (start - first.at if first.plain else 0)
        finish = last.raw + end - last.at if last.plain else last.raw_end
        return begin, finish, first.plain or start == first.at, last.plain or end == last.at + last.length

    def atoms(self, start: int = 0, end: int | None = None) -> list[Atom]:
        """The atoms of a stretch, read in its surroundings."""
        return [*self._atoms(start, len(self.text) if end is None else end)]

    def plain(self, start: int = 0, end: int | None = None) -> str:
        """A stretch as compared, without what may be missing: for telling how much two strings differ."""
        parts = []
        for match in self._pattern.finditer(self.text, start, len(self.text) if end is None else end):
            if match.lastgroup == "plain":
                parts.append(match[0])
            else:
                parts += ["" if atom.optional else atom.canon for atom in self._read(match)]
        return "".join(parts)

    def _atoms(self, start: int, end: int) -> Iterator[Atom]:
        for match in self._pattern.finditer(self.text, start, end):
            if match.lastgroup == "plain":
                for c in match[0]:
                    yield Atom(c, "white space", c, "space") if c == " " else Atom(c, "", c, "char")
            else:
                yield from self._read(match)

    def _read(self, match: re.Match[str]) -> Iterator[Atom]:
        """The atoms of a stretch that is not plain."""
        raw, sort = match[0], match.lastgroup or ""
        if sort == "char":
            canon, name = self._char(raw)
            shares = list(canon) if name == "ligatures" else [canon]
            yield from (Atom(share, name, raw, "char") for share in shares)
        elif sort == "space":
            yield Atom(" ", "white space", raw, "space")
        elif sort == "skip":
            yield Atom("", "soft hyphen" if "\u00ad" in raw else "white space", raw, "skip", True)
        elif sort == "mark":
            yield Atom(raw, "markup", raw, "mark", match.start() in self._pairs)
        else:
            before, after = _letters(self.text, match.start(), match.end())
            canon = _dash(raw[0], before, after)
            droppable = sort == "break" and raw[0] in "-‐‑" and before.isalpha() and after.islower()
            yield Atom(canon, "line-end hyphen" if sort == "break" else "dashes", raw, sort, droppable)


def _beside_break(atom: Atom, others: list[Atom], at: int) -> tuple[int, str] | None:
    """How many atoms a hyphen at a line's end stands for on the other side, and under which name; None: no match."""
    here, then = [*others[at : at + 2], _END, _END][:2]
    if here.sort == "dash" and here.canon == atom.canon:
        return (2, "white space") if then.sort == "space" else (1, atom.name)
    return (0, atom.name) if atom.optional else None


def compare(theirs: list[Atom], ours: list[Atom]) -> frozenset[str] | None:
    """Whether two strings of atoms say the same: the names of what was normalised, or None where they differ."""
    names: set[str] = set()
    i = j = 0
    after_space = False
    while i < len(theirs) or j < len(ours):
        x = theirs[i] if i < len(theirs) else _END
        y = ours[j] if j < len(ours) else _END
        if x.canon == y.canon and x.sort == y.sort:
            if x.raw != y.raw:
                names |= {x.name, y.name}
            i, j, after_space = i + 1, j + 1, x.sort == "space"
        elif x.sort in ("skip", "mark") and x.optional:
            i, names = i + 1, names | {x.name}
        elif y.sort in ("skip", "mark") and y.optional:
            j, names = j + 1, names | {y.name}
        elif after_space and "space" in (x.sort, y.sort):
            i, j, names = i + (x.sort == "space"), j + (y.sort == "space"), names | {"white space"}
        elif x.sort == "break" and (step := _beside_break(x, ours, j)):
            i, j, names = i + 1, j + step[0], names | {step[1]}
        elif y.sort == "break" and (step := _beside_break(y, theirs, i)):
            i, j, names = i + step[0], j + 1, names | {step[1]}
        else:
            return None
    return frozenset(names - {""})
