"""From what a person types to the node that is meant: ids, prefixed names, IRIs, and names of entities.

Nothing is guessed.  A name that belongs to several entities is refused with the candidates, and an
unknown one with the names nearest to it.  What a document itself prints as a text (``ogx:Text``) gives
way to the thing of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from . import naming
from .corpus import Corpus
from .errors import UsageError
from .model import Iri, Literal
from .namespaces import DCTERMS, OGX, OWL, RDF, SKOS, SSSOM
from .naming import Name, entity_names
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

MOST_DOCUMENTS = 1_000
"""In so many documents what is named without its document is looked for; in more, the document is asked for."""


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
        by_key.setdefault(naming.folded(name), name)
    close = difflib.get_close_matches(naming.folded(text[:200]), list(by_key), n=9, cutoff=0.6)
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


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _named(corpus: Corpus, text: str) -> Iri | None:
    """The entity that bears a name: written so, else in another case, else as the end of its id."""
    for group in (naming.exact, naming.same):
        names = group(corpus, text)
        for rank in range(4):
            found = {name.iri: name for name in names if name.rank == rank}
            if len(found) == 1:
                return next(iter(found))
            if found:
                raise _ambiguous(corpus, text, found)
    return next((name.iri for name in naming.local_name(corpus, text)), None)


def _ambiguous(corpus: Corpus, text: str, found: Iterable[Iri]) -> UsageError:
    listed = ", ".join(sorted(corpus.curie(iri) for iri in found))
    return UsageError(
        "E502",
        f"{display(text)} can mean several things: {listed}",
        why="Taking one of them would be a guess.",
        hint="Give the one that you mean by its id.",
    )


def _one(corpus: Corpus, what: str, text: str, found: list[Iri], kind: Iri) -> Iri:
    if not found:
        raise unknown(what, text, (corpus.curie(iri) for iri in naming.members(corpus, kind)))
    if len(found) > 1:
        raise _ambiguous(corpus, text, found)
    return found[0]


def _claim(corpus: Corpus, number: str, text: str) -> Iri:
    iri = Iri(f"{corpus.base}c/{int(number):04d}")
    return _one(corpus, "claim", text, [iri] if corpus.dataset.has(iri) else [], OGX.Claim)


def _passage(corpus: Corpus, number: str, text: str) -> Iri:
    end = f".p{int(number):03d}"
    if corpus.stored:
        passages = (Iri(document + end) for document in _documents(corpus, text, f"doc:<document>{end}"))
        found = [iri for iri in passages if OGX.Passage in _types(corpus, iri)]
    else:
        found = [iri for iri in naming.members(corpus, OGX.Passage) if iri.endswith(end)]
    return _one(corpus, "passage", text, found, OGX.Passage)


def _documents(corpus: Corpus, text: str, whole: str) -> list[Iri]:
    """The documents of a store, unless they are too many to try what is named without its document on each."""
    query = f"SELECT DISTINCT ?node WHERE {{ ?node a <{OGX.Document}> }} LIMIT {MOST_DOCUMENTS + 1}"
    found = [Iri(row["node"]) for row in corpus.dataset.select(query, shown="lookup").texts()]
    if len(found) > MOST_DOCUMENTS:
        raise UsageError(
            "E502",
            f"{display(text)} can mean several things: this corpus has more than {MOST_DOCUMENTS} documents",
            why="Taking one of them would be a guess.",
            hint=f"Give it with its document: {whole}",
        )
    return sorted(found)


def _stored_references(corpus: Corpus, document: str | None, label: str, text: str) -> list[Iri]:
    """The entries with a label: of the document named, or those that bear the label in their id, of each document."""
    if document is None:
        documents = _documents(corpus, text, f"ref:<document>/{label}")
        found = [Iri(f"{iri}.ref{label}") for iri in documents if is_iri(f"{iri}.ref{label}")]
    else:
        iri = Iri(f"{corpus.base}doc/{document}")
        query = f"SELECT DISTINCT ?entry ?document WHERE {{ ?entry <{DCTERMS.isPartOf}> ?document }}"
        rows = corpus.dataset.select(query, {"document": iri}, "lookup").texts() if is_iri(iri) else []
        found = sorted(Iri(row["entry"]) for row in rows)
    known = ((entry, corpus.dataset.describe(entry)) for entry in found)
    wanted = {(RDF.type, OGX.Reference), (SKOS.notation, label)}
    return [entry for entry, said in known if wanted <= {(predicate, str(value)) for _, predicate, value in said}]


def _reference(corpus: Corpus, document: str | None, label: str, text: str) -> Iri:
    if corpus.stored:
        found = _stored_references(corpus, document, label, text)
        return _one(corpus, "reference", text, found, OGX.Reference)
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
    return {corpus.curie(node): node for node in naming.nodes(corpus) if node.startswith((corpus.base, OGX.iri))}


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
    match = _PASSAGE.fullmatch(text)
    if match and (match[1].startswith("0") or not naming.exact(corpus, text)):
        return _passage(corpus, match[1], text)
    found = _named(corpus, text) or _by_local_name(corpus, text)
    if found is not None:
        return found
    raise unknown("thing", text, {name.text: name.iri for name in naming.alike(corpus, text)} | _ids(corpus))


def _digested(corpus: Corpus, digest: str, text: str) -> Iri:
    """The document or former version whose digest begins so; passages have digests too and are not meant."""
    pattern = f"VALUES ?class {{ <{OGX.Document}> <{OGX.Version}> }} ?node a ?class ; <{OGX.sha256}> ?digest"
    query = f"SELECT ?node ?start WHERE {{ {pattern} FILTER(STRSTARTS(STR(?digest), ?start)) }} ORDER BY ?node"
    bound = {"start": Literal(digest)}
    found = [Iri(row["node"]) for row in corpus.dataset.select(query, bound, "lookup").texts()]
    if len(found) > 1:
        names = ", ".join(corpus.curie(iri) for iri in found)
        raise UsageError("E502", f"{text!r} begins several digests", hint=f"Say which: {names}.")
    if not found:
        few = f"SELECT ?node ?digest WHERE {{ {pattern} }} LIMIT {naming.MOST}"
        rows = sorted(corpus.dataset.select(few, shown="lookup").texts(), key=lambda row: row["node"])
        raise unknown("digest", text, {f"sha256:{row['digest'][:12]}": row["node"] for row in rows})
    return found[0]


def _by_local_name(corpus: Corpus, text: str) -> Iri | None:
    if not re.fullmatch(r"[\w.\-]+", text):
        return None
    nodes = (Iri(f"{corpus.base}{folder}/{text}") for folder in ("work", "doc", "entity", "trial"))
    return next((iri for iri in nodes if is_iri(iri) and corpus.dataset.has(iri)), None)


def _types(corpus: Corpus, iri: str) -> set[str]:
    return {str(value) for _, predicate, value in corpus.dataset.describe(iri) if predicate == RDF.type}


def _classes(corpus: Corpus, iri: str) -> set[str]:
    """The classes of a node, and of its members where it is a set."""
    own = corpus.dataset.describe(iri)
    kinds = {str(value) for _, predicate, value in own if predicate == RDF.type}
    return kinds.union(*(_types(corpus, str(value)) for _, predicate, value in own if predicate == OGX.member))


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
        found = _entity(corpus, text) if what == "entity" else resolve(corpus, text)
    except UsageError as exc:
        if exc.code == "E502":
            raise
        raise unknown(what, text, _choices(corpus, what, text)) from exc
    if _classes(corpus, found).isdisjoint(CLASSES[what]):
        raise unknown(what, text, _choices(corpus, what, text), hint=f"{corpus.curie(found)} is something else.")
    return found


def _entity(corpus: Corpus, text: str) -> Iri:
    """What a text names where an entity is asked for: a name of one goes before an id of anything else."""
    if naming.exact(corpus, text) or _written_out(corpus, text) is None:
        return _named(corpus, text) or resolve(corpus, text)
    return resolve(corpus, text)


def _choices(corpus: Corpus, what: str, text: str) -> dict[str, str]:
    members = {iri for kind in CLASSES[what] for iri in naming.members(corpus, kind)}
    names = naming.alike(corpus, text)
    if members:
        named = {name.text: str(name.iri) for name in names if name.iri in members}
    else:
        fits = {iri for iri in {name.iri for name in names} if not _types(corpus, iri).isdisjoint(CLASSES[what])}
        named = {name.text: str(name.iri) for name in names if name.iri in fits}
    return named | {corpus.curie(iri): iri for iri in sorted(members)}


def external(corpus: Corpus, text: str) -> Iri:
    """The term of another vocabulary that a text names, among those that entities are mapped to.

    Takes an IRI, or an identifier with or without its prefix (``CHEBI:4672``, ``CHEBI_4672``, ``DB01248``).

    :raises UsageError: E501, or E502 where several terms end alike
    """
    text = text.strip()
    if is_iri(text) and text != SSSOM.NoTermFound and _is_target(corpus, Iri(text)):
        return Iri(text)
    asked = naming.folded(text).replace("_", ":")
    ends = " || ".join(f"STRENDS(?folded, CONCAT('{mark}', ?asked))" for mark in "/#:=")
    found = _targets(corpus, f"BIND(REPLACE(LCASE(STR(?term)), '_', ':') AS ?folded) FILTER({ends})", asked)
    if len(found) > 1:
        raise _ambiguous(corpus, text, found)
    if not found:
        few = _targets(corpus, "", None)
        raise unknown("external identifier", text, (_local(term).replace("_", ":") for term in few))
    return found[0]


def _is_target(corpus: Corpus, term: Iri) -> bool:
    query = f"SELECT DISTINCT ?mapping ?term WHERE {{ ?mapping <{OWL.annotatedTarget}> ?term }}"
    rows = corpus.dataset.select(query, {"term": term}, "lookup").texts()
    return any(OWL.Axiom in _types(corpus, row["mapping"]) for row in rows)


def _targets(corpus: Corpus, condition: str, asked: str | None) -> list[Iri]:
    """The terms that entities are mapped to: those that meet a condition, else some to choose the nearest from."""
    if asked == "":
        return []
    query = (
        f"SELECT DISTINCT ?term ?asked WHERE {{ ?mapping a <{OWL.Axiom}> ; <{OWL.annotatedTarget}> ?term "
        f"FILTER(?term != <{SSSOM.NoTermFound}>) {condition} }} LIMIT {naming.MOST}"
    )
    rows = corpus.dataset.select(query, {} if asked is None else {"asked": Literal(asked)}, "lookup").texts()
    return sorted(Iri(row["term"]) for row in rows)
