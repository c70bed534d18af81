"""Which shared nodes each unit needs, found where the nodes are: no machine holds them all.

Locally a batch looks its nodes up in one file.  Here units ask: in each of :data:`~ogx_rdf.bundles.batch.DEPTH` rounds
the names that a unit came across go to where these nodes are, and each node asked for the first time asks on behalf
of that unit for what it points at.  In the end every unit gets all that the look-ups could ever ask for, and the
look-ups themselves are those of the local pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..bundles.batch import DEPTH
from .tasks import Job, spread, targets_in, unit_of

if TYPE_CHECKING:
    from pyspark import RDD, Broadcast, StorageLevel

__all__ = ["Asked", "near"]


class Asked(NamedTuple):
    """A node without its lines: what it points at, the units that asked for it, and those that did so just now."""

    targets: tuple[bytes, ...]
    before: frozenset[int] = frozenset()
    now: frozenset[int] = frozenset()


def near(
    job: Broadcast[Job], nodes: RDD[tuple[bytes, bytes]], asks: RDD[tuple[bytes, int]], keep: StorageLevel
) -> RDD[tuple[int, tuple[bytes, bytes]]]:
    """For each unit the nodes, with their lines, that it reaches.

    :param nodes: all shared nodes, spread by their names
    :param asks: the names that own nodes of units point at
    :param keep: where what is found in one round is kept for the next
    """
    count = nodes.getNumPartitions()
    state: RDD[tuple[bytes, Asked]] = nodes.mapPartitions(_unasked, True)
    for _ in range(DEPTH):
        there = asks.mapPartitions(set).partitionBy(count, spread)
        gathered: RDD[tuple[bytes, Any]] = state.union(there).groupByKey(count, spread)
        state = gathered.mapPartitions(_answer, True).persist(keep)
        asks = state.mapPartitions(lambda some: _further(job.value, some))
    both: RDD[tuple[bytes, Any]] = nodes.union(state).groupByKey(count, spread)
    return both.flatMap(_deliver)


def _unasked(nodes: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, Asked]]:
    for name, data in nodes:
        yield name, Asked(tuple(sorted(targets_in(data))))


def _answer(gathered: Iterable[tuple[bytes, Iterable[Asked | int]]]) -> Iterator[tuple[bytes, Asked]]:
    """Put down who asks for each node; a name of which nothing is said is forgotten."""
    for name, values in gathered:
        known, asking = None, set[int]()
        for value in values:
            if isinstance(value, Asked):
                known = value
            else:
                asking.add(value)
        if known is not None:
            before = known.before | known.now
            yield name, Asked(known.targets, before, frozenset(asking - before))


def _further(job: Job, state: Iterable[tuple[bytes, Asked]]) -> Iterator[tuple[bytes, int]]:
    """What the nodes found in this round point at; what a unit has as its own it need not ask for."""
    for _, asked in state:
        for target in asked.targets if asked.now else ():
            home = unit_of(job, target)
            yield from ((target, unit) for unit in asked.now if unit != home)


def _deliver(item: tuple[bytes, Iterable[bytes | Asked]]) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    name, values = item
    data, units = b"", frozenset[int]()
    for value in values:
        if isinstance(value, Asked):
            units = value.before | value.now
        else:
            data = value
    return ((unit, (name, data)) for unit in units)
