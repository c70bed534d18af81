"""Everything that is checked before a change to a corpus lands, in one run: form, rules, texts, budget.

The steps are those of ``fmt --check``, ``validate``, ``verify`` and the budget of ``audit``.  A file that cannot be
parsed is reported at its line, with every other such file, and the steps that need the graph are then "not run".
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .audit import audit
from .corpus import Corpus
from .curation.fmt import first_difference
from .documents.coverage import Coverage, coverage
from .documents.verify import RULES as TEXT_RULES
from .documents.verify import verify
from .errors import InputError, OgxError, RefusedError
from .model import Finding, Severity
from .namespaces import SH
from .oxi import decode
from .validation.engines import validate
from .validation.formats import findings_junit, findings_sarif, findings_text
from .validation.rules import Rule, read_rules

__all__ = ["Check", "Step", "budget_findings", "check", "render_check"]

UNUSABLE = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the check.

    :param status: ``done``; ``missing`` (a text was not at hand); ``failed`` (a file is unusable); ``not run``
    :param notes: what was compared, and what was not
    """

    name: str
    status: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def violations(self) -> int:
        """How many of its findings are violations."""
        return sum(finding.severity == Severity.VIOLATION for finding in self.findings)

    def text(self) -> str:
        """The step in one line, with its notes below."""
        counts = Counter(finding.severity for finding in self.findings)
        told = ", ".join(f"{counts[name]} {name}" for name in Severity.ORDER if counts[name]) or "nothing found"
        end = {"done": told, "missing": f"{told}; not everything could be compared"}.get(self.status, self.status)
        return "\n".join([f"{self.name}: {end}", *(f"     {note}" for note in self.notes)])


@dataclass(frozen=True, slots=True)
class Check:
    """What the steps found; ``coverage`` is None where the corpus could not be read."""

    corpus: Corpus
    steps: tuple[Step, ...]
    coverage: Coverage | None

    @property
    def findings(self) -> list[Finding]:
        """All findings of all steps, worst first."""
        return sorted((f for step in self.steps for f in step.findings), key=lambda finding: finding.sort_key)

    @property
    def finished(self) -> bool:
        """Whether every step ran on usable files."""
        return all(step.status in ("done", "missing") for step in self.steps)

    def exit_code(self, allow_missing: bool = False) -> int:
        """0: all in order; 1: violations; 3: a file is unusable, or a text not at hand (0 with ``allow_missing``)."""
        if not self.finished:
            return UNUSABLE
        if any(step.violations for step in self.steps):
            return 1
        return UNUSABLE if not allow_missing and any(step.status == "missing" for step in self.steps) else 0

    def as_dict(self) -> dict[str, object]:
        """The check as a JSON object: ``failed`` where a step could not run."""
        found = self.findings
        return {
            "answer": "failed" if not self.finished else "rows" if found else "none",
            "coverage": self.coverage and self.coverage.as_dict(),
            "rows": [finding.as_dict() for finding in found],
            "steps": [
                {
                    "step": step.name,
                    "status": step.status,
                    "findings": len(step.findings),
                    "violations": step.violations,
                    "notes": list(step.notes),
                }
                for step in self.steps
            ],
        }


def _unusable(error: OgxError) -> Finding:
    message = " ".join(part for part in (error.message, error.why) if part)
    return Finding(error.code, Severity.VIOLATION, "", None, None, message, error.file, error.line, error.hint)


def _form(corpus: Corpus) -> Step:
    """Whether each file is canonical; files that cannot be parsed are collected, not the first one raised."""
    findings, status = [], "done"
    for path in corpus.turtle_files():
        try:
            line = first_difference(corpus, path)
        except RefusedError as error:
            findings.append(_unusable(error))
        except InputError as error:
            findings.append(_unusable(error))
            status = "failed"
        else:
            if line is not None:
                rule = _FORM["not-canonical"]
                findings.append(
                    Finding(
                        rule.id, rule.severity, "", None, None, rule.message, corpus.shown(path), line, "ogx-rdf fmt"
                    )
                )
    return Step("form", status, tuple(findings), (f"{len(corpus.turtle_files())} files",))


def _rules(corpus: Corpus) -> Step:
    return Step("rules", "done", tuple(validate(corpus)), (f"{len(read_rules())} rules",))


def _texts(corpus: Corpus, sources: Sequence[str]) -> Step:
    result = verify(corpus, sources=sources)
    notes = [line for document in result.documents for line in document.text().split("\n     ")]
    status = "done" if result.complete else "missing"
    return Step("texts", status, tuple(result.findings), (*notes, *result.notes))


def _budget(corpus: Corpus, sources: Sequence[str]) -> Step:
    result = audit(corpus, sources=sources)
    rules = Counter(finding.rule for finding in result.findings)
    values = {**rules, **{name: total.value for name, total in result.totals.items()}}
    result.exceeded()  # refuses what is no total
    return Step("budget", "done", tuple(budget_findings(corpus, values)), (f"{len(corpus.config.budget)} limits",))


def budget_findings(corpus: Corpus, values: Mapping[str, int]) -> Iterator[Finding]:
    """The totals that go beyond what corpus.toml allows, each at its line there.

    :param values: what was counted, by total (or rule of the audit)
    """
    path = corpus.root / "corpus.toml"
    lines = decode(path, corpus.shown(path)).splitlines() if corpus.config.budget else []
    for name, limit in corpus.config.budget.items():
        if values.get(name, 0) > limit:
            stands = (n for n, text in enumerate(lines, 1) if re.match(rf"\s*\"?{re.escape(name)}\"?\s*=", text))
            rule = _FORM["budget"]
            place = (corpus.shown(path), next(stands, None))
            message = f"[budget] {name}: {values[name]}, allowed {limit}."
            yield Finding(rule.id, rule.severity, "", None, None, message, *place, rule.message)


_FORM = {
    "not-canonical": Rule(
        "not-canonical",
        Severity.VIOLATION,
        "The file is not in its canonical form from this line on.",
        "A canonical file differs from its predecessor in what was changed and in nothing else.",
        SH.SPARQLConstraintComponent,
    ),
    "budget": Rule(
        "budget",
        Severity.VIOLATION,
        "Mend what was added, or raise the limit in corpus.toml with a reason.",
        "The limit was set so that weak citations do not grow unnoticed.",
        SH.SPARQLConstraintComponent,
    ),
}


def _all_rules() -> Mapping[str, Rule]:
    why = "A quote is evidence only as long as it stands in the text."
    texts = {
        code: Rule(code, Severity.VIOLATION, message, why, SH.SPARQLConstraintComponent)
        for code, message in TEXT_RULES.items()
    }
    return {**_FORM, **read_rules(), **texts}


def _run(corpus: Corpus, name: str, step: Callable[[], Step]) -> Step:
    try:
        return step()
    except InputError as error:
        return Step(name, "failed", (_unusable(error),))


def check(corpus: Corpus, *, sources: Sequence[str] = ()) -> Check:
    """Check the form of the files, the rules, the quotes against the texts at hand, and the budget.

    :param sources: files, folders or ``ID=FILE``, beside ``OGX_RDF_SOURCES`` and the corpus's own ``sources/``
    """
    return Check(corpus, *_steps(corpus, sources))


def _steps(corpus: Corpus, sources: Sequence[str]) -> tuple[tuple[Step, ...], Coverage | None]:
    form = _form(corpus)
    if form.status == "failed":
        return (form, *(Step(name, "not run") for name in ("rules", "texts", "budget"))), None
    rest: Iterator[Step] = (
        _run(corpus, name, step)
        for name, step in (
            ("rules", lambda: _rules(corpus)),
            ("texts", lambda: _texts(corpus, sources)),
            ("budget", lambda: _budget(corpus, sources)),
        )
    )
    steps = (form, *rest)
    usable = all(step.status in ("done", "missing") for step in steps)
    return steps, coverage(corpus) if usable else None


def render_check(result: Check, format: str) -> str:
    """The check as ``text``, ``json``, ``junit`` or ``sarif``."""
    curie, found = result.corpus.curie, result.findings
    nothing = Coverage(0, 0, 0, 0, 0)
    if format == "json":
        return json.dumps(result.as_dict(), ensure_ascii=False, indent=2) + "\n"
    if format == "junit":
        return findings_junit(found, result.coverage or nothing, curie, command="check", rules=_all_rules())
    if format == "sarif":
        notes = [note for step in result.steps if step.status == "missing" for note in step.notes]
        return findings_sarif(found, result.coverage, curie, rules=_all_rules(), notes=notes, finished=result.finished)
    listed = findings_text(found, result.coverage or nothing, curie).splitlines()[:-2]
    return "\n".join([*listed, *(step.text() for step in result.steps)]) + "\n"
