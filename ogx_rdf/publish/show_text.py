"""Cards as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["evidence_lines", "show_text", "speak"]

Card = Mapping[str, Any]


_VERDICTS = {
    "compared": "quote equals the text",
    "differs": "quote DIFFERS from the text",
    "not compared": "quote not compared, the recorded text is not at hand",
}


def speak(claim: Card) -> str:
    """A claim in one line, never without polarity and strongest certainty."""
    role = f" [as {claim['as']}]" if claim.get("as") else ""
    through = f" [through {claim['through']}]" if claim.get("through") else ""
    return f"{claim['claim']} {claim['label']} ({claim['polarity']}; {claim['certainty']}){role}{through}"


def _citation(item: Card) -> str:
    if item["resolution"] == "missing":
        return f"[{item['label']}] is not in the reference list"
    kind = item["source_type"] or "source type not recorded"
    candidates = f"; candidates, not facts: {', '.join(item['candidates'])}" if item["candidates"] else ""
    work = f" -> {item['work']}" if item["work"] else f" -> no work ({item['resolution']}){candidates}"
    return f"[{item['label']}] {item['content']} ({kind}){work}"


def _where(item: Card) -> str:
    document, passage = item["document"], item["passage"]
    if passage is None:
        return "in no passage of the corpus"
    file = (document or {}).get("file_name") or "the source"
    row = f", row {passage['row']}" if passage["row"] is not None else ""
    line = f" line {passage['line']}" if passage["line"] else ""
    section = f", section {passage['section']}" if passage["section"] else ""
    name = f"{passage['passage']}, {passage['kind']}{row}"
    return f"{file}{line}, characters {item['start']} to {item['end']}{section} ({name})"


def _report(report: Card) -> Iterator[str]:
    yield f"reported: {report['words']}"
    source = report["source"]
    if source:
        yield f"read in {source['id']} {source['label']} ({report['extent']}; {report['read_at']}; {report['read_on']})"
    if report["primary_source"]:
        yield f"whose own source is {report['primary_source']['id']} {report['primary_source']['label']}"


def _measurement(item: Card) -> str:
    given = [f"{name} {value}" for name, value in item.items() if name not in ("measure", "not_stated")]
    missing = f"; not stated: {', '.join(item['not_stated'])}" if item["not_stated"] else ""
    return f"measured: {item['measure']}: {', '.join(given)}{missing}"


def evidence_lines(item: Card) -> Iterator[str]:
    """One piece of evidence: words, place, citations, certainty, and what hangs on it."""
    if item["report"]:
        yield from _report(item["report"])
    else:
        yield f"“{item['quote']}”"
        yield f"{_where(item)}; {_VERDICTS[item['quote_verdict']]}"
        if not item["citations"]:
            yield "cites nothing"
        yield from (f"cites {_citation(citation)}" for citation in item["citations"])
    hedge = f" ({'; '.join(item['hedge'])})" if item["hedge"] else ""
    manner = f"; {item['manner']}" if item["manner"] else ""
    yield f"{item['certainty']}{hedge}; {item['stance']}; {item['directness']}{manner}"
    if item["hedge_override"]:
        yield f"asserted all the same: {item['hedge_override']}"
    yield from (f"by way of {speak(claim)}" for claim in item["via"])
    for place in item["relies_on"]:
        yield f"leans on {place['passage']} (its citations are not taken over)"
    if item["measurement"]:
        yield _measurement(item["measurement"])
    elif item["not_stated"]:
        yield f"not stated: {', '.join(item['not_stated'])}"


def _claim(card: Card) -> Iterator[str]:
    yield f"{card['polarity']}; strongest certainty {card['certainty']}; {card['kind']}; sign {card['sign']}"
    yield f"{card['subject']['label']} | {card['relation']['label']} | {card['object']['label']}"
    yield f"{card['subject']['id']} {card['relation']['id']} {card['object']['id']}"
    for name, node in card["context"].items():
        yield f"{name}: {node['label']} ({node['id']})"
    if card["comment"]:
        yield f"curator's note: {card['comment']}"
    yield f"citation state {card['citation_state']}; distinct sources cited {card['sources']}"
    for item in card["evidence"]:
        yield ""
        yield f"{item['evidence']}"
        yield from (f"  {line}" for line in evidence_lines(item))
    for name, words in (("way_of", "given as the way of"), ("twins", "the same with another polarity")):
        if card[name]:
            yield ""
            yield f"{words}:"
            yield from (f"  {speak(claim)}" for claim in card[name])


MOST = 25
"""No more lines of one list than this are printed; JSON gives all."""

_SPOKEN: tuple[tuple[str, str], ...] = (
    ("evidence quote", "“{quote}” ({evidence}, characters {start} to {end}; {certainty})"),
    ("passage section", "{passage} in {section}, line {line}"),
    ("reference printed_label content", "[{printed_label}] {content} ({reference})"),
    ("predicate value", "{predicate} {value}"),
    ("subject predicate", "{subject} {predicate}"),
    ("match id", "{match} {id}"),
)
"""How small objects are printed, by the keys that they hold; the first that fits."""


def _object(value: Card) -> str:
    if "claim" in value and "polarity" in value:
        return speak(value)
    if "resolution" in value and "printed" in value:
        return _citation(value)
    if set(value) == {"id", "label"}:
        return f"{value['label']} ({value['id']})"
    spoken = next((form for keys, form in _SPOKEN if set(keys.split()) <= set(value)), None)
    if spoken is not None and "work" not in value:
        return spoken.format(**value)
    return "; ".join(f"{name.replace('_', ' ')}: {_inline(v)}" for name, v in value.items() if v not in (None, [], {}))


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return _object(value)
    return ", ".join(_inline(item) for item in value) if isinstance(value, list) else str(value)


def _lines(value: Mapping[str, Any] | Sequence[Any]) -> Iterator[str]:
    """The items of a list, or the entries of an object, each on a line."""
    if isinstance(value, Mapping):
        yield from (
            [_object(value)]
            if set(value) == {"id", "label"}
            else [f"{name.replace('_', ' ')}: {_inline(v)}" for name, v in value.items() if v not in (None, [], {})]
        )
        return
    yield from (_inline(item) for item in value[:MOST])
    if len(value) > MOST:
        yield f"… and {len(value) - MOST} more; --format json lists all"


def _other(card: Card, known: Sequence[str] = ()) -> Iterator[str]:
    """Every field of a card that is not empty and not in the headline already."""
    for name, value in card.items():
        if value is None or value == [] or value == {} or value in known:
            continue
        title = name.replace("_", " ")
        if isinstance(value, str | int):
            yield f"{title}: {('yes' if value else 'no') if isinstance(value, bool) else value}"
        else:
            yield f"{title}:"
            yield from (f"  {line}" for line in _lines(value))


def _evidence(card: Card) -> Iterator[str]:
    claim = card["claim"]
    yield f"speaks to {speak(claim) if 'polarity' in claim else claim['claim']}"
    if "certainty" in card:
        yield from evidence_lines(card)


def show_text(answer: Card) -> str:
    """The card of :func:`ogx_rdf.publish.show.show` as text."""
    card, kind = answer["rows"][0], answer["kind_of"]
    special = {"claim": _claim, "evidence": _evidence}.get(kind)
    lines = special(card) if special else _other(card, (answer["id"], answer["label"]))
    place = f"{answer['file']}:{answer['line']}" if answer["file"] else answer["iri"]
    name = answer["id"] if answer["label"] == answer["id"] else f"{answer['id']} {answer['label']}"
    if kind == "claim":
        name += f" ({card['polarity']}; {card['certainty']})"
    body = "\n".join(f"  {line}".rstrip() for line in lines)
    return f"{kind} {name}\n{body}\n  {place}\n"
