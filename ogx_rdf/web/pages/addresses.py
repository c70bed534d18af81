"""Where a node has its page: the path of its IRI below the base of the corpus, and back."""

from __future__ import annotations

from urllib.parse import quote

from ...corpus import Corpus
from ...model import Iri
from ...namespaces import OGX
from ...oxi import is_iri
from .assets import versioned

__all__ = ["VOCABULARY", "Addresses"]

VOCABULARY = OGX.iri.removesuffix("#")
"""The IRI of the vocabulary; its terms are fragments of it, so they share one page."""

_SAFE = "/:@!$&'()*+,;=-._~"


class Addresses:
    """The addresses of pages as links give them.

    :param root: the path at which the pages are mounted, without a slash at its end
    """

    def __init__(self, corpus: Corpus, root: str = "") -> None:
        self._corpus = corpus
        self._root = root

    def page(self, path: str) -> str:
        """A page of this site, or a file that it sends as it is, by its path without the first slash."""
        path = versioned(path) if path.startswith("static/") else path
        return f"{self._root}/{quote(path, safe=_SAFE + '?#%')}"

    def iri(self, iri: str) -> str | None:
        """The page of a node: below the base of the corpus here, a term of the vocabulary at ``ns``; else None."""
        if iri.startswith(OGX.iri):
            return f"{self._root}/ns#{quote(iri[len(OGX.iri) :], safe=_SAFE)}"
        if iri == VOCABULARY:
            return f"{self._root}/ns"
        if iri.startswith(self._corpus.base) and len(iri) > len(self._corpus.base):
            return f"{self._root}/{quote(iri[len(self._corpus.base) :], safe=_SAFE)}"
        return None

    def curie(self, curie: object) -> str | None:
        """The page of a node, or the address of a term elsewhere, by its prefixed name."""
        name = str(curie)
        iri = self._corpus.expand(name) or (name if name.startswith(("http://", "https://")) else None)
        if iri is None:
            return None
        return self.iri(iri) or (iri if iri.startswith(("http://", "https://")) else None)

    def node(self, path: str) -> Iri | None:
        """The IRI that a path below the base names, or None where it can be none."""
        iri = f"{self._corpus.base}{path}"
        return Iri(iri) if is_iri(iri) else None
