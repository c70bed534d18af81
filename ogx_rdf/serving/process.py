"""A process that answers one question at a time, and can be ended whatever it is doing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from ..errors import InputError
from .frames import HEAD, lengths, pack

__all__ = ["GONE", "Worker", "ended", "too_long"]

GONE = (asyncio.IncompleteReadError, OSError)
"""What :meth:`Worker.exchange` raises where the process ends."""
PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import main; main()"
"""What the process runs: it finds the same modules as this one does."""


def too_long(what: str, seconds: float, hint: str) -> InputError:
    """The failure of what went over the limit of time.

    :param what: the query, or the call
    """
    return InputError(
        "E656",
        f"{what} ran for more than {seconds:g} seconds, and was ended",
        why="There is no answer: what was found so far is not the whole.",
        hint=hint,
    )


def ended(what: str, hint: str) -> InputError:
    """The failure of what took its process with it."""
    return InputError(
        "E657",
        f"{what} ended the process that worked on it",
        why="It took more memory than there is for one, or it is nested too deeply.",
        hint=hint,
    )


class Worker:
    """A process that answers."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, module: str, setting: Mapping[str, Any], seconds: float) -> Worker:
        """Start a process, and wait until it has opened what it answers from.

        :param module: the module whose ``main`` answers
        :param setting: the first thing that it is sent
        :param seconds: how long to wait
        :raises InputError: where it does not come to that
        """
        worker = cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-c", PROGRAM.format(module=module), json.dumps(sys.path)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        )
        try:
            async with asyncio.timeout(seconds):
                await worker.exchange(setting)
        except BaseException as exc:
            await worker.kill()
            if isinstance(exc, (*GONE, TimeoutError)):
                raise InputError("E658", "the store cannot be opened", hint="The server's log says why.") from exc
            raise
        return worker

    async def exchange(self, asked: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Ask, and read the whole answer.

        :raises OSError: or IncompleteReadError, where the process ends
        """
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None and stdout is not None
        stdin.write(pack(asked))
        await stdin.drain()
        text, body = lengths(await stdout.readexactly(HEAD))
        return json.loads(await stdout.readexactly(text)), await stdout.readexactly(body)

    def lower(self) -> None:
        """Let the process give way to others from now on."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, 10)

    async def kill(self) -> None:
        """End the process, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        await self.process.wait()
