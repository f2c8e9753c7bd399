"""The model stages as the chain and the commands run them: a team is connected, a file goes through, costs are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from src.core.config import RunConfig, with_values
from src.core.parts import Parts
from src.core.types import Stage
from src.curation.chain import ChainStage
from src.curation.models.asking import Models, open_models
from src.curation.models.distiller import DISTIL_PROMPT, Distiller
from src.curation.models.judge import SCORE_PROMPT, RowJudge
from src.curation.stages.manifest import Cost, Counts
from src.curation.stages.shards import Report, RowStage, Work, run_rows
from src.generation.opening import connect_team
from src.generation.progress import Progress
from src.generation.team import Member
from src.generation.writer import Teacher
from src.utils.prompt_loader import read_prompt

_SHARD_BYTES = 64 << 20
"""Tens of thousands of rows: what batches are made of."""


class _Files(NamedTuple):
    """The files of a stage, its key, and what its bar says."""

    source: Path
    out: Path
    key: str
    progress: Stage


def with_cap(config: RunConfig, budget_usd: float) -> RunConfig:
    """The configuration with the budget as its cap."""
    return with_values(config, {"generation.max_cost_usd": budget_usd})


def judge_stage(config: RunConfig, parts: Parts, teacher: Teacher, *, keep_own: bool) -> ChainStage:
    """Scores by the model of ``teacher``; what it depends on are the model and the prompt."""
    writer = teacher.writer
    name = f"{writer.provider} {writer.model.id}"
    prompts = parts.workspace.prompts
    settings = {"by": name, "keep_own": keep_own, "prompt": read_prompt(prompts, SCORE_PROMPT)}

    def work(source: Path, out: Path, key: str, _report: Report) -> Counts:
        def ask(models: Models) -> Work:
            engine = models.engine(connect_team(config, (teacher,)))
            return RowJudge(models, engine, writer.model, name, prompts, keep_own=keep_own)

        return _run(config, parts, _Files(source, out, key, "score"), ask, Cost("scoring", name, 0.0))

    return ChainStage("score", settings, work)


def distil_stage(config: RunConfig, parts: Parts, team: Sequence[Member], routes: Mapping[str, Member]) -> ChainStage:
    """Answers by the team; what they depend on are its members, weights and routes, and the prompt."""
    prompts = parts.workspace.prompts
    settings = {
        "teachers": [[member.name, member.weight] for member in team],
        "routes": {category: member.name for category, member in routes.items()},
        "prompt": read_prompt(prompts, DISTIL_PROMPT),
    }
    names = ", ".join(f"{member.name} {member.weight:g}" for member in team)

    def work(source: Path, out: Path, key: str, _report: Report) -> Counts:
        files = _Files(source, out, key, "distill")
        return _run(
            config,
            parts,
            files,
            lambda models: Distiller(models, team, routes, prompts),
            Cost("distillation", names, 0.0),
        )

    return ChainStage("distil", settings, work)


def _run(config: RunConfig, parts: Parts, files: _Files, connect: Callable[[Models], Work], cost: Cost) -> Counts:
    progress = Progress(files.progress, None, parts.on_event)
    with open_models(config, parts, progress) as models:
        stage = RowStage(
            files.source, files.out, files.key, connect(models), progress=files.progress, shard_bytes=_SHARD_BYTES
        )
        counts = run_rows(stage, lambda _event: None)
        budget = models.budget
        notes = f"{budget.requests:,} answers paid, {budget.usage.tokens:,} tokens"
        paid = Cost(cost.component, cost.provider, budget.cost_usd, notes)
    return Counts(counts.rows, counts.kept, counts.removed, counts.rejected, (paid,))
