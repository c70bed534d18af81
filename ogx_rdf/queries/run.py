"""Asking a stored question, or one of the user's own, and telling the four kinds of answer apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..corpus import Corpus
from ..documents.coverage import Coverage, coverage
from ..errors import UsageError
from ..lookup import CLASSES, display, external, find, unknown
from ..model import Iri, Literal, Term, Triple
from ..namespaces import C4O, DCTERMS, OGX, RDFS, SKOS, XSD
from ..naming import MOST
from .catalogue import stored
from .cells import Cell, Words, cell
from .headers import Column, Param, StoredQuery

__all__ = ["Answer", "bind", "run", "run_text"]

ENTITY_TYPES = ("entity", "disease", "trial")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    :param answer: ``rows``; ``none`` (asked completely, and there is nothing); ``not-stated`` (every passage of the
        documents was read, and none states this); a failure is an exception instead
    :param rows: one mapping a row: column name to text, number, truth value, list of texts, or None for nothing stated
    :param note: what there is to say beside the rows: the meaning of an empty answer, passages not yet read
    :param nearest: for ``not-stated``, the nearest things that are stated, best first
    :param triples: the graph, where the question was a CONSTRUCT or DESCRIBE (then rows repeat it)
    :param nodes: every IRI of this graph among the rows
    :param terms: the rows as terms, in the order of the columns
    """

    query: str
    params: Mapping[str, str]
    answer: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]
    coverage: Coverage
    note: str | None = None
    nearest: tuple[Mapping[str, Cell], ...] = ()
    triples: tuple[Triple, ...] | None = None
    nodes: tuple[Iri, ...] = field(default=(), repr=False)
    terms: tuple[tuple[Term | None, ...], ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, object]:
        """The answer as a JSON object."""
        shown: dict[str, object] = {
            "query": self.query,
            "params": dict(self.params),
            "answer": self.answer,
            "note": self.note,
            "coverage": self.coverage.as_dict(),
            "columns": [column.name for column in self.columns],
            "rows": [dict(row) for row in self.rows],
        }
        return shown | ({"nearest": [dict(row) for row in self.nearest]} if self.answer == "not-stated" else {})


def _name(corpus: Corpus, iri: str) -> str:
    said = {predicate: str(value) for _, predicate, value in corpus.dataset.describe(iri)}
    names = (RDFS.label, SKOS.prefLabel, DCTERMS.title, C4O.hasContent)
    found = next((said[name] for name in names if name in said), None)
    return corpus.curie(iri) if found is None else f"{found} ({corpus.curie(iri)})"


def _section(corpus: Corpus, text: str) -> Literal:
    """A section by its heading: written so, else the one that differs in nothing but case."""
    pattern = f"?passage <{OGX.section}> ?section"
    exact = f"SELECT ?section WHERE {{ {pattern} }} LIMIT 1"
    if corpus.dataset.select(exact, {"section": Literal(text)}, "sections").rows:
        return Literal(text)
    query = f"SELECT DISTINCT ?section ?asked WHERE {{ {pattern} FILTER(LCASE(STR(?section)) = ?asked) }}"
    found = corpus.dataset.select(query, {"asked": Literal(text.lower())}, "sections").texts()
    if len(found) != 1:
        few = f"SELECT DISTINCT ?section WHERE {{ {pattern} }} LIMIT {MOST}"
        rows = corpus.dataset.select(few, shown="sections").texts()
        raise unknown("section", text, sorted(row["section"] for row in rows))
    return Literal(found[0]["section"])


def _term(corpus: Corpus, param: Param, text: str) -> Term:
    if param.allowed and text not in param.allowed:
        raise unknown(param.name, text, list(param.allowed), hint=f"Allowed: {', '.join(param.allowed)}.")
    if param.type in CLASSES:
        return find(corpus, text, param.type)
    if param.type == "word":
        return OGX[param.allowed[text]]
    if param.type == "external":
        return external(corpus, text)
    if param.type == "section":
        return _section(corpus, text)
    if param.type == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            raise UsageError("E503", f"{param.name} takes a whole number, not {display(text)}")
        return Literal(str(int(text)), XSD.integer)
    return Literal(text)


def bind(corpus: Corpus, query: StoredQuery, given: Mapping[str, str]) -> dict[str, Term]:
    """The terms that a person's values stand for; an optional parameter that is not given stays unbound."""
    known = {param.name: param for param in query.params}
    for name in given:
        if name not in known:
            hint = f"It takes: {', '.join(known)}." if known else "It takes no parameters."
            raise unknown(f"parameter of {query.id}", name, list(known), hint=hint)
    bound: dict[str, Term] = {}
    for param in query.params:
        if param.required and param.name not in given:
            raise UsageError(
                "E504",
                f"{query.id} needs a value for {param.name}: {param.description}",
                hint="For example: " + " ".join(f"--{k} {display(v)}" for k, v in query.example.items()),
            )
        text = given.get(param.name, param.default)
        if not (param.default == text == "any"):
            bound[param.name] = _term(corpus, param, text)
    return bound


def _plain(corpus: Corpus, term: Term, words: Words) -> str:
    """A bound value as the answer shows it."""
    if isinstance(term, Iri):
        return words[term] if term.startswith(OGX.iri) else corpus.curie(term)
    return term.value


def _unread(ledger: Coverage) -> str:
    count = f"{ledger.open} passages are" if ledger.open != 1 else "1 passage is"
    return f"{count} not yet read." if ledger.passages else "The corpus holds no passages."


def _sentence(corpus: Corpus, query: StoredQuery, bound: Mapping[str, Term], words: Words) -> str:
    sentence = query.sentence
    for name, term in bound.items():
        said = _plain(corpus, term, words)
        if isinstance(term, Iri) and not term.startswith(OGX.iri):
            said = _name(corpus, term)
        sentence = sentence.replace("{" + name + "}", said)
    return sentence


def _nearest(corpus: Corpus, query: StoredQuery, bound: Mapping[str, Term]) -> tuple[Mapping[str, Cell], ...]:
    asked = next((bound[p.name] for p in query.params if p.type in ENTITY_TYPES and p.name in bound), None)
    if not isinstance(asked, Iri):
        return ()
    from .stated import nearest_stated

    return nearest_stated(corpus, asked, query.id)


def run(corpus: Corpus, name: str, params: Mapping[str, str] | None = None) -> Answer:
    """Ask a stored question.

    :param name: the id of the query
    :param params: the values as a person gives them, by name; each is resolved, checked and bound as a term
    :raises UsageError: for an unknown query, parameter or value (with the nearest names), or a missing one
    :raises InputError: where the corpus cannot be read or the query fails
    """
    query = stored(name, corpus)
    bound = bind(corpus, query, params or {})
    found = corpus.dataset.select(query.text, bound, query.file).rows
    words, ledger = Words(corpus), coverage(corpus)
    kind, note = "rows", None if ledger.complete else _unread(ledger)
    if not found and query.empty == "not-stated" and ledger.complete:
        kind, note = "not-stated", _sentence(corpus, query, bound, words)
    elif not found:
        start = _sentence(corpus, query, bound, words) if query.empty == "none" else "Nothing found so far."
        kind, note = "none", start if ledger.complete else f"{start} {_unread(ledger)}"
    return Answer(
        query=query.id,
        params={k: _plain(corpus, term, words) for k, term in bound.items()},
        answer=kind,
        columns=query.columns,
        rows=tuple(
            {c.name: cell(term, c.type, corpus, words) for c, term in zip(query.columns, row, strict=True)}
            for row in found
        ),
        coverage=ledger,
        note=note,
        nearest=_nearest(corpus, query, bound) if kind == "not-stated" else (),
        nodes=_nodes(found),
        terms=tuple(found),
    )


def _nodes(rows: Iterable[tuple[Term | None, ...]]) -> tuple[Iri, ...]:
    return tuple(dict.fromkeys(term for row in rows for term in row if isinstance(term, Iri)))


def run_text(corpus: Corpus, sparql: str, shown: str = "query") -> Answer:
    """Ask a question of the user's own, in SPARQL; UPDATE and SERVICE are refused.

    :param shown: how messages name the query (its file)
    :raises UsageError: for a query that is refused or not valid
    """
    triples: tuple[Triple, ...] | None = None
    try:
        result = corpus.dataset.select(sparql, None, shown)
        names, found = result.columns, result.rows
    except UsageError as exc:
        if exc.code != "E403":
            raise
        triples = tuple(sorted(set(corpus.dataset.construct(sparql, None, shown)), key=lambda t: tuple(map(repr, t))))
        names, found = ["subject", "predicate", "object"], list(triples)
    words = Words(corpus)
    columns = tuple(Column(name, "term") for name in names)
    rows = tuple({n: cell(term, "term", corpus, words) for n, term in zip(names, row, strict=True)} for row in found)
    ledger = coverage(corpus)
    note = None if rows else "The query gives no rows."
    if not ledger.complete:
        note = f"{note} {_unread(ledger)}" if note else _unread(ledger)
    return Answer(
        query=shown,
        params={},
        answer="rows" if rows else "none",
        columns=columns,
        rows=rows,
        coverage=ledger,
        note=note,
        triples=triples,
        nodes=_nodes(found),
    )
