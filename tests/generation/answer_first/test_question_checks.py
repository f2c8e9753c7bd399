"""Each gate has one reason."""

from __future__ import annotations

import pytest

from src.generation.answer_first.question_checks import Draft, check_question, question_key, rate_question
from src.generation.answer_first.question_kinds import find_targets

FACT = "The loom is not moved in winter because the floor is cold and uneven."


def draft(question: str) -> Draft:
    return Draft(question, FACT, "Weaving", find_targets(FACT)[0])


def test_a_question_that_names_the_given_part_is_kept() -> None:
    good = draft("Why is the loom not moved in winter?")
    assert check_question(good, frozenset()).keep
    assert rate_question(good) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Why not?", "malformed_question"),
        ("Why is the the loom not moved?", "malformed_question"),
        ("Why is (the loom not moved in winter?", "malformed_question"),
        ("Why is it not moved in winter?", "dangling_pronoun"),
        ("Why is the loom moved in winter?", "negation_changed"),
        ("Why is the loom not moved on the cold uneven floor?", "gives_answer_away"),
        ("Why is the loom not moved by elephants in gardens?", "adds_something"),
        ("Why is uneven weaving not moved?", "misses_the_fact"),
    ],
)
def test_every_flaw_has_its_reason(question: str, reason: str) -> None:
    assert check_question(draft(question), frozenset()).reason == reason


def test_a_question_of_the_prompt_is_not_taken_over() -> None:
    question = "Why is the loom not moved in winter?"
    assert check_question(draft(question), frozenset([question_key(question)])).reason == "copied_example"


def test_direct_and_indirect_questions_have_one_key() -> None:
    assert question_key("Why is the loom closed?") == question_key("Can you tell me why the loom is closed?")
    assert question_key("Why?") == "why?"
