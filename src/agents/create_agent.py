"""Create mode: new examples written from the passages of the documents, every passage its share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from src.agents.base_agent import Agent, Proposals, find_too_short, read_passages, require_passages
from src.agents.plans import preview_plan
from src.agents.writing import Brief, write
from src.core.config import RunConfig
from src.core.types import SourceDocument
from src.generation.planning.summary import PlanSummary
from src.utils.chunker import Passage


class CreateAgent(Agent):
    """Questions and answers grounded in the passages."""

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """Up to ``size`` generated samples. Raises InputFileError when the documents hold no text."""
        passages = read_all(documents)
        self.too_short = find_too_short(documents, passages)
        async with aclosing(write(self, create_brief(self.tools.config), passages, size)) as proposals:
            async for proposal in proposals:
                yield proposal

    async def preview(self, documents: Sequence[SourceDocument], size: int) -> PlanSummary:
        """The plan of a run."""
        passages = read_all(documents)
        return preview_plan(self.tools, passages, size, too_short=find_too_short(documents, passages))


def create_brief(config: RunConfig) -> Brief:
    """What create mode wants written."""
    return Brief("system/create_mode.txt", gates=config.agent.create.gates)


def read_all(documents: Sequence[SourceDocument]) -> tuple[Passage, ...]:
    """The passages that samples are written from. Raises InputFileError when the documents hold no text."""
    passages = read_passages(documents)
    require_passages(passages, documents)
    return passages
