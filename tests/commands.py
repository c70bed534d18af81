"""The command as the tests run it: in a process of its own, or by the fixture ``cli`` in theirs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

Result = subprocess.CompletedProcess[str]
Cli = Callable[..., Result]

PROGRAM = [sys.executable, "-m", "ogx_rdf"]
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("OGX_RDF_SOURCES", "PYTHONUNBUFFERED")}
ENVIRONMENT["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)


def command(words: Sequence[str], folder: Path) -> Result:
    """Run the command in a process of its own."""
    return subprocess.run([*PROGRAM, *words], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
