"""How cost grows, as a small SVG."""
from __future__ import annotations

from collections.abc import Sequence

from scale_run import Held


def growth(held: Sequence[Held], known: dict[str, str], date: str) -> str:
    """The plot."""
    return ""
