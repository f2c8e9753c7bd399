"""Months and days of the week of an answer."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.calendar import check_calendar

POOL = "The pool is open from May to August, and closed on Tuesday. It was built on 12.10.1931."
WEEK = "The pool is open on weekdays and closed on Sunday."
BAD = "Das Bad ist ab der ersten Juniwoche geöffnet, bis zum Oktoberfest."


def keeps(answer: str, source: str, question: str = "When is it open?") -> bool:
    return check_calendar(Draft((Message("user", question), Message("assistant", answer))), source).keep


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("From May through August.", POOL),
        ("It closes before September.", POOL),
        ("It was built in October 1931.", POOL),
        ("From Monday to Friday.", WEEK),
        ("Ab Juni bis in den Oktober.", BAD),
        ("You may march in.", POOL),
        ("In June.", "It is open in summer."),
    ],
)
def test_days_and_months_of_the_source_are_kept(answer: str, source: str) -> None:
    assert keeps(answer, source)


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("From April through August.", POOL),
        ("It is closed on Thursday.", POOL),
        ("Im Juli.", BAD),
    ],
)
def test_other_days_and_months_are_not(answer: str, source: str) -> None:
    assert not keeps(answer, source)
