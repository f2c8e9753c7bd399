"""From a configuration to an engine: the teachers connected, the caps set, batches where they are wished."""

from __future__ import annotations

from collections.abc import Sequence

from src.core.config import RunConfig
from src.generation.batch import DEFAULT_WINDOW
from src.generation.budget import Budget, Caps
from src.generation.engine import Engine
from src.generation.progress import Progress
from src.generation.stopping import StopSwitch
from src.generation.team import Member, check_caps
from src.generation.writer import Teacher, connect
from src.persistence.journal import Journal
from src.providers.batch_api import open_batch_api
from src.providers.lookup import provider_spec


def open_engine(
    config: RunConfig,
    teachers: Sequence[Teacher],
    journal: Journal,
    *,
    stop: StopSwitch | None = None,
    progress: Progress | None = None,
    budget: Budget | None = None,
) -> Engine:
    """The engine of a run; ``aclose`` it in the same event loop. ``teachers`` are those of find_teachers, at least one.
    ``budget`` is that of another engine of the same run.

    Raises ConfigError when batches are wished of a provider that has none, or when nothing would hold a cap.
    """
    members = connect_team(config, teachers)
    check_caps(_caps(config), members)
    return Engine(
        members,
        journal,
        max_retries=config.system.max_retries,
        timeout_s=config.system.timeout,
        stop=stop,
        progress=progress,
        budget=budget or Budget(_caps(config)),
    )


def connect_team(config: RunConfig, teachers: Sequence[Teacher]) -> list[Member]:
    """The teachers with their adapters; nothing is sent and no SDK is loaded by this. Raises ConfigError when batches
    are wished of a provider that has none."""
    members = []
    for teacher in teachers:
        writer = teacher.writer
        provider = connect(writer)
        own = provider_spec(writer.provider).concurrency
        api = open_batch_api(provider) if config.generation.batch else None
        wished = 0 if writer.provider == "local" else config.generation.concurrency
        concurrency = wished or (DEFAULT_WINDOW if api else own)
        members.append(Member(provider, concurrency, writer.model, teacher.weight, api))
    return members


def run_notices(config: RunConfig, teachers: Sequence[Teacher]) -> tuple[str, ...]:
    """What the user should know of the models before the run begins. Raises ConfigError as open_engine does."""
    capped = check_caps(_caps(config), connect_team(config, teachers))
    lines = [*(teacher.writer.notice for teacher in teachers), capped]
    return tuple(line for line in lines if line)


def _caps(config: RunConfig) -> Caps:
    settings = config.generation
    return Caps(settings.max_cost_usd, settings.max_tokens, settings.max_requests)
