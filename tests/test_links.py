"""What endpoints say on the mapped terms, asked of an Oxigraph server that holds excerpts of the vocabularies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commands import Cli
from conftest import require
from linked import Moody, line_of, load_excerpts, load_virtuoso, moody, write_links
from servers import ISQL, OXIGRAPH, VIRTUOSO, oxigraph_server, virtuoso_server

from ogx_rdf import open_graph
from ogx_rdf.corpus import Corpus
from ogx_rdf.errors import UsageError
from ogx_rdf.linking import asking
from ogx_rdf.linking.asking import Answer
from ogx_rdf.linking.names import compare
from ogx_rdf.linking.questions import Reach, complete_at, describe, neighbours, reach, via_of
from ogx_rdf.linking.terms import read
from ogx_rdf.model import Iri, Literal, Term
from ogx_rdf.store import transport

OBO = "http://purl.obolibrary.org/obo/"
UNIPROT = "http://purl.uniprot.org/uniprot/"
WD = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that holds the excerpts."""
    require("oxigraph", OXIGRAPH, "the Oxigraph server is not installed")
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as server:
        load_excerpts(server)
        yield server.sparql


@pytest.fixture
def corpus(empty_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus that is mapped; nobody waits between requests."""
    monkeypatch.setattr(asking, "PACE", 0.0)
    monkeypatch.setattr(transport, "PAUSE", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return write_links(empty_corpus)


Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def ask(cli: Cli, corpus: Path, tmp_path: Path) -> Ask:
    """Run a link command with a cache of its own; gives the exit code and the JSON answer."""

    def run(action: str, endpoint: str, *words: str) -> tuple[int, dict[str, Any]]:
        places = ("--endpoint", endpoint, "--cache", str(tmp_path / "cache"), "--corpus", str(corpus))
        done = cli("link", action, *places, "--format", "json", *words)
        return done.returncode, json.loads(done.stdout)

    return run


@pytest.fixture
def server() -> Iterator[Moody]:
    """A server with moods."""
    with moody() as running:
        yield running


def by_term(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["term"]: row for row in answer["rows"]}


def test_each_term_is_known_obsolete_unknown_or_not_covered(ask: Ask, endpoint: str) -> None:
    code, answer = ask("check", endpoint)
    assert {row["term"]: row["state"] for row in answer["rows"]} == {
        "uniprot:P10909": "known",
        "uniprot:P04637": "known",
        "uniprot:Q07812": "unknown",
        "uniprot:Z9Z9Z9": "obsolete",
        "uniprot:A0A009K1D9": "obsolete",
        "uniprot:P78509": "unknown",
        "uniprot.isoform:P10909-1": "known",
        "RO:0002408": "obsolete",
        "RO:0002449": "known",
        "RO:0002630": "known",
        "RO:0002409": "known",
        "RO:0002448": "known",
        "GO:0005615": "obsolete",
        "MMO:0000498": "known",
        "MMO:0000496": "unknown",
        "MMO:0000462": "obsolete",
        "CHEBI:4672": "not-covered",
        "chembl.compound:CHEMBL92": "not-covered",
        "drugbank:DB00001": "not-covered",
        "drugbank:DB00316": "not-covered",
        "wikidata:Q1": "known",
        "wikidata:Q13165295": "obsolete",
        "wikidata:Q28319104": "obsolete",
    }
    assert (code, answer["answer"], answer["via"]) == (1, "rows", "own")
    assert (answer["counts"]["mappings"], answer["counts"]["obsolete"], answer["counts"]["gone"]) == (23, 7, 0)
    assert sum(answer["counts"].values()) == 2 * 23
    covered = {one["prefix"]: one["covered"] for one in answer["vocabularies"]}
    assert [prefix for prefix in covered if covered[prefix] is False] == ["CHEBI", "chembl.compound", "drugbank"]


def test_virtuoso_is_understood_as_well(
    ask: Ask, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("virtuoso", VIRTUOSO and ISQL, "Virtuoso is not installed")
    monkeypatch.setenv("OGX_RDF_USER", "dba")
    monkeypatch.setenv("OGX_RDF_PASSWORD", "dba")
    folder = tmp_path / "virtuoso"
    folder.mkdir()

    def told(action: str, *words: str) -> list[dict[str, Any]]:
        apart = ("asked", "reason", "said_by")
        return [{k: v for k, v in row.items() if k not in apart} for row in ask(action, *words)[1]["rows"]]

    with virtuoso_server(folder) as server:
        load_virtuoso(server, folder)
        for words in (("check",), ("labels",), ("neighbours", "--entity", "indirect-inhibition")):
            assert told(words[0], server.sparql, *words[1:]) == told(words[0], endpoint, *words[1:])


def test_what_stands_in_the_place_of_a_term_is_named(ask: Ask, endpoint: str) -> None:
    rows = by_term(ask("check", endpoint)[1])
    assert {term: (row["reason"], row["replaced_by"]) for term, row in rows.items() if row["state"] == "obsolete"} == {
        "uniprot:Z9Z9Z9": ("marked as obsolete", []),
        "uniprot:A0A009K1D9": ("marked as obsolete", [f"{UNIPROT}A0A9P2UQ24"]),
        "RO:0002408": ("marked as obsolete", [f"{OBO}RO_0002630"]),
        "GO:0005615": ("marked as obsolete", [f"{OBO}GO_0005576"]),
        "MMO:0000462": ("marked as obsolete", []),
        "wikidata:Q13165295": ("merged into another", [f"{WD}Q1"]),
        "wikidata:Q28319104": ("merged into another", [f"{WD}Q182397"]),
    }


def test_a_finding_stands_at_the_line_of_the_mapping(ask: Ask, endpoint: str) -> None:
    answer = ask("check", endpoint, "--prefix", "RO")[1]
    (finding,) = answer["findings"]
    day = by_term(answer)["RO:0002408"]["asked"]
    assert (finding["rule"], finding["severity"]) == ("link-obsolete", "violation")
    assert (finding["file"], finding["line"]) == ("corpus/mappings/links.sssom.tsv", line_of("RO:0002408"))
    assert finding["focus"] == "https://example.org/x/mapping/inhibition.exactMatch.RO-0002408"
    assert finding["value"] == f"{OBO}RO_0002408"
    assert finding["message"] == (
        "entity:inhibition is mapped to RO:0002408 (obsolete directly inhibits), which is marked as obsolete; "
        f"in its place: {OBO}RO_0002630 (asked {day})"
    )


def test_a_term_is_gone_only_from_a_vocabulary_that_is_there_whole(ask: Ask, endpoint: str) -> None:
    code, answer = ask("check", endpoint, "--prefix", "MMO", "--whole", "MMO")
    row = by_term(answer)["MMO:0000496"]
    assert (code, row["state"]) == (1, "gone")
    assert row["reason"] == "the endpoint holds the vocabulary whole and says nothing of the term"
    assert [f["rule"] for f in answer["findings"]] == ["link-gone", "link-obsolete"]
    # Of a vocabulary that is not there at all the same is said where the user says that it is there whole.
    assert ask("check", endpoint, "--prefix", "CHEBI", "--whole", "CHEBI")[0] == 1
    code, answer = ask("check", endpoint, "--prefix", "CHEBI")
    assert (code, answer["answer"], answer["findings"]) == (0, "rows", [])


def test_the_check_in_words(cli: Cli, corpus: Path, endpoint: str, tmp_path: Path) -> None:
    place = ("--endpoint", endpoint, "--corpus", str(corpus), "--cache", str(tmp_path / "cache"))
    done = cli("link", "check", *place)
    lines = done.stdout.splitlines()
    line = line_of("uniprot:Z9Z9Z9")
    assert lines[0].startswith(f"corpus/mappings/links.sssom.tsv:{line}: violation: entity:gone is mapped to ")
    assert "unknown: the endpoint says nothing of the term: uniprot:Q07812, uniprot:P78509, MMO:0000496" in lines
    assert "CHEBI: not covered: the endpoint knows none of the 1 mapped" in lines
    assert lines[-1] == (
        f"23 mappings at {endpoint}: 0 gone, 7 obsolete, 0 failed, 3 unknown, 0 not-asked, 4 not-covered, 9 known"
    )


def test_labels_agree_in_kinds(ask: Ask, endpoint: str) -> None:
    code, answer = ask("labels", endpoint)
    rows = by_term(answer)
    assert {term: row["label"] for term, row in rows.items() if row["label"]} == {
        "uniprot:P10909": "synonym",
        "uniprot:P04637": "synonym",
        "uniprot:Z9Z9Z9": "no-label",
        "uniprot:A0A009K1D9": "no-label",
        "uniprot.isoform:P10909-1": "differs",
        "RO:0002408": "differs",
        "RO:0002449": "synonym",
        "RO:0002630": "spelling",
        "RO:0002409": "agrees",
        "RO:0002448": "differs",
        "GO:0005615": "differs",
        "MMO:0000498": "agrees",
        "MMO:0000462": "agrees",
        "wikidata:Q1": "spelling",
        "wikidata:Q13165295": "no-label",
        "wikidata:Q28319104": "no-label",
    }
    p53 = rows["uniprot:P04637"]
    assert (p53["labels_there"], p53["synonyms_there"]) == (["Cellular tumor antigen p53"], ["P53_HUMAN", "TP53"])
    assert (p53["names_here"], p53["names"]) == (["tumour protein p53", "TP53"], "synonym")
    assert (rows["uniprot:P10909"]["names"], rows["RO:0002449"]["names"]) == ("spelling", "synonym")
    assert (rows["CHEBI:4672"]["label"], rows["CHEBI:4672"]["state"]) == (None, "not-covered")
    # A label that differs is a warning: the exit code stays 0.
    assert (code, {f["severity"] for f in answer["findings"]}) == (0, {"warning"})
    assert [f["line"] for f in answer["findings"]] == sorted(
        line_of(term) for term, row in rows.items() if row["label"] == "differs"
    )


def test_what_was_asked_for_the_check_is_not_asked_again_for_the_labels(ask: Ask, endpoint: str) -> None:
    first = by_term(ask("check", endpoint)[1])
    second = by_term(ask("labels", endpoint, "--offline")[1])
    assert {t: row["asked"] for t, row in first.items()} == {t: row["asked"] for t, row in second.items()}


def test_wikidata_is_asked_by_the_property_that_holds_an_identifier(ask: Ask, endpoint: str) -> None:
    code, answer = ask("check", endpoint, "--via", "wikidata", "--prefix", "uniprot", "--whole", "uniprot")
    rows = by_term(answer)
    assert (rows["uniprot:P78509"]["state"], rows["uniprot:P78509"]["there"]) == ("known", [f"{WD}Q13561329"])
    # That no item carries the number does not make the protein gone.
    assert (rows["uniprot:P10909"]["state"], code) == ("unknown", 0)


def test_bio2rdf_is_asked_by_its_own_names(ask: Ask, endpoint: str) -> None:
    rows = by_term(ask("labels", endpoint, "--via", "bio2rdf", "--prefix", "drugbank")[1])
    assert rows["drugbank:DB00001"]["there"] == ["http://bio2rdf.org/drugbank:DB00001"]
    assert {term: (row["labels_there"], row["label"]) for term, row in rows.items()} == {
        "drugbank:DB00001": (["Lepirudin"], "agrees"),
        "drugbank:DB00316": (["Acetaminophen"], "differs"),
    }


def test_neighbours_are_the_word_of_the_endpoint(ask: Ask, endpoint: str) -> None:
    code, answer = ask("neighbours", endpoint, "--entity", "directly inhibits")
    assert (code, answer["answer"], answer["entity"]) == (0, "rows", "entity:inhibition")
    assert answer["note"].startswith("This is what the endpoint says. It rests on no quote of this corpus")
    mapping = "https://example.org/x/mapping/inhibition.broadMatch.RO-0002630"
    found = [row for row in answer["rows"] if row["mapping"] == mapping]
    assert {row["said_by"] for row in found} == {endpoint}
    sub = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"
    ends = {(row["direction"], row["property"].rpartition("/")[2], row["value"], row["label"]) for row in found}
    assert {
        ("out", "rdf-schema#subPropertyOf", f"{OBO}RO_0002212", "negatively regulates"),
        ("out", "rdf-schema#subPropertyOf", f"{OBO}RO_0002578", None),
        ("in", "IAO_0100001", f"{OBO}RO_0002408", "obsolete directly inhibits"),
    } <= ends
    literal = next(row for row in found if row["value"] == "directly negatively regulates")
    assert (literal["value_type"], literal["property"]) == ("literal", "http://www.w3.org/2000/01/rdf-schema#label")
    assert sub in {row["property"] for row in found}
    assert [(one["term"], one["direction"], one["state"]) for one in answer["terms"]] == [
        ("RO:0002408", "out", "answered"),
        ("RO:0002408", "in", "nothing-said"),
        ("RO:0002449", "out", "answered"),
        ("RO:0002449", "in", "nothing-said"),
        ("RO:0002630", "out", "answered"),
        ("RO:0002630", "in", "answered"),
    ]


def test_neighbours_never_enter_the_graph(corpus: Path, endpoint: str, tmp_path: Path) -> None:
    graph = open_graph(corpus)
    before = len(graph.corpus.dataset)
    files = {p: p.read_bytes() for p in corpus.rglob("*") if p.is_file()}
    assert graph.link_neighbours(endpoint, entity="inhibition", cache=tmp_path / "cache").rows
    assert len(graph.corpus.dataset) == before
    assert {p: p.read_bytes() for p in corpus.rglob("*") if p.is_file()} == files


def test_neighbours_beyond_the_limit_are_said_to_be_there(ask: Ask, endpoint: str, cli: Cli, corpus: Path) -> None:
    answer = ask("neighbours", endpoint, "--entity", "inhibition", "--limit", "1")[1]
    cut = {(one["term"], one["direction"]): (one["count"], one["cut"]) for one in answer["terms"]}
    assert cut["RO:0002630", "out"] == (1, True)
    assert cut["RO:0002408", "in"] == (0, False)
    done = cli("link", "neighbours", "--endpoint", endpoint, "--entity", "inhibition", "--corpus", str(corpus))
    assert f"  http://www.w3.org/2000/01/rdf-schema#subPropertyOf {OBO}RO_0002212 (negatively regulates)" in done.stdout
    assert done.stdout.startswith("This is what the endpoint says.")


def test_nodes_without_a_name_are_left_out(ask: Ask, endpoint: str) -> None:
    answer = ask("neighbours", endpoint, "--entity", "indirect-inhibition")[1]
    assert f"{OBO}RO_0002212" in {row["value"] for row in answer["rows"]}
    assert {row["value_type"] for row in answer["rows"]} == {"iri", "literal"}
    assert not any(row["property"].endswith("propertyChainAxiom") for row in answer["rows"])


def test_the_four_answers_of_neighbours(ask: Ask, endpoint: str, cli: Cli, corpus: Path) -> None:
    code, answer = ask("neighbours", endpoint, "--entity", "bax")
    assert (code, answer["answer"], answer["rows"]) == (0, "none", [])
    code, answer = ask("neighbours", endpoint, "--entity", "unmapped")
    assert (code, answer["answer"], answer["terms"]) == (0, "not-stated", [])
    code, answer = ask("neighbours", endpoint, "--entity", "histology", "--offline")
    assert (code, answer["answer"]) == (3, "failed")
    assert {one["state"] for one in answer["terms"]} == {"not-asked"}
    assert ask("neighbours", endpoint, "--entity", "nothing like it")[0] == 2


def test_a_corpus_without_mappings_has_none(cli: Cli, empty_corpus: Corpus, server: Moody, tmp_path: Path) -> None:
    for action in ("check", "labels"):
        place = ("--endpoint", server.sparql, "--corpus", str(empty_corpus.root), "--cache", str(tmp_path / "c"))
        done = cli("link", action, *place, "--format", "json")
        assert (done.returncode, json.loads(done.stdout)["answer"]) == (0, "none")
    assert server.log == []


def test_terms_are_asked_in_few_requests_that_say_who_asks(
    ask: Ask, server: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OGX_RDF_MAILTO", "curator@example.org")
    code, answer = ask("check", server.sparql)
    assert code == 0
    assert {row["state"] for row in answer["rows"]} == {"not-covered"}
    assert len(server.log) == 3  # in the properties of UniProt, of Wikidata, and of the others
    agents = {headers["User-Agent"] for _, headers in server.log}
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("ogx-rdf/")
    assert "mailto:curator@example.org" in agent


def test_batches_are_bounded(server: Moody, tmp_path: Path) -> None:
    asker = asking.Asker(server.sparql, pace=0, cache=tmp_path)
    asker.ask(describe(Reach("", None, "general")), [f"{OBO}RO_{number:07}" for number in range(120)])
    assert [query.count(f"<{OBO}RO_") // query.count("VALUES") for query, _ in server.log] == [50, 50, 20]


def test_requests_are_spaced(server: Moody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    clock = [100.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    asker = asking.Asker(server.sparql, cache=tmp_path)
    monkeypatch.setattr("ogx_rdf.linking.asking.time.sleep", sleep)
    monkeypatch.setattr("ogx_rdf.linking.asking.time.monotonic", lambda: clock[0])
    question = describe(Reach("", None, "general"))
    for number in range(3):
        asker.ask(question, [f"{OBO}RO_000000{number}"])
    assert waits == [0.0, 1.0, 1.0]


def test_kept_answers_are_used_until_they_are_old(ask: Ask, server: Moody, tmp_path: Path) -> None:
    ask("check", server.sparql)
    asked = len(server.log)
    assert ask("check", server.sparql)[1]["answer"] == "rows"
    assert len(server.log) == asked
    kept = sorted((tmp_path / "cache" / "links").rglob("*.json"))
    assert len(kept) == 23
    for file in kept:
        entry = json.loads(file.read_text(encoding="utf-8"))
        entry["asked"] = (datetime.now(UTC) - timedelta(days=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
        file.write_text(json.dumps(entry), encoding="utf-8")
    old = ask("check", server.sparql, "--offline")[1]
    assert {row["state"] for row in old["rows"]} == {"not-covered"}
    assert ask("check", server.sparql, "--max-age", "9")[1]["rows"] == old["rows"]
    assert len(server.log) == asked
    ask("check", server.sparql)
    assert len(server.log) == 2 * asked
    ask("check", server.sparql, "--refresh")
    assert len(server.log) == 3 * asked


def test_a_kept_file_that_cannot_be_read_is_as_good_as_none(ask: Ask, server: Moody, tmp_path: Path) -> None:
    ask("check", server.sparql, "--prefix", "RO")
    files = sorted((tmp_path / "cache" / "links").rglob("*.json"))
    for file, text in zip(files, ("", "{", "[]", '{"asked": "never"}', '{"asked": 3}'), strict=True):
        file.write_text(text, encoding="utf-8")
    answer = ask("check", server.sparql, "--prefix", "RO", "--offline")[1]
    assert {row["state"] for row in answer["rows"]} == {"not-asked"}
    assert ask("check", server.sparql, "--prefix", "RO")[1]["counts"]["not-covered"] == 5


def test_offline_nothing_is_asked(ask: Ask, server: Moody) -> None:
    code, answer = ask("check", server.sparql, "--offline")
    assert server.log == []
    # Nothing is known, so nothing is said to be in order.
    assert (code, answer["answer"], answer["counts"]["not-asked"]) == (3, "failed", 23)
    assert {one["covered"] for one in answer["vocabularies"]} == {None}
    ask("check", server.sparql, "--prefix", "GO")
    code, answer = ask("labels", server.sparql, "--offline")
    assert (code, answer["answer"], answer["counts"]["not-asked"]) == (0, "rows", 22)


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("broken", "failed (500): out of memory"),
        ("page", "is not the whole of a SPARQL result: it is text/html"),
        ("cut", "broke off"),
        ("short", "is not the whole of a SPARQL result"),
        ("slow", "gave no sign in time"),
    ],
)
def test_a_failure_is_a_failure(mood: str, reason: str, ask: Ask, server: Moody) -> None:
    server.moods = [mood] * 30
    there = {"type": "uri", "value": f"{OBO}RO_0002408"}
    server.rows = [{"there": there, "role": {"type": "literal", "value": "known"}}]
    code, answer = ask("check", server.sparql, "--prefix", "RO", "--timeout", "0.3")
    assert (code, answer["answer"], answer["counts"]["failed"]) == (3, "failed", 5)
    assert all(reason in row["reason"] for row in answer["rows"])
    # A failure is not kept: the next time it is asked again.
    server.moods = []
    code, answer = ask("check", server.sparql, "--prefix", "RO")
    assert (code, by_term(answer)["RO:0002408"]["state"]) == (0, "known")


def test_a_server_that_is_down_fails_by_name(ask: Ask, server: Moody) -> None:
    code, answer = ask("check", "http://127.0.0.1:9/sparql", "--prefix", "RO")
    assert (code, answer["answer"]) == (3, "failed")
    assert answer["rows"][0]["reason"].startswith("cannot reach http://127.0.0.1:9/sparql")


@pytest.mark.parametrize("wait", ["0", "Wed, 21 Oct 2015 07:28:00 GMT", "soon"])
def test_a_busy_server_is_asked_again_after_the_wait_that_it_asks_for(wait: str, ask: Ask, server: Moody) -> None:
    server.moods, server.retry_after = ["busy", "well"], wait
    code, answer = ask("check", server.sparql, "--prefix", "RO")
    assert (code, answer["counts"]["failed"], len(server.log)) == (0, 0, 2)


def test_a_server_that_asks_for_a_long_wait_is_left_alone(ask: Ask, server: Moody) -> None:
    server.moods, server.retry_after = ["busy"] * 9, "3600"
    code, answer = ask("check", server.sparql, "--prefix", "RO")
    assert (code, len(server.log)) == (3, 1)
    assert "asks to wait 3600 s" in answer["rows"][0]["reason"]


def test_part_of_an_answer_is_told_from_what_failed(ask: Ask, server: Moody) -> None:
    server.moods = ["well", "broken", "broken"]
    code, answer = ask("check", server.sparql)
    assert code == 3
    assert (answer["answer"], answer["counts"]["failed"], answer["counts"]["not-covered"]) == ("rows", 10, 13)


def test_an_endpoint_that_keeps_failing_is_left_alone(server: Moody, tmp_path: Path) -> None:
    server.moods = ["broken"] * 9
    asker = asking.Asker(server.sparql, cache=tmp_path, pace=0)
    question = neighbours(Reach("", None, "general"), "out", 5)
    answers = asker.ask(question, [f"{OBO}RO_000000{number}" for number in range(9)])
    assert len(server.log) == 3
    assert sum(one.reason == "not asked again, since the endpoint failed before" for one in answers.values()) == 6
    assert all(one.failed for one in answers.values())


@pytest.mark.parametrize(
    "words",
    [
        ("--prefix", "HGNC"),
        ("--whole", "HGNC"),
        ("--pace", "-1"),
        ("--timeout", "0"),
        ("--max-age", "-1"),
        ("--offline", "--refresh"),
        ("--via", "elsewhere"),
    ],
)
def test_wrong_use_is_refused(words: tuple[str, ...], ask: Ask, server: Moody) -> None:
    code, answer = ask("check", server.sparql, *words)
    assert (code, answer["answer"], server.log) == (2, "failed", [])
    assert answer["error"]["hint"]


def test_an_address_that_is_none_is_refused(ask: Ask) -> None:
    assert ask("check", "ftp://example.org/")[0] == 2
    assert ask("neighbours", "http://127.0.0.1:9/", "--entity", "bax", "--limit", "0")[0] == 2


def test_the_library_gives_the_same(corpus: Path, endpoint: str, tmp_path: Path, ask: Ask) -> None:
    graph = open_graph(corpus)
    cache = tmp_path / "cache"
    checked = graph.link_check(endpoint, cache=cache)
    assert checked.as_dict() == ask("check", endpoint)[1]
    labels = graph.link_labels(endpoint, prefixes=["RO"], cache=cache)
    assert labels.as_dict() == ask("labels", endpoint, "--prefix", "RO")[1]
    around = graph.link_neighbours(endpoint, entity="bax", cache=cache, limit=3)
    assert around.as_dict() == ask("neighbours", endpoint, "--entity", "bax", "--limit", "3")[1]
    with pytest.raises(UsageError, match="no way 'x' to name terms"):
        graph.link_check(endpoint, via="x")


@pytest.mark.parametrize(
    ("here", "labels", "synonyms", "verdict"),
    [
        (["OGX-011"], ["OGX-011"], [], "agrees"),
        (["OGX-011"], ["ogx 011"], [], "spelling"),
        (["OGX‐011"], ["OGX-011"], [], "spelling"),
        (["PC-3"], ["PC3 cell"], ["PC3"], "synonym"),
        (["IL-2"], ["IL-12"], [], "differs"),
        (["2-3"], ["23"], [], "differs"),
        (["HER2+"], ["HER2-"], [], "differs"),
        (["Oligonucleotides, Antisense"], ["antisense oligonucleotides"], [], "differs"),
        (["a"], [], ["A"], "synonym"),
        (["a"], [], [], "no-label"),
        ([""], ["a"], [], "not-recorded"),
        ([], ["a"], [], "not-recorded"),
    ],
)
def test_ways_of_writing_are_told_from_other_names(
    here: list[str], labels: list[str], synonyms: list[str], verdict: str
) -> None:
    assert compare(here, labels, synonyms) == verdict


@pytest.mark.parametrize(
    ("told", "state", "reason"),
    [
        ({"active": "false"}, "obsolete", "marked as no longer active"),
        ({"active": "true"}, "known", None),
        ({"obsolete": "false"}, "known", None),
        ({"obsolete": "1"}, "obsolete", "marked as obsolete"),
        ({"replaced": "urn:b"}, "obsolete", "replaced by another"),
        ({"consider": "urn:b"}, "known", None),
    ],
)
def test_what_gives_a_term_up(told: dict[str, str], state: str, reason: str | None) -> None:
    rows: tuple[dict[str, Term | None], ...] = tuple(
        {"there": Iri("urn:a"), "role": Literal(role), "value": Literal(text)} for role, text in told.items()
    )
    said = read(Answer(rows, "2026-01-01T00:00:00Z"), Reach("urn:a", None, "mesh"))
    assert (said.state, said.reason) == (state, reason)


def test_the_public_endpoints_are_known_by_name() -> None:
    assert via_of("https://query.wikidata.org/sparql", None) == "wikidata"
    assert via_of("https://sparql.uniprot.org/sparql/", None) == "uniprot"
    assert via_of("https://bio2rdf.org/sparql", None) == "bio2rdf"
    assert via_of("https://query.wikidata.org/sparql", "own") == "own"
    assert complete_at("https://sparql.uniprot.org/sparql") == (UNIPROT, "http://purl.uniprot.org/isoforms/")
    assert complete_at("https://sparql.uniprot.org.example.org/sparql") == ()


@pytest.mark.parametrize(
    ("prefix", "iri", "namespace", "via", "expected"),
    [
        ("CHEBI", f"{OBO}CHEBI_4672", f"{OBO}CHEBI_", "wikidata", ("4672", "P683")),
        ("GO", f"{OBO}GO_0005576", f"{OBO}GO_", "wikidata", ("GO:0005576", "P686")),
        ("MONDO", f"{OBO}MONDO_0005159", f"{OBO}MONDO_", "wikidata", ("MONDO_0005159", "P5270")),
        ("cellosaurus", "https://www.cellosaurus.org/CVCL_0395", "https://www.cellosaurus.org/CVCL_", "wikidata",
         ("CVCL_0395", "P3289")),
        ("NCBIGene", "https://identifiers.org/ncbigene:1191", "https://identifiers.org/ncbigene:", "uniprot",
         ("http://purl.uniprot.org/geneid/1191", None)),
        ("NCBITaxon", f"{OBO}NCBITaxon_9606", f"{OBO}NCBITaxon_", "bio2rdf",
         ("http://bio2rdf.org/taxonomy:9606", None)),
        ("CHEBI", f"{OBO}CHEBI_4672", f"{OBO}CHEBI_", "bio2rdf", (f"{OBO}CHEBI_4672", None)),
    ],
)  # fmt: skip
def test_a_term_is_named_as_the_endpoint_names_it(
    prefix: str, iri: str, namespace: str, via: str, expected: tuple[str, str | None]
) -> None:
    of = reach(prefix, iri, namespace, via)
    assert (of.key, of.by and of.by.rpartition("/")[2]) == expected


def test_a_hostile_identifier_stays_a_text() -> None:
    of = Reach('x" } UNION { ?s ?p ?o', Iri("http://www.wikidata.org/prop/direct/P352"), "wikidata")
    text = describe(of).make([of.key])
    assert '"x\\" } UNION { ?s ?p ?o"' in text
