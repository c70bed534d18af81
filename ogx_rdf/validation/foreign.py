"""Loading an engine of others, with an error that says what to do where it is not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..errors import UsageError

__all__ = ["load"]


def load(name: str) -> Any:
    """The module of an engine.

    :raises UsageError: where it is not installed
    """
    try:
        return import_module(name)
    except ImportError as exc:
        raise UsageError(
            "E352",
            f"the engine {name} is not installed",
            hint=f"Install it (pip install {name}), or choose another --engine.",
        ) from exc
