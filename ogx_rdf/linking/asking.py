"""Asking an endpoint as it wishes to be asked: slowly, many terms in one query, and not again what is known.

Queries go out through :mod:`ogx_rdf.store`, which has the credentials, the timeouts and the retries.  Here they are
spaced, and each term's part of an answer is kept as a file with the day on which it was given; an endpoint that fails
several times in a row is left alone.  A failure is never kept.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict, Unpack

from ..errors import InputError, UsageError
from ..files import cache_folder, write_atomic
from ..model import Iri, Literal, Term
from ..store import RemoteStore
from .questions import Question

__all__ = ["MAX_AGE", "PACE", "Answer", "Asker", "Manners"]

PACE = 1.0
"""The fewest seconds between two requests."""

MAX_AGE = 7.0
"""Days for which an answer is kept."""

FAILURES = 3
"""After so many failures in a row the endpoint is not asked again in this run."""

Row = Mapping[str, Term | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint says on one key.

    :param rows: what was answered; None where nothing was, and ``reason`` says why
    :param asked: when it was asked, in UTC
    :param failed: whether it was asked and gave no answer that can be used
    """

    rows: tuple[Row, ...] | None
    asked: str | None = None
    failed: bool = False
    reason: str | None = None


NOT_ASKED = Answer(None, reason="offline, and nothing is kept of it")


class Manners(TypedDict, total=False):
    """How an endpoint is asked, and what is kept of its answers.

    :param cache: the folder where answers are kept (default: the user's cache folder)
    :param refresh: ask again what is kept
    :param offline: answer from what is kept alone, however old
    :param max_age: days for which an answer is kept (default: :data:`MAX_AGE`)
    :param timeout: seconds without a sign of the endpoint (default: OGX_RDF_TIMEOUT, else 60)
    :param pace: the fewest seconds between two requests (default: :data:`PACE`)
    """

    cache: Path | None
    refresh: bool
    offline: bool
    max_age: float | None
    timeout: float | None
    pace: float | None


class Asker:
    """Asks one endpoint, and keeps what it says.

    :raises UsageError: for an address that is none, or a number that cannot be
    """

    def __init__(self, endpoint: str, **manners: Unpack[Manners]) -> None:
        self.endpoint = endpoint
        self.refresh, self.offline = manners.get("refresh", False), manners.get("offline", False)
        if self.refresh and self.offline:
            raise UsageError("E642", "--refresh asks again, and --offline asks nothing", hint="Give one of the two.")
        max_age, timeout, pace = manners.get("max_age"), manners.get("timeout"), manners.get("pace")
        self.max_age = _number("--max-age", MAX_AGE if max_age is None else max_age, 0, 36500)
        self.pace = _number("--pace", PACE if pace is None else pace, 0, 3600)
        timeout = None if timeout is None else _number("--timeout", timeout, 0.001, 3600)
        self._store = RemoteStore(endpoint, timeout=timeout, union=False)
        self._folder = (manners.get("cache") or cache_folder()) / "links" / _digest(endpoint)[:16]
        self._failures = 0
        self._next = 0.0

    def ask(self, question: Question, keys: Iterable[str]) -> dict[str, Answer]:
        """What the endpoint says on each key: as it is kept, else asked now, several keys in one query."""
        wanted = sorted(set(keys))
        answers = {key: kept for key in wanted if (kept := self._kept(question, key)) is not None}
        open_ = [key for key in wanted if key not in answers]
        if self.offline:
            return answers | dict.fromkeys(open_, NOT_ASKED)
        for start in range(0, len(open_), question.batch):
            answers.update(self._batch(question, open_[start : start + question.batch]))
        return answers

    def _batch(self, question: Question, keys: Sequence[str]) -> dict[str, Answer]:
        if self._failures >= FAILURES:
            reason = "not asked again, since the endpoint failed before"
            return dict.fromkeys(keys, Answer(None, failed=True, reason=reason))
        now = time.monotonic()
        time.sleep(max(0.0, self._next - now))
        self._next = max(now, self._next) + self.pace
        try:
            found = list(self._store.select(question.make(keys), shown=question.name))
        except InputError as exc:
            self._failures += 1
            return dict.fromkeys(keys, Answer(None, failed=True, reason=exc.message))
        self._failures = 0
        parted: dict[str, list[Row]] = defaultdict(list)
        for row in found:
            parted[str(row.get("key") or row["there"])].append(row)
        day = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        answers = {key: Answer(tuple(parted[key]), day) for key in keys}
        for key, answer in answers.items():
            self._keep(question, key, answer)
        return answers

    def _file(self, question: Question, key: str) -> Path:
        return self._folder / f"{_digest(question.template, key)[:40]}.json"

    def _kept(self, question: Question, key: str) -> Answer | None:
        """What is kept of a key, where it may be used; a file that cannot be read is as good as none."""
        if self.refresh:
            return None
        try:
            kept = json.loads(self._file(question, key).read_bytes())
            asked = datetime.fromisoformat(kept["asked"])
            if kept["key"] != key or kept["endpoint"] != self.endpoint:
                return None
            rows = tuple({name: _term(value) for name, value in row.items()} for row in kept["rows"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        if not self.offline and datetime.now(UTC) - asked > timedelta(days=self.max_age):
            return None
        return Answer(rows, kept["asked"])

    def _keep(self, question: Question, key: str, answer: Answer) -> None:
        kept = {
            "endpoint": self.endpoint,
            "question": question.template,
            "key": key,
            "asked": answer.asked,
            "rows": [{name: _shown(value) for name, value in row.items()} for row in answer.rows or ()],
        }
        write_atomic(self._file(question, key), json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


def _number(option: str, value: float, least: float, most: float) -> float:
    if not least <= value <= most:
        raise UsageError("E642", f"{option} cannot be {value:g}", hint=f"Give a number from {least:g} to {most:g}.")
    return value


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _shown(term: Term | None) -> list[str | None] | None:
    """A term as it is kept: ``[iri]``, or ``[text, datatype, language]``."""
    if term is None:
        return None
    return [str(term)] if isinstance(term, Iri) else [term.value, term.datatype, term.language]


def _term(kept: Any) -> Term | None:
    if kept is None:
        return None
    if len(kept) == 1:
        return Iri(kept[0])
    return Literal(*kept)
