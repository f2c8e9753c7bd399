"""config.yaml: every key, its type, its bounds and its one default; strict, with the line of every mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from src.core.errors import ConfigError
from src.core.names import check_output_name
from src.core.types import Mode, ProviderName

_MAX_CONFIG_BYTES = 1_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SplitConfig(_Strict):
    """How samples are divided into a training and a validation file."""

    enabled: bool = Field(True, description="write a validation file beside the training file")
    ratio: float = Field(0.8, gt=0, lt=1, description="share of the samples that goes to training")
    strategy: Literal["random", "weighted"] = Field(
        "weighted", description="random: one shuffle; weighted: every source or keyword is cut at the ratio"
    )
    weight_by: Literal["source", "keywords"] = Field("source", description="what weighted cuts by")


class CreateConfig(_Strict):
    """Create mode: new examples grounded in the source passages."""

    temperature: float = Field(0.7, ge=0, le=2, description="sampling temperature of the writing model")
    variety: Literal["low", "medium", "high"] = Field(
        "high", description="how many kinds of questions, askers and styles are asked for"
    )


class IdentifyConfig(_Strict):
    """Identify mode: existing conversations, verbatim."""

    min_turns: int = Field(2, ge=2, le=1000, description="shortest conversation that is taken")
    include_context: bool = Field(True, description="keep the heading or passage before a conversation with it")


class HybridConfig(_Strict):
    """Hybrid mode: extracted and generated samples together."""

    generation_ratio: float = Field(0.5, ge=0, le=1, description="share of the samples that is generated")


class FreeConfig(_Strict):
    """Free mode: your own instructions."""

    use_prompt_file: bool = Field(
        True, description="read prompts/free_mode/prompt.txt; false: ask for the instructions at each run"
    )


class AgentConfig(_Strict):
    """Settings of the four agents."""

    create: CreateConfig = CreateConfig()
    identify: IdentifyConfig = IdentifyConfig()
    hybrid: HybridConfig = HybridConfig()
    free: FreeConfig = FreeConfig()


class InputConfig(_Strict):
    """Where documents come from."""

    folder: str = Field("input_files", min_length=1, description="folder with the documents")
    files: tuple[str, ...] = Field((), description="only these files of the folder; empty: all of them")

    @field_validator("files", mode="before")
    @classmethod
    def _list_to_tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value


class OutputConfig(_Strict):
    """What a run writes."""

    format: Literal["jsonl"] = Field("jsonl", description="always JSONL, what every provider trains on")
    include_csv: bool = Field(True, description="also write <name>.csv with one row per sample")
    include_stats: bool = Field(True, description="also write <name>_stats.json")


class SystemConfig(_Strict):
    """The model that writes the samples, and how it is called."""

    agentic_llm: Literal["auto", "openai", "anthropic", "google", "mistral", "llama", "local"] = Field(
        "auto", description="provider that writes; auto: the first one with a key in .env, else local"
    )
    agentic_model: str = Field("", description="model of that provider; empty: its cheapest suitable one")
    max_retries: int = Field(3, ge=0, le=20, description="further tries after a failed call")
    timeout: float = Field(60, gt=0, le=3600, description="seconds that one request may take")
    seed: int = Field(42, ge=0, le=2**31 - 1, description="same seed, same inputs: the same dataset")


class EndpointsConfig(_Strict):
    """Base URLs; empty means the vendor's own. ``llama`` also takes the name of a preset."""

    openai: str = Field("", description="base URL of an OpenAI-compatible server, with its /v1")
    anthropic: str = Field("", description="base URL, without /v1")
    google: str = Field("", description="base URL, without /v1beta")
    mistral: str = Field("", description="base URL, without /v1")
    llama: str = Field(
        "openrouter", description="openrouter, together, huggingface, ollama, vllm, llamacpp, or a base URL with its /v1"
    )


class LocalConfig(_Strict):
    """The in-process model that needs no key."""

    model_path: str = Field("", description="a GGUF file; empty: the embedded SmolLM2-135M (demo quality)")


class RunConfig(_Strict):
    """The whole of config.yaml."""

    provider: Literal["openai", "anthropic", "google", "mistral", "llama"] = Field(
        "google", description="provider that will train on the dataset: decides format and limits"
    )
    model: str = Field("gemini-3.5-flash-lite", min_length=1, description="model to be trained")
    mode: Mode = Field("hybrid", description="create, identify, hybrid or free")
    dataset_size: int = Field(24, ge=1, description="wished number of samples; capped at the provider's limit")
    output_name: str = Field("my_dataset", description="base name of the files in output_datasets/")
    split: SplitConfig = SplitConfig()
    agent: AgentConfig = AgentConfig()
    input: InputConfig = InputConfig()
    output: OutputConfig = OutputConfig()
    system: SystemConfig = SystemConfig()
    endpoints: EndpointsConfig = EndpointsConfig()
    local: LocalConfig = LocalConfig()

    @field_validator("output_name")
    @classmethod
    def _usable_name(cls, value: str) -> str:
        return check_output_name(value)


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One leaf of the configuration, for tables, the menu and documentation."""

    name: str
    type: str
    default: Any
    description: str


def config_keys() -> tuple[ConfigKey, ...]:
    """Every key of config.yaml in file order, dotted, with its type, default and meaning."""
    return tuple(_walk_keys(RunConfig, ""))


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
        values, lines = _read_yaml(path)
    elif required:
        raise ConfigError(f"No configuration file at {path}.", fix="Check the path given with --config.")
    origin: dict[str, str] = {}
    for key, text in (environment or {}).items():
        _put(values, key, _parse_scalar(key, text))
        origin[key] = "environment"
    for override in overrides:
        key, separator, text = override.partition("=")
        if not separator:
            raise ConfigError(f"--set {override!r} has no '='.", fix="Write --set key=value, as in --set dataset_size=50.")
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


def _walk_keys(model: type[BaseModel], prefix: str) -> list[ConfigKey]:
    keys: list[ConfigKey] = []
    for name, info in model.model_fields.items():
        annotation = info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            keys.extend(_walk_keys(annotation, f"{prefix}{name}."))
        else:
            keys.append(ConfigKey(f"{prefix}{name}", _type_name(annotation), info.default, info.description or ""))
    return keys


def _type_name(annotation: Any) -> str:
    names = {bool: "true or false", int: "whole number", float: "number", str: "text", tuple[str, ...]: "list of texts"}
    if annotation in names:
        return names[annotation]
    return ", ".join(str(value) for value in annotation.__args__)


def _read_yaml(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    try:
        if path.stat().st_size > _MAX_CONFIG_BYTES:
            raise ConfigError(f"{path} is larger than 1 MB.", fix="Use the config.yaml of this project as a start.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name} is not UTF-8 text (byte {error.start}).", fix="Save the file as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.", fix="Check the path and its permissions.") from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{path.name}{where}: not valid YAML: {problem}.", fix="Mend that line.") from error
    except (RecursionError, ValueError) as error:
        raise ConfigError(f"{path.name}: not valid YAML: {error}.", fix="Mend the file.") from error
    if values is None:
        return {}, {}
    if not isinstance(values, dict):
        raise ConfigError(f"{path.name} must hold 'key: value' lines.", fix="Use the shipped config.yaml as a start.")
    lines: dict[str, int] = {}
    _collect_lines(path.name, node, "", lines)
    return values, lines


def _collect_lines(file_name: str, node: Any, prefix: str, lines: dict[str, int]) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    for key_node, value_node in node.value:
        key = f"{prefix}{key_node.value}"
        line = key_node.start_mark.line + 1
        if key in lines:
            raise ConfigError(
                f"{file_name} line {line}: {key!r} is given twice (first in line {lines[key]}).", fix="Delete one of them."
            )
        lines[key] = line
        _collect_lines(file_name, value_node, f"{key}.", lines)


def _parse_scalar(key: str, text: str) -> Any:
    if _expects_text(key):
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{key}: cannot read the value {text!r}.", fix="Use plain text, a number, true or false.") from error


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
    filled = {key: ({} if value is None and key in _SECTIONS else value) for key, value in values.items()}
    try:
        return RunConfig.model_validate(filled)
    except ValidationError as error:
        first = error.errors()[0]
        raise _explain(first, source, lines, origin) from error


def _explain(first: Any, source: str, lines: Mapping[str, int], origin: Mapping[str, str]) -> ConfigError:
    key = ".".join(str(part) for part in first["loc"])
    while key not in lines and "." in key and key.rpartition(".")[2].isdigit():
        key = key.rpartition(".")[0]
    where = origin.get(key) or (f"{source} line {lines[key]}" if key in lines else source)
    known = {entry.name: entry for entry in config_keys()}
    if first["type"] == "extra_forbidden":
        names = sorted({*known, *_SECTIONS})
        close = get_close_matches(key, names, n=1, cutoff=0.6) or get_close_matches(
            key.rpartition(".")[2], [name.rpartition(".")[2] for name in names], n=1, cutoff=0.75
        )
        fix = f"Did you mean {close[0]!r}?" if close else f"Allowed here: {', '.join(_siblings(key, names))}."
        return ConfigError(f"{where}: unknown key {key!r}.", fix=fix)
    message = first["msg"].removeprefix("Value error, ")
    found = f", found {_brief(first['input'])}"
    allowed = f"Allowed: {known[key].type} ({known[key].description})." if key in known else "See the table in README.md."
    return ConfigError(f"{where}: {key}: {message}{found}.", fix=allowed)


def _siblings(key: str, names: Sequence[str]) -> list[str]:
    parent = key.rpartition(".")[0]
    prefix = f"{parent}." if parent else ""
    return sorted({name.removeprefix(prefix).partition(".")[0] for name in names if name.startswith(prefix)})


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


_SECTIONS = frozenset(
    name
    for name, info in RunConfig.model_fields.items()
    if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
)

__all__ = [
    "AgentConfig",
    "ConfigKey",
    "ProviderName",
    "RunConfig",
    "SplitConfig",
    "check_value",
    "config_keys",
    "load_config",
    "read_key",
    "with_values",
]
