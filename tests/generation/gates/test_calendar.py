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
        ("In June or July.", POOL),
        ("January is best.", "Northern lights are seen between September and April."),
        ("It was built in October 1931.", POOL),
        ("From Monday to Friday.", WEEK),
        ("Ab Juni bis in den Oktober.", BAD),
        ("You may march in.", POOL),
        ("In June.", "It is open in summer."),
        ("Until March 14, 2024.", "It is open until 03/14/2024 and is painted in September."),
        ("On 4 March 2011.", "It opened on 3/4/2011 and moved in August."),
        ("Am 14. Juli.", "Anmeldeschluss ist der 14.7.; die Kurse beginnen im September."),
        ("On December 24.", "The pool may close early. It is cleaned on 12/24."),
        ("El 24 de junio.", "El faro mira al mar y abre el 24/6."),
    ],
)
def test_days_and_months_of_the_source_are_kept(answer: str, source: str) -> None:
    assert keeps(answer, source)


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("From April through August.", POOL),
        ("It is closed on Thursday.", POOL),
        ("In June.", "The pool is open in May and August."),
        ("Im Juli.", BAD),
    ],
)
def test_other_days_and_months_are_not(answer: str, source: str) -> None:
    assert not keeps(answer, source)


def test_a_decimal_number_is_no_date_where_dates_have_no_points() -> None:
    source = (
        "The mean depth of the lake is 8.4 metres, and the gauge was put up in March. Most of the anglers come in May."
    )
    assert not keeps("It was put up in August.", source, "When was the gauge of the lake put up?")
    assert not keeps("It was put up in April.", source, "When was the gauge of the lake put up?")
    assert keeps("It was put up in August 2024.", f"{source} It was mended on 12.08.2024.")
