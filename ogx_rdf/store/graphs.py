"""CONSTRUCT and DESCRIBE asked as SELECT: rows in JSON have an end that can be checked, and no engine's own notion
of a description, limit on triples or way of writing literals gets into the answer.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..oxi import bare
from ..sparql import closing, prologue, selects

__all__ = ["BY_VARIABLE", "Construction", "Description", "by_variable", "construction", "description", "order"]

BY_VARIABLE = "ogx_graph_"
"""What the variables begin with that :func:`by_variable` puts in."""

_CONSTANT = re.compile(r"(?<![?$:\w-])GRAPH\b(?!\s*[?$:])(\s*)([^\s{?$]*)(\s*)\{", re.IGNORECASE)


def by_variable(query: str) -> str:
    """A query with each ``GRAPH <iri>`` as a variable that has that value.

    Virtuoso finds nothing in a graph that is named outright where graphs of its own are left out of the default graph.
    """
    code, parts, place = bare(query), [], 0
    for number, found in enumerate(_CONSTANT.finditer(code)):
        name = query[found.start() + len("GRAPH") : found.end() - 1]
        parts += [query[place : found.start()], f"VALUES ?{BY_VARIABLE}{number} {{ {name} }} "]
        parts.append(f"GRAPH ?{BY_VARIABLE}{number} {{")
        place = found.end()
    return "".join(parts) + query[place:]


class Order(NamedTuple):
    """How rows are put in order here: the query that also selects what they are ordered by, and the ordering.

    :param ordering: the prologue, ``SELECT * WHERE { }`` and the ORDER BY
    """

    query: str
    ordering: str


def order(query: str) -> Order | None:
    """How the rows of a query can be put in order here; None where it says no order, or where they cannot.

    What LIMIT or OFFSET took away cannot be put in order any more; and where rows are grouped, or each given once,
    nothing more can be selected than is selected.
    """
    outer = selects(query)[0]
    start = outer.opening + 1 + len(outer.body) + 1
    code = bare(query)
    found = re.search(r"\bORDER\s+BY\b", code[start:], re.IGNORECASE)
    if found is None or re.search(r"\b(?:LIMIT|OFFSET|VALUES)\b", code[start:], re.IGNORECASE):
        return None
    by = set(re.findall(r"[?$](\w+)", code[start + found.start() :]))
    more = sorted(by - set(outer.variables)) if "*" not in outer.variables else []
    head = code[outer.start : outer.opening]
    aggregate = re.search(r"\b(?:COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\s*\(", head, re.IGNORECASE)
    grouped = aggregate or re.search(r"\bGROUP\s+BY\b", code[start:], re.IGNORECASE)
    if more and (grouped or re.match(r"SELECT\s+(?:DISTINCT|REDUCED)\b", head, re.IGNORECASE)):
        return None
    place = outer.start + len("SELECT")
    added = "".join(f" ?{name}" for name in more)
    ordering = f"{query[: prologue(query)]}SELECT * WHERE {{ }} {query[start + found.start() :]}"
    return Order(f"{query[:place]}{added}{query[place:]}", ordering)


class Construction(NamedTuple):
    """A CONSTRUCT as the SELECT of its pattern, and the template for each row."""

    select: str
    template: str


class Description(NamedTuple):
    """A DESCRIBE as the SELECT of its variables (None without any), and one for the nodes that it names."""

    select: str | None
    named: str | None


def construction(query: str) -> Construction | None:
    """The parts of a CONSTRUCT; None for anything else."""
    code, start = bare(query), prologue(query)
    if not code[start:].upper().startswith("CONSTRUCT"):
        return None
    opening = code.find("{", start)
    end = closing(code, opening) + 1
    head, body = query[:start], query[opening:end]
    if code[start + len("CONSTRUCT") : opening].strip():  # CONSTRUCT WHERE { … }: the pattern is the template
        return Construction(f"{head}SELECT * WHERE {query[opening:]}", f"{head}CONSTRUCT {body}")
    return Construction(f"{head}SELECT * {query[end:]}", f"{head}CONSTRUCT {body}")


def description(query: str) -> Description | None:
    """The parts of a DESCRIBE; None for anything else."""
    code, start = bare(query), prologue(query)
    if not code[start:].upper().startswith("DESCRIBE"):
        return None
    begin = start + len("DESCRIBE")
    found = re.compile(r"\bWHERE\b|\{", re.IGNORECASE).search(code, begin)
    end = found.start() if found else len(code)
    head, asked, rest = query[:start], query[begin:end], query[end:]
    variables = re.findall(r"[?$]\w+|\*", code[begin:end])
    nodes = re.findall(r"<[^<>\s]*>|[^\s<>?$*]*:[^\s<>?$*]*", re.sub(r"[?$]\w+|\*|#[^\n]*", " ", asked))
    named = " UNION ".join(f"{{ BIND({node} AS ?node) }}" for node in nodes)
    return Description(
        f"{head}SELECT {' '.join(variables)} {rest}" if variables else None,
        f"{head}SELECT ?node {{ {named} }}" if nodes else None,
    )
