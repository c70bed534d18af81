"""The workers: asked one question at a time each, lowered when they take long, killed when they take too long."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from ..errors import InputError, OgxError, RefusedError, UsageError
from .limits import Limits
from .media import Unacceptable
from .opened import Opened
from .process import GONE, Worker, ended, too_long

__all__ = ["Pool", "Reply"]

STARTING = 60.0
"""Seconds in which a worker opens the store."""
NARROW = "Ask for less: fix more terms, take out what multiplies rows, or ask a store of your own."
SMALL = "Ask for less at a time: sorting, grouping and JSON-LD hold all of it in memory."
_KINDS = {kind.__name__: kind for kind in (InputError, RefusedError, UsageError, Unacceptable)}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whole.

    :param said: what there is to say of it: ``media`` is its type
    :param size: its bytes
    :param body: the bytes, where they are few
    :param file: else an open file of them, which goes with :meth:`close`
    """

    said: Mapping[str, Any]
    size: int
    body: bytes = field(repr=False)
    file: IO[bytes] | None = None
    sent: Callable[[], None] | None = field(default=None, repr=False)

    def close(self) -> None:
        """Let go of the file; to be called once."""
        if self.file is not None:
            self.file.close()
        if self.sent is not None:
            self.sent()


def _over() -> InputError:
    return InputError("E655", "the server ends", why="Nothing was answered.", hint="Ask again when it is back.")


def _busy() -> InputError:
    hint = "Ask again in a moment."
    return InputError("E655", "too many questions are being answered", why="Nothing was asked.", hint=hint)


class _Turn:
    """The time in which a question is worked at in earnest; it ends once.

    :param turns: where it is given back
    """

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns: asyncio.Semaphore | None = turns

    def end(self) -> None:
        """Let another question begin."""
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.release()


class Pool:
    """Workers on one store, started as they are needed; all of it in one event loop.

    :param opened: the store
    :param limits: how much a question may take
    """

    def __init__(self, opened: Opened, limits: Limits) -> None:
        self.opened = opened
        self.limits = limits
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._places = asyncio.Semaphore(limits.workers)
        self._turns = asyncio.Semaphore(min(limits.at_once, limits.workers))
        self._waiting = 0
        self._slow = 0
        self._unsent = 0
        self._asking: set[asyncio.Task[Any]] = set()
        self._ending = False
        self._numbers = itertools.count()
        self._folder = Path(tempfile.mkdtemp(prefix="ogx-rdf-answers."))
        self._clean = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    async def ready(self, number: int) -> None:
        """Start so many workers before anything is asked; where that fails, whoever asks is told.

        :param number: no more of them are started than may be at work
        """
        starting = (self._started() for _ in range(min(number, self.limits.workers)))
        started = await asyncio.gather(*starting, return_exceptions=True)
        self._idle += [worker for worker in started if isinstance(worker, Worker)]

    async def ask(self, asked: Mapping[str, Any]) -> Reply:
        """Answer a question (see :func:`ogx_rdf.serving.answers.answer`); whoever stops waiting ends the work.

        :raises OgxError: for a question that is refused or fails, goes over a limit, or finds no place
        """
        task = asyncio.current_task()
        assert task is not None
        self._asking.add(task)
        try:
            return await self._asked(asked)
        except asyncio.CancelledError:
            if not self._ending:
                raise
            raise _over() from None
        finally:
            self._asking.discard(task)

    async def _asked(self, asked: Mapping[str, Any]) -> Reply:
        if self._ending:
            raise _over()
        await self._take_place()
        turn = _Turn(self._turns)
        try:
            return await self._answered(asked, turn)
        finally:
            turn.end()
            self._places.release()

    def end(self) -> None:
        """Ask nothing more, and end what is asked: whoever waits for it is told."""
        self._ending = True
        for task in self._asking:
            task.cancel()

    async def close(self) -> None:
        """End every worker, and remove what they left."""
        self.end()
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        for worker in workers:
            await worker.kill()
        self._clean()

    async def _take_place(self) -> None:
        """Wait for a place and a turn."""
        if self._waiting >= self.limits.waiting:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.wait):
                await self._places.acquire()
                try:
                    await self._turns.acquire()
                except BaseException:
                    self._places.release()
                    raise
        except TimeoutError:
            raise _busy() from None
        finally:
            self._waiting -= 1

    async def _answered(self, asked: Mapping[str, Any], turn: _Turn) -> Reply:
        worker = self._at_rest() or await self._started()
        self._busy.add(worker)
        path = self._folder / str(next(self._numbers))
        bounds = {"path": str(path), "most": self.limits.result_bytes, "seconds": self.limits.seconds}
        again = False
        try:
            (said, body), again = await self._within_limits(worker, {**asked, **bounds}, turn)
            if "error" in said:
                raise _error(said["error"])
            return self._reply(said, body, path)
        finally:
            path.unlink(missing_ok=True)
            if again:
                self._idle.append(worker)
            else:
                await worker.kill()
            self._busy.discard(worker)  # at last: until a process is gone, whoever closes the pool has to end it

    async def _started(self) -> Worker:
        settings = None if self.opened.settings is None else str(self.opened.settings)
        setting = {"folder": str(self.opened.folder), "settings": settings, "memory": self.limits.memory_bytes}
        return await Worker.start("ogx_rdf.serving.worker", setting, STARTING)

    def _at_rest(self) -> Worker | None:
        """A worker that waits; those that something else has ended are forgotten."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.returncode is None:
                return worker
        return None

    def _reply(self, said: dict[str, Any], body: bytes, path: Path) -> Reply:
        if not said["filed"]:
            return Reply(said, said["size"], body)
        if self._unsent >= self.limits.unsent:
            raise _busy()
        self._unsent += 1
        return Reply(said, said["size"], body, path.open("rb"), self._sent)

    def _sent(self) -> None:
        self._unsent -= 1

    async def _within_limits(
        self, worker: Worker, asked: Mapping[str, Any], turn: _Turn
    ) -> tuple[tuple[dict[str, Any], bytes], bool]:
        """The answer, and whether the worker is as good as before."""
        task = asyncio.ensure_future(worker.exchange(asked))
        try:
            limits = self.limits
            done, _ = await asyncio.wait({task}, timeout=min(limits.turn, limits.patience))
            if not done:
                turn.end()
                done, _ = await asyncio.wait({task}, timeout=max(0.0, limits.patience - limits.turn))
            quick = bool(done)
            if not quick:
                await self._slowly(worker, task)
            return task.result(), quick
        except GONE as exc:
            raise ended("the query", SMALL) from exc
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, *GONE):
                await task

    async def _slowly(self, worker: Worker, task: asyncio.Future[tuple[dict[str, Any], bytes]]) -> None:
        if self._slow >= self.limits.slow:
            raise _busy()
        self._slow += 1
        try:
            worker.lower()
            done, _ = await asyncio.wait({task}, timeout=max(0.0, self.limits.seconds - self.limits.patience))
        finally:
            self._slow -= 1
        if not done:
            raise too_long("the query", self.limits.seconds, NARROW)


def _error(told: dict[str, Any]) -> OgxError:
    kind = _KINDS.get(told.pop("kind", ""), InputError)
    return kind(told.pop("code"), told.pop("message"), **told)
