"""The fields of a work as curated, read into parts: who wrote it, where it appeared, under which numbers.

Nothing is completed: what does not read strictly stays the string that it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..records import Work

__all__ = ["Authors", "Person", "Venue", "described", "identifiers", "read_authors", "read_venue"]

_PERSON = re.compile(
    r"(?P<family>[^\W\d_][^\d,;:.()]*?) (?P<initials>[A-ZÀ-ÖØ-Þ]{1,4}|[A-ZÀ-ÖØ-Þ](?:-[A-ZÀ-ÖØ-Þ]){1,2})"
    r"(?: (?P<suffix>Jr|Sr|II|III|2nd|3rd))?"
)
_OTHERS = re.compile(r"(?:and )?(?:et al\.?|others)", re.IGNORECASE)
_VENUE = re.compile(
    r"(?P<journal>[^\d():;]*[^\d():;,.\s](?: \([^\d():;]+\))?) "
    r"(?P<volume>\d+)(?:\((?P<issue>[^()]+)\))?:(?P<pages>\w+(?:[-–]\w+)?)"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as curated: the family name and the initials, such as ``KN``."""

    family: str
    initials: str
    suffix: str | None = None

    @property
    def spaced(self) -> str:
        """The initials as abbreviated given names: ``K. N.``, ``J.-P.``."""
        return "-".join(". ".join(part) + "." for part in self.initials.split("-"))


@dataclass(frozen=True, slots=True)
class Authors:
    """Who wrote a work, in order: persons, and bodies by their name; ``complete`` is False after "et al."."""

    names: tuple[Person | str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Venue:
    """Where an article stands: journal, volume, issue if printed, pages or article number."""

    journal: str
    volume: str
    issue: str | None
    pages: str


def read_authors(creator: str | None) -> Authors:
    """Read a creator string such as ``Chi KN, Eisenhauer E, et al.``.

    A string in which nobody is written as family name and initials is one body ("OncoGenex Pharmaceuticals, Inc."),
    and each of several between semicolons.
    """
    groups = [_group(group) for group in (creator or "").split(";")]
    return Authors(tuple(name for names, _ in groups for name in names), all(complete for _, complete in groups))


def _group(text: str) -> tuple[tuple[Person | str, ...], bool]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    kept = [part for part in parts if not _OTHERS.fullmatch(part)]
    complete = len(kept) == len(parts)
    persons = [_PERSON.fullmatch(part) for part in kept]
    if not any(persons):
        return (", ".join(kept),) if kept else (), complete
    both = zip(persons, kept, strict=True)
    return tuple(Person(m["family"], m["initials"], m["suffix"]) if m else part for m, part in both), complete


def read_venue(citation: str | None) -> Venue | None:
    """Read ``Journal 97(17):1287-1296``, or None where the whole string is not of this form."""
    match = _VENUE.fullmatch(citation or "")
    return Venue(match["journal"], match["volume"], match["issue"], match["pages"]) if match else None


def described(title: str) -> bool:
    """Whether a title stands in square brackets: the curator's description of a work whose title was not seen."""
    return title.startswith("[") and title.endswith("]")


def identifiers(work: Work) -> Mapping[str, tuple[str, ...]]:
    """The identifiers of a work by scheme: ``{"doi": ("10.2147/OTT.S33077",)}``."""
    found: dict[str, tuple[str, ...]] = {}
    for identifier in work.identifiers:
        scheme, _, value = identifier.partition(":")
        found[scheme] = (*found.get(scheme, ()), value)
    return found
