"""Who distils: the teachers of the configuration, or the shipped three, each with its share, endpoint and key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from src.core.config import RunConfig
from src.core.errors import ConfigError, UsageError
from src.core.secrets import Secrets
from src.core.specs import WriterModel
from src.core.types import ProviderName
from src.generation.batch import DEFAULT_WINDOW
from src.generation.opening import connect_team
from src.generation.team import Member
from src.generation.writer import find_teachers
from src.providers import load_provider
from src.providers.base_provider import Connection
from src.providers.batch_api import open_batch_api
from src.providers.lookup import find_writer, provider_spec


@dataclass(frozen=True, slots=True)
class ShippedTeacher:
    """One of teachers.yaml. ``key`` names the secret, "" for the provider's own. Prices in USD per million tokens;
    without a ``context_window``, the model is one that models.yaml knows, with its price."""

    asked: str
    provider: ProviderName
    preset: str
    key: str
    model: str
    weight: float
    batch: bool
    context_window: int
    max_output_tokens: int
    input_price: float | None
    output_price: float | None
    note: str

    @property
    def place(self) -> str:
        """Provider and model, for people."""
        return f"{self.model} ({self.preset})"


@cache
def shipped_teachers() -> tuple[ShippedTeacher, ...]:
    """Those of teachers.yaml."""
    content: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("teachers.yaml").read_text("utf-8"))
    return tuple(ShippedTeacher(**entry) for entry in content)


def distil_team(config: RunConfig, secrets: Secrets) -> list[Member]:
    """The members of the team: of ``generation.teachers``, or the shipped ones. Nothing is sent by this. Raises
    ConfigError where one has no key."""
    if config.generation.teachers:
        return connect_team(config, find_teachers(config, secrets))
    return [_member(config, secrets, teacher) for teacher in shipped_teachers()]


def _member(config: RunConfig, secrets: Secrets, teacher: ShippedTeacher) -> Member:
    key = (secrets.cloud(teacher.key) if teacher.key else "") or secrets.api_key(teacher.provider)
    spec = provider_spec(teacher.provider)
    if not key:
        raise ConfigError(
            f"{teacher.asked} needs {teacher.key or spec.key_name}.",
            fix="Put the keys of the three teachers into .env, or name your own in generation.teachers.",
        )
    url = spec.presets[teacher.preset]
    provider = load_provider(teacher.provider)(
        Connection(api_key=key, base_url=url if teacher.provider == "llama" else "", timeout_s=config.system.timeout)
    )
    model = _model(teacher)
    api = open_batch_api(provider) if teacher.batch else None
    return Member(provider, DEFAULT_WINDOW if api else spec.concurrency, model, teacher.weight, api)


def _model(teacher: ShippedTeacher) -> WriterModel:
    if not teacher.context_window:
        return find_writer(teacher.provider, teacher.model)
    return WriterModel(
        teacher.model, teacher.context_window, teacher.max_output_tokens, teacher.input_price, teacher.output_price
    )


def parse_routes(wishes: list[str], members: list[Member]) -> dict[str, Member]:
    """``code=qwen`` as the one member whose name holds the word. Raises UsageError."""
    from src.curation.select.categories import CATEGORIES

    routes: dict[str, Member] = {}
    for wish in wishes:
        category, _, word = wish.partition("=")
        found = [member for member in members if word and word.lower() in member.name.lower()]
        if category not in CATEGORIES or len(found) != 1:
            names = ", ".join(member.name for member in members)
            raise UsageError(
                f"--route {wish!r} does not name a category and one teacher.",
                fix=f"Categories: {', '.join(CATEGORIES)}; teachers: {names}.",
            )
        routes[category] = found[0]
    return routes
