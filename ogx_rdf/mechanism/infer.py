"""What follows from two steps, drawn on request and kept apart from what sources say.

From "A acts on B, up or down" and "B acts on C" follows "A acts on C": with the product of the signs where both are
signed and undisputed, as *promotes* or *counteracts*; else as *affects*, without a direction.  B may be an aspect in
the one and its molecule in the other (:mod:`ogx_rdf.mechanism`); nothing else is crossed.

Nothing is drawn where the corpus has a claim of A on C over an influence, whatever its polarity, nor across two models
or two diseases.  Other settings in which the premises differ are passed over in the open (``ogx:crossed``), and those
that one premise alone gives are kept.  An inference is as sure as its weakest premise and never asserted: where both
premises are asserted it carries no certainty of its own.  No inference is a premise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Iri
from ..namespaces import OGX
from ..records import CERTAINTIES, Records
from ..turtle import natural_key
from .chains import product
from .contrary import differing
from .steps import WEAKNESSES, Crossing, Network, Step

__all__ = ["APART", "NO_PREMISE", "RULES", "Inference", "Inferred", "NotDrawn", "curie", "infer"]

APART = ("model", "disease")
"""Fields of context that no inference passes over."""

NO_PREMISE = ("intended", "outlook")
"""Certainties with which no effect is said to be there."""

RULES = {
    "+1": "A acts on B and B on C, both signed and undisputed, the product up: A promotes C",
    "-1": "A acts on B and B on C, both signed and undisputed, the product down: A counteracts C",
    "unsigned": "A acts on B up or down, B acts on C, and the signs cannot be multiplied: A affects C",
}
"""The rules by the sign of what they give."""

_RELATIONS = {"+1": OGX.promotes, "-1": OGX.counteracts, "unsigned": OGX.affects}


@dataclass(frozen=True, slots=True, eq=False)
class Inference:
    """A statement that no source makes, as the step it would be, with its premises."""

    step: Step
    first: Step
    second: Step

    @property
    def rule(self) -> str:
        """The rule by which it was drawn."""
        return RULES[self.step.sign]

    @property
    def certainty(self) -> str | None:
        """That of the weakest premise; None where all are asserted, for the inference itself is not."""
        return None if self.step.certainty == "asserted" else self.step.certainty


@dataclass(frozen=True, slots=True, eq=False)
class NotDrawn:
    """Two steps from which nothing was drawn, and why; ``stated`` are the claims that say it already."""

    first: Step
    second: Step
    why: str
    stated: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Inferred:
    """What was drawn and what was not, in order of the premises."""

    drawn: tuple[Inference, ...]
    not_drawn: tuple[NotDrawn, ...]


def curie(records: Records, iri: Iri) -> str:
    """The short name of a claim, an entity or an inference (``inferred:0061-0082``)."""
    space = f"{records.corpus.base}inferred/"
    return f"inferred:{iri[len(space) :]}" if iri.startswith(space) else records.corpus.curie(iri)


def infer(records: Records, network: Network, entity: Iri | None = None) -> Inferred:
    """Draw every inference from the steps of a corpus.

    :param entity: only what it acts on
    """
    influences = set(records.nodes.members(OGX.Influence))
    stated: dict[tuple[Iri, Iri], list[Iri]] = defaultdict(list)
    for claim in records.claims.values():
        if claim.predicate in influences:
            stated[claim.subject, claim.object].append(claim.iri)
    drawn, not_drawn = [], []
    for first, crossing, second in _pairs(network, entity):
        known = tuple(stated.get((first.start, second.end), ()))
        differ = differing((first.context, second.context))
        apart = [name for name in APART if name in differ]
        unsure = [word for word in NO_PREMISE if word in (first.certainty, second.certainty)]
        if known:
            not_drawn.append(NotDrawn(first, second, "stated already", known))
        elif apart:
            not_drawn.append(NotDrawn(first, second, f"the premises hold in two settings: {', '.join(apart)}"))
        elif unsure:
            not_drawn.append(NotDrawn(first, second, f"a premise is no more than {unsure[0]}"))
        else:
            drawn.append(_draw(records, first, crossing, second))
    return Inferred(tuple(drawn), tuple(not_drawn))


def _pairs(network: Network, entity: Iri | None) -> Iterator[tuple[Step, Crossing | None, Step]]:
    """Two steps of which the first is signed and the second goes on where it ends, or across an aspect from there."""
    for first in network.steps:
        if first.sign == "unsigned" or first.inferred or entity not in (None, first.start):
            continue
        ways = [(None, first.end), *((crossing, crossing.end) for crossing in network.across.get(first.end, ()))]
        onward = [(crossing, second) for crossing, at in ways for second in network.leaving.get(at, ())]
        for crossing, second in sorted(onward, key=lambda way: natural_key(way[1].iri)):
            middle = {first.end, second.start}
            if not second.inferred and first.start not in {second.end, *middle} and second.end not in middle:
                yield first, crossing, second


def _draw(records: Records, first: Step, crossing: Crossing | None, second: Step) -> Inference:
    signs = [first.sign, *([crossing.sign] if crossing else []), second.sign]
    sign = "unsigned" if first.disputed or second.disputed else product(signs)
    relation = _RELATIONS[sign]
    differ = differing((first.context, second.context))
    passed = sorted({value for values in differ.values() for value in values})
    weak = {"inferred", *first.weaknesses, *second.weaknesses}
    base, local = records.corpus.base, [step.iri.rpartition("/")[2] for step in (first, second)]
    conclusion = " ".join(records.label(node) for node in (first.start, relation, second.end))
    step = Step(
        iri=Iri(f"{base}inferred/{'-'.join(local)}"),
        start=first.start,
        relation=relation,
        end=second.end,
        label=f"inferred: {conclusion}, because {first.label}, and {second.label}",
        sign=sign,
        certainty=max(first.certainty, second.certainty, key=CERTAINTIES.index),
        context={k: v for k, v in {**first.context, **second.context}.items() if k not in differ},
        weaknesses=tuple(word for word in WEAKNESSES if word in weak),
        premises=(first.iri, second.iri),
        crossed=(*([crossing.aspect] if crossing else []), *passed),
    )
    return Inference(step, first, second)
