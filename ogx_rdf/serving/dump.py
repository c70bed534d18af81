"""The whole dataset, written by a process of its own while it is read.

The engine gives its quads to the thread that asked for them and to no other, which threads of a server are not; and a
process that is ended leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress

from ..errors import InputError
from ..publish.streamed import streamed
from ..store.corpus import open_store
from .opened import Opened

__all__ = ["dump", "main"]

PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from ogx_rdf.serving.dump import main; main()"
PIECE = 1 << 18


async def dump(opened: Opened, format: str) -> AsyncGenerator[bytes, None]:
    """Every quad of a store in pieces, as :func:`~ogx_rdf.publish.streamed.streamed` writes them.

    Whoever stops to read ends the process with ``aclose``.

    :raises InputError: after the last piece, where it is not the whole
    """
    settings = None if opened.settings is None else str(opened.settings)
    setting = json.dumps({"folder": str(opened.folder), "settings": settings, "format": format})
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", PROGRAM, json.dumps(sys.path), setting),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        while data := await process.stdout.read(PIECE):
            yield data
        if await process.wait() != 0:
            raise InputError("E657", "the dataset was not written to its end", hint="The server's log says why.")
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def main() -> None:
    """Write the dataset that the second argument names to standard output; nothing else is printed there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks is told as well, and ends this one
    setting = json.loads(sys.argv[2])
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    corpus = open_store(setting["folder"], corpus=setting["settings"])
    with suppress(BrokenPipeError), out:
        for piece in streamed(corpus, setting["format"]):
            out.write(piece)
