"""Oxigraph on disk, with values bound where its planner sees them.

The engine has a way to bind variables of its own, and plans without regard to it: it may begin with every claim
of the store though one is named.  A ``VALUES`` block at the head, as servers get it, is planned for: what is named
is looked up first.  In memory, where a corpus of files is small, the engine's own way stays.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Term
from ..oxi import Dataset
from ..sparql import selects
from .binding import bound

__all__ = ["Embedded"]


class Embedded(Dataset):
    """An Oxigraph store in a folder."""

    def _run(self, query: str, bindings: Mapping[str, Term] | None, shown: str) -> object:
        if bindings and selects(query):
            return super()._run(bound(query, bindings, shown), None, shown)
        return super()._run(query, bindings, shown)
