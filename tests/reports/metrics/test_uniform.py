"""Rows that are much alike are warned of, and only these."""

from __future__ import annotations

from src.core.types import Message, Sample
from src.reports.metrics.quality import describe_quality
from src.reports.metrics.uniform import uniformity_warnings
from tests.reports.makers import measure

THINGS = ("kiln", "glaze", "wheel", "clay", "bowl", "door", "lid", "brick", "shelf", "cone")
OPENINGS = ("What is", "How old is", "Who made", "Where is", "Why is", "Tell me of")


def warned(*questions: str) -> tuple[str, ...]:
    rows = [Sample((Message("user", each), Message("assistant", "Yes.")), "generated") for each in questions]
    return uniformity_warnings(describe_quality(measure(rows)))


def ask(openings: tuple[str, ...], number: int) -> list[str]:
    return [
        f"{openings[place % len(openings)]} the {THINGS[place % 10]} beside {THINGS[place // 10 % 10]} {place * 37}?"
        for place in range(number)
    ]


def test_questions_that_nearly_all_begin_alike_are_warned_of() -> None:
    questions = [*ask(("What is",), 27), *ask(("How old is", "Who made", "Why is"), 3)]
    (warning,) = warned(*questions)
    assert warning.startswith("27 of 30 questions begin with 'what' (0.")


def test_varied_questions_and_few_ones_are_not() -> None:
    assert warned(*ask(OPENINGS, 30)) == ()
    assert warned(*ask(("What is", "How old is"), 30)) == ()
    assert warned(*ask(("What is",), 19)) == ()


def test_questions_that_are_asked_twice_are_warned_of() -> None:
    alike = [f"{opening} the old kiln of Anna Berg behind the house{mark}" for opening in OPENINGS for mark in "?!"]
    assert any("asked almost alike" in warning for warning in warned(*alike, *ask(OPENINGS, 18)))
