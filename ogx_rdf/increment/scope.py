"""What a change touches: the parts to be judged, and the nodes whose state may have changed with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..bundles.batch import Said, said_in
from ..bundles.marks import MATCHES
from ..bundles.spool import text_of
from ..namespaces import DCTERMS, OGX, PROV, RDF
from .view import View

__all__ = ["Scope", "scope_of"]

_TYPE, _QUOTED_FROM, _REPLACED = RDF.type.encode(), PROV.wasQuotedFrom.encode(), DCTERMS.isReplacedBy.encode()
_PASSAGE, _DOCUMENT = f"<{OGX.Passage}>".encode(), f"<{OGX.Document}>".encode()
_OUTSIDE = f"<{OGX.iri}".encode()


@dataclass(slots=True)
class Scope:
    """What has to be looked at, before a change and after it.

    :param own: the parts that change
    :param affected: other parts that point at what changes, and could be right or wrong because of it
    :param watched: nodes that may have lost their last use, or got their first
    :param passages: passages that may have become open, or encoded
    :param replaced: works in a chain of replacements
    :param documents: how many documents there are more
    :param nodes: the nodes of the parts that change, as they were and as they would be
    """

    own: list[str]
    affected: list[str]
    watched: set[bytes] = field(default_factory=set)
    passages: set[bytes] = field(default_factory=set)
    replaced: set[bytes] = field(default_factory=set)
    documents: int = 0
    nodes: set[bytes] = field(default_factory=set)

    @property
    def parts(self) -> list[str]:
        """All parts to be judged."""
        return [*self.own, *self.affected]


def _targets(said: Said) -> set[bytes]:
    return {
        value[1:-1]
        for pairs in said.values()
        for _, value in pairs
        if value[:1] == b"<" and not value.startswith(_OUTSIDE)
    }


def _structure(pairs: Iterable[tuple[bytes, bytes]]) -> set[tuple[bytes, bytes]]:
    """What rules about other nodes may ask of a node: where it points, and what it is; not how it is called."""
    return {(by, value) for by, value in pairs if value[:1] == b"<" and by not in MATCHES}


def scope_of(before: View, after: View) -> Scope:
    """What a change touches."""
    own = list(after.changes)
    old, new = (said_in(text_of(run for part in own for run in view.runs(part))) for view in (before, after))
    scope = Scope(own, _affected(after, old, new))
    scope.nodes = {*old, *new}
    scope.watched = {*old, *new, *_targets(old), *_targets(new)}
    for said, sign in ((old, -1), (new, 1)):
        for name, pairs in said.items():
            scope.documents += sign * ((_TYPE, _DOCUMENT) in pairs)
            if (_TYPE, _PASSAGE) in pairs:
                scope.passages.add(name)
            scope.passages.update(value[1:-1] for by, value in pairs if by == _QUOTED_FROM and value[:1] == b"<")
            if any(by == _REPLACED for by, _ in pairs):
                scope.replaced.add(name)
    return scope


def _affected(after: View, old: Said, new: Said) -> list[str]:
    """The parts that point at a node which comes, goes, or changes in what others may ask of it."""
    documents = after.naming.documents.encode()
    found: dict[str, None] = {}
    for name in {**old, **new}:
        was, now = old.get(name), new.get(name)
        if was is not None and now is not None:
            alike = set(was) == set(now) if name.startswith(documents) else _structure(was) == _structure(now)
            if alike:
                continue
        subject = name.decode()
        others = {after.naming.part(graph, subject) for graph in after.naming.graphs(subject)} - after.changes.keys()
        found.update(dict.fromkeys(part for part in others if after.runs(part)))
        for _, _, part in after.users(name):
            if part not in after.changes:
                found[part] = None
    return sorted(found)
