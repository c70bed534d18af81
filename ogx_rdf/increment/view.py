"""A store as it is, or as it would be after a change that is not written yet: asked by look-up, never gone through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from ..bundles.batch import MOST_KEPT, Node, Reach, said_in
from ..bundles.spool import CLAIM, Run
from ..oxi import Dataset
from .parts import Naming, Part

__all__ = ["View"]

Pairs = list[tuple[bytes, bytes]]


class View:
    """A store with some parts in the place of those that it has.

    :param dataset: the store
    :param changes: parts as they would be; None for one that would be gone
    :param kept: nodes as the store has them, kept ready as long as nobody changes it
    """

    def __init__(
        self, dataset: Dataset, naming: Naming, changes: Mapping[str, Part | None], kept: dict[bytes, Node | None]
    ) -> None:
        self.dataset, self.naming, self.changes, self.kept = dataset, naming, changes, kept

    @cached_property
    def _own(self) -> dict[bytes, list[Run]]:
        """What the changed parts say of each node; a run is about one node."""
        found: dict[bytes, list[Run]] = {}
        for part in self.changes.values():
            for run in [] if part is None else part.runs:
                found.setdefault(run.text[1 : run.text.index(b">")], []).append(run)
        return found

    @cached_property
    def _pointing(self) -> dict[bytes, list[tuple[bytes, bytes, str]]]:
        """Who points at a node in the changed parts."""
        found: dict[bytes, list[tuple[bytes, bytes, str]]] = {}
        for part in self.changes.values():
            for subject, pairs in said_in(b"" if part is None else part.text).items():
                for predicate, value in pairs:
                    if value[:1] == b"<":
                        found.setdefault(value[1:-1], []).append((subject, predicate, part.name if part else ""))
        return found

    def _stored(self, name: bytes) -> Node | None:
        """A node as the store has it."""
        if name not in self.kept:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            text = "".join(line for line, _ in self.dataset.lines(name.decode())).encode()
            self.kept[name] = Node.of(name, [Run(-1, 0, text)]) if text else None
        return self.kept[name]

    def _changed(self, name: bytes) -> bool:
        """Whether a node lies in a part that changes."""
        subject = name.decode()
        return any(self.naming.part(graph, subject) in self.changes for graph in self.naming.graphs(subject))

    def node(self, name: bytes) -> Node | None:
        """A node, with its places in the file where it comes from there; None where nothing is said of it."""
        if not self.changes or not self._changed(name):
            return self._stored(name)
        subject = name.decode()
        kept = [
            line for line, graph in self.dataset.lines(subject) if self.naming.part(graph, subject) not in self.changes
        ]
        runs = [*self._own.get(name, ()), *([Run(-1, 0, "".join(kept).encode())] if kept else ())]
        return Node.of(name, runs) if runs else None

    def said(self, name: bytes) -> Pairs:
        """What is said of a node: predicates and objects."""
        node = self.node(name)
        return [] if node is None else node.said

    def runs(self, part: str) -> list[Run]:
        """The lines of a part; with their places in the file, where it comes from there."""
        if part in self.changes:
            changed = self.changes[part]
            return [] if changed is None else changed.runs
        graph, subject = self.naming.split(part)
        text = "".join(line for line, _ in self.dataset.lines(subject, graph))
        return [Run(-1, 0, text.encode())] if text else []

    def users(self, name: bytes, predicate: bytes | None = None) -> Iterator[tuple[bytes, bytes, str]]:
        """Who points at a node, by what, in which part; found as far as they are asked for."""
        for subject, by, part in self._pointing.get(name, ()):
            if predicate in (None, by):
                yield subject, by, part
        for who, what, graph in self.dataset.users(name.decode(), None if predicate is None else predicate.decode()):
            part = self.naming.part(graph, who)
            if part not in self.changes:
                yield who.encode(), what.encode(), part

    def find_whole(self, name: bytes) -> list[tuple[bytes, list[Run]]]:
        """The lines of a node, or of the whole claim that it belongs to."""
        claims = self.naming.claims.encode()
        if name.startswith(claims):
            name = claims + name[len(claims) :].partition(b".")[0]
            runs = self.runs(name.decode())
        else:
            node = self.node(name)
            runs = [] if node is None else node.runs
        return [(name, runs)] if runs else []

    def reach(self) -> Reach:
        """What a bundle reaches: of another claim that there is one, of its evidence nothing, else all that is said."""
        return _Reach(self)


class _Reach(Reach):
    def __init__(self, view: View) -> None:
        self._view, self._claims = view, view.naming.claims.encode()

    def node(self, name: bytes) -> Node | None:
        if not name.startswith(self._claims):
            return self._view.node(name)
        if b"." in name[len(self._claims) :]:
            return None
        line = b"<" + name + b"> " + CLAIM
        node = self._view.node(name)
        return Node.of(name, [Run(-1, 0, line)]) if node is not None and line in node.text else None

    def nodes(self, names: Collection[bytes]) -> dict[bytes, Node | None]:
        return {name: self.node(name) for name in names}
