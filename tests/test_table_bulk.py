"""The evidence table of generated corpora, sound and full of faults: its answers are those of the graph."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from dumped import Dumped
from generate import generate
from tabled import asked, tabled, use_in, use_of

from ogx_rdf.audit import Audit, audit
from ogx_rdf.bundles.run import Options, spooled
from ogx_rdf.namespaces import OGX, RDF, RDFS
from ogx_rdf.records import CONTEXT
from ogx_rdf.table import TABLES, contradictions, open_table, totals, write_table
from ogx_rdf.table.contrary import CONTRARY

Made = tuple[Audit, Path]


@pytest.fixture(scope="module", params=["sound", "faulty"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("bulk") / "corpus"
    _ = generate(400, folder, faults=0.2) if request.param == "faulty" else generate(400, folder)
    found = audit(Dumped(folder), sources=[str(folder / "sources")])
    return found, tabled(found, folder.parent / "table")


def test_totals_and_uses_of_references(made: Made) -> None:
    found, folder = made
    assert list(totals(folder).items()) == [(name, total.value) for name, total in found.totals.items()]
    assert found.totals["quotes-compared"].value > 100
    assert use_in(folder) == use_of(found)


def doubled(found: Audit) -> set[str]:
    """The claims that have two values where rules allow one: a stored query sees each, a row the first."""
    texts = found.records.nodes.texts
    once = (RDF.subject, RDF.predicate, RDF.object, RDFS.label, OGX.polarity, *CONTEXT.values())
    return {iri for iri in found.chains if any(len(texts(iri, predicate)) > 1 for predicate in once)}


@pytest.mark.parametrize("kind", CONTRARY)
def test_contradictions(made: Made, kind: str) -> None:
    found, folder = made
    strange = doubled(found)

    def told(rows: list[dict[str, object]]) -> list[list[object]]:
        keys = ("here", "there", "here_setting", "there_setting", "subject", "object", "claim")
        return [[row.get(key) for key in keys] for row in rows if not strange.intersection(named(row))]

    def named(row: dict[str, object]) -> set[str]:
        return {str(node).partition(".note")[0] for side in ("here", "there") for node in cast(list[str], row[side])}

    assert told(contradictions(folder, kind)) == told(asked(found.corpus, kind))


def test_coverage(made: Made) -> None:
    found, folder = made
    with open_table(folder) as table:
        assert table.coverage().as_dict() == found.coverage.as_dict()


def test_the_streaming_pass_makes_the_same_tables(made: Made, tmp_path: Path) -> None:
    found, folder = made
    corpus = found.corpus
    options = Options(sources=([corpus.root / "sources"], {}), rows=True, workers=0, keep_going=True)
    with spooled(corpus, [str(corpus.root / "claims.nq.gz")], options) as spool:
        spool.judge()
        write_table(spool.folder / "rows", tmp_path / "t", base=corpus.base, prefixes=corpus.prefixes)
    given, expected = (rows_in(place) for place in (tmp_path / "t", folder))
    for name in TABLES:
        assert [row for row in given[name] if row not in expected[name]] == [], name
        assert [row for row in expected[name] if row not in given[name]] == [], name


def rows_in(folder: Path) -> dict[str, list[dict[str, object]]]:
    with open_table(folder) as table:
        return {name: table.sql(f'SELECT * FROM "{name}"') for name in TABLES}
