"""build, export: the commands that write the dataset out."""

from __future__ import annotations

from pathlib import Path

from ..corpus import open_corpus
from ..errors import UsageError
from .arguments import Arguments
from .output import deliver, progress, say, show_json
from .words import corpus_of

__all__ = ["build", "export"]


def build(arguments: Arguments) -> int:
    """Write the dataset as sorted N-Quads, and a store where asked for."""
    from ..documents.coverage import coverage
    from ..publish.build import build as make
    from . import dump

    if arguments.input:
        return dump.build(arguments)
    dump.refuse_alone(arguments)
    corpus = open_corpus(arguments.corpus)
    with progress("Building"):
        result = make(
            corpus,
            Path(arguments.out or "build/graph.nq"),
            arguments.store,
            None if arguments.table is None else Path(arguments.table),
            sources=arguments.source,
            full=arguments.full,
            update_url=arguments.update_url,
            graph_store_url=arguments.graph_store_url,
            loaded=arguments.loaded,
        )
    if arguments.format == "json":
        show_json({"answer": "rows", "coverage": coverage(corpus).as_dict(), "rows": [result.as_dict()]})
    else:
        say(result.text())
    return 0


def export(arguments: Arguments) -> int:
    """Write evidence, the dataset or the works in an exchange format."""
    from ..publish.export import export as write

    if arguments.format == "parquet":
        return _export_table(arguments)
    deliver(write(corpus_of(arguments), arguments.format), arguments.out)
    return 0


def _export_table(arguments: Arguments) -> int:
    from ..publish.build import build_table

    if arguments.out is None:
        hint = "Add --out DIR, for example: ogx-rdf export --format parquet --out build/table"
        raise UsageError("E543", "the format parquet is a folder of files, and is not printed", hint=hint)
    corpus = open_corpus(arguments.corpus)
    with progress("Writing the evidence table"):
        result = build_table(corpus, Path(arguments.out))
    say(result.text())
    return 0
