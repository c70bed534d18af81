"""Moving a corpus on to a changed source: ``source update``.

Passages keep their names: one that was found again has its new place and digest under the name it had, a new one
gets the next free number, and one that is gone stays on record only as part of the former version.  A quote that
stands identically in its passage gets its new offsets.  Everything else (a quote that changed, a passage that is
gone, a quote that now stands elsewhere) is proposed and left as it is, so that ``verify`` keeps naming it.

The former version stays addressable: ``documents/<id>/versions.ttl`` holds its digest, and where each passage and
each quote stood in it.  A run that was broken off is finished by running it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from ..corpus import Corpus
from ..errors import RefusedError, UsageError
from ..files import write_atomic
from ..model import Iri, Literal, Passage, Term, Triple
from ..namespaces import C4O, DCTERMS, OGX, PROV, RDF, SKOS, XSD
from ..oxi import decode, parse_turtle
from ..turtle import natural_key, replace_values, write
from .anchors import Anchor, Anchoring, Proposal
from .intake import intake_triples, refuse_unwritable
from .nearest import short
from .places import FoundText, read_source
from .segment import segment
from .stored import StoredDocument, StoredQuote, read_stored
from .versions import PassageChange, compare_versions, match_passages

__all__ = ["SourceUpdate", "update_source"]


@dataclass(frozen=True)
class SourceUpdate:
    """What a new version of a document changes, and what was written of it.

    :param written: the files written; none where it was only tried
    """

    corpus: Corpus
    document: Iri
    former: str
    sha256: str
    passages: int
    kept: int
    added: tuple[Iri, ...]
    gone: tuple[Iri, ...]
    changes: tuple[PassageChange, ...]
    anchored: tuple[Anchor, ...]
    proposals: tuple[Proposal, ...]
    claims: tuple[str, ...]
    reread: tuple[str, ...]
    references: tuple[str, ...]
    written: tuple[str, ...]
    dry: bool

    @property
    def exit_code(self) -> int:
        """1 where a person has to place a quote, else 0."""
        return 1 if self.proposals else 0

    def as_dict(self) -> dict[str, object]:
        """The update as a JSON object; the rows are the quotes that a person has to place."""
        curie = self.corpus.curie
        return {
            "answer": "rows" if self.proposals else "none",
            "document": curie(self.document),
            "former": self.former,
            "sha256": self.sha256,
            "dry_run": self.dry,
            "passages": {
                "kept": self.kept,
                "changed": [c.name for c in self.changes if c.state == "changed"],
                "new": [curie(iri) for iri in self.added],
                "gone": [curie(iri) for iri in self.gone],
            },
            "anchored": [
                {"evidence": curie(a.evidence), "old": a.old and list(a.old), "new": list(a.new)} for a in self.anchored
            ],
            "rows": [
                {
                    "evidence": curie(p.evidence),
                    "claim": p.claim and curie(p.claim),
                    "quote": p.quote,
                    "reason": p.reason,
                    "passage": p.passage and curie(p.passage),
                    "nearest": p.nearest,
                    "place": p.place and list(p.place),
                    "line": p.line,
                }
                for p in self.proposals
            ],
            "claims": list(self.claims),
            "reread": list(self.reread),
            "references": list(self.references),
            "written": list(self.written),
        }

    def text(self) -> str:
        """The update as printed on a terminal."""
        name = self.document.rpartition("/")[2]
        states = [change.state for change in self.changes]
        head = f"{name}: {self.sha256[:12]} is the text that is recorded"
        if self.former != self.sha256:
            head = f"{name}: from {self.former[:12]} to {self.sha256[:12]}"
        lines = [
            head,
            f"{self.passages} passages: {self.kept} keep their names ({states.count('changed')} of them with other "
            f"words), {len(self.added)} new, {len(self.gone)} gone.",
            f"{len(self.anchored)} quotes re-anchored where they stand unchanged, {len(self.proposals)} to be placed "
            "by hand:" + ("" if self.proposals else " none"),
            *(f"     {proposal.text(self.corpus)}" for proposal in self.proposals),
            f"Claims touched: {', '.join(self.claims) or 'none'}.",
            *self.reread,
            *self.references,
        ]
        done = f"Wrote {len(self.written)} files: {', '.join(self.written)}" if self.written else "Nothing was written."
        return "\n".join([*lines, "Tried only; nothing was written." if self.dry else done])


def _choose(documents: Sequence[StoredDocument], name: str | None, file: Path, sha256: str) -> StoredDocument:
    """The document that a file is a version of: the one named, else that of this digest or file name, else the only."""
    by_name = {document.iri.rpartition("/")[2]: document for document in documents}
    if name is not None:
        wanted = name.removeprefix("doc:")
        if wanted not in by_name:
            near = get_close_matches(wanted, by_name, 3) or sorted(by_name)[:3]
            hint = f"Did you mean {', '.join(near)}?" if near else "Take it in with: ogx-rdf source add FILE --id ID"
            raise UsageError("E501", f"no document {name!r} in this corpus", hint=hint)
        return by_name[wanted]
    same = [d for d in documents if sha256 == d.sha256] or [d for d in documents if d.file_name == file.name]
    if len(same or documents) != 1:
        hint = f"Say which with --id: {', '.join(sorted(by_name)) or 'there is none'}."
        raise UsageError("E502", f"{file} may be a version of several documents, or of none", hint=hint)
    return (same or list(documents))[0]


def _refuse_stranger(document: StoredDocument, found: Mapping[Iri, Passage], file: Path) -> None:
    """A file that shares no passage word for word with the document is no version of it."""
    digests = {passage.sha256 for passage in found.values()}
    if not any(passage.text in digests for passage in document.passages):
        raise RefusedError(
            "E355",
            f"shares no passage with {document.iri.rpartition('/')[2]}, so it was not taken for a version of it",
            file=str(file),
            why="Passages keep their names from version to version; here there is nothing to go by.",
            hint="Take it in as a document of its own: ogx-rdf source add FILE --id ID",
        )


def _numbered(document: StoredDocument, found: Mapping[Iri, Passage], free: Sequence[Passage]) -> list[Passage]:
    """The new passages in reading order, each with the number that gives its name."""
    numbers = {passage.iri: int(passage.iri.rpartition(".p")[2]) for passage in document.passages}
    last = max(numbers.values(), default=0)
    kept = [replace(passage, number=numbers[iri]) for iri, passage in found.items()]
    added = [replace(passage, number=last + count) for count, passage in enumerate(free, 1)]
    return sorted([*kept, *added], key=lambda passage: passage.start)


def _former(document: StoredDocument) -> Iterator[Triple]:
    """The version that is left: its digest, and where each passage and each quote stood in it."""
    version = Iri(f"{document.iri}.v{document.sha256[:12]}")
    yield document.iri, PROV.wasRevisionOf, version
    yield version, RDF.type, OGX.Version
    yield version, OGX.sha256, Literal(document.sha256)
    yield version, OGX.fileName, Literal(document.file_name)
    if document.length is not None:
        yield version, OGX.length, Literal(str(document.length), XSD.integer)
    for count, item in enumerate([*document.passages, *document.quotes], 1):
        quoted = isinstance(item, StoredQuote)
        if item.span is None:
            continue
        local = f"q{count - len(document.passages)}" if quoted else item.iri.rpartition(".")[2]
        node = Iri(f"{version}.{local}")
        yield node, RDF.type, OGX.FormerPlace
        yield node, DCTERMS.isPartOf, version
        yield node, PROV.specializationOf, item.iri
        yield node, OGX.start, Literal(str(item.span[0]), XSD.integer)
        yield node, OGX["end"], Literal(str(item.span[1]), XSD.integer)
        if not quoted:
            yield node, OGX.sha256, Literal(item.text)


def _entries(corpus: Corpus, document: StoredDocument, triples: Sequence[Triple]) -> Iterator[str]:
    """What happened to the reference list, in sentences: an entry is known by its words, not by its number."""
    new = {str(o): s for s, p, o in triples if p == C4O.hasContent}
    printed = {s: str(o) for s, p, o in triples if p == SKOS.notation}
    for reference in document.references:
        name = corpus.curie(reference.iri)
        if reference.text not in new:
            yield f"Reference {name} is gone or reads differently: judge it again."
        elif printed[reference.iri] != reference.label:
            yield f"Reference {name} is printed as [{printed[reference.iri]}] now, not as [{reference.label}]."
    old = {reference.text for reference in document.references}
    for content, iri in new.items():
        if content not in old:
            yield f"Reference {corpus.curie(iri)} is new: [{printed[iri]}] {short(content)}"


def _reread(
    document: StoredDocument, numbered: Mapping[Iri, Passage], changes: Sequence[PassageChange]
) -> Iterator[str]:
    """The passages that have other words and claims, with what they cite now and cited before."""
    before: dict[str, list[str]] = {passage.iri: [] for passage in document.passages}
    for marker in sorted(document.markers, key=lambda marker: marker.start or 0):
        before[marker.passage].append(f"[{marker.label}]")
    for change in changes:
        if change.state != "changed" or not change.claims:
            continue
        now = "".join(f"[{marker.label}]" for marker in numbered[change.passage].markers)
        then = "".join(before[change.passage])
        cited = (
            f"and cites {now or 'nothing'} where it cited {then or 'nothing'}" if now != then else "and cites the same"
        )
        yield f"{change.name} has other words (line {change.line}), {cited}: read {', '.join(change.claims)} again."


def _with_new_offsets(corpus: Corpus, anchored: Sequence[Anchor]) -> dict[Path, str]:
    """The claim files with the new offsets, by path."""
    values: dict[tuple[Iri, Iri], Term] = {}
    for anchor in anchored:
        values[anchor.evidence, OGX.start] = Literal(str(anchor.new[0]), XSD.integer)
        values[anchor.evidence, OGX["end"]] = Literal(str(anchor.new[1]), XSD.integer)
    moved = {anchor.evidence for anchor in anchored}
    result = {}
    for path in corpus.turtle_files() if moved else ():
        shown = corpus.shown(path)
        text = decode(path, shown)
        if any(subject in moved for subject, _, _ in parse_turtle(text, shown)[0]):
            result[path] = replace_values(text, values, corpus.prefixes, shown)
    return result


def _versions_file(corpus: Corpus, path: Path, former: Iterable[Triple]) -> str:
    known = list(parse_turtle(decode(path, corpus.shown(path)), corpus.shown(path))[0]) if path.exists() else []
    return write([*known, *former], corpus.prefixes)


def _same_text(document: StoredDocument, text: str) -> dict[Iri, Passage]:
    """The passages of the recorded text, by name; for finishing a run that was broken off."""
    numbers = {(p.start, p.end): p for p in segment(text)}
    return {p.iri: numbers[p.span] for p in document.passages if p.span in numbers}


def update_source(
    corpus: Corpus, file: str | Path, *, document_id: str | None = None, dry_run: bool = False
) -> SourceUpdate:
    """Move a document on to a changed text; quotes that stand unchanged get their new offsets, others are proposed.

    :param document_id: which document it is a version of; by default that of the same file name, or the only one
    :param dry_run: write nothing, only say what would happen
    :raises UsageError: for an unknown document, or where it is not clear which
    :raises InputError: for a file that is absent, empty, binary, not UTF-8 or cut short, or a read-only corpus
    :raises RefusedError: for a file that shares no passage with the document
    """
    if not dry_run:
        refuse_unwritable(corpus)
    path = Path(file)
    data, text = read_source(path)
    sha256 = hashlib.sha256(data).hexdigest()
    stored = read_stored(corpus)
    document = _choose(stored.documents, document_id, path, sha256)
    changes: list[PassageChange] = []
    free: list[Passage] = []
    if sha256 == document.sha256:
        found = _same_text(document, text)
    else:
        version = FoundText(document.iri, path, text, sha256, matches=False, given=True)
        changes, _ = compare_versions(corpus, document, stored, version)
        found, free = match_passages(document, text)
        _refuse_stranger(document, found, path)
    return _update(corpus, document, path.name, sha256, text, changes, found, free, dry_run)


def _update(
    corpus: Corpus,
    document: StoredDocument,
    name: str,
    sha256: str,
    text: str,
    changes: Sequence[PassageChange],
    found: Mapping[Iri, Passage],
    free: Sequence[Passage],
    dry_run: bool,
) -> SourceUpdate:
    passages = _numbered(document, found, free)
    numbered = {Iri(f"{document.iri}.p{passage.number:03}"): passage for passage in passages}
    anchoring = Anchoring(document, numbered, text)
    known = {reference.text: reference.iri for reference in document.references}
    triples = intake_triples(document.iri, sha256, text, name, passages, known)
    contents: dict[Path, str] = {}
    if sha256 != document.sha256:
        folder = corpus.root / "documents" / document.iri.rpartition("/")[2]
        # The former version first: should the run be broken off, nothing of it is lost.
        contents[folder / "versions.ttl"] = _versions_file(corpus, folder / "versions.ttl", _former(document))
        contents[folder / "passages.ttl"] = write(triples, corpus.prefixes)
    contents |= _with_new_offsets(corpus, anchoring.anchored)
    if not dry_run:
        for path, content in contents.items():
            write_atomic(path, content)
    gone = [passage.iri for passage in document.passages if passage.iri not in found]
    touched = {corpus.curie(p.claim) for p in anchoring.proposals if p.claim}
    touched |= {claim for change in changes if change.state in ("changed", "vanished") for claim in change.claims}
    return SourceUpdate(
        corpus=corpus,
        document=document.iri,
        former=document.sha256,
        sha256=sha256,
        passages=len(passages),
        kept=len(found),
        added=tuple(iri for iri, passage in numbered.items() if iri not in found),
        gone=tuple(gone),
        changes=tuple(changes),
        anchored=tuple(anchoring.anchored),
        proposals=tuple(anchoring.proposals),
        claims=tuple(sorted(touched, key=natural_key)),
        reread=tuple(_reread(document, numbered, changes)),
        references=tuple(_entries(corpus, document, triples)) if sha256 != document.sha256 else (),
        written=() if dry_run else tuple(corpus.shown(path) for path in contents),
        dry=dry_run,
    )
