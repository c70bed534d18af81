"""Comparing what a corpus records of its documents with their texts, character by character.

Rules, all violations:

    E101  a quote differs from the text, or stands at other offsets
    E102  a citation marker differs from the text, lies outside its passage, or bears a label that it does not print
    E103  a passage's digest differs from its text, or the recorded length from the text's
    E104  a quote stands outside the passage that it is said to come from
    E105  a passage prints a marker that is not recorded
    E106  an entry of the reference list differs from the text
    E110  the text found is another version of the document (E111 changed, E112 vanished passages)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..corpus import Corpus
from ..model import Finding, Iri
from ..namespaces import C4O, OGX, PROV, SKOS
from .coverage import Coverage, coverage
from .nearest import nearest
from .places import FoundText, search
from .segment import UNCITED, digest, line_of
from .sentences import find_markers
from .stored import Stored, StoredDocument, StoredQuote, StoredText, finding, read_stored
from .versions import PassageChange, compare_versions

__all__ = ["RULES", "Checker", "DocumentCheck", "Verification", "stray_quote", "verify"]

RULES = {
    "E101": "A quote differs from the text, or stands at other offsets.",
    "E102": "A citation marker differs from the text, lies outside its passage, or bears another label.",
    "E103": "A passage's digest differs from its text, or the recorded length from the text's.",
    "E104": "A quote stands outside the passage that it is said to come from.",
    "E105": "A passage prints a marker that is not recorded.",
    "E106": "An entry of the reference list differs from the text.",
    "E110": "The text found is another version of the document.",
    "E111": "A passage has changed in the version found.",
    "E112": "A passage is gone from the version found.",
}
"""What each code of a comparison with the text means."""

_EDITED = "The source hash is unchanged, so the {} was edited. "


@dataclass(frozen=True, slots=True)
class DocumentCheck:
    """What became of one document.

    :param status: ``checked``; ``not-checked`` (its text is not at hand); ``changed`` (the text is another version)
    :param quotes_compared: how many of the ``quotes_total`` quotes were compared with a text
    :param changes: for another version, every passage that is not as it was
    """

    document: Iri
    name: str
    status: str
    file: str | None
    quotes_compared: int
    quotes_total: int
    markers_compared: int
    markers_total: int
    passages_compared: int
    passages_total: int
    obtain: str = ""
    file_name: str = ""
    findings: tuple[Finding, ...] = ()
    changes: tuple[PassageChange, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The result as a JSON object, without its findings."""
        return {
            "document": self.name,
            "status": self.status,
            "file": self.file,
            "quotes_compared": self.quotes_compared,
            "quotes_total": self.quotes_total,
            "markers_compared": self.markers_compared,
            "markers_total": self.markers_total,
            "passages_compared": self.passages_compared,
            "passages_total": self.passages_total,
            "changes": [change.as_dict() for change in self.changes],
        }

    def text(self) -> str:
        """The result in a line or two."""
        quotes = f"{self.quotes_compared} of {self.quotes_total} quotes"
        if self.status == "not-checked":
            name = self.file_name or "the text"
            how = f"Put {name} into the corpus's sources folder, or give its place with --source or OGX_RDF_SOURCES."
            return f"{self.name}: not at hand, {quotes} compared\n     {self.obtain or how}"
        markers = f"{self.markers_compared} of {self.markers_total} markers"
        if self.status == "changed":
            markers = "no markers (they are compared with the recorded text only)"
        rest = f"{markers}, {self.passages_compared} of "
        end = "another version of the text" if self.status == "changed" else f"{len(self.findings) or 'no'} differences"
        end = end.replace("1 differences", "1 difference") if len(self.findings) == 1 else end
        return f"{self.name}: {quotes}, {rest}{self.passages_total} passages compared with {self.file}: {end}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What verify found, by document."""

    documents: tuple[DocumentCheck, ...]
    stray: tuple[Finding, ...]
    notes: tuple[str, ...]
    coverage: Coverage = field(repr=False)

    @property
    def findings(self) -> list[Finding]:
        """All findings, sorted."""
        found = [*self.stray, *(finding for check in self.documents for finding in check.findings)]
        return sorted(found, key=lambda finding: finding.sort_key)

    @property
    def complete(self) -> bool:
        """Whether every document was compared with a text."""
        return all(check.status != "not-checked" for check in self.documents)

    def exit_code(self, allow_missing: bool = False) -> int:
        """0: all as recorded; 1: findings; 3: a text is not at hand (0 with ``allow_missing``)."""
        if self.findings:
            return 1
        return 0 if self.complete or allow_missing else 3

    def as_dict(self) -> dict[str, object]:
        """The result as a JSON object: ``failed`` where a text is missing and nothing is wrong with the others."""
        answer = "rows" if self.findings else "none" if self.complete else "failed"
        return {
            "answer": answer,
            "coverage": self.coverage.as_dict(),
            "rows": [finding.as_dict() for finding in self.findings],
            "documents": [check.as_dict() for check in self.documents],
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """The result as printed on a terminal."""
        lines = []
        for found in self.findings:
            where = f"{found.file}:{found.line}: " if found.file else ""
            lines.append(f"{found.rule} {where}{found.message}")
            lines += [f"     {found.hint}"] if found.hint else []
        lines += [check.text() for check in self.documents] or ["No documents, so nothing to compare."]
        return "\n".join([*lines, *self.notes])


class Checker:
    """Compares one document with a text that has the recorded digest."""

    def __init__(self, corpus: Corpus, document: StoredDocument, text: str) -> None:
        self.corpus = corpus
        self.document = document
        self.text = text
        self.spans = {passage.iri: passage.span for passage in document.passages}
        self.recorded: dict[Iri, set[tuple[int | None, str]]] = {}
        for marker in document.markers:
            self.recorded.setdefault(marker.passage, set()).add((marker.start, marker.label))

    def findings(self) -> Iterator[Finding]:
        """Everything that differs: what is recorded of the text itself, then the quotes."""
        yield from self.of_text()
        yield from self.of_quotes()

    def of_text(self) -> Iterator[Finding]:
        """What differs in length, passages, markers and entries."""
        document = self.document
        if document.length is not None and document.length != len(self.text):
            message = f"the recorded length is {document.length}, the text has {len(self.text)} characters"
            hint = _EDITED.format("length") + "Restore it."
            yield finding(self.corpus, "E103", document.iri, OGX.length, document.length, message, hint)
        for passage in document.passages:
            yield from self._passage(passage)
        for marker in document.markers:
            yield from self._marker(marker)
        for reference in document.references:
            yield from self._reference(reference)

    def of_quotes(self) -> Iterator[Finding]:
        """The quotes that differ, or stand elsewhere than recorded."""
        for quote in self.document.quotes:
            yield from self._quote(quote)

    def _slice(self, span: tuple[int, int] | None) -> str | None:
        return self.text[slice(*span)] if span and span[1] <= len(self.text) else None

    def _passage(self, passage: StoredText) -> Iterator[Finding]:
        words = self._slice(passage.span)
        if words is None or digest(words) != passage.text.lower():
            name = self.corpus.curie(passage.iri)
            place = f"{passage.start}-{passage.end}"
            message = f"passage {name}: the text at {place} has another digest than recorded"
            hint = _EDITED.format("passage") + "Restore its offsets and digest."
            yield finding(self.corpus, "E103", passage.iri, OGX.sha256, passage.text, message, hint)
            return
        recorded = self.recorded.get(passage.iri, ())
        printed = () if passage.label in UNCITED else find_markers(self.text, *(passage.span or (0, 0)))
        for marker in printed:
            if (marker.start, marker.label) not in recorded:
                name = self.corpus.curie(passage.iri)
                message = f"passage {name} prints {marker.printed} at {marker.start}-{marker.end}; "
                message += f'no marker "{marker.label}" records it'
                hint = _EDITED.format("passage") + "Restore the marker."
                yield finding(self.corpus, "E105", passage.iri, OGX.marker, marker.printed, message, hint)

    def _marker(self, marker: StoredText) -> Iterator[Finding]:
        words, span = self._slice(marker.span), self.spans.get(marker.passage)
        path, value = OGX.printed, marker.text
        if words != marker.text:
            message = f': printed "{marker.text}", but the text has "{(words or "")[:40]}" at '
            message += f"{marker.start}-{marker.end}"
        elif span and marker.span and not span[0] <= marker.span[0] <= marker.span[1] <= span[1]:
            message = f" at {marker.start}-{marker.end} lies outside its passage ({span[0]}-{span[1]})"
        elif marker.label not in {found.label for found in find_markers(marker.text)}:
            message = f' is labelled "{marker.label}", but prints "{marker.text}"'
            path, value = SKOS.notation, marker.label
        else:
            return
        hint = _EDITED.format("marker") + "Restore it: a citation belongs to the passage that prints it."
        yield finding(
            self.corpus, "E102", marker.iri, path, value, f"marker {self.corpus.curie(marker.iri)}{message}", hint
        )

    def _reference(self, reference: StoredText) -> Iterator[Finding]:
        words = self._slice(self.spans.get(reference.passage))
        if words is not None and not (reference.text and words.endswith(reference.text)):
            near = nearest(words, reference.text, [(0, len(words))])
            at = f" It differs at character {near.character}: {near.difference}." if near else ""
            message = f"reference {self.corpus.curie(reference.iri)} is not as printed.{at}"
            hint = _EDITED.format("entry") + "Restore it; corrections belong to the work that it denotes."
            yield finding(self.corpus, "E106", reference.iri, C4O.hasContent, reference.text, message, hint)

    def _quote(self, quote: StoredQuote) -> Iterator[Finding]:
        span = self.spans.get(quote.passage)
        if not quote.text or self._slice(quote.span) != quote.text:
            name = self._named(quote)
            hint = _EDITED.format("claim") + "Restore the quote, or choose the passage again."
            if self.document.updated:
                hint = "The document has moved on to another text: read the passage, and place the quote by hand."
            message = f"{name}: {self._where(quote, span)}"
            yield finding(self.corpus, "E101", quote.iri, OGX.quote, quote.text, message, hint)
        elif span is None or not (quote.span and span[0] <= quote.span[0] <= quote.span[1] <= span[1]):
            place = f"({span[0]}-{span[1]})" if span else "which is not recorded"
            line = line_of(self.text, (quote.span or (0, 0))[0])
            name, passage = self._named(quote), self.corpus.curie(quote.passage)
            message = f"{name}: the quote at line {line} stands outside its passage {passage} {place}"
            hint = f"It stands in {self._home(quote)}." if self._home(quote) else "Choose the passage again."
            yield finding(self.corpus, "E104", quote.iri, PROV.wasQuotedFrom, quote.passage, message, hint)

    def _named(self, quote: StoredQuote) -> str:
        return f"claim {self.corpus.curie(quote.claim)}" if quote.claim else self.corpus.curie(quote.iri)

    def _home(self, quote: StoredQuote) -> str:
        if quote.span is None:
            return ""
        start, end = quote.span
        homes = (iri for iri, span in self.spans.items() if span and span[0] <= start and end <= span[1])
        return next((self.corpus.curie(iri) for iri in homes), "")

    def _where(self, quote: StoredQuote, span: tuple[int, int] | None) -> str:
        """What is wrong with a quote that is not at its offsets."""
        begin, end = span or (0, len(self.text))
        at = self.text.find(quote.text, begin, end) if quote.text else -1
        at = self.text.find(quote.text) if at < 0 and quote.text else at
        if at >= 0:
            place = f"{at}-{at + len(quote.text)} (line {line_of(self.text, at)})"
            return f"the quote stands at {place}, not at {quote.start}-{quote.end}."
        near = nearest(self.text, quote.text, [s for s in self.spans.values() if s], span) if quote.text else None
        if near is None:
            return "quote not found in the source."
        return (
            f"quote not found in the source. Nearest text at line {line_of(self.text, near.start)} "
            f"differs at character {near.character}: {near.difference}."
        )


def _check(corpus: Corpus, document: StoredDocument, found: FoundText | None, stored: Stored) -> DocumentCheck:
    findings: Sequence[Finding] = ()
    changes: Sequence[PassageChange] = ()
    status = "not-checked"
    if found is not None and found.matches:
        status = "checked"
        findings = list(Checker(corpus, document, found.text).findings())
    elif found is not None:
        status = "changed"
        changes, findings = compare_versions(corpus, document, stored, found)
    compared = status != "not-checked"
    return DocumentCheck(
        document=document.iri,
        name=document.iri.rpartition("/")[2],
        status=status,
        file=str(found.file) if found else None,
        quotes_compared=len(document.quotes) if compared else 0,
        quotes_total=len(document.quotes),
        markers_compared=len(document.markers) if status == "checked" else 0,
        markers_total=len(document.markers),
        passages_compared=len(document.passages) if compared else 0,
        passages_total=len(document.passages),
        obtain=document.obtain,
        file_name=document.file_name,
        findings=tuple(sorted(findings, key=lambda f: f.sort_key)),
        changes=tuple(changes),
    )


def stray_quote(corpus: Corpus, quote: StoredQuote) -> Finding:
    """The finding for a quote of a passage that no document has."""
    name, passage = corpus.curie(quote.iri), corpus.curie(quote.passage) or "no passage"
    message = f"{name} quotes {passage}, which no document has"
    return finding(corpus, "E104", quote.iri, PROV.wasQuotedFrom, quote.passage, message, "Choose the passage again.")


def verify(corpus: Corpus, *, sources: Sequence[str] = ()) -> Verification:
    """Compare every quote, marker, passage and reference entry with the text of its document.

    :param sources: files, folders or ``ID=FILE``, looked at before ``OGX_RDF_SOURCES`` and the corpus's own folder
    :raises InputError: for a source given here that is absent, unreadable, cut short or not UTF-8
    """
    places = search(corpus, sources)
    stored = read_stored(corpus)
    checks = [_check(corpus, document, places.texts.get(document.iri), stored) for document in stored.documents]
    stray = [stray_quote(corpus, quote) for quote in stored.stray]
    return Verification(tuple(checks), tuple(stray), tuple(places.notes), coverage(corpus))
