"""One generated document: its text with the places of everything in it, and the claims that it makes.

The sentences are plain and say invented things of invented drugs.  Passages, markers, cells and entries are cut here
as they are written, and a test compares them with what ``source add`` cuts from the finished text.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from bulk_world import BASE, EACH, POOLS, Group, group, work_title

ENTRIES = 8
"""Entries of a list that are cited: four works of the document's own, two others, one unknown, one guessed."""

CYCLE = ["cited", "measured", "unsigned", "hedged", "cited2", "negative", "through", "cited", "both", "hedged", "cited"]
SIGNED = {
    "inhibits": ("inhibit", "inhibiting"),
    "activates": ("activate", "activating"),
    "reduces": ("reduce", "reducing"),
    "increases": ("increase", "increasing"),
    "suppresses": ("suppress", "suppressing"),
    "induces": ("induce", "inducing"),
    "prevents": ("prevent", "preventing"),
    "promotes": ("promote", "promoting"),
    "enhances": ("enhance", "enhancing"),
    "disrupts": ("disrupt", "disrupting"),
}
UNSIGNED = ("modulates", "regulates", "affects", "mediates")
HEDGES = (
    ("may", "hedged"),
    ("could", "hedged"),
    ("might", "hedged"),
    ("is designed to", "intended"),
    ("can", "capability"),
    ("is expected to", "outlook"),
)


class World(Protocol):
    """What a document asks of the world around it."""

    seed: int

    def told(self, rule: str, severity: str, focus: str) -> None: ...
    def popular(self, rng: Random) -> Group: ...
    def any_work(self, rng: Random, note: int, slot: int | None = None) -> int: ...
    def pick(self, pool: str, rng: Random) -> int: ...
    def use(self, pool: str, number: int) -> str: ...
    def take(self, pool: str, rng: Random) -> tuple[str, str]: ...


@dataclass(slots=True)
class Place:
    """A passage: where it stands, and what is printed in it."""

    name: str
    start: int
    end: int
    kind: str
    section: str
    line: int
    sha256: str
    skipped: str = ""
    markers: list[tuple[int, int, str]] = field(default_factory=list)
    row: int | None = None
    cells: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Unit:
    """A claim, with the words that state it.

    :param kind: which sort of sentence it stands in
    :param free: whether a fault may be seeded in it: nothing else rests on it as it is
    """

    number: int
    kind: str
    subject: str
    relation: str
    object: str
    label: str
    claim_kind: str = "mechanism"
    polarity: str = "positive"
    context: tuple[tuple[str, str], ...] = ()
    place: Place | None = None
    quote: str = ""
    start: int = 0
    extra: tuple[tuple[str, str], ...] = ()
    certainty: str = "asserted"
    measured: tuple[str, str, str, str, int, str] | None = None
    reports: list[int] = field(default_factory=list)
    free: bool = True
    again: list[tuple[Place, str, int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The IRI of the claim, open at its end."""
        return f"<{BASE}c/{self.number:04}"


class Note:
    """A document while it is written, and afterwards.

    :param number: which document it is
    :param first: the number of its first claim
    :param count: how many claims it makes
    :param keys: what the claims of its group say already, so that none is made twice
    """

    def __init__(self, number: int, first: int, count: int, world: World, before: Note | None) -> None:
        self.number, self.first, self.count, self.world = number, first, count, world
        self.id = f"note-{number + 1:05}"
        self.name = f"<{BASE}doc/{self.id}"
        self.rng = Random(f"{world.seed}/{number}")
        self.group: Group = group(number // 2)
        self.before = before
        self.keys: set[tuple[str, ...]] = before.keys if before and number % 2 else set()
        self.places: list[Place] = []
        self.units: list[Unit] = []
        self.cited: Counter[str] = Counter()
        self.unknown: set[str] = set()
        self.again: set[str] = set()
        self._parts: list[str] = []
        self._at, self._line, self._section = 0, 1, ""
        self.entries: list[tuple[str, int | None, str, Place]] = []
        self._write()
        self.text = "".join(self._parts)
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()

    # --- writing ---------------------------------------------------------------------------------------------

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)
        self._line += text.count("\n")

    def _passage(self, text: str, kind: str, skipped: str = "", markers: Iterable[str] = ()) -> Place:
        """Write a passage with its markers behind it."""
        begin, spans = self._at, []
        printed = text
        for label in markers:
            spans.append((begin + len(printed), begin + len(printed) + len(label) + 2, label))
            printed += f"[{label}]"
            self.cited[label] += 1
        self._put(printed)
        name = f"{self.name}.p{len(self.places) + 1:03}"
        digest = hashlib.sha256(printed.encode()).hexdigest()
        place = Place(name, begin, self._at, kind, self._section, self._line, digest, skipped, spans)
        self.places.append(place)
        return place

    def _heading(self, text: str) -> None:
        if self._at:
            self._put("\n\n")
        self._section = text
        self._passage(text, "heading", "heading")
        self._put("\n\n")

    def _labels(self, count: int = 1) -> list[str]:
        """The next labels of the reference list, each in turn."""
        turn = sum(self.cited.values())
        return [str(1 + (turn + step) % ENTRIES) for step in range(count)]

    def _sentence(self, text: str, markers: Iterable[str] = ()) -> Place:
        place = self._passage(text, "sentence", "", markers)
        self._put("\n\n" if len(self.places) % 7 == 0 else " ")
        return place

    # --- what it says ----------------------------------------------------------------------------------------

    def _write(self) -> None:
        rows = 6 if self.count >= 30 else 1
        sign = " 𝛽" if self.number % 10 == 0 else ""
        self._heading(f"Notes {self.number + 1} on {self.group.drug.capitalize()}{sign}")
        self._author()
        self._heading("Findings")
        ready = ["cited", "aspect"]
        if self.group.trial:
            ready += ["trial"] * 3 + ["failed"] * 2 + ["news"]
        ready += ["reported"]
        turn = 0
        while (left := self.count - rows - len(self.units)) > 0:
            kind = ready.pop(0) if ready else CYCLE[turn % len(CYCLE)]
            turn += 0 if ready else 1
            self._say("cited" if kind == "through" and left < 2 else kind)
            if turn == 5:
                self._of_others()
        if self.number % 40 == 7:
            self._sentence(f"Nothing more was read of {self.group.drug}.")
        if self._parts[-1] == " ":
            self._parts.pop()
            self._at -= 1
        elif self._parts[-1] == "\n\n":
            self._parts.pop()
            self._at -= 2
            self._line -= 2
        self._table(rows)
        self._references()

    def _unit(self, kind: str, subject: str, relation: str, obj: str, label: str) -> Unit:
        unit = Unit(self.first + len(self.units), kind, subject, f"ogx:{relation}", obj, label)
        self.units.append(unit)
        return unit

    def _author(self) -> None:
        press, name = self.world.take("press", self.rng)
        text = f"Author: {name}"
        unit = self._unit("author", f"{self.name}>", "hasAuthor", press, f"the notes {self.id} have the author {name}")
        unit.claim_kind, unit.quote, unit.start, unit.free = "bibliographic", text, self._at, False
        unit.place = self._passage(text, "metadata")

    def _say(self, kind: str) -> None:
        makers: dict[str, Callable[[str], None]] = {
            "aspect": self._hedged,
            "hedged": self._hedged,
            "measured": self._measured,
            "unsigned": self._unsigned,
            "through": self._through,
            "trial": self._trial,
            "failed": self._failed,
            "news": self._failed,
            "reported": self._reported,
        }
        makers.get(kind, self._plain)(kind)

    def _fresh(self, make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """Something that the group has not said yet."""
        while True:
            key = make()
            if key not in self.keys:
                self.keys.add(key)
                return key

    def _drug_says(self, own: bool = False) -> tuple[str, str, str]:
        """A relation, an object and its name: what the drug of the group does to something."""

        def make() -> tuple[str, ...]:
            relation = self.rng.choice(list(SIGNED))
            if own and self.rng.random() < 0.9:
                return relation, self.group.y, self.group.protein
            if self.rng.random() < 0.5:
                return relation, *self.world.take("process", self.rng)
            other = self.world.popular(self.rng)
            return relation, other.y, other.protein

        relation, obj, name = self._fresh(make)
        return relation, obj, name

    def _plain(self, kind: str) -> None:
        relation, obj, name = self._drug_says(own=len(self.units) == 1)
        drug = self.group.drug
        verb = f"does not {SIGNED[relation][0]}" if kind == "negative" else relation
        aside = ', "the anchor",' if self.rng.random() < 0.1 else ""
        words = f"{drug.capitalize()}{aside} {verb} {name}"
        unit = self._unit(kind, self.group.x, relation, obj, f"{drug} {verb} {name}")
        unit.polarity = "negative" if kind == "negative" else "positive"
        unit.quote, unit.start = words, self._at
        markers = self._labels(2 if kind == "cited2" else 1)
        if kind == "cited2" and self.number % 40 == 13 and not self.unknown:
            markers[1] = "77"
            self.unknown.add("77")
            unit.free = False
        unit.place = self._sentence(f"{words}.", markers)
        if kind == "both":
            unit.reports.append(self.world.any_work(self.rng, self.number, 1))

    def _hedged(self, kind: str) -> None:
        def make() -> tuple[str, ...]:
            if kind != "aspect" and self.rng.random() < 0.3:
                return self.rng.choice(list(SIGNED)), *self.world.take("process", self.rng)
            of = self.group if kind == "aspect" else self.world.popular(self.rng)
            return self.rng.choice(list(SIGNED)), of.z, f"{of.protein} synthesis"

        relation, obj, name = self._fresh(make)
        hedge, certainty = self.rng.choice(HEDGES)
        unit = self._unit("hedged", self.group.x, relation, obj, f"{self.group.drug} {relation} {name}")
        unit.quote = f"{hedge} {SIGNED[relation][0]} {name}"
        unit.start, unit.certainty = self._at + 3, certainty
        leans = self.places[-1].name
        unit.extra = (("ogx:hedge", f'"{hedge}"'), ("ogx:reliesOn", f"{leans}>"))
        way = next((u for u in reversed(self.units[:-1]) if u.kind == "cited" and self.rng.random() < 0.5), None)
        if way:
            unit.extra += (("ogx:via", f"{way.name}>"),)
        unit.place = self._sentence(f"It {unit.quote}.", self._labels())

    def _unsigned(self, kind: str) -> None:
        def make() -> tuple[str, ...]:
            return ("unsigned", *self.world.take("pathway", self.rng))

        _, obj, name = self._fresh(make)
        relation = self.rng.choice(UNSIGNED)
        words = f"{self.group.protein.capitalize()} {relation} the {name}"
        unit = self._unit(kind, self.group.y, relation, obj, f"{self.group.protein} {relation} the {name}")
        unit.quote, unit.start = words, self._at
        unit.extra = (("ogx:doesNotState", "ogx:directionField"),)
        unit.place = self._sentence(f"{words}.")

    def _through(self, kind: str) -> None:
        drug = self.group.drug
        by, middle, called = self._drug_says()
        relation, obj, name = self._drug_says()
        way = self._unit("through", self.group.x, by, middle, f"{drug} {by} {called}")
        unit = self._unit("through", self.group.x, relation, obj, f"{drug} {relation} {name}")
        way.quote, unit.quote = f"{SIGNED[by][1]} {called}", f"{drug} {relation} {name}"
        text = f"By {way.quote}, {unit.quote}."
        way.start, unit.start = (self._at + text.index(words) for words in (way.quote, unit.quote))
        way.extra = (("ogx:manner", "ogx:presupposed"),)
        unit.extra = (("ogx:via", f"{way.name}>"),)
        way.place = unit.place = self._sentence(text, self._labels())
        way.free = unit.free = False

    def _number(self) -> int:
        return self.rng.randrange(20, 5000)

    def _measured(self, kind: str) -> None:
        def make() -> tuple[str, ...]:
            of = self.world.popular(self.rng)
            if self.rng.random() < 0.3:
                return ("decreases", *self.world.take("process", self.rng))
            return "decreases", of.y, of.protein

        relation, obj, name = self._fresh(make)
        value, n, drug = f"{self.rng.randrange(100, 999) / 10}", self._number(), self.group.drug
        words = f"the median {name} score decreased by {value} percent in {n:,} samples"
        unit = self._unit(kind, self.group.x, relation, obj, f"{drug} {relation} {name}")
        unit.claim_kind, unit.quote = "preclinicalResult", words
        lead = f"With {drug}, "
        unit.start = self._at + len(lead)
        unit.measured = (f"{name} score", value, "unit:PERCENT", "median", n, "samples")
        unit.place = self._sentence(f"{lead}{words}.", self._labels())

    def _endpoint(self, what: str) -> tuple[str, str]:
        _, obj, name = self._fresh(lambda: (what, *self.world.take("endpoint", self.rng)))
        return obj, name

    def _trial(self, kind: str) -> None:
        of = self.group
        obj, name = self._endpoint("hasOutcome")
        value, n = f"{self.rng.randrange(20, 400) / 10}", self._number()
        words = f"median {name} was {value} months in {n:,} patients"
        unit = self._unit("measured", of.t, "hasOutcome", obj, f"{of.trial} has the outcome {name}")
        unit.claim_kind, unit.context, unit.quote = "trialResult", (("ogx:inTrial", of.t),), words
        lead = f"In the {of.trial} trial, "
        unit.start = self._at + len(lead)
        unit.measured = (name, value, "unit:MO", "median", n, "patients")
        unit.place = self._sentence(f"{lead}{words}.", self._labels())

    def _failed(self, kind: str) -> None:
        """A trial result that was read in the report of the trial, and in the news."""
        of = self.group
        obj, name = self._endpoint("improves")
        care = self.world.take("care", self.rng)[0]
        what = f"{of.drug} with best care was not shown to improve {name} ({of.trial})"
        unit = self._unit(kind, of.regimen, "improves", obj, what)
        unit.claim_kind, unit.polarity = "trialResult", "notShown"
        unit.context = (("ogx:inTrial", of.t), ("ogx:against", care))
        value, n = f"{self.rng.randrange(70, 110) / 10}", self._number()
        unit.measured = (name, value, "unit:MO", "median", n, "patients")
        own = self.number * EACH
        unit.reports = [own, own + 2] if kind == "news" else [own + 3, own]
        unit.quote = f"The median {name} was {value} months in {n:,} patients, not significant."

    def _reported(self, kind: str) -> None:
        relation, obj, name = self._drug_says()
        unit = self._unit(kind, self.group.x, relation, obj, f"{self.group.drug} {relation} {name}")
        unit.quote = f"The authors find that {self.group.drug} {relation} {name}."
        unit.reports = [self.world.any_work(self.rng, self.number, 1)]

    def _of_others(self) -> None:
        """A claim of the document before stated again, and another one contradicted."""
        before = self.before
        if before is None:
            return
        plain = [unit for unit in before.units if unit.kind == "cited" and unit.free and not unit.again]
        if self.number % 2 and len(plain) > 4:
            old = plain[self.rng.randrange(1, len(plain))]
            start, text = self._at + 7, f"Again, {old.label}."
            place = self._sentence(text, self._labels())
            self.again.add(place.name)
            old.again.append((place, old.label, start))
            old.free = False
        if self.number % 3 == 0 and len(plain) > 4 and len(self.units) < self.count - 6:
            old = plain[0]
            if old.free:
                self._contradict(old, before)

    def _contradict(self, old: Unit, before: Note) -> None:
        drug, verb = before.group.drug, old.relation.removeprefix("ogx:")
        name = old.label.removeprefix(f"{drug} {verb} ")
        words = f"{drug.capitalize()} does not {SIGNED[verb][0]} {name}"
        unit = self._unit("twin", old.subject, verb, old.object, f"{drug} does not {SIGNED[verb][0]} {name}")
        unit.polarity, unit.quote, unit.start = "negative", words, self._at
        unit.place = self._sentence(f"{words}.", self._labels())
        unit.free = old.free = False
        self.world.told("claim-twin", "info", min(f"{unit.name}>", f"{old.name}>"))

    def _table(self, rows: int) -> None:
        self._put("\n\n")
        self._passage("Table 1: Models", "caption", "caption")
        self._put("\n\n")
        header = self._row(("Model", "Outcome", "Reference"), 0)
        header.skipped = "heading"
        for number in range(rows):
            self._put("\n")
            process, what = self.world.take("process", self.rng)
            model, of = self._fresh(lambda p=process: (p, *self._model()))[1:3]  # type: ignore[misc]
            names = POOLS["model"][1][int(model)], POOLS["disease"][1][int(of)]
            begin, words = self._at + len(f"{names[0]} ({names[1]})\t"), f"Increased {what}"
            unit = self._unit("row", self.group.x, "increases", process, f"{self.group.drug} increases {what}")
            place = self._row((f"{names[0]} ({names[1]})", words, f"[{self._labels()[0]}]"), number + 1)
            unit.claim_kind, unit.place, unit.quote, unit.start = "preclinicalResult", place, words, begin
            context = ("disease", int(of)), ("model", int(model))
            unit.context = tuple((f"ogx:in{pool.capitalize()}", self.world.use(pool, each)) for pool, each in context)
            unit.label += f" in {names[0]}"
            unit.extra = (("ogx:reliesOn", f"{header.name}>"),)

    def _model(self) -> tuple[str, str]:
        return tuple(str(self.world.pick(pool, self.rng)) for pool in ("model", "disease"))  # type: ignore[return-value]

    def _row(self, cells: tuple[str, ...], number: int) -> Place:
        text, begin = "\t".join(cells), self._at
        place = self._passage(text, "tableRow" if number else "tableHeader")
        place.row = number
        for column, cell in enumerate(cells, 1):
            place.cells.append((column, begin, begin + len(cell)))
            begin += len(cell) + 1
        if number:
            label = cells[-1][1:-1]
            place.markers.append((place.cells[-1][1], place.cells[-1][2], label))
            self.cited[label] += 1
        return place

    def _references(self) -> None:
        self._heading("References")
        own = self.number * EACH
        others = [self.world.any_work(self.rng, self.number) for _ in range(4)]
        last = ENTRIES + (self.number % 40 == 11)
        for number in range(1, last + 1):
            known = own + number - 1 if number <= EACH else others[number - EACH - 1] if number <= ENTRIES else None
            title = work_title(known) if known is not None else "A letter that nobody cites"
            words = f"{title} - Journal of Examples [journals.example.org]"
            place = self._passage(f"- {number}. {words}", "reference", "pointer")
            self._put("\n")
            self.entries.append((str(number), known, words, place))
