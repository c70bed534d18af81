"""The part of the Python API that asks endpoints about the links of a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    from ..corpus import Corpus
    from .asking import Manners
    from .check import LinkCheck
    from .labels import LinkLabels
    from .neighbours import LinkNeighbours

__all__ = ["Linked"]


class Linked:
    """What can be asked of endpoints about the mapped terms of a corpus."""

    corpus: Corpus

    def link_check(
        self,
        endpoint: str,
        *,
        prefixes: Sequence[str] = (),
        whole: Sequence[str] = (),
        via: str | None = None,
        **manners: Unpack[Manners],
    ) -> LinkCheck:
        """Whether a SPARQL endpoint knows the mapped terms, and which of them it has given up.

        :param prefixes: only terms of these vocabularies; ``whole`` are those that the endpoint holds whole
        :param via: how it names the terms of others: ``own``, ``wikidata``, ``bio2rdf``, ``uniprot``
        :param manners: ``cache``, ``refresh``, ``offline``, ``max_age`` (days), ``timeout``, ``pace`` (seconds)
        :raises UsageError: for an address, a prefix or a number that cannot be
        :raises InputError: for mapping sets or a cache that cannot be used
        """
        from .check import link_check

        return link_check(self.corpus, endpoint, prefixes=prefixes, whole=whole, via=via, **manners)

    def link_labels(
        self,
        endpoint: str,
        *,
        prefixes: Sequence[str] = (),
        whole: Sequence[str] = (),
        via: str | None = None,
        **manners: Unpack[Manners],
    ) -> LinkLabels:
        """Whether the recorded labels, and our names, are those that an endpoint gives; as :meth:`link_check`."""
        from .labels import link_labels

        return link_labels(self.corpus, endpoint, prefixes=prefixes, whole=whole, via=via, **manners)

    def link_neighbours(
        self,
        endpoint: str,
        *,
        entity: str,
        limit: int | None = None,
        via: str | None = None,
        **manners: Unpack[Manners],
    ) -> LinkNeighbours:
        """What an endpoint says directly around the external identifiers of an entity; as :meth:`link_check`.

        :param limit: how many statements of each direction are shown of a term
        :raises UsageError: for an unknown or ambiguous entity
        """
        from .neighbours import link_neighbours

        return link_neighbours(self.corpus, endpoint, entity=entity, limit=limit, via=via, **manners)
