"""Loading: a dump into a store on disk, checked on the way, beside those that only load."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from contest import Contest, Contestant, NotRun, Run, Taken, in_python, process
from scale_data import Setting, bulk_load

__all__ = ["contests"]

RDFLIB = """
import gzip, sys, rdflib
with gzip.open(sys.argv[1], "rb") as file:
    rdflib.Dataset().parse(file, format="nquads")
"""

LOAD_ALONE = """
import sys, time
from pathlib import Path
from ogx_rdf.bundles.load import load
from ogx_rdf.bundles.run import Options, spooled
from ogx_rdf.corpus import open_corpus
from ogx_rdf.oxi import Dataset
with spooled(open_corpus(sys.argv[1]), [sys.argv[2]], Options()) as spool:
    begin = time.perf_counter()
    dataset = Dataset.on_disk(Path(sys.argv[3]))
    load(spool, dataset)
    del dataset
    print(time.perf_counter() - begin)
"""
"""What the pass does with a dump that it has judged; sorting it is not counted."""


def _build(setting: Setting, *more: str) -> Run:
    def run() -> Taken:
        out = setting.fresh("built")
        words = setting.words(
            "build", "--store", str(out), *(word.format(table=setting.fresh("tabled")) for word in more)
        )
        taken = process(words)[0]
        if not (setting.work / "store").exists():
            out.rename(setting.work / "store")
        elif more and not (setting.work / "table").exists():
            (setting.work / "tabled").rename(setting.work / "table")
        return taken

    return run


def _load_alone(setting: Setting) -> Run:
    def run() -> Taken:
        place = setting.fresh("loaded")
        words = in_python(LOAD_ALONE, str(setting.data), str(setting.dump), str(place))
        taken = float(process(words)[1])
        shutil.rmtree(place)
        return Taken(taken)

    return run


def _raw(setting: Setting) -> Run:
    def run() -> Taken:
        place = setting.fresh("raw")
        return process(bulk_load(setting.dump, place))[0]

    return run


def _cli(setting: Setting) -> Run:
    from servers import OXIGRAPH

    if OXIGRAPH is None:
        raise NotRun("not installed")

    def run() -> Taken:
        place = setting.fresh("cli")
        words = [str(OXIGRAPH), "load", "--location", str(place), "--file", str(setting.dump)]
        taken = process(words)[0]
        shutil.rmtree(place)
        return taken

    return run


def _virtuoso(setting: Setting) -> Run:
    from servers import VIRTUOSO, virtuoso_server

    if VIRTUOSO is None:
        raise NotRun("not installed")

    def run() -> Taken:
        folder: Path = setting.fresh("virtuoso")
        folder.mkdir()
        with virtuoso_server(folder, buffers=setting.buffers) as server:
            begin = time.perf_counter()
            setting.load_virtuoso(server, folder)
            taken = time.perf_counter() - begin
        (folder / "loaded").touch()
        return Taken(taken)

    return run


def _rdflib(setting: Setting) -> Run:
    setting.small(10_000)
    return lambda: process(in_python(RDFLIB, str(setting.dump)))[0]


def _python(setting: Setting) -> Run:
    """How fast the disk and gzip alone are."""
    text = "import gzip, sys\nfor line in gzip.open(sys.argv[1]): pass"
    return lambda: process(in_python(text, str(setting.dump)))[0]


def contests(setting: Setting) -> Iterator[Contest]:
    """Loading, as processes where that is what people start; the loader alone in this one."""
    os.sync()
    limit = setting.limit(60, 0.004)
    made = {
        "`build --input --store`: checked and loaded": partial(_build, setting),
        "`build --input --store --table`: with the evidence table": partial(_build, setting, "--table", "{table}"),
        "of it the loading alone": partial(_load_alone, setting),
        "pyoxigraph `bulk_load`, unchecked (the bound)": partial(_raw, setting),
        "`oxigraph load`, unchecked": partial(_cli, setting),
        "Virtuoso `rdf_loader_run`, unchecked": partial(_virtuoso, setting),
        "rdflib `parse` into memory, unchecked": partial(_rdflib, setting),
        "Python: unpack and read the lines": partial(_python, setting),
    }
    twice = {"of it the loading alone"}
    once = {"rdflib `parse` into memory, unchecked", "Virtuoso `rdf_loader_run`, unchecked"}
    rounds = dict.fromkeys(once, 1) | dict.fromkeys(twice, 2)
    field = [Contestant(name, make, limit, rounds.get(name)) for name, make in made.items()]
    yield Contest("load", field, "quads", setting.quads)
