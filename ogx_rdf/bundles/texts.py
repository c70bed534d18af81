"""Quotes and markers of a batch against the texts of its documents."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..documents.places import read_source
from ..documents.stored import StoredDocument, finding
from ..documents.verify import Checker, stray_quote
from ..errors import InputError
from ..model import Finding
from ..namespaces import OGX
from .near import BatchCorpus
from .recorded import recorded

__all__ = ["Texts", "text_findings"]

MOST_KEPT = 64


class Found(NamedTuple):
    """A text: its file, and whether it has the recorded digest."""

    file: str
    text: str
    matches: bool


class Texts:
    """Finds the texts of documents, and keeps the last ones ready.

    :param folders: where texts lie, by their recorded file names
    :param digests: files known by their SHA-256
    """

    def __init__(self, folders: Sequence[Path], digests: Mapping[str, Path]) -> None:
        self._folders, self._digests = folders, digests
        self._kept: OrderedDict[str, Found | None] = OrderedDict()

    def find(self, document: StoredDocument) -> Found | None:
        """The text of a document, whatever version; None where none is at hand."""
        key = f"{document.iri} {document.sha256}"
        if key not in self._kept:
            self._kept[key] = self._look(document)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _look(self, document: StoredDocument) -> Found | None:
        places = [self._digests[document.sha256]] if document.sha256 in self._digests else []
        if document.file_name and Path(document.file_name).name == document.file_name:
            places += [folder / document.file_name for folder in self._folders]
        second: Found | None = None
        for path in places:
            if not path.is_file():
                continue
            try:
                data, text = read_source(path)
            except InputError:
                continue
            if hashlib.sha256(data).hexdigest() == document.sha256:
                return Found(str(path), text, True)
            second = second or Found(str(path), text, False)
        return second


def text_findings(corpus: BatchCorpus, texts: Texts, *, shared: bool, counts: Counter[str]) -> Iterator[Finding]:
    """What differs from the texts.

    :param shared: whether documents are judged (their passages, markers and entries), else the quotes of claims
    :param counts: takes what was compared and what not
    """
    stored = recorded(corpus.batch)
    judged = corpus.batch.judged
    for document in stored.documents:
        found = texts.find(document)
        matches = found is not None and found.matches
        if shared and judged(document.iri):
            counts["documents"] += 1
            counts["documents-checked" if matches else "documents-changed" if found else "documents-missing"] += 1
            counts["markers"] += len(document.markers)
            counts["markers-compared"] += len(document.markers) if matches else 0
            if found is not None and not matches:
                yield _changed(corpus, document, found.file)
        document.quotes = [quote for quote in document.quotes if judged(quote.iri)]
        if not shared:
            counts["quotes"] += len(document.quotes)
            counts["quotes-compared"] += len(document.quotes) if matches else 0
        if found is not None and matches:
            checker = Checker(corpus, document, found.text)
            yield from (f for f in checker.of_text() if judged(f.focus)) if shared else checker.of_quotes()
    for quote in stored.stray:
        if judged(quote.iri):
            counts["quotes"] += 1
            yield stray_quote(corpus, quote)


def _changed(corpus: BatchCorpus, document: StoredDocument, file: str) -> Finding:
    name = corpus.curie(document.iri)
    message = f"{name}: {file} is another version of the text, so nothing was compared with it"
    hint = "Run ogx-rdf verify on the corpus itself: it maps the passages of both versions."
    return finding(corpus, "E110", document.iri, OGX.sha256, document.sha256, message, hint)
