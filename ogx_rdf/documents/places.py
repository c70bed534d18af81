"""Finding the texts of documents: by digest, by the file name recorded, or where the user says.

The text is looked for in the places given with ``--source``, in ``OGX_RDF_SOURCES`` (separated by
``os.pathsep``), and in the corpus's own ``sources`` folder, in this order.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from ..corpus import Corpus
from ..errors import InputError, UsageError
from ..model import Iri, Term
from ..namespaces import OGX
from ..oxi import decode

__all__ = ["FoundText", "Search", "Texts", "locate", "read_source", "search"]

MAX_FILES = 1000
"""No more files than this are looked at in one folder: a slip such as ``--source /`` ends."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text found for a document.

    :param matches: whether it has the recorded digest; if not, it is another version
    :param given: whether the user named this very file
    """

    document: Iri
    file: Path
    text: str
    sha256: str
    matches: bool
    given: bool


@dataclass(slots=True)
class Search:
    """What a search gave: at most one text per document, and what the user should know about the rest."""

    texts: dict[Iri, FoundText] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Recorded:
    document: Iri
    name: str
    sha256: str
    length: int
    file_name: str


def read_source(file: Path) -> tuple[bytes, str]:
    """The bytes of a source file, and its text with line ends and everything else as they are.

    :raises InputError: where the file is absent, unreadable, empty, binary or not UTF-8
    """
    shown = str(file)
    if file.is_dir():
        raise InputError("E340", "is a directory, not a text file", file=shown, hint="Give the file itself.")
    text = decode(file, shown)
    if not text.strip("\ufeff \t\r\n"):
        raise InputError("E341", "the file holds no text", file=shown, hint="Check that it was saved in full.")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        hint = "Save the document as plain text in UTF-8."
        raise InputError("E342", "not a text file: it holds a NUL character", file=shown, line=line, hint=hint)
    return text.encode("utf-8"), text


def _recorded(corpus: Corpus, documents: Iterable[Iri] | None) -> list[_Recorded]:
    """What is recorded of the texts of documents, or of all."""
    query = (
        f"PREFIX ogx: <{OGX.iri}> SELECT ?d ?sha256 ?length ?name WHERE {{ ?d a ogx:Document ; ogx:sha256 ?sha256 . "
        "OPTIONAL { ?d ogx:length ?length } OPTIONAL { ?d ogx:fileName ?name } } ORDER BY ?d"
    )
    asked: list[dict[str, Term]] = [{}] if documents is None else [{"d": iri} for iri in documents]
    rows = [row for binding in asked for row in corpus.dataset.select(query, binding, "documents").texts()]
    return [
        _Recorded(
            Iri(row["d"]),
            row["d"].rpartition("/")[2],
            row["sha256"].lower(),
            int(row["length"]) if re.fullmatch("[0-9]{1,18}", row["length"]) else 0,
            row["name"],
        )
        for row in rows
    ]


class _Searcher:
    """One search: the documents looked for, and what was found so far."""

    def __init__(self, corpus: Corpus, documents: Sequence[Iri] | None = None) -> None:
        self.corpus = corpus
        self.recorded = _recorded(corpus, documents)
        self.some = documents is not None
        self.result = Search()

    def named(self, name: str, file: Path) -> None:
        """Take ``ID=FILE``: whatever the file holds, it is compared with that document."""
        ids = {r.name: r for r in self.recorded}
        name = name.removeprefix("doc:").removeprefix(f"{self.corpus.base}doc/")
        if name not in ids and self.some:
            ids = {r.name: r for r in _recorded(self.corpus, None)}
        if name not in ids:
            near = get_close_matches(name, ids, 3) or sorted(ids)[:3]
            hint = f"Did you mean {', '.join(near)}?" if near else "Add it first with: ogx-rdf source add FILE --id ID"
            raise UsageError("E501", f"no document {name!r} in this corpus", hint=hint)
        data, text = read_source(file)
        if ids[name] not in self.recorded:
            return
        self._keep(ids[name], file, text, hashlib.sha256(data).hexdigest(), given=True)

    def file(self, file: Path, *, given: bool) -> None:
        """Take a file for the document whose digest, else whose file name, it bears."""
        try:
            data, text = read_source(file)
        except InputError as exc:
            if given:
                raise
            self.result.notes.append(f"not used: {exc.where}: {exc.message}")
            return
        sha256 = hashlib.sha256(data).hexdigest()
        same = [r for r in self.recorded if r.sha256 == sha256]
        for recorded in same or [r for r in self.recorded if r.file_name == file.name]:
            self._keep(recorded, file, text, sha256, given=given)
        if given and not same and not any(r.file_name == file.name for r in self.recorded):
            self.result.notes.append(
                f"not used: {file}: neither its digest nor its name is that of a document here; "
                "to compare it as a changed version, give it as ID=FILE"
            )

    def folder(self, folder: Path) -> None:
        """Look through a folder and what lies in it, hidden folders apart.

        Where the texts of some documents are looked for, each is first looked for by its name.
        """
        if self.some:
            for recorded in self.recorded:
                file = folder / Path(recorded.file_name).name
                if recorded.file_name and file.is_file():
                    self._try(file)
            found = (self.result.texts.get(recorded.document) for recorded in self.recorded)
            if all(place is not None and place.matches for place in found):
                return
        names = {r.file_name for r in self.recorded}
        for count, file in enumerate(_files(folder)):
            if count == MAX_FILES:
                self.result.notes.append(f"only the first {MAX_FILES} files in {folder} were looked at")
                return
            try:
                size = file.stat().st_size
            except OSError:
                continue
            # A code point takes one to four bytes in UTF-8, so most files are ruled out by their size.
            if file.name in names or any(r.length <= size <= 4 * r.length for r in self.recorded):
                self._try(file)

    def _try(self, file: Path) -> None:
        try:
            sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError as exc:
            self.result.notes.append(f"not used: {file}: cannot read the file ({exc.strerror})")
            return
        if any(r.sha256 == sha256 or r.file_name == file.name for r in self.recorded):
            self.file(file, given=False)

    def _keep(self, recorded: _Recorded, file: Path, text: str, sha256: str, *, given: bool) -> None:
        """Keep a text unless a better one is there: a file that the user named, then one with the recorded digest."""
        new = FoundText(recorded.document, file, text, sha256, sha256 == recorded.sha256, given)
        old = self.result.texts.get(recorded.document)
        if old is None or (new.given, new.matches) > (old.given, old.matches):
            self.result.texts[recorded.document] = new


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root) / name
            if not name.startswith(".") and path.is_file():
                yield path


def search(corpus: Corpus, extra: Sequence[str] = (), documents: Sequence[Iri] | None = None) -> Search:
    """Look for the text of every document.

    :param extra: files, folders or ``ID=FILE``, as given with ``--source``; they go before all other places
    :param documents: those whose texts are looked for, where not all are
    :raises InputError: for one of these that is absent, unreadable, empty, binary or not UTF-8
    :raises UsageError: for an unknown ID
    """
    searcher = _Searcher(corpus, documents)
    folders = []
    names = []
    for item in extra:
        name, equals, rest = item.partition("=")
        path = Path(item)
        if path.is_dir():
            folders.append(path)
        elif equals and not path.exists():
            names.append((name, Path(rest)))
        elif path.exists():
            searcher.file(path, given=True)
        else:
            hint = "Check the path, or give ID=FILE."
            raise InputError("E343", "no such file or directory", file=item, hint=hint)
    for name, path in names:
        searcher.named(name, path)
    for place in filter(None, os.environ.get("OGX_RDF_SOURCES", "").split(os.pathsep)):
        path = Path(place)
        if path.is_dir():
            folders.append(path)
        elif path.exists():
            searcher.file(path, given=False)
        else:
            searcher.result.notes.append(f"OGX_RDF_SOURCES names {place}, which is not there")
    for folder in [*folders, corpus.root / "sources"]:
        searcher.folder(folder)
    return searcher.result


class Texts(Mapping[Iri, str]):
    """The texts at hand with the recorded digest, by document.

    Those of a corpus of files are looked for at once; those of a store when one is asked for.

    :param extra: as of :func:`search`, which says what it raises
    """

    def __init__(self, corpus: Corpus, extra: Sequence[str] = ()) -> None:
        self._corpus = corpus
        self._extra = extra
        self._found: dict[Iri, str | None] = {}
        self._take(locate(corpus, extra, [] if corpus.stored else None))

    def _take(self, found: Mapping[Iri, FoundText]) -> None:
        self._found |= {iri: place.text for iri, place in found.items() if place.matches}

    def __getitem__(self, document: Iri) -> str:
        if self._corpus.stored and document not in self._found:
            self._found[document] = None
            self._take(locate(self._corpus, self._extra, [document]))
        text = self._found.get(document)
        if text is None:
            raise KeyError(document)
        return text

    def __iter__(self) -> Iterator[Iri]:
        return (iri for iri, text in self._found.items() if text is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def locate(corpus: Corpus, extra: Sequence[str] = (), documents: Sequence[Iri] | None = None) -> dict[Iri, FoundText]:
    """The texts at hand, by document; see :func:`search` for what it takes and raises."""
    return search(corpus, extra, documents).texts
