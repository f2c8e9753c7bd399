"""Numbers of an answer against its source, in the ways that people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.generation.numbers.forms import missing_numbers, number_forms


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("It takes 3 days.", "It takes three days."),
        ("Es dauert 3 Tage.", "Es dauert drei Tage."),
        ("Il faut 12 pots.", "Il faut douze pots."),
        ("It costs 1,000 euros.", "Cost: 1000 euros"),
        ("It costs 1000 euros.", "Cost: 1.000 euros"),
        ("1 250 000 people", "1,250,000 people"),
        ("1250000 people", "1\u202f250\u202f000 people"),
        ("a weight of 3.5 kg", "a weight of 3,50 kg"),
        ("It costs 1234.5.", "It costs 1.234,50."),
        ("It costs 1,234.50.", "It costs 1 234.5."),
        ("in March 2024", "on 12.03.2024"),
        ("on 3 March", "on 2024-03-12"),
        ("at 9:30", "from 09:30 on"),
        ("version 2.0.1", "release 2.0.1"),
        ("10-20 degrees", "between 10 and 20 degrees"),
        ("١٢ درجة", "12 degrees"),
        ("12 degrees", "१२ डिग्री"),
        ("1. Wedge the clay.\n2. Center it.\n3. Open it.", "Wedge, center, open."),
        ("Step 1: wedge.\nStep 2: center.", "Wedge, center."),
        ("First 1) wedge, 2) center, 3) open.", "Wedge, center, open."),
        ("No numbers here.", ""),
        ("烧制需要3天。", "烧制需要三天。"),
        ("see part 4", "see part Ⅳ"),
        ("in 10 100 pots", "10 kilns with 100 pots"),
        ("steps 4 and 5", "steps 3,4,5"),
        ("0.50", "0,5"),
    ],
)
def test_a_number_that_the_source_has_is_not_missed(answer: str, source: str) -> None:
    assert missing_numbers(answer, source) == ()


@pytest.mark.parametrize(
    ("answer", "source", "missing"),
    [
        ("It takes 5 days.", "It takes three days.", ("5",)),
        ("heat it to 1280 degrees", "heat it to 1260 degrees", ("1280",)),
        ("a weight of 35 kg", "a weight of 3.5 kg", ("35",)),
        ("a weight of 3.6 kg", "a weight of 3.5 kg", ("3.6",)),
        ("in 2021", "on 12.03.2024", ("2021",)),
        ("1. It takes 7 days.", "It takes 8 days.", ("7",)),
        ("at 10:30", "at 9:30", ("10",)),
        ("It opened in 1900 and closed in 1950.", "It opened in 1900.", ("1950",)),
        ("about 5", "", ("5",)),
        ("after 2. and 5. of May", "after the second of May", ("5",)),
        ("5.3.11", "Since version 4.3.11 it has 5 stages, 3 doors and 11 shelves.", ("5.3.11",)),
        ("It ends with 2, and the door opens.", "It ends with 0.", ("2",)),
    ],
)
def test_a_number_that_the_source_does_not_have_is_named(answer: str, source: str, missing: tuple[str, ...]) -> None:
    assert missing_numbers(answer, source) == missing


@given(st.text(max_size=200))
def test_a_text_has_all_its_own_numbers(text: str) -> None:
    assert missing_numbers(text, text) == ()


@given(st.integers(0, 10**12))
def test_grouping_makes_no_difference(number: int) -> None:
    for grouped in (
        f"{number:,}",
        f"{number:,}".replace(",", "."),
        f"{number:,}".replace(",", " "),
        f"{number:_}".replace("_", "’"),
    ):
        assert str(number) in number_forms(grouped)


def test_ordinals_behind_a_ten_are_numbers_of_their_own() -> None:
    assert missing_numbers("On the 21st day.", "It hatches on the twenty-first day.") == ()
    assert missing_numbers("On the 22nd day.", "It hatches on the twenty-first day.") == ("22",)
    assert missing_numbers("Le 32e jour.", "Elle sort le trente-deuxième jour.") == ()
    assert missing_numbers("21 jours.", "Elle dure vingt et un jours.") == ()
    assert missing_numbers("Every 20 seconds.", "It flashes every twenty seconds.") == ()


def test_a_second_behind_a_ten_is_an_ordinal_or_a_time() -> None:
    video = "Each team hands in a sixty-second video. A thirty-second break follows each video."
    assert missing_numbers("It may be 60 seconds long, with a break of 30 seconds.", video, "en") == ()
    assert missing_numbers("It is a thirty-second break.", "The break lasts 30 seconds.", "en") == ()
    assert missing_numbers("A break of 31 seconds.", video, "en") == ("31",)
    assert missing_numbers("On the 22nd day.", "It hatches on the twenty-second day.", "en") == ()
    assert missing_numbers("On the twenty-second day.", "It hatches on day 22.", "en") == ()
