"""What a worker is asked, and how it answers: a SPARQL query, or a stored one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..corpus import Corpus
from ..errors import UsageError
from ..oxi import Dataset, rows_bytes
from .media import choose
from .spool import Spool

__all__ = ["STORED_TYPES", "answer"]

STORED_TYPES = (
    "application/json",
    "application/sparql-results+json",
    "text/csv",
    "text/tab-separated-values",
)
"""The media types in which a stored query is answered: the first tells the four kinds of answer apart by itself."""


def answer(corpus: Corpus, asked: Mapping[str, Any], spool: Spool) -> dict[str, Any]:
    """Answer into a spool; gives what there is to say of the answer, ``media`` (its type) at least.

    :param asked: with ``query``: ``graphs`` (two lists, or None) and ``accept``; with ``stored`` (a name): ``params``,
        ``accept``, ``offset`` and ``limit`` (None for all)
    :raises OgxError: for a question that is refused, or fails
    """
    return _sparql(corpus, asked, spool) if "query" in asked else _stored(corpus, asked, spool)


def _sparql(corpus: Corpus, asked: Mapping[str, Any], spool: Spool) -> dict[str, Any]:
    dataset = corpus.dataset
    assert isinstance(dataset, Dataset)
    result = dataset.ask(asked["query"], asked["graphs"], corpus.prefixes, corpus.base)
    media = choose(result.types, asked["accept"])
    result.write(spool, media)
    return {"media": media}


def _stored(corpus: Corpus, asked: Mapping[str, Any], spool: Spool) -> dict[str, Any]:
    from ..publish.answers import render_answer
    from ..queries import run

    media = choose(STORED_TYPES, asked["accept"])
    offset, limit = asked["offset"], asked["limit"]
    found = run(corpus, asked["stored"], asked["params"])
    total = len(found.rows)
    part = slice(offset, None if limit is None else offset + limit)
    if total and offset >= total:
        raise UsageError(
            "E654",
            f"there is no row {offset}: the answer has {total}",
            why="No rows would read as an empty answer.",
            hint="The first row is row 0.",
        )
    page = replace(found, rows=found.rows[part], terms=found.terms[part])
    if media == "application/json":
        shown = page.as_dict() | {"page": {"offset": offset, "limit": limit, "total": total}}
        data = json.dumps(shown, ensure_ascii=False).encode()
    elif media == "text/csv":
        data = render_answer(corpus, page, "csv").encode()
    else:
        data = rows_bytes([column.name for column in page.columns], page.terms, media)
    spool.write(data)
    return {"media": media, "answer": found.answer, "total": total, "rows": len(page.rows)}
