"""IRIs that the code itself needs: the vocabulary, and the standard terms beside it.

``ontology/ogx.ttl`` declares every ``ogx:`` term; a test compares it with what is used here.
"""

from __future__ import annotations

from .model import Iri

__all__ = [
    "C4O",
    "CITO",
    "DCTERMS",
    "ECO",
    "FABIO",
    "OGX",
    "OWL",
    "PROV",
    "RDF",
    "RDFS",
    "SEPIO",
    "SH",
    "SKOS",
    "SSSOM",
    "XSD",
    "Namespace",
]


class Namespace:
    """A namespace whose terms are read as attributes: ``OGX.polarity``; or as items: ``OGX["end"]``."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, name: str) -> Iri:
        if name.startswith("__"):
            raise AttributeError(name)
        term = self.__dict__[name] = Iri(self.iri + name)  # found there from now on: this is asked for all the time
        return term

    def __getitem__(self, name: str) -> Iri:
        return Iri(self.iri + name)


OGX = Namespace("https://w3id.org/ogx-rdf/ns#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
PROV = Namespace("http://www.w3.org/ns/prov#")
C4O = Namespace("http://purl.org/spar/c4o/")
CITO = Namespace("http://purl.org/spar/cito/")
FABIO = Namespace("http://purl.org/spar/fabio/")
SH = Namespace("http://www.w3.org/ns/shacl#")
SEPIO = Namespace("http://purl.obolibrary.org/obo/SEPIO_")
ECO = Namespace("http://purl.obolibrary.org/obo/ECO_")
SSSOM = Namespace("https://w3id.org/sssom/")
