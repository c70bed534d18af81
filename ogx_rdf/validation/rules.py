"""The rules a corpus is held to, as they ship in ``shapes/``: SHACL shapes, and queries over the whole.

A SHACL rule is one named shape; a rule over the whole is one ``.rq`` file in ``shapes/whole`` whose stem
is its id and whose ``#+`` header says what is wrong, how to mend it, and why it matters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..corpus import shipped_hedges
from ..errors import InputError
from ..model import Iri, Severity, Triple
from ..namespaces import OGX, RDF, RDFS, SH
from ..oxi import decode, parse_turtle
from ..resources import resource

__all__ = ["SHAPES", "Rule", "read_rules", "shape_triples", "shapes_for", "shapes_text"]

SHAPES = "https://w3id.org/ogx-rdf/shapes/"
"""Where the shapes have their IRIs; the rest of the IRI is the id of the rule."""

HEADER = ("summary", "problem", "fix", "severity")
_TARGET = re.compile(r"^    sh:targetClass ogx:(\w+) ;\n", re.MULTILINE)
_LIST = re.compile(r"^(    sh:\w+) \(.*\) ;$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    :param message: what is wrong and how to mend it, in a curator's words
    :param why: why it matters
    :param component: how SHACL calls what applies it: a property shape, a node shape, or a query
    :param query: the query, where it looks at the whole
    """

    id: str
    severity: str
    message: str
    why: str
    component: Iri
    query: str | None = None


def _files(pattern: str) -> list[Path]:
    return sorted(resource("shapes").glob(pattern))


def _alternatives(hedges: Sequence[str]) -> str:
    """Words as the alternatives of a regular expression, longest first, so that the whole phrase is found."""
    return "|".join(sorted(hedges, key=lambda word: (-len(word), word)))


def shapes_for(shapes: str, classes: Collection[str]) -> str:
    """The shapes as far as they apply to nodes of some classes: the other targets are taken out."""
    return _TARGET.sub(lambda match: match[0] if OGX[match[1]] in classes else "", shapes)


def shapes_text(hedges: Sequence[str] = ()) -> str:
    """All shapes as one Turtle text; with ``hedges`` the hedge words of a corpus stand in place of the shipped ones.

    :raises InputError: where the shapes do not hold the shipped ones
    """
    text = "\n".join(decode(path, str(path)) for path in _files("*.ttl"))
    if not hedges:
        return text
    shipped = f"({_alternatives(shipped_hedges())})"
    if shipped not in text:
        raise InputError("E354", "the shapes do not hold the shipped hedges", hint="Install ogx-rdf anew.")
    return text.replace(shipped, f"({_alternatives(hedges)})")


def _component(said: Mapping[str, str]) -> Iri:
    if SH.sparql in said:
        return SH.SPARQLConstraintComponent
    return SH.PropertyConstraintComponent if said[RDF.type] == SH.PropertyShape else SH.NodeConstraintComponent


def shape_triples(text: str) -> list[Triple]:
    """The triples of a shapes graph, its lists emptied: a list is a chain of blank nodes, which the parser refuses."""
    return parse_turtle(_LIST.sub(r"\1 () ;", text), "shapes")[0]


def _shape_rules() -> list[Rule]:
    said: dict[str, dict[str, str]] = {}
    for subject, predicate, obj in shape_triples(shapes_text()):
        said.setdefault(subject, {})[predicate] = str(obj)
    return [
        Rule(
            id=subject.removeprefix(SHAPES),
            severity=values[SH.severity].removeprefix(SH.iri).lower(),
            message=values[SH.message],
            why=values[RDFS.comment],
            component=_component(values),
        )
        for subject, values in said.items()
        if SH.message in values
    ]


def read_header(path: Path) -> dict[str, str]:
    """The ``#+ key: value`` lines at the top of a rule over the whole.

    :raises InputError: for a key that is missing, unknown or given twice, or an unknown severity
    """
    found: dict[str, str] = {}
    for line in decode(path, str(path)).splitlines():
        key, colon, value = line.removeprefix("#+").strip().partition(":")
        if not line.startswith("#+"):
            break
        if not colon or key not in HEADER or key in found:
            raise InputError("E351", f"not a header line: {line}", file=str(path), hint=f"Known: {', '.join(HEADER)}.")
        found[key] = value.strip()
    if set(found) != set(HEADER) or found["severity"] not in Severity.ORDER:
        raise InputError("E351", "the header is not complete", file=str(path), hint=f"Needed: {', '.join(HEADER)}.")
    return found


def _whole_rules() -> list[Rule]:
    rules = []
    for path in _files("whole/*.rq"):
        header = read_header(path)
        message = f"{header['problem']} {header['fix']}"
        query = decode(path, str(path))
        rules.append(
            Rule(path.stem, header["severity"], message, header["summary"], SH.SPARQLConstraintComponent, query)
        )
    return rules


def read_rules() -> dict[str, Rule]:
    """Every rule by its id: the SHACL rules, then those over the whole."""
    return {rule.id: rule for rule in sorted([*_shape_rules(), *_whole_rules()], key=lambda rule: rule.id)}
