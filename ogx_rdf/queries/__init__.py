"""Stored questions: one ``.rq`` file each, with a header that says what it asks, takes, gives and what "empty" means.

Parameters are bound as RDF terms and never pasted into the text.  An answer is one of four kinds, never
mixed: rows, a true none, "the documents do not state this", or a failure (an exception).
"""

from __future__ import annotations

from .catalogue import catalogue, stored
from .findings import findings
from .headers import Column, Param, StoredQuery, parse
from .lint import lint
from .run import Answer, run, run_text

__all__ = [
    "Answer",
    "Column",
    "Param",
    "StoredQuery",
    "catalogue",
    "findings",
    "lint",
    "parse",
    "run",
    "run_text",
    "stored",
]
