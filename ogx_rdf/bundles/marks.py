"""Marks: what a batch leaves behind for the rules that only the whole can decide.

Three kinds of rule look further than a bundle: *orphans* (nobody points at the node), *likenesses* (another node has
the same key), and *suspects* (something may stand elsewhere that this node lacks).  A batch writes down the nodes that
may break such a rule, and what it uses; where these are brought together (:mod:`.whole`) few candidates are left, and
the rule itself is asked about those.  A mark may name a node for nothing; it must never miss one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import product

from ..namespaces import C4O, DCTERMS, OGX, OWL, PROV, RDF, SKOS, SSSOM
from .batch import Batch, Said

__all__ = ["MATCHES", "ORPHANS", "USES", "Marks", "hashed", "lonely", "marks_of"]


def _b(iri: str) -> bytes:
    return iri.encode()


def _node(iri: str) -> bytes:
    return f"<{iri}>".encode()


TYPE, QUOTE, START, REPORT, MEASUREMENT = (_b(p) for p in (RDF.type, OGX.quote, OGX.start, OGX.report, OGX.measurement))
EVIDENCE_FOR, SKIPPED, ARM_OF, TRIAL_OF = (_b(OGX[name]) for name in ("evidenceFor", "skippedAs", "armOf", "inTrial"))
ASPECT_OF, ASPECT, INVOLVES, STUDY, SOURCE_TYPE = (
    _b(OGX[name]) for name in ("aspectOf", "aspect", "involves", "reportsStudy", "sourceType")
)
SOURCE_OF_QUOTE, ANNOTATED, SOURCE, PRIMARY_SOURCE = (
    _b(p) for p in (PROV.wasQuotedFrom, OWL.annotatedSource, DCTERMS.source, PROV.hadPrimarySource)
)
IDENTIFIER, EXACT, REPLACED = _b(DCTERMS.identifier), _b(SKOS.exactMatch), _b(DCTERMS.isReplacedBy)
CLAIM, TRIAL, WORK, ENTITY, PASSAGE = (_node(OGX[name]) for name in ("Claim", "Trial", "Work", "Entity", "Passage"))
NOTHING, PRIMARY = _node(SSSOM.NoTermFound), _node(OGX.primaryReport)
OUTSIDE = b"<" + _b(OGX.iri)
USES = {
    _b(OGX.evidenceFor): "e",
    _b(OGX.measurement): "m",
    _b(OGX.marker): "k",
    _b(OGX.cell): "l",
    _b(C4O.denotes): "d",
}
"""How a use of a node is written down, by property; "u" is any use but a mapping's, "s" a mapping's, "q" a quote's."""

ORPHANS = {
    "claim-orphan": "e",
    "measurement-orphan": "m",
    "part-orphan": "kl",
    "reference-orphan": "d",
    "entity-orphan": "u",
    "work-orphan": "us",
    "entity-mapped": "s",
}
"""The rules broken by a node that nobody uses, and the uses that acquit it."""

CLASSES = {
    f"<{OGX.Claim}>".encode(): "claim-orphan",
    f"<{OGX.Measurement}>".encode(): "measurement-orphan",
    f"<{OGX.Marker}>".encode(): "part-orphan",
    f"<{OGX.Cell}>".encode(): "part-orphan",
    f"<{OGX.Reference}>".encode(): "reference-orphan",
    f"<{OGX.Entity}>".encode(): "entity-orphan",
    f"<{OGX.Work}>".encode(): "work-orphan",
}
MAPPED = {
    f"<{OGX[name]}>".encode()
    for name in ("Assay", "CellLine", "Disease", "Drug", "Gene", "Pathway", "Protein", "Transcript", "Trial")
}
MATCHES = {_b(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")}
RESULT = {REPORT, MEASUREMENT, EVIDENCE_FOR, SOURCE}
PROPOSITION = (_b(RDF.subject), _b(RDF.predicate), _b(RDF.object))
CONTEXT = tuple(
    _b(OGX[name]) for name in ("inDisease", "inModel", "inTrial", "atLine", "inPopulation", "onBackground", "against")
)


@lru_cache(maxsize=1 << 16)
def _seven(name: bytes) -> bytes:
    return blake2b(name, digest_size=7).digest()


def hashed(kind: str, name: bytes) -> bytes:
    """Eight bytes for a use of a node: seven for the node, one for the use.

    Two nodes that fall together could hide one orphan: among ten million nodes that happens once in a thousand dumps.
    """
    return _seven(name) + kind.encode()


@dataclass(slots=True)
class Marks:
    """What some batches leave behind.

    :param used: a hash for every use of a node
    :param lonely: (rule, node) where the batch itself does not use the node
    :param keys: (group, hash of a key, node, what it is there) where another node with the same key would matter
    :param suspects: (rule, nodes) to be looked at together, wherever they stand
    :param passages: for the ledger: passages, and those skipped
    """

    used: set[bytes] = field(default_factory=set)
    lonely: list[tuple[str, bytes]] = field(default_factory=list)
    keys: list[tuple[str, bytes, bytes, str]] = field(default_factory=list)
    suspects: list[tuple[str, tuple[bytes, ...]]] = field(default_factory=list)
    passages: list[tuple[bytes, bool]] = field(default_factory=list)


Pairs = list[tuple[bytes, bytes]]


def _uses(said: Said) -> Iterator[tuple[str, bytes]]:
    for pairs in said.values():
        quotes = any(predicate == QUOTE for predicate, _ in pairs)
        for predicate, value in pairs:
            if value[:1] != b"<" or value.startswith(OUTSIDE):
                continue
            name = value[1:-1]
            yield ("s" if predicate == ANNOTATED else "u"), name
            if predicate in USES:
                yield USES[predicate], name
            elif predicate == SOURCE_OF_QUOTE and quotes:
                yield "q", name


def _key(*parts: bytes) -> bytes:
    return blake2b(b"\n".join(parts), digest_size=12).hexdigest().encode()


def _values(pairs: Pairs, predicate: bytes) -> list[bytes]:
    return [value for name, value in pairs if name == predicate]


def _claim_keys(pairs: Pairs) -> Iterator[bytes]:
    """The keys of a claim without its polarity: one, unless a context is given twice."""
    fixed = [_values(pairs, predicate) for predicate in PROPOSITION]
    context = [_values(pairs, predicate) or [b""] for predicate in CONTEXT]
    for parts in product(*fixed, *context):
        yield _key(*parts)


def _second_hand(batch: Batch, pairs: Pairs) -> Iterator[bytes]:
    """The studies from which a number that names no primary source may come."""
    trials: set[bytes] = set()
    for claim in _values(pairs, EVIDENCE_FOR):
        trials.update(_values(batch.said(claim[1:-1]), TRIAL_OF))
    for source in _values(pairs, SOURCE):
        trials.update(_values(batch.said(source[1:-1]), STUDY))
    yield from sorted(trials)


def _of_trial(pairs: Pairs) -> Iterator[tuple[str, bytes]]:
    for value in _values(pairs, IDENTIFIER):
        yield "trial-identifier-once", _key(b"trial", value)
    for value in _values(pairs, EXACT):
        if value != NOTHING:
            yield "trial-number-once", _key(b"record", value)


def _own_keys(kinds: list[bytes], have: set[bytes], pairs: Pairs) -> Iterator[tuple[str, bytes]]:
    """The keys under which there should be one node: the group of keys, and the key."""
    if CLAIM in kinds:
        for key in _claim_keys(pairs):
            yield "claim", key
    if ASPECT_OF in have and INVOLVES not in have:
        for parts in product(_values(pairs, ASPECT_OF), _values(pairs, ASPECT)):
            yield "entity-parts", _key(b"parts", *parts)
    if WORK in kinds:
        for value in _values(pairs, IDENTIFIER):
            yield "work-identifier-once", _key(b"work", value)
    if TRIAL in kinds:
        yield from _of_trial(pairs)


def _keys(batch: Batch, kinds: list[bytes], have: set[bytes], pairs: Pairs) -> Iterator[tuple[str, bytes, str]]:
    """All keys of a node: the group of keys, the key, and what the node is there."""
    for group, key in _own_keys(kinds, have, pairs):
        yield group, key, ""
    if WORK in kinds and (SOURCE_TYPE, PRIMARY) in pairs:
        for study in _values(pairs, STUDY):
            yield "study", _key(b"study", study), "primary"
    if have >= RESULT and PRIMARY_SOURCE not in have:
        for study in _second_hand(batch, pairs):
            yield "study", _key(b"study", study), "told"


def _suspects(name: bytes, have: set[bytes], pairs: Pairs) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    if REPLACED in have:
        yield "work-replaced-circle", (name,)
    if START in have:
        for claim in _values(pairs, EVIDENCE_FOR):
            if not name.startswith(claim[1:-1] + b"."):
                yield "evidence-twice", (name, claim[1:-1])


def lonely(kinds: list[bytes], have: set[bytes]) -> Iterator[str]:
    """The rules that the node breaks unless somebody uses it."""
    for kind in kinds:
        rule = CLASSES.get(kind)
        if rule is not None and not (rule == "entity-orphan" and ARM_OF in have):
            yield rule
    if ENTITY in kinds and not MAPPED.isdisjoint(kinds) and MATCHES.isdisjoint(have):
        yield "entity-mapped"


def marks_of(batch: Batch) -> Marks:
    """The marks of the own nodes of a batch."""
    marks = Marks()
    uses = set(_uses(batch.own))
    marks.used = {hashed(kind, name) for kind, name in uses}
    for name, pairs in batch.own.items():
        kinds = [value for predicate, value in pairs if predicate == TYPE]
        have = {predicate for predicate, _ in pairs}
        for rule in lonely(kinds, have):
            if not any((kind, name) in uses for kind in ORPHANS[rule]):
                marks.lonely.append((rule, name))
        marks.keys += [(group, key, name, role) for group, key, role in _keys(batch, kinds, have, pairs)]
        marks.suspects += _suspects(name, have, pairs)
        if PASSAGE in kinds:
            marks.passages.append((name, SKIPPED in have))
    return marks
