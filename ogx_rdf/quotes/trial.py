"""Trying to fool the gate: each class of change, applied to every quote, and what was accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from .gate import Source
from .model import Quote, Verdict
from .mutations import FALSIFICATIONS, HARMLESS, Base, Made, Mutation
from .oracle import Oracle

__all__ = ["Row", "Trial", "mutate"]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one class of changes.

    :param kind: falsification or harmless
    :param made: quotes made and checked
    :param elsewhere: made, but true of the text in another place, so not checked
    :param without: quotes in which there is nothing to change in this way
    :param accepted: quotes made that the gate accepted
    :param wrong: those that it should not have accepted, or should have
    """

    kind: str
    name: str
    made: int
    elsewhere: int
    without: int
    accepted: int
    wrong: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The row as a JSON object."""
        return {
            "kind": self.kind,
            "class": self.name,
            "made": self.made,
            "elsewhere": self.elsewhere,
            "without": self.without,
            "accepted": self.accepted,
            "wrong": list(self.wrong),
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of all the changes.

    :param quotes: how many quotes were changed
    :param untrue: those that the gate does not accept as they are; they were not changed
    """

    quotes: int
    untrue: tuple[Verdict, ...]
    rows: tuple[Row, ...]

    @property
    def passed(self) -> bool:
        """Whether every quote is accepted as it is, no falsification is, and every harmless change is."""
        return not self.untrue and not any(row.wrong for row in self.rows)

    def as_dict(self) -> dict[str, object]:
        """The trial as a JSON object."""
        return {
            "answer": "rows",
            "coverage": None,
            "rows": [row.as_dict() for row in self.rows],
            "quotes": self.quotes,
            "untrue": [verdict.as_dict() for verdict in self.untrue],
            "passed": self.passed,
        }

    def table(self) -> str:
        """The trial as Markdown tables."""
        lines = []
        for kind, head in (("falsification", "Falsification"), ("harmless", "Harmless difference")):
            rows = [row for row in self.rows if row.kind == kind]
            made, accepted = sum(row.made for row in rows), sum(row.accepted for row in rows)
            elsewhere, without = sum(row.elsewhere for row in rows), sum(row.without for row in rows)
            lines += [f"| {head} | made | true elsewhere | nothing to change | accepted |", "|---|--:|--:|--:|--:|"]
            lines += [f"| {r.name} | {r.made} | {r.elsewhere} | {r.without} | {r.accepted} |" for r in rows]
            lines += [f"| **all {len(rows)} classes** | **{made}** | {elsewhere} | {without} | **{accepted}** |", ""]
        return "\n".join(lines).rstrip()

    def text(self) -> str:
        """The trial as printed on a terminal: the tables, and every quote that was judged wrongly."""
        lines = [self.table(), ""]
        for row in self.rows:
            lines += [f"wrong: {row.name}: {words}" for words in row.wrong]
        lines += [f"not accepted as it is: {verdict.text()}" for verdict in self.untrue]
        end = "no falsification accepted, every harmless difference accepted" if self.passed else "FAILED"
        return "\n".join([*lines, f"{self.quotes} quotes: {end}"])


class _Text:
    """A text with its true quotes."""

    def __init__(self, text: str, quotes: Iterable[Quote]) -> None:
        self.text = text
        self.source, self.oracle = Source(text), Oracle(text)
        self.untrue: list[Verdict] = []
        self.bases: list[Base] = []
        for quote in quotes:
            verdict = self.source.check(quote)
            if verdict.accepted and verdict.start is not None and verdict.end is not None:
                self.bases.append(Base(quote, text, verdict.start, verdict.end, self._behind(verdict.end, quote)))
            else:
                self.untrue.append(verdict)

    def _behind(self, end: int, quote: Quote) -> str:
        """A few words of the text from beyond the gap."""
        return " ".join(self.text[end + 2 * quote.max_gap + 40 :][:400].split()[2:10])


def _draw(mutation: Mutation, base: Base, seed: str) -> Made | None:
    made = list(dict.fromkeys(mutation.make(base)))
    return Random(f"{seed}/{mutation.name}/{base.start}/{base.quote.quote}").choice(made) if made else None


def _row(kind: str, mutation: Mutation, texts: Sequence[_Text], seed: str) -> Row:
    made = elsewhere = without = accepted = 0
    wrong: list[str] = []
    for text in texts:
        for base in text.bases:
            drawn = _draw(mutation, base, seed)
            if drawn is None:
                without += 1
            elif kind == "falsification" and text.oracle.stands(drawn.quote, drawn.hidden):
                elsewhere += 1
            else:
                made += 1
                verdict = text.source.check(drawn.quote, nearby=False)
                accepted += verdict.accepted
                if verdict.accepted == (kind == "falsification"):
                    wrong.append(f"{verdict.verdict}: {drawn.quote.quote}")
    return Row(kind, mutation.name, made, elsewhere, without, accepted, tuple(wrong))


def mutate(text: str | Mapping[str, str], quotes: Iterable[Quote], *, seed: int = 0) -> Trial:
    """Apply each class of change to every quote, and count what the gate accepts.

    :param text: the text, or texts by the names that the quotes give
    :param quotes: true quotes; those that are not are reported
    :param seed: where a class can change a quote in several places, which one it takes
    """
    texts = {"": text} if isinstance(text, str) else text
    groups: dict[str, list[Quote]] = {}
    for quote in quotes:
        groups.setdefault(quote.text or next(iter(texts)), []).append(quote)
    prepared = [_Text(texts[name], group) for name, group in groups.items()]
    rows = [
        _row(kind, mutation, prepared, str(seed))
        for kind, mutations in (("falsification", FALSIFICATIONS), ("harmless", HARMLESS))
        for mutation in mutations
    ]
    untrue = tuple(verdict for one in prepared for verdict in one.untrue)
    return Trial(sum(len(one.bases) for one in prepared), untrue, tuple(rows))
