"""The process that answers: it takes one question after the other, and ends with the process that asks."""

from __future__ import annotations

import contextlib
import os
import queue
import resource
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from math import ceil
from pathlib import Path
from typing import IO, Any

from ..corpus import Corpus
from ..errors import InputError, OgxError
from ..queries import paging, run  # noqa: F401 (what the first answer would wait for)
from ..store.corpus import open_store
from .answers import answer
from .frames import pack, read_frame
from .spool import Spool

__all__ = ["main", "work"]

SPARE = 5
"""Seconds of computing beyond the limit after which the system itself ends a worker: nobody may be left to do it."""


def _listen(stream: IO[bytes], asked: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Pass on what comes; end the process where nobody asks any more, whatever it is doing."""
    while (frame := read_frame(stream)) is not None:
        asked.put(frame[0])
    os._exit(0)


def _confine(memory: int) -> None:
    """Bound what the process may hold, so that a query that swallows memory ends itself and nobody else."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # where the system has a lower bound already
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _bound_time(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = ceil(used.ru_utime + used.ru_stime + seconds + SPARE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _reply(corpus: Corpus, asked: dict[str, Any]) -> bytes:
    spool = Spool(Path(asked["path"]), asked["most"])
    try:
        said = answer(corpus, asked, spool)
        body, filed = spool.close()
        return pack(said | {"size": spool.size, "filed": filed}, body)
    except OgxError as exc:
        return pack({"error": _of(spool, exc)})


def _of(spool: Spool, exc: OgxError) -> dict[str, object]:
    """What went wrong, by its cause: the engine tells a failure of the spool as one of its own."""
    try:
        spool.raise_failure()
    except OgxError as cause:
        exc = cause
    return exc.as_dict() | {"kind": type(exc).__name__}


def work(begin: Callable[[dict[str, Any]], Callable[[dict[str, Any]], bytes]]) -> None:
    """Read questions from standard input, and write answers to standard output; nothing else is printed there.

    :param begin: opens what is answered from, given the first thing that comes; gives what answers a question, which
        says for how many ``seconds`` it may run
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks is told as well, and ends this one
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    first = read_frame(source)
    if first is None:
        return
    answered = begin(first[0])
    asked: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(source, asked), daemon=True).start()
    out.write(pack({"ready": True}))
    out.flush()
    while True:
        question = asked.get()
        _bound_time(question["seconds"])
        out.write(_foreseen(answered, question))
        out.flush()


def _foreseen(answered: Callable[[dict[str, Any]], bytes], question: dict[str, Any]) -> bytes:
    """The answer; what nobody foresaw is told without the inside, and a lack of memory ends the process."""
    try:
        return answered(question)
    except MemoryError:
        raise
    except Exception as exc:
        sys.stderr.write(f"unexpected {type(exc).__name__}: {exc}\n")
        return pack({"error": InputError("E999", "unexpected failure of the server").as_dict()})


def _begin(setting: dict[str, Any]) -> Callable[[dict[str, Any]], bytes]:
    _confine(setting["memory"])
    return partial(_reply, open_store(setting["folder"], corpus=setting["settings"]))


def main() -> None:
    """Answer the questions of a pool from a store."""
    work(_begin)
