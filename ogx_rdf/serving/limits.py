"""How much a question may take."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ..errors import UsageError

__all__ = ["SECONDS", "Limits", "time_limit"]

SECONDS = 30.0
"""How long a question may run, unless said otherwise."""
WORKERS = 10
LEAST_MEMORY, MOST_MEMORY = 256 << 20, 2 << 30


def time_limit(seconds: float) -> float:
    """How long a question may run, as the operator says it.

    :raises UsageError: for what is no such time
    """
    if not 0 < seconds <= 86_400:
        raise UsageError("E500", f"no time limit: {seconds:g}", hint="Give seconds, for example 30.")
    return seconds


def _processors() -> int:
    """As many questions as there are processors are worked at in earnest; two at least, so that none is alone."""
    try:
        return max(2, len(os.sched_getaffinity(0)))
    except (AttributeError, OSError):
        return max(2, os.cpu_count() or 2)


def _share() -> int:
    """What each worker may hold, so that all of them together hold no more than half of this machine's memory."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return LEAST_MEMORY
    return min(MOST_MEMORY, max(LEAST_MEMORY, whole // 2 // WORKERS))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one question may take, and how many are answered at once.

    No more than ``at_once`` begin together, for more would only delay each other; one that goes on for longer than
    ``turn`` lets another begin beside it.  A question is slow when it runs for longer than ``patience``.  Fewer may be
    slow at once than there are workers, so that short questions go on being answered however many long ones are asked.

    :param seconds: how long a question may run
    :param patience: seconds after which it is slow: from then on it gives way to others
    :param at_once: how many questions are in their turn
    :param turn: seconds after which a question that still runs lets another one begin
    :param workers: questions answered at once, those among them whose turn is over
    :param slow: how many of them may be slow; one more is refused
    :param waiting: how many may wait; one more is refused
    :param wait: seconds that one may wait before it is refused
    :param unsent: how many large answers may lie ready for clients that are slow to read them
    :param result_bytes: the size of an answer
    :param request_bytes: the size of a request's body
    :param memory_bytes: what a worker may hold in memory: up to 2 GB, as far as the machine has it for all of them
    """

    seconds: float = SECONDS
    patience: float = 1.0
    at_once: int = field(default_factory=_processors)
    turn: float = 0.25
    workers: int = WORKERS
    slow: int = 8
    waiting: int = 64
    wait: float = 10.0
    unsent: int = 32
    result_bytes: int = 64 << 20
    request_bytes: int = 1 << 20
    memory_bytes: int = field(default_factory=_share)
