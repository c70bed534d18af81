"""Parts: the graph of a claim, that of a document, or one shared node; what a change takes or leaves as a whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..bundles.batch import Batch, said_in
from ..bundles.marks import marks_of
from ..bundles.reading import find_files, format_of, open_plain
from ..bundles.spool import Broken, Run
from ..corpus import Corpus
from ..errors import InputError, UsageError
from ..oxi import BrokenLine, line_of_quad, parse_quads
from .ledger import Digest, Key, digest_of

__all__ = ["Naming", "Part", "keys_of", "keys_of_lines", "parts_of_lines", "read_parts"]


@dataclass(frozen=True, slots=True)
class Naming:
    """How the names of one corpus tell what belongs together.

    :param corpus: gives the base, and the graph of each node
    """

    corpus: Corpus

    @property
    def base(self) -> str:
        """The IRI under which data is named."""
        return self.corpus.base

    @property
    def claims(self) -> str:
        """How the name of a claim, and of its evidence, begins."""
        return f"{self.corpus.base}c/"

    @property
    def documents(self) -> str:
        """How the name of a document, and of its passages, begins."""
        return f"{self.corpus.base}doc/"

    @property
    def mappings(self) -> str:
        """The graph of the mappings."""
        return f"{self.corpus.base}graph/mappings"

    def whole(self, graph: str) -> bool:
        """Whether a graph is one part; else each of its nodes is."""
        return graph.startswith((self.claims, self.documents))

    def part(self, graph: str, subject: str) -> str:
        """The name of the part that a triple belongs to."""
        return graph if self.whole(graph) else f"{graph} {subject}"

    def graph_of(self, subject: str, given: str | None = None) -> str:
        """The graph in which a triple goes: that of its subject, but for what mapping sets say of entities."""
        return self.mappings if given == self.mappings else self.corpus.graph_of(subject)

    def graphs(self, subject: str) -> tuple[str, ...]:
        """The graphs in which something may be said of a node."""
        own = self.corpus.graph_of(subject)
        return (own,) if own == self.mappings else (own, self.mappings)

    def split(self, part: str) -> tuple[str, str | None]:
        """The graph of a part, and its node where the part is no whole graph."""
        graph, _, subject = part.partition(" ")
        return graph, subject or None


@dataclass(slots=True)
class Part:
    """A part as it stands in a file.

    :param runs: its lines (N-Triples), with where they stand
    """

    name: str
    graph: str
    runs: list[Run] = field(default_factory=list)

    def nquads(self) -> list[bytes]:
        """Its lines with the graph."""
        end = f" <{self.graph}> .\n".encode()
        return [line[:-3] + end for run in self.runs for line in run.text.splitlines(keepends=True)]

    @property
    def text(self) -> bytes:
        """Its lines without the graph."""
        return b"".join(run.text for run in self.runs)

    def digest(self) -> Digest:
        """Its digest."""
        return digest_of(self.nquads())


def read_parts(naming: Naming, file: Path) -> dict[str, Part]:
    """The parts that a file holds, by name.

    :raises UsageError: for a folder, or a file of a syntax that is not known
    :raises InputError: for a file that is absent or cannot be read to its end, or a broken line
    """
    if file.is_dir():
        raise UsageError("E386", f"{file} is a folder", hint="Give one file: Turtle, TriG or N-Quads, also .gz.")
    shown = naming.corpus.shown(find_files([str(file)])[0])
    parts: dict[str, Part] = {}
    subject_before, part = "", None
    for line, triple, subject, given in _triples(file, shown):
        graph = naming.graph_of(subject, given)
        name = naming.part(graph, subject)
        if part is None or part.name != name:
            part = parts.setdefault(name, Part(name, graph))
            subject_before = ""
        last = part.runs[-1] if part.runs else None
        if last is not None and subject == subject_before and line and last.line + last.text.count(b"\n") == line:
            part.runs[-1] = Run(0, last.line, last.text + triple)
        else:
            part.runs.append(Run(0, line, triple))
        subject_before = subject
    return parts


def _triples(file: Path, shown: str) -> Iterator[tuple[int, bytes, str, str | None]]:
    """Line (0 where it is not known), triple, subject and graph of each quad."""
    syntax = format_of(file)
    assert syntax is not None
    number: int | None = None
    try:
        with open_plain(file) as stream:
            if syntax == "nq":
                for number, line in enumerate(stream, 1):
                    for quad in parse_quads(line, syntax):
                        yield number, *_told(quad)
            else:
                for quad in parse_quads(stream, syntax):
                    yield 0, *_told(quad)
    except BrokenLine as exc:
        raise Broken(shown, number or exc.lineno, str(exc)).error() from exc
    except (OSError, EOFError, zlib.error) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        hint = "Fetch or write the file again."
        raise InputError("E372", f"cannot be read to its end ({reason})", file=shown, hint=hint) from exc


def _told(quad: object) -> tuple[bytes, str, str | None]:
    line = line_of_quad(quad)  # type: ignore[arg-type]
    graph = str(quad.graph_name)  # type: ignore[attr-defined]
    return line.encode(), line[1 : line.index(">")], graph[1:-1] if graph.startswith("<") else None


def parts_of_lines(naming: Naming, lines: Iterable[bytes]) -> dict[str, list[bytes]]:
    """The lines of N-Quads by part, in the order in which they come."""
    parts: dict[str, list[bytes]] = {}
    for line in lines:
        subject = line[1 : line.index(b">")].decode()
        graph = naming.graph_of(subject, line[line.rindex(b" <") + 2 : -4].decode())
        parts.setdefault(naming.part(graph, subject), []).append(line)
    return parts


def keys_of(batch: Batch) -> set[Key]:
    """The keys of the own nodes of a batch."""
    return {Key(kind, key.decode(), name.decode(), role) for kind, key, name, role in marks_of(batch).keys}


def keys_of_lines(lines: Iterable[bytes]) -> set[Key]:
    """The keys of all nodes of a whole dataset, given as N-Quads."""
    text = b"".join(line[: line.rindex(b" <")] + b" .\n" for line in lines)
    return keys_of(Batch([], said_in(text)))
