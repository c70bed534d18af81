"""What all pages share: the graph with what was read of it, when it was changed, and the templates."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING

from ... import __version__
from ...audit.sides import human
from ...errors import InputError, OgxError
from ...namespaces import OGX
from ...oxi import Dataset
from ...publish.cards import Deck
from ...records import Records
from ...turtle import natural_key
from .addresses import Addresses
from .finding import Index, entries
from .formats import HTML
from .making import Endpoint, Making
from .replies import Made, made, reply

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import Response

    from ...api import Graph
    from ...publish.dossier.material import Material
    from ...publish.dossier.parts import Section
    from ...publish.dossier.trials import Trial
    from ...queries import Answer, StoredQuery
    from ...queries.returning import Returning

    Asked = Callable[[str, Mapping[str, str]], Answer]
    AskedText = Callable[[str], tuple[str, bytes]]

__all__ = ["WEB", "Site"]

LARGE = 60_000
"""Of a graph with more triples than this nothing is told that needs all of them: no reader waits that long."""
LISTED = 100
"""So many documents are listed on the first page; the others are found by their words."""

WEB = Path(__file__).parent.parent
"""The folder that holds the templates and what is sent as it is."""
SCRIPTS = WEB / "static" / "built"
"""Where the scripts are, if they were built: pages do without them."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """The templates; what is put into them is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from ...publish.dossier.voices import led, unit_symbol, with_unit

    made = Environment(
        loader=FileSystemLoader([WEB / "templates", WEB.parent / "publish" / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # a server shows what it was started with, whatever is installed over it
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"human": human, "led": led, "unit": unit_symbol, "with_unit": with_unit}
    return made


class Site:
    """A graph and its pages.

    What is read of a graph that is not large is kept; of a large one in a store each page reads what it needs.
    Pages are made in threads: ``near`` is held while one reads what others read too, ``whole`` while one is made of
    all of the graph, which takes longest; a page that is kept waits for neither.

    :param graph: the graph that is shown
    :param ask: what answers the stored questions of a page in the place of this process, such as a worker with limits
    :param ask_text: what so answers any query: gives the media type and the bytes
    :param programs: whether the addresses for programs stand beside the pages, so that these can name them
    """

    def __init__(
        self, graph: Graph, ask: Asked | None = None, *, ask_text: AskedText | None = None, programs: bool = False
    ) -> None:
        self.graph = graph
        self._ask = ask
        self.ask_text = ask_text
        self._returning: Returning | None = None
        self._asking = Lock()
        self.closing = False
        self._programs = programs
        self.corpus = graph.corpus
        self.whole = RLock()
        self._near = RLock()
        self.chapters: dict[str, Section] = {}
        self.index: Index | None = None

    @cached_property
    def changed(self) -> datetime:
        """When the youngest file of the corpus, or of what shows it, was written; of a store, when it was opened."""
        files = [*self.corpus.vocabulary_files(), *self.corpus.turtle_files(), *self.corpus.mapping_files()]
        if not files:
            return datetime.now(UTC).replace(microsecond=0)
        shown = (file for file in WEB.rglob("*") if file.is_file())
        return datetime.fromtimestamp(int(max(file.stat().st_mtime for file in (*files, *shown))), UTC)

    @cached_property
    def still(self) -> bool:
        """Whether the graph stays as it is: files as they were read, or a store in a folder, opened to be read."""
        return not self.corpus.stored or isinstance(self.corpus.dataset, Dataset)

    @cached_property
    def held(self) -> bool:
        """Whether the records of the graph are held in memory, all of them, for all pages."""
        return self.still and not (self.corpus.stored and self.large)

    @cached_property
    def near(self) -> AbstractContextManager[object]:
        """What a page holds while it reads of single nodes; of a large store each page reads by itself."""
        return self._near if self.held or not self.still else nullcontext()

    @cached_property
    def _making(self) -> Making:
        return Making(keeps=self.still)

    @cached_property
    def _deck(self) -> Deck:
        return Deck(self.corpus, (), near=False)

    @property
    def deck(self) -> Deck:
        """The records from which cards are made."""
        return self._deck if self.held else Deck(self.corpus, ())

    @cached_property
    def material(self) -> Material:
        """What the report tells of, less what falls under the policies; read at the first page that needs it."""
        from ...publish.dossier.material import gather

        nodes = self.deck.records.nodes if self.held else None
        return gather(self.corpus, (), None, falls=False, nodes=nodes)

    @cached_property
    def trials(self) -> list[Trial]:
        """Every trial with its results, as the report tells of them."""
        from ...publish.dossier.trials import trials_of

        return trials_of(self.material)

    @cached_property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored questions by name."""
        return self.graph.queries

    @cached_property
    def large(self) -> bool:
        """Whether the graph is too large for pages that tell of all of it."""
        return len(self.corpus.dataset) > LARGE

    @cached_property
    def paths(self) -> Addresses:
        """The addresses of pages at the root of a server."""
        return Addresses(self.corpus)

    def addresses(self, request: Request) -> Addresses:
        """The addresses of pages, from where they are mounted."""
        return Addresses(self.corpus, request.scope.get("root_path", "").rstrip("/"))

    @cached_property
    def reading(self) -> list[tuple[str, str]]:
        """The documents that can be read beside their claims, :data:`LISTED` of them and one more: name and title."""
        deck = self.deck
        query = f"SELECT DISTINCT ?document WHERE {{ ?document a <{OGX.Document}> }} ORDER BY ?document"
        rows = self.corpus.dataset.select(f"{query} LIMIT {LISTED + 1}", shown="documents").texts()
        found = sorted((row["document"] for row in rows), key=natural_key)
        return [(deck.curie(iri), deck.records.label(iri)) for iri in found]

    def words(self) -> Index:
        """The words of a graph that is not large, to be searched; read at the first search."""
        with self._near:
            if self.index is None:
                records = self.deck.records if self.held else Records(self.corpus)
                self.index = Index(entries(records))
            return self.index

    def html(self, request: Request, template: str, values: Mapping[str, object]) -> str:
        """A page as text.

        :param template: a file of ``web/templates``
        """
        shared: dict[str, object] = {
            "at": self.addresses(request),
            "site": self.corpus.config.title,
            "version": self.corpus.config.version,
            "tool": __version__,
            "documents": self.reading[:LISTED],
            "more_documents": len(self.reading) > LISTED,
            "query": request.query_params.get("q", ""),
            "alternates": (),
            "scripted": SCRIPTS.is_dir(),
            "programs": self._programs,
        }
        return _environment().get_template(template).render(**{**shared, **values})

    def ask(self, name: str, parameters: Mapping[str, str]) -> Answer:
        """Answer a stored question; the one place from which pages ask.

        :raises OgxError: for what cannot be asked, or not be answered in full
        """
        from ...queries import run

        return self._ask(name, parameters) if self._ask else run(self.corpus, name, parameters)

    def returning(self) -> Returning | None:
        """The stored questions that return each claim, asked once; None for a graph too large to be asked so.

        It takes seconds the first time, in which nobody else may be kept waiting: call it before anything is held.
        """
        if self.large:
            return None
        with self._asking:
            if self._returning is None:
                from ...queries.returning import returning

                records = Records(self.corpus)  # its own: nobody else may read while these look things up
                self._returning = returning(records, self.queries.values(), self._answered)
            return self._returning

    def _answered(self, query: StoredQuery, text: str) -> Sequence[Mapping[str, str]]:
        """The rows of a query; those that ship are known to end in time, and are faster here than in a worker."""
        if self.closing:
            raise InputError("E655", "the server ends", hint="Nothing was asked.")
        if self.ask_text is None or query.group != "own":
            return self.corpus.dataset.select(text, shown=query.file).texts()
        rows = json.loads(self.ask_text(text)[1])["results"]["bindings"]
        return [{name: cell["value"] for name, cell in row.items()} for row in rows]

    def warm(self) -> None:
        """Read what the first page, the chapters and the search need, so that no reader waits for it."""
        with self._near:
            _ = self.reading
        if not self.large:
            with self.whole:
                _ = self.trials
            self.words()

    def page(
        self,
        template: str,
        make: Callable[[Request], dict[str, object]],
        held: AbstractContextManager[object] | None = None,
    ) -> Endpoint:
        """An endpoint that answers with one HTML page; what fails is told on a page of its own.

        :param make: what the template gets
        :param held: what is held while the page is made; default ``near``
        """

        def told(request: Request) -> Made | Response:
            try:
                return made(self.html(request, template, make(request)), HTML)
            except OgxError as exc:
                body, status = self.failed(request, exc)
                return reply(request, body, HTML, status=status)

        return self.endpoint(told, held)

    def endpoint(
        self,
        make: Callable[[Request], Made | Response],
        held: AbstractContextManager[object] | None = None,
        before: Callable[[], object] | None = None,
    ) -> Endpoint:
        """An endpoint that makes pages, or sends those that are kept.

        :param held: what is held while a page is made; default ``near``
        :param before: what has to be there first, and takes so long that nothing may be held for it
        """

        def holding() -> AbstractContextManager[object]:
            if before is not None:
                before()
            return held or self.near

        return self._making.endpoint(make, holding)

    def failed(self, request: Request, error: OgxError) -> tuple[str, int]:
        """The page of a failure, and its status: 404 for unknown names, 503 for unreadable data, else 400."""
        status = 503 if error.exit_code == 3 else 404 if error.code == "E501" else 400
        title = {404: "There is no such page", 400: "This cannot be asked", 503: "This could not be answered"}[status]
        return self.html(request, "failed.html", {"title": title, "error": error.as_dict()}), status
