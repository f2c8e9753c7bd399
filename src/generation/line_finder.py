"""Conversations that no rule could cut: a model names their lines, code cuts the text and rejects what is not there."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from src.core.types import ChatRequest, GenerationResult, Message, Rejection, SourceDocument, Span, WriterModel
from src.generation.answer_parser import ParseFailure
from src.generation.engine import Engine
from src.generation.json_repair import JsonError, read_values
from src.generation.reask import Question, Unusable, ask_and_parse
from src.utils.detection.types import Conversation, Turn
from src.utils.prompt_loader import render

RULE = "model_lines"
CONFIDENCE = 0.5
"""A model's opinion on what is a conversation; the text itself is verbatim all the same."""

MAX_WINDOW_CHARS = 12_000
_MAX_ANSWER_TOKENS = 4096

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "conversations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "turns": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "role": {"type": "string", "enum": ["user", "assistant"]},
                                "first_line": {"type": "integer"},
                                "last_line": {"type": "integer"},
                                "label": {"type": "string"},
                            },
                            "required": ["role", "first_line", "last_line", "label"],
                            "additionalProperties": False,
                        },
                    }
                },
                "required": ["turns"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["conversations"],
    "additionalProperties": False,
}


class _LineTurn(BaseModel):
    model_config = ConfigDict(strict=True)
    role: Literal["user", "assistant"]
    first_line: int = Field(ge=1)
    last_line: int = Field(ge=1)
    label: str = ""


class _LineConversation(BaseModel):
    model_config = ConfigDict(strict=True)
    turns: list[_LineTurn] = Field(min_length=1)


class _Answer(BaseModel):
    """What identify_mode.txt asks for."""

    model_config = ConfigDict(strict=True)
    conversations: list[_LineConversation]


@dataclass(frozen=True, slots=True)
class Finder:
    """The model that is asked, and how."""

    engine: Engine
    model: WriterModel
    prompts: Path
    min_turns: int

    async def find(self, document: SourceDocument) -> AsyncGenerator[Conversation | Rejection, None]:
        """The conversations of a document by the model's line numbers, window by window; a Rejection for every one
        that is not found exactly, and for a window without a usable answer.

        A window begins with the last turn found before, so that a dialogue across the border keeps its thread.
        """
        text = document.text
        lines = tuple(_lines(text))
        first = 0
        while first < len(lines):
            stop = _window_stop(lines, first)
            overlap = stop
            async for found in self._find_in(document, text, lines, first, stop):
                if isinstance(found, Conversation) and found.span.end >= lines[stop - 1].start:
                    overlap = _line_at(lines, found.turns[-1].pieces[0].start)
                yield found
            first = overlap if first < overlap < stop and stop < len(lines) else stop

    async def _find_in(
        self, document: SourceDocument, text: str, lines: tuple[Span, ...], first: int, stop: int
    ) -> AsyncGenerator[Conversation | Rejection, None]:
        numbered = "\n".join(
            f"{number + 1} {text[lines[number].start : lines[number].end]}" for number in range(first, stop)
        )
        prompt = render(self.prompts, "system/identify_mode.txt", min_turns=str(self.min_turns), lines=numbered)
        slot = f"identify/{document.sha256}/{first + 1}-{stop}"
        window = Span(lines[first].start, lines[stop - 1].end)
        answer = await ask_and_parse(self.engine, self.prompts, Question(slot, prompt, self._request), _parse)
        if isinstance(answer, Unusable):
            yield Rejection(answer.reason, answer.detail, None, document.name, window, answer.raw)
            return
        cut = partial(_cut, text, lines, range(first, stop), min_turns=self.min_turns)
        for claim in answer.value.conversations:
            found = cut(claim)
            if isinstance(found, Conversation):
                yield found
            else:
                yield Rejection(found, "", None, document.name, window, claim.model_dump_json())

    def _request(self, prompt: str, attempt: int) -> ChatRequest:
        return ChatRequest(
            model=self.model.id,
            messages=(Message("user", prompt),),
            temperature=0.0,
            max_tokens=min(_MAX_ANSWER_TOKENS, self.model.max_output_tokens),
            json_schema=SCHEMA,
            seed=attempt,
        )


def _parse(result: GenerationResult) -> _Answer | ParseFailure:
    if result.finish_reason == "length":
        return ParseFailure("truncated_answer", "it was cut off at the token limit")
    try:
        values = read_values(result.text)
        if len(values) != 1:
            return ParseFailure("malformed_answer", "it holds more than one JSON object")
        return _Answer.model_validate(values[0])
    except JsonError as error:
        return ParseFailure("malformed_answer", str(error))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return ParseFailure("malformed_answer", f"{'.'.join(map(str, first['loc'])) or 'the object'}: {first['msg']}")


def _cut(
    text: str, lines: tuple[Span, ...], window: range, claim: _LineConversation, *, min_turns: int
) -> Conversation | str:
    """The conversation that the line numbers name, or the reason why there is none."""
    if any(turn.first_line > turn.last_line or turn.first_line - 1 not in window for turn in claim.turns):
        return "lines_not_found"
    if any(turn.last_line - 1 not in window for turn in claim.turns):
        return "lines_not_found"
    if any(before.last_line >= after.first_line for before, after in pairwise(claim.turns)):
        return "turns_out_of_order"
    if len(claim.turns) < min_turns or {turn.role for turn in claim.turns} != {"user", "assistant"}:
        return "no_exchange"
    turns: list[Turn] = []
    for turn in claim.turns:
        piece = _cut_turn(text, lines, turn)
        if isinstance(piece, str):
            return piece
        turns.append(Turn(turn.role, turn.label, (piece,)))
    span = Span(lines[claim.turns[0].first_line - 1].start, turns[-1].pieces[-1].end)
    return Conversation(tuple(turns), span, None, RULE, CONFIDENCE)


def _cut_turn(text: str, lines: tuple[Span, ...], turn: _LineTurn) -> Span | str:
    start, end = lines[turn.first_line - 1].start, lines[turn.last_line - 1].end
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    if not text.startswith(turn.label.strip(), start):
        return "label_not_found"
    start += len(turn.label.strip())
    said = text[start:end]
    if not said.strip():
        return "empty_turn"
    return Span(start + len(said) - len(said.lstrip()), start + len(said.rstrip()))


def _lines(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield Span(start, end)
        start = end + 1


def _window_stop(lines: tuple[Span, ...], first: int) -> int:
    """The line after the window that begins with ``first``: as many whole lines as fit, at least one."""
    stop = first + 1
    while stop < len(lines) and lines[stop].end - lines[first].start <= MAX_WINDOW_CHARS:
        stop += 1
    return stop


def _line_at(lines: tuple[Span, ...], position: int) -> int:
    return next(number for number, line in enumerate(lines) if line.start <= position <= line.end)
