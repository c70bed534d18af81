"""Inferred statements as a dataset of their own, which no corpus loads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..corpus import Corpus
from ..documents.coverage import coverage
from ..errors import RefusedError, UsageError
from ..files import write_atomic
from ..lookup import entity as find_entity
from ..model import Iri, Literal, Triple
from ..namespaces import OGX, PROV, RDF, RDFS
from ..oxi import nquad
from ..records import CONTEXT, Records
from ..turtle import Commented, write
from .cards import claim_card, context_card, named
from .infer import Inference, Inferred, NotDrawn, infer
from .steps import network_of

__all__ = ["SUFFIXES", "InferAnswer", "draw", "serialise", "triples"]

SUFFIXES = (".trig", ".nq", ".ttl")
"""What a file of inferences may be called; in ``.ttl`` the graph is not named."""

_HEAD = "# Inferred statements: no source makes them. Each names the rule and the claims that it was drawn from."


@dataclass(frozen=True, eq=False)
class InferAnswer:
    """What was drawn, what was not and why, and where it was written."""

    records: Records
    entity: Iri | None
    inferred: Inferred
    out: Path

    def as_dict(self) -> dict[str, object]:
        """The answer as a JSON object, a row per inference."""
        records = self.records
        return {
            "answer": "rows" if self.inferred.drawn else "none",
            "coverage": coverage(records.corpus).as_dict(),
            "entity": named(records, self.entity) if self.entity else None,
            "out": str(self.out),
            "graph": graph_name(records.corpus),
            "rows": [_row(records, item) for item in self.inferred.drawn],
            "not_drawn": [_not_drawn(records, item) for item in self.inferred.not_drawn],
        }


def draw(corpus: Corpus, out: str | Path, *, entity: str | None = None) -> InferAnswer:
    """Draw inferences from the claims of a corpus and write them to a file outside it.

    :param out: a file that ends in one of :data:`SUFFIXES`
    :param entity: only what this acts on, by label, surface form, CURIE or IRI
    :raises UsageError: for another ending, or an unknown or ambiguous name
    :raises RefusedError: for a file in the corpus, where it would pass for what sources say
    :raises InputError: where the file cannot be written
    """
    path = Path(out)
    if path.suffix not in SUFFIXES:
        raise UsageError(
            "E522", f"no format for {path.name!r}", hint=f"Name a file that ends in {', '.join(SUFFIXES)}."
        )
    if path.resolve().is_relative_to(corpus.root.resolve()):
        raise RefusedError(
            "E523",
            "inferences are not written into a corpus",
            file=str(out),
            why="They would pass for what its sources say.",
            hint="Choose a place outside it.",
        )
    chosen = find_entity(corpus, entity) if entity is not None else None
    records = Records(corpus)
    inferred = infer(records, network_of(records), chosen)
    write_atomic(path, serialise(corpus, triples(inferred.drawn), path.suffix))
    return InferAnswer(records, chosen, inferred, path)


def graph_name(corpus: Corpus) -> Iri:
    """The named graph of inferences."""
    return Iri(f"{corpus.base}graph/inferred")


def triples(drawn: Iterable[Inference]) -> list[Triple]:
    """Each inference with its statement, rule, premises, what it passes over, and its setting."""
    found: list[Triple] = []
    for item in drawn:
        step = item.step
        found += [
            (step.iri, RDF.type, OGX.Inference),
            (step.iri, RDFS.label, Literal(step.label)),
            (step.iri, RDF.subject, step.start),
            (step.iri, RDF.predicate, step.relation),
            (step.iri, RDF.object, step.end),
            (step.iri, OGX.rule, Literal(item.rule)),
            *((step.iri, PROV.wasDerivedFrom, premise) for premise in step.premises),
            *((step.iri, OGX.crossed, node) for node in step.crossed),
            *((step.iri, CONTEXT[name], value) for name, value in step.context.items()),
            *([(step.iri, OGX.certainty, OGX[item.certainty])] if item.certainty else []),
        ]
    return found


def serialise(corpus: Corpus, found: Iterable[Triple], suffix: str) -> str:
    """The triples as text, the same for the same triples.

    :param suffix: of :data:`SUFFIXES`
    """
    found, graph = list(found), graph_name(corpus)
    if suffix == ".nq":
        return "".join(sorted({nquad(*triple, graph) for triple in found}))
    prefixes: Mapping[str, str] = {**corpus.prefixes, "inferred": f"{corpus.base}inferred/"}
    head = Commented(head=[_HEAD])
    if suffix == ".ttl":
        return write(found, prefixes, head)
    start = write([], prefixes, head)
    return f"{start}\nGRAPH <{graph}> {{\n{write(found, prefixes, head)[len(start) :]}}}\n"


def _row(records: Records, item: Inference) -> dict[str, object]:
    step = item.step
    return {
        "inference": str(step.iri),
        "label": step.label,
        "subject": named(records, step.start),
        "relation": named(records, step.relation),
        "object": named(records, step.end),
        "sign": step.sign,
        "weakest_premise": step.certainty,
        "rule": item.rule,
        "premises": [claim_card(records, claim) for claim in step.premises],
        "crossed": [named(records, node) for node in step.crossed],
        "context": context_card(records, step.context),
        "weaknesses": list(step.weaknesses),
    }


def _not_drawn(records: Records, item: NotDrawn) -> dict[str, object]:
    return {
        "premises": [claim_card(records, step.iri) for step in (item.first, item.second)],
        "why": item.why,
        "stated": [claim_card(records, claim) for claim in item.stated],
    }
