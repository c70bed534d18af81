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
from ogx_rdf.resources import resource

MINI = Path(__file__).parent / "data" / "audit-corpus"
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
        f"  {mini.shown(mini.root / 'claims/mini/01-all.ttl')}:142",
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
    assert "read in work:lund-2020 Morvin and kelstat, a review (abstract; section 3; 2024-05-02)" in text
    assert "whose own source is work:alpha-2021" in text


def test_a_measurement_is_shown_as_worded(mini: Corpus) -> None:
    text = show_text(answer(mini, "c/0009"))
    assert "measured: Overall survival: value 9.5, unit unit:MO; not stated: comparator, denominator" in text


def test_a_marker_without_an_entry_is_named(mini: Corpus) -> None:
    assert "cites [9] is not in the reference list" in show_text(answer(mini, "c/0008"))


def test_a_reference_shows_its_use_and_candidates(mini: Corpus) -> None:
    found = card(mini, "doc/mini.ref3")
    assert (found["printed"], found["resolution"], found["work"]) == (4, "unresolvable", None)
    assert [c["id"] for c in found["candidates"]] == ["work:lund-2020"]
    assert [c["claim"] for c in found["claims"]] == ["c:0011", "c:0005", "c:0006", "c:0012"]


def test_a_work_shows_who_denotes_it_and_for_what(mini: Corpus) -> None:
    found = card(mini, "work/alpha-2021")
    assert found["denoted_by"] == ["doc:mini.ref4", "doc:mini.ref5"]
    assert found["candidate_for"] == ["doc:mini.ref6"]
    assert found["reported_in"] == ["c:0015.lund-2020-r01"]
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
