"""What the guide's list of references denotes, counted by hand, and nothing in it that no source shows."""

from __future__ import annotations

import hashlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from ogx_rdf.corpus import Corpus, open_corpus
from ogx_rdf.model import Iri, Term
from ogx_rdf.namespaces import DCTERMS, OGX, RDF, RDFS
from ogx_rdf.oxi import parse_turtle

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"
GUIDE = "https://w3id.org/ogx-rdf/doc/ogx-011-guide"
DENOTED = {
    1: "review",
    2: "review",
    3: "review",
    4: "review",
    5: "encyclopedia",
    7: "primaryReport",
    8: "encyclopedia",
    14: "primaryReport",
}
SITES = {
    6: ("publisherSite", 3),
    9: ("societySite", 0),
    10: ("publisherSite", 3),
    11: ("news", 2),
    12: ("publisherSite", 1),
    13: ("regulator", 3),
}

# Identifiers, titles and authors that are not seen in any source, though they look right: (number of words, SHA-256 of
# the words in lower case with one space between). Hashed, so that this test does not publish what it forbids.
UNSEEN = {
    (1, "186051d62d999c31564a89ce6d868193dd244085db151f09725613f4c1bd15c3"),
    (1, "239d6135b0f53d5f8aa68f323921d2c6b9a7435caf5b27549d34ecf50dc4b8f8"),
    (1, "33e5526b08e84f5d9f2c1b3f633314f1ce6c0cdeac7d2755b5724a80408ff96b"),
    (1, "61c280951216bd20b7d893e2b8c2fbfef13f8ea0323606dd6d3fb904ee928981"),
    (1, "83630ba9cc6b37baf11921391824ea3f3cc49f2bd5507cf848826c6565470025"),
    (1, "8bb1e26870bce52ff0e79e51ecbf68eabf8ec649a8d5b91aa6080a0548cff5b3"),
    (1, "a18f6be232fe9be52d62d46dd65afc402f25f3bcc99ca6de4a909b14a1e5a713"),
    (1, "a9e0d098c2745493930478ab975fe14e47cce3a9d7b10bd832565614b88d30fc"),
    (1, "b2647230f1abefab17bb331e3098576c7e7fe7dd826109fc649aa9f29742fe2b"),
    (1, "b4639dcde80b26608e0c1bc6cbc6ed2de5d2925607941885789f96f71f7005a5"),
    (1, "b646b35a7231e9ca2978b658ffdd42d2e1ce1392f7c40f25462709b42fc0f09f"),
    (1, "be500f85298da3d59908175f5f28e5a5e40b1f45148a43fae47a596f86217be7"),
    (1, "c2a9343ecc2187b23bddec15856ce9bcf4ef86faf86ae828fd6fa229902158cd"),
    (1, "dcba7e6fc49c1f611baf6b8415e51e7847a8b66c8b5c0ede3d90a44fbf08e925"),
    (1, "fcf87c60df3e78c0b9aa7d8f836ab1177e237b7051236ee44aeccb107522fbdf"),
    (3, "fd8f60c08a20577a9388f736104938cad791f3ca425c890944549c08bd151995"),
    (4, "a8d329df2a580229c098866b6054dae035f7d566d11884b939ecb2aee845d683"),
    (6, "3364adb6a79df7033cdd804b5d99c793a40aa3826bf15d7fbd7162ffbbafebc4"),
    (6, "522c4515f3f75ef3b5ffef29d2393876820b9bd8c2f5b2ec7a5709aa6721e435"),
    (6, "8e1513a7f9f182bd8c3accdd4f22dd6cedf1cdf2dfe7eb9933a3a9e3c809e515"),
    (7, "568f1f7d337a0355c70ee95f751b0aa3c14ad9b3f07aa24c1c573e93cfa33922"),
    (10, "5adb5dd6278483b5c606e95b5d163eb259fbc54311a539a8588178fdccbd0f76"),
    (13, "6f8666048e362ceb54a2efd1edf3ec3f25c091d10cc9cd95b5e26d4d1b42148a"),
}

Facts = dict[Iri, dict[Iri, list[Term]]]


def facts(*names: str) -> Facts:
    """The triples of some files as subject -> predicate -> objects."""
    found: Facts = defaultdict(lambda: defaultdict(list))
    for name in names:
        for subject, predicate, obj in parse_turtle((ONTOLOGY / name).read_text(encoding="utf-8"), name)[0]:
            found[subject][predicate].append(obj)
    return found


REFERENCES = facts("documents/ogx-011-guide/references.ttl")
WORKS = facts("works/cited.ttl", "works/candidates.ttl")


def reference(number: int) -> dict[Iri, list[Term]]:
    """What is curated of one entry."""
    return REFERENCES[Iri(f"{GUIDE}.ref{number}")]


def corpus() -> Corpus:
    """The shipped corpus."""
    return open_corpus(ONTOLOGY)


def test_there_are_fourteen_entries() -> None:
    assert set(REFERENCES) == {f"{GUIDE}.ref{number}" for number in range(1, 15)}
    assert sorted([*DENOTED, *SITES]) == list(range(1, 15))


def test_eight_entries_denote_a_work_of_a_known_type() -> None:
    for number, kind in DENOTED.items():
        entry = reference(number)
        assert entry[OGX.resolution] == [OGX.resolved], number
        assert not entry[OGX.mayDenote] and not entry[OGX.sourceType], number
        (work,) = entry[OGX.denotes]
        assert isinstance(work, Iri)
        assert WORKS[work][OGX.sourceType] == [OGX[kind]], number


def test_six_entries_name_only_a_site() -> None:
    for number, (kind, candidates) in SITES.items():
        entry = reference(number)
        assert entry[OGX.resolution] == [OGX.unresolvable], number
        assert not entry[OGX.denotes], number
        assert entry[OGX.sourceType] == [OGX[kind]], number
        assert len(entry[OGX.mayDenote]) == candidates, number


def test_each_entry_says_why() -> None:
    assert all(len(entry[RDFS.comment]) == 1 for entry in REFERENCES.values())


def test_each_work_has_a_title_one_source_type_and_an_entry_that_needs_it() -> None:
    needed = {o for entry in REFERENCES.values() for p in (OGX.denotes, OGX.mayDenote) for o in entry[p]}
    assert needed == set(WORKS)
    for work, described in WORKS.items():
        assert OGX.Work in described[RDF.type] and len(described[RDF.type]) == 2, work
        assert len(described[DCTERMS.title]) == 1, work
        assert len(described[OGX.sourceType]) == 1, work


def test_identifiers_are_written_alike_and_stand_once() -> None:
    patterns = {"doi": r"10\.\d{4,9}/\S+", "pmid": r"\d{1,8}", "pmcid": r"PMC\d+", "nct": r"NCT\d{8}"}
    seen: dict[str, str] = {}
    for work, described in WORKS.items():
        for identifier in map(str, described[DCTERMS.identifier]):
            scheme, _, value = identifier.partition(":")
            assert re.fullmatch(patterns[scheme], value), identifier
            assert seen.setdefault(identifier, work) == work


def test_each_study_that_a_work_reports_is_an_entity() -> None:
    trials = facts("entities/trials.ttl")
    for work, described in WORKS.items():
        for trial in described[OGX.reportsStudy]:
            assert isinstance(trial, Iri) and OGX.Trial in trials[trial][RDF.type], work


def _words(text: str) -> list[str]:
    """Words in lower case; a DOI stays whole, whatever scheme or resolver stands before it."""
    found = re.findall(r"10\.\d{4,9}/[^\s\"<>,;()\[\]{}|]+|[a-z0-9.]+", text.lower())
    return [word.strip(".") for word in found if word.strip(".")]


def _unseen(text: str, lengths: set[int]) -> Iterator[str]:
    words = _words(text)
    for length in lengths:
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length])
            if (length, hashlib.sha256(phrase.encode()).hexdigest()) in UNSEEN:
                yield phrase


def test_nothing_that_is_not_seen_in_any_source_is_published() -> None:
    lengths = {length for length, _ in UNSEEN}
    for path in sorted(ONTOLOGY.rglob("*")):
        if path.suffix in (".ttl", ".tsv", ".toml"):
            found = list(_unseen(path.read_text(encoding="utf-8"), lengths))
            assert not found, f"{path.relative_to(ONTOLOGY)} holds {len(found)} value(s) not seen in any source"


def test_the_search_finds_a_value_however_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    probes = ("10.9999/probe.7", "98765432", "probe mj tester ab")
    hashes = {(len(p.split()), hashlib.sha256(p.encode()).hexdigest()) for p in probes}
    monkeypatch.setattr(sys.modules[__name__], "UNSEEN", hashes)
    texts = (
        '"doi:10.9999/PROBE.7".',
        "<https://doi.org/10.9999/probe.7>",
        "pmid:98765432",
        "/98765432/",
        "Probe MJ, Tester AB.",
    )
    for text in texts:
        assert list(_unseen(f"some words, {text} and more", {1, 4})), text
    assert not list(_unseen("10.9999/probe.77 198765432 Probe M, Tester AB", {1, 4}))
