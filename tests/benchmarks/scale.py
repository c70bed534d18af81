"""The product at every size, beside its peers in the same run: tables, JSON, and a plot of how cost grows.

    python tests/benchmarks/scale.py [--sizes 1000,10000,100000] [--parts load,check] [--rounds N]

Everything is generated; each part runs in a process of its own, with a limit for each step, so that one that fails or
takes too long costs a row and not the run.  What is not installed, or not run at a size, is printed as such.
Numbers of different machines do not compare; the ratios do.  Run by ``make bench``.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from contest import ROOT, compete
from scale_data import Setting
from scale_plot import growth
from scale_run import Held, hold
from scale_tell import as_json, machine, markdown

__all__ = ["PARTS", "main"]

PARTS = {
    "cold": "scale_cold.contests",
    "load": "scale_load.contests",
    "check": "scale_check.contests",
    "rules": "scale_check.rules",
    "points": "scale_points.contests",
    "whole": "scale_whole.contests",
    "change": "scale_change.contests",
    "quotes": "scale_quotes.contests",
}
"""The parts, in the order in which they run: the stores that one makes are asked by the next."""

SIZES = (1_000, 10_000)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part.replace("_", "")) for part in text.split(","))


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"no part {unknown[0]}; known: {', '.join(PARTS)}")
    return [part for part in PARTS if part in names]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=_numbers, default=SIZES, help="numbers of claims (default 1000,10000)")
    parser.add_argument("--parts", type=_names, default=list(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each contestant (default 3)")
    parser.add_argument("--times", type=int, default=15, help="repeats of a warm question in a run (default 15)")
    parser.add_argument("--sample", type=int, default=100, help="claims that pySHACL judges (default 100)")
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "bench", help="where all is written")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    return parser


def _child(given: argparse.Namespace) -> None:
    """Hold the contests of one part at one size, as standard input has it."""
    sys.path.append(str(ROOT / "tests"))
    told = json.load(sys.stdin)
    module, _, name = PARTS[given.part].partition(".")
    setting = Setting(given.sizes[0], given.home.resolve(), given.times, given.sample)
    with setting.stack:
        contests = getattr(importlib.import_module(module), name)(setting)
        compete(contests, given.rounds, {(a, b) for a, b in told["out"]}, told["over"])


def _all(given: argparse.Namespace, home: Path) -> list[Held]:
    """Hold all parts at all sizes; what belongs to no size is held once."""
    words = [f"--{name}={getattr(given, name)}" for name in ("home", "rounds", "times", "sample")]
    held = []
    for size in given.sizes:
        print(f"{size:,} claims: making them", file=sys.stderr, flush=True)
        setting = Setting(size, home)
        try:
            setting.prepare()
            for part in given.parts:
                if part == "cold" and size != given.sizes[0]:
                    continue
                print(f"{size:,} claims: {part}", file=sys.stderr, flush=True)
                held += hold(part, size, words)
        finally:
            shutil.rmtree(setting.work, ignore_errors=True)
    return held


def main(words: Sequence[str] | None = None) -> int:
    """Run the benchmark, print its tables, and write them down."""
    given = _parser().parse_args(words)
    if given.part:
        _child(given)
        return 0
    home = given.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    known, date = machine(), datetime.date.today().isoformat()
    held = _all(given, home)
    text = markdown(held, given.sizes, known, date)
    (home / "results.md").write_text(text, encoding="utf-8")
    results = as_json(held, given.sizes, known, date)
    (home / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (home / "growth.svg").write_text(growth(held, known, date), encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
