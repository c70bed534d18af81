"""The Python API: one object whose methods are the commands, and nothing that a command does not do.

>>> from ogx_rdf import open_graph
>>> graph = open_graph()
>>> answer = graph.query("claims-about", entity="clusterin")
>>> graph.audit().totals["claims"].value == len(graph.audit().chains)
True

What a method returns is typed data; printing is left to the caller.  Engines load when a method needs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .corpus import Corpus, open_corpus

if TYPE_CHECKING:
    import rdflib

    from .audit import Audit
    from .curation.claims import Proposal
    from .curation.fmt import Formatted
    from .curation.scaffold import Started
    from .documents.coverage import Coverage
    from .documents.intake import AddedSource
    from .documents.verify import Verification
    from .model import Finding, Iri
    from .publish.build import BuildResult
    from .queries import Answer, StoredQuery
    from .validation.engines import Engine

__all__ = ["Graph", "init", "open_graph"]


class Graph:
    """A corpus and what can be asked of it.

    Files are read on first use and kept.  After a change of the files :meth:`reload`, or open the graph again.

    :param corpus: the corpus, opened
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def __repr__(self) -> str:
        return f"open_graph({str(self.corpus.root)!r})"

    def reload(self) -> None:
        """Forget what was read, so that the next call sees the files as they are now."""
        self.corpus = open_corpus(self.corpus.root)

    @property
    def coverage(self) -> Coverage:
        """How many passages are encoded, skipped with a reason, or open."""
        from .documents.coverage import coverage

        return coverage(self.corpus)

    def source_add(self, file: str | Path, *, id: str) -> AddedSource:
        """Cut a text into passages under ``documents/<id>/``; running it again changes nothing.

        :raises InputError: for a file that cannot be read, or a corpus that cannot be written
        :raises RefusedError: where the document is there with another text
        """
        from .documents.intake import add_source

        added = add_source(self.corpus, file, id)
        self.reload()
        return added

    def claim_new(
        self,
        *,
        passage: str,
        subject: str | None = None,
        relation: str | None = None,
        object: str | None = None,
        polarity: str = "positive",
        kind: str | None = None,
        context: Mapping[str, str] | None = None,
        quote: str | None = None,
        sources: Sequence[str] = (),
    ) -> Proposal:
        """Propose id, key and skeleton of a claim, or name the claim that has the key; nothing is written.

        :raises UsageError: for an unknown passage, entity or relation
        :raises RefusedError: for a quote that does not stand in the passage exactly once
        """
        from .curation.claims import propose

        return propose(
            self.corpus,
            passage=passage,
            subject=subject,
            relation=relation,
            object=object,
            polarity=polarity,
            kind=kind,
            context=context,
            quote=quote,
            sources=sources,
        )

    def fmt(self, files: Sequence[str | Path] = (), *, check: bool = False) -> Formatted:
        """Write Turtle files (default: all) in canonical form; with ``check`` only say which are not.

        :raises RefusedError: for a comment that would be lost
        """
        from .curation.fmt import fmt

        return fmt(self.corpus, files, check=check)

    def validate(self, *, engine: Engine = "auto") -> list[Finding]:
        """Check the corpus against the shapes and the rules over the whole; findings come worst first.

        :param engine: ``auto`` (the compiled one), ``shacl`` or ``pyshacl`` (the reference)
        """
        from .validation.engines import validate

        return validate(self.corpus, engine=engine)

    def verify(self, *, sources: Sequence[str] = ()) -> Verification:
        """Compare every quote and marker with the text of its document.

        :param sources: files, folders or ``ID=FILE``, beside ``OGX_RDF_SOURCES`` and the corpus's own ``sources/``
        """
        from .documents.verify import verify

        return verify(self.corpus, sources=sources)

    @property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by name."""
        from .queries import catalogue

        return catalogue(self.corpus)

    def query(self, name: str, **parameters: str) -> Answer:
        """Answer a stored query; each of its parameters is an argument of its own name.

        :raises UsageError: for an unknown query, parameter or value
        """
        from .queries import run

        return run(self.corpus, name, parameters)

    def query_text(self, sparql: str) -> Answer:
        """Answer a SPARQL query of your own; UPDATE and SERVICE are refused.

        :raises UsageError: for a query that is refused or not valid
        """
        from .queries import run_text

        return run_text(self.corpus, sparql)

    def audit(self, *, sources: Sequence[str] = ()) -> Audit:
        """Walk each claim to the works it rests on, with totals and findings."""
        from .audit import audit

        return audit(self.corpus, sources=sources)

    def resolve(self, name: str) -> Iri:
        """The node that a name means: an id, CURIE, IRI, label or surface form.

        :raises UsageError: for an unknown or ambiguous name
        """
        from .lookup import resolve

        return resolve(self.corpus, name)

    def show(self, name: str, *, sources: Sequence[str] = ()) -> dict[str, object]:
        """Everything known of one node, as a JSON object; quotes are compared where the text is at hand.

        :raises UsageError: for an unknown or ambiguous name
        """
        from .publish.show import show

        return show(self.corpus, self.resolve(name), sources=sources)

    def build(self, out: str | Path, *, store: str | Path | None = None) -> BuildResult:
        """Write the dataset as sorted N-Quads, and with ``store`` an on-disk store made from it.

        :raises InputError: where a target cannot be written; the last good build stays
        """
        from .publish.build import build

        return build(self.corpus, Path(out), None if store is None else Path(store))

    def export(self, format: str) -> Iterator[str]:
        """The evidence (``jsonl``, ``csv``) or the dataset (``ttl``, ``trig``, ``nq``, ``jsonld``), in pieces.

        :raises UsageError: for another format
        """
        from .publish.export import export

        return export(self.corpus, format)

    def to_rdflib(self) -> rdflib.Dataset:
        """The dataset as rdflib's, with the graphs and prefixes of the corpus, and literals as the files write them."""
        import rdflib

        from .model import Literal

        dataset = rdflib.Dataset(default_union=True)
        graphs: dict[str, rdflib.Graph] = {}
        for (subject, predicate, value), name in self.corpus.quads():
            if name not in graphs:
                graphs[name] = dataset.graph(rdflib.URIRef(name))
            node: rdflib.URIRef | rdflib.Literal
            if isinstance(value, Literal):
                kind = None if value.language else rdflib.URIRef(value.datatype)
                node = rdflib.Literal(value.value, lang=value.language, datatype=kind, normalize=False)
            else:
                node = rdflib.URIRef(value)
            graphs[name].add((rdflib.URIRef(subject), rdflib.URIRef(predicate), node))
        for prefix, namespace in self.corpus.prefixes.items():
            dataset.bind(prefix, namespace, override=True, replace=True)
        return dataset


def open_graph(path: str | Path | None = None) -> Graph:
    """Open a corpus: ``path``, else the nearest one from here upwards, else the one that ships with the package.

    :raises UsageError: where ``path`` is no corpus
    """
    return Graph(open_corpus(path))


def init(directory: str | Path, *, document: str | Path, base: str | None = None, id: str | None = None) -> Started:
    """Start a corpus in ``directory`` with one document.

    :raises UsageError: where there is a corpus already, or the base or id is not usable
    :raises InputError: where the document cannot be read or the folder not written
    """
    from .curation.scaffold import init as start

    return start(directory, document=document, base=base, document_id=id)
