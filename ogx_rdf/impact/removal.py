"""What is removed, and the records of a corpus without it; the files and the records they give stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..audit.support import Literature
from ..errors import UsageError
from ..lookup import resolve
from ..model import Iri
from ..records import Document, Evidence, Records, Reference, StoredPassage, Work
from ..turtle import natural_key
from .policies import Policy

__all__ = ["Remaining", "Removal", "excluded_by", "removal_of"]


@dataclass(frozen=True, slots=True)
class Removal:
    """Documents, entries of reference lists and works that count no more.

    ``asked`` says in a line each what was asked for, and what falls with it.
    """

    documents: frozenset[Iri] = frozenset()
    references: frozenset[Iri] = frozenset()
    works: frozenset[Iri] = frozenset()
    asked: tuple[str, ...] = ()

    def __or__(self, other: Removal) -> Removal:
        """Both together."""
        return Removal(
            self.documents | other.documents,
            self.references | other.references,
            self.works | other.works,
            (*self.asked, *other.asked),
        )

    def with_entries(self, records: Records) -> Removal:
        """The same with the entries that denote a work removed: a work falls with all its entries."""
        fallen = (entry.iri for entry in records.references.values() if entry.work in self.works)
        return replace(self, references=self.references.union(fallen))


def removal_of(names: Sequence[str], records: Records) -> Removal:
    """What falls with the things named: an entry, a work, a study with all works that report it, or a document.

    :param names: as on the command line: ``ref:5``, ``work:…``, ``trial:…``, ``doc:…``
    :raises UsageError: E501 or E502 for a name, E530 for a thing that is none of these
    """
    found = Removal()
    for name in names:
        found |= _one(name, resolve(records.corpus, name), records)
    return found.with_entries(records)


def _one(name: str, iri: Iri, records: Records) -> Removal:
    curie = records.corpus.curie
    told = f"{curie(iri)} {records.label(iri)}"
    if iri in records.references:
        entry = records.references[iri]
        return Removal(references=frozenset([iri]), asked=(f"entry [{entry.label}] {entry.content} ({curie(iri)})",))
    if iri in records.works:
        return Removal(works=frozenset([iri]), asked=(f"work {told}",))
    if iri in records.documents:
        return Removal(documents=frozenset([iri]), asked=(f"document {told}",))
    literature = Literature(records)
    works = [work for work in records.works if literature.study(iri) in literature.studies(work)]
    if works:
        return Removal(works=frozenset(works), asked=(f"study {told}, with {_listed(works, records)}",))
    raise UsageError(
        "E530",
        f"{name} cannot be removed: {curie(iri)} is no entry, work, document, or study that a work reports",
        hint="Name what claims rest on, for example: ogx-rdf impact --remove ref:5",
    )


def excluded_by(policy: Policy, records: Records) -> Removal:
    """What a policy excludes."""
    entries, works = policy.excluded(records)
    listed = _listed([*entries, *works], records) or "nothing of this corpus"
    asked = (f"policy {policy.name}, which excludes {listed}",) if _excludes(policy) else ()
    return Removal(references=frozenset(entries), works=frozenset(works), asked=asked).with_entries(records)


def _excludes(policy: Policy) -> bool:
    return any(tier.tier == "excluded" for tier in policy.tiers)


def _listed(iris: Iterable[Iri], records: Records) -> str:
    return ", ".join(records.corpus.curie(iri) for iri in sorted(iris, key=natural_key))


class Remaining(Records):
    """The records of a corpus without what was removed.

    The markers of a removed entry are gone from their passages, reports read in a removed work or of its results are
    gone, and all that is quoted from a removed document.  Every claim is still there, with the evidence that is left.
    """

    def __init__(self, whole: Records, removal: Removal) -> None:
        super().__init__(whole.corpus)
        self._whole = whole
        self._removal = removal
        self.nodes = whole.nodes

    @cached_property
    def works(self) -> dict[Iri, Work]:
        """The works left."""
        return {iri: work for iri, work in self._whole.works.items() if iri not in self._removal.works}

    @cached_property
    def references(self) -> dict[Iri, Reference]:
        """The entries left; one that denoted a removed work is gone with it."""
        gone = self._removal
        return {
            iri: entry
            for iri, entry in self._whole.references.items()
            if iri not in gone.references and entry.document not in gone.documents
        }

    @cached_property
    def documents(self) -> dict[Iri, Document]:
        """The documents left."""
        return {iri: item for iri, item in self._whole.documents.items() if iri not in self._removal.documents}

    @cached_property
    def passages(self) -> dict[Iri, StoredPassage]:
        """The passages left, without the markers of removed entries."""
        return {
            iri: replace(passage, markers=tuple(m for m in passage.markers if self._counts(m.reference)))
            for iri, passage in self._whole.passages.items()
            if passage.document not in self._removal.documents
        }

    def _counts(self, reference: Iri | None) -> bool:
        return reference is None or reference not in self._removal.references

    @cached_property
    def evidence(self) -> dict[Iri, Evidence]:
        """The evidence left."""
        return {
            iri: replace(item, passage=self.passages[item.passage.iri]) if item.passage else item
            for iri, item in self._whole.evidence.items()
            if self._stands(item)
        }

    def _stands(self, item: Evidence) -> bool:
        if item.passage and item.passage.document in self._removal.documents:
            return False
        return item.quoted or self._removal.works.isdisjoint(filter(None, (item.source, item.primary_source)))
