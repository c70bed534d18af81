"""The audit as a report: text for a terminal, Markdown, JSON, or one HTML file that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ...audit import Audit
from ...audit.chains import Chain
from ...audit.sides import human, tension_dict
from ...errors import UsageError
from .literature import tensions
from .page import Front, about, escaped, front_of, html_page, markdown_sections, one_line, text_page
from .parts import Section, Step, anchor
from .sections import sections
from .steps import headline, own_findings, own_literature, steps, told

__all__ = ["FORMATS", "chain_dict", "render_audit", "render_chain"]

FORMATS = ("text", "md", "json", "html")
HEAD = "Citation audit"
FOOT = "Each claim with its words: --format html, md or json; one chain in full: --claim ID."


def _refuse(format: str) -> UsageError:
    return UsageError("E513", f"no report format {format!r}", hint=f"Available: {', '.join(FORMATS)}.")


def _md_chain(audit: Audit, chain: Chain) -> Iterator[str]:
    name = audit.corpus.curie(chain.claim.iri)
    yield from ("", f'<a id="{anchor(name)}"></a>', "", f"### {name} {escaped(told(chain))}", "")
    yield from (f"{escaped(headline(chain))}.", "")
    for name, text in own_literature(chain, audit.records):
        yield f"- {name}: {escaped(text)}"
    for link in chain.links:
        for step in steps(link, audit.records):
            indent = "  " * (step.depth + (step.name != "evidence"))
            yield f"{indent}- {step.name}: {escaped(step.text)} — *{escaped(step.verdict)}*"
    yield from (f"- finding: {escaped(line)}" for line in own_findings(audit, chain))


def _html(front: Front, parts: Sequence[Section], audit: Audit, chains: Sequence[Chain]) -> str:
    curie, records = audit.corpus.curie, audit.records
    cards = [
        {
            "name": curie(chain.claim.iri),
            "anchor": anchor(curie(chain.claim.iri)),
            "label": chain.claim.label,
            "polarity": human(chain.claim.polarity),
            "failed": chain.failed,
            "certainty": chain.claim.certainty,
            "headline": headline(chain),
            "literature": own_literature(chain, records),
            "evidence": [steps(link, records) for link in chain.links],
            "findings": own_findings(audit, chain),
        }
        for chain in chains
    ]
    return html_page("audit.html", front, parts, cards=cards)


def render_audit(audit: Audit, format: str, *, day: str | None = None) -> str:
    """The whole audit as a report.

    :param format: one of :data:`FORMATS`; ``text`` leaves out the single claims, the others hold them all
    :param day: the date to print (ISO); default SOURCE_DATE_EPOCH, else today
    :raises UsageError: for another format
    """
    if format not in FORMATS:
        raise _refuse(format)
    front = front_of(audit, day)
    if format == "json":
        return json.dumps({**audit.as_dict(), "about": about(audit, front)}, ensure_ascii=False, indent=2) + "\n"
    parts = sections(audit)
    if format == "html":
        return _html(front, parts, audit, audit.ordered())
    if format == "text":
        return "\n".join(text_page(HEAD, front, parts, FOOT)) + "\n"
    cards = (line for chain in audit.ordered() for line in _md_chain(audit, chain))
    return "\n".join([*markdown_sections(HEAD, front, parts), "", "## Every claim", *cards]) + "\n"


def _text_chain(audit: Audit, chain: Chain) -> Iterator[str]:
    yield f"{audit.corpus.curie(chain.claim.iri)} {told(chain)}"
    yield f"  {headline(chain)}"
    yield from (f"  {name}: {one_line(text)}" for name, text in own_literature(chain, audit.records))
    for link in chain.links:
        yield ""
        yield from (_text_step(step) for step in steps(link, audit.records))
    lines = own_findings(audit, chain)
    if lines:
        yield from ("", *(f"  {line}" for line in lines))


def _text_step(step: Step) -> str:
    lead = "  " if step.name == "evidence" else f"    {'  ' * step.depth}-> "
    return f"{lead}{step.name}: {one_line(step.text)} [{step.verdict}]"


def chain_dict(audit: Audit, chain: Chain) -> dict[str, object]:
    """One chain in full as a JSON object, with what is wrong with it and what it does not go together with."""
    return {
        "answer": "rows",
        "coverage": audit.coverage.as_dict(),
        "rows": [chain.as_dict(audit.records)],
        "tensions": [tension_dict(tension, audit.records) for tension in chain.tensions],
        "findings": [f.as_dict() for f in audit.findings_on(chain) if f.focus == chain.claim.iri],
    }


def render_chain(audit: Audit, chain: Chain, format: str, *, day: str | None = None) -> str:
    """One chain in full, from the claim to the source types.

    :raises UsageError: for a format that is not in :data:`FORMATS`
    """
    if format not in FORMATS:
        raise _refuse(format)
    if format == "json":
        return json.dumps(chain_dict(audit, chain), ensure_ascii=False, indent=2) + "\n"
    if format == "html":
        return _html(front_of(audit, day), [tensions(audit, chain.tensions)], audit, [chain])
    return "\n".join(_text_chain(audit, chain) if format == "text" else _md_chain(audit, chain)).lstrip("\n") + "\n"
