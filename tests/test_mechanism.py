"""Chains of claims: what carries one, what is never crossed, which sign it has, and where it is weakest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from commands import Cli
from hypothesis import given, settings
from hypothesis import strategies as st

from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.mechanism.chains import Chain, in_order, product, search
from ogx_rdf.mechanism.steps import Crossing, Network, Step, network_of
from ogx_rdf.model import Iri
from ogx_rdf.records import Records
from ogx_rdf.resources import resource

BASE = "https://example.org/m/"
PREFIXES = "".join(
    f"PREFIX {name}: <{space}>\n"
    for name, space in {
        **{folder: f"{BASE}{folder}/" for folder in ("c", "doc", "entity", "tension", "trial", "work")},
        "ogx": "https://w3id.org/ogx-rdf/ns#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dcterms": "http://purl.org/dc/terms/",
        "prov": "http://www.w3.org/ns/prov#",
        "c4o": "http://purl.org/spar/c4o/",
    }.items()
)
ENTITIES = """
entity:drug a ogx:Entity, ogx:Drug ; skos:prefLabel "drug" .
entity:kinase a ogx:Entity, ogx:Protein ; skos:prefLabel "kinase" .
entity:kinase-short a ogx:Entity, ogx:Protein ; skos:prefLabel "short kinase" ; ogx:formOf entity:kinase .
entity:kinase-mrna a ogx:Entity, ogx:Transcript ; skos:prefLabel "kinase mRNA" .
entity:kinase-level a ogx:Entity, ogx:Aspect ; skos:prefLabel "kinase level" ;
  ogx:aspectOf entity:kinase ; ogx:aspect ogx:level .
entity:kinase-loss a ogx:Entity, ogx:Aspect ; skos:prefLabel "kinase degradation" ;
  ogx:aspectOf entity:kinase ; ogx:aspect ogx:degradation .
entity:kinase-place a ogx:Entity, ogx:Aspect ; skos:prefLabel "kinase localization" ;
  ogx:aspectOf entity:kinase ; ogx:aspect ogx:localization .
entity:death a ogx:Entity, ogx:Process ; skos:prefLabel "death" .
entity:growth a ogx:Entity, ogx:Process ; skos:prefLabel "growth" .
entity:growth-rate a ogx:Entity, ogx:Aspect ; skos:prefLabel "growth rate" ;
  ogx:aspectOf entity:growth ; ogx:aspect ogx:level .
entity:mix a ogx:Entity, ogx:Regimen ; skos:prefLabel "mix" ; ogx:component entity:drug .
entity:mice a ogx:Entity, ogx:Model ; skos:prefLabel "mice" .
entity:cells a ogx:Entity, ogx:Model ; skos:prefLabel "cells" .
work:paper a ogx:Work ; dcterms:title "A paper" ; ogx:sourceType ogx:primaryReport .
work:page a ogx:Work ; dcterms:title "A page" ; ogx:sourceType ogx:encyclopedia .
doc:d a ogx:Document ; dcterms:title "D" .
doc:d.p001 a ogx:Passage ; dcterms:isPartOf doc:d ; ogx:passageKind ogx:sentence ;
  ogx:start 0 ; ogx:end 99 ; ogx:sha256 "0" .
doc:d.p002 a ogx:Passage ; dcterms:isPartOf doc:d ; ogx:passageKind ogx:sentence ;
  ogx:start 100 ; ogx:end 199 ; ogx:sha256 "1" ;
  ogx:marker doc:d.p002.m1 .
doc:d.p002.m1 a ogx:Marker ; skos:notation "1" ; ogx:printed "[1]" ; ogx:start 190 ; ogx:end 193 ;
  c4o:denotes doc:d.ref1 .
doc:d.ref1 a ogx:Reference ; skos:notation "1" ; ogx:resolution ogx:resolved ; ogx:denotes work:page .
"""
SOURCES = {
    "uncited": 'ogx:quote "words" ; ogx:start 1 ; ogx:end 6 ; prov:wasQuotedFrom doc:d.p001',
    "encyclopedia": 'ogx:quote "words" ; ogx:start 101 ; ogx:end 106 ; prov:wasQuotedFrom doc:d.p002',
    "paper": 'ogx:report "words" ; dcterms:source work:paper ; ogx:readAt "here" ; ogx:extent ogx:abstract',
}


def claim(
    number: int,
    subject: str,
    relation: str,
    object: str,
    *,
    source: str = "paper",
    polarity: str = "positive",
    certainty: str = "asserted",
    stance: str = "supports",
    context: str = "",
    also: str = "",
) -> str:
    """A claim with one piece of evidence, and with ``also`` a second report of that stance."""
    name = f"c:{number:04}"
    more = (
        f"{name}.paper-r02 a ogx:Evidence ; ogx:evidenceFor {name} ; ogx:stance ogx:{also} ; "
        f"ogx:certainty ogx:asserted ; {SOURCES['paper']} .\n"
    )
    return (
        f'{name} a ogx:Claim ; rdfs:label "{subject} {relation} {object}" ; rdf:subject entity:{subject} ; '
        f"rdf:predicate ogx:{relation} ; rdf:object entity:{object} ; ogx:polarity ogx:{polarity} ; "
        f"ogx:kind ogx:mechanism{context} .\n"
        f"{name}.e a ogx:Evidence ; ogx:evidenceFor {name} ; ogx:stance ogx:{stance} ; ogx:directness ogx:exact ; "
        f"ogx:certainty ogx:{certainty} ; {SOURCES[source]} .\n{more if also else ''}"
    )


def corpus_of(root: Path, *claims: str, more: str = "") -> Corpus:
    """A corpus of the entities above and these claims."""
    registry = (resource("ontology") / "prefixes.ttl").read_text(encoding="utf-8")
    root.mkdir(exist_ok=True)
    (root / "corpus.toml").write_text(f'title = "M"\nbase = "{BASE}"\n', encoding="utf-8")
    (root / "prefixes.ttl").write_text(
        registry.replace("https://w3id.org/ogx-rdf/", BASE).replace(f"{BASE}ns#", "https://w3id.org/ogx-rdf/ns#"),
        encoding="utf-8",
    )
    (root / "entities").mkdir(exist_ok=True)
    (root / "entities" / "all.ttl").write_text(PREFIXES + ENTITIES + "".join(claims) + more, encoding="utf-8")
    return open_corpus(root)


def found(
    root: Path, *claims: str, ends: tuple[str, str] = ("drug", "death"), length: int = 5, more: str = ""
) -> list[Chain]:
    network = network_of(Records(corpus_of(root, *claims, more=more)))
    start, end = (Iri(f"{BASE}entity/{name}") for name in ends)
    return list(search(network, start, end, length).chains)


def told(chain: Chain) -> list[str]:
    return [link.iri[-4:] if isinstance(link, Step) else f"~{link.kind}" for link in chain.links]


DRUG = claim(1, "drug", "inhibits", "kinase")
KINASE = claim(2, "kinase", "inhibits", "death")


def test_a_chain_multiplies_the_signs_of_its_steps(tmp_path: Path) -> None:
    (chain,) = found(tmp_path, DRUG, KINASE)
    assert (told(chain), chain.sign, chain.weakest) == (["0001", "0002"], "+1", None)


@pytest.mark.parametrize(
    ("aspect", "sign"),
    [("kinase-level", "+1"), ("kinase-loss", "-1"), ("kinase-place", "unsigned")],
)
def test_an_aspect_of_the_molecule_is_crossed_in_the_open(tmp_path: Path, aspect: str, sign: str) -> None:
    (chain,) = found(tmp_path, claim(1, "drug", "decreases", aspect), KINASE)
    (crossing,) = chain.crossings
    assert told(chain) == ["0001", f"~{crossing.kind}", "0002"]
    assert crossing.sign == sign
    assert chain.sign == {"+1": "+1", "-1": "-1", "unsigned": "unsigned"}[sign]


@pytest.mark.parametrize("acted_on", ["kinase-short", "kinase-mrna", "mix"])
def test_form_transcript_and_part_are_never_crossed(tmp_path: Path, acted_on: str) -> None:
    assert found(tmp_path, claim(1, "drug", "inhibits", acted_on), KINASE) == []
    assert found(tmp_path, claim(1, "mix", "inhibits", "kinase"), KINASE) == []


def test_an_aspect_of_something_that_is_no_molecule_is_not_crossed(tmp_path: Path) -> None:
    chains = (claim(1, "drug", "decreases", "growth-rate"), claim(2, "growth", "inhibits", "death"))
    assert found(tmp_path, *chains) == []


def test_from_mrna_to_protein_leads_a_stated_claim_only(tmp_path: Path) -> None:
    first = claim(1, "drug", "inhibits", "kinase-mrna")
    stated = claim(3, "kinase-mrna", "translatedInto", "kinase")
    assert found(tmp_path / "a", first, KINASE) == []
    (chain,) = found(tmp_path / "b", first, KINASE, stated)
    assert told(chain) == ["0001", "0003", "0002"]
    assert (chain.sign, [(r.link.sign, r.why) for r in chain.reasons]) == ("unsigned", [("unsigned", "unsigned")])


@pytest.mark.parametrize(
    "other",
    [
        claim(2, "kinase", "inhibits", "death", polarity="negative"),
        claim(2, "kinase", "inhibits", "death", polarity="notShown"),
        claim(2, "kinase", "inhibits", "death", stance="silent"),
        claim(2, "kinase", "inhibits", "death", stance="disputes"),
        claim(2, "kinase", "isA", "death"),
    ],
    ids=["negative", "not shown", "silent", "disputed only", "no influence"],
)
def test_what_carries_no_chain(tmp_path: Path, other: str) -> None:
    assert found(tmp_path, DRUG, other) == []


CONTESTED = """tension:t a ogx:Tension ; rdfs:label "t" ; ogx:tensionKind ogx:{} ; ogx:said c:0002.e ;
  ogx:setAgainst c:0001 ;  ogx:difference "d" ; ogx:sureness ogx:sure .\n"""


@pytest.mark.parametrize(
    ("claims", "more"),
    [
        ((DRUG, claim(2, "kinase", "inhibits", "death", also="disputes")), ""),
        ((DRUG, KINASE, claim(3, "kinase", "inhibits", "death", polarity="negative")), ""),
        ((DRUG, KINASE, claim(3, "kinase", "activates", "death")), ""),
        ((DRUG, KINASE), CONTESTED.format("isoformConflict")),
    ],
    ids=["evidence", "twin", "opposing relation", "tension"],
)
def test_over_a_disputed_step_no_sign_is_multiplied(tmp_path: Path, claims: tuple[str, ...], more: str) -> None:
    chain = next(c for c in found(tmp_path, *claims, more=more) if told(c) == ["0001", "0002"])
    assert chain.sign == "unsigned"
    assert {reason.why for reason in chain.reasons} == {"disputed"}
    assert chain.weakest is not None
    assert chain.weakest[1] == "disputed"


@pytest.mark.parametrize(
    ("claims", "more"),
    [
        ((DRUG, KINASE), CONTESTED.format("tertiaryCitation")),
        (
            (
                DRUG,
                claim(2, "kinase", "inhibits", "death", context=" ; ogx:inModel entity:mice"),
                claim(3, "kinase", "inhibits", "death", polarity="negative", context=" ; ogx:inModel entity:cells"),
            ),
            "",
        ),
    ],
    ids=["tension about a citation", "another model"],
)
def test_what_does_not_dispute(tmp_path: Path, claims: tuple[str, ...], more: str) -> None:
    (chain,) = found(tmp_path, *claims, more=more)
    assert chain.sign == "+1"


def test_chains_are_counted_and_ordered_by_their_weakest_link(tmp_path: Path) -> None:
    chains = found(
        tmp_path,
        DRUG,
        KINASE,
        claim(3, "drug", "inhibits", "growth", source="uncited", certainty="hedged"),
        claim(4, "growth", "inhibits", "death", source="encyclopedia"),
        claim(5, "drug", "promotes", "death", source="uncited"),
    )
    assert [told(c) for c in in_order(chains, "weakest")] == [["0003", "0004"], ["0005"], ["0001", "0002"]]
    assert [told(c) for c in in_order(chains, "strongest")] == [["0001", "0002"], ["0005"], ["0003", "0004"]]
    worst = in_order(chains, "weakest")[0]
    assert {word: n for word, n in worst.counts.items() if n} == {"uncited": 1, "hedged": 1, "encyclopediaOnly": 1}
    assert worst.weakest is not None
    assert (worst.weakest[0].iri[-4:], worst.weakest[1]) == ("0003", "uncited")


def test_the_shipped_forms_of_a_molecule_stay_apart() -> None:
    records = Records(open_corpus(resource("ontology")))
    network = network_of(records)
    forms = set(records.nodes.predicates("https://w3id.org/ogx-rdf/entity/secretory-clusterin"))
    assert "https://w3id.org/ogx-rdf/ns#formOf" in forms
    crossed = {frozenset((c.start, c.end)) for c in network.crossings}
    for iri in records.nodes.members(Iri("https://w3id.org/ogx-rdf/ns#Entity")):
        for other in records.nodes.iris(iri, "https://w3id.org/ogx-rdf/ns#formOf"):
            assert frozenset((iri, other)) not in crossed


def test_custirsen_leads_to_apoptosis_by_ways_that_are_told() -> None:
    records = Records(open_corpus(resource("ontology")))
    start, end = (Iri(f"https://w3id.org/ogx-rdf/entity/{name}") for name in ("custirsen", "apoptosis"))
    ways = {"-".join(told(chain)): chain for chain in search(network_of(records), start, end, 3).chains}
    direct, by_pathways = ways["0110"], ways["0062-0064"]
    assert (direct.sign, by_pathways.sign) == ("+1", "unsigned")
    assert [r.why for r in by_pathways.reasons] == ["unsigned", "unsigned"]
    assert by_pathways.counts["uncited"] >= 1


@pytest.mark.parametrize("format", ["text", "md", "json"])
@pytest.mark.parametrize(
    "words", [("path", "custirsen", "apoptosis"), ("path", "apoptosis", "Ku70"), ("explain", "68")]
)
def test_every_format_tells_words_and_repeats_itself(cli: Cli, words: tuple[str, ...], format: str) -> None:
    first = cli(*words, "--format", format)
    assert first.returncode == 0
    assert first.stdout == cli(*words, "--format", format).stdout
    if words[0] == "explain":
        assert "One of its primary mechanisms is the inhibition of the pro-apoptotic protein Bax" in first.stdout


def test_no_chain_is_none_with_what_would_have_to_be_crossed(cli: Cli, tmp_path: Path) -> None:
    corpus_of(tmp_path / "kb", claim(1, "drug", "inhibits", "kinase-short"), KINASE)
    answer = json.loads(cli("path", "drug", "death", "--format", "json", at=tmp_path / "kb").stdout)
    assert (answer["answer"], answer["rows"]) == ("none", [])
    text = cli("path", "drug", "death").stdout
    assert "short kinase" in text
    assert "c:0002" in text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("path", "drug", "deth"), 2),
        (("path", "drug", "death", "--max-length", "x"), 2),
        (("path", "drug", "death", "--order", "best"), 2),
        (("path", "drug", "drug"), 2),
        (("explain", "c:9999"), 2),
        (("infer", "--out", "inferred.xml"), 2),
        (("infer", "--out", "inferred.nq"), 1),
    ],
)
def test_wrong_use_is_refused_in_words(cli: Cli, tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    corpus_of(tmp_path / "kb", DRUG, KINASE)
    done = cli(*words, at=tmp_path / "kb")
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr.startswith("E")
    assert not (tmp_path / "kb" / "inferred.nq").exists()


@pytest.mark.parametrize("suffix", ["nq", "trig", "ttl"])
def test_inferences_go_to_a_dataset_of_their_own(cli: Cli, tmp_path: Path, suffix: str) -> None:
    corpus_of(
        tmp_path / "kb",
        claim(1, "drug", "decreases", "kinase-level"),
        claim(2, "kinase", "inhibits", "death", certainty="hedged"),
    )
    before = sorted(p.name for p in (tmp_path / "kb").rglob("*"))
    out = tmp_path / f"inferred.{suffix}"
    assert cli("infer", "--out", str(out), at=tmp_path / "kb").returncode == 0
    first = out.read_bytes()
    assert cli("infer", "--out", str(out)).returncode == 0
    assert out.read_bytes() == first
    assert sorted(p.name for p in (tmp_path / "kb").rglob("*")) == before
    formats = {
        "nq": pyoxigraph.RdfFormat.N_QUADS,
        "trig": pyoxigraph.RdfFormat.TRIG,
        "ttl": pyoxigraph.RdfFormat.TURTLE,
    }
    quads = list(pyoxigraph.parse(path=str(out), format=formats[suffix]))
    if suffix != "ttl":
        assert {q.graph_name for q in quads} == {pyoxigraph.NamedNode(f"{BASE}graph/inferred")}
    said = {(q.predicate.value.rpartition("#")[2].rpartition("/")[2], q.object.value) for q in quads}
    assert ("predicate", "https://w3id.org/ogx-rdf/ns#promotes") in said
    assert {("wasDerivedFrom", f"{BASE}c/0001"), ("wasDerivedFrom", f"{BASE}c/0002")} <= said
    assert ("crossed", f"{BASE}entity/kinase-level") in said
    assert ("certainty", "https://w3id.org/ogx-rdf/ns#hedged") in said


@pytest.mark.parametrize(
    ("claims", "rows"),
    [
        ((DRUG, KINASE), 1),
        ((DRUG, KINASE, claim(3, "drug", "affects", "death")), 0),
        ((DRUG, KINASE, claim(3, "drug", "promotes", "death", polarity="negative")), 0),
        ((claim(1, "drug", "inhibits", "kinase", certainty="intended"), KINASE), 0),
        ((claim(1, "drug", "modulates", "kinase"), KINASE), 0),
        (
            (
                claim(1, "drug", "inhibits", "kinase", context=" ; ogx:inModel entity:mice"),
                claim(2, "kinase", "inhibits", "death", context=" ; ogx:inModel entity:cells"),
            ),
            0,
        ),
        ((claim(1, "drug", "inhibits", "kinase-short"), KINASE), 0),
    ],
    ids=["drawn", "stated already", "stated not to be", "only intended", "no direction", "two models", "another form"],
)
def test_when_an_inference_is_drawn(cli: Cli, tmp_path: Path, claims: tuple[str, ...], rows: int) -> None:
    corpus_of(tmp_path / "kb", *claims)
    out = tmp_path / "inferred.nq"
    answer = json.loads(cli("infer", "--out", str(out), "--format", "json", at=tmp_path / "kb").stdout)
    assert len(answer["rows"]) == rows


def test_an_inferred_step_is_marked_wherever_it_is_taken(cli: Cli, tmp_path: Path) -> None:
    corpus_of(tmp_path / "kb", DRUG, KINASE)
    plain = json.loads(cli("path", "drug", "death", "--format", "json", at=tmp_path / "kb").stdout)
    with_more = json.loads(cli("path", "drug", "death", "--inferred", "--format", "json").stdout)
    assert (plain["found"], with_more["found"]) == (1, 2)
    assert "inferred" in cli("path", "drug", "death", "--inferred").stdout
    assert "inferred:" not in cli("path", "drug", "death").stdout


NODES = [Iri(f"{BASE}entity/{name}") for name in "abcde"]


def plain_step(number: int, start: int, end: int, sign: str) -> Step:
    relation = Iri("https://w3id.org/ogx-rdf/ns#affects")
    return Step(Iri(f"{BASE}c/{number:04}"), NODES[start], relation, NODES[end], str(number), sign, "asserted", {})


def brute_force(steps: list[Step], start: Iri, end: Iri, length: int) -> Iterator[tuple[Iri, ...]]:
    """Every simple path, by trying them all."""
    ahead: list[tuple[tuple[Step, ...], tuple[Iri, ...]]] = [((), (start,))]
    while ahead:
        way, seen = ahead.pop()
        for step in steps:
            if step.start == seen[-1] and step.end not in seen and len(way) < length:
                if step.end == end:
                    yield tuple(s.iri for s in (*way, step))
                else:
                    ahead.append(((*way, step), (*seen, step.end)))


@given(
    edges=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from(["+1", "-1", "unsigned"])), max_size=14
    ),
    length=st.integers(1, 5),
)
@settings(max_examples=200)
def test_the_search_finds_what_trying_all_ways_finds(edges: list[tuple[int, int, str]], length: int) -> None:
    steps = [plain_step(n, a, b, sign) for n, (a, b, sign) in enumerate(edges, 1) if a != b]
    chains = search(Network(tuple(steps)), NODES[0], NODES[4], length).chains
    assert sorted(tuple(s.iri for s in c.steps) for c in chains) == sorted(
        brute_force(steps, NODES[0], NODES[4], length)
    )
    for chain in chains:
        signs = [step.sign for step in chain.steps]
        assert chain.sign == ("unsigned" if "unsigned" in signs else "-1" if signs.count("-1") % 2 else "+1")


def test_a_product_is_unsigned_where_any_sign_is() -> None:
    assert [product(signs) for signs in (["-1", "-1"], ["-1"], ["+1", "unsigned"], [])] == [
        "+1",
        "-1",
        "unsigned",
        "+1",
    ]


def test_a_search_that_gives_up_says_so() -> None:
    steps = [
        plain_step(n, a, b, "+1") for n, (a, b) in enumerate([(a, b) for a in range(5) for b in range(5) if a != b], 1)
    ]
    whole = search(Network(tuple(steps)), NODES[0], NODES[4], 5)
    part = search(Network(tuple(steps)), NODES[0], NODES[4], 5, work=5)
    assert whole.complete and not part.complete
    assert {c.key for c in part.chains} <= {c.key for c in whole.chains}
    assert all(isinstance(link, Step | Crossing) for chain in whole.chains for link in chain.links)
