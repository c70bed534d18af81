"""The application: its routes, what stands around them, and what begins and ends with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from ..corpus import Corpus
from ..queries import catalogue
from ..serving.limits import Limits
from ..serving.opened import open_for_serving
from ..serving.pool import Pool
from .described import void_routes
from .examples import example_routes, examples_of
from .headers import SafeHeaders
from .openapi import openapi_routes
from .problems import HANDLERS
from .queries import query_routes
from .sparql import sparql_routes

if TYPE_CHECKING:
    from ..api import Graph

__all__ = ["create_app"]

ASK_AGAIN = 3600
"""Seconds for which a browser remembers that other sites may ask."""


def create_app(graph: Graph, *, limits: Limits | None = None, pages: Sequence[BaseRoute] | None = None) -> Starlette:
    """An application that answers from a graph, and changes nothing; to be run by a server, or mounted in another one.

    It reads the graph as it is now: of files a store is made in a temporary place, a store in a folder is kept open.
    Nobody may ask for anything but reads, so that other sites may ask as well (CORS).

    :param limits: how much a question may take
    :param pages: routes beside those for machines; else the pages for people, where they are installed
    :raises UsageError: for a graph that lies in a SPARQL server
    :raises InputError: where the files cannot be read
    """
    opened = open_for_serving(graph)
    pool = Pool(opened, limits or Limits())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await pool.close()
            opened.close()

    app = Starlette(
        routes=[*_for_machines(pool, graph.corpus), *(_for_people(graph) if pages is None else pages)],
        middleware=[
            Middleware(SafeHeaders),
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


def _for_people(graph: Graph) -> list[BaseRoute]:
    if find_spec(".pages", __package__) is None:
        return []
    routes: list[BaseRoute] = import_module(".pages", __package__).routes(graph)
    return routes


def _for_machines(pool: Pool, corpus: Corpus) -> list[BaseRoute]:
    queries = catalogue(corpus)
    examples = examples_of(corpus, queries)
    return [
        *sparql_routes(pool),
        *void_routes(pool, corpus),
        *query_routes(pool, queries),
        *openapi_routes(corpus, queries, examples),
        *example_routes(corpus, queries, examples),
    ]
