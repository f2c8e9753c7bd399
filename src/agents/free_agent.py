"""Free mode: the user says what every sample should be; form, gates and coverage stay those of the house."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

from src.agents.base_agent import Agent, AgentTools, Proposals, find_too_short, read_passages, require_passages
from src.agents.plans import preview_plan
from src.agents.writing import Brief, write
from src.core.config import RunConfig
from src.core.errors import ConfigError, InputFileError
from src.core.types import SourceDocument, Span
from src.generation.planning.summary import PlanSummary
from src.utils.chunker import Passage
from src.utils.prompt_loader import INSTRUCTIONS, read_prompt

_DEMO_NOTE = "The embedded local model cannot follow instructions: yours were not used for this sample."
_NO_PASSAGE = Passage("", "", Span(0, 0), "", "", "instructions")


class FreeAgent(Agent):
    """Samples after the user's own instructions, from the passages of the documents or from nothing."""

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """Up to ``size`` generated samples. Without documents the instructions alone are the source, and no gate can
        compare an answer with one. Raises ConfigError when there are no instructions."""
        brief = free_brief(self.tools)
        passages = free_passages(documents)
        self.too_short = find_too_short(documents, passages)
        if passages == (_NO_PASSAGE,) and self.tools.demo_quality:
            raise InputFileError(
                "The embedded local model can only write about documents, and there are none.",
                fix="Put documents into the input folder, or a key of openai, anthropic, google, mistral or llama "
                "into .env: these write from instructions alone.",
            )
        async with aclosing(write(self, brief, passages, size)) as proposals:
            async for proposal in proposals:
                yield proposal

    async def preview(self, documents: Sequence[SourceDocument], size: int) -> PlanSummary:
        """The plan of a run: only how often each passage is written about, the instructions say the rest."""
        passages = free_passages(documents)
        too_short = find_too_short(documents, passages)
        return preview_plan(self.tools, passages, size, mixes=False, too_short=too_short)


def free_brief(tools: AgentTools) -> Brief:
    """What free mode wants written. Raises ConfigError when there are no instructions."""
    return Brief(
        "system/free_mode.txt",
        {"instructions": _read_instructions(tools)},
        mixes_axes=False,
        gates=tools.config.agent.free.gates,
        demo_note=_DEMO_NOTE,
    )


def free_passages(documents: Sequence[SourceDocument]) -> tuple[Passage, ...]:
    """The passages of the documents; without text a single empty one: the instructions alone are the source. Raises
    InputFileError when there is text, but too little to write about: it must not pass for a source."""
    if not any(section.text.strip() for document in documents for section in document.sections):
        return (_NO_PASSAGE,)
    passages = read_passages(documents)
    require_passages(passages, documents)
    return passages


def _read_instructions(tools: AgentTools) -> str:
    require_instructions(tools.config, tools.prompts, can_ask=tools.ask_instructions is not None)
    if _stand_in_file(tools.config, tools.prompts) or tools.ask_instructions is None:
        return read_prompt(tools.prompts, INSTRUCTIONS).strip()
    typed = tools.ask_instructions().strip()
    if not typed:
        raise ConfigError(
            "Free mode needs instructions, and none were typed.",
            fix=f"Type what every sample should be, or write it into prompts/{INSTRUCTIONS}.",
        )
    return typed


def require_instructions(config: RunConfig, prompts: Path, *, can_ask: bool) -> None:
    """Raises ConfigError when free mode would have no instructions: no file that it may read, and nobody to type them.
    Asks nobody, so that it can be called before anything else is done."""
    if _stand_in_file(config, prompts):
        read_prompt(prompts, INSTRUCTIONS)
    elif not can_ask and config.agent.free.use_prompt_file:
        raise ConfigError(
            f"Free mode needs instructions, and prompts/{INSTRUCTIONS} is not there.",
            fix="Write them into that file, or set agent.free.use_prompt_file: false and type them in the menu (2).",
        )
    elif not can_ask:
        raise ConfigError(
            "Free mode needs instructions, and nobody is here to type them.",
            fix=f"Write them into prompts/{INSTRUCTIONS} (agent.free.use_prompt_file: true), or use the menu.",
        )


def _stand_in_file(config: RunConfig, prompts: Path) -> bool:
    return config.agent.free.use_prompt_file and (prompts / INSTRUCTIONS).exists()
