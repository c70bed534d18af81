"""Questions in processes of their own: limits end the work, and what is cut off is a failure, no shorter answer."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from webs import children

from ogx_rdf import open_graph
from ogx_rdf.errors import InputError, OgxError, UsageError
from ogx_rdf.resources import resource
from ogx_rdf.serving.limits import Limits
from ogx_rdf.serving.media import Unacceptable, choose
from ogx_rdf.serving.opened import Opened, open_for_serving
from ogx_rdf.serving.pool import Pool, Reply
from ogx_rdf.serving.spool import SMALL

T = TypeVar("T")
ALL = "SELECT * WHERE { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LIMITS = Limits(seconds=30.0, patience=10.0, workers=2, slow=1)


@pytest.fixture(scope="module")
def opened() -> Iterator[Opened]:
    found = open_for_serving(open_graph(resource("ontology")))
    yield found
    found.close()
    assert not found.folder.exists()


def with_pool(opened: Opened, limits: Limits, work: Callable[[Pool], Awaitable[T]]) -> T:
    """Do something with a pool; no process is left afterwards."""

    async def whole() -> T:
        pool = Pool(opened, limits)
        try:
            return await work(pool)
        finally:
            await pool.close()

    before = children(os.getpid())
    try:
        return asyncio.run(whole())
    finally:
        assert children(os.getpid()) <= before


async def ask(pool: Pool, query: str) -> Reply:
    return await pool.ask({"query": query, "graphs": None, "accept": None})


async def failure(asking: Awaitable[Reply]) -> OgxError:
    with pytest.raises(OgxError) as caught:
        await asking
    return caught.value


async def truth(pool: Pool) -> bool:
    return bool(json.loads((await ask(pool, "ASK { ?s ?p ?o }")).body)["boolean"])


def test_what_runs_too_long_is_ended_and_the_next_question_answered(opened: Opened) -> None:
    async def work(pool: Pool) -> None:
        error = await failure(ask(pool, ENDLESS))
        assert (error.code, type(error)) == ("E656", InputError)
        assert await truth(pool)

    with_pool(opened, replace(LIMITS, seconds=0.5, patience=0.2), work)


def test_a_large_answer_lies_in_a_file_until_it_is_sent(opened: Opened) -> None:
    async def work(pool: Pool) -> None:
        reply = await ask(pool, ALL)
        assert reply.file is not None and reply.size > SMALL
        error = await failure(ask(pool, ALL))
        assert error.code == "E655", "as many lie ready as may"
        data = reply.file.read()
        reply.close()
        assert len(data) == reply.size
        assert len(json.loads(data)["results"]["bindings"]) > 1000
        (await ask(pool, ALL)).close()

    with_pool(opened, replace(LIMITS, unsent=1), work)


@pytest.mark.parametrize("most", [1_000, SMALL + 1_000])
@pytest.mark.parametrize("query", [ALL, "CONSTRUCT WHERE { ?s ?p ?o }"])
@pytest.mark.parametrize("accept", [None, "application/json", "text/csv, application/n-triples"])
def test_an_answer_over_the_limit_is_a_failure(opened: Opened, most: int, query: str, accept: str | None) -> None:
    async def work(pool: Pool) -> None:
        error = await failure(pool.ask({"query": query, "graphs": None, "accept": accept}))
        assert (error.code, type(error)) == ("E652", InputError)
        assert f"{most} bytes" in error.message
        assert await truth(pool)

    with_pool(opened, replace(LIMITS, result_bytes=most), work)


def test_an_answer_one_byte_over_the_limit_is_a_failure(opened: Opened) -> None:
    """The engine gives its last bytes when it closes, and tells nobody when they are refused."""
    query = "CONSTRUCT { <urn:a> <urn:b> ?o } WHERE { VALUES ?o { 1 2 3 } }"

    async def size(pool: Pool) -> int:
        return (await ask(pool, query)).size

    exact = with_pool(opened, LIMITS, size)
    assert with_pool(opened, replace(LIMITS, result_bytes=exact), size) == exact

    async def work(pool: Pool) -> None:
        assert (await failure(ask(pool, query))).code == "E652"

    with_pool(opened, replace(LIMITS, result_bytes=exact - 1), work)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { " + "{" * 50_000 + "?s ?p ?o" + "}" * 50_000 + " }",
        "SELECT * WHERE { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }",
        "SELECT * WHERE { FILTER(" + "!" * 50_000 + "1) }",
    ],
    ids=["braces", "brackets", "nots"],
)
def test_a_query_that_ends_its_process_ends_no_other(opened: Opened, query: str) -> None:
    async def work(pool: Pool) -> None:
        both = await asyncio.gather(failure(ask(pool, query)), truth(pool))
        assert both[0].code == "E657"
        assert both[1] is True
        assert await truth(pool)

    with_pool(opened, LIMITS, work)


def test_a_query_that_swallows_memory_ends_itself(opened: Opened) -> None:
    async def work(pool: Pool) -> None:
        query = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . } ORDER BY ?a ?f"
        assert (await failure(ask(pool, query))).code == "E657"
        assert await truth(pool)

    with_pool(opened, replace(LIMITS, memory_bytes=200 << 20), work)


def test_more_slow_questions_than_may_be_are_refused_and_short_ones_answered(opened: Opened) -> None:
    async def work(pool: Pool) -> None:
        asked = [asyncio.ensure_future(ask(pool, ENDLESS)) for _ in range(2)]
        done, pending = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert len(done) == len(pending) == 1
        error = done.pop().exception()
        assert isinstance(error, InputError) and error.code == "E655"
        assert await truth(pool)
        assert not next(iter(pending)).done()
        for task in pending:
            task.cancel()
        await asyncio.wait(pending)

    with_pool(opened, replace(LIMITS, seconds=600.0, patience=0.3), work)


@pytest.mark.parametrize(("turn", "begins"), [(0.2, True), (60.0, False)])
def test_a_question_that_goes_on_lets_another_begin(opened: Opened, turn: float, begins: bool) -> None:
    async def work(pool: Pool) -> None:
        long = asyncio.ensure_future(ask(pool, ENDLESS))
        while not pool._busy:
            await asyncio.sleep(0.02)
        if begins:
            assert await truth(pool)
        else:
            assert (await failure(ask(pool, "ASK {}"))).code == "E655", "it waits until the other's turn is over"
        assert not long.done()
        long.cancel()
        await asyncio.wait([long])
        assert await truth(pool), "the turn is given back, once"
        assert pool._turns._value == 1

    wait = LIMITS.wait if begins else 1.0
    limits = replace(LIMITS, workers=3, at_once=1, turn=turn, patience=100.0, seconds=600.0, wait=wait)
    with_pool(opened, limits, work)


def test_workers_are_started_before_anything_is_asked(opened: Opened) -> None:
    async def work(pool: Pool) -> None:
        await pool.ready(9)
        ready = {worker.process.pid for worker in pool._idle}
        assert len(ready) == LIMITS.workers, "no more than may be at work"
        assert await truth(pool)
        assert {worker.process.pid for worker in pool._idle} == ready

    with_pool(opened, LIMITS, work)


@pytest.mark.parametrize("limits", [replace(LIMITS, waiting=1, workers=1), replace(LIMITS, wait=0.05, workers=1)])
def test_who_finds_no_place_is_told(opened: Opened, limits: Limits) -> None:
    async def work(pool: Pool) -> None:
        asked = [asyncio.ensure_future(ask(pool, ENDLESS)) for _ in range(3)]
        done, pending = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert {getattr(task.exception(), "code", None) for task in done} == {"E655"}
        for task in pending:
            task.cancel()
        await asyncio.wait(pending)

    with_pool(opened, replace(limits, seconds=600.0), work)


def test_who_stops_waiting_ends_the_work(opened: Opened) -> None:
    async def work(pool: Pool) -> None:
        before = children(os.getpid())
        asked = asyncio.ensure_future(ask(pool, ENDLESS))
        while not (started := children(os.getpid()) - before):
            await asyncio.sleep(0.02)
        asked.cancel()
        await asyncio.wait([asked])
        assert not started & children(os.getpid())
        assert await truth(pool)

    with_pool(opened, replace(LIMITS, workers=1, seconds=600.0), work)


def test_a_worker_that_something_else_ended_is_replaced(opened: Opened) -> None:
    async def work(pool: Pool) -> None:
        assert await truth(pool)
        (worker,) = pool._idle
        os.kill(worker.process.pid, signal.SIGKILL)
        await worker.process.wait()
        assert await truth(pool)

    with_pool(opened, LIMITS, work)


def test_a_store_that_cannot_be_opened_is_told(opened: Opened, tmp_path: Path) -> None:
    async def work(pool: Pool) -> None:
        assert (await failure(ask(pool, "ASK {}"))).code == "E658"

    with_pool(replace(opened, folder=tmp_path / "absent", made=None), LIMITS, work)


def test_a_store_is_served_as_it_was_when_it_was_opened(tmp_path: Path) -> None:
    graph = open_graph(resource("ontology"))
    graph.build(tmp_path / "graph.nq", store=tmp_path / "store")
    opened = open_for_serving(open_graph(store=tmp_path / "store"))
    assert opened.version and opened.quads > 1000
    graph.build(tmp_path / "graph.nq", store=tmp_path / "store", full=True)
    now = open_for_serving(open_graph(store=tmp_path / "store"))
    assert now.folder != opened.folder
    assert with_pool(opened, LIMITS, truth)
    assert with_pool(now, LIMITS, truth)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "a/one"),
        ("", "a/one"),
        ("*/*", "a/one"),
        ("a/*", "a/one"),
        ("a/two", "a/two"),
        ("a/one;q=0.5, a/two", "a/two"),
        ("text/html, */*;q=0.1", "a/one"),
        ("b/three;charset=utf-8", "b/three"),
        ("b/*, a/*;q=0.9", "b/three"),
    ],
)
def test_the_client_chooses_the_media_type(accept: str | None, media: str) -> None:
    assert choose(["a/one", "a/two", "b/three"], accept) == media


@pytest.mark.parametrize("accept", ["c/four", "a/one;q=0", "text/html, image/png"])
def test_what_fits_nothing_is_refused(accept: str) -> None:
    with pytest.raises(Unacceptable, match="cannot be given"):
        choose(["a/one", "a/two"], accept)


def test_what_is_no_list_of_media_types_is_refused() -> None:
    with pytest.raises(UsageError, match="not a list of media types"):
        choose(["a/one"], "nonsense")
