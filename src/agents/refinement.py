"""What a refinement of a dataset starts from: its passages, their plan, the work to do, and what its mode wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from src.agents.base_agent import AgentTools, read_passages, require_passages
from src.agents.create_agent import create_brief, read_all
from src.agents.free_agent import free_brief, free_passages
from src.agents.hybrid_agent import hybrid_brief
from src.agents.identify_agent import IdentifyAgent
from src.agents.plans import plan_rules
from src.agents.writing import Brief
from src.core.errors import DatasetError
from src.core.types import Sample, SourceDocument, Span
from src.generation.planning.plan import Plan
from src.generation.refinement.work import Earlier, Work, plan_work
from src.utils.chunker import Passage


@dataclass(frozen=True, slots=True)
class Refinement:
    """The ``work`` counts the passages of ``plan``."""

    brief: Brief
    plan: Plan
    work: Work


async def prepare_refinement(
    tools: AgentTools, documents: Sequence[SourceDocument], earlier: Earlier, size: int | None
) -> Refinement:
    """Find out what to write anew; no model is asked. ``size`` is where to end, None: see ``plan_work``.

    Raises DatasetError for a dataset of mode identify, ConfigError and InputFileError as the agent of its mode does.
    """
    brief, passages = await _open(tools, documents, earlier.samples)
    # what is doubtful must not come back as doubtful
    brief = replace(brief, gates="off" if brief.gates == "off" else "strict")
    rules = plan_rules(tools.config, tools.prompts, mixes=brief.mixes_axes and not tools.demo_quality)
    plan = Plan(passages, earlier.wished, rules)
    return Refinement(brief, plan, plan_work(earlier, plan, size))


class _Opened(NamedTuple):
    brief: Brief
    passages: tuple[Passage, ...]


async def _open(tools: AgentTools, documents: Sequence[SourceDocument], samples: Sequence[Sample]) -> _Opened:
    config = tools.config
    if config.mode == "create":
        return _Opened(create_brief(config), read_all(documents))
    if config.mode == "free":
        return _Opened(free_brief(tools), free_passages(documents))
    if config.mode == "hybrid":
        extracted = [sample for sample in samples if sample.origin == "extracted"]
        # by the rules alone: what a model found beside them is in the dataset
        found = await IdentifyAgent(replace(tools, engine=None)).find(documents)
        spans: dict[str, list[Span]] = {name: list(own) for name, own in found.spans.items()}
        for sample in extracted:
            if sample.span is not None:
                spans.setdefault(sample.source_file, []).append(sample.span)
        passages = read_passages(documents, spans)
        require_passages(passages, documents)
        return _Opened(hybrid_brief(config, [*found.samples, *extracted], extracted), passages)
    raise DatasetError(
        "This dataset was made in mode identify: nothing of it was written, so nothing can be written anew.",
        fix="Refine a dataset of mode create, hybrid or free; or make one of the same documents.",
    )
