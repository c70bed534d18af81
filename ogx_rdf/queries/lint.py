"""The traps of the engine that a stored query must keep out of (each is shown in the tests).

A corpus's own queries are held to this when they are read; the shipped ones by the tests.

* A parameter is bound by substitution, which the engine refuses unless the outer SELECT projects it, and which
  does not reach into a sub-select that does not.
* A VALUES block after the body can give a wrong count through a sub-select.
* GROUP_CONCAT over numbers or IRIs is silently unbound without STR.
* FILTER NOT EXISTS over more than one triple pattern takes time quadratic in the graph; MINUS does not.
* Rows without ORDER BY come in any order.
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
        grouped = re.search(r"\bGROUP\s+BY\b(.*)", select.after, re.IGNORECASE | re.DOTALL)
        if grouped and name in select.variables and not _mentions(grouped[1], name):
            yield Problem(select.line, f"the parameter ?{name} is not in GROUP BY")
    if "*" in select.variables:
        yield Problem(select.line, "SELECT * says nothing about what is selected")
    if re.search(r"\bVALUES\b", select.after, re.IGNORECASE):
        yield Problem(select.line, "a VALUES block stands after the body")
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


def lint(query: StoredQuery) -> list[Problem]:
    """What a stored query does that it must not do; empty where all is well."""
    params = [param.name for param in query.params]
    found = [problem for select in selects(query.text) for problem in _of_select(select, params)]
    return found + list(_of_text(bare(query.text)))
