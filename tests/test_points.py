"""What is asked of one thing is answered from what stands near it: it does not grow with the store.

No time is taken here.  What is counted is what a question reads: the rows and triples that the store gives it.  The
larger store holds the smaller one, word for word, and twenty times as much of another corpus beside it; so every
answer must be the same, and every question must read exactly as much.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pytest
from dumped import Dumped, lines
from generate import generate

from ogx_rdf import lookup, naming
from ogx_rdf.audit import audit_claim
from ogx_rdf.corpus import Corpus
from ogx_rdf.documents.coverage import count, coverage, moved, states
from ogx_rdf.errors import OgxError, UsageError
from ogx_rdf.mechanism.explain import explain
from ogx_rdf.model import Iri, Term, Triple
from ogx_rdf.namespaces import OGX, SKOS
from ogx_rdf.oxi import Dataset, QueryAnswer, parse_turtle
from ogx_rdf.publish.build import build
from ogx_rdf.publish.report import render_chain
from ogx_rdf.publish.show import show
from ogx_rdf.queries import run
from ogx_rdf.queries.cells import Words
from ogx_rdf.records import Records
from ogx_rdf.records import near as near_nodes
from ogx_rdf.resources import resource
from ogx_rdf.store.corpus import open_store
from ogx_rdf.store.embedded import Embedded

FEW, MANY = 100, 2_000
T = TypeVar("T")


class Counting:
    """A store that counts what it gives."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self.given = 0
        self.asked = 0

    def _count(self, given: int) -> None:
        self.asked += 1
        self.given += given

    def select(self, query: str, bindings: Mapping[str, Term] | None = None, shown: str = "query") -> QueryAnswer:
        """Answer a SELECT."""
        found = self._dataset.select(query, bindings, shown)
        self._count(len(found))
        return found

    def has(self, subject: str) -> bool:
        """Whether anything is said of the subject."""
        self._count(1)
        return self._dataset.has(subject)

    def describe(self, subject: str) -> list[Triple]:
        """All triples of one subject."""
        found = self._dataset.describe(subject)
        self._count(len(found))
        return found


class Files(Dumped):
    """A generated corpus that is read as a whole, as files are."""

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Every triple as the dump has it."""
        text = "".join(f"{line[:-3].rpartition(' ')[0]} .\n" for line in lines(self.root))
        for triple in parse_turtle(text, "dump")[0]:
            yield triple, self.graph_of(triple[0])


class Kept(Dumped):
    """A generated corpus in a store, which counts what it reads of it, and may not be read as a whole."""

    stored = True

    def __init__(self, root: Path, store: Path) -> None:
        super().__init__(root)
        self.store = store
        self.recorded_coverage = json.loads((store / "coverage.json").read_text(encoding="utf-8"))

    @cached_property
    def dataset(self) -> Dataset:
        """The store, counting."""
        return Counting(Embedded.read_only(self.store))  # type: ignore[return-value]

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Nothing may ask for everything."""
        raise AssertionError("a question walks the whole graph")

    @property
    def read(self) -> tuple[int, int]:
        """How many questions the store was asked, and how much it gave."""
        counting = self.dataset
        assert isinstance(counting, Counting)
        return counting.asked, counting.given


def elsewhere(line: str) -> str:
    """A line of a dump in another corpus: other ids, and other names of its entities."""
    line = line.replace("https://example.org/", "https://elsewhere.example/")
    if f"<{SKOS.prefLabel}>" in line or f"<{SKOS.altLabel}>" in line:
        line = re.sub(r'(.*)" <', r'\1 (elsewhere)" <', line)
    return line


def keep(folder: Path, *texts: Iterator[str]) -> Path:
    """A store of some lines, with the counts of passages beside it."""
    store = folder / "store"
    store.mkdir(parents=True)
    dataset = Dataset.on_disk(store)
    for text in texts:
        dataset.bulk("".join(text).encode())
    (store / "coverage.json").write_text(json.dumps(count(dataset).counts()), encoding="utf-8")
    return store


class Both:
    """One corpus: as files, in a small store, and in a large one."""

    def __init__(self, folder: Path) -> None:
        generate(FEW, folder / "few")
        generate(MANY, folder / "many", seed=2)
        self.files = Files(folder / "few")
        self.few = Kept(folder / "few", keep(folder / "small", lines(folder / "few")))
        more = (elsewhere(line) for line in lines(folder / "many") if "/graph/vocabulary>" not in line)
        self.many = Kept(folder / "few", keep(folder / "large", lines(folder / "few"), more))
        self.records = Records(self.files)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The corpus in all three places."""
    return Both(tmp_path_factory.mktemp("points"))


def answer(corpus: Corpus, ask: Callable[[Corpus, T], object], thing: T) -> object:
    """What is said, an error included; without the ledger, which counts the whole store and is recorded beside it."""
    try:
        said = ask(corpus, thing)
    except OgxError as exc:
        return exc.text()
    if isinstance(said, dict):
        return {key: value for key, value in said.items() if key != "coverage"}
    return said


def same_everywhere(both: Both, ask: Callable[[Corpus, T], object], thing: T) -> None:
    """The answer is that of the files, and reads as much of a large store as of a small one."""
    reads = []
    for kept in (both.few, both.many):
        before = kept.read
        assert answer(kept, ask, thing) == answer(both.files, ask, thing), thing
        reads.append(tuple(now - then for now, then in zip(kept.read, before, strict=True)))
    assert reads[0] == reads[1], f"{thing} reads more of a larger store"


def some(both: Both, name: str, step: int) -> list[Iri]:
    """Some of the things of a class, spread over all."""
    found: list[Iri] = list(getattr(both.records, name))[::step]
    assert found, f"the corpus has no {name}"
    return found


@pytest.mark.parametrize(
    ("name", "step"),
    [("claims", 19), ("evidence", 29), ("passages", 29), ("references", 7), ("works", 4), ("documents", 2)],
)
def test_a_card(both: Both, name: str, step: int) -> None:
    for iri in some(both, name, step):
        same_everywhere(both, show, iri)


@pytest.mark.parametrize("kind", ["Entity", "Trial", "Tension", "Marker"])
def test_a_card_of_what_claims_are_about(both: Both, kind: str) -> None:
    found = both.records.nodes.members(OGX[kind])[::19]
    assert found
    for iri in found:
        same_everywhere(both, show, iri)


def test_an_audit_of_one_claim(both: Both) -> None:
    def chain(corpus: Corpus, claim: Iri) -> str:
        result = audit_claim(corpus, claim)
        return render_chain(result, result.chain(claim), "text") + render_chain(result, result.chain(claim), "md")

    for claim in some(both, "claims", 14):
        same_everywhere(both, chain, claim)


def test_an_explanation(both: Both) -> None:
    for claim in some(both, "claims", 33):
        same_everywhere(both, lambda corpus, iri: explain(corpus, iri).as_dict(), claim)


def test_a_name(both: Both) -> None:
    names = [name.text for name in naming.entity_names(both.files)][::16]
    texts = [*names, *map(str.upper, names), *(f"  {name} " for name in names), "42", "c:0007", "note-00001"]
    texts += [both.files.curie(iri) for iri in [*some(both, "passages", 40), *some(both, "works", 5)]]
    texts += [f"ref:note-00001/{entry.label}" for entry in list(both.records.references.values())[:3]]
    for text in texts:
        same_everywhere(both, lookup.resolve, text)
    for text in names:
        same_everywhere(both, lookup.entity, text)


def test_a_digest_and_an_identifier_of_another_vocabulary(both: Both) -> None:
    for document in both.records.documents.values():
        text = f"sha256:{(document.sha256 or '')[:12]}"
        same_everywhere(both, lookup.resolve, text)
    same_everywhere(both, lookup.external, "https://example.org/trials/0")


def test_the_ledger_and_the_words(both: Both) -> None:
    before = both.many.read
    assert coverage(both.many) == count(both.many.dataset)
    assert both.many.read[0] - before[0] == 4  # the count asks four times, the recorded ledger not at all
    words = Words(both.many)
    before = both.many.read
    assert [words[OGX.positive], words[OGX.positive], words[OGX["+1"]]] == ["positive", "positive", "+1"]
    assert both.many.read[0] - before[0] == 2


@pytest.mark.parametrize("name", ["evidence-for", "sources-of-claim", "literature-on"])
def test_a_stored_question_pulls_its_rows_and_no_more(both: Both, name: str) -> None:
    for claim in some(both, "claims", 20):
        same_everywhere(both, lambda corpus, iri: run(corpus, name, {"claim": iri}).rows, claim)


def test_what_is_not_there_is_proposed_from_a_bounded_list(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "MOST", 50)
    for text in ("kabavosim", "c:9999", "nothing like it"):
        before = both.many.read[1]
        with pytest.raises(UsageError, match=r"no (thing|claim)"):
            lookup.resolve(both.many, text)
        assert both.many.read[1] - before < 4 * 50
    with pytest.raises(UsageError, match="Did you mean kabavosin"):
        lookup.resolve(both.many, "kabavosim")


def test_what_is_named_without_its_document_asks_for_it_where_documents_are_many(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("p004", "ref:1", "p999", "ref:999"):
        assert answer(both.few, lookup.resolve, text) == answer(both.files, lookup.resolve, text)
    monkeypatch.setattr(lookup, "MOST_DOCUMENTS", 3)
    for text in ("p004", "ref:1"):
        with pytest.raises(UsageError, match="more than 3 documents") as caught:
            lookup.resolve(both.many, text)
        assert "<document>" in (caught.value.hint or "")


def test_a_card_names_so_many_and_says_how_many_there_are(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = both.records.nodes.members(OGX.Trial)[0]
    whole = show(both.few, trial)["rows"]
    assert isinstance(whole, list)
    claims = whole[0]["claims"]
    failed = [line for line in claims if line["polarity"] != "positive"]
    assert "in_all" not in whole[0]
    most = len(failed) + 1
    assert len(claims) > most > 1
    monkeypatch.setattr("ogx_rdf.records.MOST", most)
    monkeypatch.setattr("ogx_rdf.publish.cards.MOST", most)
    for corpus in (both.few, both.files):
        card = show(corpus, trial)["rows"]
        assert isinstance(card, list)
        assert len(card[0]["claims"]) == most
        assert card[0]["claims"][: len(failed)] == failed
        assert card[0]["in_all"] == f"{len(claims)} claims; of each {most} are named here"


def test_a_search_that_reads_too_much_says_that_it_is_not_complete(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = next(
        iri
        for iri in both.records.claims
        if (card := explain(both.files, iri).as_dict()["rows"]) and card[0]["ways"]  # type: ignore[index]
    )
    monkeypatch.setattr("ogx_rdf.mechanism.near.MOST_READ", 1)
    assert not explain(both.few, claim).complete


def test_a_change_moves_the_ledger_as_a_new_count_would(both: Both) -> None:
    dataset = both.files.dataset
    ledger = count(dataset)
    item = next(item for item in both.records.evidence.values() if item.passage and item.quote)
    assert item.passage is not None
    touched = [item.passage.iri, Iri("https://example.org/bulk/doc/nowhere.p001")]
    before = states(dataset, touched)
    assert before == {item.passage.iri: "encoded"}
    left = Dataset()
    left.add(
        (triple for triple, _ in both.files.quads() if triple[1] != OGX.quote),
        lambda _: "https://example.org/graph",
    )
    quoted = [p.iri for p in both.records.passages.values()]
    after = moved(ledger, states(dataset, quoted), states(left, quoted))
    assert after == count(left)
    assert after.open_passages == ()
    assert len(count(left).open_passages) == after.open > 0


def test_records_of_a_store_are_read_when_they_are_asked_for(both: Both) -> None:
    records = Records(both.many, near=True)
    before = both.many.read
    assert isinstance(records.nodes, near_nodes.NearNodes)
    assert both.many.read == before
    first = next(iter(both.records.claims))
    assert records.claims[first] == both.records.claims[first]
    assert first in records.claims
    assert Iri("https://example.org/bulk/c/none") not in records.claims
    assert len(Records(both.few, near=True).claims) == FEW == len(list(Records(both.few, near=True).claims))


def test_a_store_of_the_shipped_corpus_says_what_its_files_say(tmp_path: Path) -> None:
    shipped = Corpus(resource("ontology"))
    build(shipped, tmp_path / "graph.nq", tmp_path / "store")
    stored = open_store(tmp_path / "store", corpus=shipped.root)
    assert stored.recorded_coverage == count(shipped.dataset).counts()
    records = Records(shipped)
    asked = [*list(records.claims)[::160], *list(records.evidence)[::300], *list(records.works)[::60]]
    asked += [Iri(f"{shipped.base}c/0161")]
    asked += [*list(records.references)[::40], *records.nodes.members(OGX.Trial)[::9], OGX.inhibits]
    for iri in asked:
        place = {"file": None, "line": None}
        assert show(stored, iri) == {**show(shipped, iri), **place}, iri
    for text in ("custirsen", "CUSTIRSEN", "p017", "ref:5", "[8]", "p53", "custrsen", "c:9999", "sha256:2b68eb"):
        assert answer(stored, lookup.resolve, text) == answer(shipped, lookup.resolve, text)
    for name, claim in (("evidence-for", "72"), ("sources-of-claim", "72"), ("literature-on", "154")):
        assert run(stored, name, {"claim": claim}) == run(shipped, name, {"claim": claim})
