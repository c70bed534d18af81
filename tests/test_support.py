"""Support counted by study: what is one line of evidence, what counts for a claim, and what does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogx_rdf.audit import Audit, audit
from ogx_rdf.audit.chains import Chain
from ogx_rdf.audit.support import SUPPORT, Line, Literature, Support
from ogx_rdf.corpus import Corpus
from ogx_rdf.model import Iri
from ogx_rdf.records import Records
from ogx_rdf.resources import resource

MINI = Path(__file__).parent / "data" / "audit-corpus"
BASE = "https://corpus.example.org/mini/"


@pytest.fixture(scope="module")
def mini() -> Audit:
    return audit(Corpus(MINI))


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Audit]:
    """The audit of a copy of the small corpus in which texts of files are replaced: (file, old, new) each."""

    def edit(*changes: tuple[str, str, str]) -> Audit:
        root = tmp_path / "corpus"
        shutil.copytree(MINI, root)
        for file, old, new in changes:
            text = (root / file).read_text(encoding="utf-8")
            assert text.count(old) == 1, old
            (root / file).write_text(text.replace(old, new), encoding="utf-8")
        return audit(Corpus(root))

    return edit


def chain(result: Audit, claim: str) -> Chain:
    return result.chain(f"{BASE}c/{claim}")


def names(result: Audit, lines: tuple[Line, ...]) -> list[str]:
    return [result.corpus.curie(line.name) for line in lines]


def test_news_release_and_paper_on_one_trial_are_one_line(mini: Audit) -> None:
    support = chain(mini, "0002").support
    alpha, gamma = support.supporting_studies
    assert names(mini, (alpha, gamma)) == ["trial:alpha", "trial:gamma"]
    assert len(alpha.reports) == 3
    assert names(mini, support.disputing_studies) == ["trial:beta"]
    assert support.word == "contested"


def test_works_that_share_no_study_are_apart_until_a_third_joins_them(
    mini: Audit, edited: Callable[..., Audit]
) -> None:
    [joined] = chain(mini, "0014").support.supporting
    assert [mini.corpus.curie(study) for study in joined.studies] == ["trial:alpha", "trial:beta"]
    one_trial = ("works/read.ttl", "    ogx:reportsStudy trial:alpha ;\n    ogx:reportsStudy trial:beta ;\n", "")
    assert len(chain(edited(one_trial), "0014").support.supporting) == 3


def test_the_line_of_a_report_is_that_of_its_primary_source(mini: Audit) -> None:
    [bench] = chain(mini, "0004").support.supporting
    assert names(mini, (bench,)) == ["work:bench-2019"]
    assert [mini.corpus.curie(item.iri) for item in bench.reports] == [
        "c:0004.bench-2019-r01",
        "c:0004.lund-2020-r01",
    ]


def test_a_claim_about_a_trial_counts_that_trial_only(mini: Audit) -> None:
    support = chain(mini, "0009").support
    assert names(mini, support.supporting) == ["trial:alpha"]
    assert [mini.corpus.curie(item.iri) for item in support.elsewhere] == ["c:0009.gamma-2022-r01"]


def test_a_page_that_tells_of_a_study_is_not_the_study_read(mini: Audit) -> None:
    assert [line.first_hand for line in chain(mini, "0009").support.supporting] == [False]
    assert [line.first_hand for line in chain(mini, "0018").support.supporting] == [True]


def test_a_retracted_work_supports_nothing(mini: Audit, edited: Callable[..., Audit]) -> None:
    support = chain(mini, "0004").support
    assert [mini.corpus.curie(item.iri) for item in support.discounted] == ["c:0004.berg-2018-r01"]
    healed = edited(("works/read.ttl", "ogx:standing ogx:retracted ;", "ogx:standing ogx:current ;"))
    assert names(healed, chain(healed, "0004").support.supporting) == ["work:bench-2019", "work:berg-2018"]


def test_what_is_reported_of_a_retracted_work_falls_with_it(edited: Callable[..., Audit]) -> None:
    old = 'dcterms:title "Morvin at the bench" ;'
    result = edited(("works/read.ttl", old, f"{old}\n    ogx:standing ogx:retracted ;"))
    support = chain(result, "0004").support
    assert (support.supporting, support.word, len(support.discounted)) == ((), "silent", 3)


def test_a_retracted_work_can_carry_no_result(edited: Callable[..., Audit]) -> None:
    old = 'dcterms:title "ALPHA: a trial of nolvex in testoma" ;'
    result = edited(("works/cited.ttl", old, f"{old}\n    ogx:standing ogx:retracted ;"))
    assert chain(result, "0009").carried == "cannot"
    assert ("A503", "work:alpha-2021") in {(f.rule, result.corpus.curie(f.focus)) for f in result.findings}


def test_a_review_without_a_study_of_its_own_is_second_hand(mini: Audit) -> None:
    support = chain(mini, "0016").support
    assert names(mini, support.supporting) == ["work:lund-2020"]
    assert (support.supporting_studies, support.word) == ((), "secondHand")


def test_silent_is_neither_for_nor_against(mini: Audit) -> None:
    support = chain(mini, "0010").support
    assert names(mini, support.silent) == ["work:lund-2020"]
    assert (support.supporting, support.disputing, support.word) == ((), (), "silent")


def test_cited_is_not_supported(mini: Audit) -> None:
    support = chain(mini, "0007").support
    assert names(mini, support.cited) == ["trial:alpha"]  # [4] and [5] are one work of one study
    assert (support.supporting, support.word) == ((), "notRead")


@pytest.mark.parametrize(
    "told", ['dcterms:identifier "nct:NCT90000001"', "skos:broadMatch <https://r.example/NCT90000001>"]
)
def test_trials_with_one_registry_number_are_one_study(edited: Callable[..., Audit], told: str) -> None:
    same = [
        ("entities/all.ttl", f'skos:prefLabel "{name}" ;', f'skos:prefLabel "{name}" ;\n    {line} ;')
        for name, line in (("ALPHA", 'dcterms:identifier "nct:NCT90000001"'), ("GAMMA", told))
    ]
    result = edited(*same)
    [line] = chain(result, "0002").support.supporting
    assert len(line.reports) == 4
    assert names(result, chain(result, "0009").support.supporting) == ["trial:alpha"]
    assert chain(result, "0009").support.elsewhere == ()


@pytest.mark.parametrize(
    "match", ["skos:broadMatch <https://t.example/clinical-trial>", "skos:closeMatch <https://r.example/NCT90000001>"]
)
def test_a_wider_class_or_a_near_match_joins_no_trials(edited: Callable[..., Audit], match: str) -> None:
    same = [
        ("entities/all.ttl", f'skos:prefLabel "{name}" ;', f'skos:prefLabel "{name}" ;\n    {match} ;')
        for name in ("ALPHA", "GAMMA")
    ]
    assert len(chain(edited(*same), "0002").support.supporting) == 2


def test_the_guides_own_rows_on_one_trial_are_one_study() -> None:
    corpus = Corpus(resource("ontology"))
    literature = Literature(Records(corpus))
    rows = {literature.study(Iri(f"{corpus.base}trial/{name}")) for name in ("phase2-docetaxel", "phase2-mitoxantrone")}
    assert len(rows) == 1


def test_every_word_is_used_and_json_names_each_line(mini: Audit) -> None:
    assert {c.support.word for c in mini.chains.values()} == set(SUPPORT)
    told = chain(mini, "0002").as_dict(mini.records)["support"]
    assert isinstance(told, dict)
    assert told["stated_by"] == ["doc:mini"]
    assert [line["line"] for line in told["supporting_studies"]] == ["trial:alpha", "trial:gamma"]
    assert told["supporting_studies"][0]["reports"] == [
        "c:0002.alpha-2021-r01",
        "c:0002.alpha-news-r01",
        "c:0002.alpha-release-r01",
    ]
    assert told["disputing_studies"][0]["directness"] == ["narrower"]


@given(st.permutations(["works/read.ttl", "claims/alpha-2021/reported.ttl", "claims/lund-2020/reported.ttl"]))
def test_the_order_of_reading_changes_no_line(order: list[str]) -> None:
    """Each corpus is read anew; the files differ in nothing but the order in which their triples are given."""
    corpus = Corpus(MINI)
    files = {corpus.shown(MINI / name): text for name, text in zip(order, order, strict=True)}
    shuffled = sorted(corpus.texts(), key=lambda item: files.get(item[0], ""))
    corpus.texts = lambda: iter(shuffled)  # type: ignore[method-assign]

    def lines(result: Audit) -> list[Support]:
        return [c.support for c in result.chains.values()]

    assert lines(audit(corpus)) == lines(audit(Corpus(MINI)))
