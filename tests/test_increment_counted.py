"""Adding a claim reads as much of a store of two thousand claims as of one of a hundred; no time is taken here."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from changed import keep, parts_of, put
from generate import generate

from ogx_rdf.increment import add, remove
from ogx_rdf.increment.methods import open_writer
from ogx_rdf.increment.writer import Writer

FEW, MANY = 100, 2_000
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


class Counted:
    """An engine that counts what it is asked and what it gives."""

    def __init__(self, store: object, counts: Counter[str]) -> None:
        self._store, self._counts = store, counts

    def quads_for_pattern(self, *pattern: object) -> Iterator[object]:
        """The quads of a pattern, counted as they are taken."""
        self._counts["patterns"] += 1
        for quad in self._store.quads_for_pattern(*pattern):  # type: ignore[attr-defined]
            self._counts["quads"] += 1
            yield quad

    def query(self, *words: object, **options: object) -> object:
        """No change may ask the whole a question."""
        raise AssertionError("a change asks the store a query")

    def __iter__(self) -> Iterator[object]:
        raise AssertionError("a change walks the whole store")

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def counting(writer: Writer) -> Counter[str]:
    """Count from now on what a writer reads: of the store, and of the ledger."""
    counts: Counter[str] = Counter()
    assert writer.judge  # the vocabulary is read once
    writer.head._store = Counted(writer.head._store, counts)  # type: ignore[assignment]
    database: sqlite3.Connection = writer.ledger._db

    def told(statement: str) -> None:
        counts["statements"] += 1
        assert "SELECT name" not in statement or "WHERE" in statement

    database.set_trace_callback(told)
    return counts


def costs(folder: Path, tmp_path: Path) -> dict[str, float]:
    """What a change reads, for a claim in the middle: of new claims, of changed ones, of those that go."""
    store = keep(folder, tmp_path / "store")
    parts = {name: lines for name, lines in parts_of(folder).items() if "/bulk/c/" in name.partition(" ")[0]}
    found: dict[str, list[int]] = {}
    with open_writer(store, corpus=folder) as writer:
        counts = counting(writer)
        for name in sorted(parts)[10:60:2]:
            new = put(tmp_path / "new.nq", (line.replace(f'{LABEL} "', f'{LABEL} "so ') for line in parts[name]))
            old = put(tmp_path / "old.nq", parts[name])
            for file in (new, old):
                writer._kept.clear()  # as if each were the first: what is kept ready would hide what is read
                counts.clear()
                assert add(writer, file, sources=[str(folder / "sources")]).written
                for kind in ("patterns", "quads", "statements"):
                    found.setdefault(f"replaced: {kind}", []).append(counts[kind])
            writer._kept.clear()
            counts.clear()
            try:
                gone = remove(writer, name)
            except Exception:
                continue
            found.setdefault("removed: quads", []).append(counts["quads"])
            if gone.written:
                writer._kept.clear()
                counts.clear()
                assert add(writer, old, sources=[str(folder / "sources")]).written
                found.setdefault("added: quads", []).append(counts["quads"])
    return {kind: median(numbers) for kind, numbers in found.items()}


def test_a_change_reads_no_more_of_a_large_store(tmp_path: Path) -> None:
    read = {}
    for size in (FEW, MANY):
        (tmp_path / str(size)).mkdir()
        generate(size, tmp_path / str(size) / "world")
        read[size] = costs(tmp_path / str(size) / "world", tmp_path / str(size))
    few, many = read[FEW], read[MANY]
    assert set(few) == set(many)
    assert len(few) == 5
    for kind, number in many.items():
        assert number <= 1.25 * few[kind], (kind, few, many)
    print(few, many)
