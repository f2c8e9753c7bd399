"""A model's text becomes a draft of one sample, or a reason why not; nothing is ever made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from src.core.types import GenerationResult, Message
from src.generation.json_repair import JsonError, read_values

Shape = Literal["pair", "turns"]
"""What is asked for: one question with its answer, or a conversation of several such turns."""

MAX_TURNS = 50

_PAIR_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "question": {"type": "string", "description": "what the user asks"},
        "answer": {"type": "string", "description": "what the assistant answers"},
    },
    "required": ["question", "answer"],
    "additionalProperties": False,
}
_SCHEMAS: Mapping[Shape, Mapping[str, Any]] = {
    "pair": _PAIR_SCHEMA,
    "turns": {
        "type": "object",
        "properties": {
            "turns": {"type": "array", "description": "the turns of the conversation in order", "items": _PAIR_SCHEMA}
        },
        "required": ["turns"],
        "additionalProperties": False,
    },
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A parsed answer: user and assistant in turn, every content stripped and not empty."""

    messages: tuple[Message, ...]

    @property
    def question(self) -> str:
        """All that the user says, one turn per line."""
        return "\n".join(turn.content for turn in self.messages if turn.role == "user")

    @property
    def answer(self) -> str:
        """All that the assistant says, one turn per line."""
        return "\n".join(turn.content for turn in self.messages if turn.role == "assistant")


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """Why an answer is no draft. ``reason`` is malformed_answer or truncated_answer; ``detail`` completes
    "The answer cannot be used: ..." for a person and for the model."""

    reason: Literal["malformed_answer", "truncated_answer"]
    detail: str


class _Pair(BaseModel):
    """One question and its answer, as the model wrote it; further names are of no interest."""

    model_config = ConfigDict(strict=True, str_strip_whitespace=True)
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)

    @field_validator("question", "answer")
    @classmethod
    def _storable(cls, value: str) -> str:
        if "\0" in value:
            raise ValueError("it holds a NUL character")
        return value

    def read_messages(self) -> tuple[Message, ...]:
        return (Message("user", self.question), Message("assistant", self.answer))


class _Turns(BaseModel):
    """A conversation as pairs: no order of roles that a model could get wrong."""

    model_config = ConfigDict(strict=True)
    turns: list[_Pair] = Field(min_length=1, max_length=MAX_TURNS)

    def read_messages(self) -> tuple[Message, ...]:
        return tuple(message for pair in self.turns for message in pair.read_messages())


class _ChatTurn(BaseModel):
    model_config = ConfigDict(strict=True, str_strip_whitespace=True)
    role: Literal["user", "assistant"]
    content: str = Field(min_length=1)


class _Chat(BaseModel):
    """The form that models know best and fall back to when no schema binds them."""

    model_config = ConfigDict(strict=True)
    messages: list[_ChatTurn] = Field(min_length=2, max_length=2 * MAX_TURNS)

    @model_validator(mode="after")
    def _alternate(self) -> _Chat:
        wanted = ["user", "assistant"] * (len(self.messages) // 2)
        if [turn.role for turn in self.messages] != wanted:
            raise ValueError("user and assistant must take turns, the user first and the assistant last")
        return self

    def read_messages(self) -> tuple[Message, ...]:
        return tuple(Message(turn.role, turn.content) for turn in self.messages)


def answer_schema(shape: Shape) -> Mapping[str, Any]:
    """The JSON schema of an answer, within what every provider's constrained output understands."""
    return _SCHEMAS[shape]


def parse_answer(result: GenerationResult) -> Draft | ParseFailure:
    """Read one sample out of a model's answer.

    An answer that ended at the token limit is never taken, however whole it looks. Either shape is accepted whichever
    was asked for: both are conversations.
    """
    if result.finish_reason == "length":
        return ParseFailure("truncated_answer", "it was cut off at the token limit")
    if not result.text.strip():
        return ParseFailure("malformed_answer", "it is empty")
    try:
        found = [_unwrap(value) for value in read_values(result.text)]
    except JsonError as error:
        return ParseFailure("malformed_answer", str(error))
    drafts = [_read_draft(value) for value in found]
    good = [draft for draft in drafts if isinstance(draft, Draft)]
    if len(good) > 1:
        return ParseFailure("malformed_answer", "it holds more than one JSON object")
    return good[0] if good else drafts[0]


def _unwrap(value: Any) -> Any:
    """The only element of a list of one: some models put every answer into a list."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _read_draft(value: Any) -> Draft | ParseFailure:
    if not isinstance(value, dict):
        return ParseFailure("malformed_answer", "it is not one JSON object")
    model: type[_Pair | _Turns | _Chat] = _Turns if "turns" in value else _Chat if "messages" in value else _Pair
    try:
        return Draft(model.model_validate(value).read_messages())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the object"
        return ParseFailure("malformed_answer", f"{where}: {first['msg'].removeprefix('Value error, ')}")
