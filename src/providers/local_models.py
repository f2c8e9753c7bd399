"""models.local.yaml: a person's own models, limits and prices, laid over those of models.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from src.core.errors import ConfigError
from src.core.yaml_lines import read_yaml

Problem = Callable[[Mapping[str, Any]], tuple[str, str]]
"""The key of a whole entry that means nothing, and why; two empty texts for a sound entry."""
_START = "README.md, 'Your own models and prices', shows what it looks like."
_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list of texts",
    "null": "null",
}


def lay_over(
    shipped: Mapping[str, Any], path: Path, entries: Mapping[str, type[BaseModel]], problem: Problem
) -> dict[str, Any]:
    """The content of models.yaml with that of ``path`` over it.

    ``path`` maps providers to lists (the keys of ``entries``, each with the schema of its entries). An entry whose id
    is there replaces the keys that it gives, any other one is new. What has no ``source`` of its own gets that of the
    file. Raises ConfigError naming the line, what was found and what is allowed.
    """
    values, lines = read_yaml(path, start=_START)
    merged = {name: dict(content) for name, content in shipped.items()}
    overlay = _Overlay(path.name, lines)
    for provider, lists in values.items():
        overlay.require_known(provider, provider, shipped, "provider")
        for name, given in overlay.mapping(provider, lists).items():
            key = f"{provider}.{name}"
            overlay.require_known(key, name, entries, "key")
            kept = list(merged[provider].get(name) or ())
            for number, entry in enumerate(overlay.sequence(key, given)):
                place = f"{key}.{number}"
                overlay.check_entry(place, entry, entries[name])
                _put(kept, entry, path.name)
                whole = next(one for one in kept if one["id"] == entry["id"])
                overlay.require_whole(place, whole, entries[name])
                if name == "models":
                    overlay.check_meaning(place, whole, kept, problem)
                elif whole.get("preset"):
                    presets = merged[provider].get("presets", {})
                    overlay.require_known(f"{place}.preset", whole["preset"], presets, "preset")
            merged[provider][name] = kept
    return merged


def _put(kept: list[dict[str, Any]], entry: Mapping[str, Any], source: str) -> None:
    """Lay ``entry`` over the one of its id, or add it."""
    for index, former in enumerate(kept):
        if former["id"] == entry["id"]:
            said = former.get("source", "")
            kept[index] = {**former, "source": f"{said} {source}".strip(), **entry}
            return
    kept.append({"source": source, **entry})


class _Overlay:
    """The file that is laid over: every complaint names its line."""

    def __init__(self, file_name: str, lines: Mapping[str, int]) -> None:
        self._file_name = file_name
        self._lines = lines

    def require_known(self, key: str, name: object, known: Mapping[str, Any], kind: str) -> None:
        if name not in known:
            close = get_close_matches(str(name), known, n=1)
            meant = f"Did you mean {close[0]!r}? " if close else ""
            raise self._error(key, f"unknown {kind} {name!r}", f"{meant}Allowed: {', '.join(known)}.")

    def mapping(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._error(key, f"{key}: found {_brief(value)}", f"Allowed: further keys. {_START}")
        return value

    def sequence(self, key: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self._error(key, f"{key}: found {_brief(value)}", f"Allowed: a list of entries. {_START}")
        return value

    def check_entry(self, place: str, entry: Any, schema: type[BaseModel]) -> None:
        """Every key is known and holds a value of its type."""
        for name, value in self.mapping(place, entry).items():
            key = f"{place}.{name}"
            self.require_known(key, name, schema.model_fields, "key")
            adapter = _adapter(schema.model_fields[name])
            try:
                adapter.validate_json(orjson.dumps(value), strict=True)
            except (ValidationError, TypeError) as error:
                label = f"{place.partition('.')[0]}: {entry.get('id', 'an entry')}: {name}"
                allowed = _allowed(adapter.json_schema())
                raise self._error(key, f"{label}: found {_brief(value)}", f"Allowed: {allowed}.") from error
        if not str(entry.get("id") or "").strip():
            raise self._error(place, f"{place}: an entry without an id", "Give the id of the model, as id: my-model.")

    def require_whole(self, place: str, whole: Mapping[str, Any], schema: type[BaseModel]) -> None:
        """An entry that models.yaml does not have says everything that has no default."""
        missing = [name for name, info in schema.model_fields.items() if info.is_required() and name not in whole]
        if missing:
            said = f"{whole['id']} is not in models.yaml, and a new entry needs {', '.join(missing)}"
            raise self._error(place, said, "Add what is missing, or check the id ('python -m src.main models').")

    def check_meaning(
        self, place: str, whole: Mapping[str, Any], others: Sequence[Mapping[str, Any]], problem: Problem
    ) -> None:
        """What one entry says must go together, and its names belong to no other model."""
        key, said = problem(whole)
        if key:
            raise self._error(f"{place}.{key}", f"{whole['id']}: {said}", "Change that value.")
        taken = {name.lower(): one["id"] for one in others if one is not whole for name in _names(one)}
        for name in _names(whole):
            if name.lower() in taken:
                said = f"{whole['id']}: {name!r} names {taken[name.lower()]} already"
                raise self._error(f"{place}.aliases", said, "Choose another alias.")

    def _error(self, key: str, said: str, fix: str) -> ConfigError:
        while key not in self._lines and "." in key:
            key = key.rpartition(".")[0]
        return ConfigError(f"{self._file_name} line {self._lines.get(key, 1)}: {said}.", fix=fix)


def _names(model: Mapping[str, Any]) -> list[str]:
    return [model["id"], *model.get("aliases", ())]


def _adapter(info: FieldInfo) -> TypeAdapter[Any]:
    return TypeAdapter(info.annotation or Any)


def _allowed(schema: Mapping[str, Any]) -> str:
    kinds = [_TYPES.get(str(option.get("type")), "a value") for option in schema.get("anyOf", [schema])]
    return " or ".join(kinds)


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
