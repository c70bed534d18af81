"""A corpus from nothing to an audit, by commands alone: used on the checkout and on the built wheel."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess

DOCUMENT = Path(__file__).parent / "data" / "small" / "document.txt"

Run = Callable[[Sequence[str], Path], "CompletedProcess[str]"]

ENTITIES = """\
PREFIX entity: <https://example.org/kb/entity/>
PREFIX ogx: <https://w3id.org/ogx-rdf/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

# Both are made up.
entity:morvin a ogx:Protein, ogx:Entity ; skos:prefLabel "morvin" ; skos:altLabel "Morvin" .
entity:kelstat a ogx:Entity, ogx:Protein ; skos:prefLabel "kelstat" .
"""

MAPPINGS = """\
#mapping_set_id: https://example.org/kb/proteins.sssom.tsv
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  entity: https://example.org/kb/entity/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: "http://www.w3.org/2004/02/skos/core#"
#  sssom: https://w3id.org/sssom/
""" + "".join(
    "\t".join(row) + "\n"
    for row in (
        [
            "subject_id",
            "subject_label",
            "predicate_id",
            "object_id",
            "object_label",
            "mapping_justification",
            "comment",
        ],
        [
            "entity:morvin",
            "morvin",
            "skos:exactMatch",
            "sssom:NoTermFound",
            "",
            "semapv:ManualMappingCuration",
            "Made up.",
        ],
        [
            "entity:kelstat",
            "kelstat",
            "skos:exactMatch",
            "sssom:NoTermFound",
            "",
            "semapv:ManualMappingCuration",
            "Made up.",
        ],
    )
)

CLAIM = ["--subject", "Morvin", "--relation", "binds", "--object", "kelstat", "--kind", "mechanism"]


def start(run: Run, folder: Path) -> Path:
    """Make a corpus with the small document, two proteins and one claim with two pieces of evidence."""
    root = folder / "kb"

    def do(*words: str, at: Path = root) -> str:
        done = run(words, at)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    do("init", "kb", "--document", str(DOCUMENT), "--id", "guide", "--base", "https://example.org/kb/", at=folder)
    assert do("source", "add", str(DOCUMENT), "--id", "guide").startswith("Unchanged: ")
    (root / "entities" / "proteins.ttl").write_text(ENTITIES, encoding="utf-8")
    (root / "mappings" / "proteins.sssom.tsv").write_text(MAPPINGS, encoding="utf-8")
    claims = root / "claims" / "guide" / "02-mechanism.ttl"
    claims.parent.mkdir(parents=True)
    first = do("claim", "new", "--passage", "p011", *CLAIM, "--quote", "Morvin binds kelstat")
    claims.write_text(first, encoding="utf-8")
    more = do("claim", "new", "--passage", "p012", *CLAIM, "--quote", "binding kelstat")
    claims.write_text(first + more, encoding="utf-8")
    return root


def travel(run: Run, folder: Path) -> None:
    """Go the whole way: init, source add, claims, fmt, validate, verify, query, audit, build."""
    root = start(run, folder)
    assert run(["fmt", "--check"], root).returncode == 1
    assert run(["fmt"], root).returncode == 0
    assert run(["fmt", "--check"], root).returncode == 0
    for engine in ("auto", "pyshacl"):
        validated = run(["validate", "--engine", engine, "--format", "json"], root)
        rows = json.loads(validated.stdout)["rows"]
        assert validated.returncode == 0, rows
        assert {row["rule"] for row in rows} == {
            "passage-open",
            "document-source-type",
            "document-title",
            "reference-unjudged",
        }
    verified = run(["verify"], root)
    assert verified.returncode == 0
    assert verified.stdout.startswith("guide: 2 of 2 quotes, 16 of 16 markers, 42 of 42 passages compared with ")
    asked = json.loads(run(["query", "claims-about", "--entity", "Morvin", "--format", "json"], root).stdout)
    assert asked["answer"] == "rows"
    assert [(row["quote"], row["citations"]) for row in asked["rows"]] == [
        ("Morvin binds kelstat", ["2"]),
        ("binding kelstat", ["1", "3"]),
    ]
    audited = json.loads(run(["audit", "--format", "json"], root).stdout)
    assert audited["totals"]["claims"]["claims"] == 1
    assert audited["totals"]["quotes"]["quotes-compared"] == 2
    assert audited["reconciliation"][0]["status"] == "reconciled"
    assert run(["audit", "--format", "html", "--out", "audit.html"], root).returncode == 0
    assert (root / "audit.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert run(["build", "--out", "graph.nq", "--store", "store"], root).returncode == 0
    exported = [json.loads(line) for line in run(["export", "--format", "jsonl"], root).stdout.splitlines()]
    assert [row["evidence"] for row in exported] == ["c:0001.guide-p011", "c:0001.guide-p012"]
    assert run(["show", "c:0001"], root).stdout.startswith("claim c:0001 morvin binds kelstat (positive; asserted)")
