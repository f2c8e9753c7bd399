"""Teachers write the answers of a set anew; each row says who wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from src.core.errors import ProviderError
from src.core.types import ChatRequest, Message, Role
from src.curation.models.asking import Models, slot_of
from src.curation.records import CuratedObject, is_talk
from src.curation.select.categories import classify
from src.curation.stages.shards import Outcome
from src.generation.engine import Engine
from src.generation.retry import rejection_reason
from src.generation.team import Member
from src.utils.prompt_loader import Prompt

DISTIL_PROMPT: Final = "curation/distill.txt"
_MAX_TOKENS: Final = 2048
_SCORES: Final = frozenset({"quality_score", "scores", "scored_by"})


class Distiller:
    """Asks the team, or the one member that a category is routed to. Which member a row belongs to is decided by its
    text and the weights alone."""

    def __init__(self, models: Models, team: Sequence[Member], routes: Mapping[str, Member], prompts: Path) -> None:
        """Raises ConfigError for a prompt that is missing or lost its names."""
        self._models = models
        self._team = models.engine(team)
        self._routed: dict[str, tuple[Engine, str]] = {
            category: (models.engine([member]), member.name) for category, member in routes.items()
        }
        self._first = team[0].name
        self._text = Prompt(prompts, DISTIL_PROMPT)

    def __call__(self, rows: Sequence[CuratedObject]) -> list[Outcome]:
        """Every row with its new answer; one without a usable answer is taken out with the reason."""
        return self._models.ask_all(self._team, rows, self._ask)

    async def _ask(self, row: CuratedObject) -> Outcome:
        engine, name = self._routed.get(classify(row), (self._team, self._first))
        request = ChatRequest(model="", messages=self._messages(row), temperature=0.7, max_tokens=_MAX_TOKENS)
        try:
            result = await engine.ask(request, slot_of("distil", row))
        except ProviderError as error:
            reason = rejection_reason(error)
            if reason is None:
                raise
            return Outcome(row, reason)
        if result.finish_reason == "length":
            return Outcome(row, "truncated_answer")
        if not result.text.strip():
            return Outcome(row, "empty_answer")
        return Outcome(_with_answer(row, result.text.strip(), result.teacher or name))

    def _messages(self, row: CuratedObject) -> tuple[Message, ...]:
        """What was asked: of a conversation, everything before its last answer."""
        if not is_talk(row):
            return (Message("user", self._text.fill(instruction=row["instruction"])),)
        return tuple(Message(_role(turn.get("role", "")), turn["content"]) for turn in row["messages"][:-1])


def _role(name: str) -> Role:
    return "assistant" if name == "assistant" else "system" if name == "system" else "user"


def _with_answer(row: CuratedObject, answer: str, teacher: str) -> CuratedObject:
    """A new answer has no score yet: the old one was for another text."""
    kept = {name: value for name, value in row.items() if name not in _SCORES}
    if is_talk(row):
        return {
            **kept,
            "messages": [*row["messages"][:-1], {**row["messages"][-1], "content": answer}],
            "teacher": teacher,
        }
    return {**kept, "response": answer, "teacher": teacher}
