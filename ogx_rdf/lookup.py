"""From what a person types to the node that is meant: ids, prefixed names, IRIs, and names of entities.

Nothing is guessed.  A name that belongs to several entities is refused with the candidates, and an
unknown one with the names nearest to it.  What a document itself prints as a text (``ogx:Text``) gives
way to the thing of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .corpus import Corpus
from .errors import UsageError
from .model import Iri
from .namespaces import DCTERMS, OGX, OWL, RDF, SKOS, SSSOM
from .oxi import is_iri

__all__ = ["CLASSES", "Name", "display", "entity", "entity_names", "external", "find", "nearest", "resolve", "unknown"]

CLASSES: Mapping[str, tuple[Iri, ...]] = {
    "claim": (OGX.Claim,),
    "disease": (OGX.Disease,),
    "document": (OGX.Document,),
    "entity": (OGX.Entity,),
    "passage": (OGX.Passage,),
    "reference": (OGX.Reference,),
    "trial": (OGX.Trial, OGX.Study),
    "work": (OGX.Work,),
}
"""The sorts of thing that can be asked for, and the classes that each may have (as may the members of a set)."""

_NUMBER = re.compile(r"(?:c:)?([0-9]{1,9})", re.ASCII)
_PASSAGE = re.compile(r"p([0-9]{1,9})", re.ASCII)
_DIGEST = re.compile(r"sha256:([0-9a-fA-F]{6,64})")
_REFERENCE = re.compile(r"ref:(?:(?:doc:)?([^/\s]+)/)?\[?([^\s\]]+)\]?")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an entity; ``rank`` 0 is a preferred label, 1 a surface form, 2 and 3 the same of a printed text."""

    text: str
    iri: Iri
    rank: int


def display(text: str) -> str:
    """User input as messages show it: in quotes, on one line, unprintable characters escaped, not too long."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    plain = "".join(ch if ch.isprintable() else ch.encode("unicode_escape").decode("ascii") for ch in short)
    return f'"{plain}"'


def nearest(text: str, names: Iterable[str] | Mapping[str, str]) -> str:
    """``Did you mean A, B or C?`` with the names nearest to a text, or the empty string.

    :param names: the names; as a mapping, with what each one names, so that one thing is proposed once
    """
    import difflib

    targets = names if isinstance(names, Mapping) else {name: name for name in names}
    by_key: dict[str, str] = {}
    for name in targets:
        by_key.setdefault(_key(name), name)
    close = difflib.get_close_matches(_key(text[:200]), list(by_key), n=9, cutoff=0.6)
    once: dict[str, str] = {}
    for key in close:
        once.setdefault(targets[by_key[key]], by_key[key])
    found = list(once.values())[:3]
    if not found:
        return ""
    listed = found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
    return f"Did you mean {listed}?"


def unknown(what: str, text: str, names: Iterable[str] | Mapping[str, str], hint: str | None = None) -> UsageError:
    """The error for a name that is not there, with the nearest that are."""
    near = nearest(text, names)
    return UsageError("E501", f"no {what} {display(text)}" + (f". {near}" if near else ""), hint=hint)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def entity_names(corpus: Corpus) -> list[Name]:
    """Every name of every entity, preferred labels first, in a fixed order."""
    found = corpus.dataset.select(
        f"SELECT ?entity ?how ?name (EXISTS {{ ?entity a <{OGX.Text}> }} AS ?text) WHERE "
        f"{{ VALUES ?how {{ <{SKOS.prefLabel}> <{SKOS.altLabel}> }} ?entity a <{OGX.Entity}> ; ?how ?name }}",
        shown="names of entities",
    )
    names = [
        Name(row["name"], Iri(row["entity"]), (row["how"] == SKOS.altLabel) + 2 * (row["text"] == "true"))
        for row in found.texts()
    ]
    return sorted(names, key=lambda name: (name.rank, name.text, name.iri))


def _named(corpus: Corpus, text: str, names: list[Name]) -> Iri | None:
    exact = [name for name in names if name.text == text]
    loose = [name for name in names if _key(name.text) == _key(text)]
    for group in (exact, loose):
        for rank in range(4):
            found = {name.iri: name for name in group if name.rank == rank}
            if len(found) == 1:
                return next(iter(found))
            if found:
                raise _ambiguous(corpus, text, found)
    return next((name.iri for name in names if _local(name.iri) == text), None)


def _ambiguous(corpus: Corpus, text: str, found: Iterable[Iri]) -> UsageError:
    listed = ", ".join(sorted(corpus.curie(iri) for iri in found))
    return UsageError(
        "E502",
        f"{display(text)} can mean several things: {listed}",
        why="Taking one of them would be a guess.",
        hint="Give the one that you mean by its id.",
    )


def _members(corpus: Corpus, kind: Iri) -> list[Iri]:
    query = f"SELECT ?node WHERE {{ ?node a <{kind}> }} ORDER BY ?node"
    return [Iri(row["node"]) for row in corpus.dataset.select(query, shown="lookup").texts()]


def _one(corpus: Corpus, what: str, text: str, found: list[Iri], kind: Iri) -> Iri:
    if not found:
        raise unknown(what, text, (corpus.curie(iri) for iri in _members(corpus, kind)))
    if len(found) > 1:
        raise _ambiguous(corpus, text, found)
    return found[0]


def _claim(corpus: Corpus, number: str, text: str) -> Iri:
    iri = Iri(f"{corpus.base}c/{int(number):04d}")
    return _one(corpus, "claim", text, [iri] if corpus.dataset.has(iri) else [], OGX.Claim)


def _passage(corpus: Corpus, number: str, text: str) -> Iri:
    end = f".p{int(number):03d}"
    found = [iri for iri in _members(corpus, OGX.Passage) if iri.endswith(end)]
    return _one(corpus, "passage", text, found, OGX.Passage)


def _reference(corpus: Corpus, document: str | None, label: str, text: str) -> Iri:
    found = [
        Iri(row["entry"])
        for row in corpus.dataset.select(
            f"SELECT ?entry ?label ?document WHERE {{ ?entry a <{OGX.Reference}> ; "
            f"<{SKOS.notation}> ?label ; <{DCTERMS.isPartOf}> ?document }} ORDER BY ?entry",
            shown="lookup",
        ).texts()
        if row["label"] == label and (document is None or row["document"] == f"{corpus.base}doc/{document}")
    ]
    return _one(corpus, "reference", text, found, OGX.Reference)


def _written_out(corpus: Corpus, text: str) -> Iri | None:
    """The node of an IRI or a prefixed name, or None where the text is neither."""
    iri = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    if "://" not in iri:
        expanded = corpus.expand(text)
        if expanded is None:
            return None
        iri = expanded
    if is_iri(iri) and corpus.dataset.has(iri):
        return Iri(iri)
    return None


def _ids(corpus: Corpus) -> dict[str, str]:
    query = "SELECT DISTINCT ?node WHERE { ?node ?property ?value }"
    nodes = (row["node"] for row in corpus.dataset.select(query, shown="lookup").texts())
    return {corpus.curie(node): node for node in sorted(nodes) if node.startswith((corpus.base, OGX.iri))}


def resolve(corpus: Corpus, text: str) -> Iri:
    """The node that a text names.

    It may be ``c:0042``, ``42``, ``ref:5``, ``ref:<document>/5``, ``p017``, a prefixed name, an IRI, the label or
    a surface form of an entity, or ``sha256:`` with the beginning of the digest of a document or of a former
    version.  Where an entity is named exactly ``p53``, that is the entity; ``p053`` and ``doc:<document>.p053`` are
    always the passage.

    :raises UsageError: E501 (unknown, with the nearest names) or E502 (several things bear the name)
    """
    text = text.strip()
    if match := _DIGEST.fullmatch(text):
        return _digested(corpus, match[1].lower(), text)
    if match := _REFERENCE.fullmatch(text):
        return _reference(corpus, match[1], match[2], text)
    written = _written_out(corpus, text)
    if written is not None:
        return written
    if match := _NUMBER.fullmatch(text):
        return _claim(corpus, match[1], text)
    names = entity_names(corpus)
    match = _PASSAGE.fullmatch(text)
    if match and (match[1].startswith("0") or all(name.text != text for name in names)):
        return _passage(corpus, match[1], text)
    found = _named(corpus, text, names) or _by_local_name(corpus, text)
    if found is not None:
        return found
    raise unknown("thing", text, {name.text: name.iri for name in names} | _ids(corpus))


def _digested(corpus: Corpus, digest: str, text: str) -> Iri:
    """The document or former version whose digest begins so; passages have digests too and are not meant."""
    query = f"SELECT ?node ?digest WHERE {{ VALUES ?class {{ <{OGX.Document}> <{OGX.Version}> }} ?node a ?class ; "
    rows = corpus.dataset.select(f"{query}<{OGX.sha256}> ?digest }} ORDER BY ?node", shown="lookup").texts()
    found = [Iri(row["node"]) for row in rows if row["digest"].startswith(digest)]
    if len(found) > 1:
        names = ", ".join(corpus.curie(iri) for iri in found)
        raise UsageError("E502", f"{text!r} begins several digests", hint=f"Say which: {names}.")
    if not found:
        raise unknown("digest", text, {f"sha256:{row['digest'][:12]}": row["node"] for row in rows})
    return found[0]


def _by_local_name(corpus: Corpus, text: str) -> Iri | None:
    if not re.fullmatch(r"[\w.\-]+", text):
        return None
    nodes = (Iri(f"{corpus.base}{folder}/{text}") for folder in ("work", "doc", "entity", "trial"))
    return next((iri for iri in nodes if is_iri(iri) and corpus.dataset.has(iri)), None)


def _classes(corpus: Corpus, iri: str) -> set[str]:
    own = corpus.dataset.describe(iri)
    nodes = [iri, *(str(value) for _, predicate, value in own if predicate == OGX.member)]
    said = (triple for node in nodes for triple in corpus.dataset.describe(node))
    return {str(value) for _, predicate, value in said if predicate == RDF.type}


def entity(corpus: Corpus, text: str) -> Iri:
    """The entity (or trial) that a text names.

    :raises UsageError: E501 or E502, as :func:`resolve`
    """
    return find(corpus, text, "entity")


def find(corpus: Corpus, text: str, what: str) -> Iri:
    """The node of one sort that a text names; ``what`` is a key of :data:`CLASSES`.

    For a reference or a passage the bare number will do: ``8``, ``[8]``.

    :raises UsageError: E501 (unknown, or of another sort) or E502
    """
    text = text.strip()
    if what == "reference" and re.fullmatch(r"\[?[^\s:/\[\]]+\]?", text):
        text = f"ref:{text}"
    if what == "passage" and (match := re.fullmatch(r"p?([0-9]{1,9})", text, re.ASCII)):
        return _passage(corpus, match[1], text)
    try:
        found = _named(corpus, text, entity_names(corpus)) if what == "entity" else None
        found = found or resolve(corpus, text)
    except UsageError as exc:
        if exc.code == "E502":
            raise
        raise unknown(what, text, _choices(corpus, what)) from exc
    if _classes(corpus, found).isdisjoint(CLASSES[what]):
        raise unknown(what, text, _choices(corpus, what), hint=f"{corpus.curie(found)} is something else.")
    return found


def _choices(corpus: Corpus, what: str) -> dict[str, str]:
    members = {iri for kind in CLASSES[what] for iri in _members(corpus, kind)}
    names = {name.text: str(name.iri) for name in entity_names(corpus) if name.iri in members}
    return names | {corpus.curie(iri): iri for iri in sorted(members)}


def external(corpus: Corpus, text: str) -> Iri:
    """The term of another vocabulary that a text names, among those that entities are mapped to.

    Takes an IRI, or an identifier with or without its prefix (``CHEBI:4672``, ``CHEBI_4672``, ``DB01248``).

    :raises UsageError: E501, or E502 where several terms end alike
    """
    query = (
        f"SELECT DISTINCT ?term WHERE {{ ?mapping a <{OWL.Axiom}> ; <{OWL.annotatedTarget}> ?term "
        f"FILTER(?term != <{SSSOM.NoTermFound}>) }} ORDER BY ?term"
    )
    terms = [Iri(row["term"]) for row in corpus.dataset.select(query, shown="lookup").texts()]
    text = text.strip()
    if text in terms:
        return Iri(text)
    asked = _key(text).replace("_", ":")
    ends = tuple(mark + asked for mark in "/#:=")
    found = [term for term in terms if asked and _key(term).replace("_", ":").endswith(ends)]
    if len(found) > 1:
        raise _ambiguous(corpus, text, found)
    if not found:
        raise unknown("external identifier", text, (_local(term).replace("_", ":") for term in terms))
    return found[0]
