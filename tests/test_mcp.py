"""``ogx-rdf mcp`` as an assistant has it: the real process, asked over stdio by a client of the official SDK."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from conftest import require
from webs import children, until

from ogx_rdf import open_graph
from ogx_rdf.mcp import TOOLS, Desk, call
from ogx_rdf.publish.report import render_chain
from ogx_rdf.resources import resource

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult

T = TypeVar("T")
Json = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent
MINI = ROOT / "tests" / "data" / "audit-corpus"
SHIPPED = open_graph(resource("ontology"))
PATIENCE = 60
INITIAL = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The official SDK; the process needs it, and gets no word of texts that may be at hand here."""
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)
    require("mcp", find_spec("mcp"), "the SDK of the Model Context Protocol is not installed (pip install mcp)")


def with_client(work: Callable[[Client], Awaitable[T]], *words: str) -> T:
    """Start ``ogx-rdf mcp`` as an assistant does, in which a warning is an error, and do something with it."""
    from mcp import Client, StdioServerParameters

    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    started = StdioServerParameters(
        command=sys.executable, args=["-W", "error", "-m", "ogx_rdf", "mcp", *words], env=environment, cwd=ROOT
    )

    async def whole() -> T:
        async with Client(started) as client:
            return await work(client)

    return asyncio.run(asyncio.wait_for(whole(), PATIENCE))


def answers(*calls: tuple[str, Json], words: Iterable[str] = ()) -> list[Json]:
    """The answers to calls, one after the other; text and object say the same, and only a failure is an error."""

    async def work(client: Client) -> list[CallToolResult]:
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    found = []
    for result in with_client(work, *words):
        (text,) = result.content
        assert text.type == "text"
        told: Json = result.structured_content
        assert json.loads(text.text) == told
        assert result.is_error == (told["answer"] == "failed")
        found.append(told)
    return found


def as_json(value: object) -> object:
    return json.loads(json.dumps(value))


def test_a_client_is_told_what_there_is_and_that_it_only_reads(sdk: None) -> None:
    async def work(client: Client) -> tuple[Any, str | None]:
        return await client.list_tools(), client.instructions

    listed, guide = with_client(work)
    assert [tool.name for tool in listed.tools] == [tool.name for tool in TOOLS]
    for tool in listed.tools:
        assert tool.annotations.read_only_hint
        assert tool.description
        assert not tool.input_schema["additionalProperties"]
        assert tool.output_schema["properties"]["answer"]["enum"] == ["rows", "none", "not-stated", "failed"]
    named = next(tool for tool in listed.tools if tool.name == "run_query").input_schema
    assert named["properties"]["query"]["enum"] == sorted(SHIPPED.queries)
    assert guide is not None
    assert "not-stated" in guide


def test_the_answers_are_those_of_the_library(sdk: None) -> None:
    claim = SHIPPED.resolve("c:0067")
    audited = SHIPPED.audit()
    path = SHIPPED.path("custirsen", "apoptosis", order="strongest", limit=2).as_dict()
    about, audit, shown, chains = answers(
        ("run_query", {"query": "claims-about", "parameters": {"entity": "clusterin"}, "limit": 1000}),
        ("audit_claim", {"claim": "c:0067"}),
        ("show", {"name": "ref:5"}),
        ("find_chains", {"start": "custirsen", "end": "apoptosis", "order": "strongest", "limit": 2}),
    )
    whole = SHIPPED.query("claims-about", entity="clusterin").as_dict()
    assert about.pop("page") == {"offset": 0, "limit": 1000, "total": len(about["rows"])}
    assert about == as_json(whole)
    assert audit == json.loads(render_chain(audited, audited.chain(claim), "json"))
    assert shown == as_json(SHIPPED.show("ref:5"))
    assert chains == as_json({name: value for name, value in path.items() if name not in ("nodes", "edges")})


def test_answers_carry_words_and_citations(sdk: None) -> None:
    about, audit, chains, found = answers(
        ("run_query", {"query": "claims-about", "parameters": {"entity": "nolvex"}}),
        ("audit_claim", {"claim": "c:0003"}),
        ("find_chains", {"start": "nolvex", "end": "morvin"}),
        ("search", {"text": "nolvex inhibits", "group": "Quotes"}),
        words=["--corpus", str(MINI)],
    )
    assert [row["quote"] for row in about["rows"] if row["quote"] and row["citations"]]
    assert {row["polarity"] for row in about["rows"]} > {"positive"}
    for item in (audit["rows"][0]["evidence"][0], chains["rows"][0]["links"][0]["evidence"][0]):
        assert item["quote"]["words"] == "Nolvex inhibits morvin"
        assert item["citation"] == {"verdict": "cited", "labels": ["1"]}
    hit = found["rows"][0]["hits"][0]
    assert "inhibits" in hit["text"]
    assert hit["cites"]
    assert {"polarity", "certainty"} <= set(hit["line"])


def test_not_stated_none_and_failed_are_told_apart(sdk: None) -> None:
    silent, unfound, unknown, wrong, missing, untyped, no_tool, beyond = answers(
        ("run_query", {"query": "mechanism-steps-from", "parameters": {"entity": "docetaxel"}}),
        ("search", {"text": "qqqqzzzz"}),
        ("run_query", {"query": "claims-about", "parameters": {"entity": "clustrin"}}),
        ("run_query", {"query": "claims-abuot"}),
        ("find_chains", {"start": "clusterin"}),
        ("run_query", {"query": "claims-about", "parameters": {"entity": 5}}),
        ("drop_graph", {}),
        ("run_query", {"query": "trials", "offset": 10_000}),
    )
    whole = SHIPPED.query("mechanism-steps-from", entity="docetaxel")
    assert whole.answer == silent["answer"] == "not-stated"
    assert silent["rows"] == []
    assert silent["note"] == whole.note
    assert silent["coverage"]["complete"]
    assert len(silent["nearest"]) == 3
    assert silent["nearest"] == as_json(whole.as_dict()["nearest"])
    assert unfound["answer"] == "none"
    assert "says nothing about the documents" in unfound["note"]
    codes = [told["error"]["code"] for told in (unknown, wrong, missing, untyped, no_tool, beyond)]
    assert codes == ["E501", "E681", "E681", "E672", "E501", "E654"]
    assert "clusterin" in unknown["error"]["message"]
    assert "list_queries" in wrong["error"]["hint"]
    assert "'end' is a required property" in missing["error"]["message"]


def test_a_store_answers_as_its_files_do(sdk: None, tmp_path: Path) -> None:
    open_graph(MINI).build(out=tmp_path / "graph.nq", store=tmp_path / "store")
    calls: list[tuple[str, Json]] = [
        ("list_queries", {}),
        ("run_query", {"query": "claims-about", "parameters": {"entity": "nolvex"}}),
        ("audit_claim", {"claim": "c:0003"}),
        ("search", {"text": "nolvx"}),
    ]
    files = answers(*calls, words=["--corpus", str(MINI)])
    store = answers(*calls, words=["--corpus", str(MINI), "--store", str(tmp_path / "store")])
    for finding in files[2]["findings"]:
        finding |= {"file": None, "line": None}  # a store has no files
    assert files == store
    assert files[3]["taken_for"]["nolvx"] == ["nolvex"]


SLOW = """#+ summary: How statements go together by their predicates.
#+ question: How many ways are there to choose five statements with one predicate?
#+ columns: many integer
#+ empty: none | There are no statements.
#+ example: none

SELECT (COUNT(*) AS ?many) WHERE { ?a ?b ?c . ?d ?b ?e . ?f ?b ?g . ?h ?b ?i . ?j ?b ?k } ORDER BY ?many
"""


@pytest.fixture
def slow_corpus(tmp_path: Path) -> Path:
    """A corpus with a question of its own that takes longer than anybody waits."""
    root = tmp_path / "corpus"
    shutil.copytree(MINI, root)
    (root / "queries").mkdir(exist_ok=True)
    (root / "queries" / "slow.rq").write_text(SLOW, encoding="utf-8")
    return root


def test_a_call_that_runs_too_long_is_ended_and_the_next_one_answered(sdk: None, slow_corpus: Path) -> None:
    about: tuple[str, Json] = ("run_query", {"query": "claims-about", "parameters": {"entity": "nolvex"}})
    before, late, after = answers(
        about, ("run_query", {"query": "slow"}), about, words=["--corpus", str(slow_corpus), "--time-limit", "5"]
    )
    assert late["answer"] == "failed"
    assert late["error"]["code"] == "E656"
    assert late["error"]["message"] == "the call ran for more than 5 seconds, and was ended"
    assert "not the whole" in late["error"]["why"]
    assert "--time-limit" in late["error"]["hint"]
    assert late["rows"] == []
    assert before == after
    assert after["answer"] == "rows"


def test_the_process_that_works_is_gone_after_its_client(sdk: None, slow_corpus: Path) -> None:
    """Also where a call is still being worked on."""
    command = [sys.executable, "-m", "ogx_rdf", "mcp", "--corpus", str(slow_corpus)]
    asked = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIAL},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "run_query", "arguments": {"query": "slow"}},
        },
    ]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        process.stdin.writelines(f"{json.dumps(each)}\n" for each in asked)
        process.stdin.flush()
        until(lambda: children(process.pid))
        (worker,) = children(process.pid)
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
    until(lambda: not Path(f"/proc/{worker}").exists())


def test_a_graph_that_cannot_be_read_fails_each_call_with_the_reason(sdk: None, slow_corpus: Path) -> None:
    (slow_corpus / "broken.ttl").write_text("<a> <b> .", encoding="utf-8")
    (told,) = answers(("show", {"name": "c:0003"}), words=["--corpus", str(slow_corpus)])
    assert told["answer"] == "failed"
    assert "broken.ttl" in json.dumps(told["error"])


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "90000"])
def test_a_time_limit_that_is_none_is_refused(sdk: None, seconds: str) -> None:
    command = [sys.executable, "-m", "ogx_rdf", "mcp", "--time-limit", seconds]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "E500 no time limit" in done.stderr


def test_it_ends_with_its_input_and_by_ctrl_c(sdk: None) -> None:
    command = [sys.executable, "-m", "ogx_rdf", "mcp"]
    ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
    done = subprocess.run(command, input=ping, capture_output=True, text=True, timeout=PATIENCE, check=True, cwd=ROOT)
    assert json.loads(done.stdout) == {"jsonrpc": "2.0", "id": 1, "result": {}}
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(ping)
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == -signal.SIGINT


def test_without_the_sdk_it_says_what_to_install(tmp_path: Path) -> None:
    program = "import sys; sys.modules['mcp'] = None; from ogx_rdf.cli import main; sys.exit(main(['mcp']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 3
    assert "E601 answering assistants needs a library that is not installed (mcp)" in done.stderr
    assert "pip install 'ogx-rdf[mcp]'" in done.stderr


@pytest.mark.parametrize("query", sorted(SHIPPED.queries))
def test_every_stored_query_is_described_and_answered_with_its_example(query: str) -> None:
    desk = Desk(SHIPPED)
    tools = {tool.name: tool for tool in TOOLS}
    row = call(desk, tools["describe_query"], {"query": query})["rows"][0]
    types = {name: said["type"] for name, said in row["parameters_schema"]["properties"].items()}
    given = {name: int(value) if types[name] == "integer" else value for name, value in row["example"].items()}
    told = call(desk, tools["run_query"], {"query": query, "parameters": given, "limit": 3})
    whole = SHIPPED.query(query, **row["example"])
    assert told["answer"] == whole.answer
    assert told["rows"] == list(whole.rows[:3])
    assert told["page"]["total"] == len(whole.rows)


def test_the_list_names_every_query_once_and_what_it_needs() -> None:
    tools = {tool.name: tool for tool in TOOLS}
    rows = call(Desk(SHIPPED), tools["list_queries"], {})["rows"]
    assert [row["query"] for row in rows] == list(SHIPPED.queries)
    by_name = {row["query"]: row for row in rows}
    assert by_name["claims-about"]["parameters"]["entity"] == "required"
    audit = call(Desk(SHIPPED), tools["list_queries"], {"group": "audit"})["rows"]
    assert {row["group"] for row in audit} == {"audit"}
