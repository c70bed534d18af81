"""Dumps: checked, and built into a store and an evidence table, in one pass that holds a part of them at a time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from .audit.totals import definitions
from .bundles.load import load
from .bundles.run import Options, Pass, Spool, spooled
from .check import Check, Step, budget_findings
from .corpus import Corpus
from .documents.verify import RULES as TEXT_RULES
from .errors import InputError, UsageError
from .increment.dumped import write_dump_ledger
from .model import Finding, Severity
from .oxi import Dataset
from .publish.store_folder import new_store, write_record
from .spark import clustered
from .store.built import Built
from .table import Written, open_table, ready, write_table

__all__ = ["DumpBuild", "build_dump", "check_dump", "dump_sources"]


@dataclass(frozen=True, slots=True)
class DumpBuild:
    """What became of a build from a dump: its check, and what was made (nothing, where the check found violations)."""

    check: Check
    quads: int = 0
    store: Path | None = None
    table: Written | None = None

    @property
    def exit_code(self) -> int:
        """0: built; 1: violations, so that nothing was built; 3: a broken line."""
        return self.check.exit_code(allow_missing=True) if self.store is None and self.table is None else 0

    def text(self) -> str:
        """What was made, as printed on a terminal."""
        lines = [] if self.store is None else [f"Built the store {self.store}: {self.quads} quads"]
        lines += [] if self.table is None else [self.table.text()]
        return "\n".join(lines or ["Nothing was built, and nothing that stood there was touched."]) + "\n"


def dump_sources(corpus: Corpus, sources: Sequence[str]) -> tuple[list[Path], dict[str, Path]]:
    """Where the texts of a dump's documents are looked for: folders, and single files by their SHA-256.

    :param sources: files or folders; beside them ``OGX_RDF_SOURCES`` and the corpus's own ``sources/``
    :raises UsageError: for a place that is neither
    """
    folders, digests = [], {}
    named = [item for item in os.environ.get("OGX_RDF_SOURCES", "").split(os.pathsep) if item]
    for item in (*sources, *named, str(corpus.root / "sources")):
        path = Path(item)
        if path.is_dir():
            folders.append(path)
        elif path.is_file():
            digests[hashlib.sha256(path.read_bytes()).hexdigest()] = path
        elif item in sources:
            hint = "With --input the texts are found by their names or digests: give folders or files."
            raise UsageError("E376", f"no such file or folder: {item}", hint=hint)
    return folders, digests


def _options(corpus: Corpus, sources: Sequence[str], options: Options | None) -> Options:
    return replace(options or Options(), sources=dump_sources(corpus, sources))


def check_dump(
    corpus: Corpus,
    inputs: Sequence[str],
    *,
    sources: Sequence[str] = (),
    options: Options | None = None,
    table: Path | None = None,
    master: str | None = None,
) -> Check:
    """Check rules, texts and budget of a dump; see :func:`ogx_rdf.bundles.run.run_pass` for what it reads.

    :param corpus: gives base, prefixes, hedge words and budget
    :param sources: files or folders of texts, beside the usual places
    :param table: where the evidence table is written as well, whatever is found
    :param master: the URL of the Spark cluster that does the work; None for this machine alone, without Spark
    :raises InputError: for what is absent or cannot be read, or (without ``keep_going``) a broken line
    """
    _refuse_uncounted(corpus)
    if table is not None:
        ready(table)
    rows = table is not None or bool(corpus.config.budget)
    settings = replace(_options(corpus, sources, options), rows=rows)
    opened = spooled if master is None else partial(clustered, master=master)
    with opened(corpus, inputs, settings) as spool:
        found = spool.judge()
        written = _table(spool, table or spool.folder / "table") if rows and not found.broken else None
        result = _check(corpus, found, written)
    if table is None:
        return result
    told = Step("table", "failed") if written is None else Step("table", "done", notes=(written.text(),))
    return replace(result, steps=(*result.steps, told))


def _refuse_uncounted(corpus: Corpus) -> None:
    """Refuse limits that a dump is not counted for, before it is read.

    :raises UsageError: for a limit on what is no total
    """
    for name in corpus.config.budget:
        if name not in definitions():
            hint = "Take it out, or check the files of the corpus, where findings of the audit are counted too."
            raise UsageError("E512", f"no total {name!r} in [budget] that a dump is counted for", hint=hint)


def _table(spool: Spool, out: Path) -> Written:
    assert spool.setting.rows is not None
    return write_table(spool.setting.rows, out, base=spool.corpus.base, prefixes=spool.corpus.prefixes)


def _broken(found: Pass) -> Iterator[Finding]:
    for item in found.broken:
        error = item.error()
        yield Finding("E373", Severity.VIOLATION, "", None, None, error.message, item.file, item.line, error.hint)


def _check(corpus: Corpus, found: Pass, table: Written | None = None, *, budget: bool = True) -> Check:
    counts = found.counts
    told = f"{counts['lines']} lines: {counts['claims']} claims, {counts['shared']} other nodes"
    read = Step("input", "failed" if found.broken else "done", tuple(_broken(found)), (told,))
    of_texts = tuple(finding for finding in found.findings if finding.rule in TEXT_RULES)
    of_rules = tuple(finding for finding in found.findings if finding.rule not in TEXT_RULES)
    missing = counts["documents-missing"]
    notes = (
        f"{counts['quotes-compared']} of {counts['quotes']} quotes and {counts['markers-compared']} of "
        f"{counts['markers']} markers compared",
        f"{counts['documents']} documents: {missing} not at hand, {counts['documents-changed']} in another version",
    )
    steps = [read, Step("rules", "done", of_rules), Step("texts", "missing" if missing else "done", of_texts, notes)]
    if budget:
        steps.append(_budget(corpus, table))
    return Check(corpus, tuple(steps), found.coverage)


def _budget(corpus: Corpus, table: Written | None) -> Step:
    limits = corpus.config.budget
    if not limits or table is None:
        return Step("budget", "not run" if limits else "done", (), (f"{len(limits)} limits",))
    with open_table(table.path) as answers:
        totals = answers.totals()
    return Step("budget", "done", tuple(budget_findings(corpus, totals)), (f"{len(limits)} limits",))


def build_dump(
    corpus: Corpus,
    inputs: Sequence[str],
    *,
    store: Path | None = None,
    table: Path | None = None,
    sources: Sequence[str] = (),
    options: Options | None = None,
) -> DumpBuild:
    """Check a dump and, where nothing is wrong with it, make a store and an evidence table of it.

    With ``keep_going`` violations are no obstacle; a broken line always is.

    :raises UsageError: where neither store nor table is asked for
    :raises InputError: for what cannot be read or written; what was built before stays
    """
    if store is None and table is None:
        raise UsageError("E377", "nothing to build", hint="Give --store DIR, --table DIR, or both.")
    if table is not None:
        ready(table)
    place = None if store is None else store.resolve().parent
    settings = replace(_options(corpus, sources, options), rows=table is not None, beside=place)
    with spooled(corpus, inputs, settings) as spool:
        found = spool.judge()
        result = _check(corpus, found, budget=False)
        if found.broken or (result.exit_code(allow_missing=True) and not settings.keep_going):
            return DumpBuild(result)
        quads = 0 if store is None else _store(spool, found, store)
        written = None if table is None else _table(spool, table)
        return DumpBuild(result, quads, store, written)


def _store(spool: Spool, found: Pass, store: Path) -> int:
    with new_store(store) as work:
        dataset = Dataset.on_disk(work)
        lines, written = load(spool, dataset)
        dataset.close()  # before the folder moves
        if lines <= 0:
            raise InputError("E375", "the dump holds no quads", file=str(store))
        write_dump_ledger(work, spool)
        write_record(work, Built("", lines, found.coverage.counts(), spool.corpus.base), written)
    return lines
