"""Stores of each kind that hold a corpus, for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import Server

from ogx_rdf.corpus import Corpus
from ogx_rdf.publish.build import build
from ogx_rdf.publish.loading import load_corpus
from ogx_rdf.store import RemoteStore

BACKENDS = ["folder", "oxigraph", "virtuoso"]


@contextmanager
def knowing() -> Iterator[None]:
    """With the credentials of a new Virtuoso."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OGX_RDF_USER", "dba")
        patch.setenv("OGX_RDF_PASSWORD", "dba")
        yield


def emptied(server: Server) -> None:
    """Take away every graph that is not the engine's own."""
    store = RemoteStore(server.sparql)
    if graphs := store.graphs():
        store.update(" ; ".join(f"DROP SILENT GRAPH <{graph}>" for graph in graphs))


def filled(request: pytest.FixtureRequest, corpus: Corpus, folder: Path) -> str:
    """The place of a store of the kind that is asked for, which holds a corpus."""
    if request.param == "folder":
        build(corpus, folder / "graph.nq", folder / "store")
        return str(folder / "store")
    server: Server = request.getfixturevalue(request.param)
    emptied(server)
    load_corpus(corpus, server.sparql)
    return server.sparql
