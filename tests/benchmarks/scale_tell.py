"""The results as Markdown and as JSON, with the machine that they hold for."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from scale_data import cores
from scale_run import Held, Row

__all__ = ["as_json", "machine", "markdown", "shown_time"]

TITLES = {
    "cold": "Cold start of each command (the shipped corpus; seconds of a fresh process)",
    "load": "Load: a dump into a store on disk",
    "check": "Check: rules, quotes, totals of a dump",
    "rules": "The rules alone, on one core",
    "points": "Point questions (median of warm repeats in one process, names and words included)",
    "whole": "Questions about the whole graph",
    "change": "One claim more",
    "quotes": "Quotes compared, on one core",
}
PACKAGES = ("ogx-rdf", "pyoxigraph", "oxigraph", "shacl", "pyshacl", "rdflib", "duckdb", "pyspark")


def _first(path: str, pattern: str) -> str | None:
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return None
    return found[1].strip() if found else None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _virtuoso() -> str | None:
    program = shutil.which("virtuoso-t")
    if program is None:
        return None
    told = subprocess.run([program, "-?"], capture_output=True, text=True, check=False)
    found = re.search(r"Version (\S+)", told.stdout + told.stderr)
    return found[1].partition("-")[0] if found else "of unknown version"


def machine() -> dict[str, str]:
    """What the numbers hold for."""
    total = int(_first("/proc/meminfo", r"^MemTotal:\s+(\d+)") or 0)
    known = {package: _version(package) for package in PACKAGES} | {"Virtuoso": _virtuoso()}
    return {
        "processor": _first("/proc/cpuinfo", r"^model name\s*:\s*(.+)$") or platform.machine(),
        "cores": str(cores()),
        "memory": f"{total / 2**20:.0f} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        "load before": f"{os.getloadavg()[0]:.1f}",
    } | {name: told for name, told in known.items() if told}


def shown_time(seconds: float) -> str:
    """A time in the unit that fits it."""
    if seconds >= 100:
        return f"{seconds:,.0f} s"
    if seconds >= 1:
        return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"
    if seconds >= 0.0095:
        return f"{seconds * 1e3:.0f} ms"
    return f"{seconds * 1e3:.2g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def _rate(each: float) -> str:
    rate = 1 / each
    for size, mark in ((1e6, "M"), (1e3, "k")):
        if rate >= 10 * size or (mark == "M" and rate >= size):
            return f"{rate / size:.3g}{mark}/s"
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.2g}/s"


def _ratio(other: float, own: float) -> str:
    ratio = other / own
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.2g}×"


def _cell(held: Held | None, who: str) -> str:
    if held is None:
        return ""
    row = held.rows.get(who)
    if row is None:
        return ""
    seconds, each = row.median(), row.each(held.work)
    if seconds is None or each is None:
        return row.why or "not run"
    told = [shown_time(seconds)]
    if held.unit:
        told.append(_rate(each))
    first = next(iter(held.rows.values()))
    own = first.each(held.work)
    if row is not first and own:
        told.append(f"**{_ratio(each, own)}**")
    return " · ".join(told) + (f" ({row.why})" if row.why else "")


def _more(found: dict[int, Held], sizes: Sequence[int]) -> Iterator[tuple[str, list[str]]]:
    """Processor time and memory of the product's own processes, where they were measured."""
    ways: tuple[tuple[str, str, Callable[[float], str]], ...] = (
        ("time of all cores", "cpu", shown_time),
        ("peak memory of any process", "peak", lambda size: f"{size / 1e6:,.0f} MB"),
    )
    first = [next(iter(found[size].rows.values()), Row("")) if size in found else Row("") for size in sizes]
    for title, name, shown in ways:
        values = [row.median(name) for row in first]
        if any(value is not None for value in values):
            yield f"– {title} of the first", ["" if value is None else shown(value) for value in values]


def _tables(part: str, held: Sequence[Held], sizes: Sequence[int]) -> Iterator[str]:
    columns = ["shipped corpus"] if part == "cold" else [f"{size:,} claims" for size in sizes]
    yield f"\n### {TITLES[part]}\n"
    yield "| | " + " | ".join(columns) + " |"
    yield "|---|" + "---:|" * len(columns)
    for name in dict.fromkeys(item.name for item in held):
        found = {item.size: item for item in held if item.name == name}
        over = [found.get(size) for size in sizes][: len(columns)]
        if len({item.name for item in held}) > 1:
            yield f"| **{name}** |" + " |" * len(columns)
        for who in dict.fromkeys(who for item in over if item for who in item.rows):
            yield f"| {who} | " + " | ".join(_cell(item, who) for item in over) + " |"
        if part != "cold":
            for title, cells in _more(found, sizes):
                yield f"| {title} | " + " | ".join(cells) + " |"
    notes = dict.fromkeys(item.note for item in held if item.note)
    yield from (f"\n{note[0].upper()}{note[1:]}." for note in notes)


def markdown(held: Sequence[Held], sizes: Sequence[int], known: dict[str, str], date: str) -> str:
    """The results as tables: a column for each size, and in bold how many times as long as the first of its group."""
    place = f"{known['processor']}, {known['cores']} cores, {known['memory']}, {known['system']}"
    versions = ", ".join(f"{name} {told}" for name, told in list(known.items())[4:] if name != "load before")
    lines = [
        f"Measured on {date} on {place} (load before: {known['load before']}); {versions}.",
        "",
        f"Sizes: {', '.join(f'{size:,}' for size in sizes)} claims. Medians; those of a group took turns. "
        "**Bold**: how many times as long, for the same work, as the first of the group.",
    ]
    for part in TITLES:
        mine = [item for item in held if item.part == part]
        if mine:
            lines += _tables(part, mine, sizes)
    return "\n".join(lines) + "\n"


def as_json(held: Iterable[Held], sizes: Sequence[int], known: dict[str, str], date: str) -> dict[str, object]:
    """The same, with every single run."""
    contests = [
        {
            "part": item.part,
            "size": item.size,
            "contest": item.name,
            "unit": item.unit,
            "work": item.work,
            "rows": [{"who": row.who, "runs": row.runs, "why": row.why} for row in item.rows.values()],
        }
        for item in held
    ]
    return {"date": date, "machine": known, "sizes": list(sizes), "contests": contests}
