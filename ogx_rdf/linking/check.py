"""link check: whether the terms that a corpus is mapped to still stand where they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Unpack

from ..corpus import Corpus
from ..model import Finding, Severity
from .asking import Asker, Manners
from .terms import STATES, Mapped, Said, Survey, survey

__all__ = ["LinkCheck", "by_reason", "four_answers", "link_check", "row_head"]

GONE = "link-gone"
OBSOLETE = "link-obsolete"
_HINTS = {
    GONE: "Look the term up there, map to what stands in its place, or record sssom:NoTermFound with the reason.",
    OBSOLETE: "Choose among what the endpoint names, and say in comment why; nothing was changed.",
}


def four_answers(counts: Mapping[str, int]) -> str:
    """The answer to a question on all mappings: whether there is any to ask about, and an answer on any."""
    if not counts["mappings"]:
        return "none"
    return "failed" if counts["failed"] + counts["not-asked"] == counts["mappings"] else "rows"


def row_head(corpus: Corpus, item: Mapped, said: Said) -> dict[str, object]:
    """What every row on a mapped term says first: what is mapped, where that stands, what is known of it."""
    return {
        "entity": corpus.curie(item.row.subject),
        "entity_label": item.row.for_readers.get("subject_label"),
        "predicate": item.row.predicate_id,
        "term": item.term,
        "iri": item.row.object,
        "mapping": item.iri,
        "file": item.file,
        "line": item.row.line,
        "state": said.state,
        "asked": said.asked,
        "there": list(said.there),
        "reason": said.reason,
    }


@dataclass(frozen=True)
class LinkCheck:
    """What an endpoint says of each mapped term."""

    corpus: Corpus
    survey: Survey

    @property
    def counts(self) -> dict[str, int]:
        """How many mappings there are, in all and by state."""
        by = Counter(said.state for _, said in self.survey.said)
        return {"mappings": len(self.survey.said), **{state: by[state] for state in STATES}}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Terms that are obsolete or gone, with the line of the mapping."""
        found = [_finding(item, said) for item, said in self.survey.said if said.state in ("gone", "obsolete")]
        return tuple(sorted(found, key=lambda finding: finding.sort_key))

    @property
    def answer(self) -> str:
        """``rows``, ``none`` where nothing is mapped, ``failed`` where there is no answer on any term."""
        return four_answers(self.counts)

    @property
    def exit_code(self) -> int:
        """3 where any look-up failed or nothing was answered, 1 where a term is obsolete or gone, else 0."""
        return 3 if self.counts["failed"] or self.answer == "failed" else int(bool(self.findings))

    def as_dict(self) -> dict[str, object]:
        """The check as a JSON object."""
        return {
            **self.survey.head(self.answer, self.corpus, self.counts, self.findings),
            "rows": [
                {
                    **row_head(self.corpus, item, said),
                    "label_there": list(said.labels),
                    "replaced_by": list(said.replaced),
                    "consider": list(said.consider),
                }
                for item, said in self.survey.said
            ],
        }

    def text(self) -> str:
        """The check as printed on a terminal: findings first, then what is not known, then the counts."""
        lines = []
        for finding in self.findings:
            lines += [f"{finding.file}:{finding.line}: {finding.severity}: {finding.message}", f"  {finding.hint}"]
        for state in ("failed", "unknown", "not-asked"):
            lines += by_reason(state, self.survey)
        lines += [
            f"{one.prefix}: not covered: the endpoint knows none of the {one.terms} mapped"
            for one in self.survey.vocabularies
            if one.covered is False
        ]
        counts = self.counts
        words = ", ".join(f"{counts[state]} {state}" for state in STATES)
        return "\n".join([*lines, f"{counts['mappings']} mappings at {self.survey.endpoint}: {words}"])


def by_reason(state: str, found: Survey) -> list[str]:
    """The terms of one state, a line for each reason."""
    groups: dict[str, list[str]] = {}
    for item, said in found.said:
        if said.state == state:
            groups.setdefault(said.reason or "", []).append(item.term)
    if state == "not-asked":
        return [f"not asked: {reason}: {len(terms)} mappings" for reason, terms in groups.items()]
    return [f"{state}: {reason}: {', '.join(dict.fromkeys(terms))}" for reason, terms in groups.items()]


def _finding(item: Mapped, said: Said) -> Finding:
    rule = GONE if said.state == "gone" else OBSOLETE
    named = f"{item.term}{f' ({said.labels[0]})' if said.labels else ''}"
    message = f"{item.row.subject_id} is mapped to {named}, which is {said.reason if rule == OBSOLETE else 'gone'}"
    if rule == GONE:
        message += f": {said.reason}"
    if said.replaced:
        message += f"; in its place: {', '.join(said.replaced)}"
    elif said.consider:
        message += f"; to consider: {', '.join(said.consider)}"
    return Finding(
        rule,
        Severity.VIOLATION,
        item.iri,
        item.row.predicate,
        item.row.object,
        f"{message} (asked {said.asked})",
        item.file,
        item.row.line,
        _HINTS[rule],
    )


def link_check(
    corpus: Corpus,
    endpoint: str,
    *,
    prefixes: Sequence[str] = (),
    whole: Sequence[str] = (),
    via: str | None = None,
    **manners: Unpack[Manners],
) -> LinkCheck:
    """Ask an endpoint whether it knows the mapped terms, and whether it has given any of them up.

    :param prefixes: only terms of these vocabularies (by the prefixes of the mapping sets)
    :param whole: vocabularies that the endpoint holds whole, so that what it does not know is gone
    :param via: how it names the terms of others: ``own``, ``wikidata``, ``bio2rdf``, ``uniprot``
    :param manners: how it is asked, as :class:`~ogx_rdf.linking.asking.Manners`
    :raises UsageError: for an address, a prefix or a number that cannot be
    :raises InputError: for mapping sets or a cache that cannot be used
    """
    asker = Asker(endpoint, **manners)
    return LinkCheck(corpus, survey(corpus, asker, prefixes=prefixes, whole=whole, via=via))
