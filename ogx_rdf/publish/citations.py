"""The works of a corpus for reference managers: BibTeX, RIS and CSL-JSON.

A field that is not curated is not there; what does not read strictly (see :mod:`ogx_rdf.works.reading`) goes into a
note as it stands.  A note also says what a reader of a reference list could not see: that the list of authors is
incomplete, that a title is the curator's description, that the work was retracted.

bibtexparser writes BibTeX and rispy RIS; CSL-JSON is the JSON that citation processors read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..corpus import Corpus
from ..errors import InputError
from ..model import Iri
from ..namespaces import DCTERMS, FABIO, RDF
from ..records import Records, Work
from ..works.reading import Authors, Person, Venue, described, identifiers, read_authors, read_venue

__all__ = ["Citation", "bibtex", "citations", "csl_json", "ris"]

ARTICLE = ("article", "JOUR", "article-journal", None)
MEETING = ("misc", "CPAPER", "paper-conference", None)
REPORT = ("misc", "RPRT", "report", None)
KINDS = {
    **dict.fromkeys(("ResearchPaper", "JournalArticle", "ReviewArticle", "SystematicReview"), ARTICLE),
    **dict.fromkeys(("ReviewPaper", "ClinicalTrialReport", "CaseReport", "BriefReport"), ARTICLE),
    **dict.fromkeys(("Abstract", "ConferencePaper", "ConferencePoster"), MEETING),
    **dict.fromkeys(("ReportDocument", "TechnicalReport", "WhitePaper", "MeetingReport"), REPORT),
    "WebPage": ("misc", "ELEC", "webpage", None),
    "Entry": ("misc", "DBASE", "entry", None),
    "WikipediaEntry": ("misc", "ENCYC", "entry-encyclopedia", None),
    "PressRelease": ("misc", "GEN", "document", "Press release"),
    "NewsItem": ("misc", "NEWS", "article-newspaper", None),
}
"""By class of FaBiO: the type in BibTeX, in RIS and in CSL, and a word for what the type does not say."""

OTHER = ("misc", "GEN", "document", None)
NUMBERS = {
    "doi": ("doi", "doi", "DOI"),
    "pmid": ("pmid", "accession_number", "PMID"),
    "pmcid": ("pmcid", "custom2", "PMCID"),
    "isbn": ("isbn", "issn", "ISBN"),
    "issn": ("issn", "issn", "ISSN"),
}
"""By scheme of an identifier: its field in BibTeX, in RIS (as rispy names it) and in CSL; others go into a note."""

TEX = str.maketrans(
    {
        **{character: f"\\{character}" for character in "&%$#_"},
        "{": "\\textbraceleft{}",  # not \\{, since BibTeX counts braces whether or not a backslash precedes them
        "}": "\\textbraceright{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
        "\\": "\\textbackslash{}",
    }
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A work as a reference manager takes it.

    :param key: the local name of the work
    :param kind: the types in BibTeX, RIS and CSL, and the genre, as in :data:`KINDS`
    :param date: year, month, day, as far as curated
    :param place: what is curated of the venue and does not read as journal, volume and pages
    """

    key: str
    kind: tuple[str, str, str, str | None]
    title: str | None
    authors: Authors
    date: tuple[str, ...]
    venue: Venue | None
    place: str | None
    numbers: Mapping[str, str]
    url: str | None
    notes: tuple[str, ...]


def citations(corpus: Corpus) -> list[Citation]:
    """Every work of the corpus, in natural order of its id."""
    records = Records(corpus)
    return [_citation(records, work) for work in records.works.values()]


def _citation(records: Records, work: Work) -> Citation:
    classes = records.nodes.iris(work.iri, RDF.type)
    kinds = [KINDS[name] for name in (c.removeprefix(FABIO.iri) for c in classes) if name in KINDS]
    own = identifiers(work)
    venue = read_venue(work.venue)
    authors = read_authors(work.creator)
    title = records.nodes.text(work.iri, DCTERMS.title)
    return Citation(
        key=_key(records.corpus, work.iri),
        kind=kinds[0] if kinds else OTHER,
        title=_line(title) if title else None,
        authors=authors,
        date=tuple(work.date.split("-")) if work.date else (),
        venue=venue,
        place=_line(work.venue) if work.venue and not venue else None,
        numbers={scheme: values[0] for scheme, values in own.items() if scheme in NUMBERS},
        url=work.url,
        notes=tuple(_notes(records.corpus, work, title, authors)),
    )


def _key(corpus: Corpus, iri: Iri) -> str:
    name = iri.removeprefix(f"{corpus.base}work/")
    return re.sub(r"[^A-Za-z0-9_.:/+-]", "-", name if name != iri else corpus.curie(iri))


def _line(text: str) -> str:
    return " ".join(text.split())


def _notes(corpus: Corpus, work: Work, title: str | None, authors: Authors) -> Iterator[str]:
    if work.standing not in ("unknown", "current"):
        when = f", checked {work.standing_checked}" if work.standing_checked else ""
        where = f", {work.standing_source}" if work.standing_source else ""
        later = f" by {_key(corpus, work.replaced_by)}" if work.replaced_by else ""
        yield _line(f"{work.standing.upper()}{later}{when}{where}{''.join(f', {notice}' for notice in work.notices)}")
    if title and described(title):
        yield "the title in square brackets is the curator's description, none was seen in print"
    if not authors.complete:
        yield "author list incomplete"
    for scheme, values in identifiers(work).items():
        for value in values[1:] if scheme in NUMBERS else values:
            yield f"{scheme}:{value}"


@contextmanager
def _library() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as exc:
        raise InputError(
            "E607",
            f"this format needs a library that is not installed ({exc.name})",
            hint="Install the extra: pip install 'ogx-rdf[citations]'. csl-json needs none.",
        ) from exc


def _bibtex_author(name: Person | str) -> str:
    if isinstance(name, str):
        return f"{{{name.translate(TEX)}}}"
    return ", ".join(part.translate(TEX) for part in (name.family, name.suffix, name.spaced) if part)


def _bibtex_fields(item: Citation) -> Iterator[tuple[str, str]]:
    if item.authors.names:
        yield "author", " and ".join(map(_bibtex_author, item.authors.names))
    if item.title:
        # Braces within the braces: styles that put titles in lower case leave "OGX-011" alone.
        yield "title", f"{{{item.title.translate(TEX)}}}"
    if item.venue:
        yield "journal", item.venue.journal.translate(TEX)
        yield "volume", item.venue.volume
        if item.venue.issue:
            yield "number", item.venue.issue.translate(TEX)
        yield "pages", re.sub("[-–]", "--", item.venue.pages).translate(TEX)
    if item.place and item.kind[0] == "misc":
        yield "howpublished", item.place.translate(TEX)
    yield from zip(("year", "month", "day"), (part.lstrip("0") for part in item.date), strict=False)
    for scheme, value in item.numbers.items():
        yield NUMBERS[scheme][0], _verbatim(value)
    if item.url:
        yield "url", _verbatim(item.url)
    place = None if item.kind[0] == "misc" else item.place
    notes = [note for note in (item.kind[3], place, *item.notes) if note]
    if notes:
        yield "note", "; ".join(notes).translate(TEX)


def _verbatim(text: str) -> str:
    """An address or a number, which TeX packages take verbatim; only what would end the field is quoted."""
    return re.sub(r"[{}\\]", lambda found: f"%{ord(found[0]):02X}", text)


def bibtex(corpus: Corpus) -> Iterator[str]:
    """The works as BibTeX in UTF-8, with the special characters of TeX escaped.

    :raises InputError: where the extra ``citations`` is not installed
    """
    with _library():
        from bibtexparser.entrypoint import write_string
        from bibtexparser.library import Library
        from bibtexparser.model import Entry, Field
        from bibtexparser.writer import BibtexFormat
    library = Library()
    for item in citations(corpus):
        kind = "article" if item.venue else item.kind[0]
        library.add(Entry(kind, item.key, [Field(name, value) for name, value in _bibtex_fields(item)]))
    form = BibtexFormat()  # type: ignore[no-untyped-call]
    form.indent, form.trailing_comma, form.block_separator = "  ", True, "\n"
    yield write_string(library, bibtex_format=form)


def _ris_author(name: Person | str) -> str:
    if isinstance(name, str):
        return name
    given = name.spaced.replace(" ", "")
    return ", ".join(filter(None, (name.family, given, name.suffix)))


def _ris_venue(venue: Venue) -> Iterator[tuple[str, str]]:
    first, _, last = venue.pages.replace("–", "-").partition("-")
    whole = len(last) >= len(first)
    yield "secondary_title", venue.journal
    yield "volume", venue.volume
    if venue.issue:
        yield "number", venue.issue
    # A last page in short, 1287-96, would be read as page 96.
    yield "start_page", first if whole else venue.pages
    if whole:
        yield "end_page", last


def _ris_record(item: Citation) -> Iterator[tuple[str, str | list[str]]]:
    yield "type_of_reference", item.kind[1]
    yield "id", item.key
    if item.authors.names:
        yield "authors", [_ris_author(name) for name in item.authors.names]
    if item.title:
        yield "title", item.title
    if item.date:
        yield "year", item.date[0]
    if len(item.date) > 1:
        yield "date", "/".join((*item.date, "", "", "")[:3]) + "/"
    if item.venue:
        yield from _ris_venue(item.venue)
    for scheme, value in item.numbers.items():
        yield NUMBERS[scheme][1], value
    if item.url:
        yield "urls", [item.url]
    if item.kind[3]:
        yield "type_of_work", item.kind[3]
    notes = [note for note in (item.place, *item.notes) if note]
    if notes:
        yield "notes", notes


def ris(corpus: Corpus) -> Iterator[str]:
    """The works as RIS, a tag on each line.

    :raises InputError: where the extra ``citations`` is not installed
    """
    with _library():
        import rispy  # type: ignore[import-untyped]

    class Writer(rispy.RisWriter):  # type: ignore[misc]
        def set_header(self, count: int) -> str:
            """No number before a record: RIS knows none."""
            return ""

    yield rispy.dumps([dict(_ris_record(item)) for item in citations(corpus)], implementation=Writer)


def _csl_author(name: Person | str) -> dict[str, str]:
    if isinstance(name, str):
        return {"literal": name}
    return {"family": name.family, "given": name.spaced} | ({"suffix": name.suffix} if name.suffix else {})


def _csl_item(item: Citation) -> dict[str, Any]:
    venue = item.venue
    notes = [note for note in (item.place, *item.notes) if note]
    fields: dict[str, Any] = {
        "id": item.key,
        "type": item.kind[2],
        "title": item.title,
        "author": [_csl_author(name) for name in item.authors.names],
        "issued": {"date-parts": [[int(part) for part in item.date]]} if item.date else None,
        "container-title": venue and venue.journal,
        "volume": venue and venue.volume,
        "issue": venue and venue.issue,
        "page": venue and venue.pages,
        "genre": item.kind[3],
        **{NUMBERS[scheme][2]: value for scheme, value in item.numbers.items()},
        "URL": item.url,
        "note": "; ".join(notes),
    }
    return {name: value for name, value in fields.items() if value}


def csl_json(corpus: Corpus) -> Iterator[str]:
    """The works as CSL-JSON, one list of items."""
    yield json.dumps([_csl_item(item) for item in citations(corpus)], ensure_ascii=False, indent=2) + "\n"
