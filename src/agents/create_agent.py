"""Create mode: new examples written from the passages of the documents, every passage its share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from src.agents.base_agent import Agent, Proposals, read_passages, require_passages
from src.agents.plans import preview_plan
from src.agents.writing import Brief, write
from src.core.types import SourceDocument
from src.generation.planning.summary import PlanSummary
from src.utils.chunker import Passage


class CreateAgent(Agent):
    """Questions and answers grounded in the passages."""

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """Up to ``size`` generated samples. Raises InputFileError when the documents hold no text."""
        passages = _read(documents)
        brief = Brief("system/create_mode.txt", gates=self.tools.config.agent.create.gates)
        async with aclosing(write(self, brief, passages, size)) as proposals:
            async for proposal in proposals:
                yield proposal

    async def preview(self, documents: Sequence[SourceDocument], size: int) -> PlanSummary:
        """The plan of a run."""
        return preview_plan(self.tools, _read(documents), size)


def _read(documents: Sequence[SourceDocument]) -> tuple[Passage, ...]:
    passages = read_passages(documents)
    require_passages(passages, documents)
    return passages
