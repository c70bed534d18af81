"""build, export: the commands that write the dataset out."""

from __future__ import annotations

from pathlib import Path

from ..corpus import open_corpus
from .arguments import Arguments
from .output import deliver, progress, say, show_json

__all__ = ["build", "export"]


def build(arguments: Arguments) -> int:
    """Write the dataset as sorted N-Quads, and a store where asked for."""
    from ..documents.coverage import coverage
    from ..publish.build import build as make

    corpus = open_corpus(arguments.corpus)
    with progress("Building"):
        result = make(corpus, Path(arguments.out), Path(arguments.store) if arguments.store else None)
    if arguments.format == "json":
        show_json({"answer": "rows", "coverage": coverage(corpus).as_dict(), "rows": [result.as_dict()]})
    else:
        say(result.text())
    return 0


def export(arguments: Arguments) -> int:
    """Write evidence, the dataset or the works in an exchange format."""
    from ..publish.export import export as write

    deliver(write(open_corpus(arguments.corpus), arguments.format), arguments.out)
    return 0
