"""The part of the Python API that changes a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..corpus import Corpus
    from .changing import Change
    from .writer import Writer

__all__ = ["Changing"]


class Changing:
    """What can be changed in a store that was built from a corpus."""

    corpus: Corpus

    def add(self, file: str | Path, *, store: str | Path, sources: Sequence[str] = ()) -> Change:
        """Put the claims of a file, with their evidence and new shared nodes, into a store; all or nothing.

        :param file: Turtle, TriG or N-Quads, also ``.gz``
        :param store: a folder made by :meth:`build`
        :param sources: files or folders of texts, or ``ID=FILE``, beside the usual places
        :raises UsageError: where there is no such store, or the file is of no syntax that is known
        :raises InputError: for a broken line, or a store that another process writes to or that cannot be written
        :raises RefusedError: where the file changes the vocabulary
        """
        from .changing import add

        with self.writer(store) as writer:
            return add(writer, file, sources=sources)

    def remove(self, name: str, *, store: str | Path, sources: Sequence[str] = ()) -> Change:
        """Take a claim with its evidence, a piece of evidence, or a node that nobody uses out of a store.

        :raises UsageError: where there is no such store, or nothing of this name in it
        :raises InputError: for a store that another process writes to, or that cannot be written
        :raises RefusedError: where others point at it, naming them
        """
        from .changing import remove

        with self.writer(store) as writer:
            return remove(writer, name, sources=sources)

    def writer(self, store: str | Path) -> Writer:
        """The right to write to a store, for many changes: ``with graph.writer(store) as writer: add(writer, file)``.

        Each change is there for readers at once, and they are not kept waiting; other writers are refused.

        :raises UsageError: where there is no such store
        :raises InputError: where another process writes to it
        """
        from .writer import Writer

        return Writer(Path(store), self.corpus)
