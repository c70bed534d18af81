"""Cold starts: each command of the product as a fresh process on the shipped corpus, Python's own start included."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench import TASKS
from contest import Contest, Contestant, Run, Taken, in_python, ogx, process
from scale_data import Setting

__all__ = ["contests"]

COMMANDS = (
    "query claims-about --entity clusterin",
    "show c:0042",
    "path custirsen apoptosis",
    "validate",
    "verify --allow-missing",
    "check --allow-missing",
    "audit",
    "impact --remove ref:5",
    "tensions",
    "export --format jsonl --out {folder}/evidence.jsonl",
    "build --out {folder}/graph.nq",
)


def _run(words: list[str]) -> Run:
    def run() -> Taken:
        return process(words)[0]

    return run


def _command(setting: Setting, command: str) -> Run:
    folder = Path(setting.work)
    return _run(ogx(*command.format(folder=folder).split()))


def contests(setting: Setting) -> Iterator[Contest]:
    """A contest for each command, against the same work done plainly where bench.py knows how that is done."""
    plainly = {task.command: task.plain for task in TASKS}
    for command in COMMANDS:
        shown = command.partition(" --out")[0]
        field = [Contestant(f"`ogx-rdf {shown}`", partial(_command, setting, command))]
        if command in plainly:
            words = in_python(plainly[command])
            field.append(Contestant("plainly, with rdflib and pySHACL", partial(_run, words), limit=300, rounds=1))
        yield Contest(shown.partition(" ")[0], field)
    bare = Contestant("`python -c pass`", partial(_run, in_python("pass")))
    yield Contest("nothing at all", [Contestant("`ogx-rdf --version`", partial(_run, ogx("--version"))), bare])
