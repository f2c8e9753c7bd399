"""The settings as a list of keys, for tables, the menu and documentation: read off the schema of config.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeGuard, get_origin

from pydantic import BaseModel

from src.core.config_schema import RunConfig, TeacherConfig


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One leaf of the configuration, for tables, the menu and documentation."""

    name: str
    type: str
    default: Any
    description: str
    bounds: str = ""
    """What a number may be, as "0 or more and at most 2"."""


def config_keys() -> tuple[ConfigKey, ...]:
    """Every key of config.yaml in file order, dotted, with its type, default and meaning."""
    return tuple(_walk_keys(RunConfig, ""))


def _walk_keys(model: type[BaseModel], prefix: str) -> list[ConfigKey]:
    keys: list[ConfigKey] = []
    for name, info in model.model_fields.items():
        annotation = info.annotation
        if _is_section(annotation):
            keys.extend(_walk_keys(annotation, f"{prefix}{name}."))
        else:
            keys.append(
                ConfigKey(
                    f"{prefix}{name}",
                    _type_name(annotation),
                    info.default,
                    info.description or "",
                    _bounds(info.metadata),
                )
            )
    return keys


def _bounds(constraints: list[Any]) -> str:
    """The limits among the constraints of a field, in words."""
    words = (("ge", "{:,} or more"), ("gt", "above {:,}"), ("le", "at most {:,}"), ("lt", "below {:,}"))
    return " and ".join(
        text.format(getattr(constraint, name))
        for name, text in words
        for constraint in constraints
        if hasattr(constraint, name)
    )


def _type_name(annotation: Any) -> str:
    names = {bool: "true or false", int: "whole number", float: "number", str: "text", tuple[str, ...]: "list of texts"}
    names[tuple[TeacherConfig, ...]] = "list of teachers"
    names[tuple[Literal["betterleaks", "presidio"], ...]] = "list of detectors"
    if get_origin(annotation) is dict:
        return "weights by name"
    if annotation in names:
        return names[annotation]
    return ", ".join(str(value) for value in annotation.__args__)


def _is_section(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


SECTIONS = frozenset(name for name, info in RunConfig.model_fields.items() if _is_section(info.annotation))
"""Names of the top-level keys that hold further keys."""
