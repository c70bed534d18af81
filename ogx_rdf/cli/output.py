"""What the commands share: where output goes, how a failure looks, a sign of life on a terminal."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from ..errors import OgxError, UsageError
from ..files import write_atomic
from .words import Arguments

__all__ = ["deliver", "failed", "progress", "refuse_with_table", "say", "show_json"]

PATIENCE = 0.7
"""Seconds before a terminal is told what takes so long."""


def say(text: str) -> None:
    """Print to standard output, ending in one newline."""
    sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")


def show_json(value: object) -> None:
    """Print one JSON object."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def deliver(parts: str | Iterable[str], out: str | None) -> None:
    """Print, or with ``--out`` write the file in one step and say where it is.

    :raises InputError: where the file cannot be written
    """
    if out is None:
        for part in [parts] if isinstance(parts, str) else parts:
            sys.stdout.write(part)
    else:
        write_atomic(Path(out), parts if isinstance(parts, str) else "".join(parts))
        say(f"Wrote {out}")


def wants_json(words: Sequence[str]) -> bool:
    """Whether the command line asks for JSON; it may be too broken to parse."""
    return "--format=json" in words or ("--format", "json") in pairwise(words)


def failed(error: OgxError, words: Sequence[str]) -> int:
    """Report a failure on standard error, and as the answer where JSON was asked for; returns the exit code."""
    if wants_json(words):
        show_json({"answer": "failed", "coverage": None, "rows": [], "error": error.as_dict()})
    print(error.text(), file=sys.stderr)
    return error.exit_code


def refuse_with_table(arguments: Arguments, *names: str) -> None:
    """Refuse options that an evidence table cannot serve, so that none of them is passed over in silence.

    :raises UsageError: where one of them is given
    """
    for name in names:
        if getattr(arguments, name):
            option = "--" + name.replace("_", "-")
            why = "An evidence table answers for the whole graph; it holds no findings and no texts."
            hint = f"Leave out {option}, or --table."
            raise UsageError("E544", f"{option} does not go with --table", why=why, hint=hint)


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Say on a terminal what is being done, should it take longer; elsewhere stay silent."""
    if not sys.stderr.isatty():
        yield
        return
    timer = threading.Timer(PATIENCE, lambda: print(f"\r{doing} …", end="", file=sys.stderr, flush=True))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        print("\r\033[K", end="", file=sys.stderr, flush=True)
