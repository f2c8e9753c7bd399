"""Thoughts of models and what they call tools with are no answer, and words about their tags are."""

from __future__ import annotations

from functools import partial

import pytest

from src.data_prep.chat_logs.thoughts import without_thoughts
from tests.growth import is_linear

CODE = "```xml\n<think>\nx\n</think>\n```"


@pytest.mark.parametrize(
    "text",
    [
        "<think>hidden</think>Use get.",
        "<think>\nhidden ``` `x\n</think>\n\nUse get.",
        '<think time="3">hidden</think>Use get.',
        "<thought>hidden</thought>Use get.",
        "<reasoning>hidden</reasoning>\nUse get.",
        "<think>hidden</think><think>hidden</think>\n\n<think>hidden</think>Use get.",
        "hidden: what do they want?\n</think>\n\nUse get.",
        "hidden</think>Use get.",
        "[THINK]hidden[/THINK]Use get.",
        '<details type="reasoning" done="true">\n<summary>hidden</summary>\n</details>\nUse get.',
        "<Thinking>hidden</Thinking>Use get.",
        "<thinking>hidden</thinking>\n\nUse get.",
        "<antThinking>hidden</antThinking>\nUse get.",
        '<tool_call>\n{"name": "hidden"}\n</tool_call>\nUse get.',
        '<function_calls>\n<invoke name="hidden">\n</invoke>\n</function_calls>\n\nUse get.',
        'Use get.\n\n<tool_call>\n{"name": "hidden", "argu',
        "Use get.\n<function_calls>\n<invoke name=",
        "<|channel|>analysis<|message|>hidden<|end|><|start|>assistant<|channel|>final<|message|>Use get.",
        "<|channel|>analysis<|message|>hidden<|end|><|channel|>final<|message|>Use get.<|return|>",
    ],
)
def test_thoughts_before_an_answer_go(text: str) -> None:
    assert without_thoughts(text) == "Use get."


def test_thoughts_between_two_paragraphs_go() -> None:
    assert without_thoughts("Use get.\n\n<think>hidden</think>\n\nOr in.") == "Use get.\n\nOr in."


@pytest.mark.parametrize(
    "text",
    ["<think>hidden", "[THINK]hidden", '<tool_call>{"name": "x"}</tool_call>', "<|channel|>analysis<|message|>hidden"],
)
def test_thoughts_alone_are_no_answer(text: str) -> None:
    assert without_thoughts(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Close it with `</think>`.",
        "It stands in <think>x</think> then.",
        "`<think>` opens it.",
        CODE,
        f"So:\n{CODE}\nThat is all.",
        "Use get.\n<think>and what it begins with",
        "a < b and list[0]",
        "<b>bold</b>\n\n  code",
        "The mark is <|channel|>.",
        "Close it with </tool_call> then.",
        "<think> marks where the reasoning begins. Set it off.",
        "It reasons first and then </think> before the answer.",
        'It looks so:\n<tool_call>\n{"name": "x"}\n</tool_call>\nand that is all.',
        "<Thoughts items={items}>\n  <p/>\n</Thoughts>",
        "See:\n\n<tool_use id=1>\n{}\nand then text",
        "Use get.\n<tool_call>\nis what opens it.",
        "It calls `<tool_call>`:\n```\n<tool_call>\n{}\n</tool_call>\n```",
    ],
)
def test_words_about_such_tags_stay(text: str) -> None:
    assert without_thoughts(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        "<think>",
        "\n<think>",
        "</think>",
        "[THINK]",
        "<think ",
        "`<think>",
        "<|channel|>a",
        "\n<tool_call>",
        "\n<tool_call>{",
    ],
)
def test_many_tags_take_no_more_time_than_their_share(unit: str) -> None:
    assert is_linear(lambda size: partial(without_thoughts, "Use " + unit * (size // len(unit))), 200_000, floor_s=0.3)
