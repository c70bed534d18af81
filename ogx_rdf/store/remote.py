"""A SPARQL 1.1 server as a store.

A server can be cut off, fall silent, limit its rows or give up half-way, and still answer 200.  Each of these is a
failure here, never a shorter answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath

from ..errors import InputError, UsageError
from ..model import Iri, Literal, Term, Triple
from ..namespaces import XSD
from ..oxi import Dataset, QueryAnswer, instantiate, is_iri, look_at, nquad, ntriple, sorted_rows
from ..sparql import prologue, selects
from .asking import Coming, Row, ask, send
from .binding import bound
from .engines import Engine, Places, places, recognised
from .graphs import construction, description, order
from .transport import Transport

__all__ = ["RemoteStore"]

ROUND = 1000
CHUNK = 1000
UNION: tuple[Mapping[str, str], ...] = (
    {},
    {"union-default-graph": "true"},
    {"default-graph-uri": "urn:x-arq:UnionGraph"},
)
"""What to send along so that the named graphs are seen as one: nothing, Oxigraph's parameter, or Jena's name for it."""


class RemoteStore:
    """A SPARQL server, with what :class:`ogx_rdf.oxi.Dataset` offers for reading.

    :param url: where it is asked
    :param update_url: where updates go, and ``data_url`` where the Graph Store Protocol is spoken; where they are not
        given they are those that the engine has beside ``url``
    :param timeout: seconds without a sign of the server; else OGX_RDF_TIMEOUT, else 60
    :param login: whether credentials are sent to it where it asks for them
    :param union: whether its named graphs are seen as one; False asks its default graph as it is, for servers whose
        data is not ours
    :param hidden: graphs that are not ours although their names begin so, and are left out of :meth:`quads` and counts
    :param within: what the names of our graphs begin with, on a server that holds others as well
    """

    def __init__(
        self,
        url: str,
        *,
        update_url: str | None = None,
        data_url: str | None = None,
        timeout: float | None = None,
        login: bool = True,
        union: bool = True,
        hidden: tuple[str, ...] = (),
        within: tuple[str, ...] = (),
    ) -> None:
        self.transport = Transport(url, timeout, login)
        self.url = url
        self.hidden = hidden
        self.within = within
        self._given = (update_url, data_url)
        self._union = union

    def __repr__(self) -> str:
        return f"RemoteStore({self.url!r})"

    @cached_property
    def engine(self) -> Engine:
        """The engine, by what it calls itself."""
        coming = ask(self.transport, self.url, "ASK {}", "ASK", {}, "which engine")
        list(coming.rows)
        return recognised(coming.headers.get("Server") or "")

    @cached_property
    def places(self) -> Places:
        """Where it is asked, updated and loaded."""
        return places(self.url, self.engine, *self._given)

    @cached_property
    def _parameters(self) -> Mapping[str, str]:
        """What has to be sent along for the named graphs to be seen as one."""
        if not self._union or self.engine.own:
            return {}
        one = "SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } FILTER(isIRI(?s) && isIRI(?o)) } LIMIT 1"
        found = list(ask(self.transport, self.url, one, "SELECT", {}, "default graph").rows)
        if not found:
            return {}
        triple = " ".join(f"<{term}>" for term in found[0])
        for parameters in UNION:
            told = ask(self.transport, self.url, f"ASK {{ {triple} }}", "ASK", parameters, "default graph")
            if _truth(told.rows):
                return parameters
        raise InputError(
            "E428",
            f"the default graph of {self.url} does not hold its named graphs",
            why="Questions here see all graphs as one; half of them would come back empty.",
            hint="Configure the server so that its default graph is the union of its named graphs.",
        )

    def _ask(self, text: str, kind: str, shown: str) -> Coming:
        return ask(self.transport, self.url, text, kind, self._parameters, shown)

    def stream(
        self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query"
    ) -> tuple[list[str], Iterator[Row]]:
        """Columns and rows of a SELECT or ASK, each row as it comes.

        The last step of the iteration checks that no row is missing, so what was read counts only then.

        :raises UsageError: as :meth:`select`
        :raises InputError: as :meth:`select`, also while the rows are read
        """
        outline = look_at(query, shown)
        if outline.kind == "graph":
            raise UsageError("E403", f"{shown} gives a graph, not rows", hint="Use --format ttl.")
        text = bound(query, bindings or {}, shown)
        if bindings:
            look_at(text, shown)
        if outline.kind == "truth":
            value = _truth(self._ask(text, "ASK", shown).rows)
            return ["answer"], iter([(Literal(str(value).lower(), XSD.boolean),)])
        coming = self._ask(text, "SELECT", shown)
        columns = outline.columns or coming.columns
        rows = self._ordered(columns, coming, shown)
        return columns, self._complete(text, rows, coming.headers, shown)

    def select(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> QueryAnswer:
        """Answer a SELECT (or an ASK, as one row ``answer``).

        Bindings are written by the RDF library into a VALUES block, never pasted.

        :raises UsageError: for a syntax error, an UPDATE, a FROM, a SERVICE, an unbindable variable or a bad IRI
        :raises InputError: where the server cannot be reached, fails, or does not answer in full
        """
        if self._union and PurePosixPath(shown).stem in self.engine.wrong:
            return self._whole_here().select(query, bindings, shown)
        if self._union and not self.engine.ordered and look_at(query, shown).kind == "rows":
            return self._ordered_here(query, bindings, shown)
        columns, rows = self.stream(query, bindings, shown)
        return QueryAnswer(columns, list(rows))

    def _whole_here(self) -> Dataset:
        """The whole graph in memory, read anew: what a server holds may have changed since."""
        whole = Dataset()
        lines = (nquad(Iri(s), p, o, graph) for (s, p, o), graph in self.quads())
        whole.load_lines("".join(lines).encode())
        return whole

    def _ordered_here(self, query: str, bindings: Mapping[str, Term] | None, shown: str) -> QueryAnswer:
        """The rows put in order here, where the engine has an order of its own."""
        wanted = order(query)
        if wanted is None:
            columns, rows = self.stream(query, bindings, shown)
            return QueryAnswer(columns, list(rows))
        more, streamed = self.stream(wanted.query, bindings, shown)
        found = sorted_rows(wanted.ordering, more, list(streamed))
        columns = look_at(query, shown).columns
        at = [more.index(name) for name in columns]
        return QueryAnswer(columns, [tuple(row[i] for i in at) for row in found])

    def _ordered(self, columns: list[str], coming: Coming, shown: str) -> Iterator[Row]:
        """The rows with their columns in the order of the query."""
        if set(columns) != set(coming.columns):
            raise InputError(
                "E417",
                f"{shown}: {self.url} answers with the columns {', '.join(coming.columns)} "
                f"where {', '.join(columns)} were asked for",
            )
        at = [coming.columns.index(name) for name in columns]
        return (
            coming.rows
            if at == list(range(len(coming.columns)))
            else (tuple(row[i] for i in at) for row in coming.rows)
        )

    def _complete(self, text: str, rows: Iterable[Row], said: Mapping[str, str], shown: str) -> Iterator[Row]:
        """The rows, and at their end a count of them by the server where their number looks like a limit."""
        count = 0
        for row in rows:
            count += 1
            yield row
        if "X-SPARQL-MaxRows" not in said and not _looks_like_a_limit(count):
            return
        asked = re.search(r"\bLIMIT\s+(\d+)", selects(text)[0].after, re.IGNORECASE)
        if asked and int(asked[1]) == count:
            return
        start = prologue(text)
        counted = f"{text[:start]}SELECT (COUNT(*) AS ?n) WHERE {{ {{ {text[start:]}\n}} }}"
        there = self._number(counted, f"{shown}, counted")
        if there != count:
            raise InputError(
                "E418",
                f"{shown}: {self.url} gave {count} rows of {there}",
                why="An answer with rows missing would look like an answer.",
                hint=recognised(said.get("Server") or "").cut,
            )

    def _number(self, text: str, shown: str) -> int:
        """The one number of an answer."""
        found = [row[0] for row in self._ask(text, "SELECT", shown).rows]
        try:
            return int(str(found[0]))
        except (IndexError, ValueError) as exc:
            raise InputError("E417", f"{shown}: {self.url} gives no number") from exc

    def construct(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE as triples."""
        if look_at(query, shown).kind != "graph":
            raise UsageError("E404", f"{shown} gives rows, not a graph", hint="Use --format table, csv or json.")
        parts = construction(query)
        if parts is None:
            return self._described(query, bindings, shown)
        columns, rows = self.stream(parts.select, bindings, shown)
        found: list[Triple] = []
        while chunk := list(islice(rows, CHUNK)):
            found += instantiate(parts.template, columns, chunk)
        return found

    def _described(self, query: str, bindings: Mapping[str, Term] | None, shown: str) -> list[Triple]:
        parts = description(query)
        assert parts is not None
        nodes: dict[Iri, None] = {}
        for select in filter(None, (parts.named, parts.select)):
            _, rows = self.stream(select, bindings if select == parts.select else None, shown)
            nodes |= {term: None for row in rows for term in row if isinstance(term, Iri)}
        return [triple for node in nodes if is_iri(node) for triple in self.describe(node)]

    def has(self, subject: str) -> bool:
        """Whether anything is said of the subject."""
        return _truth(self._ask(f"ASK {{ {_node(subject)} ?p ?o }}", "ASK", "lookup").rows)

    def describe(self, subject: str) -> list[Triple]:
        """All triples of one subject."""
        found = self.select(f"SELECT ?p ?o WHERE {{ {_node(subject)} ?p ?o }}", shown="lookup")
        return [(Iri(subject), Iri(str(p)), o) for p, o in found.rows if o is not None]

    def referrers(self, obj: str) -> list[Triple]:
        """All triples that point at one node."""
        found = self.select(f"SELECT ?s ?p WHERE {{ ?s ?p {_node(obj)} }}", shown="lookup")
        return [(Iri(str(s)), Iri(str(p)), Iri(obj)) for s, p in found.rows]

    def _ours(self) -> str:
        """The condition that a graph ``?g`` is one of ours."""
        inside = " || ".join(f'STRSTARTS(STR(?g), "{start}")' for start in self.within)
        outside = " && ".join(f"?g != <{graph}>" for graph in (*self.engine.own, *self.hidden))
        return "".join(f" FILTER({condition})" for condition in (inside, outside) if condition)

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Every triple with the graph that it is in, as the server holds it, read as it comes."""
        query = f"SELECT ?s ?p ?o ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }}{self._ours()} }}"
        for s, p, o, g in self.stream(query, shown="all quads")[1]:
            assert o is not None
            yield (Iri(str(s)), Iri(str(p)), o), str(g)

    def graphs(self) -> list[str]:
        """The names of our graphs."""
        query = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }}{self._ours()} }}"
        return sorted(str(row[0]) for row in self.stream(query, shown="graphs")[1])

    def __len__(self) -> int:
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }}{self._ours()} }}"
        return self._number(query, "number of quads")

    def triples_text(self) -> str:
        """The union of all our graphs as sorted N-Triples, for validators."""
        return "".join(sorted({ntriple(*triple) for triple, _ in self.quads()}))

    def nquads(self) -> str:
        """All our quads as sorted N-Quads, as the server holds them."""
        return "".join(sorted(nquad(*triple, graph) for triple, graph in self.quads()))

    def update(self, text: str, shown: str = "update") -> None:
        """Send an update, once.

        :raises InputError: where it is not known where updates go, or the server does not carry it out
        """
        place = self.places.update
        if place is None:
            raise InputError(
                "E422", f"it is not known where {self.url} takes updates", hint="Name it: --update-url URL"
            )
        transport = Transport(place, self.transport.timeout)
        body = send(transport, place, text, "INSERT", {})
        body.whole()
        body.close()


def _truth(rows: Iterator[Row]) -> bool:
    """The truth value of an ASK; Virtuoso gives one row for true and none for false."""
    return any(str(row[0]) in ("true", "1") for row in list(rows))


def _looks_like_a_limit(count: int) -> bool:
    """Whether so many rows could be where a server stopped: whole thousands, or a power of two from there on."""
    return count >= ROUND and (count % ROUND == 0 or count & (count - 1) == 0)


def _node(iri: str) -> str:
    if not is_iri(iri):
        raise UsageError("E405", f"not a usable value: {iri!r} is no IRI")
    return f"<{iri}>"
