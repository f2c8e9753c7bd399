"""Fakes at our own interfaces: a provider that hands out queued answers and records what it was asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult, Message, ProviderName, Sample, Span, Usage
from src.providers.base_provider import BaseProvider


class FakeProvider(BaseProvider):
    """Answers from a queue; an exception in the queue is raised. With ``forever`` the last answer repeats."""

    name: ClassVar[ProviderName] = "openai"

    def __init__(
        self, answers: Iterable[str | GenerationResult | ProviderError] = (), *, forever: bool = False
    ) -> None:
        super().__init__()
        self.answers = list(answers)
        self.requests: list[ChatRequest] = []
        self.forever = forever
        self.closed = False

    def format_example(self, sample: Sample) -> dict[str, Any]:
        return {"messages": [{"role": turn.role, "content": turn.content} for turn in sample.messages]}

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        if not self.answers:
            raise AssertionError(f"no answer queued for request {len(self.requests)}")
        answer = self.answers[0] if self.forever and len(self.answers) == 1 else self.answers.pop(0)
        if isinstance(answer, ProviderError):
            raise answer
        if isinstance(answer, str):
            return GenerationResult(text=answer, model=request.model, usage=Usage(10, 5))
        return answer

    async def aclose(self) -> None:
        self.closed = True


def make_sample(
    question: str = "What is a kiln?",
    answer: str = "An oven that fires clay.",
    *,
    source: str = "pottery.txt",
    keywords: tuple[str, ...] = ("kiln", "clay"),
    group: str = "",
    span: Span | None = None,
    **metadata: Any,
) -> Sample:
    """A two-turn generated sample; change what the test is about."""
    return Sample(
        messages=(Message("user", question), Message("assistant", answer)),
        origin="generated",
        source_file=source,
        span=span,
        topic_keywords=keywords,
        group=group,
        metadata=metadata,
    )
