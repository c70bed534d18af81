"""What falls when a source falls, by hand on the small corpus: golden/audit/mini.tsv has what each claim rests on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Cli
from test_report import Page

from ogx_rdf import InputError, UsageError, open_graph
from ogx_rdf.audit import audit
from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.impact.effect import OUTCOMES, Impact, impact
from ogx_rdf.impact.render import FORMATS, render_impact
from ogx_rdf.resources import resource

MINI = Path(__file__).parent / "data" / "audit-corpus"
DAY = "2024-06-01"


def outcomes(result: Impact) -> dict[str, set[str]]:
    """The claims by what became of them, those that nothing happened to left out."""
    curie = result.records.corpus.curie
    found = {name: {curie(e.before.claim.iri)[2:] for e in result.having(name)} for name in OUTCOMES}
    return {name: claims for name, claims in found.items() if claims and name not in ("kept", "had none")}


def fall(*remove: str) -> dict[str, set[str]]:
    return outcomes(impact(Corpus(MINI), remove=remove))


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str, str], Corpus]:
    """A copy of the small corpus with one text of one file replaced."""

    def edit(file: str, old: str, new: str) -> Corpus:
        root = tmp_path / "corpus"
        shutil.copytree(MINI, root)
        text = (root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        (root / file).write_text(text.replace(old, new), encoding="utf-8")
        return Corpus(root)

    return edit


def test_an_entry_falls() -> None:
    # [1] alone: 0003, 0010. [1][3] on a sentence with one statement: 0006. On the row with two statements: 0011, 0017.
    assert fall("ref:1") == {"lost": {"0003", "0010"}, "undetermined": {"0011", "0017"}, "weakened": {"0006"}}


def test_a_row_with_one_statement_is_not_undetermined(edited: Callable[[str, str, str], Corpus]) -> None:
    corpus = edited("claims/mini/01-all.ttl", "ogx:evidenceFor c:0017 ;", "ogx:evidenceFor c:0011 ;")
    assert outcomes(impact(corpus, remove=["ref:1"]))["weakened"] == {"0006", "0011"}


def test_two_entries_of_one_work_are_one_source() -> None:
    # [4] and [5] denote one work: 0007 still cites it by [5]; 0016 has the review; 0009 has the news page.
    assert fall("ref:4") == {"weakened": {"0009", "0016"}}


def test_a_work_falls_with_its_entries_and_what_was_read_in_it_or_of_it() -> None:
    # 0002 keeps a news page on ALPHA that names no other source, and GAMMA; 0014 keeps the reports on BETA and on both.
    lost = {"0007", "0009", "0015", "0018"}
    assert fall("work:alpha-2021") == {"lost": lost, "weakened": {"0016"}}


def test_a_study_falls_with_every_work_that_reports_it() -> None:
    result = impact(Corpus(MINI), remove=["trial:alpha"])
    curie = result.records.corpus.curie
    assert {curie(work) for work in result.removal.works} == {
        "work:alpha-2021",
        "work:alpha-news",
        "work:alpha-release",
        "work:pooled-2023",
    }
    assert {curie(entry) for entry in result.removal.references} == {"doc:mini.ref4", "doc:mini.ref5"}
    assert outcomes(result) == {"lost": {"0007", "0009", "0015", "0018"}, "weakened": {"0002", "0016"}}


def test_a_document_falls_with_all_that_it_states() -> None:
    result = impact(Corpus(MINI), remove=["doc:mini"])
    assert outcomes(result)["lost"] == {f"{n:04d}" for n in (3, 5, 6, 7, 8, 10, 11, 12, 13, 17)}
    assert outcomes(result)["weakened"] == {"0004", "0009", "0016"}
    assert result.totals["claims"] == (16, 0)
    assert result.totals["references"] == (6, 0)


def test_policies_and_removals_add_up() -> None:
    together = impact(Corpus(MINI), remove=["ref:3"], policies=["no-encyclopedia"])
    assert outcomes(together) == {"lost": {"0003", "0006", "0010", "0011", "0012", "0017"}, "weakened": {"0005"}}
    sites = impact(Corpus(MINI), policies=["no-bare-sites"])
    assert outcomes(sites)["lost"] == {"0012"}


def test_each_claim_has_one_outcome_and_what_is_kept_rests_on_the_same() -> None:
    result = impact(Corpus(MINI), remove=["ref:1", "work:alpha-2021"])
    assert sum(len(result.having(name)) for name in OUTCOMES) == len(result.effects) == 18
    for effect in result.having("kept"):
        assert effect.before.sources == effect.after.sources
    for effect in result.having("lost"):
        assert (effect.after.citations, effect.after.support.supporting) == ((), ())
    for effect in result.having("had none"):
        assert (effect.before.citations, effect.before.support.supporting) == ((), ())


@pytest.mark.parametrize("name", ["ref:1", "ref:2", "ref:3", "ref:4", "ref:5", "work:lund-2020", "doc:mini"])
def test_removing_more_never_gives_support(name: str) -> None:
    order = list(OUTCOMES)
    one, more = impact(Corpus(MINI), remove=[name]), impact(Corpus(MINI), remove=[name, "ref:6", "trial:beta"])
    for claim in one.effects:
        before, after = one.outcome(claim), more.outcome(claim)
        assert (before == "had none") == (after == "had none")
        assert order.index(after) <= order.index(before), claim


def test_totals_before_are_those_of_the_audit_and_those_after_by_hand() -> None:
    result = impact(Corpus(MINI), remove=["ref:1"])
    assert {name: old for name, (old, _) in result.totals.items()} == {
        name: total.value for name, total in audit(Corpus(MINI)).totals.items()
    }
    changed = {name: pair for name, pair in result.totals.items() if pair[0] != pair[1]}
    assert changed == {
        "claims-uncited": (3, 5),  # 0003, 0010
        "claims-uncited-statements": (2, 4),
        "claims-encyclopedia-only": (2, 0),
        "claims-unresolvable-only": (2, 5),  # 0006, 0011, 0017
        "claims-encyclopedia-and-unresolvable-only": (3, 0),
        "claims-no-source": (3, 5),
        "claims-one-source": (8, 9),  # less 0003, 0010; more 0006, 0011, 0017
        "claims-several-sources": (5, 2),
        "results-cannot": (3, 2),
        "results-uncited": (1, 2),
        "result-passages-cannot": (3, 2),
        "result-passages-uncited": (1, 2),
        "evidence-cited": (13, 11),
        "evidence-uncited": (4, 6),
        "passages-cited": (12, 10),
        "passages-uncited": (4, 6),
        "passages-uncited-statements": (3, 5),
        "markers": (17, 13),
        "markers-on-asserting": (17, 13),
        "references": (6, 5),
        "references-resolved": (4, 3),
        "references-cited": (5, 4),
        "references-encyclopedia": (1, 0),
    }


def test_a_chain_breaks_where_a_claim_of_it_is_lost() -> None:
    # nolvex inhibits morvin (0003, [1]); morvin binds or folds on; morvin affects cells (0006).
    result = impact(Corpus(MINI), remove=["ref:1"], chains=[("nolvex", "cells")])
    [route] = result.routes
    curie = result.records.corpus.curie
    fates = {tuple(curie(step.iri) for step in way.steps): result.fate(way)[0] for way in route.ways}
    assert fates[("c:0003", "c:0006")] == "broken"
    assert fates[("c:0005", "c:0006")] == "standing"
    assert [(curie(claim), curie(way)) for claim, way in result.ways_lost] == [("c:0005", "c:0003")]


def test_chains_that_matter_are_named_in_the_corpus(edited: Callable[[str, str, str], Corpus]) -> None:
    corpus = edited("corpus.toml", 'version = "1"', 'version = "1"\nchains = [["Nolvex", "cells"]]')
    [route] = impact(corpus, remove=["ref:1"], chains=[("nolvex", "cells")]).routes
    assert len(route.ways) == 2


@pytest.mark.parametrize(
    ("chains", "code"),
    [
        ('[["nolvex", "sells"]]', "E362"),
        ('["nolvex", "cells"]', "E363"),
        ('[["nolvex"]]', "E363"),
        ('[["nolvex", ""]]', "E363"),
        ("3", "E363"),
    ],
)
def test_chains_that_cannot_be_looked_for_are_refused(
    edited: Callable[[str, str, str], Corpus], chains: str, code: str
) -> None:
    with pytest.raises(InputError) as caught:
        impact(edited("corpus.toml", 'version = "1"', f'version = "1"\nchains = {chains}'), remove=["ref:1"])
    assert caught.value.code == code
    assert str(caught.value.file).endswith("corpus.toml")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("remove", "code"),
    [([], "E531"), (["c:0001"], "E530"), (["trial:delta"], "E530"), (["ref:99"], "E501"), (["pain"], "E530")],
)
def test_what_cannot_be_removed_is_refused(remove: list[str], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        impact(Corpus(MINI), remove=remove)
    assert caught.value.code == code


def test_nothing_is_written_and_the_whole_stays_as_it_is() -> None:
    files = {path: path.read_bytes() for path in MINI.rglob("*") if path.is_file()}
    result = impact(Corpus(MINI), remove=["doc:mini"])
    assert len(result.records.evidence) == len(result.before.records.evidence) == 35
    assert {path: path.read_bytes() for path in MINI.rglob("*") if path.is_file()} == files


def test_without_the_two_encyclopedia_pages_the_shipped_corpus_says_what_is_left_with_nothing() -> None:
    result = impact(
        open_corpus(resource("ontology")), policies=["no-encyclopedia"], chains=[("custirsen", "apoptosis")]
    )
    records, curie = result.records, result.records.corpus.curie
    assert sorted(map(curie, result.removal.references)) == ["doc:ogx-011-guide.ref5", "doc:ogx-011-guide.ref8"]
    assert "work:wikipedia-clusterin" in set(map(curie, result.removal.works))
    lost = result.having("lost")
    assert lost
    for effect in lost:
        types = {c.source_type for c in effect.before.citations}
        types |= {
            records.works[item.source].source_type
            for line in effect.before.support.supporting
            for item in line.reports
            if item.source
        }
        assert types == {"encyclopedia"}
    by_name = {curie(claim): effect for claim, effect in result.effects.items()}
    assert (
        by_name["c:0176"].outcome == "weakened"
    )  # SYNERGY: the encyclopedia falls, what was read of the trial is left
    assert by_name["c:0184"].outcome == "undetermined"  # [5][13] on one sentence with several statements
    assert result.totals["claims-encyclopedia-only"] == (36, 0)
    assert any(result.fate(way)[0] == "broken" for way in result.routes[0].ways)


def test_json_holds_every_claim_before_and_after() -> None:
    result = impact(Corpus(MINI), remove=["ref:1"], chains=[("nolvex", "cells")])
    answer = json.loads(render_impact(result, "json", day=DAY))
    assert (answer["answer"], answer["outcomes"]["lost"], len(answer["rows"])) == ("rows", 2, 18)
    row = next(row for row in answer["rows"] if row["claim"] == "c:0010")
    assert (row["outcome"], row["polarity"], row["certainty"]) == ("lost", "negative", "asserted")
    assert row["places"] == [{"passage": "doc:mini.p016", "words": "Did not meet the primary endpoint of survival"}]
    assert (row["before"]["citations"], row["before"]["state"], row["before"]["carried_by"]) == (
        ["1"],
        "encyclopediaOnly",
        "cannot",
    )
    assert (row["after"]["citations"], row["after"]["state"], row["after"]["carried_by"]) == ([], "uncited", "uncited")
    assert answer["rows"][0]["claim"] == "c:0010"  # failed results in front
    assert answer["chains"][0]["standing"] == 1
    assert answer["coverage"]["passages"] == 29
    assert answer["about"]["date"] == DAY


@pytest.mark.parametrize("format", FORMATS)
def test_the_report_says_what_fell_and_comes_out_the_same(format: str) -> None:
    result = impact(Corpus(MINI), remove=["ref:1"], policies=["clinical-results-need-reports"])
    text = render_impact(result, format, day=DAY)
    assert text == render_impact(
        impact(Corpus(MINI), remove=["ref:1"], policies=["clinical-results-need-reports"]), format, day=DAY
    )
    for words in ("Morvin - Encyclopedia", "c:0010", "Nolvex inhibits morvin", "claims-uncited"):
        assert words in text


def test_lines_of_the_terminal_fit() -> None:
    text = render_impact(impact(Corpus(MINI), remove=["ref:1"]), "text", day=DAY)
    assert max(map(len, text.partition("CLAIMS BY OUTCOME")[2].splitlines())) <= 118


def test_the_page_is_whole_and_fit_for_screen_readers() -> None:
    result = impact(Corpus(MINI), remove=["ref:1"], chains=[("nolvex", "cells")])
    page = Page(render_impact(result, "html", day=DAY))
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    ids = [str(attributes["id"]) for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert {str(a["href"]).removeprefix("#") for a in page.all("a")} <= set(ids)
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(th.get("scope") in ("col", "row") for th in page.all("th"))
    assert page.all("html")[0].get("lang") == "en"
    assert "What if it falls: Nolvex test corpus" in page.text


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--remove", "ref:1"], 0, ""),
        (["--remove", "ref:1", "--fail-on", "lost"], 1, "--fail-on lost: 2\n"),
        (["--remove", "ref:1", "--fail-on", "undetermined", "--fail-on", "policy"], 1, "--fail-on undetermined: 2\n"),
        (["--remove", "ref:6", "--fail-on", "lost"], 0, ""),
    ],
)
def test_the_command(cli: Cli, words: list[str], code: int, told: str) -> None:
    done = cli("impact", *words, "--corpus", str(MINI))
    assert (done.returncode, done.stderr) == (code, told)
    assert "LEFT WITH NOTHING" in done.stdout


def test_the_command_writes_a_file_and_answers_in_json(cli: Cli, tmp_path: Path) -> None:
    done = cli("impact", "--remove", "ref:1", "--corpus", str(MINI), "--format", "html", "--out", "impact.html")
    assert (done.returncode, done.stdout) == (0, "Wrote impact.html\n")
    assert "What if it falls" in (tmp_path / "impact.html").read_text(encoding="utf-8")
    failed = cli("impact", "--corpus", str(MINI), "--format", "json")
    assert (failed.returncode, json.loads(failed.stdout)["error"]["code"]) == (2, "E531")


def test_the_library_call_is_the_command() -> None:
    result = open_graph(MINI).impact(remove=["ref:1"])
    assert outcomes(result) == fall("ref:1")
    with pytest.raises(UsageError, match="no report format"):
        render_impact(result, "pdf")
