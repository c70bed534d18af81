"""What an assistant can call: each tool with what it takes, and the function of the library that answers it.

Nothing is worked out here: an answer is what the command of that purpose prints as JSON, and says of which kind it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..audit import audit_claim
from ..documents.coverage import coverage
from ..errors import UsageError
from ..publish.report import chain_dict
from ..queries import StoredQuery, stored
from ..queries.paging import paged
from ..queries.typed import schema_of, texts_of
from ..web.pages import Site
from ..web.pages.finding import GROUPS
from ..web.pages.search import grouped, searched

if TYPE_CHECKING:
    from ..api import Graph

__all__ = ["GUIDE", "TOOLS", "Desk", "Tool", "call"]

Json = dict[str, Any]

GUIDE = """\
Claims of literature, each with its exact words, citations, polarity and certainty. Read-only.
Every answer says of which kind it is, in the field "answer":
rows: there is something. none: asked completely, and there is nothing.
not-stated: every passage of the documents was read, and none states this; it does not mean that it is not so.
failed: there is no answer; the message says why, and nothing follows from it.
"coverage" says how much of the documents was read. A quote is exact words; a report is what a work says, retold.
A claim is never told without its polarity ("negative", "not shown") and certainty, and "cited" is not "supported".
Start with search, or with list_queries; show tells everything about one node."""
"""What a client is told of the server as a whole."""

ROWS, MOST_ROWS = 50, 1000
CHAINS, MOST_CHAINS, LONGEST_CHAIN = 3, 50, 8
HITS, MOST_HITS = 5, 100


class Desk:
    """A graph and what is kept between calls.

    :param graph: what is asked
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    @cached_property
    def site(self) -> Site:
        """What the search reads, and keeps."""
        return Site(self.graph)

    def schema(self, tool: Tool) -> Json:
        """What a tool takes, as a JSON schema; the names of the queries are those of this graph."""
        properties = {name: dict(said) for name, said in tool.takes.items()}
        if "query" in properties and tool.name != "search":
            properties["query"]["enum"] = sorted(self.graph.queries)
        return {
            "type": "object",
            "properties": properties,
            "required": list(tool.needs),
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that can be called.

    :param takes: each argument with its JSON schema
    :param needs: the arguments that must be given
    :param run: answers, given the arguments; those that were left out have their defaults
    """

    name: str
    title: str
    description: str
    takes: Mapping[str, Json]
    needs: tuple[str, ...]
    run: Callable[[Desk, Json], Json]


def _number(description: str, default: int, least: int, most: int) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default, "description": description}


def _text(description: str, **more: object) -> Json:
    return {"type": "string", "description": description, **more}


def _rows(desk: Desk, rows: list[Json], **more: object) -> Json:
    covered = coverage(desk.graph.corpus).as_dict()
    return {"answer": "rows" if rows else "none", "coverage": covered, "rows": rows, **more}


def _listed(query: StoredQuery) -> Json:
    return {
        "query": query.id,
        "group": query.group,
        "question": query.question,
        "parameters": {param.name: "required" if param.required else param.default for param in query.params},
    }


def _list_queries(desk: Desk, given: Json) -> Json:
    return _rows(desk, [_listed(q) for q in desk.graph.queries.values() if given["group"] in ("any", q.group)])


def _describe_query(desk: Desk, given: Json) -> Json:
    query = stored(given["query"], desk.graph.corpus)
    return _rows(desk, [query.as_dict() | {"parameters_schema": schema_of(query)}])


def _run_query(desk: Desk, given: Json) -> Json:
    query = stored(given["query"], desk.graph.corpus)
    numbers = {param.name for param in query.params if param.type == "integer"}
    answer = desk.graph.query(query.id, **texts_of(given["parameters"], numbers))
    return paged(answer, given["offset"], given["limit"])


def _search(desk: Desk, given: Json) -> Json:
    text, only = " ".join(given["text"].split()), "" if given["group"] == "any" else given["group"]
    if not text:
        raise UsageError("E680", "no words to search for", hint="Give a name, an identifier, or words of a quote.")
    found = searched(desk.site, text)
    groups = [
        {"group": name, "in_all": count, "hits": hits}
        for name, count, hits in grouped(desk.site.deck, found, only, given["limit"])
    ]
    note = None if groups else "Nothing here bears these words. That says nothing about the documents."
    taken = {word: list(words) for word, words in found.instead.items()}
    return _rows(desk, groups, taken_for=taken, some_words_only=found.partly, note=note)


def _show(desk: Desk, given: Json) -> Json:
    return desk.graph.show(given["name"])


def _audit_claim(desk: Desk, given: Json) -> Json:
    claim = desk.graph.resolve(given["claim"])
    audited = audit_claim(desk.graph.corpus, claim)
    return chain_dict(audited, audited.chain(claim))


def _find_chains(desk: Desk, given: Json) -> Json:
    answer = desk.graph.path(
        given["start"],
        given["end"],
        max_length=given["max_length"],
        order=given["order"],
        inferred=given["inferred"],
        limit=given["limit"],
    ).as_dict()
    return {name: value for name, value in answer.items() if name not in ("nodes", "edges")}  # they are for drawing


_GROUP = _text("which of them", enum=["any", "read", "audit", "tensions", "own"], default="any")
_QUERY = _text("the name of a stored query, as list_queries gives it")
_NODE = "a label, a name as printed, a CURIE or an IRI"

TOOLS: tuple[Tool, ...] = (
    Tool(
        "list_queries",
        "List the stored questions",
        "The questions that are stored, with their parameters: read (of the documents), audit (what is wrong with "
        "citations), tensions (what does not go together), own (of this corpus).",
        {"group": _GROUP},
        (),
        _list_queries,
    ),
    Tool(
        "describe_query",
        "Describe a stored question",
        "One stored question in full: its parameters with their types and allowed values, its columns, what no rows "
        "mean, an example, its SPARQL.",
        {"query": _QUERY},
        ("query",),
        _describe_query,
    ),
    Tool(
        "run_query",
        "Answer a stored question",
        "The answer to a stored question, with quotes and citations. The field answer is rows, none or not-stated; "
        "for not-stated, nearest holds the nearest things that are stated. page says how many rows there are in all.",
        {
            "query": _QUERY,
            "parameters": {
                "type": "object",
                "description": "values by the names of the parameters, as describe_query types them",
                "additionalProperties": {"type": ["string", "integer"]},
                "default": {},
            },
            "limit": _number("how many rows at most", ROWS, 1, MOST_ROWS),
            "offset": _number("how many rows to leave out first", 0, 0, 999_999_999),
        },
        ("query",),
        _run_query,
    ),
    Tool(
        "search",
        "Search by words",
        "What bears some words: things, trials, claims, quotes, reports, references, works, documents, relations. "
        "Misspelt words find the nearest ones, and taken_for says so.",
        {
            "text": _text("a name, an identifier, or words of a quote"),
            "group": _text("which group", enum=["any", *GROUPS], default="any"),
            "limit": _number("how many hits of each group", HITS, 1, MOST_HITS),
        },
        ("text",),
        _search,
    ),
    Tool(
        "show",
        "Show a thing",
        "Everything known of one claim, passage, reference, work, entity, trial or document, by its id or name.",
        {"name": _text(f"a node: {_NODE}; for example c:0042, ref:5")},
        ("name",),
        _show,
    ),
    Tool(
        "audit_claim",
        "Audit a claim",
        "What one claim rests on: its words, where they stand, the citations printed there, the works and kinds of "
        "sources behind them, what is wrong with them, and what stands against it.",
        {"claim": _text("a claim; for example c:0042 or 42")},
        ("claim",),
        _audit_claim,
    ),
    Tool(
        "find_chains",
        "Find chains of claims",
        "The chains of claims from one thing to another, each step with its words, citations, certainty and sign; "
        "found is how many there are. Where there is none, gaps says what comes near. A chain that nobody states as a "
        "whole is no finding.",
        {
            "start": _text(f"an entity: {_NODE}"),
            "end": _text(f"an entity: {_NODE}"),
            "max_length": _number("the most claims in a chain", 5, 1, LONGEST_CHAIN),
            "order": _text("which come first, by their weakest link", enum=["weakest", "strongest"], default="weakest"),
            "inferred": {"type": "boolean", "default": False, "description": "take inferred steps too, marked as such"},
            "limit": _number("how many chains", CHAINS, 1, MOST_CHAINS),
        },
        ("start", "end"),
        _find_chains,
    ),
)
"""Every tool, in the order in which a client is told of them."""


def call(desk: Desk, tool: Tool, arguments: Mapping[str, object]) -> Json:
    """The answer of a tool.

    :param arguments: those that fit :meth:`Desk.schema`
    :raises OgxError: for what cannot be asked, or not be answered in full
    """
    defaults = {name: said["default"] for name, said in tool.takes.items() if "default" in said}
    return tool.run(desk, {**defaults, **arguments})
