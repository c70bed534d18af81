"""Real SPARQL servers for the tests, each in a temporary folder and on free ports of the loopback address."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ISQL", "OXIGRAPH", "VIRTUOSO", "Server", "oxigraph_server", "virtuoso_server"]

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
ISQL = shutil.which("isql-vt")
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    :param sparql: where questions go
    :param update: where updates go
    :param data: where the Graph Store Protocol is spoken
    :param sql: the port of Virtuoso's SQL clients
    """

    name: str
    sparql: str
    update: str
    data: str
    user: str | None = None
    password: str | None = None
    sql: int | None = None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    told = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise RuntimeError(f"the server at {url} did not answer: {told}")


@contextmanager
def _running(words: list[str], folder: Path, url: str) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(url, process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def oxigraph_server(folder: Path, *options: str) -> Iterator[Server]:
    """An Oxigraph server that keeps its data in memory."""
    assert OXIGRAPH is not None
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    with _running([OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}", *options], folder, f"{root}/query"):
        yield Server("oxigraph", f"{root}/query", f"{root}/update", f"{root}/store")


INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 10
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
ThreadsPerQuery = 2
CheckpointInterval = 0
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 8
MaxClientConnections = 8
[SPARQL]
{sparql}
"""


@contextmanager
def virtuoso_server(folder: Path, sparql: str = "", buffers: int = 20_000) -> Iterator[Server]:
    """A Virtuoso with an empty database of its own; ``sparql`` are lines of the section [SPARQL] of its ini."""
    assert VIRTUOSO is not None
    http, sql = free_port(), free_port()
    ini = INI.format(http=http, sql=sql, folder=folder, sparql=sparql, buffers=buffers, dirty=buffers * 3 // 4)
    (folder / "virtuoso.ini").write_text(ini, encoding="utf-8")
    root = f"http://127.0.0.1:{http}"
    with _running([VIRTUOSO, "-f", "-c", "virtuoso.ini"], folder, f"{root}/sparql"):
        yield Server(
            "virtuoso",
            f"{root}/sparql-auth",
            f"{root}/sparql-auth",
            f"{root}/sparql-graph-crud-auth",
            user="dba",
            password="dba",
            sql=sql,
        )
