"""How the rows of an answer are shown: which columns, under which headings, and what stands for the names in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ...audit.sides import human
from ...model import Iri
from ...namespaces import OGX
from ...publish.cards import Deck
from ...queries import Column, StoredQuery
from ...queries.cells import Cell
from ...records import Evidence

if TYPE_CHECKING:
    Row = Mapping[str, Cell]

__all__ = ["Piece", "called", "counted", "laid_out", "pieces"]

Piece = dict[str, object]

_WORDS = ("quote", "report", "stance", "certainty")
_WHERE = ("citations", "section", "source", "primary", "evidence", "passage")
_TOLD = frozenset(("claim", "label", "polarity", *_WORDS, *_WHERE))
"""What is shown together where an answer tells of claims: the claim, the words, where they stand."""
_HEADS = {
    "audit": {"focus": "What", "path": "Property", "value": "Value"},
    "tensions": {"here": "Here", "there": "There"},
}
_PROPERTIES = {"c4o:denotes": "cites", "prov:wasQuotedFrom": "quoted from"}
"""Properties whose own names say little where they stand alone."""
_EMPTY: tuple[Cell, ...] = (None, "", [])


def _filled(rows: Sequence[Row], names: Sequence[str]) -> bool:
    """Whether any row has anything in one of these columns."""
    return any(row.get(name) not in _EMPTY for row in rows for name in names)


def laid_out(
    query: StoredQuery,
    given: Mapping[str, str],
    rows: Sequence[Row],
    names: Mapping[str, str],
    known: Mapping[str, Piece],
) -> dict[str, object]:
    """How the rows are laid out: what tells of one claim in three columns, and each other column by itself.

    Columns in which no row has anything are left out; so are those that repeat what was asked, or the name under
    which the thing of another column is shown.

    :param given: the parameters that were given
    :param names: under which name each node is shown, by its prefixed name
    :param known: what the pieces of evidence among them are
    """
    columns = [column for column in query.columns if not _asked(query, column, given, rows)]
    everything = [column.name for column in columns]
    told = {"claim", "label"} <= set(everything)
    own = [column for column in columns if not told or column.name not in _TOLD]
    own = [c for c in own if not rows or _filled(rows, [c.name])]
    own = [c for c in own if not any(_repeats(c, other, rows, names) for other in own)]
    first = 0 if query.group == "tensions" else everything.index("claim") if told else len(everything)
    twice = all(_spoken(own, row, known) for row in rows)
    before = [column for column in own if everything.index(column.name) < first]
    return {
        "told": told,
        "before": before,
        "after": [column for column in own if column not in before],
        "spans": _spans(before, rows) if told else [1] * len(rows),
        "worded": _filled(rows, _WORDS) and not twice,
        "placed": _filled(rows, _WHERE) and not twice,
        "heads": {column.name: _head(query, column.name) for column in own},
    }


def _asked(query: StoredQuery, column: Column, given: Mapping[str, str], rows: Sequence[Row]) -> bool:
    """Whether a column only says what was asked for."""
    param = next((param for param in query.params if param.name == column.name and param.name in given), None)
    if param is None:
        return False
    return param.type != "word" or all(row[column.name] == given[param.name] for row in rows)


def _repeats(column: Column, other: Column, rows: Sequence[Row], names: Mapping[str, str]) -> bool:
    """Whether a column of texts has in every row the name under which the node of another column is shown."""
    if column == other or column.type not in ("string", "integer") or other.type != "iri":
        return False
    pairs = [(row[column.name], row[other.name]) for row in rows]
    return bool(pairs) and all(text in _EMPTY if node is None else text == names.get(str(node)) for text, node in pairs)


def _spoken(columns: Sequence[Column], row: Row, known: Mapping[str, Piece]) -> bool:
    """Whether one of these columns has the evidence whose words the row gives, so that it is shown with them there."""
    cells = _nodes([row[column.name] for column in columns])
    words = row.get("quote") or row.get("report")
    return any(known[cell]["words"] == words for cell in cells if cell in known)


def _spans(before: Sequence[Column], rows: Sequence[Row]) -> list[int]:
    """Over how many rows the cells of a claim stand; 0 where they stand already."""
    spans: list[int] = []
    keys = [(*(str(row[c.name]) for c in before), str(row.get("claim"))) for row in rows]
    for number, key in enumerate(keys):
        begins = number == 0 or keys[number - 1] != key
        same = next((n for n, other in enumerate(keys[number:]) if other != key), len(keys) - number)
        spans.append(same if begins else 0)
    return spans


def _head(query: StoredQuery, name: str) -> str:
    """The heading of a column in words; of the sides of a tension, what the header of the query calls them."""
    if query.sides:
        for side, words in zip(("here", "there"), query.sides, strict=True):
            if name in (side, f"{side}_setting"):
                told = f"{words[0].upper()}{words[1:]}"
                return told if name == side else f"Setting: {words}"
    if len(name) == 1:
        return name  # n and p are signs
    return _HEADS.get(query.group, {}).get(name) or name.replace("_", " ").capitalize()


def counted(query: StoredQuery, rows: Sequence[Row], deck: Deck) -> int | None:
    """How many claims the rows tell of, where each is a row of a claim; else None."""
    name = "focus" if query.group == "audit" else "claim"
    if not rows or name not in rows[0]:
        return None
    first = _iri(deck, str(rows[0][name]))  # the nodes of one column are of one kind
    return len({str(row[name]) for row in rows}) if first in deck.records.claims else None


def _nodes(values: Sequence[Cell]) -> Iterator[str]:
    """The names of nodes among the cells of a row: prefixed names and IRIs."""
    for value in values:
        if isinstance(value, list):
            yield from _nodes(list(value))
        elif isinstance(value, str) and ":" in value and " " not in value:
            yield value


def called(deck: Deck, rows: Sequence[Row]) -> dict[str, str]:
    """Under which name each node in the rows is shown."""
    found = {}
    for row in rows:
        for value in _nodes(list(row.values())):
            iri = _iri(deck, value)
            if value not in found and iri is not None:
                found[value] = _name(deck, iri, value)
    return found


def _iri(deck: Deck, value: str) -> Iri | None:
    if value.startswith(deck.corpus.base):
        return Iri(value)
    return deck.corpus.expand(value)


def _name(deck: Deck, iri: Iri, value: str) -> str:
    """A node by its label; an entry as printed, a passage by its place, a unit by its sign, a term by its own name."""
    from ...publish.dossier.voices import unit_symbol

    records = deck.records
    if entry := records.references.get(iri):
        return f"[{entry.label}] {entry.content}"
    if passage := records.passages.get(iri):
        section = f"section “{passage.section}”, " if passage.section else ""
        return f"{section}{human(passage.kind)}, line {passage.line}"
    if value.startswith("unit:"):
        return unit_symbol(value) or "plain number"
    label = records.label(iri)
    if label != value or iri.startswith(deck.corpus.base):
        return label
    local = _PROPERTIES.get(value) or value.partition(":")[2]
    return human(f"{local[:1].lower()}{local[1:]}")


def pieces(deck: Deck, rows: Sequence[Row]) -> dict[str, Piece]:
    """What each piece of evidence in the rows is: who says it, in which words, how it stands to its claim.

    A measurement is shown as the evidence that it stands in.
    """
    found: dict[str, Piece] = {}
    for row in rows:
        for value in _nodes([cell for name, cell in row.items() if name != "evidence"]):
            iri = _iri(deck, value)
            if value not in found and iri is not None and (item := _evidence(deck, iri)):
                found[value] = _piece(deck, item)
    return found


def _evidence(deck: Deck, iri: Iri) -> Evidence | None:
    records = deck.records
    if iri in records.evidence:
        return records.evidence[iri]
    holding = [Iri(node) for node in records.nodes.subjects(iri, OGX.measurement)]
    return next((records.evidence[node] for node in holding if node in records.evidence), None)


def _piece(deck: Deck, item: Evidence) -> Piece:
    passage, curie = item.passage, deck.curie
    by = passage.document if item.quoted and passage else item.origin
    read = item.source if not item.quoted and item.source != by else None
    return {
        "id": curie(item.iri),
        "quoted": item.quoted,
        "words": item.quote if item.quoted else item.report,
        "by": curie(by) if by else None,
        "read_in": curie(read) if read else None,
        "labels": passage.labels if item.quoted and passage else None,
        "stance": item.stance,
        "certainty": item.certainty,
    }
