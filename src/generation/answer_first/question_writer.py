"""Has a small model put one fact into a question: several tries, each one checked, the best one kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import NamedTuple

from src.core.errors import ProviderError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, Message, Verdict
from src.generation.answer_first.context import without_context
from src.generation.answer_first.embedder import Embedder
from src.generation.answer_first.facts import Fact
from src.generation.answer_first.question_checks import Draft, check_question, question_key, rate_question
from src.generation.answer_first.question_grammar import build_grammar
from src.generation.answer_first.question_parts import Target
from src.generation.answer_first.retrieval import Bm25
from src.generation.engine import Engine
from src.utils.prompt_loader import read_prompt, render

PROMPT = "local/question.txt"
MIN_COSINE = 0.65
GOOD_RATING = 0.9
"""A question this good ends the search: a further try costs half a second and rarely finds a better one."""

_MAX_TOKENS = 64
_LOST_ANSWER = ("malformed", "truncated", "refused")


class Written(NamedTuple):
    """What became of one fact: the question, or "" with the reason that most tries failed for and what they wrote."""

    question: str
    kind: str
    kinds_tried: frozenset[str]
    reason: str = ""
    tries: tuple[str, ...] = ()


@dataclass(slots=True)
class QuestionWriter:
    """Asks the model for questions. ``tries`` is how many candidates a target gets, ``seed`` makes them repeatable."""

    engine: Engine
    writer: WriterModel
    prompts: Path
    seed: int
    temperature: float
    tries: int
    facts: Sequence[Fact]
    embedder: Embedder | None = None
    _examples: frozenset[str] = field(init=False)
    _index: Bm25 = field(init=False)

    def __post_init__(self) -> None:
        lines = read_prompt(self.prompts, PROMPT).splitlines()
        questions = (line.removeprefix("Question:").strip() for line in lines if line.startswith("Question:"))
        self._examples = frozenset(question_key(question) for question in questions if question)
        self._index = Bm25([fact.text for fact in self.facts])

    async def write(self, number: int, targets: Sequence[Target]) -> Written:
        """A question for fact ``number`` that passes every check, for the first of its ``targets`` that gives one."""
        failures: Counter[str] = Counter()
        seen: list[str] = []
        for count, target in enumerate(targets, start=1):
            question = await self._write_one(number, target, failures, seen)
            if question:
                return Written(question, target.kind, frozenset(tried.kind for tried in targets[:count]))
        reason = max(failures, key=lambda name: failures[name], default="no_question")
        return Written("", "", frozenset(target.kind for target in targets), reason, tuple(dict.fromkeys(seen)))

    async def _write_one(self, number: int, target: Target, failures: Counter[str], seen: list[str]) -> str:
        """The best question of several tries for one target; "" when none passes."""
        fact = self.facts[number]
        best, best_rating = "", float("-inf")
        for attempt in range(self.tries if self.temperature > 0 else 1):
            question = await self._ask(number, target, attempt)
            seen.append(question)
            draft = Draft(question, fact.text, topic_of(fact), target)
            verdict = self._check(draft, number)
            if not verdict.keep:
                failures[verdict.reason] += 1
                continue
            rating = rate_question(draft)
            if rating > best_rating:
                best, best_rating = question, rating
            if rating >= GOOD_RATING:
                break
        return best

    async def _ask(self, number: int, target: Target, attempt: int) -> str:
        fact = self.facts[number]
        prompt = render(self.prompts, PROMPT, topic=topic_of(fact), fact=fact.text)
        slot = f"answer_first/{fact.passage.id}/{fact.span.start}-{fact.span.end}/{target.kind}"
        request = ChatRequest(
            model=self.writer.id,
            messages=(Message("user", prompt.rstrip()),),
            temperature=self.temperature,
            max_tokens=_MAX_TOKENS,
            seed=_derive_seed(self.seed, slot, attempt),
            style="completion",
            grammar=build_grammar(target),
        )
        try:
            result = await self.engine.ask(request, slot, attempt)
        except ProviderError as error:
            if error.kind in _LOST_ANSWER:
                return ""
            raise
        return " ".join(result.text.split()) if result.finish_reason == "stop" else ""

    def _check(self, draft: Draft, number: int) -> Verdict:
        if not draft.question:
            return Verdict(False, "no_question")
        verdict = check_question(draft, self._examples)
        if not verdict.keep:
            return verdict
        asked = without_context(draft.question, draft.target)
        if not self._index.leads_to(asked, number):
            return Verdict(False, "leads_elsewhere")
        if self.embedder is not None and self.embedder.cosine(asked, draft.fact) < MIN_COSINE:
            return Verdict(False, "leads_elsewhere")
        return verdict


def topic_of(fact: Fact) -> str:
    """The nearest heading of a fact, else the name of its file."""
    heading = fact.passage.heading.rpartition(" > ")[2].strip()
    return heading or PurePath(fact.passage.source_file).stem.replace("_", " ").replace("-", " ")


def _derive_seed(seed: int, slot: str, attempt: int) -> int:
    digest = hashlib.sha256(f"{seed}/{slot}/{attempt}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF
