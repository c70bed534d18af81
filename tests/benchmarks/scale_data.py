"""What the contests are about: a generated dump of a size, and the stores, tables and servers made of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from contest import ROOT, NotRun, ogx, process

if TYPE_CHECKING:
    from servers import Server

    from ogx_rdf.corpus import Corpus

__all__ = ["BULK_LOAD", "Setting", "bulk_load", "cores", "has_command", "has_option"]

BULK_LOAD = """
import gzip, sys, pyoxigraph as ox
store = ox.Store(sys.argv[2])
with gzip.open(sys.argv[1], "rb") as file:
    store.bulk_load(file, ox.RdfFormat.N_QUADS)
"""
"""Raw pyoxigraph: what any store on it takes at least."""


def cores() -> int:
    """How many processors may be used."""
    return len(os.sched_getaffinity(0))


def bulk_load(dump: Path, out: Path) -> list[str]:
    """The words of a process that loads a dump with pyoxigraph, and does nothing else."""
    return [sys.executable, "-c", BULK_LOAD, str(dump), str(out)]


def _help(command: str) -> str:
    done = subprocess.run(ogx(command, "--help"), cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def has_command(command: str) -> bool:
    """Whether the product has a command."""
    return bool(_help(command))


def has_option(command: str, option: str) -> bool:
    """Whether a command has an option."""
    return option in _help(command)


@dataclass
class Setting:
    """A size, and where its things are.

    :param n: how many claims
    :param home: the folder of the benchmark
    :param times: how often a question is asked in a round
    :param sample: how many claims pySHACL judges, at every size: it takes its time
    """

    n: int
    home: Path
    times: int = 15
    sample: int = 100
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def data(self) -> Path:
        """The generated corpus; it stays for the next run."""
        return self.home / f"data-{self.n}"

    @property
    def work(self) -> Path:
        """What is made of it in this run."""
        return self.home / f"work-{self.n}"

    @property
    def dump(self) -> Path:
        """The dump."""
        return self.data / "claims.nq.gz"

    def limit(self, seconds: float, a_claim: float = 0.0) -> float:
        """A limit that grows with the size."""
        return seconds + a_claim * self.n

    def small(self, most: int) -> None:
        """Refuse what is not run at this size.

        :raises NotRun: where there are more claims
        """
        if self.n > most:
            raise NotRun("not run at this size")

    def prepare(self) -> None:
        """Generate the dump, unless it is there, and clear away what a run before this made of it."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        if not (self.data / "truth.tsv").is_file():
            making = self.home / f"making-{self.n}"
            script = str(Path(__file__).with_name("generate.py"))
            process([sys.executable, script, str(self.n), str(making)])
            shutil.rmtree(self.data, ignore_errors=True)
            making.rename(self.data)

    @cached_property
    def truth(self) -> int:
        """How many findings the dump was made with."""
        return (self.data / "truth.tsv").read_text(encoding="utf-8").count("\n") - 1

    @cached_property
    def quads(self) -> int:
        """How many quads the dump holds."""
        import gzip

        with gzip.open(self.dump, "rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))

    def words(self, command: str, *more: str) -> list[str]:
        """A command that reads the dump."""
        return ogx(command, "--corpus", str(self.data), "--input", str(self.dump), *more)

    def fresh(self, name: str) -> Path:
        """A folder that is not there yet."""
        path = self.work / name
        shutil.rmtree(path, ignore_errors=True)
        return path

    def _made(self, name: str, words: Callable[[Path], list[str]]) -> Path:
        if not (self.work / name).exists():
            path = self.fresh(f"{name}.new")
            process(words(path))
            path.rename(self.work / name)
        return self.work / name

    @cached_property
    def store(self) -> Path:
        """The store that ``build`` makes."""
        return self._made("store", lambda path: self.words("build", "--store", str(path)))

    @cached_property
    def table(self) -> Path:
        """The evidence table that ``build`` makes."""
        return self._made("table", lambda path: self.words("build", "--table", str(path)))

    @cached_property
    def raw(self) -> Path:
        """The store that pyoxigraph makes by itself."""
        return self._made("raw", lambda path: bulk_load(self.dump, path))

    @cached_property
    def raw_store(self) -> ox.Store:
        """The same, opened."""
        return ox.Store.read_only(str(self.raw))

    @cached_property
    def corpus(self) -> Corpus:
        """The store of the product, opened."""
        from ogx_rdf.store.corpus import open_store

        return open_store(self.store, corpus=self.data)

    def remote(self, server: Server) -> Corpus:
        """The graph on a server, asked as the product asks servers."""
        from ogx_rdf.store.corpus import open_store

        opened = open_store(server.sparql.replace("/sparql-auth", "/sparql"), corpus=self.data, timeout=600)
        # What `build --store URL` records there; the servers' own loaders, which are quicker, know nothing of it.
        opened.recorded_coverage = self.corpus.recorded_coverage
        return opened

    def _running(self, name: str, make: Callable[[Path], AbstractContextManager[Server]]) -> Server:
        folder = self.work / name
        folder.mkdir(exist_ok=True)
        return self.stack.enter_context(make(folder))

    @cached_property
    def oxigraph(self) -> Server:
        """An Oxigraph server on the store that pyoxigraph made; it runs until the end."""
        from servers import OXIGRAPH, oxigraph_server

        if OXIGRAPH is None:
            raise NotRun("not installed")
        place = str(self.raw)
        return self._running("server", lambda folder: oxigraph_server(folder, "--location", place))

    @property
    def buffers(self) -> int:
        """Pages of memory that a Virtuoso gets: 160 MB for the small, 5 GB for the large."""
        return min(680_000, max(20_000, 3 * self.n))

    @cached_property
    def virtuoso(self) -> Server:
        """A Virtuoso that holds the dump; it runs until the end."""
        from servers import VIRTUOSO, virtuoso_server

        if VIRTUOSO is None:
            raise NotRun("not installed")
        folder = self.work / "virtuoso"
        (folder / "virtuoso.lck").unlink(missing_ok=True)  # of a server that was ended by force
        loaded = (folder / "loaded").exists()
        if not loaded:
            shutil.rmtree(folder, ignore_errors=True)
        server = self._running("virtuoso", lambda place: virtuoso_server(place, buffers=self.buffers))
        if not loaded:
            self.load_virtuoso(server, folder)
            (folder / "loaded").touch()
        return server

    def load_virtuoso(self, server: Server, folder: Path) -> None:
        """Load the dump with Virtuoso's own loader, one of them: two were seen to lose a file without a word."""
        from servers import ISQL

        assert ISQL is not None
        shutil.copy(self.dump, folder / "claims.nq.gz")  # it reads only where it may
        told = []
        for statement in (
            f"ld_dir('{folder}', 'claims.nq.gz', 'urn:default');",
            "rdf_loader_run();",
            "checkpoint;",
            "select 'broken', ll_error from DB.DBA.LOAD_LIST where ll_error is not null or ll_state <> 2;",
        ):
            words = [ISQL, f"127.0.0.1:{server.sql}", str(server.user), str(server.password), f"exec={statement}"]
            told.append(process(words)[1])
        if "broken" in told[-1].partition("\n\n")[2].replace("unnamed", ""):
            raise RuntimeError(f"Virtuoso did not load all: {' '.join(told[-1].split())[:120]}")
