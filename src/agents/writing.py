"""How agents have samples written: by a model that follows a prompt, or, in demo quality, by one that cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from src.agents.base_agent import Agent, Proposals
from src.generation.grounding import Gates, PromptTraces
from src.generation.sample_writer import WritingJob, write_samples
from src.utils.chunker import Passage
from src.utils.prompt_loader import read_prompt


@dataclass(frozen=True, slots=True)
class Brief:
    """What a mode wants written. ``values`` are the ``$names`` of its prompt that do not change from slot to slot;
    ``taken`` are questions that the dataset has already; without ``mixes_axes`` the prompt alone decides the kind."""

    prompt_name: str
    values: Mapping[str, str] = field(default_factory=dict)
    taken: Sequence[str] = ()
    mixes_axes: bool = True


async def write(agent: Agent, brief: Brief, passages: Sequence[Passage], size: int) -> Proposals:
    """Up to ``size`` samples written from ``passages``, and a Rejection for everything that came to nothing."""
    tools = agent.tools
    settings = tools.config
    gates = Gates(PromptTraces.of(read_prompt(tools.prompts, brief.prompt_name)))
    gates.take(brief.taken)
    job = WritingJob(
        model=agent.writer,
        prompts=tools.prompts,
        prompt_name=brief.prompt_name,
        temperature=settings.agent.create.temperature,
        seed=settings.system.seed,
        variety=settings.agent.create.variety,
        values=brief.values,
        mixes_axes=brief.mixes_axes,
    )
    async with aclosing(write_samples(agent.engine, job, passages, size, gates)) as proposals:
        async for proposal in proposals:
            yield proposal
