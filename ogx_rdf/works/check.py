"""What became of the works of a corpus: what is recorded, and with a client what the registries say today.

A work is current only where a registry answered and named nothing; no answer, and no record, leave it unknown.  What is
curated is never changed: a difference is reported with both values.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from ..corpus import Corpus
from ..documents.coverage import coverage
from ..errors import UsageError
from ..model import Iri
from ..namespaces import OGX
from ..records import Records, Work
from .client import CROSSREF, PUBMED, TIMEOUT, Client, NoAnswerError, Reply
from .compare import Difference
from .judge import SCHEMES, Judgement, judge
from .reading import identifiers
from .standing import Ledger, Standing, read_ledger, refuse_unwritable, write_ledger

__all__ = ["STANDINGS", "WorkRow", "WorksCheck", "works_check"]

STANDINGS = ("retracted", "corrected", "superseded", "unknown", "current")
"""The standings in the order in which works are listed."""

OFFLINE = "offline: nothing was asked; use --online"


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One work: what is recorded, what was found, what differs, what failed.

    :param found: the standing that the registries give; None where none was asked or nothing can be concluded
    :param kept: whether the record stays although something was found: it is curated, or known better than unknown
    :param conflict: the curated standing with its place, where the registries name another
    """

    iri: Iri
    work: str
    title: str
    recorded: Standing
    asked: tuple[str, ...] = ()
    found: Standing | None = None
    kept: bool = False
    says: tuple[str, ...] = ()
    conflict: str | None = None
    differences: tuple[Difference, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def standing(self) -> Standing:
        """What is known now: what was found, else what is recorded; the worse of both where a curator differs."""
        if self.found is None or (self.kept and self.found.word == "unknown"):
            return self.recorded
        both = (self.found, self.recorded) if self.kept else (self.found,)
        return min(both, key=lambda standing: STANDINGS.index(standing.word))

    def as_dict(self, corpus: Corpus) -> dict[str, object]:
        """The row as a JSON object."""
        now = self.standing
        return {
            "work": self.work,
            "title": self.title,
            "standing": now.word,
            "checked": now.checked,
            "source": now.source,
            "notices": list(now.notices),
            "replaced_by": corpus.curie(now.replaced_by) if now.replaced_by else None,
            "asked": list(self.asked),
            "says": list(self.says),
            "recorded": self.recorded.word,
            "conflict": self.conflict,
            "differences": [item.as_dict() for item in self.differences],
            "failures": list(self.failures),
        }

    def text(self) -> str:
        """The row as printed on a terminal."""
        now = self.standing
        when = f"checked {now.checked}, {now.source or 'source not recorded'}" if now.checked else "never checked"
        lines = [f"{self.work}: {now.word} ({when})"]
        lines += [f"  conflict: {self.conflict}"] if self.conflict else []
        lines += [f"  notice: {notice}" for notice in now.notices]
        lines += [f"  {line}" for line in self.says]
        for item in self.differences:
            head = "missing here" if item.here is None else "differs"
            here = "" if item.here is None else f"here {item.here!r}, "
            lines.append(f"  {head}: {item.field}: {here}{item.registry} {item.there!r}")
        lines += [f"  failed: {reason}" for reason in self.failures]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class WorksCheck:
    """What a check of all works found; ``written`` is the file, where one was written."""

    corpus: Corpus
    rows: tuple[WorkRow, ...]
    online: bool
    written: str | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many works there are: in all, by standing, never checked, and with what else was found."""
        by = Counter(row.standing.word for row in self.rows)
        return {
            "works": len(self.rows),
            **{word: by[word] for word in STANDINGS},
            "never-checked": sum(row.standing.checked is None for row in self.rows),
            "asked": sum(bool(row.asked) for row in self.rows),
            "failed": sum(bool(row.failures) for row in self.rows),
            "conflicts": sum(row.conflict is not None for row in self.rows),
            "differences": sum(d.here is not None for row in self.rows for d in row.differences),
            "missing-here": sum(d.here is None for row in self.rows for d in row.differences),
        }

    @property
    def exit_code(self) -> int:
        """3 where a registry failed on any work, 1 for a retracted work or a conflict, else 0."""
        counts = self.counts
        return 3 if counts["failed"] else int(counts["retracted"] > 0 or counts["conflicts"] > 0)

    @property
    def answer(self) -> str:
        """``rows``, ``none`` for a corpus without works, ``failed`` where every look-up failed."""
        asked = [row for row in self.rows if row.asked]
        if asked and all(row.failures and row.found is None for row in asked):
            return "failed"
        return "rows" if self.rows else "none"

    def as_dict(self) -> dict[str, object]:
        """The check as a JSON object."""
        return {
            "answer": self.answer,
            "coverage": coverage(self.corpus).as_dict(),
            "online": self.online,
            "counts": self.counts,
            "written": self.written,
            "rows": [row.as_dict(self.corpus) for row in self.rows],
        }

    def text(self) -> str:
        """The check as printed on a terminal."""
        counts = self.counts
        words = ", ".join(f"{counts[word]} {word}" for word in STANDINGS)
        lines = [*(row.text() for row in self.rows), ""]
        lines.append(f"{counts['works']} works: {words}; {counts['never-checked']} never checked")
        if self.online:
            rest = ("failed", "conflicts", "differences", "missing-here")
            lines.append(f"asked about {counts['asked']}: " + ", ".join(f"{counts[n]} {n}" for n in rest))
            lines.append(f"Wrote {self.written}" if self.written else "Nothing was written; --write records it.")
        else:
            lines.append(OFFLINE)
        return "\n".join(lines)


def works_check(
    corpus: Corpus,
    *,
    online: bool = False,
    write: bool = False,
    mailto: str | None = None,
    cache: Path | None = None,
    refresh: bool = False,
    timeout: float | None = None,
) -> WorksCheck:
    """List what is recorded of each work; ``online``, ask the registries about those with a DOI or a PubMed number.

    :param write: record in ``works/standing.ttl`` what was found
    :param mailto: the address to be known by (default: ``OGX_RDF_MAILTO``)
    :param cache: the folder where answers are kept for a day; ``refresh`` asks again
    :param timeout: seconds without a sign of a server (default: :data:`TIMEOUT`)
    :raises UsageError: for ``write`` offline, or ``online`` without a mail address
    :raises InputError: for files or a cache that cannot be used, or where the extra ``online`` is not installed
    """
    if not online:
        if write:
            hint = "Add --online, and --mailto ADDRESS."
            raise UsageError("E606", "offline nothing is found that could be written", hint=hint)
        return _report(corpus, [_row(corpus, work) for work in Records(corpus).works.values()])
    if write:
        refuse_unwritable(corpus)
    with Client(mailto, cache=cache, refresh=refresh, timeout=TIMEOUT if timeout is None else timeout) as client:
        ledger = read_ledger(corpus)
        rows = _ask(corpus, client, ledger)
    written = None
    if write:
        found = {row.iri: row.found for row in rows if row.found and not row.kept}
        written = write_ledger(corpus, ledger, found)
    return _report(corpus, rows, online=True, written=corpus.shown(written) if written else None)


def _report(corpus: Corpus, rows: list[WorkRow], *, online: bool = False, written: str | None = None) -> WorksCheck:
    ordered = sorted(rows, key=lambda row: STANDINGS.index(row.standing.word))
    return WorksCheck(corpus, tuple(ordered), online, written)


def _row(corpus: Corpus, work: Work) -> WorkRow:
    recorded = Standing(work.standing, work.standing_checked, work.standing_source, work.notices, work.replaced_by)
    return WorkRow(work.iri, corpus.curie(work.iri), work.title, recorded)


def _ask(corpus: Corpus, client: Client, ledger: Ledger) -> list[WorkRow]:
    """Ask about the first DOI and the first PubMed number of each work."""
    works = Records(corpus).works
    names = {registry: client.name(registry) for registry in SCHEMES}
    known = {name.lower(): work.iri for work in works.values() for name in work.identifiers}
    own = {iri: identifiers(work) for iri, work in works.items()}
    summaries = client.pubmed(sorted({numbers["pmid"][0] for numbers in own.values() if "pmid" in numbers}))
    rows = []
    for iri, work in works.items():
        asked: dict[str, Reply | NoAnswerError] = {}
        if "doi" in own[iri]:
            asked[CROSSREF] = _crossref(client, own[iri]["doi"][0])
        if "pmid" in own[iri]:
            asked[PUBMED] = summaries[own[iri]["pmid"][0]]
        row = replace(_row(corpus, work), asked=tuple(f"{SCHEMES[r]}:{own[iri][SCHEMES[r]][0]}" for r in asked))
        rows.append(_judged(corpus, row, judge(work, asked, names, known), iri in ledger.curated) if asked else row)
    return rows


def _crossref(client: Client, doi: str) -> Reply | NoAnswerError:
    try:
        return client.crossref(doi)
    except NoAnswerError as exc:
        return exc


def _judged(corpus: Corpus, row: WorkRow, judgement: Judgement, curated: bool) -> WorkRow:
    found, recorded = judgement.standing, row.recorded
    says, conflict = judgement.says, None
    if found and not judgement.silent and found.word != recorded.word:
        if curated:
            file, line = corpus.index.place(row.iri, OGX.standing)
            stated = f"{file}:{line} states {recorded.word}"
            # A registry that names nothing contradicts nobody who knows of something.
            if found.word == "current":
                says = (*says, f"{stated}; {found.source}: nothing of the kind")
            else:
                conflict = f"{stated}, {found.source}: {found.word}; the file was not changed"
        elif recorded.checked:
            says = (*says, f"until now: {recorded.word} (checked {recorded.checked})")
    return replace(
        row,
        found=found,
        kept=curated or (judgement.silent and recorded.word != "unknown"),
        says=says,
        conflict=conflict,
        differences=judgement.differences,
        failures=judgement.failures,
    )
