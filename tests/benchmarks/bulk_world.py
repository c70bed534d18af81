"""The invented world of the generated data: names, entities, mappings, works, and how N-Quads lines are written.

Everything that documents share is a function of a number, so that it need not be kept: two documents in a row make a
group, which brings a drug, a protein and an aspect of it, and every other group a trial with its arms.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ogx_rdf import namespaces as ns

BASE = "https://example.org/bulk/"
OWN = {"c": "c/", "doc": "doc/", "entity": "entity/", "mapping": "mapping/", "tension": "tension/"}
OWN |= {"trial": "trial/", "work": "work/", "prefix": "prefix/"}
SPACES = {
    **{name: BASE + folder for name, folder in OWN.items()},
    **{
        name.lower(): getattr(ns, name).iri
        for name in (
            "C4O",
            "DCTERMS",
            "ECO",
            "FABIO",
            "OGX",
            "OWL",
            "PROV",
            "RDF",
            "RDFS",
            "SEPIO",
            "SKOS",
            "SSSOM",
            "XSD",
        )
    },
    "cito": "http://purl.org/spar/cito/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "unit": "http://qudt.org/vocab/unit/",
}

_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_FIRST = [s for s in _SYLLABLES if s not in ("le", "li", "mo")]
"""No name begins like a word that gives a direction ("led", "limit", "more")."""

PROCESSES = """autophagy|necrosis|cell migration|cell adhesion|wound closure|spore formation|lipid storage|heat shock
response|vesicle transport|membrane repair|cell spreading|colony growth|ion uptake|sugar uptake|spindle assembly|cell
ageing|budding|swarming|stalk formation|light response|iron storage|gel formation|pore closure|bead sorting|plaque
growth|foam formation|cell rounding|matrix softening|cilia beating|shell growth"""
PATHWAYS = "ρ-17|τ-4|Ω-2|κ-9|σ-30|λ-6|θ-12|ξ-5|φ-21|ψ-8|δ-3|ε-11|ζ-14|η-7|ι-15|μ-22|ν-1|π-18|χ-10|β-25"
ENDPOINTS = """overall survival|time to relapse|pain score|walking distance|days in hospital|sleep time|grip
strength|weight loss|fever days|lesion count|visual acuity|hearing threshold"""
DISEASES = "Testoma|Kreb fever|Solder lung|Marl rash|Tin ague|Fen palsy|Glass bone|Harbour cough|Peat eye|Loam gout"
MODELS = "T-1|T-2|K-9|S-40|M-7|F-12|G-3|H-88|P-5|L-61|Q-14|R-20"
PRESSES = "Example Press|Marl House|Tin Street Editions|Fen University Press"


def _list(names: str) -> list[str]:
    return " ".join(names.split()).split("|")


POOLS = {
    "process": ("Process", _list(PROCESSES)),
    "pathway": ("Pathway", [f"{name} pathway" for name in _list(PATHWAYS)]),
    "endpoint": ("Endpoint", _list(ENDPOINTS)),
    "disease": ("Disease", _list(DISEASES)),
    "model": ("Model", _list(MODELS)),
    "press": ("Organisation", _list(PRESSES)),
    "care": ("Therapy", ["best care"]),
}
"""What all documents share: the class, and the names."""


@lru_cache(maxsize=4096)
def iri(name: str) -> str:
    """A prefixed name as an IRI in angle brackets."""
    prefix, _, local = name.partition(":")
    return f"<{SPACES[prefix]}{local}>"


def lit(text: str) -> str:
    """A plain text in N-Quads."""
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def typed(text: object, datatype: str) -> str:
    """A literal of an XML Schema datatype."""
    return f'"{text}"^^{iri("xsd:" + datatype)}'


def graph_of(subject: str) -> str:
    """The named graph of a subject (both in angle brackets), as the loader of a corpus gives it."""
    folder, _, local = subject[len(BASE) + 1 : -1].partition("/") if subject.startswith(f"<{BASE}") else ("", "", "")
    if folder in ("c", "doc"):
        return f"<{BASE}{folder}/{local.partition('.')[0]}>"
    named = {"entity": "entities", "trial": "entities", "work": "works", "mapping": "mappings", "tension": "tensions"}
    return f"<{BASE}graph/{named.get(folder, 'vocabulary')}>"


Pairs = Iterable[tuple[str, str]]
A = iri("rdf:type")
LABEL = iri("rdfs:label")
PREF, ALT = iri("skos:prefLabel"), iri("skos:altLabel")
TITLE, DATE, IDENTIFIER = iri("dcterms:title"), iri("dcterms:date"), iri("dcterms:identifier")
SOURCE_TYPE = iri("ogx:sourceType")
ENTITIES, MAPPINGS, WORKS = (f"<{BASE}graph/{name}>" for name in ("entities", "mappings", "works"))


def node(out: list[str], subject: str, graph: str, pairs: Pairs) -> None:
    """Add the lines of a node."""
    for predicate, obj in pairs:
        out.append(f"{subject} {predicate} {obj} {graph} .\n")


def spoken(number: int) -> str:
    """An invented word of a number, no two alike."""
    first, second, third = len(_FIRST), len(_SYLLABLES), len(_SYLLABLES)
    turn, number = divmod(number, first * second * third)
    number = (number * 7919 + 4241) % (first * second * third)
    number, one = divmod(number, first)
    two, three = divmod(number, second)
    rest = ""
    while turn:
        turn, more = divmod(turn - 1, len(_SYLLABLES))
        rest += _SYLLABLES[more]
    return _FIRST[one] + _SYLLABLES[two] + _SYLLABLES[three] + rest


class Group:
    """What two documents in a row bring: a drug, a protein, an aspect of it, and perhaps a trial."""

    def __init__(self, number: int) -> None:
        self.number = number
        stem = spoken(number)
        self.drug, self.protein = f"{stem}tin", f"{stem}sin"
        self.x, self.y = iri(f"entity:{self.drug}"), iri(f"entity:{self.protein}")
        self.z = iri(f"entity:{self.protein}-synthesis")
        self.trial = stem.upper() if number % 2 == 0 else ""
        self.t = iri(f"trial:{stem}")
        self.regimen = iri(f"entity:{self.drug}-and-best-care")
        self.arms = iri(f"trial:{stem}-{self.drug}-arm"), iri(f"trial:{stem}-control-arm")

    def lines(self) -> list[str]:
        """The entities and mappings of the group."""
        out: list[str] = []
        _entity(out, self.x, "Drug", self.drug, self.drug.capitalize())
        _entity(out, self.y, "Protein", self.protein, self.protein.capitalize())
        _entity(out, self.z, "Aspect", f"{self.protein} synthesis")
        parts = [(iri("ogx:aspectOf"), self.y), (iri("ogx:aspect"), iri("ogx:synthesis"))]
        node(out, self.z, ENTITIES, parts)
        mapping(out, self.x, f"https://example.org/drugs/{self.drug}", self.drug)
        mapping(out, self.y)
        if self.trial:
            self._trial(out)
        return out

    def _trial(self, out: list[str]) -> None:
        care = iri("entity:best-care")
        _entity(out, self.t, "Trial", self.trial)
        node(out, self.t, ENTITIES, [(IDENTIFIER, lit(f"sponsor:BULK-{self.number:05}"))])
        mapping(out, self.t, f"https://example.org/trials/{self.number}", self.trial)
        _entity(out, self.regimen, "Regimen", f"{self.drug} with best care")
        node(out, self.regimen, ENTITIES, [(iri("ogx:component"), part) for part in (self.x, care)])
        for arm, receives, what in zip(self.arms, (self.regimen, care), (self.drug, "control"), strict=True):
            _entity(out, arm, "Arm", f"{self.trial}, {what} arm")
            node(out, arm, ENTITIES, [(iri("ogx:armOf"), self.t), (iri("ogx:receives"), receives)])


@lru_cache(maxsize=4096)
def group(number: int) -> Group:
    """The group of a number."""
    return Group(number)


def _entity(out: list[str], name: str, kind: str, label: str, *forms: str) -> None:
    kinds = [(A, iri("ogx:Entity")), (A, iri(f"ogx:{kind}"))]
    node(out, name, ENTITIES, [*kinds, (PREF, lit(label)), *((ALT, lit(form)) for form in forms)])


def mapping_of(entity: str, term: str = "") -> str:
    """The name of the node of a mapping, as the reader of mapping sets makes it."""
    local = entity.rpartition("/")[2][:-1]
    return iri(f"mapping:{local}.exactMatch.{term.rpartition('/')[2] or 'sssom-NoTermFound'}")


def mapping(out: list[str], entity: str, term: str = "", label: str = "") -> None:
    """A row of a mapping set: the term that an entity is, or that none was found."""
    match = f"<{term}>" if term else iri("sssom:NoTermFound")
    exact = iri("skos:exactMatch")
    said = [
        (A, iri("owl:Axiom")),
        (iri("owl:annotatedSource"), entity),
        (iri("owl:annotatedProperty"), exact),
        (iri("owl:annotatedTarget"), match),
        (iri("sssom:mapping_justification"), iri("semapv:ManualMappingCuration")),
        (iri("sssom:object_label"), lit(label)),
    ]
    if not term:
        said.append((iri("rdfs:comment"), lit("Invented.")))
    node(out, mapping_of(entity, term), MAPPINGS, said)
    if term:
        node(out, entity, MAPPINGS, [(exact, match)])


@lru_cache(maxsize=1024)
def shared(pool: str, number: int) -> tuple[str, str]:
    """A thing that all documents share: its IRI and its name."""
    return iri("entity:best-care" if pool == "care" else f"entity:{pool}-{number}"), POOLS[pool][1][number]


def shared_lines() -> list[str]:
    """The entities that all documents share."""
    out: list[str] = []
    for pool, (kind, names) in POOLS.items():
        for number, name in enumerate(names):
            entity = shared(pool, number)[0]
            _entity(out, entity, kind, name)
            if kind in ("Disease", "Pathway"):
                mapping(out, entity)
    return out


WORK_TYPES = ("primaryReport", "review", "news", "pressRelease")
EACH = len(WORK_TYPES)
"""How many works a document brings."""


def work(number: int) -> str:
    """The IRI of a work."""
    return iri(f"work:study-{number:06}")


def work_title(number: int) -> str:
    """What a work is called."""
    names = ("A trial of {}", "A review of {}", "News of {}", "The release on {}")
    return f"{names[number % EACH].format(group(number // EACH // 2).drug)} {number}"


def work_lines(number: int) -> list[str]:
    """A work, with its standing and the study that it reports where it has them."""
    out: list[str] = []
    of, kind = group(number // EACH // 2), WORK_TYPES[number % EACH]
    said = [(A, iri("ogx:Work")), (TITLE, lit(work_title(number))), (SOURCE_TYPE, iri(f"ogx:{kind}"))]
    said.append((DATE, lit(str(1990 + number % 35))))
    if kind == "primaryReport":
        said.append((IDENTIFIER, lit(f"doi:10.9999/bulk.{number}")))
    standing = {"primaryReport": "current", "pressRelease": "superseded"}.get(kind)
    if standing:
        said.append((iri("ogx:standing"), iri(f"ogx:{standing}")))
        said.append((iri("ogx:standingCheckedOn"), typed("2026-03-01", "date")))
        said.append((iri("ogx:standingSource"), lit("the publisher's page")))
    if kind == "pressRelease":
        said.append((iri("dcterms:isReplacedBy"), work(number - number % EACH)))
    if of.trial and kind != "review":
        said.append((iri("ogx:reportsStudy"), of.t))
    node(out, work(number), WORKS, said)
    return out
