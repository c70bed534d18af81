"""The dataset as one file of sorted N-Quads, and as an on-disk store made from it.

The quads come from the files as parsed, never from a store (stores rewrite literals), and are sorted:
the same files give the same bytes, whatever the order in which they are read.  Both targets are made
beside their places and moved there last, so a build that fails or is killed leaves no half of either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..audit import audit
from ..corpus import Corpus
from ..documents.coverage import count
from ..files import write_atomic
from ..increment.rebuild import Rebuilt, rebuild, write_ledger
from ..model import Iri
from ..oxi import Dataset, nquad, rewritten
from ..store.built import Built
from ..table import Written, ready, write_corpus
from .store_folder import new_store, unwritable, write_record

if TYPE_CHECKING:
    from ..store.load import Loaded

__all__ = ["BuildResult", "build", "build_table", "digest", "nquads"]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What was built: how many quads, their digest, where they are; store, table and server where asked for."""

    quads: int
    sha256: str
    path: Path
    store: Path | None
    table: Written | None = None
    rebuilt: Rebuilt | None = None
    server: Loaded | None = None

    def as_dict(self) -> dict[str, object]:
        """The result as a JSON object."""
        store = self.server.url if self.server else None if self.store is None else str(self.store)
        table = None if self.table is None else self.table.as_dict()
        return {"quads": self.quads, "sha256": self.sha256, "path": str(self.path), "store": store, "table": table}

    def text(self) -> str:
        """The result as printed on a terminal."""
        lines = [f"Wrote {self.path}: {self.quads} quads, sha256 {self.sha256}"]
        if self.store:
            made = f"Updated the store {self.store}: {self.rebuilt.text()}" if self.rebuilt else None
            lines.append(made or f"Built the store {self.store} from it")
        lines += [self.server.text()] if self.server else []
        return "\n".join(lines + ([self.table.text()] if self.table else []))


def nquads(corpus: Corpus) -> str:
    """The whole dataset as sorted N-Quads, one line per quad, literals as written in the files."""
    return "".join(sorted({nquad(Iri(s), p, o, graph) for (s, p, o), graph in corpus.quads()}))


def digest(corpus: Corpus) -> str:
    """The SHA-256 of :func:`nquads`: the version of the graph."""
    return hashlib.sha256(nquads(corpus).encode()).hexdigest()


def build(
    corpus: Corpus,
    out: Path,
    store: Path | None = None,
    table: Path | None = None,
    *,
    sources: Sequence[str] = (),
    full: bool = False,
) -> BuildResult:
    """Write the dataset to ``out``, with ``store`` an on-disk Oxigraph store made from it, with ``table`` its tables.

    :param sources: files or folders in which texts are looked for: the table says which quotes were compared
    :param full: make the store anew, also where a change of what differs would do
    :raises InputError: where the corpus cannot be read or a target cannot be written; the last good build stays
    """
    if table is not None:
        ready(table)
    data = nquads(corpus).encode()
    sha256 = hashlib.sha256(data).hexdigest()
    rebuilt = None
    if store is None:
        write_atomic(out, data)
    else:
        if store.resolve() in (out.resolve(), *out.resolve().parents):
            raise unwritable(store, f"{out} would lie in it")
        rebuilt = _build_store(corpus, data, sha256, out, store, full=full)
    written = None if table is None else build_table(corpus, table, sources=sources)
    return BuildResult(data.count(b"\n"), sha256, out, store, written, rebuilt)


def build_table(corpus: Corpus, out: Path, *, sources: Sequence[str] = ()) -> Written:
    """Write the evidence table of a corpus: what the audit makes of each claim, as Parquet.

    :param sources: files or folders in which texts are looked for, beside the usual places
    :raises InputError: where it cannot be written, or the extra ``table`` is not installed
    """
    ready(out)
    found = audit(corpus, sources=sources)
    return write_corpus(found.chains.values(), found.records, out)


def _build_store(corpus: Corpus, data: bytes, sha256: str, out: Path, store: Path, *, full: bool) -> Rebuilt | None:
    done = None if full else rebuild(store, corpus, data, sha256, lambda: write_atomic(out, data))
    if done is not None:
        return done
    with new_store(store) as work:
        dataset = Dataset.on_disk(work)
        dataset.bulk(data)
        ledger = count(dataset).counts()
        dataset.close()  # before the folder moves
        write_ledger(work, corpus, data)
        record = Built(sha256, data.count(b"\n"), ledger, corpus.base)
        write_record(work, record, rewritten(data.decode().splitlines(keepends=True)))
        write_atomic(out, data)
    return None
