"""Policies: which sources count for what, and what may not stand on some of them alone; each a TOML file.

    title = "Clinical results need reports"
    date = 2026-11-24
    reason = "Why this policy is there."

    [[tier]]                    # exactly one of type, host and resolution
    type = "encyclopedia"       # a source type
    host = "news.example.org"   # a site, with the sites below it
    resolution = "unresolvable" # entries of a reference list that lead to no work
    tier = "excluded"           # excluded | background | secondary | primary
    reason = "…"
    date = 2026-11-24

    [[rule]]
    id = "no-encyclopedia-alone"
    reason = "…"
    claims = ["trialResult"]    # kinds of claim
    no_sole = ["encyclopedia"]  # tiers, source types, or "nothing"

What is excluded counts no more.  A tier by host goes before one by resolution, and that before one by type; a source
that no tier names has that of its type in the audit: primary, secondary, else background.  A rule is broken by a claim
of its kinds that has no citation and no report in its favour but such as ``no_sole`` names; "nothing" names having none
at all.  Every key is known and every word of a closed list, or the file is refused.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..audit.chains import Chain, Citation
from ..audit.support import CARRIES
from ..corpus import Corpus
from ..errors import InputError
from ..lookup import unknown
from ..model import Iri
from ..namespaces import OGX
from ..oxi import decode
from ..records import Records, Reference, Work
from ..resources import resource

__all__ = ["NOTHING", "TIERS", "Policy", "Rule", "Tier", "Violation", "find_policy", "policy_names", "read_policy"]

TIERS = ("excluded", "background", "secondary", "primary")
NOTHING = "nothing"
SELECTORS = ("host", "resolution", "type")
_FOLDER = "policies"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_PRINTED_HOST = re.compile(rf"(?:\[|://)({_HOST.pattern})")


@dataclass(frozen=True, slots=True)
class Tier:
    """What sources of one kind count for; ``by`` is one of ``host``, ``resolution``, ``type``."""

    by: str
    value: str
    tier: str
    reason: str
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Rule:
    """What claims of some kinds may not rest on alone."""

    id: str
    reason: str
    claims: tuple[str, ...]
    no_sole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A claim that breaks a rule, with what it rests on: pairs of a source as named and its tier or type."""

    policy: str
    rule: Rule
    chain: Chain
    rests_on: tuple[tuple[str, str], ...]

    def as_dict(self, records: Records) -> dict[str, object]:
        """The violation with the passages and the words of the claim."""
        curie, claim = records.corpus.curie, self.chain.claim
        items = (link.evidence for link in self.chain.places or self.chain.links)
        places = [(curie(e.passage.iri) if e.passage else None, e.quote or e.report) for e in items]
        return {
            "policy": self.policy,
            "rule": self.rule.id,
            "reason": self.rule.reason,
            "claim": curie(claim.iri),
            "label": claim.label,
            "polarity": claim.polarity,
            "certainty": claim.certainty,
            "places": [{"passage": passage, "words": words} for passage, words in places],
            "rests_on": [{"source": source, "tier": tier} for source, tier in self.rests_on],
        }


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as read; ``name`` is the stem of its file."""

    name: str
    title: str
    reason: str
    date: datetime.date
    tiers: tuple[Tier, ...]
    rules: tuple[Rule, ...]

    def tier(self, hosts: Sequence[str], resolution: str | None, source_type: str | None) -> str:
        """What a source counts for."""
        found = {"resolution": resolution, "type": source_type}
        for by in SELECTORS:
            for tier in self.tiers:
                if tier.by == by and (_within(hosts, tier.value) if by == "host" else found[by] == tier.value):
                    return tier.tier
        return CARRIES.get(source_type or "", "background")

    def of_work(self, work: Work) -> str:
        """What a work counts for."""
        return self.tier(_hosts(work.url or "", url=True), None, work.source_type)

    def of_reference(self, entry: Reference, works: Mapping[Iri, Work]) -> str:
        """What an entry of a reference list counts for: as printed, or as the work that it denotes."""
        work = works.get(entry.work) if entry.work else None
        hosts = (*_hosts(entry.content), *(_hosts(work.url, url=True) if work and work.url else ()))
        return self.tier(hosts, entry.resolution, entry.source_type)

    def excluded(self, records: Records) -> tuple[set[Iri], set[Iri]]:
        """The entries and the works that count no more."""
        entries = {e.iri for e in records.references.values() if self.of_reference(e, records.works) == "excluded"}
        return entries, {work.iri for work in records.works.values() if self.of_work(work) == "excluded"}

    def violations(self, chains: Mapping[Iri, Chain], records: Records) -> Iterator[Violation]:
        """The claims that break a rule, rule by rule."""
        for rule in self.rules:
            for chain in chains.values():
                if chain.claim.kind not in rule.claims:
                    continue
                rests = [*self._cited(chain, records), *self._read(chain, records)]
                weak = all({tier, kind}.intersection(rule.no_sole) for _, tier, kind in rests)
                if weak and (rests or NOTHING in rule.no_sole):
                    told = dict.fromkeys(
                        (source, f"{kind or 'no source type'}, {tier}") for source, tier, kind in rests
                    )
                    yield Violation(self.name, rule, chain, tuple(told))

    def _cited(self, chain: Chain, records: Records) -> Iterator[tuple[str, str, str | None]]:
        for citation in chain.citations:
            yield _named(citation), self._tier_of(citation, records), citation.source_type

    def _tier_of(self, citation: Citation, records: Records) -> str:
        entry = citation.reference
        return self.of_reference(entry, records.works) if entry else self.tier((), "missing", None)

    def _read(self, chain: Chain, records: Records) -> Iterator[tuple[str, str, str | None]]:
        for line in chain.support.supporting:
            for report in line.reports:
                work = records.works.get(report.source) if report.source else None
                if work:
                    yield records.corpus.curie(work.iri), self.of_work(work), work.source_type


def _named(citation: Citation) -> str:
    label, entry = citation.marker.label, citation.reference
    return f"[{label}] {citation.work.title if citation.work else entry.content if entry else 'not in the list'}"


def _hosts(text: str, *, url: bool = False) -> tuple[str, ...]:
    """The sites named in an address, or in an entry as printed."""
    return tuple(filter(None, [urlsplit(text).hostname])) if url else tuple(_PRINTED_HOST.findall(text.lower()))


def _within(hosts: Sequence[str], site: str) -> bool:
    return any(host == site or host.endswith(f".{site}") for host in hosts)


def policy_names(corpus: Corpus) -> dict[str, Path]:
    """The policies at hand by name: those that ship with the package, and over them those of the corpus."""
    folders = (resource("ontology") / _FOLDER, corpus.root / _FOLDER)
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def find_policy(corpus: Corpus, name: str) -> Path:
    """The file of a policy: a name of :func:`policy_names`, or a path that ends in ``.toml``.

    :raises UsageError: for an unknown name, with the nearest
    """
    if name.endswith(".toml"):
        return Path(name)
    known = policy_names(corpus)
    if name not in known:
        raise unknown("policy", name, known, hint=f"Known: {', '.join(sorted(known))}; or give a file: NAME.toml")
    return known[name]


def read_policy(path: Path, records: Records) -> Policy:
    """Read a policy strictly.

    :param records: of the corpus, whose closed lists the words of the policy are held to
    :raises InputError: E360 for a file that is not TOML, E361 for a key or a word that is not known
    """
    shown = records.corpus.shown(path)
    try:
        data = tomllib.loads(decode(path, shown))
    except tomllib.TOMLDecodeError as exc:
        raise InputError("E360", f"not valid TOML: {exc}", file=shown) from exc
    return _Reader(shown, records).policy(path.stem, data)


class _Reader:
    """Reads the parts of one policy; ``shown`` is the file as messages name it."""

    def __init__(self, shown: str, records: Records) -> None:
        self.shown = shown
        self.kinds = self._words(records, OGX.Kind)
        self.types = self._words(records, OGX.SourceType)
        self.resolutions = [*self._words(records, OGX.Resolution), "unjudged"]

    @staticmethod
    def _words(records: Records, kind: Iri) -> list[str]:
        return [records.word(iri) for iri in records.nodes.members(kind)]

    def bad(self, message: str, hint: str) -> InputError:
        why = "A policy that is half understood would let things pass."
        return InputError("E361", message, file=self.shown, why=why, hint=hint)

    def policy(self, name: str, data: Mapping[str, object]) -> Policy:
        self.keys("the policy", data, ("title", "date", "reason"), ("tier", "rule"))
        tiers = tuple(self.tier(f"[[tier]] {n}", item) for n, item in enumerate(self.tables(data, "tier"), 1))
        rules = tuple(self.rule(f"[[rule]] {n}", item) for n, item in enumerate(self.tables(data, "rule"), 1))
        if not tiers and not rules:
            raise self.bad("the policy says nothing", "Add a [[tier]] or a [[rule]].")
        self.once("[[tier]]", [f"{tier.by} {tier.value}" for tier in tiers])
        self.once("[[rule]]", [rule.id for rule in rules])
        title, reason = self.text("the policy", data, "title"), self.text("the policy", data, "reason")
        return Policy(name, title, reason, self.day("the policy", data), tiers, rules)

    def tables(self, data: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
        items = data.get(key, [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self.bad(f"{key} is no list of tables", f"Write each as a table of its own: [[{key}]]")
        yield from items

    def keys(self, where: str, data: Mapping[str, object], needed: Sequence[str], more: Sequence[str]) -> None:
        known = (*needed, *more)
        for key in data:
            if key not in known:
                raise self.bad(f"{where}: unknown key {key!r}", f"Known: {', '.join(known)}.")
        for key in needed:
            if key not in data:
                raise self.bad(f"{where}: {key} is missing", f"Needed: {', '.join(needed)}.")

    def once(self, where: str, names: Sequence[str]) -> None:
        twice = [name for number, name in enumerate(names) if name in names[:number]]
        if twice:
            raise self.bad(f"{where}: {twice[0]!r} stands twice", "Keep one of the two.")

    def text(self, where: str, data: Mapping[str, object], key: str) -> str:
        value = data[key]
        if not isinstance(value, str) or not value.strip():
            raise self.bad(f"{where}: {key} is no text", f'Write it in quotes: {key} = "…"')
        return value

    def word(self, where: str, value: object, known: Sequence[str]) -> str:
        if not isinstance(value, str) or value not in known:
            raise self.bad(f"{where}: unknown word {value!r}", f"Known: {', '.join(known)}.")
        return value

    def words(self, where: str, data: Mapping[str, object], key: str, known: Sequence[str]) -> tuple[str, ...]:
        values = data[key]
        if not isinstance(values, list) or not values:
            raise self.bad(f"{where}: {key} is no list of words", f'Write it like: {key} = ["{known[0]}"]')
        return tuple(self.word(f"{where}: {key}", value, known) for value in values)

    def day(self, where: str, data: Mapping[str, object]) -> datetime.date:
        value = data["date"]
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.bad(f"{where}: date is no date", "Write it without quotes, for example: date = 2026-11-24")
        return value

    def tier(self, where: str, data: Mapping[str, object]) -> Tier:
        self.keys(where, data, ("tier", "reason", "date"), SELECTORS)
        given = [name for name in SELECTORS if name in data]
        if len(given) != 1:
            raise self.bad(f"{where}: it names {len(given)} of {', '.join(SELECTORS)}", "Name exactly one of them.")
        by = given[0]
        if by == "host":
            value = self.text(where, data, by)
            if not _HOST.fullmatch(value):
                raise self.bad(f"{where}: {value!r} is no site", 'Write it like: host = "news.example.org"')
        else:
            value = self.word(where, data[by], self.types if by == "type" else self.resolutions)
        tier = self.word(where, data["tier"], TIERS)
        return Tier(by, value, tier, self.text(where, data, "reason"), self.day(where, data))

    def rule(self, where: str, data: Mapping[str, object]) -> Rule:
        self.keys(where, data, ("id", "reason", "claims", "no_sole"), ())
        name = self.text(where, data, "id")
        if not _NAME.fullmatch(name):
            raise self.bad(f"{where}: {name!r} is no id", "Use small letters, digits and hyphens.")
        sole = self.words(where, data, "no_sole", (*TIERS, *self.types, NOTHING))
        return Rule(name, self.text(where, data, "reason"), self.words(where, data, "claims", self.kinds), sole)
