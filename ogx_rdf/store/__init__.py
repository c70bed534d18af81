"""Where the graph lies: one interface, and several backends.

Oxigraph in memory and on disk is :class:`ogx_rdf.oxi.Dataset`; a server that speaks SPARQL 1.1 is
:class:`RemoteStore`.  What differs from engine to engine is handled here, or refused by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .interface import Store

if TYPE_CHECKING:
    from .remote import RemoteStore

__all__ = ["RemoteStore", "Store"]


def __getattr__(name: str) -> object:
    """Import what talks to servers on first use: a question to files needs none of it."""
    if name == "RemoteStore":
        from .remote import RemoteStore

        return RemoteStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
