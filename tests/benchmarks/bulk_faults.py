"""Faults: which are seeded where, and how the lines of a generated dump change for them.

The faults stand in ``faults.txt``, one a line.  Each changes one unit (a claim with its passage, an entry, an entity
…) that nothing else rests on, so that its findings are exactly those that the line names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bulk_lines import evidence, report
from bulk_notes import Note, Unit
from bulk_world import BASE, EACH, Group, graph_of, iri, lit, mapping_of, typed, work

from ogx_rdf.validation.rules import read_rules

__all__ = ["Fault", "Faults", "read_faults"]

FAMILY = {"cited2": ("cited2", "cited", "twice"), "both": ("both", "cited", "twice"), "negative": ("cited", "twice")}
FAMILY |= {"cited": ("cited", "twice")}
"""Which faults a sentence can take beside those of its own kind."""

EXPECTED = {"cited": 5.0, "heading": 3.0, "resolved": 1.5, "hedged": 3.0, "measured": 2.0, "row": 3.0}
EXPECTED |= {"drug": 0.5, "aspect": 0.5, "protein": 0.5, "trial": 0.25, "arm": 0.25, "news": 0.4, "failed": 0.8}
"""About how many units of a kind a document has (else one): the first of each fault are spread over half of them."""

Slots = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of ``faults.txt``."""

    rule: str
    kind: str
    findings: tuple[tuple[str, str], ...]
    edits: tuple[str, ...]
    once: bool = False
    blank: bool = False

    @property
    def name(self) -> str:
        """The rule that it breaks."""
        return self.rule.partition("--")[0]


def read_faults() -> list[Fault]:
    """Every fault, in the order of the file."""
    found = []
    for line in (Path(__file__).parent / "faults.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        head, edits, besides = [*line.split(" | "), ""][:3]
        words = head.split()
        flag = words.pop(0) if words[0] in ("once", "blank") else ""
        rule, kind, focus = words
        more = [tuple(each.split()) for each in besides.split(" ; ") if each]
        findings = ((rule.partition("--")[0], focus), *((name, where) for name, where in more))
        found.append(Fault(rule, kind, findings, tuple(edits.split(" ; ")), flag == "once", flag == "blank"))
    return found


def _term(text: str, slots: Mapping[str, str]) -> str:
    """A term of an edit in N-Quads."""
    if text.startswith('"'):
        words, _, kind = text[1:].rpartition('"')
        # The slots hold what is escaped already.
        plain = f'"{words.format_map(slots)}"'
        return typed(plain[1:-1], kind.removeprefix("^^xsd:")) if kind.startswith("^^") else plain + kind
    name = text.format_map(slots)
    if name.startswith("_:"):
        return name
    if name.isdigit():
        return typed(name, "integer")
    if name == "a":
        return iri("rdf:type")
    node, _, ending = name.partition("~")
    known = slots.get(node)
    return iri(name) if known is None else f"<{known}{ending}>"


def _remove(chunks: Sequence[list[str]], start: str, optional: bool) -> None:
    for lines in chunks:
        kept = [line for line in lines if not line.startswith(start)]
        if len(kept) < len(lines):
            lines[:] = kept
            return
    assert optional, f"nothing to take away: {start}"


class Faults:
    """Which faults are still to be seeded, and where the next one goes.

    :param rate: of all units, about how many get a fault once each fault was seeded
    :param notes: how many documents there are
    :param free: the number of the first claim that is not there
    :param told: what notes a finding that must come
    :param blank: whether blank nodes are seeded, which the loader of a corpus refuses before any rule is asked
    """

    def __init__(
        self, rate: float, notes: int, seed: int, free: int, told: Callable[[str, str, str], None], blank: bool
    ) -> None:
        self.rate, self.told, self.free = rate, told, free
        self.rng = Random(f"faults {seed}")
        self.all: dict[str, list[Fault]] = defaultdict(list)
        for fault in read_faults():
            if blank or not fault.blank:
                self.all[fault.kind].append(fault)
        self.pending = {kind: list(faults) for kind, faults in self.all.items()}
        self.seen: dict[str, int] = defaultdict(int)
        self.step = {
            kind: max(1, int(EXPECTED.get(kind, 1.0) * notes / (2 * len(faults)))) for kind, faults in self.all.items()
        }
        self.severity = {name: rule.severity for name, rule in read_rules().items()}

    @property
    def missing(self) -> list[str]:
        """The faults for which there was no room."""
        return sorted(fault.rule for faults in self.pending.values() for fault in faults)

    def pick(self, kinds: Sequence[str], no_more: bool = False) -> Fault | None:
        """The fault that the next unit of these kinds gets, if any.

        :param no_more: whether the document has had the one fault of its kind that it may have
        """
        due = None
        for kind in kinds:
            self.seen[kind] += 1
            at = (len(self.all[kind]) - len(self.pending.get(kind, ()))) * self.step.get(kind, 1)
            if due is None and self.pending.get(kind) and self.seen[kind] > at:
                due = next((fault for fault in self.pending[kind] if not (no_more and fault.once)), None)
        if due is not None:
            self.pending[due.kind].remove(due)
            return due
        if self.rng.random() < self.rate:
            open_to = [fault for kind in kinds for fault in self.all[kind] if not (no_more and fault.once)]
            return self.rng.choice(open_to) if open_to else None
        return None

    def seed(self, fault: Fault, slots: Slots, chunks: Sequence[list[str]]) -> None:
        """Change the lines: what is added goes to the first chunk that holds its graph, else to the last one."""
        for edit in fault.edits:
            sign, subject, *rest = edit.split(" ", 3)
            if sign == "!":
                continue
            node = _term(subject, slots)
            if sign == "+":
                predicate, obj = (_term(text, slots) for text in rest)
                graph = slots["graph"] if node.startswith("_:") else graph_of(node)
                end = f" {graph} .\n"
                home = next((lines for lines in chunks if lines and lines[0].endswith(end)), chunks[-1])
                home.append(f"{node} {predicate} {obj}{end}")
            else:
                start = " ".join([node, *(_term(text, slots) for text in rest)]) + " "
                _remove(chunks, start, sign == "-?")
        for rule, focus in fault.findings:
            self.told(rule, self.severity.get(rule, "violation"), _term(focus, slots))

    # --- where ---------------------------------------------------------------------------------------------------

    def shared(self, group: Group, lines: list[str]) -> None:
        """Seed faults in the entities of a group."""
        drug, protein = f"{group.number}", mapping_of(group.y)
        base = {"x": group.x, "y": group.y, "z": group.z, "t": group.t, "regimen": group.regimen, "arm": group.arms[0]}
        slots = {name: each[1:-1] for name, each in {**base, "mapped": protein}.items()}
        slots["record"] = f"https://example.org/trials/{group.number}"
        slots["sponsor"] = f"sponsor:BULK-{group.number:05}"
        kinds = ["drug", "protein", "aspect", "extra", "extra", "extra"]
        for number, kind in enumerate([*kinds, *(["trial", "arm"] if group.trial else [])]):
            if fault := self.pick([kind]):
                slots["j"] = f"{drug}-{number}"
                slots["echo"] = iri(f"ogx:echoes-{slots['j']}")[1:-1]
                self.seed(fault, slots, [lines])

    def works(self, first: int, lines: list[str]) -> None:
        """Seed a fault in the works of a document."""
        if fault := self.pick(["work"]):
            of = first // EACH
            slots = {
                "w": work(first + 1)[1:-1],
                "w0": work(first)[1:-1],
                "j": str(of),
                "doi": f"doi:10.9999/bulk.{first}",
            }
            slots["x"] = f"{BASE}entity/{Group(of // 2).drug}"
            self.seed(fault, slots, [lines])

    def note(self, note: Note, document: list[str], claims: list[list[str]], tension: list[str]) -> None:
        """Seed faults in a document, its claims and its tension; a document with another digest has no other."""
        slots = {"d": note.name[1:], "j": str(note.number), "graph": f"{note.name}>"}
        slots |= {"longer": str(len(note.text) + 1), "otherhash": note.places[0].sha256}
        if fault := self.pick(["alone"]) or self.pick(["document"]):
            last = note.places[-1]
            self.seed(fault, slots | {"last": last.name[1:]}, [document])
            if fault.edits[0].startswith("!"):
                line = note.text[last.start :].replace("Journal", "Yearbook") if "! changed" in fault.edits else ""
                note.text = note.text[: last.start] + line
            if fault.kind == "alone":
                return
        _Seeding(self, note, document, fault is not None and fault.once).claims(claims)
        if fault := self.pick(["tension"]):
            said = next(line for line in tension if "#said>" in line).split(" ")
            slots |= {"s": said[0][1:-1], "said": said[2][1:-1], "w": work(note.number * EACH)[1:-1]}
            self.seed(fault, slots | {"e9999": f"{slots['d']}.none"}, [tension])


class _Seeding:
    """The faults of one document."""

    def __init__(self, faults: Faults, note: Note, document: list[str], had: bool) -> None:
        self.faults, self.note, self.document, self.had = faults, note, document, had
        self.former: Unit | None = None

    def _pick(self, kinds: Sequence[str]) -> Fault | None:
        fault = self.faults.pick(kinds, no_more=self.had)
        self.had = self.had or (fault is not None and fault.once)
        return fault

    def claims(self, claims: list[list[str]]) -> None:
        """Seed faults in claims, headings and entries."""
        for unit, lines in zip(self.note.units, claims, strict=True):
            kinds = [k for k in FAMILY.get(unit.kind, (unit.kind,)) if k != "twice" or self.former]
            if not unit.free:
                continue
            fault = self._pick(kinds)
            if fault is None:
                self.former = unit if unit.kind in FAMILY else self.former
                continue
            late: list[str] = []
            self.faults.seed(fault, self._slots(unit), [lines, self.document, late])
            lines += late
            self.former = None if fault.kind == "twice" else self.former
        for place in self.note.places:
            if place.skipped in ("heading", "caption") and not place.cells and (fault := self._pick(["heading"])):
                slots = {"h": place.name[1:], "d": self.note.name[1:], "a": str(place.start), "b": str(place.end)}
                slots |= {"afew": str(place.start + 3), "otherhash": self.note.sha256}
                self.faults.seed(fault, slots, [self.document])
        for label, known, words, _ in self.note.entries[EACH:8]:
            kind = {"7": "lost", "8": "guessed"}.get(label, "resolved")
            usable = known is not None and known // EACH != self.note.number and self.note.cited[label]
            if usable and not (label == "7" and self.note.number % 40 == 17) and (fault := self._pick([kind])):
                name = self.note.name[1:]
                slots = {
                    "f": f"{name}.ref{label}",
                    "wrong": lit("X" + words[1:])[1:-1],
                    "j": f"{self.note.number}-{label}",
                }
                self.faults.seed(fault, slots, [self.document])

    def _slots(self, unit: Unit) -> Slots:
        note, of, j = self.note, self.note.group, str(unit.number)
        c, d = unit.name[1:], note.name[1:]
        new = self.faults.free
        self.faults.free += 1
        slots = {"c": c, "d": d, "j": j, "x": of.x[1:-1], "y": of.y[1:-1], "z": of.z[1:-1], "graph": f"<{c}>"}
        slots |= {"back": f"{BASE}c/{unit.number - 1:04}", "new": f"{BASE}c/{new:04}", "odd": f"{BASE}c/odd{j}"}
        slots |= {"far": f"{c}.{note.id}-p9999", "again": f"{c}.none-{j}-r01"}
        if unit.reports:
            number = unit.reports[-1 if unit.kind == "news" else 0]
            slots |= {"r": report(unit, number)[1:], "rw": work(number)[1:-1], "rn": f"{report(unit, number)[1:]}.m"}
        if unit.place is not None:
            slots |= self._place(unit)
        if unit.measured is not None:
            slots |= {"n": slots.get("e", "") + ".m", "value": unit.measured[1]}
            slots |= {"many": str(unit.measured[4]), "noun": unit.measured[5]}
        if unit.kind == "hedged":
            hedge = unit.extra[0][1].strip('"')
            slots |= {"hedge": hedge, "part": hedge[:-1]}
        if self.former is not None:
            old = self.former
            slots |= {"os": old.subject[1:-1], "op": iri(old.relation)[1:-1], "oo": old.object[1:-1]}
            slots |= {"opolarity": iri(f"ogx:{old.polarity}")[1:-1]}
            slots |= {"later": max(c, old.name[1:]), "earlier": min(c, old.name[1:])}
        return slots

    def _place(self, unit: Unit) -> Slots:
        """What is printed where the claim is made."""
        note, place = self.note, unit.place
        assert place is not None
        e, p, first = evidence(unit, place)[1:], place.name[1:], re.split(r"\W", unit.quote)[0]
        title = note.places[0]
        end = unit.start + len(unit.quote)
        slots = {"e": e, "p": p, "k": f"{p}.c3", "place": e.partition(f"{unit.number:04}.")[2]}
        slots |= {"quote": lit(unit.quote)[1:-1], "wrong": lit("X" + unit.quote[1:])[1:-1], "first": first}
        numbers = {"a": unit.start, "b": end, "before": unit.start - 1, "shorter": end - 1, "after": place.end + 3}
        numbers |= {"firstend": unit.start + len(first), "ps": place.start, "pe": place.end, "titleend": title.end}
        slots["title"] = note.text[: title.end]
        if place.markers:
            start, end, label = place.markers[0]
            other = str(int(label) % 8 + 1)
            slots |= {"m": f"{p}.m1", "m2": f"{p}.m2", "label": label, "otherlabel": other}
            slots |= {"ref": f"{note.name[1:]}.ref{label}", "ref2": f"{note.name[1:]}.ref{other}"}
            slots |= {"f": f"{note.name[1:]}.ref{unit.number}x"}
            numbers |= {"ms": start, "me": end}
            _, _, words, entry = note.entries[int(label) - 1]
            slots |= {"refp": entry.name[1:], "reft": lit(words)[1:-1]}
        if place.cells:
            numbers |= {"ks": place.cells[-1][1], "ke": place.cells[-1][2]}
        return slots | {name: str(number) for name, number in numbers.items()}
