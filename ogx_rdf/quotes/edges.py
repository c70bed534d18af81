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
a number               1|5.8, 0|.93, 0|·93, 1|,022, 12|/45, 12|:30, $|5, 88|%,   12| mg, was 45.|The, trials,|3
                       88| %, 37|°C, 12 mg|/kg, 1| 022 (2015| 120 is two)
its sign               -|1.5, − |1.5, ±|3.1, +|2, <|0.05, ≥|30%, ~|5             p < |0.05 and = |0.05 (a space, or =);
                                                                                 12.5 ± |3.1, 5 − |10
its exponent           10|⁻⁵, 10|^-5, 10|(-5), 10|<sup>, m|², 1.5 |× 10⁹,        text|^[5]^ (a citation), 2000 |× g
                       5|× ULN
its range              0.79|–1.10, 5%|–10%                                       0.79 |to 1.10, 0.79 |– 1.10
=====================  ========================================================  =====================================

Soft hyphens, zero-width characters, marks of emphasis and a line break after a hyphen are looked through.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .scan import DASHES, INVISIBLE, SUSPENDED, TAG

__all__ = ["is_edge", "word_around"]

_WINDOW = 32
_SIGN = "-‐‑‒–−+±∓"
_SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁿᵃᵇᶜᵈᵉᶠᵍʰⁱ₀₁₂₃₄₅₆₇₈₉₊₋₌"
# For judging an edge only: characters of another width, and dashes that are not compared as such.
_ALIKE = {0xFF01 + n: 0x21 + n for n in range(94)} | str.maketrans("⁃﹣֊―﹪⁄∕∼", "---—%//~")
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
_SERIES = re.compile(SUSPENDED)
_LOOSE_SOFT_HYPHEN = re.compile(r"(?<![^\W\d_])\u00ad(?!\s*[\r\n])|\u00ad(?![^\W\d_]|\s*[\r\n])")

_CUTS = [
    (re.compile(rf"(?:{before})\Z"), re.compile(after))
    for before, after in (
        # Words: apostrophes, compounds, signs of receptors, bracketed prefixes, names with points.
        (r"\w", r"['’][^\W\d_]|[′″]|['’]-\w|[&@·⋅]\w"),
        (r"\w['’]|\w[&@·⋅]|[\w)\]%′″'’\"”][-‐‑–−]", r"\w"),
        (r"\w", r"[-‐‑−](?!-)|–\w|\{[^{}\s\[]{1,12}\}"),
        (r"[\d%)]", r"[±∓]"),
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
        (r"\d", r"[.,:·٫'’]\d|\s?[/÷]\s?\d|[%‰°]|[ \xa0\u2009\u202f][%‰]|\s0\d\d(?!\d)"),
        (r"\d[ \xa0\u2009\u202f]", r"[%‰]"),
        (r"(?<![\d.,·])\d{1,3}", rf"(?: |{_NO_BREAK})\d{{3}}(?!\d)(?![-–/])"),
        (r"\d[.,:·٫'’]|\d\s?[/÷]\s?", r"\d"),
        (rf"(?<![\d.,·])\d{{1,3}}(?: |{_NO_BREAK})", r"\d{3}(?!\d)(?![-–/])"),
        (r"\d\s", r"0\d\d(?!\d)"),
        (r"[$€£¥#№]", r"\d"),
        (rf"{_UNIT}|%", r"/\w"),
        (rf"(?:{_UNIT}|%)/", r"\w"),
        # What stands at a number: signs, comparisons, the other end of a range.
        (rf"(?:^|[^\w)\]%])[{_SIGN}]|[<>≤≥≦≧≪≫~≈≲≳]=?", r"[.·]?\d"),
        (r"[−±∓]", r"[.·]?\d"),
        (r"(?:^|[^\s\d%)])\s*−\s*", r"\s*[.·]?\d"),
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
        (r"\d", r"×|[⋅xX]\d|\s?[/÷]\s?\d"),
        (r"\d\s", r"[/÷]\s?\d"),
        (r"\d[×⋅xX]", r"\d"),
        (r"(?:^|[^\w/.])\d[\d.,·]*", r"\s?[×⋅xX]\s?10[\d⁰¹²³⁴-⁹⁺⁻^(<]"),
        (r"(?:^|[^\w/.])\d[\d.,·]*\s", r"[×⋅xX]\s?10[\d⁰¹²³⁴-⁹⁺⁻^(<]"),
        (r"(?:^|[^\w/.])\d[\d.,·]*\s?[×⋅xX]\s?", r"\s?10[\d⁰¹²³⁴-⁹⁺⁻^(<]"),
        # An exponent or a charge in brackets, as plain text prints it: 10(-5), m(2), Ca(2+).
        (r"(?<![\d.,·])10", r"\([-−–]?\d{1,2}\)"),
        (r"(?:^|[^\w])[kcdmµμn]?m", r"\([23]\)"),
        (r"(?:^|[^\w])[A-Z][a-z]?\d?", r"\(\d?[-−–+]\)"),
        (
            r"(?<![\d.,·])10\([-−–]?\d?|(?:^|[^\w])[kcdmµμn]?m\(|(?:^|[^\w])[A-Z][a-z]?\d?\(\d?",
            r"[-−–]?\d{0,2}[-−–+]?\)",
        ),
        # A character spelt as an entity belongs to what follows it.
        (r"&(?:#\w{1,6}|[A-Za-z]{2,8});", r"\w"),
    )
]


def _before(text: str, at: int, suspended: bool = False) -> str:
    """What a reader sees before a place; a suspended hyphen at a line's end joins nothing."""
    while at > 0 and text[at - 1] in INVISIBLE and text[at - 1] != "\u00ad":
        at -= 1
    shown = _LOOSE_SOFT_HYPHEN.sub("-", text[max(0, at - _WINDOW) : at + 1])[: _WINDOW + 1]
    shown = shown[:-1] if at < len(text) else shown
    seen = _TRANSPARENT.sub("", shown).translate(_ALIKE)
    return seen if suspended else _ENDS_AT_BREAK.sub("", seen)


def _after(text: str, at: int) -> str:
    """What a reader sees after a place."""
    while at < len(text) and text[at] in INVISIBLE and text[at] != "\u00ad":
        at += 1
    first = max(0, at - 1)
    shown = _LOOSE_SOFT_HYPHEN.sub("-", text[first : at + _WINDOW])[at - first :]
    seen = _TRANSPARENT.sub("", shown).translate(_ALIKE)
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
        return not _SERIES.match(after.lstrip())
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
    before, after = _before(text, at, _SERIES.match(text, at) is not None), _after(text, at)
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
