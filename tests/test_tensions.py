"""Tensions: what stored queries find without being told, what curators named, and how the two are told apart.

The small corpus of the queries is taken with ``data/tensions``, which adds one of each situation and near misses:
a percentage beside a count, a mean beside a median, two numbers of one source, a trial under two names.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from asking import DATA, QUERIES, SHIPPED, SMALL, TENSIONS, rows
from commands import Cli
from hypothesis import given
from hypothesis import strategies as st

from ogx_rdf import open_graph
from ogx_rdf.corpus import Corpus
from ogx_rdf.errors import UsageError
from ogx_rdf.model import Iri
from ogx_rdf.queries import run
from ogx_rdf.records import Records
from ogx_rdf.tensions import CURATED, FOUND, Entry, tensions
from ogx_rdf.tensions.reach import Reach


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    root = tmp_path_factory.mktemp("tensions") / "corpus"
    shutil.copytree(SMALL.root, root)
    shutil.copytree(DATA / "tensions", root, dirs_exist_ok=True)
    return Corpus(root)


Sides = tuple[list[str], list[str]]

SMALL_ANSWERS: dict[str, list[Sides]] = {
    "cited-for-another-work": [(["c:0006.note-p006"], ["c:0006.three-2020-r01"])],
    "cited-work-does-not-say": [(["c:0001.note-p002"], ["c:0001.review-r01"])],
    "differing-values": [
        (["c:0021.three-2018-r01"], ["c:0021.news-r01"]),
        (["c:0018.three-2018-r01"], ["c:0018.three-2020-r01", "c:0019.news-r01"]),
    ],
    "disputed-claims": [(["c:0001.note-p002", "c:0001.note-p007"], ["c:0001.review-r01"])],
    "early-success-late-failure": [(["c:0016"], ["c:0017"])],
    "hedged-here-asserted-there": [
        (["c:0003.memo-p003"], ["c:0003.note-p004"]),
        (["c:0021.three-2018-r01"], ["c:0021.news-r01", "c:0021.three-2020-r01", "c:0021.three-2020-r02"]),
        (["c:0022.news-r01"], ["c:0023.report-r01"]),
    ],
    "opposing-by-form": [(["c:0008"], ["c:0010"]), (["c:0008"], ["c:0011"])],
    "opposing-relations": [(["c:0008"], ["c:0009"])],
    "opposite-polarity": [(["c:0002"], ["c:0005"])],
}


def test_every_query_that_finds_has_its_answer_here() -> None:
    assert sorted(SMALL_ANSWERS) == TENSIONS


@pytest.mark.parametrize("name", TENSIONS)
def test_what_a_query_finds_on_the_small_corpus(name: str, corpus: Corpus) -> None:
    answer = run(corpus, name)
    assert [(row["here"], row["there"]) for row in answer.rows] == SMALL_ANSWERS[name]


@pytest.mark.parametrize("name", TENSIONS)
@pytest.mark.parametrize("where", ["small", "shipped"])
def test_a_pair_is_found_once(name: str, where: str, corpus: Corpus) -> None:
    found = run(corpus if where == "small" else SHIPPED, name).rows
    pairs = [frozenset([*(row["here"] or ()), *(row["there"] or ())]) for row in found]  # type: ignore[misc]
    told = [
        (pair, row.get("cited"), row.get("unit"), row.get("endpoint")) for pair, row in zip(pairs, found, strict=True)
    ]
    assert len({str((sorted(pair), *more)) for pair, *more in told}) == len(found)
    assert all(len(pair) > 1 for pair in pairs)


def of(corpus: Corpus, name: str) -> list[Entry]:
    return [entry for entry in tensions(corpus, kind=name).entries if entry.origin == FOUND]


def settings(entry: Entry) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {item.what: (item.here, item.there) for item in entry.differs}


def test_numbers_are_told_in_the_order_of_their_sources(corpus: Corpus) -> None:
    enrolled, survival = of(corpus, "differing-values")
    assert survival.values == ("2018-06-01: 9.4 (survival)", "2020: 9.1 (survival)", "2020: 9.14 (survival)")
    assert dict(survival.shared) == {
        "study": "NCT00000003",
        "arm": "entity:mu-with-nu",
        "endpoint": "entity:survival",
        "unit": "unit:MO",
    }
    assert enrolled.values == ("2018-06-01: 210 (will enrol)", "2020: 200 (enrolled)")
    assert not survival.rounding


def test_numbers_that_only_rounding_parts_are_said_to_be_so(corpus: Corpus, tmp_path: Path) -> None:
    root = shutil.copytree(corpus.root, tmp_path / "copy")
    file = root / "claims" / "reported" / "all.ttl"
    text = file.read_text(encoding="utf-8")
    assert text.count("ogx:value 9.4 ;") == 1
    file.write_text(text.replace("ogx:value 9.4 ;", "ogx:value 9.1 ;"), encoding="utf-8")
    [_, survival] = of(Corpus(root), "differing-values")
    assert survival.rounding
    file.write_text(text.replace("ogx:value 9.4 ;", "ogx:value 9.0 ;"), encoding="utf-8")
    assert not of(Corpus(root), "differing-values")[1].rounding


def test_one_number_in_two_sources_is_no_tension(corpus: Corpus, tmp_path: Path) -> None:
    root = shutil.copytree(corpus.root, tmp_path / "copy")
    file = root / "claims" / "reported" / "all.ttl"
    text = file.read_text(encoding="utf-8")
    for value in ("9.4", "9.14"):
        text = text.replace(f"ogx:value {value} ;", "ogx:value 9.1 ;")
    file.write_text(text, encoding="utf-8")
    assert [dict(entry.shared)["endpoint"] for entry in of(Corpus(root), "differing-values")] == ["entity:patients"]


def test_early_and_late_with_what_makes_them_not_comparable(corpus: Corpus) -> None:
    [entry] = of(corpus, "early-success-late-failure")
    differs = settings(entry)
    assert differs["phase"] == (("Phase II",), ("Phase III",))
    assert differs["line"] == ((), ("first-line",))
    assert differs["arm without the drug"] == ((), ("nu",))
    assert differs["arm with the drug"] == ((), ("mu + nu",))
    assert "200 enrolled" in differs["patients"][1]
    assert dict(entry.shared)["drug"] == "entity:mu"


def test_by_form_names_both_forms_and_merges_nothing(corpus: Corpus) -> None:
    relation, polarity = of(corpus, "opposing-by-form")
    assert settings(relation) == {
        "form": (("kappa",), ("bound kappa",)),
        "relation": (("activates",), ("inhibits",)),
    }
    assert settings(polarity)["polarity"] == (("positive",), ("negative",))
    assert relation.label.startswith("by form: ")
    assert not any(
        {"c:0010", "c:0011"} & {*row["here"], *row["there"]}  # type: ignore[misc]
        for name in ("opposing-relations", "opposite-polarity")
        for row in run(corpus, name).rows
    )


def test_a_setting_that_one_side_does_not_state_is_told(corpus: Corpus) -> None:
    [entry] = of(corpus, "opposing-relations")
    assert settings(entry)["model"] == ((), ("cells",))


def test_claims_in_settings_that_exclude_each_other_do_not_meet(corpus: Corpus, tmp_path: Path) -> None:
    root = shutil.copytree(corpus.root, tmp_path / "copy")
    file = root / "claims" / "note" / "02-tensions.ttl"
    text = file.read_text(encoding="utf-8")
    told = "    rdf:predicate ogx:activates ;\n    rdf:object entity:lambda ;\n    ogx:polarity ogx:positive ;\n"
    assert told in text
    file.write_text(text.replace(told, f"{told}    ogx:inModel entity:gamma ;\n"), encoding="utf-8")
    assert run(Corpus(root), "opposing-relations").answer == "none"


def named(corpus: Corpus) -> dict[str, tuple[str, ...]]:
    return {entry.name: entry.named_by for entry in tensions(corpus).entries if entry.named_by}


def test_a_found_tension_points_at_the_curators(corpus: Corpus) -> None:
    assert named(corpus) == {
        "opposing-by-form c:0008 c:0010": ("tension:d03",),
        "cited-work-does-not-say c:0001.note-p002 c:0001.review-r01": ("tension:d02",),
        "differing-values c:0018.three-2018-r01 c:0018.three-2020-r01": ("tension:d01",),
        "disputed-claims c:0001.note-p002 c:0001.review-r01": ("tension:d02",),
    }


NODES = [*Records(SHIPPED).evidence, *Records(SHIPPED).claims]
REACH = Reach(Records(SHIPPED))


@given(st.lists(st.sampled_from(NODES), max_size=4), st.lists(st.sampled_from(NODES), max_size=4))
def test_which_side_is_which_makes_no_difference_to_who_named_it(here: list[Iri], there: list[Iri]) -> None:
    assert REACH.named_by(here, there) == REACH.named_by(there, here)
    assert set(REACH.named_by(here, there)) <= set(REACH.named_by(here, there, among=True))


def test_a_curators_tension_names_itself() -> None:
    for tension in Records(SHIPPED).tensions.values():
        assert tension.iri in REACH.named_by(tension.said, tension.against)


def test_curated_and_found_are_told_apart_in_every_format(corpus: Corpus, cli: Cli) -> None:
    place = ("tensions", "--corpus", str(corpus.root))
    answer = json.loads(cli(*place, "--format", "json").stdout)
    assert answer["totals"] == {"curated": 3, "found": 13, "found_and_named_by_the_curator": 4}
    assert [row["told_by"] for row in answer["rows"]][:3] == ["curated"] * 3
    assert all(row["told_by"] == f"found by {row['kinds'][0]}" for row in answer["rows"][3:])
    assert {row["origin"] for row in answer["rows"]} == {CURATED, FOUND}
    text, markdown = cli(*place).stdout, cli(*place, "--format", "md").stdout
    for shown, mark in ((text, ""), (markdown, "## ")):
        heads = [line for line in shown.splitlines() if line.startswith((f"{mark}curated: ", f"{mark}found by "))]
        assert sum("curated: " in line for line in heads) == 3
        assert len(heads) == 16


def test_both_sides_stand_with_their_words(corpus: Corpus, cli: Cli) -> None:
    text = cli("tensions", "--corpus", str(corpus.root), "--kind", "numberDrift").stdout
    assert "curated: tension:d01 9.4 and 9.1 months (number drift)" in text
    assert "  said: report: The median survival was 9.4 months." in text
    assert "  set against: report: Median survival of 100 patients was 9.1 months." in text
    assert "c:0018.three-2020-r01: its page, abstract, read on 2026-01-02" in text
    assert "measure survival, value 9.1, unit unit:MO, statistic Median, n 100" in text
    assert "read in work:three-2020 TRIAL-3 in full (primary report)" in text
    assert "  the curator's inference: The article had longer follow-up." in text
    assert "  sureness: fairly sure (Example Press, 2026-01-03)" in text
    text = cli("tensions", "--corpus", str(corpus.root), "--kind", "cited-work-does-not-say").stdout
    assert "  here: “Alpha inhibits beta”" in text
    assert "cites [2] A review of beta (review, resolved)" in text
    assert "  there: report: The review finds no effect of alpha on beta." in text
    assert "  named: by the curator as tension:d02" in text


def test_a_claim_stands_with_the_words_of_its_evidence(corpus: Corpus) -> None:
    [entry] = of(corpus, "opposite-polarity")
    words = {side.words for pieces in entry.evidence.values() for side in pieces}
    assert words == {("may activate gamma",), ("Alpha does not activate gamma",)}


def test_inferences_stand_apart_from_what_was_read(corpus: Corpus, cli: Cli) -> None:
    answer = json.loads(
        cli("tensions", "--corpus", str(corpus.root), "--kind", "numberDrift", "--format", "json").stdout
    )
    [row] = answer["rows"]
    assert row["inferences"] == ["The article had longer follow-up."]
    assert "follow-up" not in row["difference"]
    assert row["said"][0]["measurement"]["value"] == "9.4"


def test_one_kind_and_one_claim(corpus: Corpus) -> None:
    assert [entry.name for entry in tensions(corpus, kind="isoformConflict").entries] == ["tension:d03"]
    assert {entry.kinds[0] for entry in tensions(corpus, claim="1").entries} == {
        "contested",
        "cited-work-does-not-say",
        "disputed-claims",
    }
    assert [entry.name for entry in tensions(corpus, claim="c:0006").entries] == [
        "cited-for-another-work c:0006.note-p006 c:0006.three-2020-r01"
    ]
    assert tensions(corpus, claim="7").entries == ()


def test_unknown_kinds_and_claims_are_refused_with_the_nearest(corpus: Corpus, cli: Cli) -> None:
    place = ("tensions", "--corpus", str(corpus.root))
    wrong = cli(*place, "--kind", "numberdrift")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Did you mean numberDrift?" in wrong.stderr
    assert cli(*place, "--claim", "99").returncode == 2
    assert cli(*place, "--fail-on", "opposite").returncode == 2
    with pytest.raises(UsageError, match="no kind of tension"):
        tensions(corpus, kind="")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-on", "curated"], 1),
        (["--fail-on", "found"], 1),
        (["--fail-on", "numberDrift"], 1),
        (["--fail-on", "differing-values"], 1),
        (["--fail-on", "omission"], 0),
        (["--kind", "numberDrift", "--fail-on", "found"], 0),
        (["--claim", "7", "--fail-on", "found", "--fail-on", "curated"], 0),
        ([], 0),
    ],
)
def test_the_exit_code_says_what_was_asked_for(words: list[str], code: int, corpus: Corpus, cli: Cli) -> None:
    done = cli("tensions", "--corpus", str(corpus.root), *words)
    assert done.returncode == code
    assert bool(done.stderr) == bool(code)


def test_none_is_an_answer_of_its_own(empty_corpus: Corpus, cli: Cli) -> None:
    done = cli("tensions", "--corpus", str(empty_corpus.root), "--format", "json")
    assert json.loads(done.stdout)["answer"] == "none"
    assert "0 curated, 0 found" in cli("tensions", "--corpus", str(empty_corpus.root)).stdout


def test_the_answer_goes_to_a_file(corpus: Corpus, cli: Cli, tmp_path: Path) -> None:
    done = cli("tensions", "--corpus", str(corpus.root), "--format", "md", "--out", "tensions.md")
    assert done.stdout == "Wrote tensions.md\n"
    assert (tmp_path / "tensions.md").read_text(encoding="utf-8").startswith("# Tensions: A note on alpha\n")


def test_the_same_corpus_gives_the_same_bytes(corpus: Corpus, cli: Cli) -> None:
    words = ("tensions", "--corpus", str(corpus.root), "--format", "json")
    assert cli(*words).stdout == cli(*words).stdout
    assert open_graph(corpus.root).tensions().entries == tensions(corpus).entries


def test_the_shipped_corpus_tells_of_what_the_primary_literature_says_otherwise() -> None:
    found = tensions(SHIPPED).entries
    drift = [e for e in found if e.kinds == ("differing-values",) and "88" in " ".join(e.values)]
    assert any("tension:d01" in entry.named_by for entry in drift)
    about = {(e.kinds[0], SHIPPED.curie(side.claim or "")) for e in found if e.origin == FOUND for side in e.said}
    assert ("cited-for-another-work", "c:0168") in about  # AFFINITY, cited to a page written before the trial
    assert ("cited-work-does-not-say", "c:0176") in about  # SYNERGY, cited to an encyclopedia
    assert ("opposing-by-form", "c:0071") in about  # Ku70 and the forms of clusterin
    assert ("early-success-late-failure", "c:0153") in about


def test_reported_evidence_shows_its_words_and_its_source(corpus: Corpus) -> None:
    found = rows("claims-about", corpus, entity="mu + nu")
    told = {str(row["evidence"]): row for row in found}
    assert told["c:0019.news-r01"]["quote"] is None
    assert told["c:0019.news-r01"]["report"] == "Survival was 9.14 months."
    assert (told["c:0019.news-r01"]["source"], told["c:0019.news-r01"]["primary"]) == ("work:news", "work:three-2020")
    assert told["c:0018.three-2018-r01"]["primary"] is None


@pytest.mark.parametrize("name", [name for name, query in QUERIES.items() if query.group == "read"])
def test_where_a_row_may_be_a_report_it_has_a_column_for_its_words(name: str) -> None:
    columns = [column.name for column in QUERIES[name].columns]
    if "quote" in columns and "report" not in columns:
        assert name in {
            "claims-by-citation",
            "claims-by-section",
            "claims-by-work",
            "leaning-evidence",
            "sources-of-claim",
        }
    if "report" in columns:
        assert {"source", "read_in", "says"} & {*columns}


def test_what_the_literature_says_of_a_claim(corpus: Corpus) -> None:
    found = rows("literature-on", corpus, claim="19")
    assert [(r["stance"], r["work"], r["source"], r["value"], r["extent"]) for r in found] == [
        ("supports", "work:three-2020", "work:news", 9.14, "abstract")
    ]
    assert run(corpus, "literature-on", {"claim": "2"}).answer == "none"


def test_claims_of_which_no_report_was_read(corpus: Corpus) -> None:
    found = {row["claim"] for row in rows("claims-without-primary-evidence", corpus)}
    assert found == {"c:0001", "c:0002", "c:0003", "c:0004", "c:0005", "c:0007"}


def test_studies_count_once_and_pages_not_at_all(corpus: Corpus) -> None:
    counts = {r["claim"]: (r["supporting"], r["disputing"], r["silent"]) for r in rows("support-by-study", corpus)}
    assert counts["c:0018"] == (1, 0, 0)  # a meeting abstract and an article on one trial
    assert counts["c:0021"] == (1, 0, 0)
    assert counts["c:0001"] == (0, 0, 0)  # only a review was read
    assert counts["c:0008"] == (1, 0, 0)
    [row] = [r for r in rows("support-by-study", corpus) if r["claim"] == "c:0019"]
    assert row["supported_by"] == ["trial:three"]


def test_the_numbers_of_a_trial_under_either_name(corpus: Corpus) -> None:
    told = [(r["value"], r["statistic"], r["date"]) for r in rows("trial-values", corpus, trial="TRIAL-3")]
    assert (9.4, "median", "2018-06-01") in told
    assert len(told) == 11
    assert run(corpus, "trial-values", {"trial": "TRIAL-1"}).rows[0]["quote"] == "Survival of 9.5 months"


def test_arms_standing_and_discrepancies(corpus: Corpus) -> None:
    arms = [(r["arm"], r["components"]) for r in rows("trial-arms", corpus, trial="TRIAL-3")]
    assert arms == [("trial:three-control-arm", []), ("trial:three-mu-arm", ["mu", "nu"])]
    assert {row["standing"] for row in rows("works-by-standing", corpus)} == {"unknown"}
    assert run(corpus, "works-by-standing", {"standing": "retracted"}).answer == "none"
    [row] = rows("discrepancies", corpus, tension_kind="numberDrift")
    assert (row["said"], row["against"]) == (["c:0018.three-2018-r01"], ["c:0018.three-2020-r01"])
    assert row["inferences"] == ["The article had longer follow-up."]
