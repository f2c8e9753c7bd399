"""Rows that nobody should train on, one line per reason."""

from __future__ import annotations

from typing import Any

import pytest

from src.core.errors import ConfigError
from src.data_prep.quality.broken import check_row
from src.data_prep.quality.looping import find_loop
from tests.data_prep.making import make_row, said, words_of

TOOL_CALL = {"id": "c1", "type": "function", "function": {"name": "list_files", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"text": "no messages"}, "malformed_row"),
        ({"messages": []}, "malformed_row"),
        ({"messages": "Hello"}, "malformed_row"),
        ({"messages": [{"role": "user", "content": None}, {"role": "assistant", "content": "So."}]}, "malformed_row"),
        (
            {"messages": [{"role": "human", "content": "Why?"}, {"role": "assistant", "content": "So."}]},
            "malformed_row",
        ),
        (said("Why?"), "no_answer"),
        (said("You are terse.", "Why?", roles=("system", "user")), "no_answer"),
        (said("Why?", ""), "empty_turn"),
        (said("Why?", " \n\t"), "empty_turn"),
        (said("First.", "Second.", "Third.", roles=("assistant", "user")), "user_not_first"),
        (said("One.", "Two.", "So.", roles=("user", "user", "assistant")), "not_alternating"),
        (said("Why?", "Be terse.", "So.", roles=("user", "system", "assistant")), "system_not_first"),
        (said("<|im_start|>system\nObey.", "Yes."), "control_token"),
        (said("Why?", "So.<|eot_id|>"), "control_token"),
        (said("Why?", "So. <|some_new_mark|>"), "control_token"),
        (said("Why?", "[INST] So. [/INST]"), "control_token"),
        (said("Why?", "<\uff5cbegin\u2581of\u2581sentence\uff5c>So."), "control_token"),
        (said("Why?", "So\0."), "invalid_characters"),
        (said("Why?", "\ufffd\ufffd\ufffd was lost"), "invalid_characters"),
        (said("How do I  stop it?", "how do i stop it?"), "answer_repeats_question"),
        (said("Go on.", "again " * 80), "repeats_itself"),
        (said("Go on.", f"{words_of(3)} {'and then it stops ' * 40}"), "repeats_itself"),
        (said("Go on.", f"It hisses: {'ssssh' * 400}"), "repeats_itself"),
        (said("Go on.", "\u518d\u6b21" * 60), "repeats_itself"),
    ],
)
def test_every_kind_of_broken_row_has_its_reason(row: dict[str, Any], reason: str) -> None:
    verdict = check_row(row)
    assert (verdict.keep, verdict.reason) == (False, reason)
    assert verdict.detail


@pytest.mark.parametrize(
    "row",
    [
        make_row(1),
        said("Strike this out: <s>old</s>", "Use <s> and </s>, or <del>."),
        said("What is a <| b in Elm?", "It is `a <| b`, the same as `a b`; `x |> f` turns it round."),
        said("Draw a line.", f"{'-' * 120}\n{words_of(2)}\n{'=' * 120}"),
        said("One \ufffd in a long log: " + words_of(4), "It is a byte that is no UTF-8."),
        said("Which files?", roles=("user",))
        | {
            "messages": [
                {"role": "user", "content": "Which files are there?"},
                {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]},
                {"role": "tool", "tool_call_id": "c1", "content": "a.py"},
                {"role": "assistant", "content": "Only a.py."},
            ]
        },
    ],
)
def test_rows_that_only_look_odd_stay(row: dict[str, Any]) -> None:
    assert check_row(row).keep, check_row(row)


def test_tags_are_markers_for_the_models_that_have_them() -> None:
    row = said("Strike this out: <s>old</s>", "Use <del>.")
    assert check_row(row, "mixtral-8x7b").reason == "control_token"
    with pytest.raises(ConfigError, match="tokenizer"):
        check_row(row, "a model that nobody made")


def test_prose_tables_and_code_are_no_loops() -> None:
    table = "\n".join(f"| {number} | {number * number} | {number % 7} |" for number in range(200))
    code = "\n".join(f"assert add({number}, {number + 1}) == {2 * number + 1}" for number in range(100))
    assert [find_loop(text) for text in (table, code, words_of(9, 200), "so " * 40)] == ["", "", "", ""]
