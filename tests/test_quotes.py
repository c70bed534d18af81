"""The quote gate: each verdict, each harmless difference by its name, and what must never pass."""

from __future__ import annotations

import pytest

from ogx_rdf import Graph, UsageError
from ogx_rdf.quotes import Quote, Verdict, check_quotes


def check(text: str, quote: str, start: int | None = None, end: int | None = None, max_gap: int = 300) -> Verdict:
    (verdict,) = check_quotes(text, [Quote(quote, "q", start, end, max_gap)])
    return verdict


# text, quote, normalised; every one is true of its text.
TRUE: list[tuple[str, str, str]] = [
    # exact, at every kind of edge
    ("Median OS was 23.4 months (95% CI, 20.9–24.8).", "Median OS was 23.4 months", ""),
    ("Median OS was 23.4 months (95% CI, 20.9–24.8).", "(95% CI, 20.9–24.8)", ""),
    ("Median OS was 23.4 months (95% CI, 20.9–24.8).", "95% CI, 20.9–24.8", ""),
    ("Median OS was 23.4 months (95% CI, 20.9–24.8).", "20.9–24.8).", ""),
    ("HR was 0·91 (95% CI 0·77–1·08).", "0·91 (95% CI 0·77–1·08", ""),
    ("(HR, 0.93; one-sided P<.001).", "P<.001", ""),
    ("(HR, 0.93; one-sided P=.207).", "P=.207)", ""),
    ("survival was longer.12 The effect", "survival was longer.", ""),
    ("survival was longer.12 The effect", "The effect", ""),
    ("survival was longer.^[5]^ The effect", "survival was longer.", ""),
    ("The drug^{[1][2]} inhibits Bax.[8] It binds", "inhibits Bax.[8]", ""),
    ("The drug^{[1][2]} inhibits Bax.[8] It binds", "The drug", ""),
    ("levels rose [95% CI, 2 to 9] in men", "rose [95% CI, 2 to 9]", ""),
    ("RESULTSMedian survival was longer", "Median survival was longer", ""),
    ("BACKGROUND:Clusterin is", "Clusterin is", ""),
    ("| Haemoglobin | 12.4 ± 1.5 | 12.5 |\n| LDH |", "| Haemoglobin | 12.4 ± 1.5 | 12.5 |", ""),
    ("fell to 5 mg/kg daily", "5 mg/kg", ""),
    ("at 10⁻⁵ M and 10⁻⁶ M", "at 10⁻⁵ M", ""),
    ("a change of −1.5 points", "−1.5 points", ""),
    ("a change of -1.5 points", "-1.5 points", ""),
    ("stopped… and went on", "stopped… and went", ""),
    ("stopped... and went on", "stopped... and", ""),
    ("the genes 5 * 3 * 2 were", "5 * 3 * 2", ""),
    ("one 👍 drug, two", "drug", ""),
    ("CLU", "CLU", ""),
    # white space
    ("was\n  not\tshown", "was not shown", "white space"),
    ("was\r\nnot shown", "was\nnot shown", "white space"),
    ("1\u202f022 men", "1 022 men", "white space"),
    ("640\u00a0mg", "640 mg", "white space"),
    ("clu\u200bsterin", "clusterin", "white space"),
    ("\ufeffThe drug", "The drug", ""),
    ("a drug works", " drug ", ""),
    ("the drug works", "\tthe drug", "white space"),
    # line ends
    ("the inhib-\nition of", "the inhibition of", "line-end hyphen"),
    ("the inhib-\r\n   ition of", "inhibition", "line-end hyphen"),
    ("the inhib- \n\nition of", "inhibition", "line-end hyphen"),
    ("binds Ku70-\nBax in", "Ku70-Bax", "line-end hyphen"),
    ("the PI3K-\ndependent inhib-\nition of", "PI3K-dependent inhibition", "line-end hyphen"),
    ("a non-\nsmall cell", "non-small cell", "line-end hyphen"),
    ("the inhib-\nition of", "inhib- ition", "white space"),
    ("the inhibition of", "inhib-\nition", "line-end hyphen"),
    ("the range 0.79–\n1.10 was", "0.79–1.10", "line-end hyphen"),
    ("pre-\nand post-treatment", "pre- and post-treatment", "white space"),
    ("the inhib\u00adition of", "inhibition", "soft hyphen"),
    ("the inhib\u00ad\nition of", "inhibition", "soft hyphen"),
    # characters
    ("the café was", "cafe\u0301", "NFC"),
    ("Nai\u0308ve patients", "Naïve", "NFC"),
    ("5 Å wide", "5 \u212b", "NFC"),
    ("Hy’s law: “not met”", 'Hy\'s law: "not met"', "quotation marks"),
    ("Hy's law", "Hy’s law", "quotation marks"),
    ("OGX\u2011011 is", "OGX-011", "dashes"),
    ("Kaplan–Meier curves", "Kaplan-Meier", "dashes"),
    ("a dose-response", "dose—response", "dashes"),
    ("was suﬃcient and eﬀective", "sufficient and effective", "ligatures"),
    ("the first", "ﬁrst", "ligatures"),
    # markup
    ("the **drug** did *not* work", "the drug did not work", "markup"),
    ("the drug did not work", "the **drug** did `not` work", "markup"),
    ("of **custirsen** increased", "custirsen** increased", ""),
    ("of **custirsen** increased", "of **custirsen", ""),
    ("lowered <i>CLU</i> mRNA", "CLU mRNA", "markup"),
    ("__The drug__ works", "The drug works", "markup"),
    # several at once
    (
        "the **eﬀec-\ntive** dose’s\u00a0use",
        "the effective dose's use",
        "ligatures; line-end hyphen; markup; quotation marks; white space",
    ),
    # ellipses
    ("The drug did, in all arms, improve survival.", "The drug did … improve survival", "ellipsis"),
    ("The drug did, in all arms, improve survival.", "The drug did [...] improve survival.", "ellipsis"),
    ("The drug did, in all arms, improve survival.", "… improve survival …", "ellipsis"),
    ("The drug (not the placebo) improved survival.", "The drug ... improved survival", "ellipsis"),
    ("The drug, which was not blinded, improved survival.", "The drug … improved survival", "ellipsis"),
    ("It was safe, not cheap. It worked well.", "It was safe … It worked well.", "ellipsis"),
    ("It was safe. It was not cheap. It worked well.", "It was safe. … It worked well.", "ellipsis"),
    ("It did not significantly improve survival.", "It did not … improve survival", "ellipsis"),
    ("Rash was more frequent with it than without (9% v 4%).", "more frequent with it … (9% v 4%)", "ellipsis"),
    ("A one. B two. A three. C four.", "A … B … C", "ellipsis"),
]


@pytest.mark.parametrize(("text", "quote", "names"), TRUE)
def test_a_true_quote_is_accepted(text: str, quote: str, names: str) -> None:
    verdict = check(text, quote)
    assert verdict.accepted
    assert verdict.normalised == tuple(names.split("; ") if names else ())
    assert verdict.verdict == ("exact-normalized" if names else "exact")
    assert verdict.start is not None
    assert verdict.end is not None
    if not names:
        assert text[verdict.start : verdict.end] == quote


# text, quote: none may be accepted, whatever it is called.
FALSE: list[tuple[str, str]] = [
    # signs, comparisons, numbers
    ("p < 0.05", "p > 0.05"),
    ("p < 0.05", "p ≤ 0.05"),
    ("p < 0.05", "p 0.05"),
    ("p \u226e 0.05", "p < 0.05"),
    ("p <\u0338 0.05", "p <"),
    ("fell by −1.5 mg", "fell by 1.5 mg"),
    ("fell by −1.5 mg", "fell by -1.5 mg"),
    ("fell by -1.5 mg", "fell by −1.5 mg"),
    ("fell by -1.5 mg", "fell by – 1.5 mg"),
    ("5 ± 2", "5 + 2"),
    ("0.79–1.10", "0.79-1.10"),
    ("0.79–1.10", "0.79−1.10"),
    ("HR 0.93", "HR 0 93"),
    ("HR 0.93", "HR 093"),
    ("HR 0.93", "HR 0,93"),
    ("HR 0·93", "HR 0.93"),
    ("1,022 men", "1.022 men"),
    ("1 022 men", "1022 men"),
    ("1022 men", "1 022 men"),
    ("88% of", "88 of"),
    ("88% of", "88 % of"),
    ("88% of", "88‰ of"),
    ("10⁻⁵ M", "10-5 M"),
    ("10⁻⁵ M", "105 M"),
    ("10⁻⁵ M", "10⁵ M"),
    ("10^-5 M", "10-5 M"),
    ("10<sup>-5</sup> M", "10-5 M"),
    ("10<sup>5</sup> M", "105 M"),
    ("CO<sub>2</sub> level", "CO2 level"),
    ("CO₂ level", "CO2 level"),
    ("5 m² area", "5 m2 area"),
    ("5 µg/mL", "5 mg/mL"),
    ("5 µg/mL", "5 μg/mL"),
    ("37 °C", "37 C"),
    ("10-\n5 mg", "105 mg"),
    ("of 10-\n5 mg", "of 10 5 mg"),
    ("CD4-\npositive", "CD4positive"),
    ("ER-\nPR", "ERPR"),
    ("was -\n5", "was -5"),
    ("１２ men", "12 men"),
    ("2′-O-methyl", "2'-O-methyl"),
    # words
    ("did not improve survival", "did improve survival"),
    ("did improve survival", "did not improve survival"),
    ("did improve survival", "did [not] improve survival"),
    ("did improve survival", "did improve [sic] survival"),
    ("did [not] improve survival", "did not improve survival"),
    ("did [not] improve survival", "did improve survival"),
    ("binds Bax [8] and Ku70", "binds Bax and Ku70"),
    ("binds Bax [8] and Ku70", "binds Bax (8) and Ku70"),
    ("binds Bax [8] and Ku70", "binds Bax 8 and Ku70"),
    ("CLU was high", "clu was high"),
    ("p53 was high", "P53 was high"),
    ("α-tubulin", "a-tubulin"),
    ("the drug", "the drυg"),
    ("the drug", "the drug\u202e"),
    ("the drug works", "the d\u0336rug works"),
    ("HER2− tumours", "HER2- tumours"),
    ("the treat ment", "the treatment"),
    ("the treatment", "the treat ment"),
    ("a non-small cell", "a nonsmall cell"),
    ("a non-small cell", "a non small cell"),
    ("pre- and post", "preand post"),
    ("a survival- gain", "a survival-gain"),
    ("CYP2C19*2 carriers", "CYP2C192 carriers"),
    ("at 5*3 mg", "at 53 mg"),
    ("snake_case name", "snakecase name"),
    ("~~not~~ shown", "shown not"),
    ("a <b> c", "a c"),
    ("x < y > z", "x y z"),
    # cut
    ("was ineffective in", "effective in"),
    ("was in\u00adeffective in", "effective"),
    ("was in**effective** in", "effective"),
    ("was in-\neffective in", "effective"),
    ("after 15.8 months", "5.8 months"),
    ("after 15.8 months", "after 15"),
    ("HR 0.93 here", "HR 0.9"),
    ("HR 0.93 here", "93 here"),
    ("in 88% of", "in 88"),
    ("of −1.5 mg", "1.5 mg"),
    ("of - 1.5 mg and −\u202f2.5 mg", "2.5 mg"),
    ("of 10⁻⁵ M", "of 10"),
    ("of 1.5 × 10⁹ cells", "of 1.5"),
    ("a non-small cell", "small cell"),
    ("HER2-negative men", "HER2"),
    ("HR 0.79–1.10 so", "HR 0.79"),
    ("it didn't work", "it did"),
    ("the eﬀect", "the ef"),
    # ellipses
    ("did not improve survival", "did … improve survival"),
    ("did not improve survival", "did […] improve survival"),
    ("did not, in this trial, improve survival", "did … improve survival"),
    ("was safe but did not improve survival", "was safe … improve survival"),
    ("was safe and failed to improve survival", "was safe … improve survival"),
    ("it doesn't improve survival", "it does … improve survival"),
    ("improved survival in no subgroup of men", "improved survival … of men"),
    ("The trial was not stopped. It went on.", "The trial was … It went on."),
    ("It did not fail. The other did improve survival.", "It did not … improve survival"),
    ("(p < 0.05)", "(p … 0.05)"),
    ("a change of −1.5 mg", "a change of … 1.5 mg"),
    ("One two three. Four five six.", "Four five … One two"),
    ("One two three. Four five six.", "One two … two three"),
    ("The gain was not large. The loss was.", "the … not"),
    ("The inhibition of", "The inhib … tion of"),
    ("The drug works", "The … [not] works"),
    ("The drug works well", "The drug … […] fails"),
    ("The drug works", "…"),
    ("The drug works. " + "x " * 200 + "It is cheap.", "The drug works. … It is cheap."),
    # nothing to compare
    ("± 5", "±"),
    ("", "word"),
    ("word", "a word"),
]


@pytest.mark.parametrize(("text", "quote"), FALSE)
def test_a_false_quote_is_refused(text: str, quote: str) -> None:
    verdict = check(text, quote)
    assert not verdict.accepted
    assert verdict.verdict in ("cut", "near", "absent")
    assert verdict.reason


def test_cut_names_the_word() -> None:
    verdict = check("was ineffective in", "effective in")
    assert (verdict.verdict, verdict.start, verdict.end) == ("cut", 6, 18)
    assert verdict.reason == 'it begins inside "ineffective"'
    assert check("after 15.8 months", "after 15").reason == 'it ends inside "15.8"'


def test_a_whole_word_elsewhere_makes_it_true() -> None:
    verdict = check("ineffective, but effective", "effective")
    assert (verdict.verdict, verdict.start) == ("exact", 17)


def test_near_tells_the_nearest_text_the_first_difference_and_the_distance() -> None:
    verdict = check("It is said that Ku-70 binds Bax in cells.", "Ku70 binds Bax")
    assert (verdict.verdict, verdict.nearest, verdict.distance) == ("near", "Ku-70 binds Bax", 1)
    assert verdict.difference is not None
    assert (verdict.difference.character, verdict.difference.text, verdict.difference.quote) == (3, "Ku-70", "Ku70")
    assert verdict.text().split("\n") == [
        "q: near 16-31",
        "     the text says something else",
        "     the text: Ku-70 binds Bax",
        '     differs at character 3: "Ku-70" / "Ku70"',
    ]


def test_the_distance_leaves_harmless_differences_out() -> None:
    assert check("the inhib-\nition was  weak in men", "the inhibition was strong in men").distance == 6


def test_absent_has_no_place() -> None:
    verdict = check("Nothing of the kind.", "Completely other words")
    assert verdict.as_dict() == {
        "id": "q",
        "verdict": "absent",
        "accepted": False,
        "start": None,
        "end": None,
        "normalised": [],
        "reason": "nothing in the text is like it",
    }


def test_ambiguous_lists_all_places_and_unique_refuses_it() -> None:
    text = "Bax binds.\nHere **Bax** binds.\nBaxter."
    (verdict,) = check_quotes(text, ["Bax binds."])
    assert (verdict.verdict, verdict.accepted, verdict.normalised) == ("ambiguous", True, ("markup",))
    assert verdict.positions == ((0, 10), (18, 30))
    (refused,) = check_quotes(text, ["Bax binds."], unique=True)
    assert (refused.verdict, refused.accepted) == ("ambiguous", False)
    (given,) = check_quotes(text, [Quote("Bax binds.", start=0)], unique=True)
    assert (given.verdict, given.accepted) == ("exact", True)


def test_places_overlap() -> None:
    assert check("a a a", "a a").positions == ((0, 3), (2, 5))


TWICE = "The drug works. The drug works."


@pytest.mark.parametrize(
    ("start", "end", "verdict", "positions"),
    [
        (0, None, "exact", ()),
        (16, 24, "exact", ()),
        (1, None, "near", ((0, 8), (16, 24))),
        (15, None, "near", ((0, 8), (16, 24))),
        (16, 25, "near", ((0, 8), (16, 24))),
        (16, 23, "near", ((0, 8), (16, 24))),
        (10**30, None, "near", ((0, 8), (16, 24))),
        (31, 99, "near", ((0, 8), (16, 24))),
    ],
)
def test_a_given_place_must_be_right(
    start: int, end: int | None, verdict: str, positions: tuple[tuple[int, int], ...]
) -> None:
    found = check(TWICE, "The drug", start, end)
    assert (found.verdict, found.positions, found.accepted) == (verdict, positions, verdict == "exact")


def test_the_right_place_nearest_to_the_given_one_comes_first() -> None:
    found = check(TWICE, "The drug", 17)
    assert (found.start, found.end, found.reason) == (16, 24, "the words stand at 16-24, not at 17")


def test_at_a_given_place_a_cut_is_a_cut() -> None:
    assert check("ineffective, but effective", "effective", 2).verdict == "cut"


def test_a_given_place_may_hold_the_marks_and_the_white_space_quoted() -> None:
    assert check("a **drug** works", "drug", 2, 10).verdict == "exact"
    assert check("a **drug** works", "drug", 3).verdict == "near"
    assert check("a drug works", " drug ", 1, 7).as_dict()["start"] == 1
    assert check("a drug works", "drug", 1, 6).verdict == "near"


def test_an_ellipsis_tells_its_fragments() -> None:
    text = "The drug did, in all arms, improve survival."
    verdict = check(text, "The drug did … improve survival")
    assert (verdict.start, verdict.end, verdict.fragments) == (0, 43, ((0, 12), (27, 43)))
    assert check(text, "The drug did … improve survival", 0).accepted
    assert check(text, "The drug did … improve survival", 0, 43).accepted
    assert check(text, "The drug did … improve survival", 4).verdict == "near"


@pytest.mark.parametrize(("max_gap", "accepted"), [(15, True), (14, False), (0, False)])
def test_the_gap_is_counted_in_characters_of_the_text(max_gap: int, accepted: bool) -> None:
    assert check("The drug did, in all arms, improve survival.", "did … improve", max_gap=max_gap).accepted is accepted


def test_a_hidden_negation_is_named() -> None:
    assert check("It did not improve survival", "It did … improve survival").reason == (
        'the ellipsis leaves out "not", which turns the sense'
    )
    assert (
        check("(p < 0.05)", "(p … 0.05)").reason == 'the ellipsis leaves out "<", which stands at the number behind it'
    )


def test_a_later_chain_without_a_negation_is_found() -> None:
    text = "It did not improve survival. Later it did, at last, improve survival."
    verdict = check(text, "did … improve survival")
    assert (verdict.accepted, verdict.start) == (True, 38)


def test_texts_by_name() -> None:
    texts = {"a": "Bax binds Ku70.", "b": "Ku70 binds Bax."}
    quotes = [Quote("Bax binds", 1, text="a"), Quote("Bax binds", 2, text="b"), Quote("Ku70 binds", 3, text="b")]
    assert [verdict.verdict for verdict in check_quotes(texts, quotes)] == ["exact", "absent", "exact"]
    assert [verdict.id for verdict in Graph.quotes_check(texts, quotes)] == [1, 2, 3]
    assert check_quotes({"a": "Bax"}, ["Bax"])[0].accepted
    with pytest.raises(UsageError, match="names no text"):
        check_quotes(texts, ["Bax"])
    with pytest.raises(UsageError, match="'c', which was not given"):
        check_quotes(texts, [Quote("Bax", text="c")])


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("a" * 300_000, "a" * 5_000),
        ("*a" * 50_000, "*a" * 1_000),
        ("a-\n" * 50_000, "a-\n" * 500 + "b"),
        ("\u00ad" * 200_000 + "x y", "y"),
        ("a" + "\u0301" * 100_000, "a"),
        ("<b>" * 50_000, "b"),
        ("b " + "not " * 50_000 + "c", "b … c"),
        ("a … " * 5_000, "a … " * 200 + "zz"),
        ("ab " * 50_000, "ab cd " * 500),
    ],
    ids=["letters", "marks", "breaks", "soft hyphens", "accents", "tags", "negations", "ellipses", "words"],
)
def test_hostile_texts_end(text: str, quote: str) -> None:
    assert check(text, quote).verdict in ("exact", "cut", "near", "absent")


def test_no_more_than_a_thousand_places_are_told() -> None:
    assert len(check("a " * 5_000, "a").positions) == 1000


def test_what_is_printed_cannot_move_about() -> None:
    (verdict,) = check_quotes(
        "All the \u202edrug\x1b[2J ever did was work.", [Quote("All the drug ever did was work", "\u202ex")]
    )
    assert verdict.verdict == "near"
    assert verdict.text().startswith("\\u202ex: near")
    assert "\\u001b[2J" in verdict.text()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("132 age-\nand sex-matched controls", "age- and sex-matched controls"),
        ("132 age-\nand sex-matched controls", "and sex-matched controls"),
        ("activates NF-*κ*B in cells", "activates NF-κB in cells"),
        ("660 *μ*L of *p*53", "660 μL of p53"),
        ("It was 36.5 ± 7.5 mg/dL to 41.6", "7.5 mg/dL to 41.6"),
        ("spun at 2000 × g for", "spun at 2000"),
        ("a COVID–19 ward", "a COVID-19 ward"),
        ("factor in heart failure was high-intensity interval training", "heart failure … interval training"),
        ("It did not harm the old and the young, and in all groups it helped men.", "It did … it helped men."),
        ("NO levels rose, and so did flow", "and so … flow"),
    ],
)
def test_what_a_strict_gate_must_not_refuse(text: str, quote: str) -> None:
    (verdict,) = check_quotes(text, [quote])
    assert verdict.accepted, verdict


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("change of \u00ad5 mmHg", "change of 5 mmHg"),
        ("about 10\u00ad5 copies", "105 copies"),
        ("about 10\u20605 copies", "105 copies"),
        ("pre-\nand post-test", "preand post-test"),
        ("two-\nto three-fold", "twoto three-fold"),
        ("a dose of 10(-5) M", "a dose of 10"),
        ("rose by 50 % in all", "rose by 50"),
        ("in 1 200 patients", "200 patients"),
        ("alleles CYP2C19*2/*3 were", "CYP2C192/3 were"),
        ("it did not improve survival", "it did … improve survival"),
        ("aged ∼5 years", "5 years"),
        ("P &lt;5 was", "5 was"),
        ("by &minus;5 mg", "5 mg"),
        ("&alpha;lipoic acid", "lipoic acid"),
    ],
)
def test_what_an_attack_got_through(text: str, quote: str) -> None:
    (verdict,) = check_quotes(text, [quote])
    assert not verdict.accepted, verdict


def test_a_place_far_down_the_text_is_tried_where_it_is_given() -> None:
    text = "the cat sat. " * 1200 + "It ran."
    start = 13 * 1199
    (verdict,) = check_quotes(text, [Quote("the cat", start=start, end=start + 7)])
    assert (verdict.accepted, verdict.start) == (True, start)
    (several,) = check_quotes(text, ["the cat"])
    assert (several.verdict, len(several.positions)) == ("ambiguous", 1000)
    (elided,) = check_quotes(text, ["the cat … It ran."])
    assert elided.accepted
