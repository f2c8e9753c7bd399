"""What stands in the examples of the tasks is known whatever its field is called: a copy of it is no sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.leakage import PromptTraces
from src.generation.task_prompts import all_prompt_text

PROMPTS = Path(__file__).parents[3] / "prompts"
TRACES = PromptTraces.of(all_prompt_text(PROMPTS, "system/create_mode.txt"))


@pytest.mark.parametrize(
    "answer",
    [
        "1. Pump up the tube and hold it under water to find the hole.\n2. Then let it dry.",
        "Cherry trees are pruned in summer, after the harvest, because the cuts heal slowly in the cold.",
        "Cherry trees are pruned in late winter, before the buds open, because the cuts heal quickly then.",
    ],
)
def test_steps_and_preferred_answers_of_the_examples_are_found_again(answer: str) -> None:
    draft = Draft((Message("user", "How is it done at the harbour?"), Message("assistant", answer)))
    assert TRACES.check(draft, "The harbour has two ferries.").reason == "copied_example"
    assert TRACES.check(draft, f"In the notes: {answer}").keep
