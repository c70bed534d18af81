"""Cutting a text into passages: headings, sentences, table rows, captions, links, references and the rest.

The rules are those of plain documents: blank lines, tabs, list numbers, the words that such documents use for
their parts ("References", "Contact", "Table 1:").  Nothing here knows any particular document.  Every character
that is not white space lies in exactly one passage.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Cell, Passage
from .sentences import find_markers, is_link, split_sentences

__all__ = ["KINDS", "UNCITED", "digest", "line_of", "reference_entry", "segment"]

KINDS = (
    "heading",
    "metadata",
    "sentence",
    "caption",
    "tableHeader",
    "tableRow",
    "link",
    "promotion",
    "contact",
    "reference",
)
"""The kinds of passage; each is an ``ogx:`` term."""

UNCITED = ("link", "reference")
"""The kinds in which bracketed numbers are not looked for."""

WRAPPED = 60
"""A line at least this long that ends without a stop goes on in the next line."""

_ANY = re.IGNORECASE
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_ENTRY = re.compile(r"(?:[-*\u2022]\s+)?(?:\[(\d{1,4})\]|(\d{1,4})[.)])\s+(?=\S)")
_BULLET = re.compile(r"(?:[-*\u2022\u2013]|\(?[0-9a-z]{1,2}[.)])\s")
_CAPTION = re.compile(
    r"[*_]*(?:supplementary\s+)?(?:table|figure|fig\.?|scheme|chart|box|plate)\s+[A-Z]?\d+[A-Za-z]?\s*(?:[:.|\u2014\u2013]|\Z)",
    _ANY,
)
_CITE_AS = re.compile(
    r"(?:[-*\u2022]\s+)?[*_]*(?:(?:how )?to cite|cite (?:this|as)|suggested citation|citation)\b[^.]{0,40}:", _ANY
)
_CONTACT = re.compile(
    r"[*_]*(?:e-?mail|phone|telephone|tel|mobile|fax|(?:postal |mailing )?address|web(?:site| ?page)?)\.?[*_]*:",
    _ANY,
)
_ABOUT = re.compile(
    r"[*_]*(?:authors?|editors?|affiliations?|date|published|publication date|publisher|version|revision|received|"
    r"accepted|title|journal|doi|pmid|pmcid|issn|isbn|cat(?:alog(?:ue)?)?\.? no\.?|cas(?: no\.?| number)?|key ?words|"
    r"licen[cs]e|copyright|source)[*_]*:",
    _ANY,
)
_LABEL = re.compile(r"[*_]*[A-Z][\w./&'\u2019 -]{0,40}:[*_]*(?:\s|$)")
_STOPPED = re.compile(r"[.!?;,\u2026][\"'\u201d\u2019)\]*_]*$")
_PICTURE = re.compile(r"!\[|\b(?:figure|image|picture|diagram|full[ -](?:resolution|size)|enlarge|download)\b", _ANY)
_NUMBERING = re.compile(r"(?:#{1,6}\s+)?(?:\d+(?:\.\d+)*\.?\s+)?")

_REFERENCES = re.compile(
    r"(?:reference list|references?(?: cited| and notes)?|bibliography|literature(?: cited)?|works cited|citations|"
    r"sources)",
    _ANY,
)
_CONTACTS = re.compile(r"(?:contacts?(?: us| information| details)?|correspondence|get in touch)", _ANY)
_NOTICE = re.compile(
    r"(?:disclaimer|legal notice|terms (?:of|and)|advertisement|sponsored|about (?:us|the (?:company|publisher)))\b.*"
    r"|(?:need|want|looking for|interested in|ready to|have questions|questions about)\b.*\?",
    _ANY,
)
_SCHOLARLY = re.compile(
    r"\b(?:abstract|summary|introduction|background|methods?|materials|results|discussion|conclusions?|appendix|"
    r"appendices|suppl\w*|extended data|figures?|tables?|legends?|acknowledge?ments?|funding|contributions|"
    r"availability|abbreviations|glossary|ethics|competing|conflicts?|protocols?|limitations)\b",
    _ANY,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that holds something: its span without outer white space, where it begins, its number."""

    begin: int
    start: int
    end: int
    number: int
    gap: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    """A passage before it is numbered and digested."""

    kind: str
    start: int
    end: int
    section: str | None
    row: int | None
    cells: tuple[Cell, ...]


def reference_entry(text: str) -> tuple[str, str] | None:
    """The label and the words of an entry of a reference list ("- 5. A paper …" gives "5", "A paper …"), or None."""
    found = _ENTRY.match(text)
    return (str(int(found[1] or found[2])), text[found.end() :]) if found else None


def _lines(text: str) -> Iterator[_Line]:
    gap = True
    for number, match in enumerate(_LINE.finditer(text), 1):
        begin = 1 if match.start() == 0 and text.startswith("\ufeff") else match.start()
        body = text[begin : match.end(1)]
        if body.strip():
            start = begin + len(body) - len(body.lstrip())
            yield _Line(begin, start, start + len(body.strip()), number, gap)
        gap = not body.strip()


def _tabular(text: str, line: _Line) -> bool:
    body = text[line.start : line.end]
    return "\t" in body or (body.startswith("|") and body.endswith("|") and body.count("|") > 2)


def _goes_on(text: str, line: _Line, following: _Line) -> bool:
    """Whether a paragraph runs from one line into the next: a hard-wrapped text."""
    after = text[following.start : following.end]
    if following.gap or _tabular(text, following) or _BULLET.match(after) or _LABEL.match(after) or is_link(after):
        return False
    if find_markers(text, following.start, min(following.end, following.start + 5)) or after.startswith("^"):
        return True
    before = text[line.start : line.end]
    return not _STOPPED.search(before) and (after[0].islower() or len(before) >= WRAPPED)


def _is_title_case(body: str) -> bool:
    words = [word for word in re.findall(r"[^\W_][\w'\u2019]*", body) if len(word) > 3]
    return all(not word[0].islower() for word in words)


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether a line that stands alone reads as a heading: short, without a stop, a citation or a bullet."""
    body = text[start:end]
    if body.startswith("#"):
        return True
    words = body.split()
    if len(words) > 20 or re.match(r"[-*\u2022\u2013]\s", body) or find_markers(text, start, end):
        return False
    if body[-1] in "?:":
        return _is_title_case(body) and len(words) <= 12
    word = words[0].strip("*_(")
    plain = word.islower() and word.isascii() and word.isalpha()
    return not _STOPPED.search(body) and not plain


def _part(name: str, back: bool) -> str:
    """The part of the document that a heading opens: body, references, contact or promotion."""
    if _REFERENCES.fullmatch(name):
        return "references"
    if _CONTACTS.fullmatch(name):
        return "contact"
    if _NOTICE.fullmatch(name) or back:
        return "promotion"
    return "body"


def _bare(heading: str) -> str:
    """A heading without its numbering, emphasis and final colon, to be compared with the names of parts."""
    return _NUMBERING.sub("", heading.strip("*_ "), count=1).strip("*_: ")


class _Cutter:
    """Cuts a text; holds what the lines so far say about the next one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = list(_lines(text))
        self.begins = [line.begin for line in self.lines]
        self.units: list[_Unit] = []
        self.section: str | None = None
        self.part = "body"
        self.front = True
        self.back = False
        self.picture = False

    def cut(self) -> list[_Unit]:
        at = 0
        while at < len(self.lines):
            rows = self._rows(at)
            last = at + rows - 1 if rows > 1 else self._last_line(at)
            if rows > 1:
                self._table(at, last)
            else:
                self._block(at, last)
            at = last + 1
        return self.units

    def _add(self, kind: str, start: int, end: int, row: int | None = None, cells: tuple[Cell, ...] = ()) -> None:
        self.units.append(_Unit(kind, start, end, self.section, row, cells))

    def _rows(self, at: int) -> int:
        """How many lines from here are rows of one table; one line alone is none."""
        end = at
        while end < len(self.lines):
            line = self.lines[end]
            inside = end > at and not line.gap and self.text[line.begin] == "\t"
            if (end > at and line.gap) or not (inside or _tabular(self.text, line)):
                break
            end += 1
        return end - at

    def _table(self, at: int, last: int) -> None:
        row = 0
        for line in self.lines[at : last + 1]:
            if not any(ch.isalnum() for ch in self.text[line.start : line.end]):
                self._add("metadata", line.start, line.end)
                continue
            self._add("tableRow" if row else "tableHeader", line.start, line.end, row, self._cells(line))
            row += 1
        self.picture = False

    def _cells(self, line: _Line) -> tuple[Cell, ...]:
        """The cells that hold something, with their columns counted from 1, empty ones included in the count."""
        body = self.text[line.start : line.end]
        pipes = "\t" not in body
        begin, end = (line.start + 1, line.end - 1) if pipes else (line.begin, line.end)
        cells = []
        for column, cell in enumerate(self.text[begin:end].split("|" if pipes else "\t"), 1):
            if cell.strip():
                start = begin + len(cell) - len(cell.lstrip())
                cells.append(Cell(column, start, start + len(cell.strip())))
            begin += len(cell) + 1
        return tuple(cells)

    def _last_line(self, at: int) -> int:
        """The last line of the paragraph or reference entry that begins here."""
        first = self.text[self.lines[at].start : self.lines[at].end]
        entry = self.part == "references" and reference_entry(first) is not None
        if first.startswith("#") or is_link(first) or _REFERENCES.fullmatch(_bare(first)):
            return at
        while at + 1 < len(self.lines):
            after = self.lines[at + 1]
            words = self.text[after.start : after.end]
            if self.part == "references" and reference_entry(words):
                break
            joined = entry and not after.gap and not _BULLET.match(words)
            if not joined and not _goes_on(self.text, self.lines[at], after):
                break
            at += 1
        return at

    def _block(self, at: int, last: int) -> None:
        line = self.lines[at]
        start, end = line.start, self.lines[last].end
        body = self.text[start:end]
        kind = self._kind(body, at, last)
        self.picture = kind == "link" and bool(_PICTURE.search(body))
        if kind == "heading":
            self.section = body.lstrip("#").strip("* ")
            name = _bare(body)
            self.back = (self.back or self.part == "references") and not _SCHOLARLY.search(name)
            self.part = _part(name, self.back)
        if kind in ("sentence", "promotion", "caption"):
            self._sentences(kind, start, end)
        else:
            self._add(kind, start, end)

    def _sentences(self, kind: str, start: int, end: int) -> None:
        lead = (_CAPTION if kind == "caption" else _BULLET).match(self.text[start:end])
        for first, last in split_sentences(self.text, start, end, start + lead.end() if lead else 0):
            words = self.text[first:last]
            if kind == "sentence" and is_link(words):
                self._add("link", first, last)
            else:
                self._add("contact" if _CONTACT.match(words) else kind, first, last)
        self.front = self.front and kind != "sentence"

    def _kind(self, body: str, at: int, last: int) -> str:
        """The kind of a block: by its own form first, then by the part of the document it stands in."""
        line = self.lines[at]
        lead = line.start + max(match.end() for match in (_NUMBERING.match(body), _BULLET.match(body)) if match)
        single = len(split_sentences(self.text, line.start, self.lines[last].end, lead)) == 1
        if (kind := self._form(body)) is not None:
            return kind
        if self.picture and single and body.endswith("."):
            return "caption"
        if self.part == "contact" and (not line.gap or any(ch.isdigit() or ch in ",@" for ch in body)):
            return "contact"
        if at and self.front and _LABEL.match(body) and not _STOPPED.search(body):
            return "metadata"
        if at == last and single and self._heading(at):
            return "heading"
        if self.part == "promotion" and find_markers(body):
            return "sentence"
        return {"references": "reference", "body": "sentence"}.get(self.part, self.part)

    def _form(self, body: str) -> str | None:
        if not any(ch.isalnum() for ch in body) or _CITE_AS.match(body):
            return "metadata"
        if self.part == "references" and reference_entry(body):
            return "reference"
        if is_link(body):
            return "link"
        forms = (("caption", _CAPTION), ("contact", _CONTACT), ("metadata", _ABOUT))
        return next((kind for kind, pattern in forms if pattern.match(body)), None)

    def _heading(self, at: int) -> bool:
        line = self.lines[at]
        body = self.text[line.start : line.end]
        if not _is_heading(self.text, line.start, line.end) or self._listed(at):
            return False
        if self.part != "references" or body.startswith("#"):
            return True
        name = _bare(body)
        known = _part(name, False) != "body" or _SCHOLARLY.search(name)
        return bool(line.gap and (known or (_is_title_case(body) and not re.search(r"[\d.,]", body))))

    def _listed(self, at: int) -> bool:
        """Whether a numbered line has another directly above or below it: a list, not headings."""
        around = self.lines[max(0, at - 1) : at + 2]
        numbered = [bool(_BULLET.match(self.text[line.start : line.end])) for line in around]
        mine = min(at, 1)
        above = mine == 1 and numbered[0] and not around[1].gap
        below = len(around) > mine + 1 and numbered[mine + 1] and not around[mine + 1].gap
        return numbered[mine] and (above or below)


def segment(text: str) -> list[Passage]:
    """Cut a text into passages, in order.

    Offsets are code points of the text as given: no newline translation, no normalisation.  A byte order mark at
    its head belongs to no passage.  Citation markers are looked for everywhere but in links and reference entries.
    """
    cutter = _Cutter(text)
    passages = []
    for number, unit in enumerate(cutter.cut(), 1):
        line = cutter.lines[bisect_right(cutter.begins, unit.start) - 1]
        passages.append(
            Passage(
                number=number,
                start=unit.start,
                end=unit.end,
                kind=unit.kind,
                section=unit.section,
                sha256=digest(text[unit.start : unit.end]),
                line=line.number,
                markers=() if unit.kind in UNCITED else tuple(find_markers(text, unit.start, unit.end)),
                cells=unit.cells,
                row=unit.row,
            )
        )
    return passages


def digest(text: str) -> str:
    """The SHA-256 of a text as UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def line_of(text: str, offset: int) -> int:
    """The 1-based line on which an offset lies; lines end with CRLF, LF or CR."""
    return len(re.findall(r"\r\n|\r|\n", text[:offset])) + 1
