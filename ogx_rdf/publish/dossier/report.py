"""The report of a corpus: one self-contained page, the same in Markdown, the same as data; written together."""

from __future__ import annotations

import datetime
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...corpus import Corpus
from ...documents.coverage import Coverage
from ...errors import InputError, UsageError
from ...files import make_folder
from ..report.page import about, html_page
from ..tensions import render_tensions
from . import audited, discord, falls, gaps, mechanism, preclinical, sources, summary, trials
from .markdown import markdown
from .material import Material, gather
from .parts import Section, linked

__all__ = ["FILES", "Report", "render", "report"]

FILES = ("index.html", "report.md", "report.json")
HEAD = "Evidence report"
FOOT = (
    "Words in quotation marks are the document's; “reported” is a curator's paraphrase of a work that was read; what "
    "was added here is said to be. “Cited” is not “supported”. Quotes belong to their source."
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was written: its files, and the numbers that it begins with."""

    paths: tuple[Path, ...]
    coverage: Coverage
    claims: int
    failed: int
    tensions: int

    def as_dict(self) -> dict[str, object]:
        """The result as a JSON object."""
        rows = [{"file": str(path)} for path in self.paths]
        counts: dict[str, object] = {"claims": self.claims, "failed_results": self.failed, "tensions": self.tensions}
        return {"answer": "rows", "coverage": self.coverage.as_dict(), "rows": rows, **counts}

    def text(self) -> str:
        """The result as printed on a terminal."""
        lines = [f"Wrote {path}" for path in self.paths]
        return "\n".join([*lines, f"{self.claims} claims, {self.failed} failed results, {self.tensions} tensions"])


def _sections(found: Sequence[trials.Trial], material: Material) -> list[Section]:
    told = (
        summary.section(found, material),
        audited.section(material),
        trials.section(found, material),
        preclinical.section(material),
        mechanism.section(material),
        discord.section(material),
        gaps.gaps_section(found, material),
        gaps.coverage_section(material),
        falls.section(material),
        sources.works_section(material),
        sources.claims_section(material),
    )
    return [linked(section, material.names) for section in told]


def _data(found: Sequence[trials.Trial], material: Material) -> dict[str, object]:
    """The report as data: what the commands audit, tensions, path and impact answer, and the tables made of it."""
    return {
        "answer": "rows" if material.audit.chains else "none",
        "coverage": gaps.coverage_data(material),
        "about": about(material.audit, material.front),
        "rows": trials.trial_rows(found, material),
        "preclinical": preclinical.preclinical_rows(material),
        "mechanism": [answer.as_dict() for answer in material.answers],
        "tensions": json.loads(render_tensions(material.tensions, "json")),
        "gaps": gaps.gaps_data(found, material),
        "impact": [{"title": title, **impact.as_dict()} for title, impact in material.impacts],
        "works": sources.works_data(material),
        "audit": material.audit.as_dict(),
    }


def render(corpus: Corpus, *, sources: Sequence[str] = (), date: str | None = None) -> dict[str, str]:
    """The report as texts, by the names of :data:`FILES`; the same input and date give the same bytes.

    :param date: the date to print, YYYY-MM-DD; default SOURCE_DATE_EPOCH, else today
    :raises UsageError: for another form of date
    """
    return _render(gather(corpus, sources, _day(date)))


def _render(material: Material) -> dict[str, str]:
    found = trials.trials_of(material)
    told = _sections(found, material)
    page = html_page("dossier.html", material.front, (), dossier=told, foot=FOOT, title=HEAD)
    data = json.dumps(_data(found, material), ensure_ascii=False, indent=1) + "\n"
    return dict(zip(FILES, (page, markdown(HEAD, material.front, told, FOOT), data), strict=True))


def _day(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        if len(given) == len("YYYY-MM-DD"):
            return datetime.date.fromisoformat(given).isoformat()
    except ValueError:
        pass
    raise UsageError("E532", f"no date: {given!r}", hint="Give it as YYYY-MM-DD, for example: --date 2026-11-24")


def report(corpus: Corpus, out: str | Path, *, sources: Sequence[str] = (), date: str | None = None) -> Report:
    """Write the report into a folder; what else stands there is not touched.

    :raises UsageError: for a date that is none
    :raises InputError: where the corpus cannot be read or the folder not written; the last report is then whole
    """
    material = gather(corpus, sources, _day(date))
    texts = _render(material)
    paths = _write(Path(out), texts)
    failed = sum(chain.failed and chain.is_result for chain in material.audit.chains.values())
    return Report(paths, material.audit.coverage, len(material.audit.chains), failed, len(material.tensions.entries))


def _write(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write all files beside their places, then move all there; where one move fails, those before it are undone."""
    make_folder(folder)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".report.") as name:
            new, old = Path(name, "new"), Path(name, "old")
            for stage in (new, old):
                stage.mkdir()
            for file, text in texts.items():
                (new / file).write_text(text, encoding="utf-8", newline="\n")
            _exchange(folder, new, old, list(texts))
    except OSError as exc:
        raise InputError(
            "E306",
            f"cannot write ({exc.strerror or exc})",
            file=str(folder),
            why="The last report, if there was one, is whole.",
            hint="Choose another folder, or mend its permissions.",
        ) from exc
    return tuple(folder / file for file in texts)


def _exchange(folder: Path, new: Path, old: Path, files: Sequence[str]) -> None:
    done: list[str] = []
    try:
        for file in files:
            if (folder / file).is_file():
                os.link(folder / file, old / file)
            os.replace(new / file, folder / file)
            done.append(file)
    except OSError:
        for file in done:
            if (old / file).exists():
                os.replace(old / file, folder / file)
            else:
                (folder / file).unlink()
        raise
