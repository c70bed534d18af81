"""The one module that knows pyoxigraph: reading files, parsing, terms, serialising, the query engine.

The parser keeps literals exactly as written; the store does not (it rewrites ``"1.10"^^xsd:decimal``
to ``"1.1"``).  So formatting and hashing use :func:`parse_turtle`, and only questions go to a store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from .errors import InputError, UsageError
from .model import Iri, Literal, Term, Triple
from .namespaces import XSD

__all__ = [
    "Dataset",
    "QueryAnswer",
    "bare",
    "check_query",
    "decode",
    "from_ox",
    "is_iri",
    "jsonld",
    "nquad",
    "parse_turtle",
    "to_ox",
]


def _spelled(word: str) -> str:
    """A pattern for a keyword in any case, each letter also as a codepoint escape."""
    either = ((ch, f"(?:{ord(ch):02x}|{ord(ch) + 32:02x})") for ch in word)
    return "".join(rf"(?:{ch}|\\u00{code}|\\U000000{code})" for ch, code in either)


_NOT_CODE = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|<[^<>\"{}|^`\\\s]*>|#[^\n]*", re.DOTALL
)
_SERVICE = re.compile(_spelled("SERVICE"), re.IGNORECASE)
_FROM = re.compile(r"(?<![\w?$:.-])" + _spelled("FROM") + r"(?![\w:-])", re.IGNORECASE)
_UPDATE = re.compile(
    r"(?:^|;)\s*(?:(?:PREFIX\s+[^\s:]*:|BASE)\s*)*"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b(?!\s*:)",
    re.IGNORECASE,
)


def to_ox(term: Term) -> ox.NamedNode | ox.Literal:
    """Turn a term into pyoxigraph's; raises ValueError for a malformed IRI."""
    if isinstance(term, Iri):
        return ox.NamedNode(term)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def _strange(term: object) -> str | None:
    """What a term is that has no place here, or None."""
    if isinstance(term, ox.NamedNode):
        return None
    if isinstance(term, ox.Literal):
        return f"text with a base direction (@{term.language}--{term.direction})" if term.direction else None
    return "blank node" if isinstance(term, ox.BlankNode) else "triple term"


def from_ox(term: object) -> Term:
    """Turn pyoxigraph's term into ours.

    :raises ValueError: saying what it is, for a blank node, a triple term, or text with a base direction
    """
    if (strange := _strange(term)) is not None:
        raise ValueError(strange)
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language)
    assert isinstance(term, ox.NamedNode)
    return Iri(term.value)


def is_iri(text: str) -> bool:
    """Whether ``text`` is an absolute IRI by the engine's own parser."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return ":" in text


def decode(path: Path, shown: str) -> str:
    """Read a text file as UTF-8 or raise InputError naming the byte that is not."""
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise InputError(
            "E301", f"cannot read the file ({exc.strerror})", file=shown, hint="Check the path and its permissions."
        ) from exc
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise InputError(
            "E302",
            f"not UTF-8: byte 0x{data[exc.start]:02x} at offset {exc.start}",
            file=shown,
            line=line,
            hint="Save the file as UTF-8 (for example: iconv -f latin1 -t utf-8 OLD > NEW).",
        ) from exc


def _syntax_error(exc: SyntaxError, shown: str) -> InputError:
    message = re.sub(r"^Parser error at line [^:]*: ", "", str(exc.msg or exc))
    return InputError(
        "E303",
        f"not valid Turtle: {message}",
        file=shown,
        line=exc.lineno,
        hint="Nothing was read from this file. Mend the line and run the command again.",
    )


def _strange_quad(quad: ox.Quad, shown: str) -> InputError:
    """The refusal of a quad that holds a term with no place here."""
    what = _strange(quad.subject) or _strange(quad.object)
    if what == "blank node":
        return InputError(
            "E304",
            f"blank node beside {quad.predicate}",
            file=shown,
            why="Blank nodes have no stable name, so nobody can cite or compare them.",
            hint="Give the node an IRI of its own.",
        )
    return InputError(
        "E311",
        f"{what} beside {quad.predicate}",
        file=shown,
        why="It is new in RDF 1.2: the formats and engines that this graph is written for would drop it or refuse it.",
        hint="Write an IRI, a plain text, or a text with its language alone (such as @en).",
    )


def parse_turtle(text: str, shown: str) -> tuple[list[Triple], dict[str, str]]:
    """Parse Turtle into triples in document order and the prefixes declared.

    :raises InputError: on a syntax error (with its line), or on a term that :func:`from_ox` refuses
    """
    triples: list[Triple] = []
    try:
        parser = ox.parse(text, ox.RdfFormat.TURTLE)
        for quad in parser:
            try:
                triples.append((Iri(from_ox(quad.subject)), Iri(quad.predicate.value), from_ox(quad.object)))
            except ValueError as exc:
                raise _strange_quad(quad, shown) from exc
    except SyntaxError as exc:
        raise _syntax_error(exc, shown) from exc
    return triples, dict(parser.prefixes)


class QueryAnswer:
    """The answer to a SELECT or ASK: columns, and rows as tuples of terms or None."""

    def __init__(self, columns: list[str], rows: list[tuple[Term | None, ...]]) -> None:
        self.columns = columns
        self.rows = rows

    def __iter__(self) -> Iterator[dict[str, Term | None]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def texts(self) -> list[dict[str, str]]:
        """Rows as plain strings, unbound variables as the empty string."""
        return [{k: "" if v is None else str(v) for k, v in row.items()} for row in self]


def bare(query: str) -> str:
    """The query with strings, IRIs and comments blanked out, every other character in its place."""
    return _NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), query)


def _calls_service(query: str) -> bool:
    """Whether the engine would read a SERVICE keyword in the query.

    The word may stand in names, strings and comments, and the engine takes it as the keyword in places
    that no search finds (``1SERVICEex:s{}``, ``FILTER(?a<'x>')SERVICE<...>``).  So the engine itself is asked:
    where another word in its place still gives a query, it was never a keyword.
    """
    if not _SERVICE.search(query):
        return False
    try:
        ox.Store().query(_SERVICE.sub("zqzervqz", query))
    except SyntaxError:
        return True
    except (RuntimeError, OSError, ValueError):
        return False
    return False


def _query_syntax_error(query: str, message: str, shown: str) -> UsageError:
    """What is wrong with a query, without the grammar that the parser prints."""
    place = re.search(r"error at (\d+):(\d+)", message)
    declared = {p.lower() for p in re.findall(r"PREFIX\s+([\w.-]*):", bare(query), re.IGNORECASE)}
    used = re.findall(r"(?<![\w?$:<])([A-Za-z][\w.-]*):(?=[\w%])", bare(query))
    missing = [p for p in used if p.lower() not in declared]
    where = f"{shown}: " if place is None else f"{shown}, line {place[1]}, column {place[2]}: "
    if missing:
        return UsageError(
            "E406",
            f"{where}not valid SPARQL: the prefix {missing[0]}: is not declared",
            hint=f"Begin the query with PREFIX {missing[0]}: <...>; prefixes.ttl of the corpus has the namespaces.",
        )
    return UsageError("E406", f"{where}not valid SPARQL", hint="Mend the query at that place, or just before it.")


def check_query(query: str, shown: str) -> None:
    """Refuse anything but a read of the whole graph: UPDATE operations, FROM clauses and SERVICE calls.

    :raises UsageError: naming what was refused
    """
    if _UPDATE.search(bare(query)):
        raise UsageError(
            "E401",
            f"{shown}: an UPDATE is refused",
            why="The graph is built from the files of the corpus; a change made by query would be lost.",
            hint="Edit the Turtle files and run ogx-rdf build.",
        )
    if _FROM.search(bare(query)):
        raise UsageError(
            "E409",
            f"{shown}: FROM is refused",
            why="A query here reads all graphs as one; a dataset clause would be passed over, and the answer be wrong.",
            hint="Take FROM out, and write GRAPH <iri> { ... } around what is to come from one graph.",
        )
    if _calls_service(query):
        raise UsageError(
            "E402",
            f"{shown}: SERVICE is refused",
            why="A query here reads this graph alone; SERVICE would send it to another server.",
            hint="Take the SERVICE block out (or, if there is none, mend the syntax of the query).",
        )


class Dataset:
    """A quad store with embedded Oxigraph, in memory or on disk.

    ``quads`` go in as (subject, predicate, object, graph).  Queries see the union of all graphs as
    the default graph, so authors never need GRAPH.
    """

    def __init__(self, store: ox.Store | None = None) -> None:
        self._store = store if store is not None else ox.Store()

    @classmethod
    def on_disk(cls, path: Path) -> Dataset:
        """Open (or create) an Oxigraph store in a directory."""
        try:
            return cls(ox.Store(str(path)))
        except OSError as exc:
            raise InputError("E305", f"cannot open the store: {exc}", file=str(path)) from exc

    @classmethod
    def read_only(cls, path: Path) -> Dataset:
        """Open a finished on-disk store for questions."""
        try:
            return cls(ox.Store.read_only(str(path)))
        except OSError as exc:
            raise InputError("E305", f"cannot open the store: {exc}", file=str(path)) from exc

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
                if not isinstance(subject, ox.NamedNode) or _strange(obj):
                    raise _strange_quad(quad, shown)
                graph = nodes.get(subject.value)
                if graph is None:
                    name = graph_of(subject.value)
                    graph = graphs.setdefault(name, ox.NamedNode(name))
                    nodes[subject.value] = graph
                quads.append(ox.Quad(subject, quad.predicate, obj, graph))
        except SyntaxError as exc:
            raise _syntax_error(exc, shown) from exc
        self._store.extend(quads)
        return len(quads)

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
            raise _query_syntax_error(query, str(exc), shown) from exc
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

    def triples_text(self) -> str:
        """The union of all graphs as sorted N-Triples, for validators."""
        lines = {f"{q.subject} {q.predicate} {q.object} .\n" for q in self._store}
        return "".join(sorted(lines))

    def nquads(self) -> str:
        """All quads as sorted N-Quads, as the store holds them."""
        return "".join(sorted(f"{q} .\n" for q in self._store))

    def bulk(self, nquads: bytes) -> None:
        """Load N-Quads into an on-disk store and flush it."""
        self._store.bulk_load(nquads, ox.RdfFormat.N_QUADS)
        self._store.flush()


def nquad(subject: Iri, predicate: Iri, obj: Term, graph: str) -> str:
    """One N-Quads line with the literal exactly as given."""
    return f"{ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), to_ox(obj), ox.NamedNode(graph))} .\n"


def jsonld(nquads: str) -> str:
    """N-Quads as JSON-LD; the same text for the same lines in the same order."""
    data = ox.serialize(ox.parse(nquads, ox.RdfFormat.N_QUADS), format=ox.RdfFormat.JSON_LD)
    return (data or b"").decode("utf-8")
