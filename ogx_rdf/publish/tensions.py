"""Tensions in print: text for a terminal, Markdown, JSON; curated and found ones told apart in each."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from ..audit.sides import Side, human
from ..records import Measurement, Records
from ..tensions import CURATED, Difference, Entry, Tensions
from .report.page import escaped

__all__ = ["FORMATS", "render_tensions"]

FORMATS = ("text", "json", "md")
WIDTH = 118
HEADS = {True: ("said", "set against"), False: ("here", "there")}
"""How the sides are called, of a curated tension and of a found one, which calls neither side into question."""
FOOT = "Found tensions with all their words: --kind, --claim, --format md or json."
ROUNDING = "the numbers are the same at the fewest decimals printed"


def _measured(item: Measurement, records: Records) -> dict[str, object]:
    fields = {name: records.corpus.curie(value) if name == "unit" else value for name, value in item.fields.items()}
    return {"measure": item.measure, **fields, "not_stated": list(item.not_stated)}


def _side(side: Side, records: Records) -> dict[str, object]:
    """A side as a JSON object, with its claim in words, its certainty, and its number."""
    shown = side.as_dict(records)
    claim = records.claims.get(side.claim) if side.claim else None
    if claim:
        shown |= {"label": claim.label, "polarity": claim.polarity}
    piece = records.evidence.get(side.iri)
    if piece:
        number = _measured(piece.measurement, records) if piece.measurement else None
        shown |= {"certainty": piece.certainty, "hedges": list(piece.hedges), "directness": piece.directness}
        shown |= {"measurement": number}
    return shown


def _party(side: Side, entry: Entry, records: Records) -> dict[str, object]:
    """A side with, for a claim, the evidence for and against it."""
    return {**_side(side, records), "evidence": [_side(piece, records) for piece in entry.evidence.get(side.iri, ())]}


def _entry(entry: Entry, records: Records) -> dict[str, object]:
    return {
        "origin": entry.origin,
        "told_by": entry.told_by,
        "tension": entry.name,
        "label": entry.label,
        "kinds": list(entry.kinds),
        "said": [_party(side, entry, records) for side in entry.said],
        "set_against": [_party(side, entry, records) for side in entry.against],
        "difference": entry.difference,
        "differs": [{"what": d.what, "here": list(d.here), "there": list(d.there)} for d in entry.differs],
        "values": list(entry.values),
        "same_when_rounded": entry.rounding,
        "shared": dict(entry.shared),
        "inferences": list(entry.inferences),
        "sureness": entry.sureness,
        "curator": entry.curator,
        "date": entry.date,
        "comment": entry.comment,
        "named_by": list(entry.named_by),
    }


def _json(found: Tensions) -> str:
    answer = {
        "answer": "rows" if found.entries else "none",
        "coverage": found.coverage.as_dict(),
        "totals": _totals(found),
        "rows": [_entry(entry, found.records) for entry in found.entries],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _totals(found: Tensions) -> dict[str, int]:
    curated = sum(entry.origin == CURATED for entry in found.entries)
    named = sum(bool(entry.named_by) for entry in found.entries)
    return {"curated": curated, "found": len(found.entries) - curated, "found_and_named_by_the_curator": named}


def _head(found: Tensions) -> str:
    total = _totals(found)
    named = total["found_and_named_by_the_curator"]
    return f"{total['curated']} curated, {total['found']} found, of which a curator has named {named}"


def _words(side: Side) -> str:
    """The words of a side: verbatim in quotation marks, else said to be a report, a claim, a title."""
    told = [f"“{words}”" if side.quoted else words for words in side.words]
    lead = "" if side.quoted else f"{side.what}: "
    return f"{lead}{' … '.join(told) or 'no words recorded'}"


class _Spoken:
    """What has been said of an entry already, so that a claim and a source are named in full only once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._curie = records.corpus.curie
        self._said: set[str] = set()

    def once(self, name: str, more: str) -> str:
        """The name, and the first time what there is to say of it."""
        known = name in self._said
        self._said.add(name)
        return name if known or not more else f"{name} {more}"

    def source(self, line: str) -> str:
        """What stands behind a side; ``read in`` and ``result of`` are followed by the id of a work."""
        if not line.startswith(("read in ", "result of ")):
            return line
        one, two, work, *title = line.split(" ")
        return f"{one} {two} {self.once(work, ' '.join(title))}"

    def about(self, side: Side) -> Iterator[str]:
        """Where a side stands, what it speaks to, how surely, with which number, and what stands behind it."""
        name = self._curie(side.iri)
        yield side.place if side.place.startswith(name) else f"{name}: {side.place}"
        piece = self._records.evidence.get(side.iri)
        claim = self._records.claims.get(side.claim) if side.claim else None
        if side.what == "claim":
            self._said.add(name)
        if piece and claim:
            hedges = f" ({'; '.join(piece.hedges)})" if piece.hedges else ""
            spoken = f"{piece.stance}, {piece.directness}, {human(piece.certainty)}{hedges}"
            yield f"{spoken}: {self.once(self._curie(claim.iri), f'{claim.label} ({human(claim.polarity)})')}"
        if piece and piece.measurement:
            number = _measured(piece.measurement, self._records)
            yield ", ".join(f"{field} {value}" for field, value in number.items() if field != "not_stated")
        yield from map(self.source, side.sources)


def _named(value: str, records: Records) -> str:
    """Nodes by label and id; other words as they are."""
    corpus, parts = records.corpus, value.split(" | ")
    labels = ((part, records.label(iri) if (iri := corpus.expand(part)) else part) for part in parts)
    return ", ".join(part if label == part else f"{label} ({part})" for part, label in labels)


def _differs(item: Difference) -> str:
    here, there = (" and ".join(side) or "not stated" for side in (item.here, item.there))
    return f"{item.what}: here {here}; there {there}"


def _verdict(entry: Entry, records: Records) -> Iterator[tuple[str, str]]:
    """What follows the sides: name and text of each line."""
    if entry.origin == CURATED:
        yield "difference", entry.difference
        yield from (("the curator's inference", text) for text in entry.inferences)
        by = ", ".join(filter(None, (entry.curator, entry.date)))
        yield "sureness", f"{human(entry.sureness or '')} ({by})"
        if entry.comment:
            yield "the curator's note", entry.comment
        return
    yield from (("differs", _differs(item)) for item in entry.differs)
    if entry.values:
        yield "in the order of the sources' dates", "; ".join(entry.values)
    if entry.rounding:
        yield "rounding", ROUNDING
    yield from ((name.replace("_", " "), _named(value, records)) for name, value in entry.shared)
    yield "named", f"by the curator as {', '.join(entry.named_by)}" if entry.named_by else "by no curator yet"


def _title(entry: Entry) -> str:
    if entry.origin == CURATED:
        return f"{entry.told_by}: {entry.name} {entry.label} ({', '.join(map(human, entry.kinds))})"
    return f"{entry.told_by}: {entry.label}"


def _sides(entry: Entry) -> Iterator[tuple[str, Side, int]]:
    """Name, side and depth: the evidence of a claim stands below it."""
    for head, parties in zip(HEADS[entry.origin == CURATED], (entry.said, entry.against), strict=True):
        for side in parties:
            yield head, side, 0
            yield from (("evidence", piece, 1) for piece in entry.evidence.get(side.iri, ()))


def _wrapped(text: str, indent: int) -> list[str]:
    space = " " * indent
    return textwrap.wrap(text, WIDTH, initial_indent=space, subsequent_indent=space + "  ", break_on_hyphens=False)


def _brief(entry: Entry, spoken: _Spoken) -> Iterator[str]:
    """A found tension with the first words of each side."""
    for head, parties in zip(HEADS[False], (entry.said, entry.against), strict=True):
        more = f" (and {len(parties) - 1} more)" if len(parties) > 1 else ""
        yield from _wrapped(f"{head}: {_words(parties[0])}{more}", 2)
        yield from _wrapped("; ".join(spoken.about(parties[0])), 6)


def _full(entry: Entry, spoken: _Spoken) -> Iterator[str]:
    for head, side, depth in _sides(entry):
        yield from _wrapped(f"{head}: {_words(side)}", 2 + 4 * depth)
        for line in spoken.about(side):
            yield from _wrapped(line, 6 + 4 * depth)


def _text(found: Tensions) -> Iterator[str]:
    yield f"Tensions: {_head(found)}"
    for entry in found.entries:
        spoken = _Spoken(found.records)
        yield from ("", *_wrapped(_title(entry), 0))
        yield from (_full if found.chosen or entry.origin == CURATED else _brief)(entry, spoken)
        for name, text in _verdict(entry, found.records):
            yield from _wrapped(f"{name}: {text}", 2)
    if not found.chosen:
        yield from ("", FOOT)


def _markdown(found: Tensions) -> Iterator[str]:
    yield from (f"# Tensions: {escaped(found.corpus.config.title)}", "", f"{_head(found)}.")
    for entry in found.entries:
        spoken = _Spoken(found.records)
        yield from ("", f"## {escaped(_title(entry))}", "")
        for head, side, depth in _sides(entry):
            yield f"{'  ' * depth}- **{head}** {escaped(_words(side))}"
            yield from (f"{'  ' * depth}  - {escaped(line)}" for line in spoken.about(side))
        yield from (f"- *{name}:* {escaped(text)}" for name, text in _verdict(entry, found.records))


def render_tensions(found: Tensions, format: str) -> str:
    """The tensions in one of :data:`FORMATS`."""
    if format == "json":
        return _json(found)
    lines = _markdown(found) if format == "md" else _text(found)
    return "\n".join(lines) + "\n"
