"""A quad store with embedded Oxigraph, in memory or on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from ..errors import InputError, UsageError
from ..model import Iri, Literal, Term, Triple
from ..namespaces import XSD
from .answer import QueryAnswer
from .generations import Hold, hold
from .guard import check_query, query_syntax_error
from .lines import BrokenLine
from .protocol import Result, protocol_query
from .reading import strange_quad, syntax_error
from .terms import from_ox, strange, to_ox

__all__ = ["Dataset"]


class Dataset:
    """A quad store with embedded Oxigraph, in memory or on disk.

    ``quads`` go in as (subject, predicate, object, graph).  Queries see the union of all graphs as
    the default graph, so authors never need GRAPH.
    """

    def __init__(self, store: ox.Store | None = None) -> None:
        self._store = store if store is not None else ox.Store()
        self._hold: Hold | None = None

    @classmethod
    def on_disk(cls, path: Path) -> Dataset:
        """Open (or create) an Oxigraph store in a directory, to write to it."""
        try:
            return cls(ox.Store(str(path)))
        except OSError as exc:
            raise _cannot_open(path, exc) from exc

    @classmethod
    def read_only(cls, path: Path) -> Dataset:
        """Open a finished on-disk store for questions: as it is now, whatever writers do from here on."""
        held = hold(path)
        try:
            dataset = cls(ox.Store.read_only(str(held.folder)))
        except OSError as exc:
            raise _cannot_open(path, exc) from exc
        dataset._hold = held
        return dataset

    @property
    def folder(self) -> Path | None:
        """Where the files of a store opened for questions are: a generation that stays while it is open."""
        return None if self._hold is None else self._hold.folder

    def close(self) -> None:
        """Let go of the files; nothing can be asked afterwards."""
        del self._store
        if self._hold is not None:
            self._hold.release()

    def add(self, triples: Iterable[Triple], graph_of: Callable[[str], str]) -> int:
        """Add triples, each to the graph that ``graph_of`` gives for its subject; returns how many."""
        nodes: dict[str, ox.NamedNode] = {}
        quads = []
        for subject, predicate, obj in triples:
            name = graph_of(subject)
            if name not in nodes:
                nodes[name] = ox.NamedNode(name)
            quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), to_ox(obj), nodes[name]))
        self._store.extend(quads)
        return len(quads)

    def load_turtle(self, text: str, shown: str, graph_of: Callable[[str], str]) -> int:
        """Parse Turtle straight into the store (faster than :func:`parse_turtle` and :meth:`add`)."""
        nodes: dict[str, ox.NamedNode] = {}
        graphs: dict[str, ox.NamedNode] = {}
        quads = []
        try:
            for quad in ox.parse(text, ox.RdfFormat.TURTLE):
                subject, obj = quad.subject, quad.object
                if not isinstance(subject, ox.NamedNode) or strange(obj):
                    raise strange_quad(quad, shown)
                graph = nodes.get(subject.value)
                if graph is None:
                    name = graph_of(subject.value)
                    graph = graphs.setdefault(name, ox.NamedNode(name))
                    nodes[subject.value] = graph
                quads.append(ox.Quad(subject, quad.predicate, obj, graph))
        except SyntaxError as exc:
            raise syntax_error(exc, shown) from exc
        self._store.extend(quads)
        return len(quads)

    def load_lines(self, lines: bytes) -> None:
        """Load N-Triples or N-Quads into a store in memory.

        :raises BrokenLine: where a line is broken; nothing is loaded then
        """
        try:
            self._store.load(lines, ox.RdfFormat.N_QUADS)
        except SyntaxError as exc:
            raise BrokenLine(f"not valid RDF: {exc.msg}", exc.lineno) from exc

    def __len__(self) -> int:
        return len(self._store)

    def select(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> QueryAnswer:
        """Answer a SELECT (or an ASK, as one row ``answer``).

        Bindings are bound as terms, never pasted into the text.

        :raises UsageError: for a syntax error, an UPDATE, a SERVICE, an unbindable variable or a bad IRI
        """
        result = self._run(query, bindings, shown)
        if isinstance(result, ox.QueryBoolean):
            value = Literal(str(bool(result)).lower(), XSD.boolean)
            return QueryAnswer(["answer"], [(value,)])
        if not isinstance(result, ox.QuerySolutions):
            raise UsageError("E403", f"{shown} gives a graph, not rows", hint="Use --format ttl.")
        columns = [v.value for v in result.variables]
        rows = [tuple(None if t is None else self._term(t) for t in (row[c] for c in columns)) for row in result]
        return QueryAnswer(columns, rows)

    @staticmethod
    def _term(term: object) -> Term:
        if isinstance(term, ox.BlankNode):
            return Iri(str(term))
        try:
            return from_ox(term)
        except ValueError as exc:
            raise UsageError(
                "E408", f"the query makes a {exc}", hint="Make IRIs, plain texts, or texts with a language alone."
            ) from exc

    @classmethod
    def _node(cls, term: object) -> Iri:
        return Iri(cls._term(term))

    def construct(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE as triples."""
        result = self._run(query, bindings, shown)
        if not isinstance(result, ox.QueryTriples):
            raise UsageError("E404", f"{shown} gives rows, not a graph", hint="Use --format table, csv or json.")
        return [(self._node(t.subject), Iri(t.predicate.value), self._term(t.object)) for t in result]

    def ask(
        self,
        query: str,
        graphs: tuple[Sequence[str], Sequence[str]] | None = None,
        prefixes: Mapping[str, str] | None = None,
        base: str | None = None,
        shown: str = "query",
    ) -> Result:
        """The answer as the SPARQL protocol has it, to be written in a media type.

        :param graphs: the graphs that are the default graph, and the named graphs, where the client gives them; else
            those of the query's FROM clauses, else the union of all graphs
        :param prefixes: what abbreviates IRIs in Turtle
        :param base: what relative IRIs are relative to
        :raises UsageError: for a syntax error, an UPDATE, a SERVICE or a bad IRI
        """
        return protocol_query(self._store, query, graphs, prefixes or {}, base, shown)

    def _run(self, query: str, bindings: Mapping[str, Term] | None, shown: str) -> object:
        check_query(query, shown)
        try:
            substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
                ox.Variable(k): to_ox(v) for k, v in (bindings or {}).items()
            }
        except ValueError as exc:
            raise UsageError("E405", f"{shown}: not a usable value: {exc}") from exc
        try:
            return self._store.query(query, use_default_graph_as_union=True, substitutions=substitutions)
        except SyntaxError as exc:
            raise query_syntax_error(query, str(exc), shown) from exc
        except (RuntimeError, OSError, ValueError) as exc:
            raise InputError("E407", f"{shown}: the query failed: {exc}") from exc

    def has(self, subject: str) -> bool:
        """Whether anything is said of the subject."""
        return next(iter(self._store.quads_for_pattern(ox.NamedNode(subject), None, None, None)), None) is not None

    def describe(self, subject: str) -> list[Triple]:
        """All triples of one subject."""
        found = self._store.quads_for_pattern(ox.NamedNode(subject), None, None, None)
        return [(self._node(q.subject), Iri(q.predicate.value), self._term(q.object)) for q in found]

    def referrers(self, obj: str) -> list[Triple]:
        """All triples that point at one node."""
        found = self._store.quads_for_pattern(None, None, ox.NamedNode(obj), None)
        return [(self._node(q.subject), Iri(q.predicate.value), self._term(q.object)) for q in found]

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Every triple with the graph that it is in, literals as the store holds them."""
        for q in self._store:
            yield (self._node(q.subject), Iri(q.predicate.value), self._term(q.object)), str(self._term(q.graph_name))

    def triples_text(self) -> str:
        """The union of all graphs as sorted N-Triples, for validators."""
        lines = {f"{q.subject} {q.predicate} {q.object} .\n" for q in self._store}
        return "".join(sorted(lines))

    def nquads(self) -> str:
        """All quads as sorted N-Quads, as the store holds them."""
        return "".join(sorted(f"{q} .\n" for q in self._store))

    def bulk(self, nquads: bytes | IO[bytes]) -> None:
        """Load N-Quads, or an open file of them, into an on-disk store and flush it."""
        self._store.bulk_load(nquads, ox.RdfFormat.N_QUADS)
        self._store.flush()

    def replace(self, gone: Iterable[tuple[str, str | None]], nquads: bytes) -> None:
        """Take graphs (or single nodes of graphs) out, then put quads in.

        :param gone: names of graphs, each with the node that is meant, or None for the whole graph
        """
        for name, subject in gone:
            graph = ox.NamedNode(name)
            if subject is None:
                self._store.remove_graph(graph)
            else:
                for quad in list(self._store.quads_for_pattern(ox.NamedNode(subject), None, None, graph)):
                    self._store.remove(quad)
        self._store.load(nquads, ox.RdfFormat.N_QUADS)

    def flush(self) -> None:
        """Write out what the engine still holds back."""
        self._store.flush()

    def lines(self, subject: str | None, graph: str | None = None) -> Iterator[tuple[str, str]]:
        """What is said of a node, or in a graph: N-Triples lines, each with its graph."""
        node = None if subject is None else ox.NamedNode(subject)
        inside = None if graph is None else ox.NamedNode(graph)
        for quad in self._store.quads_for_pattern(node, None, None, inside):
            yield f"{quad.subject} {quad.predicate} {quad.object} .\n", _name(quad.graph_name)

    def users(self, obj: str, predicate: str | None = None) -> Iterator[tuple[str, str, str]]:
        """Who points at a node, by what, in which graph; found as far as they are asked for."""
        by = None if predicate is None else ox.NamedNode(predicate)
        for quad in self._store.quads_for_pattern(None, by, ox.NamedNode(obj), None):
            yield _name(quad.subject), quad.predicate.value, _name(quad.graph_name)


def _name(term: object) -> str:
    return str(getattr(term, "value", ""))


def _cannot_open(path: Path, exc: OSError) -> InputError:
    reason = str(exc)
    if "lock" in reason.lower():
        return InputError(
            "E309",
            "another program has the store open to write to it",
            file=str(path),
            why="Two writers would spoil each other's work.",
            hint="End it (a server that was started on this folder, for example), or wait.",
        )
    return InputError("E305", f"cannot open the store: {reason}", file=str(path))
