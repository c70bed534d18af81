"""What the load is: point questions, stored questions with their parameters bound, and pages; the same for everyone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from scale_points import BY_HAND, FINDS, PREFIXES

from ogx_rdf.errors import OgxError
from ogx_rdf.model import Iri, Literal, Term
from ogx_rdf.namespaces import OGX, OWL, PROV, RDF, RDFS, XSD
from ogx_rdf.queries import Param, StoredQuery, catalogue
from ogx_rdf.queries.run import bind
from ogx_rdf.store.binding import bound

if TYPE_CHECKING:
    from ogx_rdf.corpus import Corpus

__all__ = ["ROWS", "STANDS", "Asked", "Mix", "pages", "questions"]

ROWS = "application/sparql-results+json"
THINGS = 8
"""Of so many things each point question is asked."""
ABOUT = 20
"""A parameter gets the value that stands about so often in the graph, so that answers do not grow with its size."""

_EVIDENCE = f"?evidence <{OGX.evidenceFor}> ?claim . "
STANDS = {
    "claim": f"{_EVIDENCE} BIND(?claim AS ?x)",
    "disease": f"?claim <{OGX.inDisease}> ?x",
    "document": f"?x a <{OGX.Document}>",
    "entity": f"?claim <{RDF.subject}> ?x ; <{OGX.kind}> <{OGX.mechanism}>",
    "external": f"?mapping <{OWL.annotatedTarget}> ?x",
    "passage": f"?evidence <{PROV.wasQuotedFrom}> ?x",
    "reference": f"?x <{OGX.denotes}> ?work",
    "section": f"?passage <{OGX.section}> ?x",
    "trial": f"?claim <{OGX.inTrial}> ?x",
    "work": f"?entry <{OGX.denotes}> ?x",
}
"""Where the values of a parameter of a type stand."""


@dataclass(frozen=True)
class Asked:
    """A request.

    :param name: what it asks
    :param path: of an address; that of a query is each server's own
    :param query: the SPARQL that is sent as the body; None for a page
    """

    name: str
    path: str
    query: str | None = None


@dataclass(frozen=True)
class Mix:
    """Requests that a client sends one after the other, again and again.

    :param peer: whether another server can answer them too
    """

    title: str
    requests: Sequence[Asked]
    peer: bool


def _points(corpus: Corpus) -> Iterable[Asked]:
    for name, text in BY_HAND.items():
        find = PREFIXES + FINDS[name].replace("LIMIT 1", f"LIMIT {THINGS}")
        for row in corpus.dataset.select(find).texts():
            yield Asked(name, "", PREFIXES + text.replace("THING", row["thing"]))


def _value(corpus: Corpus, param: Param) -> Term | None:
    if param.type in STANDS:
        order = f"(ABS(COUNT(*) - {ABOUT})) ?x LIMIT 1"
        query = f"SELECT ?x WHERE {{ {STANDS[param.type]} }} GROUP BY ?x ORDER BY {order}"
        rows = corpus.dataset.select(query).rows
        return rows[0][0] if rows else None
    if param.type == "word":
        return OGX[next(iter(param.allowed.values()))]
    return Literal("1", XSD.integer) if param.type == "integer" else Literal("survival")


def _terms(corpus: Corpus, query: StoredQuery) -> dict[str, Term] | None:
    """The terms of the example, where the graph has what it names; else of what the graph has; None where none is."""
    try:
        return bind(corpus, query, query.example)
    except OgxError:
        found = {param.name: _value(corpus, param) for param in query.params if param.required}
        terms = {name: term for name, term in found.items() if term is not None}
        return terms if len(terms) == len(found) else None


def questions(corpus: Corpus) -> list[Mix]:
    """The mixes of queries: those of one thing as asked by hand, the stored ones of one thing, and those of all."""
    of_one: list[Asked] = []
    of_all: list[Asked] = []
    for query in catalogue(corpus).values():
        terms = _terms(corpus, query)
        if terms is not None:
            asked = Asked(query.id, "", bound(query.text, terms, query.id))
            (of_one if any(param.required for param in query.params) else of_all).append(asked)
    return [
        Mix("point questions by hand", list(_points(corpus)), True),
        Mix("stored questions on one thing", of_one, True),
        Mix("stored questions on the whole graph", of_all, True),
    ]


def _first(corpus: Corpus, pattern: str) -> str | None:
    rows = corpus.dataset.select(f"SELECT ?x WHERE {{ {pattern} }} ORDER BY ?x LIMIT 1").texts()
    return rows[0]["x"] if rows else None


def pages(corpus: Corpus) -> list[Mix]:
    """The pages, a mix of one for each kind."""
    claim = _first(corpus, f"{_EVIDENCE} BIND(?claim AS ?x) FILTER(STRSTARTS(STR(?x), '{corpus.base}c/'))")
    document = _first(corpus, f"?x a <{OGX.Document}>")
    word = _first(corpus, f"?claim a <{OGX.Claim}> ; <{RDF.subject}>/<{RDFS.label}> ?x") or "survival"
    found = [("the first page", "/")]
    found += [("a claim", f"/{Iri(claim)[len(corpus.base) :]}")] if claim else []
    found += [("a document beside its claims", f"/{Iri(document)[len(corpus.base) :]}")] if document else []
    found.append(("a search", f"/search?q={quote(word, safe='')}"))
    if claim:
        found.append(("`evidence-for` as JSON", f"/queries/evidence-for/results?claim={quote(claim, safe='')}"))
    return [Mix(title, [Asked(title, path)], False) for title, path in found]
