"""Where in a file of Turtle or TriG a finding stands: no parser tells, so it is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from ..bundles.reading import format_of, open_plain
from ..corpus import Corpus
from ..errors import OgxError
from ..model import Finding
from ..turtle import LineIndex, literal_or_iri

__all__ = ["placed"]

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


def placed(findings: Iterable[Finding], path: Path, shown: str, corpus: Corpus) -> list[Finding]:
    """Findings in a file, each with its line: of the triple where each has a line of its own, else of its subject."""
    found = list(findings)
    if format_of(path) == "nq" or all(finding.line or finding.file != shown for finding in found):
        return found
    with open_plain(path) as stream:
        text = stream.read().decode("utf-8")
    prefixes = dict(_PREFIX.findall(text))
    index = LineIndex()
    index.add(text, shown, prefixes)
    return [_placed(finding, text, index, prefixes) if finding.file == shown else finding for finding in found]


def _placed(finding: Finding, text: str, index: LineIndex, prefixes: Mapping[str, str]) -> Finding:
    value = finding.value
    try:
        value = None if value is None else literal_or_iri(value, prefixes)
    except OgxError:
        value = None
    line = index.place(finding.focus, finding.path, value)[1]
    return replace(finding, line=line or _subject(finding.focus, text, prefixes))


def _subject(iri: str, text: str, prefixes: Mapping[str, str]) -> int | None:
    """The line on which a node is first the subject: its name stands where a statement begins."""
    names = [
        f"<{iri}>",
        *(f"{p}:{iri[len(space) :]}" for p, space in prefixes.items() if space and iri.startswith(space)),
    ]
    for name in names:
        found = re.search(rf"(?:\A|[.{{}}>])\s*(?<![\w:.-]){re.escape(name)}(?=\s)", text)
        if found:
            return text.count("\n", 0, found.end() - len(name)) + 1
    return None
