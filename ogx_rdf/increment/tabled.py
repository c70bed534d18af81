"""The rows of an evidence table that a change makes stale, and what they are from then on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..bundles.batch import DEPTH
from ..bundles.near import BatchCorpus
from ..bundles.rows import rows_of_batch
from ..bundles.spool import Run
from ..table import replace_claims
from .view import View

if TYPE_CHECKING:
    from .scope import Scope
    from .writer import Writer

__all__ = ["replace_rows"]


def replace_rows(writer: Writer, view: View, scope: Scope, folder: Path) -> None:
    """Put new rows in the place of those that a change, which was written, made stale.

    Rows tell what they rest on, so those of all that reaches a changed node are written anew: a few for a claim, many
    for an entity that many claims name.

    :param view: the store with the change
    :raises UsageError: where there is no table
    :raises InputError: where it cannot be written
    """
    stale = _stale(view, scope.nodes, scope.passages)
    runs = [run for name in sorted(stale) for run in _runs(writer, view, name)]
    writer.judge.reach = view.reach()
    batch = writer.judge.batch(runs)
    corpus = BatchCorpus(writer.naming.corpus, batch, [])
    rows = rows_of_batch(corpus, writer.judge.texts)
    gone = [name.decode() for name in stale if view.node(name) is None]
    replace_claims(folder, rows, gone)


def _runs(writer: Writer, view: View, name: bytes) -> list[Run]:
    """The lines of a node or a claim, with numbers as they were written."""
    part = name.decode()
    if name.startswith(view.naming.claims.encode()) and part not in view.changes:
        text = writer.as_written(part)
        return [Run(-1, 0, text)] if text else []
    return [run for _, runs in view.find_whole(name) for run in runs]


def _stale(view: View, changed: Iterable[bytes], passages: Iterable[bytes]) -> set[bytes]:
    """What reaches a changed node, claims as a whole; and the passages whose use changed."""
    claims = view.naming.claims.encode()

    def home(name: bytes) -> bytes:
        return claims + name[len(claims) :].partition(b".")[0] if name.startswith(claims) else name

    found = {home(name) for name in changed}
    front = set(changed)
    for _ in range(DEPTH):
        front = {who for name in front for who, _, _ in view.users(name) if home(who) not in found}
        found |= {home(name) for name in front}
        front = {name for name in front if not name.startswith(claims)}
    return found | set(passages)
