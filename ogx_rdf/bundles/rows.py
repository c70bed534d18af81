"""The rows of the evidence table that a batch gives."""

from __future__ import annotations

from collections.abc import Iterator

from ..audit.chains import follow
from ..audit.support import Literature
from ..model import Iri
from ..namespaces import OGX
from ..records import Records
from ..table.rows import Rows, merged, orphan_rows, rows_of, shared_rows
from .batch import Batch, Node, Reach
from .near import BatchCorpus
from .spool import Blocks
from .texts import Texts

__all__ = ["Tensions", "rows_of_batch"]

SIDES = (OGX.said.encode(), OGX.setAgainst.encode())


class Tensions:
    """Which tensions name a node: they point at claims, and nothing of a claim points back.

    :param blocks: the shared nodes
    :param base: the base of the corpus
    """

    def __init__(self, blocks: Blocks, base: str) -> None:
        self._of: dict[bytes, list[bytes]] = {}
        for name, runs in blocks.range(f"{base}tension/".encode()):
            for predicate, value in Node.of(name, runs).said:
                if predicate in SIDES:
                    self._of.setdefault(value[1:-1], []).append(name)

    def touching(self, batch: Batch, reach: Reach) -> Iterator[tuple[bytes, Node]]:
        """The tensions that name a node of a batch."""
        if not self._of:
            return
        for name in (*batch.own, *batch.near):
            for tension in self._of.get(name, ()):
                node = reach.node(tension)
                if node is not None:
                    yield tension, node


def rows_of_batch(corpus: BatchCorpus, texts: Texts | None, tensions: Tensions, reach: Reach) -> Rows:
    """The rows of a batch's own nodes."""
    batch = corpus.batch
    near = {**batch.near, **dict(tensions.touching(batch, reach))}
    whole = BatchCorpus(corpus, Batch(batch.runs, batch.own, near, batch.common), ())
    records = Records(whole)

    def own(iri: str) -> bool:
        return iri.encode() in batch.own

    literature = Literature(records)
    at_hand = {} if texts is None else dict(_texts(records, texts))
    chains = (follow(claim, records, at_hand, literature) for iri, claim in records.claims.items() if own(iri))
    parts = [rows_of(chain, records) for chain in chains]
    return merged([*parts, orphan_rows(records, own), shared_rows(records, own)])


def _texts(records: Records, texts: Texts) -> Iterator[tuple[Iri, str]]:
    for iri, document in records.documents.items():
        found = texts.find(iri, document.sha256 or "", document.file_name or "")
        if found is not None and found.matches:
            yield iri, found.text
