"""Every stored question, and every command that only asks, gives on a store what it gives on the files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from asking import AUDIT, QUERIES, READ, SHIPPED, SMALL, TENSIONS
from commands import Cli
from servers import Server
from test_query_safety import HOSTILE

from ogx_rdf.corpus import Corpus
from ogx_rdf.errors import UsageError
from ogx_rdf.publish.build import build
from ogx_rdf.publish.loading import load_corpus
from ogx_rdf.queries import run
from ogx_rdf.store import RemoteStore
from ogx_rdf.store.corpus import StoredCorpus, open_store
from ogx_rdf.store.load import own_graphs

BACKENDS = ["folder", "oxigraph", "virtuoso"]


@pytest.fixture(scope="module")
def knows() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OGX_RDF_USER", "dba")
        patch.setenv("OGX_RDF_PASSWORD", "dba")
        yield patch


def emptied(server: Server) -> None:
    """Take away every graph that is not the engine's own."""
    store = RemoteStore(server.sparql)
    store.update(" ; ".join(f"DROP SILENT GRAPH <{graph}>" for graph in store.graphs()) or "DROP SILENT GRAPH <urn:x>")


def filled(request: pytest.FixtureRequest, corpus: Corpus, folder: Path) -> str:
    """The place of a store of a kind that holds a corpus."""
    if request.param == "folder":
        build(corpus, folder / "graph.nq", folder / "store")
        return str(folder / "store")
    server: Server = request.getfixturevalue(request.param)
    emptied(server)
    load_corpus(corpus, server.sparql)
    return server.sparql


@pytest.fixture(scope="module", params=BACKENDS)
def small(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, knows: pytest.MonkeyPatch
) -> StoredCorpus:
    return open_store(filled(request, SMALL, tmp_path_factory.mktemp("small")), corpus=SMALL.root)


@pytest.fixture(scope="module", params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, knows: pytest.MonkeyPatch) -> str:
    return filled(request, SHIPPED, tmp_path_factory.mktemp("shipped"))


@pytest.mark.parametrize("name", [*READ, *TENSIONS, *AUDIT])
def test_every_stored_query_gives_the_same_rows_on_the_small_corpus(small: StoredCorpus, name: str) -> None:
    query = QUERIES[name]
    try:
        expected = run(SMALL, name, query.example)
    except UsageError:  # the example is of the shipped corpus
        with pytest.raises(UsageError):
            run(small, name, query.example)
        return
    found = run(small, name, query.example)
    assert found.as_dict() == expected.as_dict()


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_refused_or_is_only_a_value(small: StoredCorpus, value: str) -> None:
    before = len(small.dataset)
    for name in ("claims-about", "search", "claims-by-section", "evidence-for", "entities-by-external-id"):
        for param in QUERIES[name].params:
            try:
                answer = run(small, name, {**QUERIES[name].example, param.name: value})
            except UsageError as exc:
                assert exc.code in ("E405", "E501", "E502", "E503")
            else:
                assert all(row[param.name] == value for row in answer.rows if param.type == "string")
    assert len(small.dataset) == before


@pytest.fixture(scope="module")
def shipped(place: str) -> StoredCorpus:
    return open_store(place, corpus=SHIPPED.root)


@pytest.mark.parametrize("name", [*READ, *TENSIONS, *AUDIT])
def test_every_stored_query_gives_the_same_rows_on_the_shipped_corpus(shipped: StoredCorpus, name: str) -> None:
    expected, found = (run(corpus, name, QUERIES[name].example).as_dict() for corpus in (SHIPPED, shipped))
    assert found == expected


COMMANDS = [
    "query claims-about --entity clusterin --format json",
    "audit --format json",
    "audit --claim c:0010 --format json",
    "impact --remove ref:5 --format json",
    "path custirsen apoptosis --format json",
    "explain c:0010 --format json",
    "tensions --format json",
    "show c:0329 --format json",
    "show entity:clusterin --format json",
    "show ref:5 --format json",
    "validate --format json",
    "check --allow-missing --format json",
    "verify --allow-missing --format json",
    "export --format nq",
    "export --format jsonl",
    "export --format csl-json",
]


def without_places(value: object) -> object:
    """An answer without files and lines, which a store does not have, and in an order that does not come from them."""
    if isinstance(value, Mapping):
        return {k: without_places(v) for k, v in value.items() if k not in ("file", "line", "notes")}
    if isinstance(value, list):
        return sorted((without_places(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_that_asks_gives_the_same_answer(
    place: str, words: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OGX_RDF_USER", "dba")
    monkeypatch.setenv("OGX_RDF_PASSWORD", "dba")
    expected, found = cli(*words.split()), cli(*words.split(), "--store", place)
    assert (found.returncode, found.stderr) == (expected.returncode, expected.stderr)
    if words.endswith("json") and "csl" not in words:
        assert without_places(json.loads(found.stdout)) == without_places(json.loads(expected.stdout))
    else:
        assert found.stdout == expected.stdout


@pytest.mark.parametrize(
    "words",
    [
        "fmt",
        "init new --document x.txt",
        "source add x.txt --id x",
        "source update x.txt",
        "claim new --passage p001",
        "works check",
    ],
)
def test_what_is_done_to_files_refuses_a_store_by_name(words: str, cli: Cli) -> None:
    done = cli(*words.split(), "--store", "http://127.0.0.1:9/sparql")
    assert done.returncode == 2
    name = " ".join(words.split()[:2]) if words.split()[0] in ("source", "claim", "works") else words.split()[0]
    assert done.stderr.startswith(f"E426 ogx-rdf {name} works on the files of a corpus, not on a store")


def test_options_of_a_server_need_one(cli: Cli) -> None:
    assert "E379 --loaded goes with a server" in cli("build", "--loaded").stderr
    assert "E379 --update-url goes with a server" in cli("build", "--update-url", "http://x/").stderr
    assert "E426 --store does not go with --table" in cli("audit", "--store", "x", "--table", "y").stderr


def test_a_server_that_is_not_there_is_failed_in_json(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ogx_rdf.store.transport.PAUSE", 0.01)
    done = cli("query", "methods", "--store", "http://127.0.0.1:9/sparql", "--format", "json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["answer"] == "failed"
    assert "http://127.0.0.1:9/sparql" in done.stderr


def test_a_server_is_loaded_from_the_command_line(
    oxigraph: Server, cli: Cli, kb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emptied(oxigraph)
    done = cli("build", "--store", oxigraph.sparql, "--out", "graph.nq", "--format", "json", at=kb)
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)["rows"][0]
    assert row["store"] == oxigraph.sparql
    again = cli("build", "--store", oxigraph.sparql, "--loaded", at=kb)
    assert f"Loaded into {oxigraph.sparql} (Oxigraph): {row['quads']} quads, read back and compared" in again.stdout
    assert cli("export", "--format", "nq", "--store", oxigraph.sparql).stdout == (kb / "graph.nq").read_text()


def test_settings_come_from_the_corpus_beside_it(small: StoredCorpus, cli: Cli, kb: Path) -> None:
    assert small.config.title == SMALL.config.title
    with pytest.raises(UsageError, match="the store has the base"):
        open_store(small.place, corpus=kb)
    alone = open_store(small.place)
    assert (alone.config.title, alone.base, alone.root) == (SMALL.base, SMALL.base, Path(small.place))
    assert own_graphs(alone.base)[0] == f"{SMALL.base}c/"


def test_the_python_api_opens_a_store_and_refuses_what_needs_files(small: StoredCorpus) -> None:
    from ogx_rdf import open_graph

    graph = open_graph(SMALL.root, store=small.place)
    assert repr(graph) == f"open_graph({small.place!r})"
    assert graph.query("methods").as_dict() == run(SMALL, "methods").as_dict()
    graph.reload()
    assert len(graph.audit().chains) > 0
    for refused in (
        lambda: graph.fmt(),
        lambda: graph.source_add("x.txt", id="x"),
        lambda: graph.source_update("x.txt"),
        lambda: graph.claim_new(passage="p001"),
        lambda: graph.works_check(),
    ):
        with pytest.raises(UsageError, match="works on the files of a corpus") as caught:
            refused()
        assert caught.value.code == "E426"
