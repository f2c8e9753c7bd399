"""A run that kept nothing says what to do about what most of its proposals failed for."""

from __future__ import annotations

import pytest

from src.generation.advice import advise


@pytest.mark.parametrize(
    ("mode", "rejected", "said"),
    [
        ("create", {"judge_objects": 9, "truncated_answer": 2}, "agent.create.judge"),
        ("create", {"truncated_answer": 5}, "output limit"),
        ("create", {"refused": 5, "duplicate": 1}, "refused"),
        ("create", {"no_usable_fact": 7}, "English sentences only"),
        ("hybrid", {"prompt_too_long": 2}, "context window"),
        ("create", {"name_not_in_source": 3, "number_not_in_source": 3}, "the documents do not"),
        ("create", {"private_data": 3}, "redact"),
        ("create", {"too_few_turns": 9, "refused": 1}, "running text"),
        ("create", {}, "running text"),
        ("identify", {}, "dialogues"),
        ("free", {"too_few_turns": 4}, "prompts/free_mode/prompt.txt"),
    ],
)
def test_the_way_out_fits_the_cause(mode: str, rejected: dict[str, int], said: str) -> None:
    assert said in advise(mode, rejected)
