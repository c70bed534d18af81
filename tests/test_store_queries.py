"""Every stored question gives on a store the rows that it gives on the files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from asking import AUDIT, QUERIES, READ, SHIPPED, TENSIONS
from store_places import BACKENDS, filled, knowing

from ogx_rdf.queries import run
from ogx_rdf.store.corpus import StoredCorpus, open_store


@pytest.fixture(scope="module", params=BACKENDS)
def shipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredCorpus]:
    with knowing():
        yield open_store(filled(request, SHIPPED, tmp_path_factory.mktemp("shipped")), corpus=SHIPPED.root)


@cache
def on_files(name: str) -> dict[str, object]:
    return run(SHIPPED, name, QUERIES[name].example).as_dict()


@pytest.mark.parametrize("name", [*READ, *TENSIONS, *AUDIT])
def test_every_stored_query_gives_the_same_rows(shipped: StoredCorpus, name: str) -> None:
    assert run(shipped, name, QUERIES[name].example).as_dict() == on_files(name)
