"""What the tests of changes share: a store of a generated dump, and the lines of its parts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dumped import lines

from ogx_rdf.bundles.run import Options
from ogx_rdf.corpus import Corpus
from ogx_rdf.dump import build_dump
from ogx_rdf.increment.parts import Naming, parts_of_lines
from ogx_rdf.oxi import Dataset

__all__ = ["held", "keep", "parts_of", "put", "record_of"]


def parts_of(folder: Path) -> dict[str, list[str]]:
    """The parts of a generated dump, by name."""
    found = parts_of_lines(Naming(Corpus(folder)), (line.encode() for line in lines(folder)))
    return {name: [line.decode() for line in some] for name, some in found.items()}


def keep(folder: Path, store: Path, dump: Path | None = None) -> Path:
    """A store of a dump, whatever is wrong with it."""
    options = Options(keep_going=True, workers=0)
    inputs = [str(dump or folder / "claims.nq.gz")]
    made = build_dump(Corpus(folder), inputs, store=store, sources=[str(folder / "sources")], options=options)
    assert made.store == store
    return store


def held(store: Path) -> str:
    """All quads of a store."""
    dataset = Dataset.read_only(store)
    try:
        return dataset.nquads()
    finally:
        dataset.close()


def put(path: Path, *parts: Iterable[str]) -> Path:
    """A file with the lines of some parts."""
    path.write_text("".join(line for part in parts for line in part), encoding="utf-8", newline="\n")
    return path


def record_of(store: Path) -> dict[str, object]:
    """What stands in the record of the generation that counts."""
    import json

    found: dict[str, object] = json.loads((store / "current" / "ogx-build.json").read_text(encoding="utf-8"))
    return found
