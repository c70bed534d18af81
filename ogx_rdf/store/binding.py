"""Terms bound to the variables of a query for a server, which has no other way for them than the text.

The term is written by the RDF library and stands in a ``VALUES`` block at the head of the outer WHERE, and of every
sub-SELECT that projects the variable: nothing that a person typed is ever read as SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import UsageError
from ..model import Term
from ..oxi import sparql_term
from ..sparql import selects

__all__ = ["bound"]

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def bound(query: str, bindings: Mapping[str, Term], shown: str) -> str:
    """The query with a VALUES block for each bound variable.

    :raises UsageError: for a term that cannot be written, or a variable that the outer SELECT does not project
    """
    if not bindings:
        return query
    blocks = {name: _block(name, term, shown) for name, term in bindings.items()}
    found = selects(query)
    for name in blocks:
        if not found or not {name, "*"} & set(found[0].variables):
            raise UsageError("E407", f"{shown}: the query does not select ?{name}, so it cannot be bound")
    text = query
    for select in sorted(found, key=lambda select: -select.opening):
        head = "".join(block for name, block in blocks.items() if {name, "*"} & set(select.variables))
        text = f"{text[: select.opening + 1]}{head}{text[select.opening + 1 :]}"
    return text


def _block(name: str, term: Term, shown: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError("E405", f"{shown}: not a usable name of a variable: {name!r}")
    try:
        return f" VALUES ?{name} {{ {sparql_term(term)} }} "
    except ValueError as exc:
        raise UsageError("E405", f"{shown}: not a usable value: {exc}") from exc
