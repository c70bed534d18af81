"""The totals of the audit as SQL over the tables: one query for each table, each total one condition.

The names, their words and their order are the audit's own, so that a total that is missing here is an error there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..audit.chains import RESULT_KINDS
from ..audit.support import SUPPORT
from ..audit.totals import BIBLIOGRAPHIC, CARRIED, RESOLUTIONS, STANCES, STANDINGS, STATED, SURENESS, kebab

__all__ = ["QUERIES", "SOURCE_TYPE"]

SOURCE_TYPE = "coalesce(w.source_type, r.source_type)"
"""The source type of an entry ``r``: that of the work ``w`` that it denotes, else its own."""

Conditions = Mapping[str, str]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _words(prefix: str, column: str, words: Iterable[str], more: str = "") -> Conditions:
    return {f"{prefix}-{kebab(word)}": f"{column} = '{word}'{more}" for word in words}


def _counting(conditions: Conditions, source: str) -> str:
    counts = (f'count(*) FILTER (WHERE {condition}) AS "{name}"' for name, condition in conditions.items())
    return f"SELECT {', '.join(counts)} FROM {source}"


_RESULT = f"kind IN ({_listed(RESULT_KINDS)})"
_OWN = f"kind = '{BIBLIOGRAPHIC}'"
_STATED = " AND state <> 'notQuoted'"
_FAILED = "polarity IS DISTINCT FROM 'positive'"

_STUDIES = {
    "claims-supported-by-a-study": "studies_for > 0",
    "claims-supported-by-several-studies": "studies_for > 1",
    "claims-supported-exactly": '"exact"',
    "claims-supported-at-first-hand": "first_hand",
    "claims-disputed-by-a-study": "studies_against > 0",
}


def _claims() -> str:
    stated = {
        "claims": "true",
        **_words("claims", "state", STATED),
        "claims-uncited-bibliographic": f"state = 'uncited' AND {_OWN}",
        "claims-uncited-statements": f"state = 'uncited' AND ({_OWN}) IS NOT TRUE",
        "claims-no-source": "sources_cited = 0",
        "claims-one-source": "sources_cited = 1",
        "claims-several-sources": "sources_cited > 1",
        "claims-repeated": "places > 1",
        "results": _RESULT,
        **_words("results", "carried", CARRIED, f" AND {_RESULT}"),
        "results-failed": f"{_RESULT} AND {_FAILED}",
        **_words("claims-literature", "support", SUPPORT),
        **_STUDIES,
    }
    others = {
        "claims-known-from-works": "state = 'notQuoted'",
        "results-known-from-works": f"state = 'notQuoted' AND {_RESULT}",
        "results-known-from-works-failed": f"state = 'notQuoted' AND {_RESULT} AND {_FAILED}",
    }
    return _counting({name: f"({when}){_STATED}" for name, when in stated.items()} | others, "claims")


def _evidence() -> str:
    quoted = {
        "evidence": "true",
        "evidence-cited": "citation = 'cited'",
        "evidence-uncited": "citation = 'uncited'",
        "quotes": "true",
        "quotes-compared": "quote_verdict = 'compared'",
        "quotes-different": "quote_verdict = 'differs'",
        "quotes-not-compared": "quote_verdict = 'not compared'",
    }
    places = {name: f"{when} AND quote_verdict <> 'reported' AND NOT orphan" for name, when in quoted.items()}
    reports = {"reports": "quote_verdict = 'reported'"}
    reports |= _words("reports", "stance", STANCES, " AND quote_verdict = 'reported'")
    return _counting(places | reports, "evidence")


_ASSERTING = f"""(
    SELECT passage, bool_or(coalesce({_RESULT}, false)) AS result, bool_and(coalesce({_OWN}, false)) AS own
    FROM evidence WHERE passage IS NOT NULL AND NOT orphan GROUP BY passage
)"""


def _passages() -> str:
    asserting, cited = "a.passage IS NOT NULL", "marks > 0"
    conditions = {
        "passages": "true",
        "passages-asserting": asserting,
        "passages-skipped": f"NOT ({asserting}) AND skipped_as IS NOT NULL",
        "passages-open": f"NOT ({asserting}) AND skipped_as IS NULL",
        "passages-cited": f"{asserting} AND {cited}",
        "passages-uncited": f"{asserting} AND NOT {cited}",
        "passages-uncited-bibliographic": f"{asserting} AND NOT {cited} AND a.own",
        "passages-uncited-statements": f"{asserting} AND NOT {cited} AND NOT a.own",
        "result-passages": "a.result",
        **_words("result-passages", "carried", CARRIED, " AND a.result"),
    }
    sums = {
        "markers": "marks",
        "markers-on-asserting": f"marks * ({asserting})::INTEGER",
        "markers-elsewhere": f"marks * (NOT ({asserting}))::INTEGER",
        "markers-missing-entry": "unlisted",
    }
    summed = ", ".join(f'sum({value}) AS "{name}"' for name, value in sums.items())
    counted = _counting(conditions, f"passages LEFT JOIN {_ASSERTING} a USING (passage)")
    return counted.replace(" FROM passages", f", {summed} FROM passages", 1)


def _references() -> str:
    conditions = {
        "references": "true",
        **_words("references", "r.resolution", RESOLUTIONS),
        "references-cited": "m.reference IS NOT NULL",
        "references-never-cited": "m.reference IS NULL",
        "references-encyclopedia": f"{SOURCE_TYPE} = 'encyclopedia'",
    }
    marked = "(SELECT DISTINCT reference FROM markers WHERE reference IS NOT NULL)"
    source = f'"references" r LEFT JOIN works w ON r.work = w.work LEFT JOIN {marked} m ON r.reference = m.reference'
    return _counting(conditions, source)


def _touched() -> str:
    """The claims that a tension names, by their evidence or passage too, or of which it questions an entry cited."""
    sides = "SELECT unnest(said) FROM tensions UNION SELECT unnest(against) FROM tensions"
    return f"""
        WITH sides(iri) AS ({sides}), said(iri) AS (SELECT DISTINCT unnest(said) FROM tensions)
        SELECT count(*) AS "claims-in-tension" FROM (
            SELECT claim FROM claims WHERE claim IN (SELECT iri FROM sides)
            UNION SELECT claim FROM evidence WHERE NOT orphan
                AND (evidence IN (SELECT iri FROM sides) OR passage IN (SELECT iri FROM sides))
            UNION SELECT claim FROM (SELECT claim, unnest(entries) AS entry FROM claims)
                WHERE entry IN (SELECT reference FROM "references" WHERE reference IN (SELECT iri FROM said))
        )"""


QUERIES: tuple[Callable[[], str], ...] = (
    _claims,
    _evidence,
    _passages,
    _references,
    lambda: _counting({"works": "true", **_words("works", "standing", STANDINGS)}, "works"),
    lambda: _counting({"tensions": "true", **_words("tensions", "sureness", SURENESS)}, "tensions"),
    _touched,
)
"""What makes the query for some of the totals; each gives one row, with the totals as columns."""
