"""A stand-in for the local model: obeys the grammar of a request, takes the first form and every word it may."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from src.core.types import ChatRequest, GenerationResult, ProviderName, Sample, Usage
from src.providers.base_provider import BaseProvider


def longest_answer(grammar: str) -> str:
    """The text of the first alternative of ``root``, with all its optional parts, and what follows the alternatives."""
    alternatives, _, closer = grammar.removeprefix("root ::= (").rpartition(") ")
    first = alternatives.partition(" | ")[0]
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', f"{first} {closer}")).replace('\\"', '"')


class GrammarProvider(BaseProvider):
    """Answers by the grammar; ``spoil`` are questions that it turns into something useless."""

    name: ClassVar[ProviderName] = "local"

    def __init__(self, spoil: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.spoil = spoil
        self.requests: list[ChatRequest] = []

    def format_example(self, sample: Sample) -> dict[str, Any]:
        return {"messages": [{"role": turn.role, "content": turn.content} for turn in sample.messages]}

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        text = longest_answer(request.grammar)
        if any(part in text for part in self.spoil):
            text = " What is it?"
        return GenerationResult(text=text, model=request.model, usage=Usage(10, 5))
