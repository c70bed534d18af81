"""The dataset as rdflib's, for those who work with that library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .corpus import Corpus
from .model import Literal

if TYPE_CHECKING:
    import rdflib

__all__ = ["to_rdflib"]


def to_rdflib(corpus: Corpus) -> rdflib.Dataset:
    """The dataset with the graphs and prefixes of the corpus, and literals as the files write them."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    graphs: dict[str, rdflib.Graph] = {}
    for (subject, predicate, value), name in corpus.quads():
        if name not in graphs:
            graphs[name] = dataset.graph(rdflib.URIRef(name))
        node: rdflib.URIRef | rdflib.Literal
        if isinstance(value, Literal):
            kind = None if value.language else rdflib.URIRef(value.datatype)
            node = rdflib.Literal(value.value, lang=value.language, datatype=kind, normalize=False)
        else:
            node = rdflib.URIRef(value)
        graphs[name].add((rdflib.URIRef(subject), rdflib.URIRef(predicate), node))
    for prefix, namespace in corpus.prefixes.items():
        dataset.bind(prefix, namespace, override=True, replace=True)
    return dataset
