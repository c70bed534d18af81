"""What happens to claims, chains and totals when sources fall: before and after, claim by claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..audit import Audit, audit
from ..audit.chains import Chain, Link
from ..corpus import Corpus
from ..errors import InputError, UsageError
from ..lookup import entity
from ..mechanism.chains import Chain as Way
from ..mechanism.chains import search
from ..mechanism.steps import Step, network_of
from ..model import Iri
from ..records import Records
from .policies import Policy, Violation, find_policy, read_policy
from .removal import Remaining, Removal, excluded_by, removal_of

__all__ = ["FAIL_ON", "MAX_LENGTH", "OUTCOMES", "Effect", "Impact", "Route", "impact"]

OUTCOMES = {
    "lost": "it had a citation or a report in its favour, and has none left",
    "undetermined": "what is left stands on passages that printed several citations for several statements, and one "
    "of these citations fell: nobody can tell which of them carried this statement",
    "weakened": "something that it rests on fell, and something else is left",
    "kept": "nothing that it rests on fell",
    "had none": "it had neither a citation nor a report in its favour before",
}
"""What became of the support of a claim: disjoint, worst first, and together all claims."""

FAIL_ON = ("lost", "undetermined", "policy")
MAX_LENGTH = 5
"""The longest chain that is looked for between two things, in claims."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One claim before and after."""

    before: Chain
    after: Chain
    outcome: str

    def as_dict(self, records: Records) -> dict[str, object]:
        """The claim with both states."""
        claim, curie = self.before.claim, records.corpus.curie
        items = (link.evidence for link in self.before.places)
        return {
            "claim": curie(claim.iri),
            "label": claim.label,
            "polarity": claim.polarity,
            "certainty": claim.certainty,
            "kind": claim.kind,
            "outcome": self.outcome,
            "places": [{"passage": curie(e.passage.iri) if e.passage else None, "words": e.quote} for e in items],
            "before": _state(self.before, records),
            "after": _state(self.after, records),
        }


def _state(chain: Chain, records: Records) -> dict[str, object]:
    curie, support = records.corpus.curie, chain.support
    return {
        "citations": list(chain.labels),
        "sources": [curie(source) for source in chain.sources],
        "state": chain.state,
        "carried_by": chain.carried,
        "support": support.word,
        "supporting": [curie(line.name) for line in support.supporting],
        "disputing": [curie(line.name) for line in support.disputing],
        "stated_by": [curie(iri) for iri in support.stated_by],
    }


@dataclass(frozen=True, slots=True)
class Route:
    """The chains of claims between two things; ``ways`` are those before, ``complete`` says whether all were found."""

    start: Iri
    end: Iri
    ways: tuple[Way, ...]
    complete: bool


@dataclass(frozen=True)
class Impact:
    """What falls with a removal."""

    removal: Removal
    policies: Sequence[Policy]
    before: Audit = field(repr=False)
    after: Audit = field(repr=False)
    violations: Sequence[Violation]
    routes: Sequence[Route]

    @property
    def records(self) -> Records:
        """The records before."""
        return self.before.records

    @cached_property
    def effects(self) -> Mapping[Iri, Effect]:
        """What happens to each claim; failed and negative results first."""
        statements = {line.passage.iri: len(line.claims) for line in self.before.passages}
        chains = ((chain, self.after.chains[chain.claim.iri]) for chain in self.before.ordered())
        return {old.claim.iri: Effect(old, new, _outcome(old, new, statements)) for old, new in chains}

    def having(self, outcome: str) -> list[Effect]:
        """The claims with one outcome."""
        return [effect for effect in self.effects.values() if effect.outcome == outcome]

    def outcome(self, claim: Iri) -> str:
        """What happens to a claim."""
        return self.effects[claim].outcome

    def fate(self, way: Way) -> tuple[str, tuple[Step, ...]]:
        """Whether a chain is ``broken``, ``undetermined`` or ``standing``, and the steps at which."""
        for outcome, fate in (("lost", "broken"), ("undetermined", "undetermined")):
            found = tuple(step for step in way.steps if self.outcome(step.iri) == outcome)
            if found:
                return fate, found
        return "standing", ()

    @property
    def ways_lost(self) -> list[tuple[Iri, Iri]]:
        """Pairs of a claim and the claim given as its way, which is lost."""
        claims = self.records.claims.values()
        via = dict.fromkeys((claim.iri, way) for claim in claims for item in claim.evidence for way in item.via)
        return [(claim, way) for claim, way in via if way in self.effects and self.outcome(way) == "lost"]

    @property
    def totals(self) -> dict[str, tuple[int, int]]:
        """Every total of the audit, before and after."""
        return {name: (total.value, self.after.totals[name].value) for name, total in self.before.totals.items()}

    def exceeded(self, fail_on: Sequence[str]) -> list[str]:
        """What was said to be a failure and is there, in sentences.

        :param fail_on: of :data:`FAIL_ON`
        """
        counts = {"policy": len(self.violations)} | {name: len(self.having(name)) for name in OUTCOMES}
        return [f"--fail-on {name}: {counts[name]}" for name in fail_on if counts[name]]

    def as_dict(self) -> dict[str, object]:
        """The whole as one JSON object; ``rows`` are all claims."""
        records, curie = self.records, self.records.corpus.curie
        return {
            "answer": "rows" if self.effects else "none",
            "coverage": self.before.coverage.as_dict(),
            "removed": {
                "asked": list(self.removal.asked),
                "documents": sorted(map(curie, self.removal.documents)),
                "references": sorted(map(curie, self.removal.references)),
                "works": sorted(map(curie, self.removal.works)),
            },
            "policies": [
                {"policy": p.name, "title": p.title, "reason": p.reason, "date": p.date.isoformat()}
                for p in self.policies
            ],
            "outcomes": {name: len(self.having(name)) for name in OUTCOMES},
            "definitions": OUTCOMES,
            "violations": [violation.as_dict(records) for violation in self.violations],
            "chains": [self._route_dict(route) for route in self.routes],
            "ways_lost": [{"claim": curie(claim), "by_way_of": curie(way)} for claim, way in self.ways_lost],
            "totals": {name: {"before": old, "after": new} for name, (old, new) in self.totals.items()},
            "rows": [effect.as_dict(records) for effect in self.effects.values()],
        }

    def _route_dict(self, route: Route) -> dict[str, object]:
        curie = self.records.corpus.curie
        rows = []
        for way in route.ways:
            fate, steps = self.fate(way)
            claims = [curie(step.iri) for step in way.steps]
            rows.append({"fate": fate, "claims": claims, "at": [curie(step.iri) for step in steps]})
        return {
            "from": curie(route.start),
            "to": curie(route.end),
            "before": len(rows),
            "standing": sum(row["fate"] == "standing" for row in rows),
            "complete": route.complete,
            "max_length": MAX_LENGTH,
            "chains": rows,
        }


def _outcome(before: Chain, after: Chain, statements: Mapping[Iri, int]) -> str:
    """The outcome of a claim: one of :data:`OUTCOMES`.

    :param statements: how many claims each passage states
    """
    old, new = before.support.supporting, after.support.supporting
    if not before.citations and not old:
        return "had none"
    if not after.citations and not new:
        return "lost"
    fallen = set(before.sources) - set(after.sources)
    if not fallen and all(any(line.continues(left) for left in new) for line in old):
        return "kept"
    if not new and all(_open(place, left, statements) for place, left in _cited(before, after)):
        return "undetermined"
    return "weakened"


def _cited(before: Chain, after: Chain) -> Iterator[tuple[Link, Link]]:
    """The places that still cite something, before and after."""
    old = {link.evidence.iri: link for link in before.places}
    return ((old[left.evidence.iri], left) for left in after.places if left.citations)


def _open(before: Link, after: Link, statements: Mapping[Iri, int]) -> bool:
    """Whether nobody can tell which citation of a place carried the statement: several of each, and one fell."""
    passage = before.evidence.passage
    fell = {c.source for c in before.citations} - {c.source for c in after.citations}
    return bool(fell) and passage is not None and statements.get(passage.iri, 0) > 1


def impact(
    corpus: Corpus,
    *,
    remove: Sequence[str] = (),
    policies: Sequence[str] = (),
    chains: Sequence[tuple[str, str]] = (),
    sources: Sequence[str] = (),
) -> Impact:
    """What falls when things are removed, or left out by a policy, and what breaks a policy's rules.

    A rule judges the corpus without what ``remove`` names; what its own policy excludes is there, with that tier.

    :param remove: entries, works, studies, documents, by id
    :param policies: names of policies, or their files
    :param chains: pairs of entities between which chains of claims are looked at, beside those of ``corpus.toml``
    :param sources: where texts are looked for, as in the audit
    :raises UsageError: E531 where there is nothing to remove and no policy; E501, E502, E530 for a name
    :raises InputError: E360, E361 for a policy; E362 for a chain in ``corpus.toml`` that names no entity
    """
    if not remove and not policies:
        hint = "Name one, for example: ogx-rdf impact --remove ref:5, or: ogx-rdf impact --policy no-encyclopedia"
        raise UsageError("E531", "nothing is to be removed, and no policy is named", hint=hint)
    records = Records(corpus)
    read = [read_policy(find_policy(corpus, name), records) for name in dict.fromkeys(policies)]
    asked = removal_of(remove, records)
    removal = asked
    for policy in read:
        removal |= excluded_by(policy, records)
    before = audit(corpus, sources=sources, records=records)
    after = audit(corpus, sources=sources, records=Remaining(records, removal))
    judged = audit(corpus, sources=sources, records=Remaining(records, asked)) if remove else before
    return Impact(
        removal=removal,
        policies=read,
        before=before,
        after=after,
        violations=[found for policy in read for found in policy.violations(judged.chains, judged.records)],
        routes=_routes(records, chains),
    )


def _routes(records: Records, chains: Sequence[tuple[str, str]]) -> list[Route]:
    corpus = records.corpus
    pairs = dict.fromkeys([*_configured(corpus), *((entity(corpus, a), entity(corpus, b)) for a, b in chains)])
    if not pairs:
        return []
    network = network_of(records)
    found = ((start, end, search(network, start, end, MAX_LENGTH)) for start, end in pairs)
    return [Route(start, end, ways.chains, ways.complete) for start, end, ways in found]


def _configured(corpus: Corpus) -> Iterator[tuple[Iri, Iri]]:
    for start, end in corpus.config.chains:
        try:
            yield entity(corpus, start), entity(corpus, end)
        except UsageError as exc:
            file = corpus.shown(corpus.root / "corpus.toml")
            hint = exc.hint or "Mend the name, or take the pair out."
            raise InputError("E362", f"chains: {exc.message}", file=file, hint=hint) from exc
