"""Checking: the whole pass as processes, and the rules alone in one process, beside pySHACL."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial

from contest import Contest, Contestant, NotRun, Run, Taken, in_python, process
from scale_claims import Claims, batches
from scale_data import Setting, cores, has_option

__all__ = ["contests", "rules"]

SAMPLE = 300
"""Claims that pySHACL judges, at every size: it takes its time."""

MOST = 5_000
"""Claims that the compiled rules judge when they are measured alone."""

GROUPING = """
import gzip, sys
groups = {}
for line in gzip.open(sys.argv[1]):
    groups.setdefault(line[line.rfind(b"<"):], []).append(line)
"""


def _check(setting: Setting, *more: str) -> Run:
    out = setting.work / "check.json"

    def run() -> Taken:
        taken = process(setting.words("check", "--format", "json", "--out", str(out), *more))[0]
        steps = json.loads(out.read_text(encoding="utf-8"))["steps"]
        found = sum(len(step["findings"]) for step in steps)
        if found != setting.truth:
            raise RuntimeError(f"{found} findings, and the dump was made with {setting.truth}")
        return taken

    return run


def _spark(setting: Setting) -> Run:
    if not has_option("check", "--engine {local,spark}") and not has_option("check", "spark"):
        raise NotRun("not in this version")
    return _check(setting, "--engine", "spark")


def _grouping(setting: Setting) -> Run:
    return lambda: process(in_python(GROUPING, str(setting.dump)))[0]


def contests(setting: Setting) -> Iterator[Contest]:
    """The whole check; each run must find what the dump was made with."""
    limit = setting.limit(60, 0.003)
    workers = [
        Contestant("`check --input --workers 1`", partial(_check, setting, "--workers", "1"), limit),
        Contestant("`check --input --engine spark`", partial(_spark, setting), limit + 60, 1),
    ]
    field = [
        Contestant("`check --input`", partial(_check, setting), limit),
        *(workers if cores() > 1 else workers[1:]),
        Contestant("Python: read and group the lines (the bound)", partial(_grouping, setting), limit),
    ]
    note = "each run finds exactly what the dump was made with"
    yield Contest("check", field, "claims", setting.n, note)


def _auto(claims: Claims, most: int) -> Run:
    groups = claims.groups(most)
    judge = claims.worker.judge

    def run() -> Taken:
        begin = time.process_time()
        for runs in batches(groups):
            judge.of_batch(judge.batch(runs), shared=False)
        return Taken(time.process_time() - begin, work=len(groups))

    run()
    return run


def _engine(claims: Claims, engine: str, most: int) -> Run:
    from ogx_rdf.validation.engines import check
    from ogx_rdf.validation.rules import shapes_text

    text, shapes = claims.text(most), shapes_text()
    check(shapes, "", engine)  # type: ignore[arg-type]

    def run() -> Taken:
        begin = time.process_time()
        check(shapes, text, engine)  # type: ignore[arg-type]
        return Taken(time.process_time() - begin, work=most)

    return run


def _plain(claims: Claims, most: int) -> Run:
    import pyshacl
    import rdflib

    from ogx_rdf.validation.rules import shapes_text

    shapes = rdflib.Graph().parse(data=shapes_text(), format="turtle")
    text = claims.text(most)

    def run() -> Taken:
        begin = time.process_time()
        pyshacl.validate(rdflib.Graph().parse(data=text, format="nt"), shacl_graph=shapes)
        return Taken(time.process_time() - begin, work=most)

    return run


def rules(setting: Setting) -> Iterator[Contest]:
    """The rules alone on one core: bundles brought together with what they reach, held to every rule for claims."""
    claims = Claims(setting)
    sample, most = min(SAMPLE, setting.n), min(MOST, setting.n)
    field = [
        Contestant("`auto`, in the batches of the pass", partial(_auto, claims, most)),
        Contestant(f"the library `shacl` alone, {sample} claims", partial(_engine, claims, "shacl", sample), 120, 1),
        Contestant(f"pySHACL done plainly, {sample} claims", partial(_plain, claims, sample), 300, 1),
        Contestant(f"pySHACL as `--engine pyshacl` has it, {sample}", partial(_engine, claims, "pyshacl", sample), 300, 1),
    ]
    yield Contest("rules", field, "claims", most, "seconds of one core")
