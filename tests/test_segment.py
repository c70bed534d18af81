"""Cutting texts into passages: the lists made by hand, the rules one by one, and what holds for any text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ogx_rdf.documents.segment import KINDS, digest, line_of, reference_entry, segment
from ogx_rdf.documents.sentences import find_markers, split_sentences
from ogx_rdf.model import Passage

DATA = Path(__file__).parent / "data"


def golden(name: str) -> list[list[str]]:
    lines = (DATA / "golden" / f"passages-{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


def as_row(passage: Passage, headings: dict[str, str]) -> list[str]:
    return [
        str(passage.number),
        str(passage.start),
        str(passage.end),
        passage.kind,
        headings.get(passage.section or "", ""),
        ";".join(f"{m.label}:{m.start}-{m.end}" for m in passage.markers),
        ";".join(f"{c.start}-{c.end}" for c in passage.cells),
    ]


def assert_golden(text: str, name: str) -> list[Passage]:
    passages = segment(text)
    rows = golden(name)
    headings = {text[int(row[1]) : int(row[2])]: row[0] for row in rows if row[3] == "heading"}
    assert [as_row(p, headings) for p in passages] == rows
    return passages


def cut(text: str) -> list[tuple[str, str]]:
    return [(p.kind, text[p.start : p.end]) for p in segment(text)]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


def labels(text: str) -> list[str]:
    return [marker.label for marker in find_markers(text)]


def test_small_document_as_cut_by_hand() -> None:
    text = (DATA / "small" / "document.txt").read_bytes().decode("utf-8")
    passages = assert_golden(text, "small")
    assert [p.row for p in passages if p.cells] == [0, 1, 2]
    assert all(p.row is None for p in passages if not p.cells)


def test_guide_as_cut_by_hand(guide_text: str) -> None:
    passages = assert_golden(guide_text, "ogx-011-guide")
    assert sum(len(p.markers) for p in passages) == 40


def test_digest_line_and_printed_form() -> None:
    text = "\r\nTitle\r\n\r\nOne thing.[3] Another thing.\r\n"
    title, one, another = segment(text)
    assert (title.line, one.line, another.line) == (2, 4, 4)
    assert one.sha256 == digest("One thing.[3]")
    # printf 'Title' | sha256sum
    assert title.sha256 == "7e8cd2056da73a7fefb6cd91f4e5d199d08d9058c517b9a2476b1b520324d674"
    assert [m.printed for m in one.markers] == ["[3]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("resistance.^{[1][2][3]} It", ["1", "2", "3"]),
        ("mRNA.^[5] By", ["5"]),
        ("therapy.[8] By", ["8"]),
        ("survival.[5] [13]", ["5", "13"]),
        ("kelstat [2].", ["2"]),
        ("morvin.[1, 4] Is", ["1", "4"]),
        ("so?[2–4] No", ["2", "3", "4"]),
        ("so [2-4; 7]", ["2", "3", "4", "7"]),
        ("as^[1,2]", ["1", "2"]),
        ("[ 8 ]", ["8"]),
    ],
)
def test_markers_in_every_notation(text: str, expected: list[str]) -> None:
    assert labels(text) == expected
    for marker in find_markers(text):
        assert text[marker.start : marker.end] == marker.printed


@pytest.mark.parametrize(
    "text",
    [
        "BenchChem, [2025]. [Online PDF].",
        "- Wikipedia [en.wikipedia.org]",
        "[Get Quote](#)",
        "[8](#ref8)",
        "[12](https://example.org/12)",
        "values in [0, 1]",
        "[007]",
        "95% CI [12, 18]",
        "range [12–18]",
        "an [18]F tracer",
        "[9-3]",
        "[1-900]",
        "[1.5]",
        "[a]",
        "[]",
        "x[12345]",
        "[٣]",
    ],
)
def test_what_is_no_marker(text: str) -> None:
    assert labels(text) == []


def test_marker_beside_a_parenthesis_is_no_link() -> None:
    assert labels("therapy[8](n=5) and") == ["8"]


@pytest.mark.parametrize(
    "expected",
    [
        ["Clusterin acts.[8]", "By binding it acts."],
        ["Clusterin acts.^{[1][2]}", "By binding it acts.^[3]"],
        ["It acts. [8]", "Another acts."],
        ["It acts.[5] [13]", "Another acts [2]."],
        ["It acts.[5], [13]", "Another acts."],
        ["It acts.[5].", "Another acts."],
        ["Is it so?[2–4]", "Nobody knows!", "It is."],
        ['He said "it acts."[3]', "She did not."],
        ["It acts (see Table 1).[3]", "It stops."],
        ["It lowers drug A.[4]", "Further work is needed."],
        ["It lowers drug A.", "Further work is needed."],
        ["It is vitamin C.", "Patients took it."],
        ["It was phase I.", "Patients took it."],
        ["Given i.v. on day 1, e.g. as the drug.", "It held, i.e. it worked."],
        ["Dr. Lund et al. reported it.", "Mr. Smith vs. Ms. Jones had approx. 20 cases."],
        ["As Lund et al. [3] showed, it acts.", "It does."],
        ["See Fig. 2 and No. 5, pp. 3 and 4.", "It was p = 0.31."],
        ["Drs. Smith and Doe used cells (No. CRL-1435).", "Did it help?", "No.", "It failed."],
        ["Our Ph.D. team is here.", "J. A. Smith and E. coli grew by 1.5-fold."],
        ["The U.S. Food and Drug Administration agreed.", "It did."],
        ["Reported by Lund et al.", "The drug was given."],
        ["It was given p.o. BID.", "p53 was lost.", "mTOR was not.", "κ-chains were.", "25 were lost."],
        ["It is so...", "Then it was not."],
        ["Ask it... and wait."],
        ["It is at https://example.org/a.b and www.example.org.", "Then it is not."],
        ["[Ask our Ph.D. team. Now](#).", "It is so."],
    ],
)
def test_sentences(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_marker_glued_to_the_next_sentence() -> None:
    assert sentences("It acts.[8]By binding it stops.") == ["It acts.[8]", "By binding it stops."]


def test_front_matter_headings_and_links() -> None:
    text = (
        "A Study: of Things\n\nAuthor: A. Person. Date: 2024\n\nName: Thing\nNo.: 5\n\n[Buy](#)\n\nAbstract\n\nIt is."
    )
    assert cut(text) == [
        ("heading", "A Study: of Things"),
        ("metadata", "Author: A. Person. Date: 2024"),
        ("metadata", "Name: Thing"),
        ("metadata", "No.: 5"),
        ("link", "[Buy](#)"),
        ("heading", "Abstract"),
        ("sentence", "It is."),
    ]
    assert [p.section for p in segment(text)][-3:] == ["A Study: of Things", "Abstract", "Abstract"]


def test_no_section_before_the_first_heading() -> None:
    assert [p.section for p in segment("It is so.\n\nMethods\n\nIt was done.")] == [None, "Methods", "Methods"]


def test_markdown_headings_lists_and_wrapped_paragraphs() -> None:
    text = (
        "# Title\n\n## 1. Methods\n\n"
        "The first sentence of this paragraph is wrapped over more than\none line.[2] The second one ends\nhere.\n"
        "- a first point, e.g. this\n- a second point\n\n1. One\n2. Two\n\n2.1. Results\n\nIt was so.\n"
    )
    assert cut(text) == [
        ("heading", "# Title"),
        ("heading", "## 1. Methods"),
        ("sentence", "The first sentence of this paragraph is wrapped over more than\none line.[2]"),
        ("sentence", "The second one ends\nhere."),
        ("sentence", "- a first point, e.g. this"),
        ("sentence", "- a second point"),
        ("sentence", "1. One"),
        ("sentence", "2. Two"),
        ("heading", "2.1. Results"),
        ("sentence", "It was so."),
    ]
    assert segment(text)[1].section == "1. Methods"


def test_a_marker_that_wraps_to_the_next_line_stays_with_its_sentence() -> None:
    text = "Title\n\nThis is a sentence that fills its line to the very end of it.\n[8] Another follows.\n"
    assert cut(text)[1][1].endswith("of it.\n[8]")


def test_tables_with_empty_cells_and_pipes() -> None:
    text = "Table 1. Two things\n\n\tA\tB\nrow\t\tx [3]\n\n| A | B |\n|---|---|\n| x | [4] |\n\nA\tline of its own.\n"
    passages = segment(text)
    kinds = [p.kind for p in passages]
    table = ["tableHeader", "tableRow"]
    assert kinds == ["caption", *table, "tableHeader", "metadata", "tableRow", "sentence"]
    header, row = passages[1:3]
    assert [(c.column, text[c.start : c.end]) for c in header.cells] == [(2, "A"), (3, "B")]
    assert [(c.column, text[c.start : c.end]) for c in row.cells] == [(1, "row"), (3, "x [3]")]
    assert [(c.column, text[c.start : c.end]) for c in passages[5].cells] == [(1, "x"), (2, "[4]")]
    assert [p.row for p in passages] == [None, 0, 1, 0, None, 1, None]
    assert [m.label for p in passages for m in p.markers] == ["3", "4"]


def test_captions() -> None:
    text = (
        "T\n\nIt is so.\n\n[Download the figure](#)\n\nRole of things.\n\n[Buy](#)\n\nA true sentence.\n\n"
        "Fig. 2. A thing. More of it.[3]\n\nTable 1 shows that it is so.\n"
    )
    assert cut(text)[2:] == [
        ("link", "[Download the figure](#)"),
        ("caption", "Role of things."),
        ("link", "[Buy](#)"),
        ("sentence", "A true sentence."),
        ("caption", "Fig. 2. A thing."),
        ("caption", "More of it.[3]"),
        ("sentence", "Table 1 shows that it is so."),
    ]


def test_references_and_what_follows_them() -> None:
    text = (
        "T\n\nIt is so.\n\nReferences\n\n[1] A paper [example.org]\n\n2. Another paper\nthat goes on. 2010;5:1.\n"
        "- 3. news.example.net [news.example.net]\n- To cite this: T, [2024].\n\n"
        "Supplementary Methods\n\nIt was done.[1]\n\nThe Firm\n\nOur mission is gold.\n"
    )
    assert cut(text)[2:] == [
        ("heading", "References"),
        ("reference", "[1] A paper [example.org]"),
        ("reference", "2. Another paper\nthat goes on. 2010;5:1."),
        ("reference", "- 3. news.example.net [news.example.net]"),
        ("metadata", "- To cite this: T, [2024]."),
        ("heading", "Supplementary Methods"),
        ("sentence", "It was done.[1]"),
        ("heading", "The Firm"),
        ("sentence", "Our mission is gold."),
    ]
    assert all(not p.markers for p in segment(text) if p.kind == "reference")


def test_promotion_and_contact() -> None:
    text = (
        "T\n\nIt is so.\n\nNeed More Things?\n\nWe sell things. Email: a@example.org now.\n\nReferences\n\n1. A\n\n"
        "The Firm\n\nOur mission is gold.\n\nContact\n\nAddress: 1 Road\n\nTown, CA 90000\n\nPhone: 1\n"
    )
    kinds = [kind for kind, _ in cut(text)][2:]
    assert kinds == [
        *("heading", "promotion", "contact", "heading", "reference", "heading", "promotion"),
        *("heading", "contact", "contact", "contact"),
    ]


def test_reference_entries() -> None:
    assert reference_entry("- 5. Custirsen - Page [example.org]") == ("5", "Custirsen - Page [example.org]")
    assert reference_entry("[12] A paper") == ("12", "A paper")
    assert reference_entry("3) A paper") == ("3", "A paper")
    assert reference_entry("A paper of 2010. It") is None


def test_byte_order_mark_newlines_and_wide_characters() -> None:
    text = "\ufeffTitle\r\rOne\u00a0thing 𝛽.[1]\u00a0Two things.\r\n\u00a0\r\nThree"
    assert cut(text) == [
        ("heading", "Title"),
        ("sentence", "One\u00a0thing 𝛽.[1]"),
        ("sentence", "Two things."),
        ("heading", "Three"),
    ]
    assert segment(text)[0].start == 1
    assert [line_of(text, p.start) for p in segment(text)] == [p.line for p in segment(text)] == [1, 3, 3, 5]


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\ufeff", "\u00a0"])
def test_nothing_to_cut(text: str) -> None:
    assert segment(text) == []


# fmt: off
PIECES = st.sampled_from([
    *"aZ5.?!,:;[](){}^|#*-_\t\n\r \u00a0\ufeff𝛽\u2028\x00\x85é", "\n\n", "[1]", "^{[1][2]}", "^[5]", "[1, 4]", "[2–4]",
    "[x](#)", "References\n\n", "Contact\n\n", "- 1. ", "Table 1: ", "Dr. ", "et al. ", "e.g. ", "It is. ", "a\tb\n",
    "| a | b |\n",
])
REPEATED = [
    "It acts.[8] ", "[", "[1", "[1,", "[1 ", "^{[1]", "[x](", "[x](/", "a.", ". ", ".)", " ", "\t", "a\tb\n", "a\n",
    "[1]", "*", "\n", "e.g. ", "A. ", "(", "]", "1.", "Word ", "[x](#)", "- 1. a\n", "a\n\n", "| a | b |\n\n", "[1-9]",
    ".[1", "#",
]
# fmt: on


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
@example("\ufeff")
@example("a.[1] [")
def test_every_character_is_in_exactly_one_passage(text: str) -> None:
    passages = segment(text)
    assert passages == segment(text)
    covered = [0] * len(text)
    end = 0
    for number, passage in enumerate(passages, 1):
        assert passage.number == number
        assert end <= passage.start < passage.end
        end = passage.end
        body = text[passage.start : passage.end]
        assert body == body.strip() != ""
        assert passage.kind in KINDS
        assert passage.line == line_of(text, passage.start)
        for marker in passage.markers:
            assert passage.start <= marker.start < marker.end <= passage.end
            assert text[marker.start : marker.end] == marker.printed
        for cell in passage.cells:
            assert passage.start <= cell.start < cell.end <= passage.end
        for place in range(passage.start, passage.end):
            covered[place] += 1
    for place, times in enumerate(covered):
        blank = text[place].isspace() or (place == 0 and text[0] == "\ufeff")
        assert times <= 1 and (times == 1 or blank)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["It acts.", "It stops.[8]", "So it is?^[2]", "Dr. X saw it [1].", "It was 1.5."]), min_size=1
    )
)
def test_cutting_a_sentence_again_gives_the_sentence(parts: list[str]) -> None:
    assert [again for part in sentences(" ".join(parts)) for again in sentences(part)] == parts


@pytest.mark.parametrize("piece", REPEATED)
def test_a_hostile_pattern_repeated_is_cut_without_loss(piece: str) -> None:
    """A pattern that backtracks takes minutes here; how the time grows is printed by tests/benchmarks/growth.py."""
    text = "Title\n\n" + piece * (20_000 // len(piece))
    assert sum(len("".join(text[p.start : p.end].split())) for p in segment(text)) == len("".join(text.split()))


def test_a_reference_list_in_brackets_without_blank_lines_is_cut_entry_by_entry() -> None:
    text = "A Title\n\nIt acts.[1] It stops [2].\n\nReferences\n[1] Smith. Foo.\n[2] Other. Bar.\n[3] Third.\n"
    found = [(p.kind, text[p.start : p.end]) for p in segment(text)]
    assert found[3:] == [
        ("heading", "References"),
        ("reference", "[1] Smith. Foo."),
        ("reference", "[2] Other. Bar."),
        ("reference", "[3] Third."),
    ]
