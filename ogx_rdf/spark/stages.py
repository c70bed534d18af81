"""The steps between the stages of Spark: small functions that every machine finds by their name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..bundles.spool import runs_in
from ..namespaces import OGX
from .tasks import FINE, Chunk, Job, Sifted, finer, judge_unit, sift, sort_file, targets_in, unit_of

if TYPE_CHECKING:
    from pyspark import Broadcast

__all__ = [
    "as_it_is",
    "as_lines",
    "as_near",
    "as_own",
    "asks_of_claims",
    "asks_of_node",
    "by_share",
    "census",
    "is_few",
    "is_kind",
    "is_sifted",
    "is_wanted",
    "join",
    "judge",
    "pair",
    "sift_share",
    "sort",
    "wanted_runs",
]

SIFTED = ("used", "lonely", "passages", "keys")
"""The marks that are brought together on the cluster; the others are few, and go to the driver as they are."""

Node = tuple[bytes, bytes]


def sort(job: Broadcast[Job], number: int) -> Iterator[Any]:
    """The lines of a file."""
    return sort_file(job.value, number)


def is_kind(kind: str, item: tuple[str, Any, Any]) -> bool:
    """Whether what a task yielded is of one kind."""
    return item[0] == kind


def pair(item: tuple[str, Any, Any]) -> tuple[Any, Any]:
    """What a task yielded, its kind left out."""
    return item[1], item[2]


def as_it_is(number: int) -> int:
    """A number that says itself where it goes."""
    return number


def join(nodes: Iterable[tuple[bytes, Iterable[Chunk]]]) -> Iterator[Node]:
    """Each node with all its lines, in the order of the dump."""
    for name, chunks in nodes:
        yield name, b"".join(data for _, _, data in sorted(chunks))


def census(job: Broadcast[Job], nodes: Iterable[Node]) -> Iterator[tuple[int, int, dict[bytes, bytes]]]:
    """How many shared nodes and documents there are, and the nodes that every unit has at hand."""
    base = job.value.setting.names.base
    claims, documents, tensions = (f"{base}{name}/".encode() for name in ("c", "doc", "tension"))
    shared, found = 0, 0
    common = {}
    for name, data in nodes:
        shared += not name.startswith(claims)
        found += name.startswith(documents) and b"." not in name[len(documents) :]
        if name.startswith((OGX.iri.encode(), tensions)):
            common[name] = data
    yield shared, found, common


def asks_of_claims(item: tuple[int, Chunk]) -> Iterator[tuple[bytes, int]]:
    """What the claims of a part point at."""
    part, (_, _, data) = item
    return ((target, part) for target in targets_in(data))


def asks_of_node(job: Broadcast[Job], node: Node) -> Iterator[tuple[bytes, int]]:
    """What a node points at, for the lot in which it is judged."""
    unit = unit_of(job.value, node[0])
    if unit is not None:
        yield from ((target, unit) for target in targets_in(node[1]) if unit_of(job.value, target) != unit)


def as_lines(item: tuple[int, Chunk]) -> tuple[int, tuple[str, Chunk]]:
    """Lines of claims on their way to their unit."""
    return item[0], ("lines", item[1])


def as_own(job: Broadcast[Job], node: Node) -> Iterator[tuple[int, tuple[str, Node]]]:
    """A node on its way to the lot in which it is judged."""
    unit = unit_of(job.value, node[0])
    if unit is not None:
        yield unit, ("own", node)


def as_near(item: tuple[int, Node]) -> tuple[int, tuple[str, Node]]:
    """A node on its way to a unit that reaches it."""
    return item[0], ("near", item[1])


def judge(job: Broadcast[Job], item: tuple[int, Iterable[tuple[str, Any]]]) -> Iterator[Any]:
    """What is found in a unit."""
    unit, values = item
    chunks: list[Chunk] = []
    nodes: dict[str, dict[bytes, bytes]] = {"own": {}, "near": {}}
    for kind, value in values:
        if kind == "lines":
            chunks.append(value)
        else:
            nodes[kind][value[0]] = value[1]
    return judge_unit(job.value, unit, chunks, nodes["own"], nodes["near"])


def is_sifted(item: tuple[str, bytes]) -> bool:
    """Whether marks are brought together on the cluster."""
    return item[0].partition(".")[0] in SIFTED


def is_few(item: tuple[str, bytes]) -> bool:
    """Whether marks go to the driver as they are."""
    return not is_sifted(item)


def by_share(item: tuple[str, bytes]) -> Iterator[tuple[int, tuple[str, bytes]]]:
    """Marks by the share in which they meet."""
    kind, _, share = item[0].partition(".")
    return ((int(share) * FINE + fine, (kind, data)) for fine, data in finer(kind, item[1]).items())


def sift_share(item: tuple[int, Iterable[tuple[str, bytes]]]) -> Sifted:
    """What is left of a share."""
    return sift(item[1])


def wanted_runs(
    wanted: Broadcast[frozenset[bytes]], item: tuple[int, Chunk]
) -> Iterator[tuple[int, int, int, bytes, Any]]:
    """The lines of claims that are asked for, with their place in the dump."""
    _, (file, at, data) = item
    for number, (claim, run) in enumerate(runs_in(data)):
        if claim in wanted.value:
            yield file, at, number, claim, run


def is_wanted(wanted: Broadcast[frozenset[bytes]], begins: tuple[bytes, ...], node: Node) -> bool:
    """Whether a node is asked for, by its name or by how that begins."""
    return node[0] in wanted.value or node[0].startswith(begins)
