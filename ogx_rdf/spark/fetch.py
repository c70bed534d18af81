"""What the driver looks at itself: few claims and nodes, with all that they reach, as a small spool of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ..bundles.batch import DEPTH
from ..bundles.spool import Blocks, Writer, packed
from ..bundles.workers import BLOCKS, Setting
from . import stages
from .tasks import targets_in

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext

__all__ = ["fetch"]


def fetch(
    context: SparkContext,
    setting: Setting,
    lines: RDD[Any],
    nodes: RDD[tuple[bytes, bytes]],
    wanted: tuple[set[bytes], set[bytes]],
    common: Mapping[bytes, bytes],
) -> None:
    """Write the parts and blocks of a spool that holds what is wanted.

    :param lines: the lines of claims, by part
    :param wanted: names of claims, of their evidence and of shared nodes; and how further names begin
    :param common: nodes that are wanted in any case
    """
    names, begins = wanted
    prefix = setting.names.claims[1:]
    claims = {name[len(prefix) :].partition(b".")[0] for name in names if name.startswith(prefix)}
    front = {name for name in names if not name.startswith(prefix)}
    if claims:
        front |= _claims(context, setting, lines, claims)
    found: dict[bytes, bytes] = {}
    for depth in range(DEPTH + 1):
        front -= found.keys()
        some = tuple(begins) if depth == 0 else ()
        if not front and not some:
            break
        asked = context.broadcast(frozenset(front))
        new = dict(nodes.filter(partial(stages.is_wanted, asked, some)).collect())
        found |= new
        front = {target for data in new.values() for target in targets_in(data)}
    blocks = Blocks(setting.folder / BLOCKS, writing=True)
    blocks.add({name: bytearray(data) for name, data in {**common, **found}.items()})
    blocks.close()


def _claims(context: SparkContext, setting: Setting, lines: RDD[Any], claims: set[bytes]) -> set[bytes]:
    """Write the parts that hold some claims; gives what these point at."""
    asked = context.broadcast(frozenset(claims))
    runs = sorted(lines.flatMap(partial(stages.wanted_runs, asked)).collect(), key=lambda item: item[:3])
    parts: dict[int, bytearray] = {}
    for *_, claim, run in runs:
        parts.setdefault(setting.names.part(claim), bytearray()).extend(packed(run, claim))
    Writer(setting.folder, "driver").write(parts)
    return {target for data in parts.values() for target in targets_in(bytes(data))}
