"""A corpus whose graph lies in a store: a folder made by ``build --store``, or a SPARQL server.

The graph, its base and its prefixes come from the store.  What is no part of the graph (the words that hedge, the
chains that matter, the budget, queries and policies of one's own) comes from the corpus that is named beside it, or the
nearest one, where its base is that of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from ..corpus import Config, Corpus, find_corpus, shipped_hedges
from ..errors import InputError, OgxError, UsageError
from ..model import Triple
from ..namespaces import SH
from ..turtle import LineIndex
from .built import Built, read_written
from .embedded import Embedded
from .interface import Store, is_url
from .load import own_graphs
from .remote import RemoteStore
from .transport import checked_url
from .written import Forms, Record, record_graph

__all__ = ["StoredCorpus", "open_store"]


class StoredCorpus(Corpus):
    """A corpus that is read from a store; it has no files.

    What is asked of one thing is looked up, and nothing is read as a whole for it.

    :param place: the folder or the address
    :param dataset: the store, opened
    :param prefixes: its prefixes
    :param base: the IRI under which it names its data
    :param written: its quads that the store gives back in another form, as N-Quads lines
    :param settings: the corpus that gives what is no part of the graph
    """

    stored = True

    def __init__(
        self,
        place: str,
        dataset: Store,
        prefixes: dict[str, str],
        base: str,
        written: tuple[str, ...] = (),
        settings: Corpus | None = None,
    ) -> None:
        self._place = place
        self.settings = settings
        self.root = Path(place) if settings is None else settings.root
        if settings is None:
            self.config = Config(title=base, base=base, version="0", hedges=shipped_hedges())
        else:
            self.config = settings.config
        self.dataset = dataset
        self.prefixes = prefixes
        self._written = written

    @property
    def place(self) -> str:
        """The folder or the address of the store."""
        return self._place

    def again(self) -> StoredCorpus:
        """The same with what the store holds now: a folder is opened again, a server is asked anew each time anyway."""
        if not is_url(self.place):
            return _open_folder(Path(self.place), None if self.settings is None else self.settings.root)
        found = StoredCorpus(self.place, self.dataset, self.prefixes, self.base, self._written, self.settings)
        found.recorded_coverage = self.recorded_coverage
        return found

    def needs_files(self, doing: str) -> None:
        """Refuse what is done to files.

        :raises UsageError: always
        """
        raise UsageError(
            "E426",
            f"{doing} works on the files of a corpus, and {self.place} is a store",
            why="The files are the source; a store is made from them.",
            hint="Leave --store out, mend the files, and load them again with ogx-rdf build --store.",
        )

    def turtle_files(self) -> list[Path]:
        """None: there are no files."""
        return []

    def vocabulary_files(self) -> list[Path]:
        """None: the vocabulary is part of the graph."""
        return []

    def mapping_files(self) -> list[Path]:
        """None: the mappings are part of the graph."""
        return []

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Every triple with its graph, literals as they were written."""
        return self._forms.quads(self.dataset.quads())

    def said_of(self, subject: str) -> list[Triple]:
        """What is said of one subject, literals as they were written."""
        return [written for triple in self.dataset.describe(subject) for written in self._forms.of(triple)]

    @cached_property
    def _forms(self) -> Forms:
        return Forms(self._written)

    @cached_property
    def index(self) -> LineIndex:
        """An empty one: what has no files has no lines."""
        return LineIndex()


def _prefixes(store: Store) -> dict[str, str]:
    """The prefix registry in a store."""
    query = f"SELECT ?prefix ?namespace WHERE {{ ?entry <{SH.prefix}> ?prefix ; <{SH.namespace}> ?namespace }}"
    found: dict[str, str] = {}
    for row in store.select(query, shown="prefixes").texts():
        if found.setdefault(row["prefix"], row["namespace"]) != row["namespace"]:
            raise InputError(
                "E425",
                f"the store holds two corpora: {row['prefix']}: is {found[row['prefix']]} and {row['namespace']}",
                why="Questions over both would mix what the one says with what the other says.",
                hint="Give each corpus a store of its own.",
            )
    return found


def _base(prefixes: dict[str, str], place: str) -> str:
    """The base of a corpus: where its claims are, less their folder."""
    claims = prefixes.get("c", "")
    if not claims.endswith("/c/"):
        raise InputError(
            "E425",
            f"no corpus lies in {place}",
            why="It has no registry of prefixes with c: in it.",
            hint="Load one: ogx-rdf build --store PLACE",
        )
    return claims.removesuffix("c/")


def _settings(base: str, given: str | Path | None) -> Corpus | None:
    """The corpus with the settings: the one given, else the nearest where it has the same base."""
    if given is None:
        try:
            nearest = Corpus(find_corpus())
        except OgxError:
            return None
        return nearest if nearest.base == base else None
    corpus = Corpus(Path(given))
    if corpus.base != base:
        raise UsageError(
            "E425",
            f"the store has the base {base}, and {given} has {corpus.base}",
            hint="Leave --corpus out, or name the corpus that was loaded.",
        )
    return corpus


def _open_folder(place: Path, corpus: str | Path | None) -> StoredCorpus:
    if not place.is_dir():
        raise UsageError(
            "E425",
            f"no store at {place}",
            hint=f"Make one with: ogx-rdf build --store {place}, or give an http(s) URL.",
        )
    dataset = Embedded.read_only(place)
    prefixes = _prefixes(dataset)
    base = _base(prefixes, str(place))
    folder = dataset.folder or place
    opened = StoredCorpus(str(place), dataset, prefixes, base, read_written(folder), _settings(base, corpus))
    opened.recorded_coverage = _recorded(folder)
    return opened


def _recorded(folder: Path) -> dict[str, int] | None:
    """The counts of passages that were recorded beside a store."""
    try:
        return dict(Built.read(folder).coverage) or None
    except OgxError:
        return None


def open_store(
    place: str | Path,
    *,
    corpus: str | Path | None = None,
    update_url: str | None = None,
    graph_store_url: str | None = None,
    timeout: float | None = None,
) -> StoredCorpus:
    """Open the graph in a store.

    :param place: a folder made by ``build --store``, or the address where a SPARQL server is asked
    :param corpus: the corpus with the settings that are no part of the graph
    :raises UsageError: for a place that is no store, or a corpus with another base
    :raises InputError: where the store cannot be read, holds no corpus, or only a part of one
    """
    if not is_url(place):
        return _open_folder(Path(place), corpus)
    url = checked_url(str(place))
    whole = RemoteStore(url, timeout=timeout)
    prefixes = _prefixes(whole)
    base = _base(prefixes, url)
    graph = record_graph(base)
    store = RemoteStore(
        url,
        update_url=update_url,
        data_url=graph_store_url,
        timeout=timeout,
        hidden=(graph,),
        within=own_graphs(base),
    )
    query = f"SELECT ?p ?o WHERE {{ GRAPH <{graph}> {{ <{graph}> ?p ?o }} }}"
    record = Record.read(graph, whole.select(query, shown="record").texts())
    if record is not None and not record.sha256:
        raise InputError(
            "E424",
            f"{url} holds a part of the corpus: a load is not finished, or broke off",
            why="Answers from a part would be shorter answers.",
            hint="Wait for it, or load again: ogx-rdf build --store URL",
        )
    opened = StoredCorpus(url, store, prefixes, base, record.written if record else (), _settings(base, corpus))
    opened.recorded_coverage = (record.coverage or None) if record else None
    return opened
