"""Every stored question and every rule over the whole, on ten thousand generated claims: each comes to an end.

Nothing is timed.  The limit is far above what any of them takes, and far below what a join of all claims with all
claims takes: what it catches is work that grows with the square of the corpus.  Each runs in a process of its own,
which is ended at the limit, and the query is named.
"""

from __future__ import annotations

import gzip
import multiprocessing
from collections.abc import Iterator, Mapping

import pytest
from asking import QUERIES
from generate import generate
from serve_asked import STANDS

from ogx_rdf.model import Literal, Term
from ogx_rdf.namespaces import OGX, RDF, XSD
from ogx_rdf.oxi import Dataset
from ogx_rdf.queries import Param
from ogx_rdf.store.binding import bound
from ogx_rdf.validation.rules import read_rules

CLAIMS = 10_000
LIMIT = 30
"""Seconds; the slowest takes about one on an idle machine."""

WHOLE = {rule.id: rule.query for rule in read_rules().values() if rule.query is not None}

data: Dataset
"""What the processes inherit."""


@pytest.fixture(scope="module", autouse=True)
def _data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    global data
    folder = tmp_path_factory.mktemp("scale") / "generated"
    generate(CLAIMS, folder, seed=11, faults=0.01)
    data = Dataset()
    data.bulk(gzip.decompress((folder / "claims.nq.gz").read_bytes()))
    yield
    data = Dataset()


def value(param: Param) -> Term:
    """The value of a parameter that has most to answer."""
    if param.type in STANDS:
        query = f"SELECT ?x (COUNT(*) AS ?n) WHERE {{ {STANDS[param.type]} }} GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT 1"
        [row] = data.select(query).rows
        assert row[0] is not None
        return row[0]
    if param.type == "word":
        return OGX[next(iter(param.allowed.values()))]
    return Literal("1", XSD.integer) if param.type == "integer" else Literal("survival")


def _ask(text: str, bindings: Mapping[str, Term]) -> None:
    data.select(text, bindings or None)


def finishes(name: str, text: str, bindings: Mapping[str, Term]) -> None:
    """Ask in a process that has the data already, and end it at the limit."""
    process = multiprocessing.get_context("fork").Process(target=_ask, args=(text, bindings))
    process.start()
    process.join(LIMIT)
    late = process.is_alive()
    if late:
        process.kill()
        process.join()
    assert not late, f"{name} did not come to an end within {LIMIT} seconds"
    assert process.exitcode == 0, f"{name} failed"


@pytest.mark.parametrize("name", QUERIES)
def test_a_stored_query_comes_to_an_end(name: str) -> None:
    query = QUERIES[name]
    given = {param.name: value(param) for param in query.params if param.required}
    finishes(name, bound(query.text, given, query.file), {})
    if given:
        finishes(name, query.text, given)


@pytest.mark.parametrize("name", WHOLE)
def test_a_rule_over_the_whole_comes_to_an_end(name: str) -> None:
    finishes(name, WHOLE[name], {})


def test_a_join_of_all_with_all_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit does what it is for."""
    monkeypatch.setattr("test_queries_at_scale.LIMIT", 1)
    every = f"?a <{RDF.type}> <{OGX.Claim}> . ?b <{RDF.type}> <{OGX.Claim}> . ?c <{RDF.type}> <{OGX.Claim}>"
    with pytest.raises(AssertionError, match="square did not come to an end"):
        finishes("square", f"SELECT (COUNT(*) AS ?n) WHERE {{ {every} FILTER(STR(?a) > STR(?b)) }}", {})
