"""The server of ``ogx-rdf serve`` as users start it, and raw requests to it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote

__all__ = ["Answered", "Web", "children", "get", "post", "program_server", "raw", "sparql", "until", "web_server"]

PATIENCE = 60.0
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Web:
    """A server that runs.

    :param said: what it printed when it began
    """

    port: int
    process: subprocess.Popen[str]
    said: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A response, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()


@contextmanager
def web_server(*words: str, folder: Path, traces: bool = False) -> Iterator[Web]:
    """A server on a free port; it ends with the block, as by Ctrl-C.

    :param traces: whether it may print a trace, of a failure that is made on purpose
    """
    with _started([sys.executable, "-m", "ogx_rdf", "serve", "--port", "0", *words], folder, traces=traces) as web:
        yield web


@contextmanager
def program_server(program: str, folder: Path) -> Iterator[Web]:
    """A server that a program of Python's starts; it prints the address."""
    with _started([sys.executable, "-c", program], folder) as web:
        yield web


@contextmanager
def _started(command: list[str], folder: Path, *, traces: bool = False) -> Iterator[Web]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=told, text=True, env=environment)
        assert process.stdout is not None
        with process:
            try:
                said = process.stdout.readline()
                found = re.search(r"http://127\.0\.0\.1:(\d+)/", said)
                assert found, f"it did not start: {said}"
                yield Web(int(found[1]), process, said)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGINT)
                    assert process.wait(PATIENCE) == 0
                    assert list(folder.glob("ogx-rdf-*")) == [], "what it made for itself is gone"
                told.seek(0)
                sys.stderr.write(log := told.read())
                assert traces or "Traceback" not in log


def children(pid: int, *, slow: bool = False) -> set[int]:
    """The processes that a process started and that still run.

    :param slow: only those that were made to give way to others
    """
    listing = ["ps", "-o", "pid=,ni=,comm=", "--ppid", str(pid)]
    done = subprocess.run(listing, capture_output=True, text=True, check=False)
    found = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    usual = os.getpriority(os.PRIO_PROCESS, pid)
    return {int(number) for number, nice, name in found if name != "ps" and (not slow or int(nice) > usual)}


def until(met: Callable[[], object]) -> None:
    """Wait for what has to happen; a failure where it does not."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def raw(web: Web, request: bytes, *, source: str = "127.0.0.1") -> Answered:
    """Send the bytes of a request, and read the response."""
    with socket.create_connection(("127.0.0.1", web.port), PATIENCE, source_address=(source, 0)) as connection:
        connection.sendall(request)
        with HTTPResponse(connection, method=request.partition(b" ")[0].decode()) as response:
            response.begin()
            body = response.read()
            return Answered(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


def get(web: Web, path: str, **headers: str) -> Answered:
    """GET a path; ``Accept_Language`` is the header Accept-Language."""
    return raw(web, _request("GET", path, headers, b""))


def post(web: Web, path: str, body: bytes | str, kind: str, **headers: str) -> Answered:
    """POST a body of a type."""
    data = body if isinstance(body, bytes) else body.encode()
    return raw(web, _request("POST", path, {"Content-Type": kind, "Content-Length": str(len(data)), **headers}, data))


def _request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    said = {"Host": "www.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def sparql(web: Web, query: str, *more: str, **headers: str) -> Answered:
    """Ask a query by GET; ``more`` are further parameters, encoded."""
    return get(web, "/sparql?" + "&".join([f"query={quote(query, safe='')}", *more]), **headers)
