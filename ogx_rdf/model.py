"""The values that travel between modules: terms, findings, passages.

Nothing here knows a file format, an engine or a command.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Cell", "Finding", "Iri", "Literal", "Marker", "Passage", "Severity", "Term", "Triple"]

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Iri(str):
    """An IRI, as a string of its own type so that it is never taken for a literal."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{self}>"


@dataclass(frozen=True, slots=True)
class Literal:
    """An RDF literal with the lexical form exactly as parsed."""

    value: str
    datatype: str = XSD_STRING
    language: str | None = None

    def __str__(self) -> str:
        return self.value


Term = Iri | Literal
Triple = tuple[Iri, Iri, Term]


class Severity:
    """The three severities, worst first."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    ORDER = (VIOLATION, WARNING, INFO)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, wherever it was found.

    ``focus``, ``path`` and ``value`` are IRIs or N-Triples terms as strings; ``file`` and ``line``
    point into the corpus.  Findings are collected, sorted and reported once, never raised.
    """

    rule: str
    severity: str
    focus: str
    path: str | None
    value: str | None
    message: str
    file: str | None = None
    line: int | None = None
    hint: str | None = None

    @property
    def sort_key(self) -> tuple[int, str, int, str, str, str, str]:
        """Worst first, then by place, then by rule."""
        return (
            Severity.ORDER.index(self.severity),
            self.file or "",
            self.line or 0,
            self.rule,
            self.focus,
            self.path or "",
            self.value or "",
        )

    def as_dict(self) -> dict[str, object]:
        """The finding as a JSON object."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "focus": self.focus,
            "path": self.path,
            "value": self.value,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation marker as printed: the label it shows and the span of its brackets (code points)."""

    label: str
    start: int
    end: int
    printed: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: 1-based column and span (code points)."""

    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One unit of a document: a sentence, a table row, a heading …  Spans are half-open, in code points."""

    number: int
    start: int
    end: int
    kind: str
    section: str | None
    sha256: str
    line: int
    markers: tuple[Marker, ...] = field(default=())
    cells: tuple[Cell, ...] = field(default=())
    row: int | None = None
