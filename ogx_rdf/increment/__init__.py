"""Changes of a store that touch what changed and nothing else.

The unit of change is a *part* (:mod:`.parts`): the graph of a claim, the graph of a document, or one shared node.
The *ledger* (:mod:`.ledger`) beside a store knows the digest of each part as it was parsed, and the keys that two
nodes must not share.  A change is judged on what it touches (:mod:`.scope`, :mod:`.judging`), with look-ups and no
scan, seen through a *view* (:mod:`.view`) of the store as it would be.  Then it becomes the next *generation* of the
store's folder (:mod:`.folder`, :mod:`.writer`), which readers get when they open it.
"""

from __future__ import annotations

from .changing import Change, add, remove
from .rebuild import Rebuilt, rebuild

__all__ = ["Change", "Rebuilt", "add", "rebuild", "remove"]
