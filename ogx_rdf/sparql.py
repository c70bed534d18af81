"""As much of SPARQL's outline as the header check, the lint and the binding need: where each SELECT stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .oxi import bare

__all__ = ["Select", "closing", "projection", "prologue", "selects"]


@dataclass(frozen=True, slots=True)
class Select:
    """One SELECT of a query.

    :param variables: what it projects, in order; ``*`` where it names nothing
    :param body: the text between its braces
    :param after: what follows its body: up to the brace that closes a sub-select, or to the end
    :param start: the place of the word SELECT
    :param opening: the place of the brace that opens its body
    :param distinct: whether it is a SELECT DISTINCT
    """

    line: int
    outer: bool
    variables: tuple[str, ...]
    body: str
    after: str
    start: int
    opening: int
    distinct: bool


def closing(text: str, start: int, pair: str = "{}") -> int:
    """The place of the bracket that closes the one at ``start``; the end of the text where none does."""
    depth = 0
    for place in range(start, len(text)):
        if text[place] == pair[0]:
            depth += 1
        elif text[place] == pair[1]:
            depth -= 1
            if depth == 0:
                return place
    return len(text)


def _variables(clause: str) -> tuple[str, ...]:
    found, place = [], 0
    while place < len(clause):
        if clause[place] == "(":
            end = closing(clause, place, "()")
            named = re.findall(r"\bAS\s+[?$](\w+)\s*$", clause[place + 1 : end], re.IGNORECASE)
            found += named[-1:]
            place = end + 1
        elif match := re.compile(r"[?$](\w+)").match(clause, place):
            found.append(match[1])
            place = match.end()
        elif clause[place] == "*":
            return ("*",)
        else:
            place += 1
    return tuple(found)


def selects(text: str) -> list[Select]:
    """Every SELECT of a query, the outer one first."""
    code = bare(text)
    found = []
    for match in re.finditer(r"(?<![?$:\w])SELECT\b(?!\s*:)", code, re.IGNORECASE):
        start = code.find("{", match.end())
        if start < 0:
            continue
        end = closing(code, start)
        clause = re.sub(r"\bWHERE\s*$", "", code[match.end() : start], flags=re.IGNORECASE)
        outside = code[: match.start()]
        stop = len(code)
        if "{" in outside:
            stop = closing("{" + code[end + 1 :], 0) + end
        found.append(
            Select(
                line=code.count("\n", 0, match.start()) + 1,
                outer="{" not in outside,
                variables=_variables(clause),
                body=code[start + 1 : end],
                after=code[end + 1 : stop],
                start=match.start(),
                opening=start,
                distinct=re.match(r"\s*DISTINCT\b", code[match.end() :], re.IGNORECASE) is not None,
            )
        )
    return found


def projection(text: str) -> list[str]:
    """The variables that the outer SELECT projects, in order; empty where there is none."""
    return [name for select in selects(text)[:1] for name in select.variables]


def prologue(text: str) -> int:
    """Where the prologue (BASE and PREFIX lines, comments) ends and the form of the query begins."""
    code = bare(text)
    found = re.search(r"(?<![?$:\w])(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!\s*:)", code, re.IGNORECASE)
    return len(text) if found is None else found.start()
