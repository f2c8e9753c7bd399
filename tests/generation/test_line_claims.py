"""A model names lines; code cuts them and trusts nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from src.core.types import GenerationResult, Span
from src.generation.answer_parser import ParseFailure
from src.generation.line_claims import LINE_SCHEMA, LineAnswer, LineConversation, cut_claim, parse_claims
from src.utils.detection.types import Conversation

TEXT = "A visit\n  Mira: When do you open?\nAt nine.\n\nJon — We close at five.\n   \nEnd\n"
LINES = (Span(0, 7), Span(8, 33), Span(34, 42), Span(43, 43), Span(44, 67), Span(68, 71), Span(72, 75))
PROMPT = Path(__file__).parents[2] / "prompts" / "system" / "identify_mode.txt"


def turn(role: str, first: int, last: int, label: str = "") -> dict[str, Any]:
    return {"role": role, "first_line": first, "last_line": last, "label": label}


def cut(*turns: dict[str, Any], min_turns: int = 2, window: range = range(7)) -> Conversation | str:
    return cut_claim(TEXT, LINES, window, LineConversation.model_validate({"turns": list(turns)}), min_turns=min_turns)


def test_turns_are_cut_out_of_the_text_without_their_labels() -> None:
    found = cut(turn("user", 2, 2, "Mira:"), turn("assistant", 3, 5))
    assert isinstance(found, Conversation)
    contents = [[TEXT[start:end] for start, end in one.pieces] for one in found.turns]
    assert contents == [["When do you open?"], ["At nine.\n\nJon — We close at five."]]
    assert TEXT[found.span.start : found.span.end].startswith("  Mira")


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([turn("user", 2, 2, "Mara:"), turn("assistant", 3, 3)], "label_not_found"),
        ([turn("user", 2, 2), turn("assistant", 8, 8)], "lines_not_found"),
        ([turn("user", 3, 2), turn("assistant", 5, 5)], "lines_not_found"),
        ([turn("user", 2, 3), turn("assistant", 3, 5)], "turns_out_of_order"),
        ([turn("assistant", 5, 5), turn("user", 2, 2)], "turns_out_of_order"),
        ([turn("user", 2, 2), turn("assistant", 4, 4)], "empty_turn"),
        ([turn("user", 2, 2), turn("user", 3, 3)], "no_exchange"),
        ([turn("user", 2, 2)], "no_exchange"),
    ],
)
def test_a_claim_that_does_not_hold_has_a_reason(turns: list[dict[str, Any]], reason: str) -> None:
    assert cut(*turns) == reason


def test_lines_outside_of_the_window_were_never_shown() -> None:
    assert cut(turn("user", 2, 2), turn("assistant", 5, 5), window=range(3)) == "lines_not_found"


def test_a_conversation_shorter_than_asked_for_is_none() -> None:
    assert cut(turn("user", 2, 2), turn("assistant", 3, 3), min_turns=3) == "no_exchange"


@pytest.mark.parametrize(
    "text", ["", "no", "[]", '{"conversations": [{"turns": []}]}', '{"conversations": {}}', '{"a": 1}{"b": 2}']
)
def test_an_answer_of_another_form_is_a_failure(text: str) -> None:
    found = parse_claims(GenerationResult(text, "m"))
    assert isinstance(found, ParseFailure)
    assert found.reason == "malformed_answer"


def test_a_cut_answer_is_a_failure_of_its_own() -> None:
    found = parse_claims(GenerationResult('{"conversations": []}', "m", finish_reason="length"))
    assert isinstance(found, ParseFailure)
    assert found.reason == "truncated_answer"


def test_the_example_of_the_prompt_is_an_answer_of_the_form() -> None:
    example = next(line for line in PROMPT.read_text(encoding="utf-8").splitlines() if line.startswith("{"))
    assert isinstance(parse_claims(GenerationResult(example, "m")), LineAnswer)


def test_every_field_of_the_schema_stands_in_the_prompt() -> None:
    def names(schema: Any) -> set[str]:
        if not isinstance(schema, dict):
            return set()
        return set(schema.get("properties", {})).union(*(names(value) for value in schema.values()))

    prompt = PROMPT.read_text(encoding="utf-8")
    assert names(LINE_SCHEMA) == {"conversations", "turns", "role", "first_line", "last_line", "label"}
    for name in names(LINE_SCHEMA):
        assert f'"{name}":' in prompt


def test_the_schema_and_the_reader_agree() -> None:
    whole = {"conversations": [{"turns": [turn("user", 1, 1, "x"), turn("assistant", 2, 2)]}]}
    assert isinstance(parse_claims(GenerationResult(json.dumps(whole), "m")), LineAnswer)
