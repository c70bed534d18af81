"""Judging a batch: rules and texts, each finding at its line in the dump."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ..corpus import Corpus
from ..model import Finding
from ..namespaces import OGX, RDF, RDFS
from ..oxi import BrokenLine, Dataset, read_lines
from ..validation.compiled import Compiled, mentioned
from ..validation.results import Result, asked, in_order
from ..validation.rules import Rule, read_rules, shapes_for, shapes_text
from .batch import Batch, Node, Reach, Said, said_in
from .idle import Occasions
from .marks import ORPHANS, Marks, marks_of
from .near import BatchCorpus
from .spool import Broken, Run, text_of
from .texts import Changed, Texts, text_findings

__all__ = ["LIKENESSES", "Judge", "Verdict", "ask"]

LIKENESSES = {
    "claim": ("claim-key", "claim-twin"),
    "entity-parts": ("entity-parts",),
    "work-identifier-once": ("work-identifier-once",),
    "trial-identifier-once": ("trial-identifier-once",),
    "trial-number-once": ("trial-number-once",),
    "study": ("evidence-primary-source-named",),
}
"""The rules about nodes with one key, by the group of keys."""

WHOLE = {*ORPHANS, "passage-open", *(rule for rules in LIKENESSES.values() for rule in rules), "work-replaced-circle"}
"""The rules that a batch cannot decide."""

FOCUS_NEAR = "passage-encoded-and-skipped"
"""A rule about a passage that is seen from the claim that quotes it."""

_RELATED = {OGX.sign.encode(), OGX.synonymOf.encode(), OGX.opposes.encode()}
_TYPE = RDF.type.encode()
_KEPT = {RDF.type, RDFS.subClassOf, OGX.sign}


@dataclass(slots=True)
class Verdict:
    """What was found in some batches."""

    findings: list[Finding] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    marks: list[Marks] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    deferred: dict[bytes, set[bytes]] = field(default_factory=dict)
    changed: Changed = field(default_factory=dict)
    relations: list[bytes] = field(default_factory=list)


def ask(dataset: Dataset, rule: Rule, admitted: Callable[[str], bool]) -> list[Result]:
    """What a rule over the whole finds in a batch, for the nodes that are admitted."""
    return [found for found in asked(dataset, rule) if admitted(found.focus)]


class _Rules:
    """The rules for nodes of some classes, and what they look at in the nodes near these.

    :param shapes: the shapes that apply to the classes
    :param whole: the rules over the whole that a batch can decide
    """

    def __init__(self, shapes: str, whole: list[Rule]) -> None:
        self.shapes, self.whole = Compiled(shapes), whole
        follows, asks = self.shapes.follows, set(self.shapes.asks)
        asks.update((RDF.type, RDFS.subClassOf), *(mentioned(rule.query) for rule in whole if rule.query))
        self._follows = None if follows is None else frozenset(name.encode() for name in follows)
        self._asks = frozenset(name.encode() for name in asks)

    def results(self, batch: Batch, idle: Collection[str], *, shared: bool) -> list[Result]:
        """What the rules find at the nodes that are judged in a batch.

        :raises BrokenLine: where a line is no triple
        """
        dataset = Dataset()
        dataset.load_lines(batch.brief(self._asks))
        core = batch.text if self._follows is None else batch.brief(self._follows)
        try:
            found = self.shapes.check(batch.text.decode(), dataset, core=core.decode(), idle=idle)
        except ValueError as exc:  # of the library's own parser, which gets lines that the store did not get
            raise BrokenLine(str(exc), None) from exc
        results = [result for result in found if batch.judged(result.focus)]
        for rule in self.whole:
            if rule.id == FOCUS_NEAR:
                if not shared:
                    results += ask(dataset, rule, lambda focus: True)
            elif rule.id not in idle:
                results += ask(dataset, rule, batch.judged)
        return in_order(results)


class Judge:
    """Holds batches to the rules and the texts; one for each worker.

    :param corpus: gives base, prefixes and settings
    :param files: the files of the dump, by number
    :param vocabulary: the lines of the vocabulary
    """

    def __init__(self, corpus: Corpus, files: list[str], reach: Reach, vocabulary: bytes, texts: Texts | None) -> None:
        self.corpus, self.files, self.reach, self.texts = corpus, files, reach, texts
        self.common = _common(vocabulary)
        said = said_in(self.common)
        self._above, self._occasions = _broader(said), Occasions(said)
        self._ready: dict[frozenset[str], _Rules] = {}
        self._all = shapes_text(corpus.config.hedges)
        self.rules = read_rules()

    @cached_property
    def local(self) -> list[Rule]:
        """The rules over the whole that a batch can decide for its own nodes."""
        return [rule for rule in self.rules.values() if rule.query is not None and rule.id not in WHOLE]

    def batch(self, runs: list[Run]) -> Batch:
        """The batch of some own lines."""
        return Batch.of(runs, self.reach, self.common)

    def judge(self, runs: list[Run], *, shared: bool) -> tuple[Batch, Verdict]:
        """Judge the nodes of some lines; gives their batch too, without the lines that cannot be read.

        :param shared: whether they are documents, works, entities (what claims share), else claims
        """
        batch = self.batch(runs)
        try:
            return batch, self._judged(batch, shared)
        except BrokenLine:
            batch, broken = self.mended(batch)
            verdict = self._judged(batch, shared)
            verdict.broken = broken
            return batch, verdict

    def _judged(self, batch: Batch, shared: bool) -> Verdict:
        deferred = batch.defer(f"{self.corpus.base}c/".encode())
        verdict = self.of_batch(batch, shared=shared)
        verdict.deferred = deferred
        verdict.marks.append(marks_of(batch))
        verdict.relations = [name for name, pairs in batch.own.items() if any(p in _RELATED for p, _ in pairs)]
        return verdict

    def of_batch(self, batch: Batch, *, shared: bool) -> Verdict:
        """What rules and texts find at the nodes of a batch, those put off left out."""
        verdict = Verdict()
        corpus = BatchCorpus(self.corpus, batch, self.files)
        results = self._rules(batch).results(batch, self._occasions.idle(batch), shared=shared)
        verdict.findings = [self.finding(corpus, result) for result in results]
        if self.texts is not None:
            verdict.findings += text_findings(
                corpus, self.texts, shared=shared, counts=verdict.counts, changed=verdict.changed
            )
        return verdict

    def mended(self, batch: Batch) -> tuple[Batch, list[Broken]]:
        """A batch without its lines that cannot be read, and these."""
        broken = [item for item in batch.broken(self.files) if item.file]
        runs = [part for run in batch.runs for part in _readable(run)]
        near = {
            name: Node.of(name, [part for run in node.runs for part in _readable(run)])
            for name, node in batch.near.items()
        }
        return Batch(runs, said_in(text_of(runs)), near, batch.common, batch.deferred), broken

    def readable(self, batch: Batch) -> Batch:
        """The batch, or the same without its lines that cannot be read; these are told where they are judged."""
        try:
            batch.dataset  # noqa: B018 - loading tells broken lines
        except BrokenLine:
            return self.mended(batch)[0]
        return batch

    def _rules(self, batch: Batch) -> _Rules:
        """The rules for the classes of a batch."""
        kinds = {value[1:-1].decode() for pairs in batch.own.values() for name, value in pairs if name == _TYPE}
        classes = frozenset({kind for name in kinds for kind in (name, *self._above.get(name, ()))})
        if classes not in self._ready:
            self._ready[classes] = _Rules(shapes_for(self._all, classes), self.local)
        return self._ready[classes]

    def finding(self, corpus: BatchCorpus, result: Result) -> Finding:
        """A result with its place in the dump."""
        place = corpus.index.place(result.focus, result.path, result.value)
        return Finding(*result, *place, hint=self.rules[result.rule].why)


def _valid(text: bytes) -> bool:
    try:
        for _ in read_lines(text):
            pass
    except BrokenLine:
        return False
    return True


def _readable(run: Run) -> Iterator[Run]:
    """The lines of a run that can be read."""
    if _valid(run.text):
        yield run
        return
    for number, line in enumerate(run.text.splitlines(keepends=True)):
        if _valid(line):
            yield Run(run.file, run.line + number if run.line else 0, line, run.graph)


def _common(vocabulary: bytes) -> bytes:
    """What rules ask of the vocabulary: classes, what is below what, signs."""
    kept = {f" <{predicate}> ".encode() for predicate in _KEPT}
    return b"".join(line for line in vocabulary.splitlines(keepends=True) if any(word in line for word in kept))


def _broader(said: Said) -> dict[str, set[str]]:
    """The classes above each class."""
    above: dict[str, set[str]] = {}
    direct = {
        name.decode(): {v[1:-1].decode() for p, v in pairs if p == RDFS.subClassOf.encode()}
        for name, pairs in said.items()
    }
    for name in direct:
        todo: Iterable[str] = [name]
        seen: set[str] = set()
        while todo:
            todo = {broad for item in todo for broad in direct.get(item, ()) if broad not in seen}
            seen.update(todo)
        above[name] = seen
    return above
