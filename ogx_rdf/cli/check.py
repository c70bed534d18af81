"""check, validate, verify, audit: the commands that judge."""

from __future__ import annotations

import sys

from ..model import Severity
from .arguments import Arguments
from .output import deliver, progress, refuse_with_table, say, show_json
from .words import corpus_of

__all__ = ["audit", "check", "validate", "verify"]


def check(arguments: Arguments) -> int:
    """Check form, rules, texts and budget in one run; exit 1 for a violation, 3 for what is unusable or not at hand."""
    from ..check import check as run
    from ..check import render_check
    from . import dump

    if arguments.input:
        return dump.check(arguments)
    dump.refuse_alone(arguments, "table", "engine", "master")
    corpus = corpus_of(arguments)
    with progress("Checking"):
        result = run(corpus, sources=arguments.source)
    deliver(render_check(result, arguments.format), arguments.out)
    return result.exit_code(allow_missing=arguments.allow_missing)


def validate(arguments: Arguments) -> int:
    """Check the corpus against shapes and rules; exit 1 where there is a violation."""
    from ..documents.coverage import coverage
    from ..validation import formats
    from ..validation.engines import validate as check

    corpus = corpus_of(arguments)
    with progress("Validating"):
        findings = check(corpus, engine=arguments.engine)
    render = getattr(formats, f"findings_{arguments.format}")
    say(render(findings, coverage(corpus), corpus.curie))
    return 1 if any(finding.severity == Severity.VIOLATION for finding in findings) else 0


def verify(arguments: Arguments) -> int:
    """Compare quotes and markers with the texts; exit 1 for a difference, 3 for a text not at hand."""
    from ..documents.verify import verify as compare

    corpus = corpus_of(arguments)
    with progress("Comparing with the text"):
        result = compare(corpus, sources=arguments.source)
    if arguments.format == "json":
        show_json(result.as_dict())
    else:
        say(result.text())
    return result.exit_code(allow_missing=arguments.allow_missing)


def audit(arguments: Arguments) -> int:
    """Audit the citations; exit 1 where a limit is exceeded."""
    from ..audit import audit as walk
    from ..audit import audit_claim
    from ..lookup import resolve
    from ..publish.report import render_audit, render_chain

    if arguments.table is not None:
        return _audit_table(arguments)
    corpus = corpus_of(arguments)
    with progress("Auditing"):
        if corpus.stored and arguments.claim is not None:
            result = audit_claim(corpus, resolve(corpus, arguments.claim), sources=arguments.source)
        else:
            result = walk(corpus, sources=arguments.source)
        claim = None if arguments.claim is None else result.chain(resolve(corpus, arguments.claim))
        exceeded = result.exceeded(arguments.fail_on)
        text = (
            render_audit(result, arguments.format) if claim is None else render_chain(result, claim, arguments.format)
        )
    deliver(text, arguments.out)
    for line in exceeded:
        print(line, file=sys.stderr)
    return 1 if exceeded else 0


def _audit_table(arguments: Arguments) -> int:
    """Print the totals and references of an evidence table; the budget is that of a corpus named by --corpus."""
    from ..publish.table import over_budget, render_totals
    from ..table import open_table

    refuse_with_table(arguments, "claim", "fail_on", "source")
    with progress("Counting"), open_table(arguments.table) as table:
        budget = corpus_of(arguments).config.budget if arguments.corpus else {}
        exceeded = over_budget(table, budget)
        text = render_totals(table, arguments.format)
    deliver(text, arguments.out)
    for line in exceeded:
        print(line, file=sys.stderr)
    return 1 if exceeded else 0
