"""How agents have samples written: by a model that follows a prompt, or, in demo quality, by one that cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from src.agents.base_agent import Agent, Proposals
from src.core.types import Rejection, Sample
from src.generation.answer_first.pairs import AnswerFirstSettings, write_pairs
from src.generation.grounding import Gates, PromptTraces, question_key
from src.generation.sample_writer import WritingJob, write_samples
from src.utils.chunker import Passage
from src.utils.prompt_loader import read_prompt


@dataclass(frozen=True, slots=True)
class Brief:
    """What a mode wants written.

    ``values`` are the ``$names`` of its prompt that do not change from slot to slot; ``taken`` are questions that the
    dataset has already; without ``mixes_axes`` the prompt alone decides the kind of sample; ``demo_note`` is what a
    reader of a demo sample must know beside its quality.
    """

    prompt_name: str
    values: Mapping[str, str] = field(default_factory=dict)
    taken: Sequence[str] = ()
    mixes_axes: bool = True
    demo_note: str = ""


async def write(agent: Agent, brief: Brief, passages: Sequence[Passage], size: int) -> Proposals:
    """Up to ``size`` samples written from ``passages``, and a Rejection for everything that came to nothing."""
    by_whom = _write_demo if agent.tools.demo_quality else _write_prompted
    async with aclosing(by_whom(agent, brief, passages, size)) as proposals:
        async for proposal in proposals:
            yield proposal


async def _write_prompted(agent: Agent, brief: Brief, passages: Sequence[Passage], size: int) -> Proposals:
    tools = agent.tools
    gates = Gates(PromptTraces.of(read_prompt(tools.prompts, brief.prompt_name)))
    gates.take(brief.taken)
    job = WritingJob(
        model=agent.writer,
        prompts=tools.prompts,
        prompt_name=brief.prompt_name,
        temperature=tools.config.agent.create.temperature,
        seed=tools.config.system.seed,
        variety=tools.config.agent.create.variety,
        values=brief.values,
        mixes_axes=brief.mixes_axes,
    )
    async with aclosing(write_samples(agent.engine, job, passages, size, gates)) as proposals:
        async for proposal in proposals:
            yield proposal


async def _write_demo(agent: Agent, brief: Brief, passages: Sequence[Passage], size: int) -> Proposals:
    settings = AnswerFirstSettings(
        seed=agent.tools.config.system.seed,
        temperature=agent.tools.config.agent.create.temperature,
        variety=agent.tools.config.agent.create.variety,
        prompts=agent.tools.prompts,
    )
    taken = {question_key(question) for question in brief.taken}
    labels = {"model": agent.writer.id, **({"note": brief.demo_note} if brief.demo_note else {})}
    missing = size
    # What repeats a taken question is refused here, so as many more may be needed from there.
    async with aclosing(write_pairs(passages, size + len(taken), agent.engine, agent.writer, settings)) as proposals:
        while missing > 0 and (proposal := await anext(proposals, None)) is not None:
            if isinstance(proposal, Sample) and question_key(proposal.messages[0].content) in taken:
                proposal = Rejection("duplicate_question", "", proposal, proposal.source_file, proposal.span)
            if isinstance(proposal, Sample):
                missing -= 1
                proposal = replace(proposal, metadata={**proposal.metadata, **labels})
            yield proposal
