"""Where the shipped ontology, shapes and queries are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

__all__ = ["packaged", "resource"]


def resource(name: str) -> Path:
    """The folder ``ontology``, ``shapes`` or ``queries`` that ships with this installation."""
    package = Path(__file__).resolve().parent
    packed = package / "data" / name
    return packed if packed.is_dir() else package.parent / name


def packaged(path: Path) -> bool:
    """Whether a path lies inside the installed package, where nothing may be written."""
    return Path(__file__).resolve().parent in path.resolve().parents
