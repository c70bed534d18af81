"""Adding to a store and removing from it: as a whole or not at all, and only what is right."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from changed import held, keep, parts_of, put, record_of
from commands import Cli
from generate import generate

from ogx_rdf import InputError, RefusedError, UsageError, open_graph
from ogx_rdf.corpus import Corpus
from ogx_rdf.documents.coverage import count
from ogx_rdf.increment import add, remove
from ogx_rdf.increment.methods import open_writer
from ogx_rdf.oxi import Dataset
from ogx_rdf.publish.build import build
from ogx_rdf.store.corpus import open_store

BASE = "https://example.org/bulk/"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated dump without faults."""
    folder = tmp_path_factory.mktemp("increment") / "world"
    assert generate(60, folder) == []
    return folder


@pytest.fixture(scope="module")
def parts(world: Path) -> dict[str, list[str]]:
    """Its parts."""
    return parts_of(world)


@pytest.fixture(scope="module")
def built(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of it, which stays as it is."""
    return keep(world, tmp_path_factory.mktemp("increment") / "store")


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    """A store of it."""
    shutil.copytree(built, tmp_path / "store", symlinks=True)
    return tmp_path / "store"


def claim(number: int) -> str:
    return f"{BASE}c/{number:04d}"


def lonely(parts: dict[str, list[str]]) -> str:
    """A claim at which nobody points from outside of it."""
    for name in sorted(parts):
        others = (line for other, some in parts.items() if other != name for line in some)
        if name.startswith(f"{BASE}c/") and not any(f" <{name}" in line.rpartition(" <")[0] for line in others):
            return name
    raise AssertionError("every claim is pointed at")


def one(store: Path, world: Path, file: Path) -> object:
    with open_writer(store, corpus=world) as writer:
        return add(writer, file, sources=[str(world / "sources")])


def right(store: Path, expected: str) -> None:
    """The store holds just this, and its record says so."""
    assert held(store) == expected
    record = record_of(store)
    dataset = Dataset.read_only(store)
    assert record["coverage"] == count(dataset).counts()
    assert record["quads"] == len(dataset)
    dataset.close()


@pytest.mark.parametrize("form", ["nq", "nq.gz", "trig", "ttl"])
def test_a_claim_that_was_removed_is_added_again(
    form: str, store: Path, built: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path
) -> None:
    name = lonely(parts)
    graph = open_graph(store=store)
    gone = graph.remove(name)
    assert gone.written
    assert gone.done["removed"] == [name]
    assert name not in held(store)
    lines = "".join(parts[name]).encode()
    quads = list(ox.parse(lines, ox.RdfFormat.N_QUADS))
    triples = [ox.Quad(q.subject, q.predicate, q.object) for q in quads]
    data = {
        "nq": lines,
        "nq.gz": gzip.compress(lines),
        "trig": ox.serialize(quads, format=ox.RdfFormat.TRIG),
        "ttl": ox.serialize(triples, format=ox.RdfFormat.TURTLE),
    }[form]
    assert data is not None
    (tmp_path / f"claim.{form}").write_bytes(data)
    done = graph.add(tmp_path / f"claim.{form}", sources=[str(world / "sources")])
    assert done.done["added"] == [name]
    assert done.counts["quotes-compared"] == done.counts["quotes"] > 0
    assert [(f.rule, f.focus) for f in done.healed] == [(f.rule, f.focus) for f in gone.findings]
    right(store, held(built))


def test_what_is_there_already_is_left_alone(
    cli: Cli, store: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path
) -> None:
    put(tmp_path / "same.nq", reversed(parts[claim(3)]), parts[f"{BASE}doc/note-00001"])
    before = (store / "current").readlink()
    done = cli("add", "same.nq", "--store", "store", "--corpus", str(world))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Unchanged: c:0003, doc:note-00001\nNothing to do.\n"
    assert (store / "current").readlink() == before


def test_a_claim_takes_the_place_of_the_one_of_its_name(
    store: Path, built: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path
) -> None:
    old = parts[claim(3)]
    new = [line.replace(f'{LABEL} "', f'{LABEL} "again: ') for line in old]
    change = one(store, world, put(tmp_path / "new.nq", new))
    assert change.done["replaced"] == [claim(3)]  # type: ignore[attr-defined]
    expected = held(built).splitlines(keepends=True)
    right(store, "".join(sorted([*(line for line in expected if line not in old), *new])))


def test_a_violation_refuses_the_whole_file_at_its_line(
    cli: Cli, store: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path
) -> None:
    good = [line.replace(f'{LABEL} "', f'{LABEL} "again: ') for line in parts[claim(5)]]
    bad = [
        line.replace("ns#positive>", "ns#perhaps>").replace("ns#negative>", "ns#perhaps>") for line in parts[claim(3)]
    ]
    put(tmp_path / "two.nq", good, bad)
    before = held(store)
    done = cli("add", "two.nq", "--store", "store", "--corpus", str(world), "--format", "json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert not answer["written"]
    line = len(good) + 1 + next(i for i, text in enumerate(bad) if "ns#perhaps>" in text)
    assert {(row["file"], row["line"]) for row in answer["rows"] if row["rule"] == "claim-polarity"} == {
        ("two.nq", line)
    }
    assert held(store) == before
    assert not (store / "head").exists()


def test_a_quote_that_does_not_stand_in_its_text_is_refused(
    store: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path
) -> None:
    text = "".join(parts[claim(3)])
    quote = re.search(r'ns#quote> "([^"]*)"', text)
    assert quote
    file = put(tmp_path / "bent.nq", [text.replace(f'"{quote[1]}"', f'"{quote[1][::-1]}"')])
    change = one(store, world, file)
    assert {f.rule for f in change.findings} & {"E101", "E102", "E103"}  # type: ignore[attr-defined]
    assert not change.written  # type: ignore[attr-defined]


def test_the_line_is_told_in_turtle_too(store: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path) -> None:
    text = "".join(f"{line.rpartition(' <')[0]} .\n" for line in parts[claim(3)]).replace("ns#positive>", "ns#perhaps>")
    data = ox.serialize(ox.parse(text, ox.RdfFormat.TURTLE), format=ox.RdfFormat.TURTLE, prefixes={"c": f"{BASE}c/"})
    (tmp_path / "c.ttl").write_bytes(b"# a comment\n" + (data or b""))
    change = one(store, world, tmp_path / "c.ttl")
    lines = (tmp_path / "c.ttl").read_text(encoding="utf-8").splitlines()
    found = [f for f in change.findings if f.rule == "claim-polarity"]  # type: ignore[attr-defined]
    assert [f.file is not None and f.file.endswith("c.ttl") for f in found] == [True]
    assert found[0].line is not None
    assert "ns#perhaps>" in lines[found[0].line - 1]


def test_a_second_claim_of_one_key_is_refused_and_names_the_first(
    store: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path
) -> None:
    double = [line.replace("/c/0003", "/c/9003") for line in parts[claim(3)]]
    change = one(store, world, put(tmp_path / "double.nq", double))
    found = {(f.rule, f.focus, f.value) for f in change.findings}  # type: ignore[attr-defined]
    assert ("claim-key", claim(9003), f"<{claim(3)}>") in found
    assert not change.written  # type: ignore[attr-defined]


def test_what_others_point_at_stays(store: Path, world: Path, parts: dict[str, list[str]]) -> None:
    before = held(store)
    users = [line for some in parts.values() for line in some if f"<{BASE}c/" in line and "ns#via>" in line]
    via = users[0].split(" ")[2][1:-1]
    with open_writer(store, corpus=world) as writer:
        with pytest.raises(RefusedError, match=r"is pointed at by c:.*ogx:via") as refused:
            remove(writer, via)
        assert refused.value.exit_code == 1
        with pytest.raises(RefusedError, match="is pointed at by"):
            remove(writer, "doc:note-00001")
        with pytest.raises(RefusedError, match="is a part of a document"):
            remove(writer, "doc:note-00001.p001")
        with pytest.raises(RefusedError, match="is not removed alone"):
            remove(writer, "ogx:inhibits")
        with pytest.raises(UsageError, match="nothing is named"):
            remove(writer, "c:9999")
        with pytest.raises(UsageError, match="nothing is named"):
            remove(writer, "no such thing")
    assert held(store) == before


def test_evidence_goes_alone_but_not_the_last(store: Path, world: Path, parts: dict[str, list[str]]) -> None:
    several, single = "", ""
    for name, lines in sorted(parts.items()):
        evidence = {line.split(" ")[0][1:-1] for line in lines if "ns#evidenceFor>" in line}
        plain = name.startswith(f"{BASE}c/") and not any("ns#measurement>" in line for line in lines)
        if plain and len(evidence) > 1:
            several = several or max(evidence)
        elif plain and evidence:
            single = single or min(evidence)
    before = held(store).splitlines(keepends=True)
    with open_writer(store, corpus=world) as writer:
        last = remove(writer, single)
        assert not last.written
        assert "claim-orphan" in {f.rule for f in last.findings}
        done = remove(writer, several)
        assert done.written
        # What is left came from the store, not from a file: its digest is not known, and a rebuild writes it anew.
        owner = several[: several.index(".", len(BASE))]
        assert writer.ledger.digest(owner) == (None, sum(f" <{owner}> ." in line for line in held(store).splitlines()))
    right(store, "".join(line for line in before if not line.startswith(f"<{several}>")))


def test_literals_stay_as_they_were_written(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "data" / "audit-corpus", tmp_path / "corpus")
    file = tmp_path / "corpus" / "claims" / "mini" / "01-all.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("ogx:value 9.5 ;", "ogx:value 9.50 ;"), encoding="utf-8")
    build(Corpus(tmp_path / "corpus"), tmp_path / "graph.nq", tmp_path / "store")
    lines = (tmp_path / "graph.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    line = next(line for line in lines if '"9.50"' in line)
    graph = line.rpartition(" <")[2]
    mine = [text.replace(f'{LABEL} "', f'{LABEL} "again: ') for text in lines if text.endswith(f" <{graph}")]
    assert open_graph(store=tmp_path / "store").add(put(tmp_path / "c.nq", mine)).written
    kept = {str(value) for (_, _, value), _ in open_store(tmp_path / "store").quads()}
    assert "9.50" in kept
    changed = put(tmp_path / "c.nq", [text.replace('"9.50"', '"9.500"') for text in mine])
    assert open_graph(store=tmp_path / "store").add(changed).done["replaced"]
    kept = {str(value) for (_, _, value), _ in open_store(tmp_path / "store").quads()}
    assert "9.500" in kept
    assert "9.50" not in kept


def test_a_broken_line_is_told_and_nothing_is_read_past_it(
    store: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path
) -> None:
    file = put(tmp_path / "broken.nq", [*parts[claim(3)][:4], "<broken\n", *parts[claim(3)][4:]])
    with pytest.raises(InputError) as broken:
        one(store, world, file)
    assert (broken.value.code, broken.value.line) == ("E373", 5)
    with pytest.raises(InputError, match="holds no quads"):
        one(store, world, put(tmp_path / "empty.nq"))
    with pytest.raises(UsageError, match="is a folder"):
        one(store, world, tmp_path)
    with pytest.raises(UsageError, match="no syntax that can be read"):
        one(store, world, put(tmp_path / "claims.csv", ["x"]))


def test_the_vocabulary_is_not_changed_in_passing(store: Path, world: Path, tmp_path: Path) -> None:
    line = '<https://w3id.org/ogx-rdf/ns#inhibits> <http://www.w3.org/2000/01/rdf-schema#comment> "so" .\n'
    with pytest.raises(RefusedError, match="belongs to the vocabulary"):
        one(store, world, put(tmp_path / "v.nq", [line]))


def test_places_that_cannot_be_changed_are_refused(world: Path, built: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no store at"):
        open_writer(tmp_path / "none")
    with pytest.raises(UsageError, match="is a server"):
        open_writer("https://example.org/sparql")
    Dataset.on_disk(tmp_path / "old").close()
    (tmp_path / "old" / "ogx-build.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="of an earlier form"):
        open_writer(tmp_path / "old")
    with pytest.raises(UsageError, match="has the base"):
        open_writer(built, corpus=Path(__file__).parent / "data" / "audit-corpus")


def test_a_store_that_lost_its_ledger_is_built_anew(store: Path, world: Path) -> None:
    for file in (store / "ledgers").iterdir():
        file.unlink()
    with pytest.raises(InputError, match="no ledger of its parts"):
        open_writer(store, corpus=world)


def test_the_commands_change_a_store(
    cli: Cli, store: Path, world: Path, parts: dict[str, list[str]], tmp_path: Path
) -> None:
    name = lonely(parts)
    put(tmp_path / "claim.nq", parts[name])
    number = name.rpartition("/")[2]
    at = ("--store", "store", "--corpus", str(world), "--source", str(world / "sources"))
    gone = cli("remove", number, *at)
    assert gone.returncode == 0, gone.stderr
    assert f"Removed: c:{number}" in gone.stdout
    back = cli("add", "claim.nq", *at)
    assert back.returncode == 0, back.stderr
    assert f"Added: c:{number}" in back.stdout
    assert "quotes compared with their texts" in back.stdout
    none = cli("remove", "c:9999", *at)
    assert none.returncode == 2
    refused = cli("remove", "doc:note-00001", *at)
    assert refused.returncode == 1
    assert refused.stderr.startswith("E389 doc:note-00001 is pointed at by c:")
