"""A real Spark cluster for the tests: a master and two workers in a temporary folder, on free ports of 127.0.0.1."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from servers import free_port

__all__ = ["PYSPARK", "Cluster", "descendants", "spark_cluster"]

_FOUND = find_spec("pyspark")
PYSPARK = None if _FOUND is None or _FOUND.origin is None else Path(_FOUND.origin).parent
"""The folder of PySpark, which holds all of Spark; None where it is not installed."""

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0
QUICK = "-XX:TieredStopAtLevel=1"
"""A JVM that lives for seconds should not spend them on compiling itself."""

DEFAULTS = """
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.driver.memory 512m
spark.driver.extraJavaOptions {quick}
spark.executor.memory 512m
spark.executor.extraJavaOptions {quick}
spark.eventLog.enabled true
spark.eventLog.compress false
spark.eventLog.rolling.enabled false
spark.eventLog.dir {events}
spark.shuffle.io.retryWait 1s
spark.ui.port {ui}
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that has its two workers.

    :param workers: the processes of the workers
    :param ui: the port at which an application tells how it is getting on
    :param events: where applications leave their logs
    """

    master: str
    workers: tuple[subprocess.Popen[bytes], ...]
    ui: int
    events: Path
    environment: dict[str, str]

    def asked(self, path: str) -> Any:
        """What the running application answers; None where there is none yet."""
        return _asked(f"http://127.0.0.1:{self.ui}/api/v1/{path}")


def _asked(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return None


def descendants(pid: int) -> list[int]:
    """A process and all below it, as the system lists them."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _start(words: list[str], folder: Path, log: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    assert PYSPARK is not None
    with (folder / log).open("wb") as out:
        program = [str(PYSPARK / "bin" / "spark-class"), *words]
        return subprocess.Popen(
            program, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )


@contextmanager
def spark_cluster(folder: Path) -> Iterator[Cluster]:
    """A master with two workers of one core and 512 MB each; all is ended and nothing is left running at the end."""
    (events := folder / "events").mkdir()
    (conf := folder / "conf").mkdir()
    port, web, ui = free_port(), free_port(), free_port()
    defaults = DEFAULTS.format(quick=QUICK, events=events.as_uri(), ui=ui)
    (conf / "spark-defaults.conf").write_text(defaults, encoding="utf-8")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("SPARK", "PYSPARK", "OGX_RDF"))},
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
        "SPARK_CONF_DIR": str(conf),
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_HOME": str(PYSPARK),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    master = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    here = ["--host", "127.0.0.1"]
    words = [f"{deploy}.master.Master", *here, "--port", str(port), "--webui-port", str(web)]
    started = [_start(words, folder, "master.log", environment)]
    try:
        _wait(web, 0, started, folder)
        for number in (1, 2):
            size = ["--cores", "1", "--memory", "512m", "--port", "0", "--webui-port", "0"]
            words = [f"{deploy}.worker.Worker", *here, *size, "--work-dir", str(folder / f"work{number}"), master]
            started.append(_start(words, folder, f"worker{number}.log", environment))
        _wait(web, 2, started, folder)
        yield Cluster(master, tuple(started[1:]), ui, events, environment)
    finally:
        for process in started:
            for pid in descendants(process.pid) if process.poll() is None else []:
                _kill(pid)
            process.wait()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _wait(web: int, workers: int, started: list[subprocess.Popen[bytes]], folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and all(process.poll() is None for process in started):
        told = _asked(f"http://127.0.0.1:{web}/json/")
        if told is not None and told["aliveworkers"] >= workers:
            return
        time.sleep(0.1)
    logs = "".join(path.read_text(encoding="utf-8", errors="replace")[-1000:] for path in folder.glob("*.log"))
    raise RuntimeError(f"the cluster did not come up: {logs}")
