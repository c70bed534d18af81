"""The rules that only the whole can decide, asked about the few nodes that may break them.

The marks leave candidates.  With all that they reach these make one small graph, on which each rule is asked as it
stands in ``shapes/whole``; of what it finds there, that counts which is said of a candidate for this very rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from ..model import Finding
from ..validation.results import in_order
from .batch import Node, said_in
from .judge import LIKENESSES, Judge, Verdict, ask
from .ledger import deferred, likenesses, orphans, suspects
from .near import BatchCorpus
from .spool import Blocks, Names, Run, read_part, text_of
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

AT_ONCE = 5_000
"""So many groups of candidates are looked at in one graph."""

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
        if group != "study" or {"primary", "told"} <= set(roles.values()):
            groups.append((LIKENESSES[group], tuple(sorted(roles))))
    return groups


def whole_findings(folder: Path, names: Names, judge: Judge, groups: list[Group], told: Told) -> list[Finding]:
    """What the rules over the whole find for the candidates.

    :param told: is told how many groups were looked at
    """
    find = _finder(folder, names, judge, (name for _, members in groups for name in members))
    return group_findings(find, judge, groups, told)


def group_findings(find: Find, judge: Judge, groups: list[Group], told: Told = lambda done: None) -> list[Finding]:
    """What the rules over the whole find for some groups of nodes.

    :param find: gives the lines of a node, or of the claim that it belongs to
    :param told: is told how many groups were looked at
    """
    found: dict[Finding, None] = {}
    for start in range(0, len(groups), AT_ONCE):
        some = groups[start : start + AT_ONCE]
        admitted: dict[str, set[str]] = defaultdict(set)
        runs: dict[bytes, list[Run]] = {}
        for rules, members in some:
            for rule in rules:
                admitted[rule].update(name.decode() for name in members)
            runs.update((key, lines) for name in members for key, lines in find(name))
        batch = judge.batch([run for lines in runs.values() for run in lines])
        corpus = BatchCorpus(judge.corpus, batch, judge.files)
        for rule, focuses in admitted.items():
            # Evidence with a name of another claim may stand against any evidence of the claim that it is for.
            asked = ask(
                batch.dataset, judge.rules[rule], (lambda _: True) if rule == "evidence-twice" else focuses.__contains__
            )
            found |= dict.fromkeys(judge.finding(corpus, result) for result in in_order(asked))
        told(start + len(some))
    return list(found)


def deferred_verdict(folder: Path, names: Names, judge: Judge) -> Verdict:
    """What rules and texts find at the claims and shared nodes that were put off, with the claims they need at hand."""
    waiting = list(deferred(folder, "deferred").items())
    find = _finder(folder, names, judge, (name for own, needed in waiting for name in (own, *needed)))
    whole = Verdict()
    shared = [item for item in waiting if not item[0].startswith(names.claims[1:])]
    claims = [item for item in waiting if item[0].startswith(names.claims[1:])]
    for items in (claims, shared):
        for start in range(0, len(items), LOT):
            some = items[start : start + LOT]
            own = {key: runs for name, _ in some for key, runs in find(name)}
            batch = judge.batch([run for runs in own.values() for run in runs])
            for _, needed in some:
                for name in needed:
                    batch.near.update(nodes_of(find(name), own))
            verdict = judge.of_batch(batch, shared=items is shared)
            whole.findings += verdict.findings
            whole.counts.update(verdict.counts)
    return whole


def changed_documents(folder: Path, names: Names, judge: Judge, blocks: Blocks) -> list[Finding]:
    """What became of the documents of which another version is at hand, and the claims that this touches."""
    if judge.texts is None:
        return []
    waiting = deferred(folder, "changed")
    find = _finder(folder, names, judge, (claim for needed in waiting.values() for claim in needed))
    found: list[Finding] = []
    for name, needed in waiting.items():
        members = [name, *blocks.names(name + b".")]
        runs = [run for member in members for _, lines in find(member) for run in lines]
        runs += [run for claim in sorted(needed) for _, lines in find(claim) for run in lines]
        corpus = BatchCorpus(judge.corpus, judge.batch(runs), judge.files)
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


def _finder(folder: Path, names: Names, judge: Judge, wanted_names: Iterable[bytes]) -> Find:
    """A look-up of the lines of a node: of the whole claim, where it belongs to one."""
    prefix = names.claims[1:]
    wanted: dict[int, set[bytes]] = defaultdict(set)
    for name in wanted_names:
        if name.startswith(prefix):
            claim = name[len(prefix) :].partition(b".")[0]
            wanted[names.part(claim)].add(claim)
    claims: dict[bytes, list[Run]] = {}
    for number, some in sorted(wanted.items()):
        part = read_part(folder, number)
        claims.update((claim, part[claim]) for claim in some if claim in part)

    def find(name: bytes) -> list[tuple[bytes, list[Run]]]:
        if name.startswith(prefix):
            claim = name[len(prefix) :].partition(b".")[0]
            return [(claim, claims[claim])] if claim in claims else []
        node = judge.reach.node(name)
        return [] if node is None else [(name, node.runs)]

    return find
