"""A load generator for real: wrk, with a script that sends one request after the other, again and again."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serve_asked import ROWS, Asked

__all__ = ["INSTALL", "WRK", "Loaded", "load", "version", "write_script"]

WRK = shutil.which("wrk")
INSTALL = "wrk, the load generator, is not installed: on Debian, apt-get install wrk (https://github.com/wg/wrk)"

SCRIPT = """
local requests, at = {}, 0
function init(args)
%s
end
function request()
  at = at %% #requests + 1
  return requests[at]
end
function done(summary, latency, all)
  local e = summary.errors
  local failed = string.format('"connect":%%d,"read":%%d,"write":%%d,"status":%%d,"timeout":%%d',
    e.connect, e.read, e.write, e.status, e.timeout)
  io.write(string.format('\\n{"requests":%%d,"micros":%%d,"bytes":%%d,"p50":%%d,"p95":%%d,"p99":%%d,%%s}\\n',
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), failed))
end
"""
"""Errors are counted by what went wrong; a status of 400 and above is one."""

TIMEOUT = 60
"""Seconds after which a request without an answer is an error."""


@dataclass(frozen=True)
class Loaded:
    """What came of a run.

    :param rate: answers a second
    :param p50: seconds of the middle one; the others alike
    :param errors: requests that failed, and answers that were errors
    """

    rate: float
    p50: float
    p95: float
    p99: float
    errors: int
    requests: int
    bytes: int


def version() -> str | None:
    """The version of wrk."""
    if WRK is None:
        return None
    done = subprocess.run([WRK, "--version"], capture_output=True, text=True, check=False)
    words = (done.stdout + done.stderr).split()
    return words[1].rpartition("/")[2] if len(words) > 1 else "of unknown version"


def _lua(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def write_script(requests: Sequence[Asked], path: str, file: Path) -> None:
    """Write the script that sends requests.

    :param path: where a server is asked queries
    """
    lines = []
    for asked in requests:
        if asked.query is None:
            lines.append(f"  requests[#requests + 1] = wrk.format('GET', {_lua(asked.path)})")
        else:
            headers = f"{{['Content-Type'] = 'application/sparql-query', ['Accept'] = '{ROWS}'}}"
            words = f"'POST', {_lua(path)}, {headers}, {_lua(asked.query)}"
            lines.append(f"  requests[#requests + 1] = wrk.format({words})")
    file.write_text(SCRIPT % "\n".join(lines), encoding="utf-8")


def load(root: str, script: Path, connections: int, seconds: float) -> Loaded:
    """Load a server for some seconds.

    :param root: the address of the server, without a slash at its end
    :raises RuntimeError: where wrk fails
    """
    assert WRK is not None
    words = [WRK, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", f"{TIMEOUT}s"]
    done = subprocess.run([*words, "-s", str(script), root], capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not told:
        raise RuntimeError(f"wrk failed: {(done.stderr or done.stdout).strip()[:300]}")
    said: dict[str, Any] = json.loads(told[-1])
    return Loaded(
        rate=said["requests"] / said["micros"] * 1e6,
        p50=said["p50"] / 1e6,
        p95=said["p95"] / 1e6,
        p99=said["p99"] / 1e6,
        errors=sum(said[name] for name in ("connect", "read", "write", "status", "timeout")),
        requests=said["requests"],
        bytes=said["bytes"],
    )
