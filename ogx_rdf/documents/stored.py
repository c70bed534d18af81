"""What a corpus records of its documents, as :mod:`ogx_rdf.documents.verify` compares it with the text.

Read by query and not through records: here a quote with two values, or a marker without a passage, must still be
seen, since that is the kind of thing that is looked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from ..corpus import Corpus
from ..model import Finding, Iri, Literal, Severity
from ..namespaces import C4O, DCTERMS, OGX, PROV, SKOS, XSD
from ..turtle import natural_key, term_text

__all__ = ["Stored", "StoredDocument", "StoredQuote", "StoredText", "finding", "number", "read_stored"]

_PREFIXES = (
    f"PREFIX ogx: <{OGX.iri}> PREFIX prov: <{PROV.iri}> PREFIX dcterms: <{DCTERMS.iri}> "
    f"PREFIX skos: <{SKOS.iri}> PREFIX c4o: <{C4O.iri}> "
)


@dataclass(frozen=True, slots=True)
class StoredText:
    """Something recorded of a place in a document.

    :param text: the words of a quote, marker or entry; the digest of a passage
    :param label: the label of a marker; the kind of a passage
    """

    iri: Iri
    passage: Iri
    start: int | None
    end: int | None
    text: str
    label: str = ""

    @property
    def span(self) -> tuple[int, int] | None:
        """Start and end, where both are recorded and make sense."""
        if self.start is None or self.end is None or not 0 <= self.start <= self.end:
            return None
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class StoredQuote(StoredText):
    """A quote, with the claim that it bears on."""

    claim: Iri | None = None


@dataclass(slots=True)
class StoredDocument:
    """A document with all that is recorded of its text, in order; ``updated`` where it had another text before."""

    iri: Iri
    sha256: str = ""
    length: int | None = None
    obtain: str = ""
    file_name: str = ""
    updated: bool = False
    passages: list[StoredText] = field(default_factory=list)
    markers: list[StoredText] = field(default_factory=list)
    references: list[StoredText] = field(default_factory=list)
    quotes: list[StoredQuote] = field(default_factory=list)


@dataclass(slots=True)
class Stored:
    """All documents, and the quotes of passages that belong to none of them."""

    documents: list[StoredDocument]
    stray: list[StoredQuote]
    relying: dict[Iri, list[Iri]]


def number(text: str) -> int | None:
    """A whole number as recorded, or None where it is none."""
    return int(text) if re.fullmatch(r"\+?[0-9]{1,18}", text) else None


def _rows(corpus: Corpus, pattern: str) -> list[dict[str, str]]:
    rows = corpus.dataset.select(f"{_PREFIXES} SELECT DISTINCT * WHERE {{ {pattern} }}", shown="documents").texts()
    return sorted(rows, key=lambda row: [(name, natural_key(row[name])) for name in sorted(row)])


def _text(row: dict[str, str]) -> StoredText:
    start, end = number(row.get("start", "")), number(row.get("end", ""))
    return StoredText(Iri(row["x"]), Iri(row["passage"]), start, end, row["text"], row.get("label", ""))


_SPAN = "OPTIONAL { ?x ogx:start ?start } OPTIONAL { ?x ogx:end ?end }"


def read_stored(corpus: Corpus) -> Stored:
    """Read everything recorded of the texts, in natural order."""
    documents = {
        Iri(row["x"]): StoredDocument(
            Iri(row["x"]),
            row["sha256"].lower(),
            number(row["length"]),
            row["obtain"],
            row["name"],
            bool(row["former"]),
        )
        for row in _rows(
            corpus,
            "?x a ogx:Document . OPTIONAL { ?x ogx:sha256 ?sha256 } OPTIONAL { ?x ogx:length ?length } "
            "OPTIONAL { ?x ogx:obtain ?obtain } OPTIONAL { ?x ogx:fileName ?name } "
            "BIND(IF(EXISTS { ?x prov:wasRevisionOf ?version }, 'former', '') AS ?former)",
        )
    }
    home: dict[str, StoredDocument] = {}
    for row in _rows(
        corpus,
        "?x a ogx:Passage ; dcterms:isPartOf ?document ; ogx:sha256 ?text . "
        f"OPTIONAL {{ ?x ogx:passageKind ?label }} {_SPAN}",
    ):
        if (document := documents.get(Iri(row["document"]))) is not None:
            home[row["x"]] = document
            kind = row["label"].removeprefix(OGX.iri)
            document.passages.append(_text({**row, "passage": row["x"], "label": kind, "text": row["text"].lower()}))
    for row in _rows(corpus, f"?passage ogx:marker ?x . ?x ogx:printed ?text ; skos:notation ?label . {_SPAN}"):
        if row["passage"] in home:
            home[row["passage"]].markers.append(_text(row))
    for row in _rows(
        corpus,
        "?x a ogx:Reference ; c4o:hasContent ?text ; prov:wasQuotedFrom ?passage . "
        "OPTIONAL { ?x skos:notation ?label }",
    ):
        if row["passage"] in home:
            home[row["passage"]].references.append(_text(row))
    stray: list[StoredQuote] = []
    for quote in _quotes(corpus):
        found = home.get(quote.passage) or documents.get(Iri(quote.passage.partition(".p")[0]))
        (found.quotes if found else stray).append(quote)
    for document in documents.values():
        document.passages.sort(key=lambda p: natural_key(p.iri))
    return Stored(list(documents.values()), stray, _relying(corpus))


def _quotes(corpus: Corpus) -> list[StoredQuote]:
    pattern = (
        "?x ogx:quote ?text . OPTIONAL { ?x prov:wasQuotedFrom ?passage } OPTIONAL { ?x ogx:evidenceFor ?claim } "
        + _SPAN
    )
    quotes = []
    for row in _rows(corpus, pattern):
        text = _text(row)
        claim = Iri(row["claim"]) if row["claim"] else None
        quotes.append(StoredQuote(text.iri, text.passage, text.start, text.end, text.text, "", claim))
    return sorted(quotes, key=lambda quote: natural_key(quote.iri))


def _relying(corpus: Corpus) -> dict[Iri, list[Iri]]:
    """The claims whose evidence leans on a passage without quoting it."""
    relying: dict[Iri, list[Iri]] = defaultdict(list)
    for row in _rows(corpus, "?x ogx:reliesOn ?passage ; ogx:evidenceFor ?claim"):
        relying[Iri(row["passage"])].append(Iri(row["claim"]))
    return relying


def finding(
    corpus: Corpus, rule: str, subject: Iri, path: Iri, value: str | int, message: str, hint: str | None = None
) -> Finding:
    """A violation at the line of the triple that it is about."""
    term = Literal(str(value), XSD.integer) if isinstance(value, int) else Literal(value)
    file, line = corpus.index.place(subject, path, term_text(term, corpus.prefixes))
    quoted = term_text(Literal(str(value)), {})
    shown = f"{quoted}^^<{XSD.integer}>" if isinstance(value, int) else quoted
    return Finding(rule, Severity.VIOLATION, subject, path, shown, message, file, line, hint)
