"""The answer to ``path``: the chains between two things, and what stands near one that is not there."""

from __future__ import annotations

from dataclasses import dataclass

from ..corpus import Corpus
from ..documents.coverage import coverage
from ..errors import UsageError
from ..lookup import entity
from ..model import Iri
from ..records import Records
from .cards import chain_card, claim_card, named, step_line
from .chains import ORDERS, Chain, Found, in_order, search
from .drawing import drawing_of
from .gaps import Gap, Gaps, gaps
from .infer import infer
from .steps import network_of

__all__ = ["LIMIT", "PathAnswer", "path"]

LIMIT = 10
"""How many chains are shown unless asked otherwise."""


@dataclass(frozen=True, eq=False)
class PathAnswer:
    """The chains between two things, in the order asked for, and what stands near a chain that is not there.

    :param limit: how many chains the answer shows; 0 for all
    """

    records: Records
    start: Iri
    end: Iri
    max_length: int
    order: str
    inferred: bool
    limit: int
    found: Found
    gaps: Gaps

    @property
    def chains(self) -> list[Chain]:
        """All chains found, in order."""
        return in_order(self.found.chains, self.order)

    @property
    def shown(self) -> list[Chain]:
        """The chains that the answer shows."""
        return self.chains[: self.limit or None]

    def as_dict(self) -> dict[str, object]:
        """The answer as a JSON object; ``nodes`` and ``edges`` draw the chains shown."""
        records, shown = self.records, self.shown
        return {
            "answer": "rows" if shown else "none",
            "coverage": coverage(records.corpus).as_dict(),
            "from": named(records, self.start),
            "to": named(records, self.end),
            "max_length": self.max_length,
            "order": self.order,
            "inferred": self.inferred,
            "found": len(self.found.chains),
            "more": len(self.found.chains) - len(shown),
            "complete": self.found.complete,
            "searched": self.found.searched,
            "rows": [chain_card(records, chain) for chain in shown],
            **drawing_of(records, (link for chain in shown for link in chain.links)).as_dict(),
            "gaps": _gaps_dict(records, self.gaps),
        }


def path(
    corpus: Corpus,
    start: str,
    end: str,
    *,
    max_length: int = 5,
    order: str = "weakest",
    inferred: bool = False,
    limit: int = LIMIT,
) -> PathAnswer:
    """Every chain of claims from one thing to another.

    :param start: an entity by label, surface form, CURIE or IRI; so is ``end``
    :param max_length: the most claims in a chain
    :param order: ``weakest`` or ``strongest`` link first
    :param inferred: take inferred steps too, marked as such
    :param limit: how many chains are shown; 0 for all
    :raises UsageError: for an unknown or ambiguous name, and for one thing given as both ends
    """
    first, last = entity(corpus, start), entity(corpus, end)
    if first == last:
        raise UsageError("E520", f"both ends are {corpus.curie(first)}", hint="Name two different things.")
    if order not in ORDERS or max_length < 1 or limit < 0:
        raise UsageError("E521", f"order is one of {', '.join(ORDERS)}, max_length 1 or more, limit 0 or more")
    records = Records(corpus)
    network = network_of(records)
    if inferred:
        network = network.with_steps(item.step for item in infer(records, network).drawn)
    return PathAnswer(
        records=records,
        start=first,
        end=last,
        max_length=max_length,
        order=order,
        inferred=inferred,
        limit=limit,
        found=search(network, first, last, max_length),
        gaps=gaps(records, network, first, last, max_length),
    )


def _gap(records: Records, gap: Gap) -> dict[str, object]:
    return {
        "bond": gap.bond.words(records),
        "relation": records.corpus.curie(gap.bond.relation),
        "before": named(records, gap.before),
        "after": named(records, gap.after),
        "length": gap.length,
        "arriving": [step_line(records, step) for step in gap.arriving],
        "leaving": [step_line(records, step) for step in gap.leaving],
    }


def _gaps_dict(records: Records, found: Gaps) -> dict[str, object]:
    return {
        "not_crossed": [_gap(records, gap) for gap in found.gaps],
        "carry_no_chain": [{**claim_card(records, item.claim), "why": item.why} for item in found.said],
        "reached": [{**named(records, node), "steps": length} for node, length in found.reached.items()],
        "leading": [{**named(records, node), "steps": length} for node, length in found.leading.items()],
    }
