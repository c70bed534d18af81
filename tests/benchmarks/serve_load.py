"""`ogx-rdf serve` under load, beside the Oxigraph server on the same store with the same queries, in the same run.

    python tests/benchmarks/serve_load.py [--claims N] [--connections 1,16,64] [--rounds 3] [--seconds 5]

wrk sends the requests.  Both servers read one folder, and are asked the same text; before any load, every answer of the
one is compared with that of the other.  They are loaded in turns, the middle one of the rounds counts; load generator
and server share the machine.  Numbers of different machines do not compare; the ratios do.  Run by ``make bench``.
"""

from __future__ import annotations

import argparse
import datetime
import json
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from contest import ROOT, ogx, process
from scale_data import Setting
from scale_tell import machine
from serve_asked import ROWS, Asked, Mix, pages, questions
from serve_tell import Row, as_json, markdown
from serve_wrk import INSTALL, WRK, load, version, write_script

__all__ = ["Target", "checked", "main"]

WARM = 1.0
"""Seconds of load before the first that counts."""
MOST = 2.0
"""Seconds: a question that takes either server longer alone is left out, and named."""


@dataclass(frozen=True)
class Target:
    """A server to be loaded.

    :param root: its address, without a slash at its end
    :param path: where it is asked queries
    """

    name: str
    root: str
    path: str


def _fetch(target: Target, asked: Asked) -> tuple[bytes, float]:
    """The answer of a server to a request, and the seconds that it took.

    :raises RuntimeError: for any status but 200, or no answer in time
    """
    data = None if asked.query is None else asked.query.encode()
    headers = {} if data is None else {"Content-Type": "application/sparql-query", "Accept": ROWS}
    where = target.root + (target.path if data is not None else asked.path)
    begin = time.perf_counter()
    try:
        with urllib.request.urlopen(urllib.request.Request(where, data, headers), timeout=60) as answer:
            return answer.read(), time.perf_counter() - begin
    except OSError as exc:
        raise RuntimeError(f"{target.name} does not answer {asked.name}: {exc}") from exc


def _rows(data: bytes) -> Counter[str]:
    said = json.loads(data)
    if "boolean" in said:
        return Counter([str(said["boolean"])])
    return Counter(json.dumps(row, sort_keys=True) for row in said["results"]["bindings"])


def checked(mix: Mix, targets: Sequence[Target]) -> tuple[Mix, list[str]]:
    """The mix without what takes a server too long, and what that is.

    :raises RuntimeError: where the servers do not give the same rows
    """
    kept, left = [], []
    for asked in mix.requests:
        try:
            answers = [_fetch(target, asked) for target in targets]
        except RuntimeError as exc:
            if asked.query is None or not isinstance(exc.__cause__, urllib.error.HTTPError):
                raise
            answers = []
        if not answers or max(taken for _, taken in answers) > MOST:
            left.append(asked.name)
            continue
        if asked.query is not None and any(_rows(data) != _rows(answers[0][0]) for data, _ in answers[1:]):
            raise RuntimeError(f"{asked.name}: the servers do not give the same rows")
        kept.append(asked)
    return Mix(mix.title, kept, mix.peer), left


def _loaded(mix: Mix, targets: Sequence[Target], given: argparse.Namespace, work: Path) -> Iterator[Row]:
    """Load the servers in turns, with each number of connections."""
    scripts = [work / f"{number}.lua" for number in range(len(targets))]
    for target, script in zip(targets, scripts, strict=True):
        write_script(mix.requests, target.path, script)
    for connections in given.connections:
        rows = [Row(mix.title, target.name, connections) for target in targets]
        for number in range(given.rounds):
            for target, script, row in zip(targets, scripts, rows, strict=True):
                if number == 0:
                    load(target.root, script, connections, WARM)
                row.runs.append(load(target.root, script, connections, given.seconds))
        yield from rows


@contextmanager
def _store(given: argparse.Namespace, home: Path) -> Iterator[tuple[Path, Path | None]]:
    """A store on disk, and the corpus with its settings; of the shipped corpus, where no number of claims is given."""
    if given.claims:
        setting = Setting(given.claims, home)
        try:
            setting.prepare()
            yield setting.store, setting.data
        finally:
            shutil.rmtree(setting.work, ignore_errors=True)
        return
    with tempfile.TemporaryDirectory(dir=home) as folder:
        place = Path(folder)
        process(ogx("build", "--out", str(place / "graph.nq"), "--store", str(place / "store")))
        yield place / "store", None


def _run(given: argparse.Namespace, home: Path) -> tuple[list[Row], list[str]]:
    from servers import OXIGRAPH, oxigraph_server
    from webs import web_server

    from ogx_rdf.store.corpus import open_store

    rows: list[Row] = []
    left: list[str] = []

    def held(mix: Mix, targets: Sequence[Target]) -> None:
        print(f"{mix.title}: {', '.join(target.name for target in targets)}", file=sys.stderr, flush=True)
        kept, out = checked(mix, targets)
        left.extend(out)
        if kept.requests:
            rows.extend(_loaded(kept, targets, given, place))

    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=home)))
        store, settings = stack.enter_context(_store(given, home))
        corpus = open_store(store, corpus=settings)
        words = ["--store", str(store), *(["--corpus", str(settings)] if settings else [])]

        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=home)))
        web = stack.enter_context(web_server(*words, folder=folder))
        targets = [Target("`ogx-rdf serve`", f"http://127.0.0.1:{web.port}", "/sparql")]
        if OXIGRAPH is not None:
            assert corpus.dataset.folder is not None  # type: ignore[attr-defined]
            options = ("--location", str(corpus.dataset.folder), "--union-default-graph")  # type: ignore[attr-defined]
            peer = stack.enter_context(oxigraph_server(place, *options, command="serve-read-only"))
            root, _, path = peer.sparql.rpartition("/")
            targets.append(Target("`oxigraph serve-read-only`", root, f"/{path}"))
        for mix in (*questions(corpus), *pages(corpus)):
            held(mix, targets if mix.peer else targets[:1])
    return rows, left


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--claims", type=int, default=0, help="so many generated claims; default: the shipped corpus")
    parser.add_argument("--connections", type=_numbers, default=(1, 16, 64), help="default 1,16,64")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each server (default 3)")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each run (default 5)")
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "bench", help="where all is written")
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run the benchmark, print its table, and write it down; where wrk is missing it says so, and does not fail."""
    given = _parser().parse_args(words)
    if WRK is None:
        print(f"Not run: {INSTALL}")
        return 0
    sys.path.append(str(ROOT / "tests"))
    home = given.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    packages = {name: metadata.version(name) for name in ("starlette", "uvicorn")}
    known, date = machine() | packages | {"wrk": version() or "unknown"}, datetime.date.today().isoformat()
    rows, left = _run(given, home)
    of = f"{given.claims:,} generated claims" if given.claims else "the shipped corpus"
    text = markdown(rows, left, of, given.seconds, known, date)
    name = f"load-{given.claims}" if given.claims else "load"
    (home / f"{name}.md").write_text(text, encoding="utf-8")
    told = as_json(rows, left, of, given.seconds, known, date)
    (home / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
