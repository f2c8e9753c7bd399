"""models.yaml: read once, checked strictly, handed out as the types of core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from src.core.errors import ConfigError
from src.core.specs import BatchOffer, ModelLimits, ProviderSpec, WriterModel
from src.core.types import PROVIDER_NAMES, ProviderName

MODELS_FILE = Path(__file__).with_name("models.yaml")
_OF_MEANING = ("tokenizer", "status", "tunable", "checked", "formats")
LOCAL_NAME = "models.local.yaml"
STATUSES = ("available", "deprecated", "self-hosted", "inference only", "retired")
TOKENIZERS = (
    "o200k_base",
    "cl100k_base",
    "claude",
    "gemini",
    "mistral-tekken",
    "mistral-spm",
    "mistral-nemo",
    "mistral-v3",
    "mistral-v1",
    "llama3",
    "qwen2.5",
    "qwen3.5",
)
FORMAT_NAMES = (
    "openai_chat",
    "openai_chat_tools",
    "openai_chat_vision",
    "openai_dpo",
    "bedrock_claude_messages",
    "bedrock_prompt_completion",
    "gemini_contents",
    "gemini_contents_tools",
    "gemini_preference",
    "mistral_messages",
    "mistral_messages_tools",
    "together_messages",
    "together_prompt_completion",
    "together_text",
    "together_dpo",
    "sharegpt",
    "alpaca",
    "text",
)
"""What ``formats`` may name; utils/formats/registry.py knows the format of each."""
_FIX = "Mend src/providers/models.yaml; the head of the file explains its keys."


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One provider of models.yaml. ``aliases`` maps further names of a model, in lower case, to its id.

    ``open_writers``: any model name can write, because a server of one's own serves whatever was loaded.
    """

    spec: ProviderSpec
    aliases: Mapping[str, str]
    open_writers: bool = False


def load_catalogue() -> Mapping[ProviderName, Catalogue]:
    """The shipped models.yaml, and over it the models.local.yaml of the present folder, read again when it has changed.
    Raises ConfigError naming what is wrong, in the local file with its line."""
    local = Path(LOCAL_NAME)
    try:
        state = local.stat()
    except FileNotFoundError:
        return _shipped()
    except OSError as error:
        raise ConfigError(f"{local} cannot be read: {error.strerror}.", fix="Check its permissions.") from error
    return _with_local(local.absolute(), (state.st_mtime_ns, state.st_size, state.st_ino))


@cache
def _shipped() -> Mapping[ProviderName, Catalogue]:
    return read_catalogue(MODELS_FILE)


@lru_cache(maxsize=4)
def _with_local(local: Path, _state: tuple[int, int, int]) -> Mapping[ProviderName, Catalogue]:
    return read_catalogue(MODELS_FILE, local)


def read_catalogue(path: Path, local: Path | None = None) -> dict[ProviderName, Catalogue]:
    """Every provider of a file like models.yaml, with what ``local`` lays over it. Raises ConfigError naming the key
    that is wrong."""
    try:
        # libyaml parses the file about ten times faster than pure Python; it is part of every PyYAML wheel
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 safe loader
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name} cannot be read: {error}.", fix=_FIX) from error
    if not isinstance(content, dict) or set(content) != set(PROVIDER_NAMES):
        raise ConfigError(f"{path.name} must hold exactly the providers {', '.join(PROVIDER_NAMES)}.", fix=_FIX)
    if local is None:
        return {name: _read_provider(name, content[name], path.name) for name in PROVIDER_NAMES}
    from src.providers.local_models import lay_over

    merged = lay_over(content, local, {"models": model_entry(), "writers": writer_entry()}, model_problem)
    return {name: _read_provider(name, merged[name], local.name) for name in PROVIDER_NAMES}


def _read_provider(name: ProviderName, content: Any, file_name: str) -> Catalogue:
    try:
        # through JSON, because only there pydantic's strict mode takes a list for a tuple
        entry: Any = _provider_entry().model_validate_json(orjson.dumps(content))
    except (ValidationError, TypeError) as error:
        raise ConfigError(f"{file_name}: {name}: {_first_problem(error)}", fix=_FIX) from error
    models = tuple(ModelLimits(provider=name, **_values(model, "aliases")) for model in entry.models)
    # what a writer says of itself comes before what is said of all writers of its provider
    said = {"source": entry.writers_source, "checked": entry.writers_checked}
    writers = tuple(WriterModel(**{**said, **writer.model_dump(exclude_unset=True)}) for writer in entry.writers)
    spec = ProviderSpec(
        name=name,
        models=models,
        writers=writers,
        batch=BatchOffer(**_values(entry.batch)) if entry.batch else None,
        **_values(entry, "models", "writers", "writers_source", "writers_checked", "open_writers", "batch"),
    )
    catalogue = Catalogue(spec, _collect_aliases(name, entry.models, file_name), entry.open_writers)
    _check_meaning(catalogue, file_name)
    return catalogue


def _values(entry: BaseModel, *without: str) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in type(entry).model_fields if name not in without}


def _first_problem(error: ValidationError | TypeError) -> str:
    if isinstance(error, TypeError):
        return str(error)
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def _collect_aliases(name: ProviderName, models: Any, file_name: str) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for model in models:
        for alias in (model.id, *model.aliases):
            if aliases.setdefault(alias.lower(), model.id) != model.id:
                raise ConfigError(f"{file_name}: {name}: {alias!r} names two models.", fix=_FIX)
    return aliases


def _check_meaning(catalogue: Catalogue, file_name: str) -> None:
    spec = catalogue.spec
    where = f"{file_name}: {spec.name}"
    if not spec.writers:
        raise ConfigError(f"{where} has no writers.", fix=_FIX)
    for model in spec.models:
        problem = model_problem({name: getattr(model, name) for name in _OF_MEANING})
        if problem[0]:
            raise ConfigError(f"{where}: {model.id}: {problem[1]}.", fix=_FIX)
    days = [(writer.id, writer.checked) for writer in spec.writers]
    if spec.batch:
        days.append(("batch", spec.batch.checked))
    for title, checked in days:
        if checked and not is_date(checked):
            raise ConfigError(f"{where}: {title}: {_no_date(checked)}.", fix=f"Mend that value in {file_name}.")
    named = {writer.preset for writer in spec.writers} | set(spec.batch.presets if spec.batch else ())
    unknown = named - {"", *spec.presets}
    if unknown:
        raise ConfigError(f"{where} names the unknown preset {sorted(unknown)[0]!r}.", fix=_FIX)


def model_problem(entry: Mapping[str, Any]) -> tuple[str, str]:
    """The key of a model's entry whose value means nothing, and why; two empty texts when there is none."""
    if entry["tokenizer"] not in TOKENIZERS:
        return "tokenizer", f"tokenizer {entry['tokenizer']!r} is unknown; known: {', '.join(TOKENIZERS)}"
    if entry["status"] not in STATUSES:
        return "status", f"status {entry['status']!r} is unknown; known: {', '.join(STATUSES)}"
    if entry["status"] == "retired" and entry["tunable"]:
        return "tunable", "a retired model cannot be tunable"
    if entry.get("checked") and not is_date(str(entry["checked"])):
        return "checked", _no_date(entry["checked"])
    unknown = [name for name in entry.get("formats") or () if name not in FORMAT_NAMES]
    if unknown:
        return "formats", f"format {unknown[0]!r} is unknown; known: {', '.join(FORMAT_NAMES)}"
    return "", ""


def _no_date(checked: object) -> str:
    return f"checked {checked!r} is no date, as 2026-11-21"


def is_date(text: str) -> bool:
    """Whether ``text`` is a day as 2026-11-21."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def model_entry() -> type[BaseModel]:
    """One entry of ``models``."""
    return _strict_model("ModelEntry", ModelLimits, aliases=(tuple[str, ...], ()))


@cache
def writer_entry() -> type[BaseModel]:
    """One entry of ``writers``."""
    return _strict_model("WriterEntry", WriterModel)


@cache
def _provider_entry() -> type[BaseModel]:
    model, writer = model_entry(), writer_entry()
    batch = _strict_model("BatchEntry", BatchOffer)
    return create_model(
        "ProviderEntry",
        __config__=_STRICT,
        title=(str, ...),
        models=(tuple[model, ...], ()),  # type: ignore[valid-type]  # built at run time from the dataclass
        writers=(tuple[writer, ...], ...),  # type: ignore[valid-type]
        key_name=(str, ""),
        presets=(dict[str, str], {}),
        concurrency=(int, 8),
        demo_quality=(bool, False),
        batch=(batch | None, None),  # type: ignore[arg-type]  # built at run time from the dataclass
        open_writers=(bool, False),
        writers_source=(str, ""),
        writers_checked=(str, ""),
    )


_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


def _strict_model(name: str, dataclass_type: type[Any], **more: Any) -> type[BaseModel]:
    """A pydantic twin of a dataclass of core/types.py, so that its fields are written down once."""
    hints = get_type_hints(dataclass_type)
    entries: dict[str, Any] = {
        field.name: (hints[field.name], ... if field.default is MISSING else field.default)
        for field in fields(dataclass_type)
        if get_args(hints[field.name]) != get_args(ProviderName)
    }
    model: type[BaseModel] = create_model(name, __config__=_STRICT, **entries, **more)
    return model
