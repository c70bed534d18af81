"""Spark itself: started, ended, and its failures told in words."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..errors import InputError, UsageError

if TYPE_CHECKING:
    from pyspark import SparkContext

__all__ = ["LOCAL", "cluster"]

LOCAL = "local[*]"
"""The master that is this machine with all its processors."""

PATIENCE = 5.0
_MASTER = re.compile(r"local(\[[^\]]+\])?|(spark|k8s)://\S+|yarn")


@contextmanager
def cluster(master: str = LOCAL) -> Iterator[SparkContext]:
    """A connection to a cluster; whatever else there is to set has its place in Spark's ``spark-defaults.conf``.

    :param master: its URL
    :raises UsageError: for a URL that is none
    :raises InputError: where PySpark or Java is missing, nobody answers, or the cluster gives up
    """
    try:
        from py4j.protocol import Py4JError  # type: ignore[import-untyped]
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
    except ImportError as exc:
        raise InputError(
            "E390",
            "a check on a cluster needs PySpark, which is not installed",
            hint="Install the extra on every machine: pip install 'ogx-rdf[spark]'; it needs Java 17 as well.",
        ) from exc
    _answers(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        context = SparkContext(conf=SparkConf(loadDefaults=False).setAll(_settings(master)))
    except (Py4JError, PySparkException, OSError) as exc:
        raise InputError(
            "E391",
            "Spark does not start",
            why=_reason(exc),
            hint="It needs Java 17 or later: JAVA_HOME, or java on the PATH. Its own messages stand above.",
        ) from exc
    try:
        yield context
    except (Py4JError, PySparkException) as exc:
        raise InputError(
            "E392",
            "the cluster gave the work up",
            why=_reason(exc),
            hint="The messages of its machines say more. A unit that does not fit into memory is the usual cause: "
            "raise spark.executor.memoryOverhead, or give each machine fewer cores.",
        ) from exc
    finally:
        context.stop()


def _settings(master: str) -> list[tuple[str, str]]:
    settings = [
        ("spark.app.name", "ogx-rdf check"),
        ("spark.master", master),
        ("spark.ui.showConsoleProgress", "false"),
    ]
    if master.startswith("local"):
        here = "127.0.0.1"
        settings += [("spark.ui.enabled", "false"), ("spark.driver.host", here), ("spark.driver.bindAddress", here)]
    return settings


def _answers(master: str) -> None:
    """Refuse a master that is none, or at which nobody answers: Spark itself would try for a minute.

    :raises UsageError: for what is no URL of a master
    :raises InputError: where nobody answers
    """
    if not _MASTER.fullmatch(master):
        raise UsageError(
            "E395", f"no master: {master!r}", hint="For example --master spark://10.0.0.1:7077, or --master 'local[4]'."
        )
    if not master.startswith("spark://"):
        return
    reasons = []
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), PATIENCE):
                return
        except (OSError, ValueError) as exc:
            reasons.append(f"{place}: {getattr(exc, 'strerror', None) or exc}")
    raise InputError(
        "E391", "no Spark master answers", why="; ".join(reasons), hint="Check --master, and that the master runs."
    )


def _reason(exc: Exception) -> str:
    """The one line that says most of a failure: the last error of Python in it, else its first line."""
    lines = [line.strip() for line in str(exc).splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt): ", line)]
    ours = [line for line in errors if not line.startswith(("org.apache.spark", "java."))]
    return ([*ours[-1:], *errors[:1], *lines[:1], type(exc).__name__])[0]
