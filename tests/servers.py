"""Real SPARQL servers for the tests, each in a temporary folder and on free ports of the loopback address."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ISQL", "OXIGRAPH", "VIRTUOSO", "Scripted", "Server", "http", "oxigraph_server", "virtuoso_server"]

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
ISQL = shutil.which("isql-vt") or shutil.which("isql-v")
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    :param sparql: where questions go
    :param update: where updates go
    :param data: where the Graph Store Protocol is spoken
    :param sql: the port of its own protocol
    """

    name: str
    sparql: str
    update: str
    data: str
    user: str | None = None
    password: str | None = None
    sql: int | None = None

    def environment(self) -> dict[str, str]:
        """What says who asks."""
        return {"OGX_RDF_USER": self.user or "", "OGX_RDF_PASSWORD": self.password or ""}


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
def oxigraph_server(folder: Path, *options: str, command: str = "serve") -> Iterator[Server]:
    """An Oxigraph server that keeps its data in memory, unless an option names a place."""
    assert OXIGRAPH is not None
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    with _running([OXIGRAPH, command, "--bind", f"127.0.0.1:{port}", *options], folder, f"{root}/query"):
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


class Scripted:
    """A server that sends what the test wrote down, one answer a connection, whatever it is asked.

    An answer may end with a number of seconds to wait in silence before the connection goes.
    """

    def __init__(self, answers: Sequence[bytes | tuple[bytes, float]], context: ssl.SSLContext | None = None) -> None:
        self.asked: list[bytes] = []
        self._answers = list(answers)
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        scheme = "http" if context is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}/sparql"
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Scripted:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread, which closing alone does not
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        for answer in self._answers:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                if self._context is None:
                    self._answer(connection, answer)
                else:
                    with self._context.wrap_socket(connection, server_side=True) as secure:
                        self._answer(secure, answer)

    def _answer(self, connection: socket.socket, answer: bytes | tuple[bytes, float]) -> None:
        connection.settimeout(5)
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(65_536)
        head, _, body = asked.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        while length and len(body) < int(length[1]):
            body += connection.recv(65_536)
        self.asked.append(head + b"\r\n\r\n" + body)
        data, wait = answer if isinstance(answer, tuple) else (answer, 0.0)
        connection.sendall(data)
        self._gone.wait(wait)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def http(body: bytes | str, *headers: str, status: str = "200 OK", length: int | None = -1) -> bytes:
    """An HTTP answer; ``length`` -1 is the true one, None leaves the header out."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(line.lower().startswith("content-type") for line in headers):
        lines.append("Content-Type: application/sparql-results+json")
    if length is not None:
        lines.append(f"Content-Length: {len(data) if length < 0 else length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data
