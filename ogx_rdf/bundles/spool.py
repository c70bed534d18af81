"""The spool: an external grouping of a dump, so that input in any order comes out claim by claim.

The lines of claims go to *parts* (files; all lines of one claim to the same part, neighbours in number together), the
lines of everything that claims share go to *blocks* (one row per node, looked up by name).  Lines are N-Triples, the
graph left out: it follows from the subject, as everywhere (see :func:`ogx_rdf.corpus.graph_of`).  Each run of lines is
preceded by a header that says where it stood in the dump, and in which graph, should that be another one.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..corpus import graph_of
from ..errors import InputError
from ..oxi import line_of_quad, parse_quads
from .reading import Piece, open_plain

__all__ = [
    "CLAIM",
    "END",
    "NEIGHBOURS",
    "Blocks",
    "Broken",
    "Names",
    "Part",
    "Run",
    "Sorted",
    "Writer",
    "packed",
    "packed_all",
    "read_part",
    "runs_in",
    "sort_piece",
    "text_of",
]

NEIGHBOURS = 2048
"""Claims with numbers that differ only below this come into one part: they often share a document."""

_IRI = rb'<[^<>"{}|^`\\\x00-\x20]*>'
_UNIT = rb"(?:[0-9A-CEFa-cef][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})"
_ESCAPED = rb"\\(?:[tbnrf\"'\\]|u" + _UNIT + rb"|U(?:0000" + _UNIT + rb"|(?:000[1-9A-Fa-f]|0010)[0-9A-Fa-f]{4}))"
"""What may stand behind a backslash: no half of a surrogate pair, nothing beyond Unicode."""
_TEXT = rb'"[^"\\\n]*(?:' + _ESCAPED + rb'[^"\\\n]*)*"(?:\^\^' + _IRI + rb"|@[A-Za-z0-9-]+)?"
_LINES = re.compile(
    b"(" + _IRI + b") " + _IRI + b" (?:" + _IRI + b"|" + _TEXT + b")((?: " + _IRI + rb")?) \.\n"
    rb"(?:\1 " + _IRI + b" (?:" + _IRI + b"|" + _TEXT + rb")\2 \.\n)*+"
)
"""Lines of one subject and graph that stand together, as serialisers write them: the subject, the graph with the blank
before it.  Every other line is left to the parser."""

END = b"\xff" * 4
"""Behind every name that begins alike: no character of a name is written so."""

_AT_ONCE = 500
"""Names in one look-up; SQLite takes no more than 999 in its older versions."""

CLAIM = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/ogx-rdf/ns#Claim> .\n"


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that stand together in a dump.

    :param file: the number of the file; -1 for lines that stand in none
    :param line: the number of the first line; 0 where it is not known
    :param graph: the graph, where it is not the one that follows from the subject
    """

    file: int
    line: int
    text: bytes
    graph: bytes = b""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that cannot be read, and why."""

    file: str
    line: int | None
    reason: str

    def error(self) -> InputError:
        """The refusal of the whole dump because of it."""
        return InputError(
            "E373",
            f"a broken line: {self.reason}",
            file=self.file,
            line=self.line,
            why="A claim without one of its lines says something else, so nothing was loaded.",
            hint="Mend the line; --keep-going lists all that are broken.",
        )


@dataclass(frozen=True, slots=True)
class Names:
    """How the names of one corpus are told apart: its base, and in how many parts its claims go.

    :param neighbours: claims with numbers that differ only below this come into one part
    """

    base: str
    parts: int
    neighbours: int = NEIGHBOURS

    @property
    def claims(self) -> bytes:
        """How the name of a claim, and of its evidence, begins in a line."""
        return f"<{self.base}c/".encode()

    def graph(self, subject: bytes) -> bytes:
        """The graph that follows from a subject, both in brackets."""
        return f"<{graph_of(self.base, subject[1:-1].decode())}>".encode()

    def part(self, claim: bytes) -> int:
        """The part in which a claim (the rest of its name) goes."""
        number = int(claim) // self.neighbours if claim.isdigit() and len(claim) < 19 else zlib.crc32(claim)
        return number % self.parts


@dataclass(slots=True)
class Sorted:
    """What became of a piece: bytes for each part, runs for each shared node, stubs of claims, broken lines."""

    parts: dict[int, bytearray] = field(default_factory=dict)
    blocks: dict[bytes, bytearray] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    lines: int = 0


class _Sorter:
    def __init__(self, names: Names, file: int, shown: str) -> None:
        self.names, self.file, self.shown = names, file, shown
        self.out = Sorted()
        self.prefix = names.claims

    def run(self, subject: bytes, graph: bytes, line: int, text: bytes) -> None:
        """Put away lines of one subject and graph that stood together."""
        run = Run(self.file, line, text, graph)
        if not subject.startswith(self.prefix):
            self.out.blocks.setdefault(subject[1:-1], bytearray()).extend(packed(run))
            return
        local = subject[len(self.prefix) : -1]
        claim, dot, _ = local.partition(b".")
        part = self.out.parts.setdefault(self.names.part(claim), bytearray())
        part += packed(run, claim)
        if not dot and subject + b" " + CLAIM in text:
            # Whoever points at this claim from afar needs to know that there is one.
            stub = Run(-1, 0, subject + b" " + CLAIM)
            self.out.blocks.setdefault(subject[1:-1], bytearray()).extend(packed(stub))

    def lines(self, first: int, data: bytes) -> Sorted:
        """Put away the lines of an N-Quads file."""
        at, number = 0, first
        while at < len(data):
            some = _LINES.match(data, at)
            if some is not None:
                self._together(some, number)
                number += data.count(b"\n", at, some.end())
                at = some.end()
                continue
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            line = self._parsed(data[at:end], number)
            if line is not None:
                self._together(line, number)
            at, number = end + 1, number + 1
        self.out.lines = data.count(b"\n")
        return self.out

    def _together(self, lines: re.Match[bytes], number: int) -> None:
        """Put away plain lines of one subject and graph."""
        subject, named = lines.groups()
        text = lines[0].replace(named + b" .\n", b" .\n") if named else lines[0]
        graph = named[1:]
        self.run(subject, b"" if graph == self.names.graph(subject) else graph, number, text)

    def _parsed(self, line: bytes, number: int) -> re.Match[bytes] | None:
        """Any other line, in the one way of writing it; None where there is nothing in it, or it is broken."""
        text = line.strip()
        if not text or text.startswith(b"#"):
            return None
        try:
            quads = list(parse_quads(text + b"\n", "nq"))
        except ValueError as exc:
            self.out.broken.append(Broken(self.shown, number, str(exc)))
            return None
        return _LINES.fullmatch(line_of_quad(quads[0], graph=True).encode()) if quads else None

    def whole(self, path: Path, syntax: str) -> Sorted:
        """Put away a file of a syntax in which a statement may span lines: nothing is known of these."""
        begun: tuple[bytes, ...] | None = None
        held: list[bytes] = []
        try:
            with open_plain(path) as stream:
                for quad in parse_quads(stream, syntax):
                    line = _LINES.fullmatch(line_of_quad(quad, graph=True).encode())
                    assert line is not None, "lines made here are plain"
                    if line.groups() != begun:
                        self._held(held)
                        begun, held = line.groups(), []
                    held.append(line[0])
                    self.out.lines += 1
        except ValueError as exc:
            self.out.broken.append(Broken(self.shown, getattr(exc, "lineno", None), str(exc)))
        self._held(held)
        return self.out

    def _held(self, lines: list[bytes]) -> None:
        """Put away lines of one subject and graph of which it is not known where they stood."""
        together = _LINES.fullmatch(b"".join(lines))
        if together is not None:
            self._together(together, 0)


def sort_piece(piece: Piece, path: Path, file: int, names: Names) -> Sorted:
    """Group the lines of a piece by claim and by shared node."""
    sorter = _Sorter(names, file, piece.file)
    if piece.data is None:
        return sorter.whole(path, piece.syntax)
    return sorter.lines(piece.line, piece.data)


class Writer:
    """Writes the parts of one worker: a file for each part and worker, so that no two write to one.

    :param folder: where the spool is
    :param worker: a name of its own among the workers
    """

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder, self.worker = folder, worker

    def write(self, parts: dict[int, bytearray]) -> None:
        """Add to the parts."""
        for number, data in parts.items():
            with (self.folder / f"{number:05}.{self.worker}.part").open("ab") as stream:
                stream.write(data)


def packed(run: Run, claim: bytes = b"") -> bytes:
    """A run as it stands in a part (with the claim that it belongs to) or in a block."""
    head = b"%d %d %d %s\n" % (run.file, run.line, len(run.text), run.graph or b"-")
    return (claim + b" " + head if claim else head) + run.text


def packed_all(runs: Iterable[Run]) -> bytearray:
    """Runs as they stand in a block."""
    return bytearray(b"".join(packed(run) for run in runs))


def runs_in(data: bytes) -> Iterator[tuple[bytes, Run]]:
    """Each run of a part with the claim that it belongs to (empty in a block)."""
    at, end = 0, len(data)
    while at < end:
        stop = data.index(b"\n", at)
        *name, file, line, length, graph = data[at:stop].rsplit(b" ", 4)
        at = stop + 1 + int(length)
        other = b"" if graph == b"-" else graph
        yield (name[0] if name else b""), Run(int(file), int(line), data[stop + 1 : at], other)


Part = dict[bytes, list[Run]]
"""The claims of a part (the rest of their names) with their lines."""


def read_part(folder: Path, number: int) -> Part:
    """All claims of a part, in order of their numbers; their lines in the order of the dump, whoever wrote them."""
    claims: Part = {}
    for path in folder.glob(f"{number:05}.*.part"):
        for claim, run in runs_in(path.read_bytes()):
            claims.setdefault(claim, []).append(run)
    for runs in claims.values():
        runs.sort(key=lambda run: (run.file, run.line))
    return dict(sorted(claims.items(), key=lambda item: (len(item[0]), item[0])))


def text_of(runs: Iterable[Run]) -> bytes:
    """The lines of some runs."""
    return b"".join(run.text for run in runs)


class Blocks:
    """The lines of shared nodes, looked up by name.

    :param path: the file
    :param writing: whether it is being filled, by one process
    """

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        self._db = sqlite3.connect(path if writing else f"file:{path}?mode=ro", uri=not writing)
        if writing:
            self._db.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-131072;"
                "CREATE TABLE block (name BLOB PRIMARY KEY, runs BLOB NOT NULL) WITHOUT ROWID;"
            )
        else:
            self._db.execute("PRAGMA cache_size=-32768")

    def close(self) -> None:
        """Write out what is held, and let go of the file."""
        self._db.commit()
        self._db.close()

    def add(self, blocks: dict[bytes, bytearray]) -> None:
        """Add lines to nodes."""
        self._db.executemany(
            "INSERT INTO block VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET runs = CAST(runs || excluded.runs AS BLOB)",
            sorted((name, bytes(runs)) for name, runs in blocks.items()),
        )

    def find(self, name: bytes) -> list[Run] | None:
        """The lines of a node, or None where nothing is said of it."""
        row = self._db.execute("SELECT runs FROM block WHERE name = ?", (name,)).fetchone()
        return None if row is None else [run for _, run in runs_in(row[0])]

    def find_all(self, names: Collection[bytes]) -> dict[bytes, list[Run]]:
        """The lines of some nodes, in the order of their names; nodes of which nothing is said are left out."""
        found: dict[bytes, list[Run]] = {}
        wanted = sorted(names)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT name, runs FROM block WHERE name IN ({marks}) ORDER BY name", some)
            found.update((name, [run for _, run in runs_in(runs)]) for name, runs in rows)
        return found

    def count(self, prefix: bytes = b"") -> int:
        """How many nodes there are with names that begin so."""
        rows = self._db.execute("SELECT count(*) FROM block WHERE name >= ? AND name < ?", _range(prefix))
        return int(rows.fetchone()[0])

    def first(self, start: bytes) -> bytes | None:
        """The first name from here on, in order."""
        row = self._db.execute("SELECT name FROM block WHERE name >= ? ORDER BY name LIMIT 1", (start,)).fetchone()
        return None if row is None else bytes(row[0])

    def names(self, prefix: bytes) -> Iterator[bytes]:
        """The names that begin so, in order."""
        return self.names_between(*_range(prefix))

    def names_between(self, start: bytes, end: bytes) -> Iterator[bytes]:
        """The names from ``start`` on and before ``end``, in order."""
        rows = self._db.execute("SELECT name FROM block WHERE name >= ? AND name < ? ORDER BY name", (start, end))
        return (row[0] for row in rows)

    def range(self, prefix: bytes) -> Iterator[tuple[bytes, list[Run]]]:
        """The nodes whose names begin so, with their lines."""
        rows = self._db.execute(
            "SELECT name, runs FROM block WHERE name >= ? AND name < ? ORDER BY name", _range(prefix)
        )
        return ((name, [run for _, run in runs_in(runs)]) for name, runs in rows)


def _range(prefix: bytes) -> tuple[bytes, bytes]:
    return prefix, prefix + END
