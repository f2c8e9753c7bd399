"""Which model writes the samples: chosen from configuration and keys, and connected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from src.core.config import RunConfig, read_key, with_values
from src.core.errors import ConfigError, MissingPackageError
from src.core.secrets import Secrets
from src.core.specs import WriterModel
from src.core.types import ProviderName
from src.providers import load_provider, lookup
from src.providers.base_provider import BaseProvider, Connection
from src.providers.endpoints import resolve_endpoint

DEMO_NOTICE = (
    "The embedded local model writes the generated samples: demo quality, good for trying the program, not for "
    "training. Put a provider's key into .env for data worth training on."
)


@dataclass(frozen=True, slots=True)
class Writer:
    """The provider and model that write. ``demo_quality`` marks output that nobody should train on in earnest."""

    provider: ProviderName
    model: WriterModel
    demo_quality: bool
    connection: Connection
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Teacher:
    """One of the models that answer in a run, and how large its share is."""

    writer: Writer
    weight: float = 1.0


def find_teachers(config: RunConfig, secrets: Secrets) -> tuple[Teacher, ...]:
    """Who answers in a run of ``config``: those of ``generation.teachers``, or else the one that choose_writer names.

    Empty where mode identify goes without a model: it uses a configured provider for what its rules leave undecided,
    never the local model, and a missing key does not stop it. Raises ConfigError in the other modes.
    """
    try:
        teachers = _named_teachers(config, secrets) or (Teacher(choose_writer(config, secrets)),)
    except (ConfigError, MissingPackageError):
        if config.mode == "identify":
            return ()
        raise
    if config.mode == "identify":
        return tuple(teacher for teacher in teachers if teacher.writer.provider != "local")
    return teachers


def find_judge(config: RunConfig, secrets: Secrets) -> Teacher | None:
    """The model of ``agent.create.judge``; None without one, and in the modes that it is not for. Raises ConfigError
    when its provider has no key."""
    if not config.agent.create.judge or config.mode not in {"create", "hybrid"}:
        return None
    provider, _, model = config.agent.create.judge.partition("/")
    named = with_values(config, {"generation.teachers": [{"provider": provider, "model": model, "weight": 1.0}]})
    return find_teachers(named, secrets)[0]


def find_writer(config: RunConfig, secrets: Secrets) -> Writer | None:
    """The model that a run of ``config`` is named after, the first of its teachers; see find_teachers."""
    teachers = find_teachers(config, secrets)
    return teachers[0].writer if teachers else None


def choose_writer(config: RunConfig, secrets: Secrets) -> Writer:
    """The model that writes the samples: ``system.agentic_llm``, or with ``auto`` the first provider with a key, or the
    embedded local model. Raises ConfigError when the provider that is named has no key."""
    wish = config.system.agentic_llm
    name: ProviderName = next(iter(secrets.configured_providers()), "local") if wish == "auto" else wish
    writer = _local_writer(config) if name == "local" else _remote_writer(config, name, secrets.api_key(name))
    writer = _with_wished_model(writer, config.system.agentic_model, _endpoint(config, name))
    return writer if name == "local" else replace(writer, model=_priced(config, name, writer.model))


def connect(writer: Writer) -> BaseProvider:
    """The adapter of a writer; its SDK is imported by the first request."""
    return load_provider(writer.provider)(writer.connection)


def _named_teachers(config: RunConfig, secrets: Secrets) -> tuple[Teacher, ...]:
    teachers: list[Teacher] = []
    for named in config.generation.teachers:
        name: ProviderName = named["provider"]
        writer = _remote_writer(config, name, secrets.api_key(name))
        if named["model"]:
            writer = replace(writer, model=lookup.find_writer(name, named["model"], _endpoint(config, name)))
        writer = replace(writer, model=_priced(config, name, writer.model))
        if any((name, writer.model.id) == (other.writer.provider, other.writer.model.id) for other in teachers):
            raise ConfigError(
                f"generation.teachers names {name} {writer.model.id} twice.", fix="Name it once and add the weights."
            )
        teachers.append(Teacher(writer, named["weight"]))
    return tuple(teachers)


def _priced(config: RunConfig, name: ProviderName, model: WriterModel) -> WriterModel:
    """A model of an unknown price that runs on this machine costs nothing."""
    is_known = model.input_price is not None and model.output_price is not None
    endpoint = resolve_endpoint(lookup.provider_spec(name), _endpoint(config, name))
    return replace(model, input_price=0.0, output_price=0.0) if endpoint.is_on_this_machine and not is_known else model


def _endpoint(config: RunConfig, name: ProviderName) -> str:
    return "" if name == "local" else str(read_key(config, f"endpoints.{name}"))


def _remote_writer(config: RunConfig, name: ProviderName, api_key: str) -> Writer:
    spec = lookup.provider_spec(name)
    endpoint = resolve_endpoint(spec, _endpoint(config, name))
    if endpoint.needs_key and not api_key:
        raise ConfigError(
            f"{spec.key_name} is not set, and system.agentic_llm is {name}.",
            fix=f"Put {spec.key_name}=... into .env, or set system.agentic_llm to auto or local (no key needed).",
        )
    connection = Connection(api_key=api_key, base_url=_endpoint(config, name), timeout_s=config.system.timeout)
    model = lookup.default_writer(name, _endpoint(config, name))
    return Writer(name, model, demo_quality=spec.demo_quality, connection=connection)


def _local_writer(config: RunConfig) -> Writer:
    from src.providers.local_provider import is_small_model

    connection = Connection(model_path=config.local.model_path, timeout_s=config.system.timeout)
    small = is_small_model(connection)
    model = lookup.default_writer("local")
    if connection.model_path:
        # a name of its own: the journal must not answer for one model with what another one said
        model = replace(model, id=Path(connection.model_path).name)
    return Writer("local", model, small, connection, DEMO_NOTICE if small else "")


def _with_wished_model(writer: Writer, wish: str, endpoint: str) -> Writer:
    if not wish:
        return writer
    try:
        return replace(writer, model=lookup.find_writer(writer.provider, wish, endpoint))
    except ConfigError:
        notice = f"system.agentic_model {wish!r} is not a model of {writer.provider}: using {writer.model.id}."
        return replace(writer, notice=f"{writer.notice} {notice}".strip())
