"""Frozen data classes that mirror the evidence: made from its schema, so that there is one truth."""

from __future__ import annotations

import dataclasses
import json
import keyword
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from . import _core

_SCHEMA = json.loads(_core.schema())
_MADE: dict[str, type] = {}


def _name(definition: str) -> str:
    # The schema has two definitions of one name where two types have it.
    return definition.rstrip("0123456789")


def record(definition: str) -> type | None:
    """The data class of one definition of the schema; ``None`` where it is no object of named fields."""
    schema = _SCHEMA if definition == "Evidence" else _SCHEMA["$defs"].get(definition, {})
    if "properties" not in schema:
        return None
    if definition not in _MADE:
        fields = [
            (name, Any, dataclasses.field(default=() if schema["properties"][name].get("type") == "array" else None))
            for name in schema["properties"]
            if not keyword.iskeyword(name)
        ]
        made = dataclasses.make_dataclass(_name(definition), fields, frozen=True, slots=True)
        made.__doc__ = schema.get("description", "")
        made.__module__ = "reident"
        _MADE[definition] = made
    return _MADE[definition]


def of(schema: Mapping[str, Any], value: Any) -> Any:
    """A value of JSON as the schema says: objects as records, lists as tuples, maps as read-only maps."""
    if value is None:
        return None
    if "$ref" in schema:
        definition = schema["$ref"].rsplit("/", 1)[1]
        made = record(definition)
        if made is not None and isinstance(value, Mapping):
            return fill(made, _SCHEMA["$defs"][definition], value)
        return of(_SCHEMA["$defs"][definition], value)
    for choice in schema.get("anyOf", schema.get("oneOf", ())):
        if choice.get("type") != "null" and _fits(choice, value):
            return of(choice, value)
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        others = schema.get("additionalProperties", {})
        others = others if isinstance(others, Mapping) else {}
        return MappingProxyType({key: of(known.get(key, others), inner) for key, inner in value.items()})
    if isinstance(value, list):
        items = schema.get("items", {})
        return tuple(of(items if isinstance(items, Mapping) else {}, inner) for inner in value)
    return value


def _fits(choice: Mapping[str, Any], value: Any) -> bool:
    if "$ref" in choice:
        return True
    kinds = {"object": Mapping, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    fits = isinstance(value, kinds.get(choice.get("type", ""), object))
    for key, inner in choice.get("properties", {}).items():
        if "const" in inner and isinstance(value, Mapping) and value.get(key) != inner["const"]:
            return False
    return fits


def fill(made: type, schema: Mapping[str, Any], value: Mapping[str, Any]) -> Any:
    """A record with the fields that the value has; the others say that there is nothing."""
    known = {field.name for field in dataclasses.fields(made)}
    return made(**{key: of(schema["properties"][key], inner) for key, inner in value.items() if key in known})


def evidence(value: Mapping[str, Any]) -> Any:
    """Evidence as records."""
    made = record("Evidence")
    assert made is not None
    return fill(made, _SCHEMA, value)
