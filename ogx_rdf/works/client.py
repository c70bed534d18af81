"""Asking the registries of publications over the network, as they wish to be asked.

Crossref asks for a mail address (its "polite" service); the NCBI E-utilities ask for ``tool`` and ``email`` and for at
most three requests in a second, to which both are held here.  Libraries do the work: requests speaks HTTP,
requests-cache keeps answers on disk for a day, and requests-ratelimiter spaces what is really sent.  Every attempt
goes through the limiter, which is why the few retries are made here and not in the adapter beneath it.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from .. import __version__
from ..errors import InputError, UsageError
from ..files import cache_folder

if TYPE_CHECKING:
    import requests
    from requests_cache import CachedSession

__all__ = ["CROSSREF", "PUBMED", "TIMEOUT", "Client", "NoAnswerError", "Reply"]

CROSSREF = "Crossref"
PUBMED = "PubMed"
BASES = {
    CROSSREF: ("OGX_RDF_CROSSREF", "https://api.crossref.org"),
    PUBMED: ("OGX_RDF_EUTILS", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"),
}
TIMEOUT = 30.0
"""Seconds without a sign of the server after which an attempt is given up."""

PER_SECOND = 3
KEPT = 24 * 60 * 60
WAITS = (1.0, 4.0)
"""Seconds before the second and the third attempt, where the server names no time."""

PATIENCE = 60.0
"""The longest wait that a server may ask for; beyond it the registry is not asked again in this run."""

FAILURES = 3
"""After so many failures in a row a registry is not asked again in this run."""

BATCH = 100


class NoAnswerError(Exception):
    """A registry gave no answer that can be read; says why."""


class _AgainError(NoAnswerError):
    """No answer, and another attempt may bring one, after the wait that the server asks for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Reply:
    """A registry's answer: the JSON object, or None where it has no such record; and the day on which it was given."""

    data: Mapping[str, Any] | None
    day: str


@contextmanager
def _with_libraries() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as exc:
        raise InputError(
            "E601",
            f"asking the registries needs a library that is not installed ({exc.name})",
            hint="Install the extra: pip install 'ogx-rdf[online]'. Everything else works without it.",
        ) from exc


def _base(registry: str) -> str:
    variable, usual = BASES[registry]
    base = os.environ.get(variable) or usual
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", base):
        raise UsageError("E602", f"{variable} is no address: {base!r}", hint=f"For example: {variable}={usual}")
    return base.rstrip("/")


def _address(mailto: str | None) -> str:
    given = mailto or os.environ.get("OGX_RDF_MAILTO") or ""
    if not re.fullmatch(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+", given, re.ASCII):
        raise UsageError(
            "E603",
            f"{given!r} is no mail address" if given else "no mail address was given",
            why="The registries ask who is asking, so that they can write before they block.",
            hint="Give one by --mailto or OGX_RDF_MAILTO. It is sent to the registries and nowhere else.",
        )
    return given


def _usable(response: requests.Response) -> bool:
    """Whether an answer may be kept: a JSON object, or the plain word that there is no such record."""
    return response.status_code == 404 or _object(response) is not None


def _asked_wait(response: requests.Response) -> float | None:
    """The seconds that ``Retry-After`` asks for, given as a number or as a date."""
    from urllib3.exceptions import InvalidHeader
    from urllib3.util import Retry

    header = response.headers.get("Retry-After")
    try:
        return None if header is None else Retry().parse_retry_after(header)
    except InvalidHeader:
        return None


def _object(response: requests.Response) -> Mapping[str, Any] | None:
    try:
        data = json.loads(response.content)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


class Client:
    """Asks Crossref and PubMed, for as long as the ``with`` block lasts.

    :param mailto: the address to be known by (default: ``OGX_RDF_MAILTO``)
    :param cache: the folder where answers are kept for a day (default: the user's cache folder)
    :param refresh: ask again what is kept
    :param timeout: seconds without a sign of the server
    :raises UsageError: without a mail address, or for a base address in the environment that is none
    :raises InputError: where the libraries are not installed or the cache cannot be used
    """

    def __init__(
        self, mailto: str | None = None, *, cache: Path | None = None, refresh: bool = False, timeout: float = TIMEOUT
    ) -> None:
        if not 0 < timeout <= 3600:
            raise UsageError("E602", f"the timeout cannot be {timeout:g} s", hint="Give seconds, up to an hour.")
        self.mailto = _address(mailto)
        self.bases = {registry: _base(registry) for registry in BASES}
        self.refresh = refresh
        self.timeout = timeout
        self._failures: Counter[str] = Counter()
        self._session = self._open(cache)

    def _open(self, cache: Path | None) -> CachedSession:
        with _with_libraries():
            from requests_cache import CachedSession
            from requests_cache.backends.sqlite import SQLiteCache
            from requests_ratelimiter import LimiterAdapter
        file = (cache or cache_folder()) / "registries.sqlite"
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            session = CachedSession(
                # JSON and not the default pickle: reading a file of a folder that others write to must run nothing.
                backend=SQLiteCache(file, serializer="json"),
                expire_after=KEPT,
                allowable_codes=(200, 404),
                filter_fn=_usable,
                ignored_parameters=("mailto", "email", "tool"),
            )
        except (OSError, sqlite3.Error) as exc:
            raise self._unusable(file, exc) from exc
        self._file = file
        session.headers["User-Agent"] = f"ogx-rdf/{__version__} (+https://w3id.org/ogx-rdf; mailto:{self.mailto})"
        session.headers["Accept"] = "application/json"
        adapter = LimiterAdapter(per_second=PER_SECOND)
        for scheme in ("https://", "http://"):
            session.mount(scheme, adapter)
        return session

    @staticmethod
    def _unusable(file: Path, exc: Exception) -> InputError:
        hint = "Delete the file, or name another folder with --cache."
        return InputError("E604", f"the cache cannot be used ({exc})", file=str(file), hint=hint)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()  # type: ignore[no-untyped-call]

    def name(self, registry: str) -> str:
        """The registry as it is named as a source: with its address, where that is not the usual one."""
        usual = self.bases[registry] == BASES[registry][1]
        return registry if usual else f"{registry} at {self.bases[registry]}"

    def crossref(self, doi: str) -> Reply:
        """What Crossref has on a DOI.

        :raises NoAnswerError: where no answer came that can be read
        """
        return self._get(CROSSREF, f"/works/{quote(doi, safe='')}", {"mailto": self.mailto})

    def pubmed(self, pmids: Sequence[str]) -> Mapping[str, Reply | NoAnswerError]:
        """What PubMed has on each number; several are asked for in one request."""
        replies: dict[str, Reply | NoAnswerError] = {}
        for start in range(0, len(pmids), BATCH):
            batch = pmids[start : start + BATCH]
            try:
                replies.update(self._summaries(batch))
            except NoAnswerError as exc:
                replies.update(dict.fromkeys(batch, exc))
        return replies

    def _summaries(self, batch: Sequence[str]) -> Iterator[tuple[str, Reply | NoAnswerError]]:
        who = {"tool": "ogx-rdf", "email": self.mailto}
        reply = self._get(PUBMED, "/esummary.fcgi", {"db": "pubmed", "id": ",".join(batch), "retmode": "json", **who})
        result = (reply.data or {}).get("result")
        if not isinstance(result, dict):
            raise NoAnswerError("its answer holds no summaries")
        return ((pmid, self._summary(result.get(pmid), reply.day)) for pmid in batch)

    @staticmethod
    def _summary(summary: object, day: str) -> Reply | NoAnswerError:
        if not isinstance(summary, dict):
            return NoAnswerError("its answer holds no summary of this number")
        return Reply(None if "error" in summary else summary, day)

    def _get(self, registry: str, path: str, parameters: Mapping[str, str]) -> Reply:
        """Ask, and count failures in a row, so that a registry that is down is left alone."""
        if self._failures[registry] >= FAILURES:
            raise NoAnswerError("not asked, since it failed before")
        try:
            reply = self._read(self._send(registry, self.bases[registry] + path, parameters))
        except NoAnswerError:
            self._failures[registry] += 1
            raise
        self._failures[registry] = 0
        return reply

    @staticmethod
    def _read(response: requests.Response) -> Reply:
        asked: datetime = getattr(response, "created_at", None) or datetime.now(UTC)
        day = asked.astimezone(UTC).date().isoformat()
        if response.status_code == 404:
            return Reply(None, day)
        if response.status_code != 200:
            raise NoAnswerError(f"it answered with status {response.status_code}")
        data = _object(response)
        if data is None:
            kind = response.headers.get("Content-Type", "nothing named").partition(";")[0]
            raise NoAnswerError(f"its answer is no JSON object (it is {kind})")
        return Reply(data, day)

    def _send(self, registry: str, url: str, parameters: Mapping[str, str]) -> requests.Response:
        """Send, and again where that may help: after 429, a fault of the server, or no connection."""
        for pause in WAITS:
            try:
                return self._attempt(registry, url, parameters)
            except _AgainError as again:
                time.sleep(pause if again.wait is None else again.wait)
        return self._attempt(registry, url, parameters)

    def _attempt(self, registry: str, url: str, parameters: Mapping[str, str]) -> requests.Response:
        import requests

        try:
            response = self._session.get(url, params=parameters, timeout=self.timeout, force_refresh=self.refresh)
        except requests.Timeout as exc:
            raise NoAnswerError(f"no answer within {self.timeout:g} s") from exc
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as exc:
            raise NoAnswerError("its answer broke off before its end") from exc
        except requests.ConnectionError as exc:
            raise _AgainError("it could not be reached") from exc
        except requests.RequestException as exc:
            raise NoAnswerError(f"it could not be asked ({exc})") from exc
        except sqlite3.Error as exc:
            raise self._unusable(self._file, exc) from exc
        if response.status_code == 429 or response.status_code >= 500:
            reason, wait = f"it answered with status {response.status_code}", _asked_wait(response)
            if wait is not None and wait > PATIENCE:
                self._failures[registry] = FAILURES
                raise NoAnswerError(f"{reason} and asked to wait {wait:g} s")
            raise _AgainError(reason, wait)
        return response
