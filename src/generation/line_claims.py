"""What a model says of the lines of a document: the schema of its answer, and the cut that trusts none of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from src.core.types import GenerationResult, Span
from src.generation.answer_parser import ParseFailure
from src.generation.json_repair import JsonError, read_values
from src.utils.detection.types import Conversation, Turn

RULE = "model_lines"
CONFIDENCE = 0.5
"""A model's opinion on what is a conversation; the text itself is verbatim all the same."""

LINE_SCHEMA: Mapping[str, Any] = {
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


class LineTurn(BaseModel):
    """One turn by the numbers of its first and last line (from 1), and the text that names its speaker."""

    model_config = ConfigDict(strict=True)
    role: Literal["user", "assistant"]
    first_line: int = Field(ge=1)
    last_line: int = Field(ge=1)
    label: str = ""


class LineConversation(BaseModel):
    """One conversation that the model claims to see."""

    model_config = ConfigDict(strict=True)
    turns: list[LineTurn] = Field(min_length=1)


class LineAnswer(BaseModel):
    """What identify_mode.txt asks for."""

    model_config = ConfigDict(strict=True)
    conversations: list[LineConversation]


def parse_claims(result: GenerationResult) -> LineAnswer | ParseFailure:
    """Read the claims out of a model's answer."""
    if result.finish_reason == "length":
        return ParseFailure("truncated_answer", "it was cut off at the token limit")
    try:
        values = read_values(result.text)
        if len(values) != 1:
            return ParseFailure("malformed_answer", "it holds more than one JSON object")
        return LineAnswer.model_validate(values[0])
    except JsonError as error:
        return ParseFailure("malformed_answer", str(error))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return ParseFailure("malformed_answer", f"{'.'.join(map(str, first['loc'])) or 'the object'}: {first['msg']}")


def cut_claim(
    text: str, lines: tuple[Span, ...], window: range, claim: LineConversation, *, min_turns: int
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
    return Conversation(tuple(turns), span, None, RULE, CONFIDENCE, Span(0, len(text)))


def _cut_turn(text: str, lines: tuple[Span, ...], turn: LineTurn) -> Span | str:
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
