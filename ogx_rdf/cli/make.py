"""build, export: the commands that write the dataset out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..corpus import Corpus, open_corpus
from ..errors import UsageError
from ..store.interface import is_url
from .arguments import Arguments
from .output import deliver, progress, say, show_json
from .words import corpus_of

if TYPE_CHECKING:
    from ..store.load import Loaded

__all__ = ["build", "export"]


def build(arguments: Arguments) -> int:
    """Write the dataset as sorted N-Quads, and a store where asked for."""
    from ..documents.coverage import coverage
    from ..publish.build import build as make
    from . import dump

    if arguments.input:
        return dump.build(arguments)
    dump.refuse_alone(arguments)
    corpus, url = open_corpus(arguments.corpus), arguments.store if is_url(arguments.store) else None
    _refuse_without_server(arguments, url)
    with progress("Building"):
        places = (None if url else arguments.store, arguments.table)
        store, table = (None if place is None else Path(place) for place in places)
        out = Path(arguments.out or "build/graph.nq")
        result = make(corpus, out, store, table, sources=arguments.source, full=arguments.full)
        if url:
            result = replace(result, server=_load(corpus, url, arguments))
    if arguments.format == "json":
        show_json({"answer": "rows", "coverage": coverage(corpus).as_dict(), "rows": [result.as_dict()]})
    else:
        say(result.text())
    return 0


def _refuse_without_server(arguments: Arguments, url: str | None) -> None:
    for name in ("loaded", "update_url", "graph_store_url"):
        if getattr(arguments, name) and not url:
            option = f"--{name.replace('_', '-')}"
            raise UsageError("E379", f"{option} goes with a server", hint="Add --store URL, or leave it out.")


def _load(corpus: Corpus, url: str, arguments: Arguments) -> Loaded:
    from ..publish.loading import load_corpus

    return load_corpus(
        corpus,
        url,
        update_url=arguments.update_url,
        graph_store_url=arguments.graph_store_url,
        loaded=arguments.loaded,
    )


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
    corpus = corpus_of(arguments)
    with progress("Writing the evidence table"):
        result = build_table(corpus, Path(arguments.out))
    say(result.text())
    return 0
