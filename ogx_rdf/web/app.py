"""The application: its routes, what stands around them, and what begins and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from ..corpus import Corpus
from ..errors import OgxError
from ..queries import Answer, catalogue
from ..serving.limits import Limits
from ..serving.opened import open_for_serving
from ..serving.pool import Pool
from .compressed import Compressed
from .described import void_routes
from .examples import example_routes, examples_of
from .export import export_routes
from .feed import feed_routes
from .headers import SafeHeaders
from .openapi import openapi_routes
from .pages import Site, first_paths, make_ahead, more_paths, routes
from .pages.asking import told_answer
from .pages.editor import ACCEPT
from .problems import HANDLERS
from .queries import query_routes
from .readers import Readers
from .replies import AskStored, asker, text_asker
from .sparql import sparql_routes

if TYPE_CHECKING:
    from ..api import Graph

__all__ = ["create_app"]

READY = 2
"""So many workers are started before anybody asks; more when they are needed."""
ASK_AGAIN = 3600
"""Seconds for which a browser remembers that other sites may ask."""


def create_app(
    graph: Graph,
    *,
    limits: Limits | None = None,
    pages: Callable[[AskStored], Iterable[BaseRoute]] | None = None,
) -> Starlette:
    """An application that answers from a graph, and changes nothing; to be run by a server, or mounted in another one.

    It reads the graph as it is now: of files a store is made in a temporary place, a store in a folder is kept open.
    Nobody may ask for anything but reads, so that other sites may ask as well (CORS).

    :param limits: how much a question may take
    :param pages: makes the routes beside those for machines, given what asks stored queries for them; else these are
        the pages for people
    :raises UsageError: for a graph that lies in a SPARQL server
    :raises InputError: where the files cannot be read
    """
    opened = open_for_serving(graph)
    pool = Pool(opened, limits or Limits())
    ask = asker(pool)
    site = Site(graph, _asked(graph, ask), ask_text=text_asker(pool, ACCEPT), programs=True)
    shown = list(pages(ask)) if pages is not None else routes(site)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            async with _warmed(pool, None if pages is not None else site, shown):
                yield
        finally:
            await pool.close()
            opened.close()

    app = Starlette(
        routes=[*_for_machines(pool, graph.corpus, Readers(shown)), *shown],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(Compressed),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["*"],
                expose_headers=["ETag", "Link", "Ogx-Answer", "Ogx-Total", "Retry-After"],
                max_age=ASK_AGAIN,
            ),
        ],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    app.state.pool = pool
    return app


@asynccontextmanager
async def _warmed(pool: Pool, site: Site | None, shown: Sequence[BaseRoute]) -> AsyncIterator[None]:
    """What the first who ask would wait for is done before they are heard, or beside them.

    :param site: the pages, where they are those of this package
    """

    async def read() -> None:
        if site is not None:
            await asyncio.to_thread(site.warm)
            await make_ahead(site, shown, first_paths(site))

    async def more(site: Site) -> None:
        with suppress(OgxError):  # told to who asks for a claim
            await to_thread.run_sync(site.returning)
        await make_ahead(site, shown, more_paths(site))

    _, failed = await asyncio.gather(pool.ready(READY), read(), return_exceptions=True)
    making = None
    if site is not None and failed is None:
        making = asyncio.create_task(more(site))
    try:
        yield
    finally:
        if site is not None:
            site.closing = True
        if making is not None:
            making.cancel()
            await asyncio.wait({making})


def _asked(graph: Graph, ask: AskStored) -> Callable[[str, Mapping[str, str]], Answer]:
    """What asks the stored queries of the pages: with the limits of all others."""
    queries = graph.queries

    def asked(name: str, parameters: Mapping[str, str]) -> Answer:
        return told_answer(queries[name], ask(name, parameters))

    return asked


def _for_machines(pool: Pool, corpus: Corpus, readers: Readers) -> list[BaseRoute]:
    queries = catalogue(corpus)
    examples = examples_of(corpus, queries)
    return [
        *sparql_routes(pool, readers),
        *void_routes(pool, corpus),
        *export_routes(pool.opened),
        *feed_routes(pool, corpus),
        *query_routes(pool, queries, readers),
        *openapi_routes(corpus, queries, examples),
        *example_routes(corpus, queries, examples),
    ]
