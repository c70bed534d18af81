"""How much of the documents is encoded: the ledger that stands beside every answer."""

from __future__ import annotations

from dataclasses import dataclass

from ..corpus import Corpus
from ..model import Iri
from ..namespaces import OGX, PROV
from ..turtle import natural_key

__all__ = ["Coverage", "coverage"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Passages by what became of them.

    :param documents: documents in the corpus
    :param passages: all passages; the sum of the next three
    :param encoded: quoted by some evidence
    :param skipped: not quoted, with a reason recorded
    :param open: neither
    :param open_passages: which those are, in order
    """

    documents: int
    passages: int
    encoded: int
    skipped: int
    open: int
    open_passages: tuple[Iri, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether "the source does not state this" may be said: there are passages, and none is open."""
        return self.passages > 0 and self.open == 0

    def as_dict(self) -> dict[str, object]:
        """The ledger as a JSON object."""
        return {
            "documents": self.documents,
            "passages": self.passages,
            "encoded": self.encoded,
            "skipped": self.skipped,
            "open": self.open,
            "complete": self.complete,
        }


def coverage(corpus: Corpus) -> Coverage:
    """Count the passages of a corpus that are encoded, skipped with a reason, or open."""

    def members(pattern: str) -> set[str]:
        query = f"PREFIX ogx: <{OGX.iri}> PREFIX prov: <{PROV.iri}> SELECT DISTINCT ?x WHERE {{ {pattern} }}"
        return {row["x"] for row in corpus.dataset.select(query, shown="coverage").texts()}

    passages = members("?x a ogx:Passage")
    encoded = passages & members("?evidence a ogx:Evidence ; ogx:quote ?quote ; prov:wasQuotedFrom ?x")
    skipped = (passages & members("?x ogx:skippedAs ?reason")) - encoded
    left = sorted(passages - encoded - skipped, key=natural_key)
    return Coverage(
        documents=len(members("?x a ogx:Document")),
        passages=len(passages),
        encoded=len(encoded),
        skipped=len(skipped),
        open=len(left),
        open_passages=tuple(Iri(iri) for iri in left),
    )
