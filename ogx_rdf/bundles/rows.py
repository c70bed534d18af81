"""The rows of the evidence table that a batch gives."""

from __future__ import annotations

from collections.abc import Iterator

from ..audit.chains import follow
from ..audit.support import Literature
from ..model import Iri
from ..records import Records
from ..table.rows import Rows, merged, orphan_rows, rows_of, shared_rows
from .near import BatchCorpus
from .texts import Texts

__all__ = ["rows_of_batch"]


def rows_of_batch(corpus: BatchCorpus, texts: Texts | None) -> Rows:
    """The rows of a batch's own nodes."""
    batch = corpus.batch
    records = Records(corpus)

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
