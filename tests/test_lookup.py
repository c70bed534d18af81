"""What a person types leads to the node that is meant, or to an error with the nearest names; nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogx_rdf.corpus import Corpus
from ogx_rdf.errors import UsageError
from ogx_rdf.lookup import CLASSES, display, entity, external, find, nearest, resolve
from ogx_rdf.resources import resource

SMALL = Corpus(Path(__file__).parent / "data" / "queries-corpus")
SHIPPED = Corpus(resource("ontology"))


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("c:0001", "c:0001"),
        ("1", "c:0001"),
        ("0001", "c:0001"),
        ("c:1", "c:0001"),
        (" 1 ", "c:0001"),
        ("https://example.org/q/c/0001", "c:0001"),
        ("<https://example.org/q/c/0001>", "c:0001"),
        ("c:0001.note-p002", "c:0001.note-p002"),
        ("ref:note/1", "doc:note.ref1"),
        ("ref:doc:note/1", "doc:note.ref1"),
        ("ref:2", "doc:note.ref2"),
        ("ref:[2]", "doc:note.ref2"),
        ("doc:note", "doc:note"),
        ("note", "doc:note"),
        ("p007", "doc:note.p007"),
        ("p7", "doc:note.p007"),
        ("work:report", "work:report"),
        ("report", "work:report"),
        ("alpha", "entity:alpha"),
        ("Alfa", "entity:alpha"),
        ("ALPHA", "entity:alpha"),
        ("free  Alpha", "entity:alpha-free"),
        ("alpha-free", "entity:alpha-free"),
        ("entity:text-alpha", "entity:text-alpha"),
        ("printed only", "entity:text-only"),
        ("TRIAL-1", "trial:one"),
        ("trial:one", "trial:one"),
        ("one", "trial:one"),
        ("ogx:inhibits", "ogx:inhibits"),
    ],
)
def test_resolve(text: str, curie: str) -> None:
    assert SMALL.curie(resolve(SMALL, text)) == curie


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("twin", "E502", '"twin" can mean several things: entity:alpha, entity:beta'),
        ("ref:1", "E502", "doc:memo.ref1, doc:note.ref1"),
        ("p001", "E502", "doc:memo.p001, doc:note.p001"),
        ("alpah", "E501", 'no thing "alpah". Did you mean alpha'),
        ("entity:alhpa", "E501", "Did you mean entity:alpha"),
        ("99", "E501", 'no claim "99"'),
        ("p999", "E501", 'no passage "p999"'),
        ("ref:77", "E501", 'no reference "ref:77"'),
        ("ref:nowhere/1", "E501", 'no reference "ref:nowhere/1"'),
        ("", "E501", 'no thing ""'),
        ("https://example.org/q/c/9999", "E501", "no thing"),
        ("<https://example.org/q/c/0001> } UNION {", "E501", "no thing"),
    ],
)
def test_what_cannot_be_resolved_says_why(text: str, code: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(SMALL, text)
    assert caught.value.code == code
    assert said in caught.value.message


def test_a_preferred_name_goes_before_a_printed_text_and_a_surface_form() -> None:
    assert SHIPPED.curie(entity(SHIPPED, "custirsen")) == "entity:custirsen"
    assert SHIPPED.curie(entity(SHIPPED, "OGX-011")) == "entity:custirsen"
    assert SHIPPED.curie(entity(SHIPPED, "clusterin")) == "entity:clusterin"
    assert SHIPPED.curie(entity(SHIPPED, "CLU")) == "entity:clu-gene"
    assert SHIPPED.curie(entity(SHIPPED, "sCLU")) == "entity:secretory-clusterin"


def test_the_misspelt_trial_of_the_product_page() -> None:
    with pytest.raises(UsageError) as caught:
        find(SHIPPED, "SINERGY", "trial")
    assert caught.value.text() == 'E501 no trial "SINERGY". Did you mean SYNERGY?'


@pytest.mark.parametrize(
    ("what", "text", "curie"),
    [
        ("reference", "2", "doc:note.ref2"),
        ("reference", "[2]", "doc:note.ref2"),
        ("reference", "doc:note.ref2", "doc:note.ref2"),
        ("passage", "7", "doc:note.p007"),
        ("claim", "7", "c:0007"),
        ("trial", "both trials", "entity:both-trials"),
        ("disease", "sickness", "entity:sickness"),
        ("work", "review", "work:review"),
        ("document", "memo", "doc:memo"),
        ("entity", "trial:two", "trial:two"),
    ],
)
def test_find_takes_what_the_sort_allows(what: str, text: str, curie: str) -> None:
    assert SMALL.curie(find(SMALL, text, what)) == curie


@pytest.mark.parametrize(
    ("what", "text", "said"),
    [
        ("trial", "alpha", "entity:alpha is something else."),
        ("disease", "alpha", "entity:alpha is something else."),
        ("claim", "c:0001.note-p002", "is something else."),
        ("entity", "1", "c:0001 is something else."),
        ("reference", "work:report", "work:report is something else."),
    ],
)
def test_find_refuses_another_sort(what: str, text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(SMALL, text, what)
    assert caught.value.code == "E501"
    assert said in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("CHEBI:22", "CHEBI_22"),
        ("chebi_22", "CHEBI_22"),
        ("22", "CHEBI_22"),
        ("http://purl.obolibrary.org/obo/CHEBI_1", "CHEBI_1"),
        ("CHEBI:1", "CHEBI_1"),
        ("mesh/1", "mesh/1"),
    ],
)
def test_external_identifiers(text: str, end: str) -> None:
    assert external(SMALL, text).endswith(end)


@pytest.mark.parametrize(("text", "code"), [("1", "E502"), ("CHEBI:2", "E501"), ("", "E501"), ("NoTermFound", "E501")])
def test_external_identifiers_that_are_not_there_or_not_clear(text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        external(SMALL, text)
    assert caught.value.code == code


def test_nearest_names_each_thing_once() -> None:
    assert nearest("Alpa", ["alpha", "beta"]) == "Did you mean alpha?"
    assert nearest("alph", {"alpha": "a", "alphas": "a", "alpine": "b"}) == "Did you mean alpha or alpine?"
    assert nearest("zzz", ["alpha"]) == ""


def test_display_keeps_a_message_on_one_line() -> None:
    assert display('a"\n\x1b[31m\ud800') == '"a"\\n\\x1b[31m\\ud800"'
    assert len(display("x" * 1000)) == 62


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=40) | st.text("<>{}\"'\\/:;.#?$()[]|^` \n\tcpref0123456789é", max_size=30))
def test_any_text_is_resolved_or_refused(text: str) -> None:
    before = len(SMALL.dataset)
    for what in (None, *CLASSES):
        try:
            found = resolve(SMALL, text) if what is None else find(SMALL, text, what)
        except UsageError as exc:
            assert exc.code in ("E501", "E502")
            assert "\n" not in exc.message
        else:
            assert SMALL.dataset.has(found)
    assert len(SMALL.dataset) == before


def test_the_exact_name_of_an_entity_goes_before_a_passage_of_that_number() -> None:
    assert SHIPPED.curie(resolve(SHIPPED, "p53")) == "entity:p53"
    assert SHIPPED.curie(find(SHIPPED, "p53", "entity")) == "entity:p53"
    for text in ("p053", "doc:ogx-011-guide.p053"):
        assert SHIPPED.curie(resolve(SHIPPED, text)) == "doc:ogx-011-guide.p053"
    for text in ("p53", "53", "p053"):
        assert SHIPPED.curie(find(SHIPPED, text, "passage")) == "doc:ogx-011-guide.p053"
    assert SHIPPED.curie(resolve(SHIPPED, "p17")) == "doc:ogx-011-guide.p017"
