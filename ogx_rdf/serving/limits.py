"""How much a question may take."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one question may take, and how many are answered at once.

    A question is slow when it runs for longer than ``patience``.  Fewer may be slow at once than there are workers, so
    that short questions go on being answered however many long ones are asked.

    :param seconds: how long a question may run
    :param patience: seconds after which it is slow: from then on it gives way to others
    :param workers: questions answered at once
    :param slow: how many of them may be slow; one more is refused
    :param waiting: how many may wait; one more is refused
    :param wait: seconds that one may wait before it is refused
    :param unsent: how many large answers may lie ready for clients that are slow to read them
    :param result_bytes: the size of an answer
    :param request_bytes: the size of a request's body
    :param memory_bytes: what a worker may hold in memory
    """

    seconds: float = 30.0
    patience: float = 1.0
    workers: int = 10
    slow: int = 8
    waiting: int = 64
    wait: float = 10.0
    unsent: int = 32
    result_bytes: int = 64 << 20
    request_bytes: int = 1 << 20
    memory_bytes: int = 2 << 30
