"""Where the graph lies: one interface, and several backends.

Oxigraph in memory and on disk is :class:`ogx_rdf.oxi.Dataset`; a server that speaks SPARQL 1.1 is
:class:`RemoteStore`.  What differs from engine to engine is handled here, or refused by name.
"""

from __future__ import annotations

from .interface import Store
from .remote import RemoteStore

__all__ = ["RemoteStore", "Store"]
