"""The parameters of a stored query as programs give them: described as a JSON schema, and read as typed values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..errors import UsageError
from .headers import Param, StoredQuery

__all__ = ["schema_of", "texts_of", "value_schema"]


def value_schema(param: Param) -> dict[str, Any]:
    """What a parameter takes, as a JSON schema."""
    schema: dict[str, Any] = {"type": "integer" if param.type == "integer" else "string"}
    if param.allowed:
        schema["enum"] = [*param.allowed, *(["any"] if param.default == "any" else [])]
    if not param.required and param.default != "any":
        schema["default"] = int(param.default) if param.type == "integer" else param.default
    return schema


def schema_of(query: StoredQuery) -> dict[str, Any]:
    """What a query takes, as the JSON schema of one object."""
    required = [param.name for param in query.params if param.required]
    properties = {param.name: value_schema(param) | {"description": param.description} for param in query.params}
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": required} if required else {})


def texts_of(values: Mapping[str, object], numbers: Collection[str]) -> dict[str, str]:
    """Typed values as the texts that a query is asked with.

    :param numbers: the names of those that are whole numbers; all others are texts
    :raises UsageError: for a value of another kind
    """
    for name, value in values.items():
        if type(value) is not (int if name in numbers else str):
            kind = "a whole number" if name in numbers else "a text"
            raise UsageError("E672", f"the value of {name[:80]} is not {kind}")
    return {name: str(value) for name, value in values.items()}
