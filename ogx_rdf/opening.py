"""The two ways to a :class:`~ogx_rdf.api.Graph`: open what is there, in files or in a store, or start a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .api import Graph
from .corpus import open_corpus

if TYPE_CHECKING:
    from .curation.scaffold import Started

__all__ = ["init", "open_graph"]


def open_graph(
    path: str | Path | None = None,
    *,
    store: str | Path | None = None,
    update_url: str | None = None,
    graph_store_url: str | None = None,
    timeout: float | None = None,
) -> Graph:
    """Open a corpus: ``path``, else the nearest one from here upwards, else the one that ships with the package.

    :param store: read the graph from a store: a folder made by ``build``, or the address where a SPARQL server is asked
        (the other two are where it is updated and loaded, if not where its engine usually has them); ``path`` then
        gives what is no part of the graph: hedges, chains, budget
    :param timeout: seconds to wait for a sign of the server; else OGX_RDF_TIMEOUT, else 60
    :raises UsageError: where ``path`` is no corpus, or ``store`` no store
    :raises InputError: where the store cannot be read, or holds no corpus
    """
    if store is None:
        return Graph(open_corpus(path))
    from .store.corpus import open_store

    return Graph(
        open_store(store, corpus=path, update_url=update_url, graph_store_url=graph_store_url, timeout=timeout)
    )


def init(directory: str | Path, *, document: str | Path, base: str | None = None, id: str | None = None) -> Started:
    """Start a corpus in ``directory`` with one document.

    :raises UsageError: where there is a corpus already, or the base or id is not usable
    :raises InputError: where the document cannot be read or the folder not written
    """
    from .curation.scaffold import init as start

    return start(directory, document=document, base=base, document_id=id)
