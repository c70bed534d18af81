"""quotes check, quotes mutate: whether quotes stand in texts, and whether the check can be fooled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .output import progress, say, show_json
from .words import Arguments, command, format_option

if TYPE_CHECKING:
    from ..quotes import Quote

__all__ = ["add", "check", "mutate"]


def add(commands: Any) -> None:
    """Declare the commands."""
    group = commands.add_parser("quotes", help="hold quotes to texts", description="Hold quotes to texts.")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    summary = "check that the words of quotes stand in a text, harmless differences apart; exit 1 where any does not"
    example = "ogx-rdf quotes check --text report.txt --quotes quotes.jsonl --format jsonl"
    parser = command(actions, "check", "quotes:check", summary, example)
    _inputs(parser)
    parser.add_argument("--unique", action="store_true", help="also refuse a quote that stands in several places")
    format_option(parser, "text", "jsonl")
    summary = "try to fool the check: change true quotes in every way known; exit 1 where a change is accepted"
    parser = command(
        actions, "mutate", "quotes:mutate", summary, "ogx-rdf quotes mutate --text report.txt --quotes quotes.jsonl"
    )
    _inputs(parser)
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="which place of a quote is changed; default 0")
    format_option(parser, "text", "json", "md")


def _inputs(parser: Any) -> None:
    texts = 'a text (UTF-8); of several (repeatable) each line names its own in "text", as given here or by file name'
    parser.add_argument("--text", required=True, action="append", metavar="FILE", help=texts)
    parser.add_argument(
        "--quotes",
        required=True,
        metavar="FILE.jsonl",
        help='one JSON object a line: "id", "quote", optional "start", "end", "max_gap", "text"',
    )


def _texts(files: list[str]) -> Mapping[str, str]:
    """The texts, by the names under which a line may call them: as given, and by the file name where it is one's."""
    from ..documents.places import read_source

    names = Counter(Path(file).name for file in set(files))
    texts = {}
    for file in files:
        texts[file] = read_source(Path(file))[1]
        if names[Path(file).name] == 1:
            texts[Path(file).name] = texts[file]
    return texts


def _read(arguments: Arguments) -> tuple[Mapping[str, str], list[Quote]]:
    """The texts and the quotes; where there is one text only, it is meant by a quote that names none."""
    from ..quotes.lines import read_quotes

    texts = _texts(arguments.text)
    known = ", ".join(texts)
    only = arguments.text[0] if len(set(arguments.text)) == 1 else None
    found = []
    for line, quote in read_quotes(Path(arguments.quotes)):
        name = quote.text or only
        if name not in texts:
            what = f'names the text "{name}", which was not given' if name else "names none of the texts"
            hint = f'Put one of them into "text": {known}.'
            raise InputError("E595", f"quote {quote.id!r} {what}", file=arguments.quotes, line=line, hint=hint)
        found.append(replace(quote, text=name))
    return texts, found


def check(arguments: Arguments) -> int:
    """Check quotes; exit 1 where any is not accepted."""
    from ..quotes import check_quotes

    texts, quotes = _read(arguments)
    with progress("Checking quotes"):
        verdicts = check_quotes(texts, quotes, unique=arguments.unique)
    if arguments.format == "jsonl":
        say("\n".join(json.dumps(verdict.as_dict(), ensure_ascii=False) for verdict in verdicts))
    else:
        counts = Counter(verdict.verdict for verdict in verdicts)
        refused = sum(not verdict.accepted for verdict in verdicts)
        summary = ", ".join(f"{counts[kind]} {kind}" for kind in sorted(counts, key=lambda kind: (-counts[kind], kind)))
        say("\n".join(verdict.text() for verdict in verdicts))
        say(f"{len(verdicts)} quotes: {summary}; {refused or 'none'} refused")
    return 0 if all(verdict.accepted for verdict in verdicts) else 1


def mutate(arguments: Arguments) -> int:
    """Try to fool the check; exit 1 where a falsification is accepted, or a true quote is not."""
    from ..quotes.trial import mutate as attempt

    texts, quotes = _read(arguments)
    with progress("Changing quotes"):
        trial = attempt(texts, quotes, seed=arguments.seed)
    if arguments.format == "json":
        show_json(trial.as_dict())
    else:
        say(trial.table() if arguments.format == "md" else trial.text())
    return 0 if trial.passed else 1
