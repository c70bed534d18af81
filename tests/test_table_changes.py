"""Changes of single claims: after any change the table answers, and once compacted is, as one written afresh."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from asking import DATA, SHIPPED
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tabled import audited, bytes_of, rows_by_table, tabled

from ogx_rdf import UsageError
from ogx_rdf.audit import Audit
from ogx_rdf.audit.chains import Chain, follow
from ogx_rdf.audit.support import Literature
from ogx_rdf.audit.totals import passage_lines, reference_lines, totals_of
from ogx_rdf.corpus import Corpus
from ogx_rdf.model import Iri, Literal, Term, Triple
from ogx_rdf.namespaces import C4O, DCTERMS, OGX, PROV, RDF, RDFS, SKOS
from ogx_rdf.records import Nodes, Records
from ogx_rdf.table import (
    TABLES,
    LineWriter,
    Rows,
    compact,
    merged,
    open_table,
    pending,
    references,
    replace_claims,
    rows_of,
    totals,
    write_table,
)
from ogx_rdf.table.folder import CHANGES, MANIFEST
from ogx_rdf.table.rows import all_rows

CORPUS = Corpus(DATA / "audit-corpus")
AT = CORPUS.base


class Drawn(Records):
    """The records of a graph that was drawn, with the chain of each claim."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        super().__init__(CORPUS)
        self.nodes = Nodes(dict.fromkeys(triples))
        literature = Literature(self)
        self.chains: dict[Iri, Chain] = {iri: follow(claim, self, {}, literature) for iri, claim in self.claims.items()}

    def counted(self) -> dict[str, int]:
        """The totals as the audit counts them."""
        lines = reference_lines(self.chains, self)
        passages = passage_lines(self.chains, self)
        return {n: t.value for n, t in totals_of(list(self.chains.values()), passages, lines, self).items()}

    def used(self) -> list[tuple[object, ...]]:
        """The uses of the references as the audit has them."""
        lines = reference_lines(self.chains, self)
        return [(x.reference.iri, x.printed, len(x.passages), len(x.claims), len(x.sole)) for x in lines]

    def rows(self) -> Rows:
        """All rows of the graph."""
        return merged(all_rows(self.chains.values(), self))


def ids(folder: str, stem: str, count: int) -> list[Iri]:
    return [Iri(f"{AT}{folder}/{stem}{n}") for n in range(count)]


CLAIMS, WORKS, TRIALS, TENSIONS = ids("c", "", 3), ids("work", "w", 3), ids("trial", "t", 2), ids("tension", "d", 2)
PASSAGES, ENTRIES, DOCUMENTS = ids("doc", "d.p", 3), ids("doc", "d.ref", 2), ids("doc", "d", 1)
KINDS = ("trialResult", "mechanism", "bibliographic")
TYPES = ("encyclopedia", "primaryReport", "review", "news")


class Pen:
    """Writes a small graph: any of a few nodes, with any of the values that totals tell apart, faults among them."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.said: list[Triple] = []

    def some(self, node: Iri, predicate: Iri, values: Iterable[Term]) -> None:
        value = self.draw(st.none() | st.sampled_from(list(values)))
        if value is not None:
            self.said.append((node, predicate, value))

    def word(self, node: Iri, predicate: Iri, *names: str) -> None:
        self.some(node, predicate, [OGX[name] for name in names])

    def there(self, nodes: Iterable[Iri], kind: Iri) -> list[Iri]:
        found = [node for node in nodes if self.draw(st.booleans())]
        self.said.extend((node, RDF.type, kind) for node in found)
        return found

    def literature(self) -> None:
        for node in self.there(TRIALS, OGX.Trial):
            self.some(node, DCTERMS.identifier, [Literal("NCT00000001"), Literal("NCT00000002")])
        for node in self.there(WORKS, OGX.Work):
            self.word(node, OGX.sourceType, *TYPES)
            self.word(node, OGX.standing, "current", "retracted", "superseded")
            self.some(node, OGX.reportsStudy, TRIALS)

    def document(self) -> None:
        for node in self.there(ENTRIES, OGX.Reference):
            self.said.append((node, SKOS.notation, Literal(node[-1])))
            self.some(node, OGX.denotes, WORKS)
            self.word(node, OGX.sourceType, *TYPES)
            self.word(node, OGX.resolution, "resolved", "unresolvable")
        for node in self.there(PASSAGES, OGX.Passage):
            self.said.append((node, DCTERMS.isPartOf, DOCUMENTS[0]))
            self.word(node, OGX.skippedAs, "heading")
            for number in range(self.draw(st.integers(0, 2))):
                marker = Iri(f"{node}.m{number}")
                label = Literal(str(self.draw(st.integers(0, 2))))
                self.said += [(node, OGX.marker, marker), (marker, SKOS.notation, label)]
                self.some(marker, C4O.denotes, ENTRIES)

    def claims(self) -> None:
        self.there(CLAIMS, OGX.Claim)
        for node in CLAIMS:
            self.said.append((node, RDFS.label, Literal(f"claim {node[-1]}")))
            self.word(node, OGX.kind, *KINDS)
            self.word(node, OGX.polarity, "positive", "negative", "notShown")
            self.some(node, OGX.inTrial, TRIALS)
            for number in range(self.draw(st.integers(0, 3))):
                self.evidence(Iri(f"{node}.e{number}"), node)

    def evidence(self, piece: Iri, claim: Iri) -> None:
        self.said += [(piece, RDF.type, OGX.Evidence), (piece, OGX.evidenceFor, claim)]
        self.word(piece, OGX.stance, "supports", "disputes", "silent")
        self.word(piece, OGX.directness, "exact", "narrower")
        self.word(piece, OGX.certainty, "asserted", "hedged")
        self.some(piece, OGX.quote, [Literal("words"), Literal("")])
        self.some(piece, PROV.wasQuotedFrom, PASSAGES)
        self.some(piece, DCTERMS.source, WORKS)
        self.some(piece, PROV.hadPrimarySource, WORKS)

    def tensions(self) -> None:
        nodes = [*CLAIMS, *PASSAGES, *ENTRIES, Iri(f"{CLAIMS[0]}.e0")]
        for node in self.there(TENSIONS, OGX.Tension):
            self.some(node, OGX.said, nodes)
            self.some(node, OGX.setAgainst, nodes)
            self.word(node, OGX.sureness, "sure", "unsure")


@st.composite
def graphs(draw: st.DrawFn) -> list[Triple]:
    """A small graph."""
    pen = Pen(draw)
    pen.literature()
    pen.document()
    pen.claims()
    pen.tensions()
    return pen.said


def fresh(records: Drawn, home: Path) -> Path:
    with LineWriter(home / "lines") as lines:
        lines.add(records.rows())
    write_table(home / "lines", home / "table", base=AT, prefixes={}, threads=1)
    return home / "table"


def difference(before: Rows, after: Rows) -> tuple[Rows, set[str]]:
    """The rows of every node whose rows changed, and the nodes that have none any more."""

    def nodes(rows: Rows) -> dict[str, list[tuple[str, object]]]:
        found: dict[str, list[tuple[str, object]]] = {}
        for name, told in rows.items():
            for row in told:
                found.setdefault(str(row[TABLES[name].owner]), []).append((name, row))
        return found

    old, new = nodes(before), nodes(after)
    changed = {node for node, told in new.items() if told != old.get(node)}
    rows = {n: [r for r in told if r[TABLES[n].owner] in changed] for n, told in after.items()}
    return rows, set(old) - set(new)


def used_in(folder: Path) -> list[tuple[object, ...]]:
    keys = ("reference", "printed", "passages", "claims", "sole")
    return [tuple(row[key] for key in keys) for row in references(folder)]


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(graphs(), graphs())
@example([], [])
def test_any_graph_is_counted_alike_and_any_change_of_it(one: list[Triple], other: list[Triple]) -> None:
    before, after = Drawn(one), Drawn(other)
    with tempfile.TemporaryDirectory() as home:
        folder = fresh(before, Path(home) / "a")
        assert totals(folder) == before.counted()
        assert used_in(folder) == before.used()
        rows, removed = difference(before.rows(), after.rows())
        replace_claims(folder, rows, removed)
        assert totals(folder) == after.counted()
        assert used_in(folder) == after.used()
        compact(folder)
        assert parquet_of(folder) == parquet_of(fresh(after, Path(home) / "b"))
        assert pending(folder) == 0


def parquet_of(folder: Path) -> dict[str, bytes]:
    """The files that count, prefixes of the manifest apart."""
    return {name: data for name, data in bytes_of(folder).items() if name != MANIFEST}


@pytest.fixture(scope="module")
def shipped() -> Audit:
    return audited(SHIPPED)


def test_a_claim_is_replaced_and_removed(shipped: Audit, tmp_path: Path) -> None:
    folder = tabled(shipped, tmp_path / "t")
    before = totals(folder)
    chain = shipped.chain(f"{SHIPPED.base}c/0154")
    rows = rows_of(chain, shipped.records)
    assert replace_claims(folder, {}, [chain.claim.iri]) == 1
    assert totals(folder)["claims"] == before["claims"] - 1
    assert totals(folder)["evidence"] == before["evidence"] - len(chain.places)
    with open_table(folder) as table:
        assert table.sql("SELECT * FROM evidence WHERE claim = ?", [chain.claim.iri]) == []
        replace_claims(folder, rows)
        assert table.totals()["claims"] == before["claims"] - 1  # a reader sees what it opened
        table.reload()
        assert table.totals() == before
    rows["claims"][0]["label"] = "'another' \"label\"\n=1+1"
    replace_claims(folder, rows)
    with open_table(folder) as table:
        [row] = table.sql("SELECT label FROM claims WHERE claim = ?", [chain.claim.iri])
    assert row == {"label": "'another' \"label\"\n=1+1"}
    assert totals(folder) == before


def test_a_claim_that_loses_evidence_loses_its_rows(shipped: Audit, tmp_path: Path) -> None:
    folder = tabled(shipped, tmp_path / "t")
    chain = shipped.chain(f"{SHIPPED.base}c/0154")
    rows = rows_of(chain, shipped.records)
    replace_claims(folder, {"claims": rows["claims"], "evidence": rows["evidence"][:1]})
    with open_table(folder) as table:
        assert table.by("claim", table="evidence")[(chain.claim.iri,)] == 1


def test_changes_gather_in_few_files(shipped: Audit, tmp_path: Path) -> None:
    folder = tabled(shipped, tmp_path / "t")
    before, bytes_before = totals(folder), bytes_of(folder)
    chains = list(shipped.chains.values())[:40]
    for number in range(300):
        chain = chains[number % len(chains)]
        replace_claims(folder, {} if number < 260 else rows_of(chain, shipped.records), [chain.claim.iri])
    files = list((folder / CHANGES).iterdir())
    listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["changes"]
    assert {f"{CHANGES}/{file.name}" for file in files} == {item["file"] for item in listed}
    assert len(files) == 1 + 2 + 12  # 300 = 256 + 2 * 16 + 12
    assert totals(folder) == before
    assert pending(folder) > 300
    compact(folder)
    assert bytes_of(folder) == bytes_before


def test_nothing_changed_is_no_change(shipped: Audit, tmp_path: Path) -> None:
    folder = tabled(shipped, tmp_path / "t")
    before = bytes_of(folder)
    assert replace_claims(folder, {}) == 0
    compact(folder)
    assert bytes_of(folder) == before
    with pytest.raises(UsageError, match="no evidence table"):
        replace_claims(tmp_path / "nothing", {}, ["c"])


def test_what_a_killed_writer_left_does_not_count(shipped: Audit, tmp_path: Path) -> None:
    folder = tabled(shipped, tmp_path / "t")
    before, manifest = totals(folder), (folder / MANIFEST).read_bytes()
    replace_claims(folder, {}, [next(iter(shipped.chains))])
    (folder / MANIFEST).write_bytes(manifest)  # killed after the file of changes, before the manifest
    assert totals(folder) == before
    replace_claims(folder, {}, [next(iter(shipped.chains))])
    assert totals(folder)["claims"] == before["claims"] - 1


def test_a_reader_sees_before_or_after(shipped: Audit, tmp_path: Path) -> None:
    folder = tabled(shipped, tmp_path / "t")
    chain = next(iter(shipped.chains.values()))
    rows = rows_of(chain, shipped.records)
    states = [totals(folder)]
    replace_claims(folder, {}, [chain.claim.iri])
    states.append(totals(folder))
    done = threading.Event()

    def write() -> None:
        for turn in range(60):
            replace_claims(folder, rows if turn % 2 else {}, [chain.claim.iri])
            if turn % 20 == 19:
                compact(folder)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    while not done.is_set():
        seen.append(totals(folder))
    writer.join()
    assert all(state in states for state in seen)
    assert totals(folder) == states[0]


def test_rows_of_the_tables_are_those_of_the_records(shipped: Audit) -> None:
    found = rows_by_table(shipped)
    for name, rows in found.items():
        known = {column.name for column in TABLES[name].columns}
        assert all(set(row) <= known for row in rows), name
