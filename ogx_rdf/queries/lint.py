"""The traps of the engines that a stored query must keep out of (each is shown in the tests).

A corpus's own queries are held to this when they are read; the shipped ones by the tests.

Of every engine, by the way parameters are bound:

* A parameter is bound by substitution, which the engine refuses unless the outer SELECT projects it, and which
  does not reach into a sub-select that does not.
* Elsewhere it is bound by a VALUES block at the head of each SELECT that projects it, and the text is no SPARQL where
  that body is a SELECT without braces of its own, or where BIND or AS makes the parameter.
* A VALUES block after the body can give a wrong count through a sub-select.
* GROUP_CONCAT over numbers or IRIs is silently unbound without STR.
* FILTER NOT EXISTS over more than one triple pattern takes time quadratic in the graph; MINUS does not.
* Rows without ORDER BY come in any order.

Of Virtuoso 7, which gives other rows, and no error:

* An outer SELECT DISTINCT leaves rows twice; DISTINCT in a sub-select of a few IRIs does not.
* Two sub-selects that group, each in an OPTIONAL, give each other's rows; joined, with a row for every node, they
  do not.
* A path of any length (``*``, ``+``) beside other patterns starts from the wrong end; in a SELECT DISTINCT of its own
  it does not.
* CONCAT takes what is not bound for an empty text, so COALESCE(CONCAT(...)) never falls back.
* A truth value comes as a number; STRDT(IF(..., "true", "false"), xsd:boolean) does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..oxi import bare
from ..sparql import Select, closing, selects
from .headers import StoredQuery

__all__ = ["Problem", "lint"]


class Problem(NamedTuple):
    """What is wrong in a query, and on which line of its file."""

    line: int
    what: str


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"[?$]{name}\b", text) is not None


def _of_select(select: Select, params: list[str]) -> Iterator[Problem]:
    for name in params:
        if name not in select.variables and (select.outer or _mentions(select.body, name)):
            yield Problem(select.line, f"the SELECT does not project the parameter ?{name}")
        if name in select.variables and re.match(r"\s*SELECT\b", select.body, re.IGNORECASE):
            what = f"a SELECT that takes the parameter ?{name} begins with SELECT; put it in braces"
            yield Problem(select.line, what)
        grouped = re.search(r"\bGROUP\s+BY\b(.*)", select.after, re.IGNORECASE | re.DOTALL)
        if grouped and name in select.variables and not _mentions(grouped[1], name):
            yield Problem(select.line, f"the parameter ?{name} is not in GROUP BY")
    if "*" in select.variables:
        yield Problem(select.line, "SELECT * says nothing about what is selected")
    if re.search(r"\bVALUES\b", select.after, re.IGNORECASE):
        yield Problem(select.line, "a VALUES block stands after the body")
    if select.outer and select.distinct:
        yield Problem(select.line, "the outer SELECT is DISTINCT; say in a sub-select what is distinct")
    if select.outer and not re.search(r"\bORDER\s+BY\b", select.after, re.IGNORECASE):
        yield Problem(select.line, "no ORDER BY, so the rows come in any order")


def _line(code: str, match: re.Match[str]) -> int:
    return code.count("\n", 0, match.start()) + 1


def _of_text(code: str) -> Iterator[Problem]:
    for match in re.finditer(r"\bGROUP_CONCAT\s*\(\s*(?:DISTINCT\s+)?", code, re.IGNORECASE):
        if not re.compile(r"STR\s*\(", re.IGNORECASE).match(code, match.end()):
            yield Problem(_line(code, match), "GROUP_CONCAT without STR")
    for match in re.finditer(r"\bNOT\s+EXISTS\s*\{", code, re.IGNORECASE):
        body = code[match.end() : closing(code, match.end() - 1)]
        hops = len(re.findall(r"[;,/|*+^]|\.\s+\S", re.sub(r"[?$]\w+|[\w-]*:[\w.-]*\w", "x", body)))
        if hops or len(body.split()) > 4:
            yield Problem(_line(code, match), "NOT EXISTS over more than one triple pattern; use MINUS")


_PATH = re.compile(r"(?:\)|:[\w-]+)[*+](?=[\s)/|])")
_GROUPS = re.compile(r"\bGROUP\s+BY\b", re.IGNORECASE)
_OPTIONAL = re.compile(r"\bOPTIONAL\s*(?=\{\s*SELECT\b)", re.IGNORECASE)
_FALLBACK = re.compile(r"\bCOALESCE\s*\(\s*CONCAT\b", re.IGNORECASE)


def _of_virtuoso(code: str, found: list[Select]) -> Iterator[Problem]:
    for match in _PATH.finditer(code):
        around = [s for s in found if s.opening < match.start() < s.opening + len(s.body) + 1]
        if around and not around[-1].outer and (around[-1].distinct or _GROUPS.search(around[-1].after)):
            continue
        yield Problem(_line(code, match), "a path of any length outside a SELECT DISTINCT of its own")
    for match in _OPTIONAL.finditer(code):
        if _GROUPS.search(code[match.end() : closing(code, match.end())]):
            yield Problem(_line(code, match), "a SELECT that groups stands in OPTIONAL; join it")
    for match in _FALLBACK.finditer(code):
        yield Problem(_line(code, match), "COALESCE of CONCAT; ask with BOUND")


def _of_names(query: StoredQuery, code: str) -> Iterator[Problem]:
    """Parameters that the query makes itself, and columns of truth values that an engine may give as numbers."""
    for param in query.params:
        for match in re.finditer(rf"\bAS\s+[?$]{param.name}\b", code, re.IGNORECASE):
            yield Problem(_line(code, match), f"the query makes the parameter ?{param.name} itself")
    for column in query.columns:
        made = re.search(rf"(\)?)\s*\bAS\s+[?$]{column.name}\b", code, re.IGNORECASE)
        typed = rf"\bSTRDT\s*\(.*,\s*xsd:boolean\s*\)\s*AS\s+[?$]{column.name}\b"
        if column.type == "boolean" and made and not re.search(typed, code, re.IGNORECASE):
            yield Problem(_line(code, made), f"the truth value ?{column.name} is not made with STRDT")


def lint(query: StoredQuery) -> list[Problem]:
    """What a stored query does that it must not do; empty where all is well."""
    params = [param.name for param in query.params]
    code, places = bare(query.text), selects(query.text)
    found = [problem for select in places for problem in _of_select(select, params)]
    return [*found, *_of_text(code), *_of_virtuoso(code, places), *_of_names(query, code)]
