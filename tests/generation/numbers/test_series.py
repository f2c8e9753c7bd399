"""Times of a regular series."""

from __future__ import annotations

import pytest

from src.generation.gates.numbers import check_numbers
from tests.generation.numbers.drafts import draft_of

FERRY = """The ferry leaves Orrin every 40 minutes from 6.20 to 22.20. The café on board opens at 7.15 and closes at
21.45. On Sundays a boat leaves once an hour from 9.05 until 13.05.""".replace("\n", " ")


@pytest.mark.parametrize(
    "answer",
    [
        "At 7.00, 7.40 and 8.20 in the morning.",
        "At 9.05, 10.05, 11.05, 12.05 and 13.05.",
        "At 8.20, since ferries follow every 40 minutes from 6.20 on.",
    ],
)
def test_times_that_an_interval_gives_are_kept(answer: str) -> None:
    assert check_numbers(draft_of("When do boats leave Orrin?", answer), FERRY, "en").keep


@pytest.mark.parametrize(
    "answer",
    [
        "At 7.10, 7.40 and 8.20 in the morning.",
        "At 9.05, 10.05, 11.15, 12.05 and 13.05.",
        "At 8.30, since ferries follow every 40 minutes from 6.20 on.",
        "At 23.00, 23.40 and 24.20.",
        "At 7.40.",
    ],
)
def test_times_beside_the_series_or_said_alone_are_not_kept(answer: str) -> None:
    assert not check_numbers(draft_of("When do boats leave Orrin?", answer), FERRY, "en").keep
