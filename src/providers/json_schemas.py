"""A JSON schema in the dialect that a vendor's structured output accepts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Keywords that the vendor's strict mode answers with status 400; what they ask for is checked after parsing anyway.
OPENAI_UNKNOWN = frozenset({"default", "minLength", "maxLength", "uniqueItems", "examples"})
ANTHROPIC_UNKNOWN = OPENAI_UNKNOWN | {
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "pattern",
    "minProperties",
    "maxProperties",
}
_NAMED_SCHEMAS = frozenset({"properties", "$defs", "definitions", "patternProperties"})


def strict_schema(schema: Mapping[str, Any], without: frozenset[str]) -> dict[str, Any]:
    """``schema`` without the keywords ``without``, every object closed and all of its properties required.

    Both are what OpenAI's and Anthropic's structured outputs ask of a schema.
    """
    strict = {key: _convert(key, value, without) for key, value in schema.items() if key not in without}
    if "properties" in strict:
        strict["additionalProperties"] = False
        strict["required"] = list(strict["properties"])
    return strict


def _convert(key: str, value: Any, without: frozenset[str]) -> Any:
    if key in _NAMED_SCHEMAS and isinstance(value, Mapping):
        return {name: strict_schema(inner, without) for name, inner in value.items()}
    if key in {"enum", "const", "required"}:
        return value
    if isinstance(value, Mapping):
        return strict_schema(value, without)
    if isinstance(value, list):
        return [strict_schema(inner, without) if isinstance(inner, Mapping) else inner for inner in value]
    return value
