"""Loading a graph into a server, in the place of what was loaded before and of nothing else.

The graphs of a corpus have names under its base, and no other graph is touched.  Where the engine takes N-Quads the
file goes in one request; elsewhere graph by graph over the Graph Store Protocol.  What is there afterwards is counted,
and up to a size read back; a difference is a failure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request

from ..errors import InputError
from ..oxi import ntriple, parse_nquads, rewritten
from .remote import RemoteStore
from .transport import Transport
from .written import Forms, Record, digest_of, record_graph

__all__ = ["GRAPHS", "Loaded", "load", "own_graphs"]

GRAPHS = ("c/", "doc/", "graph/")
READ_BACK = 250_000
"""Up to so many quads are read back and compared one by one; beyond, they are counted."""
LINES = 20_000
DROPS = 200


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded.

    :param url: the server, and ``engine`` what it calls itself
    :param quads: how many quads are there now, counted by the server
    :param compared: whether they were read back and compared one by one
    :param rewritten: how many literals the server gives back in another form than they were written in
    :param others: how many graphs are there that are not ours
    """

    url: str
    engine: str
    quads: int
    compared: bool
    rewritten: int
    others: int

    def text(self) -> str:
        """The result as printed on a terminal."""
        how = "read back and compared" if self.compared else "counted"
        lines = [f"Loaded into {self.url} ({self.engine}): {self.quads} quads, {how}"]
        if self.others:
            noun = "graph is" if self.others == 1 else "graphs are"
            lines.append(f"{self.others} other {noun} there; what they say is seen by questions too")
        return "\n".join(lines)


def own_graphs(base: str) -> tuple[str, ...]:
    """What the names of the graphs of a corpus begin with."""
    return tuple(base + folder for folder in GRAPHS)


def load(
    url: str,
    file: Path,
    *,
    base: str,
    coverage: Mapping[str, int] | None = None,
    update_url: str | None = None,
    graph_store_url: str | None = None,
    timeout: float | None = None,
    loaded: bool = False,
) -> Loaded:
    """Load a file of sorted N-Quads into a server.

    :param base: the base of the corpus, under which its graphs have their names
    :param coverage: the counts of its passages, which are recorded there
    :param loaded: whether the server's own loader has put them there already, so that they are only compared
    :raises InputError: where the server does not take them, or holds something else afterwards
    """
    graph = record_graph(base)
    store = RemoteStore(
        url, update_url=update_url, data_url=graph_store_url, timeout=timeout, hidden=(graph,), within=own_graphs(base)
    )
    sha256, quads, lines = _measured(file)
    writer = _Writer(store)
    writer.record(Record(graph, "", ()))
    if not loaded:
        if store.engine.whole:
            writer.drop(store.graphs())
            writer.whole(file)
        else:
            before = set(store.graphs())
            writer.drop(sorted(before - writer.each(file)))
    _compare(store, quads, sha256, lines)
    writer.record(Record(graph, sha256, tuple(lines), coverage or {}))
    return Loaded(url, store.engine.name, quads, quads <= READ_BACK, len(lines), _others(store))


def _measured(file: Path) -> tuple[str, int, list[str]]:
    """Digest, number of quads, and the lines whose literals a store rewrites."""
    digest, count = hashlib.sha256(), 0

    def lines() -> Iterator[str]:
        nonlocal count
        with file.open("rb") as stream:
            for line in stream:
                digest.update(line)
                count += 1
                yield line.decode("utf-8")

    kept = list(rewritten(lines()))
    return digest.hexdigest(), count, kept


def _compare(store: RemoteStore, quads: int, sha256: str, lines: list[str]) -> None:
    there = len(store)
    if there != quads:
        raise _different(store, f"it holds {there} quads where {quads} were loaded")
    if quads <= READ_BACK:
        found = digest_of(Forms(lines).quads(store.quads()))
        if found != sha256:
            raise _different(store, "it gives literals back in another form than any that is known here")


def _different(store: RemoteStore, told: str) -> InputError:
    return InputError(
        "E423",
        f"{store.url} does not hold what was loaded: {told}",
        why="Answers from it would not be those of the corpus.",
        hint="Look at the log of the server, and load again.",
    )


def _others(store: RemoteStore) -> int:
    """How many graphs there are beside ours, and beside the engine's own."""
    beside = " && ".join(
        [f'!STRSTARTS(STR(?g), "{start}")' for start in store.within]
        + [f"?g != <{graph}>" for graph in store.engine.own]
    )
    query = f"SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({beside}) }}"
    return int(str(store.select(query, shown="other graphs").rows[0][0]))


class _Writer:
    """What is written to a server, and where."""

    def __init__(self, store: RemoteStore) -> None:
        self.store = store
        place = store.places.data
        if place is None:
            raise InputError(
                "E422",
                f"it is not known where {store.url} is loaded",
                hint="Name the place of its Graph Store Protocol: --graph-store-url URL",
            )
        self.place = place
        self.transport = Transport(place, store.transport.timeout)

    def _send(self, method: str, address: str, data: bytes, kind: str) -> None:
        request = Request(address, data, {"Content-Type": kind}, method=method)
        body = self.transport.open(request, again=False)
        body.whole()
        body.close()

    def _graph(self, name: str, method: str, triples: str) -> None:
        address = f"{self.place}?graph={quote(name, safe='')}"
        self._send(method, address, triples.encode(), "application/n-triples")

    def record(self, record: Record) -> None:
        """Write the record in the place of the one before."""
        triples = record.triples()
        for start in range(0, len(triples), LINES):
            part = "".join(ntriple(*triple) for triple in triples[start : start + LINES])
            self._graph(record.graph, "POST" if start else "PUT", part)

    def drop(self, graphs: Iterable[str]) -> None:
        """Take graphs away."""
        names = list(graphs)
        for start in range(0, len(names), DROPS):
            part = names[start : start + DROPS]
            self.store.update(" ;\n".join(f"DROP SILENT GRAPH <{name}>" for name in part), "drop")

    def whole(self, file: Path) -> None:
        """Send the file as it is, in one request."""
        with file.open("rb") as stream:
            headers = {"Content-Type": "application/n-quads", "Content-Length": str(file.stat().st_size)}
            body = self.transport.open(Request(self.place, stream, headers, method="POST"), again=False)
            body.whole()
            body.close()

    def each(self, file: Path) -> set[str]:
        """Send graph by graph; returns their names.  The file is sorted, so that a graph is seldom begun twice."""
        begun: set[str] = set()
        with file.open(encoding="utf-8") as stream:
            for name, lines in groupby(stream, key=_graph_of):
                for part in _parts(lines):
                    triples = "".join(ntriple(*triple) for triple, _ in parse_nquads(part))
                    self._graph(name, "POST" if name in begun else "PUT", triples)
                    begun.add(name)
        return begun


def _graph_of(line: str) -> str:
    return line.rstrip(" .\n").rpartition(" ")[2][1:-1]


def _parts(lines: Iterable[str]) -> Iterator[str]:
    part: list[str] = []
    for line in lines:
        part.append(line)
        if len(part) == LINES:
            yield "".join(part)
            part = []
    if part:
        yield "".join(part)
