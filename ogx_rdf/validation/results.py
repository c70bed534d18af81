"""What an engine finds, in the same words whichever engine it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from ..model import Term
from ..oxi import QueryAnswer, to_ox
from .rules import SHAPES, Rule

__all__ = ["Asked", "Result", "asked", "in_order", "result"]


class Result(NamedTuple):
    """One thing found: IRIs bare, the value in N-Triples."""

    rule: str
    severity: str
    focus: str
    path: str | None
    value: str | None
    message: str


def _named(term: str) -> str:
    """A term; blank nodes all alike, since each engine labels them in its own way."""
    return "_:blank" if term.startswith("_:") else term


def _bare(term: str) -> str:
    return term[1:-1] if term.startswith("<") else _named(term)


def result(
    shape: str, severity: str, focus: str, path: str | None, value: str | None, messages: Sequence[str]
) -> Result:
    """A result from terms in N-Triples; a value that only repeats the focus (a rule on the node itself) is left out."""
    return Result(
        rule=_bare(shape).removeprefix(SHAPES),
        severity=severity.rpartition("#")[2].rstrip(">").lower(),
        focus=_bare(focus),
        path=None if path is None else _bare(path),
        value=None if value is None or value == focus else _named(value),
        message=" ".join(sorted(messages)),
    )


def in_order(results: Iterable[Result]) -> list[Result]:
    """Each result once, sorted."""
    return sorted(set(results), key=lambda found: tuple(part or "" for part in found))


class Asked(Protocol):
    """A graph that can be asked."""

    def select(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> QueryAnswer:
        """Answer a SELECT."""
        ...


def asked(dataset: Asked, rule: Rule) -> Iterator[Result]:
    """What a rule over the whole finds in a graph."""
    assert rule.query is not None, "a shape is no query"
    for row in dataset.select(rule.query, shown=f"shapes/whole/{rule.id}.rq"):
        path, value = row["path"], row["value"]
        yield Result(
            rule.id,
            rule.severity,
            str(row["focus"]),
            None if path is None else str(path),
            None if value is None else str(to_ox(value)),
            rule.message,
        )
