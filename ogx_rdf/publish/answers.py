"""Answers in print: a table or cards for a terminal, CSV, JSON lines, Turtle.

The four kinds of answer are told apart in words: rows, ``none``, ``not stated``; a failure is no answer but an error.
"""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from ..corpus import Corpus
from ..queries import Answer, StoredQuery
from ..turtle import write
from .export import safe_cell

__all__ = ["FORMATS", "query_list", "query_page", "render_answer", "verdict"]

FORMATS = ("table", "csv", "json", "jsonl", "ttl")
WIDTH = 118


def _shown(value: object, kind: str = "") -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        if kind == "citations":
            return "".join(f"[{label}]" for label in value) or "none printed"
        return ", ".join(value) or "–"
    return " ".join(str(value).split())


def _columns(rows: Sequence[Mapping[str, str]], names: Sequence[str], widths: Mapping[str, int]) -> Iterator[str]:
    for row in ({name: name for name in names}, {name: "-" * widths[name] for name in names}, *rows):
        yield "  ".join(row[name].ljust(widths[name]) for name in names).rstrip()


def _cards(rows: Sequence[Mapping[str, str]], names: Sequence[str]) -> Iterator[str]:
    margin = max(map(len, names)) + 2
    for row in rows:
        for name in names:
            indent = " " * margin
            head = name.ljust(margin)
            yield from textwrap.wrap(row[name], WIDTH, initial_indent=head, subsequent_indent=indent) or [head.rstrip()]
        yield ""


def _table(rows: Sequence[Mapping[str, object]], kinds: Mapping[str, str]) -> str:
    """Aligned columns where they fit, else one card a row; what is the same in every row is said once."""
    shown = [{name: _shown(row[name], kind) for name, kind in kinds.items()} for row in rows]
    same = {name for name in kinds if len(shown) > 2 and len({row[name] for row in shown}) == 1}
    names = [name for name in kinds if name not in same] or list(kinds)
    head = [f"{name}: {shown[0][name]} (in every row)" for name in kinds if name in same and name not in names]
    widths = {name: max(len(name), *(len(row[name]) for row in shown)) for name in names}
    fits = sum(widths.values()) + 2 * (len(names) - 1) <= WIDTH
    body = _columns(shown, names, widths) if fits else _cards(shown, names)
    return "\n".join([*head, *([""] if head else []), *body]).rstrip("\n")


def verdict(answer: Answer) -> str:
    """Which kind of answer it is and what it was asked of, in one or two lines."""
    ledger = answer.coverage
    asked = f"{ledger.passages - ledger.open} of {ledger.passages} passages read"
    if answer.answer == "rows":
        count = len(answer.rows)
        said = f"{count} row{'s' if count != 1 else ''}"
    else:
        said = "not stated" if answer.answer == "not-stated" else answer.answer
    return f"{said} ({asked})" + (f": {answer.note}" if answer.note else "")


def _text(answer: Answer) -> str:
    parts = []
    if answer.rows:
        parts.append(_table(answer.rows, {column.name: column.type for column in answer.columns}))
    parts.append(verdict(answer))
    if answer.nearest:
        kinds = {name: name if name == "citations" else "" for name in answer.nearest[0]}
        parts += ["The nearest that is stated:", _table(answer.nearest, kinds)]
    return "\n\n".join(parts) + "\n"


def _csv(answer: Answer) -> str:
    buffer = io.StringIO()
    names = [column.name for column in answer.columns]
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([safe_cell(row[name]) for name in names] for row in answer.rows)
    return buffer.getvalue()


def _turtle(corpus: Corpus, answer: Answer) -> str:
    """The graph of a CONSTRUCT; else all that the files say of the nodes among the rows."""
    if answer.triples is not None:
        return write(answer.triples, corpus.prefixes)
    nodes = set(answer.nodes)
    if corpus.stored:
        return write({triple for node in nodes for triple in corpus.said_of(node)}, corpus.prefixes)
    return write({triple for triple, _ in corpus.quads() if triple[0] in nodes}, corpus.prefixes)


def render_answer(corpus: Corpus, answer: Answer, format: str) -> str:
    """An answer in one of :data:`FORMATS`; only ``table`` and ``json`` say which kind of answer it is."""
    if format == "json":
        return json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) + "\n"
    if format == "jsonl":
        return "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in answer.rows)
    if format == "csv":
        return _csv(answer)
    return _turtle(corpus, answer) if format == "ttl" else _text(answer)


def _usage(query: StoredQuery) -> str:
    options = [f"--{p.name.replace('_', '-')} {p.name.upper()}" for p in query.params if p.required]
    more = [] if len(options) == len(query.params) else ["[options]"]
    return " ".join(["ogx-rdf query", query.id, *options, *more])


def query_list(queries: Mapping[str, StoredQuery]) -> str:
    """Every stored query with its parameters and summary, by group."""
    lines = []
    for group in dict.fromkeys(query.group for query in queries.values()):
        lines.append(f"{group}:")
        for query in (q for q in queries.values() if q.group == group):
            lines.append(f"  {_usage(query).removeprefix('ogx-rdf query ')}")
            lines += textwrap.wrap(query.summary, WIDTH, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines) + "\n"


def query_page(query: StoredQuery) -> str:
    """One stored query in full: question, parameters, columns, what an empty answer means, example, SPARQL."""
    example = "".join(
        f" --{name.replace('_', '-')} {json.dumps(v, ensure_ascii=False)}" for name, v in query.example.items()
    )
    lines = [f"{query.id}: {query.summary}", query.question, "", f"Usage: {_usage(query)}"]
    for param in query.params:
        default = "required" if param.required else f"default {param.default}"
        allowed = f"; one of {', '.join(param.allowed)}" if param.allowed else ""
        text = f"--{param.name.replace('_', '-')} ({param.type}, {default}{allowed}): {param.description}"
        lines += textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ")
    lines += ["", "Columns: " + ", ".join(f"{column.name} ({column.type})" for column in query.columns)]
    lines.append(f"No rows mean: {query.empty}. {query.sentence}")
    if query.severity:
        lines += [f"Problem ({query.severity}): {query.problem}", f"What to do: {query.fix}"]
    elif query.problem:
        lines.append(f"Tension: {query.problem}")
    lines += [f"Example: ogx-rdf query {query.id}{example}", "", query.text.rstrip("\n"), ""]
    return "\n".join(lines)
