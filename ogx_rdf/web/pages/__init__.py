"""The pages of the graph for people, and its nodes as linked data: rendered here, useful without scripts.

What a page says comes from the cards, the report and the stored queries; nothing is worked out here a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ahead import first_paths, make_ahead, more_paths
from .assets import asset_routes
from .chains import chains_page
from .chapters import chapter_page
from .editor import editor_endpoint
from .nodes import FOLDERS, node_endpoint, vocabulary_endpoint
from .nowhere import nowhere
from .overview import overview_page
from .questions import question_endpoint, questions_page
from .search import search_page
from .site import Site
from .usual import usual_routes

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from ...api import Graph

__all__ = ["Site", "first_paths", "make_ahead", "more_paths", "routes"]


def routes(graph: Graph | Site) -> list[BaseRoute]:
    """The routes of all pages, to be mounted at the root of an application or below a path of their own.

    Nothing is read of the graph before a page is asked for, unless its :class:`Site` is warmed before.
    """
    from starlette.routing import Route

    site = graph if isinstance(graph, Site) else Site(graph)
    vocabulary = vocabulary_endpoint(site)
    return [
        Route("/", site.page("overview.html", overview_page(site), site.whole)),
        Route("/ask", site.page("questions.html", questions_page(site))),
        Route("/ask/{id}", question_endpoint(site)),
        Route("/chains", site.page("chains.html", chains_page(site), site.whole)),
        Route("/editor", editor_endpoint(site)),
        Route("/search", site.page("search.html", search_page(site))),
        Route("/report/{name}", site.page("chapter.html", chapter_page(site), site.whole)),
        *(Route(f"/{folder}/{{name:path}}", node_endpoint(site, folder)) for folder in FOLDERS),
        *(Route(f"/ns{suffix}", vocabulary) for suffix in ("", ".html", ".ttl", ".nt", ".jsonld")),
        *usual_routes(),
        *asset_routes(),
        Route("/{path:path}", nowhere(site)),
    ]
