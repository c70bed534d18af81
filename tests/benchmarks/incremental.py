"""What it takes to add one claim to a store: N claims, or as many as a folder made by generate.py holds.

    python tests/benchmarks/incremental.py N|FOLDER [--claims 40]

Claims of the middle of the dump are changed and put in again, each in a change of its own: read, judged with all that
it touches, its quotes compared, written, and made what readers get.  Prints the median, and the share of the
processor; judges nothing.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from generate import generate

from ogx_rdf.bundles.run import Options
from ogx_rdf.corpus import Corpus
from ogx_rdf.dump import build_dump
from ogx_rdf.increment import add
from ogx_rdf.increment.methods import open_writer

LABEL = b"<http://www.w3.org/2000/01/rdf-schema#label>"


def claims(folder: Path, base: str) -> Iterator[bytes]:
    """The lines of each claim; a generated dump has them together."""
    held: list[bytes] = []
    graph = b""
    with gzip.open(folder / "claims.nq.gz") as lines:
        for line in lines:
            name = line[line.rindex(b" <") :]
            if name != graph and held:
                yield b"".join(held)
                held = []
            graph = name
            if name.startswith(f" <{base}c/".encode()):
                held.append(line)


def measure(folder: Path, work: Path, count: int) -> dict[str, float]:
    """Milliseconds of one change, by what was done."""
    corpus, store = Corpus(folder), work / "store"
    begin = time.perf_counter()
    build_dump(corpus, [str(folder / "claims.nq.gz")], store=store, options=Options(keep_going=True))
    found = {"build the store (s)": time.perf_counter() - begin}
    times: dict[str, list[float]] = {}
    sources, file = [str(folder / "sources")], work / "claim.nq"
    begin = time.perf_counter()
    with open_writer(store, corpus=folder) as writer:
        times["open the store to write"] = [time.perf_counter() - begin]
        for lines in islice(claims(folder, corpus.base), 20, 20 + count):
            for kind, text in (
                ("replace", lines.replace(LABEL + b' "', LABEL + b' "again: ')),
                ("replace", lines),
                ("find it unchanged", lines),
            ):
                file.write_bytes(text)
                begin, spent = time.perf_counter(), time.process_time()
                change = add(writer, file, sources=sources)
                times.setdefault(kind, []).append(time.perf_counter() - begin)
                times.setdefault(f"{kind}, processor", []).append(time.process_time() - spent)
                assert change.written == (kind == "replace"), change.findings
    return found | {f"{kind} (ms)": 1000 * median(taken) for kind, taken in times.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("data", help="how many claims, or a folder made by generate.py")
    parser.add_argument("--claims", type=int, default=40, help="so many claims are changed (default 40)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        folder = Path(arguments.data)
        if arguments.data.isdigit():
            folder = work / "data"
            generate(int(arguments.data), folder)
        for what, number in measure(folder, work, arguments.claims).items():
            print(f"{what:40}{number:12.1f}")


if __name__ == "__main__":
    main()
