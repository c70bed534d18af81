"""How cost grows with the number of claims, as a small SVG: both axes logarithmic, so that a straight slope is linear.

The product is drawn in one colour, its peers in grey; each line bears its name at its end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from scale_run import Held

__all__ = ["LINES", "Line", "growth"]

ACCENT, INK, QUIET, FAINT = "#b5461d", "#2b2b2b", "#8a8a86", "#e4e2dc"
WIDTH, HEIGHT = 860, 520
LEFT, RIGHT, TOP, BOTTOM = 64, 262, 74, 54
APART = 15.5
"""Between two names, at least."""

LINES = (
    ("check", "check", "`check --input`", "check", True),
    ("load", "load", "`build --input --store`: checked and loaded", "build into a store, checked", True),
    ("load", "load", "pyoxigraph `bulk_load`, unchecked (the bound)", "pyoxigraph, load only", False),
    ("load", "load", "Virtuoso `rdf_loader_run`, unchecked", "Virtuoso, load only", False),
    ("load", "load", "rdflib `parse` into memory, unchecked", "rdflib, parse only", False),
    ("whole", "totals of the audit", "from the evidence table", "totals, from the evidence table", True),
    ("whole", "totals of the audit", "the audit by SPARQL, embedded store", "totals, by SPARQL", False),
    ("points", "evidence-for", "the stored query, embedded store", "evidence for a claim", True),
    ("points", "evidence-for", "rdflib in memory, by hand", "the same by rdflib", False),
    ("change", "one claim more", "`add`: judged, its quotes compared, written", "add one claim, checked", True),
)
"""What is drawn: part, contest and contestant, the name in the plot, and whether it is the product."""


@dataclass(frozen=True)
class Line:
    """One line of the plot: numbers of claims, and seconds."""

    name: str
    points: tuple[tuple[float, float], ...]
    own: bool


class _Plane:
    """Where numbers are on the drawing."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        low, high = (pick(x for x, _ in points) for pick in (min, max))
        self.x0, self.x1 = math.log10(low), max(math.log10(high), math.log10(low) + 1)
        self.y0 = math.floor(math.log10(min(y for _, y in points)))
        self.y1 = max(math.ceil(math.log10(max(y for _, y in points))), self.y0 + 1)

    def x(self, claims: float) -> float:
        """From the left."""
        return LEFT + (math.log10(claims) - self.x0) / (self.x1 - self.x0) * (WIDTH - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        """From the top."""
        return TOP + (self.y1 - math.log10(seconds)) / (self.y1 - self.y0) * (HEIGHT - TOP - BOTTOM)


def _lines(held: Iterable[Held]) -> list[Line]:
    """The lines for which something was measured."""
    found = []
    every = list(held)
    for part, contest, who, name, own in LINES:
        points = []
        for item in every:
            row = item.rows.get(who) if (item.part, item.name) == (part, contest) else None
            seconds = row.median() if row else None
            if seconds:
                points.append((float(item.size), seconds))
        if points:
            found.append(Line(name, tuple(sorted(points)), own))
    return found


def _text(x: float, y: float, text: str, colour: str, size: float = 12, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size:g}"{more}>{escape(text)}</text>'


def _seconds(power: int) -> str:
    if power >= 0:
        return f"{10**power:,} s"
    return f"{10 ** (power + 3):g} ms" if power >= -3 else f"{10 ** (power + 6):g} µs"


def _claims(number: float) -> str:
    return f"{number / 1e6:g} million" if number >= 1e6 else f"{number:,.0f}"


def _grid(plane: _Plane, sizes: Sequence[float]) -> Iterator[str]:
    right = WIDTH - RIGHT
    for power in range(plane.y0, plane.y1 + 1):
        y = plane.y(10.0**power)
        yield f'<path d="M{LEFT} {y:.1f}H{right}" stroke="{FAINT}"/>'
        yield _text(LEFT - 10, y + 4, _seconds(power), QUIET, more=' text-anchor="end"')
    for size in sizes:
        x = plane.x(size)
        yield f'<path d="M{x:.1f} {HEIGHT - BOTTOM}v5" stroke="{QUIET}"/>'
        yield _text(x, HEIGHT - BOTTOM + 21, _claims(size), QUIET, more=' text-anchor="middle"')
    yield _text(right, HEIGHT - BOTTOM + 40, "claims", QUIET, more=' text-anchor="end" font-style="italic"')


def _spread(wanted: Sequence[float]) -> list[float]:
    """Places for names, in order, near those wanted and not on each other: crowded ones share a centre."""
    groups: list[list[float]] = []
    for place in wanted:
        groups.append([place])
        while len(groups) > 1 and _top(groups[-1]) - _end(groups[-2]) < APART:
            groups[-2:] = [groups[-2] + groups[-1]]
    top, bottom = TOP - 30, HEIGHT - BOTTOM + 4
    places = [_top(group) + number * APART for group in groups for number in range(len(group))]
    places = [max(place, top + number * APART) for number, place in enumerate(places)]
    for number in range(len(places) - 1, -1, -1):
        places[number] = min(places[number], bottom - (len(places) - 1 - number) * APART)
    return places


def _top(group: Sequence[float]) -> float:
    return sum(group) / len(group) - (len(group) - 1) * APART / 2


def _end(group: Sequence[float]) -> float:
    return _top(group) + (len(group) - 1) * APART


def _drawn(plane: _Plane, lines: Sequence[Line]) -> Iterator[str]:
    for line in sorted(lines, key=lambda item: item.own):
        at = [(plane.x(x), plane.y(y)) for x, y in line.points]
        colour, width = (ACCENT, 2) if line.own else ("#b9b7b0", 1.5)
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in at)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{width + 1}" fill="{colour}"/>' for x, y in at)
    ordered = sorted(lines, key=lambda item: plane.y(item.points[-1][1]))
    places = _spread([plane.y(line.points[-1][1]) for line in ordered])
    margin = WIDTH - RIGHT + 24
    for line, place in zip(ordered, places, strict=True):
        x, y = plane.x(line.points[-1][0]), plane.y(line.points[-1][1])
        yield f'<path d="M{x + 6:.1f} {y:.1f}L{margin - 6} {place:.1f}" stroke="{FAINT}" stroke-dasharray="2 2"/>'
        yield _text(margin, place + 4, line.name, ACCENT if line.own else QUIET, 12.5)


def growth(held: Iterable[Held], known: dict[str, str], date: str) -> str:
    """The plot; an empty one says that nothing was measured."""
    lines = _lines(held)
    font = "font-family=\"Helvetica Neue, Helvetica, Arial, 'Liberation Sans', sans-serif\""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {font}>'
    title = "How cost grows with the number of claims"
    under = f"Seconds, both axes logarithmic. {known['processor']}, {known['cores']} cores, {date}."
    parts = [
        head,
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fffefb"/>',
        _text(LEFT, 34, title, INK, 17, ' font-weight="600"'),
        _text(LEFT, 54, under if lines else "Nothing was measured.", QUIET),
    ]
    if lines:
        points = [point for line in lines for point in line.points]
        plane = _Plane(points)
        parts += _grid(plane, sorted({x for x, _ in points}))
        parts += _drawn(plane, lines)
    return "\n".join([*parts, "</svg>"]) + "\n"
