"""Calls in a process of their own, so that one that runs too long can be ended: nothing else ends the engine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..serving.process import GONE, Worker, ended, too_long
from .worker import setting_of

if TYPE_CHECKING:
    from ..api import Graph

__all__ = ["Answered", "Calls", "failed"]

STARTING = 600.0
"""Seconds in which a process reads the graph: a large corpus of files takes minutes."""
LESS = "Ask for less: a narrower question, shorter chains. Who started this server gives more time with --time-limit."

Answered = tuple[dict[str, Any], bool]
"""An answer, and whether it is a failure."""


def failed(error: Mapping[str, Any]) -> Answered:
    """An answer that is a failure."""
    return {"answer": "failed", "coverage": None, "rows": [], "error": dict(error)}, True


class Calls:
    """A process that answers calls, one after the other; it is started with the first, and again after one that failed.

    :param seconds: how long a call may run
    """

    def __init__(self, graph: Graph, seconds: float) -> None:
        self._graph = graph
        self._seconds = seconds
        self._worker: Worker | None = None
        self._one_by_one = asyncio.Lock()

    async def ask(self, tool: str, arguments: Mapping[str, object]) -> Answered:
        """The answer of a tool to arguments that fit it, and whether it is a failure.

        :raises InputError: where it runs too long, or its process ends
        """
        async with self._one_by_one:
            if self._worker is None or self._worker.process.returncode is not None:
                self._worker = await Worker.start("ogx_rdf.mcp.worker", setting_of(self._graph), STARTING)
            asked = {"tool": tool, "arguments": dict(arguments), "seconds": self._seconds}
            answered = False
            try:
                async with asyncio.timeout(self._seconds):
                    said, body = await self._worker.exchange(asked)
                answered = True
            except TimeoutError:
                raise too_long("the call", self._seconds, LESS) from None
            except GONE as exc:
                raise ended("the call", LESS) from exc
            finally:
                if not answered:  # also where the client takes it back
                    await self._end()
        return failed(said["error"]) if "error" in said else (json.loads(body), False)

    async def close(self) -> None:
        """End the process."""
        await self._end()

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.kill()
