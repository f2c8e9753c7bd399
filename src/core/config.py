"""Reading config.yaml: strict, with the line of every mistake and what is allowed instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from src.core.config_keys import SECTIONS, ConfigKey, config_keys
from src.core.config_schema import OutputConfig, RunConfig, SplitConfig
from src.core.errors import ConfigError
from src.core.key_shapes import HIDDEN, looks_like_key
from src.core.yaml_lines import read_yaml

__all__ = [
    "ConfigKey",
    "OutputConfig",
    "RunConfig",
    "SplitConfig",
    "check_value",
    "config_keys",
    "load_config",
    "read_key",
    "with_values",
]

_ENVIRONMENT = ".env or the environment"
_PLAIN_MESSAGES = {
    "tuple_type": "Input should be a list",
    "model_type": "Input should be further keys, each on an indented line of its own",
}


def load_config(
    path: Path, overrides: Sequence[str] = (), *, environment: Mapping[str, str] | None = None, required: bool = False
) -> RunConfig:
    """Read ``path``, then lay the environment and ``key=value`` overrides over it (later wins).

    ``environment`` is the result of ``secrets.config_environment``: dotted keys to text. A missing file means the
    defaults, unless ``required``. Raises ConfigError naming key, line, what was found and what is allowed.
    """
    lines: dict[str, int] = {}
    values: dict[str, Any] = {}
    if path.exists():
        values, lines = read_yaml(path, start="Use the shipped config.yaml as a start.")
    elif required:
        raise ConfigError(f"No configuration file at {path}.", fix="Check the path given with --config.")
    origin: dict[str, str] = {}
    for key, text in (environment or {}).items():
        _put(values, key, _parse_scalar(key, text))
        origin[key] = _ENVIRONMENT
    for override in overrides:
        key, separator, text = override.partition("=")
        if not separator:
            raise ConfigError(
                f"--set {override!r} has no '='.", fix="Write --set key=value, as in --set dataset_size=50."
            )
        _put(values, key.strip(), _parse_scalar(key.strip(), text.strip()))
        origin[key.strip()] = "--set"
    return _validate(values, path.name, lines, origin)


def check_value(key: str, text: str) -> Any:
    """The typed value of one key from what a person typed. Raises ConfigError when it would not be accepted."""
    values: dict[str, Any] = {}
    _put(values, key, _parse_scalar(key, text))
    config = _validate(values, "input", {}, {})
    found: Any = config
    for part in key.split("."):
        found = getattr(found, part)
    return found


def read_key(config: RunConfig, key: str) -> Any:
    """The value of a dotted key."""
    found: Any = config
    for part in key.split("."):
        found = getattr(found, part)
    return found


def with_values(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
    """A copy of ``config`` with dotted keys changed, checked like a file."""
    values = config.model_dump()
    for key, value in changes.items():
        _put(values, key, value)
    return _validate(values, "settings", {}, {})


def _parse_scalar(key: str, text: str) -> Any:
    if _expects_text(key):
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{key}: cannot read the value.", fix="Use plain text, a number, true or false.") from error


def _expects_text(key: str) -> bool:
    return any(known.name == key and known.type == "text" for known in config_keys())


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    *parents, leaf = key.split(".")
    for parent in parents:
        child = values.setdefault(parent, {})
        if not isinstance(child, dict):
            raise ConfigError(f"{parent!r} must hold further keys, found {child!r}.", fix="See the table in README.md.")
        values = child
    values[leaf] = value


def _validate(values: dict[str, Any], source: str, lines: Mapping[str, int], origin: Mapping[str, str]) -> RunConfig:
    filled = {key: ({} if value is None and key in SECTIONS else value) for key, value in values.items()}
    try:
        return RunConfig.model_validate(filled)
    except ValidationError as error:
        first = error.errors()[0]
        raise _explain(first, source, lines, origin) from error


def _explain(first: Any, source: str, lines: Mapping[str, int], origin: Mapping[str, str]) -> ConfigError:
    key = ".".join(str(part) for part in first["loc"]).removesuffix(".[key]")
    while key not in lines and "." in key and key.rpartition(".")[2].isdigit():
        key = key.rpartition(".")[0]
    where = origin.get(key) or (f"{source} line {lines[key]}" if key in lines else source)
    known = {entry.name: entry for entry in config_keys()}
    if first["type"] == "extra_forbidden":
        return ConfigError(f"{where}: unknown key {key!r}.", fix=_suggest(key, sorted({*known, *SECTIONS})))
    message = _PLAIN_MESSAGES.get(first["type"], first["msg"].removeprefix("Value error, "))
    # what stands in .env or the environment is never shown: it may be a key under a wrong name
    found = "" if where == _ENVIRONMENT else f", found {_brief(first['input'])}"
    setting = known.get(_setting_of(key, known))
    allowed = f"Allowed: {_allowed(setting)} ({setting.description})." if setting else "See the table in README.md."
    return ConfigError(f"{where}: {key}: {message}{found}.", fix=allowed)


def _allowed(setting: ConfigKey) -> str:
    return f"{setting.type}, {setting.bounds}" if setting.bounds else setting.type


def _setting_of(key: str, known: Mapping[str, ConfigKey]) -> str:
    """The setting that ``key`` is or is a part of, as agent.create.task_mix.how_to is."""
    while key not in known and "." in key:
        key = key.rpartition(".")[0]
    return key


def _suggest(key: str, names: Sequence[str]) -> str:
    parent, _, leaf = key.rpartition(".")
    prefix = f"{parent}." if parent else ""
    siblings = sorted({name.removeprefix(prefix).partition(".")[0] for name in names if name.startswith(prefix)})
    # the very name in another section is a better guess than a name of this section that looks alike
    close = [name for name in names if name.rpartition(".")[2] == leaf]
    close = close or [f"{prefix}{name}" for name in get_close_matches(leaf, siblings, n=1)]
    return f"Did you mean {close[0]!r}?" if close else f"Allowed here: {', '.join(siblings)}."


def _brief(value: Any) -> str:
    text = HIDDEN if looks_like_key(repr(value)) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
