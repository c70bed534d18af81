"""init, source add, source update, claim new, fmt: the commands with which a corpus is made."""

from __future__ import annotations

import sys

from ..corpus import Corpus, open_corpus
from ..documents.coverage import coverage
from ..errors import UsageError
from .arguments import CONTEXTS, Arguments
from .output import progress, say, show_json

__all__ = ["claim_new", "fmt", "init", "source_add", "source_update"]


def _answer(corpus: Corpus, rows: list[dict[str, object]]) -> dict[str, object]:
    return {"answer": "rows" if rows else "none", "coverage": coverage(corpus).as_dict(), "rows": rows}


def init(arguments: Arguments) -> int:
    """Start a corpus."""
    from ..curation.scaffold import init as start

    if arguments.corpus is not None:
        raise UsageError("E500", "init makes the corpus in DIR and takes no --corpus", hint="Leave --corpus out.")
    with progress("Cutting the text into passages"):
        started = start(arguments.directory, document=arguments.document, base=arguments.base, document_id=arguments.id)
    if arguments.format == "json":
        answer = _answer(open_corpus(started.root), [started.added.as_dict()])
        show_json(answer | {"corpus": str(started.root), "base": started.base})
    else:
        say(started.text())
    return 0


def source_add(arguments: Arguments) -> int:
    """Cut a text into passages."""
    from ..documents.intake import add_source

    corpus = open_corpus(arguments.corpus)
    with progress("Cutting the text into passages"):
        added = add_source(corpus, arguments.file, arguments.id)
    if arguments.format == "json":
        show_json(_answer(open_corpus(corpus.root), [added.as_dict()]))
    else:
        say(added.text())
    return 0


def source_update(arguments: Arguments) -> int:
    """Move a document on to a changed text; exit 1 where a quote has to be placed by hand."""
    from ..documents.update import update_source

    corpus = open_corpus(arguments.corpus)
    with progress("Looking for the quotes"):
        updated = update_source(corpus, arguments.file, document_id=arguments.id, dry_run=arguments.dry_run)
    if arguments.format == "json":
        show_json(updated.as_dict() | {"coverage": coverage(open_corpus(corpus.root)).as_dict()})
    else:
        say(updated.text())
    return updated.exit_code


def claim_new(arguments: Arguments) -> int:
    """Propose a claim: Turtle on standard output, what is left to decide on standard error."""
    from ..curation.claims import propose

    corpus = open_corpus(arguments.corpus)
    proposal = propose(
        corpus,
        passage=arguments.passage,
        subject=arguments.subject,
        relation=arguments.relation,
        object=arguments.object,
        polarity=arguments.polarity,
        kind=arguments.kind,
        context={name: value for name in CONTEXTS if (value := getattr(arguments, name)) is not None},
        quote=arguments.quote,
        sources=arguments.source,
    )
    if arguments.format == "json":
        show_json(_answer(corpus, [proposal.as_dict()]))
    else:
        say(proposal.turtle)
        print("\n".join([f"Key: {proposal.key or 'not complete yet'}", *proposal.notes]), file=sys.stderr)
    return 0


def fmt(arguments: Arguments) -> int:
    """Format Turtle files, or with --check name those that are not canonical."""
    from ..curation.fmt import fmt as format_files

    corpus = open_corpus(arguments.corpus)
    with progress("Formatting"):
        result = format_files(corpus, arguments.files, check=arguments.check)
    if arguments.format == "json":
        show_json(_answer(corpus, [{"file": name} for name in result.changed]) | {"checked": result.checked})
    else:
        word = "not canonical" if arguments.check else "formatted"
        for name in result.changed:
            say(f"{word}: {name}")
        say(f"{result.checked} files, {len(result.changed)} {word}")
    return 1 if arguments.check and result.changed else 0
