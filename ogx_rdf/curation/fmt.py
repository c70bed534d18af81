"""Bring the Turtle files of a corpus into their canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..corpus import Corpus
from ..files import write_atomic
from ..oxi import decode
from ..turtle import format_text

__all__ = ["Formatted", "first_difference", "fmt"]


@dataclass(frozen=True, slots=True)
class Formatted:
    """What a run of the formatter did: how many files it read, and which were (or are) not canonical."""

    checked: int
    changed: tuple[str, ...]


def _files(corpus: Corpus, given: Sequence[str | Path]) -> Iterable[Path]:
    if not given:
        yield from corpus.turtle_files()
    for path in map(Path, given):
        yield from sorted(path.rglob("*.ttl")) if path.is_dir() else [path]


def fmt(corpus: Corpus, files: Sequence[str | Path] = (), *, check: bool = False) -> Formatted:
    """Format Turtle files (by default all of the corpus) with the prefix registry of the corpus.

    Every file is formatted, and proven to hold the same triples, before the first one is written.

    :param files: files, or folders of them
    :param check: write nothing, only say which files are not canonical
    :raises InputError: for a file that cannot be read, parsed or written
    :raises RefusedError: for a comment that formatting would lose, with its line
    """
    formatted: dict[Path, str] = {}
    checked = 0
    for path in _files(corpus, files):
        shown = corpus.shown(path)
        text = decode(path, shown)
        result = format_text(text, corpus.prefixes, shown)
        checked += 1
        if result != text:
            formatted[path] = result
    if not check:
        for path, result in formatted.items():
            write_atomic(path, result)
    return Formatted(checked=checked, changed=tuple(corpus.shown(path) for path in formatted))


def first_difference(corpus: Corpus, path: Path) -> int | None:
    """The line on which a file stops being canonical, counted from 1; None for a canonical file.

    :raises InputError: for a file that cannot be read or parsed
    :raises RefusedError: for a comment that formatting would lose, with its line
    """
    shown = corpus.shown(path)
    text = decode(path, shown)
    result = format_text(text, corpus.prefixes, shown)
    if result == text:
        return None
    pairs = enumerate(zip(text.splitlines(), result.splitlines(), strict=False), 1)
    return next((number for number, (old, new) in pairs if old != new), min(text.count("\n"), result.count("\n")) + 1)
