"""link labels: whether what a mapping set records as a term's label is what the term is called there.

Two comparisons stand side by side: the recorded label, and our own names of the entity.  The second is expected to
differ where the mapping is not exact.  Nothing is changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Unpack

from ..corpus import Corpus
from ..lookup import entity_names
from ..model import Finding, Severity
from .asking import Asker, Manners
from .check import by_reason, four_answers, row_head
from .names import VERDICTS, compare
from .terms import STATES, Mapped, Said, Survey, survey

__all__ = ["LinkLabels", "link_labels"]

DIFFERS = "link-label-differs"
_ANSWERED = ("known", "obsolete")


@dataclass(frozen=True)
class LinkLabels:
    """How names here and there agree, for each mapped term.

    :param names: our names of each entity, by its IRI
    """

    corpus: Corpus
    survey: Survey
    names: dict[str, tuple[str, ...]]

    @cached_property
    def compared(self) -> tuple[tuple[Mapped, Said, str | None, str | None], ...]:
        """Each term with the verdict on the recorded label and that on our names; None where nothing was answered."""
        found = []
        for item, said in self.survey.said:
            verdicts: tuple[str | None, str | None] = (None, None)
            if said.state in _ANSWERED:
                ours = self.names.get(item.row.subject, ())
                verdicts = (
                    compare([item.row.object_label], said.labels, said.synonyms),
                    compare(ours, said.labels, said.synonyms),
                )
            found.append((item, said, *verdicts))
        return tuple(found)

    @property
    def counts(self) -> dict[str, int]:
        """How many mappings there are: in all, by verdict on the recorded label, and without an answer by state."""
        verdicts = Counter(recorded for _, _, recorded, _ in self.compared)
        states = Counter(said.state for _, said in self.survey.said)
        open_ = {state: states[state] for state in STATES if state not in _ANSWERED}
        return {"mappings": len(self.compared), **{word: verdicts[word] for word in reversed(VERDICTS)}, **open_}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Recorded labels that the endpoint does not give, with the line of the mapping."""
        found = [_finding(item, said) for item, said, recorded, _ in self.compared if recorded == "differs"]
        return tuple(sorted(found, key=lambda finding: finding.sort_key))

    @property
    def answer(self) -> str:
        """``rows``, ``none`` where nothing is mapped, ``failed`` where there is no answer on any term."""
        return four_answers(self.counts)

    @property
    def exit_code(self) -> int:
        """3 where any look-up failed or nothing was answered, else 0: a label that differs is a warning."""
        return 3 if self.counts["failed"] or self.answer == "failed" else 0

    def as_dict(self) -> dict[str, object]:
        """The comparison as a JSON object."""
        return {
            **self.survey.head(self.answer, self.corpus, self.counts, self.findings),
            "rows": [
                {
                    **row_head(self.corpus, item, said),
                    "recorded": item.row.object_label or None,
                    "names_here": list(self.names.get(item.row.subject, ())),
                    "labels_there": list(said.labels),
                    "synonyms_there": list(said.synonyms),
                    "label": recorded,
                    "names": ours,
                }
                for item, said, recorded, ours in self.compared
            ],
        }

    def text(self) -> str:
        """The comparison as printed on a terminal: what does not agree word by word, then the counts."""
        lines = []
        for item, said, recorded, ours in self.compared:
            if recorded in (None, "agrees"):
                continue
            there = "; ".join(said.labels) or "no label"
            also = f"; our names of the entity: {ours}" if ours in ("synonym", "spelling", "agrees") else ""
            shown = item.row.object_label or "nothing"
            place = f"{item.file}:{item.row.line}"
            lines.append(f"{place}: {recorded}: {item.term}: recorded {shown!r}, there {there!r}{also}")
        lines += [line for state in ("failed", "unknown", "not-asked") for line in by_reason(state, self.survey)]
        words = ", ".join(f"{number} {word}" for word, number in self.counts.items() if word != "mappings")
        return "\n".join([*lines, f"{self.counts['mappings']} mappings at {self.survey.endpoint}: {words}"])


def _finding(item: Mapped, said: Said) -> Finding:
    there = ", ".join(repr(label) for label in said.labels or said.synonyms)
    return Finding(
        DIFFERS,
        Severity.WARNING,
        item.iri,
        item.row.predicate,
        item.row.object,
        f"{item.term} is recorded as {item.row.object_label!r}; the endpoint calls it {there} (asked {said.asked})",
        item.file,
        item.row.line,
        "Look at the term again: either it was renamed, or another one was meant.",
    )


def link_labels(
    corpus: Corpus,
    endpoint: str,
    *,
    prefixes: Sequence[str] = (),
    whole: Sequence[str] = (),
    via: str | None = None,
    **manners: Unpack[Manners],
) -> LinkLabels:
    """Compare recorded labels, and our names of the entities, with what an endpoint calls the terms.

    The parameters are those of :func:`ogx_rdf.linking.check.link_check`, and so is what is asked: after one of the two
    the other asks nothing more.

    :raises UsageError: for an address, a prefix or a number that cannot be
    :raises InputError: for mapping sets or a cache that cannot be used
    """
    asker = Asker(endpoint, **manners)
    names: dict[str, tuple[str, ...]] = {}
    for name in entity_names(corpus):
        names[name.iri] = (*names.get(name.iri, ()), name.text)
    return LinkLabels(corpus, survey(corpus, asker, prefixes=prefixes, whole=whole, via=via), names)
