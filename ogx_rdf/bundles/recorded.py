"""What a batch records of its documents, read from its lines; the same as :func:`ogx_rdf.documents.stored.read_stored`.

That one asks queries, which is right for a corpus and slow for a thousand batches; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from ..documents.stored import Stored, StoredDocument, StoredQuote, StoredText, number
from ..model import Iri
from ..namespaces import C4O, DCTERMS, OGX, PROV, RDF, SKOS
from ..oxi import read_lines
from .batch import Batch

__all__ = ["recorded"]

_DOCUMENT, _PASSAGE, _REFERENCE = (f"<{OGX[name]}>".encode() for name in ("Document", "Passage", "Reference"))
_TYPE, _RELIES = RDF.type.encode(), OGX.reliesOn.encode()
Values = dict[bytes, list[str]]


def _plain(value: bytes) -> str:
    """An IRI or the text of a literal."""
    if value[:1] == b"<":
        return value[1:-1].decode()
    if b"\\" in value:
        return str(next(read_lines(b"<urn:s> <urn:p> " + value + b" .\n"))[2])
    return value[1 : value.rindex(b'"')].decode()


def _values(pairs: list[tuple[bytes, bytes]]) -> Values:
    found: Values = {}
    for predicate, value in pairs:
        found.setdefault(predicate, []).append(_plain(value))
    return found


def _rows(said: Values, *names: str, needed: int) -> Iterator[tuple[str, ...]]:
    """One row for each combination of values; the first ``needed`` have to be there, the others may be empty."""
    lists = [sorted(set(said.get(name.encode(), []))) for name in names]
    if all(lists[:needed]):
        yield from product(*lists[:needed], *(values or [""] for values in lists[needed:]))


class _Reader:
    """Reads a batch; all nodes, own and near."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._of: dict[bytes, list[bytes]] = {}
        for name in (*batch.own, *batch.near):
            for predicate, value in batch.said(name):
                if predicate == _TYPE:
                    self._of.setdefault(value, []).append(name)
        self.documents: dict[Iri, StoredDocument] = {}
        self.home: dict[str, StoredDocument] = {}

    def of(self, kind: bytes) -> Iterator[tuple[str, Values]]:
        for name in sorted(set(self._of.get(kind, ()))):
            yield name.decode(), _values(self.batch.said(name))

    def read(self, quotes_only: bool) -> Stored:
        self._documents()
        self._passages(markers=not quotes_only)
        if not quotes_only:
            self._references()
        stray = [quote for quote in self._quotes() if not self._put(quote)]
        return Stored(list(self.documents.values()), stray, self._relying())

    def _relying(self) -> dict[Iri, list[Iri]]:
        relying: dict[Iri, list[Iri]] = {}
        for pairs in self.batch.own.values():
            if any(predicate == _RELIES for predicate, _ in pairs):
                for passage, claim in _rows(_values(pairs), OGX.reliesOn, OGX.evidenceFor, needed=2):
                    relying.setdefault(Iri(passage), []).append(Iri(claim))
        return relying

    def _documents(self) -> None:
        for name, said in self.of(_DOCUMENT):
            properties = (OGX.sha256, OGX.length, OGX.obtain, OGX.fileName)
            former = bool(said.get(PROV.wasRevisionOf.encode()))
            for sha256, length, obtain, file in _rows(said, *properties, needed=0):
                self.documents[Iri(name)] = StoredDocument(
                    Iri(name), sha256.lower(), number(length), obtain, file, former
                )

    def _passages(self, *, markers: bool) -> None:
        for name, said in self.of(_PASSAGE):
            properties = (DCTERMS.isPartOf, OGX.sha256, OGX.passageKind, OGX.start, OGX["end"])
            for home, sha256, kind, start, end in _rows(said, *properties, needed=2):
                document = self.documents.get(Iri(home))
                if document is not None:
                    self.home[name] = document
                    span = number(start), number(end)
                    kind = kind.removeprefix(OGX.iri)
                    document.passages.append(StoredText(Iri(name), Iri(name), *span, sha256.lower(), kind))
            for marker in sorted(set(said.get(OGX.marker.encode(), []))) if markers else ():
                self._marker(name, marker)

    def _marker(self, passage: str, marker: str) -> None:
        if passage not in self.home:
            return
        said = _values(self.batch.said(marker.encode()))
        for printed, label, start, end in _rows(said, OGX.printed, SKOS.notation, OGX.start, OGX["end"], needed=2):
            found = StoredText(Iri(marker), Iri(passage), number(start), number(end), printed, label)
            self.home[passage].markers.append(found)

    def _references(self) -> None:
        for name, said in self.of(_REFERENCE):
            properties = (C4O.hasContent, PROV.wasQuotedFrom, SKOS.notation)
            for content, passage, label in _rows(said, *properties, needed=2):
                if passage in self.home:
                    self.home[passage].references.append(
                        StoredText(Iri(name), Iri(passage), None, None, content, label)
                    )

    def _quotes(self) -> Iterator[StoredQuote]:
        quote = OGX.quote.encode()
        for name, pairs in self.batch.own.items():
            if not any(predicate == quote for predicate, _ in pairs):
                continue
            properties = (OGX.quote, PROV.wasQuotedFrom, OGX.evidenceFor, OGX.start, OGX["end"])
            for text, passage, claim, start, end in _rows(_values(pairs), *properties, needed=1):
                span = number(start), number(end)
                owner = Iri(claim) if claim else None
                yield StoredQuote(Iri(name.decode()), Iri(passage), *span, text, "", owner)

    def _put(self, quote: StoredQuote) -> bool:
        found = self.home.get(quote.passage) or self.documents.get(Iri(quote.passage.partition(".p")[0]))
        if found is not None:
            found.quotes.append(quote)
        return found is not None


def recorded(batch: Batch, *, quotes_only: bool = False) -> Stored:
    """Everything that a batch records of texts; quotes of its own nodes only.

    :param quotes_only: leave markers and entries out
    """
    return _Reader(batch).read(quotes_only)
