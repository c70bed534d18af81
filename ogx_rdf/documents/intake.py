"""Taking a document in: ``source add``.

The corpus records where each passage stands and its digest, never the text; :mod:`ogx_rdf.documents.places` finds
it again.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ..corpus import Corpus
from ..errors import InputError, RefusedError, UsageError
from ..files import write_atomic
from ..model import Iri, Literal, Passage, Triple
from ..namespaces import C4O, DCTERMS, OGX, PROV, RDF, SKOS, XSD
from ..oxi import decode, parse_turtle
from ..resources import packaged
from ..turtle import write
from .places import read_source
from .segment import KINDS, reference_entry, segment

__all__ = ["AddedSource", "add_source", "intake_triples", "refuse_unwritable"]

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class AddedSource:
    """What ``source add`` did.

    :param document: the IRI of the document
    :param created: whether the file was written; False where the document was there already, with the same digest
    :param file: the file with the passages
    :param passages: how many there are, by kind
    :param markers: how many citation markers
    :param references: how many entries of the reference list
    :param sources: the folder where a copy of the text would be found again
    """

    document: Iri
    created: bool
    file: Path
    sha256: str
    passages: Mapping[str, int]
    markers: int
    references: int
    sources: Path

    def as_dict(self) -> dict[str, object]:
        """The result as a JSON object."""
        return {
            "document": str(self.document),
            "created": self.created,
            "file": str(self.file),
            "sha256": self.sha256,
            "passages": dict(self.passages),
            "markers": self.markers,
            "references": self.references,
        }

    def text(self) -> str:
        """The result as printed on a terminal."""
        total = sum(self.passages.values())
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.passages.items())
        head = f"Wrote {self.file}" if self.created else f"Unchanged: {self.file} holds this text already"
        return (
            f"{head}\n{total} passages ({kinds}), {self.markers} citation markers, {self.references} references.\n"
            f"The text itself was not copied. Keep it in {self.sources} (ignored by git), or name its place in "
            "OGX_RDF_SOURCES, and ogx-rdf verify finds it by its digest."
        )


def _marker_triples(passage: Passage, node: Iri, known: Mapping[str, Iri]) -> Iterator[Triple]:
    for number, marker in enumerate(passage.markers, 1):
        name = Iri(f"{node}.m{number}")
        yield node, OGX.marker, name
        yield name, RDF.type, OGX.Marker
        yield name, SKOS.notation, Literal(marker.label)
        yield name, OGX.printed, Literal(marker.printed)
        yield name, OGX.start, _integer(marker.start)
        yield name, OGX["end"], _integer(marker.end)
        if marker.label in known:
            yield name, C4O.denotes, known[marker.label]


def _cell_triples(passage: Passage, node: Iri) -> Iterator[Triple]:
    if passage.row is not None:
        yield node, OGX.row, _integer(passage.row)
    for cell in passage.cells:
        name = Iri(f"{node}.c{cell.column}")
        yield node, OGX.cell, name
        yield name, RDF.type, OGX.Cell
        yield name, OGX.column, _integer(cell.column)
        yield name, OGX.start, _integer(cell.start)
        yield name, OGX["end"], _integer(cell.end)


def _integer(number: int) -> Literal:
    return Literal(str(number), XSD.integer)


def _passage_triples(passage: Passage, node: Iri, document: Iri) -> Iterator[Triple]:
    yield node, RDF.type, OGX.Passage
    yield node, DCTERMS.isPartOf, document
    yield node, OGX.passageKind, OGX[passage.kind]
    yield node, OGX.start, _integer(passage.start)
    yield node, OGX["end"], _integer(passage.end)
    yield node, OGX.sha256, Literal(passage.sha256)
    yield node, OGX.line, _integer(passage.line)
    if passage.section is not None:
        yield node, OGX.section, Literal(passage.section)


def _references(
    text: str, passages: Sequence[Passage], document: Iri, known: Mapping[str, Iri]
) -> tuple[list[Triple], dict[str, list[Iri]]]:
    """The triples of the reference list, and its entries by label; an entry known by its words keeps its name."""
    triples: list[Triple] = []
    entries: dict[str, list[Iri]] = {}
    taken = set(known.values())
    for passage in passages:
        found = reference_entry(text[passage.start : passage.end]) if passage.kind == "reference" else None
        if found is None:
            continue
        label, content = found
        same = entries.setdefault(label, [])
        node = known.get(content) or _free(Iri(f"{document}.ref{label}"), taken)
        taken.add(node)
        same.append(node)
        triples += [
            (node, RDF.type, OGX.Reference),
            (node, SKOS.notation, Literal(label)),
            (node, C4O.hasContent, Literal(content)),
            (node, DCTERMS.isPartOf, document),
            (node, PROV.wasQuotedFrom, _node(document, passage)),
        ]
    return triples, entries


def _free(name: Iri, taken: Container[Iri]) -> Iri:
    """The name, or where it is taken the name with the first number from 2 that is not."""
    names = (Iri(f"{name}-{number}") for number in count(2))
    return name if name not in taken else next(other for other in names if other not in taken)


def _node(document: Iri, passage: Passage) -> Iri:
    return Iri(f"{document}.p{passage.number:03}")


def intake_triples(
    document: Iri,
    sha256: str,
    text: str,
    name: str,
    passages: Sequence[Passage],
    known: Mapping[str, Iri] | None = None,
) -> list[Triple]:
    """What is recorded of a text: its digest, passages, markers, cells and reference entries; never the text.

    :param passages: a passage's number gives its name
    :param known: the names of reference entries by their words, for those that the corpus has already
    """
    references, entries = _references(text, passages, document, known or {})
    # A number that two entries bear denotes neither: choosing one would be a guess.
    known = {label: nodes[0] for label, nodes in entries.items() if len(nodes) == 1}
    triples: list[Triple] = [
        (document, RDF.type, OGX.Document),
        (document, OGX.sha256, Literal(sha256)),
        (document, OGX.length, _integer(len(text))),
        (document, OGX.fileName, Literal(name)),
        *references,
    ]
    for passage in passages:
        node = _node(document, passage)
        triples += _passage_triples(passage, node, document)
        triples += _marker_triples(passage, node, known)
        triples += _cell_triples(passage, node)
    return triples


def _same_intake(target: Path, shown: str, triples: Sequence[Triple], sha256: str, document: Iri) -> bool:
    """Whether the document is there already; a different one, or an edited file, is refused."""
    if not target.exists():
        return False
    old, _ = parse_turtle(decode(target, shown), shown)
    recorded = next((str(o) for s, p, o in old if s == document and p == OGX.sha256), "no digest")
    name = document.rpartition("/")[2]
    if recorded != sha256:
        raise RefusedError(
            "E346",
            f"{name} is in the corpus with another digest ({recorded[:12]}, this file has {sha256[:12]})",
            file=shown,
            why="Passages are numbered once; a changed source is a new version, and its quotes must be placed again.",
            hint=f"See what moved with: ogx-rdf verify --source {name}=FILE. Or add it under an id of its own.",
        )
    if {t for t in old if t[1] != OGX.fileName} != {t for t in triples if t[1] != OGX.fileName}:
        raise RefusedError(
            "E347",
            "the file differs from what this text gives, so it was left as it is",
            file=shown,
            why="Passages are numbered once; evidence points at them by number.",
            hint="Undo the edit (curated facts belong in about.ttl, references.ttl and coverage.ttl), "
            "or delete the file and run the command again.",
        )
    return True


def refuse_unwritable(corpus: Corpus) -> None:
    """Refuse to write into the corpus that comes with an installation.

    :raises InputError: where it is that one
    """
    if packaged(corpus.root):
        raise InputError(
            "E345",
            "the corpus that comes with the installation is read-only",
            file=str(corpus.root),
            hint="Start one of your own with: ogx-rdf init DIR --document FILE",
        )


def add_source(corpus: Corpus, file: str | Path, document_id: str) -> AddedSource:
    """Cut a text into passages and write ``documents/<id>/passages.ttl``.

    Run again with the same text, it changes nothing.

    :raises UsageError: for an id that is not lower-case letters, digits and hyphens
    :raises InputError: for a file that is absent, empty, binary or not UTF-8, or a corpus that cannot be written
    :raises RefusedError: where the document is there with another digest, or its passages were edited
    """
    if not _ID.fullmatch(document_id):
        hint = "Use lower-case letters, digits and hyphens, a letter or digit first, for example ogx-011-guide."
        raise UsageError("E344", f"{document_id!r} cannot be the id of a document", hint=hint)
    refuse_unwritable(corpus)
    path = Path(file)
    data, text = read_source(path)
    document = Iri(f"{corpus.base}doc/{document_id}")
    passages = segment(text)
    sha256 = hashlib.sha256(data).hexdigest()
    triples = intake_triples(document, sha256, text, path.name, passages)
    target = corpus.root / "documents" / document_id / "passages.ttl"
    there = _same_intake(target, corpus.shown(target), triples, sha256, document)
    if not there:
        write_atomic(target, write(triples, corpus.prefixes))
    kinds = Counter(passage.kind for passage in passages)
    return AddedSource(
        document=document,
        created=not there,
        file=target,
        sha256=sha256,
        passages={kind: kinds[kind] for kind in KINDS if kinds[kind]},
        markers=sum(len(passage.markers) for passage in passages),
        references=sum(o == OGX.Reference for _, _, o in triples),
        sources=corpus.root / "sources",
    )
