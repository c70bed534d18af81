"""Parts of the benchmark in processes of their own: what they tell is collected, and who takes too long is ended."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from contest import ROOT

__all__ = ["Held", "Row", "hold"]

GENERATING = 60.0
"""Seconds that a part may say nothing before its first contest, and 5 milliseconds more for each claim."""


@dataclass
class Row:
    """What a contestant did."""

    who: str
    runs: list[dict[str, Any]] = field(default_factory=list)
    why: str | None = None

    def median(self, name: str = "seconds") -> float | None:
        """The middle one of its runs."""
        values = [run[name] for run in self.runs if run[name] is not None]
        return median(values) if values else None

    def each(self, work: float | None) -> float | None:
        """Seconds for each unit of work."""
        seconds, own = self.median(), self.median("work") or work or 1.0
        return None if seconds is None else seconds / own


@dataclass
class Held:
    """A contest that was held."""

    part: str
    size: int
    name: str
    unit: str = ""
    work: float | None = None
    note: str = ""
    rows: dict[str, Row] = field(default_factory=dict)


class _Part:
    """A part at a size: started again without those who took too long, until all contests are over."""

    def __init__(self, words: Sequence[str], part: str, size: int) -> None:
        self.words, self.part, self.size = words, part, size
        self.held: dict[str, Held] = {}
        self.over: list[str] = []
        self.out: dict[tuple[str, str], str] = {}
        self._doing: tuple[str, str] | None = None

    def hold(self) -> list[Held]:
        """Hold all contests of the part."""
        while (why := self._once()) is not None:
            if self._doing is None:
                name = next((name for name in self.held if name not in self.over), "all")
                held = self.held.setdefault(name, Held(self.part, self.size, name))
                held.rows.setdefault("all", Row("all")).why = f"failed: {why}"
                break
            self.out[self._doing] = f"failed: {why}"
            self.held.pop(self._doing[0])
        return list(self.held.values())

    def _once(self) -> str | None:
        """Run the process once; gives why it did not come to its end."""
        self._doing = None
        running = subprocess.Popen(
            self.words,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert running.stdin is not None
        with running.stdin as given:
            given.write(json.dumps({"out": list(self.out), "over": self.over}).encode())
        said = _Said(running)
        limit = GENERATING + 0.005 * self.size
        try:
            while (event := said.next(limit)) is not None:
                limit = self._take(event)
        except queue.Empty:
            return f"took longer than {limit:.0f} s"
        finally:
            if running.poll() is None and self._doing is not None:
                os.killpg(running.pid, signal.SIGKILL)
            code = _ended(running)
        return None if code == 0 else f"its process ended with {code}: {said.last}"

    def _take(self, event: dict[str, Any]) -> float:
        """Note what was told; gives how long the next thing may take."""
        kind, name = event["event"], event["contest"]
        if kind == "contest":
            told = {key: event[key] for key in ("unit", "work", "note")}
            self.held[name] = Held(self.part, self.size, name, **told)
            return 60.0
        if kind == "over":
            self.over.append(name)
            self._doing = None
            return GENERATING + 0.005 * self.size
        row = self.held[name].rows.setdefault(event["who"], Row(event["who"]))
        row.why = self.out.get((name, row.who), row.why)
        if kind == "doing":
            self._doing = name, row.who
            return float(event["limit"])
        if kind == "took":
            row.runs.append({key: event[key] for key in ("seconds", "cpu", "peak", "work")})
        elif kind == "failed":
            row.why = f"failed: {event['why']}"
        elif kind == "not run":
            row.why = event["why"]
        return 60.0


class _Said:
    """What a process says, line by line, with a limit to the silence."""

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        self._lines: queue.Queue[bytes] = queue.Queue()
        self.last = "no word"
        assert running.stdout is not None and running.stderr is not None
        for read, stream in ((self._read, running.stdout), (self._keep, running.stderr)):
            threading.Thread(target=read, args=(stream,), daemon=True).start()

    def _read(self, stream: Any) -> None:
        for line in stream:
            self._lines.put(line)
        self._lines.put(b"")

    def _keep(self, stream: Any) -> None:
        for line in stream:
            self.last = line.decode(errors="replace").strip()[:160] or self.last

    def next(self, limit: float) -> dict[str, Any] | None:
        """The next event, or None at the end.

        :raises queue.Empty: where nothing was said for too long
        """
        line = self._lines.get(timeout=limit)
        return dict(json.loads(line)) if line else None


def _ended(running: subprocess.Popen[bytes]) -> int:
    try:
        return running.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        return running.wait()


def hold(part: str, size: int, words: Sequence[str]) -> list[Held]:
    """Hold the contests of a part at a size."""
    script = str(Path(__file__).with_name("scale.py"))
    return _Part([sys.executable, script, *words, f"--part={part}", f"--sizes={size}"], part, size).hold()
