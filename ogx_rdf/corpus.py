"""A corpus directory: its configuration, its files, its graph.

A corpus holds ``corpus.toml``, ``prefixes.ttl`` and the folders ``entities``, ``mappings``,
``documents``, ``works``, ``claims``, ``tensions``.  The vocabulary (``ogx.ttl``, ``relations.ttl``) ships with the
package; a corpus may add relations of its own.  Nothing here knows any particular document.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import InputError, UsageError
from .linking import load_mappings
from .model import Iri, Triple
from .namespaces import OGX, SH
from .oxi import Dataset, decode, is_iri, parse_turtle
from .resources import resource
from .turtle import LineIndex

if TYPE_CHECKING:
    from .store import Store

__all__ = ["Config", "Corpus", "find_corpus", "graph_of", "open_corpus", "shipped_hedges"]

FOLDERS = ("entities", "documents", "works", "claims", "tensions")
VOCABULARY = ("ogx.ttl", "relations.ttl")
_HEDGE = re.compile(r"\w[\w' -]*")


@dataclass(frozen=True)
class Config:
    """What ``corpus.toml`` says.

    ``budget`` maps an audit total to the highest number allowed; ``hedges`` are the words that make a
    quote hedged, those of the shipped corpus where none are given; ``chains`` are pairs of entities, by name, between
    which the chains of claims matter.
    """

    title: str
    base: str
    version: str
    hedges: tuple[str, ...] = ()
    budget: Mapping[str, int] = field(default_factory=dict)
    chains: tuple[tuple[str, str], ...] = ()


def shipped_hedges() -> tuple[str, ...]:
    """The hedge words of the corpus that ships with the package."""
    path = resource("ontology") / "corpus.toml"
    return tuple(tomllib.loads(decode(path, str(path)))["hedges"])


def _read_config(root: Path) -> Config:
    path = root / "corpus.toml"
    try:
        data = tomllib.loads(decode(path, str(path)))
    except tomllib.TOMLDecodeError as exc:
        raise InputError("E320", f"not valid TOML: {exc}", file=str(path)) from exc
    known = {"title", "base", "version", "hedges", "budget", "chains"}
    unknown = sorted(set(data) - known)
    if unknown:
        raise InputError(
            "E321", f"unknown setting {unknown[0]!r}", file=str(path), hint=f"Known: {', '.join(sorted(known))}."
        )
    base = data.get("base", "")
    if not isinstance(base, str) or not re.match("https?://.*/$", base) or not is_iri(base):
        raise InputError("E322", "base must be an http(s) IRI that ends in /", file=str(path))
    budget = data.get("budget", {})
    if not isinstance(budget, dict) or not all(type(v) is int and v >= 0 for v in budget.values()):
        raise InputError("E323", "[budget] must give a whole number, 0 or more, for each total", file=str(path))
    hedges = data.get("hedges", [])
    if not isinstance(hedges, list) or not all(isinstance(w, str) and _HEDGE.fullmatch(w) for w in hedges):
        hint = 'Use letters and blanks, for example: hedges = ["may", "can lead to"].'
        raise InputError("E350", "hedges must be a list of words or phrases", file=str(path), hint=hint)
    chains = data.get("chains", [])
    if not isinstance(chains, list) or not all(map(_is_pair, chains)):
        hint = 'Give the two ends of each, for example: chains = [["custirsen", "apoptosis"]].'
        raise InputError("E363", "chains must be a list of pairs of names", file=str(path), hint=hint)
    return Config(
        title=str(data.get("title", root.name)),
        base=base,
        version=str(data.get("version", "0")),
        hedges=tuple(hedges) or shipped_hedges(),
        budget=budget,
        chains=tuple((start, end) for start, end in chains),
    )


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(name, str) and name for name in value)


def find_corpus() -> Path:
    """The nearest directory from the working directory upwards with a corpus.toml, else the shipped corpus.

    A directory that holds ``ontology/corpus.toml`` counts, so the commands work from a checkout's top.
    """
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        for candidate in (folder, folder / "ontology"):
            if (candidate / "corpus.toml").is_file():
                return candidate
    return resource("ontology")


def graph_of(base: str, subject: str) -> str:
    """The named graph of a subject: a claim's, a document's, or one of the five shared graphs.

    :param base: the base of the corpus
    """
    if subject.startswith(base):
        folder, _, local = subject[len(base) :].partition("/")
        if folder in ("c", "doc"):
            return f"{base}{folder}/{local.partition('.')[0]}"
        if folder in ("entity", "trial"):
            return f"{base}graph/entities"
        if folder == "work":
            return f"{base}graph/works"
        if folder in ("mapping", "tension"):
            return f"{base}graph/{folder}s"
    return f"{base}graph/vocabulary"


class Corpus:
    """An opened corpus: configuration, files, prefixes, and (on first use) its dataset and line index."""

    stored = False
    """Whether the graph is kept in a store, so that it is asked by look-up and not read as a whole."""

    recorded_coverage: Mapping[str, int] | None = None
    """The counts of passages as recorded beside the store, where it is one and they are."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = _read_config(root)

    @property
    def base(self) -> str:
        """The IRI under which this corpus names its data."""
        return self.config.base

    @property
    def shipped(self) -> bool:
        """Whether this is the corpus that ships with the package."""
        return self.root.resolve() == resource("ontology").resolve()

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefix registry of the corpus, from ``prefixes.ttl``."""
        path = self.root / "prefixes.ttl"
        triples, _ = parse_turtle(decode(path, self.shown(path)), self.shown(path))
        names = {s: o for s, p, o in triples if p == SH.prefix}
        spaces = {s: o for s, p, o in triples if p == SH.namespace}
        return {str(names[s]): str(spaces[s]) for s in names if s in spaces}

    def shown(self, path: Path) -> str:
        """A path as messages show it: from the working directory, else from the corpus's parent, else as it is."""
        whole = path.resolve()
        for start in (Path.cwd(), self.root.resolve().parent):
            if whole.is_relative_to(start):
                return str(whole.relative_to(start))
        return str(path)

    def turtle_files(self) -> list[Path]:
        """Every Turtle file of this corpus that is under review, sorted."""
        return sorted([*self.root.glob("*.ttl"), *(p for f in FOLDERS for p in self.root.glob(f"{f}/**/*.ttl"))])

    def vocabulary_files(self) -> list[Path]:
        """The shipped vocabulary, where this corpus does not hold it itself."""
        return [] if self.shipped else [resource("ontology") / name for name in VOCABULARY]

    def mapping_files(self) -> list[Path]:
        """The SSSOM mapping sets of this corpus, sorted."""
        return sorted(self.root.glob("mappings/*.sssom.tsv"))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Each Turtle file as (shown path, text), the vocabulary first."""
        for path in [*self.vocabulary_files(), *self.turtle_files()]:
            yield self.shown(path), decode(path, self.shown(path))

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Every triple as written, with the graph it belongs to; file by file, repeats included."""
        for shown, text in self.texts():
            for triple in parse_turtle(text, shown)[0]:
                yield triple, self.graph_of(triple[0])
        for path in self.mapping_files():
            for triple in load_mappings(path, self.shown(path), self.base):
                yield triple, f"{self.base}graph/mappings"

    def graph_of(self, subject: str) -> str:
        """The named graph of a subject; see :func:`graph_of`."""
        return graph_of(self.base, subject)

    @property
    def place(self) -> str:
        """Where it is: its folder, or the store that it lies in."""
        return str(self.root)

    def again(self) -> Corpus:
        """The same corpus, with nothing read yet."""
        return Corpus(self.root)

    def needs_files(self, doing: str) -> None:
        """Nothing here: a corpus is files.  One that lies in a store refuses what is done to files."""

    @cached_property
    def dataset(self) -> Store:
        """The whole corpus in memory.

        :raises InputError: for a file that cannot be read, parsed, or whose mappings do not all load
        """
        dataset = Dataset()
        for shown, text in self.texts():
            dataset.load_turtle(text, shown, self.graph_of)
        mappings_graph = f"{self.base}graph/mappings"
        for path in self.mapping_files():
            dataset.add(load_mappings(path, self.shown(path), self.base), lambda _: mappings_graph)
        return dataset

    def said_of(self, subject: str) -> list[Triple]:
        """What is said of one subject, as the dataset has it."""
        return self.dataset.describe(subject)

    @cached_property
    def index(self) -> LineIndex:
        """Where each subject and triple stands."""
        index = LineIndex()
        for shown, text in self.texts():
            index.add(text, shown, self.prefixes)
        return index

    def curie(self, iri: str) -> str:
        """An IRI as this corpus writes it (``c:0042``), or the IRI itself."""
        best, name = "", iri
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and len(namespace) > len(best):
                best, name = namespace, f"{prefix}:{iri[len(namespace) :]}"
        return name

    def expand(self, curie: str) -> Iri | None:
        """The IRI of a prefixed name of this corpus, or None."""
        prefix, colon, local = curie.partition(":")
        if colon and not local.startswith("//") and prefix in self.prefixes:
            return Iri(self.prefixes[prefix] + local)
        return None

    def word(self, iri: str) -> str:
        """The local name of an ``ogx:`` term, or the IRI as this corpus writes it."""
        return iri[len(OGX.iri) :] if iri.startswith(OGX.iri) else self.curie(iri)


def open_corpus(path: str | Path | None = None) -> Corpus:
    """Open a corpus directory, or the nearest one, or the shipped one.

    :raises UsageError: where ``path`` is no corpus directory
    """
    root = Path(path) if path is not None else find_corpus()
    if not (root / "corpus.toml").is_file():
        raise UsageError(
            "E324",
            f"no corpus at {root}",
            why="A corpus is a directory with a corpus.toml.",
            hint=f"Start one with: ogx-rdf init {root} --document FILE",
        )
    return Corpus(root)
