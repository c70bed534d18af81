"""What every store can do, wherever it is: Oxigraph in memory, on disk, or a SPARQL server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..model import Term, Triple

if TYPE_CHECKING:
    from ..oxi import QueryAnswer

__all__ = ["Store", "is_url"]


def is_url(place: str | Path | None) -> bool:
    """Whether a place is the address of a server, and not a folder."""
    return isinstance(place, str) and "://" in place


class Store(Protocol):
    """A graph that can be asked, its named graphs seen as one."""

    def select(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> QueryAnswer:
        """Answer a SELECT (or an ASK, as one row ``answer``); bindings are bound as terms.

        :raises UsageError: for a query that is refused, a graph asked for as rows, or an unusable value
        :raises InputError: where the store cannot answer in full
        """
        ...

    def construct(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE as triples."""
        ...

    def has(self, subject: str) -> bool:
        """Whether anything is said of the subject."""
        ...

    def describe(self, subject: str) -> list[Triple]:
        """All triples of one subject."""
        ...

    def referrers(self, obj: str) -> list[Triple]:
        """All triples that point at one node."""
        ...

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Every triple with the graph that it is in, as the store holds it, read as it comes."""
        ...

    def triples_text(self) -> str:
        """The union of all graphs as sorted N-Triples, for validators."""
        ...

    def nquads(self) -> str:
        """All quads as sorted N-Quads, as the store holds them."""
        ...

    def __len__(self) -> int:
        """How many quads there are."""
        ...
