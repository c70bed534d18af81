"""Propose a claim for a passage: the next free id, the key, and a skeleton to fill in; or the claim that is there.

A proposal is printed, never written: minting a claim is a curator's decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..corpus import Corpus
from ..documents.places import locate
from ..errors import RefusedError
from ..lookup import entity, find, unknown
from ..model import Iri, Literal, Triple
from ..namespaces import ECO, OGX, PROV, RDF, RDFS, SEPIO, XSD
from ..records import CONTEXT, Claim, Records, StoredPassage
from ..turtle import write

__all__ = ["Proposal", "propose"]

BLANKS = {"subject": "entity:SUBJECT", "relation": "ogx:RELATION", "object": "entity:OBJECT", "kind": "ogx:KIND"}
"""What stands in a skeleton for what was not given; ``validate`` refuses each of them."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to write for a passage.

    :param claim: the claim with this key that is there already, else the next free id
    :param exists: whether it is there already; ``turtle`` then holds the evidence alone
    :param key: subject, relation, object, polarity and context as prefixed names; None while a part is missing
    :param notes: what is still to be filled in or decided, in sentences
    """

    claim: Iri
    evidence: Iri
    exists: bool
    key: str | None
    turtle: str
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The proposal as a JSON object."""
        return {
            "claim": str(self.claim),
            "evidence": str(self.evidence),
            "exists": self.exists,
            "key": self.key,
            "turtle": self.turtle,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class _Quote:
    text: str
    start: int
    end: int
    note: str | None


def _next_claim(records: Records) -> Iri:
    base = f"{records.corpus.base}c/"
    used = [int(found[1]) for iri in records.nodes.members(OGX.Claim) if (found := re.search(r"/c/(\d+)$", iri))]
    return Iri(f"{base}{max(used, default=0) + 1:04d}")


def _next_evidence(records: Records, claim: Iri, passage: Iri) -> Iri:
    local = passage.rpartition("/")[2].replace(".p", "-p")
    letters = ["", *"bcdefghijklmnopqrstuvwxyz"]
    free = next((n for letter in letters if (n := Iri(f"{claim}.{local}{letter}")) not in records.nodes), None)
    if free is None:
        name = f"{records.corpus.curie(claim)} has {len(letters)} quotes of {records.corpus.curie(passage)} already"
        raise RefusedError("E107", name, hint="Quote a longer span, or make claims of their own.")
    return free


def _quote(records: Records, passage: StoredPassage, given: str | None, sources: Sequence[str]) -> _Quote:
    """The quote with its offsets; where the text is at hand the quote must stand in the passage, once."""
    found = locate(records.corpus, sources).get(passage.document or Iri(""))
    if found is None or not found.matches:
        words = given or "QUOTE"
        note = "The recorded text is not at hand: the offsets are guesses; ogx-rdf verify will tell."
        return _Quote(words, passage.start, passage.start + len(words), note)
    whole = found.text[passage.start : passage.end]
    if given is None:
        return _Quote(whole, passage.start, passage.end, "The quote is the whole passage: cut it to the shortest span.")
    count = whole.count(given) if given else 0
    if count != 1:
        raise RefusedError(
            "E101",
            f"the quote stands in {records.corpus.curie(passage.iri)} {count} times",
            why=f"The passage reads: {whole}",
            hint="Quote it character by character, with enough words to stand there once.",
        )
    start = passage.start + whole.index(given)
    return _Quote(given, start, start + len(given), None)


def hedges_in(quote: str, hedges: Sequence[str]) -> list[str]:
    """The hedge words of a corpus that stand in a quote as whole words, as printed there, longest first."""
    pattern = "|".join(re.escape(word) for word in sorted(hedges, key=len, reverse=True))
    return list(dict.fromkeys(re.findall(rf"\b(?:{pattern})\b", quote, re.IGNORECASE))) if pattern else []


def _same(claim: Claim, parts: Mapping[str, Iri], polarity: str, context: Mapping[str, Iri]) -> bool:
    mine = (parts["subject"], parts["relation"], parts["object"], polarity, dict(context))
    return (claim.subject, claim.predicate, claim.object, claim.polarity, dict(claim.context)) == mine


def _evidence_triples(node: Iri, claim: Iri, passage: StoredPassage, quote: _Quote, hedges: list[str]) -> list[Triple]:
    return [
        (node, RDF.type, OGX.Evidence),
        (node, OGX.evidenceFor, claim),
        (node, OGX.stance, OGX.supports),
        (node, OGX.directness, OGX.exact),
        (node, OGX.certainty, OGX.hedged if hedges else OGX.asserted),
        *((node, OGX.hedge, Literal(word)) for word in hedges),
        (node, OGX.quote, Literal(quote.text)),
        (node, PROV.wasQuotedFrom, passage.iri),
        (node, OGX.start, Literal(str(quote.start), XSD.integer)),
        (node, OGX["end"], Literal(str(quote.end), XSD.integer)),
        # An author's statement with, or without, traceable support.
        (node, SEPIO["0000398"], ECO["0000033" if passage.markers else "0000034"]),
    ]


def _claim_triples(records: Records, claim: Iri, parts: Mapping[str, Iri], polarity: str) -> list[Triple]:
    words = [records.label(parts[name]) for name in ("subject", "relation", "object")]
    label = " ".join(words) + ("" if polarity == "positive" else f" ({polarity})")
    return [
        (claim, RDF.type, OGX.Claim),
        (claim, RDFS.label, Literal(label)),
        (claim, RDF.subject, parts["subject"]),
        (claim, RDF.predicate, parts["relation"]),
        (claim, RDF.object, parts["object"]),
        (claim, OGX.polarity, OGX[polarity]),
        (claim, OGX.kind, parts["kind"]),
    ]


def _used(text: str, prefixes: Mapping[str, str]) -> str:
    """Drop the prefixes that a skeleton does not use."""
    head, _, body = text.partition("\n\n")
    lines = [line for line in head.split("\n") if re.search(rf"(?m)(?:^|\s|\^){re.escape(line.split()[1])}", body)]
    return "\n".join(lines) + "\n\n" + body


def _known(what: str, text: str, names: Iterable[str]) -> str:
    known = list(names)
    if text not in known:
        raise unknown(what, text, known, hint=f"Known: {', '.join(known)}.")
    return text


def _relation(records: Records, text: str) -> Iri:
    relations = records.nodes.members(OGX.Relation)
    names = {name: iri for iri in relations for name in (iri, records.corpus.curie(iri), records.corpus.word(iri))}
    names |= {label: iri for iri in relations for label in records.nodes.texts(iri, RDFS.label)}
    if text not in names:
        raise unknown("relation", text, names)
    return names[text]


def _parts(records: Records, given: Mapping[str, str | None]) -> dict[str, Iri]:
    """The parts of a claim as IRIs, with a blank for each that was not given."""
    parts = {}
    for name, blank in BLANKS.items():
        text = given[name]
        if text is None:
            parts[name] = records.corpus.expand(blank) or Iri(blank)
        elif name == "kind":
            parts[name] = OGX[_known("kind", text, map(records.word, records.nodes.members(OGX.Kind)))]
        else:
            parts[name] = _relation(records, text) if name == "relation" else entity(records.corpus, text)
    return parts


def propose(
    corpus: Corpus,
    *,
    passage: str,
    subject: str | None = None,
    relation: str | None = None,
    object: str | None = None,
    polarity: str = "positive",
    kind: str | None = None,
    context: Mapping[str, str] | None = None,
    quote: str | None = None,
    sources: Sequence[str] = (),
) -> Proposal:
    """Propose the claim, or the further evidence, that a passage asks for.

    :param context: entities by the name of the context: disease, model, trial, line, population, background, comparator
    :raises UsageError: for an unknown passage, entity, relation, polarity, kind or context
    :raises RefusedError: for a quote that does not stand in the passage exactly once
    """
    records = Records(corpus)
    place = records.passages[find(corpus, passage, "passage")]
    given = {"subject": subject, "relation": relation, "object": object, "kind": kind}
    missing = [name for name, text in given.items() if text is None]
    parts = _parts(records, given)
    _known("polarity", polarity, map(records.word, records.nodes.members(OGX.Polarity)))
    around = {_known("context", name, CONTEXT): entity(corpus, text) for name, text in (context or {}).items()}
    words = _quote(records, place, quote, sources)
    known = [name for name in missing if name != "kind"]
    there = None if known else next((c for c in records.claims.values() if _same(c, parts, polarity, around)), None)
    claim = there.iri if there else _next_claim(records)
    evidence = _next_evidence(records, claim, place.iri)
    hedges = hedges_in(words.text, corpus.config.hedges)
    triples = _evidence_triples(evidence, claim, place, words, hedges)
    notes = [words.note] if words.note else []
    if there:
        notes.insert(0, f"{corpus.curie(claim)} has this key already ({there.label}): add evidence to it.")
    else:
        triples += _claim_triples(records, claim, parts, polarity)
        triples += [(claim, CONTEXT[name], iri) for name, iri in around.items()]
        notes += [f"Fill in the {name}." for name in missing]
    if hedges:
        notes.append(f"Hedged by {', '.join(hedges)}: keep only what hedges this statement.")
    keyed = [*(parts[n] for n in ("subject", "relation", "object")), OGX[polarity], *(around.get(n) for n in CONTEXT)]
    return Proposal(
        claim=claim,
        evidence=evidence,
        exists=there is not None,
        key=None if known else "|".join(corpus.curie(iri) if iri else "" for iri in keyed),
        turtle=_used(write(triples, corpus.prefixes), corpus.prefixes),
        notes=tuple(notes),
    )
