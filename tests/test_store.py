"""What every store must do, tried on each: Oxigraph in memory, on disk and as a server, and Virtuoso."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import require
from servers import OXIGRAPH, VIRTUOSO, Server, oxigraph_server, virtuoso_server
from store_places import emptied, knowing

from ogx_rdf.errors import InputError, UsageError
from ogx_rdf.model import Iri, Literal, Term, Triple
from ogx_rdf.namespaces import RDF, RDFS, SH, XSD
from ogx_rdf.oxi import Dataset, normalised, nquad
from ogx_rdf.store import RemoteStore, Store
from ogx_rdf.store.corpus import open_store
from ogx_rdf.store.load import Loaded, load, own_graphs

BASE = "https://example.org/store/"
NASTY = [
    'a "quote" \\ } UNION { <http://x> \n # \\u0041',
    "\\u0022",
    "\\\\u0022 \\U00000022",
    "\ttab",
    " blank ",
    "é😀 ?x",
]


def claim(number: int) -> Iri:
    return Iri(f"{BASE}c/{number:04d}")


def triples() -> list[tuple[Triple, str]]:
    """Every sort of term that a corpus holds, in three graphs, and the registry of prefixes."""
    registry = Iri(f"{BASE}prefix/c")
    said: list[tuple[Iri, Iri, Term]] = [
        (claim(1), RDFS.label, Literal("One")),
        (claim(1), RDFS.label, Literal("Eins", RDF.langString, "de")),
        (claim(1), RDFS.seeAlso, claim(2)),
        (claim(2), RDFS.seeAlso, claim(1)),
        (claim(2), RDFS.comment, Literal("22.0", XSD.decimal)),
        (claim(2), RDFS.comment, Literal("7", XSD.integer)),
        (claim(2), RDFS.comment, Literal("2026-11-22", XSD.date)),
        (claim(2), RDFS.comment, Literal("2026-11", XSD.gYearMonth)),
        (claim(2), RDFS.comment, Literal("http://x.example/a b", XSD.anyURI)),
        (claim(2), RDFS.comment, Literal("true", XSD.boolean)),
        (registry, SH.prefix, Literal("c")),
        (registry, SH.namespace, Literal(f"{BASE}c/")),
    ]
    said += [(claim(3), RDFS.label, Literal(text)) for text in NASTY]
    return [((s, p, o), s if s.startswith(f"{BASE}c/") else f"{BASE}graph/vocabulary") for s, p, o in said]


DATA = triples()
AS_STORED = {(s, p, normalised(o)) for (s, p, o), _ in DATA}


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("dump") / "graph.nq"
    file.write_text("".join(sorted(nquad(*triple, graph) for triple, graph in DATA)), encoding="utf-8")
    return file


def filled(dataset: Dataset) -> Dataset:
    graphs = {triple[0]: graph for triple, graph in DATA}
    dataset.add([triple for triple, _ in DATA], lambda subject: graphs[Iri(subject)])
    return dataset


def served(server: Server, dump: Path) -> RemoteStore:
    load_into(server, dump)
    return RemoteStore(server.sparql, within=own_graphs(BASE), hidden=(f"{BASE}graph/load",))


def load_into(server: Server, dump: Path) -> Loaded:
    return load(server.sparql, dump, base=BASE)


BACKENDS = ["memory", "disk", "oxigraph", "union", "virtuoso"]


@pytest.fixture(scope="module")
def knows() -> Iterator[None]:
    with knowing():
        yield


@pytest.fixture(scope="module", params=BACKENDS)
def store(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    dump: Path,
    knows: None,
) -> Iterator[Store]:
    if request.param == "memory":
        yield filled(Dataset())
    elif request.param == "disk":
        folder = tmp_path_factory.mktemp("disk")
        filled(Dataset.on_disk(folder / "store"))
        yield Dataset.read_only(folder / "store")
    elif request.param == "union":
        require("oxigraph", OXIGRAPH, "the oxigraph server is not installed (pip install oxigraph)")
        with oxigraph_server(tmp_path_factory.mktemp("union"), "--union-default-graph") as server:
            yield served(server, dump)
    else:
        server = request.getfixturevalue(request.param)
        emptied(server)
        yield served(server, dump)
        emptied(server)


class TestContract:
    def test_rows(self, store: Store) -> None:
        found = store.select(f"SELECT ?s ?o WHERE {{ ?s <{RDFS.seeAlso}> ?o }} ORDER BY ?s")
        assert found.columns == ["s", "o"]
        assert found.rows == [(claim(1), claim(2)), (claim(2), claim(1))]

    def test_columns_come_in_the_order_of_the_query_and_may_be_empty(self, store: Store) -> None:
        found = store.select(f"SELECT ?o ?none ?s WHERE {{ ?s <{RDFS.seeAlso}> ?o OPTIONAL {{ ?s <urn:x> ?none }} }}")
        assert found.columns == ["o", "none", "s"]
        assert {row[1] for row in found.rows} == {None}
        everything = store.select(f"SELECT * WHERE {{ ?b <{RDFS.seeAlso}> ?a }}")
        assert sorted(everything.columns) == ["a", "b"]
        assert {(row["b"], row["a"]) for row in everything} == {(claim(1), claim(2)), (claim(2), claim(1))}

    def test_rows_come_in_the_order_of_the_query(self, store: Store) -> None:
        pattern = f"VALUES ?s {{ <{claim(1)}> <{claim(2)}> <{claim(3)}> }} ?s ?p ?o OPTIONAL {{ ?s r:seeAlso ?to }}"
        start = f"PREFIX r: <{RDFS.iri}> SELECT DISTINCT ?s ?to WHERE {{ {pattern} }} ORDER BY"
        assert [row[0] for row in store.select(f"{start} ?to").rows] == [claim(3), claim(2), claim(1)]
        assert [row[0] for row in store.select(f"{start} DESC(?to)").rows] == [claim(1), claim(2), claim(3)]
        assert store.select(f"{start} (!BOUND(?to)) ?s").rows[-1][0] == claim(3)
        labels = f"SELECT ?o WHERE {{ ?s <{RDFS.label}> ?o ; ?any ?o }} ORDER BY DESC(?s) STRLEN(STR(?o)) STR(?o)"
        found = [str(row[0]) for row in store.select(labels).rows]
        assert found == [*sorted(NASTY, key=lambda text: (len(text), text)), "One", "Eins"]

    def test_no_rows(self, store: Store) -> None:
        assert store.select("SELECT ?s WHERE { ?s <urn:none> ?o }").rows == []

    @pytest.mark.parametrize(("pattern", "value"), [("?s ?p ?o", "true"), ("?s <urn:none> ?o", "false")])
    def test_a_truth_value_is_one_row(self, store: Store, pattern: str, value: str) -> None:
        found = store.select(f"ASK {{ {pattern} }}")
        assert (found.columns, found.rows) == (["answer"], [(Literal(value, XSD.boolean),)])

    def test_all_graphs_are_one_and_nothing_else_is_in_it(self, store: Store) -> None:
        found = store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
        record = Iri(f"{BASE}graph/load")
        assert {row for row in found.rows if row[0] != record} == AS_STORED
        assert len(store) == len(DATA)

    def test_quads_stream_with_their_graphs(self, store: Store) -> None:
        assert set(store.quads()) == {((s, p, normalised(o)), graph) for (s, p, o), graph in DATA}
        assert store.nquads() == "".join(sorted(nquad(s, p, normalised(o), graph) for (s, p, o), graph in DATA))
        assert len(store.triples_text().splitlines()) == len(DATA)

    def test_one_graph_is_asked_alone(self, store: Store) -> None:
        said = f"SELECT ?p WHERE {{ {{ <{claim(1)}> ?p ?o }} MINUS {{ GRAPH <{claim(1)}> {{ <{claim(1)}> ?p ?o }} }} }}"
        assert store.select(said).rows == []
        everything = store.select(f"PREFIX c: <{BASE}c/> SELECT * WHERE {{ GRAPH c:0001 {{ ?s ?p ?o }} }}")
        assert sorted(everything.columns) == ["o", "p", "s"]
        assert {(row["s"], row["p"], row["o"]) for row in everything} == {
            triple for triple, graph in DATA if graph == claim(1)
        }
        assert store.select(f"SELECT ?s WHERE {{ GRAPH <{claim(1)}> {{ <{claim(2)}> ?p ?s }} }}").rows == []
        assert str(store.select(f"ASK {{ GRAPH <{claim(2)}> {{ ?s ?p 7 }} }}").rows[0][0]) == "true"
        names = store.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }").rows
        assert {row[0] for row in names} - {f"{BASE}graph/load"} == {graph for _, graph in DATA}

    def test_one_node(self, store: Store) -> None:
        assert store.has(claim(1))
        assert not store.has(claim(9))
        assert set(store.describe(claim(1))) == {triple for triple, _ in DATA if triple[0] == claim(1)}
        assert store.describe(claim(9)) == []
        assert store.referrers(claim(2)) == [(claim(1), RDFS.seeAlso, claim(2))]

    def test_a_graph_for_an_answer(self, store: Store) -> None:
        made = "?s <urn:p> ?l, 1 . <urn:a> <urn:b> 'é'@fr"
        query = f"PREFIX r: <{RDFS.iri}> CONSTRUCT {{ {made} }} WHERE {{ ?s r:label ?l ; r:seeAlso ?o }}"
        assert set(store.construct(query)) == {
            (claim(1), Iri("urn:p"), Literal("One")),
            (claim(1), Iri("urn:p"), Literal("Eins", RDF.langString, "de")),
            (claim(1), Iri("urn:p"), Literal("1", XSD.integer)),
            (Iri("urn:a"), Iri("urn:b"), Literal("é", RDF.langString, "fr")),
        }
        short = f"CONSTRUCT WHERE {{ ?s <{RDFS.seeAlso}> ?o }}"
        assert set(store.construct(short)) == {(claim(1), RDFS.seeAlso, claim(2)), (claim(2), RDFS.seeAlso, claim(1))}

    @pytest.mark.parametrize(
        ("query", "nodes"),
        [
            (f"DESCRIBE <{claim(1)}>", {claim(1)}),
            (f"PREFIX c: <{BASE}c/> DESCRIBE c:0001 ?s WHERE {{ ?s <{RDFS.comment}> 7 }}", {claim(1), claim(2)}),
            (f"DESCRIBE * {{ ?s <{RDFS.comment}> 7 }}", {claim(2)}),
        ],
    )
    def test_a_description_is_what_is_said_of_a_node(self, store: Store, query: str, nodes: set[Iri]) -> None:
        assert set(store.construct(query)) == {triple for triple in AS_STORED if triple[0] in nodes}

    def test_rows_and_graphs_are_told_apart(self, store: Store) -> None:
        with pytest.raises(UsageError) as caught:
            store.select("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        assert caught.value.code == "E403"
        with pytest.raises(UsageError) as caught:
            store.construct("SELECT ?s WHERE { ?s ?p ?o }")
        assert caught.value.code == "E404"

    @pytest.mark.parametrize("text", NASTY)
    def test_a_bound_text_is_only_a_text(self, store: Store, text: str) -> None:
        query = f"SELECT ?s ?text WHERE {{ ?s <{RDFS.label}> ?text }}"
        assert store.select(query, {"text": Literal(text)}).rows == [(claim(3), Literal(text))]
        assert store.select(query, {"text": Literal(text + "x")}).rows == []

    def test_a_bound_node_reaches_into_sub_selects(self, store: Store) -> None:
        query = (
            "SELECT ?s (COUNT(?o) AS ?n) ?most WHERE { ?s ?p ?o . "
            f"{{ SELECT ?s (MAX(?to) AS ?most) WHERE {{ ?s <{RDFS.seeAlso}> ?to }} GROUP BY ?s }} }} GROUP BY ?s ?most"
        )
        assert [row[0] for row in store.select(query, {"s": claim(1)}).rows] == [claim(1)]
        assert len(store.select(query).rows) == 2

    def test_what_cannot_be_bound_is_refused(self, store: Store) -> None:
        query = f"SELECT ?s ?text WHERE {{ ?s <{RDFS.label}> ?text }}"
        for term in (Iri("http://ex/t> } UNION { ?s ?p ?o"), Literal("\ud800")):
            with pytest.raises(UsageError) as caught:
                store.select(query, {"text": term})
            assert caught.value.code == "E405"
        with pytest.raises((UsageError, InputError)) as other:
            store.select(query, {"nowhere": Literal("x")})
        assert other.value.code == "E407"

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("INSERT DATA { <urn:a> <urn:b> 1 }", "E401"),
            ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "E402"),
            ("SELECT * FROM <urn:g> { ?s ?p ?o }", "E409"),
            ("SELECT ?s WHERE { ?s ?p }", "E406"),
        ],
    )
    def test_only_reads_are_asked(self, store: Store, query: str, code: str) -> None:
        with pytest.raises(UsageError) as caught:
            store.select(query, shown="my.rq")
        assert caught.value.code == code
        assert "my.rq" in caught.value.message


SERVERS = ["oxigraph", "virtuoso"]


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, knows: None) -> Server:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Server)
    return found


def test_a_load_replaces_what_was_loaded_and_touches_nothing_else(server: Server, dump: Path, tmp_path: Path) -> None:
    other = RemoteStore(server.sparql, within=("urn:other",))
    other.update("INSERT DATA { GRAPH <urn:other> { <urn:a> <urn:b> <urn:c> } }")
    try:
        done = load_into(server, dump)
        assert (done.quads, done.compared, done.rewritten, done.others) == (len(DATA), True, 1, 1)
        smaller = tmp_path / "smaller.nq"
        kept = [line for line in dump.read_text(encoding="utf-8").splitlines(keepends=True) if "c/0002>" not in line]
        smaller.write_text("".join(kept), encoding="utf-8")
        assert load_into(server, smaller).quads == len(kept)
        assert not served_store(server).has(claim(2))
        assert list(other.quads()) == [((Iri("urn:a"), Iri("urn:b"), Iri("urn:c")), "urn:other")]
    finally:
        other.update("DROP SILENT GRAPH <urn:other>")
    assert load_into(server, dump).others == 0


def served_store(server: Server) -> RemoteStore:
    return RemoteStore(server.sparql, within=own_graphs(BASE), hidden=(f"{BASE}graph/load",))


def test_what_a_server_holds_is_compared_and_a_difference_is_a_failure(server: Server, dump: Path) -> None:
    load_into(server, dump)
    store = served_store(server)
    assert load(server.sparql, dump, base=BASE, loaded=True).compared
    try:
        store.update(f"INSERT DATA {{ GRAPH <{claim(1)}> {{ <{claim(1)}> <urn:b> 1 }} }}")
        with pytest.raises(InputError, match=f"holds {len(DATA) + 1} quads where {len(DATA)}") as caught:
            load(server.sparql, dump, base=BASE, loaded=True)
        assert caught.value.code == "E423"
        store.update(f"DELETE DATA {{ GRAPH <{claim(1)}> {{ <{claim(1)}> <{RDFS.seeAlso}> <{claim(2)}> }} }}")
        with pytest.raises(InputError, match="gives literals back"):
            load(server.sparql, dump, base=BASE, loaded=True)
        with pytest.raises(InputError, match="a load is not finished, or broke off") as caught:
            open_store(server.sparql)
        assert caught.value.code == "E424"
    finally:
        load_into(server, dump)


def test_a_store_gives_its_literals_as_they_were_written(server: Server, dump: Path) -> None:
    load_into(server, dump)
    corpus = open_store(server.sparql)
    assert corpus.base == BASE
    assert corpus.curie(claim(1)) == "c:0001"
    assert set(corpus.quads()) == set(DATA)
    assert set(corpus.said_of(claim(2))) == {triple for triple, _ in DATA if triple[0] == claim(2)}


def test_two_corpora_in_one_store_are_refused(server: Server, dump: Path, tmp_path: Path) -> None:
    load_into(server, dump)
    second = tmp_path / "second.nq"
    second.write_text(dump.read_text(encoding="utf-8").replace(BASE, f"{BASE}two/"), encoding="utf-8")
    try:
        load(server.sparql, second, base=f"{BASE}two/")
        with pytest.raises(InputError, match="two corpora") as caught:
            open_store(server.sparql)
        assert caught.value.code == "E425"
    finally:
        store = RemoteStore(server.sparql, within=(f"{BASE}two/",))
        store.update(" ; ".join(f"DROP SILENT GRAPH <{graph}>" for graph in store.graphs()))


def test_a_store_without_a_corpus_is_none(tmp_path: Path) -> None:
    require("oxigraph", OXIGRAPH, "the oxigraph server is not installed (pip install oxigraph)")
    with oxigraph_server(tmp_path) as empty, pytest.raises(InputError, match="no corpus lies in") as caught:
        open_store(empty.sparql)
    assert caught.value.code == "E425"
    with pytest.raises(UsageError, match="no store at"):
        open_store(tmp_path / "nothing")


@pytest.fixture(scope="module")
def capped(tmp_path_factory: pytest.TempPathFactory, knows: None) -> Iterator[Server]:
    """A Virtuoso that gives ten rows and not one more."""
    require("virtuoso", VIRTUOSO, "virtuoso-t is not installed (Debian: virtuoso-opensource-7-bin)")
    with virtuoso_server(tmp_path_factory.mktemp("capped"), "ResultSetMaxRows = 10") as found:
        yield found


def test_a_limit_on_rows_is_met_by_name_and_never_a_shorter_answer(capped: Server, dump: Path) -> None:
    with pytest.raises(InputError, match=f"gave 10 rows of {len(DATA)}") as caught:
        load_into(capped, dump)
    assert caught.value.code == "E418"
    assert "ResultSetMaxRows" in str(caught.value.hint)
    store = served_store(capped)
    assert len(store.select("SELECT ?s WHERE { ?s ?p ?o } LIMIT 9").rows) == 9
    assert len(store.select("SELECT ?s WHERE { ?s ?p ?o } LIMIT 10").rows) == 10
    for ask in (
        lambda: store.select("SELECT ?s WHERE { ?s ?p ?o }"),
        lambda: store.select("SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 11"),
        lambda: store.construct("CONSTRUCT WHERE { ?s ?p ?o }"),
        lambda: list(store.quads()),
        store.triples_text,
    ):
        with pytest.raises(InputError, match="gave 10 rows of") as caught:
            ask()
        assert caught.value.code == "E418"
    ten = " UNION ".join(f"{{ BIND({number} AS ?n) }}" for number in range(10))
    assert len(store.select(f"SELECT ?n WHERE {{ {ten} }}").rows) == 10


def test_a_round_number_of_rows_is_counted_whatever_the_server_says(knows: None) -> None:
    import json

    from servers import Scripted, http

    def answer(name: str, values: list[int]) -> bytes:
        rows = [{name: {"type": "literal", "value": str(value)}} for value in values]
        return http(json.dumps({"head": {"vars": [name]}, "results": {"bindings": rows}}))

    query = "SELECT ?x WHERE { ?s ?p ?x }"
    for rows, there, fine in ((1000, 1000, True), (1000, 2500, False), (4096, 5000, False), (10_000, 10_001, False)):
        with Scripted([answer("x", list(range(rows))), answer("n", [there])]) as scripted:
            store = RemoteStore(scripted.url, union=False)
            if fine:
                assert len(store.select(query)) == rows
            else:
                with pytest.raises(InputError, match=f"gave {rows} rows of {there}"):
                    store.select(query)
    with Scripted([answer("x", list(range(1000)))]) as scripted:
        assert len(RemoteStore(scripted.url, union=False).select(query + " LIMIT 1000")) == 1000
