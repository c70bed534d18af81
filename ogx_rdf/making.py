"""The part of the Python API that makes things of a corpus or of a dump: stores, tables, reports, exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib

    from .bundles.run import Options
    from .check import Check
    from .corpus import Corpus
    from .dump import DumpBuild
    from .publish.build import BuildResult
    from .publish.dossier.report import Report
    from .table import Written

__all__ = ["Making"]


class Making:
    """What can be made of a corpus, and of a dump of it."""

    corpus: Corpus

    def build(
        self, out: str | Path, *, store: str | Path | None = None, table: str | Path | None = None, full: bool = False
    ) -> BuildResult:
        """Write the dataset as sorted N-Quads, with ``store`` an on-disk store made from it, with ``table`` its tables.

        :param full: make the store anew, also where a change of what differs would do
        :raises InputError: where a target cannot be written; the last good build stays
        """
        from .publish.build import build

        places = (None if place is None else Path(place) for place in (store, table))
        return build(self.corpus, Path(out), *places, full=full)

    def table(self, out: str | Path, *, sources: Sequence[str] = ()) -> Written:
        """Write the evidence table, a folder of Parquet files; ``ogx_rdf.table.open_table`` answers from it.

        :raises InputError: where it cannot be written, or the extra ``table`` is not installed
        """
        from .publish.build import build_table

        return build_table(self.corpus, Path(out), sources=sources)

    def report(self, out: str | Path, *, sources: Sequence[str] = (), date: str | None = None) -> Report:
        """Write the report (``index.html``, ``report.md``, ``report.json``) into a folder; ``date`` is YYYY-MM-DD."""
        from .publish.dossier.report import report

        return report(self.corpus, out, sources=sources, date=date)

    def export(self, format: str) -> Iterator[str]:
        """The evidence (``jsonl``, ``csv``), the dataset (``ttl``, ``trig``, ``nq``, ``jsonld``), works or links.

        The works come as ``bibtex``, ``ris`` or ``csl-json``, the links as ``sssom``, ``links`` (SKOS) or ``sameas``.
        All come in pieces, to be written one after the other.

        :raises UsageError: for another format
        """
        from .publish.export import export

        return export(self.corpus, format)

    def to_rdflib(self) -> rdflib.Dataset:
        """The dataset as rdflib's, with the graphs and prefixes of the corpus, and literals as the files write them."""
        from .rdflib_view import to_rdflib

        return to_rdflib(self.corpus)

    def check_dump(
        self, inputs: Sequence[str], *, sources: Sequence[str] = (), options: Options | None = None
    ) -> Check:
        """Check rules, texts and budget of a dump in one pass, however large it is (``check --input``).

        :param inputs: N-Quads, TriG or Turtle files, packed or not, or folders of them
        :param sources: files or folders of texts, beside the usual places
        :raises InputError: for what cannot be read, or (without ``keep_going``) a broken line
        """
        from .dump import check_dump

        return check_dump(self.corpus, inputs, sources=sources, options=options)

    def build_dump(
        self,
        inputs: Sequence[str],
        *,
        store: str | Path | None = None,
        table: str | Path | None = None,
        sources: Sequence[str] = (),
        options: Options | None = None,
    ) -> DumpBuild:
        """Check a dump, and make a store and an evidence table of it where nothing is wrong (``build --input``).

        :raises UsageError: where neither is asked for
        :raises InputError: for what cannot be read or written; what was built before stays
        """
        from .dump import build_dump

        target, tables = (None if place is None else Path(place) for place in (store, table))
        return build_dump(self.corpus, inputs, store=target, table=tables, sources=sources, options=options)
