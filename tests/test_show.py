from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ogx_rdf import UsageError
from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.publish.show import show
from ogx_rdf.publish.show_text import MOST, show_text
from ogx_rdf.records import Records
from ogx_rdf.resources import resource

MINI = Path(__file__).parent / "data" / "audit-corpus"
VALID = Path(__file__).parent / "data" / "valid"
NODES = {
    "claim": "c/0005",
    "evidence": "c/0005.mini-p008",
    "passage": "doc/mini.p008",
    "reference": "doc/mini.ref3",
    "work": "work/alpha-2021",
    "document": "doc/mini",
    "entity": "entity/morvin",
    "trial": "trial/beta",
    "node": "doc/mini.p008.m1",
}


@pytest.fixture(scope="module")
def mini() -> Corpus:
    return Corpus(MINI)


@pytest.fixture(scope="module")
def beacon() -> Corpus:
    """The small corpus with reports, arms, standings and tensions."""
    return Corpus(VALID)


def answer(corpus: Corpus, name: str, *, text: bool = True) -> dict[str, Any]:
    return show(corpus, corpus.base + name, sources=[str(MINI / "text")] if text else [])


def card(corpus: Corpus, name: str, *, text: bool = True) -> dict[str, Any]:
    [found] = answer(corpus, name, text=text)["rows"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("kind", NODES)
def test_every_kind_of_node_has_a_card(mini: Corpus, kind: str) -> None:
    found = answer(mini, NODES[kind])
    assert (found["answer"], found["kind_of"]) == ("rows", kind)
    assert found["coverage"]["passages"] == 29
    assert found["file"] and found["line"]
    assert json.loads(json.dumps(found)) == found
    assert show_text(found).startswith(f"{kind} {mini.curie(mini.base + NODES[kind])}")


def test_a_claim_shows_words_place_citations_and_certainty(mini: Corpus) -> None:
    assert show_text(answer(mini, "c/0005")).splitlines() == [
        "claim c:0005 nolvex lowers morvin level (positive; hedged)",
        "  positive; strongest certainty hedged; mechanism; sign -1",
        "  nolvex | reduces | morvin level",
        "  entity:nolvex ogx:reduces entity:morvin-level",
        "  citation state oneWork; distinct sources cited 2",
        "  studies read: no literature was read for it",
        "",
        "  c:0005.mini-p008",
        "    “Nolvex may lower morvin levels”",
        "    mini.txt line 11, characters 152 to 182, section Findings (doc:mini.p008, sentence); "
        "quote equals the text",
        "    cites [2] Morvin and kelstat, a review - PMC [pmc.example.org] (review) -> work:lund-2020",
        "    cites [3] news.example.net [news.example.net] (news) -> no work (unresolvable); candidates, not facts: "
        "work:lund-2020",
        "    hedged (may); supports; exact",
        "    by way of c:0003 nolvex inhibits morvin (positive; asserted)",
        "    leans on doc:mini.p005 (its citations are not taken over)",
        "",
        "  in tension is what it cites or is quoted from:",
        "    tension:d02 A site is cited for a result, through [3] news.example.net [news.example.net] (doc:mini.ref3)",
        "      reference cannot carry; the curator is sure; Test Desk, 2024-05-02",
        "      said: doc:mini.ref3, reference: “news.example.net [news.example.net]”",
        "        entry [3] of the list of doc:mini; news, unresolvable; denotes no work",
        "      set against: work:alpha-2021, work: ALPHA: a trial of nolvex in testoma",
        "        no identifier seen; primary report, standing unknown",
        "      differs: The entry names a news site and no page; the report is in a journal.",
        f"  {mini.shown(mini.root / 'claims/mini/01-all.ttl')}:143",
    ]


def test_quotes_are_compared_only_where_the_text_is_at_hand(mini: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)
    assert card(mini, "c/0005")["evidence"][0]["quote_verdict"] == "compared"
    assert card(mini, "c/0005", text=False)["evidence"][0]["quote_verdict"] == "not compared"
    assert "the recorded text is not at hand" in show_text(answer(mini, "c/0005", text=False))


def test_a_passage_shows_its_text_only_where_it_is_at_hand(mini: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)
    assert card(mini, "doc/mini.p008")["text"] == "Nolvex may lower morvin levels.[2][3]"
    assert card(mini, "doc/mini.p008", text=False)["text"] is None


def test_a_passage_that_others_lean_on_says_so(mini: Corpus) -> None:
    assert card(mini, "doc/mini.p005")["relied_on_by"] == ["c:0005.mini-p008"]


def test_reported_evidence_names_what_was_read_and_whose_result_it_is(mini: Corpus) -> None:
    text = show_text(answer(mini, "c/0015"))
    assert "reported: The review says that pain was less." in text
    assert "read: abstract; section 3; 2024-05-02\n" in text
    assert "read in work:lund-2020 Morvin and kelstat, a review: review; 2020; standing corrected, " in text
    assert (
        "whose own source is work:alpha-2021 ALPHA: a trial of nolvex in testoma: primaryReport; 2021; "
        "reports ALPHA (trial:alpha); standing unknown\n"
    ) in text


def test_a_report_shows_its_reader_its_stance_and_the_standing_of_its_source(beacon: Corpus) -> None:
    assert show_text(show(beacon, f"{beacon.base}c/0001.dahl-2018-r01")).splitlines()[1:7] == [
        "  speaks to c:0001 varetin inhibits kelsin (positive; asserted)",
        "  reported: Varetin left kelsin as it was.",
        "  read: full text; https://dahl-2018.example.org; 2024-03-01; read by two readers, each alone",
        "  read in work:dahl-2018 Kelsin in testoma cells: review; reports experiments on testoma cells "
        "(entity:cell-study); reports BEACON (trial:beacon); standing corrected, looked up 2024-03-01 "
        "(the publisher's page), notice doi:10.9999/testoma.2",
        "  asserted; disputes; narrower",
        "",
    ]
    text = show_text(show(beacon, f"{beacon.base}c/0004.testoma-news-r01"))
    assert "standing superseded, looked up 2024-03-01 (the sponsor's page), replaced by work:lund-2020\n" in text


def test_a_claim_shows_the_studies_read_for_it_and_against_it(beacon: Corpus) -> None:
    lines = show_text(show(beacon, f"{beacon.base}c/0001")).splitlines()
    at = lines.index("  studies read: at least one study read supports it, and at least one disputes it")
    assert lines[at + 1 : at + 3] == [
        "    supported by: BEACON (trial:beacon); c:0001.encyclopedia-varetin-r01",
        "    disputed by: experiments on testoma cells (entity:cell-study); c:0001.dahl-2018-r01",
    ]
    silent = show_text(show(beacon, f"{beacon.base}c/0008"))
    assert "    silent: BEACON (trial:beacon); c:0008.beacon-release-r01\n" in silent


TENSION = [
    "number drift; the curator is fairly sure; Example Press, 2024-03-02",
    "said: c:0004.mini-p007, quote that supports c:0004: “median overall survival was 15.8 months in 1,022 patients”",
    "  doc:mini.p007, sentence, line 7, section Findings; cites [1] A study of varetin (primary report, resolved)",
    "set against: c:0004.testoma-news-r01, report that supports c:0004: "
    "The page tells a median overall survival of 15.7 months.",
    "  https://testoma-news.example.org, full text, read on 2024-03-01; read in work:testoma-news Varetin in the news "
    "(news); result of work:beacon-release Results of BEACON (press release)",
    "set against: work:lund-2020, work: A study of varetin",
    "  nct:NCT01234567 pmid:12345678; primary report, standing current",
    "differs: The notes print 15.8 months, the news page 15.7 months.",
    "inferred by the curator, said by no source: The news page rounds an earlier number.",
    "inferred by the curator, said by no source: The notes follow the journal.",
    "curator's note: The table of the journal was not read.",
]


def test_a_tension_shows_both_sides_and_marks_what_the_curator_infers(beacon: Corpus) -> None:
    lines = show_text(show(beacon, f"{beacon.base}tension/d01")).splitlines()
    assert lines[0] == "tension tension:d01 15.8 and 15.7 months"
    assert [line.removeprefix("  ") for line in lines[1:-1]] == TENSION


@pytest.mark.parametrize(
    "name",
    [
        "c/0004",
        "c/0004.mini-p007",
        "c/0004.testoma-news-r01",
        "doc/mini.p007",
        "trial/beacon",
        "work/beacon-release",
        "work/lund-2020",
        "work/testoma-news",
    ],
)
def test_what_a_tension_touches_shows_both_its_sides(beacon: Corpus, name: str) -> None:
    found: Any = show(beacon, beacon.base + name)
    assert [t["tension"] for t in found["rows"][0]["tensions"]] == ["tension:d01"]
    lines = show_text(found).splitlines()
    at = lines.index("  in tension:")
    assert lines[at + 1].strip() == "tension:d01 15.8 and 15.7 months"
    assert [line.removeprefix("      ") for line in lines[at + 2 : at + 2 + len(TENSION)]] == TENSION


@pytest.mark.parametrize("name", ["c/0001", "c/0002", "doc/mini", "doc/mini.ref2", "doc/mini.ref3", "work/dahl-2018"])
def test_a_tension_is_found_from_every_kind_of_side(beacon: Corpus, name: str) -> None:
    found: Any = show(beacon, beacon.base + name)
    assert [t["tension"] for t in found["rows"][0]["tensions"]] == ["tension:d02"]


def test_a_tension_that_only_shares_an_entry_with_a_claim_says_so(mini: Corpus) -> None:
    shared: Any = show(mini, f"{mini.base}c/0005")["rows"]
    assert [[t["id"] for t in found["through"]] for found in shared[0]["tensions"]] == [["doc:mini.ref3"]]
    guide = Corpus(resource("ontology"))
    claim: Any = show(guide, f"{guide.base}c/0043")["rows"]
    found = {t["tension"]: [shared["id"] for shared in t["through"]] for t in claim[0]["tensions"]}
    assert found["tension:d11"] == []
    assert found["tension:d04"] == ["doc:ogx-011-guide.ref5"]
    assert list(found.values()) == sorted(found.values(), key=bool)
    records = Records(guide)
    for name, through in found.items():
        tension = next(t for iri, t in records.tensions.items() if guide.curie(iri) == name)
        sides = [guide.curie(side) for side in (*tension.said, *tension.against)]
        assert any(side.startswith("c:0043") for side in sides) == (through == [])


def test_what_no_tension_touches_shows_none(beacon: Corpus) -> None:
    found: Any = show(beacon, f"{beacon.base}c/0003")
    assert found["rows"][0]["tensions"] == []
    assert "tension" not in show_text(found)


def test_a_trial_shows_its_numbers_arms_and_reports(beacon: Corpus) -> None:
    found: Any = show(beacon, f"{beacon.base}trial/beacon")
    trial = found["rows"][0]
    assert trial["identifiers"] == ["eudract:2019-012345-16", "sponsor:VAR-01"]
    assert [(arm["id"], [r["id"] for r in arm["receives"]]) for arm in trial["arms"]] == [
        ("trial:beacon-control-arm", ["entity:best-care"]),
        ("trial:beacon-varetin-arm", ["entity:varetin-and-best-care"]),
    ]
    text = show_text(found)
    assert "    BEACON, control arm (trial:beacon-control-arm) receives best care (entity:best-care)\n" in text
    assert "    work:lund-2020 A study of varetin: primaryReport; 2020; standing current\n" in text
    assert "    work:testoma-news Varetin in the news: news; standing unknown\n" in text
    assert [claim["claim"] for claim in trial["claims"]] == ["c:0008", "c:0004"]
    arm: Any = show(beacon, f"{beacon.base}trial/beacon-varetin-arm")
    assert (arm["kind_of"], arm["rows"][0]["links"]["ogx:armOf"][0]["id"]) == ("arm", "trial:beacon")


def test_a_work_shows_its_standing_and_what_was_read_in_it(beacon: Corpus) -> None:
    lines = show_text(show(beacon, f"{beacon.base}work/beacon-release")).splitlines()
    at = lines.index("  standing: superseded")
    assert lines[at : at + 5] == [
        "  standing: superseded",
        "  standing checked: 2024-03-01",
        "  standing source: the sponsor's page",
        "  replaced by:",
        "    A study of varetin (work:lund-2020)",
    ]
    at = lines.index("  speaks to:")
    assert lines[at + 1 : at + 3] == [
        "    c:0004.testoma-news-r01 supports c:0004 BEACON has the outcome overall survival (positive; asserted), "
        "read in work:testoma-news: The page tells a median overall survival of 15.7 months.",
        "    c:0008.beacon-release-r01 is silent on c:0008 varetin with best care was not shown to improve overall "
        "survival (BEACON) (notShown; asserted), read in work:beacon-release: "
        "The release gives no survival of the two arms.",
    ]
    later: Any = show(beacon, f"{beacon.base}work/lund-2020")
    assert [work["id"] for work in later["rows"][0]["replaces"]] == ["work:beacon-release"]


def test_a_measurement_is_shown_as_worded(mini: Corpus) -> None:
    text = show_text(answer(mini, "c/0009"))
    assert "measured: Overall survival: value 9.5, unit unit:MO; not stated: comparator, denominator" in text


def test_a_marker_without_an_entry_is_named(mini: Corpus) -> None:
    assert "cites [9] is not in the reference list" in show_text(answer(mini, "c/0008"))


def test_a_reference_shows_its_use_and_candidates(mini: Corpus) -> None:
    found = card(mini, "doc/mini.ref3")
    assert (found["printed"], found["resolution"], found["work"]) == (4, "unresolvable", None)
    assert [c["id"] for c in found["candidates"]] == ["work:lund-2020"]
    assert [c["claim"] for c in found["claims"]] == ["c:0011", "c:0005", "c:0006", "c:0012", "c:0017"]


def test_a_work_shows_who_denotes_it_and_for_what(mini: Corpus) -> None:
    found = card(mini, "work/alpha-2021")
    assert found["denoted_by"] == ["doc:mini.ref4", "doc:mini.ref5"]
    assert found["candidate_for"] == ["doc:mini.ref6"]
    assert "c:0015.lund-2020-r01" in found["reported_in"]
    assert "c:0002.beta-2022-r01" not in found["reported_in"]
    assert {c["claim"] for c in found["cited_for"]} == {"c:0007", "c:0009", "c:0016"}


def test_claims_about_an_entity_reach_its_aspects_and_failures_lead(mini: Corpus) -> None:
    about = {c["claim"]: (c["as"], c["through"]) for c in card(mini, "entity/morvin")["claims"]}
    assert about["c:0005"] == ("object", "morvin level")
    assert about["c:0004"] == ("subject", None)
    pain = card(mini, "entity/pain")["claims"]
    assert pain[0]["polarity"] == "notShown"


def test_claims_with_another_polarity_are_named_beside_each_other(tmp_path: Path) -> None:
    shutil.copytree(MINI, tmp_path / "corpus")
    file = tmp_path / "corpus" / "claims" / "mini" / "02-twin.ttl"
    head = (MINI / "claims" / "mini" / "01-all.ttl").read_text(encoding="utf-8").partition("\n\n")[0]
    twin = (
        'c:0020 a ogx:Claim ; rdfs:label "morvin does not bind kelstat" ; rdf:subject entity:morvin ; '
        "rdf:predicate ogx:binds ; rdf:object entity:kelstat ; ogx:polarity ogx:negative ; ogx:kind ogx:mechanism ."
    )
    same = twin.replace("c:0020", "c:0021").replace("ogx:negative", "ogx:positive")
    file.write_text(f"{head}\n\n{twin}\n\n{same}\n", encoding="utf-8")
    [found] = card(Corpus(tmp_path / "corpus"), "c/0004")["twins"]
    assert found == {
        "claim": "c:0020",
        "label": "morvin does not bind kelstat",
        "polarity": "negative",
        "certainty": "none",
    }


def test_a_relation_shows_its_sign_and_opposite() -> None:
    corpus = open_corpus(resource("ontology"))
    found: Any = show(corpus, "https://w3id.org/ogx-rdf/ns#inhibits")
    assert found["rows"][0]["sign"] == "-1"
    assert [o["id"] for o in found["rows"][0]["opposes"]] == ["ogx:activates"]


def test_long_lists_are_cut_in_text_and_whole_in_json() -> None:
    corpus = open_corpus(resource("ontology"))
    found: Any = show(corpus, "https://w3id.org/ogx-rdf/ns#positive")
    pointing = len(found["rows"][0]["pointed_at_by"])
    assert pointing > MOST
    assert f"… and {pointing - MOST} more; --format json lists all" in show_text(found)


def test_no_claim_is_named_without_polarity_and_certainty(mini: Corpus) -> None:
    labels = {claim["label"] for claim in card(mini, "entity/nolvex")["claims"]}
    assert len(labels) > 5
    for name in NODES.values():
        for line in show_text(answer(mini, name)).splitlines():
            if any(label in line for label in labels) and "|" not in line:
                assert re.search(r"\((positive|negative|notShown); (asserted|hedged|outlook|none)\)", line), line


def test_what_is_not_known_is_refused(mini: Corpus) -> None:
    with pytest.raises(UsageError, match="nothing is known of c:9999"):
        show(mini, mini.base + "c/9999")


def test_what_a_retracted_work_says_does_not_count_and_is_named(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    shutil.copytree(VALID, root)
    file = root / "works" / "primary.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("ogx:standing ogx:corrected", "ogx:standing ogx:retracted"), encoding="utf-8")
    corpus = Corpus(root)
    lines = show_text(show(corpus, f"{corpus.base}c/0001")).splitlines()
    at = lines.index("  studies read: at least one study read supports it, and none disputes it")
    assert lines[at + 2] == "    not counted, since of a retracted work: c:0001.dahl-2018-r01"
