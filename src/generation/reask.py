"""One question, at most two paid answers: the second is told what was wrong with the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult
from src.generation.answer_parser import ParseFailure
from src.generation.engine import Engine
from src.generation.retry import rejection_reason
from src.utils.prompt_loader import render

ASK_AGAIN = "system/ask_again.txt"
ATTEMPTS = 2
"""Answers that one question may cost at most: see ask_and_parse."""

_Parsed = TypeVar("_Parsed")


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask. ``request`` builds the request from the text of the prompt and the attempt (0 or 1)."""

    slot: str
    prompt: str
    request: Callable[[str, int], ChatRequest]


@dataclass(frozen=True, slots=True)
class Parsed(Generic[_Parsed]):
    """An answer that could be read, and the answer as it came."""

    value: _Parsed
    result: GenerationResult


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a question has no answer that can be used; ``raw`` is the last text that came. ``may_ask_again``: the model
    might do better when told what was wrong."""

    reason: str
    detail: str
    raw: str = ""
    may_ask_again: bool = False


async def ask_and_parse(
    engine: Engine, prompts: Path, question: Question, parse: Callable[[GenerationResult], _Parsed | ParseFailure]
) -> Parsed[_Parsed] | Unusable:
    """Ask, parse, and ask once more when a paid answer was malformed. A truncated one would only be cut off again.

    Raises the ProviderError that ends the run; one that concerns this question only becomes Unusable.
    """
    first = await _ask(engine, question, question.prompt, 0, parse)
    if not isinstance(first, Unusable) or not first.may_ask_again:
        return first
    again = render(prompts, ASK_AGAIN, prompt=question.prompt, problem=first.detail)
    return await _ask(engine, question, again, 1, parse)


async def _ask(
    engine: Engine,
    question: Question,
    prompt: str,
    attempt: int,
    parse: Callable[[GenerationResult], _Parsed | ParseFailure],
) -> Parsed[_Parsed] | Unusable:
    try:
        result = await engine.ask(question.request(prompt, attempt), question.slot, attempt)
    except ProviderError as error:
        reason = rejection_reason(error)
        if reason is None:
            raise
        # what was not paid for (a gateway's page) has been tried again already
        return Unusable(reason, str(error), may_ask_again=error.kind == "malformed" and error.usage is not None)
    found = parse(result)
    if isinstance(found, ParseFailure):
        return Unusable(found.reason, found.detail, result.text, found.reason != "truncated_answer")
    return Parsed(found, result)
