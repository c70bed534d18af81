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
from .batch import Said

__all__ = ["ORPHANS", "Marks", "hashed", "marks_of"]


def _b(iri: str) -> bytes:
    return iri.encode()


TYPE, QUOTE = _b(RDF.type), _b(OGX.quote)
SOURCE_OF_QUOTE, ANNOTATED = _b(PROV.wasQuotedFrom), _b(OWL.annotatedSource)
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

_CLASSES = {
    f"<{OGX.Claim}>".encode(): "claim-orphan",
    f"<{OGX.Measurement}>".encode(): "measurement-orphan",
    f"<{OGX.Marker}>".encode(): "part-orphan",
    f"<{OGX.Cell}>".encode(): "part-orphan",
    f"<{OGX.Reference}>".encode(): "reference-orphan",
    f"<{OGX.Entity}>".encode(): "entity-orphan",
    f"<{OGX.Work}>".encode(): "work-orphan",
}
_MAPPED = {
    f"<{OGX[name]}>".encode()
    for name in ("Assay", "CellLine", "Disease", "Drug", "Gene", "Pathway", "Protein", "Transcript", "Trial")
}
_MATCHES = {_b(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")}
_CLAIM, _TRIAL = f"<{OGX.Claim}>".encode(), f"<{OGX.Trial}>".encode()
_NOTHING = f"<{SSSOM.NoTermFound}>".encode()
_RESULT = {_b(OGX.report), _b(OGX.measurement), _b(OGX.evidenceFor), _b(DCTERMS.source)}
_CONTEXT = tuple(
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


def _uses(said: Said, outside: bytes) -> Iterator[tuple[str, bytes]]:
    for pairs in said.values():
        quotes = any(predicate == QUOTE for predicate, _ in pairs)
        for predicate, value in pairs:
            if not value.startswith(b"<") or value.startswith(outside):
                continue
            name = value[1:-1]
            yield ("s" if predicate == ANNOTATED else "u"), name
            if predicate in USES:
                yield USES[predicate], name
            elif predicate == SOURCE_OF_QUOTE and quotes:
                yield "q", name


def _key(*parts: bytes) -> bytes:
    return blake2b(b"\n".join(parts), digest_size=12).hexdigest().encode()


def _values(pairs: list[tuple[bytes, bytes]], predicate: bytes) -> list[bytes]:
    return [value for name, value in pairs if name == predicate]


def _claim_keys(pairs: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """The keys of a claim without its polarity: one, unless a context is given twice."""
    fixed = [_values(pairs, _b(p)) for p in (RDF.subject, RDF.predicate, RDF.object)]
    context = [_values(pairs, predicate) or [b""] for predicate in _CONTEXT]
    for parts in product(*fixed, *context):
        yield _key(*parts)


def _entity_keys(pairs: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, bytes]]:
    if not _values(pairs, _b(OGX.involves)):
        for parts in product(_values(pairs, _b(OGX.aspectOf)), _values(pairs, _b(OGX.aspect))):
            yield "entity-parts", _key(b"parts", *parts)


def _identified(kinds: list[bytes], pairs: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, bytes]]:
    if f"<{OGX.Work}>".encode() in kinds:
        for value in _values(pairs, _b(DCTERMS.identifier)):
            yield "work-identifier-once", _key(b"work", value)
    if _TRIAL in kinds:
        for value in _values(pairs, _b(DCTERMS.identifier)):
            yield "trial-identifier-once", _key(b"trial", value)
        for value in _values(pairs, _b(SKOS.exactMatch)):
            if value != _NOTHING:
                yield "trial-number-once", _key(b"record", value)


def _studies(said: Said, name: bytes) -> list[bytes]:
    return _values(said.get(name, []), _b(OGX.reportsStudy))


def _primary(kinds: list[bytes], pairs: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, bytes, str]]:
    """A primary report stands against those who tell its results and do not name it: under the key of its study."""
    if (_b(OGX.sourceType), f"<{OGX.primaryReport}>".encode()) in pairs and f"<{OGX.Work}>".encode() in kinds:
        for study in _values(pairs, _b(OGX.reportsStudy)):
            yield "study", _key(b"study", study), "primary"


def _second_hand(own: Said, near: Said, pairs: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, bytes, str]]:
    """A number of a trial that names no primary source, under the keys of the studies that it may come from."""
    have = {predicate for predicate, _ in pairs}
    if not have >= _RESULT or _b(PROV.hadPrimarySource) in have:
        return
    claims = [value[1:-1] for value in _values(pairs, _b(OGX.evidenceFor))]
    trials = {study for name in claims for study in _values(own.get(name, near.get(name, [])), _b(OGX.inTrial))}
    for source in _values(pairs, _b(DCTERMS.source)):
        trials.update(_studies(near, source[1:-1]), _studies(own, source[1:-1]))
    for study in trials:
        yield "study", _key(b"study", study), "told"


def _suspects(name: bytes, pairs: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    have = {predicate for predicate, _ in pairs}
    if _b(DCTERMS.isReplacedBy) in have:
        yield "work-replaced-circle", (name,)
    if _b(OGX.start) in have:
        for claim in _values(pairs, _b(OGX.evidenceFor)):
            if not name.startswith(claim[1:-1] + b"."):
                yield "evidence-twice", (name, claim[1:-1])


def marks_of(own: Said, near: Said) -> Marks:
    """The marks of the own nodes of a batch.

    :param near: what is said of the nodes that they reach
    """
    marks = Marks()
    uses = set(_uses(own, b"<" + _b(OGX.iri)))
    marks.used = {hashed(kind, name) for kind, name in uses}
    for name, pairs in own.items():
        kinds = [value for predicate, value in pairs if predicate == TYPE]
        for rule in _lonely(kinds, pairs):
            if not any((kind, name) in uses for kind in ORPHANS[rule]):
                marks.lonely.append((rule, name))
        marks.keys += [(group, key, name, extra) for group, key, extra in _keys(own, near, kinds, pairs)]
        marks.suspects += _suspects(name, pairs)
        if f"<{OGX.Passage}>".encode() in kinds:
            marks.passages.append((name, any(p == _b(OGX.skippedAs) for p, _ in pairs)))
    return marks


def _keys(
    own: Said, near: Said, kinds: list[bytes], pairs: list[tuple[bytes, bytes]]
) -> Iterator[tuple[str, bytes, str]]:
    if _CLAIM in kinds:
        for key in _claim_keys(pairs):
            yield "claim", key, ""
    for group, key in (*_entity_keys(pairs), *_identified(kinds, pairs)):
        yield group, key, ""
    yield from _primary(kinds, pairs)
    yield from _second_hand(own, near, pairs)


def _lonely(kinds: list[bytes], pairs: list[tuple[bytes, bytes]]) -> Iterator[str]:
    """The rules that the node breaks unless somebody uses it."""
    have = {predicate for predicate, _ in pairs}
    for kind in kinds:
        rule = _CLASSES.get(kind)
        if rule is not None and not (rule == "entity-orphan" and _b(OGX.armOf) in have):
            yield rule
    if f"<{OGX.Entity}>".encode() in kinds and not _MAPPED.isdisjoint(kinds) and _MATCHES.isdisjoint(have):
        yield "entity-mapped"
