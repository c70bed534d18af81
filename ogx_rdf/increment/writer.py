"""Who writes to a store: one at a time, on a copy that becomes the next generation."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ..bundles.batch import Node, Reach
from ..bundles.judge import Judge
from ..corpus import Corpus
from ..documents.coverage import Coverage
from ..errors import UsageError
from ..oxi import GENERATIONS, Dataset, generation_of, hold, rewritten
from ..store.built import Built, note_written, read_written
from ..store.written import RECORD
from .folder import HEAD, LEDGERS, Lock, adopt, command_line, copy_store, next_name, not_writable, publish, sweep
from .ledger import Digest, Key, Ledger
from .parts import Naming, Part, parts_of_lines
from .view import View

__all__ = ["Writer", "no_store"]

JOURNAL = 2 << 20
"""Bytes that the engine may hold in its journal, which is copied with each generation, before they go to files."""


class Writer:
    """The right to write to a store, and what it takes.

    :param place: a folder made by ``build``
    :param corpus: gives base, prefixes and hedge words
    :raises UsageError: where there is no store, or one of another base
    :raises InputError: where another process writes to it, or it cannot be written
    """

    def __init__(self, place: Path, corpus: Corpus, command: str | None = None) -> None:
        self.place, self.naming = place.resolve(), Naming(corpus)
        self._kept: dict[bytes, Node | None] = {}
        if not (self.place / GENERATIONS).is_dir():
            raise no_store(place)
        self._lock = Lock(self.place, command or command_line())
        try:
            adopt(self.place)
            if generation_of(self.place) is None:
                raise no_store(place)
            sweep(self.place)
            self.record = Built.read(hold(self.place).folder)
            if self.record.base != corpus.base:
                raise _other_base(place, self.record.base, corpus.base)
            self.ledger = Ledger(self.place / LEDGERS / f"{self.record.ledger}.sqlite")
            self.ledger.settle(self.generation)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def generation(self) -> str:
        """The generation that counts."""
        name = generation_of(self.place)
        assert name is not None, "a store keeps its generations"
        return name

    @cached_property
    def head(self) -> Dataset:
        """The copy that is worked on: the generation that counts, and what is not published yet."""
        folder = self.place / HEAD
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir()
            held = hold(self.place)
            copy_store(held.folder, folder)
            held.release()
        except OSError as exc:
            raise not_writable(self.place, exc) from exc
        return Dataset.on_disk(folder)

    @cached_property
    def judge(self) -> Judge:
        """What holds batches to the rules; texts, files and what it reaches are set for each change."""
        graph = f"{self.naming.base}graph/vocabulary"
        vocabulary = "".join(line for line, _ in self.head.lines(None, graph)).encode()
        return Judge(self.naming.corpus, [], Reach(lambda names: {}), vocabulary, None)

    def view(self, changes: Mapping[str, Part | None] | None = None) -> View:
        """The store as it is, or as it would be with some parts changed."""
        return View(self.head, self.naming, changes or {}, self._kept)

    @cached_property
    def _written(self) -> dict[str, list[str]]:
        """The lines whose literals the store gives back in another form, by part; read when first needed."""
        self.head  # noqa: B018 - its folder is read
        found = parts_of_lines(self.naming, (line.encode() for line in read_written(self.place / HEAD)))
        return {part: [line.decode() for line in lines] for part, lines in found.items()}

    def as_written(self, part: str) -> bytes:
        """The lines of a part as the store has them, literals as they were written."""
        text = b"".join(run.text for run in self.view().runs(part))
        for line in self._written.get(part, ()):
            small = Dataset()
            small.load_lines(line.encode())
            stored = next(small.lines(None))[0]
            text = text.replace(stored.encode(), f"{line.rpartition(' <')[0]} .\n".encode())
        return text

    def commit(
        self,
        changes: Mapping[str, tuple[Part | None, Digest | None]],
        record: Built,
        gone: Iterable[Key] = (),
        new: Iterable[Key] = (),
        recount: Callable[[Dataset], Coverage] | None = None,
        touched: Collection[bytes] | None = None,
    ) -> None:
        """Write parts, and make what then is the generation that counts.

        :param changes: each part as it shall be, with its digest; None where it is taken away
        :param gone: keys that nodes have no more; ``new`` those that they have from now on
        :param recount: counts the passages, where the record does not say how many there are now
        :param touched: the nodes of which other things are said then; None where nobody looked
        :raises InputError: where it cannot be written; nothing is changed then
        """
        former, name = self.generation, next_name(self.place)
        lines = [line for part, _ in changes.values() if part is not None for line in part.nquads()]
        try:
            self.head.replace((self.naming.split(part) for part in changes), b"".join(lines))
            self._note(changes)
            if recount is not None:
                record = replace(record, coverage=recount(self.head).counts())
            if sum(path.stat().st_size for path in (self.place / HEAD).glob("*.log")) > JOURNAL:
                self.head.flush()
            self.ledger.change(former, name, {part: digest for part, (_, digest) in changes.items()}, gone, new)
            publish(self.place, self.place / HEAD, record, name)
        except BaseException as exc:
            self._forget()
            self.ledger.settle(self.generation)
            if isinstance(exc, OSError):
                raise not_writable(self.place, exc) from exc
            raise
        self.record = record
        for node in list(self._kept) if touched is None else touched:
            self._kept.pop(node, None)

    def _note(self, changes: Mapping[str, tuple[Part | None, Digest | None]]) -> None:
        """Keep how literals are written that the store gives back in another form."""
        told = {name: list(rewritten(_lines(part))) for name, (part, _) in changes.items()}
        told = {name: lines for name, lines in told.items() if lines or self.ledger.digest(name) is not None}
        if "_written" in self.__dict__:
            self._written.update(told)
        if told:
            note_written(self.place / HEAD, told)

    def _forget(self) -> None:
        """Throw the copy away, with what is in it and not published."""
        if "head" in self.__dict__:
            self.head.close()
            del self.__dict__["head"]
        self.__dict__.pop("_written", None)
        shutil.rmtree(self.place / HEAD, ignore_errors=True)

    def close(self) -> None:
        """Let others write."""
        self._forget()
        self.ledger.close()
        sweep(self.place)
        self._lock.release()


def _lines(part: Part | None) -> list[str]:
    return [] if part is None else [line.decode() for line in part.nquads()]


def no_store(place: Path) -> UsageError:
    """The refusal of a place where no store is that can be changed."""
    if (place / RECORD).is_file():
        hint = f"Build it anew: ogx-rdf build --store {place}"
        return UsageError("E315", f"the store at {place} is of an earlier form, and cannot be changed", hint=hint)
    return UsageError("E315", f"no store at {place}", hint=f"Make one with: ogx-rdf build --store {place}")


def _other_base(place: Path, base: str, ours: str) -> UsageError:
    return UsageError(
        "E317",
        f"the store has the base {base or '(not recorded)'}, and the corpus {ours}",
        why="The names in it are told apart by the base.",
        hint=f"Give the corpus that {place} was built from with --corpus DIR.",
    )
