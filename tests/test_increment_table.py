"""An evidence table that follows the changes of its store is, once compacted, the one written afresh."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from changed import keep, parts_of, put
from generate import generate
from tabled import bytes_of

from ogx_rdf import UsageError
from ogx_rdf.bundles.run import Options
from ogx_rdf.corpus import Corpus
from ogx_rdf.dump import build_dump
from ogx_rdf.increment import add
from ogx_rdf.increment.changing import change_parts
from ogx_rdf.increment.methods import open_writer
from ogx_rdf.table import compact, pending

BASE = "https://example.org/bulk/"
SAID = ("rdf-schema#label> ", "core#prefLabel> ", "terms/title> ")


def table(folder: Path, dump: Path, out: Path) -> Path:
    options = Options(keep_going=True, workers=0)
    build_dump(Corpus(folder), [str(dump)], table=out, sources=[str(folder / "sources")], options=options)
    return out


def test_a_table_follows_its_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = tmp_path / "world"
    generate(80, world, faults=0.1)
    parts, sources = parts_of(world), [str(world / "sources")]
    store = keep(world, tmp_path / "store")
    first = table(world, world / "claims.nq.gz", tmp_path / "table")
    monkeypatch.setattr("ogx_rdf.increment.changing.Change.refused", False)
    kinds = [
        f"{BASE}c/",
        f"{BASE}c/",
        f"{BASE}doc/",
        f"{BASE}graph/works ",
        f"{BASE}graph/entities ",
        f"{BASE}graph/tensions ",
    ]
    with open_writer(store, corpus=world) as writer:
        for turn, kind in enumerate(kinds):
            some = sorted(name for name in parts if name.startswith(kind))
            name = some[7 * turn % len(some)]
            new = [
                line.replace(f'{said}"', f'{said}"so ')
                for line in parts[name]
                for said in [next((s for s in SAID if s in line), "-")]
            ]
            assert new != parts[name] or kind.endswith("tensions ")
            other = {**parts, name: new}
            add(writer, put(tmp_path / "new.nq", new), sources=sources, table=first)
            compact(first)
            fresh = table(world, put(tmp_path / "all.nq", *other.values()), tmp_path / f"fresh-{turn}")
            assert bytes_of(first) == bytes_of(fresh), (name, differing(first, fresh))
            change_parts(writer, {name: None}, {"removed": [name]}, [], sources, strict=False, table=first)
            assert pending(first)
            compact(first)
            del other[name]
            fresh = table(world, put(tmp_path / "all.nq", *other.values()), tmp_path / f"gone-{turn}")
            assert bytes_of(first) == bytes_of(fresh), (name, differing(first, fresh))
            add(writer, put(tmp_path / "old.nq", parts[name]), sources=sources, table=first)
    compact(first)
    assert bytes_of(first) == bytes_of(table(world, world / "claims.nq.gz", tmp_path / "last"))


def test_a_table_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    world = tmp_path / "world"
    generate(20, world)
    store, parts = keep(world, tmp_path / "store"), parts_of(world)
    before = (store / "current").readlink()
    new = [line.replace('label> "', 'label> "so ') for line in parts[f"{BASE}c/0003"]]
    with open_writer(store, corpus=world) as writer, pytest.raises(UsageError, match="no evidence table"):
        add(writer, put(tmp_path / "new.nq", new), table=tmp_path / "none")
    assert (store / "current").readlink() == before
    shutil.rmtree(store)


def differing(one: Path, other: Path) -> list[str]:
    """The rows that two tables do not share, for the message of a failed comparison."""
    from ogx_rdf.table import TABLES, open_table

    found = []
    for name in TABLES:
        with open_table(one) as a, open_table(other) as b:
            rows = [{str(row) for row in t.sql(f'SELECT * FROM "{name}"')} for t in (a, b)]
        found += [f"- {name} {row}" for row in sorted(rows[0] - rows[1])] + [
            f"+ {name} {row}" for row in sorted(rows[1] - rows[0])
        ]
    return found
