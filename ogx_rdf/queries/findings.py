"""The audit queries as findings: a row of theirs is something wrong, or worth knowing, at a place in the corpus."""

from __future__ import annotations

from collections.abc import Iterable

from ..corpus import Corpus
from ..model import Finding, Iri
from ..oxi import to_ox
from ..turtle import term_text
from .catalogue import catalogue
from .headers import StoredQuery

__all__ = ["findings"]


def _of_query(corpus: Corpus, query: StoredQuery) -> Iterable[Finding]:
    for row in corpus.dataset.select(query.text, None, query.file):
        focus, path, value = str(row["focus"]), row["path"], row["value"]
        text = None if value is None else term_text(value, corpus.prefixes)
        file, line = corpus.index.place(focus, None if path is None else str(path), text)
        said = "" if value is None else f": {corpus.curie(value) if isinstance(value, Iri) else value}"
        yield Finding(
            rule=query.id,
            severity=query.severity or "",
            focus=focus,
            path=None if path is None else str(path),
            value=None if value is None else str(to_ox(value)),
            message=f"{corpus.curie(focus)}: {query.problem}{said}",
            file=file,
            line=line,
            hint=query.fix,
        )


def findings(corpus: Corpus, names: Iterable[str] | None = None) -> list[Finding]:
    """What the audit queries find, sorted; all of them, or those named."""
    audits = {name: query for name, query in catalogue().items() if query.group == "audit"}
    chosen = audits if names is None else {name: audits[name] for name in names}
    found = {finding for query in chosen.values() for finding in _of_query(corpus, query)}
    return sorted(found, key=lambda finding: finding.sort_key)
