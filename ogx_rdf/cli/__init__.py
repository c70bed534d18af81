"""The command ``ogx-rdf``: parse, call the library, print.

Each command imports what it needs when it runs, so that a question is answered before the engines of
another command would have loaded.  Exit codes: 0 done, 1 findings, 2 wrong use, 3 input or output unusable.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from ..errors import InputError, OgxError

__all__ = ["main"]

INTERRUPTED = 130
BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    :param argv: the words of the command line without the program's name; default those of the process
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if sys.stdout is None:  # started with standard output closed: nobody reads, and the exit code still counts
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    _use_utf8()
    try:
        return _run(words)
    except BrokenPipeError:
        return BROKEN_PIPE
    except KeyboardInterrupt:
        print("\nInterrupted; nothing was left half written.", file=sys.stderr)
        return INTERRUPTED
    finally:
        _let_go()


def _run(words: list[str]) -> int:
    from .output import failed

    try:
        from .arguments import parse

        arguments = parse(words)
        code = int(arguments.run()(arguments))
        sys.stdout.flush()
        return code
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except SystemExit as exc:  # --help and --version
        return int(exc.code or 0)
    except Exception as exc:
        if "--debug" in words:
            traceback.print_exc()
        return failed(_known(exc), words)


def _let_go() -> None:
    """Drop what standard output cannot take (reader gone, disk full), or Python would fail on it again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _known(exc: Exception) -> OgxError:
    if isinstance(exc, OgxError):
        return exc
    if isinstance(exc, OSError):
        return InputError("E307", f"{exc.strerror or exc}", file=exc.filename and str(exc.filename))
    hint = "This is a defect: please report it, with what --debug prints."
    return InputError("E999", f"unexpected {type(exc).__name__}: {exc}", hint=hint)


def _use_utf8() -> None:
    """Print UTF-8 with plain line ends whatever the locale says: quotes and JSON are data."""
    for stream in (sys.stdout, sys.stderr):
        if (getattr(stream, "encoding", None) or "utf-8").lower() != "utf-8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
