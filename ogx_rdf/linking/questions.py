"""What endpoints are asked: each term in the properties of its own vocabulary, many terms in one query.

UniProt names a protein by ``up:recommendedName/up:fullName`` and says ``up:obsolete``; Wikidata leaves ``owl:sameAs``
behind where two items were merged; the OBO ontologies say ``owl:deprecated`` and ``IAO:0100001`` (term replaced by);
MeSH says ``meshv:active false``.  Wikidata and Bio2RDF also speak of the terms of others, under names of their own:
such an endpoint is asked ``via`` a property (``wdt:P352 "P10909"``) or an IRI of its own pattern
(``http://bio2rdf.org/drugbank:…``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import UsageError
from ..model import Iri
from ..namespaces import DCTERMS, OWL, RDFS, SKOS

__all__ = ["BATCH", "VIAS", "Question", "Reach", "complete_at", "describe", "neighbours", "reach", "via_of"]

BATCH = 50
"""The most terms that are named in one query."""

UP = "http://purl.uniprot.org/core/"
UNIPROT = "http://purl.uniprot.org/"
WD = "http://www.wikidata.org/entity/"
WDT = "http://www.wikidata.org/prop/direct/"
MESH = "http://id.nlm.nih.gov/mesh/"
IAO_REPLACED_BY = "http://purl.obolibrary.org/obo/IAO_0100001"
IAO_ALTERNATIVE = "http://purl.obolibrary.org/obo/IAO_0000118"
OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
BIO2RDF = "http://bio2rdf.org/"

Roles = tuple[tuple[str, str], ...]

_GENERAL: Roles = (
    ("label", f"<{RDFS.label}>|<{SKOS.prefLabel}>"),
    ("synonym", f"<{SKOS.altLabel}>|<{OBO_IN_OWL}hasExactSynonym>|<{IAO_ALTERNATIVE}>"),
    ("obsolete", f"<{OWL.deprecated}>"),
    ("replaced", f"<{IAO_REPLACED_BY}>|<{DCTERMS.isReplacedBy}>"),
    ("consider", f"<{OBO_IN_OWL}consider>"),
)
_ROLES: Mapping[str, Roles] = {
    "general": _GENERAL,
    "mesh": (*_GENERAL, ("active", f"<{MESH}vocab#active>")),
    "uniprot": (
        ("label", f"(<{UP}recommendedName>|<{UP}submittedName>)/<{UP}fullName>"),
        ("label", f"<{UP}scientificName>|<{RDFS.label}>|<{SKOS.prefLabel}>"),
        ("synonym", f"<{UP}mnemonic>|<{UP}name>|<{UP}commonName>|<{SKOS.altLabel}>"),
        ("synonym", f"<{UP}alternativeName>/<{UP}fullName>"),
        ("synonym", f"(<{UP}recommendedName>|<{UP}alternativeName>)/<{UP}shortName>"),
        ("synonym", f"<{UP}encodedBy>/<{SKOS.prefLabel}>"),
        ("obsolete", f"<{UP}obsolete>"),
        ("replaced", f"<{UP}replacedBy>"),
    ),
    "wikidata": (
        ("label", f"<{RDFS.label}>"),
        ("synonym", f"<{SKOS.altLabel}>"),
        ("merged", f"<{OWL.sameAs}>"),
    ),
    "bio2rdf": (("label", f"<{DCTERMS.title}>"), *_GENERAL),
}
"""For each way of speaking, the property paths and what is read from them."""

_NAMES = ("label", "synonym")

_WIKIDATA: Mapping[str, tuple[str, str]] = {
    "bto": ("P5501", "BTO:{}"),
    "cas": ("P231", "{}"),
    "cellosaurus": ("P3289", "CVCL_{}"),
    "chebi": ("P683", "{}"),
    "chembl.compound": ("P592", "{}"),
    "clinicaltrials": ("P3098", "{}"),
    "doid": ("P699", "DOID:{}"),
    "drugbank": ("P715", "{}"),
    "ensembl": ("P594", "{}"),
    "go": ("P686", "GO:{}"),
    "hgnc": ("P354", "{}"),
    "mesh": ("P486", "{}"),
    "mondo": ("P5270", "MONDO_{}"),
    "ncbigene": ("P351", "{}"),
    "ncbitaxon": ("P685", "{}"),
    "ncit": ("P1748", "{}"),
    "uberon": ("P1554", "{}"),
    "unii": ("P652", "{}"),
    "uniprot": ("P352", "{}"),
}
"""By prefix in small letters, the property under which Wikidata holds the identifier, and its form there."""

_BIO2RDF: Mapping[str, str] = {
    "clinicaltrials": "clinicaltrials",
    "drugbank": "drugbank",
    "hgnc": "hgnc",
    "mesh": "mesh",
    "ncbigene": "ncbigene",
    "ncbitaxon": "taxonomy",
}
"""By prefix in small letters, the name that Bio2RDF gives a vocabulary in its own IRIs."""

_UNIPROT: Mapping[str, str] = {"ncbigene": f"{UNIPROT}geneid/", "ncbitaxon": f"{UNIPROT}taxonomy/"}
"""By prefix in small letters, the namespace under which UniProt speaks of the terms of others."""

VIAS = ("own", "wikidata", "bio2rdf", "uniprot")
"""How an endpoint names the terms of others: by their own IRIs, or in its own way."""

_HOSTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "sparql.uniprot.org": ("uniprot", (f"{UNIPROT}uniprot/", f"{UNIPROT}isoforms/")),
    "query.wikidata.org": ("wikidata", (WD,)),
    "bio2rdf.org": ("bio2rdf", ()),
}
"""The endpoints known by name: how they name the terms of others, and the namespaces that they hold whole."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How an endpoint is asked about one term.

    :param key: the IRI, or with ``by`` the literal, that stands for the term there
    :param by: the property that holds the literal
    :param speaks: which properties are asked for
    """

    key: str
    by: Iri | None
    speaks: str


@dataclass(frozen=True, slots=True)
class Question:
    """A query on a list of keys; what is kept of an answer is kept by its template and one key."""

    name: str
    make: Callable[[Sequence[str]], str]
    batch: int = BATCH

    @property
    def template(self) -> str:
        """The query without its keys."""
        return self.make(())


def _host(endpoint: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(endpoint).hostname or ""


def via_of(endpoint: str, via: str | None) -> str:
    """How an endpoint names the terms of others: as asked for, else as its host is known to.

    :raises UsageError: for a way that is none of :data:`VIAS`
    """
    if via is None:
        return _HOSTS.get(_host(endpoint), ("own", ()))[0]
    if via not in VIAS:
        raise UsageError("E641", f"no way {via!r} to name terms", hint=f"Known: {', '.join(VIAS)}.")
    return via


def complete_at(endpoint: str) -> tuple[str, ...]:
    """The namespaces that an endpoint known by name holds whole."""
    return _HOSTS.get(_host(endpoint), ("own", ()))[1]


def reach(prefix: str, iri: str, namespace: str, via: str) -> Reach:
    """How a term is asked for at an endpoint.

    :param prefix: the prefix of the term in its mapping set, ``namespace`` what it stands for
    """
    local, name = iri[len(namespace) :], prefix.lower()
    if via == "wikidata" and name in _WIKIDATA:
        number, form = _WIKIDATA[name]
        return Reach(form.format(local), Iri(WDT + number), "wikidata")
    if via == "bio2rdf" and name in _BIO2RDF:
        return Reach(f"{BIO2RDF}{_BIO2RDF[name]}:{local}", None, "bio2rdf")
    if via == "uniprot" and name in _UNIPROT:
        return Reach(_UNIPROT[name] + local, None, "uniprot")
    for start, speaks in ((UNIPROT, "uniprot"), (WD, "wikidata"), (MESH, "mesh"), (BIO2RDF, "bio2rdf")):
        if iri.startswith(start):
            return Reach(iri, None, speaks)
    return Reach(iri, None, "general")


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _head(keys: Sequence[str], by: Iri | None) -> str:
    """What binds ?key and ?there.  It stands in every branch, since not every engine carries it in from outside."""
    if by is None:
        listed = " ".join(f"<{key}>" for key in keys)
        return f"VALUES ?there {{ {listed} }}"
    listed = " ".join(map(_literal, keys))
    return f"VALUES ?key {{ {listed} }} ?there <{by}> ?key ."


def _spoken(variable: str) -> str:
    """The condition that a name is English, or of no language."""
    return f"FILTER(LANG({variable}) IN ('', 'mul') || LANGMATCHES(LANG({variable}), 'en'))"


def describe(of: Reach) -> Question:
    """Whether the endpoint knows terms, what it calls them, and whether it has given them up."""
    key = "?there" if of.by is None else "?key ?there"

    def make(keys: Sequence[str]) -> str:
        head = _head(keys, of.by)
        parts = [f'{{ {{ SELECT DISTINCT {key} WHERE {{ {head} ?there ?any ?thing }} }} BIND("known" AS ?role) }}']
        for role, path in _ROLES[of.speaks]:
            if of.by is not None and role == "merged":
                continue
            which = _spoken("?value") if role in _NAMES else "FILTER(!ISBLANK(?value))"
            parts.append(f'{{ {head} ?there {path} ?value . {which} BIND("{role}" AS ?role) }}')
        return f"SELECT DISTINCT {key} ?role ?value WHERE {{\n  " + "\n  UNION ".join(parts) + "\n}"

    return Question("describe", make)


def neighbours(of: Reach, direction: str, limit: int) -> Question:
    """What the endpoint says directly of a term (``out``), or of others with regard to it (``in``), up to a limit.

    One row more than the limit is asked for, so that a cut answer is known as such.  Nodes without a name are left out:
    what hangs on them is no statement of its own.
    """
    key = "?there" if of.by is None else "?key ?there"
    triple = "?there ?property ?value" if direction == "out" else "?value ?property ?there"

    def make(keys: Sequence[str]) -> str:
        where = f"{_head(keys, of.by)} {triple} FILTER(!ISBLANK(?value))"
        inner = f"SELECT DISTINCT {key} ?property ?value WHERE {{ {where} }}"
        label = f"OPTIONAL {{ ?value <{RDFS.label}>|<{SKOS.prefLabel}> ?label . {_spoken('?label')} }}"
        return f"SELECT {key} ?property ?value ?label WHERE {{\n  {{ {inner} LIMIT {limit + 1} }}\n  {label}\n}}"

    return Question(direction, make, batch=1)
