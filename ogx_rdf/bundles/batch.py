"""Batches: some bundles judged together, each being nodes of its own and the nodes that these reach.

A node is *own* in one batch of the whole dump, and is judged there.  What own nodes point at is *near*: it is read to
judge them, and judged elsewhere.  Everything here works on lines as bytes; terms are made when something is found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..model import Triple
from ..oxi import BrokenLine, Dataset, read_lines
from .spool import Broken, Run, text_of

__all__ = ["DEPTH", "MOST_KEPT", "Batch", "Node", "Reach", "Said", "claim_of", "said_in"]

DEPTH = 4
"""From evidence to its passage, the markers, their entries, the works: nothing that a bundle needs lies further."""

MOST_KEPT = 20_000
"""Shared nodes kept ready; the next batch often needs the same."""

Said = dict[bytes, list[tuple[bytes, bytes]]]
"""What is said of each node (its name without brackets): predicate and object, as written in N-Triples."""


def claim_of(name: bytes, claims: bytes) -> bytes:
    """The claim that a node belongs to by its name, or the node itself."""
    if not name.startswith(claims):
        return name
    return claims + name[len(claims) :].partition(b".")[0]


def said_in(text: bytes, into: Said | None = None) -> Said:
    """Lines by subject."""
    said: Said = {} if into is None else into
    for line in text.split(b"\n"):
        if line:
            subject, predicate, value = line.split(b" ", 2)
            said.setdefault(subject[1:-1], []).append((predicate[1:-1], value[:-2]))
    return said


@dataclass(slots=True)
class Node:
    """A shared node: its lines, what they say, and the names that they point at."""

    runs: list[Run]
    text: bytes
    said: list[tuple[bytes, bytes]]
    targets: tuple[bytes, ...]

    @classmethod
    def of(cls, name: bytes, runs: list[Run]) -> Node:
        """The node of some lines."""
        text = text_of(runs)
        said = said_in(text).get(name, [])
        return cls(runs, text, said, tuple(dict.fromkeys(v[1:-1] for _, v in said if v[:1] == b"<")))


class Reach:
    """Finds what nodes reach, by look-ups in the blocks.

    :param find: gives the lines of some nodes, as far as anything is said of them
    """

    def __init__(self, find: Callable[[Collection[bytes]], Mapping[bytes, list[Run]]]) -> None:
        self._find = find
        self._kept: dict[bytes, Node | None] = {}

    def node(self, name: bytes) -> Node | None:
        """One shared node, or None where nothing is said of it."""
        return self.nodes([name])[name]

    def nodes(self, names: Collection[bytes]) -> dict[bytes, Node | None]:
        """Some shared nodes; None for those of which nothing is said."""
        missing = [name for name in names if name not in self._kept]
        if missing:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
                missing = list(names)
            found = self._find(missing)
            for name in missing:
                self._kept[name] = Node.of(name, found[name]) if name in found else None
        return {name: self._kept[name] for name in names}

    def near(self, own: Said) -> dict[bytes, Node]:
        """The nodes that some nodes reach in up to :data:`DEPTH` steps."""
        found: dict[bytes, Node] = {}
        front = dict.fromkeys(v[1:-1] for pairs in own.values() for _, v in pairs if v[:1] == b"<")
        for _ in range(DEPTH):
            nodes = self.nodes([name for name in front if name not in own and name not in found])
            some = {name: node for name, node in nodes.items() if node is not None}
            found |= some
            front = dict.fromkeys(target for node in some.values() for target in node.targets)
        return found


@dataclass
class Batch:
    """Some bundles.

    :param runs: the lines of the own nodes
    :param near: the nodes near them, by name
    :param common: lines that every batch holds: the vocabulary, as far as rules ask for it
    :param deferred: own nodes that are not judged here, since they need lines of a claim that is not at hand
    """

    runs: list[Run]
    own: Said
    near: dict[bytes, Node] = field(default_factory=dict)
    common: bytes = b""
    deferred: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, runs: list[Run], reach: Reach, common: bytes = b"") -> Batch:
        """The batch of some own lines, with all that these reach."""
        own = said_in(text_of(runs))
        return cls(runs, own, reach.near(own), common)

    def judged(self, name: str) -> bool:
        """Whether a node is own here, and judged here."""
        key = name.encode()
        return key in self.own and key not in self.deferred

    def defer(self, claims: bytes) -> dict[bytes, set[bytes]]:
        """Put off what points into the bundle of a claim that is not at hand (at its evidence or measurement).

        :param claims: how the names of claims begin
        :returns: the claims and shared nodes put off, each with the claims that they need
        """
        needed: dict[bytes, set[bytes]] = {}
        start = b"<" + claims
        for name, pairs in self.own.items():
            for _, value in pairs:
                if value.startswith(start) and value[1:-1] not in self.own and value[1:-1] not in self.near:
                    local = value[1:-1][len(claims) :]
                    if b"." in local:
                        needed.setdefault(claim_of(name, claims), set()).add(claims + local.partition(b".")[0])
        self.deferred = {name for name in self.own if claim_of(name, claims) in needed}
        return needed

    def said(self, name: bytes) -> list[tuple[bytes, bytes]]:
        """What is said of a node, own or near."""
        if name in self.own:
            return self.own[name]
        return self.near[name].said if name in self.near else []

    @cached_property
    def text(self) -> bytes:
        """All lines."""
        return b"".join([*(run.text for run in self.runs), *(node.text for node in self.near.values()), self.common])

    def brief(self, kept: Collection[bytes]) -> bytes:
        """The lines; those of near nodes only with some properties, or all where a node has none of these."""
        parts = [run.text for run in self.runs]
        for name, node in self.near.items():
            lines = [b"<%b> <%b> %b .\n" % (name, *pair) for pair in node.said if pair[0] in kept]
            parts += lines or [node.text]
        return b"".join([*parts, self.common])

    @cached_property
    def dataset(self) -> Dataset:
        """All lines, loaded.

        :raises BrokenLine: where a line is no triple
        """
        dataset = Dataset()
        dataset.load_lines(self.text)
        return dataset

    def triples(self) -> Iterator[Triple]:
        """All triples, with literals as written."""
        return read_lines(self.text)

    def place(self, subject: str, predicate: str | None, value: str | None) -> tuple[int, int] | None:
        """The number of the file and of the line where a triple stands, else its predicate, else its subject."""
        name = subject.encode()
        runs = self._runs_of.get(name, []) if name in self.own else self._elsewhere(name)
        for begin in _wanted(f"<{subject}> ".encode(), predicate, value):
            for run in runs:
                at = 0 if run.text.startswith(begin) else run.text.find(b"\n" + begin) + 1
                if at or run.text.startswith(begin):
                    return run.file, run.line + run.text.count(b"\n", 0, at) if run.line else 0
        return None

    @cached_property
    def _runs_of(self) -> dict[bytes, list[Run]]:
        """The runs in which something is said of each own node."""
        found: dict[bytes, list[Run]] = {}
        for run in self.runs:
            for name in {line.partition(b" ")[0][1:-1] for line in run.text.splitlines()}:
                found.setdefault(name, []).append(run)
        return found

    def _elsewhere(self, name: bytes) -> list[Run]:
        if name in self.near:
            return self.near[name].runs
        return [run for node in self.near.values() for run in node.runs]

    def broken(self, files: list[str]) -> list[Broken]:
        """The lines that are no triples."""
        found = []
        for run in [*self.runs, *(run for node in self.near.values() for run in node.runs)]:
            try:
                for _ in read_lines(run.text):
                    pass
            except BrokenLine:
                found += list(_broken(run, files))
        return found


def _wanted(start: bytes, predicate: str | None, value: str | None) -> Iterator[bytes]:
    if predicate is not None:
        if value is not None:
            yield start + f"<{predicate}> {value} .\n".encode()
        yield start + f"<{predicate}> ".encode()
    yield start


def _broken(run: Run, files: list[str]) -> Iterator[Broken]:
    for number, line in enumerate(run.text.split(b"\n")):
        try:
            for _ in read_lines(line):
                pass
        except BrokenLine as exc:
            yield Broken(files[run.file] if run.file >= 0 else "", run.line + number if run.line else None, str(exc))
