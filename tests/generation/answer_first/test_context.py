"""A question about a case names the heading where its clause alone says too little; others stay as they are."""

from __future__ import annotations

import pytest

from src.generation.answer_first.context import in_context, name_context, without_context
from src.generation.answer_first.question_grammar import build_grammar
from src.generation.answer_first.question_kinds import find_targets


@pytest.mark.parametrize(
    ("heading", "phrase"),
    [
        ("Manual > The harbour", "the harbour"),
        ("2.1 Slot machines", "slot machines"),
        ("B cycle", "B cycle"),
        ("Gull Island", "Gull Island"),
        ("Making cheese", "making cheese"),
    ],
)
def test_a_heading_that_names_something_is_a_phrase(heading: str, phrase: str) -> None:
    assert name_context(heading) == phrase


@pytest.mark.parametrize(
    "heading",
    ["", "Open the gate", "How is it done?", "OPENING HOURS", "What to do when the gate is shut and dark", "§ 4"],
)
def test_other_headings_name_nothing(heading: str) -> None:
    assert name_context(heading) == ""


def test_a_case_of_something_unnamed_is_asked_for_with_the_heading() -> None:
    target = next(one for one in find_targets("If the gate is closed, the ferry waits.") if one.kind == "condition")
    named = in_context(target, "the harbour")
    assert "With regard to the harbour, what happens if the gate" in build_grammar(named)
    assert without_context("With regard to the harbour, what happens if the gate is closed?", named) == (
        "what happens if the gate is closed?"
    )


@pytest.mark.parametrize(
    ("sentence", "context"),
    [
        ("If the gate is closed, the ferry waits.", ""),
        ("If the harbour gate is closed, the ferry waits.", "the harbour"),
        ("If Lock 7 is closed, the ferry waits.", "the harbour"),
        ("A fender is a cushion that protects the hull.", "mooring"),
    ],
)
def test_what_is_named_already_needs_no_context(sentence: str, context: str) -> None:
    for target in find_targets(sentence):
        if target.kind != "occasion":
            assert in_context(target, context) == target
            assert without_context("What happens?", target) == "What happens?"
