"""Comparing a corpus with another version of a document: which passages moved, changed or vanished.

The corpus holds no text, so passages are recognised by their digests; one that changed is recognised by its
place between neighbours that did not, and by the quotes taken from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..corpus import Corpus
from ..errors import InputError
from ..model import Finding, Iri, Passage
from ..namespaces import OGX
from ..turtle import natural_key
from .nearest import Nearest, likeness, nearest, short
from .places import FoundText
from .segment import digest, line_of, segment
from .stored import Stored, StoredDocument, StoredQuote, finding

__all__ = ["PassageChange", "compare_versions", "match_passages"]

ALIKE = 0.6
"""How much of a quote must stand in a passage for this to be taken as the same passage, changed."""


@dataclass(frozen=True, slots=True)
class PassageChange:
    """A passage that is not where or what it was.

    :param state: ``moved`` (same words, other place), ``changed``, ``vanished``; ``unchanged``: only a quote differs
    :param claims: those whose evidence quotes the passage or leans on it
    :param lost: quotes from it that no longer stand, each with the nearest text
    """

    passage: Iri
    name: str
    sha256: str
    state: str
    old: tuple[int, int] | None
    new: tuple[int, int] | None
    line: int | None
    claims: tuple[str, ...]
    nearest: str | None = None
    lost: tuple[tuple[StoredQuote, Nearest | None], ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The change as a JSON object."""
        return {
            "passage": self.name,
            "state": self.state,
            "old": list(self.old) if self.old else None,
            "new": list(self.new) if self.new else None,
            "line": self.line,
            "claims": list(self.claims),
            "nearest": self.nearest,
            "lost": [
                {
                    "evidence": quote.iri,
                    "quote": quote.text,
                    "nearest": near.text if near else None,
                    "character": near.character if near else None,
                }
                for quote, near in self.lost
            ],
        }


def _refuse_cut(document: StoredDocument, found: FoundText) -> None:
    """A file that ends within a passage, with everything before it as recorded, was not saved in full."""
    size = len(found.text)
    before = [p for p in document.passages if p.span and p.span[1] <= size]
    within = [p for p in document.passages if p.span and p.span[0] < size < p.span[1]]
    if (
        found.given
        and within
        and before
        and all(digest(found.text[slice(*p.span)]) == p.text for p in before if p.span)
    ):
        raise InputError(
            "E348",
            f"the file is cut short: it ends within {within[0].iri.rpartition('/')[2]}, after {size} characters; "
            f"the recorded text has {document.length}",
            file=str(found.file),
            line=line_of(found.text, size),
            hint="Get the file again.",
        )


class _Matcher:
    """Finds the passages of a document again in another version of its text.

    ``spans`` gives the new place of each old passage, by its position; those not found are left out.
    """

    def __init__(self, document: StoredDocument, text: str) -> None:
        self.text = text
        self.old = document.passages
        self.new = segment(text)
        self.spans: dict[int, tuple[int, int]] = {}
        self.free = set(range(len(self.new)))
        self.words = [_words(text[p.start : p.end]) for p in self.new]
        self.quotes: dict[Iri, list[StoredQuote]] = defaultdict(list)
        for quote in document.quotes:
            self.quotes[quote.passage].append(quote)
        self._match()

    def _match(self) -> None:
        matcher = SequenceMatcher(None, [p.text for p in self.old], [p.sha256 for p in self.new], autojunk=False)
        gaps = []
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                for i, j in zip(range(a, b), range(c, d), strict=True):
                    self._take(i, j)
            else:
                gaps.append((range(a, b), range(c, d)))
        self._same_words()
        for olds, news in gaps:
            self._quoted(olds, news)
            self._unquoted(olds, news)
        self._quoted(range(len(self.old)), range(len(self.new)))

    def _take(self, i: int, j: int) -> None:
        self.spans[i] = (self.new[j].start, self.new[j].end)
        self.free.discard(j)

    def _left(self, olds: range) -> list[int]:
        return [i for i in olds if i not in self.spans]

    def _same_words(self) -> None:
        """Passages that stand elsewhere word for word."""
        places: dict[str, list[int]] = defaultdict(list)
        for j in sorted(self.free):
            places[self.new[j].sha256].append(j)
        for i in self._left(range(len(self.old))):
            if same := places.get(self.old[i].text):
                self._take(i, same.pop(0))

    def _quoted(self, olds: range, news: range) -> None:
        """Passages that hold most of what was quoted from them."""
        for i in self._left(olds):
            quotes = [quote.text for quote in self.quotes[self.old[i].iri] if quote.text]
            wanted = _words(" ".join(quotes))
            free = [j for j in news if j in self.free]
            # Matching characters is slow, so only those that share most words with the quotes are looked at closely.
            near = sorted(free, key=lambda j: -len(wanted & self.words[j]))[:3] if quotes else []
            scored = [(min(self._likeness(j, quote) for quote in quotes), -j) for j in near]
            if scored and max(scored)[0] >= ALIKE:
                self._take(i, -max(scored)[1])

    def _likeness(self, j: int, quote: str) -> float:
        return likeness(self.text[self.new[j].start : self.new[j].end], quote)

    def _unquoted(self, olds: range, news: range) -> None:
        """Passages without quotes: the next free one of the same kind at the same place."""
        for i in self._left(olds):
            same = [j for j in news if j in self.free and self.new[j].kind == self.old[i].label]
            if same and not self.quotes[self.old[i].iri]:
                self._take(i, same[0])


def match_passages(document: StoredDocument, text: str) -> tuple[dict[Iri, Passage], list[Passage]]:
    """Find the passages of a document again in another version of its text.

    :returns: the new passage of each old one that was found again, and the passages that are new
    """
    matcher = _Matcher(document, text)
    spans = {(passage.start, passage.end): passage for passage in matcher.new}
    found = {matcher.old[i].iri: spans[span] for i, span in matcher.spans.items()}
    return found, [matcher.new[j] for j in sorted(matcher.free)]


def _words(text: str) -> set[str]:
    return set(text.lower().split())


def _near(text: str, quote: str, spans: Sequence[tuple[int, int]], expected: tuple[int, int] | None) -> Nearest | None:
    """The nearest text, where it is at all like the quote."""
    near = nearest(text, quote, spans, expected) if quote else None
    return near if near and likeness(near.text, quote) >= ALIKE else None


def _change(
    corpus: Corpus, matcher: _Matcher, i: int, stored: Stored, spans: Sequence[tuple[int, int]]
) -> PassageChange | None:
    """What became of the passage at position ``i``; None where it stands as it did, with its quotes."""
    passage, text, new = matcher.old[i], matcher.text, matcher.spans.get(i)
    words = text[slice(*new)] if new else ""
    lost = tuple(
        (quote, _near(text, quote.text, spans, new))
        for quote in matcher.quotes[passage.iri]
        if not quote.text or quote.text not in words
    )
    if new is None:
        state = "vanished"
    elif digest(words) != passage.text:
        state = "changed"
    elif new != passage.span:
        state = "moved"
    elif lost:
        state = "unchanged"
    else:
        return None
    claims = {quote.claim for quote in matcher.quotes[passage.iri] if quote.claim}
    claims.update(stored.relying.get(passage.iri, ()))
    return PassageChange(
        passage=passage.iri,
        name=corpus.curie(passage.iri),
        sha256=passage.text,
        state=state,
        old=passage.span,
        new=new,
        line=line_of(text, new[0]) if new else None,
        claims=tuple(corpus.curie(c) for c in sorted(claims, key=natural_key)),
        nearest=words or None,
        lost=lost,
    )


def _findings(corpus: Corpus, change: PassageChange) -> list[Finding]:
    claims = f" Claims touched: {', '.join(change.claims)}." if change.claims else ""
    lost = next(((quote, near) for quote, near in change.lost if near), None)
    where = ""
    if lost and lost[1]:
        near = lost[1]
        where = f' Nearest to "{short(lost[0].text)}": "{short(near.text)}" differs at character {near.character}: '
        where += f"{near.difference}."
    elif change.state == "changed" and change.claims:
        where = " Its quotes still stand in it."
    if change.state in ("changed", "vanished"):
        rule, at = ("E111", f"changed; it is at line {change.line} now") if change.new else ("E112", "vanished")
        hint = "Read it, and place its quotes again." if change.new else "Look for what replaced it."
        message = f"passage {change.name} {at}.{claims}{where}"
        return [finding(corpus, rule, change.passage, OGX.sha256, change.sha256, message, hint)]
    hint = "The passage has not changed, so the claim was edited. Restore the quote."
    return [
        finding(corpus, "E101", quote.iri, OGX.quote, quote.text, f"{change.name}: quote not found.{where}", hint)
        for quote, _ in change.lost
    ]


def _ranges(matcher: _Matcher, changes: Sequence[PassageChange]) -> str:
    """The passages that moved, as ``(p018-p026, p028)``."""
    moved = {change.passage for change in changes if change.state == "moved"}
    runs: list[list[str]] = []
    for i, passage in enumerate(matcher.old):
        if passage.iri in moved:
            if not i or matcher.old[i - 1].iri not in moved:
                runs.append([])
            runs[-1].append(passage.iri.rpartition(".")[2])
    shown = ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f" ({shown})" if shown else ""


def compare_versions(
    corpus: Corpus, document: StoredDocument, stored: Stored, found: FoundText
) -> tuple[list[PassageChange], list[Finding]]:
    """Tell which passages moved, changed or vanished, and which claims this touches.

    :raises InputError: for a file given by the user that is the recorded text, cut short
    """
    _refuse_cut(document, found)
    matcher = _Matcher(document, found.text)
    spans = [(p.start, p.end) for p in matcher.new]
    results = [_change(corpus, matcher, i, stored, spans) for i in range(len(matcher.old))]
    changes = [change for change in results if change is not None]
    counts = Counter(change.state for change in changes)
    touched = sorted({c for x in changes if x.state in ("changed", "vanished") for c in x.claims}, key=natural_key)
    message = (
        f"{found.file} is another version of {document.iri.rpartition('/')[2]}: of {len(matcher.old)} passages, "
        f"{counts['moved']} moved{_ranges(matcher, changes)}, {counts['changed']} changed, "
        f"{counts['vanished']} vanished; {len(matcher.free)} new. Claims touched: {', '.join(touched) or 'none'}."
    )
    hint = "Nothing was written. Move the corpus on with: ogx-rdf source update FILE. Or go back to the recorded text."
    findings = [finding(corpus, "E110", document.iri, OGX.sha256, document.sha256, message, hint)]
    return changes, [*findings, *(f for change in changes for f in _findings(corpus, change))]
