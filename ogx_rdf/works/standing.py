"""The file ``works/standing.ttl`` of a corpus: the standing of works as the registries gave it.

It is derived, and written whole by ``works check --online --write``.  What a curator states in another file goes
before: a work whose standing is stated there has none here, and where the two differ that is reported.  Only what the
shapes accept is written: notices by identifier, and ``superseded`` where the later work is one of the corpus.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..corpus import Corpus
from ..errors import InputError
from ..files import write_atomic
from ..model import Iri, Literal, Triple
from ..namespaces import DCTERMS, OGX, XSD
from ..oxi import decode, parse_turtle
from ..resources import packaged
from ..turtle import Commented, write

__all__ = ["Ledger", "Standing", "read_ledger", "refuse_unwritable", "write_ledger"]

FILE = Path("works", "standing.ttl")
CURATED = (OGX.standing, OGX.standingCheckedOn, OGX.standingSource, DCTERMS.isReplacedBy)
"""What says that a curator judged the standing; a notice alone does not."""

HEAD = "# The standing of works as registries of publications gave it, by: ogx-rdf works check --online --write"


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a work: the word, the day and the place of the look-up, notices, and what took its place."""

    word: str
    checked: str | None
    source: str | None
    notices: tuple[str, ...] = ()
    replaced_by: Iri | None = None

    @property
    def recordable(self) -> Standing:
        """The standing as it can be recorded: without the later work in the corpus, "superseded" is left unknown."""
        return replace(self, word="unknown") if self.word == "superseded" and not self.replaced_by else self

    def triples(self, work: Iri) -> list[Triple]:
        """The standing as it is recorded."""
        found: list[Triple] = [(work, OGX.standing, OGX[self.word])]
        if self.checked:
            found.append((work, OGX.standingCheckedOn, Literal(self.checked, XSD.date)))
        if self.source:
            found.append((work, OGX.standingSource, Literal(self.source)))
        found += [(work, OGX.notice, Literal(notice)) for notice in self.notices]
        if self.replaced_by:
            found.append((work, DCTERMS.isReplacedBy, self.replaced_by))
        return found


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where standings are recorded: triples by work in the derived file, and the works that a curator judged."""

    derived: Mapping[Iri, list[Triple]]
    curated: frozenset[Iri]


def refuse_unwritable(corpus: Corpus) -> None:
    """Refuse, before anybody is asked, to write into the installed package.

    :raises InputError: for the corpus that comes with the installation
    """
    if packaged(corpus.root):
        raise InputError(
            "E605",
            "the corpus that comes with the installation is read-only",
            file=str(corpus.root),
            hint="Work on a copy of your own: --corpus DIR.",
        )


def read_ledger(corpus: Corpus) -> Ledger:
    """Read what is recorded, and by whom.

    :raises InputError: for a file that cannot be read or parsed
    """
    derived: dict[Iri, list[Triple]] = defaultdict(list)
    curated = set()
    for path in corpus.turtle_files():
        shown = corpus.shown(path)
        for triple in parse_turtle(decode(path, shown), shown)[0]:
            if path == corpus.root / FILE:
                derived[triple[0]].append(triple)
            elif triple[1] in CURATED:
                curated.add(triple[0])
    return Ledger(derived, frozenset(curated))


def write_ledger(corpus: Corpus, ledger: Ledger, found: Mapping[Iri, Standing]) -> Path | None:
    """Write the file with the standings found; works not among them keep what is recorded. Returns the file.

    :raises InputError: where the file cannot be written
    """
    kept = {work: triples for work, triples in ledger.derived.items() if work not in ledger.curated}
    kept |= {work: standing.recordable.triples(work) for work, standing in found.items()}
    path = corpus.root / FILE
    if not kept and not path.exists():
        return None
    text = write([triple for triples in kept.values() for triple in triples], corpus.prefixes, Commented([HEAD]))
    write_atomic(path, text)
    return path
