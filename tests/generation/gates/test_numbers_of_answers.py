"""Numbers that an answer works out, and numbers that its source gives to something else."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.numbers import check_numbers

MILL = """The mill opens from 8 to 14 on weekdays. A sack holds 25 kg and costs 32 talers, a small one 18 talers.
From 1.4 to 1.9 million sacks were sold. Samples are taken at 4, 8, 16, 32 and 64 minutes. The belt is
oiled three times a year. The guide comes from the fifth visitor on. The tour began at 9.20 and ended at
10.55. Rye makes up 30 per cent, oats 45 per cent of it; the rest is wheat. The first two years are free,
and claims are made within 96 hours. Its sign is SHA7."""


def keeps(answer: str, question: str = "What about the mill?", *, freely: bool = False) -> bool:
    draft = Draft((Message("user", question), Message("assistant", answer)))
    return check_numbers(draft, MILL, "en", freely=freely).keep


@pytest.mark.parametrize(
    "answer",
    [
        "18 talers, 14 less than the large one.",
        "Sales grew by about 500,000 to 1.9 million.",
        "The belt is oiled every four months.",
        "Within four days.",
        "From the fifth visitor on; for four visitors there is none.",
        "It closes at 2 p.m.",
        "It began at 9:20.",
    ],
)
def test_what_follows_from_the_source_as_the_answer_shows_is_kept(answer: str) -> None:
    assert keeps(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "18 talers, 17 less than the large one.",
        "Sales grew by about 700,000 to 1.9 million.",
        "A sack holds 35 kg.",
        "It is oiled in less than 90 minutes.",
    ],
)
def test_what_follows_from_nothing_is_not_kept(answer: str) -> None:
    assert not keeps(answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How long did the tour take?", "For an hour and 35 minutes."),
        ("What do 4 large sacks cost?", "128 talers, as each costs 32."),
        ("What share is wheat?", "25 per cent, what remains after rye and oats."),
        ("How much do a large and a small sack cost together?", "50 talers: 32 and 18."),
    ],
)
def test_reasoning_may_take_a_step_of_its_own(question: str, answer: str) -> None:
    assert keeps(answer, question, freely=True)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How long did the tour take?", "For an hour and 55 minutes."),
        ("What do 4 large sacks cost?", "148 talers, as each costs 37."),
        ("How much do a large and a small sack cost together?", "47 talers: 29 and 18."),
    ],
)
def test_reasoning_may_not_bring_in_other_numbers(question: str, answer: str) -> None:
    assert not keeps(answer, question, freely=True)


def test_endless_digits_are_no_number_to_count_with() -> None:
    source = f"3.{'7' * 6000} is printed on the wall, beside 12 tables and 7 maps."
    draft = Draft((Message("user", "What is there?"), Message("assistant", "It lists 8 maps.")))
    assert check_numbers(draft, source, "en").reason == "number_not_in_source"


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("At 7 p.m.", "The library has 23 desks. Its reading room shuts at seven in the evening."),
        ("A third of the farms.", "Of 60 farms asked, 20 sell it fresh; 45 % is exported."),
        ("A pH of 7.", "The plant needs pH7 water."),
    ],
)
def test_other_figures_of_the_source_say_nothing_against_an_answer(answer: str, source: str) -> None:
    draft = Draft((Message("user", "How much?"), Message("assistant", answer)))
    assert check_numbers(draft, source, "en").keep


@pytest.mark.parametrize(
    "text", ["{} of 12", "every {} days", "{} times a year", "{} %", "at {}:30 p.m.", "{} to 4 million"]
)
def test_endless_digits_anywhere_are_judged(text: str) -> None:
    endless = text.format("7" * 6000)
    draft = Draft((Message("user", "What is there?"), Message("assistant", f"It lists {endless}.")))
    for source in (f"It lists {endless} and 45 % and 12 %.", "It lists 12 maps."):
        for freely in (True, False):
            assert isinstance(check_numbers(draft, source, "en", freely=freely).keep, bool)
