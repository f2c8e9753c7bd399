"""Documents, tools and answers for the tests of the agents, all in our own words."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from src.agents import load_agent
from src.agents.base_agent import AgentTools
from src.core.config import RunConfig, with_values
from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Mode, Rejection, Sample, Section, SourceDocument
from src.generation.engine import Engine
from src.persistence.journal import Journal
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S
from tests.truthful import in_form

PROMPTS = Path(__file__).parents[2] / "prompts"
WRITER = WriterModel("writer", 8000, 1000)

GUIDE = """# The tide mill

The mill at Heron Bay grinds flour with the tide. At high water a gate lets the sea into a pond of two hectares.

When the tide falls, the water leaves through the wheel. The wheel turns for about five hours after every high tide.
Its paddles are made of elm, which does not rot in salt water. A miller named Joan Pell ran the business until 1954.

# Visiting

The mill is open from April to October. Groups of more than twelve people book a guide in advance.
The ticket office stands beside the footbridge. Children receive a wooden token as a present.
Bread from the bakery is sold on Sunday mornings. Photographers need permission to bring a tripod.
"""
CHAT = """User: Does the mill still grind flour?
Assistant: Yes, on the first Sunday of every month.

User: Can I buy it?
Assistant: The shop sells it in bags of one kilogram.
"""
FAQ = """Q: Is there a car park?
A: There is one behind the dam, five minutes on foot.

Q: Are dogs allowed?
A: Yes, on a lead.

Q: Is the mill heated in winter?
A: No, bring a warm coat.

Q: Who owns the mill?
A: It belongs to the parish.
"""


def make_document(text: str, name: str = "mill.txt") -> SourceDocument:
    sections = tuple(
        Section(line, f"line {number}", "heading" if line.startswith("#") else "text", 1 if line.startswith("#") else 0)
        for number, line in enumerate(text.splitlines(keepends=True), start=1)
    )
    return SourceDocument(Path(name), name, sections, hashlib.sha256(text.encode()).hexdigest())


class PassageWriter(FakeProvider):
    """Answers every prompt with a pair that stands in its passage; questions differ by passage and number."""

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        prompt = request.messages[0].content
        return GenerationResult(answer_from(prompt, request.json_schema or {}), request.model)


def answer_from(prompt: str, schema: Mapping[str, Any]) -> str:
    passage = re.search(r"<passage>\n(.*?)\n</passage>", prompt, re.DOTALL)
    number = re.search(r"example number (\d+)", prompt)
    assert passage
    assert number
    sentences = re.findall(r"[^\W_][^.!?\n]{24,}[.!?]", passage.group(1))
    said = sentences[(int(number.group(1)) - 1) % len(sentences)]
    question = f"What is known about {' '.join(said.split()[:6])}?"
    pair = {"question": question, "answer": said}
    return json.dumps(in_form(pair, schema))


def make_tools(journal: Journal | None, provider: FakeProvider | None = None, /, **settings: Any) -> AgentTools:
    demo = settings.pop("demo_quality", False)
    ask = settings.pop("ask_instructions", None)
    prompts = settings.pop("prompts", PROMPTS)
    config = with_values(RunConfig(), {key.replace("__", "."): value for key, value in settings.items()})
    engine = None
    if provider is not None:
        assert journal is not None
        engine = Engine(provider, journal, max_retries=0, timeout_s=PATIENCE_S, concurrency=4)
    return AgentTools(config, prompts, engine, WRITER if engine else None, demo, ask)


def run(mode: Mode, tools: AgentTools, documents: Sequence[SourceDocument], size: int) -> list[Sample | Rejection]:
    async def collect() -> list[Sample | Rejection]:
        return [item async for item in load_agent(mode, tools).run(documents, size)]

    return asyncio.run(collect())


def samples(items: Sequence[Sample | Rejection]) -> list[Sample]:
    return [item for item in items if isinstance(item, Sample)]


def reasons(items: Sequence[Sample | Rejection]) -> Counter[str]:
    return Counter(item.reason for item in items if isinstance(item, Rejection))
