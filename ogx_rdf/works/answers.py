"""What the registries answer, read into one form: the standing of a work, what says so, and its description.

Crossref: ``GET /works/{doi}``, its REST API; the notices on a work stand in ``updated-by``, deposited by publishers or
taken from Retraction Watch.  PubMed: ``esummary.fcgi?db=pubmed&retmode=json`` of the NCBI E-utilities; notices stand in
``pubtype`` and ``references``.  NLM counts corrigenda, addenda and partial retractions as errata; so do we.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

__all__ = [
    "RANK",
    "UNSETTLED",
    "Answer",
    "Description",
    "MalformedAnswerError",
    "read_crossref",
    "read_pubmed",
    "worst",
]

UNSETTLED = "unsettled"
"""Named by a registry, and no word of the list of standings: an expression of concern, or a notice of a new kind."""

RANK = ("retracted", "corrected", "superseded", UNSETTLED, "current")
"""What prevails where several are named, first to last."""

CROSSREF_UPDATES = {
    "retraction": "retracted",
    "withdrawal": "retracted",
    "removal": "retracted",
    "partial_retraction": "corrected",
    "correction": "corrected",
    "corrigendum": "corrected",
    "erratum": "corrected",
    "addendum": "corrected",
    "clarification": "corrected",
    "new_version": "superseded",
    "new_edition": "superseded",
}
CROSSREF_RELATIONS = ("is-preprint-of", "is-replaced-by")
PUBMED_REFERENCES = {
    "retraction in": "retracted",
    "retracted and republished in": "retracted",
    "partial retraction in": "corrected",
    "erratum in": "corrected",
    "corrected and republished in": "corrected",
    "update in": "superseded",
    "expression of concern in": UNSETTLED,
}
PUBMED_REMARKS = (
    "republished in",
    "retraction of",
    "partial retraction of",
    "erratum for",
    "expression of concern for",
)
NOTICE_TYPES = ("Retraction of Publication", "Retraction Notice", "Published Erratum", "Expression of Concern")

_MARKED = re.compile(r"\W*(?:retracted|withdrawn)(?: (?:article|paper|chapter))?\s*[:\])]\s*", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


class MalformedAnswerError(Exception):
    """An answer that is JSON and not of the registry's form."""


@dataclass(frozen=True, slots=True)
class Description:
    """How a registry describes a work; what it does not give is None or empty.

    ``titles``, ``journals`` and ``years`` hold every form given (with and without subtitle, full and abbreviated name,
    online and in print); the first is the one to show.
    """

    titles: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    first_author: str | None = None
    journals: tuple[str, ...] = ()
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one registry says of one work.

    :param standing: a word of :data:`RANK`
    :param reasons: what names that standing, and any lesser one, in words
    :param notices: the notices by identifier, or as cited where they have none
    :param later: identifiers of what takes its place
    :param remarks: what is said besides, such as that the work is itself a notice
    """

    standing: str
    reasons: tuple[str, ...]
    notices: tuple[str, ...]
    later: tuple[str, ...]
    remarks: tuple[str, ...]
    description: Description


@dataclass
class _Reading:
    """What has been found so far."""

    named: list[tuple[str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def name(self, standing: str, reason: str, notice: str | None = None) -> None:
        self.named.append((standing, f"{reason}: {notice}" if notice else reason))
        if notice:
            self.notices.append(notice)
        if notice and standing == "superseded":
            self.later.append(notice)

    def answer(self, description: Description) -> Answer:
        return Answer(
            standing=worst(standing for standing, _ in self.named),
            reasons=tuple(dict.fromkeys(reason for _, reason in sorted(self.named, key=lambda n: RANK.index(n[0])))),
            notices=tuple(dict.fromkeys(self.notices)),
            later=tuple(dict.fromkeys(self.later)),
            remarks=tuple(dict.fromkeys(self.remarks)),
            description=description,
        )


def worst(standings: Iterable[str]) -> str:
    """The standing that prevails; ``current`` where none is named."""
    return min(standings, key=RANK.index, default="current")


def _objects(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise MalformedAnswerError(f"{name} is no list of objects")
    return value


def _text(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise MalformedAnswerError(f"{name} is no text")
    return " ".join(unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", value)).split()) or None if value else None


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name) or []
    if not isinstance(value, list):
        raise MalformedAnswerError(f"{name} is no list of texts")
    found = (_text({name: item}, name) for item in value)
    return tuple(text for text in found if text)


def _unmarked(title: str, reading: _Reading) -> str:
    """The title without "RETRACTED:" before it, which is a notice of its own."""
    marked = _MARKED.match(title)
    if not marked:
        return title
    reading.name("retracted", f"its title there begins with {marked[0].strip()!r}")
    return title[marked.end() :]


def _years(data: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    for name in ("published", "issued", "published-print", "published-online"):
        date = data.get(name) or {}
        try:
            year = date["date-parts"][0][0] if date else None
        except (KeyError, IndexError, TypeError) as exc:
            raise MalformedAnswerError(f"{name} is no date") from exc
        found += [str(year)] if year else []
    return tuple(dict.fromkeys(found))


def _crossref_description(message: Mapping[str, Any], reading: _Reading) -> Description:
    titles = [_unmarked(title, reading) for title in _texts(message, "title")]
    whole = [f"{titles[0]}: {subtitle}" for subtitle in _texts(message, "subtitle") if titles]
    writers = _objects(message, "author")
    names = [_text(w, "name") or ", ".join(filter(None, (_text(w, "family"), _text(w, "given")))) for w in writers]
    first = _text(writers[0], "family") or _text(writers[0], "name") if writers else None
    return Description(
        titles=(*titles, *whole),
        years=_years(message),
        authors=tuple(name for name in names if name),
        first_author=first,
        journals=(*_texts(message, "container-title"), *_texts(message, "short-container-title")),
        volume=_text(message, "volume"),
        issue=_text(message, "issue"),
        pages=_text(message, "page") or _text(message, "article-number"),
        identifiers={"doi": _text(message, "DOI") or ""},
    )


def read_crossref(data: Mapping[str, Any], doi: str) -> Answer:
    """Read what Crossref answers for a DOI.

    :raises MalformedAnswerError: where it has not the form of such an answer, or speaks of another work
    """
    message = data.get("message")
    if not isinstance(message, dict):
        raise MalformedAnswerError("it has no message")
    named = [_text(message, "DOI") or "", *_texts(message, "aliases")]
    if doi.lower() not in (name.lower() for name in named):
        raise MalformedAnswerError(f"it speaks of {named[0] or 'no DOI'}")
    reading = _Reading()
    for update in _objects(message, "updated-by"):
        kind = re.sub(r"\W", "_", (_text(update, "type") or "unnamed notice").lower())
        notice = _text(update, "DOI")
        reading.name(CROSSREF_UPDATES.get(kind, UNSETTLED), kind.replace("_", " "), f"doi:{notice}" if notice else None)
    for update in _objects(message, "update-to"):
        reading.remarks.append(f"is itself a notice ({_text(update, 'type')}) on doi:{_text(update, 'DOI')}")
    relation = message.get("relation") or {}
    if not isinstance(relation, dict):
        raise MalformedAnswerError("relation is no object")
    for kind in CROSSREF_RELATIONS:
        for other in _objects(relation, kind):
            scheme, value = _text(other, "id-type") or "doi", _text(other, "id")
            reading.name("superseded", kind.replace("-", " "), f"{scheme}:{value}" if value else None)
    return reading.answer(_crossref_description(message, reading))


def _pubmed_description(summary: Mapping[str, Any], reading: _Reading) -> Description:
    title = _text(summary, "title")
    writers = [w for w in _objects(summary, "authors") if _text(w, "name")]
    numbers = {_text(item, "idtype"): _text(item, "value") for item in _objects(summary, "articleids")}
    given = {"doi": numbers.get("doi"), "pmid": _text(summary, "uid"), "pmcid": numbers.get("pmc")}
    dates = " ".join(filter(None, (_text(summary, "pubdate"), _text(summary, "epubdate"))))
    return Description(
        titles=(_unmarked(title, reading).removesuffix("."),) if title else (),
        years=tuple(dict.fromkeys(_YEAR.findall(dates))),
        authors=tuple(_text(w, "name") or "" for w in writers),
        first_author=_text(writers[0], "name") if writers else None,
        journals=tuple(filter(None, (_text(summary, "fulljournalname"), _text(summary, "source")))),
        volume=_text(summary, "volume"),
        issue=_text(summary, "issue"),
        pages=_text(summary, "pages"),
        identifiers={scheme: value for scheme, value in given.items() if value},
    )


def read_pubmed(summary: Mapping[str, Any], pmid: str) -> Answer:
    """Read what the E-utilities give as summary of a PubMed number.

    :raises MalformedAnswerError: where it has not the form of such a summary, or speaks of another work
    """
    if _text(summary, "uid") != pmid:
        raise MalformedAnswerError(f"it speaks of {_text(summary, 'uid') or 'no PubMed number'}")
    reading = _Reading()
    types = _texts(summary, "pubtype")
    if "Retracted Publication" in types:
        reading.name("retracted", "retracted publication")
    reading.remarks += [f"is itself a notice ({kind})" for kind in NOTICE_TYPES if kind in types]
    for reference in _objects(summary, "references"):
        kind = (_text(reference, "reftype") or "").lower()
        number = _text(reference, "pmid")
        notice = f"pmid:{number}" if number else _text(reference, "refsource")
        if kind in PUBMED_REFERENCES:
            reading.name(PUBMED_REFERENCES[kind], kind, notice)
        elif kind in PUBMED_REMARKS:
            reading.remarks.append(f"{kind}: {notice}")
    return reading.answer(_pubmed_description(summary, reading))
