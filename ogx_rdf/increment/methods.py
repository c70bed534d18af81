"""The part of the Python API that changes a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..corpus import Corpus
    from .changing import Change
    from .writer import Writer

__all__ = ["Changing", "open_writer"]


def open_writer(store: str | Path, *, corpus: str | Path | None = None) -> Writer:
    """The right to write to a store in a folder, with the names that are in it.

    :param corpus: gives what is no part of the graph (hedge words), where it is not the nearest one
    :raises UsageError: where there is no such store, or it is a server
    :raises InputError: where another process writes to it
    """
    from ..errors import UsageError
    from ..oxi import GENERATIONS, Dataset
    from ..store.corpus import open_store
    from ..store.interface import is_url
    from .writer import Writer, no_store

    if is_url(store):
        hint = f"Change the files, and load them: ogx-rdf build --store {store}"
        raise UsageError("E315", f"{store} is a server, and only stores in folders are changed in parts", hint=hint)
    if not (Path(store) / GENERATIONS).is_dir():
        raise no_store(Path(store))
    names = open_store(store, corpus=corpus)
    assert isinstance(names.dataset, Dataset)
    names.dataset.close()  # what is asked from here on is asked of the writer's copy
    return Writer(Path(store), names)


class Changing:
    """What can be changed in a store that was built from a corpus."""

    corpus: Corpus

    def add(
        self,
        file: str | Path,
        *,
        store: str | Path | None = None,
        sources: Sequence[str] = (),
        table: str | Path | None = None,
    ) -> Change:
        """Put the claims of a file, with their evidence and new shared nodes, into a store; all or nothing.

        :param file: Turtle, TriG or N-Quads, also ``.gz``
        :param store: a folder made by :meth:`build`; default that from which this graph is read
        :param sources: files or folders of texts, or ``ID=FILE``, beside the usual places
        :param table: the evidence table of the store, whose rows are brought up to the change
        :raises UsageError: where there is no such store, or the file is of no syntax that is known
        :raises InputError: for a broken line, or a store that another process writes to or that cannot be written
        :raises RefusedError: where the file changes the vocabulary
        """
        from .changing import add

        with self.writer(store) as writer:
            return add(writer, file, sources=sources, table=table)

    def remove(
        self,
        name: str,
        *,
        store: str | Path | None = None,
        sources: Sequence[str] = (),
        table: str | Path | None = None,
    ) -> Change:
        """Take a claim with its evidence, a piece of evidence, or a node that nobody uses out of a store.

        :raises UsageError: where there is no such store, or nothing of this name in it
        :raises InputError: for a store that another process writes to, or that cannot be written
        :raises RefusedError: where others point at it, naming them
        """
        from .changing import remove

        with self.writer(store) as writer:
            return remove(writer, name, sources=sources, table=table)

    def writer(self, store: str | Path | None = None) -> Writer:
        """The right to write to a store, for many changes: ``with graph.writer(store) as writer: add(writer, file)``.

        Each change is there for readers at once, and they are not kept waiting; other writers are refused.

        :raises UsageError: where there is no such store
        :raises InputError: where another process writes to it
        """
        if store is None:
            store = self.corpus.place
        return open_writer(store, corpus=self.corpus.root if (self.corpus.root / "corpus.toml").is_file() else None)
