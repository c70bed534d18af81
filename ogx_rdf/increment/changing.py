"""Adding and removing: a change is judged on what it touches, and written as a whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..bundles.batch import said_in
from ..bundles.judge import LIKENESSES
from ..bundles.spool import Run, text_of
from ..bundles.texts import Texts
from ..corpus import Corpus
from ..documents.coverage import COUNTS, Coverage, moved
from ..errors import InputError, RefusedError, UsageError
from ..model import Finding, Iri, Severity
from ..namespaces import OGX
from ..table.folder import read_manifest
from .judging import Look, Looking
from .ledger import Key
from .lines import placed
from .parts import Naming, Part, read_parts
from .scope import Scope, scope_of
from .tabled import replace_rows
from .view import View
from .writer import Writer

__all__ = ["LIKE", "Change", "add", "change_parts", "remove"]

MOST_NAMED = 10
"""So many names are told one by one."""

_MEASUREMENT = OGX.measurement.encode()
LIKE = frozenset(rule for rules in LIKENESSES.values() for rule in rules)
"""The rules about two nodes, of which either may be the one that is new."""

Parts = Mapping[str, Part | None]


@dataclass(slots=True)
class Change:
    """What became of a change.

    :param done: the parts by what was done to them: ``added``, ``replaced``, ``removed``, ``unchanged``
    :param findings: what is found at what changed, and elsewhere because of it; violations come only where refused
    :param healed: what was found before, and is not any more
    :param counts: quotes, and how many of them were compared with a text
    :param written: whether the store was changed
    """

    done: dict[str, list[str]]
    findings: list[Finding] = field(default_factory=list)
    healed: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    coverage: Coverage = field(default_factory=lambda: Coverage(0, 0, 0, 0, 0))
    written: bool = False

    @property
    def refused(self) -> bool:
        """Whether a violation kept it from being written."""
        return any(finding.severity == Severity.VIOLATION for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0: done, or nothing to do; 1: refused."""
        return 1 if self.refused else 0

    def as_dict(self) -> dict[str, object]:
        """The change as a JSON object."""
        return {
            "answer": "rows" if self.findings else "none",
            "coverage": self.coverage.as_dict(),
            "rows": [finding.as_dict() for finding in self.findings],
            "healed": [finding.as_dict() for finding in self.healed],
            "done": {name: list(parts) for name, parts in self.done.items()},
            "written": self.written,
            "quotes": {"all": self.counts["quotes"], "compared": self.counts["quotes-compared"]},
        }

    def text(self, corpus: Corpus) -> str:
        """What was done, as printed on a terminal."""
        lines = []
        for doing, parts in self.done.items():
            if parts:
                names = [corpus.curie(part.rpartition(" ")[2]) for part in parts[:MOST_NAMED]]
                more = len(parts) - len(names)
                doing = doing if self.written or doing == "unchanged" else f"not {doing}"
                lines.append(f"{doing.capitalize()}: {', '.join(names)}{f' and {more} more' if more else ''}")
        if self.counts["quotes"]:
            lines.append(
                f"{self.counts['quotes-compared']} of {self.counts['quotes']} quotes compared with their texts"
            )
        lines += [f"Healed: {finding.rule} at {corpus.curie(finding.focus)}" for finding in self.healed[:MOST_NAMED]]
        if not self.written:
            lines.append("Refused; nothing was written." if self.refused else "Nothing to do.")
        return "\n".join(lines) + "\n"


def add(writer: Writer, file: str | Path, *, sources: Sequence[str] = (), table: str | Path | None = None) -> Change:
    """Put the parts that a file holds into a store, each in the place of the one of its name.

    :param file: Turtle, TriG or N-Quads, also ``.gz``
    :param sources: files or folders of texts, or ``ID=FILE``, beside the usual places
    :param table: the evidence table of the store, whose rows are brought up to the change
    :raises UsageError: for a folder, or a file of a syntax that is not known, or where there is no such table
    :raises InputError: for a file that cannot be read, a broken line, or a store that cannot be written
    :raises RefusedError: where the file changes the vocabulary
    """
    naming, path = writer.naming, Path(file)
    parts = read_parts(naming, path)
    if not parts:
        raise InputError("E375", "the file holds no quads", file=str(path), hint="Check that it was saved in full.")
    done: dict[str, list[str]] = {"added": [], "replaced": [], "removed": [], "unchanged": []}
    changes: dict[str, Part | None] = {}
    for name, part in parts.items():
        known = writer.ledger.digest(name)
        if known is not None and known[0] == part.digest()[0]:
            done["unchanged"].append(name)
        else:
            done["added" if known is None else "replaced"].append(name)
            changes[name] = part
    if not changes:
        return Change(done, coverage=_coverage(writer))
    _refuse_vocabulary(naming, changes)
    files = [naming.corpus.shown(path)]
    change = change_parts(writer, changes, done, files, sources, strict=True, table=table)
    change.findings = placed(change.findings, path, files[0], naming.corpus)
    return change


def _refuse_vocabulary(naming: Naming, changes: Parts) -> None:
    for name in changes:
        graph, node = naming.split(name)
        if graph == f"{naming.base}graph/vocabulary":
            raise RefusedError(
                "E389",
                f"{naming.corpus.curie(node or graph)} belongs to the vocabulary, or lies outside {naming.base}",
                why="All claims are held to the vocabulary: with another one all have to be judged anew.",
                hint="Change it in the files, and build the store anew.",
            )


def remove(writer: Writer, name: str, *, sources: Sequence[str] = (), table: str | Path | None = None) -> Change:
    """Take a claim with its evidence, a piece of evidence, a document, or a node that nobody uses out of a store.

    :param name: a number or CURIE of a claim (``42``, ``c:0042``), any CURIE or IRI
    :param table: the evidence table of the store, whose rows are brought up to the change
    :raises UsageError: where nothing has this name, or there is no such table
    :raises RefusedError: where others point at it, naming them
    """
    iri = _iri(writer, name)
    now = writer.view()
    changes = _without(writer, now, iri)
    done: dict[str, list[str]] = {"removed": [iri], "unchanged": []}
    return change_parts(writer, changes, done, [], sources, strict=False, table=table)


def _iri(writer: Writer, name: str) -> str:
    corpus = writer.naming.corpus
    number = f"{writer.naming.claims}{name.zfill(4)}" if name.isdigit() else None
    iri = number or corpus.expand(name) or name
    try:
        known = writer.head.has(iri)
    except ValueError:
        known = False
    if not known:
        raise UsageError("E501", f"nothing is named {name!r} in this store", hint="Give c:0042, any CURIE or an IRI.")
    return str(iri)


def _without(writer: Writer, now: View, iri: str) -> dict[str, Part | None]:
    """The change that takes a node away."""
    naming = writer.naming
    part = naming.part(naming.graph_of(iri), iri)
    graph, _ = naming.split(part)
    if graph.startswith(f"{naming.base}graph/") and graph.rpartition("/")[2] in ("vocabulary", "mappings"):
        hint = "Take it out of its file, and build the store anew."
        raise RefusedError("E389", f"{naming.corpus.curie(iri)} is not removed alone", hint=hint)
    said = said_in(text_of(now.runs(part)))
    going = {iri.encode()} if iri != graph else set(said)
    if iri.startswith(f"{graph}.") and not iri.startswith(naming.claims):
        hint = "A passage, marker or entry goes with its document, or with an edition of it that is added."
        raise RefusedError("E389", f"{naming.corpus.curie(iri)} is a part of a document", hint=hint)
    if iri.startswith(f"{graph}."):
        going |= _measured(now, iri.encode())
    _refuse_used(naming, now, iri, part, going)
    if iri in (graph, naming.split(part)[1]):
        return {part: None}
    left = [run for run in _runs_by_node(writer.as_written(part)) if run.text[1 : run.text.index(b">")] not in going]
    return {part: Part(part, graph, left)}


def _measured(now: View, evidence: bytes) -> set[bytes]:
    """The measurements that only this evidence has."""
    found = {value[1:-1] for by, value in now.said(evidence) if by == _MEASUREMENT}
    return {name for name in found if all(who == evidence for who, _, _ in now.users(name))}


def _runs_by_node(text: bytes) -> list[Run]:
    lines: dict[bytes, bytes] = {}
    for line in text.splitlines(keepends=True):
        name = line[: line.index(b">")]
        lines[name] = lines.get(name, b"") + line
    return [Run(-1, 0, text) for text in lines.values()]


def _refuse_used(naming: Naming, now: View, iri: str, part: str, going: set[bytes]) -> None:
    corpus, users = naming.corpus, []
    for node in sorted(going):
        for who, by, home in now.users(node):
            if who not in going and (home != part or who not in _owner(naming, iri)):
                users.append(f"{corpus.curie(who.decode())} ({corpus.curie(by.decode())})")
                if len(users) > MOST_NAMED:
                    break
    if users:
        told = ", ".join(users[:MOST_NAMED]) + (" and more" if len(users) > MOST_NAMED else "")
        raise RefusedError(
            "E389",
            f"{corpus.curie(iri)} is pointed at by {told}",
            why="They would point at nothing.",
            hint="Change or remove these first.",
        )


def _owner(naming: Naming, iri: str) -> set[bytes]:
    """The claim of a piece of evidence: it may say which evidence it has, and goes on without it."""
    return {naming.graph_of(iri).encode()}


def _texts(writer: Writer, sources: Sequence[str]) -> Texts:
    """Where texts are looked for; as :func:`ogx_rdf.documents.places.search` has it, by look-up."""
    folders: list[Path] = []
    digests: dict[str, Path] = {}
    named = [item for item in os.environ.get("OGX_RDF_SOURCES", "").split(os.pathsep) if item]
    for item in (*sources, *named, str(writer.naming.corpus.root / "sources")):
        path, (name, equals, rest) = Path(item), item.partition("=")
        if path.is_dir():
            folders.append(path)
        elif path.is_file():
            digests[hashlib.sha256(path.read_bytes()).hexdigest()] = path
        elif equals and Path(rest).is_file():
            document = f"{writer.naming.documents}{name.removeprefix('doc:')}"
            said = dict(writer.view().said(document.encode()))
            digests[said.get(OGX.sha256.encode(), b'""').split(b'"')[1].decode()] = Path(rest)
        elif item in sources:
            raise InputError("E343", "no such file or directory", file=item, hint="Check the path, or give ID=FILE.")
    return Texts(folders, digests)


def change_parts(
    writer: Writer,
    changes: Parts,
    done: dict[str, list[str]],
    files: list[str],
    sources: Sequence[str],
    *,
    strict: bool,
    table: str | Path | None = None,
) -> Change:
    """Judge a change, and write it where nothing is wrong.

    :param strict: whether the changed parts must be free of violations; else they must have no new ones
    """
    if table is not None:
        read_manifest(Path(table))
    writer.judge.files, writer.judge.texts = files, _texts(writer, sources)
    before, after = writer.view(), writer.view(changes)
    scope = scope_of(before, after)
    looking = Looking(writer.judge, writer.ledger)
    had = looking.keys(before, scope)
    new = looking.look(after, scope, scope.parts, had, {key.name for key in had})
    # What was wrong with a part that is judged as a whole anyway is of no matter.
    old = looking.look(before, scope, scope.affected if strict else scope.parts, had | new.keys)
    own = {name.decode() for part in changes.values() if part for name in said_in(part.text)}
    change = Change(done, counts=new.counts, coverage=_coverage(writer))
    change.findings, change.healed = _differences(old, new, own if strict else set())
    if not change.refused:
        change.coverage = _write(writer, changes, scope, old.states, new.states, (had - new.keys, new.keys - had))
        change.written = True
        if table is not None:
            replace_rows(writer, after, scope, Path(table))
    return change


def _same(finding: Finding) -> tuple[str, str, str | None, str | None]:
    return finding.rule, finding.focus, finding.path, finding.value


def _differences(old: Look, new: Look, own: set[str]) -> tuple[list[Finding], list[Finding]]:
    """What counts of what is found: all at the own nodes, elsewhere what is new; and what is healed."""
    had, has = ({_same(finding) for finding in look.findings} for look in (old, new))

    def counts(finding: Finding) -> bool:
        mine = finding.focus in own or (finding.rule in LIKE and (finding.value or "")[1:-1] in own)
        return mine or _same(finding) not in had

    found = sorted((finding for finding in new.findings if counts(finding)), key=lambda item: item.sort_key)
    return found, sorted((f for f in old.findings if _same(f) not in has), key=lambda item: item.sort_key)


def _coverage(writer: Writer) -> Coverage:
    documents, passages, encoded, skipped, left = (writer.record.coverage.get(name, 0) for name in COUNTS)
    return Coverage(documents, passages, encoded, skipped, left)


def _write(
    writer: Writer,
    changes: Parts,
    scope: Scope,
    before: Mapping[bytes, str],
    after: Mapping[bytes, str],
    keys: tuple[set[Key], set[Key]],
) -> Coverage:
    was, now = ({Iri(name.decode()): state for name, state in states.items()} for states in (before, after))
    coverage = moved(_coverage(writer), was, now, scope.documents)
    quads, told = writer.record.quads, {}
    for name, part in changes.items():
        known = writer.ledger.digest(name)
        quads -= 0 if known is None else known[1]
        digest = None if part is None else part.digest()
        if part is not None and digest is not None:
            quads += digest[1]
            if any(run.file < 0 for run in part.runs):  # made of what the store gives back: not as it was written
                digest = (None, digest[1])
        told[name] = (part, digest)
    record = writer.record.changed(quads, coverage.counts())
    writer.commit(told, record, *keys, touched=scope.watched)
    return coverage
