"""Word edges: where a quote may begin and end.

A place between two characters is a cut where it lies inside one of these; everywhere else it is an edge.

=====================  ========================================================  =====================================
inside                 cut                                                       edge all the same
=====================  ========================================================  =====================================
a word                 in|effective, patient|'s, did|n't, survival|12,           ResultsMedian after the heading of an
                       (in)|effective, R|&D, CYP2C19|*2, p.|V600E                abstract; months|¹² (a note's number
                                                                                 after a long word); survival.|The
a hyphenated word      non-|small, cost|-effective, pre|- and, HER2|-, CD4|+     survival |- the, survival|—the,
                                                                                 docetaxel|+prednisone, with|/without
a number               1|5.8, 0|.93, 0|·93, 1|,022, 12|/45, 12|:30, $|5, 88|%,   88| %, 12| mg, was 45.|The, trials,|3
                       37|°C, 12 mg|/kg, 1 022 with a no-break space
its sign               -|1.5, − |1.5, ±| 3.1, +|2, <|0.05, ≥|30%, ~|5            p < |0.05 and = |0.05 (a space, or =)
its exponent           10|⁻⁵, 10|^-5, 10|<sup>, m|², 1.5 |× 10⁹, 5|× ULN         text|^[5]^ (a citation)
its range              0.79|–1.10, 5%|–10%                                       0.79 |to 1.10, 0.79 |– 1.10
=====================  ========================================================  =====================================

Soft hyphens, zero-width characters, marks of emphasis and a line break after a hyphen are looked through.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .scan import DASHES, INVISIBLE, TAG

__all__ = ["is_edge", "word_around"]

_WINDOW = 32
_SIGN = "-‐‑‒–−+±∓"
_SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁿᵃᵇᶜᵈᵉᶠᵍʰⁱ₀₁₂₃₄₅₆₇₈₉₊₋₌"
# For judging an edge only: characters of another width, and dashes that are not compared as such.
_ALIKE = {0xFF01 + n: 0x21 + n for n in range(94)} | str.maketrans("⁃﹣֊―﹪⁄∕", "---—%//")
_NO_BREAK = r"[\xa0\u2007\u2009\u202f]"
_UNIT = r"(?:^|[\W\d_])(?:[kmµμnp]?g|mcg|[dmµμn]?[lL]|[mµμnp]?mol|[kMm]?I?U|[kMG]?Bq|[cmµμn]?m|mEq|Gy|cells|copies)"
_PREFIXES = "(?:anti|contra|counter|de|dis|il|im|in|ir|mis|non|un)"
_TRANSPARENT = re.compile(rf"[{INVISIBLE}*_`]|{TAG}")
_ENDS_AT_BREAK = re.compile(rf"(?<=\w[{DASHES}])[^\S\r\n]*[\r\n]\s*\Z")
_BEGINS_WITH_BREAK = re.compile(rf"^([{DASHES}])[^\S\r\n]*[\r\n]\s*(?=\w)")
_HEADINGS = re.compile(
    r"(?:^|[^\w-])(?:abstract|aims?|background|conclusions?|context|data sources|design|discussion|findings|funding|"
    r"importance|interpretation|introduction|limitations|main outcome measures?|methods?|objectives?|outcomes?|"
    r"participants|patients|purpose|rationale|results?|setting|significance|summary|trial registration)\Z",
    re.IGNORECASE,
)
_HYPHEN_AT_BREAK = re.compile(r"[\r\n]\s*[^\W\d_]")
_PREFIX = re.compile(rf"\b{_PREFIXES}[-‐‑]\s+\Z", re.IGNORECASE)
_SERIES = re.compile(r"(?:and|or|to|versus|vs)\b")

_CUTS = [
    (re.compile(rf"(?:{before})\Z"), re.compile(after))
    for before, after in (
        # Words: apostrophes, compounds, signs of receptors, bracketed prefixes, names with points.
        (r"\w", r"['’][^\W\d_]|[′″]|['’]-\w|[&@·⋅]\w"),
        (r"\w['’]|\w[&@·⋅]|[\w)\]%′″'’\"”][-‐‑–−]", r"\w"),
        (r"\w", r"[-‐‑−](?!-)|–\w|[±∓]|\{[^{}\s\[]{1,12}\}"),
        (r"[\w%]", r"\+(?![^\W\d_]{2})"),
        (r"[)\]]|\w['’′″]", r"[-‐‑–−]\w"),
        (r"[A-Z\d]\w*", r"–"),
        (r"\w\+|°", r"\d|[CFK]\b"),
        (rf"(?i:[(\[]{_PREFIXES}[-‐‑]?[)\]])|\w\(\w{{1,8}}\)", r"\w"),
        (r"(?:^|\W)[^\W\d_]\.", r"\w"),
        (r"(?:^|\W)[^\W\d_]", r"\.\w"),
        (r"\w\.", r"[a-z]"),
        (r"\w", r"\.[a-z]"),
        # Numbers: decimals, thousands, ratios, units.
        (r"\d", rf"[.,:·٫'’]\d|\s?[/÷]\s?\d|[%‰°]|{_NO_BREAK}\d{{3}}(?!\d)|\s0\d\d(?!\d)"),
        (r"\d[.,:·٫'’]|\d\s?[/÷]\s?", r"\d"),
        (rf"\d{_NO_BREAK}", r"\d{3}(?!\d)"),
        (r"\d\s", r"0\d\d(?!\d)"),
        (r"[$€£¥#№]", r"\d"),
        (rf"{_UNIT}|%", r"/\w"),
        (rf"(?:{_UNIT}|%)/", r"\w"),
        # What stands at a number: signs, comparisons, the other end of a range.
        (rf"(?:^|[^\w)\]%])[{_SIGN}]|[<>≤≥≦≧≪≫~≈≲≳]=?", r"[.·]?\d"),
        (r"[−±∓]\s*", r"\s*[.·]?\d"),
        (r"[<>]", r"="),
        (r"(?:^|[^\w)\]%\"'”’.])[.·]", r"\d"),
        (r"[\d%]", rf"[{DASHES}−]+[.·]?\d"),
        (rf"[\d%][{DASHES}−]+", r"[.·]?\d"),
        # Powers and products; a small number after a word of four letters is a note's.
        (r"(?<![a-z]{4})(?<=[\w)\]])", r"\^(?!\{?\[)|<su[bp]>(?!\[)"),
        (r"[\^]\{?[-−+]?|<su[bp]>[-−+]?|\w\{", r"[\w−+-]"),
        (r"[\w^]\{[^{}\s\[]{0,12}", r"[^{}\s\[]{0,12}\}"),
        (r"<su[bp]>[^<>\[]{0,12}", r"[^<>\[]{0,12}</su"),
        (r"</su[bp]>", r"\w"),
        (r"<|</|</?su[bp]", r"(?:/?su[bp])?>|/su[bp]"),
        (r"\d", r"\s?(?:×|[⋅xX]\s?\d)"),
        (r"\d\s", r"×|[⋅xX/÷]\s?\d"),
        (r"\d\s?[×⋅xX]\s?", r"\s?\d"),
    )
]


def _before(text: str, at: int) -> str:
    """What a reader sees before a place."""
    while at > 0 and text[at - 1] in INVISIBLE:
        at -= 1
    seen = _TRANSPARENT.sub("", text[max(0, at - _WINDOW) : at]).translate(_ALIKE)
    return _ENDS_AT_BREAK.sub("", seen)


def _after(text: str, at: int) -> str:
    """What a reader sees after a place."""
    while at < len(text) and text[at] in INVISIBLE:
        at += 1
    seen = _TRANSPARENT.sub("", text[at : at + _WINDOW]).translate(_ALIKE)
    return _BEGINS_WITH_BREAK.sub(r"\1", seen)


def _inside_word(before: str, after: str) -> bool:
    """Whether a place between two characters of words, small digits among them, is inside one word."""
    left, right = before[-1], after[0]
    if right in _SMALL:
        # The number of a note hangs on a long word; the exponent of a unit on a short one, that of a number on it.
        return (left.isalnum() or left in _SMALL) and not re.search(r"(?:[a-z]{4}|[A-Z]{3})\Z", before)
    if left in _SMALL:
        return right.isalnum()
    if not (left.isalnum() and right.isalnum()):
        return False
    return not (right.isupper() and left.isalpha() and _HEADINGS.search(before))


def _plain_edge(left: str, right: str, further: str) -> bool:
    """Whether a place is an edge at first sight: a word ends or begins at white space or at a point before it."""
    if left == " ":
        return right.isalpha() and right not in "xX"
    return left.isalpha() and (right in " \n" or (right in ".,;:)" and further in " \n"))


def _reads_on(before: str, after: str) -> bool:
    """Whether a word reads on over a break: after a hyphen at a line's end, after a prefix left alone by one."""
    if before[-1] in "-‐‑–" and before[-2:-1].isalnum() and _HYPHEN_AT_BREAK.match(after.lstrip(" \t")):
        return True
    return after[0].islower() and bool(_PREFIX.search(before)) and not _SERIES.match(after)


def is_edge(text: str, at: int) -> bool:
    """Whether a quote may begin or end at a place of a text.

    :param at: the place, in code points from the text's start
    """
    if at <= 0 or at >= len(text):
        return True
    if unicodedata.category(text[at])[0] == "M":
        return False
    if text[at - 2 : at - 1] not in tuple("-‐‑") and _plain_edge(text[at - 1], text[at], text[at + 1 : at + 2] or " "):
        return True
    before, after = _before(text, at), _after(text, at)
    while before and unicodedata.category(before[-1])[0] == "M":
        before = before[:-1]
    if not before or not after:
        return True
    return _may_part(before, after)


@lru_cache(maxsize=1 << 16)
def _may_part(before: str, after: str) -> bool:
    """Whether a quote may begin or end between what a reader sees before and after a place."""
    if _inside_word(before, after) or _reads_on(before, after):
        return False
    return not any(left.search(before) and right.match(after) for left, right in _CUTS)


def word_around(text: str, at: int) -> str:
    """The run of characters without white space in which a place lies, as a reader sees it, for messages."""
    before, after = re.search(r"\S*\Z", _before(text, at)), re.match(r"\S*", _after(text, at))
    return (before[0] if before else "") + (after[0] if after else "")
