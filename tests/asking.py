"""What the tests of the stored queries share: the corpora that are asked, the queries, and an answer as its rows."""

from __future__ import annotations

from pathlib import Path

from ogx_rdf.corpus import Corpus
from ogx_rdf.queries import catalogue, run
from ogx_rdf.resources import resource

DATA = Path(__file__).parent / "data"
SMALL = Corpus(DATA / "queries-corpus")
SHIPPED = Corpus(resource("ontology"))
QUERIES = catalogue()
READ = [name for name, query in QUERIES.items() if query.group == "read"]
TENSIONS = [name for name, query in QUERIES.items() if query.group == "tensions"]
AUDIT = [name for name, query in QUERIES.items() if query.group == "audit"]


def rows(name: str, corpus: Corpus = SMALL, **params: str) -> list[dict[str, object]]:
    return [dict(row) for row in run(corpus, name, params).rows]
