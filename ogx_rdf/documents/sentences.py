"""Citation markers and sentence ends in running text.

Markers are recognised first, in every notation, and travel with their sentence: ``therapy.[8] By`` is two
sentences, and ``[8]`` belongs to the first.  Stock splitters move such a marker to the next sentence.
All spans are half-open, in code points of the whole text.  Every pattern is linear in the text.
"""

from __future__ import annotations

import re
from collections import deque

from ..model import Marker

__all__ = ["find_markers", "is_link", "split_sentences"]

MAX_RANGE = 100
"""A bracket such as ``[1-900]`` that would stand for more labels than this is no citation."""

_ITEM = r"\d{1,3}(?:\s*[-\u2010-\u2014]\s*\d{1,3})?"
_BRACKET = rf"\[\s*{_ITEM}(?:\s*[,;]\s*{_ITEM})*\s*\]"
_GROUP = re.compile(rf"\^\{{\s*{_BRACKET}(?:[\s,;]*{_BRACKET})*\s*\}}|\^?{_BRACKET}")
_BRACKETS = re.compile(_BRACKET)
_LINK = re.compile(r"!?\[[^\[\]]*\]\(([^()\s]*)\)")
_TARGET = re.compile(r"[#/.:?]")
_ADDRESS = re.compile(r"<?(?:https?://|www\.)\S+")
_INTERVAL = re.compile(r"(?:\bC\.?I\.?|\bCrI|\bIQR|\b[Rr]ange|\b[Ii]nterval)[:=,(\s]*$")

_STOP = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)\]*_]*")
_AFTER_MARKERS = re.compile(r"[.!?]*[\"'\u201d\u2019)\]*_]*")
_GAP = re.compile(r"[\s,;]*")
_TOKEN_BEFORE = re.compile(r"(?:(\S+)\s+)?(\S+)$")
_NEXT = re.compile(r"[\"'\u201c\u2018(\[*_]*([^\s\"'\u201d\u2019)\]*_]*)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER = _words(
    "approx ca cf dr drs e.g eq eqn eqs fig figs i.e mr mrs ms mt prof ref refs st viz vs incl excl resp cat univ dept"
)
_BEFORE_NUMBER = _words(
    "no nos p pp vol vols sec sect ch chap jan feb mar apr jun jul aug sep sept oct nov dec art ex app suppl tab"
)
_BEFORE_NAME = _words("al inc ltd corp co ph.d jr sr d.sc m.sc b.sc")
_OPENERS = _words(
    """the a an this that these those it its in by on at for from to with as after before while when if both each such
    there here thus therefore however furthermore moreover nevertheless further although because since we they he she
    our their his her no not one two all some most many several other another and but or so yet also then today"""
)
_SMALL_WORDS = _words("by and of from the with to in for as or & et van von de")
_NUMBERED_THINGS = _words(
    "phase stage grade type class table figure part group cohort arm vitamin drug panel step level category"
)
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


def is_link(text: str) -> bool:
    """Whether the whole text is one link: ``[words](target)``, an image, or a bare address."""
    return _links(text, 0, len(text)) == [(0, len(text))] or bool(_ADDRESS.fullmatch(text))


def _labels(printed: str) -> list[str]:
    """The labels that a bracket stands for, in order; empty where it is no citation after all."""
    labels: list[str] = []
    for item in re.split(r"[,;]", printed[1:-1]):
        ends = [part.strip() for part in re.split(r"[-\u2010-\u2014]", item)]
        if any(end.startswith("0") or not end.isascii() for end in ends):
            return []
        first, last = int(ends[0]), int(ends[-1])
        if not 0 <= last - first <= MAX_RANGE:
            return []
        labels += [str(number) for number in range(first, last + 1)]
    return labels


def _is_citation(text: str, start: int, end: int) -> bool:
    """Whether a bracketed number cites: not the mass number of ``[18]F``, not an interval ``CI [12, 18]``."""
    if text[end : end + 1].isalpha() and text[start - 1 : start] not in (".", "!", "?", "]"):
        return False
    several = not text[start + 1 : end - 1].strip().isdigit()
    return not (several and _INTERVAL.search(text[max(0, start - 20) : start]))


def _links(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = _LINK.finditer(text, start, end)
    return [match.span() for match in found if not match[1] or _TARGET.search(match[1])]


def _groups(text: str, start: int, end: int, links: list[tuple[int, int]]) -> dict[int, tuple[int, list[Marker]]]:
    """Marker groups by where they begin (the ``^`` included): where each ends, and its markers."""
    groups: dict[int, tuple[int, list[Marker]]] = {}
    upcoming = iter(links)
    link = next(upcoming, None)
    for group in _GROUP.finditer(text, start, end):
        while link is not None and link[1] <= group.start():
            link = next(upcoming, None)
        if link is not None and link[0] < group.end():
            continue
        markers = []
        for bracket in _BRACKETS.finditer(text, *group.span()):
            if _is_citation(text, *bracket.span()):
                printed = bracket.group()
                markers += [Marker(label, *bracket.span(), printed) for label in _labels(printed)]
        if markers:
            groups[group.start()] = (group.end(), markers)
    return groups


def find_markers(text: str, start: int = 0, end: int | None = None) -> list[Marker]:
    """Find the citation markers printed in a span, in order; a list or range gives one per label, all with its span.

    Numbers of four digits (years), numbers in link texts, intervals and mass numbers are no markers.
    """
    stop = len(text) if end is None else end
    groups = _groups(text, start, stop, _links(text, start, stop))
    return [marker for _, markers in groups.values() for marker in markers]


def _is_initial(before: str, token: str, opens: bool) -> bool:
    """Whether a single capital is the initial of a name ("by J. Smith") and not a name's end ("drug A.")."""
    if not (len(token) == 1 and token.isupper()) or opens:
        return False
    last = before.strip("(,;*_")
    if last.lower() in _NUMBERED_THINGS:
        return False
    return not last or last[0].isupper() or last.lower() in _SMALL_WORDS


def _begins(word: str) -> bool:
    """Whether a word can begin a sentence: capital, digit, Greek letter, or a mixed-case name such as p53 or mTOR."""
    if not word or not word[0].islower() or not word[0].isascii():
        return True
    return any(ch.isupper() or ch.isdigit() for ch in word)


def _ends_sentence(text: str, start: int, dot: int, cited: bool, following: int, end: int) -> bool:
    """Whether the full stop at ``dot`` ends the sentence begun at ``start``; the next word is at ``following``."""
    found = _TOKEN_BEFORE.search(text, max(start, dot - 60), dot)
    before, token = (found.group(1) or "", found.group(2)) if found else ("", "")
    token = token.lstrip("([\"'*_\u201c\u2018")
    match = _NEXT.match(text, following, min(end, following + 60))
    word = match.group(1) if match else ""
    opens = word[:1].isupper() and word.rstrip(",;:").lower() in _OPENERS
    key = token.lower()
    if key in _NEVER or (key in _BEFORE_NUMBER and any(ch.isdigit() for ch in word)):
        return False
    if key in _BEFORE_NAME or (_DOTTED.fullmatch(token) and token[0].isupper()):
        return opens or (cited and word[:1].isupper())
    if _DOTTED.fullmatch(token):
        return word[:1].isupper() and (cited or word[1:2].islower() or opens)
    if not cited and _is_initial(before, token, opens):
        return False
    return cited or _begins(word)


def _boundaries(text: str, start: int, end: int, first: int) -> list[int]:
    """Where the sentences of a block end; no boundary before ``first``."""
    found = _links(text, start, end)
    groups = _groups(text, start, end, found)
    links = deque(found)
    ends: list[int] = []
    begin, position = start, start
    while (stop := _STOP.search(text, position, end)) is not None:
        position = stop.end()
        while links and links[0][1] <= stop.start():
            links.popleft()
        if (links and links[0][0] < stop.start()) or position <= first:
            continue
        tail = position
        while (at := _GAP.match(text, tail, end)) and at.end() in groups:
            tail = groups[at.end()][0]
        cited = tail > position
        if cited and (more := _AFTER_MARKERS.match(text, tail, end)):
            tail = more.end()
        following = tail
        while following < end and text[following].isspace():
            following += 1
        glued = following == tail and not (cited and text[tail : tail + 1].isupper())
        if following < end and (glued or not _decide(text, begin, stop, cited, following, end)):
            continue
        ends.append(tail)
        begin = position = following
    return ends


def _decide(text: str, begin: int, stop: re.Match[str], cited: bool, following: int, end: int) -> bool:
    if text[stop.start()] == "." and not text.startswith("..", stop.start()):
        return _ends_sentence(text, begin, stop.start(), cited, following, end)
    match = _NEXT.match(text, following, min(end, following + 60))
    return cited or _begins(match.group(1) if match else "")


def split_sentences(text: str, start: int, end: int, first: int = 0) -> list[tuple[int, int]]:
    """Cut a block into sentences, each with the markers printed after its full stop.

    :param first: no sentence ends at or before this place (the label of a caption, ``Table 1.``)
    """
    spans: list[tuple[int, int]] = []
    begin = start
    for boundary in [*_boundaries(text, start, end, first), end]:
        while begin < boundary and text[begin].isspace():
            begin += 1
        if begin < boundary:
            spans.append((begin, boundary))
        begin = max(begin, boundary)
    return spans
