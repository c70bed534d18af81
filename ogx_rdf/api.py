"""The Python API: one object whose methods are the commands, and nothing that a command does not do.

>>> from ogx_rdf import open_graph
>>> graph = open_graph()
>>> answer = graph.query("claims-about", entity="clusterin")
>>> sum(graph.audit().totals[name].value for name in ("claims", "claims-known-from-works")) == len(graph.audit().chains)
True

What a method returns is typed data; printing is left to the caller.  Engines load when a method needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .corpus import Corpus
from .errors import InputError
from .increment.methods import Changing
from .linking.methods import Linked
from .making import Making
from .publish.loading import Served

if TYPE_CHECKING:
    from .audit import Audit
    from .check import Check
    from .curation.claims import Proposal
    from .curation.fmt import Formatted
    from .documents.coverage import Coverage
    from .documents.intake import AddedSource
    from .documents.update import SourceUpdate
    from .documents.verify import Verification
    from .impact.effect import Impact
    from .mechanism.answers import PathAnswer
    from .mechanism.dataset import InferAnswer
    from .mechanism.explain import Explanation
    from .model import Finding, Iri
    from .queries import Answer, StoredQuery
    from .quotes import Quote, Verdict
    from .quotes.trial import Trial
    from .tensions import Tensions
    from .validation.engines import Engine
    from .works.check import WorksCheck

__all__ = ["Graph"]


class Graph(Linked, Making, Served, Changing):
    """A corpus and what can be asked of it.

    Files are read on first use and kept.  After a change of the files :meth:`reload`, or open the graph again.

    :param corpus: the corpus, opened
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def __repr__(self) -> str:
        return f"open_graph({self.corpus.place!r})"

    def reload(self) -> None:
        """Forget what was read, so that the next call sees the files as they are now."""
        self.corpus = self.corpus.again()

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

        self.corpus.needs_files("source add")
        added = add_source(self.corpus, file, id)
        self.reload()
        return added

    def source_update(self, file: str | Path, *, id: str | None = None, dry_run: bool = False) -> SourceUpdate:
        """Move a document on to a changed text; quotes that stand unchanged get their new offsets.

        :raises InputError: for a file that cannot be read or is cut short, or a corpus that cannot be written
        :raises RefusedError: for a file that shares no passage with the document
        """
        from .documents.update import update_source

        self.corpus.needs_files("source update")
        updated = update_source(self.corpus, file, document_id=id, dry_run=dry_run)
        self.reload()
        return updated

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

        self.corpus.needs_files("claim new")
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

        self.corpus.needs_files("fmt")
        return fmt(self.corpus, files, check=check)

    def check(self, *, sources: Sequence[str] = ()) -> Check:
        """Check form, rules, quotes and budget in one run, as before a change lands.

        :param sources: files, folders or ``ID=FILE``, beside ``OGX_RDF_SOURCES`` and the corpus's own ``sources/``
        """
        from .check import check

        return check(self.corpus, sources=sources)

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

    @staticmethod
    def quotes_check(
        text: str | Mapping[str, str], quotes: Iterable[Quote | str], *, unique: bool = False
    ) -> list[Verdict]:
        """Check that the words of quotes stand in a text, harmless differences apart; it needs no corpus.

        :param text: the text, or texts by the names that the quotes give
        :param unique: whether a quote that stands in several places, none of them given, is refused
        :raises UsageError: for a quote that names none of the texts
        """
        from .quotes import check_quotes

        return check_quotes(text, quotes, unique=unique)

    @staticmethod
    def quotes_mutate(text: str | Mapping[str, str], quotes: Iterable[Quote], *, seed: int = 0) -> Trial:
        """Try to fool the check: apply each class of change to every quote, and count what is accepted.

        :param text: the text, or texts by the names that the quotes give
        """
        from .quotes.trial import mutate

        return mutate(text, quotes, seed=seed)

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

    def works_check(
        self,
        *,
        online: bool = False,
        write: bool = False,
        mailto: str | None = None,
        cache: Path | None = None,
        refresh: bool = False,
        timeout: float | None = None,
    ) -> WorksCheck:
        """The standing of each work as recorded, or ``online`` as Crossref and PubMed give it, with what differs.

        :param write: record what was found in ``works/standing.ttl``
        :param mailto: the mail address to be known by, beside ``OGX_RDF_MAILTO``
        :raises UsageError: for ``online`` without a mail address, or ``write`` without ``online``
        :raises InputError: where the cache or the file cannot be used, or the extra ``online`` is not installed
        """
        from .works.check import works_check

        self.corpus.needs_files("works check")
        done = works_check(
            self.corpus, online=online, write=write, mailto=mailto, cache=cache, refresh=refresh, timeout=timeout
        )
        self.reload()
        return done

    def path(
        self,
        start: str,
        end: str,
        *,
        max_length: int = 5,
        order: str = "weakest",
        inferred: bool = False,
        limit: int = 10,
    ) -> PathAnswer:
        """Every chain of claims from one thing to another, with net sign and weakest link.

        :param order: ``weakest`` or ``strongest`` link first
        :param limit: how many chains the answer shows; 0 for all
        :raises UsageError: for an unknown or ambiguous name, or one thing as both ends
        """
        from .mechanism.answers import path

        return path(self.corpus, start, end, max_length=max_length, order=order, inferred=inferred, limit=limit)

    def explain(self, claim: str) -> Explanation:
        """What a claim rests on, by which way, what else leads to it and what speaks against it.

        :raises UsageError: where there is no such claim
        """
        from .mechanism.explain import explain

        return explain(self.corpus, claim)

    def infer(self, *, out: str | Path, entity: str | None = None) -> InferAnswer:
        """Write what follows from two claims into a dataset of its own (``.trig``, ``.nq`` or ``.ttl``).

        :param entity: only what this acts on
        :raises RefusedError: for a file in the corpus
        :raises UsageError: for another ending, or an unknown or ambiguous name
        """
        from .mechanism.dataset import draw

        return draw(self.corpus, out, entity=entity)

    def impact(
        self,
        *,
        remove: Sequence[str] = (),
        policies: Sequence[str] = (),
        chains: Sequence[tuple[str, str]] = (),
        sources: Sequence[str] = (),
    ) -> Impact:
        """What is left of claims, chains and totals when sources fall, or under a policy.

        :param remove: entries (``ref:5``), works, studies, documents
        :param policies: names of policies, or their files
        :param chains: pairs of entities between which chains of claims are looked at
        :raises UsageError: where nothing is named, or a name is unknown
        :raises InputError: for a policy that cannot be read
        """
        from .impact.effect import impact

        return impact(self.corpus, remove=remove, policies=policies, chains=chains, sources=sources)

    def tensions(self, *, kind: str | None = None, claim: str | None = None) -> Tensions:
        """What does not go together: tensions that curators named, and those that stored queries find.

        :param kind: a kind of the vocabulary, or a query that finds
        :param claim: a claim that they touch
        :raises UsageError: for an unknown kind or claim
        """
        from .tensions import tensions

        return tensions(self.corpus, kind=kind, claim=claim)

    def serve(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 8011,
        time_limit: float = 30.0,
        said: Callable[[str], object] | None = None,
    ) -> None:
        """Answer over HTTP, read-only, until interrupted; ``ogx_rdf.web.create_app`` gives an application to mount.

        :param port: 0 for any that is free
        :param time_limit: seconds for which a query may run
        :param said: told the address when clients are heard
        :raises UsageError: for a port or a time limit that is none, or a graph that lies in a SPARQL server
        :raises InputError: where the address cannot be had, or the extra ``serve`` is not installed
        """
        try:
            from .web.run import serve
        except ImportError as exc:
            raise InputError(
                "E601",
                f"serving needs a library that is not installed ({exc.name})",
                hint="Install the extra: pip install 'ogx-rdf[serve]'.",
            ) from exc
        serve(self, host, port, time_limit, said or (lambda address: None))

    def mcp(self, *, time_limit: float = 30.0) -> None:
        """Answer assistants over standard input and output (Model Context Protocol), until the input ends.

        :param time_limit: seconds for which a call may run
        :raises UsageError: for a time limit that is none
        :raises InputError: where the extra ``mcp`` is not installed
        """
        try:
            from .mcp.server import make_server, run

            server = make_server(self, time_limit)
        except ImportError as exc:
            raise InputError(
                "E601",
                f"answering assistants needs a library that is not installed ({exc.name})",
                hint="Install the extra: pip install 'ogx-rdf[mcp]'.",
            ) from exc
        run(server)

    def resolve(self, name: str) -> Iri:
        """The node that a name (id, CURIE, IRI, label, form) means; UsageError for an unknown or ambiguous one."""
        from .lookup import resolve

        return resolve(self.corpus, name)

    def show(self, name: str, *, sources: Sequence[str] = ()) -> dict[str, object]:
        """Everything known of one node, as a JSON object; quotes are compared where the text is at hand.

        :raises UsageError: for an unknown or ambiguous name
        """
        from .publish.show import show

        return show(self.corpus, self.resolve(name), sources=sources)
