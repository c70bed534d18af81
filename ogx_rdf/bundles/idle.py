"""The rules that a batch gives no occasion for: they need not be asked.

Every entry is a condition without which the rule cannot find anything at a node of the batch; a test holds them to what
the rules find in the smallest invalid cases.
"""

from __future__ import annotations

from ..namespaces import C4O, CITO, DCTERMS, OGX, OWL, PROV, RDF, SEPIO, SKOS
from .batch import Batch, Said

__all__ = ["KINDS", "NEEDS", "Occasions"]

_CITATIONS = (
    C4O.denotes,
    CITO.cites,
    CITO.citesAsAuthority,
    CITO.citesAsEvidence,
    CITO.citesAsDataSource,
    CITO.citesAsSourceDocument,
    CITO.citesForInformation,
    CITO.isSupportedBy,
    CITO.obtainsSupportFrom,
    DCTERMS.references,
    DCTERMS.bibliographicCitation,
)

NEEDS: dict[str, tuple[str, ...]] = {
    "evidence-hedge-in-quote": (OGX.hedge,),
    "evidence-name": (OGX.evidenceFor,),
    "evidence-name-place": (OGX.evidenceFor,),
    "evidence-no-citation": _CITATIONS,
    "evidence-primary-source-other": (PROV.hadPrimarySource,),
    "evidence-report-complete": (OGX.report,),
    "evidence-twice": (OGX.evidenceFor,),
    "evidence-type-fits": (SEPIO["0000398"],),
    "evidence-via-other": (OGX.via,),
    "mapping-subject": (OWL.annotatedSource,),
    "marker-entry": (SKOS.notation,),
    "marker-linked": (SKOS.notation,),
    "passage-cited-and-skipped": (OGX.skippedAs,),
    "relies-on-target": (OGX.reliesOn,),
    "via-target": (OGX.via,),
}
"""Properties of which the focus of a rule has one at least."""

_LOOSE = (OGX.Document, OGX.Entity, OGX.Relation, OGX.Work)

KINDS: dict[str, tuple[str, ...]] = {"property-declared": _LOOSE, "property-known": _LOOSE}
"""Classes of which the focus of a rule has one at least."""

_TYPE = RDF.type.encode()
_NEEDS = {rule: frozenset(name.encode() for name in names) for rule, names in NEEDS.items()}
_KINDS = {rule: frozenset(f"<{name}>".encode() for name in names) for rule, names in KINDS.items()}
_OURS = f"<{OGX.iri}".encode()


class Occasions:
    """Tells which rules are idle in a batch.

    :param vocabulary: what is said of the terms of the vocabulary
    """

    def __init__(self, vocabulary: Said) -> None:
        self._declared = {b"<" + name + b">" for name, pairs in vocabulary.items() if any(p == _TYPE for p, _ in pairs)}

    def idle(self, batch: Batch) -> set[str]:
        """The ids of the rules that cannot find anything at the own nodes of a batch."""
        have: set[bytes] = set()
        kinds: set[bytes] = set()
        typed = True
        for pairs in batch.own.values():
            have.update([predicate for predicate, _ in pairs])
            own = [value for predicate, value in pairs if predicate == _TYPE]
            kinds.update(own)
            typed = typed and bool(own)
        found = {rule for rule, names in _NEEDS.items() if have.isdisjoint(names)}
        found |= {rule for rule, names in _KINDS.items() if kinds.isdisjoint(names)}
        if typed:
            found.add("node-typed")
        if all(kind in self._declared for kind in kinds if kind.startswith(_OURS)):
            found.add("class-declared")
        if not any(b" _:" in run.text for run in batch.runs):
            found.add("node-value")
        return found
