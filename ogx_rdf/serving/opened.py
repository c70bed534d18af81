"""The graph as the workers read it: a store on disk that stays as it is while it is served."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..corpus import Corpus
from ..errors import UsageError
from ..oxi import Dataset
from ..publish.build import build
from ..store.built import Built

if TYPE_CHECKING:
    from ..api import Graph

__all__ = ["Opened", "open_for_serving"]


@dataclass
class Opened:
    """A store on disk that is only read.

    :param folder: where the engine's files are
    :param settings: the corpus that gives what is no part of the graph, if any
    :param version: the SHA-256 of the graph's N-Quads; empty for a store that was changed since it was built
    :param quads: how many there are
    :param made: removes what was made to be served
    :param held: what keeps the folder from being removed while it is served
    """

    folder: Path
    settings: Path | None
    version: str
    quads: int
    made: Callable[[], object] | None = field(default=None, repr=False)
    held: object = field(default=None, repr=False)

    def close(self) -> None:
        """Remove what was made to be served; let go of a folder that was there."""
        self.held = None
        if self.made is not None:
            self.made()


def open_for_serving(graph: Graph) -> Opened:
    """The store of a graph: its folder as it is now, or one made of its files in a temporary place.

    What is made is removed with :meth:`Opened.close`, or when Python ends.

    :raises UsageError: for a graph that lies in a SPARQL server
    :raises InputError: where the files cannot be read
    """
    corpus = graph.corpus
    if not corpus.stored:
        return _made(corpus)
    dataset = corpus.dataset
    if not isinstance(dataset, Dataset) or dataset.folder is None:
        raise UsageError(
            "E653",
            f"{corpus.place} is a server of its own",
            why="Questions are answered here by processes that read a store on disk.",
            hint="Serve a folder made by build --store, or the files of a corpus.",
        )
    settings = getattr(corpus, "settings", None)
    record = Built.read(dataset.folder)
    root = settings.root.resolve() if isinstance(settings, Corpus) else None
    return Opened(dataset.folder.resolve(), root, record.sha256, record.quads, held=dataset)


def _made(corpus: Corpus) -> Opened:
    top = Path(tempfile.mkdtemp(prefix="ogx-rdf-serve."))
    opened = Opened(top / "store", corpus.root.resolve(), "", 0)
    opened.made = weakref.finalize(opened, shutil.rmtree, top, ignore_errors=True)
    done = build(corpus, top / "graph.nq", opened.folder)
    opened.version, opened.quads = done.sha256, done.quads
    (top / "graph.nq").unlink()
    return opened
