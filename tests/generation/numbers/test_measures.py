"""Numbers that say what the source says in another unit, in percent, as a century, or as years between."""

from __future__ import annotations

import pytest

from src.generation.numbers.forms import missing_numbers
from src.generation.numbers.measures import find_quantities, unit_of
from src.generation.numbers.units import misplaced_numbers
from src.generation.numbers.words import in_digits

SAME = [
    ("for about twenty years", "for two decades", "en"),
    ("some 60 minutes before", "an hour before", "en"),
    ("around 20 % of them", "one in five patients", "en"),
    ("roughly 10 % of them", "One patient in ten", "en"),
    ("roughly 33 %", "it lost a third", "en"),
    ("by two fifths", "by 40 percent", "en"),
    ("sieben Tage lang", "eine Woche lang", "de"),
    ("in the 1800s", "in the nineteenth century", "en"),
    ("in the 19th century", "built in 1874", "en"),
    ("in the 1950s", "it closed in 1957", "en"),
    ("in den 1950er Jahren", "1957 schloss sie", "de"),
    ("dans les années 1950", "fermé en 1957", "fr"),
    ("in '57", "it closed in 1957", "en"),
    ("0.8 litres", "800 ml of water", "en"),
    ("0.4 seconds", "400 ms", "en"),
    ("500 g of oats", "half a kilo of oats", "en"),
    ("it ran seven years", "from 1904 to 1911", "en"),
    ("21 días, es decir tres semanas", "veintiún días", "es"),
    ("from half past seven to a quarter to ten", "19:30 to 21:45", "en"),
    ("There are two reasons: nobody came, or it rained.", "nothing", "en"),
]
OTHER = [
    ("within 25 minutes", "within 15 minutes", "en"),
    ("in the 1940s", "it closed in 1957", "en"),
    ("in '75", "it closed in 1957", "en"),
    ("around 40 % of them", "seven in ten", "en"),
    ("3 mètres", "trois cents mètres", "fr"),
    ("for twelve years", "from 1904 to 1911", "en"),
    ("it costs 48 euros", "it costs 50 euros", "en"),
]


@pytest.mark.parametrize(("answer", "source", "code"), SAME)
def test_a_quantity_in_another_form_is_known(answer: str, source: str, code: str) -> None:
    assert missing_numbers(answer, source, code) == ()
    assert misplaced_numbers(answer, source) == ()


@pytest.mark.parametrize(("answer", "source", "code"), OTHER)
def test_another_quantity_is_missing(answer: str, source: str, code: str) -> None:
    assert missing_numbers(answer, source, code)


def test_units_of_one_name_are_one() -> None:
    assert unit_of("Hours") == unit_of("h") == unit_of("Stunden") != ""
    assert unit_of("bricks") == ""
    assert find_quantities("2 km") < find_quantities("2,000 metres")  # or two metres to three decimals


def test_number_words_of_several_parts_are_one_number() -> None:
    assert in_digits("three hundred and five of forty-eight") == "305 of 48"


def test_a_small_number_of_something_counted_is_not_misplaced() -> None:
    assert misplaced_numbers("between two requests", "two calls. It allows 300 requests.") == ()
    assert misplaced_numbers("every 2 hours", "every three hours. It took two months.") == ("2 hours",)
