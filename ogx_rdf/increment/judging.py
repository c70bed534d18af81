"""What rules and texts find in what a change touches: the same judges as of a dump, fed by look-ups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from ..bundles.batch import Batch
from ..bundles.judge import LIKENESSES, Judge
from ..bundles.marks import ORPHANS, USES, lonely
from ..bundles.near import BatchCorpus
from ..bundles.spool import Run
from ..bundles.texts import changed_findings
from ..bundles.whole import Group, group_findings, nodes_of
from ..model import Finding
from ..namespaces import DCTERMS, OGX, OWL, PROV, RDF
from .ledger import Key, Ledger
from .parts import keys_of
from .scope import Scope
from .view import View

__all__ = ["Look", "Looking"]

LOT = 8_000
"""Lines that are judged together, about."""

_TYPE, _QUOTE, _QUOTED_FROM = RDF.type.encode(), OGX.quote.encode(), PROV.wasQuotedFrom.encode()
_ANNOTATED, _REPLACED, _SKIPPED = OWL.annotatedSource.encode(), DCTERMS.isReplacedBy.encode(), OGX.skippedAs.encode()
_PASSAGE, _EVIDENCE = f"<{OGX.Passage}>".encode(), f"<{OGX.Evidence}>".encode()
_PREDICATES = {kind: predicate for predicate, kind in USES.items()} | {"s": _ANNOTATED}
_LONGEST = 1000
"""So many works of a chain of replacements are followed."""


@dataclass(slots=True)
class Look:
    """What is found in the scope of a change, in one view.

    :param keys: the keys of the nodes in it
    :param states: what became of each passage: ``encoded``, ``skipped``, ``open``
    """

    findings: list[Finding] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    states: dict[bytes, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


class Looking:
    """Looks at the scope of a change.

    :param judge: what holds batches to rules and texts; it is given the view as what it reaches
    :param ledger: knows who else has a key
    """

    def __init__(self, judge: Judge, ledger: Ledger) -> None:
        self.judge, self.ledger = judge, ledger

    def keys(self, view: View, scope: Scope) -> set[Key]:
        """The keys of the nodes in a scope, in a view."""
        self.judge.reach = view.reach()
        batches = (batch for shared in (False, True) for batch in self._batches(view, scope.parts, shared=shared))
        return set().union(*(keys_of(batch) for batch in batches))

    def look(
        self, view: View, scope: Scope, parts: Sequence[str], asked: set[Key], stale: Collection[str] = ()
    ) -> Look:
        """What is found in a view.

        :param parts: those of the scope that are judged
        :param asked: keys of which it matters who has them, beside those of the nodes in the scope
        :param stale: nodes of which the ledger does not say what they are in this view
        """
        self.judge.reach = view.reach()
        seen = Look()
        for shared in (False, True):
            for batch in self._batches(view, parts, shared=shared):
                self._judge(view, batch, seen, shared=shared)
                seen.keys |= keys_of(batch)
        groups = [*self._orphans(view, scope), *self._alike(seen.keys, asked, stale), *self._circles(view, scope)]
        for passage in sorted(scope.passages):
            state = _state(view, passage)
            if state is not None:
                seen.states[passage] = state
            if state == "open":
                groups.append((("passage-open",), (passage,)))
        seen.findings += group_findings(view.find_whole, self.judge, groups) if groups else []
        seen.findings = list(dict.fromkeys(seen.findings))
        return seen

    def _batches(self, view: View, parts: Sequence[str], *, shared: bool) -> Iterator[Batch]:
        held: list[Run] = []
        for part in parts:
            if part.startswith(view.naming.claims) != shared:
                held += view.runs(part)
                if sum(run.text.count(b"\n") for run in held) >= LOT:
                    yield self._batch(view, held)
                    held = []
        if held:
            yield self._batch(view, held)

    def _batch(self, view: View, runs: list[Run]) -> Batch:
        """A batch with the claims at hand into whose bundles it points."""
        batch = self.judge.batch(runs)
        needed = batch.defer(view.naming.claims.encode())
        for claim in sorted({claim for claims in needed.values() for claim in claims}):
            batch.near.update(nodes_of(view.find_whole(claim), batch.own))
        batch.deferred = set()
        return batch

    def _judge(self, view: View, batch: Batch, seen: Look, *, shared: bool) -> None:
        verdict = self.judge.of_batch(batch, shared=shared)
        seen.findings += verdict.findings
        seen.counts.update(verdict.counts)
        for document, claims in sorted(verdict.changed.items()):
            assert self.judge.texts is not None
            runs = view.runs(document.decode())
            for claim in sorted(claims):
                runs = [*runs, *(run for _, found in view.find_whole(claim) for run in found)]
            whole = BatchCorpus(self.judge.corpus, self.judge.batch(runs), self.judge.files)
            found = changed_findings(whole, self.judge.texts, document.decode())
            seen.findings += [finding for finding in found if finding.focus.encode() in batch.own]

    def _orphans(self, view: View, scope: Scope) -> Iterator[Group]:
        for name in sorted(scope.watched):
            pairs = view.said(name)
            kinds = [value for by, value in pairs if by == _TYPE]
            for rule in lonely(kinds, {by for by, _ in pairs}):
                if not any(_used(view, name, kind) for kind in ORPHANS[rule]):
                    yield (rule,), (name,)

    def _alike(self, keys: set[Key], asked: set[Key], stale: Collection[str]) -> Iterator[Group]:
        """The nodes that share a key."""
        ours: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for known in keys:
            ours[known.kind, known.key][known.name] = known.role
        for kind, key in sorted({(known.kind, known.key) for known in (*keys, *asked)}):
            names = {name: role for name, role in self.ledger.like(kind, key).items() if name not in stale}
            names |= ours[kind, key]
            if len(names) > 1 and (kind != "study" or {"primary", "told"} <= set(names.values())):
                yield LIKENESSES[kind], tuple(sorted(name.encode() for name in names))

    def _circles(self, view: View, scope: Scope) -> Iterator[Group]:
        for work in sorted(scope.replaced):
            chain, front = {work: None}, [work]
            while front and len(chain) < _LONGEST:
                step = [value[1:-1] for name in front for by, value in view.said(name) if by == _REPLACED]
                front = [name for name in step if name not in chain]
                chain.update(dict.fromkeys(front))
            yield ("work-replaced-circle",), tuple(chain)


def _used(view: View, name: bytes, kind: str) -> bool:
    """Whether a node is used in one of the ways of :data:`ogx_rdf.bundles.marks.ORPHANS`."""
    if kind == "u":
        return any(by != _ANNOTATED for _, by, _ in view.users(name))
    return next(view.users(name, _PREDICATES[kind]), None) is not None


def _state(view: View, passage: bytes) -> str | None:
    """What became of a passage; None where there is none of this name."""
    pairs = view.said(passage)
    if (_TYPE, _PASSAGE) not in pairs:
        return None
    for evidence, _, _ in view.users(passage, _QUOTED_FROM):
        said = view.said(evidence)
        if (_TYPE, _EVIDENCE) in said and any(by == _QUOTE for by, _ in said):
            return "encoded"
    return "skipped" if any(by == _SKIPPED for by, _ in pairs) else "open"
