"""Parts of a whole in words, in several languages."""

from __future__ import annotations

from fractions import Fraction

import pytest

from src.generation.numbers.fractions import find_factors, find_parts


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("half an hour", Fraction(1, 2), "hour"),
        ("three quarters of an hour", Fraction(3, 4), "hour"),
        ("a day and a half", Fraction(3, 2), "day"),
        ("an hour and a quarter", Fraction(5, 4), "hour"),
        ("two and a half metres", Fraction(5, 2), "metres"),
        ("2½ hours", Fraction(5, 2), "hours"),
        ("a third of the guests", Fraction(1, 3), "guests"),
        ("seven tenths", Fraction(7, 10), ""),
        ("eine Dreiviertelstunde", Fraction(3, 4), "stunde"),
        ("anderthalb Tage", Fraction(3, 2), "tage"),
        ("zweieinhalb Stunden", Fraction(5, 2), "stunden"),
        ("une heure et demie", Fraction(3, 2), "heure"),
        ("les deux tiers des voix", Fraction(2, 3), "voix"),
        ("un año y medio", Fraction(3, 2), "año"),
        ("due ore e mezza", Fraction(5, 2), "ore"),
        ("twee en een half uur", Fraction(5, 2), "uur"),
        ("два с половиной часа", Fraction(5, 2), "часа"),
        ("полчаса", Fraction(1, 2), "часа"),
        ("三分の一", Fraction(1, 3), ""),
        ("半年", Fraction(1, 2), "年"),
    ],
)
def test_a_part_is_read_with_its_unit(text: str, value: Fraction, unit: str) -> None:
    assert [(part.value, part.unit) for part in find_parts(text)] == [(value, unit)]


@pytest.mark.parametrize(
    "text", ["sugar ² cups", "at half past seven", "in the second half", "two thirty", "a fine day"]
)
def test_other_words_are_no_part(text: str) -> None:
    assert find_parts(text) == ()


@pytest.mark.parametrize("text", ["a third reminder", "a quarter past nine, as usual"])
def test_what_may_be_an_ordinal_is_not_sure(text: str) -> None:
    assert not any(part.is_sure for part in find_parts(text) if part.unit != "past")


def test_a_raised_digit_is_no_whole_number() -> None:
    assert [part.value for part in find_parts("sugar ² ½ cup; ² for the cake")] == [Fraction(1, 2)]


def test_how_often_is_a_factor() -> None:
    assert find_factors("twice as much as a third of it") == {Fraction(2), Fraction(1, 3)}
