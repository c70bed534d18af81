"""What a worker is asked, and how it answers: a SPARQL query, or a stored one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..corpus import Corpus
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
    from ..queries import run
    from ..queries.paging import page_of, paged

    media = choose(STORED_TYPES, asked["accept"])
    offset, limit = asked["offset"], asked["limit"]
    found = run(corpus, asked["stored"], asked["params"])
    page = page_of(found, offset, limit)
    if media == "application/json":
        data = json.dumps(paged(found, offset, limit), ensure_ascii=False).encode()
    elif media == "text/csv":
        from ..publish.answers import render_answer

        data = render_answer(corpus, page, "csv").encode()
    else:
        data = rows_bytes([column.name for column in page.columns], page.terms, media)
    spool.write(data)
    return {"media": media, "answer": found.answer, "total": len(found.rows), "rows": len(page.rows)}
