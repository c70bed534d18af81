"""The chains of a report: what one piece of evidence amounts to, step by step, and a claim in a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...audit import Audit
from ...audit.chains import Chain, Citation, Link
from ...audit.rules import RULES, cites
from ...audit.sides import human
from ...audit.support import SUPPORT, Line
from ...model import Iri
from ...records import Evidence, Records
from .parts import Step

__all__ = ["CARRIED_WORDS", "headline", "lines_named", "own_findings", "own_literature", "steps", "told"]

CARRIED_WORDS = {
    "primary": "can be carried by a source cited",
    "secondary": "cited to a review, not to its report",
    "cannot": "nothing cited can carry it",
    "uncited": "cited to nothing",
    "notQuoted": "no document states it",
}


def told(chain: Chain) -> str:
    """A claim's label with its polarity and strongest certainty, in prose."""
    return f"{chain.claim.label} ({human(chain.claim.polarity)}; {human(chain.claim.certainty)})"


QUOTE_WORDS = {
    "compared": "equals the text",
    "differs": "DIFFERS from the text",
    "not compared": "not compared: recorded text not at hand",
    "reported": "reported, not quoted",
}
CARRIES_WORDS = {"primary": "can carry a result", "secondary": "second hand", "cannot": "cannot carry a result"}


def _citation_steps(item: Citation, records: Records) -> Iterator[Step]:
    curie, entry, work = records.corpus.curie, item.reference, item.work
    yield Step(
        "reference", f"[{item.marker.label}] {entry.content if entry else 'not in the list'}", item.resolution, 1
    )
    maybe = f"; candidates, not facts: {', '.join(map(curie, entry.candidates))}" if entry and entry.candidates else ""
    named = f"{curie(work.iri)} {work.title}" if work else f"none{maybe}"
    yield Step("work", named, item.naming, 2)
    yield Step("source type", human(item.source_type or "not recorded"), CARRIES_WORDS[item.carries], 3)


def _manner(link: Link) -> str:
    item = link.evidence
    hedge = f" (hedge: {'; '.join(item.hedges)})" if item.hedges else ""
    return f"{item.certainty}{hedge}, {item.directness}" + (f", {item.manner}" if item.manner else "")


def _report_steps(item: Evidence, records: Records) -> Iterator[Step]:
    yield Step("report", item.report or "", QUOTE_WORDS["reported"])
    told = (item.read_at, human(item.extent or ""), item.read_on and f"read on {item.read_on}", item.read_by)
    for name, iri, more in (("read in", item.source, told), ("result of", item.primary_source, ())):
        work = records.works.get(iri) if iri else None
        if iri:
            text = ", ".join([f"{records.corpus.curie(iri)} {work.title if work else ''}".strip(), *filter(None, more)])
            standing = f"{human(work.source_type or 'not recorded')}, standing {work.standing}" if work else "absent"
            yield Step(name, text, standing, 1)
            for study in work.studies if work else ():
                yield Step("study", f"{records.corpus.curie(study)} {records.label(study)}", "one line of evidence", 2)


def steps(link: Link, records: Records) -> list[Step]:
    """One piece of evidence as the steps of its chain, from the evidence to the source types."""
    item, curie, passage = link.evidence, records.corpus.curie, link.evidence.passage
    found = [Step("evidence", f"{curie(item.iri)}: {_manner(link)}", item.stance)]
    if item.quoted:
        found.append(Step("quote", f"“{item.quote}”", QUOTE_WORDS[link.quote]))
    else:
        found += _report_steps(item, records)
    if passage is not None:
        row = "" if passage.row is None else f" {passage.row}"
        place = f"{curie(passage.iri)}, {human(passage.kind)}{row}, line {passage.line}, section {passage.section}"
        found.append(Step("passage", f"{place}, characters {item.start} to {item.end}", link.passage))
        found.append(Step("markers", cites(passage.labels) or "none printed", link.citation))
    for citation in link.citations:
        found += _citation_steps(citation, records)
    found += [Step("by way of", f"{curie(c)} {spoken_claim(c, records)}", "given by the text") for c in item.via]
    found += [Step("leans on", curie(p), "its citations are not taken over") for p in item.relies_on]
    if item.measurement:
        given = ", ".join(f"{k} {curie(v) if k == 'unit' else v}" for k, v in item.measurement.fields.items())
        found.append(Step("measured", f"{item.measurement.measure}: {given}", "as worded"))
    if item.not_stated:
        found.append(Step("not stated", ", ".join(item.not_stated), "not in these words"))
    return found


def spoken_claim(iri: str, records: Records) -> str:
    """A claim's label with its polarity and strongest certainty, by IRI."""
    claim = records.claims.get(Iri(iri))
    return f"{claim.label} ({human(claim.polarity)}; {claim.certainty})" if claim else "not in this corpus"


def headline(chain: Chain) -> str:
    """What a chain amounts to, in a line."""
    if not chain.stated:
        reports = len(chain.links)
        return f"{human(chain.claim.kind)}; no document states it; {reports} report{'s' if reports != 1 else ''} read"
    places, count = len(chain.places), len(chain.sources)
    result = f"; {CARRIED_WORDS[chain.carried]}" if chain.is_result else ""
    return (
        f"{human(chain.claim.kind)}; {human(chain.state)}{result}; {places} place{'s' if places != 1 else ''}, "
        f"{count} source{'s' if count != 1 else ''} cited"
    )


def lines_named(lines: Sequence[Line], records: Records) -> str:
    """Lines of evidence by name, with the works that tell of each and how closely they speak to the claim."""
    curie, found = records.corpus.curie, []
    for line in lines:
        works = dict.fromkeys([*line.works, *(item.source for item in line.reports if item.source)])
        far = ["told by others only"] if line.primary and line.reports and not line.first_hand else []
        told = ", ".join([*(curie(iri) for iri in works if iri != line.name), *line.directness, *far])
        found.append(f"{records.label(line.name)} ({told})" if told else records.label(line.name))
    return "; ".join(found)


def own_literature(chain: Chain, records: Records) -> list[tuple[str, str]]:
    """What was read for a claim: what it amounts to, and the studies on each side, as (name, text)."""
    support, curie = chain.support, records.corpus.curie
    second = [line for line in (*support.supporting, *support.disputing) if not line.primary]
    told = [
        ("supported by", lines_named(support.supporting_studies, records)),
        ("disputed by", lines_named(support.disputing_studies, records)),
        ("second hand", lines_named(second, records)),
        ("silent", lines_named(support.silent, records)),
        ("retracted, not counted", ", ".join(curie(item.iri) for item in support.discounted)),
        ("of another study, not counted", ", ".join(curie(item.iri) for item in support.elsewhere)),
        ("in tension", "; ".join(f"{curie(tension.iri)} {tension.label}" for tension in chain.tensions)),
    ]
    return [("literature", SUPPORT[support.word]), *((name, text) for name, text in told if text)]


def own_findings(audit: Audit, chain: Chain) -> Sequence[str]:
    """The findings on a claim and its evidence, in a line each."""
    names = {chain.claim.iri, *(link.evidence.iri for link in chain.links)}
    return [f"{f.rule} {f.severity}: {RULES[f.rule].title}" for f in audit.findings_on(chain) if f.focus in names]
