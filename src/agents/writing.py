"""How agents have samples written: by a model that follows a prompt, or, in demo quality, by one that cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path

from src.agents.base_agent import Agent, AgentTools, Proposals
from src.agents.plans import plan_rules
from src.core.types import Rejection, Sample
from src.generation.answer_first.pairs import AnswerFirstSettings, write_pairs
from src.generation.diversity import Admitted
from src.generation.exchanges import Exchange, Exchanges, exchanges_of
from src.generation.gates.admission import GateMode, Gates
from src.generation.gates.leakage import PromptTraces
from src.generation.sample_writer import WritingJob, write_samples
from src.generation.task_prompts import all_prompt_text
from src.utils.chunker import Passage
from src.utils.prompt_loader import read_prompt


@dataclass(frozen=True, slots=True)
class Brief:
    """What a mode wants written.

    ``values`` are the ``$names`` of its prompt that do not change from slot to slot; ``taken`` are questions that the
    dataset has already, and ``extracted`` what it has word for word from its documents; without ``mixes_axes`` the
    prompt alone decides the kind of sample; ``gates`` says what becomes of a sample that a gate objects to;
    ``demo_note`` is what a reader of a demo sample must know beside its quality.
    """

    prompt_name: str
    values: Mapping[str, str] = field(default_factory=dict)
    taken: Sequence[str] = ()
    extracted: Sequence[Exchange] = ()
    mixes_axes: bool = True
    gates: GateMode = "strict"
    demo_note: str = ""


async def write(agent: Agent, brief: Brief, passages: Sequence[Passage], size: int) -> Proposals:
    """Up to ``size`` samples written from ``passages``, and a Rejection for everything that came to nothing."""
    by_whom = _write_demo if agent.tools.demo_quality else _write_prompted
    async with aclosing(by_whom(agent, brief, passages, size)) as proposals:
        async for proposal in proposals:
            yield proposal


def open_gates(prompts: Path, brief: Brief, passages: Sequence[Passage]) -> Gates:
    """The gates of a run, which know its prompts, its passages and the questions that are taken."""
    traces = PromptTraces.of(_prompt_text(prompts, brief))
    # instructions of the owner may ask for another language than that of the documents
    gates = Gates(traces, passages, brief.gates, any_language=not brief.mixes_axes)
    gates.take(brief.taken)
    return gates


def writing_job(agent: Agent, brief: Brief) -> WritingJob:
    """How the model of a run is asked. Raises ConfigError as ``plan_rules`` does."""
    tools = agent.tools
    return WritingJob(
        model=agent.writer,
        prompts=tools.prompts,
        prompt_name=brief.prompt_name,
        temperature=tools.config.agent.create.temperature,
        rules=plan_rules(tools.config, tools.prompts, mixes=brief.mixes_axes),
        values=brief.values,
        on_plan=agent.take_plan,
        judge=tools.judge if brief.mixes_axes else None,
        exchanges=Exchanges(brief.extracted),
        refuse=tools.refuse,
    )


async def _write_prompted(agent: Agent, brief: Brief, passages: Sequence[Passage], size: int) -> Proposals:
    gates, job = open_gates(agent.tools.prompts, brief, passages), writing_job(agent, brief)
    async with aclosing(write_samples(agent.engine, job, passages, size, gates)) as proposals:
        async for proposal in proposals:
            yield proposal


def _prompt_text(prompts: Path, brief: Brief) -> str:
    return (all_prompt_text if brief.mixes_axes else read_prompt)(prompts, brief.prompt_name)


def _write_demo(agent: Agent, brief: Brief, passages: Sequence[Passage], size: int) -> Proposals:
    return write_demo(agent, brief, passages, size, demo_settings(agent.tools))


def demo_settings(tools: AgentTools) -> AnswerFirstSettings:
    """How the embedded model is asked."""
    return AnswerFirstSettings(
        seed=tools.config.system.seed,
        temperature=tools.config.agent.create.temperature,
        variety=tools.config.agent.create.variety,
        prompts=tools.prompts,
    )


async def write_demo(
    agent: Agent, brief: Brief, passages: Sequence[Passage], size: int, settings: AnswerFirstSettings
) -> Proposals:
    """As ``write`` in demo quality, after ``settings``."""
    admitted, exchanges = Admitted(), Exchanges(brief.extracted)
    for question in brief.taken:
        admitted.add(question)
    labels = {"model": agent.writer.id, **({"note": brief.demo_note} if brief.demo_note else {})}
    missing = size
    # What repeats a taken question or an extracted answer is refused here, so as many more may be needed from there.
    most = size + len(brief.taken) + len(brief.extracted)
    async with aclosing(write_pairs(passages, most, agent.engine, agent.writer, settings)) as proposals:
        while missing > 0 and (proposal := await anext(proposals, None)) is not None:
            if isinstance(proposal, Sample):
                proposal = _reject_taken(proposal, admitted, exchanges)
            if isinstance(proposal, Sample):
                missing -= agent.tools.refuse(proposal) is None
                proposal = replace(proposal, metadata={**proposal.metadata, **labels})
            yield proposal


def _reject_taken(sample: Sample, admitted: Admitted, exchanges: Exchanges) -> Sample | Rejection:
    verdict = admitted.find(sample.messages[0].content)
    if verdict.keep:
        verdict = exchanges.find(exchanges_of(sample.messages))
    if verdict.keep:
        return sample
    return Rejection(verdict.reason, verdict.detail, sample, sample.source_file, sample.span)
