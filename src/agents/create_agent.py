"""Create mode: new examples written from the passages of the documents, every passage its share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from src.agents.base_agent import Agent, Proposals, read_passages, require_passages
from src.agents.writing import Brief, write
from src.core.types import SourceDocument


class CreateAgent(Agent):
    """Questions and answers grounded in the passages."""

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """Up to ``size`` generated samples. Raises InputFileError when the documents hold no text."""
        passages = read_passages(documents)
        require_passages(passages, documents)
        brief = Brief("system/create_mode.txt")
        async with aclosing(write(self, brief, passages, size)) as proposals:
            async for proposal in proposals:
                yield proposal
