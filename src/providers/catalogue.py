"""models.yaml: read once, checked strictly, handed out as the types of core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from src.core.errors import ConfigError
from src.core.types import PROVIDER_NAMES, BatchOffer, ModelLimits, ProviderName, ProviderSpec, WriterModel

MODELS_FILE = Path(__file__).with_name("models.yaml")
STATUSES = ("available", "deprecated", "self-hosted", "inference only", "retired")
TOKENIZERS = ("o200k_base", "cl100k_base", "claude", "gemini", "mistral-tekken", "mistral-spm", "llama3")
_FIX = "Mend src/providers/models.yaml; the head of the file explains its keys."


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One provider of models.yaml. ``aliases`` maps further names of a model, in lower case, to its id.

    ``open_writers``: any model name can write, because a server of one's own serves whatever was loaded.
    """

    spec: ProviderSpec
    aliases: Mapping[str, str]
    open_writers: bool = False


@cache
def load_catalogue() -> Mapping[ProviderName, Catalogue]:
    """The shipped models.yaml. Raises ConfigError naming the key that is wrong."""
    return read_catalogue(MODELS_FILE)


def read_catalogue(path: Path) -> dict[ProviderName, Catalogue]:
    """Every provider of a file like models.yaml. Raises ConfigError naming the key that is wrong."""
    try:
        # libyaml parses the file about ten times faster than pure Python; it is part of every PyYAML wheel
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 safe loader
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name} cannot be read: {error}.", fix=_FIX) from error
    if not isinstance(content, dict) or set(content) != set(PROVIDER_NAMES):
        raise ConfigError(f"{path.name} must hold exactly the providers {', '.join(PROVIDER_NAMES)}.", fix=_FIX)
    return {name: _read_provider(name, content[name], path.name) for name in PROVIDER_NAMES}


def _read_provider(name: ProviderName, content: Any, file_name: str) -> Catalogue:
    try:
        # through JSON, because only there pydantic's strict mode takes a list for a tuple
        entry: Any = _provider_entry().model_validate_json(orjson.dumps(content))
    except (ValidationError, TypeError) as error:
        raise ConfigError(f"{file_name}: {name}: {_first_problem(error)}", fix=_FIX) from error
    models = tuple(ModelLimits(provider=name, **_values(model, "aliases")) for model in entry.models)
    writers = tuple(WriterModel(**_values(writer)) for writer in entry.writers)
    spec = ProviderSpec(
        name=name,
        models=models,
        writers=writers,
        batch=BatchOffer(**_values(entry.batch)) if entry.batch else None,
        **_values(entry, "models", "writers", "open_writers", "batch"),
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
        if model.tokenizer not in TOKENIZERS:
            raise ConfigError(f"{where}: {model.id}: tokenizer {model.tokenizer!r} is unknown.", fix=_FIX)
        if model.status not in STATUSES:
            raise ConfigError(f"{where}: {model.id}: status {model.status!r} is unknown.", fix=_FIX)
        if model.status == "retired" and model.tunable:
            raise ConfigError(f"{where}: {model.id}: a retired model cannot be tunable.", fix=_FIX)
    named = {writer.preset for writer in spec.writers} | set(spec.batch.presets if spec.batch else ())
    unknown = named - {"", *spec.presets}
    if unknown:
        raise ConfigError(f"{where} names the unknown preset {sorted(unknown)[0]!r}.", fix=_FIX)


@cache
def _provider_entry() -> type[BaseModel]:
    model = _strict_model("ModelEntry", ModelLimits, aliases=(tuple[str, ...], ()))
    writer = _strict_model("WriterEntry", WriterModel)
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
