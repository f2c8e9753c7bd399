"""What the plan of a mode mixes, from the configuration; and the plan of a run before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from src.agents.base_agent import AgentTools
from src.core.config import RunConfig
from src.generation.planning.axes import read_axes
from src.generation.planning.plan import Plan, PlanRules
from src.generation.planning.summary import PlanSummary, summarise
from src.generation.planning.tasks import resolve_mix
from src.providers.lookup import find_model
from src.providers.training_rows import has_preference_rows
from src.utils.chunker import Passage


def plan_rules(config: RunConfig, prompts: Path, *, mixes: bool = True) -> PlanRules:
    """The rules of ``agent.create`` for the model that will be trained; without ``mixes`` (free mode, and the embedded
    model) a plan only shares out the passages. Raises ConfigError for a mix that the training format cannot hold, or an
    unusable file of axes."""
    seed = config.system.seed
    if not mixes:
        return PlanRules(seed)
    create = config.agent.create
    target = find_model(config.provider, config.model)
    mix = resolve_mix(create.task_mix, create.variety, has_preferences=has_preference_rows(target.formats))
    return PlanRules(seed, mix, read_axes(prompts, create.variety))


def preview_plan(
    tools: AgentTools, passages: Sequence[Passage], size: int, *, mixes: bool = True, too_short: Sequence[str] = ()
) -> PlanSummary:
    """The figures of the plan for ``size`` samples from ``passages``, and the documents that are ``too_short`` for it.
    The embedded model finds its questions fact by fact: for it only the shares of the sources are planned."""
    rules = plan_rules(tools.config, tools.prompts, mixes=mixes and not tools.demo_quality)
    return summarise(Plan(passages, size, rules), too_short)
