"""Quotes and markers of a batch against the texts of its documents."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..documents.places import FoundText, read_source
from ..documents.stored import Stored, StoredDocument
from ..documents.verify import Checker, stray_quote
from ..documents.versions import compare_versions
from ..errors import InputError
from ..model import Finding
from .near import BatchCorpus
from .recorded import recorded

__all__ = ["Changed", "Texts", "changed_findings", "text_findings"]

MOST_KEPT = 64
MOST_FILES = 100_000
"""No more files of a folder are looked at: a slip such as ``--source /`` ends."""


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

    def find(self, document: str, sha256: str, file_name: str) -> Found | None:
        """The text of a document, whatever version; None where none is at hand.

        :param sha256: its recorded digest
        :param file_name: its recorded name
        """
        key = f"{document} {sha256}"
        if key not in self._kept:
            self._kept[key] = self._look(sha256.lower(), file_name)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _look(self, sha256: str, file_name: str) -> Found | None:
        second: Found | None = None
        for path in self._named(sha256, file_name):
            found = _read(path, sha256)
            if found is not None and found.matches:
                return found
            second = second or found
        if second is None and sha256 in self._all:
            return _read(self._all[sha256], sha256)
        return second

    def _named(self, sha256: str, file_name: str) -> list[Path]:
        places = [self._digests[sha256]] if sha256 in self._digests else []
        if file_name and Path(file_name).name == file_name:
            places += [folder / file_name for folder in self._folders]
        return [path for path in places if path.is_file()]

    @cached_property
    def _all(self) -> dict[str, Path]:
        """Every file of the folders by its SHA-256; made where a name does not lead to a text."""
        files = (path for folder in self._folders for path in islice(sorted(folder.rglob("*")), MOST_FILES))
        return {_digest(path): path for path in files if path.is_file()}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _read(path: Path, sha256: str) -> Found | None:
    try:
        data, text = read_source(path)
    except InputError:
        return None
    return Found(str(path), text, hashlib.sha256(data).hexdigest() == sha256)


Changed = dict[bytes, set[bytes]]
"""Documents of which another version is at hand, each with the claims that quote it or lean on it."""


def text_findings(
    corpus: BatchCorpus, texts: Texts, *, shared: bool, counts: Counter[str], changed: Changed
) -> Iterator[Finding]:
    """What differs from the texts.

    :param shared: whether documents are judged (their passages, markers and entries), else the quotes of claims
    :param counts: takes what was compared and what not
    :param changed: takes what has to be seen as a whole, since another version of a text is at hand
    """
    stored = recorded(corpus.batch, quotes_only=not shared)
    judged = corpus.batch.judged
    for document in stored.documents:
        found = texts.find(document.iri, document.sha256, document.file_name)
        matches = found is not None and found.matches
        document.quotes = [quote for quote in document.quotes if judged(quote.iri)]
        if found is not None and not matches:
            changed.setdefault(document.iri.encode(), set()).update(_touched(document, stored))
        if shared and judged(document.iri):
            counts["documents"] += 1
            counts["documents-checked" if matches else "documents-changed" if found else "documents-missing"] += 1
            counts["markers"] += len(document.markers)
            counts["markers-compared"] += len(document.markers) if matches else 0
        if not shared:
            counts["quotes"] += len(document.quotes)
            counts["quotes-compared"] += len(document.quotes) if found is not None else 0
        if found is not None and matches:
            checker = Checker(corpus, document, found.text)
            yield from (f for f in checker.of_text() if judged(f.focus)) if shared else checker.of_quotes()
    for quote in stored.stray:
        if judged(quote.iri):
            counts["quotes"] += 1
            yield stray_quote(corpus, quote)


def _touched(document: StoredDocument, stored: Stored) -> set[bytes]:
    passages = {passage.iri for passage in document.passages}
    claims = {quote.claim for quote in document.quotes if quote.claim}
    claims.update(claim for passage in passages for claim in stored.relying.get(passage, ()))
    return {claim.encode() for claim in claims}


def changed_findings(corpus: BatchCorpus, texts: Texts, name: str) -> list[Finding]:
    """What became of a document of which another version is at hand; the batch holds it with the claims it touches."""
    stored = recorded(corpus.batch)
    document = next(document for document in stored.documents if document.iri == name)
    found = texts.find(document.iri, document.sha256, document.file_name)
    if found is None:
        return []
    text = FoundText(document.iri, Path(found.file), found.text, document.sha256, False, False)
    return sorted(compare_versions(corpus, document, stored, text)[1], key=lambda finding: finding.sort_key)
