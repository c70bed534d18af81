from __future__ import annotations

import ast
import csv
import dataclasses
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ogx_rdf import UsageError
from ogx_rdf.audit import Audit, audit
from ogx_rdf.audit.recount import recount
from ogx_rdf.audit.rules import RULES
from ogx_rdf.audit.sides import sides
from ogx_rdf.audit.totals import PARTITIONS
from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.resources import resource

DATA = Path(__file__).parent / "data"
MINI = DATA / "audit-corpus"
GOLDEN = DATA / "golden" / "audit"


def rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.fixture(scope="module")
def mini() -> Audit:
    return audit(Corpus(MINI), sources=[str(MINI / "text")])


@pytest.fixture(scope="module")
def shipped() -> Audit:
    return audit(open_corpus(resource("ontology")))


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


def test_each_claim_is_followed_as_by_hand(mini: Audit) -> None:
    expected = rows(GOLDEN / "mini.tsv")
    found = [
        {
            "claim": mini.corpus.curie(chain.claim.iri),
            "places": str(len(chain.places)),
            "labels": ",".join(chain.labels),
            "sources": str(len(chain.sources)),
            "state": chain.state,
            "carried": chain.carried,
            "supporting": str(len(chain.support.supporting_studies)),
            "disputing": str(len(chain.support.disputing_studies)),
            "verdict": chain.support.word,
        }
        for chain in mini.chains.values()
    ]
    assert found == expected


def test_the_totals_are_those_counted_by_hand(mini: Audit) -> None:
    expected = {row["total"]: int(row["number"]) for row in rows(GOLDEN / "mini-totals.tsv")}
    assert {name: total.value for name, total in mini.totals.items()} == expected


@pytest.mark.parametrize("which", ["mini", "shipped"])
@pytest.mark.parametrize("whole", PARTITIONS)
def test_parts_add_up_to_their_whole(which: str, whole: str, request: pytest.FixtureRequest) -> None:
    totals = request.getfixturevalue(which).totals
    assert sum(totals[name].value for name in PARTITIONS[whole]) == totals[whole.partition(" ")[0]].value


def test_every_total_says_what_it_counts(mini: Audit) -> None:
    assert all(total.definition and total.group for total in mini.totals.values())
    assert {name for names in PARTITIONS.values() for name in names} <= set(mini.totals)


def test_the_markers_of_the_guide_are_those_read_by_hand(shipped: Audit) -> None:
    expected = [(row["line"], tuple(row["labels"].split(","))) for row in rows(GOLDEN / "guide-markers.tsv")]
    passages = shipped.records.passages.values()
    assert [(str(p.line), p.labels) for p in passages if p.markers] == expected
    counted = Counter(label for _, labels in expected for label in labels)
    assert {line.reference.label: line.printed for line in shipped.references} == dict(counted)
    assert shipped.totals["markers"].value == 40
    assert shipped.totals["passages-cited"].value == 31


def test_references_are_counted_by_use(mini: Audit) -> None:
    use = {
        line.reference.label: (line.printed, len(line.passages), len(line.claims), len(line.sole))
        for line in mini.references
    }
    assert use == {
        "1": (4, 4, 5, 2),
        "2": (4, 4, 4, 2),
        "3": (4, 4, 5, 1),
        "4": (3, 3, 3, 1),
        "5": (1, 1, 1, 0),
        "6": (0,) * 4,
    }


def test_findings_name_their_place(mini: Audit) -> None:
    found = {(f.rule, mini.corpus.curie(f.focus)) for f in mini.findings}
    assert found == {
        ("A101", "c:0010"),
        ("A102", "c:0012"),
        ("A103", "c:0002"),
        ("A104", "c:0011"),
        ("A105", "c:0013"),
        ("A106", "doc:mini.p016"),
        ("A106", "doc:mini.p017"),
        ("A106", "doc:mini.p018"),
        ("A201", "c:0003"),
        ("A202", "c:0008"),
        ("A203", "c:0014"),
        ("A204", "c:0006"),
        ("A204", "c:0017"),
        ("A205", "c:0004"),
        ("A205", "c:0005"),
        ("A205", "c:0007"),
        ("A206", "c:0003"),
        ("A301", "doc:mini.p011.m1"),
        ("A302", "doc:mini.ref3"),
        ("A302", "doc:mini.ref6"),
        ("A303", "doc:mini.ref6"),
        ("A501", "c:0002"),
        ("A501", "c:0003"),
        ("A502", "tension:d01"),
        ("A502", "tension:d02"),
        ("A503", "work:berg-2018"),
        ("A504", "work:lund-2020"),
    }
    for finding in mini.findings:
        assert finding.severity == RULES[finding.rule].severity
        assert finding.file and finding.line
        (file,) = (f for f in MINI.rglob("*.ttl") if mini.corpus.shown(f) == finding.file)
        text = file.read_text(encoding="utf-8").splitlines()
        block = "\n".join(text[: finding.line]).rpartition("\n\n")[2]
        assert mini.corpus.curie(finding.focus) in block, finding


def test_severities_come_worst_first_and_failed_results_lead_theirs(mini: Audit) -> None:
    order = ["violation", "warning", "info"]
    assert [f.severity for f in mini.findings] == sorted((f.severity for f in mini.findings), key=order.index)
    assert [mini.corpus.curie(c.claim.iri) for c in mini.ordered()][:3] == ["c:0010", "c:0011", "c:0018"]


def test_what_rests_on_what(mini: Audit) -> None:
    names = {key: [mini.corpus.curie(c.claim.iri) for c in chains] for key, chains in mini.rests_on().items()}
    assert names["encyclopedias"] == ["c:0010", "c:0003"]
    assert names["unresolvable"] == ["c:0008", "c:0012"]
    assert names["encyclopedias_and_unresolvable"] == ["c:0011", "c:0006", "c:0017"]
    assert names["nothing"] == ["c:0001", "c:0002", "c:0014"]
    assert len(names["one_source"]) == 8


def test_a_citation_is_not_carried_over_to_another_sentence(mini: Audit) -> None:
    chain = mini.chain(mini.corpus.base + "c/0003")
    assert [(link.evidence.passage and link.evidence.passage.section, link.citation) for link in chain.places] == [
        ("Abstract", "cited"),
        ("Conclusion", "uncited"),
    ]
    relying = mini.chain(mini.corpus.base + "c/0005")
    assert relying.links[0].evidence.relies_on
    assert relying.labels == ("2", "3")


def test_a_missing_entry_ends_the_chain(mini: Audit) -> None:
    [citation] = mini.chain(mini.corpus.base + "c/0008").citations
    assert (citation.resolution, citation.naming, citation.source_type, citation.carries) == (
        "missing",
        "none named",
        None,
        "cannot",
    )


def test_candidates_are_not_facts(mini: Audit) -> None:
    [citation] = mini.chain(mini.corpus.base + "c/0012").citations
    assert citation.reference and citation.reference.candidates
    assert citation.work is None


def test_json_holds_everything(mini: Audit) -> None:
    answer = mini.as_dict()
    assert answer["answer"] == "rows"
    assert answer["coverage"] == {
        "documents": 1,
        "passages": 29,
        "encoded": 16,
        "skipped": 6,
        "open": 7,
        "complete": False,
    }
    assert answer["failed"] == ["c:0010", "c:0011", "c:0018"]
    assert isinstance(answer["rows"], list) and len(answer["rows"]) == 18
    for row in answer["rows"]:
        assert row["polarity"] and row["certainty"]


def test_unknown_claim_is_refused_with_the_nearest(mini: Audit) -> None:
    with pytest.raises(UsageError, match="no claim 'c:0099'") as caught:
        mini.chain(mini.corpus.base + "c/0099")
    assert caught.value.hint and "c:0009" in caught.value.hint


@pytest.mark.parametrize(
    ("fail_on", "words"),
    [
        (["A101"], ["--fail-on A101: 1 finding"]),
        (["A106"], ["--fail-on A106: 3 findings"]),
        (["A401"], []),
        (["violation"], ["--fail-on violation: 6 findings"]),
        (["warning"], ["--fail-on warning: 22 findings"]),
    ],
)
def test_fail_on(mini: Audit, fail_on: list[str], words: list[str]) -> None:
    assert mini.exceeded(fail_on) == words


@pytest.mark.parametrize(("name", "near"), [("A10", "A10"), ("warnin", "warning"), ("violations", "violation")])
def test_unknown_rule_is_refused_with_the_nearest(mini: Audit, name: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        mini.exceeded([name])
    assert caught.value.hint and near in caught.value.hint


def test_budget(mini: Audit) -> None:
    assert mini.exceeded(budget={"claims-uncited": 3, "A101": 1}) == []
    assert mini.exceeded(budget={"claims-uncited": 2, "A106": 0}) == [
        "[budget] claims-uncited: 3, allowed 2",
        "[budget] A106: 3, allowed 0",
    ]
    with pytest.raises(UsageError, match="no total in") as caught:
        mini.exceeded(budget={"claims-encyclopaedia-only": 1})
    assert caught.value.hint and "claims-encyclopedia-only" in caught.value.hint


def test_budget_of_the_corpus_is_kept(edited: Callable[[str, str, str], Corpus]) -> None:
    corpus = edited("corpus.toml", 'version = "1"', 'version = "1"\nbudget = { claims-uncited = 2 }')
    assert audit(corpus).exceeded() == ["[budget] claims-uncited: 3, allowed 2"]


def test_without_the_text_nothing_is_claimed_to_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OGX_RDF_SOURCES", raising=False)
    result = audit(Corpus(MINI))
    [item] = result.reconciliations
    assert item.text == "not reconciled: recorded text not at hand (0 of 17 markers recounted)"
    assert result.totals["quotes-not-compared"].value == result.totals["quotes"].value == 17
    assert {row["counted"] for row in item.as_dict(result.corpus)["labels"]} == {None}  # type: ignore[attr-defined]


def test_text_of_another_version_is_not_used(tmp_path: Path) -> None:
    changed = tmp_path / "mini.txt"
    changed.write_text((MINI / "text" / "mini.txt").read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert audit(Corpus(MINI), sources=[f"mini={changed}"]).reconciliations[0].status == "not reconciled"


def test_markers_are_reconciled_with_the_text(mini: Audit) -> None:
    [item] = mini.reconciliations
    assert item.text == "reconciled: 17 markers on 12 passages, counted again in the text"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('skos:notation "9" ;', 'skos:notation "2" ;', "[2] 5 stored, 4 counted; [9] 0 stored, 1 counted"),
        ("ogx:marker doc:mini.p011.m1 ;\n", "", "11 passages with markers stored, 12 counted"),
    ],
)
def test_a_count_that_differs_is_a_violation(
    edited: Callable[[str, str, str], Corpus], old: str, new: str, words: str
) -> None:
    result = audit(edited("documents/mini/passages.ttl", old, new), sources=[str(MINI / "text")])
    [finding] = [f for f in result.findings if f.rule == "A402"]
    assert words in finding.message
    assert finding.severity == "violation"


def test_a_quote_that_differs_is_a_violation(edited: Callable[[str, str, str], Corpus]) -> None:
    corpus = edited("claims/mini/01-all.ttl", '"Morvin binds kelstat"', '"Morvin bound kelstat"')
    result = audit(corpus, sources=[str(MINI / "text")])
    assert result.totals["quotes-different"].value == 1
    assert [corpus.curie(f.focus) for f in result.findings if f.rule == "A401"] == ["c:0004.mini-p007"]


def test_a_passage_that_is_not_there_ends_the_chain(edited: Callable[[str, str, str], Corpus]) -> None:
    corpus = edited(
        "claims/mini/01-all.ttl", "prov:wasQuotedFrom doc:mini.p007 ;", "prov:wasQuotedFrom doc:mini.p777 ;"
    )
    chain = audit(corpus, sources=[str(MINI / "text")]).chain(corpus.base + "c/0004")
    assert [(link.passage, link.quote, link.citation) for link in chain.places] == [
        ("missing", "not compared", "uncited")
    ]


def test_a_quote_outside_its_passage_is_told(edited: Callable[[str, str, str], Corpus]) -> None:
    corpus = edited(
        "claims/mini/01-all.ttl", "prov:wasQuotedFrom doc:mini.p007 ;", "prov:wasQuotedFrom doc:mini.p008 ;"
    )
    assert audit(corpus).chain(corpus.base + "c/0004").links[0].passage == "outside"


def test_the_guide_is_reconciled(guide_file: Path) -> None:
    result = audit(open_corpus(resource("ontology")), sources=[str(guide_file)])
    assert [item.status for item in result.reconciliations] == ["reconciled"]
    assert result.totals["quotes-compared"].value == result.totals["quotes"].value


def test_every_result_of_the_guide_that_failed_stands_in_front(shipped: Audit) -> None:
    ordered = shipped.ordered()
    failed = [chain for chain in ordered if chain.failed and chain.is_result]
    assert failed and ordered[: len(failed)] == failed
    assert any(chain.state == "encyclopediaOnly" for chain in failed)


def test_repetition_does_not_count_as_corroboration(mini: Audit) -> None:
    chain = mini.chain(mini.corpus.base + "c/0003")
    more = dataclasses.replace(chain, links=chain.links * 3)
    assert more.sources == chain.sources
    [document] = chain.support.stated_by
    assert mini.corpus.curie(document) == "doc:mini"


def test_what_a_document_says_of_itself_is_no_study(mini: Audit) -> None:
    repeated = mini.chain(mini.corpus.base + "c/0003")
    assert len(repeated.places) == 2
    assert repeated.support.supporting == ()


def test_a_tension_is_told_with_both_sides(mini: Audit) -> None:
    both = mini.as_dict()["tensions"]
    assert isinstance(both, list)
    first, second = both
    [said], [against] = first["said"], first["set_against"]
    assert (said["words"], said["quoted"], said["claim"]) == (["Pain fell in 12 of 40 patients"], True, "c:0013")
    assert said["place"] == "doc:mini.p019, table row 5, line 20, section Findings"
    assert said["sources"] == ["cites [2] Morvin and kelstat, a review (review, resolved)"]
    assert (against["what"], against["stance"]) == ("report", "supports")
    assert against["sources"] == ["read in work:alpha-2021 ALPHA: a trial of nolvex in testoma (primary report)"]
    assert first["inferences"] == ["Most likely the two measured pain in different ways."]
    assert (first["sureness"], first["curator"], first["date"]) == ("fairlySure", "Test Desk", "2024-05-02")
    [entry], [work] = second["said"], second["set_against"]
    assert entry["sources"] == ["news, unresolvable; denotes no work"]
    assert (work["what"], work["words"]) == ("work", ["ALPHA: a trial of nolvex in testoma"])


@pytest.mark.parametrize(
    ("claim", "tensions"),
    [("0013", ["d01"]), ("0018", ["d01"]), ("0005", ["d02"]), ("0012", ["d02"]), ("0009", []), ("0001", [])],
)
def test_the_tensions_that_touch_a_claim(mini: Audit, claim: str, tensions: list[str]) -> None:
    found = mini.chain(f"{mini.corpus.base}c/{claim}").tensions
    assert [mini.corpus.curie(tension.iri) for tension in found] == [f"tension:{name}" for name in tensions]


@pytest.mark.parametrize("side", ["said", "setAgainst"])
@pytest.mark.parametrize(
    ("target", "what", "words"),
    [
        ("c:0010", "claim", "BETA did not meet its primary endpoint of survival (negative; asserted)"),
        ("doc:mini.p017", "passage", "No significant improvement in pain"),
        ("doc:mini", "document", "Nolvex: A Short Guide"),
        ("work:nobody-1999", "not in this corpus", "work:nobody-1999"),
    ],
)
def test_whatever_a_tension_names_is_told(
    edited: Callable[[str, str, str], Corpus], side: str, target: str, what: str, words: str
) -> None:
    old = {"said": "ogx:said c:0013.mini-p019 ;", "setAgainst": "ogx:setAgainst c:0018.alpha-2021-r01 ;"}[side]
    result = audit(edited("tensions/all.ttl", old, f"ogx:{side} {target} ;"))
    first = next(iter(result.records.tensions.values()))
    [found] = sides(first, result.records)[side == "setAgainst"]
    assert (found.what, found.words[0]) == (what, words)


def test_the_audit_of_the_shipped_corpus_tells_what_does_not_go_together(shipped: Audit) -> None:
    records, curie = shipped.records, shipped.corpus.curie
    words: dict[str, str] = {}
    for iri, tension in records.tensions.items():
        said, against = sides(tension, records)
        assert said and against and tension.difference and tension.sureness
        assert all(side.words and side.place for side in (*said, *against)), curie(iri)
        words[curie(iri)] = " ".join(w for side in against for w in (*side.words, *side.sources))
    pain = shipped.chain(shipped.corpus.base + "c/0154")
    assert "88%" in str(pain.places[0].evidence.quote)
    [overstated] = [tension for tension in pain.tensions if "overstatedNumber" in tension.kinds]
    assert "88%" in words[curie(overstated.iri)] and "press release" in words[curie(overstated.iri)]
    assert overstated.inferences
    affinity = shipped.chain(shipped.corpus.base + "c/0168")
    assert any("referenceCannotCarry" in tension.kinds for tension in affinity.tensions)
    synergy = shipped.chain(shipped.corpus.base + "c/0176")
    assert any("tertiaryCitation" in tension.kinds for tension in synergy.tensions)
    assert len(synergy.support.supporting_studies) == len(affinity.support.supporting_studies) == 1
    ku70 = [tension for tension in records.tensions.values() if "isoformConflict" in tension.kinds]
    assert any("Ku70" in words[curie(tension.iri)] for tension in ku70)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("a.^{[1][2]} b.^[3] c [8]. d.[5] [13]", "1 2 3 8 5 13"),
        ("a [1, 4] b [2–4] c [2-3; 7]", "1 4 2 3 4 2 3 7"),
        ("[Get Quote](#) [3](https://example.org/3) [4](see table)", "4"),
        ("95% CI [12, 18] and [18]F and in [2025] and [0] and [12a]", ""),
        ("x [1\n2] y [[4]] z [] w ] v [", "4"),
        ("cell\t[3][5]\nReferences\n- 1. A [a.example.org]\n- 2. B [3]\nSee [2].", "3 5 2"),
        ("Bibliography\n[1] A. Author, see also [7].\n[2] B.\n", ""),
    ],
)
def test_recount_reads_every_notation(text: str, labels: str) -> None:
    assert [mark.label for mark in recount(text)] == labels.split()
    assert all(text[mark.offset] == "[" for mark in recount(text))


def test_recount_of_the_small_document() -> None:
    text = (DATA / "small" / "document.txt").read_text(encoding="utf-8")
    assert [mark.label for mark in recount(text)] == list("1234213142343453")


def test_recount_shares_no_code() -> None:
    tree = ast.parse((Path(recount.__code__.co_filename)).read_text(encoding="utf-8"))
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert sorted(filter(None, modules)) == ["__future__", "dataclasses"]
