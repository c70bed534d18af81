"""What the tables hold: every column with its type and its meaning.

The README prints this, the writer gives the files these types, and a reader of another version is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FORMAT", "TABLES", "Column", "Table"]

FORMAT = 1
"""The version of the layout; it changes with any column."""

TEXT, NUMBER, TRUTH, TEXTS = "VARCHAR", "INTEGER", "BOOLEAN", "VARCHAR[]"
CITATION = ("label", "printed", "reference", "resolution", "work", "source_type", "standing", "leads_to", "carries")
CITATIONS = f"STRUCT({', '.join(f'{name} {TEXT}' for name in CITATION)})[]"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type in SQL, and what it means."""

    name: str
    type: str
    meaning: str

    @property
    def is_list(self) -> bool:
        """Whether it holds a list, which is empty and never null."""
        return self.type.endswith("[]")

    @property
    def shape(self) -> object:
        """The type as DuckDB wants it to read the column out of JSON."""
        if self.type == CITATIONS:
            return [dict.fromkeys(CITATION, TEXT)]
        return [self.type[:-2]] if self.is_list else self.type


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what one row is, its columns, the column whose rows are replaced together, and the order of its rows."""

    name: str
    row: str
    owner: str
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def identity(self) -> str:
        """The columns, in SQL, of which no two rows have the same values."""
        return ", ".join(f'"{name}"' for name in self.order if name != "start")


def _columns(*told: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*one) for one in told)


_PROPOSITION = (
    ("label", TEXT, "its label"),
    ("subject", TEXT, "its subject"),
    ("predicate", TEXT, "its relation"),
    ("object", TEXT, "its object"),
    ("polarity", TEXT, "positive, negative or notShown"),
    ("kind", TEXT, "its kind (trialResult, mechanism …)"),
    ("disease", TEXT, "context: disease"),
    ("model", TEXT, "context: model"),
    ("trial", TEXT, "context: trial"),
    ("line", TEXT, "context: line of therapy"),
    ("population", TEXT, "context: population"),
    ("background", TEXT, "context: background regimen"),
    ("comparator", TEXT, "context: comparator"),
    ("context", TEXT, "digest of the seven together, null where there is none"),
    ("key", TEXT, "digest of subject, relation, object, polarity and context: one proposition, one key"),
)

CLAIMS = _columns(
    ("claim", TEXT, "the claim"),
    *_PROPOSITION,
    ("subject_label", TEXT, "the name of the subject"),
    ("predicate_label", TEXT, "the name of the relation"),
    ("object_label", TEXT, "the name of the object"),
    ("setting", TEXTS, "the context by name, as `disease: …`"),
    ("comment", TEXT, "the curator's comment"),
    ("certainty", TEXT, "the strongest certainty with which any place supports it, or none"),
    ("pieces", NUMBER, "pieces of evidence"),
    ("places", NUMBER, "pieces of evidence that are quotes"),
    ("state", TEXT, "its citation state (uncited, oneWork …)"),
    ("carried", TEXT, "the best that its citations offer a result: primary, secondary, cannot, uncited or notQuoted"),
    ("sources_cited", NUMBER, "how many distinct sources it cites"),
    ("sources", TEXTS, "the distinct sources cited: works, else entries, else labels"),
    ("labels", TEXTS, "the distinct labels cited"),
    ("entries", TEXTS, "the distinct entries cited, an empty text for a label that is in no list"),
    ("stated_by", TEXTS, "the documents that state it"),
    ("support", TEXT, "what the literature read amounts to (supported, contested, notRead …)"),
    ("studies_for", NUMBER, "how many studies support it"),
    ("studies_against", NUMBER, "how many dispute it"),
    ("supporting", TEXTS, "the supporting studies, each by its first name"),
    ("disputing", TEXTS, "the disputing studies"),
    ("exact", TRUTH, "whether a supporting study speaks to the very proposition"),
    ("first_hand", TRUTH, "whether a report of a supporting study was itself read"),
)

EVIDENCE = _columns(
    ("evidence", TEXT, "the piece of evidence"),
    ("claim", TEXT, "the claim that it speaks to"),
    ("orphan", TRUTH, "whether that claim is not there, and its columns therefore null"),
    *_PROPOSITION,
    ("stance", TEXT, "supports, disputes or silent"),
    ("directness", TEXT, "exact, narrower, broader or analogous"),
    ("certainty", TEXT, "asserted, hedged, intended, capability or outlook"),
    ("hedges", TEXTS, "the hedge words, as they are read"),
    ("hedge_override", TEXT, "why hedge words of the quote are none here"),
    ("manner", TEXT, "presupposed, caption …"),
    ("via", TEXTS, "the claims given as the way"),
    ("not_stated", TEXTS, "what the place does not state"),
    ("relies_on", TEXTS, "passages that the curator leaned on, whose citations are not taken over"),
    ("types", TEXTS, "evidence types"),
    ("quote", TEXT, "the verbatim words, null for a report"),
    ("start", NUMBER, "where the quote begins in the text, in code points"),
    ("end", NUMBER, "where it ends"),
    ("quote_verdict", TEXT, "compared, differs, not compared, or reported"),
    ("passage", TEXT, "the passage quoted"),
    ("passage_verdict", TEXT, "located, outside, missing, or reported"),
    ("passage_kind", TEXT, "sentence, tableRow …"),
    ("document", TEXT, "the document of the passage"),
    ("section", TEXT, "its section"),
    ("text_line", NUMBER, "its line in the text"),
    ("text_row", NUMBER, "its row, in a table"),
    ("citation", TEXT, "cited, uncited, or reported"),
    ("citations", CITATIONS, "each printed marker, followed to entry, work and what it can carry"),
    ("report", TEXT, "the curator's paraphrase, where it is no quote"),
    ("source", TEXT, "the work read"),
    ("source_type", TEXT, "its source type"),
    ("source_standing", TEXT, "its standing"),
    ("primary_source", TEXT, "the work whose result it is, where that is another"),
    ("primary_type", TEXT, "its source type"),
    ("primary_standing", TEXT, "its standing"),
    ("studies", TEXTS, "the studies of the work whose result it is, else that work"),
    ("extent", TEXT, "how much was read"),
    ("read_at", TEXT, "where it was read"),
    ("read_on", TEXT, "when"),
    ("read_by", TEXT, "by whom"),
    ("measurement", TEXT, "the measurement"),
    ("measured", TEXT, "the measure, as worded"),
    ("measured_value", TEXT, "its value, as worded"),
    ("measured_unit", TEXT, "its unit"),
    ("measured_statistic", TEXT, "its statistic"),
    ("measured_n", TEXT, "how many were measured"),
    ("measured_denominator", TEXT, "out of what"),
    ("measured_comparator", TEXT, "compared with what"),
    ("measured_interval", TEXT, "its interval"),
    ("measured_p", TEXT, "its p value"),
    ("measured_time", TEXT, "its time point"),
)

PASSAGES = _columns(
    ("passage", TEXT, "the passage"),
    ("document", TEXT, "its document"),
    ("kind", TEXT, "sentence, tableRow, heading …"),
    ("section", TEXT, "its section"),
    ("start", NUMBER, "where it begins in the text, in code points"),
    ("end", NUMBER, "where it ends"),
    ("sha256", TEXT, "the digest of its text"),
    ("text_line", NUMBER, "its line"),
    ("text_row", NUMBER, "its row, in a table"),
    ("skipped_as", TEXT, "why it asserts nothing, where that was said"),
    ("labels", TEXTS, "the labels printed in it, in order"),
    ("marks", NUMBER, "how many that are"),
    ("unlisted", NUMBER, "how many of them are in no list"),
    ("carried", TEXT, "the best that its citations offer a result: primary, secondary, cannot or uncited"),
)

MARKERS = _columns(
    ("passage", TEXT, "the passage that prints it"),
    ("marker", TEXT, "the marker"),
    ("label", TEXT, "the label"),
    ("printed", TEXT, "as printed"),
    ("start", NUMBER, "where it begins in the text"),
    ("end", NUMBER, "where it ends"),
    ("again", TRUTH, "whether an earlier marker of the passage denotes the same entry"),
    ("reference", TEXT, "the entry that it denotes, null where the list has no such entry"),
)

REFERENCES = _columns(
    ("reference", TEXT, "the entry"),
    ("label", TEXT, "its label"),
    ("content", TEXT, "the entry as printed"),
    ("document", TEXT, "the document whose list it is in"),
    ("passage", TEXT, "the passage that prints it"),
    ("resolution", TEXT, "resolved, candidate, unresolvable or unjudged"),
    ("work", TEXT, "the work that it denotes"),
    ("candidates", TEXTS, "the works that it may denote"),
    ("source_type", TEXT, "the source type recorded on the entry (that of the work goes before it)"),
    ("comment", TEXT, "the curator's comment"),
)

WORKS = _columns(
    ("work", TEXT, "the work"),
    ("title", TEXT, "its title"),
    ("creator", TEXT, "its authors, as given"),
    ("date", TEXT, "its date"),
    ("venue", TEXT, "where it was published"),
    ("identifiers", TEXTS, "DOI, PMID, NCT …"),
    ("url", TEXT, "its address"),
    ("source_type", TEXT, "primaryReport, review, encyclopedia …"),
    ("studies", TEXTS, "the studies that it reports"),
    ("standing", TEXT, "current, corrected, retracted, superseded or unknown"),
    ("standing_checked", TEXT, "when that was checked"),
    ("standing_source", TEXT, "where"),
    ("notices", TEXTS, "notices on it"),
    ("replaced_by", TEXT, "what takes its place"),
    ("comment", TEXT, "the curator's comment"),
)

TENSIONS = _columns(
    ("tension", TEXT, "the tension"),
    ("label", TEXT, "its label"),
    ("kinds", TEXTS, "its kinds"),
    ("said", TEXTS, "what is called into question"),
    ("against", TEXTS, "what it is set against"),
    ("difference", TEXT, "the difference, as the curator puts it"),
    ("inferences", TEXTS, "the curator's own conclusions"),
    ("sureness", TEXT, "sure, fairlySure or unsure"),
    ("curator", TEXT, "who recorded it"),
    ("date", TEXT, "when"),
    ("comment", TEXT, "the curator's comment"),
)

DOCUMENTS = _columns(
    ("document", TEXT, "the document"),
    ("title", TEXT, "its title"),
    ("publisher", TEXT, "its publisher"),
    ("date", TEXT, "its date"),
    ("sha256", TEXT, "the digest of its text"),
    ("length", NUMBER, "the length of its text, in code points"),
    ("file_name", TEXT, "the name of its file"),
    ("obtain", TEXT, "where it is to be had"),
)

RELATIONS = _columns(
    ("relation", TEXT, "the relation"),
    ("label", TEXT, "its name"),
    ("sign", TEXT, "+1, -1 or unsigned"),
    ("declared", TRUTH, "whether it is of the class of relations"),
    ("synonyms", TEXT, "the first of those that count as one with it"),
    ("opposes", TEXTS, "those that it opposes, either way"),
)

TABLES = {
    table.name: table
    for table in (
        Table("evidence", "piece of evidence", "claim", ("claim", "evidence"), EVIDENCE),
        Table("claims", "claim, with evidence or without", "claim", ("claim",), CLAIMS),
        Table("passages", "passage of a document, skipped ones too", "passage", ("passage",), PASSAGES),
        Table("markers", "citation marker on a passage", "passage", ("passage", "start", "marker"), MARKERS),
        Table("references", "entry of a reference list", "reference", ("reference",), REFERENCES),
        Table("works", "work", "work", ("work",), WORKS),
        Table("tensions", "tension that a curator named", "tension", ("tension",), TENSIONS),
        Table("documents", "document", "document", ("document",), DOCUMENTS),
        Table("relations", "relation, with those that it opposes", "relation", ("relation",), RELATIONS),
    )
}
"""The tables by name.  Ids are IRIs in full; words of closed lists stand as exports print them."""
