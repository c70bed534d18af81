"""The rules that only the whole can decide, asked about the few nodes that may break them.

The marks leave candidates.  With all that they reach these make one small graph, on which each rule is asked as it
stands in ``shapes/whole``; of what it finds there, that counts which is said of a candidate for this very rule.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from ..model import Finding
from ..validation.results import in_order
from .batch import Batch, Node, said_in
from .judge import LIKENESSES, Judge, Verdict, ask
from .ledger import deferred, likenesses, orphans, suspects
from .near import BatchCorpus
from .spool import Blocks, Names, Run, packed_all, read_part, text_of
from .texts import changed_findings

__all__ = [
    "Find",
    "Group",
    "candidates",
    "changed_documents",
    "deferred_verdict",
    "group_findings",
    "nodes_of",
    "whole_findings",
]

AT_ONCE = 1_000
"""So many candidates, about, are looked at in one graph."""

LOT = 200
"""So many claims (or shared nodes) that were put off are judged in one graph."""

Group = tuple[tuple[str, ...], tuple[bytes, ...]]
"""Rules, and the nodes that have to be seen together to decide them."""

Find = Callable[[bytes], list[tuple[bytes, list[Run]]]]
"""A look-up of lines by the name of a node; what it gives is named, so that it is taken once."""

Told = Callable[[int], None]
"""Told how much is done."""


def candidates(folder: Path, open_passages: Iterable[bytes]) -> list[Group]:
    """The nodes that may break a rule over the whole, each with those that it has to be seen with."""
    groups: list[Group] = [((rule,), (name,)) for rule, name in orphans(folder)]
    groups += [(("passage-open",), (name,)) for name in open_passages]
    circle: list[bytes] = []
    for rule, names in suspects(folder):
        if rule == "work-replaced-circle":
            circle += names
        else:
            groups.append(((rule,), names))
    if circle:
        groups.append((("work-replaced-circle",), tuple(circle)))
    for group, roles in likenesses(folder):
        if group == "study":
            groups += _studies(roles)
        else:
            groups.append((LIKENESSES[group], tuple(sorted(roles))))
    return groups


def _studies(roles: Mapping[bytes, str]) -> Iterator[Group]:
    """A study: its primary reports, each time with some of the evidence that tells its results: there may be much."""
    primary = [name for name, role in sorted(roles.items()) if role == "primary"]
    told = [name for name, role in sorted(roles.items()) if role == "told"]
    for start in range(0, len(told) if primary else 0, AT_ONCE):
        yield LIKENESSES["study"], (*primary, *told[start : start + AT_ONCE])


def _chunks(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Groups that are looked at together."""
    some: list[Group] = []
    members = 0
    for group in groups:
        if some and members + len(group[1]) > AT_ONCE:
            yield some
            some, members = [], 0
        some.append(group)
        members += len(group[1])
    if some:
        yield some


def whole_findings(folder: Path, names: Names, judge: Judge, groups: list[Group], told: Told) -> list[Finding]:
    """What the rules over the whole find for the candidates.

    :param told: is told how many groups were looked at
    """
    with _finder(folder, names, judge, (name for _, members in groups for name in members)) as find:
        return group_findings(find, judge, groups, told)


def group_findings(find: Find, judge: Judge, groups: list[Group], told: Told = lambda done: None) -> list[Finding]:
    """What the rules over the whole find for some groups of nodes.

    :param find: gives the lines of a node, or of the claim that it belongs to
    :param told: is told how many groups were looked at
    """
    found: dict[Finding, None] = {}
    done = 0
    for some in _chunks(groups):
        admitted: dict[str, set[str]] = defaultdict(set)
        runs: dict[bytes, list[Run]] = {}
        for rules, members in some:
            for rule in rules:
                admitted[rule].update(name.decode() for name in members)
            runs.update((key, lines) for name in members for key, lines in find(name))
        batch = judge.readable(judge.batch([run for lines in runs.values() for run in lines]))
        corpus = BatchCorpus(judge.corpus, batch, judge.files)
        for rule, focuses in admitted.items():
            # Evidence with a name of another claim may stand against any evidence of the claim that it is for.
            asked = ask(
                batch.dataset, judge.rules[rule], (lambda _: True) if rule == "evidence-twice" else focuses.__contains__
            )
            found |= dict.fromkeys(judge.finding(corpus, result) for result in in_order(asked))
        done += len(some)
        told(done)
    return list(found)


def deferred_verdict(folder: Path, names: Names, judge: Judge) -> Verdict:
    """What rules and texts find at the claims and shared nodes that were put off, with the claims they need at hand."""
    waiting = list(deferred(folder, "deferred").items())
    shared = [item for item in waiting if not item[0].startswith(names.claims[1:])]
    claims = [item for item in waiting if item[0].startswith(names.claims[1:])]
    whole = Verdict()
    with _finder(folder, names, judge, (name for own, needed in waiting for name in (own, *needed))) as find:
        for items in (claims, shared):
            for start in range(0, len(items), LOT):
                batch = _complete(items[start : start + LOT], find, judge)
                verdict = judge.of_batch(judge.readable(batch), shared=items is shared)
                whole.findings += verdict.findings
                whole.counts.update(verdict.counts)
    return whole


def _complete(items: list[tuple[bytes, set[bytes]]], find: Find, judge: Judge) -> Batch:
    """The batch of some nodes that were put off, with the claims that they need."""
    own = {key: runs for name, _ in items for key, runs in find(name)}
    batch = judge.batch([run for runs in own.values() for run in runs])
    for _, needed in items:
        for name in needed:
            batch.near.update(nodes_of(find(name), own))
    return batch


def changed_documents(folder: Path, names: Names, judge: Judge, blocks: Blocks) -> list[Finding]:
    """What became of the documents of which another version is at hand, and the claims that this touches."""
    if judge.texts is None:
        return []
    waiting = deferred(folder, "changed")
    found: list[Finding] = []
    with _finder(folder, names, judge, (claim for needed in waiting.values() for claim in needed)) as find:
        for name, needed in waiting.items():
            members = [name, *blocks.names(name + b".")]
            runs = [run for member in members for _, lines in find(member) for run in lines]
            runs += [run for claim in sorted(needed) for _, lines in find(claim) for run in lines]
            corpus = BatchCorpus(judge.corpus, judge.readable(judge.batch(runs)), judge.files)
            found += changed_findings(corpus, judge.texts, name.decode())
    return found


def nodes_of(claims: Iterable[tuple[bytes, list[Run]]], own: Collection[bytes]) -> Iterator[tuple[bytes, Node]]:
    """The nodes of claims that are not own already."""
    for key, runs in claims:
        if key not in own:
            for name in said_in(text_of(runs)):
                lines = (line for run in runs for line in run.text.splitlines(keepends=True))
                text = b"".join(line for line in lines if line.startswith(b"<" + name + b"> "))
                yield name, Node.of(name, [Run(-1, 0, text)])


@contextmanager
def _finder(folder: Path, names: Names, judge: Judge, wanted_names: Iterable[bytes]) -> Iterator[Find]:
    """A look-up of the lines of a node: of the whole claim, where it belongs to one.

    The claims are laid down on disk, and not held: of a large dump they may be very many.
    """
    prefix = names.claims[1:]
    wanted: dict[int, set[bytes]] = defaultdict(set)
    for name in wanted_names:
        if name.startswith(prefix):
            claim = name[len(prefix) :].partition(b".")[0]
            wanted[names.part(claim)].add(claim)
    place = Path(tempfile.mkdtemp(dir=folder, prefix="wanted.")) / "claims.sqlite"
    with closing(Blocks(place, writing=True)) as kept:
        for number, some in sorted(wanted.items()):
            part = read_part(folder, number)
            kept.add({claim: packed_all(part[claim]) for claim in some if claim in part})

    def find(name: bytes) -> list[tuple[bytes, list[Run]]]:
        if name.startswith(prefix):
            claim = name[len(prefix) :].partition(b".")[0]
            runs = claims.find(claim)
            return [] if runs is None else [(claim, runs)]
        node = judge.reach.node(name)
        return [] if node is None else [(name, node.runs)]

    with closing(Blocks(place)) as claims:
        yield find
