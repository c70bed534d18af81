"""The canonical Turtle of a corpus: one triple a line, one order, comments kept where they may stand.

The order is: the comment at the head of the file, the whole prefix registry of the corpus, then the
subjects by IRI (numbers in IRIs by value).  In a block the type comes first, then the label, then the
predicates of :data:`PREDICATE_ORDER`, then the others by name; objects by their text.  Each triple has
a line of its own, so one triple more on a subject is one line more in a diff.

Why a writer of our own: the stock serialisers order subjects by how often they are referred to, so one
new triple moves whole blocks, and none keeps comments.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .errors import InputError, RefusedError
from .model import XSD_STRING, Iri, Term, Triple
from .namespaces import RDF, XSD
from .oxi import parse_turtle

__all__ = [
    "Commented",
    "LineIndex",
    "compact",
    "format_text",
    "literal_or_iri",
    "natural_key",
    "read_comments",
    "replace_values",
    "term_text",
    "write",
]

PREDICATE_ORDER = (
    "a",
    "rdfs:label",
    "skos:prefLabel",
    "skos:altLabel",
    "rdf:subject",
    "rdf:predicate",
    "rdf:object",
    "ogx:polarity",
    "ogx:kind",
    "ogx:evidenceFor",
    "ogx:stance",
    "ogx:directness",
    "ogx:certainty",
    "ogx:hedge",
    "ogx:quote",
    "prov:wasQuotedFrom",
    "ogx:start",
    "ogx:end",
)

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?\Z")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Escaped by number: what an editor or a diff would take for a line end, or not show at all.
_UNSEEN = re.compile(r'[\x00-\x1f"\\\x7f-\x9f\u2028\u2029\ufeff]')
_NUMBERED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"(?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<iri><(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)"
    r"|(?P<comment>\#[^\n\r]*)"
    r"|(?P<punctuation>[;,\[\]()]|\.(?=[ \t\r\n#<\"']|\Z))"
    r"|(?P<word>(?:\\.|[^ \t\r\n<>\"'#;,\[\]().]|\.(?![ \t\r\n#<\"']|\Z))+)"
    r"|(?P<space>[ \t\r\n]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)


def natural_key(text: str) -> tuple[tuple[int, str, str], ...]:
    """A sort key by which ``ref2`` comes before ``ref10``."""
    parts = re.split(r"([0-9]+)", text)
    return tuple((len(n := p.lstrip("0")), n, p) if i % 2 else (0, p, p) for i, p in enumerate(parts))


def compact(iri: str, prefixes: Mapping[str, str]) -> str:
    """A prefixed name by the longest matching namespace, or the IRI in angle brackets."""
    best = ""
    name = ""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and len(namespace) > len(best) and _LOCAL.match(iri[len(namespace) :]):
            best, name = namespace, f"{prefix}:{iri[len(namespace) :]}"
    return name or f"<{iri}>"


def term_text(term: Term, prefixes: Mapping[str, str]) -> str:
    """A term as the canonical files write it."""
    if isinstance(term, Iri):
        return compact(term, prefixes)
    if term.datatype == XSD.integer and re.fullmatch(r"[+-]?[0-9]+", term.value):
        return term.value
    if term.datatype == XSD.decimal and re.fullmatch(r"[+-]?[0-9]+\.[0-9]+", term.value):
        return term.value
    if term.datatype == XSD.boolean and term.value in ("true", "false"):
        return term.value
    quoted = '"' + _UNSEEN.sub(lambda m: _ESCAPES.get(m[0], f"\\u{ord(m[0]):04X}"), term.value) + '"'
    if term.language:
        return f"{quoted}@{term.language}"
    return quoted if term.datatype == XSD_STRING else f"{quoted}^^{compact(term.datatype, prefixes)}"


@dataclass
class Commented:
    """The comments of a file: those at its head, and those directly above a subject (by IRI)."""

    head: list[str] = field(default_factory=list)
    above: dict[str, list[str]] = field(default_factory=dict)


def _refuse(shown: str, line: int) -> RefusedError:
    return RefusedError(
        "E310",
        "a comment stands where formatting would have to drop or move it",
        file=shown,
        line=line,
        why="Comments are kept at the head of a file and directly above a subject, nowhere else.",
        hint="Move the comment above its subject, or say it in a property such as rdfs:comment.",
    )


def _expand(token: str, prefixes: Mapping[str, str]) -> str | None:
    if token.startswith("<"):
        return _NUMBERED.sub(lambda m: chr(int(m[1] or m[2], 16)), token[1:-1])
    prefix, colon, local = token.partition(":")
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local) if colon and prefix in prefixes else None


def _landmarks(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield (kind, token, line) of what decides on comments: comment, stray, gap, directive, subject."""
    outside, sparql_style, line = True, False, 1
    for match in _TOKEN.finditer(text):
        token, kind = match[0], match.lastgroup
        if kind == "comment":
            alone = not text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
            yield ("comment" if outside and alone else "stray"), token.rstrip(), line
        elif kind == "space":
            if token.count("\n") > 1:
                yield "gap", token, line
        elif outside:
            directive = token.lower() in ("@prefix", "@base", "prefix", "base")
            yield ("directive" if directive else "subject"), token, line
            outside, sparql_style = False, directive and token[0] != "@"
        elif (kind == "punctuation" and token == ".") or (sparql_style and kind == "iri"):
            outside = True
        line += token.count("\n")


def read_comments(text: str, prefixes: Mapping[str, str], subjects: Container[str], shown: str) -> Commented:
    """Find the comments of a Turtle text and what each belongs to.

    :param subjects: the IRIs that are subjects in the text
    :raises RefusedError: for a comment inside a statement, beside one, between prefixes or at the end
    """
    found = Commented()
    pending: list[tuple[str, int]] = []
    begun = False
    for kind, token, line in _landmarks(text):
        if kind == "comment":
            pending.append((token, line))
        elif kind == "stray":
            raise _refuse(shown, line)
        elif kind == "subject" and pending:
            subject = _expand(token, prefixes)
            if subject is None or subject not in subjects:
                raise _refuse(shown, pending[0][1])
            found.above.setdefault(subject, []).extend(c for c, _ in pending)
            pending = []
        elif not begun:
            found.head += [c for c, _ in pending]
            pending = []
        elif kind == "directive" and pending:
            raise _refuse(shown, pending[0][1])
        begun = begun or kind in ("directive", "subject")
    if pending and begun:
        raise _refuse(shown, pending[0][1])
    found.head += [c for c, _ in pending]
    return found


def write(triples: Iterable[Triple], prefixes: Mapping[str, str], comments: Commented | None = None) -> str:
    """Write triples as canonical Turtle, with the whole prefix registry at the top."""
    comments = comments or Commented()
    blocks: dict[str, set[Triple]] = defaultdict(set)
    for triple in triples:
        blocks[triple[0]].add(triple)
    out = [*comments.head, ""] if comments.head else []
    out += [f"PREFIX {p}: <{prefixes[p]}>" for p in sorted(prefixes)]
    rank = {name: i for i, name in enumerate(PREDICATE_ORDER)}
    for subject in sorted(blocks, key=natural_key):
        out += ["", *comments.above.get(subject, []), compact(subject, prefixes)]
        lines = []
        for _, predicate, obj in blocks[subject]:
            name = "a" if predicate == RDF.type else compact(predicate, prefixes)
            value = term_text(obj, prefixes)
            lines.append((rank.get(name, len(rank)), name, natural_key(value), value))
        out += [f"    {name} {value} ;" for _, name, _, value in sorted(lines)]
        out.append(".")
    return "\n".join(out) + "\n"


def format_text(text: str, prefixes: Mapping[str, str], shown: str) -> str:
    """Give the canonical form of a Turtle text, proven to hold the same triples.

    Terms are compared as parsed, lexical forms included ("1.10" is not "1.1").

    :raises InputError: where the text does not parse or holds a blank node
    :raises RefusedError: where a comment would be lost
    """
    triples, declared = parse_turtle(text, shown)
    comments = read_comments(text, declared, {t[0] for t in triples}, shown)
    result = write(triples, prefixes, comments)
    again, _ = parse_turtle(result, shown)
    if set(again) != set(triples):
        raise InputError(
            "E312",
            "formatting would change the data, so nothing was written",
            file=shown,
            hint="This is a defect of the formatter; please report it with the file.",
        )
    return result


def replace_values(text: str, values: Mapping[tuple[Iri, Iri], Term], prefixes: Mapping[str, str], shown: str) -> str:
    """Give a Turtle text with the values of some properties replaced, canonical and with its comments.

    :param values: the new value by subject and property; what the text does not hold is passed over
    :raises InputError: where the text does not parse
    :raises RefusedError: where a comment would be lost
    """
    triples, declared = parse_turtle(text, shown)
    comments = read_comments(text, declared, {t[0] for t in triples}, shown)
    changed = [(s, p, values.get((s, p), o)) for s, p, o in triples]
    return write(changed, prefixes, comments)


class LineIndex:
    """Where each subject and triple stands in Turtle files, by (subject, predicate, object).

    Exact on canonical files, where each triple has a line of its own; elsewhere it gives the line on
    which the subject stands.
    """

    def __init__(self) -> None:
        self._subjects: dict[str, tuple[str, int]] = {}
        self._triples: dict[tuple[str, str, str | None], tuple[str, int]] = {}

    def add(self, text: str, shown: str, prefixes: Mapping[str, str]) -> None:
        """Index one file."""
        subject: str | None = None
        for number, line in enumerate(text.split("\n"), 1):
            if not line or line[0] in "#.@" or line.upper().startswith(("PREFIX ", "BASE ")):
                continue
            if not line[0].isspace():
                token = re.split(r"[ \t]", line, maxsplit=1)[0]
                subject = _expand(token, prefixes)
                if subject is not None:
                    self._subjects.setdefault(subject, (shown, number))
                line = line[len(token) :]
            if subject is not None and line.strip():
                self._add_triple(subject, line.strip(), (shown, number), prefixes)

    def _add_triple(self, subject: str, rest: str, place: tuple[str, int], prefixes: Mapping[str, str]) -> None:
        name, _, value = rest.partition(" ")
        predicate = RDF.type if name == "a" else _expand(name, prefixes)
        if predicate is None:
            return
        value = re.sub(r"\s*[;.,]\s*$", "", value)
        self._triples.setdefault((subject, predicate, value), place)
        self._triples.setdefault((subject, predicate, None), place)

    def place(
        self, subject: str, predicate: str | None = None, value: str | None = None
    ) -> tuple[str | None, int | None]:
        """File and line of the triple, else of the predicate, else of the subject, else (None, None)."""
        if predicate is not None:
            for key in ((subject, predicate, value), (subject, predicate, None)):
                if key in self._triples:
                    return self._triples[key]
        return self._subjects.get(subject, (None, None))


def literal_or_iri(text: str, prefixes: Mapping[str, str]) -> str:
    """The canonical text of a term given in N-Triples syntax, for look-ups in a :class:`LineIndex`."""
    if text.startswith("<") and text.endswith(">"):
        return compact(text[1:-1], prefixes)
    triples, _ = parse_turtle(f"<urn:s> <urn:p> {text} .", "value")
    return term_text(triples[0][2], prefixes)
