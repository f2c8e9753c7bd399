"""A YAML file that a person has written, with the line of every key and entry: what errors about it point at."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from src.core.errors import ConfigError

_MAX_BYTES = 1_000_000
_MAX_UNFOLDED = 2 * _MAX_BYTES
"""Characters and entries that a file may come to once every ``*name`` is replaced by what it stands for. A few lines
can unfold into more than any memory holds ("billion laughs")."""


class LinedYaml(NamedTuple):
    """The mapping of a file, and the line of each dotted key; entries of a list count as 0, 1, ... in it."""

    values: dict[str, Any]
    lines: dict[str, int]


def read_yaml(path: Path, *, start: str) -> LinedYaml:
    """The mapping in ``path``; an empty file is an empty one.

    Raises ConfigError with the line of what is wrong; ``start`` is said of a file that is something else altogether.
    """
    text = _read_text(path, start)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _unfolded_size(path.name, node, {})
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{path.name}{where}: not valid YAML: {problem}.", fix="Mend that line.") from error
    except (RecursionError, ValueError) as error:
        raise ConfigError(f"{path.name}: not valid YAML: {error}.", fix="Mend the file.") from error
    if values is None:
        return LinedYaml({}, {})
    if not isinstance(values, dict):
        raise ConfigError(f"{path.name} must hold 'key: value' lines.", fix=start)
    lines: dict[str, int] = {}
    _collect_lines(path.name, node, "", lines)
    return LinedYaml(values, lines)


def _read_text(path: Path, start: str) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ConfigError(f"{path} is larger than 1 MB.", fix=start)
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path.name} is not UTF-8 text (byte {error.start}).", fix="Save the file as UTF-8."
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}.", fix="Check the path and its permissions."
        ) from error


def _unfolded_size(file_name: str, node: Any, known: dict[int, float]) -> float:
    """Entries and characters of ``node`` with every alias written out; ``known`` holds the sizes of nodes by their ids.
    Raises ConfigError for what unfolds without end, or into more than anybody has written."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = math.inf  # met again on the way down, it holds itself
    parts = node.value if isinstance(node, yaml.SequenceNode) else ()
    if isinstance(node, yaml.MappingNode):
        parts = [part for pair in node.value for part in pair]
    size = 1.0 + (len(node.value) if isinstance(node, yaml.ScalarNode) else 0)
    size += sum(_unfolded_size(file_name, part, known) for part in parts)
    if size > _MAX_UNFOLDED:
        raise ConfigError(
            f"{file_name} line {node.start_mark.line + 1}: its aliases (*name) unfold into too much.",
            fix="Write the values out in place of the aliases.",
        )
    known[id(node)] = size
    return size


def _collect_lines(file_name: str, node: Any, prefix: str, lines: dict[str, int]) -> None:
    if isinstance(node, yaml.SequenceNode):
        for number, entry in enumerate(node.value):
            lines[f"{prefix}{number}"] = entry.start_mark.line + 1
            _collect_lines(file_name, entry, f"{prefix}{number}.", lines)
    if not isinstance(node, yaml.MappingNode):
        return
    for key_node, value_node in node.value:
        key = f"{prefix}{key_node.value}"
        line = key_node.start_mark.line + 1
        if key in lines:
            raise ConfigError(
                f"{file_name} line {line}: {key!r} is given twice (first in line {lines[key]}).",
                fix="Delete one of them.",
            )
        lines[key] = line
        _collect_lines(file_name, value_node, f"{key}.", lines)
