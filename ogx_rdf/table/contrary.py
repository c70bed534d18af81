"""What does not go together, as SQL over the tables: the rows that stored queries of the same names give.

Each query gives the nodes of its two sides as lists, ``here`` and ``there``, and what its stored query tells beside.
Where a claim breaks a rule (two polarities, two diseases) the stored query looks at each pair of values, and a row of
the table holds the first: run ``ogx-rdf validate`` before.
"""

from __future__ import annotations

from ..records import CONTEXT

__all__ = ["CONTRARY"]

_OVERLAP = " AND ".join(f"(a.{name} IS NULL OR b.{name} IS NULL OR a.{name} = b.{name})" for name in CONTEXT)


def _setting(claim: str, polarity: bool) -> str:
    said = f"'polarity: ' || {claim}.polarity || ' | ' || " if polarity else ""
    return f"{said}'relation: ' || {claim}.verb || ' | ' || array_to_string({claim}.setting, ' | ')"


def _pairs(polarity: bool, kept: str, met: str) -> str:
    """The pairs of claims on one subject and object, the first of them positive."""
    return f"""
    WITH opposed AS (
        SELECT DISTINCT one.synonyms AS said, other.synonyms AS contrary
        FROM (SELECT synonyms, unnest(opposes) AS reverse FROM relations) one
            JOIN relations other ON one.reverse = other.relation
    ), told AS NOT MATERIALIZED (
        SELECT c.claim, c.subject, c.object, c.polarity, c.setting, {", ".join(f"c.{name}" for name in CONTEXT)},
            r.synonyms, r.declared, r.label AS verb
        FROM claims c JOIN relations r ON c.predicate = r.relation WHERE r.label IS NOT NULL{kept}
    )
    SELECT [a.claim] AS here, [b.claim] AS there, {_setting("a", polarity)} AS here_setting,
        {_setting("b", polarity)} AS there_setting, a.subject, a.object
    FROM told a {met} AND a.subject = b.subject AND a.object = b.object AND {_OVERLAP}
    WHERE a.polarity = 'positive' ORDER BY a.claim, b.claim"""


_OPPOSITE_POLARITY = _pairs(
    True,
    "",
    "JOIN told b ON a.declared AND a.synonyms = b.synonyms AND b.polarity IN ('negative', 'notShown')",
)

_OPPOSING_RELATIONS = _pairs(
    False,
    " AND c.polarity = 'positive' AND r.synonyms IN (SELECT said FROM opposed)",
    "JOIN opposed o ON a.synonyms = o.said JOIN told b ON b.synonyms = o.contrary AND a.claim < b.claim",
)

_OPPOSITE_CLAIMS = """
    SELECT [a.claim] AS here, [b.claim] AS there, a.label, a.polarity
    FROM claims a JOIN claims b ON a.subject = b.subject AND a.predicate = b.predicate AND a.object = b.object
    WHERE a.polarity <> 'positive' AND a.polarity <> b.polarity AND a.context IS NOT DISTINCT FROM b.context
    ORDER BY a.claim, b.claim"""

_HEDGED = """
    SELECT list(evidence ORDER BY evidence) FILTER (WHERE certainty <> 'asserted') AS here,
        list(evidence ORDER BY evidence) FILTER (WHERE certainty = 'asserted') AS there
    FROM evidence e JOIN relations r ON e.predicate = r.relation
    WHERE r.declared AND stance = 'supports' AND NOT orphan AND polarity IS NOT NULL
        AND (subject, object) IN (
            SELECT (subject, object) FROM evidence WHERE stance = 'supports' AND certainty <> 'asserted' AND NOT orphan
                AND subject IS NOT NULL AND object IS NOT NULL
        )
    GROUP BY subject, synonyms, object, polarity, context
    HAVING here IS NOT NULL AND there IS NOT NULL
    ORDER BY here"""

_DISPUTED = """
    SELECT list(evidence ORDER BY evidence) FILTER (WHERE stance = 'supports') AS here,
        list(evidence ORDER BY evidence) FILTER (WHERE stance = 'disputes') AS there,
        claim, any_value(label) AS label, any_value(polarity) AS polarity
    FROM evidence WHERE stance IN ('supports', 'disputes') AND NOT orphan AND polarity IS NOT NULL
        AND claim IN (SELECT claim FROM evidence WHERE stance = 'disputes')
    GROUP BY claim
    HAVING here IS NOT NULL AND there IS NOT NULL
    ORDER BY claim"""

CONTRARY = {
    "opposite-polarity": _OPPOSITE_POLARITY,
    "opposing-relations": _OPPOSING_RELATIONS,
    "disputed-claims": _DISPUTED,
    "hedged-here-asserted-there": _HEDGED,
    "opposite-claims": _OPPOSITE_CLAIMS,
}
"""The queries by the names of the stored ones; the last is of the audit, the others are tensions."""
