"""Contests: the same work done by several, in turns (A B A B), so that the ratios hold on a machine that is not idle.

A part of the benchmark is a generator of contests.  It runs in a process of its own, which tells its parent line by
line what it is about to do and what came of it; so whoever takes too long, or all memory, is ended by the parent, and
the others go on.  Processes are measured with what the kernel says of them and of all that they started.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

__all__ = ["ROOT", "Contest", "Contestant", "NotRun", "Taken", "compete", "in_python", "middle", "ogx", "process"]

ROOT = Path(__file__).resolve().parents[2]

ENOUGH = 20.0
"""Seconds after which a contestant is not asked again: one long run says as much as three."""


class NotRun(Exception):
    """Says why something was not measured, which is no failure."""


@dataclass(frozen=True)
class Taken:
    """What a run took.

    :param seconds: by the clock
    :param cpu: seconds of all cores together, where a process was measured
    :param peak: bytes of the largest process, likewise
    :param work: how much was done, where that is not what the contest says
    """

    seconds: float
    cpu: float | None = None
    peak: int | None = None
    work: float | None = None


Run = Callable[[], Taken | None]


@dataclass(frozen=True)
class Contestant:
    """One who does the work.

    :param make: gets ready, untimed, and gives what is timed
    :param limit: seconds that getting ready, and each run, may take
    :param rounds: how often at most, where fewer times will do
    """

    name: str
    make: Callable[[], Run]
    limit: float = 60.0
    rounds: int | None = None


@dataclass(frozen=True)
class Contest:
    """Some work, and who does it; the first is the product, and the others are compared with it.

    :param unit: what is counted, such as claims; with ``work`` it gives a rate
    """

    name: str
    contestants: Sequence[Contestant]
    unit: str = ""
    work: float | None = None
    note: str = ""


@dataclass
class _Turns:
    """How far a contestant is."""

    who: Contestant
    run: Run | None = None
    spent: float = 0.0
    done: int = 0
    out: bool = field(default=False)


def _tell(**event: object) -> None:
    print(json.dumps(event), flush=True)


def _short(exc: BaseException) -> str:
    lines = [line for line in str(exc).splitlines() if line.strip()]
    return f"{type(exc).__name__}: {lines[0][:160]}" if lines else type(exc).__name__


def _guarded(contest: Contest, turns: _Turns, task: Callable[[], object]) -> object:
    """The result of a task; one that fails is told, and its contestant is out."""
    names = {"contest": contest.name, "who": turns.who.name}
    _tell(event="doing", limit=turns.who.limit, **names)
    try:
        return task()
    except NotRun as exc:
        _tell(event="not run", why=str(exc), **names)
    except Exception as exc:
        _tell(event="failed", why=_short(exc), **names)
    turns.out = True
    return None


def _turn(contest: Contest, turns: _Turns) -> None:
    run = turns.run
    assert run is not None

    def timed() -> Taken:
        begin = time.perf_counter()
        taken = run()
        return taken or Taken(time.perf_counter() - begin)

    begin = time.perf_counter()
    taken = _guarded(contest, turns, timed)
    turns.spent += time.perf_counter() - begin
    turns.done += 1
    if isinstance(taken, Taken):
        _tell(event="took", contest=contest.name, who=turns.who.name, **asdict(taken))


def compete(contests: Iterable[Contest], rounds: int, out: Collection[tuple[str, str]], over: Collection[str]) -> None:
    """Hold contests, and tell on standard output what comes of them, a JSON object a line.

    :param out: contests and contestants that are out already
    :param over: contests that were held already
    """
    for contest in contests:
        if contest.name in over:
            continue
        _tell(event="contest", contest=contest.name, unit=contest.unit, work=contest.work, note=contest.note)
        field_ = [_Turns(who) for who in contest.contestants]
        for turns in field_:
            _tell(event="entered", contest=contest.name, who=turns.who.name)
            turns.out = (contest.name, turns.who.name) in out
            if not turns.out:
                turns.run = _guarded(contest, turns, turns.who.make)  # type: ignore[assignment]
        for number in range(rounds):
            for turns in field_:
                if not turns.out and turns.spent < ENOUGH and number < (turns.who.rounds or rounds):
                    _turn(contest, turns)
        _tell(event="over", contest=contest.name)


def _telling(lines: Sequence[str]) -> str:
    """The line that says what is wrong: the last of a traceback, else the first."""
    if not lines:
        return "no word"
    return lines[-1] if any(line.startswith("Traceback") for line in lines) else lines[0]


def process(words: Sequence[str], *, ends: Collection[int] = (0,), work: float | None = None) -> tuple[Taken, str]:
    """Run a process, and say what it and all that it started took; gives what it printed too.

    :param ends: the codes with which it may end
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        begin = time.perf_counter()
        running = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=told)
        _, status, usage = os.wait4(running.pid, 0)
        seconds = time.perf_counter() - begin
        running.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told.seek(0)
        printed = out.read().decode(errors="replace")
        if running.returncode not in ends:
            lines = told.read().decode(errors="replace").strip().splitlines() or printed.strip().splitlines()
            raise RuntimeError(f"ended with {running.returncode}: {_telling(lines)[:120]}")
    return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, work), printed


def ogx(*words: str) -> list[str]:
    """The words of a command of the product."""
    return [sys.executable, "-m", "ogx_rdf", *words]


def in_python(text: str, *words: str) -> list[str]:
    """The words of a process that runs a text of Python."""
    return [sys.executable, "-c", text, *words]


def middle(task: Callable[[], object], times: int) -> Taken:
    """The middle one of many runs, the first of which warms up and does not count."""
    task()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        task()
        taken.append(time.perf_counter() - begin)
    return Taken(median(taken))
