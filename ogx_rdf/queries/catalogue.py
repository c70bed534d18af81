"""Where the stored queries are: those that ship with the package, and a corpus's own in its folder ``queries``."""

from __future__ import annotations

from pathlib import Path

from ..corpus import Corpus
from ..errors import UsageError
from ..lookup import unknown
from ..oxi import decode
from ..resources import resource
from .headers import StoredQuery, parse
from .lint import lint

__all__ = ["GROUPS", "catalogue", "stored"]

SHIPPED = ("read", "audit", "tensions")
GROUPS = (*SHIPPED, "own")
"""Of the documents, of what is wrong with citations, of what does not go together; and those of a corpus."""


def _files(corpus: Corpus | None) -> dict[str, tuple[Path, str, str]]:
    shipped = resource("queries")
    found = [(path, g, f"queries/{g}/{path.name}") for g in SHIPPED for path in shipped.glob(f"{g}/*.rq")]
    if corpus is not None:
        found += [(path, "own", corpus.shown(path)) for path in corpus.root.glob("queries/*.rq")]
    files: dict[str, tuple[Path, str, str]] = {}
    for path, group, shown in sorted(found, key=lambda item: (item[1] == "own", item[0].stem)):
        if path.stem in files:
            raise UsageError("E515", f"two stored queries have the name {path.stem}", file=shown, hint="Rename one.")
        files[path.stem] = (path, group, shown)
    return files


def _read(path: Path, name: str, group: str, shown: str) -> StoredQuery:
    query = parse(decode(path, shown), name, group, shown)
    if group == "own" and (problems := lint(query)):
        raise UsageError(
            "E517",
            problems[0].what,
            file=shown,
            line=problems[0].line,
            why="A stored query answers wholly, in one order, and in time, whatever its parameters are.",
            hint="Mend it, or ask it as it is with: ogx-rdf query --file FILE",
        )
    return query


def catalogue(corpus: Corpus | None = None) -> dict[str, StoredQuery]:
    """Every stored query by its id; those of the corpus (group ``own``) come last.

    :raises UsageError: for a header that is not as it must be, two queries of one name, or a query of the corpus that
        :func:`lint` finds fault with
    """
    files = _files(corpus).items()
    return {name: _read(path, name, group, shown) for name, (path, group, shown) in files}


def stored(name: str, corpus: Corpus | None = None) -> StoredQuery:
    """One stored query, reading only its file.

    :raises UsageError: E501 with the nearest names
    """
    files = _files(corpus)
    if name not in files:
        raise unknown("query", name, list(files), hint="List them with: ogx-rdf query list")
    path, group, shown = files[name]
    return _read(path, name, group, shown)
