"""Words as a search compares them: Greek letters and their names as Latin letters, parts of a name joined or apart.

NF-κB, NF-kappaB and nfkb are one name, and so are Ku70, Ku-70 and Ku 70.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

__all__ = ["joined", "latin", "nearest", "spellings", "words_of"]

_GREEK = {
    "alpha": "a",
    "beta": "b",
    "gamma": "g",
    "delta": "d",
    "epsilon": "e",
    "kappa": "k",
    "lambda": "l",
    "sigma": "s",
    "omega": "o",
}
_LETTERS = dict(zip("αβγδεκλσω", _GREEK.values(), strict=True))
_PLAIN = str.maketrans({**_LETTERS, "μ": "m"})
_SPELLED = str.maketrans(dict(zip("αβγδεκλσω", _GREEK, strict=True)))
_NAMED = re.compile(rf"(\w{{0,4}})({'|'.join(_GREEK)})(\w{{0,2}})")
"""A word that is the name of a letter, but for a few letters or digits around it: kappaB, TNFalpha, no alphabet."""
_WORD = re.compile(r"\w+")
_HYPHENS = frozenset("-‐‑–")
_LONGEST = 8
"""A name of letters before a number (Ku 70) has no more letters than this."""


def _tokens(text: str) -> list[tuple[str, str]]:
    """The words of a text in one case, Greek letters kept, each with what stands between it and the word before."""
    found, end = [], 0
    folded = text.casefold()
    for match in _WORD.finditer(folded):
        found.append((folded[end : match.start()], match[0]))
        end = match.end()
    return found


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: in one case, Greek letters as Latin ones (NF-κB is nf and kb)."""
    return [word.translate(_PLAIN) for _, word in _tokens(text)]


def latin(word: str) -> str | None:
    """A word with the name of a Greek letter in it, with the Latin letter instead (kappab is kb); else None.

    Of the name of a letter alone that is None: a letter alone is no name of anything.
    """
    named = _NAMED.fullmatch(word)
    return f"{named[1]}{_GREEK[named[2]]}{named[3]}" if named and word != named[2] else None


def _joins(before: str, between: str, after: str) -> bool:
    """Whether two words may be one name: joined by a hyphen, or letters and a number after a blank."""
    if between in _HYPHENS:
        return True
    return between == " " and before.isalpha() and len(before) <= _LONGEST and after[:1].isdigit()


def _runs(text: str) -> Iterator[list[str]]:
    """The words of a text, those that may be one name together."""
    run: list[str] = []
    for between, word in _tokens(text):
        if run and not _joins(run[-1], between, word):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def joined(text: str) -> list[str]:
    """The words of a text with those joined that may be one name: NF-κB is nfkb, Ku 70 is ku70."""
    return ["".join(run).translate(_PLAIN) for run in _runs(text)]


def spellings(text: str) -> Iterator[str]:
    """Every form under which a word of a text is looked for: apart and joined, Greek as letter and as name."""
    for run in _runs(text):
        whole = "".join(run)
        for word in {whole, *run, *map("".join, pairwise(run))}:
            plain = word.translate(_PLAIN)
            yield plain
            yield word.translate(_SPELLED)
            named = latin(plain)
            if named:
                yield named


def nearest(word: str, words: Mapping[str, object], slips: int = 3) -> dict[str, float]:
    """The words that are fewest slips from a word, all that are as near; each with how alike it is, 0 to 1.

    A slip is a letter too many, too few, another, or two letters turned round.  The longer the word, the more slips
    are forgiven: one in four letters, three in ten.

    :param slips: no more than so many in any word
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = min(slips, 0 if len(word) < 4 else 1 if len(word) < 6 else 2 if len(word) < 10 else 3)
    if not most:
        return {}
    found = process.extract(word, list(words), scorer=OSA.distance, score_cutoff=most, limit=None)
    least = min((away for _, away, _ in found), default=0)
    return {other: 1 - away / max(len(word), len(other)) for other, away, _ in found if away == least}
