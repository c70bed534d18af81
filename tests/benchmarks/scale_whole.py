"""Questions about the whole graph: from the evidence table, beside the same by SPARQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from contest import Contest, Contestant, Run, Taken, ogx, process
from scale_data import Setting

if TYPE_CHECKING:
    from ogx_rdf.corpus import Corpus
    from ogx_rdf.table import EvidenceTable

__all__ = ["contests"]

Ask = Callable[["EvidenceTable"], object]


def _table(setting: Setting, ask: Ask) -> Run:
    from ogx_rdf.table import open_table

    folder = setting.table
    with open_table(folder) as table:
        ask(table)  # DuckDB is imported, and the files are in the system's cache

    def run() -> None:
        with open_table(folder) as table:
            ask(table)

    return run


def _counted(setting: Setting) -> Run:
    """What reading the columns takes at least: DuckDB by hand, one count over two columns."""
    import duckdb

    files = str(setting.table / "evidence" / "*.parquet")
    query = f"SELECT stance, certainty, count(*) FROM read_parquet('{files}') GROUP BY ALL"

    def run() -> None:
        with duckdb.connect() as connection:
            connection.execute(query).fetchall()

    return run


def _audit(setting: Setting) -> Run:
    from ogx_rdf.audit import audit

    setting.small(10_000)
    corpus = setting.corpus

    def run() -> None:
        assert audit(corpus).totals

    return run


def _stored(setting: Setting, name: str, corpus: Callable[[], Corpus], most: int) -> Run:
    from ogx_rdf.queries import stored

    setting.small(most)
    opened, query = corpus(), stored(name)

    def run() -> None:
        opened.dataset.select(query.text, None, query.file)

    return run


def _cold(setting: Setting, *words: str) -> Run:
    table = ["--table", str(setting.table), "--corpus", str(setting.data)]

    def run() -> Taken:
        return process(ogx(*words, *table))[0]

    return run


def contests(setting: Setting) -> Iterator[Contest]:
    """Totals, uses of references, contradictions."""
    limit = setting.limit(60, 0.004)

    def stored(name: str, most: int = 10**9) -> dict[str, Callable[[], Run]]:
        places: dict[str, Callable[[], Corpus]] = {
            "the stored query, embedded store": lambda: setting.corpus,
            "the stored query on the Oxigraph server": lambda: setting.remote(setting.oxigraph),
            "the stored query on Virtuoso": lambda: setting.remote(setting.virtuoso),
        }
        return {who: partial(_stored, setting, name, place, most) for who, place in places.items()}

    asked: dict[str, tuple[Ask, dict[str, Callable[[], Run]]]] = {
        "totals of the audit": (
            lambda table: table.totals(),
            {
                "`ogx-rdf audit --table`, from a cold start": partial(_cold, setting, "audit"),
                "DuckDB by hand, one count (the bound)": partial(_counted, setting),
                "the audit by SPARQL, embedded store": partial(_audit, setting),
            },
        ),
        "uses of references": (lambda table: table.references(), stored("references", 100_000)),
        "contradictions (opposite-polarity)": (
            lambda table: table.contradictions("opposite-polarity"),
            stored("opposite-polarity", 100_000),
        ),
    }
    for name, (ask, others) in asked.items():
        first = Contestant("from the evidence table", partial(_table, setting, ask), limit)
        yield Contest(name, [first, *(Contestant(who, make, limit, 2) for who, make in others.items())])
