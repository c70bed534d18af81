"""A corpus loaded into a SPARQL server: its N-Quads, and the server's account of them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..corpus import Corpus
    from ..store.load import Loaded

__all__ = ["Served", "load_corpus"]


def load_corpus(
    corpus: Corpus,
    url: str,
    *,
    update_url: str | None = None,
    graph_store_url: str | None = None,
    timeout: float | None = None,
    loaded: bool = False,
) -> Loaded:
    """Load a corpus into the server that is asked at ``url``, in the place of what was loaded before.

    :param update_url: where it takes updates, and ``graph_store_url`` where it speaks the Graph Store Protocol, if not
        where its engine usually has them
    :param loaded: whether the server's own loader has loaded the N-Quads already, so that they are only compared
    :raises InputError: where the corpus cannot be read, or the server does not hold it in full afterwards
    """
    from ..documents.coverage import coverage
    from ..files import write_atomic
    from ..store.load import load
    from .build import nquads

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.nq"
        write_atomic(file, nquads(corpus))
        return load(
            url,
            file,
            base=corpus.base,
            coverage=coverage(corpus).counts(),
            update_url=update_url,
            graph_store_url=graph_store_url,
            timeout=timeout,
            loaded=loaded,
        )


class Served:
    """The part of the Python API that loads a server."""

    corpus: Corpus

    def load(
        self,
        url: str,
        *,
        update_url: str | None = None,
        graph_store_url: str | None = None,
        timeout: float | None = None,
        loaded: bool = False,
    ) -> Loaded:
        """Load the corpus into a SPARQL server, in the place of what was loaded before; what is there is compared.

        :param url: where the server is asked; the other two are where it is updated and loaded, if not where its engine
            usually has them
        :param timeout: seconds to wait for a sign of it; else OGX_RDF_TIMEOUT, else 60
        :param loaded: whether its own loader has loaded the N-Quads of :meth:`build` already
        :raises InputError: where the server cannot be reached, or does not hold the whole afterwards
        """
        return load_corpus(
            self.corpus,
            url,
            update_url=update_url,
            graph_store_url=graph_store_url,
            timeout=timeout,
            loaded=loaded,
        )
