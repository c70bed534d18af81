"""Chains, claim cards and inferences for a terminal and as Markdown, made from the JSON objects of the answers.

One list of lines, each with its depth, serves both, so that neither says less than the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["FORMATS", "Line", "brief", "evidence_lines", "explain_lines", "in_format", "infer_lines", "path_lines"]

Line = tuple[int, str]
FORMATS = ("text", "json", "md")
_MOST = 12

Card = Mapping[str, Any]


def in_format(lines: Iterable[Line], format: str) -> str:
    """The lines as text or Markdown (``md``); depth 0 is a heading, what is deeper a list under it."""
    found: list[str] = []
    before = 1
    for depth, text in lines:
        if format == "md":
            mark = "## " if depth == 0 else "  " * (depth - 1) + "- "
            found += [""] if 0 in (depth, before) else []
            found.append(mark + _escaped(text))
        else:
            found += [""] if depth == 0 else []
            found.append("  " * depth + text)
        before = depth
    return "\n".join(found).lstrip("\n") + "\n"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]|#~])", r"\\\1", " ".join(text.split()))


def brief(claim: Card) -> str:
    """A claim in one line, never without polarity and certainty."""
    return f"{claim['claim']} {claim['label']} ({claim['polarity']}; {claim['certainty'] or 'inferred'})"


def _listed(parts: Iterable[str], most: int = _MOST) -> str:
    found = list(parts)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def _read(coverage: Card) -> str:
    return f"{coverage['passages'] - coverage['open']} of {coverage['passages']} passages read"


def _citation(item: Card) -> str:
    kind = item["source_type"] or "source type not recorded"
    return f"[{item['label']}] {item['content'] or 'not in the reference list'} ({kind}; {item['resolution']})"


def evidence_lines(card: Card, depth: int) -> Iterator[Line]:
    """Each piece of evidence of a step or claim: its words, where they stand, what they cite and what that is."""
    speakers = {s["evidence"]: s for side in ("supports", "disputes", "silent") for s in card.get(side, ())}
    for item in card["evidence"]:
        speaker = speakers.get(item["evidence"], {})
        hedge = f" ({'; '.join(item['hedge'])})" if item["hedge"] else ""
        said = f"{item['stance']}, {item['certainty']}{hedge}, {item['directness']}"
        source = speaker.get("source") or {"id": "no source"}
        kind = speaker.get("source_type") or "source type not recorded"
        if item["report"]:
            own = f", as the result of {speaker['result_of']['id']}" if speaker.get("result_of") else ""
            yield depth, f"reported: {item['report']['words']}"
            yield depth + 1, f"{said}; {source['id']} ({kind}; {item['report']['extent']} read){own}"
        else:
            yield depth, f"“{item['quote']['words']}”"
            cited = "; ".join(_citation(c) for c in item["references"]) or "nothing"
            yield depth + 1, f"{said}; {item['passage']['passage']} ({kind}), cites {cited}"
        if item["not_stated"]:
            yield depth + 1, f"does not state: {', '.join(item['not_stated'])}"


def _setting(context: Card) -> str:
    return "; ".join(f"{name}: {node['label']}" for name, node in context.items())


def _against(card: Card, depth: int) -> Iterator[Line]:
    """What disputes a step or claim, and what else is contrary to it."""
    for dispute in card["disputed_because"]:
        yield depth, f"DISPUTED: {dispute['why']} ({dispute['by']})"
    for claim in card["contrary"]:
        setting = f" [{_setting(claim['context'])}]" if claim["context"] else ""
        yield depth, f"contrary: {brief(claim)}{setting}"


def _step_line(step: Card, again: str = "") -> str:
    """A step or a crossing in one line."""
    if step["crossing"]:
        way = {"+1": "same direction", "-1": "reversed", "unsigned": "no direction"}[step["sign"]]
        return f"~ crossing, {step['kind']}: {step['from']['label']} ~ {step['to']['label']} [{step['sign']}; {way}]"
    state = [] if step["state"] in (None, *step["weaknesses"]) else [step["state"]]
    primary = ["primary report read"] if step["reported_by_primary"] else []
    sure = step["certainty"] or f"weakest premise {step['weakest_premise']}"
    marks = "; ".join([step["sign"], step["polarity"], sure, *step["weaknesses"], *state, *primary])
    return f"{'≈' if step['inferred'] else '→'} {step['claim']} {step['label']} [{marks}{again}]"


def _step_lines(step: Card, seen: dict[str, int], number: int) -> Iterator[Line]:
    """A step with its words, the first time that it is met."""
    known = seen.get(step.get("claim", ""))
    yield 1, _step_line(step, f"; words: chain {known}" if known else "")
    if step["crossing"] or known:
        return
    seen[step["claim"]] = number
    if step["context"]:
        yield 2, f"setting: {_setting(step['context'])}"
    yield from ((2, f"because {brief(claim)}") for claim in step["because"])
    yield from ((2, f"crossed: {node['label']}") for node in step["crossed"])
    yield from evidence_lines(step, 2)
    yield from _against(step, 2)
    yield from ((2, f"tension: {tension['id']} {tension['label']}") for tension in step["tensions"])


_WEAK = {
    "unresolvableOnly": "cited to no work",
    "encyclopediaAndUnresolvableOnly": "cited to encyclopedias and no work",
    "encyclopediaOnly": "encyclopedia only",
    "reportedByPrimary": "reported by a primary work",
}
"""Counts in words, where the key of the answer is none."""


def _counted(counts: Card) -> str:
    named = {"steps": "step", "crossings": "crossing"}
    plain = [f"{counts[key]} {word}{'' if counts[key] == 1 else 's'}" for key, word in named.items() if counts[key]]
    rest = [f"{number} {_WEAK.get(word, word)}" for word, number in counts.items() if word not in named and number]
    return ", ".join(plain) + (f"; {', '.join(rest)}" if rest else "")


def chain_heading(chain: Card) -> str:
    """The net sign (or why there is none), the counts and the weakest link of a chain."""
    because = _listed(f"{reason['link']} {reason['why']}" for reason in chain["unsigned_because"])
    sign = f"net sign {chain['sign']}" + (f" ({because})" if because else "")
    weakest = chain["weakest"]
    worst = f"weakest link {weakest['claim']} ({weakest['weakness']})" if weakest else "no weak link"
    return f"{sign}; {_counted(chain['counts'])}; {worst}"


def _chain_lines(chain: Card, number: int, seen: dict[str, int]) -> Iterator[Line]:
    yield 0, f"Chain {number}: {chain_heading(chain)}"
    for name, values in chain["settings_differ"].items():
        yield 1, f"steps of different settings, {name}: {' / '.join(value['label'] for value in values)}"
    for step in chain["links"]:
        yield from _step_lines(step, seen, number)


def path_lines(answer: Card) -> Iterator[Line]:
    """The answer to ``path``: chains with their words, then what no chain crosses."""
    ends = f"{answer['from']['label']} → {answer['to']['label']}"
    claims = f"{answer['max_length']} claim{'' if answer['max_length'] == 1 else 's'}"
    if answer["answer"] == "none":
        yield 0, f"{ends}: none: no chain of up to {claims} ({_read(answer['coverage'])})"
    else:
        chains = f"{answer['found']} chain{'' if answer['found'] == 1 else 's'}"
        more = f"; {answer['more']} more (--limit 0 shows all)" if answer["more"] else ""
        yield 0, f"{ends}: {chains} of up to {claims}, {answer['order']} link first{more}"
    if not answer["complete"]:
        yield 1, f"Not all: there are too many to look at; up to {answer['searched']} claims all are found."
    if answer["inferred"]:
        yield 1, "≈ marks what no source states: it is inferred from the claims named."
    seen: dict[str, int] = {}
    for number, chain in enumerate(answer["rows"], 1):
        yield from _chain_lines(chain, number, seen)
    yield from _gap_lines(answer)


def _gap_lines(answer: Card) -> Iterator[Line]:
    gaps, start, end = answer["gaps"], answer["from"]["label"], answer["to"]["label"]
    if gaps["not_crossed"]:
        yield 0, "Not crossed: chains would go on if these were taken for one another"
    for gap in gaps["not_crossed"]:
        yield 1, gap["bond"]
        before, after = gap["before"]["label"], gap["after"]["label"]
        yield 2, f"reached: {before}" + _by(gap["arriving"], " by ")
        yield 2, f"goes on: {after}" + _by(gap["leaving"], " by ")
    if gaps["carry_no_chain"]:
        yield 0, f"Said of {start} and {end}, carrying no chain"
    for claim in gaps["carry_no_chain"]:
        yield 1, f"{brief(claim)}: {claim['why']}"
    if answer["answer"] == "none":
        yield 0, "Nearest"
        reached, leading = ([f"{n['label']} ({n['steps']})" for n in gaps[key]] for key in ("reached", "leading"))
        yield 1, f"chains from {start} reach (claims): {_listed(reached) or 'nothing'}"
        yield 1, f"chains into {end} begin at (claims): {_listed(leading) or 'nothing'}"


def _by(claims: Iterable[Card], word: str) -> str:
    found = _listed((brief(claim) for claim in claims), 3)
    return word + found if found else ""


def explain_lines(answer: Card) -> Iterator[Line]:
    """The answer to ``explain``: the claim, its ways, other chains to it, and what speaks against it."""
    [card] = answer["rows"]
    yield 0, brief(card)
    setting = f"; {_setting(card['context'])}" if card["context"] else ""
    yield 1, f"{card['kind']}; {card['relation']['label']}: sign {card['sign']}; citations: {card['state']}{setting}"
    if not card["carries_chain"]:
        yield 1, "carries no chain: it is negative, or its relation is no influence"
    yield from evidence_lines(card, 1)
    yield from _against(card, 1)
    for tension in card["tensions"]:
        yield 1, f"tension: {tension['id']} {tension['label']} ({', '.join(tension['kinds'])}): {tension['difference']}"
        yield from ((2, f"inferred by the curator: {text} ({tension['sureness']})") for text in tension["inferences"])
    for item in card["forms_not_stated"]:
        forms = _listed(form["label"] for form in item["forms"])
        yield 1, f"form not stated: {item['entity']['label']} (forms here: {forms}) in {_listed(item['not_stated_by'])}"
    if card["via"]:
        yield 0, "Said to come about by"
    for way in card["via"]:
        if way.get("missing"):
            yield 1, f"{way['claim']} (no such claim)"
            continue
        returns = "; which is said to come about by this claim in turn" if way["returns"] else ""
        yield 1, f"{brief(way)}: sign {way['sign']}; citations: {way['state']}{returns}"
        yield from evidence_lines(way, 2)
        if way["via"]:
            yield 2, f"in its turn by {', '.join(way['via'])}"
    if card["way_of"]:
        yield 0, "Given as the way of"
        yield from ((1, brief(claim)) for claim in card["way_of"])
    yield 0, _ways_heading(card)
    yield from (line for number, way in enumerate(card["ways"], 1) for line in _way_lines(way, number))


def _ways_heading(card: Card) -> str:
    many = "" if card["ways_complete"] else " (not all were looked at)"
    ends = f"{card['subject']['label']} → {card['object']['label']}"
    return f"Other chains {ends}: {len(card['ways']) or 'none'}{many}"


def _way_lines(way: Card, number: int) -> Iterator[Line]:
    yield 1, f"{number}: {way['compared']}; {chain_heading(way)}"
    if way["shares_passages"]:
        yield 2, f"not independent of it, quoted from the same passage: {', '.join(way['shares_passages'])}"
    yield from ((2, _step_line(step)) for step in way["links"])


def infer_lines(answer: Card) -> Iterator[Line]:
    """The answer to ``infer``: each conclusion once, with all pairs of claims that it was drawn from."""
    rows = answer["rows"]
    of = f" of {answer['entity']['label']}" if answer["entity"] else ""
    yield 0, f"{len(rows) or 'none'}: inferred{of}; no source states these; written to {answer['out']}"
    conclusions: dict[tuple[str, str, str], list[Card]] = {}
    for row in rows:
        key = (row["subject"]["label"], row["relation"]["label"], row["object"]["label"])
        conclusions.setdefault(key, []).append(row)
    for key, found in conclusions.items():
        yield 1, f"inferred: {' '.join(key)} [{found[0]['sign']}]"
        for row in found:
            premises = " + ".join(brief(claim) for claim in row["premises"])
            crossed = f"; crossed: {_listed(node['label'] for node in row['crossed'])}" if row["crossed"] else ""
            setting = f"; {_setting(row['context'])}" if row["context"] else ""
            yield 2, f"because {premises}; weakest premise {row['weakest_premise']}{crossed}{setting}"
    if answer["not_drawn"]:
        yield 0, f"Not drawn: {len(answer['not_drawn'])}"
    for item in answer["not_drawn"]:
        premises = " + ".join(claim["claim"] for claim in item["premises"])
        known = f" as {'; '.join(brief(claim) for claim in item['stated'])}" if item["stated"] else ""
        yield 1, f"{premises}: {item['why']}{known}"
