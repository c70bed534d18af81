"""Trying to fool the gate: every class of change, applied to every quote of a report made for it, and of the guide."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from commands import Cli

from ogx_rdf import Graph, open_graph
from ogx_rdf.quotes import Quote, check_quotes
from ogx_rdf.quotes.lines import read_quotes
from ogx_rdf.quotes.mutations import FALSIFICATIONS, HARMLESS, Base
from ogx_rdf.quotes.oracle import Oracle
from ogx_rdf.quotes.trial import Trial, mutate
from ogx_rdf.resources import resource

DATA = Path(__file__).parent / "data" / "quotes"
TEXT = (DATA / "trial.md").read_bytes().decode("utf-8")
QUOTES = [quote for _, quote in read_quotes(DATA / "quotes.jsonl")]
README = Path(__file__).resolve().parent.parent / "README.md"


@pytest.fixture(scope="module")
def trial() -> Trial:
    return mutate(TEXT, QUOTES)


def wrong(trial: Trial) -> list[tuple[str, str]]:
    return [(row.name, words) for row in trial.rows for words in row.wrong]


def test_every_true_quote_is_accepted_where_it_stands() -> None:
    verdicts = check_quotes(TEXT, QUOTES)
    assert [verdict for verdict in verdicts if not verdict.accepted] == []
    for quote, verdict in zip(QUOTES, verdicts, strict=True):
        if quote.start is not None:
            assert (verdict.verdict, verdict.start, verdict.end) == ("exact", quote.start, quote.end)
        if verdict.verdict == "exact":
            assert TEXT[verdict.start : verdict.end] == quote.quote
    assert len(QUOTES) > 400
    assert len(TEXT.encode()) > 24_000


def test_no_falsification_is_accepted_and_every_harmless_difference_is(trial: Trial) -> None:
    assert wrong(trial) == []
    assert trial.untrue == ()
    assert trial.passed


def test_every_class_finds_something_to_change(trial: Trial) -> None:
    assert [row.name for row in trial.rows] == [each.name for each in (*FALSIFICATIONS, *HARMLESS)]
    assert [row.name for row in trial.rows if row.made < 3] == []
    assert all(row.made + row.elsewhere + row.without == len(QUOTES) for row in trial.rows)


def test_other_places_of_change() -> None:
    assert wrong(mutate(TEXT, QUOTES[::3], seed=7)) == []


def test_the_guide(guide_text: str) -> None:
    rows = (
        open_graph(resource("ontology"))
        .query_text(
            "PREFIX ogx: <https://w3id.org/ogx-rdf/ns#> PREFIX prov: <http://www.w3.org/ns/prov#> "
            "SELECT ?e ?quote ?start ?end WHERE { ?e ogx:quote ?quote ; ogx:start ?start ; ogx:end ?end ; "
            'prov:wasQuotedFrom ?p . FILTER(CONTAINS(STR(?p), "/ogx-011-guide.")) } ORDER BY ?e'
        )
        .rows
    )
    quotes = [Quote(str(r["quote"]), str(r["e"]), int(str(r["start"])), int(str(r["end"]))) for r in rows]
    verdicts = check_quotes(guide_text, quotes)
    assert len(quotes) >= 281
    assert [v for v in verdicts if v.verdict != "exact"] == []
    assert [(v.start, v.end) for v in verdicts] == [(q.start, q.end) for q in quotes]
    assert wrong(mutate(guide_text, quotes)) == []


def test_the_command_prints_the_table(cli: Cli, tmp_path: Path, trial: Trial) -> None:
    (tmp_path / "t.txt").write_text("Velorin did not lower PSA by 12.5% (p < 0.05).", encoding="utf-8")
    (tmp_path / "q.jsonl").write_text('{"id": 1, "quote": "did not lower PSA by 12.5%"}\n', encoding="utf-8")
    words = ("quotes", "mutate", "--text", "t.txt", "--quotes", "q.jsonl")
    done = cli(*words, "--seed", "3")
    assert done.returncode == 0
    assert done.stdout.endswith("1 quotes: no falsification accepted, every harmless difference accepted\n")
    assert "| negation dropped | 1 | 0 | 0 | 0 |" in cli(*words, "--format", "md").stdout
    answer = json.loads(cli(*words, "--format", "json").stdout)
    assert (answer["answer"], answer["passed"], answer["quotes"]) == ("rows", True, 1)
    assert len(answer["rows"]) == len(FALSIFICATIONS) + len(HARMLESS)
    (tmp_path / "q.jsonl").write_text('{"id": 1, "quote": "did lower PSA"}\n', encoding="utf-8")
    done = cli(*words)
    assert done.returncode == 1
    assert "not accepted as it is: 1: near" in done.stdout
    assert Graph.quotes_mutate(TEXT, QUOTES[:1]).quotes == 1


def test_a_gate_that_is_fooled_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ogx_rdf.quotes.gate.Place.whole", True)
    found = mutate("was ineffective in 15.8 months", [Quote("ineffective in 15.8 months")])
    assert not found.passed
    assert ("begun inside a word", "exact") in [(name, words.split(":")[0]) for name, words in wrong(found)]
    assert found.text().endswith("1 quotes: FAILED")


def test_the_same_seed_makes_the_same_table(trial: Trial) -> None:
    assert mutate(TEXT, QUOTES[:40]) == mutate(TEXT, QUOTES[:40])


@pytest.mark.parametrize(
    ("name", "quote", "made"),
    [
        ("decimal point moved", "12.5 mg", {"1.25 mg"}),
        ("sign dropped", "by −1.5", {"by 1.5"}),
        ("comparison turned", "p < 0.05", {"p > 0.05"}),
        ("exponent flattened", "10⁻⁵ M", {"105 M", "10-5 M"}),
        ("unit changed", "5 µg of", {"5 mg of"}),
        ("negation dropped", "did not fall", {"did fall"}),
        ("ellipsis for a negation", "it did not fall in men", {"it did … fall in men"}),
        ("opposite word", "Higher in men", {"Lower in men"}),
        ("begun behind a sign", "of −1.5", {"1.5"}),
        ("ended before a percent sign", "in 88% of", {"in 88"}),
        ("wrong place given", "word", {"word"}),
    ],
)
def test_what_a_class_makes(name: str, quote: str, made: set[str]) -> None:
    (mutation,) = (each for each in FALSIFICATIONS if each.name == name)
    base = Base(Quote(quote), f"a {quote} b", 2, 2 + len(quote), "")
    assert {each.quote.quote for each in mutation.make(base)} == made


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("is effective", True),
        ("effective in", True),
        ("ffective in", False),
        ("inhibition of", True),
        ("inhib-ition of", True),
        ("5.8 months", False),
        ("15.8 months", True),
        ("is … in", True),
        ("in … is", False),
        ("15", False),
    ],
)
def test_the_second_opinion_is_its_own(quote: str, stands: bool) -> None:
    text = "It is effective in the inhib-\nition of growth after 15.8 months."
    assert Oracle(text).stands(Quote(quote)) is stands


def table(readme: str) -> str:
    found = re.search(r"<!-- mutations -->\n(.*?)\n<!-- /mutations -->", readme, re.DOTALL)
    assert found, "the README has no mutation table: put it between <!-- mutations --> and <!-- /mutations -->"
    return found[1].strip()


def test_the_table_in_the_readme_is_what_the_command_prints(trial: Trial) -> None:
    assert table(README.read_text(encoding="utf-8")) == trial.table()
