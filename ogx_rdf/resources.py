"""Where the shipped ontology, shapes and queries are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

__all__ = ["resource"]


def resource(name: str) -> Path:
    """The folder ``ontology``, ``shapes`` or ``queries`` that ships with this installation."""
    package = Path(__file__).resolve().parent
    packed = package / "data" / name
    return packed if packed.is_dir() else package.parent / name
