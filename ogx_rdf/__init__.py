"""A literature claim held as RDF with its exact words, its citation and its certainty: check it, query it, audit it.

>>> from ogx_rdf import open_graph
>>> graph = open_graph()            # the nearest corpus, else the one that ships with the package
>>> graph.corpus.config.base
'https://w3id.org/ogx-rdf/'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import Graph
    from .errors import InputError, OgxError, RefusedError, UsageError
    from .opening import init, open_graph

__all__ = ["Graph", "InputError", "OgxError", "RefusedError", "UsageError", "__version__", "init", "open_graph"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import the public names on first use, so that ``import ogx_rdf`` alone costs next to nothing."""
    if name in __all__:
        from importlib import import_module

        module = ".errors" if name.endswith("Error") else ".api" if name == "Graph" else ".opening"
        return getattr(import_module(module, __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
