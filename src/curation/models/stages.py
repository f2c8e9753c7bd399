"""The model stages as the chain and the commands run them: a team is connected, a file goes through, costs are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from src.core.config import RunConfig, with_values
from src.core.errors import ConfigError
from src.core.parts import Parts
from src.core.types import Stage
from src.curation.chain import ChainStage
from src.curation.models.asking import BudgetMeter, Models, caps_of, open_models
from src.curation.models.distiller import DISTIL_PROMPT, Distiller
from src.curation.models.judge import SCORE_PROMPT, RowJudge
from src.curation.stages.manifest import Counts
from src.curation.stages.shards import Report, RowStage, Work, run_rows
from src.generation.budget import Budget
from src.generation.opening import connect_team
from src.generation.progress import Progress
from src.generation.team import Member, check_caps
from src.generation.writer import Teacher
from src.utils.prompt_loader import read_prompt

_SHARD_BYTES = 64 << 20
"""Tens of thousands of rows: what batches are made of."""


_ADVICE = (
    "What its answers have cost before counts: give a larger --budget; further caps are the max_ keys of generation in "
    "config.yaml."
)


class _Files(NamedTuple):
    """The files of a stage, its key, and what its bar says."""

    source: Path
    out: Path
    key: str
    progress: Stage


def with_cap(config: RunConfig, budget_usd: float) -> RunConfig:
    """The configuration with the budget as its cap, unless its own cap is stricter."""
    own = config.generation.max_cost_usd
    return with_values(config, {"generation.max_cost_usd": min(budget_usd, own) if own else budget_usd})


def open_budget(config: RunConfig) -> Budget:
    """The account of a run: all of its stages pay from it, and what was paid for their answers before counts."""
    return Budget(caps_of(config), _ADVICE)


def judge_stage(
    config: RunConfig, parts: Parts, teacher: Teacher, *, keep_own: bool, budget: Budget | None = None
) -> ChainStage:
    """Scores by the model of ``teacher``; what it depends on are the model and the prompt. ``budget`` is that of
    another stage of the same run. Raises ConfigError where nothing would hold the cap."""
    _check_caps(config, connect_team(config, (teacher,)))
    writer = teacher.writer
    name = f"{writer.provider} {writer.model.id}"
    prompts = parts.workspace.prompts
    settings = {"by": name, "keep_own": keep_own, "prompt": read_prompt(prompts, SCORE_PROMPT)}

    def work(source: Path, out: Path, key: str, _report: Report) -> Counts:
        def ask(models: Models) -> Work:
            engine = models.engine(connect_team(config, (teacher,)))
            return RowJudge(models, engine, writer.model, name, prompts, keep_own=keep_own)

        return _run(config, parts, _Files(source, out, key, "score"), ask, meter)

    meter = BudgetMeter(budget or open_budget(config), "scoring", name)
    return ChainStage("score", settings, work, meter.carry)


def distil_stage(
    config: RunConfig,
    parts: Parts,
    team: Sequence[Member],
    routes: Mapping[str, Member],
    budget: Budget | None = None,
) -> ChainStage:
    """Answers by the team; what they depend on are its members, weights and routes, and the prompt. ``budget`` is that
    of another stage of the same run. Raises ConfigError where nothing would hold the cap."""
    _check_caps(config, team)
    prompts = parts.workspace.prompts
    settings = {
        "teachers": [[member.name, member.weight] for member in team],
        "routes": {category: member.name for category, member in routes.items()},
        "prompt": read_prompt(prompts, DISTIL_PROMPT),
    }
    names = ", ".join(f"{member.name} {member.weight:g}" for member in team)

    def work(source: Path, out: Path, key: str, _report: Report) -> Counts:
        files = _Files(source, out, key, "distill")
        return _run(config, parts, files, lambda models: Distiller(models, team, routes, prompts), meter)

    meter = BudgetMeter(budget or open_budget(config), "distillation", names)
    return ChainStage("distil", settings, work, meter.carry)


def _check_caps(config: RunConfig, team: Sequence[Member]) -> None:
    try:
        check_caps(caps_of(config), team)
    except ConfigError as error:
        fix = "Set generation.max_tokens or generation.max_requests as well: --budget cannot hold it alone."
        raise ConfigError(str(error), fix=fix) from error


def _run(
    config: RunConfig, parts: Parts, files: _Files, connect: Callable[[Models], Work], meter: BudgetMeter
) -> Counts:
    progress = Progress(files.progress, None, parts.on_event)
    with open_models(config, parts, progress, meter.budget) as models:
        stage = RowStage(
            files.source,
            files.out,
            files.key,
            connect(models),
            progress=files.progress,
            shard_bytes=_SHARD_BYTES,
            meter=meter,
        )
        return run_rows(stage, lambda _event: None)
