"""Policies: read strictly, tiers by host, resolution and type, rules on what claims rest on."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from commands import Cli

from ogx_rdf import InputError, UsageError
from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.impact.effect import impact
from ogx_rdf.impact.policies import TIERS, Policy, Tier, find_policy, policy_names, read_policy
from ogx_rdf.records import Records
from ogx_rdf.resources import resource

MINI = Path(__file__).parent / "data" / "audit-corpus"

HEAD = 'title = "T"\ndate = 2024-05-02\nreason = "R."\n'
TIER = '[[tier]]\ntype = "encyclopedia"\ntier = "excluded"\nreason = "R."\ndate = 2024-05-02\n'
RULE = '[[rule]]\nid = "a-rule"\nreason = "R."\nclaims = ["trialResult"]\nno_sole = ["encyclopedia"]\n'


@pytest.fixture(scope="module")
def records() -> Records:
    return Records(Corpus(MINI))


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def broken(policy: str | Path) -> dict[str, list[str]]:
    """The claims that break each rule of a policy, in the small corpus."""
    result = impact(Corpus(MINI), policies=[str(policy)])
    found: dict[str, list[str]] = {}
    for item in result.violations:
        found.setdefault(item.rule.id, []).append(result.records.corpus.curie(item.chain.claim.iri))
    return found


def test_a_policy_is_read_whole(records: Records, tmp_path: Path) -> None:
    policy = read_policy(write(tmp_path, HEAD + TIER + RULE), records)
    assert (policy.name, policy.title, policy.reason, policy.date) == ("own", "T", "R.", date(2024, 5, 2))
    assert policy.tiers == (Tier("type", "encyclopedia", "excluded", "R.", date(2024, 5, 2)),)
    [rule] = policy.rules
    assert (rule.id, rule.claims, rule.no_sole) == ("a-rule", ("trialResult",), ("encyclopedia",))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "T"\n', "", "the policy: title is missing"),
        ("date = 2024-05-02\nreason", "reason", "the policy: date is missing"),
        ('"T"\ndate = 2024-05-02', '"T"\ndate = "2024-05-02"', "the policy: date is no date"),
        ('"T"\ndate = 2024-05-02', '"T"\ndate = 2024-05-02T10:00:00', "the policy: date is no date"),
        ('title = "T"', 'title = " "', "the policy: title is no text"),
        ('title = "T"', 'title = "T"\ntiers = 1', "the policy: unknown key 'tiers'"),
        (TIER + RULE, "", "the policy says nothing"),
        (TIER, "tier = 1\n", "tier is no list of tables"),
        (TIER, "[tier]\ntype = 1\n", "tier is no list of tables"),
        ('type = "encyclopedia"\n', "", "[[tier]] 1: it names 0 of host, resolution, type"),
        ('type = "encyclopedia"', 'type = "encyclopedia"\nhost = "a.example"', "[[tier]] 1: it names 2 of"),
        ('type = "encyclopedia"', 'type = "encyclopaedia"', "[[tier]] 1: unknown word 'encyclopaedia'"),
        ('type = "encyclopedia"', "type = 3", "[[tier]] 1: unknown word 3"),
        ('type = "encyclopedia"', 'host = "https://a.example/"', "[[tier]] 1: 'https://a.example/' is no site"),
        ('type = "encyclopedia"', 'host = "A.example"', "[[tier]] 1: 'A.example' is no site"),
        ('type = "encyclopedia"', 'resolution = "bare"', "[[tier]] 1: unknown word 'bare'"),
        ('tier = "excluded"', 'tier = "out"', "[[tier]] 1: unknown word 'out'"),
        (TIER, TIER + TIER, "[[tier]]: 'type encyclopedia' stands twice"),
        ('id = "a-rule"', 'id = "A rule"', "[[rule]] 1: 'A rule' is no id"),
        ('claims = ["trialResult"]', 'claims = ["trials"]', "[[rule]] 1: claims: unknown word 'trials'"),
        ('claims = ["trialResult"]', 'claims = "trialResult"', "[[rule]] 1: claims is no list of words"),
        ('claims = ["trialResult"]', "claims = []", "[[rule]] 1: claims is no list of words"),
        ('no_sole = ["encyclopedia"]', 'no_sole = ["wiki"]', "[[rule]] 1: no_sole: unknown word 'wiki'"),
        (RULE, RULE + RULE, "[[rule]]: 'a-rule' stands twice"),
        (RULE, RULE + "severity = 1\n", "[[rule]] 1: unknown key 'severity'"),
    ],
)
def test_what_is_not_understood_is_refused(records: Records, tmp_path: Path, old: str, new: str, words: str) -> None:
    text = HEAD + TIER + RULE
    assert text.count(old) == 1
    path = write(tmp_path, text.replace(old, new))
    with pytest.raises(InputError) as caught:
        read_policy(path, records)
    assert (caught.value.code, caught.value.file) == ("E361", str(path))
    assert words in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_no_toml_or_not_there_is_refused(records: Records, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not valid TOML") as caught:
        read_policy(write(tmp_path, "title = "), records)
    assert caught.value.code == "E360"
    with pytest.raises(InputError):
        read_policy(tmp_path / "nothing.toml", records)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="no policy") as caught:
        find_policy(Corpus(MINI), "no-encyclopaedia")
    assert caught.value.code == "E501"
    assert "no-encyclopedia" in caught.value.message


def test_a_corpus_has_its_own_policies_and_those_that_ship(tmp_path: Path) -> None:
    shutil.copytree(MINI, tmp_path / "corpus")
    own = tmp_path / "corpus" / "policies"
    own.mkdir()
    for name in ("no-encyclopedia", "ours"):
        (own / f"{name}.toml").write_text(HEAD + TIER, encoding="utf-8")
    found = policy_names(Corpus(tmp_path / "corpus"))
    assert found["no-encyclopedia"] == own / "no-encyclopedia.toml"
    assert {"ours", "no-bare-sites", "clinical-results-need-reports"} < set(found)


def test_what_ships_is_valid_and_listed() -> None:
    corpus = open_corpus(resource("ontology"))
    policies = [read_policy(path, Records(corpus)) for path in policy_names(corpus).values()]
    assert {policy.name for policy in policies} == {"no-encyclopedia", "no-bare-sites", "clinical-results-need-reports"}


def day() -> date:
    return date(2024, 5, 2)


@pytest.mark.parametrize(
    ("hosts", "resolution", "kind", "tier"),
    [
        (("news.example.org",), "resolved", "primaryReport", "background"),  # by host, first
        (("live.news.example.org",), None, "news", "background"),
        (("badnews.example.org",), None, "news", "excluded"),
        ((), "unresolvable", "registry", "secondary"),  # by resolution, before type
        ((), "resolved", "news", "excluded"),
        ((), "resolved", "registry", "primary"),  # as the audit has it
        ((), "resolved", "review", "secondary"),
        ((), "resolved", "vendorDocument", "background"),
        ((), None, None, "background"),
    ],
)
def test_what_a_source_counts_for(hosts: tuple[str, ...], resolution: str | None, kind: str | None, tier: str) -> None:
    tiers = (
        Tier("type", "news", "excluded", "R.", day()),
        Tier("resolution", "unresolvable", "secondary", "R.", day()),
        Tier("host", "news.example.org", "background", "R.", day()),
    )
    assert Policy("own", "T", "R.", day(), tiers, ()).tier(hosts, resolution, kind) == tier
    assert tier in TIERS


def test_an_entry_is_known_by_the_site_it_prints_and_a_work_by_its_address(records: Records, tmp_path: Path) -> None:
    text = HEAD + TIER.replace('type = "encyclopedia"', 'host = "example.net"')
    entries, works = read_policy(write(tmp_path, text), records).excluded(records)
    assert ([records.corpus.curie(iri) for iri in entries], works) == (["doc:mini.ref3"], set())


def test_rules_by_hand(tmp_path: Path) -> None:
    """c:0010 cites an encyclopedia, c:0011 that and a site, c:0013 a review; c:0015 was read in one, unquoted."""
    rule = RULE.replace('"encyclopedia"]', "{}]")
    assert broken(write(tmp_path, HEAD + RULE)) == {"a-rule": ["c:0010"]}
    assert broken(write(tmp_path, HEAD + rule.format('"secondary"'))) == {"a-rule": ["c:0013", "c:0015"]}
    low = rule.format('"background", "secondary"')
    assert broken(write(tmp_path, HEAD + low)) == {"a-rule": ["c:0010", "c:0011", "c:0013", "c:0015"]}
    assert broken(write(tmp_path, HEAD + rule.format('"nothing"'))) == {}
    other = rule.format('"nothing"').replace("trialResult", "bibliographic")
    assert broken(write(tmp_path, HEAD + other)) == {"a-rule": ["c:0001"]}


def test_a_rule_sees_what_its_policy_excludes_and_not_what_is_removed(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + TIER + RULE.replace('"encyclopedia"]', '"excluded", "nothing"]'))
    assert broken(path) == {"a-rule": ["c:0010"]}
    result = impact(Corpus(MINI), policies=[str(path)], remove=["ref:2"])
    found = {result.records.corpus.curie(v.chain.claim.iri): v.rests_on for v in result.violations}
    assert set(found) == {"c:0010", "c:0013"}
    assert found["c:0013"] == ()


def test_clinical_results_of_the_shipped_corpus() -> None:
    result = impact(open_corpus(resource("ontology")), policies=["clinical-results-need-reports"])
    found = {(v.rule.id, result.records.corpus.curie(v.chain.claim.iri)) for v in result.violations}
    assert ("no-second-hand-alone", "c:0154") in found  # the 88%: two bare sites, and pages that tell of it
    assert ("never-bare", "c:0214") in found
    assert result.removal.asked == ()
    assert {effect.outcome for effect in result.effects.values()} == {"kept", "had none"}


def test_violations_are_listed_with_claim_passage_and_words(cli: Cli) -> None:
    words = ("impact", "--policy", "clinical-results-need-reports", "--corpus", str(MINI), "--fail-on", "policy")
    done = cli(*words, "--format", "json")
    assert (done.returncode, done.stderr) == (1, "--fail-on policy: 5\n")
    assert json.loads(done.stdout)["violations"][0] == {
        "policy": "clinical-results-need-reports",
        "rule": "no-encyclopedia-alone",
        "reason": "An encyclopedia page is never the sole support of a clinical result.",
        "claim": "c:0010",
        "label": "BETA did not meet its primary endpoint of survival",
        "polarity": "negative",
        "certainty": "asserted",
        "places": [{"passage": "doc:mini.p016", "words": "Did not meet the primary endpoint of survival"}],
        "rests_on": [{"source": "[1] Morvin", "tier": "encyclopedia, background"}],
    }
    text = cli(*words).stdout
    assert "Rules of policies broken".upper() in text
    assert "clinical-results-need-reports, no-encyclopedia-alone (1): An encyclopedia page is never" in text
