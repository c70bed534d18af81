"""A batch as a corpus: what works on a corpus (rules, texts, audit) works on a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from ..corpus import Corpus
from ..model import Triple
from ..oxi import Dataset
from ..turtle import LineIndex
from .batch import Batch

__all__ = ["BatchCorpus"]


class _Places:
    """Where triples of a batch stand in the dump; has what findings ask of a :class:`LineIndex`."""

    def __init__(self, batch: Batch, files: Sequence[str]) -> None:
        self._batch, self._files = batch, files

    def place(
        self, subject: str, predicate: str | None = None, value: str | None = None
    ) -> tuple[str | None, int | None]:
        """File and line, as far as they are known."""
        found = self._batch.place(subject, predicate, value)
        if found is None or found[0] < 0:
            return None, None
        return self._files[found[0]], found[1] or None


class BatchCorpus(Corpus):
    """A batch with the names and settings of its corpus.

    :param corpus: the corpus that gives base, prefixes and settings
    :param files: the files of the dump, by number
    """

    def __init__(self, corpus: Corpus, batch: Batch, files: Sequence[str]) -> None:
        prefixes = corpus.prefixes
        self.root, self.config = corpus.root, corpus.config
        self.__dict__["prefixes"] = prefixes
        self.__dict__["index"] = cast(LineIndex, _Places(batch, files))
        self.batch = batch

    @property
    def dataset(self) -> Dataset:
        """The batch, loaded."""
        return self.batch.dataset

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Every triple of the batch, with the graph it belongs to."""
        for triple in self.batch.triples():
            yield triple, self.graph_of(triple[0])
