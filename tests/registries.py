"""A server on this machine that answers as Crossref and the NCBI E-utilities do, and fails as servers do."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from serving import serving

ANSWERS = Path(__file__).parent / "data" / "works_online"
JSON = "application/json"
PAGE = b"<html><body>Bad Gateway</body></html>"


class Registries(ThreadingHTTPServer):
    """Both registries at one address; every request is logged with its path, its parameters and its headers.

    The DOI decides what happens: 10.9999/NAME is answered from ``crossref/NAME.json``, other names fail in their way.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.log: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.seen: Counter[str] = Counter()
        self.released = threading.Event()
        self.pubmed_status = 200
        self.retry_after = "0"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.log]


@contextmanager
def registries() -> Iterator[Registries]:
    """The server for as long as the block lasts."""
    server = Registries()
    with serving(server, server.released):
        yield server


class _Handler(BaseHTTPRequestHandler):
    server: Registries
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path, parameters = unquote(parts.path), {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.log.append((path, parameters, dict(self.headers)))
        self.server.seen[path] += 1
        if path.startswith("/crossref/works/10.9999/"):
            self.crossref(path.rpartition("/")[2], self.server.seen[path])
        elif path == "/eutils/esummary.fcgi":
            self.pubmed(parameters["id"].split(","))
        else:
            self.answer(404, b"Resource not found.", "text/plain")

    def answer(self, status: int, body: bytes, kind: str = JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def crossref(self, name: str, times: int) -> None:
        file = ANSWERS / "crossref" / f"{name}.json"
        if name == "busy" and times == 1:
            self.answer(429, b"{}", Retry_After=self.server.retry_after)
        elif name == "broken":
            self.answer(500, b'{"status": "error"}')
        elif name == "forbidden":
            self.answer(403, PAGE, "text/html")
        elif name == "page":
            self.answer(200, PAGE, "text/html")
        elif name == "list":
            self.answer(200, b"[]")
        elif name == "cut":
            body = (ANSWERS / "crossref" / "current.json").read_bytes()
            self.answer(200, body[: len(body) // 2], length=str(len(body)))
            self.close_connection = True
        elif name == "slow":
            self.server.released.wait()
            self.close_connection = True
        elif file.is_file():
            self.answer(200, file.read_bytes())
        else:
            self.answer(404, b"Resource not found.", "text/plain")

    def pubmed(self, pmids: list[str]) -> None:
        if self.server.pubmed_status != 200:
            self.answer(self.server.pubmed_status, b'{"error": "API rate limit exceeded"}')
            return
        result: dict[str, object] = {"uids": pmids}
        for pmid in pmids:
            file = ANSWERS / "pubmed" / f"{pmid}.json"
            missing = {"uid": pmid, "error": "cannot get document summary"}
            result[pmid] = json.loads(file.read_bytes()) if file.is_file() else missing
        header = {"type": "esummary", "version": "0.3"}
        self.answer(200, json.dumps({"header": header, "result": result}).encode())
