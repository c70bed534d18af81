"""check --input, build --input: dumps of any size, with a sign of life."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from .output import deliver, say, show_json
from .words import Arguments, Parser

if TYPE_CHECKING:
    from ..bundles.run import Options

__all__ = ["build", "check", "cluster_options", "dump_options", "refuse_alone"]

EVERY = 10.0
"""Seconds between two signs of life, where standard error is no terminal."""


def dump_options(parser: Parser) -> None:
    """Add ``--input`` and what goes with it."""
    group = parser.add_argument_group("dumps")
    group.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="DUMP",
        help="read a dump instead of the corpus's files: .nq, .nt, .trig or .ttl, also .gz, or a folder of them "
        "(repeatable); the corpus gives base, prefixes and settings",
    )
    group.add_argument("--keep-going", action="store_true", help="list all broken lines instead of stopping at one")
    group.add_argument(
        "--workers", type=int, metavar="N", help="processes that do the work (default: one for each processor)"
    )


def cluster_options(parser: Parser) -> None:
    """Add what a check of a dump has beside: the evidence table, and a cluster that does the work."""
    group = parser.add_argument_group("dumps, on many machines")
    group.add_argument("--table", metavar="DIR", help="also write the evidence table (Parquet, by the extra table)")
    group.add_argument(
        "--engine",
        choices=("local", "spark"),
        help="who does the work: this machine (default), or the machines of a Spark cluster (the extra spark)",
    )
    group.add_argument(
        "--master", metavar="URL", help="the cluster, such as spark://HOST:7077 (default local[*], this machine)"
    )


class _Signs:
    """Tells on standard error what is being done, how far it is and how fast it goes."""

    def __init__(self) -> None:
        self._doing, self._begun, self._told = "", 0.0, time.monotonic()
        self._terminal = sys.stderr.isatty()

    def __call__(self, doing: str, done: int, of: int) -> None:
        now = time.monotonic()
        if doing != self._doing:
            self._doing, self._begun = doing, now
        if now - self._told < (0.5 if self._terminal else EVERY):
            return
        self._told = now
        rate = f", {done / (now - self._begun):,.0f} a second" if now > self._begun else ""
        line = f"{done:,}{f' of {of:,}' if of else ''} {doing}{rate}"
        start, end = ("\r\033[K", "") if self._terminal else ("", "\n")
        print(f"{start}{line}", end=end, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Clear the terminal's line."""
        if self._terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _options(arguments: Arguments, signs: _Signs) -> Options:
    from ..bundles.run import Options

    if arguments.workers is not None and not 1 <= arguments.workers <= 256:
        raise UsageError("E378", f"--workers takes 1 to 256, not {arguments.workers}")
    return Options(keep_going=arguments.keep_going, workers=arguments.workers, progress=signs)


def refuse_alone(arguments: Arguments, *more: str) -> None:
    """Refuse what goes with ``--input`` where there is none.

    :param more: options beside those that all commands have that read dumps
    :raises UsageError: naming the option
    """
    for name in ("keep_going", "workers", *more):
        if getattr(arguments, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError("E379", f"{option} goes with --input", hint="Add --input DUMP, or leave it out.")


def check(arguments: Arguments) -> int:
    """Check a dump; exit 1 for a violation, 3 for what is unusable or not at hand."""
    from ..check import render_check
    from ..corpus import open_corpus
    from ..dump import check_dump

    corpus, signs, table = open_corpus(arguments.corpus), _Signs(), arguments.table
    try:
        result = check_dump(
            corpus,
            arguments.input,
            sources=arguments.source,
            options=_options(arguments, signs),
            table=None if table is None else Path(table),
            master=_master(arguments),
        )
    finally:
        signs.end()
    deliver(render_check(result, arguments.format), arguments.out)
    return result.exit_code(allow_missing=arguments.allow_missing)


def _master(arguments: Arguments) -> str | None:
    """The cluster that does the work, or None."""
    if arguments.engine != "spark":
        if arguments.master is not None:
            raise UsageError("E379", "--master goes with --engine spark", hint="Add --engine spark, or leave it out.")
        return None
    if arguments.workers is not None:
        hint = "A cluster knows its processors; on this machine: --master 'local[N]'."
        raise UsageError("E379", "--workers does not go with --engine spark", hint=hint)
    return arguments.master or "local[*]"


def build(arguments: Arguments) -> int:
    """Build a store and an evidence table from a dump; exit 1 where violations kept it from being built."""
    from ..check import render_check
    from ..corpus import open_corpus
    from ..dump import build_dump
    from ..store.interface import is_url

    if arguments.out is not None:
        hint = "Leave --out away; a store is written with --store, tables with --table."
        raise UsageError("E379", "--out does not go with --input: a dump is N-Quads already", hint=hint)
    if is_url(arguments.store):
        hint = "Build a folder; or load the dump with the server's own loader."
        raise UsageError("E379", "a server does not go with --input", hint=hint)
    corpus, signs = open_corpus(arguments.corpus), _Signs()
    store, table = (None if place is None else Path(place) for place in (arguments.store, arguments.table))
    try:
        result = build_dump(
            corpus,
            arguments.input,
            store=store,
            table=table,
            sources=arguments.source,
            options=_options(arguments, signs),
        )
    finally:
        signs.end()
    if arguments.format == "json":
        made = {"store": store and str(store), "quads": result.quads, "table": result.table and result.table.as_dict()}
        show_json({**result.check.as_dict(), "built": made if result.exit_code == 0 else None})
    else:
        say(render_check(result.check, "text") + result.text())
    return result.exit_code
