"""The quote gate as properties: what holds for any text, any quote of it and any change of the quote."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from hypothesis import assume, given
from hypothesis import strategies as st

from ogx_rdf.quotes import Quote, check_quotes
from ogx_rdf.quotes.oracle import Oracle
from ogx_rdf.quotes.places import places
from ogx_rdf.quotes.scan import Script, compare

WORDS = ["velorin", "did", "not", "improve", "survival", "kelstat", "clinical", "the", "ﬁrst", "Größe", "CLU", "of"]
FIGURES = ["12.5", "−1.5", "88%", "10⁻⁵", "(p", "<", "0.05)", "95%", "CI,", "0·79–1·10", "≥3", "5", "µg/mL", "[8]", "±"]
word = st.sampled_from(WORDS)
token = st.one_of(
    word, st.sampled_from([*FIGURES, "non-small", "hy-\nphen", "**bold**", "“so”", "men’s", "co\u00adop"])
)
gap = st.sampled_from([" ", " ", " ", "\n", "  ", "\u00a0"])


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text, and a span of it that begins with one word and ends with one."""
    before, middle, after = (draw(st.lists(token, max_size=6)) for _ in range(3))
    tokens = [*before, draw(word), *middle, draw(word), *after]
    first, last = len(before), len(before) + len(middle) + 1
    text, edges = "", []
    for each in tokens:
        edges.append((len(text), len(text) + len(each)))
        text += each + draw(gap)
    return text, edges[first][0], edges[last][1]


@given(spans())
def test_any_span_of_whole_words_is_exact_where_it_is_said_to_be(drawn: tuple[str, int, int]) -> None:
    text, start, end = drawn
    given_place, anywhere = check_quotes(text, [Quote(text[start:end], 1, start, end), text[start:end]])
    assert (given_place.verdict, given_place.start, given_place.end) == ("exact", start, end)
    assert anywhere.accepted
    assert (start, end) in (anywhere.positions or ((anywhere.start, anywhere.end),))


CHANGES: dict[str, Callable[[str], str]] = {
    "white space": lambda text: text.replace(" ", "\n \u202f", 1),
    "soft hyphen": lambda text: text[0] + text[1:].replace("o", "o\u00ad", 1),
    "line-end hyphen": lambda text: text[0] + text[1:].replace("ro", "r-\no", 1).replace("rv", "r-\nv", 1),
    "ligatures": lambda text: text.replace("fi", "ﬁ", 1),
    "NFC": lambda text: unicodedata.normalize("NFD", text),
    "quotation marks": lambda text: text.replace("’", "'").replace("“", '"').replace("”", '"'),
    "dashes": lambda text: text.replace("non-small", "non‑small"),
    "markup": lambda text: text.replace("survival", "*survival*", 1),
}


@given(spans(), st.sampled_from(sorted(CHANGES)))
def test_a_harmless_difference_is_accepted_by_its_name(drawn: tuple[str, int, int], name: str) -> None:
    text, start, end = drawn
    quote = CHANGES[name](text[start:end])
    assume(quote != text[start:end])
    (verdict,) = check_quotes(text, [Quote(quote, 1, start, end)])
    assert (verdict.verdict, verdict.normalised) == ("exact-normalized", (name,))
    assert (verdict.start, verdict.end) == (start, end)
    (turned,) = check_quotes(quote, [text[start:end]])
    assert turned.accepted
    assert name in turned.normalised


SENSE = st.sampled_from("−-–+±<>≤≥=%‰.,·⁻⁵₂µμα[]()0123456789xзNО′²")


@given(spans(), st.data())
def test_a_change_of_sense_is_never_accepted(drawn: tuple[str, int, int], data: st.DataObject) -> None:
    text, start, end = drawn
    quote = text[start:end]
    at = data.draw(st.integers(1, len(quote) - 1))
    drop = data.draw(st.booleans())
    changed = quote[:at] + data.draw(SENSE) + quote[at + drop :]
    assume(changed != quote)
    # A lost soft hyphen, mark or break may be a harmless difference.
    assume(not drop or quote[at].isalnum() or quote[at] in "%.·<>≥±−⁻⁵[]()")
    (verdict,) = check_quotes(text, [changed])
    assert not verdict.accepted or Oracle(text).stands(Quote(changed))


@given(spans(), st.data())
def test_a_lost_sign_is_never_accepted(drawn: tuple[str, int, int], data: st.DataObject) -> None:
    text, start, end = drawn
    quote = text[start:end]
    signs = [at for at, character in enumerate(quote) if character in "0123456789%.·<≥±−⁻⁵[]()–µ,"]
    assume(signs)
    at = data.draw(st.sampled_from(signs))
    (verdict,) = check_quotes(text, [quote[:at] + quote[at + 1 :]])
    assert not verdict.accepted or Oracle(text).stands(Quote(quote[:at] + quote[at + 1 :]))


@given(spans(), st.lists(st.one_of(word, token), max_size=8))
def test_a_verdict_does_not_depend_on_the_others(drawn: tuple[str, int, int], others: list[str]) -> None:
    text, start, end = drawn
    alone = check_quotes(text, [text[start:end]])
    together = check_quotes(text, [*others, text[start:end], *reversed(others)])
    assert together[len(others)] == alone[0]
    assert check_quotes(text, others) == together[: len(others)]


@given(st.text(max_size=60), st.text(max_size=12))
def test_any_text_and_any_quote_get_a_verdict_that_holds(text: str, quote: str) -> None:
    (verdict,) = check_quotes(text, [quote])
    if verdict.start is not None and verdict.end is not None:
        assert 0 <= verdict.start < verdict.end <= len(text)
    if verdict.verdict == "exact":
        assert text[verdict.start : verdict.end] == quote


@given(st.text(alphabet="ab -–\n\u00ad\u200b*_é\u0301ﬁ’'1.", max_size=40))
def test_a_text_says_what_it_says(text: str) -> None:
    script = Script(text)
    assert compare(script.atoms(), script.atoms()) == frozenset()
    stripped = text.strip()
    if any(character.isalnum() for character in stripped):
        assert text.index(stripped) in {place.start for place in places(script, stripped)}


@given(spans(), st.data())
def test_fragments_in_order_are_accepted_and_out_of_order_are_not(
    drawn: tuple[str, int, int], data: st.DataObject
) -> None:
    names = ["morvin", "caspin", "tarnol", "belvine"]
    first, last = (f"{names[2 * k]} {names[2 * k + 1]}" for k in range(2))
    middle = drawn[0].replace("not", "now").replace("±", "").replace("<", "").replace("−", "")
    text = f"{first} {middle} {last}"
    width = data.draw(st.integers(0, 40))
    (forward, backward, narrow) = check_quotes(
        text,
        [
            Quote(f"{first} … {last}", max_gap=len(middle) + 2 + width),
            Quote(f"{last} … {first}", max_gap=1000),
            Quote(f"{first} … {last}", max_gap=len(middle) + 1),
        ],
    )
    assert (forward.verdict, forward.normalised) == ("exact-normalized", ("ellipsis",))
    assert (forward.start, forward.end) == (0, len(text))
    assert not backward.accepted
    assert not narrow.accepted
