"""Which things of a drawing belong together, by what the corpus records and by nothing else.

Each thing goes to one place only:

1. A thing that a drawn pathway, process or set involves or has as a member, directly or through another such, goes
   to it; where there are several, to a pathway before a process, then to that with more claims, then by name.
2. Any other aspect or form of one thing goes with that thing.
3. A pathway, process or set to which nothing went, and whose things all went to one place, goes there too.
4. What is left, and is no molecule, process or pathway, is put together by its kind: its class, or the kind of aspect.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property

from ..model import Iri
from ..namespaces import OGX, RDF
from ..records import Records
from ..turtle import natural_key
from .drawing import Drawing, Node
from .folding import Fold
from .steps import MOLECULES

__all__ = ["RULES", "folds_of"]

RULES = (
    "What a pathway, process or set of the map involves, directly or through another, is drawn as one with it; where "
    "several involve a thing, it goes to a pathway before a process, then to the one with more claims, then by name.",
    "Any other aspect or form of one thing is drawn as one with that thing.",
    "A pathway, process or set to which nothing went, and whose things all stand in one place, stands there too.",
    "What is left, and is no molecule, process or pathway, is drawn as one with others of its kind.",
)
"""How things are folded, in words for readers."""

_HEADS = ("Pathway", "Process", "Set")
_PARTS = (OGX.involves, OGX.member)
_BASES = (OGX.aspectOf, OGX.formOf)
_ALONE = {*(kind.removeprefix(OGX.iri) for kind in MOLECULES), "Pathway", "Process"}


class _Finder:
    """Where each thing of a drawing goes."""

    def __init__(self, records: Records, drawing: Drawing) -> None:
        self._records = records
        self._nodes = records.nodes
        expand = records.corpus.expand
        self.drawn: dict[Iri, Node] = {Iri(expand(node.id) or node.id): node for node in drawing.nodes}
        self._claims = Counter(end for e in drawing.edges if not e.crossing for end in {e.start, e.end})

    @cached_property
    def _reached(self) -> dict[Iri, tuple[Iri, ...]]:
        """What each drawn pathway, process or set involves or has as a member, at whatever remove."""
        heads = (iri for iri, node in self.drawn.items() if node.category in _HEADS)
        found = {head: self._below(head) for head in heads}
        return {head: below for head, below in found.items() if below}

    def _below(self, head: Iri) -> tuple[Iri, ...]:
        found: dict[Iri, None] = {}
        ahead = [head]
        while ahead:
            whole = ahead.pop()
            parts = (part for by in _PARTS for part in self._nodes.iris(whole, by))
            new = [part for part in dict.fromkeys(parts) if part not in found and part != head]
            found.update(dict.fromkeys(new))
            ahead += new
        return tuple(found)

    def _rank(self, head: Iri) -> tuple[bool, int, str, object]:
        node = self.drawn[head]
        return node.category != "Pathway", -self._claims[node.id], node.label.casefold(), natural_key(head)

    @cached_property
    def _above(self) -> dict[Iri, Iri]:
        """For each thing that is involved the pathway, process or set to which it goes."""
        found: dict[Iri, Iri] = {}
        for head in sorted(self._reached, key=self._rank):
            for part in self._reached[head]:
                found.setdefault(part, head)
        return found

    def _parent(self, iri: Iri) -> Iri | None:
        if iri in self._above:
            return self._above[iri]
        bases = [base for by in _BASES for base in self._nodes.iris(iri, by)]
        return bases[0] if len(set(bases)) == 1 else None

    def _top(self, iri: Iri) -> Iri:
        """The last place to which a thing goes; where they go round in a ring, the first of the ring by its name."""
        seen = [iri]
        while (above := self._parent(seen[-1])) is not None:
            if above in seen:
                return min(seen[seen.index(above) :], key=natural_key)
            seen.append(above)
        return seen[-1]

    @cached_property
    def tops(self) -> dict[Iri, Iri]:
        """For each drawn thing the thing by which it is folded, itself where it stands alone."""
        tops = {iri: self._top(iri) for iri in self.drawn}
        sizes = Counter(tops.values())
        for head, below in self._reached.items():
            places = {tops[part] for part in below if part in tops}
            if tops[head] == head and sizes[head] == 1 and len(places) == 1:
                tops[head] = places.pop()
        return tops

    def why(self, top: Iri) -> str:
        """Why things go to this one."""
        return "pathway" if top in self._reached else "thing"

    def kind(self, iri: Iri) -> Iri | None:
        """The kind by which a thing that is left is folded; None for molecules, processes and pathways."""
        node = self.drawn[iri]
        if node.category in _ALONE:
            return None
        aspect = self._nodes.iri(iri, OGX.aspect) if node.category == "Aspect" else None
        return aspect or next((k for k in self._nodes.iris(iri, RDF.type) if k != OGX.Entity), None)


def folds_of(records: Records, drawing: Drawing) -> tuple[Fold, ...]:
    """The folds of a drawing of a corpus, two nodes or more in each; see above for the rules.

    They come in the order pathways, things, kinds, each by name.
    """
    finder = _Finder(records, drawing)
    return tuple(sorted(_folds(records, finder), key=lambda f: (_ORDER[f.why], f.label.casefold(), f.id)))


_ORDER = {"pathway": 0, "thing": 1, "kind": 2}


def _folds(records: Records, finder: _Finder) -> Iterator[Fold]:
    curie = records.corpus.curie
    together: dict[Iri, list[Iri]] = defaultdict(list)
    for iri, top in finder.tops.items():
        together[top].append(iri)
    kinds: dict[Iri, list[Iri]] = defaultdict(list)
    for top, members in together.items():
        if len(members) > 1:
            names = tuple(finder.drawn[iri].id for iri in members)
            head = curie(top) if top in finder.drawn else None
            yield Fold(curie(top), records.label(top), finder.why(top), names, head)
        elif kind := finder.kind(members[0]):
            kinds[kind].append(members[0])
    for kind, members in kinds.items():
        if len(members) > 1:
            yield Fold(curie(kind), records.label(kind), "kind", tuple(finder.drawn[iri].id for iri in members))
