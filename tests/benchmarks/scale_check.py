"""Checking: the whole pass as processes, and the rules alone in one process, beside pySHACL."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec

from contest import Contest, Contestant, NotRun, Run, Taken, in_python, process
from scale_claims import Claims
from scale_data import Setting, cores, has_option

from ogx_rdf.bundles.workers import batches

__all__ = ["contests", "rules"]

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
        found = len(json.loads(out.read_text(encoding="utf-8"))["rows"])
        if found != setting.truth:
            raise RuntimeError(f"{found} findings, and the dump was made with {setting.truth}")
        return taken

    return run


def _spark(setting: Setting) -> Run:
    if not has_option("check", "--engine"):
        raise NotRun("not in this version")
    if shutil.which("java") is None or find_spec("pyspark") is None:
        raise NotRun("not installed")
    return _check(setting, "--engine", "spark")


def _grouping(setting: Setting) -> Run:
    return lambda: process(in_python(GROUPING, str(setting.dump)))[0]


def contests(setting: Setting) -> Iterator[Contest]:
    """The whole check; each run must find what the dump was made with."""
    limit = setting.limit(60, 0.003)
    workers = [
        Contestant("`check --input --workers 1`", partial(_check, setting, "--workers", "1"), limit),
        Contestant("`check --input --engine spark`", partial(_spark, setting), limit + 120, 1),
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


def _plain(setting: Setting, claims: Claims, most: int) -> Run:
    import pyshacl
    import rdflib

    from ogx_rdf.validation.rules import shapes_text

    setting.small(1_000)
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
    sample, most = min(setting.sample, setting.n), min(MOST, setting.n)
    field = [
        Contestant("`auto`, in the batches of the pass", partial(_auto, claims, most)),
        Contestant(f"the library `shacl` alone ({sample} claims)", partial(_engine, claims, "shacl", sample), 120, 2),
        Contestant(
            f"pySHACL, as `--engine pyshacl` runs it ({sample} claims)",
            partial(_engine, claims, "pyshacl", sample),
            300,
            1,
        ),
        Contestant(f"pySHACL done plainly ({sample} claims)", partial(_plain, setting, claims, sample), 400, 1),
    ]
    note = "seconds of one core; the claims with all that they reach, shapes read before"
    yield Contest("rules", field, "claims", most, note)
