"""Which queries are let through: reads, and nothing that writes or calls another server."""

from __future__ import annotations

import re
from functools import lru_cache

import pyoxigraph as ox

from ..errors import UsageError

__all__ = ["bare", "check_query", "check_read", "names_dataset", "query_syntax_error"]


def _spelled(word: str) -> str:
    """A pattern for a keyword in any case, each letter also as a codepoint escape."""
    either = ((ch, f"(?:{ord(ch):02x}|{ord(ch) + 32:02x})") for ch in word)
    return "".join(rf"(?:{ch}|\\u00{code}|\\U000000{code})" for ch, code in either)


_NOT_CODE = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|<[^<>\"{}|^`\\\s]*>|#[^\n]*", re.DOTALL
)
_SERVICE = re.compile(_spelled("SERVICE"), re.IGNORECASE)
_FROM = re.compile(_spelled("FROM"), re.IGNORECASE)
_UPDATE = re.compile(
    r"(?:^|;)\s*(?:(?:PREFIX\s+[^\s:]*:|BASE)\s*)*"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b(?!\s*:)",
    re.IGNORECASE,
)


def bare(query: str) -> str:
    """The query with strings, IRIs and comments blanked out, every other character in its place."""
    return _NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), query)


LONG = 16_000
"""What was found of a query of fewer characters is remembered: the same ones are asked again and again."""


def _reads_as_keyword(query: str, word: re.Pattern[str], base: str | None) -> bool:
    """Whether the engine would read a keyword in the query."""
    return _remembered(query, word, base) if len(query) < LONG else _asked_of_engine(query, word, base)


def _asked_of_engine(query: str, word: re.Pattern[str], base: str | None) -> bool:
    """Whether the engine would read a keyword in the query, as it says itself.

    The word may stand in names, strings and comments, and the engine takes it as the keyword in places
    that no search finds (``1SERVICEex:s{}``, ``FILTER(?a<'x>')SERVICE<...>``, ``ASKFROM<...>{}``).  So the engine
    itself is asked: where another word in its place still gives a query, it was never a keyword.
    """
    if not word.search(query):
        return False
    try:
        ox.Store().query(word.sub("zqzervqz", query), base_iri=base)
    except SyntaxError:
        return True
    except (RuntimeError, OSError, ValueError):
        return False
    return False


_remembered = lru_cache(maxsize=512)(_asked_of_engine)


def names_dataset(query: str, base: str | None = None) -> bool:
    """Whether a query says with FROM or FROM NAMED what it reads; of a text that is no query, it may be said too.

    :param base: what relative IRIs are relative to
    """
    return _reads_as_keyword(query, _FROM, base)


def query_syntax_error(query: str, message: str, shown: str) -> UsageError:
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


@lru_cache(maxsize=512)
def check_query(query: str, shown: str) -> None:
    """Refuse anything but a read of the whole graph: UPDATE operations, FROM clauses and SERVICE calls.

    :raises UsageError: naming what was refused
    """
    check_read(query, shown)
    if names_dataset(query):
        raise UsageError(
            "E409",
            f"{shown}: FROM is refused",
            why="A query here reads all graphs as one; a dataset clause would be passed over, and the answer be wrong.",
            hint="Take FROM out, and write GRAPH <iri> { ... } around what is to come from one graph.",
        )


def check_read(query: str, shown: str, base: str | None = None) -> None:
    """Refuse UPDATE operations and SERVICE calls.

    :param base: what relative IRIs are relative to
    :raises UsageError: naming what was refused
    """
    if _UPDATE.search(bare(query)):
        raise UsageError(
            "E401",
            f"{shown}: an UPDATE is refused",
            why="The graph is built from the files of the corpus; a change made by query would be lost.",
            hint="Edit the Turtle files and run ogx-rdf build.",
        )
    if _reads_as_keyword(query, _SERVICE, base):
        raise UsageError(
            "E402",
            f"{shown}: SERVICE is refused",
            why="A query here reads this graph alone; SERVICE would send it to another server.",
            hint="Take the SERVICE block out (or, if there is none, mend the syntax of the query).",
        )
