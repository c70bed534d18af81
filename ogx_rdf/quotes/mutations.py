"""Ways to falsify a quote, and ways to write it otherwise without changing what it says.

Each class makes of a true quote all the quotes that it can; one of them is drawn.  What a class makes is false
unless it happens to stand elsewhere in the text, which :mod:`ogx_rdf.quotes.oracle` tells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .elision import has_ellipsis
from .model import Quote

__all__ = ["FALSIFICATIONS", "HARMLESS", "Base", "Made", "Mutation"]


@dataclass(frozen=True, slots=True)
class Base:
    """A true quote, and where it stands.

    :param other: the words of the text from more than ``max_gap`` characters behind it on, a dozen at most
    """

    quote: Quote
    text: str
    start: int
    end: int
    other: str


@dataclass(frozen=True, slots=True)
class Made:
    """A quote made of a true one.

    :param hidden: what its ellipsis leaves out of the true quote
    """

    quote: Quote
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A class of changes.

    :param make: all the quotes that it can make of one
    """

    name: str
    make: Callable[[Base], Iterator[Made]]


Change = str | Callable[[re.Match[str]], str]


def _swaps(pattern: str, change: Change) -> Callable[[str], Iterator[str]]:
    """Every quote in which one match of a pattern is changed."""
    compiled = re.compile(pattern)

    def every(quote: str) -> Iterator[str]:
        for match in compiled.finditer(quote):
            put = change(match) if callable(change) else match.expand(change)
            made = quote[: match.start()] + put + quote[match.end() :]
            if made != quote:
                yield made

    return every


def _each(name: str, *changes: tuple[str, Change]) -> Mutation:
    """A class of changes of the words alone, given as patterns and what is put for a match."""
    swaps = [_swaps(pattern, change) for pattern, change in changes]

    def make(base: Base) -> Iterator[Made]:
        for swap in swaps:
            for words in swap(base.quote.quote):
                yield Made(replace(base.quote, quote=words, start=None, end=None))

    return Mutation(name, make)


def _mapped(pairs: str) -> Callable[[re.Match[str]], str]:
    """A change of one character or word for its partner; ``pairs`` are written a/b, both ways."""
    table: dict[str, str] = {}
    for pair in pairs.split():
        one, _, other = pair.partition("/")
        table |= {other: table.get(other, one), one: other}

    def change(match: re.Match[str]) -> str:
        found = match[0]
        put = table.get(found) or table.get(found.lower(), found)
        return put[0].upper() + put[1:] if found[0].isupper() and found not in table else put

    return change


def _one_of(pairs: str) -> str:
    words = sorted({word for pair in pairs.split() for word in pair.split("/")}, key=len, reverse=True)
    return r"(?i:\b(?:" + "|".join(words) + r")\b)"


_OPPOSITES = (
    "increase/decrease increased/decreased increases/decreases higher/lower high/low longer/shorter more/fewer "
    "improved/worsened improve/worsen improvement/worsening superior/inferior before/after with/without early/late "
    "positive/negative above/below gain/loss greater/smaller better/worse reduced/raised inhibits/activates "
    "inhibited/activated inhibition/activation upregulated/downregulated sensitive/resistant alive/dead all/none "
    "best/worst first/last most/least met/missed similar/different active/inactive"
)
_TIMES = "day/week days/weeks month/year months/years hours/minutes"
_SMALL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "0123456789" * 2, "⁺⁻₊₋")
_SMALL_SIGNS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-" * 2)
_NOT = r"(?i:\b(?:not|no|never|neither|nor|without|cannot)\b)"
_VERB = r"\b(?:is|are|was|were|did|does|has|have|had|can|could|may|might|will|would|should)\b"
_SIGN = r"(?<![\w)\]%.])[-−+±](?=\s?\.?\d)"
_NUMBER = r"(?<![\w.,·])\d[\d.,·]*\d(?![\w])"
_LOOKS = "a/а e/е o/о p/р c/с x/х A/А B/В C/С E/Е H/Н K/К M/М O/О P/Р T/Т X/Х"
_GREEK = "α/β β/γ γ/δ δ/ε κ/λ λ/μ σ/τ ω/ψ Δ/Λ"
_LATIN = "α/a β/B γ/y δ/d κ/k λ/l μ/u σ/s ω/w Δ/D"


def _upper(match: re.Match[str]) -> str:
    return match[0].swapcase()


def _next_digit(match: re.Match[str]) -> str:
    return str((int(match[0]) + 1) % 10)


def _cut(name: str, pattern: str, begins: bool) -> Mutation:
    """A class that begins or ends a quote at the end of a match."""
    compiled = re.compile(pattern)

    def make(base: Base) -> Iterator[Made]:
        words = base.quote.quote
        for match in compiled.finditer(words):
            rest = words[match.end() :] if begins else words[: match.end()]
            if any(character.isalnum() for character in rest) and rest != words:
                yield Made(replace(base.quote, quote=rest, start=None, end=None))

    return Mutation(name, make)


def _words(quote: str) -> list[str]:
    return quote.split()


def _dropped(base: Base) -> Iterator[Made]:
    words = _words(base.quote.quote)
    for at in range(1, len(words) - 1):
        # Beside an ellipsis, printed or not, a word may be missing.
        if not has_ellipsis(f"{words[at - 1]} {words[at + 1]}"):
            yield _with(base, " ".join([*words[:at], *words[at + 1 :]]))


def _swapped(base: Base) -> Iterator[Made]:
    words = _words(base.quote.quote)
    for at in range(len(words) - 1):
        if words[at] != words[at + 1] and not has_ellipsis(" ".join(words[at : at + 2])):
            yield _with(base, " ".join([*words[:at], words[at + 1], words[at], *words[at + 2 :]]))


def _inserted(*put: str) -> Callable[[Base], Iterator[Made]]:
    def make(base: Base) -> Iterator[Made]:
        words = _words(base.quote.quote)
        for at in range(1, len(words)):
            for word in put:
                yield _with(base, " ".join([*words[:at], word, *words[at:]]))

    return make


def _with(base: Base, quote: str, hidden: str = "") -> Made:
    return Made(replace(base.quote, quote=quote, start=None, end=None), hidden)


def _reversed(base: Base) -> Iterator[Made]:
    words = _words(base.quote.quote)
    for at in range(3, len(words) - 2):
        yield _with(base, f"{' '.join(words[at:])} … {' '.join(words[:at])}")


def _too_far(base: Base) -> Iterator[Made]:
    if len(_words(base.other)) >= 4:
        yield _with(base, f"{base.quote.quote} … {base.other}")


def _hidden_negation(base: Base) -> Iterator[Made]:
    for match in re.finditer(rf"\s{_NOT}\s(?=\w)", base.quote.quote):
        before, after = base.quote.quote[: match.start()], base.quote.quote[match.end() :]
        if len(_words(before)) >= 2 and len(_words(after)) >= 2:
            yield _with(base, f"{before} … {after}", match[0].strip())


def _cut_at_ellipsis(base: Base) -> Iterator[Made]:
    words = base.quote.quote
    for match in re.finditer(r"(?<=\b[^\W\d_]{3})[^\W\d_]{2,}(?=[^\W\d_]{2}\b)", words):
        yield _with(base, f"{words[: match.start()]} … {words[match.end() :]}", match[0])


def _spliced(base: Base) -> Iterator[Made]:
    words, others = _words(base.quote.quote), _words(base.other)
    if len(words) >= 4 and len(others) >= 4:
        yield _with(base, " ".join([*words[: len(words) // 2], *others[: len(others) // 2]]))


def _wrong_place(*steps: int) -> Callable[[Base], Iterator[Made]]:
    def make(base: Base) -> Iterator[Made]:
        for step in steps:
            start = base.start + step
            # A mark of emphasis before the words belongs to them, so a place at it is not wrong.
            if 0 <= start < len(base.text) and base.text[start] not in "*_`":
                yield Made(replace(base.quote, start=start, end=None))

    return make


FALSIFICATIONS: Sequence[Mutation] = (
    _each("digit changed", (r"[0-9]", _next_digit)),
    _each("digit dropped", (r"(?<=[0-9])[0-9]", "")),
    _each("digit added", (r"(?<=[0-9])(?![0-9])", "0")),
    _each("digits exchanged", (r"([0-9])([0-9])", r"\2\1")),
    _each("decimal point moved", (r"(?<=\d)([.·])(\d)(?=\d)", r"\2\1"), (r"(\d)([.·])(?=\d)", r"\2\1")),
    _each("decimal point dropped", (r"(?<=\d)[.·](?=\d)", "")),
    _each("decimal point made a space", (r"(?<=\d)[.·](?=\d)", " ")),
    _each("decimal point exchanged", (r"(?<=\d)\.(?=\d)", ","), (r"(?<=\d)·(?=\d)", "."), (r"(?<=\d)\.(?=\d)", "·")),
    _each("thousands mark exchanged", (r"(?<=\d),(?=\d{3})", "."), (r"(?<=\d)[, \u2009\u202f](?=\d{3}\b)", "")),
    _each("sign dropped", (_SIGN + r"\s?", "")),
    _each("sign changed", (_SIGN, _mapped("−/+ -/+ ±/+"))),
    _each("sign added", (r"(?<![\w.,·:/^+±−–⁻‑<>≤≥=%{-])(?=\d)", "−"), (r"(?<= )(?=\d)", "±"), (r"(?<= )(?=\d)", "+")),
    _each("minus made a dash", ("−", "–"), ("−", "-")),
    _each("comparison turned", ("[<>≤≥]", _mapped("</> ≤/≥"))),
    _each("comparison changed", ("[<>≤≥=]", _mapped("</≤ >/≥ =/<")), (r"(?<= )=(?= )", "≠")),
    _each("comparison dropped", (r"[<>≤≥]\s?", "")),
    _each("percent sign dropped", (r"(?<=\d)\s?[%‰]", "")),
    _each("percent made per mille", ("%", "‰")),
    _each(
        "exponent flattened",
        (r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+", lambda match: match[0].translate(_SMALL)),
        (r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+", lambda match: match[0].translate(_SMALL_SIGNS)),
        (r"\^\{?([-−+]?\d+)\}?", r"\1"),
        (r"<sup>[-−+]?(.*?)</sup>", r"\1"),
        (r"<sup>(.*?)</sup>", r"\1"),
    ),
    _each("exponent's sign dropped", ("[⁻⁺]", ""), (r"(?<=\^)[-−]|(?<=\^\{)[-−]|(?<=<sup>)[-−]", "")),
    _each("exponent dropped", (r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+", ""), (r"\^\{?[-−+]?\d+\}?", ""), (r"<sup>.*?</sup>", "")),
    _each("subscript flattened", (r"[₀-₉₊₋]+", lambda m: m[0].translate(_SMALL)), (r"<sub>(.*?)</sub>", r"\1")),
    _each("unit changed", (r"[µμ](?=[gmlLM]\b)", "m"), (r"\bmg\b", "µg"), (r"\bkg\b", "g"), (r"\bmL\b", "µL")),
    _each("unit of time changed", (_one_of(_TIMES), _mapped(_TIMES))),
    _each("range made a difference", (r"(?<=\d)[–-](?=\d)", "−"), (r"(?<=\d)[–-](?=\d)", ", ")),
    _each("negation dropped", (_NOT + r"\s", ""), (r"n['’]t\b", ""), (r"\bnon-?(?=[a-z])", "")),
    _each("negation added", (_VERB, r"\g<0> not"), (r"\b(?:effective|significant|active)\b", r"in\g<0>")),
    Mutation("editorial words in brackets", _inserted("[not]", "[sic]", "[significantly]", "[no]")),
    _each("brackets dropped", (r"(?<=\w)\W?\s?\[[^\[\]….]+\](?=\W*\w)", ""), (r"\[([^\[\]….]+)\]", r"\1")),
    _each("brackets exchanged", (r"\(([^()…]+)\)", r"[\1]"), (r"\[([^\[\]…]+)\]", r"(\1)")),
    Mutation("word dropped", _dropped),
    Mutation("word added", _inserted("very", "also", "the")),
    _each("word repeated", (r"\b(\w+) (?=\w)", r"\1 \1 ")),
    Mutation("words exchanged", _swapped),
    _each("opposite word", (_one_of(_OPPOSITES), _mapped(_OPPOSITES))),
    _each("hedge dropped", (r"(?i:\b(?:may|might|could|can|possibly|probably|potentially|likely|appears? to) )", "")),
    Mutation("hedge added", _inserted("may", "possibly", "reportedly")),
    _each("words joined", (r"(?<=\w) (?=\w)", "")),
    _each("word split", (r"(?<=[a-z]{2})(?=[a-z]{2})", " ")),
    _each("hyphen dropped", (r"(?<=\w)-(?=\w)", ""), (r"(?<=\w)-(?=\w)", " ")),
    _each("punctuation changed", (r",(?= \w)", ""), (r"\.(?= \w)", ","), (r";(?= )", ",")),
    _each("case changed", (r"\b(?:[A-Z]{2,}\w*|[a-z]+[A-Z]\w*|[a-z]\d+)\b", _upper), (r"\b[a-zA-Z]", _upper)),
    _each("Greek letter changed", (r"[αβγδκλσωΔ]", _mapped(_GREEK)), (r"[αβγδκλμσωΔ]", _mapped(_LATIN))),
    _each("letter of another script", (r"[aeopcxABCEHKMOPTX]", _mapped(_LOOKS))),
    _each("digit of another width", (r"[0-9]", lambda match: chr(ord(match[0]) + 0xFEE0))),
    _each("struck through", (r"[a-z](?=[a-z])", "\\g<0>\u0336"), (r"(?<=\w)(?= \w)", "\u202e")),
    _each("prime made a quotation mark", ("′", "'"), ("″", '"')),
    _cut("begun inside a word", r"^\W*[^\W\d_](?:[^\W\d_](?=[^\W\d_]{2}))*(?=[^\W\d_])", begins=True),
    _cut("ended inside a word", r"^.*[^\W\d_](?=[^\W\d_]+\W*$)(?s:)", begins=False),
    _cut("begun inside a number", r"(?<![\w.,·])\d[\d.,·]*?(?=[\d.,·]*\d)", begins=True),
    _cut("ended inside a number", r"(?<![\w.,·])\d[\d.,·]*?(?=[.,·]?\d)", begins=False),
    _cut("begun behind a sign", r"(?<![\w)\]%])[-−±+]\s?(?=\.?\d)|[<>≤≥](?=\.?\d)", begins=True),
    _cut("ended before a percent sign", r"\d(?=%)", begins=False),
    _cut("ended before an exponent", r"(?<![a-z])\w(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]|\^\{?[-−\d]|<sup>[-−\d])", begins=False),
    _cut("begun inside a hyphenated word", r"\b\w+-(?=\w)", begins=True),
    _cut("ended inside a hyphenated word", r"\b\w+(?=-\w)", begins=False),
    _cut("ended inside a range", r"(?<![\w.])[\d.·]*\d(?=[–-][\d.])", begins=False),
    Mutation("fragments out of order", _reversed),
    Mutation("fragments too far apart", _too_far),
    Mutation("ellipsis for a negation", _hidden_negation),
    Mutation("ellipsis inside a word", _cut_at_ellipsis),
    Mutation("two sentences spliced", _spliced),
    Mutation("wrong place given", _wrong_place(1, -1, 40, -40)),
)
"""Every class that must not be accepted."""


def _decomposed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", match[0])


HARMLESS: Sequence[Mutation] = (
    _each("soft hyphen", (r"(?<=[a-z]{2})(?=[a-z]{2})", "\u00ad")),
    _each("soft hyphen at a line's end", (r"(?<=[a-z]{2})(?=[a-z]{2})", "\u00ad\n")),
    _each("hyphen at a line's end", (r"(?<=[a-z]{2})(?=[a-z]{2})", "-\n")),
    _each("hyphenated word over two lines", (r"(?<=[^\W_])-(?=[^\W_])", "-\n")),
    _each("line break", (r"(?<=\S) (?=\S)", "\n"), (r"(?<=\S) (?=\S)", "\r\n")),
    _each("no-break and thin space", (r"(?<=\S) (?=\S)", "\u00a0"), (r"(?<=\S) (?=\S)", "\u202f")),
    _each("run of white space", (r"(?<=\S) (?=\S)", "  \t ")),
    _each("zero-width space", (r"(?<=[a-z])(?=[a-z])", "\u200b"), (r"(?<=[a-z])(?=[a-z])", "\ufeff")),
    _each("typographic quotation marks", ("'", "’"), ("’", "'"), ("[“”]", '"')),
    _each("hyphen of another kind", (r"(?<=[A-Za-z])-(?=[A-Za-z0-9])", "‑"), (r"(?<=[^\W\d_])-(?=[^\W\d_])", "–")),
    _each("ligature", ("ffi", "ﬃ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ")),
    _each("canonical decomposition", (r"[À-ÖØ-öø-ɏ]", _decomposed)),
    _each(
        "emphasis",
        (r"(?<![\w*_`<>/-])[A-Za-z]{2,}(?![\w*_`<>/\u0300-\u036f-])", r"**\g<0>**"),
        (r"(?<= )[a-z]+(?= )", r"<i>\g<0></i>"),
    ),
    _each("leading and closing ellipsis", (r"\A", "… "), (r"\Z", " […]")),
)
"""Every class that must be accepted."""
