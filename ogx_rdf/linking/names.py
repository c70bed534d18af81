"""Whether two names are one: the same, the same but for the way of writing, one of several, or another.

Case, hyphens and blanks are a way of writing (``OGX-011``, ``Ogx 011``); a digit, a sign or another order of the words
is not, since ``IL-2`` is not ``IL-12`` and a plus is not a minus.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

__all__ = ["AGREEING", "VERDICTS", "compare"]

VERDICTS = ("differs", "no-label", "not-recorded", "synonym", "spelling", "agrees")
"""What a comparison can give, the least agreement first."""

AGREEING = ("synonym", "spelling", "agrees")
"""The verdicts under which nothing is wrong."""

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d_]")
_JOINT = re.compile(r"(?<=\w)[-\s]+(?=\w)")


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _DASHES.sub("-", text)).casefold().replace("\u2019", "'").strip()
    return _JOINT.sub(_joined, plain)


def _joined(match: re.Match[str]) -> str:
    """Nothing where words meet; between two digits something stays, since 2-3 is not 23."""
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return " " if before.isdigit() and after.isdigit() else ""


def _among(names: Iterable[str], others: Iterable[str]) -> bool:
    return not {_key(name) for name in names}.isdisjoint(_key(other) for other in others)


def compare(here: Sequence[str], labels: Sequence[str], synonyms: Sequence[str]) -> str:
    """How names of ours agree with the labels and the synonyms that an endpoint gives; one of :data:`VERDICTS`."""
    here = [name for name in here if name]
    if not labels and not synonyms:
        return "no-label"
    if not here:
        return "not-recorded"
    if set(here) & set(labels):
        return "agrees"
    if _among(here, labels):
        return "spelling"
    return "synonym" if _among(here, synonyms) else "differs"
