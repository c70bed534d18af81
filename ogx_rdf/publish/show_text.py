"""Cards as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..audit.sides import human
from ..audit.support import SUPPORT

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


_STANCES = {"silent": "is silent on", "": "speaks to"}
"""How a piece of evidence stands to its claim, as a verb, where the word itself is none."""

_READ = (
    ("supporting_studies", "supported by"),
    ("disputing_studies", "disputed by"),
    ("second_hand", "at second hand, "),
    ("silent", "silent"),
)
"""The parts of a claim's support that are lines of evidence, and how each is said."""


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


def _standing(work: Card) -> str:
    """What became of a work, and when that was looked up."""
    said = [f"standing {work['standing']}"]
    if work.get("standing_checked"):
        said.append(f"looked up {work['standing_checked']} ({work['standing_source'] or 'it is not said where'})")
    said += [f"notice {notice}" for notice in work.get("notices", ())]
    if work.get("replaced_by"):
        said.append(f"replaced by {work['replaced_by']['id']}")
    return ", ".join(said)


def _source(work: Card) -> str:
    if "standing" not in work:
        return f"{work['id']} {work['label']}, which is described nowhere"
    studies = [f"reports {study['label']} ({study['id']})" for study in work.get("studies", ())]
    facts = [work["source_type"] or "source type not recorded", work["date"], *studies, _standing(work)]
    return f"{work['id']} {work['label']}: {'; '.join(filter(None, facts))}"


def _report(report: Card) -> Iterator[str]:
    yield f"reported: {report['words']}"
    by = f"; read by {report['read_by']}" if report["read_by"] else ""
    yield f"read: {human(report['extent'] or '')}; {report['read_at']}; {report['read_on']}{by}"
    if report["source"]:
        yield f"read in {_source(report['source'])}"
    if report["primary_source"]:
        yield f"whose own source is {_source(report['primary_source'])}"


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
    if item["comment"]:
        yield f"curator's note: {item['comment']}"


def _side(word: str, side: Card) -> Iterator[str]:
    """One side of a tension: its words, where they stand, what is behind them."""
    words = "; ".join(f"“{text}”" if side["quoted"] else text for text in side["words"])
    about = f" that {_STANCES.get(side['stance'], side['stance'])} {side['claim']}" if side["stance"] else ""
    yield f"{word}: {side['id']}, {side['what']}{about}: {words}"
    yield f"  {'; '.join([side['place'], *side['sources']])}"


def _tension(card: Card) -> Iterator[str]:
    """A tension: both sides, what was read to differ, and what the curator concludes, marked as such."""
    kinds = "; ".join(human(kind) for kind in card["kinds"])
    yield f"{kinds}; the curator is {human(card['sureness'])}; {card['curator']}, {card['date']}"
    for side in card["said"]:
        yield from _side("said", side)
    for side in card["set_against"]:
        yield from _side("set against", side)
    yield f"differs: {card['difference']}"
    yield from (f"inferred by the curator, said by no source: {text}" for text in card["inferences"])
    if card["comment"]:
        yield f"curator's note: {card['comment']}"


def _tensions(cards: Sequence[Card]) -> Iterator[str]:
    for card in cards:
        through = ", ".join(f"{shared['label']} ({shared['id']})" for shared in card.get("through", ()))
        yield f"{card['tension']} {card['label']}{f', through {through}' if through else ''}"
        yield from (f"  {line}" for line in _tension(card))


def _support(support: Card) -> Iterator[str]:
    """Which studies were read for a claim, each once, whatever number of works reports it; and what does not count."""
    yield f"studies read: {SUPPORT[support['verdict']]}"
    for key, words in _READ:
        for line in support[key]:
            stance = line.get("stance", "")
            yield f"  {words}{stance}: {line['label']} ({line['line']}); {', '.join(line['reports'])}"
    for key, words in (("discounted", "a retracted work"), ("on_another_study", "another study")):
        if support[key]:
            yield f"  not counted, since of {words}: {', '.join(support[key])}"


def _claim(card: Card) -> Iterator[str]:
    yield f"{card['polarity']}; strongest certainty {card['certainty']}; {card['kind']}; sign {card['sign']}"
    yield f"{card['subject']['label']} | {card['relation']['label']} | {card['object']['label']}"
    yield f"{card['subject']['id']} {card['relation']['id']} {card['object']['id']}"
    for name, node in card["context"].items():
        yield f"{name}: {node['label']} ({node['id']})"
    if card["comment"]:
        yield f"curator's note: {card['comment']}"
    yield f"citation state {card['citation_state']}; distinct sources cited {card['sources']}"
    yield from _support(card["support"])
    for item in card["evidence"]:
        yield ""
        yield f"{item['evidence']}"
        yield from (f"  {line}" for line in evidence_lines(item))
    for name, words in (("way_of", "given as the way of"), ("twins", "the same with another polarity")):
        if card[name]:
            yield ""
            yield f"{words}:"
            yield from (f"  {speak(claim)}" for claim in card[name])
    yield from _in_tension(card)


def _in_tension(card: Card) -> Iterator[str]:
    """The tensions that name a claim; then those that only share with it what it cites, or where it is quoted."""
    named = [tension for tension in card["tensions"] if not tension["through"]]
    shared = [tension for tension in card["tensions"] if tension["through"]]
    for words, found in (("in tension", named), ("in tension is what it cites or is quoted from", shared)):
        if found:
            yield ""
            yield f"{words}:"
            yield from (f"  {line}" for line in _tensions(found))


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
    if "standing" in value:
        return _source(value)
    if "receives" in value:
        return f"{value['label']} ({value['id']}) receives {_inline(value['receives'])}"
    if "stance" in value:
        claim = speak(value["speaks_to"]) if value["speaks_to"] else "no claim of this corpus"
        stance = _STANCES.get(value["stance"], value["stance"])
        return f"{value['evidence']} {stance} {claim}, read in {value['read_in']}: {value['report']}"
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
        if value is None or value == [] or value == {} or value in known or name == "reported_in":
            continue  # the reports of a work are told in full under what it speaks to
        if name == "tensions":
            yield "in tension:"
            yield from (f"  {line}" for line in _tensions(value))
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
        yield from _in_tension(card)


def show_text(answer: Card) -> str:
    """The card of :func:`ogx_rdf.publish.show.show` as text."""
    card, kind = answer["rows"][0], answer["kind_of"]
    special = {"claim": _claim, "evidence": _evidence, "tension": _tension}.get(kind)
    lines = special(card) if special else _other(card, (answer["id"], answer["label"]))
    place = f"{answer['file']}:{answer['line']}" if answer["file"] else answer["iri"]
    name = answer["id"] if answer["label"] == answer["id"] else f"{answer['id']} {answer['label']}"
    if kind == "claim":
        name += f" ({card['polarity']}; {card['certainty']})"
    body = "\n".join(f"  {line}".rstrip() for line in lines)
    return f"{kind} {name}\n{body}\n  {place}\n"
