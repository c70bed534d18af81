"""An answer that another process made, from the JSON object that it sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...documents.coverage import COUNTS, Coverage
from ...queries import Answer, StoredQuery

__all__ = ["told_answer"]


def told_answer(query: StoredQuery, told: Mapping[str, Any]) -> Answer:
    """The answer that :meth:`~ogx_rdf.queries.Answer.as_dict` made ``told`` of.

    :param query: the question that was asked
    :raises KeyError: for an object that is no such answer
    """
    ledger = told["coverage"]
    return Answer(
        query=told["query"],
        params=told["params"],
        answer=told["answer"],
        columns=query.columns,
        rows=tuple(told["rows"]),
        coverage=Coverage(*(ledger[name] for name in COUNTS)),
        note=told["note"],
        nearest=tuple(told.get("nearest", ())),
    )
