"""One claim taken out and put in again, with everything that is checked on the way, at each size of the store."""

from __future__ import annotations

import gzip
import importlib
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from contest import Contest, Contestant, NotRun, Run, Taken
from scale_claims import Claims
from scale_data import Setting, bulk_load, has_command

from ogx_rdf.namespaces import OGX

__all__ = ["contests"]

TRIED = 60


def _increment(name: str) -> Any:
    if not has_command("add"):
        raise NotRun("not in this version")
    return getattr(importlib.import_module(f"ogx_rdf.increment{name}"), "open_writer" if name else "add")


def _claims(setting: Setting) -> list[list[str]]:
    """The lines of the first claims of the dump."""
    found: dict[str, list[str]] = {}
    start = f"<{setting.corpus.base}c/"
    with gzip.open(setting.dump, "rt", encoding="utf-8") as file:
        for line in file:
            graph = line[:-3].rpartition(" ")[2]
            if graph.startswith(start):
                if graph not in found and len(found) >= TRIED:
                    break
                found.setdefault(graph, []).append(line)
    return list(found.values())


def _name(lines: list[str]) -> str:
    return lines[0][:-3].rpartition(" ")[2].strip("<>")


def _free(setting: Setting, writer: Any, file: Path) -> list[str]:
    """A claim that nothing else needs, taken out once to see that it can be."""
    package = importlib.import_module("ogx_rdf.increment")
    for lines in _claims(setting):
        try:
            package.remove(writer, _name(lines))
        except Exception as exc:
            if type(exc).__name__ != "RefusedError":
                raise
            continue
        file.write_text("".join(lines), encoding="utf-8")
        return lines
    raise NotRun("every claim is needed by another")


def _add(setting: Setting) -> Run:
    add, open_writer = _increment(""), _increment(".methods")
    package = importlib.import_module("ogx_rdf.increment")
    place, file = setting.fresh("changed"), setting.work / "one.nq"
    shutil.copytree(setting.store, place, symlinks=True)
    setting.stack.callback(shutil.rmtree, place, ignore_errors=True)
    writer = setting.stack.enter_context(open_writer(place, corpus=setting.data))
    lines = _free(setting, writer, file)
    sources = [str(setting.data / "sources")]

    def once() -> float:
        begin = time.perf_counter()
        change = add(writer, file, sources=sources)
        taken = time.perf_counter() - begin
        if not change.written:
            raise RuntimeError(f"refused: {[finding.rule for finding in change.findings]}")
        package.remove(writer, _name(lines))
        return taken

    once()
    return lambda: Taken(sorted(once() for _ in range(setting.times))[setting.times // 2])


def _raw(setting: Setting) -> Run:
    """The bound: pyoxigraph takes the quads of the claim, and checks nothing."""
    from ogx_rdf.oxi import parse_quads

    place = setting.fresh("raw-changed")
    from contest import process

    process(bulk_load(setting.dump, place))
    setting.stack.callback(shutil.rmtree, place, ignore_errors=True)
    store = ox.Store(str(place))
    lines = _claims(setting)[0]
    quads = list(parse_quads("".join(lines).encode(), "nq"))
    graph = ox.NamedNode(_name(lines))

    def once() -> float:
        store.remove_graph(graph)
        begin = time.perf_counter()
        store.extend(quads)
        return time.perf_counter() - begin

    return lambda: Taken(sorted(once() for _ in range(setting.times))[setting.times // 2])


def _judged(setting: Setting, engine: str) -> Run:
    """The rules alone on the bundle of one claim."""
    from ogx_rdf.validation.engines import check
    from ogx_rdf.validation.rules import shapes_text

    claims, shapes = Claims(setting), shapes_text()
    text = claims.text(1)
    assert OGX.iri in text
    times = setting.times if engine == "auto" else 1
    check(shapes, text, engine)  # type: ignore[arg-type]

    def once() -> float:
        begin = time.perf_counter()
        check(shapes, text, engine)  # type: ignore[arg-type]
        return time.perf_counter() - begin

    return lambda: Taken(sorted(once() for _ in range(times))[times // 2])


def contests(setting: Setting) -> Iterator[Contest]:
    """One claim."""
    limit = setting.limit(60, 0.004)
    makes = {
        "`add`: judged, its quotes compared, written": partial(_add, setting),
        "pyoxigraph: written, unchecked (the bound)": partial(_raw, setting),
        "its rules alone, by `auto`": partial(_judged, setting, "auto"),
        "its rules alone, by pySHACL": partial(_judged, setting, "pyshacl"),
    }
    yield Contest("one claim more", [Contestant(who, make, limit) for who, make in makes.items()])
