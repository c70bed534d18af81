"""Every command that only asks gives on a store the answer that it gives on the files; the others refuse one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from asking import QUERIES, SMALL
from commands import Cli, Result
from conftest import require
from servers import OXIGRAPH, Server, oxigraph_server
from store_places import BACKENDS, filled, knowing
from test_query_safety import HOSTILE

from ogx_rdf.documents.coverage import count
from ogx_rdf.errors import UsageError
from ogx_rdf.queries import run
from ogx_rdf.store.corpus import StoredCorpus, open_store
from ogx_rdf.store.load import own_graphs


@pytest.fixture(scope="module", params=BACKENDS)
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredCorpus]:
    with knowing():
        yield open_store(filled(request, SMALL, tmp_path_factory.mktemp("small")), corpus=SMALL.root)


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


def test_passages_are_counted_when_a_store_is_filled_and_not_at_each_question(small: StoredCorpus) -> None:
    assert small.recorded_coverage == count(SMALL.dataset).counts()


COMMANDS = [
    "query claims-about --entity alpha --format json",
    "audit --format json",
    "audit --claim c:0001 --format json",
    "impact --remove ref:note/4 --format json",
    "path alpha beta --format json",
    "explain c:0001 --format json",
    "tensions --format json",
    "show c:0006 --format json",
    "show entity:alpha --format json",
    "show ref:note/1 --format json",
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


FROM_FILES: dict[str, Result] = {}


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_that_asks_gives_the_same_answer(small: StoredCorpus, words: str, cli: Cli) -> None:
    beside = ("--corpus", str(SMALL.root))
    expected = FROM_FILES.get(words) or FROM_FILES.setdefault(words, cli(*words.split(), *beside))
    found = cli(*words.split(), *beside, "--store", small.place)
    assert (found.returncode, found.stderr) == (expected.returncode, expected.stderr)
    if words.endswith(" json"):
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


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    require("oxigraph", OXIGRAPH, "the oxigraph server is not installed (pip install oxigraph)")
    with oxigraph_server(tmp_path_factory.mktemp("own")) as server:
        yield server


def test_a_server_is_loaded_from_the_command_line(own_server: Server, cli: Cli, kb: Path) -> None:
    done = cli("build", "--store", own_server.sparql, "--out", "graph.nq", "--format", "json", at=kb)
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)["rows"][0]
    assert row["store"] == own_server.sparql
    again = cli("build", "--store", own_server.sparql, "--loaded", at=kb)
    assert f"Loaded into {own_server.sparql} (Oxigraph): {row['quads']} quads, read back and compared" in again.stdout
    assert cli("export", "--format", "nq", "--store", own_server.sparql).stdout == (kb / "graph.nq").read_text()


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
