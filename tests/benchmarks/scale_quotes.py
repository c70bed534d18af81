"""Quotes: as the pass compares them, and as the gate does, with and without the place."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from contest import Contest, Contestant, Run, Taken, middle
from scale_claims import Claims
from scale_data import Setting

from ogx_rdf.bundles.workers import batches
from ogx_rdf.quotes import Quote, check_quotes

__all__ = ["contests"]

MOST = 20_000


def _in_pass(setting: Setting) -> Run:
    from ogx_rdf.bundles.near import BatchCorpus
    from ogx_rdf.bundles.texts import Texts, text_findings

    claims = Claims(setting)
    judge = claims.worker.judge
    made = [judge.batch(runs) for runs in batches(claims.groups(MOST))]
    texts = Texts((setting.data / "sources",), {})

    def run() -> Taken:
        counts: Counter[str] = Counter()
        begin = time.perf_counter()
        for batch in made:
            corpus = BatchCorpus(judge.corpus, batch, judge.files)
            list(text_findings(corpus, texts, shared=False, counts=counts, changed={}))
        return Taken(time.perf_counter() - begin, work=counts["quotes-compared"])

    return run


def _sampled(setting: Setting) -> tuple[dict[str, str], list[Quote]]:
    """Spans of the texts of the dump."""
    rng = random.Random(1)
    texts, quotes = {}, []
    for file in sorted((setting.data / "sources").glob("*.txt"))[:200]:
        text = file.read_bytes().decode()
        words = [match.span() for match in re.finditer(r"\S+", text)]
        texts[file.name] = text
        for _ in range(20):
            first = rng.randrange(len(words) - 25)
            start, end = words[first][0], words[first + rng.randrange(6, 20)][1]
            quotes.append(Quote(text[start:end], start=start, end=end, text=file.name))
    return texts, quotes


def contests(setting: Setting) -> Iterator[Contest]:
    """Quotes a second on one core."""
    texts, quotes = _sampled(setting)
    unplaced = [replace(quote, start=None, end=None) for quote in quotes]
    false = [
        replace(quote, quote=quote.quote.replace(" ", " x ", 1)) for quote in unplaced[:: max(1, len(quotes) // 200)]
    ]
    placed = [(texts[str(q.text)], q.start, q.end, q.quote) for q in quotes]

    def gate(asked: list[Quote]) -> Run:
        return lambda: replace(middle(lambda: check_quotes(texts, asked), 1), work=len(asked))

    def bound() -> Run:
        return lambda: middle(lambda: all(text[start:end] == quote for text, start, end, quote in placed), 3)

    def search() -> Run:
        return lambda: middle(lambda: all(quote in text for text, _, _, quote in placed), 3)

    field = [
        Contestant("in the pass: at its place, with its document", partial(_in_pass, setting)),
        Contestant("the gate, told the place", partial(gate, quotes)),
        Contestant("the gate, not told the place", partial(gate, unplaced)),
        Contestant("the gate, a word too many: the nearest words", partial(gate, false)),
        Contestant("Python: compare the characters (the bound)", bound),
        Contestant("Python: `quote in text`", search),
    ]
    yield Contest("quotes", field, "quotes", len(quotes))
