"""A work as curated beside a work as a registry describes it: what differs, and what is missing here.

Compared is what both give.  Case, accents, markup, punctuation and "and" for "&" make no difference, nor does the full
name of a journal where the short one stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ..records import Work
from .answers import Description
from .reading import described, identifiers, read_authors, read_venue

__all__ = ["Difference", "compare"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs, with both values; ``here`` is None where the corpus does not have it."""

    field: str
    here: str | None
    there: str
    registry: str

    def as_dict(self) -> dict[str, object]:
        """The difference as a JSON object."""
        return {"field": self.field, "here": self.here, "there": self.there, "registry": self.registry}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("&", "and")).casefold()
    return re.sub(r"[\W_]", "", "".join(c for c in plain if not unicodedata.combining(c)))


def _journal_forms(name: str) -> set[str]:
    """The forms of a journal's name that mean it: without a subtitle, a place in brackets, a leading article."""
    bare = re.split(r" : | \(", name)[0]
    return {_folded(re.sub(r"^the ", "", form, flags=re.IGNORECASE)) for form in (name, bare)}


def _pages(text: str) -> str:
    """Pages with the last one in full: 1287-96 is 1287-1296."""
    first, dash, last = re.sub(r"[‐‑–—]", "-", text).partition("-")
    shared = max(0, len(first) - len(last)) if first.isdigit() and last.isdigit() else 0
    return first + dash + first[:shared] + last


def _family(name: str) -> str:
    """What a first author is compared by: the family name, or the whole name of a body."""
    first = read_authors(name).names[:1]
    return next((_folded(n if isinstance(n, str) else n.family) for n in first), "")


def _title(work: Work, there: Description) -> Iterator[tuple[str, str | None, str]]:
    if not there.titles:
        return
    if described(work.title):
        yield "title", None, there.titles[0]
    elif _folded(work.title) not in map(_folded, there.titles):
        yield "title", work.title, there.titles[0]


def _people_and_year(work: Work, there: Description) -> Iterator[tuple[str, str | None, str]]:
    if there.years and not work.date:
        yield "year", None, " or ".join(there.years)
    elif there.years and work.date and work.date[:4] not in there.years:
        yield "year", work.date[:4], " or ".join(there.years)
    everyone = "; ".join(there.authors)
    if there.first_author and not work.creator:
        yield "authors", None, everyone
    elif there.first_author and work.creator:
        if _family(work.creator) not in (_family(there.first_author), _folded(there.first_author)):
            yield "first author", work.creator, everyone
        elif not read_authors(work.creator).complete:
            yield "authors", None, everyone


def _place(work: Work, there: Description) -> Iterator[tuple[str, str | None, str]]:
    names = {form for name in there.journals for form in _journal_forms(name)}
    venue = read_venue(work.venue)
    if names and not work.venue:
        yield "venue", None, " ".join(filter(None, (there.journals[0], there.volume)))
    elif names and venue and not names & _journal_forms(venue.journal):
        yield "journal", venue.journal, there.journals[0]
    if venue:
        for field, here, given in (
            ("volume", venue.volume, there.volume),
            ("issue", venue.issue, there.issue),
            ("pages", _pages(venue.pages), there.pages and _pages(there.pages)),
        ):
            if here and given and _folded(here) != _folded(given):
                yield field, here, given


def _numbers(work: Work, there: Description) -> Iterator[tuple[str, str | None, str]]:
    own = identifiers(work)
    for scheme, value in there.identifiers.items():
        if scheme not in own:
            yield scheme, None, value
        elif value.lower() not in (known.lower() for known in own[scheme]):
            yield scheme, ", ".join(own[scheme]), value


def compare(work: Work, there: Description, registry: str) -> tuple[Difference, ...]:
    """What differs, and what the corpus does not have, field by field."""
    found = (*_title(work, there), *_people_and_year(work, there), *_place(work, there), *_numbers(work, there))
    return tuple(Difference(field, here, value, registry) for field, here, value in found)
