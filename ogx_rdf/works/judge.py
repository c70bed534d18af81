"""From what the registries answered on a work to its standing.

Retracted goes before corrected, that before superseded, that before current.  A registry that failed might have named
something, so beside a failure nothing is concluded to be current.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Iri
from ..records import Work
from .answers import UNSETTLED, Answer, MalformedAnswerError, read_crossref, read_pubmed, worst
from .client import CROSSREF, PUBMED, NoAnswerError, Reply
from .compare import Difference, compare
from .reading import identifiers
from .standing import Standing

__all__ = ["SCHEMES", "Asked", "Judgement", "judge"]

SCHEMES = {CROSSREF: "doi", PUBMED: "pmid"}
"""The identifier by which each registry is asked."""

_NOTICE = re.compile(r"doi:10[.][0-9]{4,9}/[^ ]+|pmid:[1-9][0-9]*")
_PAGES = {CROSSREF: "https://doi.org/{}", PUBMED: "https://pubmed.ncbi.nlm.nih.gov/{}/"}

Asked = Mapping[str, Reply | NoAnswerError]
"""What each registry answered on one work."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows from the answers.

    :param standing: None where nothing can be concluded
    :param silent: whether no registry has a record, so that a standing known before is not replaced
    :param says: what the registries say, in words
    """

    standing: Standing | None
    silent: bool
    says: tuple[str, ...]
    differences: tuple[Difference, ...]
    failures: tuple[str, ...]


def judge(work: Work, asked: Asked, names: Mapping[str, str], known: Mapping[str, Iri]) -> Judgement:
    """Judge a work by what was answered on it.

    :param names: how each registry is named as a source
    :param known: the works of the corpus by identifier, in lower case, for what takes the place of another
    """
    answers, days, absent, failures = _read(work, asked)
    says = [f"{names[r]}: {reason}" for r, answer in answers.items() for reason in (*answer.reasons, *answer.remarks)]
    says += [f"{names[registry]}: no record of {number}" for registry, number in absent.items()]
    differences = [d for r, answer in answers.items() for d in compare(work, answer.description, names[r])]
    word = worst(answer.standing for answer in answers.values())
    silent = not answers
    standing = None
    if not (failures and (silent or word == "current")):
        standing = Standing(
            word="unknown" if silent or word == UNSETTLED else word,
            checked=min(days[registry] for registry in answers or absent),
            source=" and ".join(names[registry] for registry in answers or absent),
            notices=_notices(work, answers, word),
            replaced_by=_later(work, answers, known) if word == "superseded" else None,
        )
        if standing.recordable != standing:
            says.append(
                f"recorded as unknown until {', '.join(standing.notices) or 'the later work'} is described here"
            )
    failed = tuple(f"{names[registry]}: {reason}" for registry, reason in failures.items())
    return Judgement(standing, silent, tuple(says), tuple(differences), failed)


def _read(work: Work, asked: Asked) -> tuple[dict[str, Answer], dict[str, str], dict[str, str], dict[str, str]]:
    """By registry: the answers, the days of all replies, the numbers without a record, the failures."""
    answers: dict[str, Answer] = {}
    days: dict[str, str] = {}
    absent: dict[str, str] = {}
    failures: dict[str, str] = {}
    for registry, reply in asked.items():
        scheme, read = SCHEMES[registry], read_crossref if registry == CROSSREF else read_pubmed
        number = identifiers(work)[scheme][0]
        if isinstance(reply, NoAnswerError):
            failures[registry] = str(reply)
        elif reply.data is None:
            absent[registry], days[registry] = f"{scheme}:{number}", reply.day
        else:
            try:
                answers[registry], days[registry] = read(reply.data, number), reply.day
            except MalformedAnswerError as exc:
                failures[registry] = f"its answer is not of the form expected: {exc}"
    return answers, days, absent, failures


def _notices(work: Work, answers: Mapping[str, Answer], word: str) -> tuple[str, ...]:
    """The notices by identifier; where none has one, the page of the registry that names the standing."""
    found = dict.fromkeys(n for answer in answers.values() for n in answer.notices if _NOTICE.fullmatch(n))
    if not found and word in ("retracted", "corrected"):
        naming = [registry for registry, answer in answers.items() if answer.standing == word]
        found = dict.fromkeys(_PAGES[registry].format(identifiers(work)[SCHEMES[registry]][0]) for registry in naming)
    return tuple(found)


def _later(work: Work, answers: Mapping[str, Answer], known: Mapping[str, Iri]) -> Iri | None:
    """The work of the corpus that takes the place, where it is one and the registries name it."""
    found = {known[name.lower()] for answer in answers.values() for name in answer.later if name.lower() in known}
    return found.pop() if len(found) == 1 and work.iri not in found else None
