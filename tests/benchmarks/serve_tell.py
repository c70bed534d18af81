"""What came of the load, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

from scale_tell import shown_time
from serve_wrk import Loaded

__all__ = ["Row", "as_json", "markdown"]


@dataclass
class Row:
    """What a server did with a mix of requests on some connections."""

    mix: str
    server: str
    connections: int
    runs: list[Loaded] = field(default_factory=list)

    def middle(self, of: Callable[[Loaded], float]) -> float:
        """The middle one of its runs."""
        return median(map(of, self.runs))

    @property
    def errors(self) -> int:
        """How many requests failed, in all runs together."""
        return sum(run.errors for run in self.runs)


def _rate(rate: float) -> str:
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.2g}/s"


def _cells(row: Row) -> list[str]:
    return [
        f"{row.connections}",
        _rate(row.middle(lambda run: run.rate)),
        shown_time(row.middle(lambda run: run.p50)),
        shown_time(row.middle(lambda run: run.p95)),
        shown_time(row.middle(lambda run: run.p99)),
        f"{row.errors:,}",
    ]


def _ratio(row: Row, others: Sequence[Row]) -> str:
    """How many times the throughput of the peer, in the same run."""
    own, *peers = (other for other in others if other.connections == row.connections)
    if row is not own or not peers:
        return ""
    ratio = row.middle(lambda run: run.rate) / peers[0].middle(lambda run: run.rate)
    return f"**{ratio:.2f}×**"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield "| | connections | answers | p50 | p95 | p99 | errors | to the peer |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for mix in dict.fromkeys(row.mix for row in rows):
        mine = [row for row in rows if row.mix == mix]
        if len({row.server for row in mine}) > 1:
            yield f"| **{mix}** | | | | | | | |"
        for row in mine:
            name = row.server if len({other.server for other in mine}) > 1 else mix
            yield f"| {name} | {' | '.join(_cells(row))} | {_ratio(row, mine)} |"


def markdown(
    rows: Sequence[Row], left: Sequence[str], of: str, seconds: float, known: dict[str, str], date: str
) -> str:
    """The results as a table.

    :param left: the questions that were left out
    :param of: what was served
    :param seconds: how long each run was
    """
    place = f"{known['processor']}, {known['cores']} cores, {known['memory']}, {known['system']}"
    names = ("Python", "ogx-rdf", "pyoxigraph", "oxigraph", "starlette", "uvicorn", "wrk")
    versions = ", ".join(f"{name} {known[name]}" for name in names if name in known)
    runs = max((len(row.runs) for row in rows), default=0)
    lines = [
        f"Measured on {date} on {place} (load before: {known['load before']}); {versions}.",
        "",
        f"Served: {of}. Each row is the middle one of {runs} runs of {seconds:g} seconds, the servers in turns; errors "
        "are those of all runs. **Bold**: how many times the throughput of the peer.",
        "",
        *_table(rows),
    ]
    if left:
        lines += ["", f"Left out, because one takes a server too long: {', '.join(dict.fromkeys(left))}."]
    return "\n".join(lines) + "\n"


def as_json(
    rows: Sequence[Row], left: Sequence[str], of: str, seconds: float, known: dict[str, str], date: str
) -> dict[str, object]:
    """The same, with every single run."""
    return {
        "date": date,
        "machine": known,
        "served": of,
        "seconds": seconds,
        "left": list(left),
        "rows": [asdict(row) for row in rows],
    }
