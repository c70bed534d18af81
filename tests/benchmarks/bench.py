"""How long the commands take from a cold start, against the same work done plainly with rdflib and pySHACL.

Each measurement is a fresh process, start of Python included; the middle one of several counts.  Numbers of different
machines do not compare; the ratios beside them do.  The plain way of ``show`` and ``audit`` does only the heart of the
work: it prints no report and compares no text.  Run by ``make bench``.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LOAD = """
import glob, rdflib
graph = rdflib.Graph()
for file in glob.glob("ontology/*.ttl") + glob.glob("ontology/[cdew]*/**/*.ttl", recursive=True):
    graph.parse(file, format="turtle")
"""

QUERY = (
    LOAD
    + """
text = open("queries/read/claims-about.rq").read()
entity = rdflib.URIRef("https://w3id.org/ogx-rdf/entity/clusterin")
print(len(list(graph.query(text, initBindings={"entity": entity}))))
"""
)

SHOW = (
    LOAD
    + """
claim = rdflib.URIRef("https://w3id.org/ogx-rdf/c/0042")
near = rdflib.Graph()
for node in {claim, *graph.subjects(None, claim), *graph.objects(claim)}:
    near += graph.triples((node, None, None))
print(len(near.serialize(format="turtle")))
"""
)

VALIDATE = (
    LOAD
    + """
import pyshacl, ogx_rdf.validation.rules
shapes = rdflib.Graph().parse(data=ogx_rdf.validation.rules.shapes_text(), format="turtle")
conforms, report, text = pyshacl.validate(graph, shacl_graph=shapes)
print(len(text))
"""
)

AUDIT = (
    LOAD
    + '''
print(len(list(graph.query("""
PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX c4o: <http://purl.org/spar/c4o/>
SELECT ?claim (COUNT(DISTINCT ?mark) AS ?markers) (COUNT(DISTINCT ?work) AS ?works) (SAMPLE(?type) AS ?kind) WHERE {
  ?evidence ogx:evidenceFor ?claim ; prov:wasQuotedFrom ?passage .
  OPTIONAL { ?passage ogx:marker ?mark . ?mark c4o:denotes ?entry
             OPTIONAL { ?entry ogx:denotes ?work . ?work ogx:sourceType ?type } }
} GROUP BY ?claim""")))
)
'''
)

BUILD = (
    LOAD
    + """
print(len(sorted(graph.serialize(format="nt").splitlines())))
"""
)


@dataclass(frozen=True)
class Task:
    """One comparison: a command, the same work done plainly, and how long the command may take, in seconds."""

    command: str
    plain: str
    allowed: float | None


TASKS = (
    Task("query claims-about --entity clusterin", QUERY, 0.5),
    Task("show c:0042", SHOW, 0.5),
    Task("validate", VALIDATE, 1.5),
    Task("validate --engine pyshacl", VALIDATE, None),
    Task("audit", AUDIT, 1.5),
    Task("build --out {folder}/graph.nq", BUILD, None),
)


def seconds(words: Sequence[str], runs: int) -> float:
    """The middle of several cold runs; a command that fails ends the benchmark."""
    taken = []
    for _ in range(runs):
        begin = time.perf_counter()
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        taken.append(time.perf_counter() - begin)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-500:]}")
    return statistics.median(taken)


def main() -> int:
    """Measure, print the table, and end with 1 where a command takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="cold runs of each command; the plain way runs once")
    runs = parser.parse_args().runs
    late = []
    print(f"{'command':42}{'seconds':>9}{'plainly':>9}{'ratio':>8}  allowed")
    with tempfile.TemporaryDirectory() as folder:
        plainly: dict[str, float] = {}
        for task in TASKS:
            mine = seconds([sys.executable, "-m", "ogx_rdf", *task.command.format(folder=folder).split()], runs)
            if task.plain not in plainly:
                plainly[task.plain] = seconds([sys.executable, "-c", task.plain], 1)
            other = plainly[task.plain]
            limit = f"{task.allowed:.1f} s" if task.allowed else "-"
            print(f"{task.command.format(folder='DIR'):42}{mine:9.2f}{other:9.2f}{other / mine:7.1f}x  {limit}")
            if task.allowed and mine > task.allowed:
                late.append(task.command)
    for command in late:
        print(f"too slow: {command}")
    return 1 if late else 0


if __name__ == "__main__":
    raise SystemExit(main())
